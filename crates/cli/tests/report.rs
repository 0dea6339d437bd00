//! The sample package goes in; the report that `jiheng report` writes from its forms is read again and held against them.

use jiheng_engine::compose::compose;
use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_engine::rulebook::Shelf;
use jiheng_model::Document;
use jiheng_model::document::Block;
use jiheng_office::{Budget, Inflater, Zip};
use jiheng_render::{composed, official};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023/package.docx")
}

fn jiheng(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .output()
        .expect("the program runs")
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-report-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    path
}

fn package(name: &str, bytes: Vec<u8>) -> Package {
    Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes,
        }],
    }
}

fn text(name: &str, bytes: Vec<u8>) -> String {
    read(&package(name, bytes)).remove(0).text
}

/// A text with its white space as a page shows it.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A document block by block: its paragraphs, and its tables cell by cell with what they cover.
fn blocks(document: &Document) -> Vec<String> {
    let block = |block: &Block| match *block {
        Block::Paragraph(number) => spaced(document.paragraph_text(number)),
        Block::Table(number) => {
            let table = document.table(number).expect("a table");
            let cells = table.cells.iter().map(|c| {
                let text = spaced(document.cell_text(c));
                format!("{},{} {}×{} {text}", c.row, c.col, c.row_span, c.col_span)
            });
            cells.collect::<Vec<_>>().join("\n")
        }
    };
    let blocks = document.blocks.iter().map(block);
    blocks.filter(|b| !b.is_empty()).collect()
}

/// What a report says: its headings with level and key, and its numbers with their items.
fn says(document: &Document) -> (Vec<String>, Vec<String>) {
    let rulebook = &Shelf::embedded().rulebooks["cn/hunan/yueyang/2023"];
    let documents = std::slice::from_ref(document);
    let narrative = jiheng_engine::recognize::recognize(documents, rulebook).narrative;
    let sections = narrative.sections.iter();
    let sections = sections.map(|s| format!("{} {:?} {} {}", s.level, s.key, s.mark, s.title));
    let facts = narrative.facts.iter();
    let facts = facts.map(|f| format!("{:?} {} {:?}", f.item, f.value, f.unit));
    (sections.collect(), facts.collect())
}

/// The main part of a docx.
fn document(bytes: &[u8]) -> String {
    let budget = Budget::default();
    let zip = Zip::open(bytes, &budget).expect("a zip");
    let mut entries = zip.entries().iter();
    let entry = entries.find(|e| e.name == "word/document.xml");
    let mut inflater = Inflater::new(&budget);
    let part = zip.inflate(entry.expect("the part"), &mut inflater);
    let part = part.expect("inflates").into_owned();
    String::from_utf8(part).expect("UTF-8")
}

#[test]
fn the_report_is_written_from_the_forms_and_what_is_open_is_told() {
    let (dir, seed) = (folder("written"), sample());
    let words = [
        "2023年度岳阳市自然资源和规划局",
        "部门（单位）名称",
        "基本支出2727.38万元",
        "按具体项目分，机关运行经费73.03万元",
        "主要职能职责",
        "下一步改进措施",
        "3.项目支出绩效自评表",
        "单位负责人（签字）",
        "预算绩效管理情况",
    ];
    for name in ["报告.docx", "报告.html"] {
        let out = dir.join(name);
        let (seed, path) = (seed.to_string_lossy(), out.to_string_lossy());
        let done = jiheng(&["report", &seed, "--out", &path]);
        assert_eq!(done.status.code(), Some(0));
        let told = String::from_utf8_lossy(&done.stdout);
        assert!(told.contains("待填：") && told.contains("65人"), "{told}");
        let text = text(name, std::fs::read(&out).expect("written"));
        for words in words {
            assert!(text.contains(words), "{name}: {words}");
        }
    }
    let out = dir.join("报告.doc");
    let done = jiheng(&[
        "report",
        &seed.to_string_lossy(),
        "--out",
        &out.to_string_lossy(),
    ]);
    assert_eq!(done.status.code(), Some(2));
    let _ = std::fs::remove_dir_all(dir);
}

#[test]
fn the_printed_reports_are_the_documents_they_were_printed_from() {
    let (dir, seed) = (folder("document"), sample());
    let bytes = std::fs::read(&seed).expect("the sample");
    let seen = package("package.docx", bytes);
    let evaluation = jiheng_engine::evaluate(&seen, Shelf::embedded(), None).expect("a rulebook");
    let written = compose(&evaluation).expect("sentences");
    let printed = composed::official(&written, &evaluation.documents, &evaluation.filing);
    let (meant, _) = official::document(&printed, "报告");
    for name in ["报告.docx", "报告.html"] {
        let out = dir.join(name);
        let (seed, path) = (seed.to_string_lossy(), out.to_string_lossy());
        let done = jiheng(&["report", &seed, "--out", &path, "--quiet"]);
        assert_eq!(done.status.code(), Some(0));
        let back = read(&package(name, std::fs::read(&out).expect("written"))).remove(0);
        assert_eq!(blocks(&back), blocks(&meant), "{name}");
        let (sections, facts) = says(&back);
        assert!(
            sections.len() >= 12 && facts.len() >= 20,
            "{sections:?} {facts:?}"
        );
        assert_eq!((sections, facts), says(&meant), "{name}");
    }
    let _ = std::fs::remove_dir_all(dir);
}

#[test]
fn the_package_is_printed_with_the_authors_report_or_with_the_written_one() {
    let (dir, seed) = (folder("package"), sample());
    for (whose, generated) in [("kept", false), ("written", true)] {
        let out = dir.join(whose);
        let words = ["render", &seed.to_string_lossy(), "--to", "docx,json"].map(str::to_string);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        let path = out.to_string_lossy();
        words.extend(["--report", whose, "--out", &path, "--quiet"]);
        assert_eq!(jiheng(&words).status.code(), Some(0));
        let bytes = std::fs::read(out.join("package.docx")).expect("written");
        let printed = text("package.docx", bytes);
        assert_eq!(printed.contains("占全年执行数的40.16%"), generated);
        assert!(printed.contains("主要职能职责"));
        assert!(printed.contains("2727.38"));
        // The column heads of 附件2 and of both 附件3 stand in the first row of a table, so that Word repeats them.
        let bytes = std::fs::read(out.join("package.docx")).expect("written");
        let document = document(&bytes);
        let tables = document.split("<w:tbl>").skip(1);
        let repeated = tables.filter(|table| {
            let first = table.split("</w:tr>").next().unwrap_or_default();
            first.contains("<w:tblHeader/>") && first.contains("三级指标")
        });
        assert_eq!(repeated.count(), 3);
    }
    let _ = std::fs::remove_dir_all(dir);
}
