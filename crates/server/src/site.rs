//! The rooms of the platform come in; one router with the headers and limits that all pages share goes out.

use crate::front::Front;
use crate::people::People;
use crate::store::Store;
use crate::{assets, front, health};
use axum::Router;
use axum::extract::{FromRef, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

/// What every handler can ask for.
#[derive(Clone)]
pub struct Site {
    /// The database.
    pub store: Store,
    /// Sessions and roles.
    pub people: People,
    /// The check without login.
    pub front: Front,
    /// Counts of requests.
    pub meter: health::Meter,
}

/// No handler works longer than this; a check ends by its own limits before.
const LONGEST: Duration = Duration::from_secs(60);

/// Scripts and styles are files of ours; nobody frames a page; forms go nowhere else.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

impl FromRef<Site> for Store {
    fn from_ref(site: &Site) -> Store {
        site.store.clone()
    }
}

impl FromRef<Site> for People {
    fn from_ref(site: &Site) -> People {
        site.people.clone()
    }
}

impl FromRef<Site> for Front {
    fn from_ref(site: &Site) -> Front {
        site.front.clone()
    }
}

impl FromRef<Site> for health::Meter {
    fn from_ref(site: &Site) -> health::Meter {
        site.meter.clone()
    }
}

/// The whole platform.
pub fn router(site: Site) -> Router {
    Router::new()
        .merge(front::routes())
        .merge(health::routes())
        .merge(assets::routes())
        .fallback(missing)
        .layer(middleware::from_fn_with_state(
            site.clone(),
            health::measure,
        ))
        .layer(middleware::from_fn(shared_headers))
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| {
                page(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "这一步没有做成",
                    "程序在这里出了错，已经记下。您填的内容没有丢。请回到上一页再试一次。",
                )
            },
        ))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            LONGEST,
        ))
        .layer(CompressionLayer::new())
        .with_state(site)
}

async fn missing() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "没有这一页",
        "地址不对，或者这份材料不在您能看的范围内。请从首页或工作区进入。",
    )
}

/// A page that says in plain words what happened and what to do next.
pub fn page(status: StatusCode, title: &str, sentence: &str) -> Response {
    (status, front::notice(title, sentence)).into_response()
}

async fn shared_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(
        header::HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    );
    response
}
