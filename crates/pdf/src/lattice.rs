//! The ruling lines of a page come in; tables on their exact grid, with the places of merged cells, go out.

use crate::geometry::{Area, Rule};

/// Lines nearer than this are one line, ends nearer than this touch; in points.
const NEAR: f64 = 2.5;
/// Lines of a page beyond this many are a drawing.
const RULES: usize = 40_000;
/// Pairs of lines that are compared.
const PAIRS: usize = 40_000_000;

/// A table by its lines.
#[derive(Clone, Debug)]
pub(crate) struct Lattice {
    /// Verticals from left to right.
    pub xs: Vec<f64>,
    /// Horizontals downwards.
    pub ys: Vec<f64>,
    pub cells: Vec<Place>,
    /// For each place of the grid, row by row, the index of its cell.
    grid: Vec<u32>,
}

/// A cell: rows `[row, row + row_span)` and columns `[col, col + col_span)` from 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub row: usize,
    pub col: usize,
    pub row_span: usize,
    pub col_span: usize,
}

impl Lattice {
    /// The box of the whole table.
    pub(crate) fn area(&self) -> Area {
        let end = |v: &[f64]| (v.first().copied(), v.last().copied());
        match (end(&self.xs), end(&self.ys)) {
            ((Some(x0), Some(x1)), (Some(y0), Some(y1))) => Area { x0, y0, x1, y1 },
            _ => Area {
                x0: 0.0,
                y0: 0.0,
                x1: 0.0,
                y1: 0.0,
            },
        }
    }

    /// The box of a cell.
    pub(crate) fn cell_area(&self, cell: &Place) -> Area {
        let at = |v: &[f64], i: usize| v.get(i).copied().unwrap_or_default();
        Area {
            x0: at(&self.xs, cell.col),
            y0: at(&self.ys, cell.row),
            x1: at(&self.xs, cell.col + cell.col_span),
            y1: at(&self.ys, cell.row + cell.row_span),
        }
    }

    /// The cell in which a point lies.
    pub(crate) fn cell_at(&self, x: f64, y: f64) -> Option<usize> {
        let band = |v: &[f64], at: f64| {
            let i = v.partition_point(|b| *b <= at);
            // A hair outside the outer lines still counts.
            match i {
                0 => v.first().filter(|b| *b - at < 1.0).map(|_| 0),
                i if i >= v.len() => v
                    .last()
                    .filter(|b| at - *b < 1.0)
                    .and_then(|_| v.len().checked_sub(2)),
                i => Some(i - 1),
            }
        };
        let (row, col) = (band(&self.ys, y)?, band(&self.xs, x)?);
        let cols = self.xs.len() - 1;
        self.grid.get(row * cols + col).map(|i| *i as usize)
    }
}

/// Finds the tables of a page. The flag says that there were too many lines or places to look at.
pub(crate) fn tables(
    horizontal: &[Rule],
    vertical: &[Rule],
    places: &mut usize,
) -> (Vec<Lattice>, bool) {
    let (across, down) = (merged(horizontal), merged(vertical));
    if across.len() + down.len() > RULES || across.len().saturating_mul(down.len()) > PAIRS {
        return (Vec::new(), true);
    }
    let mut over = false;
    let mut found = Vec::new();
    for (across, down) in components(&across, &down) {
        let xs = bounds(&down, &across);
        let ys = bounds(&across, &down);
        if xs.len() < 2 || ys.len() < 2 || xs.len() + ys.len() < 5 {
            continue;
        }
        let size = (xs.len() - 1).saturating_mul(ys.len() - 1);
        if size > *places {
            over = true;
            continue;
        }
        let lattice = cut(xs, ys, &across, &down);
        if lattice.cells.len() > 1 {
            *places -= size;
            found.push(lattice);
        }
    }
    found.sort_by(|a, b| a.area().y0.total_cmp(&b.area().y0));
    (found, over)
}

/// Lines on one axis, pieces of one line joined.
fn merged(rules: &[Rule]) -> Vec<Rule> {
    let mut rules = rules.to_vec();
    rules.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut out: Vec<Rule> = Vec::new();
    let mut start = 0;
    while let Some(first) = rules.get(start) {
        let count = rules[start..]
            .iter()
            .take_while(|r| r.at - first.at <= NEAR * 0.6)
            .count();
        let mut group = rules[start..start + count].to_vec();
        start += count;
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Rule> = None;
        for rule in group {
            match &mut open {
                Some(o) if rule.from <= o.to + NEAR => {
                    // The longer piece says where the line lies.
                    if rule.to - rule.from > o.to - o.from {
                        o.at = rule.at;
                    }
                    o.to = o.to.max(rule.to);
                }
                _ => out.extend(open.replace(rule)),
            }
        }
        out.extend(open);
    }
    // Ticks and pieces of letters are no lines of a table.
    out.retain(|r| r.to - r.from >= 4.0);
    out
}

/// Groups of lines that touch each other: those across and those down.
fn components(across: &[Rule], down: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut parent: Vec<usize> = (0..across.len() + down.len()).collect();
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while let Some(&up) = parent.get(i).filter(|up| **up != i) {
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(i) {
                *slot = above;
            }
            i = above;
        }
        i
    }
    for (i, h) in across.iter().enumerate() {
        for (j, v) in down.iter().enumerate() {
            let touch = v.at >= h.from - NEAR
                && v.at <= h.to + NEAR
                && h.at >= v.from - NEAR
                && h.at <= v.to + NEAR;
            if touch {
                let (a, b) = (root(&mut parent, i), root(&mut parent, across.len() + j));
                if let Some(slot) = parent.get_mut(a.max(b)) {
                    *slot = a.min(b);
                }
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = Default::default();
    for (i, h) in across.iter().enumerate() {
        groups.entry(root(&mut parent, i)).or_default().0.push(*h);
    }
    for (j, v) in down.iter().enumerate() {
        let r = root(&mut parent, across.len() + j);
        groups.entry(r).or_default().1.push(*v);
    }
    groups
        .into_values()
        .filter(|(a, d)| !a.is_empty() && !d.is_empty() && a.len() + d.len() >= 4)
        .collect()
}

/// Where the grid is cut on one axis: the lines themselves, and the ends of the lines across them where a side is open.
fn bounds(lines: &[Rule], crossing: &[Rule]) -> Vec<f64> {
    let mut at: Vec<f64> = lines.iter().map(|l| l.at).collect();
    at.sort_by(f64::total_cmp);
    let mut out: Vec<f64> = Vec::new();
    for a in at {
        match out.last() {
            Some(last) if a - last <= NEAR => {}
            _ => out.push(a),
        }
    }
    let from = crossing
        .iter()
        .map(|c| c.from)
        .fold(f64::INFINITY, f64::min);
    let to = crossing
        .iter()
        .map(|c| c.to)
        .fold(f64::NEG_INFINITY, f64::max);
    if out.first().is_some_and(|f| f - from > 2.0 * NEAR) {
        out.insert(0, from);
    }
    if out.last().is_some_and(|l| to - l > 2.0 * NEAR) {
        out.push(to);
    }
    out
}

/// Cuts the grid into cells: places are one cell where no line lies between them.
fn cut(xs: Vec<f64>, ys: Vec<f64>, across: &[Rule], down: &[Rule]) -> Lattice {
    let (rows, cols) = (ys.len() - 1, xs.len() - 1);
    // walls[b * n + i]: the boundary `b` is drawn along the stretch `i`.
    let beside = walls(&xs, &ys, down);
    let below = walls(&ys, &xs, across);
    let wall_right = |r: usize, c: usize| c + 1 == cols || beside[(c + 1) * rows + r];
    let wall_below = |r: usize, c: usize| r + 1 == rows || below[(r + 1) * cols + c];
    let mut grid = vec![u32::MAX; rows * cols];
    let mut cells = Vec::new();
    for row in 0..rows {
        for col in 0..cols {
            if grid[row * cols + col] != u32::MAX {
                continue;
            }
            let mut right = col;
            while !wall_right(row, right) && grid[row * cols + right + 1] == u32::MAX {
                right += 1;
            }
            let mut bottom = row;
            let goes_down = |r: usize| {
                (col..=right).all(|c| !wall_below(r, c))
                    && (col..right).all(|c| !wall_right(r + 1, c))
                    && (right + 1 == cols || wall_right(r + 1, right) == wall_right(r, right))
            };
            while bottom + 1 < rows && goes_down(bottom) {
                bottom += 1;
            }
            let index = cells.len() as u32;
            for r in row..=bottom {
                for place in &mut grid[r * cols + col..=r * cols + right] {
                    if *place == u32::MAX {
                        *place = index;
                    }
                }
            }
            cells.push(Place {
                row,
                col,
                row_span: bottom - row + 1,
                col_span: right - col + 1,
            });
        }
    }
    Lattice {
        xs,
        ys,
        cells,
        grid,
    }
}

/// For each boundary and each stretch between the other axis's boundaries, whether a line is drawn there.
fn walls(at: &[f64], stretches: &[f64], lines: &[Rule]) -> Vec<bool> {
    let n = stretches.len() - 1;
    let mut covered = vec![0.0_f64; at.len() * n];
    for line in lines {
        let b = at.partition_point(|a| *a < line.at - NEAR - 0.01);
        // The nearest boundary takes the line.
        let near = [b, b + 1]
            .into_iter()
            .filter(|i| {
                at.get(*i)
                    .is_some_and(|a| (a - line.at).abs() <= NEAR + 0.01)
            })
            .min_by(|i, j| {
                (at[*i] - line.at)
                    .abs()
                    .total_cmp(&(at[*j] - line.at).abs())
            });
        let Some(b) = near else { continue };
        let first = stretches
            .partition_point(|s| *s <= line.from)
            .saturating_sub(1);
        for i in first..n {
            let (from, to) = (stretches[i], stretches[i + 1]);
            if from >= line.to {
                break;
            }
            covered[b * n + i] += line.to.min(to) - line.from.max(from);
        }
    }
    (0..at.len() * n)
        .map(|k| {
            let i = k % n;
            covered[k] > 0.6 * (stretches[i + 1] - stretches[i])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(at: f64, from: f64, to: f64) -> Rule {
        Rule { at, from, to }
    }

    #[test]
    fn merged_cells_are_where_no_line_lies() {
        // +-------+---+
        // |   0   | 1 |
        // +---+---+   |
        // | 2 | 3 |   |
        // +---+---+---+
        let across = [
            rule(0.0, 0.0, 300.0),
            rule(20.0, 0.0, 200.0),
            rule(40.0, 0.0, 300.0),
        ];
        let down = [
            rule(0.0, 0.0, 40.0),
            rule(100.0, 20.0, 40.0),
            rule(200.0, 0.0, 40.0),
            rule(300.0, 0.0, 40.0),
        ];
        let (tables, over) = tables(&across, &down, &mut 100);
        assert!(!over);
        let t = &tables[0];
        let spans: Vec<_> = t
            .cells
            .iter()
            .map(|c| (c.row, c.col, c.row_span, c.col_span))
            .collect();
        assert_eq!(
            spans,
            [(0, 0, 1, 2), (0, 2, 2, 1), (1, 0, 1, 1), (1, 1, 1, 1)]
        );
        assert_eq!(t.cell_at(250.0, 30.0), Some(1));
        assert_eq!(t.cell_at(150.0, 30.0), Some(3));
        assert_eq!(t.cell_at(400.0, 30.0), None);
    }

    #[test]
    fn lines_in_pieces_and_double_lines_are_one_line() {
        let across: Vec<Rule> = (0..10)
            .flat_map(|i| {
                let x = f64::from(i) * 10.0;
                [
                    rule(0.0, x, x + 9.0),
                    rule(20.0, x, x + 9.0),
                    rule(21.2, x, x + 9.0),
                ]
            })
            .collect();
        let down = [
            rule(0.0, 0.0, 21.0),
            rule(50.0, 0.0, 21.0),
            rule(99.0, 0.0, 21.0),
        ];
        let (tables, _) = tables(&across, &down, &mut 100);
        assert_eq!(tables.len(), 1);
        assert_eq!(tables[0].cells.len(), 2);
    }

    #[test]
    fn a_frame_is_no_table_and_an_open_side_is_closed() {
        let frame_across = [rule(0.0, 0.0, 100.0), rule(90.0, 0.0, 100.0)];
        let frame_down = [rule(0.0, 0.0, 90.0), rule(100.0, 0.0, 90.0)];
        assert!(tables(&frame_across, &frame_down, &mut 100).0.is_empty());
        // Three lines across, one down between the columns: the sides are open.
        let across = [
            rule(0.0, 0.0, 100.0),
            rule(20.0, 0.0, 100.0),
            rule(40.0, 0.0, 100.0),
        ];
        let (found, _) = tables(&across, &[rule(50.0, 0.0, 40.0)], &mut 100);
        assert_eq!(found[0].cells.len(), 4);
    }
}
