//! The offers of the library and the lines of the guide come in; their two sheets go out.

use super::styles::{Shown, Styles};
use super::{GUIDE, LIBRARY, Offer};
use rust_xlsxwriter::{Note, ProtectionOptions, Worksheet, XlsxError};
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
        sheet.set_row_height(row as u32 + 2, super::sheet::lines(line, 80.0) * 16.0 + 4.0)?;
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
    let format = Shown::Text.on(&styles.known);
    for (row, offer) in offers.iter().enumerate() {
        let row = row as u32 + 1;
        sheet.write_string_with_format(row, 0, &offer.kind, &format)?;
        let longest = offer.cells.iter().zip(HEADS.iter().skip(1));
        let lines = longest.map(|(cell, (_, width))| super::sheet::lines(cell, *width));
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

/// The sheet of the report: its title and headings, and cells to write in.
pub(super) fn report(
    sheet: &mut Worksheet,
    lines: &[super::Line],
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(super::REPORT)?;
    sheet.set_column_width(0, 84)?;
    let title = styles.title.clone().set_text_wrap();
    sheet.set_row_height(0, 48)?;
    for (row, line) in lines.iter().enumerate() {
        let row = row as u32;
        let format = match (&line.open, line.text.is_empty()) {
            (false, _) if row == 0 => &title,
            (false, _) => &styles.plain,
            (true, true) => &styles.open,
            (true, false) => &styles.known,
        };
        let format = Shown::Text.on(format);
        sheet.write_string_with_format(row, 0, &line.text, &format)?;
        if line.open {
            sheet.set_row_height(row, 72)?;
        }
        if let Some(note) = &line.note {
            let note = Note::new(note).add_author_prefix(false).set_width(260);
            sheet.insert_note(row, 0, &note)?;
        }
    }
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.protect_with_options(&ProtectionOptions {
        insert_rows: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
    Ok(())
}
