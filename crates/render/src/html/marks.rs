//! Findings come in; an index goes out: which findings mark which cell, words or row, under which number.

use super::page::class;
use crate::place::{one_line, shorten};
use crate::results::Results;
use jiheng_model::finding::PlaceKind;
use jiheng_model::origin::{At, Origin};
use std::collections::BTreeMap;

/// Numbers in a gutter before "+n".
const SHOWN: usize = 3;

/// A finding at a place.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The number of its card.
    pub number: usize,
    /// E, W or H.
    pub class: &'static str,
    /// "错误 11：公用经费两处金额不同".
    pub title: String,
    /// Only these characters are meant; `[n, n)` is a blank that should be filled in at `n`.
    pub chars: Option<(u32, u32)>,
    /// What is missing after this place.
    pub absent: Option<String>,
}

/// The marks beside a row or paragraph.
#[derive(Clone, Debug, Default)]
pub struct Gutter {
    /// At most [`SHOWN`].
    pub marks: Vec<Mark>,
    /// How many more there are.
    pub more: usize,
}

/// A spot of the material without its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// File, table, row and column of the cell's corner.
    Cell(u16, u32, u32, u32),
    /// File and paragraph.
    Paragraph(u16, u32),
}

/// Marks by spot, and the number of every finding.
#[derive(Debug, Default)]
pub struct Marks {
    /// Marks by spot, graver ones first.
    pub at: BTreeMap<Spot, Vec<Mark>>,
    /// Number of a finding's card by its index; a folded finding has its first cause's.
    pub numbers: Vec<usize>,
}

impl Marks {
    /// The index for findings numbered in this order of indexes.
    pub fn of(results: &Results<'_>, order: &[usize]) -> Marks {
        let mut numbers = vec![0; results.findings.len()];
        for (position, index) in order.iter().enumerate() {
            numbers[*index] = position + 1;
        }
        for index in 0..numbers.len() {
            numbers[index] = numbers[results.first_cause(index)];
        }
        let mut marks = Marks {
            at: BTreeMap::new(),
            numbers,
        };
        for (index, finding) in results.findings.iter().enumerate() {
            let root = &results.findings[results.first_cause(index)];
            let number = marks.numbers[index];
            for place in finding.places.iter().filter(|p| p.form != "package") {
                let chars = match place.origin.at {
                    At::Cell { chars, .. } => chars,
                    At::Text { chars, .. } => Some(chars),
                };
                let mark = Mark {
                    number,
                    class: class(root.severity),
                    title: format!(
                        "{} {number}：{}",
                        root.severity.chinese(),
                        one_line(&root.message)
                    ),
                    chars: chars.filter(|(from, to)| {
                        to > from || (place.kind != PlaceKind::Absent && to == from)
                    }),
                    absent: (place.kind == PlaceKind::Absent)
                        .then(|| shorten(&one_line(&place.label), 60)),
                };
                let list = marks.at.entry(spot(&place.origin, results)).or_default();
                let known = list.iter().any(|m| {
                    m.number == number && m.chars == mark.chars && m.absent == mark.absent
                });
                if !known {
                    list.push(mark);
                }
            }
        }
        for list in marks.at.values_mut() {
            list.sort_by_key(|m| (m.class != "E", m.class != "W", m.number));
        }
        marks
    }

    /// Marks at a spot.
    pub fn get(&self, spot: Spot) -> &[Mark] {
        self.at.get(&spot).map_or(&[], Vec::as_slice)
    }
}

/// The spot of an origin; a place inside a merged cell is its corner.
pub fn spot(origin: &Origin, results: &Results<'_>) -> Spot {
    match origin.at {
        At::Cell {
            table, row, col, ..
        } => {
            let cell = results
                .documents
                .get(origin.file as usize)
                .and_then(|d| d.cell_at(origin));
            let (row, col) = cell.map_or((row, col), |c| (c.row, c.col));
            Spot::Cell(origin.file, table, row, col)
        }
        At::Text { paragraph, .. } => Spot::Paragraph(origin.file, paragraph),
    }
}

/// The id of a spot in the page.
pub fn id(spot: Spot) -> String {
    match spot {
        Spot::Cell(file, table, row, col) => format!("c{file}.{table}.{row}.{col}"),
        Spot::Paragraph(file, paragraph) => format!("t{file}.{paragraph}"),
    }
}

impl Gutter {
    /// One number per finding, graver ones first.
    pub fn of<'m>(marks: impl Iterator<Item = &'m Mark>) -> Gutter {
        let mut all: Vec<Mark> = Vec::new();
        for mark in marks {
            if !all.iter().any(|m| m.number == mark.number) {
                all.push(mark.clone());
            }
        }
        all.sort_by_key(|m| (m.class != "E", m.class != "W", m.number));
        let shown = if all.len() > SHOWN { SHOWN - 1 } else { SHOWN };
        let more = all.len().saturating_sub(shown);
        all.truncate(shown);
        Gutter { marks: all, more }
    }
}
