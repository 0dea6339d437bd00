//! The records of a batch come in one by one; what rule X404 says of packages held against each other (a total that leaves units out, indicators copied from another package) goes out, as findings for their records.
//!
//! In memory stay a sum for each department and a number for each unit; the lists of indicators lie on
//! the disk while they are compared ([`Lists`]).

use crate::lists::{Copied, List, Lists};
use crate::record::{FindingRow, Record, Spot, Status, Throughout};
use jiheng_engine::check::across::{Thresholds, copied_from, leaves_out};
use jiheng_engine::check::figures::amount;
use jiheng_engine::check::listing;
use jiheng_engine::check::report::cites;
use jiheng_engine::rulebook::Shelf;
use jiheng_model::{Decimal, RuleInfo, Severity};
use jiheng_render::place::one_line;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;

/// The rule that holds projects and units against each other.
const CODE: &str = "X404";
/// So many amounts of units are written out as addends.
const ADDENDS: usize = 8;

/// What of a record is needed to hold its package against others.
#[derive(Deserialize)]
pub struct Noted {
    status: Status,
    rulebook: String,
    #[serde(default)]
    across: Throughout,
}

/// The packages of a batch, held against each other.
pub struct Across<'a> {
    shelf: &'a Shelf,
    /// What units together spent, by department and year.
    sums: HashMap<u64, Sum>,
    /// Units that were counted, by department, year and name: a package may lie there twice.
    counted: HashSet<u64>,
    /// The rule as each rulebook in force has it.
    rules: HashMap<String, Option<Rule>>,
    lists: Option<Lists>,
    copied: HashMap<(u32, u32), Copied>,
}

struct Rule {
    info: RuleInfo,
    basis: String,
    thresholds: Option<Thresholds>,
}

/// What the units of a department spent.
#[derive(Default)]
struct Sum {
    total: Decimal,
    addends: Vec<Decimal>,
    units: usize,
    /// The package the first of them is in, and whether others are in another.
    package: usize,
    several: bool,
}

impl<'a> Across<'a> {
    /// Nothing yet; lists are kept in the folder of results until they are compared.
    pub fn create(out: &Path, shelf: &'a Shelf) -> io::Result<Across<'a>> {
        Ok(Across {
            shelf,
            sums: HashMap::new(),
            counted: HashSet::new(),
            rules: HashMap::new(),
            lists: Some(Lists::create(out)?),
            copied: HashMap::new(),
        })
    }

    /// Takes up the package of a number, from 0; numbers ascend.
    pub fn note(&mut self, number: usize, noted: &Noted) -> io::Result<()> {
        if noted.status != Status::Checked {
            return Ok(());
        }
        let Some(rule) = self.rule(&noted.rulebook) else {
            return Ok(());
        };
        let thresholds = rule.thresholds;
        for unit in &noted.across.units {
            for department in &unit.departments {
                let key = number_of(&(department, unit.year));
                if !self.counted.insert(number_of(&(key, &unit.name))) {
                    continue;
                }
                let sum = self.sums.entry(key).or_insert_with(|| Sum {
                    package: number,
                    ..Sum::default()
                });
                let Some(total) = sum.total.checked_add(unit.spent) else {
                    continue;
                };
                sum.total = total;
                sum.units += 1;
                sum.several |= sum.package != number;
                if sum.addends.len() < ADDENDS {
                    sum.addends.push(unit.spent);
                }
            }
        }
        let (Some(lists), Some(thresholds)) = (&mut self.lists, thresholds) else {
            return Ok(());
        };
        for (at, project) in noted.across.projects.iter().enumerate() {
            let list = List {
                package: number as u32,
                project: at as u32,
                name: project.key,
                indicators: project.list.clone(),
            };
            lists.add(&list, &thresholds)?;
        }
        Ok(())
    }

    /// Compares the lists of all packages that were taken up.
    pub fn compare(&mut self) -> io::Result<()> {
        if let Some(lists) = self.lists.take() {
            self.copied = lists.compare()?;
        }
        Ok(())
    }

    /// Adds to a record what is found between its package and others.
    pub fn complete(
        &mut self,
        number: usize,
        record: &mut Record,
        mut other: impl FnMut(usize) -> io::Result<Record>,
    ) -> io::Result<()> {
        let mut found = Vec::new();
        for unit in record.across.units.iter().filter(|u| !u.own_level) {
            let sum = self.sums.get(&number_of(&(&unit.name, unit.year)));
            // What lies in one package was held against each other there.
            let sum = sum.filter(|s| s.several || s.package != number);
            if let Some(sum) = sum.filter(|s| s.total > unit.spent) {
                let message = leaves_out(unit.spent, sum.total);
                found.push((message, &unit.at, Some(amount(sum.total)), sum.derivation()));
            }
        }
        for (at, project) in record.across.projects.iter().enumerate() {
            let Some(copied) = self.copied.get(&(number as u32, at as u32)) else {
                continue;
            };
            let other = other(copied.package as usize)?;
            let Some(theirs) = other.across.projects.get(copied.project as usize) else {
                continue;
            };
            let message = format!(
                "{}（{}）",
                copied_from(copied.same as usize, &theirs.name),
                one_line(&other.path)
            );
            found.push((message, &project.at, None, None));
        }
        if found.is_empty() {
            return Ok(());
        }
        let Some(rule) = self.rule(&record.rulebook) else {
            return Ok(());
        };
        let rows: Vec<FindingRow> = found
            .into_iter()
            .map(|(message, at, computed, derivation)| rule.row(message, at, computed, derivation))
            .collect();
        for row in rows {
            match row.severity {
                Severity::Error => record.errors += 1,
                Severity::Warning => record.warnings += 1,
                Severity::Hint => record.hints += 1,
            }
            record.findings.push(row);
        }
        Ok(())
    }

    /// The rule under the rulebook of a record ("id@version"); `None` where it sleeps.
    fn rule(&mut self, label: &str) -> Option<&Rule> {
        if !self.rules.contains_key(label) {
            let id = label.split('@').next().unwrap_or(label);
            let rule = self.shelf.rulebooks.get(id).and_then(|book| {
                let info = listing::rules(book).into_iter().find(|r| r.code == CODE)?;
                Some(Rule {
                    basis: cites(book, &info.basis),
                    thresholds: Thresholds::of(book),
                    info,
                })
            });
            self.rules.insert(label.to_string(), rule);
        }
        self.rules.get(label)?.as_ref()
    }
}

impl Sum {
    /// "12.00 + 34.00 = 46.00".
    fn derivation(&self) -> Option<String> {
        let written = self.units > 1 && self.units == self.addends.len();
        written.then(|| {
            let addends: Vec<String> = self.addends.iter().map(|a| amount(*a)).collect();
            format!("{} = {}", addends.join(" + "), amount(self.total))
        })
    }
}

impl Rule {
    fn row(
        &self,
        message: String,
        at: &Spot,
        computed: Option<String>,
        derivation: Option<String>,
    ) -> FindingRow {
        FindingRow {
            code: self.info.code.clone(),
            title: self.info.title.clone(),
            severity: self.info.severity,
            message,
            stated: Some(at.text.clone()),
            computed,
            derivation,
            form: at.form.clone(),
            place: at.place.clone(),
            file: at.file.clone(),
            position: at.position.clone(),
            cell: at.cell,
            paragraph: at.paragraph,
            basis: one_line(&self.basis),
            advice: one_line(&self.info.advice),
            caused_by: None,
            explained: false,
        }
    }
}

fn number_of(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
