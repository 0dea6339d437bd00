//! What is known of a rule without running it: code, title, severity, basis, page.

use serde::Serialize;

/// How sure and how grave. An error is provable from the document and the cited rule.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// 错误: provable.
    Error,
    /// 警告: suspicious, with its evidence.
    Warning,
    /// 提示: a matter of form or taste.
    Hint,
}

/// Life of a rule; codes are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// May still change.
    Preview,
    /// Stays.
    Stable,
    /// Kept for old results only.
    Deprecated,
}

/// The family a code begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Family {
    /// Reading.
    R,
    /// Forms complete.
    F,
    /// Arithmetic inside a form.
    A,
    /// Between forms, and between forms and prose.
    X,
    /// Indicator quality.
    I,
    /// Narrative.
    N,
    /// Evidence and surveys.
    E,
    /// Publication and privacy.
    P,
    /// The rulebook itself.
    K,
}

/// Static facts about a rule, whether written in data or in Rust.
#[derive(Clone, Debug, Serialize)]
pub struct RuleInfo {
    /// A letter and three digits.
    pub code: String,
    /// kebab-case English name.
    pub slug: String,
    /// Chinese title, up to 24 characters.
    pub title: String,
    /// The gravest severity it reports.
    pub severity: Severity,
    /// Life.
    pub status: Status,
    /// Version in which it appeared.
    pub since: String,
    /// Catalogue ids it covers ("D28", "I-01").
    pub covers: Vec<String>,
    /// Keys of its bases in the rulebook.
    pub basis: Vec<String>,
    /// 查什么.
    pub what: String,
    /// 为什么.
    pub why: String,
    /// 怎么办.
    pub advice: String,
    /// Id of the rulebook that defines it, or "built-in".
    pub rulebook: String,
}

impl RuleInfo {
    /// The family its code begins with; K when the code is malformed.
    pub fn family(&self) -> Family {
        match self.code.as_bytes().first() {
            Some(b'R') => Family::R,
            Some(b'F') => Family::F,
            Some(b'A') => Family::A,
            Some(b'X') => Family::X,
            Some(b'I') => Family::I,
            Some(b'N') => Family::N,
            Some(b'E') => Family::E,
            Some(b'P') => Family::P,
            _ => Family::K,
        }
    }
}

/// A legal or factual basis, resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Basis {
    /// A clause of a regulation.
    Clause {
        /// "财预〔2020〕10号".
        document: String,
        /// "第十六条".
        article: String,
        /// The sentence it rests on, found in the regulation's text.
        sentence: String,
    },
    /// A printed form.
    Form {
        /// File or address.
        source: String,
        /// Place in it: table, row, note.
        place: String,
        /// The printed words.
        sentence: String,
    },
    /// A practice of the field, from a named source.
    Practice {
        /// Source in the field notes.
        source: String,
        /// What it says.
        sentence: String,
    },
}

impl Basis {
    /// One line for people: "财预〔2020〕10号 第十六条".
    pub fn cite(&self) -> String {
        match self {
            Basis::Clause {
                document, article, ..
            } => format!("{document} {article}"),
            // A path in the repository says nothing to the reader; the place on the form does.
            Basis::Form { source, place, .. }
                if source.contains('/') && !source.contains("://") =>
            {
                place.clone()
            }
            Basis::Form { source, place, .. } => format!("{source} {place}"),
            // The source is the field notes the rule was written from; rule pages name it.
            Basis::Practice { .. } => "通行做法".into(),
        }
    }

    /// Strong enough for an error: a clause or a printed form.
    pub fn binds(&self) -> bool {
        !matches!(self, Basis::Practice { .. })
    }
}

impl Severity {
    /// 错误, 警告, 提示.
    pub fn chinese(self) -> &'static str {
        match self {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Hint => "提示",
        }
    }
}
