//! Small OpenDocument files made here come in; what is read of them is held against what they say.

use crate::read::{Package, SourceFile, read};
use jiheng_model::{Document, Format, NoticeKind};
use jiheng_office::write::zip;

fn file(kind: &str, body: &str, parts: &[(&str, &str)]) -> Document {
    let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content>{body}</office:document-content>"#
    );
    let mut entries = vec![
        ("mimetype", mimetype.as_bytes()),
        ("content.xml", content.as_bytes()),
    ];
    entries.extend(parts.iter().map(|(name, text)| (*name, text.as_bytes())));
    let files = vec![SourceFile {
        name: "自评".into(),
        bytes: zip(&entries),
    }];
    let document = read(&Package { files }).remove(0);
    assert!(document.is_sound());
    document
}

fn text(body: &str) -> Document {
    let body = format!("<office:body><office:text>{body}</office:text></office:body>");
    file("text", &body, &[])
}

fn sheet(rows: &str) -> Document {
    let body = format!(
        r#"<office:body><office:spreadsheet><table:table table:name="自评表">{rows}</table:table></office:spreadsheet></office:body>"#
    );
    file("spreadsheet", &body, &[])
}

fn paragraphs(document: &Document) -> Vec<&str> {
    let all = document.paragraphs.iter();
    all.map(|p| document.slice(&p.text)).collect()
}

#[test]
fn a_text_gives_paragraphs_headings_and_tables_with_merged_and_nested_cells() {
    let document = text(
        r#"<text:h text:outline-level="1">一、基本情况</text:h>
        <text:p>人员<text:span>编制</text:span><text:s text:c="2"/>28<text:line-break/>人<office:annotation><text:p>批注</text:p></office:annotation></text:p>
        <table:table><table:table-column table:number-columns-repeated="3"/>
        <table:table-header-rows><table:table-row>
          <table:table-cell table:number-columns-spanned="2"><text:p>项目</text:p><text:p>名称</text:p></table:table-cell><table:covered-table-cell/>
          <table:table-cell table:number-rows-spanned="2"><text:p>得分</text:p></table:table-cell>
        </table:table-row></table:table-header-rows>
        <table:table-row>
          <table:table-cell><text:p>甲</text:p></table:table-cell>
          <table:table-cell><text:p>外</text:p><table:table><table:table-row><table:table-cell><text:p>内</text:p></table:table-cell></table:table-row></table:table></table:table-cell>
          <table:covered-table-cell/>
        </table:table-row></table:table>"#,
    );
    assert_eq!(document.format, Format::Odt);
    assert_eq!(document.notices, []);
    assert_eq!(paragraphs(&document), ["一、基本情况", "人员编制  28\n人"]);
    assert_eq!(document.paragraphs[0].level, Some(1));
    let table = document.table(1).expect("a table");
    assert_eq!((table.rows, table.cols), (2, 3));
    let at = |row, col| table.at(row, col).map(|c| document.cell_text(c));
    assert_eq!(at(1, 2), Some("项目\n名称"));
    assert_eq!(at(2, 3), Some("得分"));
    assert_eq!(at(2, 2), Some("外"));
    let nested = document.table(2).expect("a nested table");
    assert_eq!(nested.parent, Some((1, 3)));
    assert_eq!(document.blocks.len(), 3);
}

#[test]
fn footnotes_follow_the_text_and_deletions_are_left_out() {
    let document = text(
        r#"<text:tracked-changes><text:changed-region><text:deletion><text:p>旧</text:p></text:deletion></text:changed-region></text:tracked-changes>
        <text:p>支出<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>不含结转</text:p></text:note-body></text:note>五万</text:p><text:p>末段</text:p>"#,
    );
    assert_eq!(paragraphs(&document), ["支出五万", "末段", "不含结转"]);
    assert_eq!(document.notices[0].kind, NoticeKind::TrackedChanges);
}

#[test]
fn a_sheet_keeps_what_its_cells_show_with_repeated_and_merged_ones() {
    let document = sheet(
        r#"<table:table-row><table:table-cell table:number-columns-spanned="3" table:number-rows-spanned="1"><text:p>自评表</text:p></table:table-cell><table:covered-table-cell table:number-columns-repeated="2"/></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="percentage" office:value="0.9856"><text:p>98.56%</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="10"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
    );
    assert_eq!(document.format, Format::Ods);
    assert_eq!(document.notices, []);
    let table = document.table(1).expect("a table");
    assert_eq!((table.rows, table.cols), (3, 3));
    assert_eq!(table.sheet.as_deref(), Some("自评表"));
    let at = |row, col| table.at(row, col).map(|c| document.cell_text(c));
    assert_eq!(at(1, 3), Some("自评表"));
    assert_eq!(at(3, 1), Some("98.56%"));
    assert_eq!(at(3, 3), Some("10"));
}

#[test]
fn hidden_sheets_and_rows_are_read_and_said() {
    let document = file(
        "spreadsheet",
        r#"<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
        <office:body><office:spreadsheet>
        <table:table table:name="旧稿" table:style-name="ta2"><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell><table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table>
        <table:table table:name="新稿"><table:table-row table:visibility="collapse"><table:table-cell><text:p>甲</text:p></table:table-cell><table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table>
        </office:spreadsheet></office:body>"#,
        &[],
    );
    let kinds: Vec<NoticeKind> = document.notices.iter().map(|n| n.kind).collect();
    assert_eq!(kinds, [NoticeKind::Hidden; 2]);
    assert!(document.table(1).is_some_and(|t| t.hidden));
    assert!(document.table(2).is_some_and(|t| !t.hidden));
}

#[test]
fn rows_repeated_a_million_times_end_at_the_budget() {
    let document = sheet(
        r#"<table:table-row table:number-rows-repeated="4000000000"><table:table-cell table:number-columns-repeated="4000000000"><text:p>9</text:p></table:table-cell></table:table-row>"#,
    );
    let over = |n: &jiheng_model::Notice| n.kind == NoticeKind::OverBudget;
    assert!(document.notices.iter().any(over));
    let deep = "<table:table><table:table-row><table:table-cell>".repeat(5000);
    let document = text(&deep);
    assert!(document.notices.iter().any(over));
}

#[test]
fn a_password_is_named_and_so_is_a_missing_content() {
    let encrypted = file(
        "text",
        "",
        &[("META-INF/manifest.xml", "<manifest:encryption-data/>")],
    );
    assert!(encrypted.notices[0].message.contains("设了打开密码"));
    let files = vec![SourceFile {
        name: "自评.odt".into(),
        bytes: zip(&[("mimetype", b"application/vnd.oasis.opendocument.text")]),
    }];
    let document = read(&Package { files }).remove(0);
    assert_eq!(document.notices[0].kind, NoticeKind::NotRead);
}

#[test]
fn hidden_text_is_read_and_said() {
    let body = r#"<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style></office:automatic-styles><office:body><office:text><text:p>现稿<text:span text:style-name="T1">旧稿 108.9</text:span><text:span text:style-name="T2">109.0</text:span></text:p></office:text></office:body>"#;
    let document = file("text", body, &[]);
    assert_eq!(paragraphs(&document), ["现稿旧稿 108.9109.0"]);
    let said = document
        .notices
        .iter()
        .map(|n| (n.kind, n.message.as_str()));
    let hidden = (NoticeKind::Hidden, "有隐藏的文字，也读了：“旧稿 108.9”。");
    assert_eq!(said.collect::<Vec<_>>(), [hidden]);
}

#[test]
fn page_headers_and_footers_are_lines_of_their_own() {
    let pages = |header: &str| {
        format!(
            r#"<office:document-styles><office:styles><style:style style:name="Header"><style:text-properties/></style:style></office:styles>
            <office:master-styles><style:master-page style:name="Standard">
            <style:header><text:p>{header}</text:p></style:header>
            <style:header-first><text:p/></style:header-first>
            <style:footer><table:table><table:table-row><table:table-cell><text:p>第 <text:page-number>1</text:page-number> 页</text:p></table:table-cell></table:table-row></table:table></style:footer>
            <style:footer-left style:display="false"><text:p>旧页脚</text:p></style:footer-left>
            </style:master-page></office:master-styles></office:document-styles>"#
        )
    };
    let body = "<office:body><office:text><text:p>自评报告</text:p></office:text></office:body>";
    let plain = file("text", body, &[("styles.xml", &pages("青禾市水利局"))]);
    assert_eq!(plain.margins, ["青禾市水利局", "第 1 页"]);
    assert_eq!(plain.text, "自评报告");
    assert!(plain.tables.is_empty());
    let marked = file("text", body, &[("styles.xml", &pages("机密★5年"))]);
    assert!(crate::read::not_read(&marked), "{:?}", marked.notices);
}
