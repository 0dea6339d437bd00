//! Supporting files come in and go out: only ever as attachments, so that nothing in them is run by a browser.

use super::{Answer, missing, ours, page, viewer};
use crate::desk::pages::{self, Top};
use crate::desk::state::Desk;
use crate::desk::when;
use crate::people::{Allowed, permits};
use crate::store::{EvidenceId, FilingId, StoreError};
use askama::Template;
use axum::extract::{Form, Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// Bytes of one file.
const LARGEST: usize = 32 << 20;

#[derive(Template)]
#[template(path = "desk/evidence.html")]
struct EvidencePage {
    top: Top,
    csrf: String,
    files: Vec<FileRow>,
}

struct FileRow {
    id: String,
    name: String,
    size: String,
    by: String,
    at: String,
    digest: String,
}

/// The files of a filing.
pub async fn list(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
) -> Answer {
    let checked = desk.read(&allowed.ctx, &id).await?.ok_or_else(missing)?;
    let mut files = Vec::new();
    for file in desk.store.evidence_of(&allowed.ctx, &id).await? {
        files.push(FileRow {
            id: file.id.to_string(),
            name: file.name,
            size: format!("{} KB", (file.size + 1023) / 1024),
            by: desk.name(file.by.as_str()).await,
            at: when::full(file.at),
            digest: file.sha256.chars().take(16).collect(),
        });
    }
    let viewer = viewer(&allowed);
    let html = EvidencePage {
        top: pages::top(&checked, "evidence", &viewer, false),
        csrf: viewer.csrf.clone(),
        files,
    };
    Ok(page(html.render()?))
}

/// Takes files in.
pub async fn add(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
    form: Multipart,
) -> Answer {
    let (token, files) = parts(form).await?;
    ours(&allowed, &token)?;
    for (name, bytes) in files {
        desk.store
            .add_evidence(&allowed.ctx, &id, &name, bytes)
            .await?;
    }
    Ok(Redirect::to(&format!("/desk/{id}/evidence")).into_response())
}

/// The token and the files of a posted form.
pub async fn parts(mut form: Multipart) -> Result<(String, Vec<(String, Vec<u8>)>), StoreError> {
    let broken = |_| StoreError::Invalid("文件没有传完，请再传一次。".into());
    let mut token = String::new();
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.file_name().map(bare) {
            None if field.name() == Some("csrf") => token = field.text().await.map_err(broken)?,
            None => {}
            Some(name) => {
                let bytes = field.bytes().await.map_err(broken)?;
                if bytes.len() > LARGEST {
                    let most = LARGEST >> 20;
                    return Err(StoreError::Invalid(format!(
                        "{name} 太大，一个文件最多 {most} MB。"
                    )));
                }
                if !bytes.is_empty() {
                    files.push((name, bytes.to_vec()));
                }
            }
        }
    }
    if files.is_empty() {
        return Err(StoreError::Invalid("没有选择文件。请选好文件再传。".into()));
    }
    Ok((token, files))
}

/// The name of a file without folders and characters that are not printed.
fn bare(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept = last.chars().filter(|c| !c.is_control());
    let kept: String = kept.take(120).collect();
    if kept.trim().is_empty() {
        "文件".into()
    } else {
        kept
    }
}

/// Hands a file out.
pub async fn open(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path((id, file)): Path<(FilingId, EvidenceId)>,
) -> Answer {
    let found = desk.store.open_evidence(&allowed.ctx, &file).await?;
    let (found, bytes) = found.filter(|(f, _)| f.filing == id).ok_or_else(missing)?;
    Ok(attachment(&found.name, "application/octet-stream", bytes))
}

/// Bytes as a file to be kept, never to be shown by the browser.
pub fn attachment(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let coded: String = name.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-_.".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
        out
    });
    let headers = [
        (header::CONTENT_TYPE, kind.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{coded}"),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'".into(),
        ),
        (header::CACHE_CONTROL, "no-store".into()),
    ];
    (headers, bytes).into_response()
}

/// A posted token.
#[derive(Debug, Deserialize)]
pub struct Token {
    csrf: String,
}

/// Takes a file out again.
pub async fn remove(
    allowed: Allowed<permits::FillForms>,
    State(desk): State<Desk>,
    Path((id, file)): Path<(FilingId, EvidenceId)>,
    Form(token): Form<Token>,
) -> Answer {
    ours(&allowed, &token.csrf)?;
    let files = desk.store.evidence_of(&allowed.ctx, &id).await?;
    if !files.iter().any(|f| f.id == file) {
        return Err(missing());
    }
    desk.store.remove_evidence(&allowed.ctx, &file).await?;
    Ok(Redirect::to(&format!("/desk/{id}/evidence")).into_response())
}
