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

/// The first-level projects in the baseline form, in its order.
pub fn projects(opened: &Opened) -> Vec<String> {
    let baseline = opened.sheets.iter().find(|s| s.form == "baseline");
    let Some(entries) = baseline.map(|s| s.entries()) else {
        return Vec::new();
    };
    let rows = key::rows(&entries, "projects").into_iter();
    let names = rows.filter_map(|row| entries.get(&key::cell("projects", &row, "name")).cloned());
    names.filter(|name| !name.trim().is_empty()).collect()
}

/// The projects of the baseline form that have spending or a budget and no form of their own yet.
pub fn without_form(opened: &Opened) -> Vec<String> {
    let has = |name: &String| {
        let forms = opened.sheets.iter().filter(|s| s.form == "project");
        let mut names = forms.map(|s| {
            let typed = s.cells.get("project_name").map_or("", |h| h.text.as_str());
            if typed.is_empty() {
                s.name.clone()
            } else {
                typed.to_string()
            }
        });
        names.any(|own| same_name(&own, name))
    };
    let all = projects(opened).into_iter();
    all.filter(|name| !has(name)).collect()
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
