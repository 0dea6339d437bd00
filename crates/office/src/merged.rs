//! The cells of a table with their spans come in; row by row the steps from left to right, as Word wants them, go out.
//!
//! Word repeats a cell that reaches down in every row it covers; a place that no cell covers is a
//! blank cell. The one walk over merged cells: every docx of ours is written by it.

use std::fmt::Write as _;

/// The place of a cell; rows and columns count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Row of its top-left corner.
    pub row: u32,
    /// Column of its top-left corner.
    pub col: u32,
    /// Rows it covers.
    pub row_span: u32,
    /// Columns it covers.
    pub col_span: u32,
}

/// One `w:tc` of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Number of the cell among those given; `None` where no cell stands.
    pub cell: Option<usize>,
    /// The cell begins in this row; false where it goes on from above.
    pub begins: bool,
    /// Its first column, from 0.
    pub col: usize,
    /// Columns it covers.
    pub span: usize,
    /// It covers several rows.
    tall: bool,
}

/// The steps of each row. Of cells that overlap the later one stands; what reaches over an edge is cut.
pub fn rows(rows: u32, cols: u32, cells: impl Iterator<Item = Span>) -> Vec<Vec<Step>> {
    let (rows, cols) = (rows as usize, cols as usize);
    let cells: Vec<Span> = cells.collect();
    let mut covers: Vec<Option<usize>> = vec![None; rows * cols];
    for (index, cell) in cells.iter().enumerate() {
        let (row, col) = (cell.row.max(1) as usize - 1, cell.col.max(1) as usize - 1);
        let bottom = (row + cell.row_span.max(1) as usize).min(rows);
        let right = (col + cell.col_span.max(1) as usize).min(cols);
        for covered in covers.chunks_mut(cols.max(1)).take(bottom).skip(row) {
            if let Some(covered) = covered.get_mut(col..right) {
                covered.fill(Some(index));
            }
        }
    }
    let mut all = Vec::with_capacity(rows);
    for (number, row) in covers.chunks(cols.max(1)).enumerate() {
        let mut steps: Vec<Step> = Vec::new();
        let mut col = 0;
        while let Some(&index) = row.get(col) {
            let same = row[col..]
                .iter()
                .take_while(|c| index.is_some() && **c == index);
            let span = same.count().max(1);
            let cell = index.and_then(|i| cells.get(i));
            steps.push(Step {
                cell: index,
                begins: cell.is_none_or(|c| c.row.max(1) as usize == number + 1),
                col,
                span,
                tall: cell.is_some_and(|c| c.row_span > 1),
            });
            col += span;
        }
        all.push(steps);
    }
    all
}

impl Step {
    /// Writes what says in `w:tcPr` how far the cell reaches.
    pub fn write(&self, out: &mut String) {
        if self.span > 1 {
            let _ = write!(out, "<w:gridSpan w:val=\"{}\"/>", self.span);
        }
        if self.tall {
            out.push_str(match self.begins {
                true => "<w:vMerge w:val=\"restart\"/>",
                false => "<w:vMerge/>",
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_reaches_down_stands_in_every_row_and_a_gap_is_a_blank_cell() {
        let span = |row, col, row_span, col_span| Span {
            row,
            col,
            row_span,
            col_span,
        };
        let cells = [span(1, 1, 2, 1), span(1, 2, 1, 2), span(2, 3, 9, 9)];
        let steps = rows(2, 3, cells.into_iter());
        let shown = |row: usize| -> Vec<(Option<usize>, bool, usize)> {
            steps[row]
                .iter()
                .map(|s| (s.cell, s.begins, s.span))
                .collect()
        };
        assert_eq!(shown(0), [(Some(0), true, 1), (Some(1), true, 2)]);
        assert_eq!(
            shown(1),
            [(Some(0), false, 1), (None, true, 1), (Some(2), true, 1)]
        );
        let mut out = String::new();
        steps[1][0].write(&mut out);
        assert_eq!(out, "<w:vMerge/>");
    }
}
