//! An `Official` comes in; the `Document` that a reader would make of it goes out, without any file in between.
//!
//! A workspace keeps its forms as cells; the corridor reads documents. Both meet here: what is
//! checked while someone types is the very package that would be printed.

use super::{Block, Official, Table};
use jiheng_model::document::{self, Block as Read, NO_CELL, Paragraph};
use jiheng_model::{Document, Format};
use std::ops::Range;

/// Where a block of a part stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Index of the part in the package.
    pub part: usize,
    /// Index of the block in the part.
    pub block: usize,
    /// The paragraph or table it became, from 1. A title of several lines has several.
    pub at: Read,
}

/// The package as one document, and where its blocks stand in it.
pub fn document(official: &Official, name: &str) -> (Document, Vec<Standing>) {
    let mut made = Document::empty(name, Format::Html);
    let mut standing = Vec::new();
    for (part, of) in official.parts.iter().enumerate() {
        for (block, content) in of.blocks.iter().enumerate() {
            let from = made.blocks.len();
            add(content, &mut made);
            let new = made.blocks.iter().skip(from);
            standing.extend(new.map(|at| Standing {
                part,
                block,
                at: *at,
            }));
        }
    }
    (made, standing)
}

fn add(block: &Block, made: &mut Document) {
    match block {
        Block::Annex(text) | Block::Paragraph(text) | Block::Line { text, .. } => {
            paragraph(text, None, made);
        }
        Block::Title { lines, .. } => lines.iter().for_each(|line| paragraph(line, None, made)),
        Block::Heading { level, text } => paragraph(text, Some(*level), made),
        Block::Space(_) => {}
        Block::Table(table) => add_table(table, made),
    }
}

/// Adds a text to the document's buffer, white space at its ends removed as readers do.
fn keep(text: &str, made: &mut Document) -> Range<u32> {
    let start = made.text.len() as u32;
    made.text.push_str(jiheng_model::label::trim(text));
    start..made.text.len() as u32
}

fn paragraph(text: &str, level: Option<u8>, made: &mut Document) {
    let text = keep(text, made);
    made.paragraphs.push(Paragraph {
        text,
        numbering: 0,
        level,
        bytes: 0..0,
    });
    let number = made.paragraphs.len() as u32;
    made.blocks.push(Read::Paragraph(number));
}

fn add_table(table: &Table, made: &mut Document) {
    let number = made.tables.len() as u32 + 1;
    let (rows, cols) = (table.rows, table.widths.len() as u32);
    let mut read = document::Table {
        number,
        rows,
        cols,
        grid: vec![NO_CELL; rows as usize * cols as usize],
        ..document::Table::default()
    };
    for cell in &table.cells {
        let index = read.cells.len() as u32;
        for row in cell.row..cell.row + cell.row_span {
            for col in cell.col..cell.col + cell.col_span {
                let place = (row as usize - 1) * cols as usize + (col as usize - 1);
                if let Some(at) = read.grid.get_mut(place) {
                    *at = index;
                }
            }
        }
        let text = keep(&cell.text, made);
        read.cells.push(document::Cell {
            row: cell.row,
            col: cell.col,
            row_span: cell.row_span,
            col_span: cell.col_span,
            text,
            bytes: 0..0,
        });
    }
    made.tables.push(read);
    made.blocks.push(Read::Table(number));
}
