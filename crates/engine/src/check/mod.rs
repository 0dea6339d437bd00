//! Filing and scorecard come in; findings, sorted and folded under their first causes, and the outcome of every rule go out.

pub mod across;
pub mod blame;
pub mod dates;
mod declared;
pub mod explanation;
pub mod figures;
pub mod fixes;
pub mod list;
pub mod listing;
pub(crate) mod materials;
pub mod passages;
pub mod projects;
pub mod quantities;
pub mod remedies;
pub mod report;
pub mod rule;
pub mod rules;
pub mod scored;
#[cfg(test)]
pub mod specimen;
pub mod statements;
pub mod suppress;
pub mod surveys;

use crate::rulebook::Rulebook;
use crate::words::Words;
use foldhash::HashMap;
use jiheng_model::finding::{Finding, Outcome, OutcomeKind};
use jiheng_model::{Document, Filing, Origin, RuleInfo, Scorecard};
use passages::Texts;
use projects::Projects;
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
///
/// A bundle of several sets of material is checked set by set; what lies between them is for the
/// rules of [`is_between`], which see all of it.
pub fn check(
    documents: &[Document],
    filing: &Filing,
    scorecard: &Scorecard,
    rulebook: &Rulebook,
) -> Checked {
    let mut run = Run {
        // A form with faults gives about so many; what is moved as it grows is moved for nothing.
        drafts: Vec::with_capacity(32 * (filing.forms.len() + 1)),
        ..Run::default()
    };
    if filing.materials.is_empty() && filing.beside.is_empty() {
        run.rules(documents, filing, scorecard, rulebook, Scope::All);
    } else if filing.materials.is_empty() {
        let files = materials::files_of(documents, filing, 0);
        run.rules(&files, filing, scorecard, rulebook, Scope::All);
    } else {
        for (number, material) in filing.materials.iter().enumerate() {
            let Some(own) = filing
                .material(number)
                .filter(|_| material.before.is_none())
            else {
                continue;
            };
            let files = materials::files_of(documents, filing, number);
            let scores = crate::score::score(&own, rulebook);
            let first = run.drafts.len();
            run.sets += 1;
            run.rules(&files, &own, &scores, rulebook, Scope::Within);
            for draft in &mut run.drafts[first..] {
                for place in &mut draft.finding.places {
                    let here = place.form_index.and_then(|i| material.forms.get(i));
                    place.form_index = here.copied();
                }
            }
        }
        run.rules(documents, filing, scorecard, rulebook, Scope::Between);
    }
    run.outcomes.sort_by(|a, b| a.code.cmp(&b.code));
    blame::blame(&mut run.drafts, &run.held);
    Checked {
        findings: fold(run.drafts),
        outcomes: run.outcomes,
    }
}

/// Lets a function look at a package as a rule sees it.
pub fn with_case<T>(
    documents: &[Document],
    filing: &Filing,
    scorecard: &Scorecard,
    rulebook: &Rulebook,
    look: impl FnOnce(&Case<'_>) -> T,
) -> T {
    as_seen((documents, filing, scorecard, rulebook), Scope::All, look)
}

/// The same; only rules within a package ask for its texts.
fn as_seen<T>(
    (documents, filing, scorecard, rulebook): (&[Document], &Filing, &Scorecard, &Rulebook),
    scope: Scope,
    look: impl FnOnce(&Case<'_>) -> T,
) -> T {
    let (empty, unmatched) = (Texts::default(), Projects::default());
    let words = Words::of(filing);
    let bare = Case {
        documents,
        filing,
        scorecard,
        rulebook,
        texts: &empty,
        words: &words,
        projects: &unmatched,
    };
    let projects = Projects::of(&bare);
    let texts = match scope {
        Scope::Between => Texts::default(),
        Scope::All | Scope::Within => Texts::of(&bare),
    };
    look(&Case {
        texts: &texts,
        projects: &projects,
        ..bare
    })
}

/// Rules that compare a package with other material (family X4) look at the whole bundle at once.
pub fn is_between(code: &str) -> bool {
    code.starts_with("X4")
}

/// Which rules run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    All,
    Within,
    Between,
}

/// What the rules have said so far.
#[derive(Debug, Default)]
struct Run {
    /// Sets of material looked at so far.
    sets: usize,
    drafts: Vec<Draft>,
    held: Vec<Vec<Origin>>,
    outcomes: Vec<Outcome>,
}

impl Run {
    fn rules(
        &mut self,
        documents: &[Document],
        filing: &Filing,
        scorecard: &Scorecard,
        rulebook: &Rulebook,
        scope: Scope,
    ) {
        as_seen((documents, filing, scorecard, rulebook), scope, |case| {
            let runs =
                |code: &str| scope == Scope::All || is_between(code) == (scope == Scope::Between);
            for (rule, info) in list::RULES.iter().zip(listing::built_in()) {
                if runs(rule.code) && rule.awake(rulebook) {
                    self.run(*case, info, |report| (rule.run)(case, report));
                }
            }
            for rule in rulebook.rules.iter().filter(|r| runs(&r.info.code)) {
                self.run(*case, &rule.info, |report| declared::run(rule, report));
            }
        });
    }

    /// Lets one rule write behind what the others wrote.
    fn run<'a>(&mut self, case: Case<'a>, rule: &'a RuleInfo, write: impl FnOnce(&mut Report<'a>)) {
        let mut report = Report::new(case, rule);
        report.drafts = std::mem::take(&mut self.drafts);
        report.held = std::mem::take(&mut self.held);
        let before = report.drafts.len();
        write(&mut report);
        let new = outcome(rule, &report, before);
        self.drafts = report.drafts;
        self.held = report.held;
        let told = match self.sets {
            0 | 1 => None,
            _ => self.outcomes.iter_mut().find(|o| o.code == new.code),
        };
        match told {
            Some(told) => materials::join(told, new),
            None => self.outcomes.push(new),
        }
    }
}

/// How a rule came out that began to write behind so many drafts.
fn outcome(rule: &RuleInfo, report: &Report<'_>, before: usize) -> Outcome {
    let kind = if report.drafts.len() > before {
        OutcomeKind::Fail
    } else if !report.lacking.is_empty() {
        OutcomeKind::NotEnoughData
    } else if report.checked > 0 {
        OutcomeKind::Pass
    } else {
        OutcomeKind::NotApplicable
    };
    Outcome {
        code: rule.code.clone(),
        outcome: kind,
        checked: report.checked,
        note: report.lacking.join("；"),
    }
}

/// Sorts findings by file, place and code, and folds each under the finding at one of its inputs.
fn fold(drafts: Vec<Draft>) -> Vec<Finding> {
    let drafts = sorted(drafts);
    let first_places: Vec<_> = drafts
        .iter()
        .map(|d| (d.finding.places[0].origin, d.finding.severity))
        .collect();
    let mut marked: HashMap<Origin, Vec<usize>> = HashMap::default();
    for (index, (origin, _)) in first_places.iter().enumerate() {
        marked.entry(*origin).or_default().push(index);
    }
    let mut causes: Vec<Option<usize>> = vec![None; drafts.len()];
    for index in 0..drafts.len() {
        let (own, severity) = first_places[index];
        let inputs = drafts[index].inputs.iter();
        let mut others: Vec<usize> = inputs
            .filter_map(|input| marked.get(input))
            .flatten()
            .copied()
            .collect();
        others.sort_unstable();
        causes[index] = others.into_iter().find(|&other| {
            let (origin, gravity) = first_places[other];
            other != index
                && gravity <= severity
                // Of two findings that could each follow from the other, the later one does.
                && (other < index || (origin != own && !drafts[other].inputs.contains(&own)))
                && !leads_to(&causes, other, index)
        });
    }
    drafts
        .into_iter()
        .zip(causes)
        .map(|(draft, cause)| {
            let mut finding = draft.finding;
            finding.caused_by = cause;
            finding
        })
        .collect()
}

/// By first place, severity and code; drafts are large, so each is moved once.
fn sorted(drafts: Vec<Draft>) -> Vec<Draft> {
    let key = |draft: &Draft| (draft.finding.places[0].origin, draft.finding.severity);
    let mut order: Vec<_> = drafts.iter().map(key).zip(0_usize..).collect();
    order.sort_unstable_by(|(a, i), (b, j)| {
        let code = |index: &usize| drafts[*index].finding.code.as_str();
        a.cmp(b).then_with(|| code(i).cmp(code(j))).then(i.cmp(j))
    });
    let mut drafts: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
    let taken = order
        .into_iter()
        .filter_map(|(_, index)| drafts[index].take());
    taken.collect()
}

/// Whether `from` follows, directly or not, from `to`.
fn leads_to(causes: &[Option<usize>], from: usize, to: usize) -> bool {
    let mut at = Some(from);
    while let Some(index) = at {
        if index == to {
            return true;
        }
        at = causes.get(index).copied().flatten();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use jiheng_model::origin::Origin;
    use jiheng_model::{RuleInfo, Severity};

    /// Drafts of identities over cells named by their rows; the first is the identity's own place.
    fn diagnose(broken: &[(&str, &[u32])], held: &[&[u32]]) -> Vec<(String, u32, Option<usize>)> {
        let cell = |row: &u32| Origin::cell(0, 1, *row, 1);
        let specimen = Specimen::default();
        let mut drafts = specimen.with(|case| {
            let mut all = Vec::new();
            for (code, rows) in broken {
                let info = RuleInfo {
                    code: code.to_string(),
                    ..info()
                };
                let mut report = Report::new(*case, &info);
                let place = |row| jiheng_model::Place {
                    origin: cell(row),
                    ..case.absent_in_package("")
                };
                let draft = report.find("", place(&rows[0])).identity();
                for row in &rows[1..] {
                    draft.against(place(row));
                }
                all.append(&mut report.drafts);
            }
            all
        });
        let held: Vec<Vec<Origin>> = held
            .iter()
            .map(|rows| rows.iter().map(cell).collect())
            .collect();
        blame::blame(&mut drafts, &held);
        let row = |f: &Finding| match f.places[0].origin.at {
            jiheng_model::origin::At::Cell { row, .. } => row,
            _ => 0,
        };
        fold(drafts)
            .iter()
            .map(|f| (f.code.clone(), row(f), f.caused_by))
            .collect()
    }

    fn info() -> RuleInfo {
        RuleInfo {
            code: String::new(),
            slug: "".into(),
            title: String::new(),
            severity: Severity::Error,
            status: jiheng_model::Status::Stable,
            since: String::new(),
            covers: Default::default(),
            basis: vec![],
            what: String::new(),
            why: "".into(),
            advice: "".into(),
            fix: None,
            rulebook: String::new(),
        }
    }

    #[test]
    fn the_cell_that_two_identities_trip_over_is_marked_and_one_finding_follows() {
        // Rows 1 = 2 + 3 and 3 = 4; row 1 agrees with row 9: row 3 is the odd one.
        let said = diagnose(
            &[("A105", &[1, 2, 3]), ("X205", &[4, 3])],
            &[&[1, 9], &[4, 7, 8]],
        );
        assert_eq!(
            said,
            [("A105".into(), 3, None), ("X205".into(), 3, Some(0))]
        );
    }

    #[test]
    fn a_lone_broken_sum_keeps_its_own_place_and_an_addend_is_marked_when_the_total_is_confirmed() {
        assert_eq!(
            diagnose(&[("A103", &[1, 2, 3])], &[]),
            [("A103".into(), 1, None)]
        );
        assert_eq!(
            diagnose(&[("A103", &[1, 2, 3])], &[&[1, 9], &[2, 8]]),
            [("A103".into(), 3, None)]
        );
    }

    #[test]
    fn of_equally_suspicious_addends_the_one_that_explains_the_gap_is_marked() {
        let mark = |held: &[&[u32]]| {
            let cell = |row: &u32| Origin::cell(0, 1, *row, 1);
            let info = info();
            Specimen::default().with(|case| {
                let mut report = Report::new(*case, &info);
                let place = |row| jiheng_model::Place {
                    origin: cell(&row),
                    ..case.absent_in_package("")
                };
                let draft = report.find("", place(1)).identity();
                draft.against(place(2)).against(place(3)).likely = vec![cell(&3), cell(&2)];
                let held: Vec<Vec<Origin>> = held
                    .iter()
                    .map(|rows| rows.iter().map(cell).collect())
                    .collect();
                blame::blame(&mut report.drafts, &held);
                report.drafts[0].finding.places[0].origin
            })
        };
        assert_eq!(mark(&[&[1, 9]]), Origin::cell(0, 1, 3, 1));
        assert_eq!(mark(&[]), Origin::cell(0, 1, 1, 1));
        assert_eq!(mark(&[&[1, 9], &[3, 8]]), Origin::cell(0, 1, 2, 1));
    }

    #[test]
    fn findings_never_follow_from_each_other_in_a_circle() {
        let said = diagnose(&[("A103", &[1, 2]), ("A113", &[2, 1])], &[]);
        assert_eq!(
            said,
            [("A103".into(), 1, None), ("A113".into(), 2, Some(0))]
        );
    }
}
