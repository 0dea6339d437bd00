//! Where a value stands in the material: an address small enough to travel with every value.
//!
//! Positions are 1-based and count as a person counts (output contract). The byte range in the
//! part is looked up in the `Document` by this address, so that it is kept in one place only.

use serde::Serialize;

/// The address of a value: a file of the package and a position in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Origin {
    /// Index into the package's documents, from 0.
    pub file: u16,
    /// The position inside that file.
    pub at: At,
}

/// A position inside one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum At {
    /// A cell of a table, or words inside it.
    Cell {
        /// Table in document order, nested tables after their parent; from 1.
        table: u32,
        /// Row of the cell's top-left corner on the exact grid; from 1.
        row: u32,
        /// Column of the cell's top-left corner on the exact grid; from 1.
        col: u32,
        /// Characters `[from, to)` in the cell's text, when only some words are meant; else `None`.
        chars: Option<(u32, u32)>,
    },
    /// Words in a paragraph outside tables.
    Text {
        /// Paragraph outside tables, from 1.
        paragraph: u32,
        /// Characters `[from, to)` in the paragraph's text.
        chars: (u32, u32),
    },
}

impl At {
    /// The characters `[from, to)` of the same cell or paragraph.
    pub fn words(self, (from, to): (u32, u32)) -> At {
        let words = (from, to);
        match self {
            At::Cell {
                table, row, col, ..
            } => At::Cell {
                table,
                row,
                col,
                chars: Some(words),
            },
            At::Text { paragraph, .. } => At::Text {
                paragraph,
                chars: words,
            },
        }
    }
}

impl Origin {
    /// The whole cell at `row`, `col` of `table`.
    pub fn cell(file: u16, table: u32, row: u32, col: u32) -> Self {
        Origin {
            file,
            at: At::Cell {
                table,
                row,
                col,
                chars: None,
            },
        }
    }

    /// The characters `[from, to)` of a paragraph.
    pub fn text(file: u16, paragraph: u32, from: u32, to: u32) -> Self {
        Origin {
            file,
            at: At::Text {
                paragraph,
                chars: (from, to),
            },
        }
    }

    /// The table this address lies in, if any.
    pub fn table(&self) -> Option<u32> {
        match self.at {
            At::Cell { table, .. } => Some(table),
            At::Text { .. } => None,
        }
    }
}
