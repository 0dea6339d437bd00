//! The bytes of one package come in; its record, and its findings page where one is wanted, go out.

use crate::Pages;
use crate::record::{
    FindingRow, ProjectRow, Record, ScoreRow, Sides, Spot, Status, Throughout, UnitRow,
};
use jiheng_engine::Evaluation;
use jiheng_engine::check::{across, listing, suppress};
use jiheng_engine::read::{Package, is_readable, why_unreadable};
use jiheng_engine::rulebook::{Rulebook, Shelf, Unknown};
use jiheng_model::finding::{Finding, Place, PlaceKind};
use jiheng_model::narrative::FactRole;
use jiheng_model::origin::At;
use jiheng_model::scorecard::FormScore;
use jiheng_model::{Decimal, Form, RuleInfo};
use jiheng_render::place::one_line;
use jiheng_render::{InForce, Results, html};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

/// Slug of the rule that finds scores far above the execution rate.
const ABOVE_EXECUTION: &str = "score-above-execution";
/// Longest text of a document that is kept in a cell of a table, in characters.
const LONGEST: usize = 400;

/// The corridor: one package in, its evaluation out.
pub type Corridor = fn(&Package, &Shelf, Option<&str>) -> Result<Evaluation, Unknown>;

/// What every package of a batch is examined with.
pub struct Examiner<'a> {
    /// How a package is evaluated.
    pub corridor: Corridor,
    /// Rulebooks to choose from.
    pub shelf: &'a Shelf,
    /// The rulebook asked for.
    pub rulebook: Option<&'a str>,
    /// Whose findings pages are written.
    pub pages: Pages,
    /// The day on which explanations are judged.
    pub today: suppress::Day,
    rules: Mutex<HashMap<String, Arc<Vec<RuleInfo>>>>,
}

/// A package with what lies beside it.
pub struct Material<'a> {
    /// Its path in the batch.
    pub path: &'a str,
    /// Its files, or why they cannot be had.
    pub package: Result<Package, String>,
    /// Its own `jiheng.toml`.
    pub explanations: Option<Result<String, String>>,
}

impl Material<'_> {
    /// A number that changes when anything changes that the record depends on.
    pub fn fingerprint(&self, today: suppress::Day) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.path.hash(&mut hasher);
        match &self.package {
            Ok(package) => {
                package.files.len().hash(&mut hasher);
                for file in &package.files {
                    file.name.hash(&mut hasher);
                    file.bytes.hash(&mut hasher);
                }
            }
            Err(why) => why.hash(&mut hasher),
        }
        if let Some(explanations) = &self.explanations {
            // An explanation runs out with the day.
            (explanations, today).hash(&mut hasher);
        }
        hasher.finish()
    }
}

impl<'a> Examiner<'a> {
    /// An examiner.
    pub fn new(
        corridor: Corridor,
        shelf: &'a Shelf,
        rulebook: Option<&'a str>,
        pages: Pages,
        today: suppress::Day,
    ) -> Examiner<'a> {
        Examiner {
            corridor,
            shelf,
            rulebook,
            pages,
            today,
            rules: Mutex::default(),
        }
    }

    /// Evaluates a package. Never fails: what goes wrong is the record's status.
    pub fn examine(&self, material: &Material<'_>, fingerprint: u64) -> (Record, Option<String>) {
        // A mistake of the program on one package ends neither the others nor this one's row.
        catch_unwind(AssertUnwindSafe(|| self.evaluated(material, fingerprint))).unwrap_or_else(
            |_| {
                let why = "程序在这份材料上出了错，没有核完；错在程序，不在材料。".to_string();
                (
                    without(material.path, fingerprint, Status::Failed, why),
                    None,
                )
            },
        )
    }

    fn evaluated(&self, material: &Material<'_>, fingerprint: u64) -> (Record, Option<String>) {
        let unreadable = |why: String| {
            (
                without(material.path, fingerprint, Status::Unreadable, why),
                None,
            )
        };
        let package = match &material.package {
            Ok(package) => package,
            Err(why) => return unreadable(why.clone()),
        };
        let mut evaluation = match (self.corridor)(package, self.shelf, self.rulebook) {
            Ok(evaluation) => evaluation,
            Err(_) => return unreadable("材料没有指明用哪一个规程包。".into()),
        };
        if !is_readable(&evaluation.documents) {
            let why = why_unreadable(&evaluation.documents);
            return unreadable(match why.is_empty() {
                true => "没有可读的文件。".into(),
                false => why.join("；"),
            });
        }
        match &material.explanations {
            Some(Ok(text)) => {
                if let Err(why) = suppress::apply(
                    "jiheng.toml",
                    text,
                    self.today,
                    &mut evaluation.documents,
                    &evaluation.filing,
                    &mut evaluation.checked,
                ) {
                    return unreadable(why);
                }
            }
            Some(Err(why)) => return unreadable(why.clone()),
            None => {}
        }
        let rules = self.rules(&evaluation.rulebook);
        let results = results(&evaluation, &rules);
        let record = record(material.path, fingerprint, &evaluation, &results);
        let page = match self.pages {
            Pages::All => true,
            Pages::Errors => record.errors > 0,
            Pages::None => false,
        };
        let page = page.then(|| html::findings(&results));
        (record, page)
    }

    /// The rules of a rulebook, listed once.
    fn rules(&self, rulebook: &Rulebook) -> Arc<Vec<RuleInfo>> {
        let Ok(mut known) = self.rules.lock() else {
            return Arc::new(listing::rules(rulebook));
        };
        let list = || Arc::new(listing::rules(rulebook));
        known
            .entry(rulebook.id.clone())
            .or_insert_with(list)
            .clone()
    }
}

/// An evaluation as the renderers see it.
pub fn results<'e>(evaluation: &'e Evaluation, rules: &'e [RuleInfo]) -> Results<'e> {
    Results {
        documents: &evaluation.documents,
        filing: &evaluation.filing,
        scorecard: &evaluation.scorecard,
        findings: &evaluation.checked.findings,
        outcomes: &evaluation.checked.outcomes,
        rules,
        bases: &evaluation.rulebook.bases,
        rulebook: InForce {
            id: &evaluation.rulebook.id,
            version: &evaluation.rulebook.version,
            title: &evaluation.rulebook.title,
            why: &evaluation.choice.why,
            fallback: evaluation.choice.fallback,
        },
    }
}

/// The record of a package that was not checked.
fn without(path: &str, fingerprint: u64, status: Status, why: String) -> Record {
    // The path stands beside the sentence wherever it is shown.
    let why = one_line(&why);
    let why = why.trim_start_matches("读不了").trim_start();
    let why = why.strip_prefix(path).unwrap_or(why).trim_start();
    Record {
        path: path.into(),
        fingerprint,
        status,
        why: kept(why),
        rulebook: String::new(),
        unit: None,
        forms: 0,
        cells: 0,
        errors: 0,
        warnings: 0,
        hints: 0,
        micros: 0,
        page: None,
        findings: Vec::new(),
        scores: Vec::new(),
        across: Throughout::default(),
    }
}

fn record(path: &str, fingerprint: u64, evaluation: &Evaluation, results: &Results<'_>) -> Record {
    let summary = results.summary();
    let filing = &evaluation.filing;
    let unit = (filing.one("department").and_then(|f| f.text("unit_name")))
        .or_else(|| (filing.narrative.unit_name.as_ref()).map(|s| s.text.as_str()))
        .or_else(|| {
            (filing.forms.iter())
                .find_map(|f| f.text("unit_name").or_else(|| f.text("implementing_unit")))
        });
    Record {
        rulebook: results.rulebook_label(),
        unit: unit.map(kept),
        forms: summary.forms as u64,
        cells: summary.cells as u64,
        errors: summary.errors as u64,
        warnings: summary.warnings as u64,
        hints: summary.hints as u64,
        findings: results
            .findings
            .iter()
            .map(|f| finding(f, results))
            .collect(),
        scores: (results.scorecard.forms.iter())
            .filter_map(|s| score(s, results, &evaluation.rulebook))
            .collect(),
        across: held_against_others(evaluation, results),
        ..without(path, fingerprint, Status::Checked, String::new())
    }
}

/// What of a package is held against the others of the batch.
fn held_against_others(evaluation: &Evaluation, results: &Results<'_>) -> Throughout {
    let digest = across::digest(&evaluation.filing, &evaluation.rulebook);
    let units = digest.units.into_iter().map(|u| UnitRow {
        name: u.name,
        year: u.year,
        spent: u.spent.normalize(),
        departments: u.departments,
        own_level: u.own_level,
        at: spot(&u.place, results),
    });
    let projects = digest.projects.into_iter().map(|p| ProjectRow {
        name: kept(&p.name),
        key: p.key,
        list: p.list,
        at: spot(&p.place, results),
    });
    Throughout {
        units: units.collect(),
        projects: projects.collect(),
    }
}

/// A place as the table of findings shows it.
fn spot(place: &Place, results: &Results<'_>) -> Spot {
    let name = kept(&results.place_name(place));
    let document = results.documents.get(place.origin.file as usize);
    Spot {
        form: place.form.clone(),
        text: kept(&place.text),
        place: match place.kind {
            PlaceKind::Absent => format!("{name}（缺）"),
            PlaceKind::Cell | PlaceKind::Text => name,
        },
        file: document.map_or_else(String::new, |d| one_line(&d.name)),
        position: results.position(&place.origin),
        cell: match place.origin.at {
            At::Cell {
                table, row, col, ..
            } => Some([table, row, col]),
            At::Text { .. } => None,
        },
        paragraph: match place.origin.at {
            At::Text { paragraph, .. } => Some(paragraph),
            At::Cell { .. } => None,
        },
    }
}

fn finding(finding: &Finding, results: &Results<'_>) -> FindingRow {
    let at = finding.places.first().map(|p| spot(p, results));
    let text = |of: fn(&Spot) -> &String| at.as_ref().map_or_else(String::new, |s| of(s).clone());
    FindingRow {
        code: finding.code.clone(),
        title: results.rule_title(&finding.code).to_string(),
        severity: finding.severity,
        message: kept(&finding.message),
        stated: finding.stated.as_deref().map(kept),
        computed: finding.computed.as_deref().map(kept),
        derivation: finding.derivation.as_deref().map(kept),
        form: at
            .as_ref()
            .map_or_else(|| "package".into(), |s| s.form.clone()),
        place: text(|s| &s.place),
        file: text(|s| &s.file),
        position: text(|s| &s.position),
        cell: at.as_ref().and_then(|s| s.cell),
        paragraph: at.as_ref().and_then(|s| s.paragraph),
        basis: one_line(&finding.basis),
        advice: one_line(&finding.advice),
        caused_by: finding.caused_by.map(|cause| cause as u32 + 1),
        explained: finding.suppressed.is_some(),
    }
}

fn score(score: &FormScore, results: &Results<'_>, rulebook: &Rulebook) -> Option<ScoreRow> {
    let form = results.filing.forms.get(score.form)?;
    let text = |path: &str| form.text(path).map(kept);
    let sides = |path: &str, computed: Option<Decimal>| Sides {
        stated: form.number(path).map(|n| n.normalize()),
        computed: computed.map(|n| n.normalize()),
    };
    let total = sides("total_score", score.total.shown());
    let above = (results.findings.iter()).any(|f| {
        *f.slug == *ABOVE_EXECUTION
            && f.places.first().and_then(|p| p.form_index) == Some(score.form)
    });
    Some(ScoreRow {
        form: form.kind().into(),
        annex: (form.annex.as_ref().filter(|a| a.value.is_present()))
            .map(|a| kept(&a.text))
            .or_else(|| form.def.annex.clone()),
        unit_name: text("unit_name").or_else(|| text("implementing_unit")),
        project_name: form.project_name().map(|p| kept(&p.text)),
        execution_rate: sides("funds.total.execution_rate", score.execution_rate.shown()),
        execution_points: form.number("funds.total.points").map(|n| n.normalize()),
        execution_score: sides("funds.total.score", score.execution_points.shown()),
        indicators: score.indicators.len() as u64,
        indicators_computed: (score.indicators.iter())
            .filter(|i| i.score.value.is_some())
            .count() as u64,
        total_points: form.number("total_points").map(|n| n.normalize()),
        rating_stated: rating(form, results),
        rating_computed: score.rating.clone(),
        rating_of_stated: (total.stated)
            .and_then(|t| rulebook.grade(t))
            .map(str::to_string),
        total,
        above_execution: above,
    })
}

/// The grade the report states for the department as a whole.
fn rating(form: &Form, results: &Results<'_>) -> Option<String> {
    let facts = &results.filing.narrative.facts;
    let grade = facts.iter().find(|f| f.role == FactRole::Grade)?;
    (form.kind() == "department").then(|| kept(&grade.text))
}

/// Text on one line, and no longer than a cell of a table should hold.
fn kept(text: &str) -> String {
    jiheng_render::place::shorten(&one_line(text), LONGEST)
}
