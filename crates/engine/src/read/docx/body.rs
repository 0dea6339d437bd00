//! The bytes of a story (document, footnotes) come in; its paragraphs and tables are appended to a `Document`.
//!
//! This is the hot path of the corridor: one pass over the bytes, run properties and most of the
//! paragraph properties jumped over, one text buffer, no allocation per cell. It is tolerant: an
//! element that is not closed where it should be is closed at the next sure sign, and the table is
//! noted as broken.

use super::super::numbering::Numbering;
use super::super::{grid, symbol};
use super::scan::{Raw, Scanner};
use jiheng_model::document::Block;
use jiheng_model::{Cell, Document, Notice, NoticeKind, Paragraph};
use jiheng_office::{Budget, xml};
use std::ops::Range;

/// A table costs at least so many places of the budget, however small it is.
const TABLE: usize = 16;

/// What a story holds besides its blocks.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Footnotes and endnotes referred to, in order: (is endnote, id).
    pub notes: Vec<(bool, String)>,
    /// Relationship ids of files that are taken in whole, in order.
    pub chunks: Vec<String>,
    /// There are tracked insertions or deletions.
    pub tracked: bool,
    /// A row is marked hidden.
    pub hidden: bool,
    /// A run may be hidden.
    pub hidden_runs: bool,
    /// The end of the story was reached in good order.
    pub complete: bool,
}

/// One pass over a story.
pub(super) struct Story<'a, 'n> {
    scan: Scanner<'a>,
    document: &'a mut Document,
    numbering: &'a mut Numbering<'n>,
    budget: &'a Budget,
    /// Offsets are of a part that is written back; else ranges stay empty.
    keeps_bytes: bool,
    tables: Vec<OpenTable>,
    paragraph: Option<OpenParagraph>,
    /// Text boxes met inside the open paragraph, read after it.
    boxes: Vec<Range<usize>>,
    /// Whether a choice was taken, for each open `mc:AlternateContent`.
    alternatives: Vec<bool>,
    /// The content control that opens next only shows its placeholder.
    placeholder: bool,
    /// Text before this offset is a placeholder and not content.
    mute_until: usize,
    /// The mark of the last paragraph is deleted: the next one continues it.
    joins: bool,
    box_depth: usize,
    places_left: usize,
    over_budget: bool,
    pub seen: Seen,
}

struct OpenParagraph {
    text: usize,
    bytes: usize,
    numbering: usize,
    level: Option<u8>,
    mark_deleted: bool,
}

struct OpenTable {
    index: usize,
    cells: Vec<Cell>,
    row: u32,
    cols: u32,
    /// Grid column behind the last cell of the open row.
    cursor: u32,
    in_row: bool,
    cell: Option<OpenCell>,
    /// Vertical merges that the row above leaves open, and those that this row leaves open.
    merges: Vec<Merge>,
    next_merges: Vec<Merge>,
    broken: bool,
}

#[derive(Clone, Copy)]
struct Merge {
    col: u32,
    span: u32,
    cell: usize,
}

struct OpenCell {
    text: usize,
    bytes: usize,
    paragraphs: u32,
    span: u32,
    vertical: Option<bool>,
    continues_left: bool,
    deleted: bool,
    /// Text before a nested table, while that table is read.
    before: String,
    nested: bool,
}

impl<'a, 'n> Story<'a, 'n> {
    /// Gets ready to read the bytes of a part into `document`.
    pub fn new(
        bytes: &'a [u8],
        document: &'a mut Document,
        numbering: &'a mut Numbering<'n>,
        budget: &'a Budget,
        keeps_bytes: bool,
    ) -> Self {
        let used: usize = document.tables.iter().map(|t| t.grid.len()).sum();
        Story {
            scan: Scanner::new(bytes),
            document,
            numbering,
            budget,
            keeps_bytes,
            tables: Vec::new(),
            paragraph: None,
            boxes: Vec::new(),
            alternatives: Vec::new(),
            placeholder: false,
            mute_until: 0,
            joins: false,
            box_depth: 0,
            places_left: budget.places.saturating_sub(used),
            over_budget: false,
            seen: Seen::default(),
        }
    }

    /// Reads a range of the part.
    pub fn read(mut self, range: Range<usize>) -> Seen {
        self.flow(range);
        self.adopt_orphans();
        self.seen.hidden_runs = self.scan.hides;
        self.seen
    }

    /// A nested table whose cell was deleted or lost in a broken table goes to the last cell there is, or stands by itself.
    fn adopt_orphans(&mut self) {
        for index in 0..self.document.tables.len() {
            let Some((parent, cell)) = self.document.tables[index].parent else {
                continue;
            };
            let cells = self
                .document
                .table(parent)
                .map_or(0, |t| t.cells.len() as u32);
            if cell < cells {
                continue;
            }
            self.document.tables[index].parent = cells.checked_sub(1).map(|last| (parent, last));
            if cells == 0 {
                self.document.blocks.push(Block::Table(index as u32 + 1));
            }
        }
    }

    fn flow(&mut self, range: Range<usize>) {
        let base = self.tables.len();
        let outer = self.scan.window(range);
        loop {
            if self.over_budget {
                break;
            }
            if self.scan.enters_text() {
                self.text();
                continue;
            }
            let Some(tag) = self.scan.next_tag() else {
                break;
            };
            if tag.close {
                self.close(&tag, base)
            } else {
                self.open(&tag, base)
            }
        }
        self.end_paragraph(self.scan.end());
        while self.tables.len() > base {
            self.mark_broken();
            self.end_table(self.scan.end());
        }
        self.scan.window(outer);
    }

    #[inline]
    fn open(&mut self, tag: &Raw<'a>, base: usize) {
        let Some(name) = self.scan.word(tag.name) else {
            return self.open_foreign(tag);
        };
        match name {
            b"t" if !tag.empty => {
                self.scan.begin_text(tag);
                self.text();
            }
            b"r" => self.scan.begin_run(tag),
            b"rPr" if !tag.empty => self.scan.skip_run_properties(tag),
            b"p" => {
                self.begin_paragraph(tag, base);
                if tag.empty {
                    self.end_paragraph(tag.end);
                }
            }
            b"pPr" if !tag.empty => self.paragraph_properties(),
            b"tc" => {
                self.begin_cell(tag, base);
                if tag.empty {
                    self.end_cell(tag.end);
                }
            }
            b"tcPr" if !tag.empty => self.cell_properties(),
            b"tr" => self.begin_row(base),
            b"trPr" if !tag.empty => self.row_properties(),
            b"tbl" if !tag.empty => self.begin_table(tag, base),
            b"tab" | b"ptab" => self.push("\t"),
            b"br" => match xml::attributes(tag.attributes).find(|a| xml::local(a.0) == b"type") {
                Some((_, b"page" | b"column")) => {}
                _ => self.push("\n"),
            },
            b"cr" => self.push("\n"),
            b"noBreakHyphen" => self.push("-"),
            b"sym" => self.symbol(tag),
            b"del" | b"moveFrom" => {
                self.seen.tracked = true;
                self.scan.skip_element(tag);
            }
            b"ins" | b"moveTo" => self.seen.tracked = true,
            b"rt" => self.scan.skip_element(tag),
            b"sdtPr" if !tag.empty => {
                let inside = self.scan.element(tag);
                self.placeholder = self.scan.has_flag(inside, b"showingPlcHdr");
            }
            b"sdtContent" if !tag.empty && std::mem::take(&mut self.placeholder) => {
                self.mute_until = self.mute_until.max(self.scan.peek_element(tag).end);
            }
            b"txbxContent" => {
                let inside = self.scan.element(tag);
                self.text_box(inside);
            }
            b"footnoteReference" | b"endnoteReference" | b"altChunk" => {
                if let Some((_, id)) =
                    xml::attributes(tag.attributes).find(|a| xml::local(a.0) == b"id")
                {
                    let id = xml::decode(id).into_owned();
                    match name[0] {
                        b'a' => self.seen.chunks.push(id),
                        first => self.seen.notes.push((first == b'e', id)),
                    }
                }
            }
            _ => {}
        }
    }

    #[inline]
    fn close(&mut self, tag: &Raw<'a>, base: usize) {
        let Some(name) = self.scan.word(tag.name) else {
            if tag.name.ends_with(b":AlternateContent") {
                self.alternatives.pop();
            }
            return;
        };
        match name {
            b"p" => self.end_paragraph(tag.end),
            b"tc" if self.tables.len() > base => self.end_cell(tag.end),
            b"tr" if self.tables.len() > base => self.end_row(tag.start),
            b"tbl" if self.tables.len() > base => self.end_table(tag.start),
            b"body" | b"footnote" | b"endnote" => self.seen.complete = true,
            _ => {}
        }
    }

    /// Elements of other vocabularies: alternatives, and the text of formulas.
    fn open_foreign(&mut self, tag: &Raw<'a>) {
        match tag.name {
            b"m:t" if !tag.empty => self.text(),
            b"mc:AlternateContent" if !tag.empty => self.alternatives.push(false),
            b"mc:Choice" | b"mc:Fallback" if !tag.empty => match self.alternatives.last_mut() {
                Some(taken) if !*taken => *taken = true,
                _ => self.scan.skip_element(tag),
            },
            _ => {}
        }
    }

    // Text

    fn text(&mut self) {
        let muted = self.scan.at() < self.mute_until || self.paragraph.is_none();
        self.scan.text_into(if muted {
            None
        } else {
            Some(&mut self.document.text)
        });
        self.scan.end_text();
        if self.document.text.len() > self.budget.text_bytes() {
            self.run_out();
        }
    }

    fn push(&mut self, text: &str) {
        if self.paragraph.is_some() && self.scan.at() >= self.mute_until {
            self.document.text.push_str(text);
        }
    }

    /// A character of a symbol font; boxes and ticks are what forms use.
    fn symbol(&mut self, tag: &Raw<'a>) {
        let value = |name: &[u8]| {
            xml::attributes(tag.attributes)
                .find(|a| xml::local(a.0) == name)
                .map(|a| xml::decode(a.1))
        };
        let code = value(b"char").and_then(|c| u32::from_str_radix(&c, 16).ok());
        let wingdings = value(b"font").is_some_and(|f| f.starts_with("Wingdings"));
        let Some(code) = code else { return };
        let shown = symbol::shown(wingdings, code);
        self.push(shown.encode_utf8(&mut [0; 4]));
    }

    // Paragraphs

    fn begin_paragraph(&mut self, tag: &Raw<'a>, base: usize) {
        if self.paragraph.is_some() {
            self.end_paragraph(tag.start);
        }
        // A paragraph between rows: the table's end is lost.
        while self.tables.len() > base && self.tables.last().is_some_and(|t| !t.in_row) {
            self.mark_broken();
            self.end_table(tag.start);
        }
        let joins = std::mem::take(&mut self.joins);
        if let Some(table) = self.tables.last_mut() {
            let Some(cell) = table.cell.as_mut() else {
                table.broken = true;
                return;
            };
            if cell.paragraphs > 0 && !joins {
                self.document.text.push('\n');
            }
            cell.paragraphs += 1;
        } else if joins && let Some(last) = self.document.paragraphs.pop() {
            self.document.blocks.pop();
            self.paragraph = Some(OpenParagraph {
                text: last.text.start as usize,
                bytes: last.bytes.start as usize,
                numbering: last.numbering as usize,
                level: last.level,
                mark_deleted: false,
            });
            return;
        }
        let text = self.document.text.len();
        self.paragraph = Some(OpenParagraph {
            text,
            bytes: tag.start,
            numbering: 0,
            level: None,
            mark_deleted: false,
        });
    }

    fn paragraph_properties(&mut self) {
        let found = self.scan.paragraph_properties();
        let Some(paragraph) = self.paragraph.as_mut() else {
            return;
        };
        if found.mark_deleted {
            paragraph.mark_deleted = true;
            self.seen.tracked = true;
        }
        if found.style.is_none()
            && found.number.is_none()
            && found.list_level.is_none()
            && found.outline.is_none()
        {
            return;
        }
        let style = found.style.map(xml::decode);
        let level = found
            .outline
            .or_else(|| style.as_deref().and_then(|s| self.numbering.outline(s)));
        paragraph.level = level.filter(|l| *l < 9).map(|l| l + 1);
        if self.document.text.len() == paragraph.text {
            self.numbering.number_into(
                style.as_deref(),
                found.number,
                found.list_level,
                &mut self.document.text,
            );
            paragraph.numbering = self.document.text.len() - paragraph.text;
        }
    }

    fn end_paragraph(&mut self, end: usize) {
        let Some(paragraph) = self.paragraph.take() else {
            return;
        };
        self.joins = paragraph.mark_deleted;
        if self.tables.is_empty() {
            let bytes = self.bytes(paragraph.bytes, end);
            self.document.paragraphs.push(Paragraph {
                text: paragraph.text as u32..self.document.text.len() as u32,
                numbering: paragraph.numbering as u32,
                level: paragraph.level,
                bytes,
            });
            self.document
                .blocks
                .push(Block::Paragraph(self.document.paragraphs.len() as u32));
        }
        if !self.boxes.is_empty() && self.box_depth < self.budget.depth {
            self.box_depth += 1;
            for range in std::mem::take(&mut self.boxes) {
                self.flow(range);
            }
            self.box_depth -= 1;
        }
    }

    /// A text box is read after the paragraph it hangs on, as a reader of the page would.
    fn text_box(&mut self, inside: Range<usize>) {
        if self.paragraph.is_some() {
            self.boxes.push(inside);
        } else if self.box_depth < self.budget.depth {
            self.box_depth += 1;
            self.flow(inside);
            self.box_depth -= 1;
        }
    }

    // Tables

    fn begin_table(&mut self, tag: &Raw<'a>, base: usize) {
        self.end_paragraph(tag.start);
        self.joins = false;
        // A table between the rows of another: the first one's end is lost.
        while self.tables.len() > base && self.tables.last().is_some_and(|t| t.cell.is_none()) {
            self.mark_broken();
            self.end_table(tag.start);
        }
        if self.tables.len() >= self.budget.depth {
            self.notice(
                NoticeKind::OverBudget,
                format!("表格套表格超过 {} 层，更里面的没有读。", self.budget.depth),
                None,
            );
            self.scan.skip_element(tag);
            return;
        }
        let index = self.document.tables.len();
        let mut table = jiheng_model::Table {
            number: index as u32 + 1,
            ..jiheng_model::Table::default()
        };
        if let Some(parent) = self.tables.last_mut() {
            // The parent's cell is not placed yet; its index is the number of cells placed so far.
            table.parent = Some((parent.index as u32 + 1, parent.cells.len() as u32));
            if let Some(cell) = parent.cell.as_mut() {
                cell.nested = true;
                cell.before = self.document.text[cell.text..].to_string();
            }
        } else {
            self.document.blocks.push(Block::Table(index as u32 + 1));
        }
        self.document.tables.push(table);
        self.tables.push(OpenTable {
            index,
            cells: Vec::with_capacity(64),
            row: 0,
            cols: 0,
            cursor: 1,
            in_row: false,
            cell: None,
            merges: Vec::new(),
            next_merges: Vec::new(),
            broken: false,
        });
    }

    fn begin_row(&mut self, base: usize) {
        if self.tables.len() <= base {
            return;
        }
        let at = self.scan.at();
        if self.tables.last().is_some_and(|t| t.in_row) {
            self.mark_broken();
            self.end_row(at);
        }
        if let Some(table) = self.tables.last_mut() {
            table.in_row = true;
            table.row += 1;
            table.cursor = 1;
        }
    }

    fn row_properties(&mut self) {
        let found = self.scan.row_properties();
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        // No row begins so far to the right: the number is damaged.
        let before = Some(found.before).filter(|n| *n < grid::MAX_COLS);
        table.cursor = (table.cursor.saturating_add(before.unwrap_or(0))).min(grid::MAX_COLS);
        self.seen.hidden |= found.hidden;
        if found.deleted {
            self.seen.tracked = true;
            if table.in_row && table.cell.is_none() {
                table.in_row = false;
                table.row -= 1;
                self.scan.skip_to_end(b"tr");
            }
        }
    }

    fn begin_cell(&mut self, tag: &Raw<'a>, base: usize) {
        if self.tables.len() <= base {
            return;
        }
        self.end_paragraph(tag.start);
        if self.tables.last().is_some_and(|t| t.cell.is_some()) {
            self.mark_broken();
            self.end_cell(tag.start);
        }
        if self.tables.last().is_some_and(|t| !t.in_row) {
            self.mark_broken();
            self.begin_row(base);
        }
        let text = self.document.text.len();
        if let Some(table) = self.tables.last_mut() {
            table.cell = Some(OpenCell {
                text,
                bytes: tag.start,
                paragraphs: 0,
                span: 1,
                vertical: None,
                continues_left: false,
                deleted: false,
                before: String::new(),
                nested: false,
            });
        }
    }

    fn cell_properties(&mut self) {
        let found = self.scan.cell_properties();
        if let Some(cell) = self.tables.last_mut().and_then(|t| t.cell.as_mut()) {
            // No cell is so wide: the number is damaged.
            cell.span = Some(found.span)
                .filter(|n| (1..grid::MAX_COLS).contains(n))
                .unwrap_or(1);
            cell.vertical = found.vertical;
            cell.continues_left = found.continues_left;
            cell.deleted = found.deleted;
        }
    }

    fn end_cell(&mut self, end: usize) {
        self.end_paragraph(end);
        self.joins = false;
        let keeps = self.keeps_bytes;
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        let Some(open) = table.cell.take() else {
            return;
        };
        if open.deleted {
            self.seen.tracked = true;
            return;
        }
        let col = table.cursor;
        if col >= grid::MAX_COLS {
            // Beyond the widest row: what it says goes to the cell at its left.
            table.broken = true;
            if let Some(left) = table.cells.last_mut().filter(|c| c.row == table.row) {
                left.text.end = self.document.text.len() as u32;
                let to = table.cells.len() - 1;
                self.move_nested(&open, to);
            }
            return;
        }
        table.cursor = col.saturating_add(open.span).min(grid::MAX_COLS);
        if open.continues_left
            && let Some(left) = table.cells.last_mut().filter(|c| c.row == table.row)
        {
            left.col_span = table.cursor.saturating_sub(left.col).max(1);
            let to = table.cells.len() - 1;
            self.move_nested(&open, to);
            return;
        }
        if open.vertical == Some(false) {
            // Continuation: Word shows nothing of it but the cell above, reaching down.
            if let Some(merge) = table
                .merges
                .iter()
                .find(|m| m.col == col && m.span == open.span)
                .copied()
            {
                table.cells[merge.cell].row_span += 1;
                table.next_merges.push(merge);
                self.move_nested(&open, merge.cell);
                return;
            }
        }
        if open.vertical.is_some() {
            table.next_merges.push(Merge {
                col,
                span: open.span,
                cell: table.cells.len(),
            });
        }
        table.cells.push(Cell {
            row: table.row,
            col,
            row_span: 1,
            col_span: open.span,
            text: open.text as u32..self.document.text.len() as u32,
            bytes: if keeps {
                open.bytes as u32..end as u32
            } else {
                0..0
            },
        });
    }

    /// Tables nested in a cell that only continues another one belong to that one.
    fn move_nested(&mut self, open: &OpenCell, to: usize) {
        let Some(table) = self.tables.last().filter(|_| open.nested) else {
            return;
        };
        let from = (table.index as u32 + 1, table.cells.len() as u32);
        for nested in self
            .document
            .tables
            .iter_mut()
            .filter(|t| t.parent == Some(from))
        {
            nested.parent = Some((from.0, to as u32));
        }
    }

    fn end_row(&mut self, end: usize) {
        if self.tables.last().is_some_and(|t| t.cell.is_some()) {
            self.mark_broken();
            self.end_cell(end);
        }
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        table.in_row = false;
        table.cols = table.cols.max(table.cursor - 1);
        std::mem::swap(&mut table.merges, &mut table.next_merges);
        table.next_merges.clear();
    }

    fn end_table(&mut self, end: usize) {
        if self.tables.last().is_some_and(|t| t.in_row) {
            self.mark_broken();
            self.end_row(end);
        }
        let Some(open) = self.tables.pop() else {
            return;
        };
        let number = open.index as u32 + 1;
        if open.broken {
            self.notice(
                NoticeKind::Broken,
                format!("表{number} 的结构不完整，能读的格都读了。"),
                Some(number),
            );
        }
        let Some(slot) = self.document.tables.get_mut(open.index) else {
            return;
        };
        match grid::table(number, open.cells, open.row, open.cols, self.places_left) {
            Some(table) => {
                let taken = table.grid.len().max(TABLE);
                self.places_left = self.places_left.saturating_sub(taken);
                let parent = slot.parent;
                *slot = jiheng_model::Table { parent, ..table };
            }
            None => {
                self.notice(
                    NoticeKind::OverBudget,
                    format!("表{number} 太大，没有读。"),
                    Some(number),
                );
                if self.places_left == 0 {
                    self.run_out();
                }
            }
        }
        self.resume_cell();
    }

    /// After a nested table the outer cell's text goes on in one piece: what stands before the table is written again.
    fn resume_cell(&mut self) {
        let Some(cell) = self.tables.last_mut().and_then(|t| t.cell.as_mut()) else {
            return;
        };
        cell.text = self.document.text.len();
        self.document
            .text
            .push_str(&std::mem::take(&mut cell.before));
        if self.document.text.len() > self.budget.text_bytes() {
            self.run_out();
        }
    }

    fn mark_broken(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.broken = true;
        }
    }

    fn run_out(&mut self) {
        if !self.over_budget {
            self.over_budget = true;
            self.notice(
                NoticeKind::OverBudget,
                "文字太多，后面的没有读。".into(),
                None,
            );
        }
    }

    fn notice(&mut self, kind: NoticeKind, message: String, table: Option<u32>) {
        self.document.notices.push(Notice {
            kind,
            message,
            table,
        });
    }

    fn bytes(&self, start: usize, end: usize) -> Range<u32> {
        if self.keeps_bytes {
            start as u32..end as u32
        } else {
            0..0
        }
    }
}
