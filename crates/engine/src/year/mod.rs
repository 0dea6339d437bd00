//! A project list, figures of other systems and last year's filing come in; the new year's filing, half filled, with notes for the clerk, goes out.
//!
//! What is known is filled in and says where it comes from; what only the clerk can know stays
//! blank. Nothing is guessed: a column that may mean two things is a question.

mod before;
pub mod columns;
pub mod draft;
pub mod import;
pub mod sheet;
pub mod sources;

pub use columns::Question;
pub use draft::{Note, Spot};
pub use sources::Sources;

use crate::read::SourceFile;
use crate::rulebook::library::{ANY, Entry};
use crate::rulebook::{Rulebook, Shelf};
use jiheng_model::Filing;
use std::sync::Arc;

/// What a year is begun from.
pub struct Wish<'a> {
    /// The list of projects.
    pub projects: &'a SourceFile,
    /// Exported final accounts or figures of the budget system.
    pub accounts: Option<&'a SourceFile>,
    /// Last year's filing.
    pub last: Option<&'a Filing>,
    /// The year, when it is said.
    pub year: Option<i16>,
    /// The rulebook of last year's material, or the one asked for.
    pub rulebook: Arc<Rulebook>,
}

/// The beginning of a year.
#[derive(Debug)]
pub struct Start {
    /// The year.
    pub year: i16,
    /// The rulebook in force for it.
    pub rulebook: Arc<Rulebook>,
    /// The forms with what is known.
    pub filing: Filing,
    /// Notes on cells.
    pub notes: Vec<Note>,
    /// Indicators of the library for each project, in the order of the list.
    pub offers: Vec<Offer>,
    /// Sentences for the clerk.
    pub said: Vec<String>,
}

/// What the library offers for a project.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The project.
    pub project: String,
    /// The kind its name speaks of; [`ANY`] when no word tells.
    pub kind: String,
    /// The indicators, those of every project last.
    pub entries: Vec<Arc<Entry>>,
}

/// Begins a year.
///
/// # Errors
/// A question to the clerk; nothing is guessed.
pub fn begin(wish: &Wish<'_>, shelf: &Shelf, sources: &mut Sources) -> Result<Start, Question> {
    let next = wish.last.and_then(|l| l.year).map(|y| y.saturating_add(1));
    let asked = wish.year.or(next);
    let listed = import::projects(wish.projects, asked, &wish.rulebook, sources)?;
    let Some(year) = asked.or(listed.year) else {
        return Err(Question {
            text: format!(
                "不知道是哪一年度的：{} 里没有写年度，也没有给上年的材料。\n加上 --year 2024 这样的年度，再运行一次。",
                wish.projects.name
            ),
        });
    };
    let mut said = listed.said;
    if let Some(own) = listed.year.filter(|own| *own != year) {
        said.push(format!(
            "{} 写的是 {own} 年度，按 {year} 年度建表；不对的话加 --year {own}。",
            wish.projects.name
        ));
    }
    let (rulebook, why) = newest(shelf, &wish.rulebook, year);
    said.extend(why);
    let figures = match wish.accounts {
        Some(file) => import::figures(file, &listed.projects, Some(year), &rulebook, sources)?,
        None => import::Figures::default(),
    };
    said.extend(figures.said.iter().cloned());
    let made = draft::draft(&draft::Materials {
        rulebook: &rulebook,
        year,
        projects: &listed.projects,
        figures: &figures,
        last: wish.last,
    });
    if !made.fresh.is_empty() {
        said.push(format!(
            "{} 个项目上年没有自评表，目标和指标留空，可从工作表“指标库”里选：{}。",
            made.fresh.len(),
            made.fresh.join("、")
        ));
    }
    let strangers: Vec<&str> = figures
        .projects
        .iter()
        .filter(|f| {
            let mut listed = listed.projects.iter();
            !listed.any(|p| crate::check::projects::same_name(&p.name, &f.name))
        })
        .map(|f| f.name.as_str())
        .collect();
    if !strangers.is_empty() {
        said.push(format!(
            "导出的数里有 {} 项清单没有、表上也没有的：{}，没有填，请核对名称。",
            strangers.len(),
            strangers.join("、")
        ));
    }
    let offers = listed
        .projects
        .iter()
        .map(|p| offer(&p.name, &rulebook))
        .collect();
    Ok(Start {
        year,
        rulebook,
        filing: made.filing,
        notes: made.notes,
        offers,
        said,
    })
}

/// The indicators for a project: of its kind, then those of every project.
fn offer(name: &str, rulebook: &Rulebook) -> Offer {
    let kind = rulebook.project_kinds(name).first().map_or(ANY, |k| k);
    let of = |kind: &str| -> Vec<Arc<Entry>> {
        let library = rulebook.library.iter();
        let fits = library.filter(|e| e.kinds.iter().any(|k| k == kind));
        fits.cloned().collect()
    };
    let mut entries = of(kind);
    if kind != ANY {
        entries.extend(of(ANY));
    }
    Offer {
        project: name.to_string(),
        kind: kind.to_string(),
        entries,
    }
}

/// The newest rulebook of the same place that is in force, and a sentence when the year has none of its own.
fn newest(shelf: &Shelf, rulebook: &Arc<Rulebook>, year: i16) -> (Arc<Rulebook>, Option<String>) {
    let place = |id: &str| id.rsplit_once('/').map(|(place, _)| place.to_string());
    let own = place(&rulebook.id);
    let of_place = shelf.rulebooks.values().filter(|r| {
        let begun = r.in_force.0.is_none_or(|from| from <= year);
        let holds = r.in_force.1.is_none_or(|to| year <= to);
        r.id == rulebook.id || (place(&r.id) == own && begun && holds)
    });
    // Two rulebooks of one place that begin in the same year are not told apart: the one at hand stays.
    let best = of_place.max_by_key(|r| (r.in_force.0, r.id == rulebook.id));
    let best = best.unwrap_or(rulebook).clone();
    let said = best.in_force.0.filter(|from| *from != year).map(|_| {
        format!(
            "没有 {year} 年度的规程包，用这个地方最新的《{}》（{}）。",
            best.title, best.id
        )
    });
    (best, said)
}
