//! A report as it was put together: what was generated from the forms, what the author wrote, and what is still to be filled in.

use rust_decimal::Decimal;

/// The report.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    /// Its title.
    pub title: String,
    /// Lines of a cover below the title, for a report that has none of its own.
    pub cover: Vec<String>,
    /// Headings and paragraphs in order.
    pub lines: Vec<Line>,
    /// What stands after the last section: the annex list, who signs, unit and date.
    pub closing: Vec<String>,
    /// The paragraph for the published final accounts.
    pub publication: Vec<String>,
    /// Sentences of the author's that a generated one stands for now.
    pub replaced: Vec<String>,
    /// What nobody has filled in (待填).
    pub open: Vec<String>,
    /// What the generated sentences of the report say.
    pub said: Vec<Said>,
}

/// An item that a generated sentence says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The item of the rulebook ("basic").
    pub item: String,
    /// Its number, money in 万元; `None` for words.
    pub number: Option<Decimal>,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// Its text.
    pub text: String,
    /// The author's line it stands for or is, from 1.
    pub line: Option<u32>,
}

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A heading of this level.
    Heading(u8),
    /// Generated from the forms.
    Generated,
    /// The author's.
    Author,
}
