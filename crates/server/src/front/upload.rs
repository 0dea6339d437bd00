//! The parts of a request come in; a package in memory, or why there is none, goes out.

use axum::extract::Multipart;
use axum::http::StatusCode;
use jiheng_engine::read::{Package, SourceFile};

/// Files of one request.
const FILES: usize = 200;

/// Why nothing is checked, in plain words.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the client is told.
    pub status: StatusCode,
    /// What is the matter, a sentence each.
    pub reasons: Vec<String>,
    /// What to do next.
    pub advice: &'static str,
}

impl Refusal {
    pub fn new(status: StatusCode, reason: impl Into<String>, advice: &'static str) -> Refusal {
        Refusal {
            status,
            reasons: vec![reason.into()],
            advice,
        }
    }

    pub fn nothing() -> Refusal {
        let advice = "选一个 Word、Excel、PDF 文件或压缩包，再点“核对”。";
        Refusal::new(StatusCode::BAD_REQUEST, "没有收到文件。", advice)
    }

    pub fn too_large() -> Refusal {
        let advice = "去掉佐证里的图片和扫描件，或者分几次核对；整批核对请用命令行 jiheng batch。";
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "文件太大，超过 64 兆。",
            advice,
        )
    }

    pub fn too_often() -> Refusal {
        let advice = "等十秒再试；很多份材料一起核对，请用命令行 jiheng batch。";
        Refusal::new(StatusCode::TOO_MANY_REQUESTS, "核对得太频繁了。", advice)
    }

    pub fn busy() -> Refusal {
        let advice = "等十秒再试。文件没有留下。";
        Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "正在核对的人很多，一时排不上。",
            advice,
        )
    }

    pub fn broken() -> Refusal {
        let advice = "错在程序，不在材料。请告诉管理员；文件没有留下。";
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "程序在这份材料上出了错，没有核完。",
            advice,
        )
    }
}

/// The files of a request, in memory.
pub(super) async fn package(mut parts: Multipart) -> Result<Package, Refusal> {
    let mut files: Vec<SourceFile> = Vec::new();
    loop {
        let part = parts.next_field().await.map_err(broken_off)?;
        let Some(part) = part else { break };
        let Some(name) = part.file_name().map(bare) else {
            continue;
        };
        if files.len() >= FILES {
            let advice = "放进一个压缩包，或者分几次核对。";
            return Err(Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "文件太多，超过 200 个。",
                advice,
            ));
        }
        let bytes = part.bytes().await.map_err(broken_off)?.to_vec();
        if !bytes.is_empty() || !name.is_empty() {
            let name = apart(name, &files);
            files.push(SourceFile { name, bytes });
        }
    }
    match files.is_empty() {
        true => Err(Refusal::nothing()),
        false => Ok(Package { files }),
    }
}

fn broken_off(error: axum::extract::multipart::MultipartError) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(),
        _ => Refusal::new(StatusCode::BAD_REQUEST, "文件没有传完。", "再放一次。"),
    }
}

/// The last step of a path; a name is only ever shown.
fn bare(name: &str) -> String {
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .trim()
        .to_string()
}

/// A name that no other file of the package has.
fn apart(name: String, others: &[SourceFile]) -> String {
    let taken = |name: &str| others.iter().any(|f| f.name == name);
    if !taken(&name) {
        return name;
    }
    let numbered = |n: usize| format!("{n}_{name}");
    let mut number = 2;
    while taken(&numbered(number)) {
        number += 1;
    }
    numbered(number)
}
