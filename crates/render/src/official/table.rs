//! Rows of texts come in; a table goes out. Places of a table's cells, and a table cut in two above a row.

use super::{Align, Cell, Repeat, Table};

/// Texts longer than this (in characters) stand at the left of their cell.
const SHORT: usize = 8;

impl Table {
    /// A table without merged cells; its first row heads the others and is repeated on each page.
    pub fn of_rows(rows: &[Vec<String>], widths: Vec<u32>) -> Table {
        let last = rows.len() as u32;
        let mut table = Table {
            widths,
            rows: last,
            heads: vec![Repeat {
                row: 1,
                until: last,
            }],
            cells: Vec::new(),
        };
        for (row, texts) in rows.iter().enumerate() {
            for (col, text) in texts.iter().enumerate() {
                let short = row == 0 || text.chars().count() <= SHORT;
                table.cells.push(Cell {
                    row: row as u32 + 1,
                    col: col as u32 + 1,
                    row_span: 1,
                    col_span: 1,
                    text: text.clone(),
                    align: if short { Align::Center } else { Align::Left },
                    head: row == 0,
                    entry: None,
                });
            }
        }
        table
    }

    /// Joins cells of a column that say the same, one below the other, from a row on.
    pub fn join_down(&mut self, col: u32, from: u32) {
        let mut joined: Vec<Cell> = Vec::new();
        for cell in std::mem::take(&mut self.cells) {
            let above = joined
                .iter_mut()
                .rev()
                .find(|c| c.col == col && c.row + c.row_span == cell.row);
            match above {
                Some(above) if cell.col == col && cell.row > from && above.text == cell.text => {
                    above.row_span += 1;
                }
                _ => joined.push(cell),
            }
        }
        self.cells = joined;
    }

    /// The cell that begins at a place.
    pub fn begins(&self, row: u32, col: u32) -> Option<&Cell> {
        self.cells.iter().find(|c| (c.row, c.col) == (row, col))
    }

    /// The table in pieces, each head row at the top of one: Word repeats rows from the first on only.
    ///
    /// A cell beside the head row that reaches down under it is cut there (`cut` names its column): a
    /// repeated row ends with the row. Where a cell reaches over the cut from above, nothing is cut.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let whole = |at: u32| {
            let over = |c: &&Cell| c.row < at && c.row + c.row_span > at;
            self.cells.iter().find(over).is_none()
        };
        let heads = self.heads.iter().map(|h| h.row);
        let mut starts: Vec<u32> = heads.filter(|row| *row > 1 && whole(*row)).collect();
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().map(|s| s - 1).chain([self.rows]);
        let starts = [1].into_iter().chain(starts.iter().copied());
        let pieces = starts.zip(ends.collect::<Vec<_>>());
        pieces.map(|(from, to)| self.piece(from, to)).collect()
    }

    fn piece(&self, from: u32, to: u32) -> Piece {
        let headed = self.heads.iter().any(|h| h.row == from);
        let mut cut = Vec::new();
        let mut cells = Vec::new();
        for cell in self.cells.iter().filter(|c| (from..=to).contains(&c.row)) {
            let mut own = cell.clone();
            own.row -= from - 1;
            // A head that is the whole table's first row has nothing beside it to be cut.
            if headed && from > 1 && own.row == 1 && own.row_span > 1 {
                cut.push(own.col);
                let below = Cell {
                    row: 2,
                    row_span: own.row_span - 1,
                    text: String::new(),
                    entry: None,
                    ..own.clone()
                };
                own.row_span = 1;
                cells.push(below);
            }
            cells.push(own);
        }
        cells.sort_by_key(|c| (c.row, c.col));
        let table = Table {
            widths: self.widths.clone(),
            rows: to + 1 - from,
            heads: headed
                .then_some(Repeat {
                    row: 1,
                    until: to + 1 - from,
                })
                .into_iter()
                .collect(),
            cells,
        };
        Piece { table, cut }
    }
}

/// A part of a table that stands under a head row of its own.
pub(super) struct Piece {
    /// Its rows as a table.
    pub table: Table,
    /// Columns (from 1) of which the cell in the first row goes on below without a line between.
    pub cut: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[[&str; 2]]) -> Vec<Vec<String>> {
        let texts = rows.iter().map(|r| r.map(str::to_string).to_vec());
        texts.collect()
    }

    #[test]
    fn equal_cells_below_each_other_become_one() {
        let texts = rows(&[["头", "值"], ["甲", "1"], ["甲", "2"], ["乙", "3"]]);
        let mut table = Table::of_rows(&texts, vec![1, 1]);
        table.join_down(1, 2);
        let first: Vec<_> = table
            .cells
            .iter()
            .filter(|c| c.col == 1)
            .map(|c| (c.row, c.row_span, c.text.as_str()))
            .collect();
        assert_eq!(first, [(1, 1, "头"), (2, 2, "甲"), (4, 1, "乙")]);
    }

    #[test]
    fn a_table_is_cut_above_a_head_row_unless_a_cell_reaches_over_the_cut() {
        let texts = rows(&[
            ["年度", "2023"],
            ["指标", "名称"],
            ["", "清淤"],
            ["", "受益"],
        ]);
        let mut table = Table::of_rows(&texts, vec![1, 1]);
        table.heads = vec![Repeat { row: 2, until: 4 }];
        table.cells.retain(|c| c.col == 2 || c.row <= 2);
        let side = table.cells.iter_mut().find(|c| c.text == "指标");
        side.expect("the side label").row_span = 3;
        let pieces = table.pieces();
        let sizes: Vec<u32> = pieces.iter().map(|p| p.table.rows).collect();
        assert_eq!(sizes, [1, 3]);
        assert_eq!(pieces[1].cut, [1]);
        let below = pieces[1].table.begins(2, 1).expect("the rest of the label");
        assert_eq!((below.row_span, below.text.as_str()), (2, ""));
        for cell in table.cells.iter_mut().filter(|c| c.text == "年度") {
            cell.row_span = 2;
        }
        assert_eq!(table.pieces().len(), 1);
    }
}
