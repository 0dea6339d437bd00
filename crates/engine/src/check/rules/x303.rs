//! X303 `project-in-report`: what the report says of a project by its name, and the project's line and form, come in; figures that differ go out.

use crate::check::projects;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, current, same};
use crate::narrative::terms::comparable;
use jiheng_model::{FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X303",
    slug: "project-in-report",
    title: "同一项目在报告和表中金额不同",
    severity: Severity::Error,
    covers: &["I-17", "D30"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告按名称提到的项目，其年初预算、全年预算、支出和执行率是否与附件1 的一行、附件3 的一张表相同。",
    why: "报告引用的是项目表里的数，同名项目的同一个数应相同。",
    advice: "以部门决算报表为准，更正其中一处",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let projects = projects::projects(case);
    for fact in case
        .filing
        .narrative
        .facts
        .iter()
        .filter(|f| current(case, f))
    {
        let Some(item) = fact
            .item
            .as_deref()
            .filter(|i| i.starts_with("project_line"))
        else {
            continue;
        };
        if fact.role == FactRole::Change {
            continue;
        }
        let Some(stated) = Figure::fact(case, fact) else {
            continue;
        };
        let label = comparable(&fact.label);
        let named = |name: &str| {
            let name = comparable(name);
            name.chars().count() >= 2 && label.contains(&name)
        };
        let line = projects
            .lines
            .iter()
            .filter(|l| named(&l.name))
            .max_by_key(|l| l.name.len());
        let sheet = match line {
            Some(l) => l
                .sheet
                .and_then(|s| projects.sheets.get(s))
                .filter(|s| named(&s.name)),
            None => projects
                .sheets
                .iter()
                .filter(|s| named(&s.name))
                .max_by_key(|s| s.name.len()),
        };
        let columns: (Option<&str>, Option<&str>) = match item {
            "project_line" => (Some("outturn"), Some("funds.total.outturn")),
            "project_line.budget" | "project_line.original_budget" => {
                (Some("budget"), Some("funds.total.original_budget"))
            }
            "project_line.prior" => (Some("prior_outturn"), None),
            "project_line.final_budget" => (None, Some("funds.total.final_budget")),
            "project_line.execution_rate" => (None, Some("funds.total.execution_rate")),
            "project_line.score" => (None, Some("total_score")),
            _ => continue,
        };
        let from_line = line.zip(columns.0).and_then(|(l, column)| {
            Figure::row(case, projects.baseline?, "projects", l.row, column)
        });
        let from_sheet = sheet
            .zip(columns.1)
            .and_then(|(s, path)| Figure::cell(case, s.form, path));
        for (cell, annex) in [(from_line, "附件1"), (from_sheet, "自评表")] {
            let Some(cell) = cell.filter(|c| c.comparable(&stated)) else {
                continue;
            };
            let message = format!(
                "{}：报告写 {}，{annex}为 {}",
                fact.label,
                stated.shown(),
                cell.shown()
            );
            same(report, &stated, &cell, message);
        }
    }
}
