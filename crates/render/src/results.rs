//! What the corridor said about one package comes in as borrowed parts; the view every output format draws from goes out.

use jiheng_model::finding::{Finding, Outcome, OutcomeKind};
use jiheng_model::{Basis, Document, Filing, RuleInfo, Scorecard, Severity};
use std::collections::BTreeMap;

/// Everything known about one package, borrowed from whoever evaluated it.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// The files as read.
    pub documents: &'a [Document],
    /// Stated values.
    pub filing: &'a Filing,
    /// Computed values.
    pub scorecard: &'a Scorecard,
    /// Findings in their final order.
    pub findings: &'a [Finding],
    /// One outcome per rule.
    pub outcomes: &'a [Outcome],
    /// The rules the outcomes speak of.
    pub rules: &'a [RuleInfo],
    /// Bases of the rulebook by key.
    pub bases: &'a BTreeMap<String, Basis>,
    /// The rulebook in force.
    pub rulebook: InForce<'a>,
}

/// The rulebook in force and why it is.
#[derive(Clone, Copy, Debug)]
pub struct InForce<'a> {
    /// "cn/hunan/yueyang/2023".
    pub id: &'a str,
    /// Version of its data.
    pub version: &'a str,
    /// Chinese title.
    pub title: &'a str,
    /// Why it was chosen, plain Chinese; empty when it was asked for by id.
    pub why: &'a str,
    /// Nothing in the package pointed to it; the national one stands in.
    pub fallback: bool,
}

/// Counts of a package. A finding that follows from another is counted in `folded` only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// 错误 that follow from no other finding.
    pub errors: usize,
    /// 警告 that follow from no other finding.
    pub warnings: usize,
    /// 提示 that follow from no other finding.
    pub hints: usize,
    /// Findings folded under their first cause.
    pub folded: usize,
    /// Findings explained in writing; counted nowhere else.
    pub suppressed: usize,
    /// Recognised forms.
    pub forms: usize,
    /// Cells read, merged ones once.
    pub cells: usize,
    /// Rules that were checked and found nothing.
    pub passed: usize,
    /// Comparisons made by those rules.
    pub comparisons: u32,
    /// Rules that could not be checked for want of material.
    pub unchecked: usize,
}

impl<'a> Results<'a> {
    /// Counts for headings and the `summary` of the output contract.
    pub fn summary(&self) -> Summary {
        let first = |severity| {
            self.findings
                .iter()
                .filter(|f| {
                    f.caused_by.is_none() && f.suppressed.is_none() && f.severity == severity
                })
                .count()
        };
        let passed = || {
            self.outcomes
                .iter()
                .filter(|o| o.outcome == OutcomeKind::Pass)
        };
        Summary {
            errors: first(Severity::Error),
            warnings: first(Severity::Warning),
            hints: first(Severity::Hint),
            folded: self
                .findings
                .iter()
                .filter(|f| f.caused_by.is_some() && f.suppressed.is_none())
                .count(),
            suppressed: (self.findings.iter())
                .filter(|f| f.suppressed.is_some())
                .count(),
            forms: self.filing.forms.len(),
            cells: self.documents.iter().map(|d| d.cell_count()).sum(),
            passed: passed().count(),
            comparisons: passed().map(|o| o.checked).sum(),
            unchecked: self.unchecked().count(),
        }
    }

    /// "cn/hunan/yueyang/2023@0.1.0".
    pub fn rulebook_label(&self) -> String {
        format!("{}@{}", self.rulebook.id, self.rulebook.version)
    }

    /// The rule of a code.
    pub fn rule(&self, code: &str) -> Option<&'a RuleInfo> {
        self.rules.iter().find(|r| r.code == code)
    }

    /// Outcomes of rules that would have to be checked but could not be.
    pub fn unchecked(&self) -> impl Iterator<Item = &'a Outcome> {
        self.outcomes
            .iter()
            .filter(|o| o.outcome == OutcomeKind::NotEnoughData)
    }

    /// The title of the rule of an outcome; its code when the rule is not known.
    pub fn rule_title(&self, code: &'a str) -> &'a str {
        self.rule(code).map_or(code, |r| r.title.as_str())
    }

    /// The finding at the root of a chain of causes; itself when it follows from none.
    pub fn first_cause(&self, index: usize) -> usize {
        let mut at = index;
        for _ in 0..self.findings.len() {
            match self.findings.get(at).and_then(|f| f.caused_by) {
                Some(cause) if cause < self.findings.len() => at = cause,
                _ => return at,
            }
        }
        index
    }

    /// Findings that follow from this one, at any distance, in order.
    pub fn followers(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.findings.len()).filter(move |i| {
            *i != index && self.findings[*i].caused_by.is_some() && self.first_cause(*i) == index
        })
    }

    /// A finding stands by itself in lists: it follows from none, or from itself through a ring.
    pub fn stands_alone(&self, index: usize) -> bool {
        self.first_cause(index) == index
    }
}
