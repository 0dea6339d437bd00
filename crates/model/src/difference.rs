//! What two packages differ in, as forms: fields, rows, sections and findings, before and after.

use crate::rule::Severity;
use serde::Serialize;

/// The difference of two packages: two versions of one, or two years of one unit.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Difference {
    /// Fiscal years of the older and the newer one.
    pub years: (Option<i16>, Option<i16>),
    /// The newer one is of the year after.
    pub two_years: bool,
    /// Last year's 本年决算数 beside this year's 上年决算数; only between two years.
    pub carried: Vec<Carried>,
    /// Forms that were added, left out or changed.
    pub forms: Vec<FormDifference>,
    /// Sections of the report that were added, left out or changed.
    pub sections: Vec<SectionDifference>,
    /// Findings that are no longer there.
    pub gone: Vec<Said>,
    /// Findings that are there now.
    pub new: Vec<Said>,
    /// How many findings are in both.
    pub kept: usize,
}

/// Was there before, is there now, or both and not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only in the newer one.
    Added,
    /// Only in the older one.
    Removed,
    /// In both, with differences.
    Changed,
}

/// A form.
#[derive(Clone, Debug, Serialize)]
pub struct FormDifference {
    /// Its kind ("project").
    pub form: String,
    /// Its name for people.
    pub name: String,
    /// What became of it.
    pub state: State,
    /// What changed in it.
    pub changes: Vec<Change>,
}

/// One change in a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A cell: its label and what was and is printed there.
    Cell {
        /// "公用经费 · 本年决算数", "矿山修复面积 · 实际完成值".
        label: String,
        /// Printed before; empty when blank.
        before: String,
        /// Printed now; empty when blank.
        after: String,
    },
    /// A row that is new.
    RowAdded {
        /// The list's label ("绩效指标").
        list: String,
        /// The row's name.
        name: String,
    },
    /// A row that is no longer there.
    RowRemoved {
        /// The list's label.
        list: String,
        /// The row's name.
        name: String,
    },
    /// A row with another name that says the same.
    RowRenamed {
        /// The list's label.
        list: String,
        /// The name before.
        before: String,
        /// The name now.
        after: String,
        /// Why it is taken for the same.
        because: String,
    },
}

/// A figure that is carried over from one year to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// The row ("公用经费").
    pub label: String,
    /// Last year's 本年决算数.
    pub before: String,
    /// This year's 上年决算数.
    pub after: String,
    /// They are the same figure.
    pub same: bool,
}

/// A section of the report.
#[derive(Clone, Debug, Serialize)]
pub struct SectionDifference {
    /// Its title.
    pub title: String,
    /// What became of it.
    pub state: State,
    /// Paragraphs that are no longer there.
    pub removed: Vec<String>,
    /// Paragraphs that are new.
    pub added: Vec<String>,
}

/// A finding, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Code of its rule.
    pub code: String,
    /// Severity.
    pub severity: Severity,
    /// What it says.
    pub message: String,
    /// Label of its first place.
    pub label: String,
}

impl Difference {
    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        let carried = self.carried.iter().all(|c| c.same);
        carried
            && self.forms.is_empty()
            && self.sections.is_empty()
            && self.gone.is_empty()
            && self.new.is_empty()
    }
}
