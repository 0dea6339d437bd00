//! Records in their order come in; what the overview shows of all of them goes out.

use crate::record::{Record, ScoreRow, Status};
use crate::units::List;
use jiheng_export::Table;
use jiheng_model::Decimal;
use jiheng_render::overview::{Common, Overview, Ranked, Ranking, Scores};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Rows of the ranking that are shown as a whole…
const ALL: usize = 60;
/// …or so many from the first and up to the last.
const ENDS: usize = 30;
/// Codes that are shown.
const CODES: usize = 12;
/// Packages that were not checked and are named.
const UNCHECKED: usize = 60;

/// Sums over the packages so far. What grows with their number is two numbers a package.
pub struct Tally {
    overview: Overview,
    units: Option<List>,
    common: BTreeMap<String, Common>,
    rulebooks: BTreeMap<String, usize>,
    /// Recomputed total, errors and number of each package with a total.
    ranked: Vec<(Reverse<Decimal>, u64, usize)>,
}

impl Tally {
    /// Nothing yet.
    pub fn new(title: String, units: Option<List>) -> Tally {
        Tally {
            overview: Overview {
                title,
                ..Overview::default()
            },
            units,
            common: BTreeMap::new(),
            rulebooks: BTreeMap::new(),
            ranked: Vec::new(),
        }
    }

    /// Adds the package of a number, from 0.
    pub fn add(&mut self, number: usize, record: &Record) {
        let o = &mut self.overview;
        o.packages += 1;
        if let Some(units) = &mut self.units {
            units.found(record.unit.as_deref(), &record.path);
        }
        if record.status != Status::Checked {
            if o.unchecked.len() < UNCHECKED {
                o.unchecked.push((record.path.clone(), record.why.clone()));
            }
            return;
        }
        o.checked += 1;
        o.with_errors += usize::from(record.errors > 0);
        o.with_warnings += usize::from(record.errors == 0 && record.warnings > 0);
        let counts = [record.errors, record.warnings, record.hints];
        for (sum, count) in o.counts.iter_mut().zip(counts) {
            *sum += count;
        }
        *self.rulebooks.entry(record.rulebook.clone()).or_default() += 1;
        match record.main_score().and_then(|s| s.total.computed) {
            Some(total) => self.ranked.push((Reverse(total), record.errors, number)),
            None => o.ranking.without += 1,
        }
        for score in &record.scores {
            distribute(&mut o.scores, score);
            if let Some(point) = point(score) {
                let spot = o.points.entry(point).or_default();
                spot.forms += 1;
                spot.above += u64::from(score.above_execution);
            }
        }
        self.count(record);
    }

    /// Counts the findings of a package by code, each code once for the package.
    fn count(&mut self, record: &Record) {
        let mut own: Vec<&str> = Vec::new();
        for finding in &record.findings {
            if finding.explained || finding.caused_by.is_some() {
                continue;
            }
            let severity = finding.severity;
            let entry = self.common.entry(finding.code.clone());
            let common = entry.or_insert_with(|| Common {
                code: finding.code.clone(),
                title: finding.title.clone(),
                severity,
                packages: 0,
                findings: 0,
            });
            common.severity = common.severity.min(severity);
            common.findings += 1;
            if !own.contains(&finding.code.as_str()) {
                own.push(&finding.code);
                common.packages += 1;
            }
        }
    }

    /// Packages whose rows the ranking shows, each with its place; [`Tally::finish`] wants their records.
    pub fn shown(&mut self) -> Vec<(usize, usize)> {
        self.ranked.sort_unstable();
        let mut places = Vec::with_capacity(self.ranked.len());
        for (at, (total, _, number)) in self.ranked.iter().enumerate() {
            let place = match self.ranked[..at].last().zip(places.last()) {
                Some(((before, ..), (_, place))) if before == total => *place,
                _ => at + 1,
            };
            places.push((*number, place));
        }
        if places.len() > ALL {
            let last = places.split_off(places.len() - ENDS);
            places.truncate(ENDS);
            places.extend(last);
        }
        places
    }

    /// The overview with the rows of the ranking.
    pub fn finish(self, mut rows: Vec<Ranked>) -> Overview {
        let mut overview = self.overview;
        let ranked = self.ranked.len();
        let last = match ranked > ALL {
            true => rows.split_off(ENDS.min(rows.len())),
            false => Vec::new(),
        };
        overview.ranking = Ranking {
            first: rows,
            last,
            ranked,
            without: overview.ranking.without,
        };
        let mut common: Vec<Common> = self.common.into_values().collect();
        common.sort_by(|a, b| {
            (Reverse(a.packages), a.severity, &a.code).cmp(&(
                Reverse(b.packages),
                b.severity,
                &b.code,
            ))
        });
        common.truncate(CODES);
        overview.common = common;
        let mut rulebooks: Vec<(String, usize)> = self.rulebooks.into_iter().collect();
        rulebooks.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
        overview.rulebooks = rulebooks;
        overview.units = self.units.map(List::units);
        overview.tables = crate::tables::NAMES
            .iter()
            .flat_map(|name| Table::endings().iter().map(move |e| format!("{name}.{e}")))
            .collect();
        overview
    }
}

/// The row of the ranking of a package.
pub fn ranked(record: &Record, place: usize, page: Option<String>) -> Ranked {
    let main = record.main_score();
    let name = record.unit.clone().unwrap_or_else(|| record.path.clone());
    Ranked {
        place,
        name,
        path: record.path.clone(),
        page,
        stated: main.and_then(|s| s.total.stated),
        computed: main.and_then(|s| s.total.computed),
        rating: main.and_then(|s| s.rating_computed.clone()),
        errors: record.errors,
        warnings: record.warnings,
    }
}

/// Counts both totals of a form, in percent of its points.
fn distribute(scores: &mut Scores, score: &ScoreRow) {
    let share = |total: Option<Decimal>| percent(total?, score.total_points?);
    if let Some(stated) = share(score.total.stated) {
        scores.stated[Scores::bin(stated)] += 1;
    }
    if let Some(computed) = share(score.total.computed) {
        scores.computed[Scores::bin(computed)] += 1;
    }
}

/// Execution rate and the share of the indicators' points that a project form claims, in half percents.
fn point(score: &ScoreRow) -> Option<(u16, u16)> {
    score.project_name.as_ref()?;
    let rate = score
        .execution_rate
        .computed
        .or(score.execution_rate.stated)?;
    let own =
        |all: Option<Decimal>, part: Option<Decimal>| all?.checked_sub(part.unwrap_or_default());
    let points = own(score.total_points, score.execution_points)?;
    let claimed = own(score.total.stated, score.execution_score.stated)?;
    Some((halves(rate)?, halves(percent(claimed, points)?)?))
}

fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
}

/// Half percents, between 0 and 200.
fn halves(percent: Decimal) -> Option<u16> {
    let halves = percent.checked_mul(Decimal::TWO)?.round();
    let most = Decimal::from(200);
    u16::try_from(halves.clamp(Decimal::ZERO, most)).ok()
}
