//! Filing and scorecard come in; findings, sorted and folded under their first causes, and the outcome of every rule go out.

pub mod list;
pub mod projects;
pub mod report;
pub mod rule;
#[cfg(test)]
pub mod specimen;

use crate::rulebook::Rulebook;
use jiheng_model::finding::{Finding, Outcome, OutcomeKind};
use jiheng_model::{Document, Filing, RuleInfo, Scorecard};
use report::{Case, Draft, Report};

/// What checking says about a package.
#[derive(Debug, Default)]
pub struct Checked {
    /// Findings in the order of their first places.
    pub findings: Vec<Finding>,
    /// One outcome per rule of the rulebook in force, by code.
    pub outcomes: Vec<Outcome>,
}

/// Runs every rule that is awake under the rulebook.
pub fn check(documents: &[Document], filing: &Filing, scorecard: &Scorecard, rulebook: &Rulebook) -> Checked {
    let case = Case { documents, filing, scorecard, rulebook };
    let mut drafts: Vec<Draft> = Vec::new();
    let mut outcomes = Vec::new();
    for rule in list::RULES {
        let info = rule.info();
        let mut report = Report::new(case, &info);
        (rule.run)(&case, &mut report);
        outcomes.push(outcome(&info, &report));
        drafts.append(&mut report.drafts);
    }
    outcomes.sort_by(|a, b| a.code.cmp(&b.code));
    Checked { findings: fold(drafts), outcomes }
}

fn outcome(rule: &RuleInfo, report: &Report<'_>) -> Outcome {
    let kind = if !report.drafts.is_empty() {
        OutcomeKind::Fail
    } else if !report.lacking.is_empty() {
        OutcomeKind::NotEnoughData
    } else if report.checked > 0 {
        OutcomeKind::Pass
    } else {
        OutcomeKind::NotApplicable
    };
    Outcome { code: rule.code.clone(), outcome: kind, checked: report.checked, note: report.lacking.join("；") }
}

/// Sorts findings by file, place and code, and folds each under the finding at one of its inputs.
fn fold(mut drafts: Vec<Draft>) -> Vec<Finding> {
    drafts.sort_by(|a, b| {
        let key = |d: &Draft| (d.finding.places[0].origin, d.finding.severity, d.finding.code.clone());
        key(a).cmp(&key(b))
    });
    let first_places: Vec<_> = drafts.iter().map(|d| (d.finding.places[0].origin, d.finding.severity)).collect();
    drafts
        .into_iter()
        .enumerate()
        .map(|(index, draft)| {
            let mut finding = draft.finding;
            finding.caused_by = first_places.iter().enumerate().position(|(other, (origin, severity))| {
                other != index && *severity <= finding.severity && *origin != finding.places[0].origin && draft.inputs.contains(origin)
            });
            finding
        })
        .collect()
}
