//! The report's place in the documents comes in; its text as sections with paragraphs goes out, and from such a text the printed cover and report.
//!
//! [`ReportText`] is the seam for reports that are written anew: whatever fills it is printed.

use super::{Align, Block, Part, PartKind, Table};
use jiheng_model::document::{Block as Read, Document};
use jiheng_model::{Filing, Narrative};

/// A report as text, whoever wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportText {
    /// Lines of the cover in order, its title first; empty when the report has none.
    pub cover: Vec<String>,
    /// Lines of the title above the text.
    pub title: Vec<String>,
    /// Paragraphs between title and first section.
    pub opening: Vec<Passage>,
    /// Sections in order, all levels.
    pub sections: Vec<SectionText>,
    /// What stands after the last section: the annex list, unit and date.
    pub closing: Vec<String>,
}

/// A section: its heading and what stands under it before the next heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionText {
    /// Key of the rulebook's outline, if it answers one.
    pub key: Option<String>,
    /// Level from 1.
    pub level: u8,
    /// The heading's whole line with its number. A numbered paragraph is one line: heading and text.
    pub heading: String,
    /// The paragraphs.
    pub passages: Vec<Passage>,
}

/// A paragraph, or a table that stands in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage {
    /// A paragraph.
    Text(String),
    /// A table that is no form.
    Table(Table),
}

/// The text of the filing's report as it was read; `None` when there is none.
pub fn report_of(documents: &[Document], filing: &Filing) -> Option<ReportText> {
    let narrative = &filing.narrative;
    let (first, last) = narrative.span?;
    let document = documents.get(narrative.file as usize)?;
    let lines = lines(document, filing, first, last);
    let first_section = narrative.sections.first().map_or(last + 1, |s| s.paragraph);
    let main = narrative.sections.iter().map(|s| s.last).max().unwrap_or(0);
    let list = narrative
        .annexes
        .first()
        .map(|a| match a.origin.at {
            jiheng_model::origin::At::Text { paragraph, .. } => paragraph,
            jiheng_model::origin::At::Cell { row, .. } => row,
        })
        .unwrap_or(last + 1);
    let mut text = ReportText::default();
    let mut head = Vec::new();
    let mut next = 0;
    for (number, passage) in lines {
        while let Some(section) = narrative
            .sections
            .get(next)
            .filter(|s| s.paragraph < number)
        {
            // A heading in an empty line cannot be; keep in step.
            next += usize::from(section.paragraph < number);
        }
        let section = narrative
            .sections
            .get(next)
            .filter(|s| s.paragraph == number);
        match (passage, section) {
            (Passage::Text(heading), Some(section)) => {
                text.sections.push(SectionText {
                    key: section.key.clone(),
                    level: section.level,
                    heading,
                    passages: Vec::new(),
                });
                next += 1;
            }
            (passage, _) if number < first_section => head.push(passage),
            (Passage::Text(line), _) if number > main || number >= list => text.closing.push(line),
            (passage, _) => match text.sections.last_mut() {
                Some(section) => section.passages.push(passage),
                None => text.opening.push(passage),
            },
        }
    }
    let before = cover_sheet(document, narrative);
    split_head(head, before, narrative, &mut text);
    Some(text)
}

/// Tables of the report that are no forms, each with the line it stands behind.
pub fn tables_of(documents: &[Document], filing: &Filing) -> Vec<(u32, Passage)> {
    let narrative = &filing.narrative;
    let (Some((first, last)), Some(document)) =
        (narrative.span, documents.get(narrative.file as usize))
    else {
        return Vec::new();
    };
    let lines = lines(document, filing, first, last).into_iter();
    lines
        .filter(|(_, passage)| matches!(passage, Passage::Table(_)))
        .collect()
}

/// The report's lines with their numbers; blank ones are left out, tables that are no form kept.
fn lines(document: &Document, filing: &Filing, first: u32, last: u32) -> Vec<(u32, Passage)> {
    let narrative = &filing.narrative;
    if let Some(table) = narrative.sheet.and_then(|t| document.table(t)) {
        let cells = table
            .cells
            .iter()
            .filter(|c| (first..=last).contains(&c.row));
        return cells
            .map(|c| (c.row, document.cell_text(c).to_string()))
            .filter(|(_, t)| !jiheng_model::label::trim(t).is_empty())
            .map(|(n, t)| (n, Passage::Text(t)))
            .collect();
    }
    let mut out = Vec::new();
    let mut at = 0;
    for block in &document.blocks {
        match *block {
            Read::Paragraph(number) => {
                at = number;
                let text = document.paragraph_text(number);
                if (first..=last).contains(&number) && !jiheng_model::label::trim(text).is_empty() {
                    out.push((number, Passage::Text(text.to_string())));
                }
            }
            Read::Table(number) if at >= first && at < last => {
                let form = filing
                    .forms
                    .iter()
                    .any(|f| f.file == narrative.file && f.tables.contains(&number));
                if let Some(table) = document.table(number).filter(|_| !form) {
                    out.push((at, Passage::Table(plain(document, table))));
                }
            }
            Read::Table(_) => {}
        }
    }
    out
}

/// A table as it stands in a document.
fn plain(document: &Document, table: &jiheng_model::Table) -> Table {
    let cells = table.cells.iter().map(|c| super::Cell {
        row: c.row,
        col: c.col,
        row_span: c.row_span,
        col_span: c.col_span,
        text: document.cell_text(c).to_string(),
        align: Align::Center,
        head: c.row == 1,
        entry: None,
    });
    Table {
        widths: vec![1000; table.cols as usize],
        rows: table.rows,
        heads: Vec::new(),
        cells: cells.collect(),
    }
}

/// Lines of a cover on a sheet of its own.
fn cover_sheet(document: &Document, narrative: &Narrative) -> Vec<String> {
    let title = narrative.title.as_ref().and_then(|t| t.origin.table());
    let (Some(title), Some(sheet)) = (title, narrative.sheet) else {
        return Vec::new();
    };
    let table = document.table(title).filter(|_| title != sheet);
    let cells = table.map_or(&[][..], |t| &t.cells);
    cells
        .iter()
        .map(|c| document.cell_text(c).to_string())
        .filter(|t| !jiheng_model::label::trim(t).is_empty())
        .collect()
}

/// Tells cover, title and opening apart: a title printed twice has a cover over it.
fn split_head(
    head: Vec<Passage>,
    before: Vec<String>,
    narrative: &Narrative,
    text: &mut ReportText,
) {
    let squeezed = |s: &str| -> String { s.split_whitespace().collect() };
    let title = narrative.title.as_ref().map(|t| squeezed(&t.text));
    let title = title.unwrap_or_default();
    // How many lines from `at` on make the title: one or two.
    let words = |at: usize| match head.get(at) {
        Some(Passage::Text(t)) => squeezed(t),
        _ => String::new(),
    };
    let length = |at: usize| {
        if title.is_empty() || words(at).is_empty() {
            0
        } else if words(at) == title {
            1
        } else if format!("{}{}", words(at), words(at + 1)) == title {
            2
        } else {
            0
        }
    };
    let titles: Vec<usize> = (0..head.len()).filter(|at| length(*at) > 0).collect();
    let cover = match titles.as_slice() {
        [first, .., last] if first != last => *last,
        _ => 0,
    };
    text.cover = before;
    let size = titles.last().map_or(0, |at| length(*at));
    let start = titles.last().copied().unwrap_or(0);
    for (at, passage) in head.into_iter().enumerate() {
        match passage {
            Passage::Text(line) if at < cover => text.cover.push(line),
            Passage::Text(line) if size > 0 && (start..start + size).contains(&at) => {
                text.title.push(line);
            }
            passage => text.opening.push(passage),
        }
    }
}

/// Cover and report as parts.
pub(super) fn parts(report: &ReportText) -> Vec<Part> {
    let mut out = Vec::new();
    if !report.cover.is_empty() {
        out.push(Part {
            kind: PartKind::Cover,
            name: "封面".into(),
            landscape: false,
            blocks: cover(report),
        });
    }
    let mut blocks = Vec::new();
    if !report.title.is_empty() {
        blocks.push(Block::Title {
            lines: report.title.clone(),
            form: false,
        });
    }
    blocks.extend(report.opening.iter().map(passage));
    for section in &report.sections {
        blocks.push(Block::Heading {
            level: section.level,
            text: section.heading.clone(),
        });
        blocks.extend(section.passages.iter().map(passage));
    }
    blocks.extend(closing(&report.closing));
    out.push(Part {
        kind: PartKind::Report,
        name: "报告".into(),
        landscape: false,
        blocks,
    });
    out
}

fn cover(report: &ReportText) -> Vec<Block> {
    let joined: String = report.title.concat();
    let mut lines = report.cover.iter().peekable();
    let mut title: Vec<String> = Vec::new();
    // The title's lines come first: those that together say the title above the text.
    while let Some(line) = lines.peek() {
        let more = title.concat().len() < joined.len() && joined.contains(line.trim());
        if !title.is_empty() && !more {
            break;
        }
        title.extend(lines.next().cloned());
    }
    let mut blocks = vec![
        Block::Space(5),
        Block::Title {
            lines: title,
            form: false,
        },
        Block::Space(10),
    ];
    blocks.extend(lines.map(|line| Block::Line {
        text: line.clone(),
        align: Align::Center,
        small: false,
    }));
    blocks
}

fn passage(passage: &Passage) -> Block {
    match passage {
        Passage::Text(text) => Block::Paragraph(text.clone()),
        Passage::Table(table) => Block::Table(table.clone()),
    }
}

/// The annex list as paragraphs; unit and date, which stand at the end, at the right.
fn closing(lines: &[String]) -> Vec<Block> {
    let is_date = |line: &str| {
        let compact: String = line.split_whitespace().collect();
        compact.chars().count() <= 14 && compact.contains('年') && compact.ends_with(['日', '月'])
    };
    let mut blocks = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let signs = is_date(line)
            || lines.get(at + 1).is_some_and(|next| is_date(next)) && line.chars().count() <= 30;
        blocks.push(match signs {
            true => Block::Line {
                text: line.clone(),
                align: Align::Right,
                small: false,
            },
            false => Block::Paragraph(line.clone()),
        });
    }
    blocks
}
