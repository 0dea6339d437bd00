//! A docx with marks and digits in the wrong width comes in; the fixed copy is held against it: words, values, what stays.

mod desk;

use desk::{folder, part, run, text};
use jiheng_office::write::docx_of;
use jiheng_office::{Budget, Inflater, Zip};
use serde_json::Value;
use std::path::Path;

fn json(words: &[&str]) -> Value {
    serde_json::from_slice(&run(words).stdout).expect("JSON")
}

fn document(path: &Path) -> String {
    part(&std::fs::read(path).expect("written"), "word/document.xml")
}

fn paragraph(words: &str) -> String {
    format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")
}

/// A project form with digits in the wrong width in cells that hold amounts and values, and a report.
fn material(report: &[&str]) -> Vec<u8> {
    let row = |cells: &[&str]| {
        let cells: String = cells
            .iter()
            .map(|c| format!("<w:tc>{}</w:tc>", paragraph(c)))
            .collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let rows = [
        row(&[
            "项目名称",
            "河道清淤",
            "主管部门",
            "水利局",
            "实施单位",
            "水利局",
            "",
            "",
        ]),
        row(&[
            "",
            "",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ]),
        row(&[
            "项目资金（万元）",
            "年度资金总额",
            "２００.00",
            "２００.00",
            "200.00",
            "10",
            "100%",
            "10",
        ]),
    ];
    let lines: String = report.iter().map(|l| paragraph(l)).collect();
    docx_of(&format!(
        "{}{lines}{}<w:tbl>{}</w:tbl><w:p/>",
        paragraph("2023年度水利局整体支出绩效自评报告"),
        paragraph("2023年度项目支出绩效自评表"),
        rows.concat()
    ))
}

/// The values of all forms, as read.
fn values(path: &Path) -> Value {
    let mut all = json(&["extract", text(path), "--format", "json"]);
    let forms = all["files"][0]["forms"].take();
    assert!(forms.to_string().contains("２００.00"), "{forms}");
    forms
}

#[test]
fn widths_and_halves_change_in_the_report_and_no_value_changes() {
    let dir = folder("widths");
    let path = dir.join("自评.docx");
    let report = [
        "一、部门基本情况",
        "本局认真履职,完成任务，共有２３个项目（含３个市级项目)，支出１２００．５万元。",
        "依据财预〔2020）10号文件，建立”三重一大”制度，执行《预算法的规定。",
    ];
    std::fs::write(&path, material(&report)).expect("written");
    let out = dir.join("已改.docx");
    let changes = json(&["fix", text(&path), "--out", text(&out), "--format", "json"]);
    let made: Vec<String> = changes["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|c| format!("{} {}→{}", c["code"], c["before"], c["after"]).replace('"', ""))
        .collect();
    let expected = [
        "N103 ）→〕",
        "N103 ”→“",
        "N104 ,→，",
        "N104 ２３→23",
        "N104 ３→3",
        "N104 )→）",
    ];
    for change in &made {
        assert!(expected.contains(&change.as_str()), "{change}");
    }
    assert_eq!(made.len(), expected.len(), "{made:?}");
    // The cells of the form stand as they stood, and all values are read alike.
    assert_eq!(values(&out), values(&path));
    let after = document(&out);
    assert!(
        after.contains("１２００．５万元") && after.contains("《预算法的规定"),
        "{after}"
    );
    assert_eq!(after.matches("２００.00").count(), 2);
    // What is left keeps its comment.
    let bytes = std::fs::read(&out).expect("written");
    let budget = Budget::default();
    let zip = Zip::open(&bytes, &budget).expect("a zip");
    let entry = zip.find("word/comments.xml").expect("comments");
    let comments = zip
        .inflate(entry, &mut Inflater::new(&budget))
        .expect("inflates");
    let comments = String::from_utf8(comments.into_owned()).expect("UTF-8");
    assert!(
        comments.contains("没有配对　N103") && comments.contains("全角半角混用"),
        "{comments}"
    );
}

#[test]
fn the_page_of_a_rule_says_whether_it_can_be_fixed() {
    let page = |code: &str| String::from_utf8(run(&["rule", code]).stdout).expect("UTF-8");
    for code in ["A102", "A201", "N101", "N103", "N104"] {
        assert!(page(code).contains("直接改  jiheng fix"), "{code}");
    }
    assert!(!page("X301").contains("直接改"));
}
