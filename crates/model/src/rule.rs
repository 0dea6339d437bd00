//! What is known of a rule without running it: code, title, severity, basis, page.

use serde::Serialize;
use std::borrow::Cow;
use std::sync::Arc;

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

/// How the findings of a rule are set right without judgement, as tracked changes (修订).
///
/// Never an amount, a count, a target or an actual value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// The cell whose field ends so is the form's own formula: its computed value takes its place.
    Formula(Cow<'static, str>),
    /// Each place is a word that stands twice in a row: one goes.
    Doubled,
    /// Each place is a heading's number in another style: it is written as the one before, one further.
    Heading,
    /// Each place is a mark or a number in the other width: it is written in the usual one.
    Width,
    /// Each place is a half of a pair: it goes or turns where only one reading is left.
    Pair,
}

impl Fix {
    /// Each place is set right by itself; others hold only together.
    pub fn holds_place_by_place(&self) -> bool {
        matches!(self, Fix::Width)
    }

    /// What is done, as a rule's page says it.
    pub fn chinese(&self) -> &'static str {
        match self {
            Fix::Formula(_) => "填报的数换成表自己的公式算出的数",
            Fix::Doubled => "连着写了两遍的删去一遍",
            Fix::Heading => "号数对而写法不同的，按同级前一个标题的写法改",
            Fix::Width => "数字改为半角，汉字旁的标点改为全角；改了会变成另一个数的不改",
            Fix::Pair => {
                "连着多写一个的删去，两半写成同一个方向的引号和文号年份的括号改正；看不准的不改"
            }
        }
    }
}

/// Static facts about a rule, whether written in data or in Rust.
#[derive(Clone, Debug, Serialize)]
pub struct RuleInfo {
    /// A letter and three digits.
    pub code: String,
    /// kebab-case English name.
    pub slug: Arc<str>,
    /// Chinese title, up to 24 characters.
    pub title: String,
    /// The gravest severity it reports.
    pub severity: Severity,
    /// Life.
    pub status: Status,
    /// Version in which it appeared.
    pub since: String,
    /// Catalogue ids it covers ("D28", "I-01").
    pub covers: Arc<[String]>,
    /// Keys of its bases in the rulebook.
    pub basis: Vec<String>,
    /// 查什么.
    pub what: String,
    /// 为什么.
    pub why: Arc<str>,
    /// 怎么办.
    pub advice: Arc<str>,
    /// How its findings are set right without judgement, if they can be.
    #[serde(skip)]
    pub fix: Option<Fix>,
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
