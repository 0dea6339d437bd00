//! A form of the rulebook and the entered cells come in; the sheet a person fills goes out, and its part of the official package.
//!
//! The sheet is the printed form: the same rows, the same merged cells, the same sums. A cell that
//! follows from others shows what its formula gives until someone writes into it; what is written
//! is then a stated value like any other, and checking compares.

use super::key::{self, Entries};
use jiheng_model::form::{Form, FormDef, Row, Slot};
use jiheng_model::parse::parse_as;
use jiheng_model::{FieldType, Filing, Origin, Recognised, Stated, Unit};
use jiheng_render::official::{self, Align, Block, Official, Part};
use serde::Serialize;
use std::sync::Arc;

/// A form someone fills: its definition and what was entered.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The store's id of the sheet.
    pub id: String,
    /// The form.
    pub def: Arc<FormDef>,
    /// The fiscal year.
    pub year: i16,
    /// The unit of its money.
    pub money_unit: Unit,
    /// The annex label it is printed under ("附件3-2").
    pub annex: Option<String>,
    /// What was entered.
    pub entries: Entries,
}

impl Filled {
    /// Nothing that is drawn differs.
    pub fn is_same(&self, other: &Filled) -> bool {
        self.id == other.id
            && Arc::ptr_eq(&self.def, &other.def)
            && (self.year, &self.annex) == (other.year, &other.annex)
            && self.money_unit == other.money_unit
            && self.entries == other.entries
    }
}

/// A sheet to be filled in.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sheet {
    /// "附件1".
    pub annex: Option<String>,
    /// Title with the year.
    pub title: String,
    /// Widths of the columns, in proportion.
    pub widths: Vec<u32>,
    /// Number of rows.
    pub rows: u32,
    /// Cells in reading order; they cover every place once.
    pub cells: Vec<Cell>,
    /// Fields in the line under the table (填表人、填报日期).
    pub foot: Vec<Cell>,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words of the form.
    Fixed,
    /// To be filled in.
    Fill,
    /// Follows from other cells; nothing is written in it.
    Computed,
}

/// A cell of a sheet; rows and columns count from 1.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// Row of its top-left corner; 0 under the table.
    pub row: u32,
    /// Column of its top-left corner.
    pub col: u32,
    /// Rows it covers.
    pub row_span: u32,
    /// Columns it covers.
    pub col_span: u32,
    /// What it is.
    pub kind: Kind,
    /// Its words, or the value in it.
    pub text: String,
    /// Words of the form before the value in the same cell ("基本支出：").
    pub before: String,
    /// Addresses under which it is kept; several for a merged cell of a list. Empty for words of the form.
    pub keys: Vec<String>,
    /// List and row id, for cells of a list.
    pub of_row: Option<(String, String)>,
    /// The path of its labels ("公用经费 · 本年决算数").
    pub label: String,
    /// What it holds.
    pub ty: Option<FieldType>,
    /// "万元", "分", "人"; empty when it has none.
    pub unit: String,
    /// Must be filled in.
    pub required: bool,
    /// The words it is chosen from; empty when it is free.
    pub choices: Vec<String>,
    /// What its formula gives, when it has one.
    pub computed: Option<String>,
    /// Where the words stand.
    #[serde(skip)]
    pub align: Align,
    /// It heads a column.
    pub head: bool,
}

impl Cell {
    /// The address under which it is kept first; `None` for words of the form.
    pub fn key(&self) -> Option<&str> {
        self.keys.first().map(String::as_str)
    }

    /// It holds words, which may run over several lines.
    pub fn is_words(&self) -> bool {
        matches!(self.ty, Some(FieldType::Text | FieldType::Any))
    }
}

impl Sheet {
    /// The cell with an address.
    pub fn cell(&self, key: &str) -> Option<&Cell> {
        let all = self.cells.iter().chain(&self.foot);
        all.into_iter().find(|c| c.keys.iter().any(|k| k == key))
    }

    /// The cell that covers a place of the table.
    pub fn at(&self, row: u32, col: u32) -> Option<&Cell> {
        self.cells.iter().find(|c| {
            (c.row..c.row + c.row_span).contains(&row) && (c.col..c.col + c.col_span).contains(&col)
        })
    }

    /// Cells to be filled in that must be, and how many of them are.
    pub fn progress(&self) -> (usize, usize) {
        let all = self.cells.iter().chain(&self.foot);
        let asked = all.filter(|c| c.required && c.kind == Kind::Fill);
        asked.fold((0, 0), |(done, all), c| {
            (done + usize::from(!c.text.is_empty()), all + 1)
        })
    }
}

/// The sheet of a form and its part of the official package.
pub fn draw(filled: &Filled) -> (Sheet, Part) {
    let form = form(filled);
    let mut part = part(&form);
    let rows: Vec<Vec<String>> = (filled.def.lists.iter())
        .map(|l| key::rows(&filled.entries, &l.key))
        .collect();
    compute(&mut part, filled);
    let mut sheet = Sheet {
        annex: filled.annex.clone(),
        ..Sheet::default()
    };
    for block in &part.blocks {
        match block {
            Block::Title { lines, .. } => sheet.title = lines.concat(),
            Block::Table(table) => {
                sheet.widths.clone_from(&table.widths);
                sheet.rows = table.rows;
                let cells = table.cells.iter();
                sheet.cells = cells.map(|c| cell(c, table, filled, &rows)).collect();
            }
            _ => {}
        }
    }
    sheet.foot = foot(filled);
    (sheet, part)
}

/// The form with the entered texts in it; nothing has been recognised.
fn form(filled: &Filled) -> Form {
    let def = &filled.def;
    let mut form = Form::empty(def.clone(), 0);
    form.year = Some(filled.year);
    form.money_unit = Some(filled.money_unit.clone());
    form.annex = (filled.annex.as_ref()).map(|a| stated(a, FieldType::Text, 0));
    let mut place = 0;
    let mut entered = |key: &str, ty| {
        place += 1;
        Some(stated(filled.entries.get(key)?, ty, place))
    };
    for (slot, field) in def.fields.iter().enumerate() {
        form.values[slot] = entered(&field.path, field.ty);
    }
    for slot in feet(def) {
        let field = &def.fields[slot as usize];
        // Labels at the foot are printed whether or not something stands behind them; a note only when there is one.
        if form.values[slot as usize].is_none() && field.required {
            form.values[slot as usize] = Some(stated("", field.ty, 0));
        }
    }
    for (number, list) in def.lists.iter().enumerate() {
        for row in key::rows(&filled.entries, &list.key) {
            let columns = list.columns.iter();
            let values = columns
                .map(|c| entered(&key::cell(&list.key, &row, &c.path), c.ty))
                .collect();
            form.lists[number].push(Row {
                values,
                origin: nowhere(0),
            });
        }
    }
    form
}

/// Each text has a place of its own: what stands in one cell is printed in one cell.
fn nowhere(place: u32) -> Origin {
    Origin::cell(0, 1, place + 1, 1)
}

fn stated(text: &str, ty: FieldType, place: u32) -> Stated {
    Stated {
        text: jiheng_model::label::trim(text).to_string(),
        value: parse_as(text, ty, None),
        origin: nowhere(place),
        how: Recognised::Exact,
    }
}

/// The fields in the line under the table, in the order of the form.
pub(super) fn feet(def: &FormDef) -> Vec<Slot> {
    let mut slots: Vec<Slot> = def.recognition.inline.iter().map(|i| i.1).collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

/// The form as its part of a package by itself.
fn part(form: &Form) -> Part {
    let filing = Filing {
        forms: vec![form.clone()],
        ..Filing::default()
    };
    let mut parts = official::package(&[], &filing, None).parts;
    parts.pop().unwrap_or(Part {
        kind: official::PartKind::Report,
        name: String::new(),
        landscape: false,
        blocks: Vec::new(),
    })
}

/// Writes what formulas give into the cells in which nothing was entered; sums of sums come out in the second round.
fn compute(part: &mut Part, filled: &Filled) {
    let table = part.blocks.iter_mut().find_map(|b| match b {
        Block::Table(table) => Some(table),
        _ => None,
    });
    let Some(table) = table else { return };
    let open: Vec<(usize, String)> = (table.cells.iter().enumerate())
        .filter_map(|(at, cell)| {
            let entry = cell.entry.as_ref().filter(|e| e.row.is_none())?;
            let own = filled.entries.get(&entry.path);
            let open = entry.formula.is_some() && entry.before.is_empty();
            (open && own.is_none_or(String::is_empty)).then(|| (at, entry.path.clone()))
        })
        .collect();
    // Each round settles one level of sums of sums; no form has as many levels as formulas.
    for _ in 0..=open.len() {
        let mut changed = false;
        for (at, path) in &open {
            // The scale is that of the addends, not that of an earlier round.
            let shown = std::mem::take(&mut table.cells[*at].text);
            let given = official::computed(table, path).unwrap_or_default();
            changed |= given != shown;
            table.cells[*at].text = given;
        }
        if !changed {
            break;
        }
    }
}

fn cell(
    printed: &official::Cell,
    table: &official::Table,
    filled: &Filled,
    rows: &[Vec<String>],
) -> Cell {
    let mut made = Cell {
        row: printed.row,
        col: printed.col,
        row_span: printed.row_span,
        col_span: printed.col_span,
        kind: Kind::Fixed,
        text: printed.text.clone(),
        before: String::new(),
        keys: Vec::new(),
        of_row: None,
        label: String::new(),
        ty: None,
        unit: String::new(),
        required: false,
        choices: Vec::new(),
        computed: None,
        align: printed.align,
        head: printed.head,
    };
    let Some(entry) = &printed.entry else {
        return made;
    };
    made.before.clone_from(&entry.before);
    made.text = (printed.text.strip_prefix(&entry.before))
        .unwrap_or(&printed.text)
        .to_string();
    made.ty = Some(entry.ty);
    made.unit = unit_of(entry.ty, filled);
    made.choices.clone_from(&entry.choices);
    made.kind = Kind::Fill;
    let def = &filled.def;
    match entry.row {
        None => {
            made.keys = vec![entry.path.clone()];
            let field = def.slot(&entry.path).map(|s| &def.fields[s as usize]);
            made.label = field.map_or_else(String::new, |f| f.label.clone());
            made.required = field.is_some_and(|f| f.required);
            if entry.formula.is_some() && entry.before.is_empty() {
                let own = filled.entries.get(&entry.path);
                if own.is_none_or(String::is_empty) {
                    made.kind = Kind::Computed;
                    made.computed = Some(made.text.clone());
                } else {
                    made.computed = alone(table, &entry.path);
                }
            }
        }
        Some(row) => {
            let (list, column) = entry.path.split_once('.').unwrap_or((&entry.path, ""));
            let Some((number, of_list)) = def.list(list) else {
                return made;
            };
            let covered = row..row + printed.row_span as usize;
            let ids = rows.get(number).and_then(|r| r.get(covered));
            let ids = ids.unwrap_or_default();
            made.keys = ids.iter().map(|id| key::cell(list, id, column)).collect();
            made.of_row = ids.first().map(|id| (list.to_string(), id.clone()));
            if let Some(column) = of_list.slot(column).map(|s| &of_list.columns[s as usize]) {
                made.label = format!("{}第{}行 · {}", of_list.label, row + 1, column.label);
                made.required = column.required;
            }
        }
    }
    made
}

/// What a formula gives beside a value that was entered.
fn alone(table: &official::Table, path: &str) -> Option<String> {
    let mut table = table.clone();
    let cells = table.cells.iter_mut();
    for cell in cells {
        let entry = cell.entry.as_ref();
        if entry.is_some_and(|e| e.path == path && e.row.is_none()) {
            cell.text.clear();
        }
    }
    official::computed(&table, path).filter(|t| !t.is_empty())
}

fn unit_of(ty: FieldType, filled: &Filled) -> String {
    match ty {
        FieldType::Money => filled.money_unit.symbol.to_string(),
        FieldType::Points => "分".into(),
        FieldType::Persons => "人".into(),
        FieldType::Area => "㎡".into(),
        _ => String::new(),
    }
}

fn foot(filled: &Filled) -> Vec<Cell> {
    let def = &filled.def;
    let made = feet(def).into_iter().map(|slot| {
        let field = &def.fields[slot as usize];
        Cell {
            row: 0,
            col: 0,
            row_span: 1,
            col_span: 1,
            kind: Kind::Fill,
            text: (filled.entries.get(&field.path))
                .cloned()
                .unwrap_or_default(),
            before: String::new(),
            keys: vec![field.path.clone()],
            of_row: None,
            label: field.label.clone(),
            ty: Some(field.ty),
            unit: String::new(),
            required: field.required,
            choices: Vec::new(),
            computed: None,
            align: Align::Left,
            head: false,
        }
    });
    made.collect()
}

/// Parts of a package bound together.
pub(super) fn bind(parts: Vec<Part>) -> Official {
    Official {
        title: String::new(),
        parts,
    }
}
