//! The pages of formatted runs come in; the properties of the paragraph or character at an offset go out.

use super::sprm::{self, Modifiers};
use jiheng_office::le::{i16_at, u8_at, u16_at, u32_at};
use std::ops::Range;

const PAGE: usize = 512;

/// Runs of paragraphs or of characters, by offset in the stream.
#[derive(Debug, Default)]
pub(super) struct Runs {
    list: Vec<Run>,
}

/// A stretch of the stream with the same properties.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub start: usize,
    pub end: usize,
    /// Its modifiers in the stream; a paragraph's begin behind the number of its style.
    pub modifiers: Range<usize>,
    /// Number of the paragraph style.
    pub style: u16,
}

/// What kind of run a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraphs,
    Characters,
}

impl Runs {
    /// Reads the pages that a table lists.
    pub fn read(main: &[u8], table: &[u8], kind: Kind) -> Runs {
        let count = (table.len().saturating_sub(4) / 8).min(main.len() / PAGE);
        let all = table.len().saturating_sub(4) / 8;
        let mut list = Vec::new();
        for i in 0..count {
            let Some(number) = u32_at(table, (all + 1) * 4 + i * 4) else {
                break;
            };
            let at = (number & 0x003f_ffff) as usize * PAGE;
            if let Some(page) = main.get(at..at + PAGE) {
                page_into(page, at, kind, &mut list);
            }
        }
        if !list.is_sorted_by_key(|r| r.start) {
            list.sort_by_key(|r| r.start);
        }
        Runs { list }
    }

    /// The run that covers an offset.
    pub fn at(&self, offset: usize) -> Option<&Run> {
        let index = self.list.partition_point(|r| r.start <= offset);
        self.list
            .get(index.checked_sub(1)?)
            .filter(|r| offset < r.end)
    }
}

fn page_into(page: &[u8], at: usize, kind: Kind, list: &mut Vec<Run>) {
    let count = usize::from(page[PAGE - 1]);
    let entry = match kind {
        Kind::Paragraphs => 13,
        Kind::Characters => 1,
    };
    for i in 0..count {
        let (Some(start), Some(end)) = (u32_at(page, i * 4), u32_at(page, i * 4 + 4)) else {
            return;
        };
        let Some(word) = u8_at(page, (count + 1) * 4 + i * entry) else {
            return;
        };
        let mut run = Run {
            start: start as usize,
            end: end as usize,
            modifiers: 0..0,
            style: 0,
        };
        let from = usize::from(word) * 2;
        if word != 0 {
            let len = usize::from(page[from]);
            let (from, len) = match kind {
                Kind::Characters => (from + 1, len),
                Kind::Paragraphs if len == 0 => (
                    from + 2,
                    usize::from(u8_at(page, from + 1).unwrap_or(0)) * 2,
                ),
                Kind::Paragraphs => (from + 1, len * 2 - 1),
            };
            let to = (from + len).min(PAGE);
            if kind == Kind::Paragraphs {
                run.style = u16_at(page, from).unwrap_or(0);
                run.modifiers = at + (from + 2).min(to)..at + to;
            } else {
                run.modifiers = at + from.min(to)..at + to;
            }
        }
        list.push(run);
    }
}

/// Properties of a paragraph that matter here.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    pub in_table: bool,
    pub row_end: bool,
    pub inner_cell: bool,
    pub inner_row_end: bool,
    /// Depth of tables; 0 outside.
    pub depth: Option<i32>,
    pub list: Option<u16>,
    pub level: Option<u8>,
    pub outline: Option<u8>,
    /// The cells of the row that ends here.
    pub row: Option<Row>,
}

/// Edges and merges of a table row.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Left and right edges of its cells in twips, one more than cells.
    pub edges: Vec<i32>,
    pub cells: Vec<Merge>,
}

/// How a cell of a row is merged with its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Merge {
    /// It is a part of the cell at its left.
    pub left: bool,
    /// `Some(true)`: first of cells merged downwards; `Some(false)`: a part of the cell above.
    pub vertical: Option<bool>,
}

impl Paragraph {
    /// How deep in tables the paragraph stands.
    pub fn depth(&self) -> usize {
        let at_least = i32::from(self.in_table);
        self.depth.unwrap_or(0).max(at_least).max(0) as usize
    }

    /// Applies modifiers; properties too long for a page are fetched from the data stream.
    pub fn apply(&mut self, modifiers: &[u8], data: &dyn Fn(u32) -> Option<Vec<u8>>) {
        for (code, operand) in Modifiers::new(modifiers) {
            match code {
                sprm::P_HUGE | sprm::P_HUGE_OLD => {
                    if let Some(more) = u32_at(operand, 0).and_then(data) {
                        self.apply(&more, &|_| None);
                    }
                }
                _ => self.set(code, operand),
            }
        }
    }

    fn set(&mut self, code: u16, operand: &[u8]) {
        let byte = u8_at(operand, 0).unwrap_or(0);
        let number = || u32_at(operand, 0).map(|n| n as i32);
        match code {
            sprm::P_IN_TABLE => self.in_table = byte != 0,
            sprm::P_ROW_END => self.row_end = byte != 0,
            sprm::P_INNER_CELL => self.inner_cell = byte != 0,
            sprm::P_INNER_ROW_END => self.inner_row_end = byte != 0,
            sprm::P_DEPTH => self.depth = number(),
            sprm::P_DEPTH_MORE => {
                self.depth = Some(
                    self.depth
                        .unwrap_or(0)
                        .saturating_add(number().unwrap_or(0)),
                );
            }
            sprm::P_LEVEL => self.level = Some(byte),
            sprm::P_LIST => self.list = u16_at(operand, 0),
            sprm::P_OUTLINE => self.outline = Some(byte),
            sprm::T_DEF_TABLE => self.row = Row::define(operand),
            sprm::T_VERTICAL
            | sprm::T_MERGE
            | sprm::T_SPLIT
            | sprm::T_INSERT
            | sprm::T_DELETE
            | sprm::T_WIDTH => {
                if let Some(row) = self.row.as_mut() {
                    row.change(code, operand);
                }
            }
            _ => {}
        }
    }
}

impl Row {
    fn define(operand: &[u8]) -> Option<Row> {
        let count = usize::from(u8_at(operand, 0)?);
        let edges = (0..=count)
            .map_while(|i| i16_at(operand, 1 + i * 2).map(i32::from))
            .collect::<Vec<_>>();
        let cells_at = 1 + (count + 1) * 2;
        let cells = (0..count)
            .map(|i| {
                let flags = u16_at(operand, cells_at + i * 20).unwrap_or(0);
                Merge {
                    left: flags & 0x3 == 1,
                    vertical: vertical(flags >> 5 & 0x3),
                }
            })
            .collect();
        (edges.len() == count + 1).then_some(Row { edges, cells })
    }

    /// Cells inserted, deleted, merged or split after the row was defined.
    fn change(&mut self, code: u16, operand: &[u8]) {
        let byte = |i| u8_at(operand, i).map(usize::from).unwrap_or(0);
        let count = self.cells.len();
        let (first, end) = (byte(0).min(count), byte(1).min(count));
        match code {
            sprm::T_VERTICAL => {
                if let Some(cell) = self.cells.get_mut(byte(0)) {
                    cell.vertical = vertical(u8_at(operand, 1).unwrap_or(0).into());
                }
            }
            sprm::T_MERGE => (first + 1..end).for_each(|i| self.cells[i].left = true),
            sprm::T_SPLIT => (first..end).for_each(|i| self.cells[i].left = false),
            sprm::T_DELETE if first < end => {
                let gone = self.edges[end] - self.edges[first];
                self.cells.drain(first..end);
                self.edges.drain(first + 1..=end);
                self.move_from(first + 1, -gone);
            }
            sprm::T_INSERT => {
                let new = byte(1).min(64);
                let width = i16_at(operand, 2).map_or(0, i32::from);
                if count + new > 255 {
                    return;
                }
                let start = self.edges[first];
                for i in 0..new {
                    self.cells.insert(first, Merge::default());
                    self.edges
                        .insert(first + 1 + i, start + width * (i as i32 + 1));
                }
                self.move_from(first + 1 + new, width * new as i32);
            }
            sprm::T_WIDTH => {
                let width = i16_at(operand, 2).map_or(0, i32::from);
                for i in first..end {
                    let more = width - (self.edges[i + 1] - self.edges[i]);
                    self.move_from(i + 1, more);
                }
            }
            _ => {}
        }
    }

    fn move_from(&mut self, edge: usize, by: i32) {
        for edge in self.edges.iter_mut().skip(edge) {
            *edge = edge.saturating_add(by);
        }
    }
}

fn vertical(flags: u16) -> Option<bool> {
    match flags {
        0 => None,
        1 => Some(false),
        _ => Some(true),
    }
}

/// Properties of characters that matter here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Characters {
    /// Tracked as deleted.
    pub deleted: bool,
    /// Tracked as inserted.
    pub inserted: bool,
    /// Not shown.
    pub hidden: bool,
    /// A character of a symbol font: the font's number and the character.
    pub symbol: Option<(u16, u16)>,
}

impl Characters {
    /// Applies modifiers.
    pub fn apply(&mut self, modifiers: &[u8]) {
        for (code, operand) in Modifiers::new(modifiers) {
            match code {
                sprm::C_DELETED => self.deleted = u8_at(operand, 0).unwrap_or(0) & 1 != 0,
                sprm::C_INSERTED => self.inserted = u8_at(operand, 0).unwrap_or(0) & 1 != 0,
                sprm::C_HIDDEN => self.hidden = u8_at(operand, 0) == Some(1),
                sprm::C_SYMBOL => {
                    self.symbol = u16_at(operand, 0).zip(u16_at(operand, 2));
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            edges: vec![0, 100, 200, 300],
            cells: vec![Merge::default(); 3],
        }
    }

    #[test]
    fn rows_follow_their_changes() {
        let mut r = row();
        r.change(sprm::T_DELETE, &[0, 1]);
        assert_eq!((r.edges.as_slice(), r.cells.len()), (&[0, 100, 200][..], 2));
        r.change(sprm::T_INSERT, &[1, 2, 50, 0]);
        assert_eq!(r.edges, [0, 100, 150, 200, 300]);
        assert_eq!(r.cells.len(), 4);
        r.change(sprm::T_WIDTH, &[0, 1, 40, 0]);
        assert_eq!(r.edges, [0, 40, 90, 140, 240]);
        r.change(sprm::T_MERGE, &[1, 3]);
        assert_eq!(
            r.cells.iter().map(|c| c.left).collect::<Vec<_>>(),
            [false, false, true, false]
        );
    }

    #[test]
    fn changes_beyond_a_row_do_nothing() {
        for code in [
            sprm::T_DELETE,
            sprm::T_INSERT,
            sprm::T_WIDTH,
            sprm::T_MERGE,
            sprm::T_SPLIT,
            sprm::T_VERTICAL,
        ] {
            let mut r = row();
            r.change(code, &[250, 255, 255, 255]);
            r.change(code, &[]);
            assert_eq!(r.edges.len(), r.cells.len() + 1);
        }
    }
}
