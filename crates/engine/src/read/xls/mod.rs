//! Bytes of an Excel 5—2003 workbook come in; a `Document` goes out, laid out like that of an xlsx.
//!
//! The reader is our own: to print a number as the cell shows it, its format must be found through
//! the cell's record, and who walks these records has the cells.

mod records;

use super::xlsx::add;
use super::xlsx::format;
use super::xlsx::sheet::{self, MAX_CELLS, Merged, Sheet};
use super::xlsx::styles::Styles;
use super::{DAMAGED, ENCRYPTED, grid, unread};
use jiheng_model::{Cell, Document, Format};
use jiheng_office::le::{u8_at, u16_at, u32_at};
use jiheng_office::workbook::Listed;
use jiheng_office::{Budget, Ole};
use records::{CONTINUE, Record, Records, Script, shared_strings};

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const FILE_PASSWORD: u16 = 0x002f;
const CODE_PAGE: u16 = 0x0042;
const DATES_1904: u16 = 0x0022;
const FORMAT: u16 = 0x041e;
const CELL_STYLE: u16 = 0x00e0;
const SHEET: u16 = 0x0085;
const SHARED_STRINGS: u16 = 0x00fc;
const NUMBER: u16 = 0x0203;
const SHORT_NUMBER: u16 = 0x027e;
const SHORT_NUMBERS: u16 = 0x00bd;
const SHARED_STRING: u16 = 0x00fd;
const STRING: u16 = 0x0204;
const RICH_STRING: u16 = 0x00d6;
const FORMULAS: [u16; 3] = [0x0006, 0x0206, 0x0406];
const FORMULA_STRING: u16 = 0x0207;
const BOOLEAN_OR_ERROR: u16 = 0x0205;
const MERGED: u16 = 0x00e5;
const ROW: u16 = 0x0208;
const COLUMNS: u16 = 0x007d;

/// Names of the stream, the newer first.
pub(super) const STREAMS: [&str; 2] = ["Workbook", "Book"];

/// Bytes of the shared strings that are kept.
const MAX_STRINGS: usize = 64 << 20;

/// Reads a workbook; the caller has found out that the compound file is one.
pub(super) fn read(name: &str, ole: &Ole<'_>, budget: &Budget) -> Document {
    let stream = STREAMS.iter().find_map(|s| ole.stream(s));
    match stream {
        Some(stream) => read_stream(name, &stream, ole.is_damaged(), budget),
        None => unread(name, DAMAGED),
    }
}

/// What cells of all sheets refer to.
#[derive(Debug)]
struct Shared {
    script: Script,
    strings: Vec<String>,
    styles: Styles,
}

/// A sheet as the workbook lists it, and where it begins.
struct Entry {
    listed: Listed,
    at: usize,
}

fn read_stream(name: &str, bytes: &[u8], damaged: bool, budget: &Budget) -> Document {
    let mut document = Document::empty(name, Format::Xls);
    let Some(first) = Records::new(bytes, 0).next() else {
        return unread(name, DAMAGED);
    };
    let version = u16_at(first.body, 0).unwrap_or(0);
    if first.kind != BEGIN || version < 0x0500 {
        return unread(
            name,
            "是 Excel 4.0 或更早的文件，这一版读不了。在 Excel 或 WPS 中另存为 .xlsx，再核对。",
        );
    }
    let Some((shared, entries)) = globals(bytes, version >= 0x0600) else {
        return unread(name, ENCRYPTED);
    };
    if entries.is_empty() {
        return unread(name, DAMAGED);
    }
    let mut places = budget.places;
    for entry in entries {
        let mut sheet = read_sheet(bytes, entry.at, &shared, &mut document.text);
        sheet.broken |= damaged;
        add(&mut document, &entry.listed, sheet, &mut places);
    }
    document
}

/// Everything before the sheets; `None` when the workbook is encrypted.
fn globals(bytes: &[u8], wide: bool) -> Option<(Shared, Vec<Entry>)> {
    let mut shared = Shared {
        script: Script { wide, page: 1252 },
        strings: Vec::new(),
        styles: Styles::default(),
    };
    let mut entries = Vec::new();
    let mut styles: Vec<u16> = Vec::new();
    let mut records = Records::new(bytes, 0);
    while let Some(record) = records.next() {
        let body = record.body;
        match record.kind {
            FILE_PASSWORD => return None,
            CODE_PAGE => shared.script.page = u16_at(body, 0).unwrap_or(1252),
            DATES_1904 => shared.styles.date1904 = u16_at(body, 0) == Some(1),
            FORMAT => {
                let code = body
                    .get(2..)
                    .and_then(|b| shared.script.string(b, if wide { 2 } else { 1 }));
                if let (Some(id), Some(code)) = (u16_at(body, 0), code) {
                    shared.styles.define(id.into(), code);
                }
            }
            CELL_STYLE => styles.push(u16_at(body, 2).unwrap_or(0)),
            SHEET => entries.extend(entry(body, &shared.script)),
            SHARED_STRINGS => {
                let mut parts = vec![body];
                let mut ahead = records;
                while let Some(next) = ahead.next().filter(|r| r.kind == CONTINUE) {
                    parts.push(next.body);
                    records = Records::new(bytes, next.end);
                }
                shared.strings = shared_strings(&parts, MAX_STRINGS);
            }
            END => break,
            _ => {}
        }
    }
    for id in styles {
        shared.styles.push(id.into());
    }
    Some((shared, entries))
}

/// A worksheet; charts and macros have no cells to read.
fn entry(body: &[u8], script: &Script) -> Option<Entry> {
    (u8_at(body, 5)? == 0).then_some(Entry {
        at: u32_at(body, 0)? as usize,
        listed: Listed {
            name: script.string(body.get(6..)?, 1)?,
            part: String::new(),
            hidden: u8_at(body, 4)? & 0x3 != 0,
            own: false,
        },
    })
}

fn read_sheet(bytes: &[u8], at: usize, shared: &Shared, out: &mut String) -> Sheet {
    let mut sheet = Sheet {
        broken: true,
        ..Sheet::default()
    };
    let mut merged: Vec<Merged> = Vec::new();
    // Charts that stand in the sheet have records of their own.
    let mut depth = 0_usize;
    // The formula whose result is a string that follows.
    let mut waiting: Option<(u16, u16)> = None;
    for record in Records::new(bytes, at) {
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => {
                sheet.broken = false;
                break;
            }
            END => depth -= 1,
            _ if depth != 1 => {}
            MERGED => ranges(record.body, &mut merged),
            ROW => sheet.hidden_lines |= u16_at(record.body, 12).is_some_and(|f| f & 0x20 != 0),
            COLUMNS => sheet.hidden_lines |= u16_at(record.body, 8).is_some_and(|f| f & 1 != 0),
            // A record that is no cell, or is cut off, adds nothing.
            _ => {
                let from = out.len();
                if cell(&record, shared, &mut waiting, &mut sheet, out).is_none() {
                    out.truncate(from);
                }
            }
        }
    }
    sheet::arrange(&mut sheet, &merged);
    sheet
}

/// Adds what a cell record holds; `None` when it is no cell or is cut off.
fn cell(
    record: &Record<'_>,
    shared: &Shared,
    waiting: &mut Option<(u16, u16)>,
    sheet: &mut Sheet,
    out: &mut String,
) -> Option<()> {
    let body = record.body;
    let from = out.len();
    if record.kind == FORMULA_STRING {
        let (row, col) = waiting.take()?;
        let text = shared.script.string(body, 2)?;
        push_text(&text, out);
        push(row, col, from, sheet, out);
        return Some(());
    }
    let (row, col) = (u16_at(body, 0)?, u16_at(body, 2)?);
    match record.kind {
        NUMBER => number(float(body, 6)?, u16_at(body, 4)?, shared, sheet, out),
        SHORT_NUMBER => {
            let value = short_number(u32_at(body, 6)?);
            number(value, u16_at(body, 4)?, shared, sheet, out);
        }
        SHORT_NUMBERS => {
            let list = body.get(4..body.len().checked_sub(2)?)?;
            for (i, pair) in list.chunks_exact(6).enumerate() {
                let from = out.len();
                let value = short_number(u32_at(pair, 2)?);
                number(value, u16_at(pair, 0)?, shared, sheet, out);
                push(row, col.saturating_add(i as u16), from, sheet, out);
            }
            return Some(());
        }
        SHARED_STRING => push_text(shared.strings.get(u32_at(body, 6)? as usize)?, out),
        STRING | RICH_STRING => push_text(&shared.script.string(body.get(6..)?, 2)?, out),
        BOOLEAN_OR_ERROR => out.push_str(flag(u8_at(body, 6)?, u8_at(body, 7)? != 0)),
        kind if FORMULAS.contains(&kind) => {
            *waiting = None;
            if u16_at(body, 12)? != 0xffff {
                number(float(body, 6)?, u16_at(body, 4)?, shared, sheet, out);
            } else {
                match u8_at(body, 6)? {
                    0 => {
                        *waiting = Some((row, col));
                        return Some(());
                    }
                    kind @ (1 | 2) => out.push_str(flag(u8_at(body, 8)?, kind == 2)),
                    _ => {}
                }
            }
        }
        _ => return None,
    }
    push(row, col, from, sheet, out);
    Some(())
}

/// A cell at a place counted from 0, with the text from `from` on.
fn push(row: u16, col: u16, from: usize, sheet: &mut Sheet, out: &mut String) {
    if sheet.cells.len() >= MAX_CELLS {
        sheet.cut = true;
        out.truncate(from);
        return;
    }
    sheet.cells.push(Cell {
        text: from as u32..out.len() as u32,
        ..grid::cell(u32::from(row) + 1, u32::from(col) + 1, 1, 1)
    });
}

pub(super) fn push_text(text: &str, out: &mut String) {
    if text.contains('\r') {
        out.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
    } else {
        out.push_str(text);
    }
}

/// Prints a number through the format of its style.
fn number(value: f64, style: u16, shared: &Shared, sheet: &mut Sheet, out: &mut String) {
    let Some(number) = format::decimal_of(value) else {
        return;
    };
    let (style, unknown) = (usize::from(style), &mut sheet.unknown_formats);
    shared.styles.print(number, style, unknown, out);
}

pub(super) fn float(bytes: &[u8], at: usize) -> Option<f64> {
    let low = u64::from(u32_at(bytes, at)?);
    let high = u64::from(u32_at(bytes, at + 4)?);
    Some(f64::from_bits(high << 32 | low))
}

/// A number in four bytes: a whole number or the upper half of a float, perhaps times a hundred.
pub(super) fn short_number(code: u32) -> f64 {
    let value = if code & 2 != 0 {
        f64::from((code as i32) >> 2)
    } else {
        f64::from_bits(u64::from(code & 0xffff_fffc) << 32)
    };
    if code & 1 != 0 { value / 100.0 } else { value }
}

pub(super) fn flag(value: u8, is_error: bool) -> &'static str {
    match (is_error, value) {
        (false, 0) => "FALSE",
        (false, _) => "TRUE",
        (true, 0x00) => "#NULL!",
        (true, 0x07) => "#DIV/0!",
        (true, 0x0f) => "#VALUE!",
        (true, 0x17) => "#REF!",
        (true, 0x1d) => "#NAME?",
        (true, 0x24) => "#NUM!",
        (true, _) => "#N/A",
    }
}

fn ranges(body: &[u8], merged: &mut Vec<Merged>) {
    let room = MAX_CELLS.saturating_sub(merged.len());
    let list = body.get(2..).unwrap_or_default().chunks_exact(8).take(room);
    merged.extend(list.filter_map(|range| {
        let at = |i: usize| u16_at(range, i * 2).map(|n| u32::from(n) + 1);
        let (top, bottom, left, right) = (at(0)?, at(1)?, at(2)?, at(3)?);
        (top <= bottom && left <= right).then_some((top, left, bottom, right))
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_whole_or_fractions() {
        assert_eq!(short_number(0x3ff0_0000), 1.0);
        assert_eq!(short_number((12345 << 2) | 3), 123.45);
        assert_eq!(short_number((-7_i32 as u32) << 2 | 2), -7.0);
    }

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        [
            &kind.to_le_bytes(),
            &(body.len() as u16).to_le_bytes(),
            body,
        ]
        .concat()
    }

    #[test]
    fn numbers_are_printed_through_their_formats() {
        let mut globals = record(BEGIN, &[0, 5, 5, 0]);
        globals.extend(record(CODE_PAGE, &936_u16.to_le_bytes()));
        globals.extend(record(FORMAT, b"\xa4\x00\x050.00\xa1"));
        globals.extend(record(CELL_STYLE, &[0, 0, 9, 0]));
        globals.extend(record(CELL_STYLE, &[0, 0, 4, 0]));
        let mut sheet = record(BEGIN, &[0, 5, 16, 0]);
        let place = |row: u8, col: u8, style: u8| [row, 0, col, 0, style, 0];
        let number = |p: [u8; 6], n: f64| record(NUMBER, &[&p[..], &n.to_le_bytes()].concat());
        sheet.extend(number(place(0, 0, 0), 1.0));
        sheet.extend(number(place(0, 1, 1), 1234.5));
        sheet.extend(record(
            STRING,
            &[&place(1, 0, 0)[..], &[4, 0], b"\xd6\xd8\xb5\xe3"].concat(),
        ));
        sheet.extend(record(MERGED, &[1, 0, 1, 0, 1, 0, 0, 0, 1, 0]));
        sheet.extend(record(END, &[]));
        let mut entry = vec![0, 0, 0, 0, 0, 0, 2];
        entry.extend(b"\xb1\xed");
        let mut bytes = globals;
        bytes.extend(record(SHEET, &entry));
        bytes.extend(record(END, &[]));
        let at = bytes.len() as u32;
        let slot = bytes.len() - 4 - entry.len();
        bytes[slot..slot + 4].copy_from_slice(&at.to_le_bytes());
        bytes.extend(sheet);
        let document = read_stream("a", &bytes, false, &Budget::default());
        let table = document.table(1).expect("a table");
        let cells: Vec<_> = table
            .cells
            .iter()
            .map(|c| (c.row, c.col, c.col_span, document.cell_text(c)))
            .collect();
        assert_eq!(
            cells,
            [(1, 1, 1, "100%"), (1, 2, 1, "1,234.50"), (2, 1, 2, "重点")]
        );
        assert_eq!(table.sheet.as_deref(), Some("表"));
        assert!(document.notices.is_empty(), "{:?}", document.notices);
    }
}
