//! A filing comes in; its documents go out as files: the official package, the report, the findings, the annotated copy.

use super::evidence::attachment;
use super::{Answer, missing, page, viewer};
use crate::desk::filing::Checked;
use crate::desk::margin::results;
use crate::desk::pages::{self, Top};
use crate::desk::state::Desk;
use crate::people::{Allowed, permits};
use crate::store::{FilingId, StoreError};
use askama::Template;
use axum::extract::{Path, State};
use jiheng_engine::check::listing;
use jiheng_engine::compose::compose;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Choice;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_render::{composed, html, json, official, writeback};

/// Files of a filing: name in the address, ending of the name people see, words.
const FILES: [(&str, &str, &str); 7] = [
    ("package.docx", "全套材料.docx", "全套材料，Word"),
    (
        "package.xlsx",
        "全套材料.xlsx",
        "全套材料，Excel（合计带公式）",
    ),
    ("package.html", "全套材料.html", "全套材料，网页（可打印）"),
    (
        "report.docx",
        "自评报告.docx",
        "自评报告，按各表的数字写成，Word",
    ),
    (
        "annotated.docx",
        "全套材料（批注）.docx",
        "全套材料，发现写成批注，Word",
    ),
    ("findings.html", "检查结果.html", "检查结果，网页"),
    ("findings.json", "检查结果.json", "检查结果，数据"),
];

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "desk/download.html")]
struct DownloadPage {
    top: Top,
    files: Vec<(&'static str, &'static str)>,
}

/// What may be downloaded.
pub async fn list(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path(id): Path<FilingId>,
) -> Answer {
    let checked = desk.read(&allowed.ctx, &id).await?.ok_or_else(missing)?;
    let html = DownloadPage {
        top: pages::top(&checked, "download", &viewer(&allowed), false),
        files: FILES.iter().map(|f| (f.0, f.2)).collect(),
    };
    Ok(page(html.render()?))
}

/// One of them.
pub async fn file(
    allowed: Allowed<permits::SeeFiling>,
    State(desk): State<Desk>,
    Path((id, file)): Path<(FilingId, String)>,
) -> Answer {
    let known = FILES.iter().find(|f| f.0 == file).ok_or_else(missing)?;
    let checked = desk.read(&allowed.ctx, &id).await?.ok_or_else(missing)?;
    let name = format!("{}{}", checked.opened.unit, known.1);
    let shelf = desk.shelf;
    let made = tokio::task::spawn_blocking(move || make(&checked, &file, shelf));
    let made = made
        .await
        .map_err(|e| StoreError::Database(e.to_string()))?;
    let (kind, bytes) = made.map_err(StoreError::Invalid)?;
    Ok(attachment(&name, kind, bytes))
}

/// The bytes of a document and their kind; else why not.
fn make(
    checked: &Checked,
    file: &str,
    shelf: &jiheng_engine::rulebook::Shelf,
) -> Result<(&'static str, Vec<u8>), String> {
    let package = &checked.package;
    let report = official::report_of(&package.documents, &package.filing);
    let printed = || official::package(&package.documents, &package.filing, report.as_ref());
    let rules = listing::rules(&checked.rulebook);
    let results = results(package, &checked.rulebook, &rules);
    Ok(match file {
        "package.docx" => (WORD, official::docx(&printed())),
        "package.xlsx" => {
            let book = official::workbook(&printed());
            (
                EXCEL,
                book.map_err(|e| format!("没有写成 Excel 文件：{e}"))?,
            )
        }
        "package.html" => (
            "text/html; charset=utf-8",
            official::html(&printed()).into_bytes(),
        ),
        "findings.html" => (
            "text/html; charset=utf-8",
            html::findings(&results).into_bytes(),
        ),
        "findings.json" => ("application/json", json::check(&results).into_bytes()),
        "report.docx" => {
            let evaluation = evaluation(checked);
            let written = compose(&evaluation);
            let written = written.ok_or("这个地方的规程包没有报告的句子，不能生成报告。")?;
            let (documents, filing) = (&evaluation.documents, &evaluation.filing);
            (
                WORD,
                official::docx(&composed::official(&written, documents, filing)),
            )
        }
        _ => (WORD, annotated(official::docx(&printed()), checked, shelf)?),
    })
}

/// The corridor's own view of the package.
fn evaluation(checked: &Checked) -> Evaluation {
    let package = &checked.package;
    Evaluation {
        documents: package.documents.clone(),
        filing: package.filing.clone(),
        scorecard: package.scorecard.clone(),
        checked: jiheng_engine::check::check(
            &package.documents,
            &package.filing,
            &package.scorecard,
            &checked.rulebook,
        ),
        rulebook: checked.rulebook.clone(),
        choice: Choice::default(),
    }
}

/// The printed package with its findings as comments.
fn annotated(
    bytes: Vec<u8>,
    checked: &Checked,
    shelf: &jiheng_engine::rulebook::Shelf,
) -> Result<Vec<u8>, String> {
    let file = SourceFile {
        name: "package.docx".into(),
        bytes,
    };
    let package = Package { files: vec![file] };
    let read = evaluate(&package, shelf, Some(&checked.rulebook.id));
    let read = read.map_err(|_| "没有这次布置所用的规程包。".to_string())?;
    let rules = listing::rules(&read.rulebook);
    let results = jiheng_render::Results {
        documents: &read.documents,
        filing: &read.filing,
        scorecard: &read.scorecard,
        findings: &read.checked.findings,
        outcomes: &read.checked.outcomes,
        rules: &rules,
        bases: &read.rulebook.bases,
        rulebook: jiheng_render::InForce {
            id: &read.rulebook.id,
            version: &read.rulebook.version,
            title: &read.rulebook.title,
            why: "",
            fallback: false,
        },
    };
    let remarks = writeback::remarks(&results, 0, &[]);
    let (Some(document), Some(file)) = (read.documents.first(), package.files.first()) else {
        return Err("还没有可以加批注的内容。".into());
    };
    writeback::docx::annotate(&file.bytes, document, &remarks).map_err(|e| e.to_string())
}
