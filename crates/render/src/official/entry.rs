//! A table with formulas comes in; what a formula gives, as it would be printed, goes out.
//!
//! A formula stands in a workbook only where it gives what is written: values are as read. In a
//! package to be filled in, blanks that follow from others are computed first.

use super::{Cell, Entry, Table};
use jiheng_model::layout::{Formula, Operand};
use jiheng_model::parse::{is_not_applicable, parse_as};
use jiheng_model::{Decimal, FieldType};
use rust_decimal::RoundingStrategy;

/// A formula with the cells it is made of and the digits after the point it is printed with.
pub(super) struct Computation<'t> {
    /// Addends, the two sides of a ratio, or points and the two sides of their share.
    pub(super) operands: Vec<&'t Cell>,
    /// How they are put together.
    pub(super) kind: Kind,
    /// Digits after the point.
    pub(super) scale: u32,
    /// What it gives as printed; empty while an operand is missing.
    pub(super) text: String,
}

impl Computation<'_> {
    /// Rounded so that what is still to be filled in keeps its digits.
    pub(super) fn with_room(mut self, cell: &Cell) -> Self {
        let ty = cell.entry.as_ref().map(|e| e.ty);
        if matches!(
            ty,
            Some(FieldType::Money | FieldType::Points | FieldType::Rate)
        ) {
            self.scale = self.scale.max(2);
        }
        self
    }
}

/// How the operands of a formula are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Added.
    Sum,
    /// The first by the second, printed as a percentage.
    Ratio,
    /// The first times the second by the third, and no more than the first.
    Share,
}

/// The formula of a cell, when it gives what the cell says; `None` when there is none or it gives something else.
pub(super) fn agreeing<'t>(table: &'t Table, cell: &Cell) -> Option<Computation<'t>> {
    let entry = cell.entry.as_ref()?;
    let formula = entry.formula.as_ref().filter(|_| entry.before.is_empty())?;
    let scale = printed_scale(&cell.text);
    let computation = computation(table, formula, scale, &|cell| number(&cell.text))?;
    (computation.text == cell.text).then_some(computation)
}

/// What the formula of a field gives, as printed; empty while an operand is missing. `None` when the table has no such formula.
pub fn computed(table: &Table, path: &str) -> Option<String> {
    let cells = table.cells.iter();
    let mut entries = cells.filter_map(|c| Some((c, c.entry.as_ref()?)));
    let (cell, entry) = entries.find(|(_, e)| e.path == path && e.row.is_none())?;
    let scale = printed_scale(&cell.text);
    Some(computation(table, entry.formula.as_ref()?, scale, &written)?.text)
}

fn computation<'t>(
    table: &'t Table,
    formula: &Formula,
    scale: Option<u32>,
    number: &dyn Fn(&Cell) -> Option<Decimal>,
) -> Option<Computation<'t>> {
    match formula {
        Formula::Sum(operands) => {
            let mut cells = Vec::new();
            for operand in operands {
                match operand {
                    Operand::Field(path) => cells.push(of_path(table, path)?),
                    Operand::Column(list, column) => {
                        let path = format!("{list}.{column}");
                        cells.extend(table.cells.iter().filter(|c| {
                            let entry = c.entry.as_ref();
                            entry.is_some_and(|e: &Entry| e.row.is_some() && e.path == path)
                        }));
                    }
                }
            }
            let mut sum = Decimal::ZERO;
            let mut widest = 0;
            let mut any = false;
            // What does not apply ("—") adds nothing, as in a workbook.
            let adds = |c: &&&Cell| !c.text.is_empty() && !is_not_applicable(&c.text);
            for cell in cells.iter().filter(adds) {
                let number = number(cell)?;
                sum = sum.checked_add(number)?;
                widest = widest.max(number.scale());
                any = true;
            }
            let scale = scale.unwrap_or(widest);
            Some(Computation {
                operands: cells,
                kind: Kind::Sum,
                scale,
                text: if any {
                    printed(sum, scale)
                } else {
                    String::new()
                },
            })
        }
        Formula::Ratio(part, whole) => {
            let operands = vec![of_path(table, part)?, of_path(table, whole)?];
            let scale = scale.unwrap_or(2);
            let rate = rate(number(operands[0]), number(operands[1]));
            let rate = rate.and_then(|r| r.checked_mul(Decimal::ONE_HUNDRED));
            let text = rate.map_or(String::new(), |q| format!("{}%", printed(q, scale)));
            Some(Computation {
                operands,
                kind: Kind::Ratio,
                scale,
                text,
            })
        }
        Formula::Share {
            points,
            part,
            whole,
        } => {
            let paths = [points, part, whole];
            let operands: Option<Vec<&Cell>> = paths.iter().map(|p| of_path(table, p)).collect();
            let operands = operands?;
            let scale = scale.unwrap_or(2);
            let share = rate(number(operands[1]), number(operands[2]));
            let points = share.map(|r| r.min(Decimal::ONE)).zip(number(operands[0]));
            let points = points.and_then(|(share, points)| share.checked_mul(points));
            Some(Computation {
                operands,
                kind: Kind::Share,
                scale,
                text: points.map_or(String::new(), |p| printed(p, scale)),
            })
        }
    }
}

/// The number a person reads in a cell, thousands separated or not.
fn written(cell: &Cell) -> Option<Decimal> {
    let ty = cell.entry.as_ref()?.ty;
    parse_as(&cell.text, ty, None).number()
}

fn rate(part: Option<Decimal>, whole: Option<Decimal>) -> Option<Decimal> {
    let whole = whole.filter(|w| !w.is_zero())?;
    part?.checked_div(whole)
}

/// Fills in the blanks that follow from other cells, with two digits after the point at least.
pub(super) fn fill(table: &mut Table) {
    let blank = |cell: &Cell| {
        let entry = cell.entry.as_ref();
        cell.text.is_empty() && entry.is_some_and(|e| e.formula.is_some() && e.before.is_empty())
    };
    let ours: Vec<usize> = (0..table.cells.len())
        .filter(|at| blank(&table.cells[*at]))
        .collect();
    // One may wait for another: as many rounds as there are blanks are enough.
    for _ in 0..ours.len() {
        let mut changed = false;
        for at in &ours {
            let text = filled(table, &table.cells[*at]).unwrap_or_default();
            if table.cells[*at].text != text {
                table.cells[*at].text = text;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// What is filled into a blank cell.
fn filled(table: &Table, cell: &Cell) -> Option<String> {
    let entry = cell.entry.as_ref()?;
    let formula = entry.formula.as_ref()?;
    let plain = |cell: &Cell| number(&cell.text);
    let enough = computation(table, formula, None, &plain)?.scale.max(2);
    let text = computation(table, formula, Some(enough), &plain)?.text;
    // Points are printed as short as they are, amounts with their two digits.
    Some(match (entry.ty, text.parse::<Decimal>()) {
        (FieldType::Points, Ok(points)) => points.normalize().to_string(),
        _ => text,
    })
}

fn of_path<'t>(table: &'t Table, path: &str) -> Option<&'t Cell> {
    table.cells.iter().find(|c| {
        let entry = c.entry.as_ref();
        entry.is_some_and(|e| e.row.is_none() && e.before.is_empty() && e.path == path)
    })
}

/// A plain number: digits, a point, a minus, a percent sign behind it.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    let bare = digits.strip_prefix('-').unwrap_or(digits);
    let (whole, rest) = bare.split_once('.').unwrap_or((bare, "0"));
    let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let leading = whole.len() > 1 && whole.starts_with('0');
    // A workbook keeps fifteen digits.
    if !plain(whole) || !plain(rest) || leading || whole.len() + rest.len() > 15 {
        return None;
    }
    digits.parse().ok()
}

fn printed_scale(text: &str) -> Option<u32> {
    Some(number(text)?.scale())
}

fn printed(value: Decimal, scale: u32) -> String {
    let value = value.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    format!("{value:.*}", scale as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_numbers_become_numbers() {
        for text in ["0", "-3.50", "100%", "98.56%", "123456789012.12"] {
            assert!(number(text).is_some(), "{text}");
        }
        for text in [
            "",
            "007",
            "1,234",
            "=1",
            "10分",
            "—",
            ".5",
            "1.",
            "1234567890123.1234",
        ] {
            assert!(number(text).is_none(), "{text}");
        }
    }
}
