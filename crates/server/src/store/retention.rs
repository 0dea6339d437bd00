//! How long things are kept comes in; what is past its time goes, and how much of each goes out.

use super::sql::args;
use super::{Context, Result, Store};
use crate::audit::Trace;
use serde_json::json;

/// How long things are kept, in days.
#[derive(Clone, Debug)]
pub struct Keep {
    /// Answers to requests that may come twice.
    pub answers: i64,
    /// Audit rows. 等保 asks for at least six months; three years by default.
    pub audit: i64,
}

impl Default for Keep {
    fn default() -> Keep {
        Keep {
            answers: 7,
            audit: 3 * 366,
        }
    }
}

/// What was released.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// Stored answers.
    pub answers: u64,
    /// Sessions, invitations and counted failures that had ended.
    pub sessions: u64,
    /// Audit rows.
    pub audit: u64,
}

const DAY: i64 = 24 * 3_600_000;

/// How many rows go in one change, so that saves need not wait for long.
const SLICE: i64 = 2000;

impl Store {
    /// Lets go of what is past its time. Cells and their history are never among it.
    ///
    /// Of the audit chain only whole signed days go, from the beginning; the hash before the first row that stays is kept.
    pub async fn release(&self, ctx: &Context, keep: &Keep) -> Result<Released> {
        self.whole_in_scope(ctx).await?;
        let now = ctx.now;
        let mut released = Released {
            answers: self
                .in_slices(
                    "DELETE FROM stored_answer WHERE (person, key) IN \
                     (SELECT person, key FROM stored_answer WHERE at < $1 LIMIT $2)",
                    now - keep.answers * DAY,
                )
                .await?,
            ..Released::default()
        };
        for (sql, before) in [
            (
                "DELETE FROM session WHERE token IN (SELECT token FROM session WHERE until < $1 LIMIT $2)",
                now,
            ),
            (
                "DELETE FROM invitation WHERE token IN \
                 (SELECT token FROM invitation WHERE until < $1 LIMIT $2)",
                now,
            ),
            (
                "DELETE FROM attempt WHERE subject IN \
                 (SELECT subject FROM attempt WHERE last < $1 AND locked_until < $1 LIMIT $2)",
                now - DAY,
            ),
        ] {
            released.sessions += self.in_slices(sql, before).await?;
        }
        let last = self.last_day_before(now - keep.audit * DAY).await?;
        let (ctx, detail) = (
            ctx.clone(),
            json!({
                "answers": released.answers,
                "sessions": released.sessions,
                "audit_through": last.as_ref().map(|(seq, _)| seq),
            }),
        );
        let through = self
            .write(move |tx| {
                Box::pin(async move {
                    if let Some((seq, hash)) = last {
                        tx.link
                            .run(
                                "UPDATE chain SET pruned_seq = $1, pruned_hash = $2 WHERE pruned_seq < $1",
                                args![seq, hash],
                            )
                            .await?;
                    }
                    let trace = Trace {
                        action: "retention.applied",
                        kind: "database",
                        subject: String::new(),
                        detail,
                    };
                    tx.trace(&ctx, trace).await?;
                    let row = tx.link.row("SELECT pruned_seq FROM chain", vec![]).await?;
                    row.map_or(Ok(0), |r| r.int(0))
                })
            })
            .await?;
        // Should this be interrupted, the rows that are left are passed over, and go the next time.
        released.audit = self
            .in_slices(
                "DELETE FROM audit WHERE seq IN \
                 (SELECT seq FROM audit WHERE seq <= $1 ORDER BY seq LIMIT $2)",
                through,
            )
            .await?;
        Ok(released)
    }

    /// The last signed day all of whose rows are older than a time.
    async fn last_day_before(&self, time: i64) -> Result<Option<(i64, String)>> {
        let mut link = self.reader().await?;
        let first = link
            .row(
                "SELECT seq FROM audit WHERE at >= $1 ORDER BY seq LIMIT 1",
                args![time],
            )
            .await?;
        let below = first.map_or(Ok(i64::MAX), |r| r.int(0))?;
        let day = link
            .row(
                "SELECT seq, hash FROM day_root WHERE seq < $1 ORDER BY seq DESC LIMIT 1",
                args![below],
            )
            .await?;
        day.map(|r| Ok((r.int(0)?, r.text(1)?))).transpose()
    }

    /// Runs a statement that takes a limit until it has nothing left to do.
    async fn in_slices(&self, sql: &'static str, first: i64) -> Result<u64> {
        let mut all = 0;
        loop {
            let gone = self
                .write_silently(move |tx| {
                    Box::pin(async move { tx.link.run(sql, args![first, SLICE]).await })
                })
                .await?;
            all += gone;
            if gone < SLICE as u64 {
                return Ok(all);
            }
        }
    }
}
