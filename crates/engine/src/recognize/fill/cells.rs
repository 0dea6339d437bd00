//! Cells come in; stated values with their origin go out, and what stands under a head.

use super::{Filler, Head};
use crate::recognize::keys::{self, Sheet};
use jiheng_model::form::{FieldType, Slot};
use jiheng_model::label::trim;
use jiheng_model::origin::At;
use jiheng_model::parse::parse_as;
use jiheng_model::{Cell, Origin, Recognised, Stated, Unit};
use std::ops::Range;

impl Filler {
    pub(super) fn head_text(&mut self, sheet: &Sheet<'_>, index: u32, key: String, own: bool) {
        let how = if own {
            Recognised::Exact
        } else {
            Recognised::Synonym
        };
        let stated = self.stated(sheet, index, FieldType::Text, None, how);
        if !self
            .form
            .heads
            .iter()
            .any(|(k, s)| *k == key && s.text == stated.text)
        {
            self.form.heads.push((key, stated));
        }
    }

    pub(super) fn begin_heads(&mut self, sheet: &Sheet<'_>, row: u32) {
        self.heads.clear();
        self.head_row = row;
        self.head_cells = across(sheet, row).len() as u32;
        self.levels.clear();
    }

    pub(super) fn columns_right_of(&self, sheet: &Sheet<'_>, index: u32) -> u32 {
        let cells = across(sheet, self.head_row);
        cells
            .iter()
            .position(|i| *i == index)
            .map_or(0, |at| (cells.len() - 1 - at) as u32)
    }

    pub(super) fn set(&mut self, slot: Slot, stated: Stated) {
        if let Some(value) = self.form.values.get_mut(slot as usize) {
            // The first cell counts; a blank one gives way to a filled one.
            if value
                .as_ref()
                .is_none_or(|v| v.value.is_blank() && !stated.value.is_blank())
            {
                *value = Some(stated);
            }
        }
    }

    pub(super) fn money_unit(&self) -> Unit {
        self.form
            .money_unit
            .as_ref()
            .unwrap_or(&self.wan_yuan)
            .clone()
    }

    pub(super) fn stated(
        &self,
        sheet: &Sheet<'_>,
        index: u32,
        ty: FieldType,
        unit: Option<&Unit>,
        how: Recognised,
    ) -> Stated {
        let cell = sheet.cell(index);
        let text = trim(sheet.raw(cell));
        Stated {
            text: text.to_string(),
            value: parse_as(text, ty, unit),
            origin: origin(sheet, cell),
            how,
        }
    }

    pub(super) fn part(
        &self,
        sheet: &Sheet<'_>,
        cell: &Cell,
        range: &Range<usize>,
        ty: FieldType,
        unit: Option<&Unit>,
        how: Recognised,
    ) -> Stated {
        let raw = sheet.raw(cell);
        let text = raw.get(range.clone()).unwrap_or("");
        let at = At::Cell {
            table: sheet.table.number,
            row: cell.row,
            col: cell.col,
            chars: Some(keys::chars(raw, range)),
        };
        Stated {
            text: text.to_string(),
            value: parse_as(text, ty, unit),
            origin: Origin {
                file: sheet.file,
                at,
            },
            how,
        }
    }

    /// The cell of a row under a head: the first filled one in its columns, else the first.
    pub(super) fn under(
        &self,
        sheet: &Sheet<'_>,
        row: u32,
        head: Head,
        seen: &[u32],
    ) -> Option<u32> {
        let mut first = None;
        let mut col = head.from;
        while col < head.to {
            let Some(index) = sheet.table.index_at(row, col) else {
                col += 1;
                continue;
            };
            let cell = sheet.cell(index);
            col = cell.col + cell.col_span;
            if seen.contains(&index)
                || (cell.row <= self.head_row && self.head_row > 0 && row > self.head_row)
            {
                continue;
            }
            // A cell that lies more under the next head than under this one is the next head's.
            let overlap = |h: &Head| {
                h.to.min(cell.col + cell.col_span)
                    .saturating_sub(h.from.max(cell.col))
            };
            let mine = overlap(&head);
            if self.heads.iter().any(|h| {
                h.target != head.target && overlap(h) > mine && overlap(h) * 2 > h.to - h.from
            }) && first.is_none()
                && mine * 2 < head.to - head.from
            {
                continue;
            }
            if !sheet.is_blank(index) {
                return Some(index);
            }
            first = first.or(Some(index));
        }
        first
    }
}

/// The cells that cross a row, from left to right.
pub(super) fn across(sheet: &Sheet<'_>, row: u32) -> Vec<u32> {
    let mut out = Vec::new();
    let mut col = 1;
    while col <= sheet.table.cols {
        match sheet.table.index_at(row, col) {
            Some(index) => {
                let cell = sheet.cell(index);
                out.push(index);
                col = cell.col + cell.col_span.max(1);
            }
            None => col += 1,
        }
    }
    out
}

pub(super) fn origin(sheet: &Sheet<'_>, cell: &Cell) -> Origin {
    Origin::cell(sheet.file, sheet.table.number, cell.row, cell.col)
}
