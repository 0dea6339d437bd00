//! A database of any age comes in; the same database with today's tables goes out.

use super::sql::{Link, args, made};
use super::{Result, StoreError};
use crate::audit::sha256_hex;

/// Number, what it does, and the script for SQLite and for PostgreSQL. A script that was released is never edited.
const STEPS: &[(i64, &str, &str, &str)] = &[(
    1,
    "begin",
    include_str!("../../migrations/sqlite/0001_begin.sql"),
    include_str!("../../migrations/postgres/0001_begin.sql"),
)];

/// Runs the steps that this database has not seen, each in its own transaction.
pub(crate) async fn migrate(link: &mut Link) -> Result<()> {
    let (start, number) = if link.is_sqlite() {
        ("BEGIN IMMEDIATE", "INTEGER")
    } else {
        ("BEGIN", "BIGINT")
    };
    link.script(start).await?;
    if !link.is_sqlite() {
        // Several servers may start at once: they take turns.
        link.script("SELECT pg_advisory_xact_lock(7305804402566226279)")
            .await?;
    }
    let done = run_steps(link, number).await;
    link.script(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })
        .await?;
    done
}

async fn run_steps(link: &mut Link, number: &str) -> Result<()> {
    link.script(&format!(
        "CREATE TABLE IF NOT EXISTS migration (number {number} PRIMARY KEY, digest TEXT NOT NULL)"
    ))
    .await?;
    let rows = link
        .rows("SELECT number, digest FROM migration", vec![])
        .await?;
    let mut seen = std::collections::BTreeMap::new();
    for row in rows {
        seen.insert(row.int(0)?, row.text(1)?);
    }
    if let Some((newer, _)) = seen.iter().find(|(n, _)| !STEPS.iter().any(|s| s.0 == **n)) {
        return Err(StoreError::Newer(*newer));
    }
    for (step, name, sqlite, postgres) in STEPS {
        let script = if link.is_sqlite() { sqlite } else { postgres };
        let digest = sha256_hex(script.as_bytes());
        match seen.get(step) {
            Some(then) if *then == digest => continue,
            Some(_) => {
                return Err(StoreError::Database(format!(
                    "migration {step} ({name}) was edited after it ran here"
                )));
            }
            None => {}
        }
        link.script(script).await?;
        link.run(
            made("INSERT INTO migration (number, digest) VALUES ($1, $2)".to_string()),
            args![*step, digest],
        )
        .await?;
    }
    Ok(())
}
