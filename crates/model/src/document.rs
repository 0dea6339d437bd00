//! What a reader hands over: paragraphs and tables on their exact grid, whatever the file format was.
//!
//! All text of a file lies in one buffer; cells and paragraphs are ranges of it.

use crate::origin::{At, Origin};
use std::ops::Range;

/// The format a file turned out to have, judged by content and never by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Office Open XML word processing, transitional or strict.
    Docx,
    /// Word 97—2003, and what WPS writes in that format.
    Doc,
    /// Office Open XML spreadsheet.
    Xlsx,
    /// Excel 5—2003, and what WPS writes in that format.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// OpenDocument text.
    Odt,
    /// PDF with a text layer.
    Pdf,
    /// HTML with tables.
    Html,
    /// Plain text, dumps of tables included.
    Text,
    /// Markdown tables, as cases are written.
    Markdown,
}

/// One file as read.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Document {
    /// The file's name as the user knows it (inside a folder or zip: its path there).
    pub name: String,
    /// What it turned out to be.
    pub format: Format,
    /// All text of the file. Every range below points into it.
    pub text: String,
    /// Paragraphs outside tables and tables, in the order in which they stand.
    pub blocks: Vec<Block>,
    /// Paragraphs outside tables; the paragraph with number `n` is `paragraphs[n - 1]`.
    pub paragraphs: Vec<Paragraph>,
    /// Tables in document order, nested tables after their parent; number `n` is `tables[n - 1]`.
    pub tables: Vec<Table>,
    /// The pages on which paragraphs and tables stand, for formats that have pages.
    pub pages: Pages,
    /// Lines of page headers and footers (页眉、页脚), in the order of their parts; no words of the report.
    #[serde(default)]
    pub margins: Vec<String>,
    /// Sheets of one column, whose cells are paragraphs (workbooks).
    #[serde(default)]
    pub lines: Vec<SheetLines>,
    /// What went wrong or was left out while reading (family R); never an `Err`.
    pub notices: Vec<Notice>,
}

/// A sheet of one column: its cells are the paragraphs from `first` on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SheetLines {
    /// The sheet's name.
    pub sheet: String,
    /// Its column.
    pub col: u32,
    /// Number of the paragraph that its first line is.
    pub first: u32,
    /// The row of each paragraph.
    pub rows: Vec<u32>,
}

/// Pages from 1; empty for formats whose pages are made by the program that shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Pages {
    /// The page on which paragraph number `n` begins is `paragraphs[n - 1]`.
    pub paragraphs: Vec<u32>,
    /// The page of table number `n` is `tables[n - 1]`.
    pub tables: Vec<u32>,
}

/// One element of the flow of a document; the numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Block {
    /// A paragraph outside tables, by number.
    Paragraph(u32),
    /// A table that is not nested in another, by number.
    Table(u32),
}

/// A paragraph outside tables.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Paragraph {
    /// Its text in `Document::text`, restored automatic number included.
    pub text: Range<u32>,
    /// How many bytes at the start of `text` are the restored automatic number ("一、", "（1）"); they are not in the file.
    pub numbering: u32,
    /// Outline level from 1 when its style or numbering says so.
    pub level: Option<u8>,
    /// The bytes of the paragraph in its part; for formats that are written back.
    pub bytes: Range<u32>,
}

/// A table on its exact grid.
#[derive(Default, Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Table {
    /// Number from 1 in document order.
    pub number: u32,
    /// The sheet's name, for workbooks.
    pub sheet: Option<String>,
    /// Rows of the grid.
    pub rows: u32,
    /// Columns of the grid: the union of all cell boundaries.
    pub cols: u32,
    /// Cells in reading order; a merged cell once, at its top-left corner.
    pub cells: Vec<Cell>,
    /// `rows × cols` indexes into `cells`; `u32::MAX` where no cell lies.
    pub grid: Vec<u32>,
    /// The table and cell index in which this one is nested.
    pub parent: Option<(u32, u32)>,
    /// The sheet is hidden (workbooks).
    pub hidden: bool,
}

/// A cell; a merged one covers several places of the grid.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Cell {
    /// Row of its top-left corner, from 1.
    pub row: u32,
    /// Column of its top-left corner, from 1.
    pub col: u32,
    /// Rows it covers, at least 1.
    pub row_span: u32,
    /// Columns it covers, at least 1.
    pub col_span: u32,
    /// Its text in `Document::text`, paragraphs separated by `\n`.
    pub text: Range<u32>,
    /// The bytes of the cell in its part; for formats that are written back.
    pub bytes: Range<u32>,
}

/// Something the reader has to say about the file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Notice {
    /// What kind it is; rules of family R speak of it.
    pub kind: NoticeKind,
    /// A plain Chinese sentence: what, where.
    pub message: String,
    /// The table it concerns, if one.
    pub table: Option<u32>,
}

/// Kinds of reading notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum NoticeKind {
    /// A part or table is broken; the rest was read.
    Broken,
    /// A budget (bytes, cells, depth, parts) ran out; the rest was not read.
    OverBudget,
    /// Tracked deletions were left out, insertions counted.
    TrackedChanges,
    /// Hidden sheet or hidden text was read too.
    Hidden,
    /// A number format was not known; the number is printed in its shortest form.
    NumberFormat,
    /// The file has a text layer only: tables are known by their lines, paragraphs by where they stand.
    TextLayer,
    /// The file was not read (unknown, encrypted, truncated); `message` says why.
    NotRead,
}

/// No cell lies at a place of the grid.
pub const NO_CELL: u32 = u32::MAX;

impl Document {
    /// An empty document of a format, to be filled by its reader.
    pub fn empty(name: impl Into<String>, format: Format) -> Self {
        Document {
            name: name.into(),
            format,
            text: String::new(),
            blocks: Vec::new(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            pages: Pages::default(),
            margins: Vec::new(),
            lines: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// The text of a range.
    pub fn slice(&self, range: &Range<u32>) -> &str {
        &self.text[range.start as usize..range.end as usize]
    }

    /// The text of the paragraph with this number (from 1); empty when there is none.
    pub fn paragraph_text(&self, number: u32) -> &str {
        match self.paragraphs.get((number as usize).wrapping_sub(1)) {
            Some(p) => self.slice(&p.text),
            None => "",
        }
    }

    /// The table with this number (from 1).
    pub fn table(&self, number: u32) -> Option<&Table> {
        self.tables.get((number as usize).wrapping_sub(1))
    }

    /// The text of a cell.
    pub fn cell_text(&self, cell: &Cell) -> &str {
        self.slice(&cell.text)
    }

    /// The cell an address points to.
    pub fn cell_at(&self, origin: &Origin) -> Option<&Cell> {
        match origin.at {
            At::Cell {
                table, row, col, ..
            } => self.table(table)?.at(row, col),
            At::Text { .. } => None,
        }
    }

    /// Sheet, row and column of a paragraph that is a cell of a sheet of one column.
    pub fn sheet_line(&self, paragraph: u32) -> Option<(&str, u32, u32)> {
        self.lines.iter().find_map(|lines| {
            let row = lines
                .rows
                .get(paragraph.checked_sub(lines.first)? as usize)?;
            Some((lines.sheet.as_str(), *row, lines.col))
        })
    }

    /// Every range lies in the text and every index in its list, as readers promise.
    ///
    /// Asked of documents that another process made.
    pub fn is_sound(&self) -> bool {
        let lies = |r: &Range<u32>| self.text.get(r.start as usize..r.end as usize).is_some();
        let paragraphs = self
            .paragraphs
            .iter()
            .all(|p| lies(&p.text) && p.numbering <= p.text.end - p.text.start);
        let tables = self.tables.iter().enumerate().all(|(i, t)| {
            let places = (t.rows as usize).checked_mul(t.cols as usize);
            let parent = t.parent.is_none_or(|(table, cell)| {
                table < t.number
                    && self
                        .table(table)
                        .is_some_and(|p| (cell as usize) < p.cells.len().max(1))
            });
            let inside = |c: &Cell| {
                let (down, right) = (c.row.checked_add(c.row_span), c.col.checked_add(c.col_span));
                c.row >= 1
                    && c.col >= 1
                    && c.row_span >= 1
                    && c.col_span >= 1
                    && down.is_some_and(|d| d - 1 <= t.rows)
                    && right.is_some_and(|r| r - 1 <= t.cols)
                    && lies(&c.text)
            };
            t.number as usize == i + 1
                && places == Some(t.grid.len())
                && t.grid
                    .iter()
                    .all(|g| *g == NO_CELL || (*g as usize) < t.cells.len())
                && t.cells.iter().all(inside)
                && t.cells.is_sorted_by_key(|c| (c.row, c.col))
                && parent
        });
        let blocks = self.blocks.iter().all(|block| match *block {
            Block::Paragraph(n) => n >= 1 && n as usize <= self.paragraphs.len(),
            Block::Table(n) => self.table(n).is_some(),
        });
        paragraphs && tables && blocks
    }

    /// The page an address lies on (from 1), for formats that have pages.
    pub fn page_of(&self, origin: &Origin) -> Option<u32> {
        let (pages, number) = match origin.at {
            At::Cell { table, .. } => (&self.pages.tables, table),
            At::Text { paragraph, .. } => (&self.pages.paragraphs, paragraph),
        };
        pages.get((number as usize).wrapping_sub(1)).copied()
    }

    /// Number of cells in all tables, merged cells counted once.
    pub fn cell_count(&self) -> usize {
        self.tables.iter().map(|t| t.cells.len()).sum()
    }
}

impl Table {
    /// The cell that covers `row`, `col` (from 1), if one lies there.
    pub fn at(&self, row: u32, col: u32) -> Option<&Cell> {
        self.index_at(row, col).map(|i| &self.cells[i as usize])
    }

    /// The index in `cells` of the cell that covers `row`, `col` (from 1).
    pub fn index_at(&self, row: u32, col: u32) -> Option<u32> {
        if row == 0 || col == 0 || row > self.rows || col > self.cols {
            return None;
        }
        let place = (row as usize - 1) * self.cols as usize + (col as usize - 1);
        self.grid.get(place).copied().filter(|i| *i != NO_CELL)
    }

    /// The cells whose top-left corner lies in this row, from left to right.
    pub fn row_cells(&self, row: u32) -> impl Iterator<Item = &Cell> {
        let start = self.cells.partition_point(|c| c.row < row);
        self.cells[start..].iter().take_while(move |c| c.row == row)
    }
}
