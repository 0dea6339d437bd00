//! Material in several file formats and in several states of damage goes in; what the program says, writes and exits with is held against what it promises.

use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_model::document::Block as Flow;
use jiheng_model::{Document, Format};
use jiheng_office::write::{self, Block, Cell, Table};
use jiheng_office::{Budget, Inflater, Zip};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sample(name: &str) -> PathBuf {
    root().join("samples/yueyang-2023").join(name)
}

/// A file or folder of the shared material; `None`, with a line on standard error, when it is absent.
fn shared(path: &str) -> Option<PathBuf> {
    let found = root().join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: {} is absent", found.display());
    None
}

fn jiheng(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// A fresh folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-line-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    path
}

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("written");
    path
}

/// `check --format json` of a package, and its exit code.
fn check(path: &Path) -> (Value, i32) {
    let done = jiheng(&["check", &path.display().to_string(), "--format", "json"]);
    let json = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", text(&done.stderr)));
    (json, done.status.code().expect("an exit code"))
}

fn findings(json: &Value) -> &[Value] {
    json["findings"].as_array().expect("findings")
}

/// A finding without its addresses: they differ from format to format, what is said may not.
fn said(finding: &Value) -> String {
    let mut out = format!("{} {}", finding["code"], finding["severity"]);
    for part in ["message", "stated", "computed", "derivation"] {
        out.push_str(&format!(" | {}", finding[part]));
    }
    for place in finding["places"].as_array().expect("places") {
        out.push_str(&format!(
            " @ {} {} {} {}",
            place["kind"], place["form"], place["field"], place["text"]
        ));
    }
    out
}

/// What is said, in an order of its own, since the findings stand in the order of the file.
fn all_said<'a>(findings: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let mut all: Vec<String> = findings.into_iter().map(said).collect();
    all.sort();
    all
}

/// Lines that stand in one list alone.
fn difference(one: &[String], two: &[String]) -> String {
    let only = |a: &[String], b: &[String], mark: &str| -> String {
        a.iter()
            .filter(|x| !b.contains(x))
            .map(|x| format!("{mark} {x}\n"))
            .collect()
    };
    only(one, two, "−") + &only(two, one, "+")
}

fn codes(json: &Value) -> Vec<&str> {
    findings(json)
        .iter()
        .filter_map(|f| f["code"].as_str())
        .collect()
}

/// The sample as the reader hands it over.
fn document() -> Document {
    let bytes = std::fs::read(sample("package.docx")).expect("the sample");
    let package = Package {
        files: vec![SourceFile {
            name: "package.docx".into(),
            bytes,
        }],
    };
    read(&package).into_iter().next().expect("a document")
}

fn table(document: &Document, number: u32) -> Table {
    let table = document.table(number).expect("the table");
    let cells = table.cells.iter().map(|c| Cell {
        row: c.row,
        col: c.col,
        row_span: c.row_span,
        col_span: c.col_span,
        text: document.cell_text(c).into(),
    });
    Table {
        rows: table.rows,
        cols: table.cols,
        cells: cells.collect(),
    }
}

/// The document's paragraphs and tables for the writers.
fn blocks(document: &Document) -> Vec<Block> {
    let block = |flow: &Flow| match flow {
        Flow::Table(number) => Block::Table(table(document, *number)),
        Flow::Paragraph(number) => Block::Paragraph {
            text: document.paragraph_text(*number).into(),
            level: document.paragraphs[*number as usize - 1].level,
        },
    };
    document.blocks.iter().map(block).collect()
}

/// One sheet for each form, with the lines above and below its table as rows of their own, and one for the report.
fn sheets(document: &Document) -> Vec<Table> {
    let mut sheets = vec![Table::default()];
    let mut after_foot = false;
    for flow in &document.blocks {
        match flow {
            Flow::Paragraph(number) => {
                let text = document.paragraph_text(*number);
                let begins = text.trim();
                let annex = begins.starts_with("附件") && begins.chars().count() < 5;
                if annex || (after_foot && !begins.is_empty()) {
                    sheets.push(Table::default());
                }
                after_foot = begins.starts_with("填表人") || (after_foot && begins.is_empty());
                let sheet = sheets.last_mut().expect("a sheet");
                sheet.rows += 1;
                sheet.cols = sheet.cols.max(1);
                sheet.cells.push(Cell {
                    row: sheet.rows,
                    col: 1,
                    row_span: 1,
                    col_span: 1,
                    text: text.into(),
                });
            }
            Flow::Table(number) => {
                let inner = table(document, *number);
                let sheet = sheets.last_mut().expect("a sheet");
                let above = sheet.rows;
                sheet.cells.extend(inner.cells.into_iter().map(|c| Cell {
                    row: c.row + above,
                    ..c
                }));
                sheet.rows += inner.rows;
                sheet.cols = sheet.cols.max(inner.cols);
            }
        }
    }
    sheets.retain(|s| s.rows > 0);
    sheets
}

/// Findings whose every place lies in a form.
fn about_forms(json: &Value) -> Vec<String> {
    let in_form =
        |place: &Value| !matches!(place["form"].as_str(), Some("narrative" | "package") | None);
    let all = |f: &&Value| {
        f["places"]
            .as_array()
            .is_some_and(|p| p.iter().all(in_form))
    };
    all_said(findings(json).iter().filter(all))
}

#[test]
fn word_and_its_text_dump_give_the_same_findings_each_at_its_own_place() {
    let (word, one) = check(&sample("package.docx"));
    let (dump, two) = check(&sample("package.txt"));
    assert_eq!((one, two), (1, 1));
    let (a, b) = (all_said(findings(&word)), all_said(findings(&dump)));
    assert!(a.len() > 10, "only {} findings", a.len());
    assert_eq!(a, b, "\n{}", difference(&a, &b));
    for (json, name) in [(&word, "package.docx"), (&dump, "package.txt")] {
        let places = findings(json)
            .iter()
            .flat_map(|f| f["places"].as_array().expect("places"));
        for place in places {
            assert_eq!(place["file"], name);
        }
    }
}

#[test]
fn html_of_the_same_material_gives_the_same_findings_about_the_forms() {
    let dir = folder("html");
    let page = write::html("自评", &blocks(&document()));
    let (word, _) = check(&sample("package.docx"));
    let (html, code) = check(&file(&dir, "自评.html", page));
    let (a, b) = (about_forms(&word), about_forms(&html));
    assert!(a.len() > 10, "only {} findings", a.len());
    assert_eq!(a, b, "\n{}", difference(&a, &b));
    assert_eq!(code, 1);
}

#[test]
fn a_workbook_of_the_same_material_gives_the_same_findings_about_the_forms() {
    let dir = folder("xlsx");
    let tables = sheets(&document());
    let names: Vec<String> = (1..=tables.len()).map(|n| format!("表{n}")).collect();
    let named: Vec<(&str, &Table)> = names.iter().map(String::as_str).zip(&tables).collect();
    let (word, _) = check(&sample("package.docx"));
    let (book, code) = check(&file(&dir, "自评.xlsx", write::xlsx(&named)));
    // A line outside the table is text in a document and a cell in a workbook; what it says is the same.
    let as_cells = |lines: Vec<String>| {
        lines
            .iter()
            .map(|l| l.replace("@ \"text\"", "@ \"cell\""))
            .collect::<Vec<_>>()
    };
    let (a, b) = (as_cells(about_forms(&word)), as_cells(about_forms(&book)));
    assert!(a.len() > 10, "only {} findings", a.len());
    assert_eq!(a, b, "\n{}", difference(&a, &b));
    assert_eq!(code, 1);
}

/// The smallest OLE2 container with a stream of that name in its directory.
fn container(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0; 3 * 512];
    bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    bytes[26..28].copy_from_slice(&3_u16.to_le_bytes());
    bytes[28..30].copy_from_slice(&0xfffe_u16.to_le_bytes());
    bytes[30..32].copy_from_slice(&9_u16.to_le_bytes());
    bytes[48..52].copy_from_slice(&1_u32.to_le_bytes());
    // The allocation table is sector 0; the directory is sector 1, a chain of one.
    bytes[512..1024].fill(0xff);
    bytes[516..520].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    for (entry, (name, kind)) in [("Root Entry", 5), (stream, 2)].into_iter().enumerate() {
        let at = 1024 + entry * 128;
        let units: Vec<u8> = name
            .encode_utf16()
            .chain([0])
            .flat_map(u16::to_le_bytes)
            .collect();
        bytes[at..at + units.len()].copy_from_slice(&units);
        bytes[at + 64..at + 66].copy_from_slice(&(units.len() as u16).to_le_bytes());
        bytes[at + 66] = kind;
        // No neighbours; the stream is the root's child.
        bytes[at + 68..at + 80].fill(0xff);
        if kind == 5 {
            bytes[at + 76..at + 80].copy_from_slice(&1_u32.to_le_bytes());
        }
    }
    bytes
}

#[test]
fn what_cannot_run_is_one_chinese_sentence_with_exit_code_2_and_an_empty_output() {
    let dir = folder("refused");
    let whole = std::fs::read(sample("package.docx")).expect("the sample");
    let seed = sample("package.docx").display().to_string();
    let path = |p: PathBuf| p.display().to_string();
    std::fs::create_dir(dir.join("空")).expect("made");
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";
    let mut runs: Vec<(&str, Vec<String>)> = vec![
        ("读不了", vec![path(file(&dir, "图.docx", png))]),
        (
            "密码",
            vec![path(file(&dir, "加密.docx", container("EncryptedPackage")))],
        ),
        (
            "读不了",
            vec![path(file(&dir, "断.docx", &whole[..whole.len() / 2]))],
        ),
        ("没有", vec![path(dir.join("空"))]),
        ("找不到", vec![path(dir.join("没有这个文件.docx"))]),
        (
            "没有规程包",
            vec![seed, "--rulebook".into(), "cn/nowhere/2099".into()],
        ),
    ];
    let real = "corpus/robustness/excelize/test__encryptAES.xlsx";
    runs.extend(shared(real).map(|p| ("密码", vec![path(p)])));
    for (word, arguments) in runs {
        for verb in ["check", "evaluate"] {
            let out = path(dir.join("结果"));
            let mut words = vec![verb];
            words.extend(arguments.iter().map(String::as_str));
            if verb == "evaluate" {
                words.extend(["--out", &out]);
            }
            let done = jiheng(&words);
            let told = text(&done.stderr);
            assert_eq!(done.status.code(), Some(2), "{words:?}: {told}");
            assert!(
                told.contains(word) && told.lines().count() == 1,
                "{words:?}: {told}"
            );
            assert!(done.stdout.is_empty(), "{words:?} printed something");
            assert!(!Path::new(&out).exists(), "{words:?} left a folder");
        }
    }
}

/// The sample's docx with the end of one cell and of its row cut out of its fourth table.
fn with_a_broken_table() -> Vec<u8> {
    let whole = std::fs::read(sample("package.docx")).expect("the sample");
    let budget = Budget::default();
    let zip = Zip::open(&whole, &budget).expect("a zip");
    let mut inflater = Inflater::new(&budget);
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in zip.entries().iter().filter(|e| !e.is_folder()) {
        let mut bytes = zip
            .inflate(entry, &mut inflater)
            .expect("a part")
            .into_owned();
        if entry.name == "word/document.xml" {
            let mut body = text(&bytes);
            let table = body
                .match_indices("<w:tbl>")
                .nth(3)
                .expect("a fourth table")
                .0;
            let cut = table + body[table..].find("</w:tc>").expect("a cell");
            body.replace_range(cut..cut + "</w:tc>".len(), "");
            bytes = body.into_bytes();
        }
        parts.push((entry.name.to_string(), bytes));
    }
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    write::zip(&parts)
}

#[test]
fn a_broken_table_is_reported_and_the_rest_is_checked() {
    let dir = folder("broken");
    let (word, _) = check(&sample("package.docx"));
    let (json, code) = check(&file(&dir, "破.docx", with_a_broken_table()));
    assert_eq!(code, 1);
    assert!(!codes(&word).contains(&"R101"));
    let broken = findings(&json)
        .iter()
        .find(|f| f["code"] == "R101")
        .expect("R101");
    assert_eq!(broken["severity"], "warning");
    assert_eq!(broken["places"][0]["table"], 4);
    // What is said of the first table alone is said word for word.
    let first = |json: &Value| {
        let there = |f: &&Value| {
            f["places"]
                .as_array()
                .is_some_and(|p| p.iter().all(|p| p["table"] == 1))
        };
        all_said(findings(json).iter().filter(there))
    };
    assert!(!first(&word).is_empty());
    assert_eq!(
        first(&word),
        first(&json),
        "\n{}",
        difference(&first(&word), &first(&json))
    );
}

#[test]
fn one_unreadable_file_among_others_is_a_warning() {
    let dir = folder("mixed");
    std::fs::copy(sample("package.docx"), dir.join("自评.docx")).expect("copied");
    file(&dir, "附件.docx", container("EncryptedPackage"));
    let (json, code) = check(&dir);
    assert_eq!(code, 1);
    let unread = findings(&json)
        .iter()
        .find(|f| f["code"] == "R103")
        .expect("R103");
    assert!(
        unread["message"]
            .as_str()
            .is_some_and(|m| m.contains("附件.docx") && m.contains("密码")),
        "{unread}"
    );
}

#[test]
fn a_faultless_package_exits_with_0_and_a_faulty_one_writes_exactly_four_files() {
    let out = folder("results");
    let target = out.display().to_string();
    let seed = sample("package.docx").display().to_string();
    assert_eq!(
        jiheng(&["evaluate", &seed, "--out", &target]).status.code(),
        Some(1)
    );
    assert_eq!(
        names(&out),
        [
            "findings.html",
            "findings.json",
            "findings.xlsx",
            "forms.json"
        ]
    );
    let Some(faultless) = shared("corpus/consistent/000001.docx") else {
        return;
    };
    let (json, code) = check(&faultless);
    assert_eq!(code, 0, "{json}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut names: Vec<String> = entries
        .map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn explain_shows_formula_inputs_and_article_and_lists_what_is_ambiguous() {
    let seed = sample("package.docx").display().to_string();
    let one = jiheng(&["explain", &seed, "--at", "附件3 山水 执行率得分"]);
    let tree = text(&one.stdout);
    assert_eq!(one.status.code(), Some(0), "{}", text(&one.stderr));
    for part in ["= 10 × ", "÷", "表3 行4", "依据", "第"] {
        assert!(tree.contains(part), "no {part} in {tree}");
    }
    let several = jiheng(&["explain", &seed, "--at", "得分"]);
    assert_eq!(several.status.code(), Some(2));
    assert!(several.stdout.is_empty());
    assert!(
        text(&several.stderr).lines().count() > 2,
        "{}",
        text(&several.stderr)
    );
}

#[test]
fn pages_rulebooks_and_completions_are_printed() {
    let books = root().join("rulebooks").display().to_string();
    for (words, part) in [
        (vec!["rule", "X301"], "X301"),
        (vec!["rule", "R101"], "怎么办"),
        (vec!["rulebook", "list"], "cn/hunan/yueyang/2023"),
        (vec!["rulebook", "lint", &books], "没有发现问题"),
        (vec!["completions", "bash"], "complete "),
    ] {
        let done = jiheng(&words);
        assert_eq!(
            done.status.code(),
            Some(0),
            "{words:?}: {}",
            text(&done.stderr)
        );
        assert!(text(&done.stdout).contains(part), "{words:?}: no {part}");
    }
}

/// Text that is a formula to a workbook and a script to a page.
const HOSTILE: &str = "=1+<script>alert(1)</script>";

/// The sample with a hostile name for one of its projects, which findings quote and name their places by.
fn hostile() -> Vec<Block> {
    let mut blocks = blocks(&document());
    let mut replaced = 0;
    for block in &mut blocks {
        let Block::Table(table) = block else { continue };
        for cell in table
            .cells
            .iter_mut()
            .filter(|c| c.text.contains("“三区三线”规划编制"))
        {
            cell.text = HOSTILE.into();
            replaced += 1;
        }
    }
    assert!(replaced > 0, "the sample has the project");
    blocks
}

#[test]
fn hostile_text_stays_text_in_the_workbook_and_on_the_page() {
    let dir = folder("hostile");
    let input = file(&dir, "自评.docx", write::docx(&hostile()))
        .display()
        .to_string();
    let out = dir.join("结果");
    let done = jiheng(&["evaluate", &input, "--out", &out.display().to_string()]);
    assert!(
        matches!(done.status.code(), Some(0 | 1)),
        "{}",
        text(&done.stderr)
    );
    let page = text(&std::fs::read(out.join("findings.html")).expect("the page"));
    assert!(!page.contains("<script>alert(1)"));
    assert!(
        page.contains("&#60;script&#62;alert(1)"),
        "the cell is shown, escaped"
    );
    let bytes = std::fs::read(out.join("findings.xlsx")).expect("the workbook");
    let budget = Budget::default();
    let zip = Zip::open(&bytes, &budget).expect("a zip");
    let mut inflater = Inflater::new(&budget);
    let mut quoted = false;
    for entry in zip.entries().iter().filter(|e| e.name.ends_with(".xml")) {
        let part = text(&zip.inflate(entry, &mut inflater).expect("a part"));
        assert!(
            !part.contains("<f>") && !part.contains("<f "),
            "{} holds a formula",
            entry.name
        );
        quoted |= part.contains(">=1+&lt;script");
    }
    assert!(quoted, "no finding quotes the hostile cell");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let seed = sample("package.docx").display().to_string();
    for format in ["json", "sarif", "terminal"] {
        let run = || jiheng(&["check", &seed, "--format", format]).stdout;
        let first = run();
        assert!(!first.is_empty());
        assert_eq!(first, run(), "{format} differs from run to run");
    }
    let (one, two) = (folder("once"), folder("twice"));
    for out in [&one, &two] {
        jiheng(&["evaluate", &seed, "--out", &out.display().to_string()]);
    }
    for name in names(&one) {
        let read = |folder: &Path| std::fs::read(folder.join(&name)).expect("written");
        assert_eq!(read(&one), read(&two), "{name} differs from run to run");
    }
}

#[test]
fn the_sample_is_the_format_it_claims() {
    assert_eq!(document().format, Format::Docx);
    assert!(document().notices.is_empty(), "{:?}", document().notices);
}
