//! The list of projects, a rulebook and last year's filing come in; the cells with which the sheets of a year begin go out.

use super::entries;
use super::filing::Opened;
use super::import::{Move, fill};
use super::key;
use jiheng_engine::check::projects::same_name;
use jiheng_engine::rulebook::Rulebook;
use jiheng_engine::year::draft::{Materials, draft};
use jiheng_engine::year::import::{Figures, Project};
use jiheng_model::Filing;
use jiheng_model::parse::parse;

/// A first-level project of the baseline form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// What was spent on it, as entered; empty when nothing is.
    pub outturn: String,
}

/// The first-level projects in the baseline form, in its order.
pub fn lines(opened: &Opened) -> Vec<Line> {
    let baseline = opened.sheets.iter().find(|s| s.form == "baseline");
    let Some(entries) = baseline.map(|s| s.entries()) else {
        return Vec::new();
    };
    let text = |row: &str, column: &str| {
        let cell = entries.get(&key::cell("projects", row, column));
        cell.map(|t| t.trim().to_string()).unwrap_or_default()
    };
    let rows = key::rows(&entries, "projects").into_iter();
    rows.map(|row| Line {
        name: text(&row, "name"),
        outturn: text(&row, "outturn"),
    })
    .filter(|line| !line.name.is_empty())
    .collect()
}

/// Names of the first-level projects in the baseline form.
pub fn projects(opened: &Opened) -> Vec<String> {
    lines(opened).into_iter().map(|line| line.name).collect()
}

/// The projects of the baseline form that have no form of their own yet: those with spending, all of them while
/// nothing is said of spending.
pub fn without_form(opened: &Opened) -> Vec<Line> {
    let has = |line: &Line| {
        let forms = opened.sheets.iter().filter(|s| s.form == "project");
        let mut names = forms.map(|s| {
            let typed = s.cells.get("project_name").map_or("", |h| h.text.as_str());
            if typed.is_empty() {
                s.name.clone()
            } else {
                typed.to_string()
            }
        });
        names.any(|own| same_name(&own, &line.name))
    };
    let spent = |line: &Line| {
        let number = parse(&line.outturn).number();
        number.is_some_and(|n| !n.is_zero())
    };
    let all = lines(opened);
    let told = all.iter().any(spent);
    let open = all.into_iter().filter(|l| !has(l) && (!told || spent(l)));
    open.collect()
}

/// What sheets begin with: those of `names` that are projects, and the single forms when `single`.
///
/// Cells in which something stands are left.
pub fn begin(
    opened: &Opened,
    rulebook: &Rulebook,
    names: &[String],
    single: bool,
    last: Option<&Filing>,
) -> Vec<Move> {
    let projects: Vec<Project> = (names.iter())
        .map(|name| Project {
            name: name.clone(),
            ..Project::default()
        })
        .collect();
    let drafted = draft(&Materials {
        rulebook,
        year: opened.year,
        projects: &projects,
        figures: &Figures::default(),
        last,
    });
    let mut moves = Vec::new();
    for (index, form) in drafted.filing.forms.iter().enumerate() {
        let project = form.def.copies == jiheng_model::form::Copies::PerProject;
        if !project && !single {
            continue;
        }
        let name = form.project_name().map_or("", |n| n.text.as_str());
        let new = entries::of_form(&[], &drafted.filing, index);
        let sheet = opened
            .sheets
            .iter()
            .find(|s| s.form == form.def.id && (!project || same_name(&s.name, name)));
        moves.push(fill(sheet, &form.def, name, new));
    }
    moves
}
