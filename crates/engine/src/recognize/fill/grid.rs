//! Heads and rows of grids (项目资金) come in; values by row and column go out.

use super::cells::{across, origin};
use super::{Filler, Head, Place};
use crate::recognize::keys::{self, Found, Sheet, any};
use crate::recognize::place;
use jiheng_model::form::{FieldType, GridDef, Role, Row, Slot};
use jiheng_model::label::{half_width, trim};
use jiheng_model::parse::parse_as;
use jiheng_model::{Origin, Recognised, Stated, Unrecognised};
use std::ops::Range;

impl Filler {
    /// Which grid's row a label of several grids labels: the one whose labels stand in the same column,
    /// or the one that no other label of the row speaks of.
    pub(super) fn line_of(
        &mut self,
        sheet: &Sheet<'_>,
        index: u32,
        founds: &[(u32, Option<Found<'_>>)],
    ) -> Option<(u16, u16)> {
        let def = self.def.clone();
        let lines = |f: &Found<'_>| -> Vec<(u16, u16)> {
            let rows = f.senses.iter().filter_map(|s| match s.role {
                Role::Row { grid, row } => Some((grid, row)),
                _ => None,
            });
            rows.collect()
        };
        let of = |i: u32| {
            founds
                .iter()
                .find(|(at, _)| *at == i)?
                .1
                .as_ref()
                .map(lines)
        };
        let mine = of(index)?;
        let col = sheet.cell(index).col;
        let chosen = match mine.as_slice() {
            [] => return None,
            [only] => *only,
            [first, ..] => {
                let key = |at: &(u16, u16)| {
                    let grid = def.recognition.grids.get(at.0 as usize)?;
                    grid.rows.get(at.1 as usize).map(|r| r.0.as_str())
                };
                let in_grid = |grid: u16| mine.iter().find(|l| l.0 == grid).copied();
                let taken = founds
                    .iter()
                    .filter(|(i, _)| *i != index)
                    .find_map(|(_, f)| match lines(f.as_ref()?).as_slice() {
                        [only] if mine.iter().any(|l| key(l) == key(only)) => Some(only.0),
                        _ => None,
                    });
                let left = self.bands.iter().filter(|b| b.0 <= col).max_by_key(|b| b.0);
                self.bands
                    .iter()
                    .find(|b| b.0 == col)
                    .and_then(|b| in_grid(b.1))
                    .or_else(|| {
                        mine.iter()
                            .find(|l| Some(l.0) != taken && taken.is_some())
                            .copied()
                    })
                    .or_else(|| left.and_then(|b| in_grid(b.1)))
                    .unwrap_or(*first)
            }
        };
        if !self.bands.iter().any(|b| b.0 == col) {
            self.bands.push((col, chosen.0));
        }
        Some(chosen)
    }

    pub(super) fn open_grid(
        &mut self,
        sheet: &Sheet<'_>,
        row: u32,
        founds: &[(u32, Option<Found<'_>>)],
    ) {
        let grid = founds
            .iter()
            .filter_map(|(_, f)| {
                f.as_ref()?.senses.iter().find_map(|s| {
                    if let Role::Col { grid, .. } = s.role {
                        Some(grid)
                    } else {
                        None
                    }
                })
            })
            .next()
            .unwrap_or(0);
        let cols_of = |f: &Found<'_>| -> Vec<(u16, bool)> {
            f.senses
                .iter()
                .filter_map(|s| {
                    if let Role::Col { grid: g, col } = s.role {
                        (g == grid).then_some((col, s.own))
                    } else {
                        None
                    }
                })
                .collect()
        };
        self.begin_heads(sheet, row);
        // The head above the row labels ("年度预算数（万元）") is no column of amounts.
        let above_labels = |index: u32| {
            let cell = sheet.cell(index);
            sheet
                .table
                .index_at(cell.row + cell.row_span, cell.col)
                .and_then(|below| sheet.find(&self.def, below))
                .is_some_and(|f| any(f.senses, |r| matches!(r, Role::Row { .. })))
        };
        // Heads of the row before that reach into this one are heads of the same columns.
        let def = self.def.clone();
        let from_above = across(sheet, row)
            .into_iter()
            .filter(|i| sheet.cell(*i).row < row)
            .map(|i| (i, sheet.find(&def, i)))
            .filter(|(_, f)| f.is_some_and(|f| any(f.senses, |r| matches!(r, Role::Col { .. }))));
        let founds: Vec<(u32, Option<Found<'_>>)> = founds
            .iter()
            .copied()
            .chain(from_above)
            .filter(|(index, _)| !above_labels(*index))
            .collect();
        // Labels with one meaning first; then those that the year tells apart ("2022年决算数", "2023年决算数").
        let mut several: Vec<(u32, Vec<(u16, bool)>)> = Vec::new();
        for (index, found) in &founds {
            let Some(found) = found else { continue };
            let cols = cols_of(found);
            match cols.as_slice() {
                [] => {}
                [(col, own)] => self.grid_head(sheet, *index, grid, *col, *own && found.whole),
                _ => several.push((*index, cols)),
            }
        }
        several.sort_by_key(|(index, _)| (sheet.year(*index), sheet.cell(*index).col));
        let latest = founds
            .iter()
            .filter_map(|(i, _)| sheet.year(*i))
            .max()
            .or(self.form.year);
        let count = several.len();
        for (position, (index, cols)) in several.into_iter().enumerate() {
            let free: Vec<_> = cols
                .iter()
                .filter(|(c, _)| !self.heads.iter().any(|h| h.target == *c))
                .collect();
            let alone = count == 1 && sheet.year(index).is_some() && sheet.year(index) >= latest;
            let chosen = if alone {
                free.last()
            } else if count == 1 {
                free.first()
            } else {
                free.get(free.len().saturating_sub(count - position))
            };
            if let Some((col, _)) = chosen {
                self.grid_head(sheet, index, grid, *col, false);
            }
        }
        self.heads.sort_by_key(|h| h.from);
        self.columns_not_read(sheet, row, grid);
        self.points_beside(sheet, row, grid);
        // Heads repeated on the next page do not end an open list.
        if !matches!(self.place, Place::Under(_, g) if g == grid) {
            self.place = Place::Grid(grid);
        }
    }

    /// Names the columns of a grid that no label of the rulebook explains.
    fn columns_not_read(&mut self, sheet: &Sheet<'_>, row: u32, grid: u16) {
        let def = self.def.clone();
        let label = def
            .recognition
            .grids
            .get(grid as usize)
            .map_or("", |g| g.label.as_str());
        let last = self.heads.iter().map(|h| h.to).max().unwrap_or(0);
        let mut before = 0;
        for index in sheet.own(row).filter(|i| !sheet.is_blank(*i)) {
            before += 1;
            let cell = sheet.cell(index);
            let known = self.heads.iter().any(|h| h.from == cell.col);
            // The side head and the head above the row labels are no columns of amounts.
            let below = sheet.table.index_at(cell.row + cell.row_span, cell.col);
            let amounts = below.is_some_and(|i| {
                sheet.find(&def, i).is_none()
                    && parse_as(sheet.raw(sheet.cell(i)), FieldType::Money, None)
                        .number()
                        .is_some()
            });
            if known
                || before == 1
                || !amounts
                || cell.col > last
                || sheet.find(&def, index).is_some()
            {
                continue;
            }
            let name = trim(sheet.raw(cell)).replace('\n', "");
            self.unrecognised.push(Unrecognised {
                origin: origin(sheet, cell),
                why: format!("{label}有一列“{name}”，规程包里没有这个列名，这一列没有读入"),
            });
        }
    }

    /// The points of the rate that stand in a bracket ("预算执行情况（20分）") where no column holds them.
    fn points_beside(&mut self, sheet: &Sheet<'_>, row: u32, grid: u16) {
        let def = self.def.clone();
        let Some(grid_def) = def.recognition.grids.get(grid as usize) else {
            return;
        };
        let position = |list: &[(String, String)], key: &str| list.iter().position(|k| k.0 == key);
        let (Some(line), Some(col)) = (
            position(&grid_def.rows, "total"),
            position(&grid_def.cols, "points"),
        ) else {
            return;
        };
        if self.heads.iter().any(|h| h.target as usize == col) {
            return;
        }
        let score = position(&grid_def.cols, "score");
        for index in across(sheet, row) {
            let cell = sheet.cell(index);
            let head = self.heads.iter().find(|h| h.from == cell.col);
            let speaks = head.is_some_and(|h| Some(h.target as usize) == score)
                || head.is_none()
                    && sheet
                        .find(&def, index)
                        .is_some_and(|f| any(f.senses, |r| r == Role::Block));
            if !speaks {
                continue;
            }
            if let (Some((number, _)), Some(slot)) = (
                place::level_points(sheet.raw(cell)),
                grid_def.slots.get(line * grid_def.cols.len() + col),
            ) {
                let range = place::without_points(&number);
                let how = Recognised::Position;
                let stated = self.part(sheet, cell, &range, FieldType::Points, None, how);
                self.set(*slot, stated);
                return;
            }
        }
    }

    /// Reads a row in which each column label has its amount to its right; false when it is no such row.
    pub(super) fn pairs(
        &mut self,
        sheet: &Sheet<'_>,
        row: u32,
        founds: &[(u32, Option<Found<'_>>)],
    ) -> bool {
        let mut pairs: Vec<(u32, u32, u16, u16)> = Vec::new();
        let mut without = Vec::new();
        for (index, found) in founds {
            let Some(role) = found.and_then(|f| {
                f.senses
                    .iter()
                    .map(|s| s.role)
                    .find(|r| matches!(r, Role::Col { .. }))
            }) else {
                continue;
            };
            let Role::Col { grid, col } = role else {
                return false;
            };
            let Some(value) = self.right_of(sheet, *index) else {
                without.push((*index, grid, col));
                continue;
            };
            if parse_as(sheet.raw(sheet.cell(value)), FieldType::Money, None)
                .number()
                .is_none()
            {
                return false;
            }
            pairs.push((*index, value, grid, col));
        }
        let Some(grid) = pairs.first().map(|p| p.2) else {
            return false;
        };
        // Heads beside each other have no amounts to their right.
        if without.len() >= pairs.len() {
            return false;
        }
        let def = self.def.clone();
        let Some(grid_def) = def.recognition.grids.get(grid as usize) else {
            return false;
        };
        let line = grid_def
            .rows
            .iter()
            .position(|r| r.0 == "total")
            .unwrap_or(0);
        if self.place != Place::Grid(grid) {
            self.begin_heads(sheet, row);
        }
        self.heads
            .retain(|h| !pairs.iter().any(|p| p.3 == h.target));
        for h in 0..self.heads.len() {
            let head = self.heads[h];
            if let Some(value) = self.under(sheet, row, head, &[]) {
                self.grid_value(
                    sheet,
                    value,
                    grid_def,
                    line,
                    head.target,
                    Recognised::Synonym,
                );
            }
        }
        for (label, value, _, col) in pairs {
            let (from, to) = (
                sheet.cell(label).col,
                sheet.cell(value).col + sheet.cell(value).col_span,
            );
            self.heads.push(Head {
                from,
                to,
                target: col,
                from_right: 0,
                line: None,
                how: Recognised::Synonym,
            });
            self.grid_value(sheet, value, grid_def, line, col, Recognised::Synonym);
            self.head_text(sheet, label, grid_def.cols[col as usize].0.clone(), false);
        }
        for (label, of, col) in without {
            if of == grid {
                self.inside_label(sheet, label, grid_def, line, col);
            }
        }
        self.place = Place::Pairs(grid);
        true
    }

    /// "执行率 100%": the value stands behind its label in one cell, without a colon.
    fn inside_label(
        &mut self,
        sheet: &Sheet<'_>,
        label: u32,
        grid: &GridDef,
        line: usize,
        col: u16,
    ) {
        let cell = sheet.cell(label);
        let raw = sheet.raw(cell);
        let Some(from) = raw.find(|c: char| half_width(c).is_ascii_digit()) else {
            return;
        };
        let Some((slot, ty)) = self.grid_slot(grid, line, col) else {
            return;
        };
        let range = keys::trimmed(raw, from..raw.len());
        let unit = (ty == FieldType::Money).then(|| self.money_unit());
        let stated = self.part(sheet, cell, &range, ty, unit.as_ref(), Recognised::Position);
        if stated.value.number().is_some() {
            self.set(slot, stated);
        }
    }

    /// The field of a line and a column of a grid, with the type of its values.
    fn grid_slot(&self, grid: &GridDef, line: usize, col: u16) -> Option<(Slot, FieldType)> {
        let slot = *grid.slots.get(line * grid.cols.len() + col as usize)?;
        let field = self.def.fields.get(slot as usize);
        Some((slot, field.map_or(FieldType::Any, |f| f.ty)))
    }

    pub(super) fn grid_value(
        &mut self,
        sheet: &Sheet<'_>,
        value: u32,
        grid: &GridDef,
        line: usize,
        col: u16,
        how: Recognised,
    ) {
        let Some((slot, ty)) = self.grid_slot(grid, line, col) else {
            return;
        };
        let unit = (ty == FieldType::Money).then(|| self.money_unit());
        let stated = self.stated(sheet, value, ty, unit.as_ref(), how);
        self.set(slot, stated);
    }

    /// The cell to the right of a label, if it is no label itself.
    pub(super) fn right_of(&self, sheet: &Sheet<'_>, index: u32) -> Option<u32> {
        let cell = sheet.cell(index);
        let right = sheet.table.index_at(cell.row, cell.col + cell.col_span)?;
        sheet.find(&self.def, right).is_none().then_some(right)
    }

    pub(super) fn grid_head(
        &mut self,
        sheet: &Sheet<'_>,
        index: u32,
        grid: u16,
        col: u16,
        own: bool,
    ) {
        let cell = sheet.cell(index);
        if self.heads.iter().any(|h| h.target == col) {
            return;
        }
        self.heads.push(Head {
            from: cell.col,
            to: cell.col + cell.col_span,
            target: col,
            from_right: self.columns_right_of(sheet, index),
            line: None,
            how: match own {
                true => Recognised::Exact,
                false => Recognised::Synonym,
            },
        });
        let Some(key) = self
            .def
            .recognition
            .grids
            .get(grid as usize)
            .and_then(|g| g.cols.get(col as usize))
            .map(|c| c.0.clone())
        else {
            return;
        };
        self.head_text(sheet, index, key, own);
    }

    pub(super) fn under_row(
        &mut self,
        sheet: &Sheet<'_>,
        row: u32,
        first: u32,
        list: u16,
        grid: u16,
    ) {
        let def = self.def.clone();
        let (Some(list_def), Some(grid_def)) = (
            def.lists.get(list as usize),
            def.recognition.grids.get(grid as usize),
        ) else {
            return;
        };
        let mut values: Vec<Option<Stated>> = vec![None; list_def.columns.len()];
        let mut seen = Vec::new();
        let mut amounts = false;
        for h in 0..self.heads.len() {
            let head = self.heads[h];
            let Some(slot) = grid_def
                .cols
                .get(head.target as usize)
                .and_then(|c| list_def.slot(&c.0))
            else {
                continue;
            };
            let Some(index) = self.under(sheet, row, head, &seen) else {
                continue;
            };
            seen.push(index);
            let column = &list_def.columns[slot as usize];
            let unit = (column.ty == FieldType::Money).then(|| self.money_unit());
            let stated = self.stated(sheet, index, column.ty, unit.as_ref(), head.how);
            amounts |= !stated.value.is_blank();
            values[slot as usize] = Some(stated);
        }
        let first_head = self.heads.iter().map(|h| h.from).min().unwrap_or(u32::MAX);
        let cell = sheet.cell(first);
        if let (Some(slot), true) = (list_def.slot("name"), cell.col < first_head) {
            let raw = sheet.raw(cell);
            let range = keys::trimmed(raw, keys::numbering(raw)..raw.len());
            let name = self.part(
                sheet,
                cell,
                &range,
                FieldType::Text,
                None,
                Recognised::Exact,
            );
            if name.text.is_empty() && !amounts {
                return;
            }
            values[slot as usize] = Some(name);
        } else if !amounts {
            return;
        }
        self.form.lists[list as usize].push(Row {
            values,
            origin: origin(sheet, cell),
        });
        self.started = true;
    }

    pub(super) fn grid_row(
        &mut self,
        sheet: &Sheet<'_>,
        row: u32,
        index: u32,
        found: &Found<'_>,
        at: (u16, u16),
        how: Recognised,
    ) {
        let def = self.def.clone();
        let (grid, line) = at;
        let Some(grid_def) = def.recognition.grids.get(grid as usize) else {
            return;
        };
        let cell = sheet.cell(index);
        if grid_def
            .part_of
            .get(line as usize)
            .is_some_and(Option::is_some)
            && let Some(colons) = found
                .colons
                .or_else(|| sheet.raw(cell).contains([':', '：']).then_some(u32::MAX))
        {
            let raw = sheet.raw(cell);
            let range = if colons == u32::MAX {
                raw.len()..raw.len()
            } else {
                keys::after_colon(raw, colons)
            };
            let unit = self.money_unit();
            let amount = self.part(sheet, cell, &range, FieldType::Money, Some(&unit), how);
            if !self.inlines.iter().any(|(g, r, _)| (*g, *r) == at) {
                self.inlines.push((grid, line, amount));
            }
            return;
        }
        if self.place == Place::Pairs(grid) {
            let head = self
                .heads
                .iter()
                .find(|h| h.from <= cell.col && cell.col < h.to)
                .map(|h| h.target);
            if let (Some(col), Some(value)) = (head, self.right_of(sheet, index)) {
                self.grid_value(sheet, value, grid_def, line as usize, col, how);
            }
            return;
        }
        if self.place != Place::Grid(grid) && !matches!(self.place, Place::Under(_, g) if g == grid)
        {
            if let (Some(col), Some(value)) = (grid_def.bare, self.right_of(sheet, index)) {
                self.grid_value(sheet, value, grid_def, line as usize, col, how);
            }
            return;
        }
        let mut seen = vec![index];
        for h in 0..self.heads.len() {
            let head = self.heads[h];
            let Some(value) = self.under(sheet, row, head, &seen) else {
                continue;
            };
            seen.push(value);
            let how = weaker(how, head.how);
            self.grid_value(sheet, value, grid_def, line as usize, head.target, how);
        }
        self.place = Place::Grid(grid);
        for (list, layout) in def.recognition.lists.iter().enumerate() {
            if layout.under == Some(at) {
                self.place = Place::Under(list as u16, grid);
            }
        }
    }

    pub(super) fn unknown_row(&mut self, sheet: &Sheet<'_>, row: u32, own: Range<u32>) {
        let Place::Grid(grid) = self.place else {
            return;
        };
        let first_head = self.heads.iter().map(|h| h.from).min().unwrap_or(1);
        let Some(label) = own
            .clone()
            .find(|i| !sheet.is_blank(*i) && sheet.cell(*i).col < first_head)
        else {
            return;
        };
        let numbers = own
            .filter(|i| sheet.cell(*i).col >= first_head && !sheet.is_blank(*i))
            .count();
        if numbers == 0 {
            return;
        }
        let cell = sheet.cell(label);
        let name = trim(sheet.raw(cell)).replace('\n', "");
        let grid = self
            .def
            .recognition
            .grids
            .get(grid as usize)
            .map_or("", |g| g.label.as_str());
        self.unrecognised.push(Unrecognised {
            origin: Origin::cell(sheet.file, sheet.table.number, row, cell.col),
            why: format!("{grid}有一行“{name}”，规程包里没有这个项目，这一行没有读入"),
        });
    }
}

/// How a value under two labels was recognised: as the weaker of them.
fn weaker(a: Recognised, b: Recognised) -> Recognised {
    match (a, b) {
        (Recognised::Position, _) | (_, Recognised::Position) => Recognised::Position,
        (Recognised::Exact, Recognised::Exact) => Recognised::Exact,
        _ => Recognised::Synonym,
    }
}
