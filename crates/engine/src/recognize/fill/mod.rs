//! The rows of a table come in one after the other; a filled form goes out, each value with its cell.
//!
//! A label gives a row its meaning: heads open a grid or a list, row labels and heads together give
//! a field of a grid, a label alone gives the cell to its right or below. Positions in a template play no part.

mod across;
mod cells;
mod field;
mod grid;
mod halves;
mod list;
pub(super) mod named;
mod several;
mod split;
mod total;

use super::keys::{Found, Sheet, any};
use cells::across;
use jiheng_model::form::{Form, FormDef, Role, Slot};
use jiheng_model::{Recognised, Stated, Unit, Unrecognised};
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
    /// After the totals of a list; its rows may go on all the same.
    After(u16),
    /// The amounts of a grid printed the other way round: its rows are columns here.
    Across(u16),
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
    /// The row of the grid, where rows are printed as columns.
    line: Option<u16>,
    /// How its label was recognised.
    how: Recognised,
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
    /// Where labels of amounts without heads stand: first column and grid.
    bands: Vec<(u32, u16)>,
    /// The columns of a list printed twice side by side (for the whole period and for the year).
    aside: Vec<Head>,
    /// The columns where fields were labelled: slot, first column.
    labelled: Vec<(Slot, u32)>,
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
            bands: Vec::new(),
            aside: Vec::new(),
            labelled: Vec::new(),
            unrecognised: Vec::new(),
        }
    }

    /// The rows that follow on the next table belong to this form only if its list is still open.
    pub fn is_open(&self) -> bool {
        !matches!(self.place, Place::Loose | Place::After(_))
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
                let cell = sheet.cell(index);
                if key.contains("单位:") && cell.row <= 6 {
                    self.form.money_unit = super::place::money_unit(sheet.raw(cell));
                }
                if self.form.money_unit.is_some() {
                    return;
                }
                let found = sheet.find(&self.def, index);
                // A side head over several rows names the unit whatever else it says ("年度资金（万元）").
                let side = cell.row_span > 1;
                let heads = found.is_some_and(|f| {
                    any(f.senses, |r| {
                        matches!(r, Role::Block | Role::Col { .. } | Role::Head { .. })
                    })
                });
                if !(side || heads) {
                    continue;
                }
                let unit = found
                    .and_then(|f| sheet.unit(index, &f))
                    .filter(|u| u.dimension == jiheng_model::Dimension::Money)
                    .or_else(|| super::place::money_unit(sheet.raw(cell)));
                if let Some(unit) = unit {
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
                if any(found.senses, |r| r == Role::Subtotal { list }) {
                    return Step::Done;
                }
                let cell = sheet.cell(first);
                let name_from = self.heads.iter().map(|h| h.from).min().unwrap_or(1);
                if self.is_total(sheet, own.clone(), first, &found, list) {
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
            Place::After(list) => {
                if first_found.is_none() && self.goes_on(sheet, row, list) {
                    self.place = Place::List(list);
                    self.list_row(sheet, row, list);
                    return Step::Done;
                }
            }
            Place::Across(grid) => {
                if self.across_row(sheet, row, grid) {
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
            // The label of a field counts for no head, though lists of several projects have such columns.
            let field = any(f.senses, |r| matches!(r, Role::Field { .. }));
            heads += u32::from(!field && any(f.senses, |r| matches!(r, Role::Head { .. })));
            fields += u32::from(any(f.senses, |r| matches!(r, Role::Field { .. })));
            lines += u32::from(any(f.senses, |r| matches!(r, Role::Row { .. })));
        }
        let below_heads = matches!(self.place, Place::List(_)) && row == self.head_row + 1;
        if heads >= 2 && heads > cols && (below_heads || names_rows(&def, &founds)) {
            self.open_list(sheet, row, &founds);
            return Step::Done;
        }
        if self.split_heads(sheet, row, &founds) {
            return Step::Done;
        }
        if cols >= 2 && self.pairs(sheet, row, &founds) {
            return Step::Done;
        }
        if lines >= 2 && self.open_across(sheet, row, &founds) {
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
            let line = self.line_of(sheet, *index, &founds);
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
                    Role::Row {
                        grid,
                        row: line_number,
                    } => {
                        let at = line.unwrap_or((grid, line_number));
                        self.grid_row(sheet, row, *index, found, at, how)
                    }
                    Role::Total { list }
                        if matches!(self.place, Place::Loose | Place::After(_))
                            && !self.form.lists[list as usize].is_empty() =>
                    {
                        self.total_row(sheet, sheet.own(row), *index, list);
                    }
                    Role::Total { list } if !self.started => {
                        self.total_in_head(sheet, *index, list);
                    }
                    _ => continue,
                }
                break;
            }
        }
        Step::Done
    }

    /// Gives amounts printed in label cells the column whose total they add up to.
    pub fn finish(mut self) -> (Vec<Form>, Vec<Unrecognised>) {
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
            let col = crate::recognize::blocks::column(
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
        (several::split(self.form), self.unrecognised)
    }
}

/// Is one of the heads that of a level or of the names of a list? "年度目标" beside "完成情况" alone heads no list.
fn names_rows(def: &FormDef, founds: &[(u32, Option<Found<'_>>)]) -> bool {
    founds
        .iter()
        .flat_map(|(_, found)| found.iter().flat_map(|f| f.senses))
        .any(|sense| match sense.role {
            Role::Head { list, slot } => def
                .recognition
                .lists
                .get(list as usize)
                .zip(def.lists.get(list as usize))
                .is_some_and(|(layout, list)| {
                    layout.levels.iter().any(|(level, _)| *level == slot)
                        || list.slot("name").or(Some(0)) == Some(slot)
                }),
            _ => false,
        })
}
