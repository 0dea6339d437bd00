//! Requests and answers come in; log lines and counters without anything personal go out.
//!
//! A line names the route as the program writes it, never the address that was asked for, no name of a file, no
//! content, nobody's address.

use crate::limits::Gate;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Upper bounds of the buckets of durations, in seconds.
const BOUNDS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.3, 1.0, 5.0, 30.0];

#[derive(Clone, Debug, Default)]
struct Timing {
    count: u64,
    seconds: f64,
    within: [u64; BOUNDS.len()],
}

/// Counters by method, route and status.
#[derive(Debug, Default)]
pub struct Counters(Mutex<BTreeMap<(String, String, u16), Timing>>);

impl Counters {
    fn add(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let Ok(mut all) = self.0.lock() else { return };
        let key = (method.as_str().to_string(), route.to_string(), status);
        let timing = all.entry(key).or_default();
        let seconds = took.as_secs_f64();
        timing.count += 1;
        timing.seconds += seconds;
        for (bound, within) in BOUNDS.iter().zip(&mut timing.within) {
            *within += u64::from(seconds <= *bound);
        }
    }

    /// As Prometheus reads it.
    pub fn text(&self, gate: &Gate) -> String {
        let all = self.0.lock().map(|a| a.clone()).unwrap_or_default();
        let (running, waiting) = gate.load();
        let mut out = String::new();
        let _ = writeln!(
            out,
            "# TYPE jiheng_checks_running gauge\njiheng_checks_running {running}"
        );
        let _ = writeln!(
            out,
            "# TYPE jiheng_checks_waiting gauge\njiheng_checks_waiting {waiting}"
        );
        out.push_str("# TYPE jiheng_request_seconds histogram\n");
        for ((method, route, status), t) in all {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (bound, within) in BOUNDS.iter().zip(t.within) {
                let _ = writeln!(
                    out,
                    "jiheng_request_seconds_bucket{{{labels},le=\"{bound}\"}} {within}"
                );
            }
            let _ = writeln!(
                out,
                "jiheng_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}",
                t.count
            );
            let _ = writeln!(
                out,
                "jiheng_request_seconds_sum{{{labels}}} {:.6}",
                t.seconds
            );
            let _ = writeln!(out, "jiheng_request_seconds_count{{{labels}}} {}", t.count);
        }
        out
    }
}

/// Notes each request when it is answered.
pub async fn note(State(counters): State<Arc<Counters>>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = match *request.method() {
        Method::GET | Method::POST | Method::HEAD | Method::PUT | Method::DELETE => {
            request.method().clone()
        }
        // Anybody can make up a method.
        _ => Method::OPTIONS,
    };
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "(none)".to_string(), |m| m.as_str().to_string());
    let received = request.headers().get(header::CONTENT_LENGTH);
    let received: u64 = received
        .and_then(|v| v.to_str().ok()?.parse().ok())
        .unwrap_or(0);
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    counters.add(&method, &route, status, took);
    let ms = took.as_micros() as f64 / 1000.0;
    tracing::info!(%method, route, status, ms, received, "request");
    response
}
