//! A form of the filing comes in; its part of the official package goes out: annex label, title, table, note and foot.

use super::extra::{amount, bracketed, extended};
use super::{Align, Block, Cell, Entry, Part, PartKind, Repeat, Table};
use jiheng_model::form::{Form, Slot};
use jiheng_model::layout::{Layout, Piece, Spot, amount_slot};
use jiheng_model::{FieldType, Filing, Stated};

/// Texts longer than this (in characters) stand at the left of their cell.
const SHORT: usize = 14;

/// The part of a form.
pub(super) fn part(
    form: &Form,
    index: usize,
    filing: &Filing,
    open: bool,
    names: &mut Vec<String>,
) -> Part {
    let layout = extended(form, open);
    let table = table(form, &layout);
    let annex = form.annex.as_ref().map(|a| a.text.clone());
    let annex = annex.or_else(|| form.def.annex.clone());
    let mut blocks: Vec<Block> = annex.clone().map(Block::Annex).into_iter().collect();
    let year = form.year.map(|y| format!("{y}年度")).unwrap_or_default();
    blocks.push(Block::Title {
        lines: vec![format!("{year}{}", form.def.title)],
        form: true,
    });
    let says_unit = |spot: &Spot| matches!(spot, Spot::Cell(p, _) if p.contains(&Piece::MoneyUnit));
    if let Some(unit) = &form.money_unit
        && !layout.rows.iter().flatten().any(says_unit)
    {
        blocks.push(Block::Line {
            text: format!("金额单位：{}", unit.symbol),
            align: Align::Right,
            small: true,
        });
    }
    blocks.push(Block::Table(table));
    blocks.extend(foot(form));
    let many = filing.of(form.kind()).count() > 1;
    let stem = form.def.annex.as_deref().unwrap_or(&form.def.title);
    Part {
        kind: PartKind::Form(form.def.id.clone(), index),
        name: unique(stem, many.then_some(form.ordinal), names),
        landscape: layout.landscape,
        blocks,
    }
}

/// A name that no other part has, fit for a sheet.
fn unique(stem: &str, ordinal: Option<u16>, names: &mut Vec<String>) -> String {
    let clean: String = stem
        .chars()
        .filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control())
        .take(24)
        .collect();
    let mut name = match ordinal {
        Some(n) => format!("{clean}-{n}"),
        None => clean.clone(),
    };
    let mut more = 1;
    while names.contains(&name) || name.is_empty() {
        more += 1;
        name = format!("{clean}({more})");
    }
    names.push(name.clone());
    name
}

/// The note and the line to be signed, as far as the form has them.
fn foot(form: &Form) -> Vec<Block> {
    let mut slots: Vec<Slot> = form.def.recognition.inline.iter().map(|i| i.1).collect();
    slots.sort_unstable();
    slots.dedup();
    let mut notes = Vec::new();
    let mut line = String::new();
    for slot in slots {
        let (Some(stated), Some(field)) = (form.at(slot), form.def.fields.get(slot as usize))
        else {
            continue;
        };
        let words = format!("{}：{}", field.label, stated.text);
        if field.path == "note" {
            notes.push(words);
            continue;
        }
        if !line.is_empty() {
            line.push_str("　　");
        }
        line.push_str(&words);
    }
    if !line.is_empty() {
        notes.push(line);
    }
    let block = |text| Block::Line {
        text,
        align: Align::Left,
        small: true,
    };
    notes.into_iter().map(block).collect()
}

/// Lays cells on the grid, row after row.
struct Grid<'a> {
    form: &'a Form,
    layout: &'a Layout,
    table: Table,
    /// The cell that covers each column in the row above.
    above: Vec<usize>,
    /// The row being laid is a line of a grid whose label stands in the first column.
    line: bool,
}

fn table(form: &Form, layout: &Layout) -> Table {
    let mut grid = Grid {
        form,
        layout,
        table: Table {
            widths: layout.widths.clone(),
            ..Table::default()
        },
        above: Vec::new(),
        line: false,
    };
    let mut head: Option<(u16, u32)> = None;
    for spots in &layout.rows {
        let of_list = spots.iter().find_map(|s| match s {
            Spot::Cell(pieces, _) => pieces.iter().find_map(|p| match p {
                Piece::Column { list, .. } => Some(*list),
                _ => None,
            }),
            _ => None,
        });
        match of_list {
            None => {
                grid.row(spots, None);
                head = spots.iter().find_map(|s| match s {
                    Spot::Cell(pieces, _) => pieces.iter().find_map(|p| match p {
                        Piece::ListHead { list, .. } => Some((*list, grid.table.rows)),
                        _ => None,
                    }),
                    _ => None,
                });
            }
            Some(list) => {
                let rows = form.lists.get(list as usize).map_or(0, Vec::len);
                for row in 0..rows {
                    grid.row(spots, Some((list, row)));
                }
                if let Some((l, at)) = head
                    && l == list
                {
                    grid.table.heads.push(Repeat {
                        row: at,
                        until: grid.table.rows,
                    });
                }
            }
        }
    }
    grid.table.cells.sort_by_key(|c| (c.row, c.col));
    grid.table
}

impl Grid<'_> {
    fn row(&mut self, spots: &[Spot], of: Option<(u16, usize)>) {
        self.table.rows += 1;
        self.line = self.is_line(spots);
        let row = self.table.rows;
        let mut here: Vec<usize> = Vec::with_capacity(spots.len());
        let mut levels_go_on = true;
        for (at, spot) in spots.iter().enumerate() {
            let goes_on = match spot {
                Spot::Above => true,
                Spot::Cell(pieces, _) => {
                    let same = levels_go_on && self.same_level(pieces, of);
                    if of.is_some() && self.is_level(pieces) {
                        levels_go_on &= same;
                    }
                    same
                }
                Spot::Left => false,
            };
            let above = self.above.get(at).copied();
            let left = here.last().copied();
            let index = match (spot, goes_on, above, left) {
                (Spot::Left, _, _, Some(left)) => {
                    let cell = &mut self.table.cells[left];
                    // A cell from above has its width already.
                    if cell.row == row {
                        cell.col_span += 1;
                    }
                    left
                }
                (_, true, Some(above), _) => {
                    let cell = &mut self.table.cells[above];
                    if cell.row + cell.row_span <= row {
                        cell.row_span += 1;
                    }
                    above
                }
                (Spot::Cell(pieces, other), ..) => {
                    let cell = self.cell(row, at as u32 + 1, pieces, other.as_deref(), of);
                    self.table.cells.push(cell);
                    self.table.cells.len() - 1
                }
                _ => {
                    let cell = self.cell(row, at as u32 + 1, &[], None, of);
                    self.table.cells.push(cell);
                    self.table.cells.len() - 1
                }
            };
            here.push(index);
        }
        self.above = here;
    }

    fn is_level(&self, pieces: &[Piece]) -> bool {
        let [Piece::Column { list, slot }] = pieces else {
            return false;
        };
        let layout = self.form.def.recognition.lists.get(*list as usize);
        layout.is_some_and(|l| l.levels.iter().any(|level| level.0 == *slot))
    }

    /// The same level as in the row above (一级指标, 二级指标): one merged cell.
    fn same_level(&self, pieces: &[Piece], of: Option<(u16, usize)>) -> bool {
        let (Some((list, row)), [Piece::Column { slot, .. }]) = (of, pieces) else {
            return false;
        };
        if row == 0 || !self.is_level(pieces) {
            return false;
        }
        let text = |row| {
            let name = self.column(list, row, *slot).map(|s| s.text.as_str());
            (name, bracketed(self.form, list as usize, row, *slot))
        };
        text(row).0.is_some_and(|t| !t.is_empty()) && text(row) == text(row - 1)
    }

    fn column(&self, list: u16, row: usize, slot: Slot) -> Option<&Stated> {
        let row = self.form.lists.get(list as usize)?.get(row)?;
        // Sign, value and unit in columns of their own: the value alone stands in the column of the whole.
        let joined = self.form.def.recognition.lists.get(list as usize)?.joined;
        if let Some(j) = joined.filter(|j| j.whole == slot)
            && let Some(Some(value)) = row.values.get(j.value as usize)
        {
            return Some(value);
        }
        row.values.get(slot as usize)?.as_ref()
    }

    /// The words of a cell; `None` when a year or unit in them is not known.
    fn words(&self, pieces: &[Piece], of: Option<(u16, usize)>) -> Option<(String, Option<Entry>)> {
        let form = self.form;
        let def = &form.def;
        let mut text = String::new();
        let mut entry = None;
        for piece in pieces {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::GridHead { label, .. } | Piece::ListHead { label, .. } => {
                    text.push_str(label);
                }
                Piece::Year => text.push_str(&form.year?.to_string()),
                Piece::PriorYear => text.push_str(&form.year?.checked_sub(1)?.to_string()),
                Piece::MoneyUnit => text.push_str(&form.money_unit.as_ref()?.symbol),
                Piece::Number => text.push_str(&(of?.1 + 1).to_string()),
                Piece::Value(slot) => {
                    let field = def.fields.get(*slot as usize)?;
                    entry = Some(self.entry(field.path.clone(), None, field.ty, &text));
                    text.push_str(form.at(*slot).map_or("", |s| &s.text));
                }
                Piece::Amount { grid, row } => {
                    let grids = def.recognition.grids.get(*grid as usize)?;
                    let stated = amount(form, *grid as usize, *row as usize);
                    let cols = &grids.cols;
                    let mut slots =
                        (0..cols.len()).map(|c| grids.slots[*row as usize * cols.len() + c]);
                    let slot = match stated {
                        Some(stated) => slots.find(|s| form.at(*s).is_some_and(|x| x == stated)),
                        None => amount_slot(def, *grid, *row),
                    };
                    if let Some(field) = slot.and_then(|s| def.fields.get(s as usize)) {
                        entry = Some(self.entry(field.path.clone(), None, field.ty, &text));
                    }
                    text.push_str(stated.map_or("", |s| &s.text));
                }
                Piece::Column { list, slot } => {
                    let of_list = def.lists.get(*list as usize)?;
                    let column = of_list.columns.get(*slot as usize)?;
                    let row = of.map(|o| o.1);
                    let path = format!("{}.{}", of_list.key, column.path);
                    entry = Some(self.entry(path, row, column.ty, &text));
                    let number = row.unwrap_or(usize::MAX);
                    text.push_str(self.column(*list, number, *slot).map_or("", |s| &s.text));
                    if let Some(points) = bracketed(form, *list as usize, number, *slot) {
                        text.push_str(&format!("（{points}）"));
                    }
                }
            }
        }
        Some((text, entry))
    }

    fn entry(&self, path: String, row: Option<usize>, ty: FieldType, before: &str) -> Entry {
        Entry {
            choices: self.layout.choices.get(&path).cloned().unwrap_or_default(),
            formula: match row {
                None => self.layout.formula(&path).cloned(),
                Some(_) => None,
            },
            path,
            row,
            ty,
            before: before.to_string(),
        }
    }

    fn cell(
        &self,
        row: u32,
        col: u32,
        pieces: &[Piece],
        other: Option<&[Piece]>,
        of: Option<(u16, usize)>,
    ) -> Cell {
        let words = self
            .words(pieces, of)
            .or_else(|| self.words(other.unwrap_or(&[]), of));
        let (text, entry) = words.unwrap_or_default();
        let head = pieces
            .iter()
            .any(|p| matches!(p, Piece::ListHead { .. } | Piece::GridHead { .. }));
        let behind = entry.as_ref().is_some_and(|e| !e.before.is_empty());
        let long = text.chars().count() > SHORT || text.contains('\n');
        let align = match &entry {
            Some(_) if behind => Align::Left,
            Some(e) if long && matches!(e.ty, FieldType::Text | FieldType::Any) => Align::Left,
            None if col == 1 && self.line => Align::Left,
            _ => Align::Center,
        };
        Cell {
            row,
            col,
            row_span: 1,
            col_span: 1,
            text,
            align,
            head,
            entry,
        }
    }

    /// The row is a line of a grid whose label stands in the first column.
    fn is_line(&self, spots: &[Spot]) -> bool {
        let grids = &self.form.def.recognition.grids;
        let of_grid =
            |p: &Piece| matches!(p, Piece::Value(s) if grids.iter().any(|g| g.slots.contains(s)));
        matches!(spots.get(1), Some(Spot::Cell(pieces, _)) if pieces.iter().any(of_grid))
    }
}
