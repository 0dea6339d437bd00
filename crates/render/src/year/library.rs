//! The offers of the library and the lines of the guide come in; their two sheets go out.

use super::styles::Styles;
use super::{GUIDE, LIBRARY, Offer};
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Heads and widths of the library's sheet.
const HEADS: [(&str, f64); 7] = [
    ("项目类型", 14.0),
    ("一级", 12.0),
    ("二级", 16.0),
    ("可选的名称", 24.0),
    ("写法", 16.0),
    ("怎么取数", 44.0),
    ("佐证", 30.0),
];
/// The column of the names.
const NAMES: &str = "D";

/// The first sheet.
pub(super) fn guide(
    sheet: &mut Worksheet,
    lines: &[String],
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?;
    sheet.set_column_width(0, 84)?;
    sheet.write_string_with_format(0, 0, GUIDE, &styles.title)?;
    for (row, line) in lines.iter().enumerate() {
        sheet.write_string_with_format(row as u32 + 2, 0, line, &styles.plain)?;
        sheet.set_row_height(row as u32 + 2, lines_of(line, 80.0) * 16.0 + 4.0)?;
    }
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.protect();
    Ok(())
}

/// The range of names of each project that something is offered for, as a list formula.
pub(super) fn ranges(offers: &[Offer]) -> BTreeMap<String, String> {
    let mut ranges = BTreeMap::new();
    let mut at = 0;
    while let Some(first) = offers.get(at) {
        let same = offers[at..]
            .iter()
            .take_while(|o| o.kind == first.kind)
            .count()
            .max(1);
        for project in &first.projects {
            let range = format!("={LIBRARY}!${NAMES}${}:${NAMES}${}", at + 2, at + same + 1);
            ranges.entry(project.clone()).or_insert(range);
        }
        at += same;
    }
    ranges
}

/// The sheet to choose from.
pub(super) fn write(
    sheet: &mut Worksheet,
    offers: &[Offer],
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(LIBRARY)?;
    for (col, (head, width)) in HEADS.iter().enumerate() {
        sheet.set_column_width(col as u16, *width)?;
        sheet.write_string_with_format(0, col as u16, *head, &styles.label)?;
    }
    let format = styles.known.clone().set_num_format("@");
    for (row, offer) in offers.iter().enumerate() {
        let row = row as u32 + 1;
        sheet.write_string_with_format(row, 0, &offer.kind, &format)?;
        let longest = offer.cells.iter().zip(HEADS.iter().skip(1));
        let lines = longest.map(|(cell, (_, width))| lines_of(cell, *width));
        sheet.set_row_height(row, lines.fold(1.0, f64::max) * 15.0 + 4.0)?;
        for (col, cell) in offer.cells.iter().enumerate() {
            sheet.write_string_with_format(row, col as u16 + 1, cell, &format)?;
        }
    }
    sheet.autofilter(0, 0, offers.len() as u32, HEADS.len() as u16 - 1)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Lines that a text takes in a column of a width.
fn lines_of(text: &str, width: f64) -> f64 {
    let line = |l: &str| {
        (l.chars().count() as f64 * 2.0 / width.max(1.0))
            .ceil()
            .max(1.0)
    };
    text.split('\n').map(line).sum()
}
