//! The operator's choices come in; a site that answers requests until it is told to stop goes out.

use crate::desk::http as desk_routes;
use crate::desk::state::Desk;
use crate::limits::{Buckets, Gate, Limits};
use crate::people::{People, Settings};
use crate::route::{self, Line, Route, Who};
use crate::store::Store;
use crate::trouble::{self, Trouble};
use crate::watch::{self, Counters};
use crate::{account, assets, front, headers, manage};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Bytes of a form that uploads nothing.
const SMALL_FORM: usize = 1 << 20;
/// How long requests that are being answered may still take when the server is told to stop.
const FAREWELL: Duration = Duration::from_secs(30);

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    /// The store and all that signing in needs.
    pub people: People,
    /// The workspace of the units.
    pub desk: Desk,
    /// What one request and all of them may take.
    pub limits: Arc<Limits>,
    /// The turnstile of checks.
    pub gate: Arc<Gate>,
    /// How often an address may check.
    pub buckets: Arc<Buckets>,
    /// How often an address may try to sign in.
    pub attempts: Arc<Buckets>,
    /// Counters for `/metrics`.
    pub counters: Arc<Counters>,
    /// A proxy stands in front: addresses are what it says, cookies are for TLS only.
    pub behind_proxy: bool,
}

impl FromRef<Site> for People {
    fn from_ref(site: &Site) -> People {
        site.people.clone()
    }
}

impl FromRef<Site> for Desk {
    fn from_ref(site: &Site) -> Desk {
        site.desk.clone()
    }
}

impl FromRef<Site> for Store {
    fn from_ref(site: &Site) -> Store {
        site.people.store.clone()
    }
}

impl Site {
    /// A site on a store.
    pub fn new(store: Store, limits: Limits, behind_proxy: bool) -> Site {
        Site {
            desk: Desk::new(store.clone()),
            people: People::new(store, Settings::default()),
            gate: Arc::new(Gate::new(&limits)),
            buckets: Arc::new(Buckets::new(limits.burst, limits.per_minute)),
            attempts: Arc::new(Buckets::new(limits.attempts, limits.attempts)),
            counters: Arc::default(),
            limits: Arc::new(limits),
            behind_proxy,
        }
    }

    /// Every route with who may use it.
    pub fn table(&self) -> Vec<Line> {
        self.routes().into_iter().map(|r| r.line).collect()
    }

    /// All routes with what answers.
    fn routes(&self) -> Vec<Route> {
        let mut routes = front::routes(self.limits.upload);
        routes.extend(account::routes());
        routes.extend(manage::routes());
        routes.extend(desk_routes::routes());
        routes.extend([
            Route::page(
                "/assets/{*name}",
                Who::Anybody,
                "样式与脚本",
                get(assets::serve),
            ),
            Route::page("/health", Who::Anybody, "服务与数据库是否正常", get(health)),
            Route::page(
                "/metrics",
                Who::ThisMachine,
                "计数（Prometheus）",
                get(metrics),
            ),
            Route::page(
                "/openapi.json",
                Who::Anybody,
                "接口说明（OpenAPI 3.1）",
                get(openapi),
            ),
        ]);
        routes
    }

    /// The site as a service.
    pub fn app(self) -> Router {
        route::router(self.routes())
            .fallback(|| async { StatusCode::NOT_FOUND })
            .layer(DefaultBodyLimit::max(SMALL_FORM))
            .layer(CatchPanicLayer::custom(trouble::after_panic))
            .layer(middleware::from_fn(trouble::dress))
            .layer(CompressionLayer::new().gzip(true))
            .layer(middleware::from_fn(headers::protect))
            .layer(middleware::from_fn_with_state(
                Arc::clone(&self.counters),
                watch::note,
            ))
            .with_state(self)
    }

    /// Answers on this listener until the process is told to stop, then finishes what was begun.
    ///
    /// # Errors
    /// When the listener breaks.
    pub async fn serve(self, listener: tokio::net::TcpListener) -> std::io::Result<()> {
        let store = self.people.store.clone();
        let app = self
            .app()
            .into_make_service_with_connect_info::<SocketAddr>();
        let (told, mut tell) = tokio::sync::watch::channel(false);
        let stop = async move {
            told_to_stop().await;
            tracing::info!("stopping");
            let _ = told.send(true);
        };
        let serving = axum::serve(listener, app).with_graceful_shutdown(stop);
        let farewell = async {
            let _ = tell.wait_for(|told| *told).await;
            tokio::time::sleep(FAREWELL).await;
        };
        let served = tokio::select! {
            served = std::future::IntoFuture::into_future(serving) => served,
            () = farewell => Ok(()),
        };
        store.close().await;
        served
    }
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

async fn health(State(store): State<Store>) -> Response {
    match store.answers().await {
        Ok(()) => "ok\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "数据库没有答复。").into_response(),
    }
}

async fn metrics(
    State(site): State<Site>,
    peer: Peer,
    parts: axum::http::HeaderMap,
) -> Result<Response, Trouble> {
    // Behind a proxy everybody comes from this machine; a program that asks for itself names nobody else.
    let relayed = parts.contains_key("x-forwarded-for") || parts.contains_key(header::FORWARDED);
    if !peer.0.is_loopback() || relayed {
        return Err(Trouble::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "没有这一页",
            "从首页再进一次。",
        ));
    }
    let about = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    Ok((about, site.counters.text(&site.gate)).into_response())
}

async fn openapi(State(site): State<Site>) -> Response {
    Json(route::openapi(&site.table())).into_response()
}

/// The address a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl FromRequestParts<Site> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Peer, Infallible> {
        let socket = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let socket = socket.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |c| c.0.ip());
        // The last entry is the proxy's own; those before it anybody can write.
        let told = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let told = told.and_then(|v| v.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        Ok(Peer(match (site.behind_proxy, told) {
            (true, Some(told)) => told,
            _ => socket,
        }))
    }
}
