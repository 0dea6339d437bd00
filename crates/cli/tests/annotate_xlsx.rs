//! A user's own workbook comes in; the annotated copy is held against it: parts, cells, findings, comments of others.

mod desk;

use desk::{folder, part, parts, run, text};
use jiheng_office::Budget;
use jiheng_office::rewrite::{Change, rewrite};
use jiheng_office::write::{Cell, Table, xlsx};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const SEED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../samples/yueyang-2023/package.docx"
);
/// The heading of a finding in a comment stands on the line behind this mark or behind a blank line.
const BEGIN: &str = "【绩衡批注】";

/// Findings without the file's name, and the number of first causes.
fn said(path: &Path) -> (Vec<String>, usize) {
    let output = run(&["check", text(path), "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = json["findings"].as_array().expect("findings");
    let first = |f: &&Value| f["caused_by"].is_null() && f["suppressed"].is_null();
    let all = list.iter().map(|f| {
        let mut f = f.clone();
        for place in f["places"].as_array_mut().expect("places") {
            place["file"] = Value::Null;
        }
        f.to_string()
    });
    (all.collect(), list.iter().filter(first).count())
}

/// The seed as a workbook.
fn workbook(dir: &Path) -> PathBuf {
    run(&["render", SEED, "--to", "xlsx", "--out", text(dir)]);
    dir.join("package.xlsx")
}

/// Headings of findings in all parts with comments.
fn headings(all: &BTreeMap<String, Vec<u8>>) -> usize {
    let comments = all.iter().filter(|p| p.0.starts_with("xl/comments"));
    let texts = comments.map(|p| String::from_utf8(p.1.clone()).expect("UTF-8"));
    let count = |t: String| t.matches("怎么办：").count();
    texts.map(count).sum()
}

#[test]
fn a_workbook_gets_comments_at_its_cells_and_a_list_and_is_read_as_before() {
    let dir = folder("seed");
    let path = workbook(&dir);
    let before = std::fs::read(&path).expect("rendered");
    let out = dir.join("批注.xlsx");
    let done = run(&["annotate", text(&path), "--out", text(&out)]);
    assert_eq!(done.status.code(), Some(1));
    let after = std::fs::read(&out).expect("written");
    let (old, new) = (parts(&before), parts(&after));
    for (name, bytes) in &old {
        let may = [
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
        ];
        match name.strip_prefix("xl/worksheets/sheet") {
            // A sheet with comments names its drawing, and nothing else is new in it.
            Some(_) => {
                let text = part(&after, name);
                let own = text.find("<legacyDrawing ").map(|at| {
                    let end = at + text[at..].find("/>").expect("an end") + 2;
                    format!("{}{}", &text[..at], &text[end..])
                });
                assert!(own.unwrap_or(text).as_bytes() == bytes, "{name}");
            }
            None => assert_eq!(new[name] == *bytes, !may.contains(&name.as_str()), "{name}"),
        }
    }
    let (findings, first) = said(&path);
    assert_eq!(headings(&new), first);
    // At the exact cell: the number of posts, which the report contradicts.
    let comments = part(&after, "xl/comments.xml");
    let (_, at) = comments
        .split_once("<comment ref=\"B4\" authorId=\"0\">")
        .expect("the cell");
    let own = at.split("</comment>").next().expect("an end");
    assert!(
        own.contains(BEGIN) && own.contains("错误　编制数两处不一致") && own.contains("怎么办："),
        "{own}"
    );
    assert!(comments.contains("<author>绩衡</author>"));
    let list = part(&after, "xl/worksheets/jiheng.xml");
    for words in [
        "绩衡检查结果",
        ">X101<",
        ">错误<",
        "location=\"'附件1'!B4\"",
        "怎么办",
    ] {
        assert!(list.contains(words), "no {words}");
    }
    assert_eq!(said(&out).0, findings);
    // No clock, and the second time gives what the first gave.
    let again = dir.join("再批注.xlsx");
    run(&["annotate", text(&out), "--out", text(&again)]);
    assert!(std::fs::read(&again).expect("written") == after);
}

/// The first sheet of the seed's workbook with comments of somebody else on two cells.
fn with_comments(bytes: &[u8]) -> Vec<u8> {
    let shape = |row: u32, col: u32| {
        format!(
            "<v:shape id=\"_x0000_s205{row}\" type=\"#_x0000_t202\"><x:ClientData ObjectType=\"Note\"><x:Row>{row}</x:Row><x:Column>{col}</x:Column></x:ClientData></v:shape>"
        )
    };
    let drawing = format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">{}{}</xml>",
        shape(3, 1),
        shape(0, 0)
    );
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let comments = format!(
        "<comments xmlns=\"{main}\"><authors><author>张三</author></authors><commentList>\
         <comment ref=\"A1\" authorId=\"0\"><text><t>标题请改</t></text></comment>\
         <comment ref=\"B4\" authorId=\"0\"><text><r><rPr><b/></rPr><t>张三：</t></r><r><t>核对编制</t></r></text></comment></commentList></comments>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId7\" Type=\"{office}/comments\" Target=\"../theirs.xml\"/>\
         <Relationship Id=\"rId8\" Type=\"{office}/vmlDrawing\" Target=\"../theirs.vml\"/></Relationships>"
    );
    let sheet = "xl/worksheets/sheet1.xml";
    let named =
        part(bytes, sheet).replace("</worksheet>", "<legacyDrawing r:id=\"rId8\"/></worksheet>");
    let change = |name: &str, text: String| Change {
        name: name.into(),
        bytes: text.into_bytes(),
    };
    let changes = [
        change(sheet, named),
        change("xl/worksheets/_rels/sheet1.xml.rels", relations),
        change("xl/theirs.xml", comments),
        change("xl/theirs.vml", drawing),
    ];
    rewrite(bytes, &Budget::default(), &changes).expect("written")
}

#[test]
fn comments_of_others_are_kept_on_the_sheet_and_in_the_same_cell() {
    let dir = folder("others");
    let path = workbook(&dir);
    let bytes = with_comments(&std::fs::read(&path).expect("rendered"));
    std::fs::write(&path, &bytes).expect("written");
    let out = dir.join("批注.xlsx");
    run(&["annotate", text(&path), "--out", text(&out)]);
    let after = std::fs::read(&out).expect("written");
    let comments = part(&after, "xl/theirs.xml");
    let at = |cell: &str| {
        let (_, rest) = comments
            .split_once(&format!("<comment ref=\"{cell}\" "))
            .expect("the cell");
        rest.split("</comment>").next().expect("an end").to_string()
    };
    let both = at("B4");
    assert!(
        both.starts_with(
            "authorId=\"0\"><text><r><rPr><b/></rPr><t>张三：</t></r><r><t>核对编制</t></r><r>"
        ),
        "{both}"
    );
    assert!(both.contains(BEGIN) && both.contains("X101"), "{both}");
    assert!(at("A1").contains("标题请改"));
    let first = part(&after, "xl/theirs.vml");
    // One box a cell, theirs included.
    let cells = comments.matches("<comment ").count();
    assert_eq!(first.matches("<v:shape ").count(), cells);
    assert_eq!(comments.matches("ref=\"B4\"").count(), 1);
    let sheet = "xl/worksheets/sheet1.xml";
    assert_eq!(part(&after, sheet), part(&bytes, sheet));
    let again = dir.join("再批注.xlsx");
    run(&["annotate", text(&out), "--out", text(&again)]);
    assert!(std::fs::read(&again).expect("written") == after);
}

#[test]
fn sheets_of_one_column_get_comments_too_and_words_are_never_formulas() {
    let dir = folder("column");
    let lines = [
        "",
        "绩效自评报告",
        "一、部门基本情况",
        "",
        "其中：其中：人员经费支出。",
    ];
    let cell = |(i, text): (usize, &&str)| Cell {
        row: i as u32 + 1,
        col: 2,
        row_span: 1,
        col_span: 1,
        text: text.to_string(),
    };
    let table = Table {
        rows: 5,
        cols: 2,
        cells: lines.iter().enumerate().map(cell).collect(),
    };
    let path = dir.join("报告.xlsx");
    std::fs::write(&path, xlsx(&[("=报告", &table)])).expect("written");
    let out = dir.join("批注.xlsx");
    run(&["annotate", text(&path), "--out", text(&out)]);
    let after = std::fs::read(&out).expect("written");
    let comments = part(&after, "xl/comments.xml");
    let (_, at) = comments
        .split_once("<comment ref=\"B5\" ")
        .expect("the cell");
    assert!(at.contains("N102"), "{comments}");
    let list = part(&after, "xl/worksheets/jiheng.xml");
    assert!(
        list.contains("location=\"'=报告'!B5\"") && !list.contains("<f>"),
        "{list}"
    );
    for text in list.split("<t xml:space=\"preserve\">").skip(1) {
        assert!(!text.starts_with(['=', '+', '-', '@']), "{text}");
    }
    assert_eq!(said(&out), said(&path));
}

#[test]
fn a_sheet_that_only_bears_our_name_is_read_as_material() {
    let dir = folder("name");
    let path = workbook(&dir);
    let bytes = std::fs::read(&path).expect("rendered");
    let book = part(&bytes, "xl/workbook.xml");
    let name = "<definedName name=\"_jiheng_findings\">'附件1'!$A$1</definedName>";
    let named = match book.contains("</definedNames>") {
        true => book.replace("</definedNames>", &format!("{name}</definedNames>")),
        false => book.replace(
            "</sheets>",
            &format!("</sheets><definedNames>{name}</definedNames>"),
        ),
    };
    let change = Change {
        name: "xl/workbook.xml".into(),
        bytes: named.into_bytes(),
    };
    let (findings, _) = said(&path);
    let bytes = rewrite(&bytes, &Budget::default(), &[change]).expect("written");
    std::fs::write(&path, bytes).expect("written");
    assert_eq!(said(&path).0, findings);
    // It is not written over: the findings page stands in.
    let out = dir.join("批注.xlsx");
    let done = run(&["annotate", text(&path), "--out", text(&out)]);
    let sentence = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        sentence.contains("批注.html") && !out.exists(),
        "{sentence}"
    );
}
