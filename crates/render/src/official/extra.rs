//! A form and its layout come in; the layout with rows and columns for everything the form holds beyond it goes out.
//!
//! A form without a layout gets one made of its fields, grids and lists.

use jiheng_model::form::{Form, GridDef, Slot};
use jiheng_model::layout::{Layout, Piece, Spot};
use jiheng_model::origin::At;
use jiheng_model::{Origin, Stated};

/// More columns than this lie on a page on its side.
const UPRIGHT: usize = 11;
/// The width of a column that the layout does not know, as a part of all others.
const PART: u32 = 10;

/// A form and which of its cells need a place.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    form: &'a Form,
    /// Blank cells are to be filled in: they need one too.
    open: bool,
}

impl std::ops::Deref for Held<'_> {
    type Target = Form;

    fn deref(&self) -> &Form {
        self.form
    }
}

impl Held<'_> {
    /// The value of a field needs a place.
    fn needs(&self, slot: Slot) -> bool {
        let stated = self.form.at(slot);
        stated.is_some_and(|s| self.open || !s.value.is_blank())
    }
}

/// The layout by which everything in the form is printed; `open` for a form that is to be filled in.
pub(super) fn extended(form: &Form, open: bool) -> Layout {
    let form = Held { form, open };
    let mut layout = match &form.def.layout {
        Some(layout) => layout.clone(),
        None => Layout::default(),
    };
    let drawn = !layout.rows.is_empty();
    if layout.widths.is_empty() {
        layout.widths = vec![1000; breadth(form)];
    }
    grid_rows(form, &mut layout);
    columns(form, &mut layout);
    if !drawn {
        fields(form, &mut layout, Part::Before);
    }
    whole_grids(form, &mut layout);
    if !drawn {
        fields(form, &mut layout, Part::Below);
    }
    whole_lists(form, &mut layout);
    match drawn {
        true => fields(form, &mut layout, Part::All),
        false => fields(form, &mut layout, Part::After),
    }
    layout.landscape |= layout.widths.len() > UPRIGHT;
    layout
}

/// The columns of the widest grid or list of a form without a layout.
fn breadth(form: Held<'_>) -> usize {
    let grids = form.def.recognition.grids.iter();
    let grids = grids.map(|g| {
        1 + (0..g.cols.len())
            .filter(|c| column_used(form, g, *c))
            .count()
    });
    let lists = (0..form.def.lists.len()).map(|l| list_columns(&form, l).len());
    grids.chain(lists).max().unwrap_or(0).clamp(4, 24)
}

fn grid_slot(grid: &GridDef, row: usize, col: usize) -> Option<Slot> {
    grid.slots.get(row * grid.cols.len() + col).copied()
}

fn column_used(form: Held<'_>, grid: &GridDef, col: usize) -> bool {
    (0..grid.rows.len()).any(|r| grid_slot(grid, r, col).is_some_and(|s| form.needs(s)))
}

/// The columns of a grid row that hold something.
fn filled(form: Held<'_>, grid: &GridDef, row: usize) -> Vec<usize> {
    let cols = 0..grid.cols.len();
    cols.filter(|c| grid_slot(grid, row, *c).is_some_and(|s| form.needs(s)))
        .collect()
}

/// The amount of a row that is printed behind its label: one amount of a budget or an outturn.
pub(super) fn amount(form: &Form, grid: usize, row: usize) -> Option<&Stated> {
    let open = Held { form, open: false };
    let def = form.def.recognition.grids.get(grid)?;
    let [only] = filled(open, def, row)[..] else {
        return None;
    };
    let fits = matches!(def.cols[only].0.as_str(), "outturn" | "final_budget");
    fits.then(|| form.at(grid_slot(def, row, only)?)).flatten()
}

/// The cell an address lies in, characters left out.
fn cell_of(origin: &Origin) -> Option<(u16, u32, u32, u32)> {
    match origin.at {
        At::Cell {
            table, row, col, ..
        } => Some((origin.file, table, row, col)),
        At::Text { .. } => None,
    }
}

/// Columns of a list that hold something which no other column prints in the same cell.
pub(super) fn list_columns(form: &Form, list: usize) -> Vec<Slot> {
    let (Some(rows), Some(def)) = (form.lists.get(list), form.def.lists.get(list)) else {
        return Vec::new();
    };
    let layout = form.def.recognition.lists.get(list);
    let points: Vec<Slot> = layout
        .iter()
        .flat_map(|l| l.levels.iter().filter_map(|p| p.1))
        .collect();
    let joined = layout.and_then(|l| l.joined);
    let needed = |slot: Slot| {
        rows.iter().any(|row| {
            let Some(Some(stated)) = row.values.get(slot as usize) else {
                return false;
            };
            if stated.value.is_blank() {
                return false;
            }
            // Points in the brackets of a level, sign and unit in a name: printed there.
            let derived = points.contains(&slot)
                || joined.is_some_and(|j| [j.operator, j.value, j.unit].contains(&slot));
            let here = cell_of(&stated.origin);
            !(derived
                && row.values.iter().enumerate().any(|(other, value)| {
                    other != slot as usize
                        && !points.contains(&(other as Slot))
                        && here.is_some()
                        && value.as_ref().is_some_and(|v| cell_of(&v.origin) == here)
                }))
        })
    };
    (0..def.columns.len() as Slot)
        .filter(|slot| joined.is_none_or(|j| j.value != *slot) && needed(*slot))
        .collect()
}

/// The points of a level that are printed in brackets behind its name, in the same cell.
pub(super) fn bracketed(form: &Form, list: usize, row: usize, level: Slot) -> Option<&str> {
    let layout = form.def.recognition.lists.get(list)?;
    let points = layout.levels.iter().find(|l| l.0 == level)?.1?;
    let row = form.lists.get(list)?.get(row)?;
    let name = row.values.get(level as usize)?.as_ref()?;
    let points = row.values.get(points as usize)?.as_ref()?;
    let same = cell_of(&name.origin).is_some() && cell_of(&name.origin) == cell_of(&points.origin);
    (same && !points.value.is_blank()).then_some(points.text.as_str())
}

fn holds(layout: &Layout, piece: impl Fn(&Piece) -> bool) -> bool {
    layout.rows.iter().any(|row| row_holds(row, &piece))
}

fn row_holds(row: &[Spot], piece: impl Fn(&Piece) -> bool) -> bool {
    row.iter()
        .any(|spot| matches!(spot, Spot::Cell(pieces, _) if pieces.iter().any(&piece)))
}

fn text(words: &str) -> Spot {
    Spot::Cell(vec![Piece::Text(words.to_string())], None)
}

fn cell(piece: Piece) -> Spot {
    Spot::Cell(vec![piece], None)
}

/// Rows of a grid that the layout prints in full for other rows of the same grid.
fn grid_rows(form: Held<'_>, layout: &mut Layout) {
    for (number, grid) in form.def.recognition.grids.iter().enumerate() {
        let of_grid = |piece: &Piece| matches!(piece, Piece::Value(s) if grid.slots.contains(s));
        let Some(mut at) = layout.rows.iter().rposition(|r| row_holds(r, of_grid)) else {
            continue;
        };
        let pattern = layout.rows[at].clone();
        for row in 0..grid.rows.len() {
            let filled = filled(form, grid, row);
            let printed = (0..grid.cols.len()).any(|c| {
                let slot = grid_slot(grid, row, c);
                holds(layout, |p| matches!(p, Piece::Value(s) if Some(*s) == slot))
            });
            let behind = holds(layout, |p| {
                matches!(p, Piece::Amount { grid: g, row: r }
                    if (*g as usize, *r as usize) == (number, row))
            });
            let behind =
                behind && (amount(&form, number, row).is_some() || form.open && filled.len() == 1);
            if filled.is_empty() || printed || behind {
                continue;
            }
            let mut labelled = false;
            let spots = pattern.iter().map(|spot| match spot {
                Spot::Cell(pieces, _) => {
                    let col = pieces.iter().find_map(|p| match p {
                        Piece::Value(s) => grid.slots.iter().position(|x| x == s),
                        _ => None,
                    });
                    match col.map(|c| grid_slot(grid, row, c % grid.cols.len())) {
                        Some(Some(slot)) => cell(Piece::Value(slot)),
                        Some(None) => text(""),
                        None if !labelled => {
                            labelled = true;
                            text(&grid.rows[row].1)
                        }
                        None => text(""),
                    }
                }
                other => other.clone(),
            });
            let spots: Vec<Spot> = spots.collect();
            at += 1;
            layout.rows.insert(at, spots);
        }
    }
}

/// What a new column prints in the rows of its grid or list.
enum Column {
    Grid(usize, usize),
    List(usize, Slot),
}

/// Columns of grids and lists that the layout prints without these.
fn columns(form: Held<'_>, layout: &mut Layout) {
    let mut grids = Vec::new();
    for (number, grid) in form.def.recognition.grids.iter().enumerate() {
        if !holds(
            layout,
            |p| matches!(p, Piece::GridHead { grid, .. } if *grid as usize == number),
        ) {
            continue;
        }
        for col in 0..grid.cols.len() {
            let slots: Vec<Slot> = (0..grid.rows.len())
                .filter_map(|r| grid_slot(grid, r, col))
                .collect();
            let printed = holds(
                layout,
                |p| matches!(p, Piece::Value(s) if slots.contains(s)),
            );
            // Rows printed as one amount behind a label need no column.
            let needed = (0..grid.rows.len()).any(|row| {
                let slot = grid_slot(grid, row, col);
                let full = (0..grid.cols.len()).any(|c| {
                    let s = grid_slot(grid, row, c);
                    holds(layout, |p| matches!(p, Piece::Value(x) if Some(*x) == s))
                });
                full && slot.is_some_and(|s| form.needs(s))
            });
            if !printed && needed {
                grids.push(Column::Grid(number, col));
            }
        }
    }
    let mut lists = Vec::new();
    for number in 0..form.def.lists.len() {
        let printed = |slot: Slot| {
            holds(layout, |p| {
                matches!(p, Piece::Column { list, slot: s }
                    if *list as usize == number && *s == slot)
            })
        };
        if !holds(
            layout,
            |p| matches!(p, Piece::ListHead { list, .. } if *list as usize == number),
        ) {
            continue;
        }
        let new = list_columns(&form, number);
        lists.extend(
            new.into_iter()
                .filter(|s| !printed(*s))
                .map(|s| Column::List(number, s)),
        );
    }
    // Columns of different grids and lists share a place.
    for place in 0..grids.len().max(lists.len()) {
        let width = (layout.widths.iter().sum::<u32>() / PART).max(1);
        layout.widths.push(width);
        for row in &mut layout.rows {
            let own = [grids.get(place), lists.get(place)];
            let spot = own
                .into_iter()
                .flatten()
                .find_map(|c| new_spot(&form, c, row));
            row.push(spot.unwrap_or(Spot::Left));
        }
    }
}

/// What a new column prints in a row of the layout; `None` when the last cell reaches over it.
fn new_spot(form: &Form, column: &Column, row: &[Spot]) -> Option<Spot> {
    match *column {
        Column::Grid(number, col) => {
            let grid = form.def.recognition.grids.get(number)?;
            if row_holds(
                row,
                |p| matches!(p, Piece::GridHead { grid, .. } if *grid as usize == number),
            ) {
                return Some(cell(Piece::GridHead {
                    grid: number as u16,
                    label: grid.cols.get(col)?.1.clone(),
                }));
            }
            let at = (0..grid.slots.len()).find(|at| {
                row_holds(
                    row,
                    |p| matches!(p, Piece::Value(s) if *s == grid.slots[*at]),
                )
            })?;
            Some(cell(Piece::Value(grid_slot(
                grid,
                at / grid.cols.len(),
                col,
            )?)))
        }
        Column::List(number, slot) => {
            let list = number as u16;
            if row_holds(
                row,
                |p| matches!(p, Piece::ListHead { list: l, .. } if *l == list),
            ) {
                return Some(cell(Piece::ListHead {
                    list,
                    label: form
                        .def
                        .lists
                        .get(number)?
                        .columns
                        .get(slot as usize)?
                        .label
                        .clone(),
                }));
            }
            if row_holds(
                row,
                |p| matches!(p, Piece::Column { list: l, .. } if *l == list),
            ) {
                return Some(cell(Piece::Column { list, slot }));
            }
            let totals = &form.def.recognition.lists.get(number)?.totals;
            let total = totals.iter().find(|t| t.0 == slot)?.1;
            row_holds(
                row,
                |p| matches!(p, Piece::Value(s) if totals.iter().any(|t| t.1 == *s)),
            )
            .then(|| cell(Piece::Value(total)))
        }
    }
}

/// Which fields of a form without layout.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Before,
    Below,
    After,
}

/// Rows of label and value for fields that stand nowhere in the layout.
fn fields(form: Held<'_>, layout: &mut Layout, part: Part) {
    let recognition = &form.def.recognition;
    let grids = recognition.grids.iter().flat_map(|g| &g.slots);
    let totals = recognition
        .lists
        .iter()
        .flat_map(|l| l.totals.iter().map(|t| &t.1).chain(&l.total_words));
    let placed: Vec<Slot> = grids.chain(totals).copied().collect();
    let first = placed.iter().min().copied().unwrap_or(Slot::MAX);
    let below = |slot: Slot| {
        recognition
            .labels
            .values()
            .flatten()
            .any(|s| s.role == jiheng_model::form::Role::Field { slot, below: true })
    };
    let wanted = (0..form.def.fields.len() as Slot).filter(|slot| {
        let grid = recognition.grids.iter().any(|g| g.slots.contains(slot));
        let foot = recognition.inline.iter().any(|i| i.1 == *slot);
        let here = match part {
            Part::All => true,
            Part::Below => *slot < first && below(*slot),
            Part::Before => *slot < first && !below(*slot),
            Part::After => *slot > first || first == Slot::MAX && below(*slot),
        };
        here && !grid
            && !foot
            && form.needs(*slot)
            && !holds(layout, |p| matches!(p, Piece::Value(s) if s == slot))
    });
    let wanted: Vec<Slot> = wanted.collect();
    let cols = layout.widths.len();
    let label = cols.div_ceil(4).max(1);
    let mut top = layout
        .rows
        .iter()
        .position(|r| row_holds(r, |p| matches!(p, Piece::GridHead { .. })))
        .unwrap_or(layout.rows.len());
    if layout
        .rows
        .get(top)
        .is_some_and(|r| r.contains(&Spot::Above))
    {
        top = layout.rows.len();
    }
    for slot in wanted {
        let words = total_label(&form, slot);
        let mut row = vec![text(&words)];
        row.resize(label, Spot::Left);
        row.push(cell(Piece::Value(slot)));
        row.resize(cols, Spot::Left);
        if part == Part::All && slot < first {
            layout.rows.insert(top, row);
            top += 1;
        } else {
            layout.rows.push(row);
        }
    }
}

/// The label of a field; for totals the words before the column.
fn total_label(form: &Form, slot: Slot) -> String {
    let label = form.def.fields.get(slot as usize).map_or("", |f| &f.label);
    label.split(" · ").next().unwrap_or(label).to_string()
}

/// Cells of a row spread over all columns.
fn spread(cells: Vec<Spot>, cols: usize) -> Vec<Spot> {
    let n = cells.len().max(1);
    let mut row = Vec::with_capacity(cols);
    for (at, cell) in cells.into_iter().enumerate() {
        row.push(cell);
        // The first cell takes what is left over.
        let end = cols - (n - 1 - at) * (cols / n).max(1);
        while row.len() < end && at + 1 < n && (at == 0 || row.len() < end) {
            row.push(Spot::Left);
        }
    }
    row.resize(cols, Spot::Left);
    row
}

/// Grids of which the layout prints nothing.
fn whole_grids(form: Held<'_>, layout: &mut Layout) {
    for (number, grid) in form.def.recognition.grids.iter().enumerate() {
        let known = holds(layout, |p| match p {
            Piece::Value(s) => grid.slots.contains(s),
            Piece::GridHead { grid, .. } => *grid as usize == number,
            _ => false,
        });
        let cols: Vec<usize> = (0..grid.cols.len())
            .filter(|c| column_used(form, grid, *c))
            .collect();
        if known || cols.is_empty() {
            continue;
        }
        let breadth = layout.widths.len();
        let mut head = vec![text(&grid.label)];
        head.extend(cols.iter().map(|c| {
            cell(Piece::GridHead {
                grid: number as u16,
                label: grid.cols[*c].1.clone(),
            })
        }));
        layout.rows.push(spread(head, breadth));
        for row in 0..grid.rows.len() {
            if filled(form, grid, row).is_empty() {
                continue;
            }
            let mut cells = vec![text(&grid.rows[row].1)];
            let slots = cols.iter().filter_map(|c| grid_slot(grid, row, *c));
            cells.extend(slots.map(|s| cell(Piece::Value(s))));
            layout.rows.push(spread(cells, breadth));
        }
    }
}

/// Lists of which the layout prints nothing.
fn whole_lists(form: Held<'_>, layout: &mut Layout) {
    for (number, list) in form.def.lists.iter().enumerate() {
        let known = holds(layout, |p| match p {
            Piece::Column { list, .. } | Piece::ListHead { list, .. } => *list as usize == number,
            _ => false,
        });
        let columns = list_columns(&form, number);
        if known || columns.is_empty() {
            continue;
        }
        while layout.widths.len() < columns.len() {
            layout.widths.push(1000);
            layout.rows.iter_mut().for_each(|r| r.push(Spot::Left));
        }
        let breadth = layout.widths.len();
        let list_number = number as u16;
        let heads = columns.iter().filter_map(|s| list.columns.get(*s as usize));
        let heads = heads.map(|c| {
            cell(Piece::ListHead {
                list: list_number,
                label: c.label.clone(),
            })
        });
        layout.rows.push(spread(heads.collect(), breadth));
        let values = columns.iter().map(|slot| {
            cell(Piece::Column {
                list: list_number,
                slot: *slot,
            })
        });
        layout.rows.push(spread(values.collect(), breadth));
        let totals = form.def.recognition.lists.get(number);
        let totals = totals.map_or(&[][..], |l| &l.totals);
        if !totals.iter().any(|t| form.needs(t.1)) {
            continue;
        }
        let label = totals
            .first()
            .map_or(String::new(), |t| total_label(&form, t.1));
        let mut cells: Vec<Spot> = columns
            .iter()
            .map(|c| match totals.iter().find(|t| t.0 == *c) {
                Some(total) => cell(Piece::Value(total.1)),
                None => text(""),
            })
            .collect();
        if let Some(first) = cells.first_mut() {
            *first = text(&label);
        }
        layout.rows.push(spread(cells, breadth));
    }
}
