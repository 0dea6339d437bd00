//! Rows of cells with their edges in twips come in; cells on the union of all edges go out.

use super::super::grid;
use super::runs::{Merge, Row};
use jiheng_model::Cell;

/// Edges nearer to each other than this many twips (half a millimetre) are one.
const NEAR: i32 = 30;
/// Width of a cell of which the file says nothing.
const WIDTH: i32 = 1000;

/// A table while its rows are read.
#[derive(Debug, Default)]
pub(super) struct OpenTable {
    /// Place in the document's list of tables.
    pub index: usize,
    pub rows: Vec<OpenRow>,
    /// Cells of the row that is being read.
    pub cells: Vec<OpenCell>,
    /// The cell that is being read.
    pub cell: Option<OpenCell>,
}

/// A row that has ended.
#[derive(Debug)]
pub(super) struct OpenRow {
    cells: Vec<OpenCell>,
    row: Option<Row>,
}

/// A cell's text and the tables that stand in it.
#[derive(Debug, Default)]
pub(super) struct OpenCell {
    pub text: String,
    pub paragraphs: u32,
    pub nested: Vec<usize>,
}

/// What a table comes to.
#[derive(Debug, Default)]
pub(super) struct Laid {
    pub cells: Vec<Cell>,
    pub rows: u32,
    pub cols: u32,
    /// Tables nested in cells: index of the table, index of the cell.
    pub nested: Vec<(usize, u32)>,
}

impl OpenTable {
    /// Ends the row that is being read; `row` says where its cells lie.
    pub fn end_row(&mut self, row: Option<Row>) {
        self.cells.extend(self.cell.take());
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            self.rows.push(OpenRow { cells, row });
        }
    }

    /// Lays the cells on the grid; their texts are appended to `out`.
    pub fn lay(mut self, out: &mut String) -> Laid {
        let rows: Vec<(Vec<OpenCell>, Row)> = self
            .rows
            .drain(..)
            .map(|r| {
                let row = fitting(r.row, r.cells.len());
                (r.cells, row)
            })
            .collect();
        let mut edges: Vec<i32> = rows
            .iter()
            .flat_map(|(_, r)| r.edges.iter().copied())
            .collect();
        edges.sort_unstable();
        let mut firsts: Vec<i32> = Vec::new();
        for edge in edges {
            if firsts
                .last()
                .is_none_or(|f| edge.saturating_sub(*f) >= NEAR)
            {
                firsts.push(edge);
            }
        }
        firsts.truncate(grid::MAX_COLS as usize);
        let column = |edge: i32| firsts.partition_point(|f| *f <= edge).max(1) as u32;
        let mut laid = Laid {
            rows: rows.len() as u32,
            cols: (firsts.len() as u32).saturating_sub(1),
            ..Laid::default()
        };
        // Cells that reach down from the row above: column, columns, index.
        let mut above: Vec<(u32, u32, usize)> = Vec::new();
        for (number, (cells, row)) in rows.into_iter().enumerate() {
            let mut reaching = Vec::new();
            let mut end = 0;
            for (i, cell) in cells.into_iter().enumerate() {
                let merge = row.cells.get(i).copied().unwrap_or_default();
                let edge = |i: usize| row.edges.get(i).copied().unwrap_or(i32::MAX);
                let col = column(edge(i)).max(end);
                end = column(edge(i + 1)).max(col + 1);
                let span = end - col;
                let into = joined(&laid, merge, number as u32 + 1, col, span, &above);
                let index = match into {
                    Some(Into::Left(to)) => {
                        laid.cells[to].col_span += span;
                        to
                    }
                    Some(Into::Above(to)) => {
                        laid.cells[to].row_span += 1;
                        reaching.push((col, span, to));
                        to
                    }
                    None => {
                        if merge.vertical.is_some() {
                            reaching.push((col, span, laid.cells.len()));
                        }
                        let from = out.len() as u32;
                        out.push_str(&cell.text);
                        laid.cells.push(Cell {
                            text: from..out.len() as u32,
                            ..grid::cell(number as u32 + 1, col, 1, span)
                        });
                        laid.cells.len() - 1
                    }
                };
                laid.nested
                    .extend(cell.nested.iter().map(|table| (*table, index as u32)));
            }
            laid.cols = laid.cols.max(end.saturating_sub(1));
            above = reaching;
        }
        laid
    }
}

enum Into {
    Left(usize),
    Above(usize),
}

/// The cell that this one is a part of.
fn joined(
    laid: &Laid,
    merge: Merge,
    row: u32,
    col: u32,
    span: u32,
    above: &[(u32, u32, usize)],
) -> Option<Into> {
    if merge.left
        && let Some(left) = laid.cells.last()
        && left.row == row
        && left.col + left.col_span == col
    {
        return Some(Into::Left(laid.cells.len() - 1));
    }
    if merge.vertical == Some(false) {
        let over = above.iter().find(|a| a.0 == col && a.1 == span)?;
        return Some(Into::Above(over.2));
    }
    None
}

/// The row's edges for as many cells as it has.
fn fitting(row: Option<Row>, cells: usize) -> Row {
    let mut row = row.unwrap_or_default();
    if row.edges.is_empty() {
        row.edges.push(0);
    }
    while row.edges.len() <= cells {
        let last = row.edges.last().copied().unwrap_or(0);
        row.edges.push(last.saturating_add(WIDTH));
    }
    row.edges.truncate(cells + 1);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(edges: &[i32], texts: &[&str], vertical: &[Option<bool>]) -> OpenRow {
        OpenRow {
            cells: texts
                .iter()
                .map(|t| OpenCell {
                    text: t.to_string(),
                    ..OpenCell::default()
                })
                .collect(),
            row: (!edges.is_empty()).then(|| Row {
                edges: edges.to_vec(),
                cells: (0..texts.len())
                    .map(|i| Merge {
                        left: false,
                        vertical: vertical.get(i).copied().flatten(),
                    })
                    .collect(),
            }),
        }
    }

    fn laid(rows: Vec<OpenRow>) -> Vec<(u32, u32, u32, u32, String)> {
        let mut out = String::new();
        let table = OpenTable {
            rows,
            ..OpenTable::default()
        };
        table
            .lay(&mut out)
            .cells
            .iter()
            .map(|c| {
                let text = out[c.text.start as usize..c.text.end as usize].to_string();
                (c.row, c.col, c.row_span, c.col_span, text)
            })
            .collect()
    }

    #[test]
    fn edges_of_all_rows_make_the_columns() {
        let cells = laid(vec![
            row(&[0, 1000, 3000], &["a", "b"], &[Some(true)]),
            row(&[5, 1010, 2000, 2990], &["", "c", "d"], &[Some(false)]),
            row(&[], &["e", "f"], &[]),
        ]);
        assert_eq!(
            cells,
            [
                (1, 1, 2, 1, "a".to_string()),
                (1, 2, 1, 2, "b".to_string()),
                (2, 2, 1, 1, "c".to_string()),
                (2, 3, 1, 1, "d".to_string()),
                (3, 1, 1, 1, "e".to_string()),
                (3, 2, 1, 1, "f".to_string()),
            ]
        );
    }
}
