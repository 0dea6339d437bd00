//! Saved cells, people and filings come in; what was acknowledged, and nothing that lies outside one's scope, goes out.
//!
//! Every change goes through the one writing task ([`writer`]) and leaves its audit row in the same transaction. Every
//! question takes a [`Context`]: who asks, what that person may see, and when. What lies outside is not there.

mod answers;
mod attempts;
mod backup;
mod campaigns;
mod cells;
mod evidence;
mod filings;
pub mod id;
mod migrate;
mod people;
mod remarks;
mod retention;
mod sessions;
pub(crate) mod sql;
mod trail;
mod units;
pub(crate) mod writer;

pub(crate) use attempts::Attempt;
pub use backup::restore;
pub use campaigns::{Campaign, CampaignState};
pub use cells::{Cell, CellAnswer, Change, Outcome, Past, Saved};
pub use evidence::Evidence;
pub use filings::{Filing, Sheet, Stage};
pub use id::{CampaignId, EvidenceId, FilingId, PersonId, RemarkId, SheetId, UnitId};
pub use people::{Grant, NewPerson, Person, PersonState};
pub use remarks::Remark;
pub use retention::{Keep, Released};
pub(crate) use sessions::SessionRow;
pub use trail::Altered;
pub(crate) use trail::day_of;
pub use units::{NewUnit, Unit, UnitKind, UnitLine};

use crate::audit::Trace;
use crate::people::Scope;
use sql::Link;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use writer::{Source, Tx, Work, Writer};

/// Why the store did not do it. Its text is for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is no such thing, or none that this person may see.
    Missing,
    /// Another one has this code, login or place already.
    Taken,
    /// The filing is not being filled now.
    Closed,
    /// The request itself cannot be right; what and why in Chinese.
    Invalid(String),
    /// The same idempotency key came with another request.
    KeyReused,
    /// These two roles are not held by one person (三员分立).
    RolesApart,
    /// The database was written by a newer version of this program.
    Newer(i64),
    /// The writing task ended before it answered: whether it was done is not known.
    Lost,
    /// The database did not do it; for the log.
    Database(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Missing => f.write_str("没有找到。可能已被删除，或者不在您的权限范围内。"),
            StoreError::Taken => f.write_str("已有相同的一项，请换一个编码、登录名或名称。"),
            StoreError::Closed => f.write_str("这份材料现在不能填写：已经送审，或填报没有开放。"),
            StoreError::Invalid(why) => f.write_str(why),
            StoreError::KeyReused => {
                f.write_str("同一个请求编号已用于另一次保存。请刷新页面后再试。")
            }
            StoreError::RolesApart => {
                f.write_str("系统管理员、安全管理员、审计管理员不能由同一人兼任。请另选一人。")
            }
            StoreError::Newer(step) => write!(
                f,
                "数据库由更新的版本写成（第 {step} 步）。请用那个版本或更新的版本打开。"
            ),
            StoreError::Lost => f.write_str("没有收到保存的回执，请再试一次。"),
            StoreError::Database(_) => f.write_str("数据库没有完成这一步，请稍后再试。"),
        }
    }
}

impl std::error::Error for StoreError {}

/// What the store gives back.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Who asks, what that person may see, and when.
#[derive(Clone, Debug)]
pub struct Context {
    /// The person; none for the program itself.
    pub person: Option<PersonId>,
    /// The name in the audit chain.
    pub pseudonym: String,
    /// What may be seen and changed.
    pub scope: Scope,
    /// Milliseconds since 1970 (UTC).
    pub now: i64,
}

impl Context {
    /// The program itself, with everything in scope: first start, demonstration, maintenance.
    pub fn program(now: i64) -> Context {
        Context {
            person: None,
            pseudonym: "program".into(),
            scope: Scope::everything(),
            now,
        }
    }

    /// The person who asks; what a person writes has an author.
    pub(crate) fn author(&self) -> Result<PersonId> {
        self.person
            .clone()
            .ok_or_else(|| StoreError::Invalid("这一步要由登录的人来做。".into()))
    }
}

/// The present, in milliseconds since 1970 (UTC).
pub fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map(|d| d.as_millis() as i64).unwrap_or(0)
}

/// How a database is opened, where the usual is not wanted.
#[derive(Clone, Debug)]
pub struct Opening {
    /// How many changes may share one commit; 1 for one commit each.
    pub together: usize,
    /// Whether SQLite waits for the disk. Off only where a test shows what it is good for.
    pub durable: bool,
    /// Connections that read.
    pub readers: u32,
}

impl Default for Opening {
    fn default() -> Opening {
        Opening {
            together: 256,
            durable: true,
            readers: 8,
        }
    }
}

/// How long a question waits for a connection or a lock before it is told that the database does not answer.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The database: SQLite in a file, or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: Source,
    writing: Source,
    writer: Writer,
    file: Option<PathBuf>,
}

impl Store {
    /// Opens a database by `postgres://…` or by the path of a SQLite file, made where there is none, and brings it up to date.
    pub async fn open(place: &str) -> Result<Store> {
        Store::open_with(place, &Opening::default()).await
    }

    /// [`Store::open`] with choices.
    pub async fn open_with(place: &str, opening: &Opening) -> Result<Store> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            Store::open_postgres(place, opening).await
        } else {
            Store::open_sqlite(Path::new(place), opening).await
        }
    }

    async fn open_postgres(url: &str, opening: &Opening) -> Result<Store> {
        let pool = PgPoolOptions::new()
            .max_connections(opening.readers)
            .acquire_timeout(LONGEST_WAIT)
            .connect(url)
            .await?;
        let writing = PgPoolOptions::new().max_connections(1).connect(url).await?;
        let writing = Source::Postgres(writing);
        let readers = Source::Postgres(pool);
        migrate::migrate(&mut readers.link().await?).await?;
        Ok(Store {
            readers,
            writer: Writer::start(writing.clone(), opening.together),
            writing,
            file: None,
        })
    }

    async fn open_sqlite(path: &Path, opening: &Opening) -> Result<Store> {
        own_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(if opening.durable {
                SqliteSynchronous::Full
            } else {
                SqliteSynchronous::Off
            })
            .foreign_keys(true)
            .busy_timeout(LONGEST_WAIT);
        let writing = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        if let Err(e) = migrate_sqlite(&writing).await {
            // Not by dropping it: what SQLite lays beside the file would be there a while longer.
            writing.close().await;
            return Err(e);
        }
        let writing = Source::Sqlite(writing);
        let pool = SqlitePoolOptions::new()
            .max_connections(opening.readers)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "ON"))
            .await?;
        Ok(Store {
            readers: Source::Sqlite(pool),
            writer: Writer::start(writing.clone(), opening.together),
            writing,
            file: Some(path.to_path_buf()),
        })
    }

    /// Makes the changes that wait, then ends all connections, those of clones too.
    pub async fn close(&self) {
        self.writer.stop();
        for source in [&self.writing, &self.readers] {
            match source {
                Source::Sqlite(pool) => pool.close().await,
                Source::Postgres(pool) => pool.close().await,
            }
        }
    }

    /// How many changes wait to be written: a number for the operator.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> Result<()> {
        self.reader().await?.row("SELECT 1", vec![]).await?;
        Ok(())
    }

    pub(crate) async fn reader(&self) -> Result<Link> {
        self.readers.link().await
    }

    /// Runs a change; it is on disk, with its audit row, when this comes back.
    pub(crate) async fn write<T, F>(&self, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        self.writer.write(false, change).await
    }

    /// Runs a change that leaves no audit row: bookkeeping such as when a session was last seen.
    pub(crate) async fn write_silently<T, F>(&self, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T> + Send + 'static,
    {
        self.writer.write(true, change).await
    }

    /// Fails as `Missing` where not the whole organisation is within reach: for what belongs to no unit.
    pub(crate) async fn whole_in_scope(&self, ctx: &Context) -> Result<()> {
        let mut args = vec![];
        let within = ctx.scope.condition("u.id", &mut args);
        let sql = format!("SELECT u.id FROM unit u WHERE u.parent IS NULL AND NOT ({within})");
        match self.reader().await?.row(sql::made(sql), args).await? {
            None => Ok(()),
            Some(_) => Err(StoreError::Missing),
        }
    }

    /// Records that protected data are about to be handed out; they are not before this comes back.
    pub(crate) async fn record_reading(
        &self,
        ctx: &Context,
        action: &'static str,
        kind: &'static str,
        subject: &str,
    ) -> Result<()> {
        let (ctx, subject) = (ctx.clone(), subject.to_string());
        self.write(move |tx| {
            Box::pin(async move {
                tx.trace(
                    &ctx,
                    Trace {
                        action,
                        kind,
                        subject,
                        detail: serde_json::json!({}),
                    },
                )
                .await
            })
        })
        .await
    }
}

/// Makes an empty file that only its owner can read, where there is none; SQLite gives the files beside it the same mode.
pub(crate) fn own_file(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(StoreError::Invalid(format!("{}：{e}", path.display()))),
    }
}

async fn migrate_sqlite(pool: &sqlx::SqlitePool) -> Result<()> {
    migrate::migrate(&mut Link::Sqlite(pool.acquire().await?)).await
}

/// Refuses texts that are empty or too long.
pub(crate) fn bounded(what: &str, text: &str, most: usize) -> Result<()> {
    let n = text.chars().count();
    if text.trim().is_empty() {
        return Err(StoreError::Invalid(format!("{what}不能为空。")));
    }
    if n > most {
        return Err(StoreError::Invalid(format!(
            "{what}有 {n} 个字，最多 {most} 个。"
        )));
    }
    if text.contains('\0') {
        return Err(StoreError::Invalid(format!("{what}里有不能保存的字符。")));
    }
    Ok(())
}

/// A column that holds one of a few words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The word in the database and in addresses.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// The word for people.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            /// The one with this word.
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|v| v.word() == word)
            }

            /// The one with this word in a row of the database.
            #[allow(dead_code, reason = "not every list of words stands in a column")]
            pub(crate) fn stored(word: &str) -> $crate::store::Result<$name> {
                $name::from_word(word)
                    .ok_or_else(|| $crate::store::StoreError::Database(format!("unknown word {word}")))
            }
        }
    };
}
pub(crate) use words;
