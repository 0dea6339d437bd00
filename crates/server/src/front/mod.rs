//! Files that somebody drops on the front page come in; what was found in them, and nothing of them kept, goes out.
//!
//! Nobody signs in here. Files stay in memory until they are answered; the answer carries the commented
//! copies itself, so that no address leads to anybody's material afterwards.

mod answer;
mod gate;
mod upload;

use crate::site;
use askama::Template;
use axum::Router;
use axum::extract::{
    ConnectInfo, DefaultBodyLimit, FromRef, FromRequest, Multipart, Request, State,
};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use gate::Gate;
use jiheng_engine::check::listing;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_model::Severity;
use std::net::SocketAddr;
use upload::Refusal;

/// The largest request, in bytes: a bundle of a whole department.
pub const LARGEST: usize = 64 << 20;

/// The package that the front page shows to whoever has none at hand.
const SAMPLE: &[u8] = include_bytes!("../../../../samples/yueyang-2023/package.docx");

/// The check without login. Cheap to clone.
#[derive(Clone)]
pub struct Front {
    shelf: &'static Shelf,
    gate: Gate,
}

impl Default for Front {
    fn default() -> Front {
        Front::new()
    }
}

impl Front {
    /// With the program's own rulebooks, as many checks at a time as there are processors.
    pub fn new() -> Front {
        Front {
            shelf: Shelf::embedded(),
            gate: Gate::new(),
        }
    }
}

/// The routes of this room; nobody signs in for them.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Front: FromRef<S>,
{
    Router::new()
        .route("/", get(home))
        .route("/sample", get(sample))
        .route("/rules", get(rules))
        .route("/check", post(check).layer(DefaultBodyLimit::max(LARGEST)))
}

#[derive(Template)]
#[template(path = "front/front.html")]
struct Home {
    rulebooks: Vec<String>,
    refusal: Option<Refusal>,
}

#[derive(Template)]
#[template(path = "front/notice.html")]
struct Notice<'a> {
    title: &'a str,
    sentence: &'a str,
}

/// A page of one sentence.
pub fn notice(title: &str, sentence: &str) -> Html<String> {
    let page = Notice { title, sentence }.render();
    Html(page.unwrap_or_else(|_| sentence.to_string()))
}

fn draw(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "page not drawn");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn front(shelf: &Shelf, status: StatusCode, refusal: Option<Refusal>) -> Response {
    let rulebooks = shelf.rulebooks.values().map(|r| r.title.clone()).collect();
    draw(status, &Home { rulebooks, refusal })
}

async fn home(State(front_room): State<Front>) -> Response {
    front(front_room.shelf, StatusCode::OK, None)
}

/// The sample, checked as anybody's file is.
async fn sample(State(front): State<Front>, headers: HeaderMap) -> Response {
    let file = SourceFile {
        name: "样例：2023年度绩效自评材料.docx".into(),
        bytes: SAMPLE.to_vec(),
    };
    let package = Package { files: vec![file] };
    run(front, package, wants_json(&headers)).await
}

async fn check(State(front): State<Front>, request: Request) -> Response {
    let json = wants_json(request.headers());
    if let Some(ConnectInfo(from)) = request.extensions().get::<ConnectInfo<SocketAddr>>()
        && !front.gate.admits(from.ip())
    {
        return refused(&front, json, Refusal::too_often());
    }
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|l| l.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > LARGEST) {
        return refused(&front, json, Refusal::too_large());
    }
    let package = match Multipart::from_request(request, &()).await {
        Ok(parts) => upload::package(parts).await,
        Err(_) => Err(Refusal::nothing()),
    };
    match package {
        Ok(package) => run(front, package, json).await,
        Err(refusal) => refused(&front, json, refusal),
    }
}

async fn run(front: Front, package: Package, json: bool) -> Response {
    let Some(turn) = front.gate.turn().await else {
        return refused(&front, json, Refusal::busy());
    };
    let shelf = front.shelf;
    let done = tokio::task::spawn_blocking(move || {
        let answered = answer::answer(&package, shelf, json);
        drop(turn);
        answered
    });
    match done.await {
        Ok(Ok(answered)) => answered.into_response(),
        Ok(Err(refusal)) => refused(&front, json, refusal),
        Err(_) => refused(&front, json, Refusal::broken()),
    }
}

fn refused(room: &Front, json: bool, refusal: Refusal) -> Response {
    let status = refusal.status;
    let mut response = if json {
        let body = serde_json::json!({ "schema": 1, "error": refusal.reasons.join("；"), "advice": refusal.advice });
        (
            status,
            [(header::CONTENT_TYPE, "application/json")],
            body.to_string(),
        )
            .into_response()
    } else {
        front(room.shelf, status, Some(refusal))
    };
    if matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    ) {
        let wait = header::HeaderValue::from_static("10");
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok());
    accept.is_some_and(|a| a.contains("application/json"))
}

struct RuleLine {
    code: String,
    class: &'static str,
    level: &'static str,
    title: String,
    what: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "front/rules.html")]
struct Rules {
    rulebook: String,
    rules: Vec<RuleLine>,
}

/// The rules of the rulebook that the sample is checked by; every other one has these too.
async fn rules(State(front): State<Front>) -> Response {
    let own = front.shelf.rulebooks.values();
    let Some(rulebook) = own.max_by_key(|r| r.chain.len()) else {
        return site::page(StatusCode::NOT_FOUND, "没有规程包", "程序里没有规程包。");
    };
    let rules = listing::rules(rulebook);
    let rules = rules.into_iter().map(|rule| RuleLine {
        class: match rule.severity {
            Severity::Error => "E",
            Severity::Warning => "W",
            Severity::Hint => "H",
        },
        level: rule.severity.chinese(),
        basis: jiheng_engine::check::report::cites(rulebook, &rule.basis),
        title: rule.title.to_string(),
        what: rule.what.to_string(),
        code: rule.code.to_string(),
    });
    let page = Rules {
        rulebook: rulebook.title.clone(),
        rules: rules.collect(),
    };
    draw(StatusCode::OK, &page)
}
