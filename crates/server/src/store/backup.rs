//! A running SQLite database comes in; a checked copy of one moment goes out, and such a copy becomes a database again.
//!
//! PostgreSQL has its own tools for both (`pg_dump`, `pg_restore`).

use super::sql::args;
use super::{Context, Opening, Result, Store, StoreError};
use crate::audit::Trace;
use serde_json::json;
use std::fs;
use std::path::Path;

impl Store {
    /// Writes a copy of this moment into a new file while others go on saving; it is checked before it gets its name.
    pub async fn backup(&self, ctx: &Context, to: &Path) -> Result<i64> {
        self.whole_in_scope(ctx).await?;
        if self.file.is_none() {
            return Err(StoreError::Invalid(
                "PostgreSQL 数据库请用 pg_dump 备份。".into(),
            ));
        }
        if to.exists() {
            return Err(StoreError::Invalid(format!(
                "{} 已经存在。请换一个文件名，旧的备份不会被覆盖。",
                to.display()
            )));
        }
        let beside = to.with_extension("part");
        let _ = fs::remove_file(&beside);
        super::own_file(&beside)?;
        let ctx = ctx.clone();
        // The row stands in the copy too: a copy says of itself when it was made.
        self.write(move |tx| {
            Box::pin(async move {
                let trace = Trace {
                    action: "backup.made",
                    kind: "database",
                    subject: String::new(),
                    detail: json!({}),
                };
                tx.trace(&ctx, trace).await
            })
        })
        .await?;
        // A connection of its own, closed afterwards: those that read may not even write elsewhere.
        let mut link = self.readers.own_link().await?;
        link.script("PRAGMA query_only = OFF").await?;
        let path = beside.to_string_lossy().into_owned();
        let copied = link.run("VACUUM INTO $1", args![path]).await;
        drop(link);
        let checked = match copied {
            Ok(_) => check(&beside).await,
            Err(e) => Err(e),
        };
        if checked.is_err() {
            let _ = fs::remove_file(&beside);
        }
        let rows = checked?;
        settle(&beside, to)?;
        Ok(rows)
    }
}

/// Puts a backup into an empty or new folder as the database `name`; gives the number of its audit rows.
pub async fn restore(backup: &Path, folder: &Path, name: &str) -> Result<i64> {
    let failed = |e: std::io::Error| StoreError::Invalid(format!("{}：{e}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    if fs::read_dir(folder).map_err(failed)?.next().is_some() {
        return Err(StoreError::Invalid(format!(
            "{} 不是空目录。请恢复到一个空目录，原有数据不会被覆盖。",
            folder.display()
        )));
    }
    let beside = folder.join(format!("{name}.part"));
    super::own_file(&beside)?;
    // Not fs::copy: it would take over the mode of the backup.
    let copied = fs::File::open(backup).and_then(|mut from| {
        let mut to = fs::OpenOptions::new().write(true).open(&beside)?;
        std::io::copy(&mut from, &mut to)
    });
    if copied.is_err() {
        let _ = fs::remove_file(&beside);
    }
    copied.map_err(|e| StoreError::Invalid(format!("{}：{e}", backup.display())))?;
    let checked = check(&beside).await;
    if checked.is_err() {
        let _ = fs::remove_file(&beside);
    }
    let rows = checked?;
    settle(&beside, &folder.join(name))?;
    Ok(rows)
}

/// Whether a copy is sound: SQLite's own check, then the audit chain from end to end. Leaves nothing beside it.
async fn check(copy: &Path) -> Result<i64> {
    let opening = Opening {
        readers: 1,
        ..Opening::default()
    };
    let checked = match Store::open_with(&copy.to_string_lossy(), &opening).await {
        Ok(store) => {
            let checked = check_content(&store).await;
            store.close().await;
            checked
        }
        Err(e) => Err(e),
    };
    for ending in ["-wal", "-shm"] {
        let mut name = copy.as_os_str().to_owned();
        name.push(ending);
        let _ = fs::remove_file(name);
    }
    checked
}

async fn check_content(store: &Store) -> Result<i64> {
    let mut link = store.reader().await?;
    let row = link.row("PRAGMA integrity_check", vec![]).await?;
    let said = row.map_or(Ok(String::new()), |r| r.text(0))?;
    drop(link);
    if said != "ok" {
        return Err(StoreError::Invalid(format!(
            "备份没有通过 SQLite 的完整性检查：{said}"
        )));
    }
    store
        .check_chain()
        .await?
        .map_err(|seq| StoreError::Invalid(format!("备份里的审计链在第 {seq} 条断开。")))
}

/// Gives a finished file its name; both are on disk afterwards.
fn settle(beside: &Path, to: &Path) -> Result<()> {
    let failed = |e: std::io::Error| StoreError::Database(format!("{}: {e}", to.display()));
    fs::File::open(beside)
        .and_then(|f| f.sync_all())
        .map_err(failed)?;
    fs::rename(beside, to).map_err(failed)?;
    if let Some(folder) = to.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(failed)?;
    }
    Ok(())
}
