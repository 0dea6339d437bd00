//! The description of a filing comes in; the description of a package that is to be filled in goes out.
//!
//! It is the printed package with four differences, which all serve the hand that fills it in:
//! an amount behind its label stands in a cell of its own, the foot is a table, cells of a grid
//! that nobody fills in say "—", and blanks that follow from other cells are computed.

use super::{Align, Block, Cell, Entry, Official, PartKind, Table, entry};
use jiheng_model::form::{Form, Slot};
use jiheng_model::{FieldType, Filing};
use std::collections::BTreeSet;

/// A label takes so much of a cell's width at most, in per cent.
const LABEL: u32 = 60;
/// The label of a foot takes so much of the form's width at least, in per cent.
const FOOT_LABEL: u32 = 10;
/// Pairs of label and value on a row of the foot.
const PAIRS: usize = 2;
/// A name of a sheet is no longer than this, in characters.
const NAME: usize = 28;
/// In a cell that nobody fills in.
const NOTHING: &str = "—";

/// What is not to be computed: index of the form and path. Its points follow another rule than a share.
pub type ByHand = BTreeSet<(usize, String)>;

/// Makes a package one to be filled in.
pub(super) fn open(official: &mut Official, filing: &Filing, by_hand: &ByHand) {
    for part in &mut official.parts {
        let PartKind::Form(_, index) = part.kind else {
            continue;
        };
        let Some(form) = filing.forms.get(index) else {
            continue;
        };
        if let Some(project) = form.project_name() {
            let clean = project.text.chars();
            let clean = clean.filter(|c| !"[]:*?/\\'：".contains(*c) && !c.is_control());
            let name: String = format!("{} ", part.name).chars().chain(clean).collect();
            part.name = name
                .chars()
                .take(NAME)
                .collect::<String>()
                .trim()
                .to_string();
        }
        let Some(at) = part
            .blocks
            .iter()
            .position(|b| matches!(b, Block::Table(_)))
        else {
            continue;
        };
        part.blocks.truncate(at + 1);
        let Some(Block::Table(table)) = part.blocks.last_mut() else {
            continue;
        };
        apart(table);
        nobody(table, form);
        once(table);
        for cell in &mut table.cells {
            if let Some(entry) = &mut cell.entry
                && by_hand.contains(&(index, entry.path.clone()))
            {
                entry.formula = None;
            }
        }
        entry::fill(table);
        let foot = foot(form, &table.widths);
        if foot.rows > 0 {
            part.blocks.extend([Block::Space(1), Block::Table(foot)]);
        }
    }
}

/// Gives amounts that are printed behind their label a cell of their own, where there is room.
fn apart(table: &mut Table) {
    let mut cells = Vec::with_capacity(table.cells.len());
    for mut cell in std::mem::take(&mut table.cells) {
        let entry = cell.entry.as_mut();
        let Some(entry) =
            entry.filter(|e| e.ty == FieldType::Money && !e.before.is_empty() && cell.col_span > 1)
        else {
            cells.push(cell);
            continue;
        };
        let before = std::mem::take(&mut entry.before);
        let value = cell.text.strip_prefix(before.as_str()).unwrap_or_default();
        let value = value.to_string();
        let label = label_span(&table.widths, cell.col, cell.col_span);
        cells.push(Cell {
            col_span: label,
            text: before.trim_end_matches(['：', ':']).to_string(),
            align: Align::Left,
            entry: None,
            ..cell.clone()
        });
        cells.push(Cell {
            col: cell.col + label,
            col_span: cell.col_span - label,
            text: value,
            align: Align::Center,
            ..cell
        });
    }
    table.cells = cells;
}

/// How many of the columns that begin at one a label takes: what is left is the value's.
fn label_span(widths: &[u32], col: u32, span: u32) -> u32 {
    let from = col as usize - 1;
    let own = widths.get(from..from + span as usize).unwrap_or_default();
    let whole: u32 = own.iter().sum();
    let mut sum = 0;
    let fits = own.iter().take_while(|w| {
        sum += **w;
        sum * 100 <= whole * LABEL
    });
    (fits.count() as u32).clamp(1, span.saturating_sub(1).max(1))
}

/// Closes the cells that are not part of this form's work: those that nothing was stated of.
fn nobody(table: &mut Table, form: &Form) {
    for cell in &mut table.cells {
        let entry = cell.entry.as_ref().filter(|e| e.row.is_none());
        let Some(slot) = entry.and_then(|e| form.def.slot(&e.path)) else {
            continue;
        };
        if form.at(slot).is_some() {
            continue;
        }
        cell.entry = None;
        let mut grids = form.def.recognition.grids.iter();
        if cell.text.is_empty() && grids.any(|g| g.slots.contains(&slot)) {
            cell.text = NOTHING.into();
        }
    }
}

/// Closes blanks of what already has a place: a row with several amounts is printed in full above.
fn once(table: &mut Table) {
    let path = |cell: &Cell| {
        let entry = cell.entry.as_ref().filter(|e| e.row.is_none());
        entry.map(|e| e.path.clone())
    };
    let filled = table.cells.iter().filter(|c| !c.text.is_empty());
    let filled: BTreeSet<String> = filled.filter_map(path).collect();
    for cell in table.cells.iter_mut().filter(|c| c.text.is_empty()) {
        if path(cell).is_some_and(|p| filled.contains(&p)) {
            cell.entry = None;
        }
    }
}

/// The foot as rows of label and value on the columns of the form.
fn foot(form: &Form, widths: &[u32]) -> Table {
    let inline = form.def.recognition.inline.iter().map(|i| i.1);
    let slots: BTreeSet<Slot> = inline.filter(|s| form.at(*s).is_some()).collect();
    let slots: Vec<Slot> = slots.into_iter().collect();
    let mut table = Table {
        widths: widths.to_vec(),
        ..Table::default()
    };
    for pair in slots.chunks(PAIRS) {
        table.rows += 1;
        let row = table.rows;
        for (at, (slot, (col, span))) in pair.iter().zip(halves(widths)).enumerate() {
            let Some(field) = form.def.fields.get(*slot as usize) else {
                continue;
            };
            // The only pair of its row takes the whole of it.
            let span = match pair.len() {
                1 if at == 0 => widths.len() as u32,
                _ => span,
            };
            let label = foot_label(widths, col, span);
            let cell = Cell {
                row,
                col,
                row_span: 1,
                col_span: label,
                text: field.label.clone(),
                align: Align::Center,
                head: false,
                entry: None,
            };
            let entry = Entry {
                path: field.path.clone(),
                row: None,
                ty: field.ty,
                choices: Vec::new(),
                formula: None,
                before: String::new(),
            };
            table.cells.push(cell.clone());
            table.cells.push(Cell {
                col: col + label,
                col_span: span.saturating_sub(label).max(1),
                text: form.at(*slot).map_or(String::new(), |s| s.text.clone()),
                entry: Some(entry),
                ..cell
            });
        }
    }
    table
}

/// How many columns the label of a foot takes: as many as its words need.
fn foot_label(widths: &[u32], col: u32, span: u32) -> u32 {
    let whole: u32 = widths.iter().sum();
    let mut sum = 0;
    let own = widths.iter().skip(col as usize - 1).take(span as usize);
    let short = own.take_while(|w| {
        sum += **w;
        sum * 100 < whole * FOOT_LABEL
    });
    (short.count() as u32 + 1).clamp(1, span.saturating_sub(1).max(1))
}

/// The columns in two halves of about the same width: first column and number of columns.
fn halves(widths: &[u32]) -> [(u32, u32); PAIRS] {
    let whole: u32 = widths.iter().sum();
    let all = widths.len() as u32;
    let left = |columns: &u32| {
        let sum: u32 = widths.iter().take(*columns as usize).sum();
        (2 * sum).abs_diff(whole)
    };
    let left = (1..all).min_by_key(left).unwrap_or(1);
    [(1, left), (left + 1, all.saturating_sub(left).max(1))]
}
