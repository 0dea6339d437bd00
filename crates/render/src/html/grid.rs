//! A table on its exact grid comes in; rows of cells with spans, scope, marks and gutters go out.

use super::marks::{Gutter, Marks, Spot, id};
use super::segments::{Segment, cut};
use crate::width::width;
use jiheng_model::origin::At;
use jiheng_model::{Cell, Document, Form, Table};
use std::collections::BTreeSet;

/// Rows of a table that are drawn; hostile and endless sheets are cut here.
const ROWS: u32 = 600;
/// Columns of a table that are drawn.
const COLS: u32 = 60;
/// Width of the page in half-width characters, borders and padding of the cells included.
const PAGE: f32 = 118.0;
/// The column of row labels up to this width is never squeezed.
const LABEL: f32 = 38.0;
/// A column up to this width is never squeezed.
const NARROW: f32 = 11.0;
/// A cell with more text than this is set as running text.
const RUNNING: usize = 36;

/// A table of the page.
pub struct TableView {
    pub caption: String,
    pub widths: Vec<String>,
    pub rows: Vec<Vec<CellView>>,
    /// What is left out, if anything.
    pub cut: String,
}

/// A cell of the page.
pub struct CellView {
    pub tag: &'static str,
    pub scope: &'static str,
    pub class: String,
    pub id: String,
    pub row_span: u32,
    pub col_span: u32,
    pub gut: Gutter,
    pub segments: Vec<Segment>,
    pub hit: bool,
}

/// Draws a table; `form` tells values from labels.
pub fn table(
    file: u16,
    document: &Document,
    table: &Table,
    form: Option<&Form>,
    caption: String,
    marks: &Marks,
) -> TableView {
    let (rows, cols) = (table.rows.min(ROWS), table.cols.min(COLS));
    let values = form
        .map(|f| values(f, file, table.number))
        .unwrap_or_default();
    let heads: BTreeSet<u32> = heads(table, &values);
    let bold: BTreeSet<u32> = form
        .map(|f| list_heads(f, file, table.number))
        .unwrap_or_default();
    let mut out: Vec<Vec<CellView>> = (0..rows).map(|_| Vec::new()).collect();
    for cell in table
        .cells
        .iter()
        .filter(|c| c.row <= rows && c.col <= cols)
    {
        let Some(row) = out.get_mut(cell.row as usize - 1) else {
            continue;
        };
        row.push(view(
            file,
            document,
            table,
            cell,
            (rows, cols),
            &values,
            &heads,
            &bold,
            marks,
        ));
    }
    for (number, row) in out.iter_mut().enumerate() {
        let of_row = marks
            .at
            .range(
                Spot::Cell(file, table.number, number as u32 + 1, 0)
                    ..=Spot::Cell(file, table.number, number as u32 + 1, u32::MAX),
            )
            .flat_map(|(_, list)| list);
        let gut = Gutter::of(of_row);
        if let Some(first) = row.first_mut() {
            first.gut = gut;
        }
    }
    let cut = if rows < table.rows || cols < table.cols {
        format!(
            "这张表有 {} 行 {} 列，只画出前 {rows} 行 {cols} 列。",
            table.rows, table.cols
        )
    } else {
        String::new()
    };
    TableView {
        caption,
        widths: widths(document, table, cols),
        rows: out,
        cut,
    }
}

#[allow(clippy::too_many_arguments)]
fn view(
    file: u16,
    document: &Document,
    table: &Table,
    cell: &Cell,
    (rows, cols): (u32, u32),
    values: &BTreeSet<(u32, u32)>,
    heads: &BTreeSet<u32>,
    bold: &BTreeSet<u32>,
    marks: &Marks,
) -> CellView {
    let spot = Spot::Cell(file, table.number, cell.row, cell.col);
    let list = marks.get(spot);
    let text = document.cell_text(cell);
    let is_value = values.contains(&(cell.row, cell.col)) || text.trim().is_empty();
    let whole = list
        .iter()
        .find(|m| m.chars.is_none() && m.absent.is_none());
    let mut class: Vec<&str> = Vec::new();
    let indented = text.starts_with([' ', '\u{3000}'])
        || (cell.col == 1
            && !values.is_empty()
            && cell.row_span == 1
            && !heads.contains(&cell.row));
    if text.chars().count() > RUNNING {
        class.push("t");
    } else if indented && text.lines().count() <= 1 {
        class.push("l");
    }
    if values.contains(&(cell.row, cell.col)) {
        class.push("v");
    }
    let is_label = !is_value && !values.is_empty();
    if is_label && bold.contains(&cell.row) {
        class.push("h");
    }
    if let Some(mark) = whole {
        class.extend(["hit", mark.class]);
        if text.trim().is_empty() {
            class.push("empty");
        }
    }
    CellView {
        tag: if is_label { "th" } else { "td" },
        scope: match (is_label, heads.contains(&cell.row)) {
            (true, true) => "col",
            (true, false) => "row",
            _ => "",
        },
        class: class.join(" "),
        id: if list.is_empty() {
            String::new()
        } else {
            id(spot)
        },
        row_span: cell.row_span.min(rows - cell.row + 1),
        col_span: cell.col_span.min(cols - cell.col + 1),
        gut: Gutter::default(),
        segments: cut(text.trim_end(), list),
        hit: whole.is_some(),
    }
}

/// Corners of the cells that hold values of the form.
fn values(form: &Form, file: u16, number: u32) -> BTreeSet<(u32, u32)> {
    let of_rows = form
        .lists
        .iter()
        .flatten()
        .flat_map(|row| row.values.iter().flatten());
    form.values
        .iter()
        .flatten()
        .chain(of_rows)
        .filter(|s| s.origin.file == file)
        .filter_map(|s| match s.origin.at {
            At::Cell {
                table,
                row,
                col,
                chars: None,
            } if table == number => Some((row, col)),
            _ => None,
        })
        .collect()
}

/// Rows of the heads of a list, set bold as in the official forms.
fn list_heads(form: &Form, file: u16, number: u32) -> BTreeSet<u32> {
    form.heads
        .iter()
        .filter(|(key, head)| {
            ["name", "target", "actual"].contains(&key.as_str()) && head.origin.file == file
        })
        .filter_map(|(_, head)| match head.origin.at {
            At::Cell { table, row, .. } if table == number => Some(row),
            _ => None,
        })
        .collect()
}

/// Rows in which no value stands: rows of column heads.
fn heads(table: &Table, values: &BTreeSet<(u32, u32)>) -> BTreeSet<u32> {
    (1..=table.rows.min(ROWS))
        .filter(|row| !values.iter().any(|(r, _)| r == row))
        .collect()
}

/// Shares of the width by column, from the text in it; a merged cell widens its columns evenly.
fn widths(document: &Document, table: &Table, cols: u32) -> Vec<String> {
    let count = cols as usize;
    let mut need = vec![5.0_f32; count];
    let longest = |cell: &Cell| {
        document
            .cell_text(cell)
            .lines()
            .map(|l| width(l.trim_end()))
            .max()
            .unwrap_or(0) as f32
    };
    for cell in table
        .cells
        .iter()
        .filter(|c| c.col_span == 1 && c.col <= cols)
    {
        let slot = &mut need[cell.col as usize - 1];
        let most = if cell.col == 1 { 34.0 } else { 20.0 };
        *slot = slot.max(longest(cell).min(most) + 3.0);
    }
    for cell in table
        .cells
        .iter()
        .filter(|c| c.col_span > 1 && c.col <= cols)
    {
        let from = cell.col as usize - 1;
        let to = (from + cell.col_span as usize).min(count);
        let have: f32 = need[from..to].iter().sum();
        let want = longest(cell).min(26.0) + 2.0;
        if want > have && to > from {
            let add = (want - have) / (to - from) as f32;
            need[from..to].iter_mut().for_each(|w| *w += add);
        }
    }
    squeeze(&mut need);
    let total: f32 = need.iter().sum::<f32>().max(1.0);
    need.iter()
        .map(|w| format!("{:.2}", w / total * 100.0))
        .collect()
}

/// The first column, which labels the rows, and narrow ones keep what their text needs; the others
/// share what is left of the page.
fn squeeze(need: &mut [f32]) {
    let mut keep: Vec<bool> = need.iter().map(|w| *w <= NARROW).collect();
    if let (Some(first), Some(label)) = (keep.first_mut(), need.first()) {
        *first = *label <= LABEL;
    }
    let sum = |kept: bool| -> f32 {
        need.iter()
            .zip(&keep)
            .filter(|(_, k)| **k == kept)
            .map(|(w, _)| *w)
            .sum()
    };
    let (have, want) = (PAGE - sum(true), sum(false));
    let wide = keep.iter().filter(|k| !**k).count();
    if want > have && have > NARROW * wide as f32 {
        let share = have / want;
        for (w, _) in need.iter_mut().zip(&keep).filter(|(_, k)| !**k) {
            *w = (*w * share).max(NARROW);
        }
    }
}
