//! A cell is looked at by itself: its remarks and every value it ever had; remarks are written and resolved, and an earlier value is put back.

use super::save::change;
use super::{Answer, missing, ours, page, viewer};
use crate::desk::pages::{self, Top};
use crate::desk::state::Desk;
use crate::desk::{key, when};
use crate::people::{Allowed, Permission, Scope, permits};
use crate::store::{Context, FilingId, RemarkId, SheetId, id};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

/// Which cell.
#[derive(Debug, Deserialize)]
pub struct Which {
    cell: String,
}

/// What is done with it.
#[derive(Debug, Deserialize)]
pub struct Deed {
    csrf: String,
    cell: String,
    #[serde(default)]
    remark: String,
    #[serde(default)]
    resolve: String,
    #[serde(default)]
    reopen: String,
    #[serde(default)]
    restore: Option<i64>,
}

#[derive(Template)]
#[template(path = "desk/cell.html")]
struct CellPage {
    top: Top,
    csrf: String,
    sheet: String,
    cell: String,
    label: String,
    value: String,
    remarks: Vec<RemarkRow>,
    past: Vec<PastRow>,
}

struct RemarkRow {
    id: String,
    text: String,
    by: String,
    at: String,
    resolved: Option<String>,
}

struct PastRow {
    revision: i64,
    value: String,
    by: String,
    at: String,
    now: bool,
}

/// The page of a cell.
pub async fn look(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path((filing, sheet)): Path<(FilingId, String)>,
    Query(which): Query<Which>,
) -> Answer {
    let checked = desk
        .read(&allowed.ctx, &filing)
        .await?
        .ok_or_else(missing)?;
    let place = checked.place(&sheet).ok_or_else(missing)?;
    let drawn = checked.package.sheets.get(place);
    let cell = drawn.and_then(|s| s.cell(&which.cell));
    let id = SheetId::from(sheet.as_str());
    let past = desk.store.history(&allowed.ctx, &id, &which.cell).await?;
    let mut rows = Vec::new();
    for (at, p) in past.ok_or_else(missing)?.into_iter().enumerate() {
        rows.push(PastRow {
            revision: p.revision,
            value: p.value.unwrap_or_default(),
            by: desk.name(p.by.as_str()).await,
            at: when::full(p.at),
            now: at == 0,
        });
    }
    let mut remarks = Vec::new();
    for remark in desk.store.remarks(&allowed.ctx, &id).await? {
        if remark.cell != which.cell {
            continue;
        }
        let resolved = match &remark.resolved {
            Some((by, at)) => Some(format!(
                "{} {}",
                desk.name(by.as_str()).await,
                when::full(*at)
            )),
            None => None,
        };
        remarks.push(RemarkRow {
            id: remark.id.to_string(),
            text: remark.text,
            by: desk.name(remark.by.as_str()).await,
            at: when::full(remark.at),
            resolved,
        });
    }
    let viewer = viewer(&allowed);
    let html = CellPage {
        top: pages::top(&checked, &sheet, &viewer, false),
        csrf: viewer.csrf.clone(),
        label: cell.map_or_else(|| "报告的一段".into(), |c| c.label.clone()),
        value: rows.first().map_or_else(String::new, |r| r.value.clone()),
        cell: which.cell,
        sheet,
        remarks,
        past: rows,
    };
    Ok(page(html.render()?))
}

/// Writes or resolves a remark, or puts an earlier value back.
pub async fn post(
    allowed: Allowed<permits::WriteRemarks>,
    State(desk): State<Desk>,
    Path((filing, sheet)): Path<(FilingId, String)>,
    Form(deed): Form<Deed>,
) -> Answer {
    ours(&allowed, &deed.csrf)?;
    if !key::is_sound(&deed.cell) {
        return Err(missing());
    }
    let id = SheetId::from(sheet.as_str());
    let found = (desk.store.sheet(&allowed.ctx, &id).await?).ok_or_else(missing)?;
    if found.filing != filing {
        return Err(missing());
    }
    if let Some(revision) = deed.restore {
        // Whoever may write remarks may not for that reason fill forms.
        let ctx = Context {
            scope: Scope::of(&allowed.session.grants, Permission::FillForms),
            ..allowed.ctx.clone()
        };
        let past = desk
            .store
            .history(&ctx, &id, &deed.cell)
            .await?
            .ok_or_else(missing)?;
        let then = past
            .iter()
            .find(|p| p.revision == revision)
            .ok_or_else(missing)?;
        let base = past.first().map_or(0, |p| p.revision);
        let value = then.value.clone().unwrap_or_default();
        let change = change(deed.cell.clone(), base, &value)?;
        desk.store
            .save_cells(&ctx, &id, vec![change], &id::random())
            .await?;
    } else if !deed.resolve.is_empty() {
        let remark = RemarkId::from(deed.resolve.as_str());
        desk.store
            .resolve_remark(&allowed.ctx, &remark, true)
            .await?;
    } else if !deed.reopen.is_empty() {
        let remark = RemarkId::from(deed.reopen.as_str());
        desk.store
            .resolve_remark(&allowed.ctx, &remark, false)
            .await?;
    } else if !deed.remark.trim().is_empty() {
        let text: String = deed.remark.chars().take(2000).collect();
        desk.store
            .add_remark(&allowed.ctx, &id, &deed.cell, &text)
            .await?;
    }
    let to = format!("/desk/{filing}/{sheet}/cell?cell={}", deed.cell);
    Ok(Redirect::to(&to).into_response())
}
