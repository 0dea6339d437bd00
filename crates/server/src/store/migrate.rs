//! A database of any age comes in; the same database with today's tables goes out.

use super::sql::{Link, args, made};
use super::{Result, StoreError};
use crate::audit::sha256_hex;

/// Number, what it does, and the script for SQLite and for PostgreSQL. A script that was released is never edited.
type Step = (i64, &'static str, &'static str, &'static str);

const STEPS: &[Step] = &[
    (
        1,
        "begin",
        include_str!("../../migrations/sqlite/0001_begin.sql"),
        include_str!("../../migrations/postgres/0001_begin.sql"),
    ),
    (
        2,
        "release",
        include_str!("../../migrations/sqlite/0002_release.sql"),
        include_str!("../../migrations/postgres/0002_release.sql"),
    ),
];

/// Runs the steps that this database has not seen, all in one transaction: the database is of one age or of the other.
pub(crate) async fn migrate(link: &mut Link) -> Result<()> {
    run_all(link, STEPS).await
}

async fn run_all(link: &mut Link, steps: &[Step]) -> Result<()> {
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
    let done = run_steps(link, number, steps).await;
    link.script(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })
        .await?;
    done
}

async fn run_steps(link: &mut Link, number: &str, steps: &[Step]) -> Result<()> {
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
    if let Some((newer, _)) = seen.iter().find(|(n, _)| !steps.iter().any(|s| s.0 == **n)) {
        return Err(StoreError::Newer(*newer));
    }
    for (step, name, sqlite, postgres) in steps {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::writer::Source;
    use sqlx::sqlite::SqlitePoolOptions;

    async fn old() -> Link {
        // A database that step 1 made, with a city, a saved cell and its audit chain in it.
        let script = include_str!("../../tests/old/0001.sql");
        let pool = SqlitePoolOptions::new().max_connections(1);
        let pool = pool.connect("sqlite::memory:").await.expect("SQLite opens");
        let mut link = Source::Sqlite(pool).link().await.expect("a connection");
        link.script(script).await.expect("the old database");
        link
    }

    async fn count(link: &mut Link, sql: &'static str) -> i64 {
        let row = link.row(sql, vec![]).await.expect("asked").expect("a row");
        row.int(0).expect("a number")
    }

    #[tokio::test]
    async fn old_data_go_forward() {
        let mut link = old().await;
        migrate(&mut link).await.expect("of today");
        assert_eq!(count(&mut link, "SELECT count(*) FROM entry").await, 2);
        let mut steps = STEPS.to_vec();
        steps.push((
            900,
            "a later step",
            "ALTER TABLE entry ADD COLUMN later TEXT; UPDATE entry SET later = value;",
            "",
        ));
        run_all(&mut link, &steps).await.expect("forward");
        run_all(&mut link, &steps).await.expect("once");
        let kept = "SELECT count(*) FROM entry WHERE later = value";
        assert_eq!(count(&mut link, kept).await, 2);
        let back = migrate(&mut link).await;
        assert_eq!(
            back,
            Err(StoreError::Newer(900)),
            "not opened by an older program"
        );
    }

    #[tokio::test]
    async fn a_step_that_fails_leaves_the_database_as_it_was() {
        let mut link = old().await;
        let mut steps = STEPS.to_vec();
        steps.push((
            900,
            "a step that fails half way",
            "DELETE FROM entry; INSERT INTO nothing VALUES (1);",
            "",
        ));
        assert!(run_all(&mut link, &steps).await.is_err());
        assert_eq!(count(&mut link, "SELECT count(*) FROM entry").await, 2);
        migrate(&mut link).await.expect("still of today");
    }

    #[tokio::test]
    async fn a_step_that_was_edited_is_noticed() {
        let mut link = old().await;
        let mut steps = STEPS.to_vec();
        steps[0].2 = "SELECT 1";
        assert!(run_all(&mut link, &steps).await.is_err());
    }
}
