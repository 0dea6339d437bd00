//! A data folder comes in; its backups, signed days, released rows, and on request a restored folder or an exported audit
//! chain, go out.

use crate::audit::Signer;
use crate::store::{self, Context, Keep, Store, StoreError, day_of, now};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The database in a data folder.
pub const DATABASE: &str = "jiheng.db";

/// The key that signs days, in a data folder.
pub const KEY: &str = "audit.key";

/// The daily backups in a data folder.
const BACKUPS: &str = "backups";

/// How many daily backups are kept.
const BACKUPS_KEPT: usize = 14;

/// Where a platform keeps its data.
#[derive(Clone, Debug)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// `postgres://…`; none for SQLite in the folder.
    pub database: Option<String>,
}

impl Place {
    /// What [`Store::open`] takes.
    pub fn address(&self) -> String {
        match &self.database {
            Some(url) => url.clone(),
            None => self.data.join(DATABASE).display().to_string(),
        }
    }

    /// Opens what is there; makes nothing.
    async fn open(&self) -> Result<Store, String> {
        let file = self.data.join(DATABASE);
        if self.database.is_none() && !file.is_file() {
            return Err(format!(
                "{} 里没有平台的数据（{DATABASE}）。请用 --data 写明数据文件夹。",
                self.data.display()
            ));
        }
        let opened = Store::open(&self.address()).await;
        opened.map_err(|e| format!("打不开数据库：{e}"))
    }
}

/// Backs a platform up, running or not, into a new file; gives the number of its audit rows.
///
/// # Errors
/// A plain Chinese sentence.
pub fn backup(place: &Place, to: &Path) -> Result<i64, String> {
    wait_for(async {
        let store = place.open().await?;
        let rows = store.backup(&Context::program(now()), to).await;
        store.close().await;
        rows.map_err(|e| e.to_string())
    })?
}

/// Makes a data folder, new or empty, from a backup; gives the number of its audit rows.
///
/// # Errors
/// A plain Chinese sentence.
pub fn restore(backup: &Path, data: &Path) -> Result<i64, String> {
    wait_for(store::restore(backup, data, DATABASE))?.map_err(|e| e.to_string())
}

/// Writes a platform's audit chain into a new file, beside it first; gives the number of rows.
///
/// # Errors
/// A plain Chinese sentence.
pub fn export_audit(place: &Place, to: &Path) -> Result<u64, String> {
    if to.exists() {
        return Err(format!("{} 已经存在。请换一个文件名。", to.display()));
    }
    let beside = to.with_extension("part");
    let failed = |e: std::io::Error| format!("写不了 {}：{e}。", to.display());
    let rows = wait_for(async {
        let store = place.open().await?;
        let mut file = std::io::BufWriter::new(fs::File::create(&beside).map_err(failed)?);
        let rows = store
            .export_audit(&Context::program(now()), &mut file)
            .await;
        store.close().await;
        file.flush().map_err(failed)?;
        rows.map_err(|e| e.to_string())
    })?;
    match rows {
        Ok(rows) => fs::rename(&beside, to).map_err(failed).map(|()| rows),
        Err(e) => {
            let _ = fs::remove_file(&beside);
            Err(e)
        }
    }
}

fn wait_for<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|e| format!("不能启动：{e}。"))?;
    Ok(runtime.block_on(work))
}

/// Looks every hour whether a day is over: signs it, lets go of what is past its time, and backs SQLite up.
///
/// # Errors
/// Where the key cannot be read or made; a plain Chinese sentence.
pub fn keep_up(store: Store, place: Place, keep: Keep) -> Result<(), String> {
    let key = place.data.join(KEY);
    let signer =
        Signer::open(&key).map_err(|e| format!("读不了签名密钥 {}：{e}。", key.display()))?;
    tokio::spawn(async move {
        loop {
            if let Err(e) = once(&store, &signer, &place, &keep, now()).await {
                tracing::error!(error = ?e, "upkeep not done");
            }
            tokio::time::sleep(Duration::from_secs(3600)).await;
        }
    });
    Ok(())
}

/// One round of upkeep at a time.
///
/// # Errors
/// What the store could not do; the next round tries again.
pub async fn once(
    store: &Store,
    signer: &Signer,
    place: &Place,
    keep: &Keep,
    now: i64,
) -> Result<(), StoreError> {
    let ctx = Context::program(now);
    if !store.sign_days(&ctx, signer).await?.is_empty() {
        store.release(&ctx, keep).await?;
    }
    // PostgreSQL has its operator's backups.
    if place.database.is_some() {
        return Ok(());
    }
    let folder = place.data.join(BACKUPS);
    let failed = |e: std::io::Error| StoreError::Database(format!("{}: {e}", folder.display()));
    fs::create_dir_all(&folder).map_err(failed)?;
    let today = folder.join(format!("{}.sqlite", day_of(now)));
    if !today.exists() {
        store.backup(&ctx, &today).await?;
    }
    let mut there: Vec<PathBuf> = fs::read_dir(&folder)
        .map_err(failed)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "sqlite"))
        .collect();
    there.sort();
    let surplus = there.len().saturating_sub(BACKUPS_KEPT);
    for old in &there[..surplus] {
        fs::remove_file(old).map_err(failed)?;
    }
    Ok(())
}
