//! A form with files comes in; one package in memory, under limits, goes out. Nothing is written to a disk.

use crate::limits::{Gate, Limits};
use crate::trouble::Trouble;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiheng_engine::read::{Package, SourceFile};
use std::collections::HashSet;
use tokio::sync::OwnedSemaphorePermit;

/// Characters of a name that are kept.
const NAME: usize = 120;

/// A package as long as its memory is granted.
pub struct Upload {
    /// The files.
    pub package: Package,
    /// Given back when the package is done with.
    pub memory: OwnedSemaphorePermit,
}

/// Receives the files of a form: the fields `file`, and what a result page carried as `held`.
///
/// # Errors
/// When it is too large, too slow, not a form, or holds no file.
pub async fn receive(
    form: Multipart,
    headers: &HeaderMap,
    gate: &Gate,
    limits: &Limits,
) -> Result<Upload, Trouble> {
    let announced = headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|v| v.to_str().ok()?.parse().ok());
    let memory = gate.memory(announced)?;
    let package = tokio::time::timeout(limits.receiving, files(form, limits));
    let package = package.await.map_err(|_| {
        Trouble::new(
            StatusCode::REQUEST_TIMEOUT,
            "too_slow",
            "传得太慢，没有收完",
            "换个网络，或拆成几份再放一次。",
        )
    })??;
    Ok(Upload { package, memory })
}

async fn files(mut form: Multipart, limits: &Limits) -> Result<Package, Trouble> {
    let mut package = Package::default();
    let mut names = HashSet::new();
    let mut total = 0;
    while let Some(mut field) = form.next_field().await.map_err(|e| unread(&e, limits))? {
        let (name, held) = match field.name() {
            Some("file") => (field.file_name().map(plain), false),
            Some("held") => (None, true),
            _ => continue,
        };
        let bytes = bytes(&mut field, limits, held, &mut total).await?;
        let (name, bytes) = match held {
            true => unpack(&bytes)?,
            false => (name.unwrap_or_default(), bytes),
        };
        // A form that was sent without a choice has one empty file.
        if bytes.is_empty() && name.is_empty() {
            continue;
        }
        if package.files.len() >= limits.files {
            return Err(Trouble::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_many_files",
                "文件太多，没有收",
                "一次放一个单位的一套材料；许多单位可以用命令行一次核完：jiheng batch。",
            )
            .because(format!("一次最多 {} 个文件。", limits.files)));
        }
        let name = unlike(
            if name.is_empty() {
                "材料".into()
            } else {
                name
            },
            &mut names,
        );
        package.files.push(SourceFile { name, bytes });
    }
    match package.files.is_empty() {
        false => Ok(package),
        true => Err(Trouble::new(
            StatusCode::BAD_REQUEST,
            "no_file",
            "还没有选文件",
            "选一个或几个文件，再按“核对”。",
        )),
    }
}

async fn bytes(
    field: &mut Field<'_>,
    limits: &Limits,
    held: bool,
    total: &mut usize,
) -> Result<Vec<u8>, Trouble> {
    // What a page carries is written in letters, four for three bytes.
    let most = if held {
        limits.upload / 3 * 4
    } else {
        limits.upload
    };
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| unread(&e, limits))? {
        *total += chunk.len();
        if *total > most {
            return Err(Trouble::too_large(limits.upload));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn unread(error: &MultipartError, limits: &Limits) -> Trouble {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Trouble::too_large(limits.upload),
        _ => Trouble::new(
            StatusCode::BAD_REQUEST,
            "bad_form",
            "没有收全",
            "传到一半断了。再放一次。",
        ),
    }
}

/// The last step of a path, without what no file name has. Browsers send folders, and others send what they like.
pub fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let bad = |c: char| c.is_control() || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let kept: String = last.chars().filter(|c| !bad(*c)).collect();
    let kept = kept.trim().trim_start_matches('.');
    let all = kept.chars().count();
    // The ending says what it is.
    kept.chars().skip(all.saturating_sub(NAME)).collect()
}

/// A second 附件.docx becomes 附件（2）.docx.
fn unlike(name: String, names: &mut HashSet<String>) -> String {
    if names.insert(name.clone()) {
        return name;
    }
    let (stem, ending) = match name.rfind('.') {
        Some(dot) => name.split_at(dot),
        None => (name.as_str(), ""),
    };
    let other = (2..).map(|n| format!("{stem}（{n}）{ending}"));
    let mut other = other.filter(|o| names.insert(o.clone()));
    other.next().unwrap_or_default()
}

/// A file as a result page carries it: its name, a bar that no name has, its bytes in letters.
pub fn pack(file: &SourceFile) -> String {
    let mut out = format!("{}|", file.name);
    STANDARD.encode_string(&file.bytes, &mut out);
    out
}

fn unpack(field: &[u8]) -> Result<(String, Vec<u8>), Trouble> {
    let text = std::str::from_utf8(field).ok();
    let parts = text.and_then(|t| t.split_once('|'));
    let unpacked = parts.and_then(|(name, letters)| {
        let bytes = STANDARD.decode(letters.trim()).ok()?;
        Some((plain(name), bytes))
    });
    unpacked.ok_or_else(|| {
        Trouble::new(
            StatusCode::BAD_REQUEST,
            "bad_form",
            "页面带着的文件不完整",
            "回到首页，把文件再放一次。",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        assert_eq!(plain("../../etc/passwd"), "passwd");
        assert_eq!(plain("C:\\材料\\附件1.docx"), "附件1.docx");
        assert_eq!(plain("..\u{0}a<b>|.docx"), "ab.docx");
        assert_eq!(plain("...."), "");
        assert!(plain(&"长".repeat(500)).chars().count() <= NAME);
    }

    #[test]
    fn two_files_of_one_name_are_told_apart() {
        let mut names = HashSet::new();
        let mut next = |n: &str| unlike(n.into(), &mut names);
        assert_eq!(next("表.docx"), "表.docx");
        assert_eq!(next("表.docx"), "表（2）.docx");
        assert_eq!(next("表.docx"), "表（3）.docx");
    }

    #[test]
    fn what_a_page_carries_comes_back() {
        let file = SourceFile {
            name: "附件.docx".into(),
            bytes: vec![0, 255, 7],
        };
        let (name, bytes) = unpack(pack(&file).as_bytes()).expect("packed by us");
        assert_eq!((name, bytes), (file.name, file.bytes));
        assert!(unpack(b"no bar").is_err());
        assert!(unpack("名|不是".as_bytes()).is_err());
    }
}
