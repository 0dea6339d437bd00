//! The rows of a table come in one after the other; a filled form goes out, each value with its cell.
//!
//! A label gives a row its meaning: heads open a grid or a list, row labels and heads together give
//! a field of a grid, a label alone gives the cell to its right or below. Positions in a template play no part.

use super::keys::{self, Found, Sheet, any};
use super::place;
use jiheng_model::form::{FieldType, Form, FormDef, GridDef, Role, Row, Slot};
use jiheng_model::label::trim;
use jiheng_model::origin::At;
use jiheng_model::parse::parse_as;
use jiheng_model::{Cell, Origin, Recognised, Stated, Unit, Unrecognised};
use std::ops::Range;
use std::sync::Arc;

/// What the rows below the last heads are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Loose,
    Grid(u16),
    /// Label and amount side by side ("预算数：" 12.00 "执行数：" 12.00).
    Pairs(u16),
    /// Open-ended rows of a list inside a grid.
    Under(u16, u16),
    List(u16),
}

/// A column that a head opened.
#[derive(Clone, Copy)]
struct Head {
    from: u32,
    to: u32,
    /// Column of the grid or slot of the list.
    target: u16,
    /// Number of its cell among the cells of the head row, from 0, counted from the right.
    from_right: u32,
}

/// A form being filled.
pub(super) struct Filler {
    pub form: Form,
    def: Arc<FormDef>,
    /// The unit of money when the form names none.
    wan_yuan: Unit,
    place: Place,
    heads: Vec<Head>,
    head_row: u32,
    head_cells: u32,
    /// Amounts printed in label cells: grid, row, amount.
    inlines: Vec<(u16, u16, Stated)>,
    /// Units in brackets of heads, for money without a unit of its own.
    levels: Vec<(Slot, Stated, Option<Stated>)>,
    /// Rows of lists were read or a total was met: an opening label begins another form.
    started: bool,
    pub unrecognised: Vec<Unrecognised>,
}

/// What a row was.
pub(super) enum Step {
    /// Read, or nothing in it.
    Done,
    /// The opening label again: another form of the same kind begins here.
    Another,
}

impl Filler {
    pub fn new(def: &Arc<FormDef>, file: u16) -> Filler {
        Filler {
            form: Form::empty(def.clone(), file),
            def: def.clone(),
            wan_yuan: Unit::wan_yuan(),
            place: Place::Loose,
            heads: Vec::new(),
            head_row: 0,
            head_cells: 0,
            inlines: Vec::new(),
            levels: Vec::new(),
            started: false,
            unrecognised: Vec::new(),
        }
    }

    /// The rows that follow on the next table belong to this form only if its list is still open.
    pub fn is_open(&self) -> bool {
        self.place != Place::Loose
    }

    /// Has the table a row with as many cells as the heads had?
    pub fn fits(&self, sheet: &Sheet<'_>) -> bool {
        self.head_cells > 0
            && (1..=sheet.table.rows).any(|r| across(sheet, r).len() as u32 == self.head_cells)
    }

    /// Takes up the form on another table. Heads without a row of their own there are found by their order.
    pub fn continue_on(&mut self, sheet: &Sheet<'_>) {
        self.form.tables.push(sheet.table.number);
        self.head_row = 0;
        if self.heads.is_empty() {
            return;
        }
        let Some(cells) = (1..=sheet.table.rows)
            .map(|r| across(sheet, r))
            .find(|c| c.len() as u32 == self.head_cells)
        else {
            return;
        };
        for head in &mut self.heads {
            let Some(cell) = cells
                .len()
                .checked_sub(1 + head.from_right as usize)
                .and_then(|i| cells.get(i))
            else {
                continue;
            };
            let cell = sheet.cell(*cell);
            (head.from, head.to) = (cell.col, cell.col + cell.col_span);
        }
    }

    /// Reads the unit of money from the side heads of the rows before anything else is read.
    pub fn look_for_unit(&mut self, sheet: &Sheet<'_>, rows: Range<u32>) {
        if self.form.money_unit.is_some() {
            return;
        }
        for row in rows {
            for index in sheet.own(row) {
                let key = sheet.key(index);
                if !key.contains('元') {
                    continue;
                }
                let Some(found) = sheet.find(&self.def, index) else {
                    continue;
                };
                if !any(found.senses, |r| {
                    matches!(r, Role::Block | Role::Col { .. } | Role::Head { .. })
                }) {
                    continue;
                }
                if let Some(unit) = sheet
                    .unit(index, &found)
                    .filter(|u| u.dimension == jiheng_model::Dimension::Money)
                {
                    self.form.money_unit = Some(unit);
                    return;
                }
            }
        }
    }

    /// Reads a row.
    pub fn row(&mut self, sheet: &Sheet<'_>, row: u32) -> Step {
        let own = sheet.own(row);
        let Some(first) = own.clone().find(|i| !sheet.is_blank(*i)) else {
            return Step::Done;
        };
        let first_found = sheet.find(&self.def, first);
        match self.place {
            Place::List(list) => {
                let Some(found) = first_found else {
                    if !self.foot_row(sheet, own.clone()) {
                        self.list_row(sheet, row, list);
                    }
                    return Step::Done;
                };
                let cell = sheet.cell(first);
                let name_from = self.heads.iter().map(|h| h.from).min().unwrap_or(1);
                if any(found.senses, |r| r == Role::Total { list })
                    && cell.col <= name_from
                    && found.colons.is_none()
                {
                    self.total_row(sheet, own, first, list);
                    return Step::Done;
                }
                let mut heads: Vec<Role> = own
                    .clone()
                    .filter_map(|i| {
                        sheet
                            .find(&self.def, i)?
                            .senses
                            .iter()
                            .map(|s| s.role)
                            .find(|r| matches!(r, Role::Head { .. } | Role::Col { .. }))
                    })
                    .collect();
                heads.dedup();
                let opens_field =
                    any(found.senses, |r| matches!(r, Role::Field { .. })) && cell.col <= name_from;
                if heads.len() < 2 && !opens_field {
                    self.list_row(sheet, row, list);
                    return Step::Done;
                }
            }
            Place::Under(list, grid) => {
                let ends = first_found.is_some_and(|f| {
                    !f.numbered
                        && any(f.senses, |r| {
                            matches!(
                                r,
                                Role::Row { .. }
                                    | Role::Field { .. }
                                    | Role::Block
                                    | Role::Total { .. }
                                    | Role::Col { .. }
                            )
                        })
                });
                if !ends {
                    if !self.foot_row(sheet, own) {
                        self.under_row(sheet, row, first, list, grid);
                    }
                    return Step::Done;
                }
            }
            Place::Loose | Place::Grid(_) | Place::Pairs(_) => {}
        }
        self.labelled_row(sheet, row, own)
    }

    /// A row that its labels explain: heads, a row of a grid, fields, amounts in label cells.
    fn labelled_row(&mut self, sheet: &Sheet<'_>, row: u32, own: Range<u32>) -> Step {
        let def = self.def.clone();
        let founds: Vec<(u32, Option<Found<'_>>)> =
            own.clone().map(|i| (i, sheet.find(&def, i))).collect();
        let mut cols = 0;
        let mut heads = 0;
        let mut labels = 0;
        let mut fields = 0;
        let mut lines = 0;
        for (_, found) in &founds {
            let Some(f) = found else { continue };
            labels += 1;
            cols += u32::from(any(f.senses, |r| matches!(r, Role::Col { .. })));
            heads += u32::from(any(f.senses, |r| matches!(r, Role::Head { .. })));
            fields += u32::from(any(f.senses, |r| matches!(r, Role::Field { .. })));
            lines += u32::from(any(f.senses, |r| matches!(r, Role::Row { .. })));
        }
        if heads >= 2 && heads > cols {
            self.open_list(sheet, row, &founds);
            return Step::Done;
        }
        if cols >= 2 && self.pairs(sheet, row, &founds) {
            return Step::Done;
        }
        if cols >= 2 {
            self.open_grid(sheet, row, &founds);
            return Step::Done;
        }
        if labels == 0 {
            if !self.foot_row(sheet, own.clone()) {
                self.unknown_row(sheet, row, own);
            }
            return Step::Done;
        }
        if labels == 1 && self.foot_row(sheet, own) {
            return Step::Done;
        }
        if fields > 0 && lines == 0 {
            self.place = Place::Loose;
        }
        for (index, found) in &founds {
            let Some(found) = found else { continue };
            for sense in found.senses {
                let how = if sense.own && found.whole {
                    Recognised::Exact
                } else {
                    Recognised::Synonym
                };
                match sense.role {
                    Role::Field { slot, below } => {
                        if self.def.recognition.opens == Some(slot)
                            && self.started
                            && self.form.at(slot).is_some()
                        {
                            return Step::Another;
                        }
                        self.field(sheet, *index, found, slot, below, how);
                    }
                    Role::Row { grid, row: line } => {
                        self.grid_row(sheet, row, *index, found, (grid, line), how)
                    }
                    Role::Total { list }
                        if matches!(self.place, Place::Loose)
                            && !self.form.lists[list as usize].is_empty() =>
                    {
                        self.total_row(sheet, sheet.own(row), *index, list);
                    }
                    _ => continue,
                }
                break;
            }
        }
        Step::Done
    }

    fn open_grid(&mut self, sheet: &Sheet<'_>, row: u32, founds: &[(u32, Option<Found<'_>>)]) {
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
        // Labels with one meaning first; then those that the year tells apart ("2022年决算数", "2023年决算数").
        let mut several: Vec<(u32, Vec<(u16, bool)>)> = Vec::new();
        for (index, found) in founds {
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
        // Heads repeated on the next page do not end an open list.
        if !matches!(self.place, Place::Under(_, g) if g == grid) {
            self.place = Place::Grid(grid);
        }
    }

    /// Reads a row in which each column label has its amount to its right; false when it is no such row.
    fn pairs(&mut self, sheet: &Sheet<'_>, row: u32, founds: &[(u32, Option<Found<'_>>)]) -> bool {
        let mut pairs: Vec<(u32, u32, u16, u16)> = Vec::new();
        for (index, found) in founds {
            let Some(role) = found.and_then(|f| {
                f.senses
                    .iter()
                    .map(|s| s.role)
                    .find(|r| matches!(r, Role::Col { .. }))
            }) else {
                continue;
            };
            let (Role::Col { grid, col }, Some(value)) = (role, self.right_of(sheet, *index))
            else {
                return false;
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
            });
            self.grid_value(sheet, value, grid_def, line, col, Recognised::Synonym);
            self.head_text(sheet, label, grid_def.cols[col as usize].0.clone(), false);
        }
        self.place = Place::Pairs(grid);
        true
    }

    fn grid_value(
        &mut self,
        sheet: &Sheet<'_>,
        value: u32,
        grid: &GridDef,
        line: usize,
        col: u16,
        how: Recognised,
    ) {
        let Some(slot) = grid
            .slots
            .get(line * grid.cols.len() + col as usize)
            .copied()
        else {
            return;
        };
        let ty = self
            .def
            .fields
            .get(slot as usize)
            .map_or(FieldType::Any, |f| f.ty);
        let unit = (ty == FieldType::Money).then(|| self.money_unit());
        let stated = self.stated(sheet, value, ty, unit.as_ref(), how);
        self.set(slot, stated);
    }

    /// The cell to the right of a label, if it is no label itself.
    fn right_of(&self, sheet: &Sheet<'_>, index: u32) -> Option<u32> {
        let cell = sheet.cell(index);
        let right = sheet.table.index_at(cell.row, cell.col + cell.col_span)?;
        sheet.find(&self.def, right).is_none().then_some(right)
    }

    fn grid_head(&mut self, sheet: &Sheet<'_>, index: u32, grid: u16, col: u16, own: bool) {
        let cell = sheet.cell(index);
        if self.heads.iter().any(|h| h.target == col) {
            return;
        }
        self.heads.push(Head {
            from: cell.col,
            to: cell.col + cell.col_span,
            target: col,
            from_right: self.columns_right_of(sheet, index),
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

    fn head_text(&mut self, sheet: &Sheet<'_>, index: u32, key: String, own: bool) {
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

    fn begin_heads(&mut self, sheet: &Sheet<'_>, row: u32) {
        self.heads.clear();
        self.head_row = row;
        self.head_cells = across(sheet, row).len() as u32;
        self.levels.clear();
    }

    fn columns_right_of(&self, sheet: &Sheet<'_>, index: u32) -> u32 {
        let cells = across(sheet, self.head_row);
        cells
            .iter()
            .position(|i| *i == index)
            .map_or(0, |at| (cells.len() - 1 - at) as u32)
    }

    fn open_list(&mut self, sheet: &Sheet<'_>, row: u32, founds: &[(u32, Option<Found<'_>>)]) {
        let def = self.def.clone();
        let mut votes = vec![0u32; def.lists.len()];
        for (_, f) in founds {
            for s in f.iter().flat_map(|f| f.senses) {
                if let Role::Head { list, .. } = s.role {
                    votes[list as usize] += 1;
                }
            }
        }
        let Some(list) = (0..votes.len())
            .max_by_key(|i| (votes[*i], std::cmp::Reverse(*i)))
            .map(|i| i as u16)
        else {
            return;
        };
        // A second row of heads under the first splits or explains some of its columns.
        let refines = self.place == Place::List(list)
            && self.head_row > 0
            && row == self.head_row + 1
            && across(sheet, row)
                .iter()
                .any(|i| sheet.cell(*i).row == self.head_row);
        if !refines {
            // Heads repeated on the next page: the levels of the last row go on.
            let levels = if self.place == Place::List(list) {
                std::mem::take(&mut self.levels)
            } else {
                Vec::new()
            };
            self.begin_heads(sheet, row);
            self.levels = levels;
        }
        let (Some(list_def), Some(layout)) = (
            def.lists.get(list as usize),
            def.recognition.lists.get(list as usize),
        ) else {
            return;
        };
        let mut unknown = Vec::new();
        let mut before: Option<Slot> = None;
        for (index, found) in founds {
            let cell = sheet.cell(*index);
            let (from, to) = (cell.col, cell.col + cell.col_span);
            let senses = found
                .iter()
                .flat_map(|f| f.senses)
                .filter_map(|s| match s.role {
                    Role::Head { list: l, slot } if l == list => Some((slot, s.own)),
                    _ => None,
                });
            let mut chosen = None;
            for (slot, own) in senses {
                let taken = self
                    .heads
                    .iter()
                    .any(|h| h.target == slot && !(refines && h.from <= from && to <= h.to));
                // "一级指标 分值 二级指标 分值 三级指标 分值": the points of a level stand beside it.
                let points_of_level = layout
                    .levels
                    .iter()
                    .find(|(l, _)| Some(*l) == before)
                    .and_then(|(_, p)| *p);
                let points_again = points_of_level.filter(|_| {
                    list_def.columns[slot as usize].ty == FieldType::Points
                        && founds
                            .iter()
                            .filter(|(i, f)| {
                                i > index
                                    && f.is_some_and(|f| {
                                        any(f.senses, |r| r == Role::Head { list, slot })
                                    })
                            })
                            .count()
                            > 0
                });
                if let Some(points) = points_again {
                    chosen = Some((points, false));
                    break;
                }
                if !taken {
                    chosen = Some((slot, own));
                    break;
                }
            }
            match chosen {
                Some((slot, own)) => {
                    if refines {
                        self.heads
                            .retain(|h| !(h.from <= from && to <= h.to) || h.to <= from);
                    }
                    let from_right = self.columns_right_of(sheet, *index);
                    self.heads.push(Head {
                        from,
                        to,
                        target: slot,
                        from_right,
                    });
                    let own = own && found.is_some_and(|f| f.whole);
                    self.head_text(
                        sheet,
                        *index,
                        list_def.columns[slot as usize].path.clone(),
                        own,
                    );
                    before = Some(slot);
                }
                None => {
                    before = None;
                    let block = found.is_some_and(|f| any(f.senses, |r| r == Role::Block));
                    if !block && !sheet.is_blank(*index) && !refines {
                        unknown.push(*index);
                    }
                }
            }
        }
        self.heads.sort_by_key(|h| h.from);
        let first_head = self.heads.first().map_or(0, |h| h.from);
        for index in unknown {
            let cell = sheet.cell(index);
            // A side head to the left of all heads ("绩效指标" in other words) is no column.
            if cell.col >= first_head {
                let name = trim(sheet.raw(cell)).replace('\n', "");
                self.unrecognised.push(Unrecognised {
                    origin: origin(sheet, cell),
                    why: format!(
                        "{}有一列“{name}”，规程包里没有这个列名，这一列没有读入",
                        list_def.label
                    ),
                });
            }
        }
        self.place = Place::List(list);
    }

    fn list_row(&mut self, sheet: &Sheet<'_>, row: u32, list: u16) {
        let def = self.def.clone();
        let (Some(list_def), Some(layout)) = (
            def.lists.get(list as usize),
            def.recognition.lists.get(list as usize),
        ) else {
            return;
        };
        let mut values: Vec<Option<Stated>> = vec![None; list_def.columns.len()];
        let mut seen: Vec<u32> = Vec::with_capacity(self.heads.len());
        let mut filled = false;
        for h in 0..self.heads.len() {
            let head = self.heads[h];
            let Some(index) = self.under(sheet, row, head, &seen) else {
                continue;
            };
            let cell = sheet.cell(index);
            let column = &list_def.columns[head.target as usize];
            let level = layout.levels.iter().find(|(l, _)| *l == head.target);
            if cell.row < row && level.is_none() && column.ty == FieldType::Points {
                // Points of a cell that reaches over several rows count once.
                let is_level = layout.levels.iter().any(|(_, p)| *p == Some(head.target));
                if !is_level {
                    continue;
                }
            }
            seen.push(index);
            let unit = (column.ty == FieldType::Money).then(|| self.money_unit());
            let mut stated = self.stated(sheet, index, column.ty, unit.as_ref(), Recognised::Exact);
            filled |= cell.row == row && !stated.value.is_blank();
            if let Some((slot, points)) = level {
                let raw = sheet.raw(cell);
                let mut printed = None;
                if let (Some(points), Some((number, name))) = (points, place::level_points(raw)) {
                    let part = self.part(
                        sheet,
                        cell,
                        &number,
                        FieldType::Points,
                        None,
                        Recognised::Exact,
                    );
                    stated = self.part(sheet, cell, &name, column.ty, None, Recognised::Exact);
                    values[*points as usize] = Some(part.clone());
                    printed = Some(part);
                }
                if stated.value.is_blank() {
                    // An unmerged level cell is printed once and left blank below.
                    if let Some((_, last, points_before)) =
                        self.levels.iter().find(|(l, _, _)| l == slot)
                    {
                        stated = Stated {
                            how: Recognised::Position,
                            ..last.clone()
                        };
                        if let (Some(p), Some(before)) = (points, points_before) {
                            values[*p as usize] = Some(Stated {
                                how: Recognised::Position,
                                ..before.clone()
                            });
                        }
                    }
                } else {
                    // A new first level ends what the second level carried on.
                    let rank = layout
                        .levels
                        .iter()
                        .position(|(l, _)| l == slot)
                        .unwrap_or(0);
                    let changed = self
                        .levels
                        .iter()
                        .find(|(l, _, _)| l == slot)
                        .is_none_or(|(_, s, _)| s.origin != stated.origin);
                    if changed {
                        self.levels.retain(|(l, _, _)| {
                            layout
                                .levels
                                .iter()
                                .position(|(x, _)| x == l)
                                .is_some_and(|r| r < rank)
                        });
                        self.levels.push((*slot, stated.clone(), printed));
                    }
                }
            }
            values[head.target as usize] = Some(stated);
        }
        if !filled {
            return;
        }
        if let Some(joined) = layout.joined {
            self.join(&mut values, joined);
        }
        let from = sheet.own(row).next().map_or(1, |i| sheet.cell(i).col);
        self.form.lists[list as usize].push(Row {
            values,
            origin: Origin::cell(sheet.file, sheet.table.number, row, from),
        });
        self.started = true;
    }

    /// 指标性质 + 指标值 + 度量单位 → 年度指标值.
    fn join(&self, values: &mut [Option<Stated>], joined: jiheng_model::form::Joined) {
        let get =
            |values: &[Option<Stated>], slot: Slot| values.get(slot as usize).cloned().flatten();
        let (operator, unit) = (get(values, joined.operator), get(values, joined.unit));
        if operator.is_none() && unit.is_none() {
            return;
        }
        let Some(value) = get(values, joined.whole) else {
            return;
        };
        let mut text = String::new();
        for part in [operator.as_ref(), Some(&value), unit.as_ref()]
            .into_iter()
            .flatten()
        {
            if part.value.is_present() {
                // "定性" says that no sign stands before the value; it is no part of it.
                if part.origin == value.origin
                    || !matches!(part.text.as_str(), "定性" | "定性指标" | "定量" | "其他")
                {
                    text.push_str(&part.text);
                }
            }
        }
        let whole = Stated {
            value: parse_as(&text, FieldType::Any, None),
            text,
            origin: value.origin,
            how: value.how,
        };
        if let Some(v) = values.get_mut(joined.value as usize) {
            *v = Some(value);
        }
        if let Some(v) = values.get_mut(joined.whole as usize) {
            *v = Some(whole);
        }
    }

    fn under_row(&mut self, sheet: &Sheet<'_>, row: u32, first: u32, list: u16, grid: u16) {
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
            let stated = self.stated(sheet, index, column.ty, unit.as_ref(), Recognised::Exact);
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

    fn grid_row(
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
            self.grid_value(sheet, value, grid_def, line as usize, head.target, how);
        }
        self.place = Place::Grid(grid);
        for (list, layout) in def.recognition.lists.iter().enumerate() {
            if layout.under == Some(at) {
                self.place = Place::Under(list as u16, grid);
            }
        }
    }

    fn field(
        &mut self,
        sheet: &Sheet<'_>,
        index: u32,
        found: &Found<'_>,
        slot: Slot,
        below: bool,
        how: Recognised,
    ) {
        let def = self.def.clone();
        let Some(field) = def.fields.get(slot as usize) else {
            return;
        };
        let cell = sheet.cell(index);
        let raw = sheet.raw(cell);
        let unit = match field.ty {
            FieldType::Money => Some(
                sheet
                    .unit(index, found)
                    .unwrap_or_else(|| self.money_unit()),
            ),
            FieldType::Area => sheet.unit(index, found),
            _ => None,
        };
        if let Some(colons) = found.colons {
            let range = keys::after_colon(raw, colons);
            if !range.is_empty() {
                let stated = self.part(sheet, cell, &range, field.ty, unit.as_ref(), how);
                self.set(slot, stated);
                return;
            }
        }
        let free = |at: Option<u32>| {
            at.filter(|i| {
                *i != index
                    && sheet
                        .find(&def, *i)
                        .is_none_or(|f| !any(f.senses, |r| !matches!(r, Role::Total { .. })))
            })
        };
        let right = || free(sheet.table.index_at(cell.row, cell.col + cell.col_span));
        let under = || free(sheet.table.index_at(cell.row + cell.row_span, cell.col));
        let value = if below {
            under().or_else(right)
        } else {
            right().or_else(|| {
                if raw.contains([':', '：']) {
                    None
                } else {
                    under()
                }
            })
        };
        match value {
            Some(value) => {
                let stated = self.stated(sheet, value, field.ty, unit.as_ref(), how);
                self.set(slot, stated);
            }
            None => {
                let stated = self.part(
                    sheet,
                    cell,
                    &(raw.len()..raw.len()),
                    field.ty,
                    unit.as_ref(),
                    how,
                );
                self.set(slot, stated);
            }
        }
    }

    fn total_row(&mut self, sheet: &Sheet<'_>, own: Range<u32>, label: u32, list: u16) {
        let def = self.def.clone();
        let Some(layout) = def.recognition.lists.get(list as usize) else {
            return;
        };
        let row = sheet.cell(label).row;
        let mut seen = vec![label];
        let mut missing = false;
        for (column, field) in &layout.totals {
            let Some(head) = self.heads.iter().find(|h| h.target == *column).copied() else {
                continue;
            };
            match self.under(sheet, row, head, &seen) {
                Some(index) => {
                    seen.push(index);
                    let stated =
                        self.stated(sheet, index, FieldType::Points, None, Recognised::Exact);
                    self.set(*field, stated);
                }
                None => missing = true,
            }
        }
        if missing || seen.len() == 1 {
            // The label reaches over the columns: the numbers follow in the order of the columns.
            let rest: Vec<u32> = own.filter(|i| *i != label).collect();
            for ((_, field), index) in layout.totals.iter().zip(rest) {
                let stated =
                    self.stated(sheet, index, FieldType::Points, None, Recognised::Position);
                self.form.values[*field as usize] = Some(stated);
            }
        }
        self.place = Place::Loose;
        self.started = true;
    }

    /// Reads "填表人：… 填报日期：…" in the cells of a row; false when there is nothing of the kind.
    fn foot_row(&mut self, sheet: &Sheet<'_>, own: Range<u32>) -> bool {
        let mut any = false;
        for index in own {
            if sheet.is_blank(index) {
                continue;
            }
            let cell = sheet.cell(index);
            let raw = sheet.raw(cell);
            if raw.contains([':', '：']) {
                any |= self.foot(
                    raw,
                    |range| At::Cell {
                        table: sheet.table.number,
                        row: cell.row,
                        col: cell.col,
                        chars: Some(keys::chars(raw, range)),
                    },
                    sheet.file,
                );
            }
        }
        any
    }

    /// Reads a running text at the foot of the form; false when no label of the foot begins it.
    pub fn foot(&mut self, raw: &str, at: impl Fn(&Range<usize>) -> At, file: u16) -> bool {
        let def = self.def.clone();
        if !place::starts_with_label(&def, raw) {
            return false;
        }
        let found = place::foot(&def, raw);
        for (slot, range) in found {
            let text = &raw[range.clone()];
            let value = parse_as(text, def.fields[slot as usize].ty, None);
            self.set(
                slot,
                Stated {
                    text: text.to_string(),
                    value,
                    origin: Origin {
                        file,
                        at: at(&range),
                    },
                    how: Recognised::Exact,
                },
            );
        }
        true
    }

    fn unknown_row(&mut self, sheet: &Sheet<'_>, row: u32, own: Range<u32>) {
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

    /// Gives amounts printed in label cells the column whose total they add up to.
    pub fn finish(mut self) -> (Form, Vec<Unrecognised>) {
        let def = self.def.clone();
        let inlines = std::mem::take(&mut self.inlines);
        for (number, grid) in def.recognition.grids.iter().enumerate() {
            let of_grid: Vec<_> = inlines
                .iter()
                .filter(|(g, _, _)| *g as usize == number)
                .collect();
            if of_grid.is_empty() {
                continue;
            }
            let col = super::blocks::column(
                &self.form,
                grid,
                &of_grid.iter().map(|(_, r, s)| (*r, s)).collect::<Vec<_>>(),
            );
            for (_, row, stated) in of_grid {
                if let Some(slot) = grid.slots.get(*row as usize * grid.cols.len() + col) {
                    self.set(*slot, stated.clone());
                }
            }
        }
        (self.form, self.unrecognised)
    }

    fn set(&mut self, slot: Slot, stated: Stated) {
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

    fn money_unit(&self) -> Unit {
        self.form
            .money_unit
            .as_ref()
            .unwrap_or(&self.wan_yuan)
            .clone()
    }

    fn stated(
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

    fn part(
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
    fn under(&self, sheet: &Sheet<'_>, row: u32, head: Head, seen: &[u32]) -> Option<u32> {
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
fn across(sheet: &Sheet<'_>, row: u32) -> Vec<u32> {
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

fn origin(sheet: &Sheet<'_>, cell: &Cell) -> Origin {
    Origin::cell(sheet.file, sheet.table.number, cell.row, cell.col)
}
