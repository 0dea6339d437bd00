//! An official package comes in; the data of the template goes out, and the characters that no face has.

use crate::fonts::{Fonts, Role};
use jiheng_render::official::{Align, Block, Cell, Official, Part, PartKind, Table};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The data as JSON. A character without a glyph becomes "〓", the printers' sign for a missing sort.
pub fn of(official: &Official, fonts: &Fonts) -> (Vec<u8>, Vec<char>) {
    let mut text = Text {
        fonts,
        missing: BTreeSet::new(),
    };
    let parts: Vec<Value> = official.parts.iter().map(|p| part(p, &mut text)).collect();
    let faces: serde_json::Map<String, Value> = Role::ALL
        .iter()
        .map(|role| (role.key().to_string(), json!(fonts.families(*role))))
        .collect();
    let data = json!({ "title": text.of(&official.title), "fonts": faces, "parts": parts });
    (
        data.to_string().into_bytes(),
        text.missing.into_iter().collect(),
    )
}

struct Text<'a> {
    fonts: &'a Fonts,
    missing: BTreeSet<char>,
}

impl Text<'_> {
    fn of(&mut self, text: &str) -> String {
        text.chars()
            .filter_map(|c| match c {
                '\n' => Some(c),
                '\t' => Some(' '),
                c if c.is_control() => None,
                // Spaces of all widths have no ink: none is an empty box.
                c if c.is_whitespace() => Some(if self.fonts.has(c) { c } else { ' ' }),
                c if self.fonts.has(c) => Some(c),
                c => {
                    self.missing.insert(c);
                    Some('〓')
                }
            })
            .collect()
    }
}

fn part(part: &Part, text: &mut Text<'_>) -> Value {
    let blocks: Vec<Value> = part.blocks.iter().map(|b| block(b, text)).collect();
    json!({
        "landscape": part.landscape,
        "form": matches!(part.kind, PartKind::Form(..)),
        "numbered": part.kind != PartKind::Cover,
        "blocks": blocks,
    })
}

fn block(block: &Block, text: &mut Text<'_>) -> Value {
    match block {
        Block::Annex(line) => json!({ "kind": "annex", "text": text.of(line) }),
        Block::Title { lines, form } => {
            json!({ "kind": "title", "text": text.of(&lines.join("\n")), "form": form })
        }
        Block::Heading { level, text: line } => {
            json!({ "kind": "heading", "level": level, "text": text.of(line) })
        }
        Block::Paragraph(line) => json!({ "kind": "paragraph", "text": text.of(line) }),
        Block::Line {
            text: line,
            align,
            small,
        } => {
            json!({ "kind": "line", "text": text.of(line), "align": side(*align), "small": small })
        }
        Block::Space(lines) => json!({ "kind": "space", "lines": lines }),
        Block::Table(table) => {
            let groups: Vec<Value> = groups(table, text);
            json!({ "kind": "table", "widths": table.widths, "groups": groups })
        }
    }
}

fn side(align: Align) -> &'static str {
    match align {
        Align::Left => "left",
        Align::Center => "center",
        Align::Right => "right",
    }
}

/// The cells in reading order, cut into what stands before, in and after each head row.
fn groups(table: &Table, text: &mut Text<'_>) -> Vec<Value> {
    let mut heads: Vec<u32> = table.heads.iter().map(|h| h.row).collect();
    heads.sort_unstable();
    heads.dedup();
    let mut pieces: Vec<Piece<'_>> = table.cells.iter().flat_map(|c| cut(c, &heads)).collect();
    pieces.sort_by_key(|p| (p.row, p.cell.col));
    let mut groups: Vec<(bool, Vec<Value>)> = Vec::new();
    for piece in &pieces {
        let head = heads.contains(&piece.row);
        let row = piece.value(text);
        // Two heads in adjoining rows are two heads.
        let new_head = head && piece.cell.col == 1;
        match groups.last_mut() {
            Some((was, cells)) if *was == head && !new_head => cells.push(row),
            _ => groups.push((head, vec![row])),
        }
    }
    let group = |(head, cells): (bool, Vec<Value>)| json!({ "head": head, "cells": cells });
    groups.into_iter().map(group).collect()
}

/// A part of a cell that lies wholly inside or wholly outside the head rows.
///
/// A label that stands beside a list ("绩效指标") covers its head row too: a repeated row cannot
/// reach beyond itself, so the label is printed in pieces without a line between them.
struct Piece<'a> {
    cell: &'a Cell,
    row: u32,
    rows: u32,
    /// It carries the text: the longest piece does.
    carries: bool,
}

fn cut<'a>(cell: &'a Cell, heads: &[u32]) -> Vec<Piece<'a>> {
    let end = cell.row + cell.row_span.max(1);
    let mut bounds = vec![cell.row];
    for head in heads {
        bounds.extend(
            [*head, *head + 1]
                .into_iter()
                .filter(|b| (cell.row + 1..end).contains(b)),
        );
    }
    bounds.push(end);
    bounds.sort_unstable();
    bounds.dedup();
    let longest = bounds.windows(2).map(|w| w[1] - w[0]).max().unwrap_or(1);
    let mut carried = false;
    let mut pieces = Vec::new();
    for pair in bounds.windows(2) {
        let rows = pair[1] - pair[0];
        let carries = rows == longest && !carried;
        carried |= carries;
        pieces.push(Piece {
            cell,
            row: pair[0],
            rows,
            carries,
        });
    }
    pieces
}

impl Piece<'_> {
    fn value(&self, text: &mut Text<'_>) -> Value {
        let cell = self.cell;
        let words = if self.carries {
            text.of(&cell.text)
        } else {
            String::new()
        };
        json!({
            "x": cell.col.saturating_sub(1), "y": self.row.saturating_sub(1),
            "colspan": cell.col_span.max(1), "rowspan": self.rows,
            "align": side(cell.align), "text": words,
            "open-above": self.row > cell.row,
            "open-below": self.row + self.rows < cell.row + cell.row_span.max(1),
        })
    }
}
