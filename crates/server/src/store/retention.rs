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

impl Store {
    /// Lets go of what is past its time. Cells and their history are never among it.
    ///
    /// Of the audit chain only whole signed days go, from the beginning; the hash before the first row that stays is kept.
    pub async fn release(&self, ctx: &Context, keep: &Keep) -> Result<Released> {
        self.whole_in_scope(ctx).await?;
        let (ctx, keep) = (ctx.clone(), keep.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let now = ctx.now;
                let mut released = Released::default();
                let link = &mut tx.link;
                released.answers = link
                    .run(
                        "DELETE FROM stored_answer WHERE at < $1",
                        args![now - keep.answers * DAY],
                    )
                    .await?;
                for (sql, before) in [
                    ("DELETE FROM session WHERE until < $1", now),
                    ("DELETE FROM invitation WHERE until < $1", now),
                    (
                        "DELETE FROM attempt WHERE last < $1 AND locked_until < $1",
                        now - DAY,
                    ),
                ] {
                    released.sessions += link.run(sql, args![before]).await?;
                }
                let last = link
                    .row(
                        "SELECT d.seq, d.hash FROM day_root d WHERE NOT EXISTS \
                         (SELECT 1 FROM audit a WHERE a.seq <= d.seq AND a.at >= $1) \
                         ORDER BY d.seq DESC LIMIT 1",
                        args![now - keep.audit * DAY],
                    )
                    .await?;
                if let Some(last) = last {
                    let (seq, hash) = (last.int(0)?, last.text(1)?);
                    link.run(
                        "UPDATE chain SET pruned_seq = $1, pruned_hash = $2 WHERE pruned_seq < $1",
                        args![seq, hash],
                    )
                    .await?;
                    released.audit = link
                        .run("DELETE FROM audit WHERE seq <= $1", args![seq])
                        .await?;
                }
                let trace = Trace {
                    action: "retention.applied",
                    kind: "database",
                    subject: String::new(),
                    detail: json!({
                        "answers": released.answers,
                        "sessions": released.sessions,
                        "audit": released.audit,
                    }),
                };
                tx.trace(&ctx, trace).await?;
                Ok(released)
            })
        })
        .await
    }
}
