//! A package in memory comes in; the findings page that carries the commented copies, or the JSON of `check`, goes out.

use super::upload::Refusal;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiheng_batch::copy;
use jiheng_engine::check::listing;
use jiheng_engine::read::{self, Package, original};
use jiheng_engine::rulebook::Shelf;
use jiheng_render::html::{self, Bar, Download};
use jiheng_render::{Results, json, xlsx};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;
use std::time::Instant;

/// Copies of more bytes than this are not put into the page.
const CARRIED: usize = 12 << 20;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a check is answered with.
pub(super) enum Answer {
    Page(String),
    Json(String),
}

/// Checks a package.
pub(super) fn answer(package: &Package, shelf: &Shelf, json: bool) -> Result<Answer, Refusal> {
    let begin = Instant::now();
    let evaluation =
        jiheng_engine::evaluate(package, shelf, None).map_err(|_| Refusal::broken())?;
    let advice = "改好以后再放进来。文件没有留下。";
    if !read::is_readable(&evaluation.documents) {
        let reasons = read::why_unreadable(&evaluation.documents);
        let mut refusal =
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "没有可读的内容。", advice);
        if !reasons.is_empty() {
            refusal.reasons = reasons.into_iter().map(str::to_string).collect();
        }
        return Err(refusal);
    }
    if let Some((document, mark)) = evaluation
        .documents
        .iter()
        .find_map(|d| Some((d, read::internal(d)?)))
    {
        let reason = format!("{} 印有“{mark}”，不能送到网页上核对。", document.name);
        let advice = "请在本机用命令行核对：jiheng check 文件。送来的内容已经丢弃。";
        return Err(Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            reason,
            advice,
        ));
    }
    let rules = listing::rules(&evaluation.rulebook);
    let results = jiheng_batch::results(&evaluation, &rules);
    if json {
        return Ok(Answer::Json(json::check(&results)));
    }
    let (downloads, notes) = taken_away(package, &results);
    let bar = Bar {
        downloads,
        notes,
        took: begin.elapsed().as_millis(),
    };
    Ok(Answer::Page(html::answer(&results, bar)))
}

/// The commented copies and the list, as the page carries them.
fn taken_away(package: &Package, results: &Results<'_>) -> (Vec<Download>, Vec<String>) {
    let (mut downloads, mut notes) = (Vec::new(), Vec::new());
    let able: Vec<usize> = (0..results.documents.len())
        .filter(|i| copy::takes_comments(&results.documents[*i]))
        .collect();
    let others: Vec<usize> = (0..results.documents.len())
        .filter(|i| !able.contains(i))
        .collect();
    let mut left = CARRIED;
    for (number, &index) in able.iter().enumerate() {
        let document = &results.documents[index];
        let strangers: &[usize] = if number == 0 { &others } else { &[] };
        let Some(bytes) = original(package, &document.name) else {
            continue;
        };
        match copy::annotated(&bytes, results, index, strangers) {
            Ok((bytes, count)) if bytes.len() <= left => {
                left -= bytes.len();
                let (kind, mime) = match document.format {
                    jiheng_model::Format::Xlsx => ("Excel", XLSX),
                    _ => ("Word", DOCX),
                };
                let of = match able.len() {
                    1 => String::new(),
                    _ => format!("：{}", last(&document.name)),
                };
                downloads.push(carried(
                    &bytes,
                    format!("下载批注版 {kind}（{count} 条）{of}"),
                    mime,
                    format!("批注-{}", last(&document.name)),
                ));
            }
            Ok(_) => notes.push(format!(
                "{} 的批注版太大，请用命令行 jiheng annotate。",
                document.name
            )),
            Err(why) => notes.push(format!("{} {why}，没有批注版。", document.name)),
        }
    }
    match xlsx::findings(results) {
        Ok(bytes) if bytes.len() <= left => {
            let label = "下载整改清单".to_string();
            downloads.push(carried(&bytes, label, XLSX, "整改清单.xlsx".into()));
        }
        _ => notes.push("清单太大，请用命令行 jiheng evaluate。".into()),
    }
    (downloads, notes)
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn carried(bytes: &[u8], label: String, mime: &str, name: String) -> Download {
    Download {
        label,
        address: format!("data:{mime};base64,{}", STANDARD.encode(bytes)),
        name,
    }
}

/// The findings page has its own style and script inside; nothing else may run in it.
fn policy() -> &'static HeaderValue {
    static POLICY: OnceLock<HeaderValue> = OnceLock::new();
    POLICY.get_or_init(|| {
        let script = STANDARD.encode(Sha256::digest(html::script()));
        let policy = format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    })
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Answer::Page(page) => {
                let mut response = Html(page).into_response();
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_SECURITY_POLICY, policy().clone());
                response
            }
            Answer::Json(text) => {
                let kind = [(header::CONTENT_TYPE, "application/json")];
                (kind, text).into_response()
            }
        }
    }
}
