//! `filing.json`, as `jiheng render` writes it, comes in; a `Document` of its parts goes out.

use super::grid;
use jiheng_model::document::Block;
use jiheng_model::{Cell, Document, Format, Notice, NoticeKind, Paragraph};
use jiheng_office::Budget;
use serde::Deserialize;

#[derive(Deserialize)]
struct Filing {
    kind: String,
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    blocks: Vec<Printed>,
}

#[derive(Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
enum Printed {
    Annex {
        text: String,
    },
    Title {
        text: String,
    },
    Heading {
        level: u8,
        text: String,
    },
    Paragraph {
        text: String,
    },
    Line {
        text: String,
    },
    Table {
        rows: u32,
        cols: u32,
        cells: Vec<PrintedCell>,
    },
}

#[derive(Deserialize)]
struct PrintedCell {
    row: u32,
    col: u32,
    row_span: u32,
    col_span: u32,
    text: String,
}

/// The text says of itself that it is a printed filing.
pub(super) fn is_filing(text: &str) -> bool {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    let head = start.get(..start.len().min(400)).or_else(|| {
        let end = (0..400).rev().find(|n| start.is_char_boundary(*n))?;
        start.get(..end)
    });
    start.starts_with('{') && head.is_some_and(|h| h.contains("\"jiheng-filing\""))
}

/// Reads a printed filing; `None` when the text is not one after all.
pub(super) fn read(name: &str, text: &str, budget: &Budget) -> Option<Document> {
    let filing: Filing = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    if filing.kind != "jiheng-filing" {
        return None;
    }
    let mut document = Document::empty(name, Format::Text);
    let mut places = budget.places;
    for block in filing.parts.into_iter().flat_map(|p| p.blocks) {
        match block {
            Printed::Annex { text }
            | Printed::Title { text }
            | Printed::Paragraph { text }
            | Printed::Line { text } => paragraph(&mut document, &text, None),
            Printed::Heading { level, text } => paragraph(&mut document, &text, Some(level)),
            Printed::Table { rows, cols, cells } => {
                table(&mut document, rows, cols, cells, &mut places);
            }
        }
    }
    Some(document)
}

fn paragraph(document: &mut Document, text: &str, level: Option<u8>) {
    let from = document.text.len() as u32;
    document.text.push_str(text);
    document.paragraphs.push(Paragraph {
        text: from..document.text.len() as u32,
        numbering: 0,
        level,
        bytes: 0..0,
    });
    let number = document.paragraphs.len() as u32;
    document.blocks.push(Block::Paragraph(number));
}

fn table(
    document: &mut Document,
    rows: u32,
    cols: u32,
    mut printed: Vec<PrintedCell>,
    places: &mut usize,
) {
    printed.retain(|c| (1..=rows).contains(&c.row) && (1..=cols).contains(&c.col));
    printed.sort_by_key(|c| (c.row, c.col));
    let mut cells = Vec::with_capacity(printed.len());
    for cell in printed {
        let from = document.text.len() as u32;
        document.text.push_str(&cell.text);
        cells.push(Cell {
            row: cell.row,
            col: cell.col,
            row_span: cell.row_span.clamp(1, rows),
            col_span: cell.col_span.clamp(1, cols),
            text: from..document.text.len() as u32,
            bytes: 0..0,
        });
    }
    let number = document.tables.len() as u32 + 1;
    let wide = cols > grid::MAX_COLS;
    match grid::table(number, cells, rows, cols, *places).filter(|_| !wide) {
        Some(table) => {
            *places = places.saturating_sub(table.grid.len());
            document.tables.push(table);
            document.blocks.push(Block::Table(number));
        }
        None => document.notices.push(Notice {
            kind: NoticeKind::OverBudget,
            message: format!("{} 的一张表太大，没有读。", document.name),
            table: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_outside_the_grid_are_left_out_and_other_json_is_text() {
        let text = r#"{"kind":"jiheng-filing","parts":[{"blocks":[{"block":"table","rows":1,"cols":2,"cells":[
            {"row":1,"col":1,"row_span":9,"col_span":9,"text":"甲"},{"row":7,"col":1,"row_span":1,"col_span":1,"text":"乙"}]},
            {"block":"line","align":"left","text":"丙"}]}]}"#;
        assert!(is_filing(text));
        let document = read("a.json", text, &Budget::default()).expect("a filing");
        assert!(document.is_sound());
        assert_eq!(document.tables[0].cells.len(), 1);
        assert_eq!(document.paragraph_text(1), "丙");
        assert!(!is_filing("{\"a\":1}"));
        assert!(read("a.json", "{\"kind\":\"jiheng-filing\"}", &Budget::default()).is_none());
    }
}
