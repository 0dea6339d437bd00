//! An origin comes in; the position object of the output contract goes out.

use jiheng_model::Document;
use jiheng_model::origin::{At, Origin};
use serde::Serialize;

/// Where something stands. Keys that do not apply to the kind of place are left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Position {
    /// Page from 1, for files that have pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Table in document order, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<u32>,
    /// Row of the top-left corner, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column of the top-left corner, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub col: Option<u32>,
    /// Rows the cell covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_span: Option<u32>,
    /// Columns the cell covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub col_span: Option<u32>,
    /// Name of the sheet, for workbooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Paragraph outside tables, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
    /// Characters `[from, to)` of the paragraph's or cell's text, when only some words are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chars: Option<[u32; 2]>,
}

impl Position {
    /// The position of an origin; spans and sheet come from the document.
    pub fn of(origin: &Origin, documents: &[Document]) -> Position {
        let page = documents
            .get(origin.file as usize)
            .and_then(|d| d.page_of(origin));
        match origin.at {
            At::Cell {
                table,
                row,
                col,
                chars,
            } => {
                let document = documents.get(origin.file as usize);
                let cell = document.and_then(|d| d.cell_at(origin));
                Position {
                    page,
                    table: Some(table),
                    row: Some(row),
                    col: Some(col),
                    row_span: Some(cell.map_or(1, |c| c.row_span)),
                    col_span: Some(cell.map_or(1, |c| c.col_span)),
                    sheet: document
                        .and_then(|d| d.table(table))
                        .and_then(|t| t.sheet.clone()),
                    chars: chars.map(|(from, to)| [from, to]),
                    ..Position::default()
                }
            }
            At::Text {
                paragraph,
                chars: (from, to),
            } => Position {
                page,
                paragraph: Some(paragraph),
                chars: Some([from, to]),
                ..Position::default()
            },
        }
    }
}
