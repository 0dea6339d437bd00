//! Cells placed by a reader, row by row, come in; a `Table` on its exact grid goes out.

use jiheng_model::document::NO_CELL;
use jiheng_model::{Cell, Table};

/// Widest row that is placed; Word stops at 63, spreadsheets are cut to their used range before.
pub(super) const MAX_COLS: u32 = 16_384;

/// Turns cells with spans into the grid; `None` when the grid would hold more places than `budget`.
///
/// Cells must be in reading order. Where two overlap, the later one is cut to what is free of its
/// first row; one that has no free place at all stays in `cells` and covers nothing.
pub(super) fn table(
    number: u32,
    mut cells: Vec<Cell>,
    rows: u32,
    cols: u32,
    budget: usize,
) -> Option<Table> {
    let cols = collapse(&mut cells, cols);
    table_in_place(number, cells, rows, cols, budget)
}

/// Like [`table`], with rows and columns as they are: a spreadsheet's columns have names.
pub(super) fn table_in_place(
    number: u32,
    mut cells: Vec<Cell>,
    rows: u32,
    cols: u32,
    budget: usize,
) -> Option<Table> {
    let places = (rows as usize)
        .checked_mul(cols as usize)
        .filter(|n| *n <= budget)?;
    let mut grid = vec![NO_CELL; places];
    for (index, cell) in cells.iter_mut().enumerate() {
        cell.row_span = cell
            .row_span
            .clamp(1, rows.saturating_sub(cell.row - 1).max(1));
        cell.col_span = cell
            .col_span
            .clamp(1, cols.saturating_sub(cell.col - 1).max(1));
        cover(&mut grid, cols as usize, cell, index as u32);
    }
    Some(Table {
        number,
        rows,
        cols,
        cells,
        grid,
        ..Table::default()
    })
}

/// Writes a cell into the grid where nothing lies yet, and cuts its spans to that.
fn cover(grid: &mut [u32], cols: usize, cell: &mut Cell, index: u32) {
    let (row, col) = (cell.row as usize - 1, cell.col as usize - 1);
    let free = |grid: &[u32], r: usize, width: usize| {
        grid.get(r * cols + col..r * cols + col + width)
            .map_or(0, |places| {
                places.iter().take_while(|i| **i == NO_CELL).count()
            })
    };
    let width = free(grid, row, cell.col_span as usize);
    if width == 0 {
        return;
    }
    let mut height = 1;
    while height < cell.row_span as usize && free(grid, row + height, width) == width {
        height += 1;
    }
    (cell.row_span, cell.col_span) = (height as u32, width as u32);
    for r in row..row + height {
        grid[r * cols + col..r * cols + col + width].fill(index);
    }
}

/// Drops columns where no cell begins: the grid's columns are the union of all cell boundaries.
fn collapse(cells: &mut [Cell], cols: u32) -> u32 {
    let mut starts = vec![false; cols as usize + 2];
    for cell in cells.iter() {
        for at in [cell.col, cell.col.saturating_add(cell.col_span)] {
            if let Some(start) = starts.get_mut(at as usize) {
                *start = true;
            }
        }
    }
    if starts[1..=cols as usize].iter().all(|s| *s) {
        return cols;
    }
    // Column `c` becomes the number of boundaries up to it; a gap before the first cell stays a column.
    starts[1] = true;
    let mut number = vec![0_u32; cols as usize + 2];
    let mut count = 0;
    for at in 1..=cols as usize + 1 {
        count += u32::from(starts[at]);
        number[at] = count;
    }
    for cell in cells.iter_mut() {
        let end = (cell.col.saturating_add(cell.col_span)).min(cols + 1) as usize;
        let start = number[cell.col.min(cols + 1) as usize];
        // The right edge of the widest row may lie beyond the last boundary.
        let stop = if starts[end] {
            number[end]
        } else {
            number[end] + 1
        };
        cell.col = start;
        cell.col_span = stop.saturating_sub(start).max(1);
    }
    number[cols as usize]
}

/// A cell at a place with spans; its text and bytes are set by the reader.
pub(super) fn cell(row: u32, col: u32, row_span: u32, col_span: u32) -> Cell {
    Cell {
        row,
        col,
        row_span,
        col_span,
        text: 0..0,
        bytes: 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_boundary_fall_away() {
        // | a (1-2) | b (3-4) |
        // | c (1-4)           |
        let cells = vec![cell(1, 1, 1, 2), cell(1, 3, 1, 2), cell(2, 1, 1, 4)];
        let t = table(1, cells, 2, 4, 100).expect("small");
        assert_eq!((t.rows, t.cols), (2, 2));
        assert_eq!(t.grid, [0, 1, 2, 2]);
        assert_eq!(
            (t.cells[1].col, t.cells[1].col_span, t.cells[2].col_span),
            (2, 1, 2)
        );
    }

    #[test]
    fn a_gap_at_the_left_and_ragged_right_edges_stay() {
        let cells = vec![cell(1, 2, 1, 1), cell(2, 1, 1, 1), cell(2, 2, 1, 3)];
        let t = table(1, cells, 2, 4, 100).expect("small");
        assert_eq!(t.at(1, 1).map(|c| c.row), None);
        assert_eq!(t.cols, 3);
        assert_eq!((t.cells[2].col, t.cells[2].col_span), (2, 2));
    }

    #[test]
    fn overlapping_spans_are_cut() {
        let cells = vec![cell(1, 1, 1, 1), cell(1, 2, 2, 1), cell(2, 1, 1, 2)];
        let t = table(1, cells, 2, 2, 100).expect("small");
        assert_eq!(t.grid, [0, 1, 2, 1]);
        assert_eq!(t.cells[2].col_span, 1);
        assert!(table(1, Vec::new(), 1000, 1000, 100).is_none());
    }
}
