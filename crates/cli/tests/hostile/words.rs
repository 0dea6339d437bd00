//! Word files, pages and texts that nest, repeat or refer to themselves without end go in; a sentence comes out.

use crate::bomb::{check, package};
use jiheng_office::write::{docx_of, docx_parts};

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    package(&[("word/document.xml", document.as_bytes())])
}

#[test]
fn a_hundred_thousand_nested_tables_are_read_to_a_depth() {
    let open = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>层</w:t></w:r></w:p>";
    let close = "</w:tc></w:tr></w:tbl>";
    let body = open.repeat(100_000) + &close.repeat(100_000);
    check("十万层.docx", &docx(&body)).says("表格套表格超过");
    // And one that never closes them.
    check("不收尾.docx", &docx(&open.repeat(100_000))).says("表格套表格超过");
}

#[test]
fn a_hundred_thousand_nested_text_boxes_are_read_to_a_depth() {
    let open = "<w:p><w:r><w:pict><w:txbxContent>";
    let close = "</w:txbxContent></w:pict></w:r></w:p>";
    let body = "<w:p><w:r><w:t>正文</w:t></w:r></w:p>".to_string()
        + &open.repeat(100_000)
        + &close.repeat(100_000);
    check("文本框.docx", &docx(&body));
}

#[test]
fn spans_of_a_billion_columns_are_cut() {
    let cell = "<w:tc><w:tcPr><w:gridSpan w:val=\"1000000000\"/></w:tcPr><w:p><w:r><w:t>宽</w:t></w:r></w:p></w:tc>";
    let body = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", cell.repeat(2000));
    check("很宽.docx", &docx(&body));
}

#[test]
fn a_document_of_four_million_cells_runs_out_of_its_budget() {
    let row = format!("<w:tr>{}</w:tr>", "<w:tc><w:p/></w:tc>".repeat(60));
    let body = format!("<w:tbl>{}</w:tbl>", row.repeat(70_000));
    let said = check("很多格.docx", &docx(&body));
    said.says("太大");
}

#[test]
fn a_million_filled_cells_stay_within_memory() {
    let cell = "<w:tc><w:p><w:r><w:t>12.50</w:t></w:r></w:p></w:tc>";
    let row = format!("<w:tr>{}</w:tr>", cell.repeat(50));
    let body = format!("<w:tbl>{}</w:tbl>", row.repeat(20_000));
    check("百万格.docx", &docx(&body));
}

#[test]
fn a_million_tables_stay_within_memory() {
    let table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    check("百万表.docx", &docx(&table.repeat(600_000)));
}

#[test]
fn a_million_paragraphs_stay_within_memory() {
    let body = "<w:p><w:r><w:t>一、截至2023年12月31日，支出100.00万元。</w:t></w:r></w:p>";
    check("百万段.docx", &docx(&body.repeat(600_000)));
}

#[test]
fn entities_are_not_unfolded() {
    let mut document =
        String::from("<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a0 \"哈哈哈哈哈哈哈哈哈哈\">");
    for level in 1..20 {
        let inner = format!("&a{};", level - 1).repeat(10);
        document.push_str(&format!("<!ENTITY a{level} \"{inner}\">"));
    }
    document.push_str("<!ENTITY out SYSTEM \"file:///etc/passwd\">]><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>支出&a19;&out;</w:t></w:r></w:p></w:body></w:document>");
    let said = check("实体.docx", &docx_parts(&document, &[]));
    assert!(!said.text.contains("root:"));
}

#[test]
fn styles_that_rest_on_each_other_end() {
    let style = |id: &str, on: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:basedOn w:val=\"{on}\"/></w:style>"
        )
    };
    let styles = format!(
        "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">{}{}{}</w:styles>",
        style("a", "b"),
        style("b", "a"),
        style("c", "c")
    );
    let paragraph = |id: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{id}\"/></w:pPr><w:r><w:t>支出</w:t></w:r></w:p>")
    };
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{}{}</w:body></w:document>",
        paragraph("a"),
        paragraph("c")
    );
    check(
        "样式.docx",
        &docx_parts(&document, &[("styles", "styles.xml", &styles)]),
    );
}

#[test]
fn one_footnote_that_is_referred_to_a_hundred_thousand_times_is_bounded() {
    let note = format!(
        "<w:footnotes xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:footnote w:id=\"1\"><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote></w:footnotes>",
        "注".repeat(50_000)
    );
    let body = "<w:p><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>".repeat(100_000);
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    check(
        "脚注.docx",
        &docx_parts(&document, &[("footnotes", "footnotes.xml", &note)]),
    );
}

#[test]
fn pages_that_nest_and_span_without_end_are_bounded() {
    let open = "<table><tr><td>层";
    check("十万层.html", open.repeat(100_000).as_bytes());
    check(
        "div.html",
        ("<html>".to_string() + &"<div>一".repeat(1_000_000)).as_bytes(),
    );
    let span = "<tr><td rowspan=65000 colspan=1000>格".repeat(3000);
    check("跨很多.html", format!("<table>{span}</table>").as_bytes());
}

#[test]
fn texts_of_one_line_or_of_nothing_but_lines_are_bounded() {
    check("一行.txt", "支出12.5万元，".repeat(2_000_000).as_bytes()).says("太大");
    check("一行长.txt", "支出12.5万元，".repeat(350_000).as_bytes());
    check("竖线.txt", "│".repeat(5_000_000).as_bytes());
    check(
        "竖线.md",
        ("|".repeat(200_000) + "\n").repeat(20).as_bytes(),
    );
    check("空行.txt", "\n".repeat(20_000_000).as_bytes());
    check(
        "逗号.csv",
        (",".repeat(20_000) + "\n").repeat(500).as_bytes(),
    );
}

#[test]
fn half_a_docx_is_named() {
    let whole = docx_of("<w:p><w:r><w:t>支出</w:t></w:r></w:p>");
    let said = check("一半.docx", &whole[..whole.len() / 2]);
    assert_eq!(said.code, 2);
    said.says("不完整");
}
