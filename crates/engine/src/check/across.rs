//! A filing comes in; what of it can be held against other packages, small enough to be kept for each of many, goes out.
//!
//! Two questions are asked of several projects and units: are their indicators copied from each other,
//! and does a department's total leave its units out. Rule X404 asks them within a bundle, a batch
//! between its packages; how they are answered stands here.

use super::figures::{amount, quoted, wan_yuan};
use super::projects::{bare_name, core};
use super::report::cell_place;
use crate::narrative::terms::comparable;
use crate::rulebook::Rulebook;
use jiheng_model::form::Form;
use jiheng_model::{Decimal, Filing, Place, label};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Where a department's total stands.
pub const TOTAL: &str = "funds.total.outturn";

/// What of a package is held against others.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    /// The units whose department forms it holds.
    pub units: Vec<Unit>,
    /// Its projects with their indicators.
    pub projects: Vec<Project>,
}

/// A unit with a department form.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its name in comparable form.
    pub name: String,
    /// Fiscal year.
    pub year: Option<i16>,
    /// 全年执行数 in 万元.
    pub spent: Decimal,
    /// The other departments that its project forms name, in comparable form.
    pub departments: Vec<String>,
    /// Only its own level, which is no summary.
    pub own_level: bool,
    /// Where the total stands.
    pub place: Place,
}

/// A project form.
#[derive(Clone, Debug)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// The same for projects whose names differ in numbering and the word 项目 only.
    pub key: u64,
    /// A number for each indicator and its target.
    pub list: Vec<u64>,
    /// Where the name stands.
    pub place: Place,
}

/// From when on lists are copied.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// So many indicators are the same…
    pub rows: Decimal,
    /// …and they are this share of the shorter list.
    pub share: Decimal,
}

impl Thresholds {
    /// As the rulebook has them.
    pub fn of(rulebook: &Rulebook) -> Option<Thresholds> {
        Some(Thresholds {
            rows: rulebook.number("copied_rows")?,
            share: rulebook.number("copied_share")?,
        })
    }

    /// How many indicators two lists have in common, when one is copied from the other.
    pub fn copied<T: PartialEq>(&self, one: &[T], other: &[T]) -> Option<usize> {
        let same = one.iter().filter(|i| other.contains(i)).count();
        let least = Decimal::from(one.len().min(other.len()) as u64);
        let count = Decimal::from(same as u64);
        let enough = least.checked_mul(self.share).is_some_and(|n| count >= n);
        (enough && count >= self.rows).then_some(same)
    }
}

/// What a copied list is told as.
pub fn copied_from(same: usize, other: &str) -> String {
    format!("{same} 个指标和指标值与{}的相同", quoted(other))
}

/// What a total that leaves units out is told as.
pub fn leaves_out(total: Decimal, units: Decimal) -> String {
    format!(
        "全年执行数 {}，所属单位合计 {} 万元",
        amount(total),
        amount(units)
    )
}

/// Whether a name ends in words for a unit's own level.
pub fn is_own_level(name: &str, rulebook: &Rulebook) -> bool {
    let suffixes = rulebook.words("unit_suffixes").iter();
    suffixes
        .map(|s| comparable(s))
        .any(|s| name.ends_with(s.as_str()))
}

/// 全年执行数 of a department form, in 万元.
pub fn spent(form: &Form) -> Option<Decimal> {
    form.get(TOTAL).and_then(wan_yuan)
}

/// The indicators of a form, each with its target.
pub fn indicators(form: &Form) -> Vec<(String, String)> {
    let rows = form.indicators().filter(|i| !i.is_filler());
    rows.filter_map(|i| {
        let target = i.target().filter(|t| t.value.is_present())?;
        Some((
            label::normalise(&i.name()?.text),
            label::normalise(&target.text),
        ))
    })
    .collect()
}

/// The name of a form's project.
pub fn project(form: &Form) -> String {
    form.project_name()
        .map(|n| bare_name(&n.text))
        .unwrap_or_default()
}

/// What of a filing is held against other packages; last year's material is not.
pub fn digest(filing: &Filing, rulebook: &Rulebook) -> Digest {
    let mut digest = Digest::default();
    let all: Vec<usize> = (0..filing.forms.len()).collect();
    let sets: Vec<(&[usize], Option<i16>)> = match filing.materials.is_empty() {
        true => vec![(&all, filing.year.or(filing.narrative.year))],
        false => {
            let now = filing.materials.iter().filter(|m| m.before.is_none());
            now.map(|m| (m.forms.as_slice(), m.year)).collect()
        }
    };
    for (numbers, year) in sets {
        let forms = numbers
            .iter()
            .filter_map(|n| Some((*n, filing.forms.get(*n)?)));
        let forms: Vec<(usize, &Form)> = forms.collect();
        digest.units.extend(unit(&forms, year, rulebook));
        let projects = forms.iter().filter(|(_, f)| f.kind() == "project");
        digest
            .projects
            .extend(projects.filter_map(|(number, form)| {
                let name = project(form);
                let path = ["project_name", "name"].into_iter();
                let place = path.filter_map(|p| cell_place(*number, form, p)).next()?;
                (!name.is_empty()).then(|| Project {
                    key: number_of(&core(&name)),
                    list: indicators(form).iter().map(number_of).collect(),
                    name,
                    place,
                })
            }));
    }
    digest
}

fn unit(forms: &[(usize, &Form)], year: Option<i16>, rulebook: &Rulebook) -> Option<Unit> {
    let (number, form) = forms.iter().find(|(_, f)| f.kind() == "department")?;
    let name = comparable(form.text("unit_name")?);
    let named = forms.iter().filter_map(|(_, f)| f.text("line_department"));
    let mut departments: Vec<String> = named.map(comparable).filter(|d| *d != name).collect();
    departments.sort_unstable();
    departments.dedup();
    Some(Unit {
        year: form.year.or(year),
        spent: spent(form)?,
        departments,
        own_level: is_own_level(&name, rulebook),
        place: cell_place(*number, form, TOTAL)?,
        name,
    })
}

fn number_of(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
