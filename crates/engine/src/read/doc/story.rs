//! The characters of a story with their properties come in; its paragraphs and tables are appended to a `Document`.

use super::super::numbering::Numbering;
use super::super::{SHOWN, grid, symbol};
use super::fields;
use super::pieces::{NOTHING, Spot, Text};
use super::runs::{Characters, Paragraph, Runs};
use super::styles::Styles;
use super::tables::{OpenCell, OpenTable};
use jiheng_model::document::Block;
use jiheng_model::{Document, Notice, NoticeKind, Table};
use jiheng_office::Budget;
use std::ops::Range;

const CELL_END: u16 = 0x07;
const PARAGRAPH_END: u16 = 0x0d;
const PAGE_OR_SECTION_END: u16 = 0x0c;

/// What all stories of a file share.
pub(super) struct File<'a> {
    pub main: &'a [u8],
    pub tables: &'a [u8],
    /// Modifiers that lie in the data stream, by offset.
    pub data: &'a dyn Fn(u32) -> Option<Vec<u8>>,
    pub paragraphs: Runs,
    pub characters: Runs,
    pub styles: Styles,
    pub symbols: Vec<u16>,
    pub text: &'a Text,
}

/// What was met besides text and tables.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Tracked insertions or deletions.
    pub tracked: bool,
    /// The text ends before the file says it does.
    pub cut: bool,
    /// The beginning of what stands in it as hidden text.
    pub hidden: String,
}

/// Reads stories one after the other.
pub(super) struct Story<'a> {
    file: &'a File<'a>,
    numbering: Numbering<'static>,
    document: &'a mut Document,
    budget: &'a Budget,
    tables: Vec<OpenTable>,
    places_left: usize,
    /// Text of the paragraph that is being read, and how much of it is its automatic number.
    line: String,
    numbered: usize,
    /// The mark of the last paragraph is deleted: the next one continues it.
    joins: bool,
    too_deep: bool,
    pub seen: Seen,
}

impl<'a> Story<'a> {
    pub fn new(
        file: &'a File<'a>,
        numbering: Numbering<'static>,
        document: &'a mut Document,
        budget: &'a Budget,
    ) -> Story<'a> {
        Story {
            file,
            numbering,
            document,
            budget,
            tables: Vec::new(),
            places_left: budget.places,
            line: String::new(),
            numbered: 0,
            joins: false,
            too_deep: false,
            seen: Seen::default(),
        }
    }

    /// Footnotes, endnotes or text boxes; the blank paragraphs that close them are left out.
    pub fn read_notes(&mut self, range: Range<usize>) {
        let before = self.document.blocks.len();
        self.read(range);
        while self.document.blocks.len() > before
            && matches!(self.document.blocks.last(), Some(Block::Paragraph(_)))
            && self
                .document
                .paragraphs
                .last()
                .is_some_and(|p| p.text.is_empty())
        {
            self.document.blocks.pop();
            self.document.paragraphs.pop();
        }
    }

    /// Reads a range of character positions.
    pub fn read(&mut self, range: Range<usize>) {
        let end = range.end.min(self.file.text.units.len());
        self.seen.cut |= end < range.end;
        let Some(units) = self.file.text.units.get(range.start..end) else {
            return;
        };
        let hidden = fields::hidden(units, range.start);
        let mut start = range.start;
        while start < end {
            let stop = self.paragraph_end(start, end);
            self.paragraph(start, stop, end, &hidden);
            start = stop + 1;
        }
        self.end_tables(0);
        self.joins = false;
    }

    /// The position of the mark that ends the paragraph, or the story's last position.
    fn paragraph_end(&self, start: usize, end: usize) -> usize {
        let units = &self.file.text.units;
        let is_end = |at: usize| match units.get(at) {
            Some(&(CELL_END | PARAGRAPH_END)) => true,
            Some(&PAGE_OR_SECTION_END) => self.ends_here(at),
            _ => false,
        };
        (start..end).find(|at| is_end(*at)).unwrap_or(end - 1)
    }

    /// A paragraph's properties end with this character: it is a section's end, not a page break.
    fn ends_here(&self, at: usize) -> bool {
        self.file.text.spot(at).is_some_and(|spot| {
            self.file
                .paragraphs
                .at(spot.offset)
                .is_none_or(|run| run.end <= spot.offset + spot.width)
        })
    }

    fn paragraph(&mut self, start: usize, stop: usize, end: usize, hidden: &[Range<usize>]) {
        let Some(spot) = self.file.text.spot(stop) else {
            return;
        };
        let mark = self
            .file
            .text
            .units
            .get(stop)
            .copied()
            .unwrap_or(PARAGRAPH_END);
        let properties = self.properties(&spot);
        let deleted = self.characters(&spot).0.deleted;
        if !std::mem::take(&mut self.joins) {
            self.line.clear();
            self.numbered = 0;
            let level = properties.level.unwrap_or(0).min(8);
            if let Some(list) = properties.list.filter(|l| (1..0xf800).contains(l)) {
                let list = Some(u32::from(list));
                self.numbering
                    .number_into(None, list, Some(level), &mut self.line);
                self.numbered = self.line.len();
            }
        }
        let stop_text = if matches!(mark, CELL_END | PARAGRAPH_END | PAGE_OR_SECTION_END) {
            stop
        } else {
            end
        };
        self.text(start..stop_text, hidden);
        let depth = properties.depth().min(self.budget.depth);
        if properties.depth() > self.budget.depth && !std::mem::replace(&mut self.too_deep, true) {
            let message = format!(
                "表格套表格超过 {} 层，更里面的没有分开读。",
                self.budget.depth
            );
            self.notice(NoticeKind::OverBudget, message, None);
        }
        self.end_tables(depth);
        while self.tables.len() < depth {
            self.begin_table();
        }
        let outermost = depth <= 1;
        let is_row_end = if outermost {
            mark == CELL_END && properties.row_end
        } else {
            properties.inner_row_end
        };
        let ends_cell = if outermost {
            mark == CELL_END
        } else {
            properties.inner_cell || mark == CELL_END
        };
        let Some(table) = self.tables.last_mut() else {
            if deleted {
                self.seen.tracked = true;
                self.joins = true;
            } else {
                self.push_paragraph(&properties);
            }
            return;
        };
        if is_row_end {
            if deleted {
                self.seen.tracked = true;
                table.cells.clear();
                table.cell = None;
            }
            table.end_row(properties.row);
            return;
        }
        if deleted && !ends_cell {
            self.seen.tracked = true;
            self.joins = true;
            return;
        }
        let cell = table.cell.get_or_insert_default();
        if cell.paragraphs > 0 {
            cell.text.push('\n');
        }
        cell.paragraphs += 1;
        cell.text.push_str(&self.line);
        if ends_cell {
            table.cells.extend(table.cell.take());
        }
    }

    fn push_paragraph(&mut self, properties: &Paragraph) {
        let from = self.document.text.len() as u32;
        self.document.text.push_str(&self.line);
        self.document.paragraphs.push(jiheng_model::Paragraph {
            text: from..self.document.text.len() as u32,
            numbering: self.numbered as u32,
            level: properties.outline.filter(|l| *l < 9).map(|l| l + 1),
            bytes: 0..0,
        });
        let number = self.document.paragraphs.len() as u32;
        self.document.blocks.push(Block::Paragraph(number));
    }

    // Properties

    fn properties(&self, spot: &Spot) -> Paragraph {
        let mut paragraph = Paragraph::default();
        if let Some(run) = self.file.paragraphs.at(spot.offset) {
            let modifiers = self
                .file
                .main
                .get(run.modifiers.clone())
                .unwrap_or_default();
            paragraph.apply(modifiers, self.file.data);
            self.file.styles.fill(run.style, &mut paragraph);
        }
        if spot.modifier & 1 != 0 {
            let saved = self.file.text.saved(spot.modifier);
            let saved = saved.and_then(|r| self.file.tables.get(r));
            paragraph.apply(saved.unwrap_or_default(), self.file.data);
        } else {
            let value = spot.modifier >> 8 != 0;
            match spot.modifier >> 1 & 0x7f {
                0x18 => paragraph.in_table = value,
                0x19 => paragraph.row_end = value,
                _ => {}
            }
        }
        paragraph
    }

    /// Properties of the character at a spot, and the offset until which they hold.
    fn characters(&self, spot: &Spot) -> (Characters, usize) {
        let mut characters = Characters::default();
        let mut until = usize::MAX;
        if let Some(run) = self.file.characters.at(spot.offset) {
            let modifiers = self.file.main.get(run.modifiers.clone());
            characters.apply(modifiers.unwrap_or_default());
            until = run.end;
        }
        if spot.modifier & 1 != 0 {
            let saved = self.file.text.saved(spot.modifier);
            let saved = saved.and_then(|r| self.file.tables.get(r));
            characters.apply(saved.unwrap_or_default());
        } else {
            let value = spot.modifier >> 8 != 0;
            match spot.modifier >> 1 & 0x7f {
                0x41 => characters.deleted = value,
                0x42 => characters.inserted = value,
                _ => {}
            }
        }
        (characters, until)
    }

    // Text

    fn text(&mut self, range: Range<usize>, hidden: &[Range<usize>]) {
        let mut at = range.start;
        while at < range.end {
            let Some(spot) = self.file.text.spot(at) else {
                return;
            };
            let (characters, until) = self.characters(&spot);
            let same = until
                .saturating_sub(spot.offset)
                .div_ceil(spot.width)
                .max(1);
            let stop = range.end.min(spot.end).min(at.saturating_add(same));
            self.seen.tracked |= characters.deleted || characters.inserted;
            if let Some((font, code)) = characters.symbol {
                let wingdings = self.file.symbols.contains(&font);
                self.line.push(symbol::shown(wingdings, u32::from(code)));
            } else if !characters.deleted {
                let from = self.line.len();
                self.units(at..stop, hidden);
                if characters.hidden {
                    let room = SHOWN.saturating_sub(self.seen.hidden.chars().count());
                    let said = self.line.get(from..).unwrap_or_default();
                    self.seen.hidden.extend(said.chars().take(room));
                }
            }
            at = stop;
        }
    }

    /// Appends what is seen of a stretch: without instructions of fields and without marks.
    fn units(&mut self, range: Range<usize>, hidden: &[Range<usize>]) {
        let mut at = range.start;
        let mut next = hidden.partition_point(|h| h.end <= at);
        while at < range.end {
            let stop = match hidden.get(next) {
                Some(h) if h.start <= at => {
                    at = h.end;
                    next += 1;
                    continue;
                }
                Some(h) => h.start.min(range.end),
                None => range.end,
            };
            let units = self.file.text.units.get(at..stop).unwrap_or_default();
            let units = units.iter().copied().filter(|u| *u != NOTHING);
            for c in char::decode_utf16(units) {
                match c.unwrap_or('\u{fffd}') {
                    '\u{b}' => self.line.push('\n'),
                    '\u{1e}' => self.line.push('-'),
                    c @ ('\t' | ' '..) => self.line.push(c),
                    _ => {}
                }
            }
            at = stop;
        }
    }

    // Tables

    fn begin_table(&mut self) {
        let index = self.document.tables.len();
        if let Some(outer) = self.tables.last_mut() {
            let cell: &mut OpenCell = outer.cell.get_or_insert_default();
            cell.nested.push(index);
        } else {
            self.document.blocks.push(Block::Table(index as u32 + 1));
        }
        self.document.tables.push(Table {
            number: index as u32 + 1,
            ..Table::default()
        });
        self.tables.push(OpenTable {
            index,
            ..OpenTable::default()
        });
    }

    /// Ends the tables deeper than `depth`.
    fn end_tables(&mut self, depth: usize) {
        while self.tables.len() > depth {
            let Some(mut open) = self.tables.pop() else {
                return;
            };
            open.end_row(None);
            let index = open.index;
            let number = index as u32 + 1;
            let laid = open.lay(&mut self.document.text);
            for (table, cell) in laid.nested {
                if let Some(nested) = self.document.tables.get_mut(table) {
                    nested.parent = Some((number, cell));
                }
            }
            let table = grid::table(number, laid.cells, laid.rows, laid.cols, self.places_left);
            match (table, self.document.tables.get_mut(index)) {
                (Some(table), Some(slot)) => {
                    self.places_left -= table.grid.len();
                    let parent = slot.parent;
                    *slot = Table { parent, ..table };
                }
                _ => {
                    let message = format!("表{number} 太大，没有读。");
                    self.notice(NoticeKind::OverBudget, message, Some(number));
                }
            }
        }
    }

    fn notice(&mut self, kind: NoticeKind, message: String, table: Option<u32>) {
        self.document.notices.push(Notice {
            kind,
            message,
            table,
        });
    }
}
