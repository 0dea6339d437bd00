//! The content of an OpenDocument text or spreadsheet comes in; a `Document` goes out.
//!
//! Cells keep the text they show, so no number is printed anew. Rows and cells that are repeated
//! are counted before they are laid out: a file of a few bytes may claim a million of them.

mod margins;

use super::xlsx::add;
use super::xlsx::sheet::{self, MAX_CELLS, Merged, Sheet};
use super::{DAMAGED, ENCRYPTED, SHOWN, grid, sentence, unread};
use jiheng_model::document::Block;
use jiheng_model::{Cell, Document, Format, Notice, NoticeKind, Paragraph};
use jiheng_office::workbook::Listed;
use jiheng_office::xml::{self, Tag, Token, Tokens};
use jiheng_office::{Budget, Inflater, Zip};
use std::collections::HashSet;

/// Rows of a sheet, as spreadsheet programs count them.
const MAX_ROWS: u32 = 1 << 20;
/// Most spaces one element stands for.
const MAX_SPACES: usize = 256;
/// Open spans that are kept track of.
const MOST_SPANS: usize = 64;

/// What an OpenDocument zip says it is, in its first entry.
pub(super) fn media_type(zip: &Zip<'_>, budget: &Budget) -> Option<Format> {
    let entry = zip.entries().first().filter(|e| e.name == "mimetype")?;
    let bytes = zip.inflate(entry, &mut Inflater::new(budget)).ok()?;
    let kind = bytes.strip_prefix(b"application/vnd.oasis.opendocument.")?;
    match kind {
        k if k.starts_with(b"text") => Some(Format::Odt),
        k if k.starts_with(b"spreadsheet") => Some(Format::Ods),
        _ => None,
    }
}

/// Reads a file of the OpenDocument format that [`media_type`] found.
pub(super) fn read(name: &str, zip: &Zip<'_>, format: Format, budget: &Budget) -> Document {
    let mut inflater = Inflater::new(budget);
    let mut part = |name: &str| Some(zip.inflate(zip.find(name)?, &mut inflater));
    let manifest = part("META-INF/manifest.xml").and_then(Result::ok);
    if manifest.is_some_and(|m| memchr::memmem::find(&m, b"encryption-data").is_some()) {
        return unread(name, ENCRYPTED);
    }
    let bytes = match part("content.xml") {
        Some(Ok(bytes)) => bytes,
        Some(Err(error)) => return unread(name, sentence("", error).trim_start()),
        None => return unread(name, DAMAGED),
    };
    let (bytes, _) = super::text::utf8(bytes);
    let mut flow = Flow::new(name, format, budget);
    flow.read(&bytes);
    let mut document = flow.finish(name);
    if let Some(Ok(styles)) = part("styles.xml") {
        margins::read(&super::text::utf8(styles).0, &mut document, budget);
    }
    document
}

struct Flow<'b> {
    document: Document,
    budget: &'b Budget,
    places: usize,
    /// Open paragraphs: a text box opens one inside another.
    paragraphs: Vec<Open>,
    tables: Vec<OpenTable>,
    /// Open footnotes.
    notes: usize,
    footnotes: Vec<String>,
    /// The style that is being defined, and the styles of hidden sheets.
    style: String,
    hidden_styles: HashSet<String>,
    /// Styles of text that is not shown, whether each open span is of one, and the beginning of such text.
    hidden_text_styles: HashSet<String>,
    spans: Vec<bool>,
    hidden: String,
    tracked: bool,
    over_budget: bool,
    complete: bool,
}

#[derive(Default)]
struct Open {
    text: String,
    /// Its style is one of text that is not shown.
    hidden: bool,
    level: Option<u8>,
}

struct OpenTable {
    /// Its number in the document, for tables of a text.
    number: u32,
    listed: Listed,
    sheet: Sheet,
    merged: Vec<Merged>,
    row: u32,
    col: u32,
    /// How often the open row stands, and the cells of it, counted from 1 in `col`.
    repeat: u32,
    cells: Vec<Cell>,
    cell: Option<OpenCell>,
}

struct OpenCell {
    text: String,
    lines: u32,
    /// What a cell without text holds.
    value: String,
    repeat: u32,
    spans: (u32, u32),
}

impl<'b> Flow<'b> {
    fn new(name: &str, format: Format, budget: &'b Budget) -> Flow<'b> {
        Flow {
            document: Document::empty(name, format),
            budget,
            places: budget.places,
            paragraphs: Vec::new(),
            tables: Vec::new(),
            notes: 0,
            footnotes: Vec::new(),
            style: String::new(),
            hidden_styles: HashSet::new(),
            hidden_text_styles: HashSet::new(),
            spans: Vec::new(),
            hidden: String::new(),
            tracked: false,
            over_budget: false,
            complete: false,
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        let mut tokens = Tokens::new(bytes);
        while let Some(token) = tokens.next() {
            match token {
                Token::Open(tag) => self.open(&tag, &mut tokens),
                Token::Text(raw) => {
                    if let Some(open) = self.paragraphs.last_mut() {
                        let from = open.text.len();
                        spaced(raw, &mut open.text);
                        if open.hidden || self.spans.contains(&true) {
                            let room = SHOWN.saturating_sub(self.hidden.chars().count());
                            let said = open.text.get(from..).unwrap_or_default();
                            self.hidden.extend(said.chars().take(room));
                        }
                    }
                }
                Token::Cdata(raw) => {
                    if let Some(open) = self.paragraphs.last_mut() {
                        open.text.push_str(&String::from_utf8_lossy(raw));
                    }
                }
                Token::Close(name) => self.close(xml::local(name)),
            }
        }
        while !self.paragraphs.is_empty() {
            self.end_paragraph();
        }
        while !self.tables.is_empty() {
            self.end_table();
        }
    }

    fn open(&mut self, tag: &Tag<'_>, tokens: &mut Tokens<'_>) {
        match tag.local() {
            b"p" | b"h" => {
                if self.paragraphs.len() >= self.budget.depth {
                    self.over_budget = true;
                    return tokens.leave(tag);
                }
                let level = (tag.local() == b"h").then(|| number(tag, b"outline-level", 9) as u8);
                let style = tag.value_local(b"style-name");
                self.paragraphs.push(Open {
                    level,
                    hidden: self.hidden_text_styles.contains(&style),
                    ..Open::default()
                });
                if tag.empty {
                    self.end_paragraph();
                }
            }
            b"s" => {
                let spaces = number(tag, b"c", u32::MAX) as usize;
                self.add(&" ".repeat(spaces.min(MAX_SPACES)));
            }
            b"tab" => self.add("\t"),
            b"line-break" => self.add("\n"),
            b"note" if !tag.empty => self.notes += 1,
            b"tracked-changes" => {
                self.tracked = true;
                tokens.leave(tag);
            }
            // Remarks, the sign of a footnote and what describes a picture are not the text.
            b"annotation" | b"note-citation" | b"title" | b"desc" | b"object" | b"shapes"
            | b"forms" | b"ruby-text" => tokens.leave(tag),
            b"style" => self.style = tag.value_local(b"name"),
            b"text-properties" if tag.attribute_local(b"display") == Some(b"none") => {
                self.hidden_text_styles.insert(self.style.clone());
            }
            b"span" if !tag.empty && self.spans.len() < MOST_SPANS => {
                let style = tag.value_local(b"style-name");
                self.spans.push(self.hidden_text_styles.contains(&style));
            }
            b"table-properties" if tag.attribute_local(b"display") == Some(b"false") => {
                self.hidden_styles.insert(std::mem::take(&mut self.style));
            }
            b"table" | b"sub-table" if !tag.empty => self.begin_table(tag, tokens),
            b"table-row" => self.begin_row(tag),
            b"table-column" => {
                if let Some(table) = self.tables.last_mut() {
                    table.sheet.hidden_lines |= is_collapsed(tag);
                }
            }
            b"table-cell" => self.begin_cell(tag),
            b"covered-table-cell" => {
                if let Some(table) = self.tables.last_mut() {
                    table.col = table
                        .col
                        .saturating_add(repeated(tag, b"number-columns-repeated"));
                }
                tokens.leave(tag);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            b"p" | b"h" => self.end_paragraph(),
            b"span" => {
                self.spans.pop();
            }
            b"note" => self.notes = self.notes.saturating_sub(1),
            b"table-cell" => self.end_cell(),
            b"table-row" => self.end_row(),
            b"table" | b"sub-table" => self.end_table(),
            b"document-content" => self.complete = true,
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        if let Some(open) = self.paragraphs.last_mut() {
            open.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(open) = self.paragraphs.pop() else {
            return;
        };
        if self.notes > 0 {
            return self.footnotes.push(open.text);
        }
        let cell = self.tables.last_mut().map(|t| t.cell.as_mut());
        match cell {
            Some(Some(cell)) => {
                if cell.lines > 0 {
                    cell.text.push('\n');
                }
                cell.text.push_str(&open.text);
                cell.lines += 1;
            }
            // Between the cells of a table stands no text.
            Some(None) => {}
            None => self.push_paragraph(&open.text, open.level),
        }
    }

    fn push_paragraph(&mut self, text: &str, level: Option<u8>) {
        let from = self.document.text.len() as u32;
        self.document.text.push_str(text);
        self.document.paragraphs.push(Paragraph {
            text: from..self.document.text.len() as u32,
            numbering: 0,
            level,
            bytes: 0..0,
        });
        let number = self.document.paragraphs.len() as u32;
        self.document.blocks.push(Block::Paragraph(number));
    }

    fn begin_table(&mut self, tag: &Tag<'_>, tokens: &mut Tokens<'_>) {
        let is_sheet = self.document.format == Format::Ods;
        // A table inside a sheet's cell is a chart's data.
        if self.tables.len() >= self.budget.depth || (is_sheet && !self.tables.is_empty()) {
            self.over_budget |= !is_sheet;
            return tokens.leave(tag);
        }
        let mut number = 0;
        if !is_sheet {
            number = self.document.tables.len() as u32 + 1;
            let parent = self.tables.last().map(|t| {
                let index = t.sheet.cells.len() + t.cells.len();
                (t.number, index as u32)
            });
            self.document.tables.push(jiheng_model::Table {
                number,
                parent,
                ..jiheng_model::Table::default()
            });
            if parent.is_none() {
                self.document.blocks.push(Block::Table(number));
            }
        }
        self.tables.push(OpenTable {
            number,
            listed: Listed {
                name: tag.value_local(b"name"),
                part: String::new(),
                hidden: self.hidden_styles.contains(&tag.value_local(b"style-name")),
                own: false,
            },
            sheet: Sheet::default(),
            merged: Vec::new(),
            row: 0,
            col: 0,
            repeat: 1,
            cells: Vec::new(),
            cell: None,
        });
    }

    fn begin_row(&mut self, tag: &Tag<'_>) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        table.repeat = repeated(tag, b"number-rows-repeated");
        table.col = 0;
        table.sheet.hidden_lines |= is_collapsed(tag) && table.repeat < 1 << 14;
        if tag.empty {
            self.end_row();
        }
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let value = [&b"value"[..], b"date-value", b"string-value"]
            .iter()
            .map(|name| tag.value_local(name))
            .find(|value| !value.is_empty());
        table.cell = Some(OpenCell {
            text: String::new(),
            lines: 0,
            value: value.unwrap_or_default(),
            repeat: repeated(tag, b"number-columns-repeated"),
            spans: (
                repeated(tag, b"number-rows-spanned"),
                repeated(tag, b"number-columns-spanned"),
            ),
        });
        if tag.empty {
            self.end_cell();
        }
    }

    fn end_cell(&mut self) {
        let is_text = self.document.format == Format::Odt;
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let Some(mut cell) = table.cell.take() else {
            return;
        };
        if cell.lines == 0 {
            cell.text = std::mem::take(&mut cell.value);
        }
        let from = self.document.text.len() as u32;
        self.document.text.push_str(&cell.text);
        let text = from..self.document.text.len() as u32;
        let (rows, cols) = cell.spans;
        let first = table.col.saturating_add(1);
        table.col = table.col.saturating_add(cell.repeat);
        if cell.text.is_empty() && !is_text && cell.spans == (1, 1) {
            return;
        }
        for col in first..=table.col.min(grid::MAX_COLS) {
            if table.sheet.cells.len() + table.cells.len() >= MAX_CELLS {
                table.sheet.cut = true;
                return;
            }
            table.cells.push(Cell {
                text: text.clone(),
                ..grid::cell(table.row.saturating_add(1), col, rows, cols)
            });
        }
    }

    fn end_row(&mut self) {
        let is_text = self.document.format == Format::Odt;
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let cells = std::mem::take(&mut table.cells);
        let first = table.row.saturating_add(1);
        table.row = table.row.saturating_add(table.repeat);
        if cells.is_empty() {
            return;
        }
        for row in first..=table.row.min(MAX_ROWS) {
            if table.sheet.cells.len() + cells.len() > MAX_CELLS {
                table.sheet.cut = true;
                return;
            }
            for cell in &cells {
                let mut cell = Cell {
                    row,
                    ..cell.clone()
                };
                if !is_text {
                    if (cell.row_span, cell.col_span) != (1, 1) {
                        let bottom = row.saturating_add(cell.row_span - 1).min(MAX_ROWS);
                        let right = cell.col.saturating_add(cell.col_span - 1);
                        let right = right.min(grid::MAX_COLS);
                        table.merged.push((row, cell.col, bottom, right));
                    }
                    (cell.row_span, cell.col_span) = (1, 1);
                }
                table.sheet.cells.push(cell);
            }
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        if self.tables.last().is_some_and(|t| !t.cells.is_empty()) {
            self.end_row();
        }
        let Some(mut table) = self.tables.pop() else {
            return;
        };
        if self.document.format == Format::Ods {
            sheet::arrange(&mut table.sheet, &table.merged);
            return add(
                &mut self.document,
                &table.listed,
                table.sheet,
                &mut self.places,
            );
        }
        let cells = table.sheet.cells;
        let rows = table.row.min(MAX_ROWS);
        let ends = cells.iter().map(|c| c.col.saturating_add(c.col_span) - 1);
        let cols = ends.max().unwrap_or(0).min(grid::MAX_COLS);
        let Some(slot) = self.document.tables.get_mut(table.number as usize - 1) else {
            return;
        };
        let parent = slot.parent;
        match grid::table(table.number, cells, rows, cols, self.places) {
            Some(laid) => {
                self.places = self.places.saturating_sub(laid.grid.len());
                *slot = jiheng_model::Table { parent, ..laid };
            }
            None => self.over_budget = true,
        }
    }

    fn finish(mut self, name: &str) -> Document {
        for text in std::mem::take(&mut self.footnotes) {
            self.push_paragraph(&text, None);
        }
        let mut tell = |kind, message: String| {
            self.document.notices.push(Notice {
                kind,
                message,
                table: None,
            });
        };
        if !self.complete {
            let message = format!("{name} 的正文没有结尾，断处以前的都读了。");
            tell(NoticeKind::Broken, message);
        }
        if self.over_budget {
            let message = "表格太大，或套得太深，有一部分没有读。".into();
            tell(NoticeKind::OverBudget, message);
        }
        if !self.hidden.trim().is_empty() {
            let Notice { kind, message, .. } = super::hidden_text(&self.hidden, None);
            tell(kind, message);
        }
        if self.tracked {
            let message = "文件里有没接受的修订：插入的字算在内，删除的字不算。".into();
            tell(NoticeKind::TrackedChanges, message);
        }
        self.document
    }
}

/// Text of a paragraph: line ends and spaces that the file was laid out with are one space.
fn spaced(raw: &[u8], out: &mut String) {
    let text = xml::decode(raw);
    for c in text.chars() {
        match c {
            ' ' | '\n' | '\r' | '\t' if out.is_empty() || out.ends_with([' ', '\n']) => {}
            '\n' | '\r' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
}

/// A count of repetitions or of places covered, at least 1.
fn repeated(tag: &Tag<'_>, name: &[u8]) -> u32 {
    number(tag, name, u32::MAX)
}

/// A number from 1 to `most`; 1 when it is not given.
fn number(tag: &Tag<'_>, name: &[u8], most: u32) -> u32 {
    let given = tag
        .attribute_local(name)
        .and_then(|v| std::str::from_utf8(v).ok());
    given
        .and_then(|v| v.parse().ok())
        .unwrap_or(1)
        .clamp(1, most)
}

/// The row or column is hidden.
fn is_collapsed(tag: &Tag<'_>) -> bool {
    tag.attribute_local(b"visibility") == Some(b"collapse")
}

trait ValueLocal {
    /// The decoded value of an attribute, whatever its prefix; empty when absent.
    fn value_local(&self, name: &[u8]) -> String;
}

impl ValueLocal for Tag<'_> {
    fn value_local(&self, name: &[u8]) -> String {
        let value = self.attribute_local(name);
        value.map_or_else(String::new, |v| xml::decode(v).into_owned())
    }
}

#[cfg(test)]
mod tests;
