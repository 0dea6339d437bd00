//! Results come in; `findings.xlsx`, the list to work off (整改清单), goes out: 发现, 得分, 规则结果.
//!
//! Every cell is a text cell: what a document says never becomes a formula.

use crate::place::one_line;
use crate::results::Results;
use crate::score_sheet::lines;
use crate::sides::SideKind;
use jiheng_model::Severity;
use jiheng_model::finding::OutcomeKind;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Workbook, Worksheet, XlsxError,
};

/// Excel's limit for the text of a cell, in UTF-16 units; a little less.
const CELL_LIMIT: usize = 32_000;
/// Choices in the column 整改情况.
const STATES: [&str; 4] = ["未改", "已改", "不改，已写说明", "不属实"];
/// Heads of the sheet 发现 with their widths.
const FINDINGS: [(&str, f64); 14] = [
    ("序号", 6.0),
    ("级别", 6.0),
    ("编码", 7.0),
    ("问题", 36.0),
    ("位置", 34.0),
    ("填报", 16.0),
    ("对照", 36.0),
    ("差额或算式", 22.0),
    ("为什么", 34.0),
    ("依据", 26.0),
    ("怎么办", 34.0),
    ("整改情况", 12.0),
    ("责任人", 10.0),
    ("完成日期", 12.0),
];
/// Heads of the sheet 得分.
const SCORES: [(&str, f64); 6] = [
    ("表", 40.0),
    ("项目", 36.0),
    ("分值", 8.0),
    ("填报", 10.0),
    ("复算", 10.0),
    ("说明", 44.0),
];
/// Heads of the sheet 规则结果.
const OUTCOMES: [(&str, f64); 5] = [
    ("编码", 7.0),
    ("规则", 40.0),
    ("结果", 12.0),
    ("比较次数", 10.0),
    ("说明", 60.0),
];

struct Formats {
    head: Format,
    text: Format,
    stated: Format,
    computed: Format,
    levels: [Format; 3],
}

/// The workbook as bytes.
///
/// # Errors
/// When the workbook cannot be put together; nothing in the results can cause it.
pub fn findings(results: &Results<'_>) -> Result<Vec<u8>, XlsxError> {
    let formats = formats();
    let mut book = Workbook::new();
    // A fixed date: the same results give the same bytes.
    let properties = DocProperties::new()
        .set_title("绩效自评整改清单")
        .set_author("绩衡")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2020, 1, 1)?);
    book.set_properties(&properties);
    list(book.add_worksheet(), results, &formats)?;
    scores(book.add_worksheet(), results, &formats)?;
    outcomes(book.add_worksheet(), results, &formats)?;
    book.save_to_buffer()
}

fn list(sheet: &mut Worksheet, results: &Results<'_>, formats: &Formats) -> Result<(), XlsxError> {
    begin(sheet, "发现", &FINDINGS, formats)?;
    let mut row = 0;
    for (index, finding) in results.findings.iter().enumerate() {
        row += 1;
        let sides = results.sides(finding);
        let of = |kinds: &[SideKind], skip: usize| -> Vec<String> {
            sides
                .iter()
                .filter(|s| kinds.contains(&s.kind))
                .skip(skip)
                .map(|s| match s.position.is_empty() {
                    true => format!("{}：{}", s.name, s.value),
                    false => format!("{}（{}）：{}", s.name, s.position, s.value),
                })
                .collect()
        };
        let first = sides.first();
        let message = match (&finding.suppressed, results.stands_alone(index)) {
            (Some(s), _) => format!("{}\n{}", one_line(&finding.message), s.sentence()),
            (None, true) => one_line(&finding.message),
            (None, false) => {
                let cause = results.findings[results.first_cause(index)].code.as_str();
                format!("{}（随 {cause} 而来）", one_line(&finding.message))
            }
        };
        let against = of(&[SideKind::Stated, SideKind::Absent], 1)
            .into_iter()
            .chain(of(&[SideKind::Computed], 0));
        let cells = [
            row.to_string(),
            finding.severity.chinese().to_string(),
            finding.code.clone(),
            message,
            first
                .map(|s| format!("{}\n{}", s.name, s.position))
                .unwrap_or_default(),
            first.map(|s| s.value.clone()).unwrap_or_default(),
            against.collect::<Vec<_>>().join("\n"),
            of(&[SideKind::Gap], 0).join("\n"),
            one_line(&finding.why),
            one_line(&finding.basis),
            one_line(&finding.advice),
            String::new(),
            String::new(),
            String::new(),
        ];
        for (col, text) in cells.iter().enumerate() {
            let format = match col {
                1 => &formats.levels[finding.severity as usize],
                5 => &formats.stated,
                _ => &formats.text,
            };
            put(sheet, row, col as u16, text, format)?;
        }
    }
    if row > 0 {
        let states = DataValidation::new().allow_list_strings(&STATES)?;
        sheet.add_data_validation(1, 11, row, 11, &states)?;
        sheet.autofilter(0, 0, row, FINDINGS.len() as u16 - 1)?;
    }
    Ok(())
}

fn scores(
    sheet: &mut Worksheet,
    results: &Results<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    begin(sheet, "得分", &SCORES, formats)?;
    let mut row = 0;
    for score in &results.scorecard.forms {
        let Some(form) = results.filing.forms.get(score.form) else {
            continue;
        };
        for line in lines(form, score) {
            row += 1;
            put(
                sheet,
                row,
                0,
                &results.form_title(score.form),
                &formats.text,
            )?;
            put(sheet, row, 1, &line.name, &formats.text)?;
            put(sheet, row, 2, &line.points, &formats.text)?;
            put(sheet, row, 3, &line.stated, &formats.stated)?;
            put(sheet, row, 4, &line.computed, &formats.computed)?;
            let remark = if line.differs {
                "填报与复算不同".to_string()
            } else {
                line.remark
            };
            put(sheet, row, 5, &remark, &formats.text)?;
        }
    }
    Ok(())
}

fn outcomes(
    sheet: &mut Worksheet,
    results: &Results<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    begin(sheet, "规则结果", &OUTCOMES, formats)?;
    for (index, outcome) in results.outcomes.iter().enumerate() {
        let row = index as u32 + 1;
        let word = match outcome.outcome {
            OutcomeKind::Pass => "通过",
            OutcomeKind::Fail => "有发现",
            OutcomeKind::NotApplicable => "不适用",
            OutcomeKind::NotEnoughData => "未核",
        };
        put(sheet, row, 0, &outcome.code, &formats.text)?;
        put(
            sheet,
            row,
            1,
            results.rule_title(&outcome.code),
            &formats.text,
        )?;
        put(sheet, row, 2, word, &formats.text)?;
        put(sheet, row, 3, &outcome.checked.to_string(), &formats.text)?;
        put(sheet, row, 4, &outcome.note, &formats.text)?;
    }
    Ok(())
}

/// Names the sheet, writes its heads and sets it up for printing on A4.
fn begin(
    sheet: &mut Worksheet,
    name: &str,
    heads: &[(&str, f64)],
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    for (col, (head, width)) in heads.iter().enumerate() {
        sheet.set_column_width(col as u16, *width)?;
        sheet.write_string_with_format(0, col as u16, *head, &formats.head)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页，共 &N 页");
    Ok(())
}

/// Writes text as text, whatever it begins with.
fn put(
    sheet: &mut Worksheet,
    row: u32,
    col: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let text: String = text
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .take(CELL_LIMIT / 2)
        .collect();
    sheet.write_string_with_format(row, col, text, format)?;
    Ok(())
}

fn formats() -> Formats {
    let cell = || {
        Format::new()
            .set_font_name("宋体")
            .set_font_size(10)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x0081_848b))
            .set_align(FormatAlign::Top)
            .set_text_wrap()
            .set_num_format("@")
    };
    let level = |color: u32| cell().set_bold().set_font_color(Color::RGB(color));
    Formats {
        head: cell()
            .set_bold()
            .set_background_color(Color::RGB(0x00ec_ebe6))
            .set_align(FormatAlign::VerticalCenter),
        text: cell(),
        stated: cell().set_font_color(Color::RGB(0x0015_385c)),
        computed: cell().set_background_color(Color::RGB(0x00ec_ebe6)),
        levels: [level(0x00ac_211a), level(0x007f_4e00), level(0x0025_5f6e)],
    }
}

/// The order of [`Severity`] is the order of the formats.
const _: () = assert!(Severity::Error as usize == 0 && Severity::Hint as usize == 2);
