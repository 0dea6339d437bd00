//! Requests to `/desk` come in; pages, saved cells and documents go out. One file for each concern.

mod cell;
mod download;
pub(crate) mod editor;
mod evidence;
mod import;
mod save;

use super::pages::Viewer;
use super::state::Desk;
use crate::people::{Allowed, People, Permission, Permit};
use crate::store::StoreError;
use axum::Router;
use axum::extract::FromRef;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

/// The routes of the workspace, each with who may use it. The router and its tests are made of this list.
pub const ROUTES: &[(&str, &str, Permission)] = &[
    ("GET", "/desk", Permission::SeeFiling),
    ("GET", "/desk/{id}", Permission::SeeFiling),
    ("GET", "/desk/{id}/projects", Permission::SeeFiling),
    ("POST", "/desk/{id}/projects", Permission::FillForms),
    ("POST", "/desk/{id}/begin", Permission::FillForms),
    ("GET", "/desk/{id}/results", Permission::SeeFiling),
    ("GET", "/desk/{id}/evidence", Permission::SeeFiling),
    ("POST", "/desk/{id}/evidence", Permission::FillForms),
    ("GET", "/desk/{id}/evidence/{file}", Permission::SeeFiling),
    ("POST", "/desk/{id}/evidence/{file}", Permission::FillForms),
    ("GET", "/desk/{id}/import", Permission::FillForms),
    ("POST", "/desk/{id}/import", Permission::FillForms),
    ("POST", "/desk/{id}/import/apply", Permission::FillForms),
    ("GET", "/desk/{id}/download", Permission::SeeFiling),
    ("GET", "/desk/{id}/download/{file}", Permission::SeeFiling),
    ("POST", "/desk/{id}/cells", Permission::FillForms),
    ("GET", "/desk/{id}/changes", Permission::SeeFiling),
    ("GET", "/desk/{id}/{page}", Permission::SeeFiling),
    ("POST", "/desk/{id}/{page}", Permission::FillForms),
    ("GET", "/desk/{id}/{page}/cell", Permission::SeeFiling),
    ("POST", "/desk/{id}/{page}/cell", Permission::WriteRemarks),
];

/// The workspace as part of a site.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Desk: FromRef<S>,
    People: FromRef<S>,
{
    let most = axum::extract::DefaultBodyLimit::max(64 << 20);
    Router::new()
        .route("/desk", get(editor::home))
        .route("/desk/{id}", get(editor::filing))
        .route(
            "/desk/{id}/projects",
            get(editor::projects).post(editor::make_projects),
        )
        .route("/desk/{id}/begin", post(editor::begin))
        .route("/desk/{id}/results", get(editor::results))
        .route(
            "/desk/{id}/evidence",
            get(evidence::list).post(evidence::add).layer(most),
        )
        .route(
            "/desk/{id}/evidence/{file}",
            get(evidence::open).post(evidence::remove),
        )
        .route(
            "/desk/{id}/import",
            get(import::ask).post(import::preview).layer(most),
        )
        .route("/desk/{id}/import/apply", post(import::apply).layer(most))
        .route("/desk/{id}/download", get(download::list))
        .route("/desk/{id}/download/{file}", get(download::file))
        .route("/desk/{id}/cells", post(save::cells))
        .route("/desk/{id}/changes", get(save::changes))
        .route("/desk/{id}/{page}", get(editor::sheet).post(editor::post))
        .route("/desk/{id}/{page}/cell", get(cell::look).post(cell::post))
}

/// What keeps a request from being answered as it was asked.
pub enum Failure {
    /// The store did not do it.
    Store(StoreError),
    /// The request did not come from a page of ours, or from an old one.
    Csrf,
    /// A page could not be drawn.
    Draw,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Store(error)
    }
}

impl From<askama::Error> for Failure {
    fn from(_: askama::Error) -> Failure {
        Failure::Draw
    }
}

impl Failure {
    /// Status and sentence.
    fn told(&self) -> (StatusCode, String) {
        match self {
            Failure::Store(error) => {
                let status = match error {
                    StoreError::Missing => StatusCode::NOT_FOUND,
                    StoreError::Taken | StoreError::Closed | StoreError::KeyReused => {
                        StatusCode::CONFLICT
                    }
                    StoreError::Invalid(_) | StoreError::RolesApart => StatusCode::BAD_REQUEST,
                    StoreError::Newer(_) | StoreError::Lost | StoreError::Database(_) => {
                        tracing::error!(?error, "desk");
                        StatusCode::SERVICE_UNAVAILABLE
                    }
                };
                (status, error.to_string())
            }
            Failure::Csrf => (
                StatusCode::FORBIDDEN,
                "页面已经过期，没有执行。请刷新页面，再做一次。".into(),
            ),
            Failure::Draw => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "页面没有画出来，请稍后再试。".into(),
            ),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        // The site makes a page of it.
        self.told().into_response()
    }
}

/// What a handler of a page gives back.
pub type Answer = Result<Response, Failure>;

fn missing() -> Failure {
    Failure::Store(StoreError::Missing)
}

/// A page: nothing of it is kept by the browser or on the way.
fn page(html: String) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

/// Who looks, by the permission that was proved.
fn viewer<P: Permit>(allowed: &Allowed<P>) -> Viewer {
    Viewer {
        person: allowed.session.pseudonym.clone(),
        csrf: allowed.session.csrf.clone(),
        name: allowed.session.name.clone(),
        fills: allowed.session.may(Permission::FillForms),
        now: allowed.ctx.now,
    }
}

/// Refuses a post without the session's token.
fn ours<P: Permit>(allowed: &Allowed<P>, given: &str) -> Result<(), Failure> {
    match allowed.session.csrf_fits(given) {
        true => Ok(()),
        false => Err(Failure::Csrf),
    }
}
