//! A second row of heads that splits columns of amounts by source (预算数: 小计 | 市补助 | 县区资金) comes in; columns for each source go out.

use super::{Filler, Head, Place};
use crate::recognize::keys::{Found, Sheet, any};
use jiheng_model::Recognised;
use jiheng_model::form::Role;

impl Filler {
    /// Opens a column for each source under the heads of a grid; false when the row is something else.
    pub(super) fn split_heads(
        &mut self,
        sheet: &Sheet<'_>,
        row: u32,
        founds: &[(u32, Option<Found<'_>>)],
    ) -> bool {
        let Place::Grid(grid) = self.place else {
            return false;
        };
        let def = self.def.clone();
        let Some(grid_def) = def.recognition.grids.get(grid as usize) else {
            return false;
        };
        if row != self.head_row + 1 {
            return false;
        }
        let total = grid_def
            .rows
            .iter()
            .position(|r| r.0 == "total")
            .unwrap_or(0) as u16;
        let mut split: Vec<Head> = Vec::new();
        for (index, found) in founds {
            if sheet.is_blank(*index) {
                continue;
            }
            let cell = sheet.cell(*index);
            let line = found.as_ref().and_then(|f| {
                let source = f.senses.iter().find_map(|s| match s.role {
                    Role::Row { grid: g, row } if g == grid => Some(row),
                    _ => None,
                });
                let sum = any(f.senses, |r| {
                    matches!(r, Role::Subtotal { .. } | Role::Total { .. })
                });
                source.or(sum.then_some(total))
            });
            let parent = self.heads.iter().find(|h| {
                h.line.is_none()
                    && h.to - h.from > 1
                    && h.from <= cell.col
                    && cell.col + cell.col_span <= h.to
            });
            let (Some(line), Some(parent)) = (line, parent) else {
                return false;
            };
            split.push(Head {
                from: cell.col,
                to: cell.col + cell.col_span,
                line: Some(line),
                how: Recognised::Synonym,
                ..*parent
            });
        }
        if split.len() < 2 {
            return false;
        }
        self.heads
            .retain(|h| !split.iter().any(|s| h.from <= s.from && s.to <= h.to));
        self.heads.append(&mut split);
        self.heads.sort_by_key(|h| h.from);
        self.head_row = row;
        self.place = Place::Across(grid);
        true
    }
}
