//! Changed cells come in as JSON; what became of each, the sums, findings and counts of the sheet go out in one answer.

use super::{Failure, missing, ours};
use crate::desk::filing::Checked;
use crate::desk::sheet::Kind;
use crate::desk::state::Desk;
use crate::desk::{key, pages, view, when};
use crate::people::{Allowed, permits};
use crate::store::{Change, Outcome, SheetId, StoreError};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Characters of one cell.
const LONGEST: usize = 20_000;

/// What a page sends.
#[derive(Debug, Deserialize)]
pub struct Request {
    cells: Vec<Sent>,
    /// The filing's revision that the page shows.
    seen: i64,
}

/// A cell with the revision it was based on.
#[derive(Debug, Deserialize)]
struct Sent {
    key: String,
    base: i64,
    value: String,
}

/// What a page is answered.
#[derive(Debug, Default, Serialize)]
struct Answer {
    saved: Vec<SavedCell>,
    conflicts: Vec<Conflict>,
    changes: Vec<Changed>,
    computed: BTreeMap<String, Computed>,
    margins: BTreeMap<String, String>,
    hits: BTreeMap<String, view::Hit>,
    counts: BTreeMap<String, String>,
    list: String,
    why: String,
    shape: String,
    seen: i64,
    at: String,
    took: u128,
}

#[derive(Debug, Serialize)]
struct SavedCell {
    key: String,
    revision: i64,
}

#[derive(Debug, Serialize)]
struct Conflict {
    key: String,
    revision: i64,
    theirs: String,
    by: String,
    at: String,
}

#[derive(Debug, Serialize)]
struct Changed {
    key: String,
    value: String,
    revision: i64,
    by: String,
    at: String,
}

#[derive(Debug, Serialize)]
struct Computed {
    /// What the formula gives.
    gives: String,
    /// Nothing was written in it.
    open: bool,
}

/// Which changes a page has seen.
#[derive(Debug, Deserialize)]
pub struct Since {
    seen: i64,
}

/// Saves cells of a sheet.
pub async fn cells(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path(id): Path<SheetId>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Response {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let done = async {
        ours(&allowed, text("x-csrf").unwrap_or_default())?;
        let key = text("idempotency-key").unwrap_or_default();
        let filing = (desk.store.sheet(&allowed.ctx, &id).await?).ok_or_else(missing)?;
        let changes = to_store(request.cells)?;
        let saved = desk
            .store
            .save_cells(&allowed.ctx, &id, changes, key)
            .await?;
        let checked = desk.check(&allowed.ctx, &filing.filing).await?;
        let checked = checked.ok_or_else(missing)?;
        let mut answer = answer(&desk, &checked, id.as_str(), request.seen).await;
        for cell in saved.cells {
            match cell.outcome {
                Outcome::Saved { revision } => answer.saved.push(SavedCell {
                    key: cell.cell,
                    revision,
                }),
                Outcome::Conflict {
                    theirs,
                    revision,
                    by,
                    at,
                } => answer.conflicts.push(Conflict {
                    key: cell.cell,
                    revision,
                    theirs: theirs.unwrap_or_default(),
                    by: desk.name(by.as_str()).await,
                    at: when::minute(at),
                }),
            }
        }
        answer.at = when::clock(allowed.ctx.now);
        Ok::<_, Failure>(answer)
    };
    match done.await {
        Ok(answer) => fresh(answer),
        Err(failure) => refused(failure),
    }
}

/// A page asks for news.
pub async fn changes(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path(id): Path<SheetId>,
    Query(since): Query<Since>,
) -> Response {
    let news = async {
        let sheet = (desk.store.sheet(&allowed.ctx, &id).await?).ok_or_else(missing)?;
        let filing = desk.store.filing(&allowed.ctx, &sheet.filing).await?;
        if filing.ok_or_else(missing)?.revision <= since.seen {
            return Ok(None);
        }
        let checked = desk.read(&allowed.ctx, &sheet.filing).await?;
        let checked = checked.ok_or_else(missing)?;
        Ok::<_, Failure>(Some(answer(&desk, &checked, id.as_str(), since.seen).await))
    };
    match news.await {
        Ok(Some(answer)) => fresh(answer),
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(failure) => refused(failure),
    }
}

fn fresh(answer: impl Serialize) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

fn refused(failure: Failure) -> Response {
    let (status, why) = failure.told();
    (status, Json(serde_json::json!({ "why": why }))).into_response()
}

fn to_store(cells: Vec<Sent>) -> Result<Vec<Change>, StoreError> {
    let changes = cells.into_iter().map(|cell| {
        if !key::is_sound(&cell.key) {
            return Err(StoreError::Invalid(
                "有一格的编号不是这张表的，没有保存。请刷新页面后再试。".into(),
            ));
        }
        change(cell.key, cell.base, &cell.value)
    });
    changes.collect()
}

/// A change as the store takes it: a blank cell has no value.
pub fn change(key: String, base: i64, value: &str) -> Result<Change, StoreError> {
    let text = value.replace("\r\n", "\n");
    let text = jiheng_model::label::trim(&text);
    if text.chars().count() > LONGEST {
        return Err(StoreError::Invalid(format!("一格最多写 {LONGEST} 个字。")));
    }
    Ok(Change {
        cell: key,
        base_revision: base,
        value: (!text.is_empty()).then(|| text.to_string()),
    })
}

async fn answer(desk: &Desk, checked: &Checked, sheet: &str, seen: i64) -> Answer {
    let mut answer = Answer {
        why: pages::why(checked),
        seen: checked.opened.revision,
        took: checked.took,
        ..Answer::default()
    };
    let Some(place) = checked.place(sheet) else {
        return answer;
    };
    answer.margins = view::margins(checked, place);
    answer.hits = view::hits(checked, place);
    answer.list = view::list(checked, place);
    answer.shape = view::shape(checked, place);
    answer.counts = view::all_counts(checked);
    if let Some(drawn) = checked.package.sheets.get(place) {
        for cell in &drawn.cells {
            if let (Some(key), Some(gives)) = (cell.key(), &cell.computed) {
                let computed = Computed {
                    gives: gives.clone(),
                    open: cell.kind == Kind::Computed,
                };
                answer.computed.insert(key.to_string(), computed);
            }
        }
    }
    for (key, held) in checked.at(place).into_iter().flat_map(|k| &k.cells) {
        if held.moment > seen {
            answer.changes.push(Changed {
                key: key.clone(),
                value: held.text.clone(),
                revision: held.revision,
                by: desk.name(&held.by).await,
                at: when::minute(held.at),
            });
        }
    }
    answer
}
