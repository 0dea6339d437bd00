//! Documents and recognised forms come in; the lines of the report, with their places, go out.
//!
//! A report stands in paragraphs, or, in a workbook, in the rows of a sheet of one column.

use super::terms::{Terms, comparable};
use jiheng_model::document::Block;
use jiheng_model::origin::{At, Origin};
use jiheng_model::{Document, Form};

/// A line of the report: a paragraph, or a row of its sheet.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Its text.
    pub text: &'a str,
    /// Number of the paragraph, or of the row of the sheet; from 1.
    pub number: u32,
    /// The table of the sheet and the column, for workbooks.
    pub cell: Option<(u32, u32)>,
    /// Index of its document.
    pub file: u16,
    /// Bytes of the restored automatic number at its start.
    pub numbering: usize,
}

impl Line<'_> {
    /// The place of characters `[from, to)` of the line.
    pub fn origin(&self, from: u32, to: u32) -> Origin {
        match self.cell {
            Some((table, col)) => Origin {
                file: self.file,
                at: At::Cell {
                    table,
                    row: self.number,
                    col,
                    chars: Some((from, to)),
                },
            },
            None => Origin::text(self.file, self.number, from, to),
        }
    }

    /// The place of the bytes `[from, to)` of the line.
    pub fn origin_of_bytes(&self, from: usize, to: usize) -> Origin {
        let start = self.text[..from].chars().count() as u32;
        self.origin(start, start + self.text[from..to].chars().count() as u32)
    }
}

/// The lines of the report and, before them, of its cover; `None` when no document has a report.
///
/// Also returned: how many of the lines belong to the cover on a sheet of its own.
pub fn report<'a>(
    documents: &'a [Document],
    forms: &[Form],
    terms: &Terms,
) -> Option<Vec<Line<'a>>> {
    let mut files = documents.iter().enumerate();
    files.find_map(|(file, document)| report_of(document, file as u16, forms, terms))
}

/// The lines of the report in one document; `None` when it has none.
pub fn report_of<'a>(
    document: &'a Document,
    file: u16,
    forms: &[Form],
    terms: &Terms,
) -> Option<Vec<Line<'a>>> {
    let lines = lines_of(document, file, forms);
    let start = lines.iter().position(|l| is_title(l.text, terms))?;
    let start = match lines[..start].iter().rposition(|l| !is_empty(l.text)) {
        Some(before)
            if begins_title(lines[before].text) && !starts_with_year(lines[start].text) =>
        {
            before
        }
        _ => start,
    };
    let end = lines[start + 1..]
        .iter()
        .position(|l| ends_report(l, forms))
        .map_or(lines.len(), |n| start + 1 + n);
    Some(lines[start..end].to_vec())
}

/// All lines of a document outside its forms, in order.
fn lines_of<'a>(document: &'a Document, file: u16, forms: &[Form]) -> Vec<Line<'a>> {
    let mut lines = Vec::with_capacity(document.paragraphs.len());
    for block in &document.blocks {
        match *block {
            Block::Paragraph(number) => {
                if let Some(p) = document.paragraphs.get(number as usize - 1) {
                    lines.push(Line {
                        text: document.slice(&p.text),
                        number,
                        cell: None,
                        file,
                        numbering: p.numbering as usize,
                    });
                }
            }
            Block::Table(number) => {
                let Some(table) = document.table(number) else {
                    continue;
                };
                // A sheet of running text has one column; anything wider is a table.
                if table.sheet.is_none()
                    || table.cols != 1
                    || forms
                        .iter()
                        .any(|f| f.file == file && f.tables.contains(&number))
                {
                    continue;
                }
                for cell in &table.cells {
                    lines.push(Line {
                        text: document.cell_text(cell),
                        number: cell.row,
                        cell: Some((number, cell.col)),
                        file,
                        numbering: 0,
                    });
                }
            }
        }
    }
    lines
}

/// The line ends a report's title.
pub fn is_title(text: &str, terms: &Terms) -> bool {
    text.len() < 240 && text.contains("报告") && !text.contains(['《', '。', '，', '：']) && {
        let words = comparable(text);
        terms
            .report_titles
            .iter()
            .any(|t| words.ends_with(t.as_str()))
    }
}

/// The line may be the first of a title on two lines: it begins with a year and is short.
fn begins_title(text: &str) -> bool {
    starts_with_year(text) && text.chars().count() <= 40 && !text.contains(['。', '，', '表'])
}

/// "2023年", blanks before it allowed.
pub fn starts_with_year(text: &str) -> bool {
    year_at(jiheng_model::label::trim(text)).is_some()
}

/// The year at the start of "2023年…".
pub fn year_at(text: &str) -> Option<i16> {
    let digits = text.get(..4)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !text[4..].starts_with('年') {
        return None;
    }
    digits.parse().ok().filter(|y| (1900..2200).contains(y))
}

fn is_empty(text: &str) -> bool {
    text.chars().all(jiheng_model::label::is_blank)
}

/// The line is the head of a form or annex that follows the report.
fn ends_report(line: &Line<'_>, forms: &[Form]) -> bool {
    is_annex_mark(line.text)
        || forms.iter().any(|f| {
            f.file == line.file
                && [&f.title, &f.annex]
                    .into_iter()
                    .flatten()
                    .any(|s| match s.origin.at {
                        At::Text { paragraph, .. } => {
                            line.cell.is_none() && paragraph == line.number
                        }
                        At::Cell { table, row, .. } => {
                            line.cell.is_some_and(|(t, _)| t == table) && row == line.number
                        }
                    })
        })
}

/// "附件5" or "附件3-1" alone on a line.
fn is_annex_mark(text: &str) -> bool {
    let text = jiheng_model::label::trim(text);
    text.strip_prefix("附件").is_some_and(|rest| {
        !rest.is_empty()
            && rest.chars().all(|c| {
                c.is_ascii_digit()
                    || matches!(c, '-' | '－' | '—')
                    || jiheng_model::label::is_blank(c)
            })
    })
}
