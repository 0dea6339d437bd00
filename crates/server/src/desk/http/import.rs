//! A Word or Excel file of the unit's own comes in; a preview of what it would fill goes out, and, once confirmed, its cells are filled.

use super::evidence::parts;
use super::{Answer, editor, missing, ours, page, viewer};
use crate::desk::import::{Plan, plan};
use crate::desk::pages::{self, Top};
use crate::desk::state::Desk;
use crate::people::{Allowed, permits};
use crate::store::{FilingId, StoreError};
use askama::Template;
use axum::extract::{Form, Multipart, Path, State};
use axum::response::{IntoResponse, Redirect};
use jiheng_engine::read::{self, Package, SourceFile};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "desk/import.html")]
struct ImportPage {
    top: Top,
    csrf: String,
    plan: Option<Plan>,
    json: String,
    cells: usize,
    kept: usize,
}

/// Asks for a file.
pub async fn ask(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
) -> Answer {
    let checked = desk.read(&allowed.ctx, &id).await?.ok_or_else(missing)?;
    let viewer = viewer(&allowed);
    let html = ImportPage {
        top: pages::top(&checked, "import", &viewer, false),
        csrf: viewer.csrf.clone(),
        plan: None,
        json: String::new(),
        cells: 0,
        kept: 0,
    };
    Ok(page(html.render()?))
}

/// Shows what files would fill.
pub async fn preview(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
    form: Multipart,
) -> Answer {
    let (token, files) = parts(form).await?;
    ours(&allowed, &token)?;
    let checked = desk.read(&allowed.ctx, &id).await?.ok_or_else(missing)?;
    let (shelf, rulebook) = (desk.shelf, checked.opened.rulebook.clone());
    let read = tokio::task::spawn_blocking(move || {
        let files = files
            .into_iter()
            .map(|(name, bytes)| SourceFile { name, bytes });
        let package = Package {
            files: files.collect(),
        };
        jiheng_engine::evaluate(&package, shelf, Some(&rulebook))
    });
    let read = read
        .await
        .map_err(|e| StoreError::Database(e.to_string()))?;
    let read = read.map_err(|_| StoreError::Missing)?;
    if !read::is_readable(&read.documents) {
        let why = read::why_unreadable(&read.documents).join("\n");
        return Err(StoreError::Invalid(why).into());
    }
    let plan = plan(&checked.opened, &read);
    let viewer = viewer(&allowed);
    let html = ImportPage {
        top: pages::top(&checked, "import", &viewer, false),
        csrf: viewer.csrf.clone(),
        json: serde_json::to_string(&plan).unwrap_or_default(),
        cells: plan.moves.iter().map(|m| m.cells.len()).sum(),
        kept: plan.moves.iter().map(|m| m.kept.len()).sum(),
        plan: Some(plan),
    };
    Ok(page(html.render()?))
}

/// A plan that was looked at and confirmed.
#[derive(Debug, Deserialize)]
pub struct Confirmed {
    csrf: String,
    plan: String,
}

/// Fills what was confirmed.
pub async fn apply(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
    Form(confirmed): Form<Confirmed>,
) -> Answer {
    ours(&allowed, &confirmed.csrf)?;
    let plan: Plan = serde_json::from_str(&confirmed.plan)
        .map_err(|_| StoreError::Invalid("预览已经过期，请重新选择文件。".into()))?;
    let checked = desk.read(&allowed.ctx, &id).await?.ok_or_else(missing)?;
    let filled = editor::apply(&desk, &allowed.ctx, &id, &checked, plan.moves).await?;
    Ok(Redirect::to(&format!("/desk/{id}?told=filled&n={filled}")).into_response())
}
