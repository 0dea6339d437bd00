//! Remarks on cells come in and go out, open or resolved.

use super::sql::{args, made};
use super::{Context, PersonId, RemarkId, Result, SheetId, Store, StoreError, bounded};
use crate::audit::Trace;
use serde_json::json;

/// A remark on a cell (批注).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Remark {
    /// Its identifier.
    pub id: RemarkId,
    /// Which cell.
    pub cell: String,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: i64,
    /// Who resolved it and when.
    pub resolved: Option<(PersonId, i64)>,
}

fn deed(action: &'static str, id: &RemarkId, detail: serde_json::Value) -> Trace {
    Trace {
        action,
        kind: "remark",
        subject: id.to_string(),
        detail,
    }
}

impl Store {
    /// Writes a remark on a cell of a sheet in scope.
    pub async fn add_remark(
        &self,
        ctx: &Context,
        sheet: &SheetId,
        cell: &str,
        text: &str,
    ) -> Result<RemarkId> {
        bounded("格的编号", cell, 200)?;
        bounded("批注", text, 2000)?;
        let author = ctx.author()?;
        let (ctx, sheet) = (ctx.clone(), sheet.clone());
        let (cell, text) = (cell.to_string(), text.trim().to_string());
        self.write(move |tx| {
            Box::pin(async move {
                let place = tx.sheet_in_scope(&ctx, &sheet).await?;
                let id = RemarkId::random();
                tx.link
                    .run(
                        "INSERT INTO remark (id, sheet, cell, text, person, at) VALUES ($1, $2, $3, $4, $5, $6)",
                        args![&id, &sheet, &cell, text, &author, ctx.now],
                    )
                    .await?;
                tx.filing_moved_on(&place.filing).await?;
                let detail = json!({ "sheet": sheet, "cell": cell });
                tx.trace(&ctx, deed("remark.written", &id, detail)).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Resolves a remark, or opens it again.
    pub async fn resolve_remark(&self, ctx: &Context, id: &RemarkId, resolved: bool) -> Result<()> {
        let author = ctx.author()?;
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let row = tx
                    .link
                    .row("SELECT sheet FROM remark WHERE id = $1", args![&id])
                    .await?
                    .ok_or(StoreError::Missing)?;
                let sheet = SheetId::from(row.text(0)?);
                let place = tx.sheet_in_scope(&ctx, &sheet).await?;
                let (by, at, action) = if resolved {
                    (Some(author.to_string()), Some(ctx.now), "remark.resolved")
                } else {
                    (None, None, "remark.reopened")
                };
                tx.link
                    .run(
                        "UPDATE remark SET resolved_by = $2, resolved_at = $3 WHERE id = $1",
                        args![&id, by, at],
                    )
                    .await?;
                tx.filing_moved_on(&place.filing).await?;
                tx.trace(&ctx, deed(action, &id, json!({ "sheet": sheet })))
                    .await
            })
        })
        .await
    }

    /// The remarks on a sheet in scope, the oldest first; none where it is out of scope. The reading is recorded.
    pub async fn remarks(&self, ctx: &Context, sheet: &SheetId) -> Result<Vec<Remark>> {
        let mut args = args![sheet];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!(
            "SELECT r.id, r.cell, r.text, r.person, r.at, r.resolved_by, r.resolved_at FROM remark r \
             JOIN sheet s ON s.id = r.sheet JOIN filing f ON f.id = s.filing \
             WHERE r.sheet = $1 AND s.removed IS NULL AND {within} ORDER BY r.at, r.id"
        );
        let rows = self.reader().await?.rows(made(sql), args).await?;
        if !rows.is_empty() {
            self.record_reading(ctx, "remarks.read", "sheet", sheet.as_str())
                .await?;
        }
        let remarks = rows.iter().map(|row| {
            Ok(Remark {
                id: row.text(0)?.into(),
                cell: row.text(1)?,
                text: row.text(2)?,
                by: row.text(3)?.into(),
                at: row.int(4)?,
                resolved: match (row.opt_text(5)?, row.opt_int(6)?) {
                    (Some(by), Some(at)) => Some((by.into(), at)),
                    _ => None,
                },
            })
        });
        remarks.collect()
    }
}
