//! The name of a style sheet or script comes in; its bytes, which browsers may keep, go out.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::OnceLock;

/// What lies in `assets/`.
#[derive(RustEmbed)]
#[folder = "assets/"]
struct Folder;

struct Asset {
    bytes: Cow<'static, [u8]>,
    /// The beginning of its SHA-256.
    version: String,
}

/// Our own files, and those that the findings page shares with the command line.
fn all() -> &'static BTreeMap<String, Asset> {
    static ALL: OnceLock<BTreeMap<String, Asset>> = OnceLock::new();
    ALL.get_or_init(|| {
        let shared = [
            ("tokens.css", jiheng_render::html::TOKENS),
            ("findings.css", jiheng_render::html::STYLE),
            ("findings.js", jiheng_render::html::SCRIPT),
        ];
        let shared = shared.map(|(name, text)| (name.into(), Cow::Borrowed(text.as_bytes())));
        let own = Folder::iter().filter_map(|name| {
            let file = Folder::get(&name)?;
            Some((name.into_owned(), file.data))
        });
        let named = shared.into_iter().chain(own);
        named
            .map(|(name, bytes)| {
                let version = crate::audit::sha256_hex(&bytes)[..16].to_string();
                (name, Asset { bytes, version })
            })
            .collect()
    })
}

/// The address of an asset; it changes with the asset.
pub fn href(name: &str) -> String {
    match all().get(name) {
        Some(asset) => format!("/assets/{name}?{}", asset.version),
        None => format!("/assets/{name}"),
    }
}

/// The links that these style sheets and scripts need in the head of a page.
pub fn links(names: &[&str]) -> String {
    let mut out = String::new();
    for name in names {
        let href = href(name);
        let _ = match name.ends_with(".css") {
            true => write!(out, "<link rel=\"stylesheet\" href=\"{href}\">"),
            false => write!(out, "<script defer src=\"{href}\"></script>"),
        };
    }
    out.push_str("<link rel=\"icon\" type=\"image/svg+xml\" href=\"");
    out.push_str(&href("icon.svg"));
    out.push_str("\">");
    out
}

/// What the head of our own pages links to.
pub fn head() -> &'static str {
    static HEAD: OnceLock<String> = OnceLock::new();
    HEAD.get_or_init(|| links(&["tokens.css", "site.css", "site.js"]))
}

/// Serves an asset.
pub async fn serve(Path(name): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(asset) = all().get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", asset.version);
    let keep = match uri.query() == Some(asset.version.as_str()) {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let about = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, keep.to_string()),
        (header::CONTENT_TYPE, kind(&name).to_string()),
    ];
    let known = headers.get(header::IF_NONE_MATCH);
    if known.is_some_and(|k| k.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, asset.bytes.clone()).into_response()
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
