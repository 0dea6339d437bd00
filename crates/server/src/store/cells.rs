//! Changed cells come in with the revision they were based on; each goes out saved, or beside what another saved meanwhile.
//!
//! A value is overwritten only by who has seen it. Nothing is lost: every value that was ever saved stands in the history.

use super::sql::{Row, args, made};
use super::writer::Tx;
use super::{Context, FilingId, PersonId, Result, SheetId, Store, StoreError, answers, bounded};
use crate::audit::{Trace, sha256_hex};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many cells one save may change.
const MOST_CHANGES: usize = 5000;

/// How many characters a value may have.
const LONGEST_VALUE: usize = 100_000;

/// A cell to be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which cell: a key of the form's, opaque here, at most 200 characters.
    pub cell: String,
    /// The revision that the writer has seen; 0 for a cell that was never filled.
    pub base_revision: i64,
    /// The new value; none for a blank cell.
    pub value: Option<String>,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It stands in the database.
    Saved {
        /// The cell's revision now.
        revision: i64,
    },
    /// Another value was saved meanwhile; nothing was changed.
    Conflict {
        /// What stands there.
        theirs: Option<String>,
        /// Its revision.
        revision: i64,
        /// Who saved it.
        by: PersonId,
        /// When.
        at: i64,
    },
}

/// A cell and what became of its change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellAnswer {
    /// Which cell.
    pub cell: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The answer to a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// One for each change, in their order.
    pub cells: Vec<CellAnswer>,
    /// The filing's revision after it.
    pub revision: i64,
}

/// A value as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Which cell.
    pub cell: String,
    /// Its value; none where it was filled and blanked again.
    pub value: Option<String>,
    /// Its revision.
    pub revision: i64,
    /// Who saved it.
    pub by: PersonId,
    /// When.
    pub at: i64,
    /// The filing's revision that it came with.
    pub moment: i64,
}

/// A value as it stood once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Past {
    /// Its revision.
    pub revision: i64,
    /// The value.
    pub value: Option<String>,
    /// Who saved it.
    pub by: PersonId,
    /// When.
    pub at: i64,
}

impl Store {
    /// Saves cells of a sheet in scope; when this comes back they are on disk.
    ///
    /// The same key with the same request gives the first answer again and changes nothing.
    pub async fn save_cells(
        &self,
        ctx: &Context,
        sheet: &SheetId,
        changes: Vec<Change>,
        key: &str,
    ) -> Result<Saved> {
        check(&changes, key)?;
        let author = ctx.author()?;
        let (ctx, sheet, key) = (ctx.clone(), sheet.clone(), key.to_string());
        let request = digest(&sheet, &changes);
        self.write(move |tx| {
            Box::pin(async move {
                // Before the stored answer: who lost access meanwhile does not get it.
                let place = tx.sheet_in_scope(&ctx, &sheet).await?;
                if let Some(answer) = answers::stored(tx, &author, &key, &request).await? {
                    let detail = json!({ "again": true });
                    tx.trace(&ctx, deed(&sheet, detail)).await?;
                    return serde_json::from_str(&answer)
                        .map_err(|e| StoreError::Database(e.to_string()));
                }
                place.filled_now()?;
                let mut moment = place.revision + 1;
                let mut cells = Vec::with_capacity(changes.len());
                let mut saved = Vec::new();
                let mut conflicts = 0;
                for change in changes {
                    let (outcome, changed) =
                        tx.save_one(&ctx, &author, &sheet, &change, moment).await?;
                    if let Some(digest) = changed {
                        saved.push(digest);
                    }
                    conflicts += usize::from(matches!(outcome, Outcome::Conflict { .. }));
                    cells.push(CellAnswer {
                        cell: change.cell,
                        outcome,
                    });
                }
                if saved.is_empty() {
                    moment = place.revision;
                } else {
                    tx.filing_moved_on(&place.filing).await?;
                }
                let answer = Saved {
                    cells,
                    revision: moment,
                };
                let detail =
                    json!({ "filing": place.filing, "saved": saved, "conflicts": conflicts });
                tx.trace(&ctx, deed(&sheet, detail)).await?;
                let text = serde_json::to_string(&answer)
                    .map_err(|e| StoreError::Database(e.to_string()))?;
                answers::store(tx, &author, &key, &request, &text, ctx.now).await?;
                Ok(answer)
            })
        })
        .await
    }

    /// The cells of a sheet that changed after a revision of its filing (0: all), and the filing's revision; the reading
    /// is recorded. `None` where the sheet is out of scope.
    pub async fn cells(
        &self,
        ctx: &Context,
        sheet: &SheetId,
        after: i64,
    ) -> Result<Option<(i64, Vec<Cell>)>> {
        let mut args = args![sheet];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!(
            "SELECT f.revision FROM sheet s JOIN filing f ON f.id = s.filing \
             WHERE s.id = $1 AND s.removed IS NULL AND {within}"
        );
        let mut link = self.reader().await?;
        let Some(row) = link.row(made(sql), args).await? else {
            return Ok(None);
        };
        let revision = row.int(0)?;
        // A cell saved between these two questions comes now and once more next time.
        let rows = link
            .rows(
                "SELECT cell, value, revision, person, at, moment FROM entry \
                 WHERE sheet = $1 AND moment > $2 ORDER BY cell",
                args![sheet, after],
            )
            .await?;
        drop(link);
        let cells = rows.iter().map(cell).collect::<Result<Vec<_>>>()?;
        // A look for news that finds none hands nothing out.
        if after == 0 || !cells.is_empty() {
            self.record_reading(ctx, "sheet.read", "sheet", sheet.as_str())
                .await?;
        }
        Ok(Some((revision, cells)))
    }

    /// The cells of all sheets of a filing that changed after one of its revisions (0: all), and its revision now. `None`
    /// where it is out of scope. Whoever hands them out records the reading.
    pub(crate) async fn cells_of_filing(
        &self,
        ctx: &Context,
        filing: &FilingId,
        after: i64,
    ) -> Result<Option<(i64, Vec<(SheetId, Cell)>)>> {
        let mut args = args![filing];
        let within = ctx.scope.condition("f.unit", &mut args);
        let sql = format!("SELECT f.revision FROM filing f WHERE f.id = $1 AND {within}");
        let mut link = self.reader().await?;
        let Some(row) = link.row(made(sql), args).await? else {
            return Ok(None);
        };
        let revision = row.int(0)?;
        // A cell saved between these two questions comes now and once more next time.
        let rows = link
            .rows(
                "SELECT e.cell, e.value, e.revision, e.person, e.at, e.moment, e.sheet FROM entry e \
                 JOIN sheet s ON s.id = e.sheet \
                 WHERE s.filing = $1 AND s.removed IS NULL AND e.moment > $2",
                args![filing, after],
            )
            .await?;
        let cells = rows.iter().map(|row| Ok((row.text(6)?.into(), cell(row)?)));
        Ok(Some((revision, cells.collect::<Result<Vec<_>>>()?)))
    }

    /// All values that a cell ever had, the newest first; the reading is recorded. `None` where the sheet is out of scope.
    pub async fn history(
        &self,
        ctx: &Context,
        sheet: &SheetId,
        cell: &str,
    ) -> Result<Option<Vec<Past>>> {
        if self.sheet(ctx, sheet).await?.is_none() {
            return Ok(None);
        }
        let rows = self
            .reader()
            .await?
            .rows(
                "SELECT revision, value, person, at FROM entry_history \
                 WHERE sheet = $1 AND cell = $2 ORDER BY revision DESC",
                args![sheet, cell],
            )
            .await?;
        self.record_reading(ctx, "history.read", "sheet", sheet.as_str())
            .await?;
        let past = rows.iter().map(|row| {
            Ok(Past {
                revision: row.int(0)?,
                value: row.opt_text(1)?,
                by: row.text(2)?.into(),
                at: row.int(3)?,
            })
        });
        past.collect::<Result<Vec<_>>>().map(Some)
    }
}

fn cell(row: &Row) -> Result<Cell> {
    Ok(Cell {
        cell: row.text(0)?,
        value: row.opt_text(1)?,
        revision: row.int(2)?,
        by: row.text(3)?.into(),
        at: row.int(4)?,
        moment: row.int(5)?,
    })
}

fn deed(sheet: &SheetId, detail: serde_json::Value) -> Trace {
    Trace {
        action: "cells.saved",
        kind: "sheet",
        subject: sheet.to_string(),
        detail,
    }
}

fn check(changes: &[Change], key: &str) -> Result<()> {
    bounded("请求编号", key, 100)?;
    if changes.is_empty() || changes.len() > MOST_CHANGES {
        return Err(StoreError::Invalid(format!(
            "一次要保存 1 到 {MOST_CHANGES} 格，这次是 {} 格。",
            changes.len()
        )));
    }
    for change in changes {
        bounded("格的编号", &change.cell, 200)?;
        if let Some(value) = &change.value {
            let n = value.chars().count();
            if n > LONGEST_VALUE {
                return Err(StoreError::Invalid(format!(
                    "一格里有 {n} 个字，最多 {LONGEST_VALUE} 个。"
                )));
            }
            if value.contains('\0') {
                return Err(StoreError::Invalid("格里有不能保存的字符。".into()));
            }
        }
    }
    Ok(())
}

/// What a request asks for, so that its key cannot be used for another one.
fn digest(sheet: &SheetId, changes: &[Change]) -> String {
    let text = serde_json::to_string(&(sheet, changes)).unwrap_or_default();
    sha256_hex(text.as_bytes())
}

/// What the audit chain keeps of a value: enough to prove the history, too little to read it.
pub(super) fn value_digest(
    sheet: &SheetId,
    cell: &str,
    revision: i64,
    value: &Option<String>,
) -> String {
    let text = json!(["jiheng value 1", sheet, cell, revision, value]).to_string();
    sha256_hex(text.as_bytes())
}

impl Tx {
    /// One change; where it changed something, the line for the audit row.
    async fn save_one(
        &mut self,
        ctx: &Context,
        author: &PersonId,
        sheet: &SheetId,
        change: &Change,
        moment: i64,
    ) -> Result<(Outcome, Option<serde_json::Value>)> {
        let there = self
            .link
            .row(
                "SELECT value, revision, person, at FROM entry WHERE sheet = $1 AND cell = $2",
                args![sheet, &change.cell],
            )
            .await?;
        let mut revision = 0;
        if let Some(row) = &there {
            revision = row.int(1)?;
            let theirs = row.opt_text(0)?;
            if theirs == change.value {
                return Ok((Outcome::Saved { revision }, None));
            }
            if revision != change.base_revision {
                let outcome = Outcome::Conflict {
                    theirs,
                    revision,
                    by: row.text(2)?.into(),
                    at: row.int(3)?,
                };
                return Ok((outcome, None));
            }
        } else if change.base_revision != 0 {
            return Err(StoreError::Invalid(format!(
                "格 {} 还没有填过，却带着第 {} 版。请刷新页面后再试。",
                change.cell, change.base_revision
            )));
        } else if change.value.is_none() {
            // A cell that was never filled is blank already.
            return Ok((Outcome::Saved { revision: 0 }, None));
        }
        revision += 1;
        let value = change.value.clone();
        self.link
            .run(
                "INSERT INTO entry (sheet, cell, value, revision, person, at, moment) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sheet, cell) DO UPDATE SET \
                 value = excluded.value, revision = excluded.revision, person = excluded.person, \
                 at = excluded.at, moment = excluded.moment",
                args![
                    sheet,
                    &change.cell,
                    value.clone(),
                    revision,
                    author,
                    ctx.now,
                    moment
                ],
            )
            .await?;
        self.link
            .run(
                "INSERT INTO entry_history (sheet, cell, revision, value, person, at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                args![
                    sheet,
                    &change.cell,
                    revision,
                    value.clone(),
                    author,
                    ctx.now
                ],
            )
            .await?;
        let digest = value_digest(sheet, &change.cell, revision, &value);
        let line = json!([change.cell, revision, digest]);
        Ok((Outcome::Saved { revision }, Some(line)))
    }
}
