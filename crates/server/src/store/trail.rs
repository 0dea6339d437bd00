//! Questions about the audit chain come in; its rows, signed days and exported file go out.

use super::cells::value_digest;
use super::sql::{Row as SqlRow, args};
use super::{Context, Result, SheetId, Store, StoreError};
use crate::audit::{DayRoot, Row, Signer, Trace, ZERO, row_hash};
use serde_json::json;
use std::io::Write;

const COLUMNS: &str = "seq, at, actor, action, kind, subject, detail, prev, hash";

/// How many rows are held in memory at once.
const PAGE: i64 = 1000;

/// Chinese time is eight hours ahead, without summer time.
const CHINA: i64 = 8 * 3_600_000;
const DAY: i64 = 24 * 3_600_000;

fn row(r: &SqlRow) -> Result<Row> {
    Ok(Row {
        seq: r.int(0)?,
        at: r.int(1)?,
        actor: r.text(2)?,
        action: r.text(3)?,
        kind: r.text(4)?,
        subject: r.text(5)?,
        detail: r.text(6)?,
        prev: r.text(7)?,
        hash: r.text(8)?,
    })
}

impl Store {
    /// Rows before a number (none: the newest), the newest first; the reading is recorded.
    pub async fn audit_rows(
        &self,
        ctx: &Context,
        before: Option<i64>,
        most: i64,
    ) -> Result<Vec<Row>> {
        self.whole_in_scope(ctx).await?;
        let before = before.unwrap_or(i64::MAX);
        let rows = self
            .reader()
            .await?
            .rows(
                "SELECT seq, at, actor, action, kind, subject, detail, prev, hash FROM audit \
                 WHERE seq < $1 ORDER BY seq DESC LIMIT $2",
                args![before, most.clamp(1, PAGE)],
            )
            .await?;
        self.record_reading(ctx, "audit.read", "audit", "").await?;
        rows.iter().map(row).collect()
    }

    /// Writes the chain as JSON lines, each signed day behind its last row; anyone can check the file.
    pub async fn export_audit(&self, ctx: &Context, out: &mut (impl Write + Send)) -> Result<u64> {
        self.whole_in_scope(ctx).await?;
        self.record_reading(ctx, "audit.exported", "audit", "")
            .await?;
        let mut link = self.reader().await?;
        let mut days = Vec::new();
        for r in link
            .rows(
                "SELECT day, seq, hash, key, signature FROM day_root ORDER BY seq, day",
                vec![],
            )
            .await?
        {
            days.push(day_root(&r)?);
        }
        let mut days = days.into_iter().peekable();
        let released = link.row("SELECT pruned_seq FROM chain", vec![]).await?;
        let (mut after, mut written) = (released.map_or(Ok(0), |r| r.int(0))?, 0);
        loop {
            let sql =
                format!("SELECT {COLUMNS} FROM audit WHERE seq > $1 ORDER BY seq LIMIT {PAGE}");
            let rows = link.rows(super::sql::made(sql), args![after]).await?;
            if rows.is_empty() {
                return Ok(written);
            }
            for r in &rows {
                let row = row(r)?;
                // Of the days that retention has taken away, the last one stands for all of them.
                let mut released = None;
                while let Some(day) = days.next_if(|d| d.seq < row.seq) {
                    released = Some(day);
                }
                if let Some(day) = released.filter(|_| written == 0) {
                    line(out, &day)?;
                }
                after = row.seq;
                line(out, &row)?;
                written += 1;
                while let Some(day) = days.next_if(|d| d.seq == after) {
                    line(out, &day)?;
                }
            }
        }
    }

    /// Signs the last row of each day that is over and not signed yet; gives the new signatures.
    pub async fn sign_days(&self, ctx: &Context, signer: &Signer) -> Result<Vec<DayRoot>> {
        let mut made = Vec::new();
        let mut link = self.reader().await?;
        let last = link
            .row("SELECT COALESCE(MAX(seq), 0) FROM day_root", vec![])
            .await?;
        let mut after = last.map_or(Ok(0), |r| r.int(0))?;
        let today = (ctx.now + CHINA).div_euclid(DAY) * DAY - CHINA;
        // Clocks may go back: a day's last row is the last one before a row of a later day.
        while let Some(first) = link
            .row(
                "SELECT at FROM audit WHERE seq > $1 ORDER BY seq LIMIT 1",
                args![after],
            )
            .await?
        {
            let end = ((first.int(0)? + CHINA).div_euclid(DAY) + 1) * DAY - CHINA;
            if end > today {
                break;
            }
            let next = link
                .row(
                    "SELECT seq FROM audit WHERE seq > $1 AND at >= $2 ORDER BY seq LIMIT 1",
                    args![after, end],
                )
                .await?;
            let below = next.map_or(Ok(i64::MAX), |r| r.int(0))?;
            let Some(root) = link
                .row(
                    "SELECT seq, hash FROM audit WHERE seq < $1 ORDER BY seq DESC LIMIT 1",
                    args![below],
                )
                .await?
            else {
                break;
            };
            let (seq, hash) = (root.int(0)?, root.text(1)?);
            made.push(signer.sign(&day_of(end - 1), seq, &hash));
            after = seq;
        }
        drop(link);
        let (ctx, keep) = (ctx.clone(), made.clone());
        if keep.is_empty() {
            return Ok(made);
        }
        self.write(move |tx| {
            Box::pin(async move {
                for root in keep {
                    tx.link
                        .run(
                            "INSERT INTO day_root (day, seq, hash, key, signature) \
                             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (day) DO NOTHING",
                            args![&root.day, root.seq, &root.hash, &root.key, &root.signature],
                        )
                        .await?;
                    let trace = Trace {
                        action: "day.signed",
                        kind: "day",
                        subject: root.day,
                        detail: json!({ "seq": root.seq }),
                    };
                    tx.trace(&ctx, trace).await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(made)
    }

    /// Follows the chain in the database; the number of its rows, or the first that does not hold.
    pub async fn check_chain(&self) -> Result<std::result::Result<i64, i64>> {
        let mut link = self.reader().await?;
        let head = link
            .row(
                "SELECT seq, hash, pruned_seq, pruned_hash FROM chain WHERE one = 1",
                vec![],
            )
            .await?
            .ok_or(StoreError::Missing)?;
        let (mut last, mut hash) = (head.int(2)?, head.text(3)?);
        if last == 0 {
            hash = ZERO.to_string();
        }
        loop {
            let sql =
                format!("SELECT {COLUMNS} FROM audit WHERE seq > $1 ORDER BY seq LIMIT {PAGE}");
            let rows = link.rows(super::sql::made(sql), args![last]).await?;
            if rows.is_empty() {
                break;
            }
            for r in &rows {
                let row = row(r)?;
                if row.seq != last + 1 || row.prev != hash || row_hash(&row) != row.hash {
                    return Ok(Err(row.seq));
                }
                (last, hash) = (row.seq, row.hash);
            }
        }
        // Rows may have been added since the head was read, but none may be missing.
        let end = head.int(0)?;
        Ok(if last < end || (last == end && hash != head.text(1)?) {
            Err(last + 1)
        } else {
            Ok(last - head.int(2)?)
        })
    }
}

/// The first value of a history that is not the one its audit row tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// The sheet.
    pub sheet: SheetId,
    /// The cell.
    pub cell: String,
    /// The revision.
    pub revision: i64,
}

impl Store {
    /// Holds the history of all cells against the digests in the chain; gives how many values were proved.
    ///
    /// Values whose audit rows retention has taken away are not among them.
    pub async fn check_values(&self) -> Result<std::result::Result<u64, Altered>> {
        let mut link = self.reader().await?;
        let (mut after, mut proved) = (0, 0);
        loop {
            let sql = format!(
                "SELECT seq, subject, detail FROM audit WHERE seq > $1 AND action = 'cells.saved' \
                 ORDER BY seq LIMIT {PAGE}"
            );
            let rows = link.rows(super::sql::made(sql), args![after]).await?;
            if rows.is_empty() {
                return Ok(Ok(proved));
            }
            for r in &rows {
                after = r.int(0)?;
                let sheet = SheetId::from(r.text(1)?);
                let detail: SavedDetail = serde_json::from_str(&r.text(2)?).unwrap_or_default();
                for (cell, revision, digest) in detail.saved {
                    let there = link
                        .row(
                            "SELECT value FROM entry_history WHERE sheet = $1 AND cell = $2 AND revision = $3",
                            args![&sheet, &cell, revision],
                        )
                        .await?;
                    let right = match there {
                        Some(there) => {
                            value_digest(&sheet, &cell, revision, &there.opt_text(0)?) == digest
                        }
                        None => false,
                    };
                    if !right {
                        return Ok(Err(Altered {
                            sheet,
                            cell,
                            revision,
                        }));
                    }
                    proved += 1;
                }
            }
        }
    }
}

/// What the row of a save says of its values.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct SavedDetail {
    saved: Vec<(String, i64, String)>,
}

fn day_root(r: &SqlRow) -> Result<DayRoot> {
    Ok(DayRoot {
        day: r.text(0)?,
        seq: r.int(1)?,
        hash: r.text(2)?,
        key: r.text(3)?,
        signature: r.text(4)?,
    })
}

fn line(out: &mut impl Write, value: &impl serde::Serialize) -> Result<()> {
    let failed = |e: std::io::Error| StoreError::Database(format!("export not written: {e}"));
    let text = serde_json::to_string(value).map_err(|e| StoreError::Database(e.to_string()))?;
    writeln!(out, "{text}").map_err(failed)
}

/// The day in China, as 2026-05-08.
pub(crate) fn day_of(at: i64) -> String {
    // Howard Hinnant's days-to-civil.
    let z = (at + CHINA).div_euclid(DAY) + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{Altered, day_of};
    use crate::people::Scope;
    use crate::store::sql::args;
    use crate::store::writer::Work;
    use crate::store::{
        CampaignState, Change, Context, NewPerson, NewUnit, Store, StoreError, UnitKind,
    };

    /// Statements past all rules, as somebody with the database file in hand would run them.
    async fn tamper(store: &Store, sql: &'static str) -> crate::store::Result<u64> {
        store
            .write_silently(move |tx| -> Work<'_, u64> {
                Box::pin(async move { tx.link.run(sql, vec![]).await })
            })
            .await
    }

    #[tokio::test]
    async fn an_altered_value_and_an_altered_row_are_found() {
        let file = std::env::temp_dir().join(format!("jiheng-altered-{}.db", std::process::id()));
        let _ = std::fs::remove_file(&file);
        let store = Store::open(&file.to_string_lossy()).await.expect("opens");
        let program = Context::program(0);
        let new = NewUnit {
            kind: UnitKind::Bureau,
            name: "青禾市财政局".into(),
            code: None,
            parent: None,
        };
        let unit = store.add_unit(&program, new).await.expect("added");
        let new = NewPerson {
            unit: unit.clone(),
            login: "a".into(),
            name: "甲".into(),
        };
        let person = store.add_person(&program, new).await.expect("added");
        let campaign = store
            .add_campaign(&program, 2025, "自评", "cn/mof/2020", None)
            .await
            .expect("added");
        store
            .set_campaign_state(&program, &campaign, CampaignState::Open)
            .await
            .expect("open");
        let filing = store
            .begin_filing(&program, &campaign, &unit)
            .await
            .expect("begun");
        let sheet = store
            .add_sheet(&program, &filing, "department", "整体表", None)
            .await
            .expect("added");
        let me = Context {
            person: Some(person),
            ..Context::program(0)
        };
        for n in 0..3 {
            let changes = vec![Change {
                cell: "a".into(),
                base_revision: n,
                value: Some(n.to_string()),
            }];
            store
                .save_cells(&me, &sheet, changes, &n.to_string())
                .await
                .expect("saved");
        }
        assert_eq!(store.check_values().await.expect("read"), Ok(3));
        tamper(
            &store,
            "UPDATE entry_history SET value = '9' WHERE revision = 2",
        )
        .await
        .expect("ran");
        let altered = Altered {
            sheet,
            cell: "a".into(),
            revision: 2,
        };
        assert_eq!(store.check_values().await.expect("read"), Err(altered));

        // The chain's own rows are guarded by triggers, and where those are gone, by the hashes.
        for sql in [
            "UPDATE audit SET actor = 'x' WHERE seq = 2",
            "DELETE FROM audit WHERE seq = 2",
        ] {
            assert!(matches!(
                tamper(&store, sql).await,
                Err(StoreError::Database(_))
            ));
        }
        assert!(store.check_chain().await.expect("read").is_ok());
        tamper(&store, "DROP TRIGGER audit_is_not_changed")
            .await
            .expect("ran");
        tamper(&store, "UPDATE audit SET actor = 'x' WHERE seq = 2")
            .await
            .expect("ran");
        assert_eq!(store.check_chain().await.expect("read"), Err(2));

        // Whoever reaches a part only does not reach what belongs to all.
        let part = Context {
            scope: Scope::nothing(),
            ..Context::program(0)
        };
        assert_eq!(
            store.audit_rows(&part, None, 1).await,
            Err(StoreError::Missing)
        );
        assert_eq!(
            store.export_audit(&part, &mut Vec::new()).await,
            Err(StoreError::Missing)
        );
        let added = store.add_campaign(&part, 2025, "自评", "x", None).await;
        assert_eq!(added, Err(StoreError::Missing));

        // A change without a trace is refused and undone.
        let silent = store
            .write(|tx| -> Work<'_, u64> {
                Box::pin(async move {
                    tx.link
                        .run("DELETE FROM remark WHERE id <> $1", args!["x"])
                        .await?;
                    tx.link.run("UPDATE unit SET name = 'x'", vec![]).await
                })
            })
            .await;
        assert!(matches!(silent, Err(StoreError::Database(_))));
        assert_eq!(
            store.units(&program).await.expect("listed")[0].name,
            "青禾市财政局"
        );
        store.close().await;
        let _ = std::fs::remove_file(&file);
    }

    #[test]
    fn days_are_chinese_days() {
        assert_eq!(day_of(0), "1970-01-01");
        assert_eq!(day_of(1_709_136_000_000 - 1), "2024-02-28");
        assert_eq!(day_of(1_709_136_000_000), "2024-02-29");
        assert_eq!(day_of(1_735_660_800_000), "2025-01-01");
        assert_eq!(day_of(-1), "1970-01-01");
    }
}
