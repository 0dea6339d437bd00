//! The report's sections and the forms that are attached come in; the points for completeness (完整性) go out.

use super::standard::Measured;
use super::{Desk, Measurement, deducted};
use crate::check::projects::projects;
use crate::check::report::Case;
use crate::check::rules::n301;
use jiheng_model::assessment::Verdict;
use jiheng_model::finding::Place;
use jiheng_model::form::Copies;
use jiheng_model::label;
use jiheng_model::narrative::Section;

/// Sections of the outline's first level that are missing or empty.
pub(super) fn sections(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let case = &desk.case;
    let max = measured.points();
    if !case.filing.narrative.exists() {
        let why = format!("没有自评报告正文，扣满 {} 分", max.normalize());
        let place = case.absent_in_package("自评报告");
        return (Verdict::Computed(Default::default()), why, vec![place]);
    }
    let first_level = case
        .rulebook
        .dictionary("outline_levels")
        .and_then(|levels| levels.get("1"));
    let required: Vec<&String> = case
        .rulebook
        .words("outline_required")
        .iter()
        .filter(|key| first_level.is_none_or(|level| level.contains(key)))
        .collect();
    let mut names = Vec::new();
    let mut places = Vec::new();
    for key in &required {
        let name = n301::name(case, key);
        match case.filing.narrative.section(key) {
            None => {
                places.push(n301::place(case, key));
                names.push(format!("“{name}”没有"));
            }
            Some(section) if is_empty(case, section) => {
                places.push(case.absent_in_report(section.paragraph, name.clone()));
                names.push(format!("“{name}”只有标题"));
            }
            Some(_) => {}
        }
    }
    let (left, sum) = deducted(max, names.len(), measured.number("each"));
    let why = match names.is_empty() {
        true => format!("正文 {} 个部分齐全，{sum}", required.len()),
        false => format!(
            "正文 {} 个部分缺 {} 个（{}），{sum}",
            required.len(),
            names.len(),
            names.join("、")
        ),
    };
    (Verdict::Computed(left), why, places)
}

/// A heading and nothing under it.
fn is_empty(case: &Case<'_>, section: &Section) -> bool {
    let heading = case.report_line(section.paragraph);
    let run_in = heading.chars().count() > section.title.chars().count() + 20;
    let mut body = (section.paragraph + 1..=section.last).map(|n| case.report_line(n));
    !run_in && !body.any(|text| !label::trim(text).is_empty())
}

/// Kinds of forms that are not attached; a kind of which copies are missing counts once.
pub(super) fn annexes(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let case = &desk.case;
    let mut lacking: Vec<String> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    let kinds = measured.texts("forms");
    for kind in kinds {
        let Some(def) = case.rulebook.form(kind) else {
            continue;
        };
        let name = match &def.annex {
            Some(annex) => format!("{annex} {}", def.title),
            None => def.title.clone(),
        };
        if case.filing.of(kind).next().is_none() {
            places.push(case.absent_in_package(name.clone()));
            lacking.push(name);
            continue;
        }
        if def.copies != Copies::PerProject {
            continue;
        }
        let found = projects(case);
        let missing: Vec<_> = found
            .lines
            .iter()
            .filter(|l| l.is_executed() && l.sheet.is_none())
            .collect();
        let Some(baseline) = found.baseline.filter(|_| !missing.is_empty()) else {
            continue;
        };
        lacking.push(format!(
            "{name}缺 {} 张（一个项目一张，合算一个部分）",
            missing.len()
        ));
        let rows = missing.iter();
        places.extend(rows.map(|l| case.row_place(baseline, "projects", l.row, "outturn")));
    }
    let (left, sum) = deducted(measured.points(), lacking.len(), measured.number("each"));
    let why = match lacking.is_empty() {
        true => format!("附件 {} 个部分齐全，{sum}", kinds.len()),
        false => format!(
            "附件 {} 个部分缺 {} 个：{}，{sum}",
            kinds.len(),
            lacking.len(),
            lacking.join("、")
        ),
    };
    (Verdict::Computed(left), why, places)
}
