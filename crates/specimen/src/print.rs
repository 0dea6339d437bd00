//! Pieces come in; the bytes of a docx, xlsx, HTML or text file go out.

use crate::sheet::{Grid, Piece};
use jiheng_office::write::{self, Block, Cell, Table};

/// The formats a package can be printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Word.
    Docx,
    /// Excel: a sheet for each form and one for the report.
    Xlsx,
    /// A page with tables.
    Html,
    /// A text dump: a tab begins a cell, a blank line ends a row.
    Text,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 4] = [Format::Docx, Format::Xlsx, Format::Html, Format::Text];

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Docx => "docx",
            Format::Xlsx => "xlsx",
            Format::Html => "html",
            Format::Text => "txt",
        }
    }

    /// The format with this ending.
    pub fn of(ending: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|f| f.ending() == ending)
    }
}

/// The file.
pub fn print(pieces: &[Piece], format: Format) -> Vec<u8> {
    match format {
        Format::Docx => write::docx(&blocks(pieces)),
        Format::Html => write::html("绩效自评材料", &blocks(pieces)).into_bytes(),
        Format::Text => text(pieces).into_bytes(),
        Format::Xlsx => workbook(pieces),
    }
}

fn blocks(pieces: &[Piece]) -> Vec<Block> {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Line(line) => Block::Paragraph {
                text: line.text.clone(),
                level: line.level,
            },
            Piece::Grid(grid) => Block::Table(table(grid, 0)),
        })
        .collect()
}

fn table(grid: &Grid, below: u32) -> Table {
    let cells = grid.cells.iter().map(|c| Cell {
        row: c.row + below,
        col: c.col,
        row_span: c.row_span,
        col_span: c.col_span,
        text: c.text.clone(),
    });
    Table {
        rows: grid.rows + below,
        cols: grid.cols,
        cells: cells.collect(),
    }
}

fn text(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Line(line) => {
                out.push_str(&line.text);
                out.push('\n');
            }
            Piece::Grid(grid) => {
                for row in 1..=grid.rows {
                    for col in 1..=grid.cols {
                        let begins = |c: &&crate::sheet::Slip| c.row == row && c.col == col;
                        let goes_on = |c: &&crate::sheet::Slip| {
                            c.col == col && c.row < row && row < c.row + c.row_span
                        };
                        if let Some(cell) = grid.cells.iter().find(begins) {
                            out.push('\t');
                            out.push_str(&cell.text);
                            out.push('\n');
                        } else if grid.cells.iter().any(|c| goes_on(&c)) {
                            out.push_str("\t\n");
                        }
                    }
                    out.push('\n');
                }
            }
        }
    }
    out
}

/// Lines before a table head its sheet, the foot of a form follows it; the report has a sheet of its own.
fn workbook(pieces: &[Piece]) -> Vec<u8> {
    let mut sheets: Vec<(String, Table)> = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut form = "";
    for piece in pieces {
        match piece {
            Piece::Grid(grid) => {
                let mut table = table(grid, lines.len() as u32);
                head(&mut table, &lines);
                let name = lines.first().copied().unwrap_or("表").to_string();
                sheets.push((name, table));
                lines.clear();
                form = &grid.form;
            }
            Piece::Line(line) => {
                let of = line.key.split('/').next().unwrap_or_default();
                match sheets.last_mut() {
                    Some((_, table)) if of == form => {
                        table.rows += 1;
                        let row = table.rows;
                        table.cells.push(wide(row, table.cols, &line.text));
                    }
                    _ => lines.push(&line.text),
                }
            }
        }
    }
    let mut report = Table {
        rows: lines.len() as u32,
        cols: 1,
        cells: Vec::new(),
    };
    head(&mut report, &lines);
    sheets.push(("自评报告".into(), report));
    let sheets: Vec<(&str, &Table)> = sheets.iter().map(|(n, t)| (n.as_str(), t)).collect();
    write::xlsx(&sheets)
}

fn head(table: &mut Table, lines: &[&str]) {
    let cols = table.cols;
    let cells = lines.iter().enumerate();
    let mut cells: Vec<Cell> = cells.map(|(i, t)| wide(i as u32 + 1, cols, t)).collect();
    cells.append(&mut table.cells);
    table.cells = cells;
}

fn wide(row: u32, cols: u32, text: &str) -> Cell {
    Cell {
        row,
        col: 1,
        row_span: 1,
        col_span: cols,
        text: text.to_string(),
    }
}
