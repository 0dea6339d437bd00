//! The kept cells of a filing come in; its sheets checked as one package, with their findings, go out.

use super::key::Entries;
use super::margin::{Counts, Margin, margin};
use super::package::{Package, Written, check};
use super::sheet::Filled;
use jiheng_engine::rulebook::{Rulebook, Shelf};
use jiheng_model::Unit;
use jiheng_model::form::Copies;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The form id under which the report is kept.
pub const REPORT: &str = "report";

/// A filing with all its cells, as it stands at one revision.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its id.
    pub id: String,
    /// The name of the unit.
    pub unit: String,
    /// "2023年度绩效自评".
    pub title: String,
    /// The fiscal year.
    pub year: i16,
    /// The rulebook of the campaign.
    pub rulebook: String,
    /// Until when it is to be handed in; milliseconds since 1970 (UTC).
    pub due: Option<i64>,
    /// What is going on with it, for people.
    pub stage: String,
    /// It can be filled now.
    pub open: bool,
    /// The filing's revision.
    pub revision: i64,
    /// Its sheets in order.
    pub sheets: Vec<Kept>,
}

/// A sheet with its cells.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// The form, or [`REPORT`].
    pub form: String,
    /// The name people gave it: a project's name.
    pub name: String,
    /// Number among the sheets of its form, from 1.
    pub ordinal: u32,
    /// The first-level project it belongs to, for second-level ones.
    pub parent: Option<String>,
    /// Cells by address.
    pub cells: BTreeMap<String, Held>,
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// What stands in it; empty when it was cleared.
    pub text: String,
    /// How often it was changed.
    pub revision: i64,
    /// The filing's revision at which this came.
    pub moment: i64,
    /// Who wrote it.
    pub by: String,
    /// When; milliseconds since 1970 (UTC).
    pub at: i64,
}

/// A filing that was checked.
#[derive(Debug)]
pub struct Checked {
    /// What was checked.
    pub opened: Opened,
    /// The rulebook in force.
    pub rulebook: Arc<Rulebook>,
    /// The package; its sheets are the forms among the filing's sheets, in order.
    pub package: Package,
    /// Findings beside their rows.
    pub margin: Margin,
    /// How long checking took, in milliseconds.
    pub took: u128,
}

impl Kept {
    /// The texts alone.
    pub fn entries(&self) -> Entries {
        let cells = self.cells.iter().filter(|(_, held)| !held.text.is_empty());
        cells.map(|(k, h)| (k.clone(), h.text.clone())).collect()
    }

    /// Nothing has been written in it yet.
    pub fn is_blank(&self) -> bool {
        self.cells.values().all(|held| held.text.is_empty())
    }

    /// The last change.
    pub fn last(&self) -> Option<&Held> {
        self.cells.values().max_by_key(|held| held.moment)
    }
}

impl Opened {
    /// Checks the filing, with what is known from its last check. `None` when the shelf has not its rulebook.
    pub fn check(self, shelf: &Shelf, before: Option<&Checked>) -> Option<Checked> {
        let begun = std::time::Instant::now();
        let rulebook = shelf.rulebooks.get(&self.rulebook)?.clone();
        let before = before.map(|b| &b.package);
        let package = check(
            self.forms(&rulebook),
            self.report().as_ref(),
            &rulebook,
            before,
        );
        let margin = margin(&package, &rulebook);
        Some(Checked {
            opened: self,
            rulebook,
            package,
            margin,
            took: begun.elapsed().as_millis(),
        })
    }

    /// Its forms with what was entered, in the order of the sheets.
    pub fn forms(&self, rulebook: &Rulebook) -> Vec<Filled> {
        let projects = self.sheets.iter().filter(|s| s.form == "project").count();
        let forms = self.sheets.iter().filter(|s| s.form != REPORT);
        let filled = forms.filter_map(|sheet| {
            let def = rulebook.form(&sheet.form)?.clone();
            let many = def.copies == Copies::PerProject && projects > 1;
            let annex = def.annex.as_ref().map(|annex| match many {
                true => format!("{annex}-{}", sheet.ordinal),
                false => annex.clone(),
            });
            Some(Filled {
                id: sheet.id.clone(),
                def,
                year: self.year,
                money_unit: Unit::wan_yuan(),
                annex,
                entries: sheet.entries(),
            })
        });
        filled.collect()
    }

    /// The report, when there is one.
    pub fn report(&self) -> Option<Written> {
        let sheet = self.sheets.iter().find(|s| s.form == REPORT)?;
        Some(Written {
            id: sheet.id.clone(),
            entries: sheet.entries(),
        })
    }
}

impl Checked {
    /// Where a sheet stands among the margins: forms in order, the report last.
    pub fn place(&self, sheet: &str) -> Option<usize> {
        let kept = self.opened.sheets.iter().find(|s| s.id == sheet)?;
        if kept.form == REPORT {
            return Some(self.package.sheets.len());
        }
        let forms = self.opened.sheets.iter().filter(|s| s.form != REPORT);
        forms.into_iter().position(|s| s.id == sheet)
    }

    /// The sheet at a place among the margins.
    pub fn at(&self, place: usize) -> Option<&Kept> {
        let sheets = &self.opened.sheets;
        match place == self.package.sheets.len() {
            true => sheets.iter().find(|s| s.form == REPORT),
            false => sheets.iter().filter(|s| s.form != REPORT).nth(place),
        }
    }

    /// Findings that stand first in a sheet.
    pub fn counts(&self, sheet: &str) -> Counts {
        let side = self.place(sheet).and_then(|p| self.margin.sheets.get(p));
        side.map_or_else(Counts::default, |s| s.counts)
    }

    /// Findings of the whole package.
    pub fn all(&self) -> Counts {
        let sides = self.margin.sheets.iter().map(|s| s.counts);
        let mut all = sides.fold(Counts::default(), Counts::plus);
        for at in &self.margin.nowhere {
            match self.margin.findings.get(*at).map(|f| f.class) {
                Some("E") => all.errors += 1,
                Some("W") => all.warnings += 1,
                _ => all.hints += 1,
            }
        }
        all
    }

    /// Why it cannot be handed in yet, a sentence each; empty when it can.
    pub fn why_not(&self) -> Vec<String> {
        let mut why = Vec::new();
        let errors = self.all().errors;
        if errors > 0 {
            why.push(format!("错误 {errors} 项（更正，或写明理由）"));
        }
        let blank = self.opened.sheets.iter().filter(|s| s.is_blank()).count();
        if blank > 0 {
            why.push(format!("{blank} 张表还没有填"));
        }
        if self.opened.sheets.is_empty() {
            why.push("还没有表".into());
        }
        why
    }
}
