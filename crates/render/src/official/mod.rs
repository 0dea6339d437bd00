//! A filing with its documents comes in; one neutral description of the official package (`Official`) goes out, from which docx, HTML, xlsx, JSON and PDF are printed.
//!
//! The description knows pages, titles, paragraphs and tables, and of each cell what it is for; it
//! knows no file format. It is made once by [`package`]; every format prints the very same text.
//! Labels are the rulebook's, values are as read. What a form's layout has no place for is
//! appended as rows and columns of their own, so that nothing that was recognised is lost.

mod document;
mod docx;
mod entry;
mod extra;
mod fill;
mod form;
mod html;
mod json;
mod report;
mod table;
mod workbook;

pub use document::{Standing, document};
pub use docx::docx;
pub use entry::computed;
pub use fill::ByHand;
pub use html::html;
pub use json::filing_json;
pub use report::{Passage, ReportText, SectionText, report_of, tables_of};
pub use workbook::{Filling, Note, sheets, workbook};

use jiheng_model::layout::Formula;
use jiheng_model::{Document, FieldType, Filing};

/// An official package: what is printed, part after part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Official {
    /// Its title, for the properties of a file.
    pub title: String,
    /// Cover, report and forms in the order in which they are bound.
    pub parts: Vec<Part>,
}

/// A part of the package; it begins on a page of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// A short name, unique in the package: the name of a sheet or bookmark ("附件3-1").
    pub name: String,
    /// The page lies on its side.
    pub landscape: bool,
    /// What it prints, from top to bottom.
    pub blocks: Vec<Block>,
}

/// Kinds of parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// The report's cover.
    Cover,
    /// The report.
    Report,
    /// A form; its id in the rulebook and its index in [`Filing::forms`].
    Form(String, usize),
}

/// One element of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// "附件3" above a form's title: 3号黑体, no indent.
    Annex(String),
    /// A title, 2号小标宋, centred; a report's may have several lines. A form's title is smaller (`form`).
    Title {
        /// Its lines.
        lines: Vec<String>,
        /// It heads a form, not a report.
        form: bool,
    },
    /// A heading: level 1 黑体 ("一、"), level 2 楷体 ("（一）"), from level 3 on as the body (GB/T 9704-2012 7.3.3).
    Heading {
        /// Level from 1.
        level: u8,
        /// The whole line with its number.
        text: String,
    },
    /// A paragraph of the body: 3号仿宋, first line indented by two characters.
    Paragraph(String),
    /// A line without indent: cover lines, signature lines, notes and feet of forms.
    Line {
        /// Its text.
        text: String,
        /// Where it stands.
        align: Align,
        /// It belongs to a form (small) and not to the report.
        small: bool,
    },
    /// Room of so many lines (covers).
    Space(u8),
    /// A table.
    Table(Table),
}

/// Where words stand in their line or cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// Right.
    Right,
}

/// A table on an exact grid; all cells have borders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Widths of the columns, in proportion; their number is the number of columns.
    pub widths: Vec<u32>,
    /// Number of rows.
    pub rows: u32,
    /// Rows that head a list and are to be repeated on each page that it reaches.
    pub heads: Vec<Repeat>,
    /// Cells in reading order; they cover every place once.
    pub cells: Vec<Cell>,
}

/// Rows that are repeated on following pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The head row, from 1.
    pub row: u32,
    /// The last row under it.
    pub until: u32,
}

/// A cell; rows and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Row of its top-left corner.
    pub row: u32,
    /// Column of its top-left corner.
    pub col: u32,
    /// Rows it covers.
    pub row_span: u32,
    /// Columns it covers.
    pub col_span: u32,
    /// Its text; `\n` breaks the line.
    pub text: String,
    /// Where the words stand.
    pub align: Align,
    /// It heads a column of a list.
    pub head: bool,
    /// The value it holds; `None` for labels.
    pub entry: Option<Entry>,
}

/// What a cell is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// "funds.total.outturn"; for a list "indicators.score".
    pub path: String,
    /// The row of the list, from 0.
    pub row: Option<usize>,
    /// What it holds.
    pub ty: FieldType,
    /// The words it is chosen from; empty when it is free.
    pub choices: Vec<String>,
    /// What it follows from: then it is not filled in by hand.
    pub formula: Option<Formula>,
    /// The text before the value in the same cell ("基本支出："), of which the value is no part.
    pub before: String,
}

/// The official package of a filing.
///
/// `report` is the narrative to print, from [`report_of`] or written anew; `None` prints forms only.
pub fn package(documents: &[Document], filing: &Filing, report: Option<&ReportText>) -> Official {
    bound(documents, filing, report, false)
}

/// The package of a filing that is to be filled in: every cell that is stated, also blank, has a
/// place, amounts and foot have cells of their own, and what follows from others is computed.
pub fn to_fill_in(filing: &Filing, report: Option<&ReportText>, by_hand: &ByHand) -> Official {
    let mut official = bound(&[], filing, report, true);
    fill::open(&mut official, filing, by_hand);
    official
}

fn bound(
    documents: &[Document],
    filing: &Filing,
    report: Option<&ReportText>,
    open: bool,
) -> Official {
    let mut parts = Vec::new();
    let mut forms: Vec<(usize, &jiheng_model::Form)> = filing.forms.iter().enumerate().collect();
    // By annex, otherwise as they were handed in.
    forms.sort_by_key(|(_, f)| f.def.annex.as_deref().and_then(annex_number).unwrap_or(0));
    let mut names = Vec::new();
    for (index, form) in &forms {
        parts.push(form::part(form, *index, filing, open, &mut names));
    }
    if let Some(report) = report {
        let printed = report::parts(report);
        let place = report_place(&parts, &forms);
        parts.splice(place..place, printed);
    }
    let title = report
        .filter(|r| !r.title.is_empty())
        .map(|r| r.title.concat())
        .or_else(|| documents.first().map(|d| d.name.clone()))
        .unwrap_or_default();
    Official { title, parts }
}

/// A report without forms.
pub fn of_report(report: &ReportText) -> Official {
    Official {
        title: report.title.concat(),
        parts: report::parts(report),
    }
}

/// Where the report is bound: in the gap that the forms' annex numbers leave for it (附件4 between 附件3 and 附件5), else before all forms.
fn report_place(parts: &[Part], forms: &[(usize, &jiheng_model::Form)]) -> usize {
    let number = |f: &(usize, &jiheng_model::Form)| f.1.def.annex.as_deref().and_then(annex_number);
    match forms.windows(2).position(|two| {
        number(&two[0])
            .zip(number(&two[1]))
            .is_some_and(|(a, b)| b == a + 2)
    }) {
        Some(at) => at + 1,
        None if forms.first().and_then(number).is_some() => parts.len(),
        None => 0,
    }
}

/// 3 of "附件3-1".
fn annex_number(annex: &str) -> Option<u32> {
    let digits: String = annex
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}
