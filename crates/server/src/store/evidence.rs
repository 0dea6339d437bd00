//! Supporting files come in as bytes and go out as they came, with their digest.

use super::sql::{Row, args, made};
use super::{Context, EvidenceId, FilingId, PersonId, Result, Store, StoreError, bounded};
use crate::audit::{Trace, sha256_hex};
use serde_json::json;

/// A supporting file (佐证), without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Evidence {
    /// Its identifier.
    pub id: EvidenceId,
    /// The filing it supports.
    pub filing: FilingId,
    /// The file's name.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub size: i64,
    /// Who handed it in.
    pub by: PersonId,
    /// When.
    pub at: i64,
}

const COLUMNS: &str = "e.id, e.filing, e.name, e.sha256, e.size, e.person, e.at";

fn evidence(row: &Row) -> Result<Evidence> {
    Ok(Evidence {
        id: row.text(0)?.into(),
        filing: row.text(1)?.into(),
        name: row.text(2)?,
        sha256: row.text(3)?,
        size: row.int(4)?,
        by: row.text(5)?.into(),
        at: row.int(6)?,
    })
}

fn deed(action: &'static str, id: &EvidenceId, detail: serde_json::Value) -> Trace {
    Trace {
        action,
        kind: "evidence",
        subject: id.to_string(),
        detail,
    }
}

impl Store {
    /// Takes a supporting file into a filing in scope that is being filled.
    pub async fn add_evidence(
        &self,
        ctx: &Context,
        filing: &FilingId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<EvidenceId> {
        bounded("文件名", name, 200)?;
        let author = ctx.author()?;
        let (ctx, filing, name) = (ctx.clone(), filing.clone(), name.to_string());
        // Away from the task that writes for everybody.
        let (bytes, sha256) = tokio::task::spawn_blocking(move || {
            let sha256 = sha256_hex(&bytes);
            (bytes, sha256)
        })
        .await
        .map_err(|_| StoreError::Lost)?;
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.write(move |tx| {
            Box::pin(async move {
                tx.filled_filing(&ctx, &filing).await?;
                let id = EvidenceId::random();
                tx.link
                    .run(
                        "INSERT INTO evidence (id, filing, name, sha256, size, bytes, person, at) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                        args![&id, &filing, name, &sha256, size, bytes, &author, ctx.now],
                    )
                    .await?;
                tx.filing_moved_on(&filing).await?;
                let detail = json!({ "filing": filing, "sha256": sha256, "size": size });
                tx.trace(&ctx, deed("evidence.added", &id, detail)).await?;
                Ok(id)
            })
        })
        .await
    }

    /// The supporting files of a filing in scope, the oldest first.
    pub async fn evidence_of(&self, ctx: &Context, filing: &FilingId) -> Result<Vec<Evidence>> {
        let mut args = args![filing];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!(
            "SELECT {COLUMNS} FROM evidence e JOIN filing f ON f.id = e.filing \
             WHERE e.filing = $1 AND {within} ORDER BY e.at, e.id"
        );
        let rows = self.reader().await?.rows(made(sql), args).await?;
        rows.iter().map(evidence).collect()
    }

    /// A supporting file in scope with its bytes; the reading is recorded.
    pub async fn open_evidence(
        &self,
        ctx: &Context,
        id: &EvidenceId,
    ) -> Result<Option<(Evidence, Vec<u8>)>> {
        let mut args = args![id];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!(
            "SELECT {COLUMNS}, e.bytes FROM evidence e JOIN filing f ON f.id = e.filing \
             WHERE e.id = $1 AND {within}"
        );
        let row = self.reader().await?.row(made(sql), args).await?;
        let Some(row) = row else { return Ok(None) };
        let found = (evidence(&row)?, row.bytes(7)?);
        self.record_reading(ctx, "evidence.read", "evidence", id.as_str())
            .await?;
        Ok(Some(found))
    }

    /// Takes a supporting file out of a filing that is being filled; its bytes go, its digest stays in the audit chain.
    pub async fn remove_evidence(&self, ctx: &Context, id: &EvidenceId) -> Result<()> {
        let (ctx, id) = (ctx.clone(), id.clone());
        self.write(move |tx| {
            Box::pin(async move {
                let row = tx
                    .link
                    .row(
                        "SELECT filing, sha256 FROM evidence WHERE id = $1",
                        args![&id],
                    )
                    .await?
                    .ok_or(StoreError::Missing)?;
                let (filing, sha256) = (FilingId::from(row.text(0)?), row.text(1)?);
                tx.filled_filing(&ctx, &filing).await?;
                tx.link
                    .run("DELETE FROM evidence WHERE id = $1", args![&id])
                    .await?;
                tx.filing_moved_on(&filing).await?;
                let detail = json!({ "filing": filing, "sha256": sha256 });
                tx.trace(&ctx, deed("evidence.removed", &id, detail)).await
            })
        })
        .await
    }
}
