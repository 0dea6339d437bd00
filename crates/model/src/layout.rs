//! The printed picture of a form (版式), as a rulebook draws it, comes in as rows of words; the cells to print go out.
//!
//! A row is written as one word per column: `<` goes on with the cell to the left, `^` with the cell
//! above, anything else is a cell. In a cell `[x]` stands for the label of x and `{x}` for its value;
//! x is the path of a field, `grid.row`, `grid:column` or `list.column` (`list.column:row` where a field has that path). `{year}`, `{prior_year}`,
//! `{money_unit}` and `{number}` (of the row in its list) are filled in too. After `|` stands what is printed when one
//! of these is not known. A row with columns of a list is printed once for each of its rows.

use crate::form::{FormDef, Slot};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A layout as written in a form file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutSource {
    /// The page lies on its side.
    #[serde(default)]
    pub landscape: bool,
    /// Widths of the columns, in proportion.
    pub widths: Vec<u32>,
    /// One word per column.
    pub rows: Vec<Vec<String>>,
    /// What a field follows from: `a / b`, `a + b`, `sum(list.column)`, `points * a / b` (no more than the points); `*` stands for each column of a grid.
    #[serde(default)]
    pub formulas: BTreeMap<String, String>,
    /// The words a field or column is chosen from, by path or `list.column`.
    #[serde(default)]
    pub choices: BTreeMap<String, Vec<String>>,
}

/// A layout with every reference resolved.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The page lies on its side.
    pub landscape: bool,
    /// Widths of the columns, in proportion.
    pub widths: Vec<u32>,
    /// Rows of as many places as there are widths.
    pub rows: Vec<Vec<Spot>>,
    /// What fields follow from, by path.
    pub formulas: Vec<(String, Formula)>,
    /// The words a field or column is chosen from, by path or `list.column`.
    pub choices: BTreeMap<String, Vec<String>>,
}

/// One place of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The cell to the left goes on.
    Left,
    /// The cell above goes on.
    Above,
    /// A cell: what it prints, and what it prints when a year or unit in that is not known.
    Cell(Vec<Piece>, Option<Vec<Piece>>),
}

/// A piece of what a cell prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// The label of a column of a grid.
    GridHead {
        /// Number of the grid.
        grid: u16,
        /// The label.
        label: String,
    },
    /// The label of a column of a list.
    ListHead {
        /// Number of the list.
        list: u16,
        /// The label.
        label: String,
    },
    /// The value of a field.
    Value(Slot),
    /// The one amount that is printed behind the label of a row.
    Amount {
        /// Number of the grid.
        grid: u16,
        /// Number of its row.
        row: u16,
    },
    /// The value of a column of a list.
    Column {
        /// Number of the list.
        list: u16,
        /// The column.
        slot: Slot,
    },
    /// The number of the row in its list.
    Number,
    /// The fiscal year.
    Year,
    /// The year before.
    PriorYear,
    /// The unit of money.
    MoneyUnit,
}

/// What a field follows from; operands are paths of fields, or columns of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// The sum of fields and columns of lists.
    Sum(Vec<Operand>),
    /// The first divided by the second, as a percentage.
    Ratio(String, String),
    /// Points in proportion: the points times part by whole, and no more than the points.
    Share {
        /// The points.
        points: String,
        /// What was reached.
        part: String,
        /// What was to be reached.
        whole: String,
    },
}

/// An addend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A field.
    Field(String),
    /// A column of a list, all rows: list and column.
    Column(String, String),
}

impl Layout {
    /// Resolves what a form file says.
    ///
    /// # Errors
    /// A plain Chinese sentence: which word or row does not fit the form.
    pub fn compile(source: &LayoutSource, def: &FormDef) -> Result<Layout, String> {
        let columns = source.widths.len();
        let mut rows = Vec::new();
        for (number, row) in source.rows.iter().enumerate() {
            if row.len() != columns {
                return Err(format!(
                    "版式第 {} 行有 {} 格，应有 {columns} 格",
                    number + 1,
                    row.len()
                ));
            }
            let mut spots = Vec::new();
            for (at, word) in row.iter().enumerate() {
                spots.push(match word.as_str() {
                    "<" if at == 0 => return Err(format!("版式第 {} 行以“<”开头", number + 1)),
                    "^" if number == 0 => return Err("版式第 1 行不能有“^”".into()),
                    "<" => Spot::Left,
                    "^" => Spot::Above,
                    words => match words.split_once('|') {
                        None => Spot::Cell(pieces(words, def)?, None),
                        Some((a, b)) => Spot::Cell(pieces(a, def)?, Some(pieces(b, def)?)),
                    },
                });
            }
            rows.push(spots);
        }
        let mut formulas = Vec::new();
        for (path, words) in &source.formulas {
            let mut each = vec![String::new()];
            if path.contains('*') {
                let grids = def.recognition.grids.iter();
                each = grids
                    .flat_map(|g| g.cols.iter().map(|c| c.0.clone()))
                    .filter(|c| def.slot(&path.replace('*', c)).is_some())
                    .collect();
                each.dedup();
            }
            for column in each {
                // Elsewhere a star multiplies.
                let words = match path.contains('*') {
                    true => words.replace('*', &column),
                    false => words.clone(),
                };
                let path = path.replace('*', &column);
                if def.slot(&path).is_none() {
                    return Err(format!("版式的公式指向不存在的栏目 {path}"));
                }
                formulas.push((path, formula(&words, def)?));
            }
        }
        Ok(Layout {
            landscape: source.landscape,
            widths: source.widths.clone(),
            rows,
            formulas,
            choices: source.choices.clone(),
        })
    }

    /// Whether a cell of it holds the value of a field.
    pub fn prints(&self, def: &FormDef, slot: Slot) -> bool {
        let holds = |piece: &Piece| match piece {
            Piece::Value(own) => *own == slot,
            Piece::Amount { grid, row } => amount_slot(def, *grid, *row) == Some(slot),
            _ => false,
        };
        let spots = self.rows.iter().flatten();
        let mut cells = spots.filter_map(|spot| match spot {
            Spot::Cell(pieces, _) => Some(pieces),
            _ => None,
        });
        cells.any(|pieces| pieces.iter().any(holds))
    }

    /// The formula of a field.
    pub fn formula(&self, path: &str) -> Option<&Formula> {
        self.formulas.iter().find(|f| f.0 == path).map(|f| &f.1)
    }
}

/// What the one amount behind the label of a row is, where nothing is stated: the outturn.
pub fn amount_slot(def: &FormDef, grid: u16, row: u16) -> Option<Slot> {
    let grid = def.recognition.grids.get(grid as usize)?;
    let cols = grid.cols.len();
    let mut slots = (0..cols).filter_map(|c| grid.slots.get(row as usize * cols + c));
    let outturn = |s: &&Slot| {
        let field = def.fields.get(**s as usize);
        field.is_some_and(|f| f.path.ends_with(".outturn"))
    };
    slots.find(outturn).copied()
}

fn formula(words: &str, def: &FormDef) -> Result<Formula, String> {
    let operand = |word: &str| -> Result<Operand, String> {
        let word = word.trim();
        let missing = || format!("版式的公式里没有这个栏目：{word}");
        if let Some(inner) = word.strip_prefix("sum(").and_then(|w| w.strip_suffix(')')) {
            let (list, column) = inner.split_once('.').ok_or_else(missing)?;
            let (_, found) = def.list(list).ok_or_else(missing)?;
            found.slot(column).ok_or_else(missing)?;
            return Ok(Operand::Column(list.into(), column.into()));
        }
        def.slot(word).ok_or_else(missing)?;
        Ok(Operand::Field(word.into()))
    };
    if let Some((a, b)) = words.split_once('/') {
        let field = |word: &str| match operand(word)? {
            Operand::Field(path) => Ok(path),
            Operand::Column(..) => Err(format!("版式的公式应是两个栏目相除：{words}")),
        };
        return Ok(match a.split_once('*') {
            Some((points, part)) => Formula::Share {
                points: field(points)?,
                part: field(part)?,
                whole: field(b)?,
            },
            None => Formula::Ratio(field(a)?, field(b)?),
        });
    }
    let addends: Result<Vec<_>, _> = words.split('+').map(operand).collect();
    Ok(Formula::Sum(addends?))
}

fn pieces(words: &str, def: &FormDef) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut rest = words;
    while let Some(at) = rest.find(['[', '{']) {
        text.push_str(&rest[..at]);
        let label = rest[at..].starts_with('[');
        let close = if label { ']' } else { '}' };
        let end = rest[at..]
            .find(close)
            .ok_or_else(|| format!("版式的“{words}”缺右括号"))?;
        let name = &rest[at + 1..at + end];
        let unknown = || format!("版式的“{words}”里没有这个栏目：{name}");
        match if label {
            labelled(name, def)
        } else {
            valued(name, def)
        }
        .ok_or_else(unknown)?
        {
            Piece::Text(t) => text.push_str(&t),
            piece => {
                if !text.is_empty() {
                    out.push(Piece::Text(std::mem::take(&mut text)));
                }
                out.push(piece);
            }
        }
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    if !text.is_empty() {
        out.push(Piece::Text(text));
    }
    Ok(out)
}

/// A grid row: number of the grid and of the row.
fn grid_row(name: &str, def: &FormDef) -> Option<(u16, u16)> {
    let grids = def.recognition.grids.iter().enumerate();
    for (g, grid) in grids {
        let dot = if grid.key.is_empty() { "" } else { "." };
        for (r, row) in grid.rows.iter().enumerate() {
            if name == format!("{}{dot}{}", grid.key, row.0) {
                return Some((g as u16, r as u16));
            }
        }
    }
    None
}

/// A column of a list: number of the list and the column.
fn list_column(name: &str, def: &FormDef) -> Option<(u16, Slot)> {
    let (list, column) = name.split_once('.')?;
    let (number, list) = def.list(list)?;
    Some((number as u16, list.slot(column)?))
}

fn labelled(name: &str, def: &FormDef) -> Option<Piece> {
    if let Some((key, column)) = name.split_once(':') {
        let mut grids = def.recognition.grids.iter().enumerate();
        let (number, grid) = grids.find(|(_, g)| g.key == key)?;
        let label = grid.cols.iter().find(|c| c.0 == column)?.1.clone();
        return Some(Piece::GridHead {
            grid: number as u16,
            label,
        });
    }
    if let Some((g, r)) = grid_row(name, def) {
        let label = &def.recognition.grids[g as usize].rows[r as usize].1;
        return Some(Piece::Text(label.clone()));
    }
    if let Some(slot) = def.slot(name) {
        return Some(Piece::Text(def.fields[slot as usize].label.clone()));
    }
    let (list, slot) = list_column(name, def)?;
    Some(Piece::ListHead {
        list,
        label: def.lists[list as usize].columns[slot as usize]
            .label
            .clone(),
    })
}

fn valued(name: &str, def: &FormDef) -> Option<Piece> {
    match name {
        "year" => return Some(Piece::Year),
        "prior_year" => return Some(Piece::PriorYear),
        "money_unit" => return Some(Piece::MoneyUnit),
        "number" => return Some(Piece::Number),
        _ => {}
    }
    // A list inside a grid has the columns of the grid's row: ":row" says that the list's is meant.
    if let Some(name) = name.strip_suffix(":row") {
        let (list, slot) = list_column(name, def)?;
        return Some(Piece::Column { list, slot });
    }
    if let Some(slot) = def.slot(name) {
        return Some(Piece::Value(slot));
    }
    if let Some((grid, row)) = grid_row(name, def) {
        return Some(Piece::Amount { grid, row });
    }
    let (list, slot) = list_column(name, def)?;
    Some(Piece::Column { list, slot })
}
