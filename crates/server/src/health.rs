//! Requests pass by; whether the server is well, and counts without anything personal, go out.

use crate::store::Store;
use axum::Router;
use axum::extract::{FromRef, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Upper bounds of the time that requests took, in milliseconds.
const BOUNDS: [u64; 8] = [1, 5, 10, 25, 50, 100, 500, 2000];

/// Counts of requests by route and status; cheap to clone.
#[derive(Clone, Default)]
pub struct Meter(Arc<Mutex<BTreeMap<(String, u16), Count>>>);

#[derive(Clone, Copy, Default)]
struct Count {
    requests: u64,
    within: [u64; BOUNDS.len()],
    micros: u64,
}

impl Meter {
    fn add(&self, route: String, status: u16, micros: u64) {
        let mut counts = self.0.lock().unwrap_or_else(|e| e.into_inner());
        let count = counts.entry((route, status)).or_default();
        count.requests += 1;
        count.micros += micros;
        for (within, bound) in count.within.iter_mut().zip(BOUNDS) {
            *within += u64::from(micros <= bound * 1000);
        }
    }

    /// The counts as Prometheus reads them.
    pub fn text(&self) -> String {
        let counts = self.0.lock().unwrap_or_else(|e| e.into_inner());
        let mut out = String::from(
            "# HELP jiheng_request_seconds Time from a request to its answer.\n# TYPE jiheng_request_seconds histogram\n",
        );
        for ((route, status), count) in counts.iter() {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            for (within, bound) in count.within.iter().zip(BOUNDS) {
                let seconds = bound as f64 / 1000.0;
                let _ = writeln!(
                    out,
                    "jiheng_request_seconds_bucket{{{labels},le=\"{seconds}\"}} {within}"
                );
            }
            let (all, sum) = (count.requests, count.micros as f64 / 1e6);
            let _ = writeln!(
                out,
                "jiheng_request_seconds_bucket{{{labels},le=\"+Inf\"}} {all}"
            );
            let _ = writeln!(out, "jiheng_request_seconds_sum{{{labels}}} {sum}");
            let _ = writeln!(out, "jiheng_request_seconds_count{{{labels}}} {all}");
        }
        out
    }
}

/// The routes of this room.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Store: FromRef<S>,
    Meter: FromRef<S>,
{
    Router::new()
        .route("/health", get(health))
        .route("/metrics", get(metrics))
}

async fn health(State(store): State<Store>) -> Response {
    match store.answers().await {
        Ok(()) => "ok".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database").into_response(),
    }
}

async fn metrics(State(meter): State<Meter>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], meter.text()).into_response()
}

/// Counts a request under its route as it is written in the router: no address, no name, no query.
pub async fn measure(State(meter): State<Meter>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("none", MatchedPath::as_str).to_string();
    let method = request.method().clone();
    let begin = Instant::now();
    let response = next.run(request).await;
    let micros = begin.elapsed().as_micros() as u64;
    let status = response.status().as_u16();
    tracing::info!(%method, route, status, micros, "request");
    meter.add(format!("{method} {route}"), status, micros);
    response
}
