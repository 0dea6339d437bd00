//! Lines of text outside ruled tables come in; runs of them whose parts stand in columns go out as tables.

use crate::lines::Line;
use std::ops::Range;

/// A table by alignment: which lines it takes, and the left and right ends of its columns.
pub(crate) struct Aligned {
    pub lines: Range<usize>,
    pub columns: Vec<(f64, f64)>,
}

/// Fewest rows with several parts that make a table.
const ROWS: usize = 3;

/// Finds runs of lines that are tables.
pub(crate) fn tables(lines: &[Line]) -> Vec<Aligned> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        match run(lines, at) {
            Some(table) => {
                at = table.lines.end;
                found.push(table);
            }
            None => at += 1,
        }
    }
    found
}

/// The longest table that begins with this line.
fn run(lines: &[Line], start: usize) -> Option<Aligned> {
    let several = |l: &Line| l.stretches.len() > 1;
    lines.get(start).filter(|l| several(l))?;
    let mut columns: Vec<(f64, f64)> = Vec::new();
    let (mut end, mut rows, mut figures) = (start, 0, 0);
    let mut single = 0;
    for (i, line) in lines.iter().enumerate().skip(start) {
        let near = i == start
            || lines
                .get(i - 1)
                .is_some_and(|b| line.y - b.y < 3.5 * line.size.max(b.size));
        single = if several(line) { 0 } else { single + 1 };
        if !near || single > 1 {
            break;
        }
        let mut wider = columns.clone();
        for (from, to, _) in &line.stretches {
            add(&mut wider, *from, *to);
        }
        let fits = lines.get(start..=i)?.iter().all(|l| distinct(&wider, l));
        if !fits || (!several(line) && wider.len() < columns.len()) {
            break;
        }
        columns = wider;
        if several(line) {
            rows += 1;
            end = i + 1;
            figures += usize::from(
                line.stretches
                    .iter()
                    .skip(1)
                    .any(|s| s.2.starts_with(|c: char| c.is_ascii_digit() || c == '-')),
            );
        }
    }
    let wide_enough = columns.len() > 2 || 2 * figures >= rows;
    (rows >= ROWS && columns.len() > 1 && wide_enough && figures > 0).then_some(Aligned {
        lines: start..end,
        columns,
    })
}

/// Adds a stretch to the columns; columns that it reaches become one.
fn add(columns: &mut Vec<(f64, f64)>, from: f64, to: f64) {
    let (mut from, mut to) = (from, to);
    columns.retain(|c| {
        let apart = c.1 < from + 1.0 || c.0 > to - 1.0;
        if !apart {
            from = from.min(c.0);
            to = to.max(c.1);
        }
        apart
    });
    let at = columns.partition_point(|c| c.0 < from);
    columns.insert(at, (from, to));
}

/// Every part of the line stands in a column of its own.
fn distinct(columns: &[(f64, f64)], line: &Line) -> bool {
    let mut last = None;
    line.stretches.iter().all(|s| {
        let column = column(columns, s.0);
        let new = column.is_some() && column != last;
        last = column;
        new
    })
}

/// The column in which a stretch begins.
pub(crate) fn column(columns: &[(f64, f64)], x: f64) -> Option<usize> {
    columns.iter().position(|c| x >= c.0 - 0.5 && x <= c.1)
}
