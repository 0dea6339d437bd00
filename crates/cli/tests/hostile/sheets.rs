//! Workbooks that claim more than they hold go in; a sentence comes out.

use crate::bomb::{check, package};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

fn xlsx(sheet: &str, strings: Option<&str>) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let targets = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{relations}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let sheet = format!("<worksheet xmlns=\"{MAIN}\">{sheet}</worksheet>");
    let strings = format!(
        "<sst xmlns=\"{MAIN}\">{}</sst>",
        strings.unwrap_or_default()
    );
    package(&[
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", targets.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
}

const CELL: &str = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>支出</t></is></c></row></sheetData>";

#[test]
fn a_million_merged_cells_are_bounded() {
    let mut merges = String::from("<mergeCells count=\"1000000\">");
    for row in 1..=1_000_000 {
        merges.push_str(&format!("<mergeCell ref=\"A{row}:C{row}\"/>"));
    }
    merges.push_str("</mergeCells>");
    check("百万合并.xlsx", &xlsx(&format!("{CELL}{merges}"), None));
    let cells = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1000000\"><c r=\"C1000000\"><v>1</v></c></row></sheetData>";
    check(
        "百万合并两角.xlsx",
        &xlsx(&format!("{cells}{merges}"), None),
    )
    .says("太大");
}

#[test]
fn a_million_merges_over_each_other_are_bounded() {
    let merges = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(1_000_000);
    let sheet = format!("{CELL}<mergeCells>{merges}</mergeCells>");
    check("叠着合并.xlsx", &xlsx(&sheet, None));
    let cells: String = (1..=2000)
        .map(|r| {
            format!("<row r=\"{r}\"><c r=\"A{r}\"><v>1</v></c><c r=\"ALL{r}\"><v>1</v></c></row>")
        })
        .collect();
    let merges = "<mergeCell ref=\"A1:ALL2000\"/>".repeat(200_000);
    let sheet = format!("<sheetData>{cells}</sheetData><mergeCells>{merges}</mergeCells>");
    check("叠着合并大.xlsx", &xlsx(&sheet, None));
}

#[test]
fn cells_at_the_corners_of_the_largest_sheet_are_bounded() {
    let sheet = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>";
    check("两角.xlsx", &xlsx(sheet, None)).says("太大");
    let beyond = "<sheetData><row r=\"4294967295\"><c r=\"ZZZZZZZZ4294967295\"><v>1</v></c></row></sheetData>";
    check("出界.xlsx", &xlsx(beyond, None));
}

#[test]
fn one_long_shared_string_in_a_million_cells_is_bounded() {
    let strings = format!("<si><t>{}</t></si>", "支出".repeat(100_000));
    let rows: String = (1..=20_000)
        .map(|r| {
            format!(
                "<row r=\"{r}\">{}</row>",
                "<c t=\"s\"><v>0</v></c>".repeat(50)
            )
        })
        .collect();
    let sheet = format!("<sheetData>{rows}</sheetData>");
    check("共享文字.xlsx", &xlsx(&sheet, Some(&strings))).says("文字太多");
}

#[test]
fn a_million_numbers_stay_within_memory() {
    let rows: String = (1..=20_000)
        .map(|r| {
            format!(
                "<row r=\"{r}\">{}</row>",
                "<c><v>123456.78</v></c>".repeat(50)
            )
        })
        .collect();
    check(
        "百万数.xlsx",
        &xlsx(&format!("<sheetData>{rows}</sheetData>"), None),
    );
}
