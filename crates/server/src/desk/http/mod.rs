//! Requests to `/desk` come in; pages, saved cells and documents go out. One file for each concern.

mod cell;
mod download;
pub(crate) mod editor;
mod evidence;
mod import;
mod save;

use super::pages::Viewer;
use crate::people::{Allowed, Permission, Permit};
use crate::route::{Route, Who};
use crate::store::StoreError;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

/// The routes of the workspace.
pub fn routes() -> Vec<Route> {
    let most = DefaultBodyLimit::max(64 << 20);
    let see =
        |path, about, answer| Route::page(path, Who::May(Permission::SeeFiling), about, answer);
    let fill =
        |path, about, answer| Route::post(path, Who::May(Permission::FillForms), about, answer);
    vec![
        see("/desk", "要填报的材料", get(editor::home)),
        see("/desk/{id}", "一份材料的各张表", get(editor::filing)),
        see("/desk/{id}/projects", "项目自评表", get(editor::projects)),
        fill(
            "/desk/{id}/projects",
            "为项目建空表",
            post(editor::make_projects),
        ),
        fill(
            "/desk/{id}/begin",
            "开始填报，带入上年的",
            post(editor::begin),
        ),
        see("/desk/{id}/results", "检查结果", get(editor::results)),
        see("/desk/{id}/evidence", "佐证文件", get(evidence::list)),
        fill(
            "/desk/{id}/evidence",
            "上传佐证文件",
            post(evidence::add).layer(most),
        )
        .api("file"),
        see(
            "/desk/{id}/evidence/{file}",
            "下载佐证文件",
            get(evidence::open),
        ),
        fill(
            "/desk/{id}/evidence/{file}",
            "去掉佐证文件",
            post(evidence::remove),
        ),
        Route::page(
            "/desk/{id}/import",
            Who::May(Permission::FillForms),
            "选择要导入的文件",
            get(import::ask),
        ),
        fill(
            "/desk/{id}/import",
            "预览要导入的文件",
            post(import::preview).layer(most),
        )
        .api("file"),
        fill(
            "/desk/{id}/import/apply",
            "填入预览过的内容",
            post(import::apply).layer(most),
        ),
        see("/desk/{id}/download", "可以下载的文件", get(download::list)),
        see(
            "/desk/{id}/download/{file}",
            "下载一个文件",
            get(download::file),
        ),
        fill("/desk/{id}/cells", "保存一张表的格", post(save::cells)),
        see("/desk/{id}/changes", "别人的改动", get(save::changes)),
        see("/desk/{id}/{page}", "填一张表", get(editor::sheet)),
        fill(
            "/desk/{id}/{page}",
            "不用脚本保存一张表",
            post(editor::post).layer(most),
        ),
        see(
            "/desk/{id}/{page}/cell",
            "一格的批注和历史",
            get(cell::look),
        ),
        Route::post(
            "/desk/{id}/{page}/cell",
            Who::May(Permission::WriteRemarks),
            "写批注，或改回以前的值",
            post(cell::post),
        ),
    ]
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
