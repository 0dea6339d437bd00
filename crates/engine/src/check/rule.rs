//! A built-in rule: what is known of it, and the function that checks a filing by it.

use super::report::{Case, Report};
use crate::rulebook::Rulebook;
use jiheng_model::{Fix, RuleInfo, Severity, Status};

/// A rule written in Rust. One file each; its page is made from these fields.
#[derive(Debug)]
pub struct Rule {
    /// A letter and three digits.
    pub code: &'static str,
    /// kebab-case English name.
    pub slug: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// The gravest severity it reports.
    pub severity: Severity,
    /// Catalogue ids it covers.
    pub covers: &'static [&'static str],
    /// Keys of its bases; the rule is asleep in a rulebook where none of them resolves.
    pub basis: &'static [&'static str],
    /// 查什么.
    pub what: &'static str,
    /// 为什么.
    pub why: &'static str,
    /// 怎么办.
    pub advice: &'static str,
    /// How its findings are set right without judgement, if they can be.
    pub fix: Option<Fix>,
    /// Checks one filing.
    pub run: fn(&Case<'_>, &mut Report<'_>),
}

impl Rule {
    /// The rule's severity, or a warning where no clause or form of the rulebook in force binds.
    pub fn severity_under(&self, rulebook: &Rulebook) -> Severity {
        let mut bases = self.basis.iter().filter_map(|key| rulebook.basis(key));
        match bases.any(|b| b.binds()) {
            true => self.severity,
            false => self.severity.max(Severity::Warning),
        }
    }

    /// Whether the rule speaks under a rulebook: one of its bases is there, or it speaks of reading alone.
    pub fn awake(&self, rulebook: &Rulebook) -> bool {
        self.basis.is_empty()
            || self.code.starts_with('R')
            || self.basis.iter().any(|key| rulebook.basis(key).is_some())
    }

    /// The same facts as owned data.
    pub fn info(&self) -> RuleInfo {
        RuleInfo {
            code: self.code.into(),
            slug: self.slug.into(),
            title: self.title.into(),
            severity: self.severity,
            status: Status::Stable,
            since: "0.1.0".into(),
            covers: self.covers.iter().map(|c| c.to_string()).collect(),
            basis: self.basis.iter().map(|c| c.to_string()).collect(),
            what: self.what.into(),
            why: self.why.into(),
            advice: self.advice.into(),
            fix: self.fix.clone(),
            rulebook: "built-in".into(),
        }
    }
}
