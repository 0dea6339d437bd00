//! Markdown text comes in, as cases are written; a `Document` goes out: pipe tables are tables, other lines paragraphs.
//!
//! `^` alone in a cell is one with the cell above, `<` one with the cell at the left, `<br>` is a
//! line end inside a cell. A fence that says ```` ```form ```` holds a table like any other.

use super::grid;
use jiheng_model::document::Block;
use jiheng_model::{Cell, Document, Format, Notice, NoticeKind, Paragraph};
use jiheng_office::Budget;

/// A line of dashes below a line of cells makes a table, and a table makes the text Markdown.
pub(super) fn is_markdown(text: &str) -> bool {
    let mut before = "";
    for line in text.lines() {
        if is_rule(line) && before.trim_start().starts_with('|') {
            return true;
        }
        before = line;
    }
    false
}

/// Reads Markdown.
pub fn read(name: &str, text: &str, budget: &Budget) -> Document {
    let mut document = Document::empty(name, Format::Markdown);
    let mut places = budget.places;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with('|') {
            let from = document.text.len() as u32;
            document.text.push_str(line.trim_end());
            let text = from..document.text.len() as u32;
            let level = heading(line);
            document.paragraphs.push(Paragraph {
                text,
                numbering: 0,
                level,
                bytes: 0..0,
            });
            document
                .blocks
                .push(Block::Paragraph(document.paragraphs.len() as u32));
            continue;
        }
        let mut rows = vec![split(line)];
        while let Some(line) = lines.next_if(|l| l.trim_start().starts_with('|')) {
            if !(rows.len() == 1 && is_rule(line)) {
                rows.push(split(line));
            }
        }
        let number = document.tables.len() as u32 + 1;
        match table(number, &rows, &mut document.text, places) {
            Some(table) => {
                places -= table.grid.len();
                document.tables.push(table);
                document.blocks.push(Block::Table(number));
            }
            None => document.notices.push(Notice {
                kind: NoticeKind::OverBudget,
                message: format!("{name} 的一张表太大，没有读。"),
                table: None,
            }),
        }
    }
    document
}

fn heading(line: &str) -> Option<u8> {
    let marks = line.bytes().take_while(|b| *b == b'#').count();
    ((1..=6).contains(&marks) && line[marks..].starts_with(' ')).then_some(marks as u8)
}

/// `|---|:--:|`
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|')
        && line.contains('-')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// The cells of a line; `\|` is a bar inside a cell.
fn split(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                chars.next();
                if let Some(cell) = cells.last_mut() {
                    cell.push('|');
                }
            }
            '|' => cells.push(String::new()),
            _ => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    // What follows the closing bar is no cell.
    if cells.len() > 1 && cells.last().is_some_and(|c| c.trim().is_empty()) {
        cells.pop();
    }
    cells
}

fn table(
    number: u32,
    rows: &[Vec<String>],
    out: &mut String,
    budget: usize,
) -> Option<jiheng_model::Table> {
    let cols = rows.iter().map(Vec::len).max().unwrap_or(0);
    (rows.len().checked_mul(cols)? <= budget).then_some(())?;
    let mut cells: Vec<Cell> = Vec::new();
    // The cell that each place of the row above belongs to.
    let mut above: Vec<Option<usize>> = vec![None; cols];
    for (r, row) in rows.iter().enumerate() {
        let row_number = r as u32 + 1;
        let mut now: Vec<Option<usize>> = vec![None; cols];
        for (c, printed) in row.iter().enumerate() {
            let col = c as u32 + 1;
            let printed = printed.trim_matches([' ', '\t']);
            let up = above[c].filter(|_| printed == "^");
            let left = c
                .checked_sub(1)
                .and_then(|l| now[l])
                .filter(|_| printed == "<");
            if let Some(index) = up {
                cells[index].row_span = row_number - cells[index].row + 1;
                now[c] = Some(index);
            } else if let Some(index) = left {
                cells[index].col_span = (col - cells[index].col + 1).max(cells[index].col_span);
                now[c] = Some(index);
            } else {
                let from = out.len() as u32;
                out.push_str(&printed.replace("<br/>", "\n").replace("<br>", "\n"));
                now[c] = Some(cells.len());
                cells.push(Cell {
                    text: from..out.len() as u32,
                    ..grid::cell(row_number, col, 1, 1)
                });
            }
        }
        above = now;
    }
    grid::table_in_place(number, cells, rows.len() as u32, cols as u32, budget)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_merged_cells_and_lines_are_understood() {
        let text = "# 例\n\n| 指标 | 名称 | < |\n|---|---|---|\n| 产出 | 甲<br>乙 | 1 |\n| ^ | a\\|b |  |\n末\n";
        assert!(is_markdown(text));
        let d = read("例", text, &Budget::default());
        assert_eq!(d.paragraphs.len(), 3);
        assert_eq!(d.paragraphs[0].level, Some(1));
        let t = &d.tables[0];
        assert_eq!((t.rows, t.cols), (3, 3));
        let text = |row, col| {
            t.at(row, col)
                .map(|c| (d.cell_text(c), c.row_span, c.col_span))
        };
        assert_eq!(text(1, 2), Some(("名称", 1, 2)));
        assert_eq!(text(3, 1), Some(("产出", 2, 1)));
        assert_eq!(text(2, 2), Some(("甲\n乙", 1, 1)));
        assert_eq!(text(3, 2), Some(("a|b", 1, 1)));
        assert_eq!(text(3, 3), Some(("", 1, 1)));
    }
}
