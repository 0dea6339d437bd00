//! Bytes of an xlsb come in; a `Document` goes out, laid out like that of an xlsx.
//!
//! The parts are those of an xlsx, written as records: a number, a length, a body. What is not
//! known is skipped by its length.

use super::format;
use super::sheet::{self, MAX_CELLS, Merged, Sheet};
use super::styles::Styles;
use super::{Shared, add};
use crate::read::xls::{flag, float, push_text, short_number};
use crate::read::{DAMAGED, grid, sentence, unread};
use jiheng_model::{Cell, Document, Format, Notice, NoticeKind};
use jiheng_office::Budget;
use jiheng_office::le::{u8_at, u16_at, u32_at, utf16_at};
use jiheng_office::parts::Parts;
use jiheng_office::workbook::Listed;

const ROW: u32 = 0;
const SHORT_NUMBER: u32 = 2;
const ERROR: u32 = 3;
const BOOLEAN: u32 = 4;
const NUMBER: u32 = 5;
const STRING: u32 = 6;
const SHARED_STRING: u32 = 7;
const FORMULA_STRING: u32 = 8;
const FORMULA_NUMBER: u32 = 9;
const FORMULA_BOOLEAN: u32 = 10;
const FORMULA_ERROR: u32 = 11;
const STRING_ITEM: u32 = 19;
const FORMAT: u32 = 44;
const CELL_STYLE: u32 = 47;
const COLUMNS: u32 = 60;
const RICH_STRING: u32 = 62;
const END_SHEET: u32 = 130;
const WORKBOOK: u32 = 153;
const SHEET: u32 = 156;
const MERGED: u32 = 176;
const BEGIN_CELL_STYLES: u32 = 617;
const END_CELL_STYLES: u32 = 618;

/// Reads a binary workbook; the caller has found out that the zip is one.
pub(in crate::read) fn read(name: &str, mut parts: Parts<'_>, budget: &Budget) -> Document {
    let mut document = Document::empty(name, Format::Xlsx);
    let main = parts.main().to_string();
    let workbook = match parts.part(&main) {
        Ok(bytes) => bytes.into_owned(),
        Err(error) => return unread(name, sentence("", error).trim_start()),
    };
    let relations = parts.relations(&main);
    let (listed, date1904) = list(&workbook, &relations);
    if listed.is_empty() {
        return unread(name, DAMAGED);
    }
    let mut shared = Shared::new(date1904, budget);
    if let Some(bytes) = parts.related(&main, "sharedStrings") {
        for record in Records::new(&bytes).filter(|r| r.kind == STRING_ITEM) {
            let start = shared.text.len();
            // One flag byte (phonetics, runs) stands before the text.
            push_text(&text(record.body, 1).unwrap_or_default(), &mut shared.text);
            shared.strings.push(start..shared.text.len());
        }
    }
    if let Some(bytes) = parts.related(&main, "styles") {
        styles(&bytes, &mut shared.styles);
    }
    let mut places = budget.places;
    for entry in listed {
        match parts.part(&entry.part) {
            Ok(bytes) => {
                let read = read_sheet(&bytes, &shared, &mut document.text);
                add(&mut document, &entry, read, &mut places);
            }
            Err(error) => document.notices.push(Notice {
                kind: NoticeKind::Broken,
                message: sentence(&format!("工作表“{}”", entry.name), error),
                table: None,
            }),
        }
    }
    document
}

/// The worksheets in the order of their tabs, and whether days are counted from 1904.
fn list(workbook: &[u8], relations: &[(String, String, String)]) -> (Vec<Listed>, bool) {
    let mut listed = Vec::new();
    let mut date1904 = false;
    for record in Records::new(workbook) {
        match record.kind {
            WORKBOOK => date1904 = u8_at(record.body, 0).is_some_and(|flags| flags & 1 != 0),
            SHEET => listed.extend(entry(record.body, relations)),
            _ => {}
        }
    }
    (listed, date1904)
}

fn entry(body: &[u8], relations: &[(String, String, String)]) -> Option<Listed> {
    let id = text(body, 8)?;
    let name = text(body, 12 + 2 * u32_at(body, 8)? as usize)?;
    let (_, _, part) = relations.iter().find(|r| r.0 == id && r.1 == "worksheet")?;
    Some(Listed {
        name,
        part: part.clone(),
        hidden: u32_at(body, 0)? & 3 != 0,
        own: false,
    })
}

fn styles(bytes: &[u8], styles: &mut Styles) {
    let mut of_cells = false;
    for record in Records::new(bytes) {
        match record.kind {
            FORMAT => {
                if let (Some(id), Some(code)) = (u16_at(record.body, 0), text(record.body, 2)) {
                    styles.define(id.into(), code);
                }
            }
            BEGIN_CELL_STYLES => of_cells = true,
            END_CELL_STYLES => of_cells = false,
            CELL_STYLE if of_cells => {
                styles.push(u16_at(record.body, 2).unwrap_or(0).into());
            }
            _ => {}
        }
    }
}

fn read_sheet(bytes: &[u8], shared: &Shared, out: &mut String) -> Sheet {
    let mut sheet = Sheet {
        broken: true,
        ..Sheet::default()
    };
    let mut merged: Vec<Merged> = Vec::new();
    let mut row = 0_u32;
    for record in Records::new(bytes) {
        let body = record.body;
        match record.kind {
            ROW => {
                row = u32_at(body, 0).unwrap_or(row);
                sheet.hidden_lines |= u8_at(body, 11).is_some_and(|flags| flags & 0x10 != 0);
            }
            COLUMNS => {
                sheet.hidden_lines |= u16_at(body, 16).is_some_and(|flags| flags & 1 != 0);
            }
            MERGED if merged.len() < MAX_CELLS => merged.extend(range(body)),
            END_SHEET => {
                sheet.broken = false;
                break;
            }
            _ => {
                let from = out.len();
                if cell(&record, row, shared, &mut sheet, out).is_none() {
                    out.truncate(from);
                }
                if out.len() > shared.text_bytes {
                    sheet.cut = true;
                    break;
                }
            }
        }
    }
    sheet::arrange(&mut sheet, &merged);
    sheet
}

fn range(body: &[u8]) -> Option<Merged> {
    let [top, bottom, left, right] = [0, 4, 8, 12].map(|at| u32_at(body, at));
    let (top, bottom, left, right) = (top?, bottom?, left?, right?);
    (top <= bottom && left <= right && bottom < 1 << 20 && right < 1 << 14).then_some((
        top + 1,
        left + 1,
        bottom + 1,
        right + 1,
    ))
}

/// Adds what a cell record holds; `None` when it is no cell or is cut off.
fn cell(
    record: &Record<'_>,
    row: u32,
    shared: &Shared,
    sheet: &mut Sheet,
    out: &mut String,
) -> Option<()> {
    let body = record.body;
    let from = out.len();
    match record.kind {
        SHORT_NUMBER => number(short_number(u32_at(body, 8)?), body, shared, sheet, out)?,
        NUMBER | FORMULA_NUMBER => number(float(body, 8)?, body, shared, sheet, out)?,
        ERROR | FORMULA_ERROR => out.push_str(flag(u8_at(body, 8)?, true)),
        BOOLEAN | FORMULA_BOOLEAN => out.push_str(flag(u8_at(body, 8)?, false)),
        STRING | FORMULA_STRING => push_text(&text(body, 8)?, out),
        RICH_STRING => push_text(&text(body, 9)?, out),
        SHARED_STRING => {
            let range = shared.strings.get(u32_at(body, 8)? as usize)?;
            out.push_str(shared.text.get(range.clone())?);
        }
        _ => return None,
    }
    let col = u32_at(body, 0)?;
    if row >= 1 << 20 || col >= 1 << 14 {
        return None;
    }
    if sheet.cells.len() >= MAX_CELLS {
        sheet.cut = true;
        return None;
    }
    sheet.cells.push(Cell {
        text: from as u32..out.len() as u32,
        ..grid::cell(row + 1, col + 1, 1, 1)
    });
    Some(())
}

/// Prints a number through the format of its style.
fn number(
    value: f64,
    body: &[u8],
    shared: &Shared,
    sheet: &mut Sheet,
    out: &mut String,
) -> Option<()> {
    let number = format::decimal_of(value)?;
    let style = (u32_at(body, 4)? & 0x00ff_ffff) as usize;
    shared
        .styles
        .print(number, style, &mut sheet.unknown_formats, out);
    Some(())
}

/// A string with its length in four bytes before it; an absent one is empty.
fn text(body: &[u8], at: usize) -> Option<String> {
    match u32_at(body, at)? {
        u32::MAX => Some(String::new()),
        units => utf16_at(body, at + 4, units as usize),
    }
}

struct Record<'a> {
    kind: u32,
    body: &'a [u8],
}

/// The records of a part until its end or the first that is cut off.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn new(bytes: &'a [u8]) -> Records<'a> {
        Records { bytes, at: 0 }
    }

    /// A number of up to `most` bytes, seven bits each, the lowest first.
    fn number(&mut self, most: u32) -> Option<u32> {
        let mut number = 0;
        for i in 0..most {
            let byte = u8_at(self.bytes, self.at)?;
            self.at += 1;
            number |= u32::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let kind = self.number(2)?;
        let len = self.number(4)? as usize;
        let body = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(Record { kind, body })
    }
}

#[cfg(test)]
mod tests {
    use crate::read::{Package, SourceFile, read};
    use jiheng_model::{Document, NoticeKind};
    use jiheng_office::write::zip;

    fn record(kind: u32, body: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match kind {
            0..=127 => out.push(kind as u8),
            _ => out.extend([kind as u8 | 0x80, (kind >> 7) as u8]),
        }
        let len = body.len();
        match len {
            0..=127 => out.push(len as u8),
            _ => out.extend([len as u8 | 0x80, (len >> 7) as u8]),
        }
        out.extend(body);
        out
    }

    fn wide(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut out = (units.len() as u32).to_le_bytes().to_vec();
        out.extend(units.iter().flat_map(|u| u.to_le_bytes()));
        out
    }

    fn cell(col: u32, style: u32, rest: &[u8]) -> Vec<u8> {
        [&col.to_le_bytes()[..], &style.to_le_bytes(), rest].concat()
    }

    fn workbook(sheet: &[u8]) -> Vec<u8> {
        let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let rels = |entries: &[(&str, &str)]| {
            let each = entries.iter().enumerate().map(|(i, (kind, target))| {
                format!(r#"<Relationship Id="rId{i}" Type="{rel}/{kind}" Target="{target}"/>"#)
            });
            format!(
                "<Relationships>{}</Relationships>",
                each.collect::<String>()
            )
        };
        let listed = [&[0; 8][..], &wide("rId0"), &wide("自评")].concat();
        let format = [&[200, 0][..], &wide("0.00%")].concat();
        let styles = [
            record(44, &format),
            record(617, &[2, 0, 0, 0]),
            record(47, &[0, 0, 0, 0]),
            record(47, &[0, 0, 200, 0]),
            record(618, &[]),
        ]
        .concat();
        let shared = record(19, &[&[0][..], &wide("项目名称")].concat());
        zip(&[
            (
                "_rels/.rels",
                rels(&[("officeDocument", "xl/workbook.bin")]).as_bytes(),
            ),
            ("xl/workbook.bin", &record(156, &listed)),
            (
                "xl/_rels/workbook.bin.rels",
                rels(&[
                    ("worksheet", "worksheets/sheet1.bin"),
                    ("styles", "styles.bin"),
                    ("sharedStrings", "sharedStrings.bin"),
                ])
                .as_bytes(),
            ),
            ("xl/styles.bin", &styles),
            ("xl/sharedStrings.bin", &shared),
            ("xl/worksheets/sheet1.bin", sheet),
        ])
    }

    fn read_one(bytes: Vec<u8>) -> Document {
        let name = "自评.xlsb".into();
        let files = vec![SourceFile { name, bytes }];
        read(&Package { files }).remove(0)
    }

    fn rows() -> Vec<u8> {
        let merge: Vec<u8> = [0_u32, 0, 0, 1]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        [
            record(0, &[0; 25]),
            record(7, &cell(0, 0, &[0; 4])),
            record(0, &[&1_u32.to_le_bytes()[..], &[0; 21]].concat()),
            record(6, &cell(0, 0, &wide("执行率"))),
            record(5, &cell(1, 1, &0.9856_f64.to_le_bytes())),
            record(2, &cell(2, 0, &(12_345_u32 << 2 | 3).to_le_bytes())),
            record(176, &merge),
            record(130, &[]),
        ]
        .concat()
    }

    #[test]
    fn strings_numbers_and_merged_cells_are_read_and_numbers_printed_through_their_formats() {
        let document = read_one(workbook(&rows()));
        assert_eq!(document.notices, []);
        let table = document.table(1).expect("a table");
        assert_eq!(table.sheet.as_deref(), Some("自评"));
        let text = |row, col| table.at(row, col).map(|c| document.cell_text(c));
        assert_eq!(text(1, 2), Some("项目名称"));
        assert_eq!(table.at(1, 1).map(|c| c.col_span), Some(2));
        assert_eq!(text(2, 2), Some("98.56%"));
        assert_eq!(text(2, 3), Some("123.45"));
        assert!(document.is_sound());
    }

    #[test]
    fn a_sheet_cut_off_anywhere_is_read_to_there() {
        let whole = rows();
        for end in 0..whole.len() - 2 {
            let document = read_one(workbook(&whole[..end]));
            assert!(document.is_sound(), "{end}");
            let broken = document
                .notices
                .iter()
                .any(|n| n.kind == NoticeKind::Broken);
            assert!(broken, "{end}");
        }
    }
}
