//! A checked package comes in; the findings beside the rows of each sheet, the marks on its cells and the counts on its tab go out.

use super::package::{Mark, Package};
use jiheng_engine::check::listing;
use jiheng_engine::rulebook::Rulebook;
use jiheng_model::{Finding, RuleInfo, Severity};
use jiheng_render::place::{one_line, shorten};
use jiheng_render::results::{InForce, Results};
use jiheng_render::sides::SideKind;
use serde::Serialize;
use std::collections::BTreeMap;

/// A finding is shown in so many rows of a sheet; the rest are listed in it.
const ROWS: usize = 4;
/// So many places of a finding are listed; the rest are counted.
const PLACES: usize = 12;
/// Values are cut here; the cell itself shows all of it.
const CUT: usize = 120;

/// Findings of one package as a person sees them while filling it.
#[derive(Debug, Default)]
pub struct Margin {
    /// First causes in their order, each with its number.
    pub findings: Vec<Remark>,
    /// For each sheet (the report last): its margin.
    pub sheets: Vec<Side>,
    /// Findings that stand nowhere in the package: what is missing in it.
    pub nowhere: Vec<usize>,
}

/// The margin of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Findings that stand in it first.
    pub counts: Counts,
    /// Indexes in [`Margin::findings`] by row of the table; row 0 is the line under it.
    pub rows: BTreeMap<u32, Vec<usize>>,
    /// Those that stand in a row first.
    pub first: BTreeMap<u32, Vec<usize>>,
    /// The findings of each cell.
    pub cells: BTreeMap<String, Vec<usize>>,
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// 错误.
    pub errors: usize,
    /// 警告.
    pub warnings: usize,
    /// 提示.
    pub hints: usize,
}

impl Counts {
    /// All of them.
    pub fn all(&self) -> usize {
        self.errors + self.warnings + self.hints
    }

    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Hint => self.hints += 1,
        }
    }

    /// Of several sheets together.
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            hints: self.hints + other.hints,
        }
    }
}

/// A finding as it stands in the margin.
#[derive(Clone, Debug)]
pub struct Remark {
    /// Its number in the package.
    pub number: usize,
    /// "E", "W", "H".
    pub class: &'static str,
    /// "错误".
    pub word: &'static str,
    /// What is the matter.
    pub title: String,
    /// Code of the rule.
    pub code: String,
    /// Both sides and the difference.
    pub sides: Vec<SideRow>,
    /// Why it matters.
    pub why: String,
    /// Citation.
    pub basis: String,
    /// What to do.
    pub advice: String,
    /// How many findings follow from it.
    pub follows: usize,
    /// The sheet in which it stands first.
    pub sheet: Option<usize>,
}

/// A row of a finding.
#[derive(Clone, Debug)]
pub struct SideRow {
    /// "附件1 · 公用经费 · 2023年决算数".
    pub name: String,
    /// "表1 行28 列6", or how it was computed.
    pub position: String,
    /// The value.
    pub value: String,
    /// "gap", "sum" or nothing.
    pub class: &'static str,
    /// Sheet and address of the cell, to jump to.
    pub at: Option<(usize, String)>,
}

/// The margins of a package.
pub fn margin(package: &Package, rulebook: &Rulebook) -> Margin {
    let rules = listing::rules(rulebook);
    let results = results(package, rulebook, &rules);
    let places = package.sheets.len() + 1;
    let mut made = Margin {
        sheets: vec![Side::default(); places],
        ..Margin::default()
    };
    let mut marks: BTreeMap<usize, Vec<&Mark>> = BTreeMap::new();
    for mark in &package.marks {
        marks.entry(mark.finding).or_default().push(mark);
    }
    for (index, finding) in package.checked.findings.iter().enumerate() {
        if finding.caused_by.is_some() || finding.suppressed.is_some() {
            continue;
        }
        let own = marks.get(&index).map_or(&[][..], Vec::as_slice);
        let at = made.findings.len();
        let remark = remark(&results, index, finding, at + 1, own);
        stand(&mut made, at, finding, own);
        if remark.sheet.is_none() {
            made.nowhere.push(at);
        }
        made.findings.push(remark);
    }
    made
}

/// The package as the renderers see it.
pub fn results<'p>(
    package: &'p Package,
    rulebook: &'p Rulebook,
    rules: &'p [RuleInfo],
) -> Results<'p> {
    Results {
        documents: &package.documents,
        filing: &package.filing,
        scorecard: &package.scorecard,
        findings: &package.checked.findings,
        outcomes: &package.checked.outcomes,
        rules,
        bases: &rulebook.bases,
        rulebook: InForce {
            id: &rulebook.id,
            version: &rulebook.version,
            title: &rulebook.title,
            why: "",
            fallback: false,
        },
    }
}

/// Puts a finding beside its rows and on its cells.
fn stand(made: &mut Margin, at: usize, finding: &Finding, marks: &[&Mark]) {
    let mut rows = 0;
    let mut begun: Vec<usize> = Vec::new();
    for (number, mark) in marks.iter().enumerate() {
        let Some(side) = mark.sheet.and_then(|s| made.sheets.get_mut(s)) else {
            continue;
        };
        if number == 0 {
            side.counts.add(finding.severity);
        }
        if let Some(key) = &mark.key {
            let on = side.cells.entry(key.clone()).or_default();
            if !on.contains(&at) {
                on.push(at);
            }
        }
        if let Some(sheet) = mark.sheet.filter(|s| !begun.contains(s)) {
            begun.push(sheet);
            side.first.entry(mark.row).or_default().push(at);
        }
        let beside = side.rows.entry(mark.row).or_default();
        if !beside.contains(&at) && rows < ROWS {
            beside.push(at);
            rows += 1;
        }
    }
}

fn remark(
    results: &Results<'_>,
    index: usize,
    finding: &Finding,
    number: usize,
    marks: &[&Mark],
) -> Remark {
    let sides = results.sides(finding).into_iter().enumerate();
    let rows = sides.filter_map(|(position, side)| {
        let place = finding.places.get(position);
        if place.is_some() && position >= PLACES {
            return None;
        }
        let mark = marks.iter().find(|m| m.place == position);
        Some(SideRow {
            name: side.name,
            position: side.position,
            value: shorten(&side.value, CUT),
            class: match side.kind {
                SideKind::Gap => "gap",
                SideKind::Computed => "sum",
                SideKind::Stated | SideKind::Absent => "",
            },
            at: mark.and_then(|m| Some((m.sheet?, m.key.clone()?))),
        })
    });
    Remark {
        number,
        class: class(finding.severity),
        word: finding.severity.chinese(),
        title: one_line(&finding.message),
        code: finding.code.clone(),
        sides: rows.collect(),
        why: one_line(&finding.why),
        basis: one_line(&finding.basis),
        advice: one_line(&finding.advice),
        follows: results.followers(index).count(),
        sheet: marks.first().and_then(|m| m.sheet),
    }
}

/// The letter by which a severity is coloured.
pub fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "E",
        Severity::Warning => "W",
        Severity::Hint => "H",
    }
}
