//! Anybody's files come in; findings at their cells, the commented file and the list go out, and nothing stays.
//!
//! The server keeps no file between two requests: a result page carries its package, in letters, in hidden fields of
//! its own form, and gives it back when the commented file or the list is asked for. So downloads work without scripts,
//! on any of several servers, after a restart; nothing has to be forgotten in time. A package that is too large to
//! carry is chosen again.

mod examine;
mod upload;

use crate::assets;
use crate::people::Session;
use crate::route::{Route, Who};
use crate::site::{Peer, Site};
use crate::trouble::{Trouble, page_of, wants_json};
use askama::Template;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use examine::{Download, Examined, examine};
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_render::html::{self, Frame};
use jiheng_render::{json, xlsx};
use std::sync::OnceLock;
use std::time::Instant;
use upload::Upload;

/// The specimen that the front page shows to those who have no material at hand.
const SAMPLE: &[u8] = include_bytes!("../../../../samples/yueyang-2023/package.docx");
/// What it is called.
const SAMPLE_NAME: &str = "样例：2023年度绩效自评材料.docx";
/// Media type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes of the front page. `upload` bounds the bodies.
pub fn routes(upload: usize) -> Vec<Route> {
    // Letters take four bytes for three, and a form its own.
    let bounded = || DefaultBodyLimit::max(upload / 2 * 3 + (1 << 20));
    vec![
        Route::page("/", Who::Anybody, "核对页", get(front)),
        Route::page("/sample", Who::Anybody, "样例的核对结果", get(sample)),
        Route::page(
            "/check",
            Who::Anybody,
            "回到核对页",
            get(|| async { Redirect::to("/") }),
        ),
        Route::post(
            "/check",
            Who::Anybody,
            "核对一套材料",
            post(check).layer(bounded()),
        )
        .api("file"),
        Route::post(
            "/check/annotated",
            Who::Anybody,
            "批注版",
            post(annotated).layer(bounded()),
        )
        .api("file"),
        Route::post(
            "/check/list",
            Who::Anybody,
            "整改清单",
            post(list).layer(bounded()),
        )
        .api("file"),
    ]
}

#[derive(Template)]
#[template(path = "front.html")]
struct FrontPage<'a> {
    head: &'static str,
    icons: &'static str,
    name: Option<&'a str>,
    rulebooks: usize,
    most: usize,
}

async fn front(
    State(site): State<Site>,
    session: Result<Session, crate::people::Refused>,
) -> Response {
    page_of(&FrontPage {
        head: assets::head(),
        icons: html::ICONS,
        name: session.as_ref().ok().map(|s| s.name.as_str()),
        rulebooks: Shelf::embedded().rulebooks.len(),
        most: site.limits.upload >> 20,
    })
}

/// The specimen's page; the same every time, so it is made once.
async fn sample(State(site): State<Site>) -> Result<Response, Trouble> {
    static PAGE: OnceLock<String> = OnceLock::new();
    if PAGE.get().is_none() {
        let file = SourceFile {
            name: SAMPLE_NAME.into(),
            bytes: SAMPLE.to_vec(),
        };
        let package = Package { files: vec![file] };
        let carried = site.limits.carried;
        let page = in_turn(&site, move || {
            examine(package).map(|e| result_page(&e, carried))
        });
        let page = page.await??;
        let _ = PAGE.set(page);
    }
    let page = PAGE.get().map_or("", String::as_str);
    Ok(Html(page).into_response())
}

async fn check(
    State(site): State<Site>,
    Peer(peer): Peer,
    headers: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Trouble> {
    let as_json = wants_json(&headers);
    let carried = site.limits.carried;
    let text = checked(&site, peer, &headers, form, move |examined| match as_json {
        true => json::check(&examined.results()),
        false => result_page(&examined, carried),
    });
    let text = text.await?;
    Ok(match as_json {
        true => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        false => Html(text).into_response(),
    })
}

async fn annotated(
    State(site): State<Site>,
    Peer(peer): Peer,
    headers: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Trouble> {
    let file = checked(&site, peer, &headers, form, |examined| examined.commented());
    Ok(download(file.await?))
}

async fn list(
    State(site): State<Site>,
    Peer(peer): Peer,
    headers: HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Trouble> {
    let bytes = checked(&site, peer, &headers, form, |examined| {
        xlsx::findings(&examined.results())
    });
    let bytes = bytes.await?.map_err(|_| Trouble::broken())?;
    let name = "整改清单.xlsx".to_string();
    Ok(download(Download { name, bytes }))
}

/// Receives a package, waits for a turn, checks it, and makes something of the results.
async fn checked<T: Send + 'static>(
    site: &Site,
    peer: std::net::IpAddr,
    headers: &HeaderMap,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
    make: impl FnOnce(Examined) -> T + Send + 'static,
) -> Result<T, Trouble> {
    site.buckets.take(peer, Instant::now())?;
    let form = form.map_err(|_| {
        Trouble::new(
            axum::http::StatusCode::BAD_REQUEST,
            "bad_form",
            "没有收到文件",
            "用表单的 file 栏送文件（multipart/form-data），或从首页选文件。",
        )
    })?;
    let Upload { package, memory } =
        upload::receive(form, headers, &site.gate, &site.limits).await?;
    in_turn(site, move || {
        let made = examine(package).map(make);
        drop(memory);
        made
    })
    .await?
}

/// Runs work that blocks when its turn comes. Work that takes too long keeps its turn, but nobody waits for it.
async fn in_turn<T: Send + 'static>(
    site: &Site,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Trouble> {
    let turn = site.gate.turn().await?;
    let work = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    match tokio::time::timeout(site.limits.checking, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(Trouble::broken()),
        Err(_) => Err(Trouble::new(
            axum::http::StatusCode::SERVICE_UNAVAILABLE,
            "too_long",
            "这份材料核得太久，没有核完",
            "拆成几份再放一次；还是这样，用命令行核：jiheng evaluate。",
        )),
    }
}

#[derive(Template)]
#[template(path = "result_bar.html")]
struct ResultBar {
    files: String,
    took: String,
    commented: &'static str,
    held: Vec<String>,
    carried: bool,
}

/// The findings page of the command line, within the server's bar.
fn result_page(examined: &Examined, carried: usize) -> String {
    let size: usize = examined.package.files.iter().map(|f| f.bytes.len()).sum();
    let carried = size <= carried;
    let names: Vec<&str> = examined
        .package
        .files
        .iter()
        .map(|f| f.name.as_str())
        .collect();
    let files = match names.as_slice() {
        [one] => (*one).to_string(),
        [first, ..] => format!("{first} 等 {} 个文件", names.len()),
        [] => String::new(),
    };
    let bar = ResultBar {
        files,
        took: took(examined.took),
        commented: examined.commented_is(),
        held: match carried {
            true => examined.package.files.iter().map(upload::pack).collect(),
            false => Vec::new(),
        },
        carried,
    };
    static HEAD: OnceLock<String> = OnceLock::new();
    let head = HEAD.get_or_init(|| {
        assets::links(&[
            "tokens.css",
            "findings.css",
            "site.css",
            "findings.js",
            "site.js",
        ])
    });
    let bar = bar.render().unwrap_or_default();
    html::findings_within(&examined.results(), Frame { head, bar: &bar })
}

/// "1.8 毫秒".
fn took(time: std::time::Duration) -> String {
    let ms = time.as_micros() as f64 / 1000.0;
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} 毫秒"),
        ms if ms < 1000.0 => format!("{ms:.0} 毫秒"),
        ms => format!("{:.1} 秒", ms / 1000.0),
    }
}

/// A file for the disk, never for the window: what was uploaded as a page must not run as one.
fn download(file: Download) -> Response {
    let kind = match file.name.rsplit('.').next() {
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => XLSX,
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    };
    let mut encoded = String::new();
    for byte in file.name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                encoded.push(byte as char)
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    let ending = file
        .name
        .rsplit('.')
        .next()
        .filter(|e| e.bytes().all(|b| b.is_ascii_alphanumeric()));
    let plain = format!("jiheng.{}", ending.unwrap_or("bin"));
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let disposition = HeaderValue::from_str(&disposition);
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    let about = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (about, file.bytes).into_response()
}
