//! Bytes of a PDF come in; paragraphs and tables with the pages they stand on go out, or why there are none.
//!
//! Knows nothing of money or of forms. The file is walked by an interpreter of text and ruling lines
//! only: no glyph is drawn, no picture decoded, no font needed. What a character code means comes from
//! the file's own tables or from the predefined CMaps of the character collections.

mod align;
mod assemble;
mod fonts;
mod geometry;
mod interpret;
mod lattice;
mod lines;
mod names;
mod prose;
mod streams;

use hayro_syntax::{LoadPdfError, Pdf};

/// What reading may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Pages that are read.
    pub pages: usize,
    /// Operators of all pages together, forms drawn again counted again.
    pub operators: usize,
    /// Characters of all pages together.
    pub glyphs: usize,
    /// Bytes that one stream may have when it is unpacked.
    pub stream_bytes: usize,
    /// Bytes that all streams together may have when they are unpacked.
    pub total_bytes: usize,
    /// Places on the grids of all tables together.
    pub places: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            pages: 2000,
            operators: 4_000_000,
            glyphs: 1_500_000,
            stream_bytes: 48 << 20,
            total_bytes: 192 << 20,
            places: 2_000_000,
        }
    }
}

/// Why nothing can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The file asks for a password.
    Encrypted,
    /// The file is no PDF, or too broken to find its pages.
    Broken,
    /// The pages are pictures: there is no text layer.
    NoText {
        /// Pages of the file.
        pages: usize,
    },
}

/// What stands in a PDF, in reading order.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Paragraphs and tables.
    pub elements: Vec<Element>,
    /// Pages of the file.
    pub pages: usize,
    /// Characters whose meaning the file does not say; they are missing from the text.
    pub unknown: usize,
    /// The first page with such a character, from 1.
    pub unknown_page: u32,
    /// Pages (from 1) that are pictures without text between pages with text.
    pub pictures: Vec<u32>,
    /// Pages (from 1) whose only text is invisible, as text recognition leaves it under a picture.
    pub invisible: Vec<u32>,
    /// A limit ran out; what follows was not read.
    pub over_limit: bool,
}

/// A paragraph or a table.
#[derive(Clone, Debug)]
pub enum Element {
    /// A paragraph outside tables.
    Paragraph {
        /// The page it begins on, from 1.
        page: u32,
        /// Its text, lines joined.
        text: String,
    },
    /// A table on one page.
    Table(Grid),
}

/// A table on its exact grid.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The page, from 1.
    pub page: u32,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
    /// Cells in reading order, a merged one once.
    pub cells: Vec<GridCell>,
}

/// A cell of a table.
#[derive(Clone, Debug)]
pub struct GridCell {
    /// Row of its top-left corner, from 1.
    pub row: u32,
    /// Column of its top-left corner, from 1.
    pub col: u32,
    /// Rows it covers.
    pub row_span: u32,
    /// Columns it covers.
    pub col_span: u32,
    /// Its text; paragraphs separated by `\n`.
    pub text: String,
}

/// Reads the text layer of a PDF.
///
/// # Errors
/// When there is nothing to read; the reason says why.
pub fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Content, Refusal> {
    let pdf = Pdf::new(bytes).map_err(|e| match e {
        LoadPdfError::Decryption(_) => Refusal::Encrypted,
        LoadPdfError::Invalid => Refusal::Broken,
    })?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(Refusal::Broken);
    }
    let mut work = interpret::Work::new(limits);
    let mut sheets = Vec::new();
    for (index, page) in pages.iter().take(limits.pages).enumerate() {
        if work.exhausted() {
            break;
        }
        sheets.push(interpret::page(page, index as u32 + 1, &mut work));
    }
    let over_limit = work.exhausted() || pages.len() > limits.pages;
    let texts = sheets.iter().any(|s| !s.glyphs.is_empty());
    if !texts && !over_limit && work.unknown == 0 {
        return match sheets.iter().any(|s| s.pictures > 0) {
            true => Err(Refusal::NoText { pages: pages.len() }),
            false => Ok(Content {
                pages: pages.len(),
                ..Content::default()
            }),
        };
    }
    let mut content = assemble::assemble(&sheets, limits);
    content.pages = pages.len();
    content.unknown = work.unknown;
    content.unknown_page = work.unknown_page;
    content.over_limit |= over_limit;
    Ok(content)
}
