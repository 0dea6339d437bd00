//! The bytes of a worksheet come in; its cells with merged ranges and printed texts go out.

use super::{Shared, format, string_into};
use crate::read::grid;
use jiheng_model::Cell;
use jiheng_office::workbook;
use jiheng_office::xml::{self, Tag, Token, Tokens};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Cells that are kept of one sheet; a sheet that holds more is cut.
pub(in crate::read) const MAX_CELLS: usize = 1 << 20;
/// Up to this many places, those without a cell are filled with blank ones.
const FILL: usize = 1 << 18;

/// A worksheet as read.
#[derive(Debug, Default)]
pub(in crate::read) struct Sheet {
    /// Cells in reading order; rows and columns are the sheet's own.
    pub cells: Vec<Cell>,
    pub rows: u32,
    pub cols: u32,
    /// Nothing stands outside one column.
    pub one_column: bool,
    /// There were more cells than are kept.
    pub cut: bool,
    /// Codes of number formats that were not understood.
    pub unknown_formats: BTreeSet<String>,
    /// The end is missing.
    pub broken: bool,
    /// Rows or columns are hidden.
    pub hidden_lines: bool,
    /// Formulas whose result is not stored.
    pub without_result: usize,
}

/// A merged range: first row, first column, last row, last column.
pub(in crate::read) type Merged = (u32, u32, u32, u32);

/// Reads a worksheet; texts are appended to `out`.
pub(super) fn read(bytes: &[u8], shared: &Shared, out: &mut String, in_place: bool) -> Sheet {
    let mut sheet = Sheet {
        broken: true,
        ..Sheet::default()
    };
    let mut merged: Vec<Merged> = Vec::new();
    let mut tokens = Tokens::new(bytes);
    let (mut row, mut col) = (0_u32, 0_u32);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) => match tag.local() {
                b"row" => {
                    row = tag.number(b"r").unwrap_or(row + 1);
                    col = 0;
                    sheet.hidden_lines |= is_on(&tag, b"hidden");
                }
                b"c" => {
                    let start = tokens.range().start;
                    (row, col) = tag
                        .attribute(b"r")
                        .and_then(place)
                        .unwrap_or((row.max(1), col + 1));
                    let from = out.len();
                    value_into(&mut tokens, &tag, shared, out, &mut sheet);
                    if out.len() > shared.text_bytes {
                        sheet.cut = true;
                        break;
                    }
                    if sheet.cells.len() >= MAX_CELLS {
                        sheet.cut = true;
                        out.truncate(from);
                        continue;
                    }
                    let bytes = if in_place {
                        start as u32..tokens.offset() as u32
                    } else {
                        0..0
                    };
                    sheet.cells.push(Cell {
                        text: from as u32..out.len() as u32,
                        bytes,
                        ..grid::cell(row, col, 1, 1)
                    });
                }
                b"col" => sheet.hidden_lines |= is_on(&tag, b"hidden"),
                b"mergeCell" if merged.len() < MAX_CELLS => {
                    merged.extend(tag.attribute(b"ref").and_then(range))
                }
                _ => {}
            },
            Token::Close(name) if xml::local(name) == b"worksheet" => sheet.broken = false,
            Token::Close(name) if xml::local(name) == b"row" => col = 0,
            _ => {}
        }
    }
    arrange(&mut sheet, &merged);
    sheet
}

/// Finds the used rectangle, applies merged ranges, fills gaps and puts cells in reading order.
pub(in crate::read) fn arrange(sheet: &mut Sheet, merged: &[Merged]) {
    let filled = |c: &&Cell| !c.text.is_empty();
    sheet.rows = sheet
        .cells
        .iter()
        .filter(filled)
        .map(|c| c.row)
        .max()
        .unwrap_or(0);
    sheet.cols = sheet
        .cells
        .iter()
        .filter(filled)
        .map(|c| c.col)
        .max()
        .unwrap_or(0);
    let columns: HashSet<u32> = sheet.cells.iter().filter(filled).map(|c| c.col).collect();
    if sheet.rows == 0 {
        sheet.cells.clear();
        return;
    }
    sheet.one_column = columns.len() == 1;
    if sheet.one_column {
        sheet.cells.retain(|c| !c.text.is_empty());
        sheet.cells.sort_by_key(|c| c.row);
        return;
    }
    // A merged cell with text may reach beyond the last text; one that reaches to the edge of the sheet is cut.
    let tops: HashMap<(u32, u32), usize> = sheet
        .cells
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.text.is_empty())
        .map(|(i, c)| ((c.row, c.col), i))
        .collect();
    let (rows, cols) = (sheet.rows, sheet.cols);
    for &(top, left, bottom, right) in merged {
        if tops.contains_key(&(top, left)) {
            sheet.rows = if bottom <= rows + 256 {
                sheet.rows.max(bottom)
            } else {
                sheet.rows
            };
            sheet.cols = if right <= cols + 64 {
                sheet.cols.max(right)
            } else {
                sheet.cols
            };
        }
    }
    let (rows, cols) = (sheet.rows, sheet.cols);
    sheet.cells.retain(|c| c.row <= rows && c.col <= cols);
    sheet.cells.sort_by_key(|c| (c.row, c.col));
    sheet.cells.dedup_by_key(|c| (c.row, c.col));
    let places = (rows as usize).saturating_mul(cols as usize);
    if places <= FILL {
        fill(sheet, merged);
    } else {
        let index: HashMap<(u32, u32), usize> = sheet
            .cells
            .iter()
            .enumerate()
            .map(|(i, c)| ((c.row, c.col), i))
            .collect();
        for &(top, left, bottom, right) in merged {
            if let Some(cell) = index
                .get(&(top, left))
                .and_then(|i| sheet.cells.get_mut(*i))
            {
                cell.row_span = bottom.min(rows) - top + 1;
                cell.col_span = right.min(cols) - left + 1;
            }
        }
        drop_covered(sheet);
    }
}

/// Every place of the rectangle gets a cell: what is written, or a blank one; places inside a merged range get none.
fn fill(sheet: &mut Sheet, merged: &[Merged]) {
    let (rows, cols) = (sheet.rows, sheet.cols);
    let at = |row: u32, col: u32| (row as usize - 1) * cols as usize + col as usize - 1;
    let mut places: Vec<Option<Cell>> = vec![None; rows as usize * cols as usize];
    for cell in std::mem::take(&mut sheet.cells) {
        let place = at(cell.row, cell.col);
        places[place] = Some(cell);
    }
    let mut covered = vec![false; places.len()];
    for &(top, left, bottom, right) in merged {
        let (bottom, right) = (bottom.min(rows), right.min(cols));
        if top > rows || left > cols || covered[at(top, left)] {
            continue;
        }
        let cell = places[at(top, left)].get_or_insert_with(|| grid::cell(top, left, 1, 1));
        cell.row_span = bottom - top + 1;
        cell.col_span = right - left + 1;
        for row in top..=bottom {
            for col in left..=right {
                covered[at(row, col)] |= (row, col) != (top, left);
            }
        }
    }
    for row in 1..=rows {
        for col in 1..=cols {
            let place = at(row, col);
            if !covered[place] {
                sheet.cells.push(
                    places[place]
                        .take()
                        .unwrap_or_else(|| grid::cell(row, col, 1, 1)),
                );
            }
        }
    }
}

/// Drops the blank cells that lie inside a merged one; for sheets too large to be laid out whole.
fn drop_covered(sheet: &mut Sheet) {
    let spans: Vec<Merged> = sheet
        .cells
        .iter()
        .filter(|c| c.row_span > 1 || c.col_span > 1)
        .map(|c| (c.row, c.col, c.row + c.row_span - 1, c.col + c.col_span - 1))
        .take(4096)
        .collect();
    let inside = |c: &Cell| {
        spans.iter().any(|s| {
            c.row >= s.0
                && c.row <= s.2
                && c.col >= s.1
                && c.col <= s.3
                && (c.row, c.col) != (s.0, s.1)
        })
    };
    sheet.cells.retain(|c| !c.text.is_empty() || !inside(c));
}

/// Appends the printed value of the cell that was just opened and goes behind its end tag.
fn value_into(
    tokens: &mut Tokens<'_>,
    cell: &Tag<'_>,
    shared: &Shared,
    out: &mut String,
    sheet: &mut Sheet,
) {
    if cell.empty {
        return;
    }
    let from = out.len();
    let mut raw: Option<&[u8]> = None;
    let mut formula: Option<&[u8]> = None;
    let (mut in_value, mut in_formula) = (false, false);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) => match tag.local() {
                b"v" => in_value = !tag.empty,
                b"f" => (in_formula, formula) = (!tag.empty, Some(&[][..])),
                b"is" => string_into(tokens, &tag, out),
                _ => {}
            },
            Token::Text(text) | Token::Cdata(text) if in_value => raw = Some(text),
            Token::Text(text) if in_formula => formula = Some(text),
            Token::Close(name) if xml::local(name) == b"v" => in_value = false,
            Token::Close(name) if xml::local(name) == b"f" => in_formula = false,
            Token::Close(name) if name == cell.name => break,
            _ => {}
        }
    }
    let Some(raw) = raw else {
        match formula {
            // "=100%" typed as a target and taken for a formula: what was typed is what is meant.
            Some(constant)
                if !constant.is_empty()
                    && constant
                        .iter()
                        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'%')) =>
            {
                out.push('=');
                xml::push_utf8(constant, out);
            }
            Some(_) => sheet.without_result += 1,
            None => {}
        }
        return;
    };
    match cell.attribute(b"t") {
        Some(b"s") => {
            let index = std::str::from_utf8(raw)
                .ok()
                .and_then(|n| n.trim().parse::<usize>().ok());
            if let Some(range) = index.and_then(|i| shared.strings.get(i)) {
                out.push_str(&shared.text[range.clone()]);
            }
        }
        Some(b"b") => out.push_str(if raw == b"0" { "FALSE" } else { "TRUE" }),
        // Some programs write the value of a text that stands in the cell a second time.
        Some(b"inlineStr") if out.len() > from => {}
        Some(b"str" | b"e" | b"d" | b"inlineStr") => super::text_into(raw, out),
        _ => number_into(
            &xml::decode(raw),
            cell,
            shared,
            out,
            &mut sheet.unknown_formats,
        ),
    }
}

fn number_into(
    stored: &str,
    cell: &Tag<'_>,
    shared: &Shared,
    out: &mut String,
    unknown: &mut BTreeSet<String>,
) {
    let Some(number) = format::decimal(stored) else {
        out.push_str(stored);
        return;
    };
    let style: usize = cell.number(b"s").unwrap_or(0);
    shared.styles.print(number, style, unknown, out);
}

fn is_on(tag: &Tag<'_>, name: &[u8]) -> bool {
    matches!(tag.attribute(name), Some(b"1" | b"true"))
}

/// "B12" as (12, 2), inside of what a grid can hold.
fn place(reference: &[u8]) -> Option<(u32, u32)> {
    workbook::place(reference).filter(|(_, col)| *col <= grid::MAX_COLS)
}

fn range(reference: &[u8]) -> Option<Merged> {
    let colon = reference.iter().position(|b| *b == b':')?;
    let (top, left) = place(&reference[..colon])?;
    let (bottom, right) = place(&reference[colon + 1..])?;
    Some((
        top.min(bottom),
        left.min(right),
        top.max(bottom),
        left.max(right),
    ))
}
