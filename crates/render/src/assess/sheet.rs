//! The assessment comes in; the printed sheet with its merged cells, for print and as a workbook, goes out.

use super::{decided, given, points};
use crate::official::{Align, Block, Official, Part, PartKind, Table};
use jiheng_model::Assessment;
use jiheng_model::assessment::DecidedBy;
use rust_xlsxwriter::{
    DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, XlsxError,
};

/// Heads of the sheet, with their widths in per cent and in characters.
const HEADS: [(&str, u32, f64); 8] = [
    ("一级指标", 7, 10.0),
    ("二级指标", 8, 12.0),
    ("评分标准", 27, 44.0),
    ("所需佐证材料", 14, 24.0),
    ("满分", 5, 7.0),
    ("得分", 8, 10.0),
    ("由谁定", 7, 12.0),
    ("怎么得来", 24, 50.0),
];

/// The sheet for print.
pub fn official(assessment: &Assessment) -> Official {
    let mut rows = vec![HEADS.iter().map(|h| h.0.to_string()).collect()];
    rows.extend(assessment.items.iter().map(|item| {
        vec![
            dimension(assessment, &item.dimension),
            format!("{}\n（{}分）", item.name, points(item.max)),
            item.standard.join("\n"),
            item.hand_in.join("\n"),
            points(item.max),
            given(item),
            decided(item).to_string(),
            whys(item),
        ]
    }));
    let total = assessment.total();
    let mut last = vec![String::new(); HEADS.len()];
    last[0] = "合计".into();
    last[4] = points(total.max);
    last[5] = match total.score {
        Some(score) => points(score),
        None => format!("{}–{}", points(total.range.0), points(total.range.1)),
    };
    rows.push(last);
    let mut table = Table::of_rows(&rows, HEADS.iter().map(|h| h.1).collect());
    table.join_down(1, 2);
    let line = |text: String| Block::Line {
        text,
        align: Align::Left,
        small: true,
    };
    let mut blocks = vec![Block::Title {
        lines: vec![title(assessment)],
        form: true,
    }];
    if let Some(unit) = &assessment.unit {
        blocks.push(line(format!("被考核单位：{unit}")));
    }
    blocks.push(Block::Table(table));
    blocks.push(line(
        "考核人：　　　　　　　　　　考核日期：　　　　年　　月　　日".into(),
    ));
    Official {
        title: title(assessment),
        parts: vec![Part {
            kind: PartKind::Report,
            name: "考核评分表".into(),
            landscape: true,
            blocks,
        }],
    }
}

/// The sheet as a workbook: the score is to be entered where a person decides, and adds up by formula.
///
/// # Errors
/// When the workbook cannot be put together; nothing in the assessment can cause it.
pub fn xlsx(assessment: &Assessment) -> Result<Vec<u8>, XlsxError> {
    let cell = Format::new()
        .set_font_name("宋体")
        .set_font_size(10)
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let head = cell.clone().set_bold().set_align(FormatAlign::Center);
    let open = cell.clone().set_unlocked().set_align(FormatAlign::Center);
    let middle = cell.clone().set_align(FormatAlign::Center);
    let big = Format::new()
        .set_font_name("宋体")
        .set_font_size(16)
        .set_bold()
        .set_align(FormatAlign::Center);
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(title(assessment))
        .set_author("绩衡")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2020, 1, 1)?);
    book.set_properties(&properties);
    let sheet = book.add_worksheet();
    sheet.set_name("考核评分表")?;
    let last = HEADS.len() as u16 - 1;
    sheet.merge_range(0, 0, 0, last, &title(assessment), &big)?;
    let unit = assessment.unit.as_deref().unwrap_or_default();
    sheet.write_string(1, 0, format!("被考核单位：{unit}"))?;
    for (col, (name, _, width)) in HEADS.iter().enumerate() {
        sheet.set_column_width(col as u16, *width)?;
        sheet.write_string_with_format(2, col as u16, *name, &head)?;
    }
    let first = 3u32;
    let mut at = first;
    for item in &assessment.items {
        let texts = [
            (0, dimension(assessment, &item.dimension)),
            (1, item.name.clone()),
            (2, item.standard.join("\n")),
            (3, item.hand_in.join("\n")),
            (6, decided(item).to_string()),
            (7, whys(item)),
        ];
        for (col, text) in texts {
            sheet.write_string_with_format(at, col, text, &cell)?;
        }
        sheet.write_number_with_format(at, 4, number(&points(item.max)), &middle)?;
        let bound = DataValidation::new()
            .allow_decimal_number(DataValidationRule::Between(0.0, number(&points(item.max))))
            .set_error_title("得分超出范围")?
            .set_error_message(format!("填 0 到 {} 之间的数", points(item.max)))?;
        match (item.decided_by(), item.score()) {
            (DecidedBy::Computed, Some(score)) => {
                sheet.write_number_with_format(at, 5, number(&points(score)), &middle)?;
            }
            _ => {
                sheet.write_blank(at, 5, &open)?;
                sheet.add_data_validation(at, 5, at, 5, &bound)?;
            }
        }
        at += 1;
    }
    sheet.write_string_with_format(at, 0, "合计", &head)?;
    for (col, letter) in [(4, 'E'), (5, 'F')] {
        let formula = Formula::new(format!("=SUM({letter}{}:{letter}{at})", first + 1));
        sheet.write_formula_with_format(at, col, formula, &middle)?;
    }
    sheet.set_freeze_panes(3, 2)?;
    sheet.set_repeat_rows(2, 2)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.protect();
    book.save_to_buffer()
}

/// "2023年度部门整体支出绩效自评工作考核评分表".
fn title(assessment: &Assessment) -> String {
    match assessment.year {
        Some(year) => format!("{year}年度{}", assessment.title),
        None => assessment.title.clone(),
    }
}

/// "实施评价\n（20分）": the points of its items together.
fn dimension(assessment: &Assessment, name: &str) -> String {
    let items = assessment.items.iter().filter(|i| i.dimension == name);
    let sum = items.fold(jiheng_model::Decimal::ZERO, |sum, i| {
        sum.saturating_add(i.max)
    });
    format!("{name}\n（{}分）", points(sum))
}

fn whys(item: &jiheng_model::assessment::Item) -> String {
    let whys: Vec<&str> = item.parts.iter().map(|p| p.why.as_str()).collect();
    whys.join("\n")
}

/// Points as the workbook stores numbers.
fn number(points: &str) -> f64 {
    points.parse().unwrap_or_default()
}
