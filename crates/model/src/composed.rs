//! A report as it was put together: what was generated from the forms, what the author wrote, and what is still to be filled in.

/// The report.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    /// Its title.
    pub title: String,
    /// Headings and paragraphs in order.
    pub lines: Vec<Line>,
    /// The paragraph for the published final accounts.
    pub publication: Vec<String>,
    /// Sentences of the author's that a generated one stands for now.
    pub replaced: Vec<String>,
    /// What nobody has filled in (待填).
    pub open: Vec<String>,
}

/// A line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// Its text.
    pub text: String,
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
