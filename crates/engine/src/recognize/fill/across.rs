//! A grid printed the other way round, its rows as columns (中央 | 省 | 本级 | 合计 | 执行数), comes in; the same values go out.

use super::cells::across;
use super::{Filler, Head, Place};
use crate::recognize::keys::{Found, Sheet, any};
use jiheng_model::Recognised;
use jiheng_model::form::{GridDef, Role};

impl Filler {
    /// Opens the columns when a row holds nothing but labels, at least two of them of the grid's rows.
    pub(super) fn open_across(
        &mut self,
        sheet: &Sheet<'_>,
        row: u32,
        founds: &[(u32, Option<Found<'_>>)],
    ) -> bool {
        let labels_only = founds
            .iter()
            .all(|(i, f)| f.is_some() || sheet.is_blank(*i));
        let sense = |f: &Option<Found<'_>>, wanted: fn(Role) -> Option<(u16, u16)>| {
            f.as_ref()?.senses.iter().find_map(|s| wanted(s.role))
        };
        let line = |role: Role| match role {
            Role::Row { grid, row } => Some((grid, row)),
            _ => None,
        };
        let col = |role: Role| match role {
            Role::Col { grid, col } => Some((grid, col)),
            _ => None,
        };
        let lines: Vec<(u32, (u16, u16))> = founds
            .iter()
            .filter_map(|(i, f)| Some((*i, sense(f, line)?)))
            .collect();
        let Some((first, (grid, _))) = lines.first().copied() else {
            return false;
        };
        let cols: Vec<(u32, (u16, u16))> = founds
            .iter()
            .filter(|(i, _)| !lines.iter().any(|l| l.0 == *i))
            .filter_map(|(i, f)| Some((*i, sense(f, col)?)))
            .filter(|(_, at)| at.0 == grid)
            .collect();
        // Below stand amounts, or the label of a column and amounts.
        let under = sheet.own(row + 1).find(|i| !sheet.is_blank(*i));
        let amounts_below = under.is_some_and(|i| match sheet.find(&self.def, i) {
            None => !cols.is_empty() && sheet.cell(i).col >= sheet.cell(first).col,
            Some(f) => {
                any(f.senses, |r| matches!(r, Role::Col { .. }))
                    && !any(f.senses, |r| matches!(r, Role::Row { .. }))
            }
        });
        if !labels_only || !amounts_below {
            return false;
        }
        let amounts = self
            .def
            .recognition
            .grids
            .get(grid as usize)
            .and_then(column_of_amounts);
        let Some(amounts) = amounts else { return false };
        self.begin_heads(sheet, row);
        let heads = lines
            .iter()
            .map(|(i, at)| (*i, amounts, Some(at.1)))
            .chain(cols.iter().map(|(i, at)| (*i, at.1, None)));
        for (index, target, line) in heads {
            let cell = sheet.cell(index);
            self.heads.push(Head {
                from: cell.col,
                to: cell.col + cell.col_span,
                target,
                from_right: 0,
                line,
                how: Recognised::Synonym,
            });
        }
        self.heads.sort_by_key(|h| h.from);
        self.place = Place::Across(grid);
        true
    }

    /// Reads a row of amounts under such columns; false when the row is something else.
    pub(super) fn across_row(&mut self, sheet: &Sheet<'_>, row: u32, grid: u16) -> bool {
        let def = self.def.clone();
        let Some(grid_def) = def.recognition.grids.get(grid as usize) else {
            return false;
        };
        let mut col = None;
        for index in sheet.own(row) {
            let Some(found) = sheet.find(&def, index) else {
                continue;
            };
            let mine = found.senses.iter().find_map(|s| match s.role {
                Role::Col { grid: g, col } if g == grid => Some(col),
                _ => None,
            });
            match mine {
                Some(c) if col.is_none() => col = Some(c),
                _ => return false,
            }
        }
        let total = grid_def
            .rows
            .iter()
            .position(|r| r.0 == "total")
            .unwrap_or(0);
        let mut seen = Vec::new();
        for head in self.heads.clone() {
            let Some(value) = self.under(sheet, row, head, &seen) else {
                continue;
            };
            // A label of the row is no amount.
            if !across(sheet, row).contains(&value) || sheet.find(&def, value).is_some() {
                continue;
            }
            seen.push(value);
            let (line, target) = match head.line {
                Some(line) => (line as usize, col.unwrap_or(head.target)),
                None => (total, head.target),
            };
            self.grid_value(sheet, value, grid_def, line, target, Recognised::Synonym);
        }
        if col.is_none() {
            self.place = Place::Loose;
        }
        true
    }
}

/// The column whose amounts stand under the names of sources.
fn column_of_amounts(grid: &GridDef) -> Option<u16> {
    let at = |key: &str| grid.cols.iter().position(|c| c.0 == key);
    let found = at("final_budget").or_else(|| at("original_budget"));
    grid.bare.or(found.map(|c| c as u16))
}
