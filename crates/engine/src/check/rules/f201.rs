//! F201 `project-form-missing`: the lines of the baseline form and the project forms come in; executed projects without a form of their own go out as one finding.

use crate::check::projects::{Line, Projects, projects};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::{Decimal, Severity, Unit};

/// The rule.
pub static RULE: Rule = Rule {
    code: "F201",
    slug: "project-form-missing",
    title: "有支出的项目没有自评表",
    severity: Severity::Error,
    covers: &["I-10", "D51", "D52"],
    basis: &["one-form-per-project", "art8-all-projects"],
    what: "附件1 项目支出中本年有决算数的每个一级项目，都应有一张项目支出绩效自评表。名称不同而金额、名称相近的，视为同一项目。",
    why: "单位自评的对象包括纳入预算管理的所有项目支出，一个一级项目支出一张表；缺表的项目等于没有自评。",
    advice: "为列出的每个项目补填一张项目支出绩效自评表；项目已合并自评的，在说明中写明并入哪张表",
    fix: None,
    run,
};

/// Most places of missing forms shown one by one; more are named together.
const ONE_BY_ONE: usize = 3;

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let found = projects(case);
    let Some(baseline) = found.baseline else {
        if !found.sheets.is_empty() {
            report.lacks("没有附件1 基础数据表，不知道应有几张项目支出绩效自评表");
        }
        return;
    };
    let mut missing: Vec<&Line<'_>> = Vec::new();
    for line in found.lines.iter().filter(|l| l.is_executed()) {
        report.checked();
        if line.sheet.is_none() {
            missing.push(line);
        }
    }
    let Some(first) = missing.first() else {
        return;
    };
    let total = total(&missing);
    let amount = total.map_or(String::new(), |t| format!("，涉及 {t} 万元"));
    let message = match missing.len() {
        1 => format!("“{}”没有自评表{amount}", first.name),
        n => format!("{n} 个有支出的项目没有自评表{amount}"),
    };
    let place = |line: &Line<'_>| case.row_place(baseline, "projects", line.row, "outturn");
    let marked = place(first);
    let only = marked.origin;
    let draft = report.find(message, marked);
    if missing.len() == 1 {
        // An amount that other sums prove wrong may be all there is to it.
        draft.input(only);
    }
    for line in missing.iter().skip(1) {
        draft.against(place(line));
    }
    for absent in absent(case, found, &missing) {
        draft.against(absent);
    }
    draft.finding.stated = None;
    let names: Vec<&str> = missing.iter().map(|l| l.name.as_str()).collect();
    draft
        .arg("count", missing.len())
        .arg("projects", names.join("、"));
    if let Some(total) = total {
        draft.arg("amount", total);
    }
    if let (Some(total), true) = (total, missing.len() > 1) {
        let parts: Vec<String> = missing
            .iter()
            .filter_map(|l| l.outturn.map(|o| o.text.clone()))
            .collect();
        draft.derivation(format!("{} = {total}", parts.join(" + ")));
    }
}

fn total(lines: &[&Line<'_>]) -> Option<Decimal> {
    lines.iter().try_fold(Decimal::ZERO, |sum, line| {
        sum.checked_add(line.outturn?.number_in(&Unit::wan_yuan())?)
    })
}

/// The forms that should stand there, each after the form of the project before it.
fn absent(case: &Case<'_>, found: &Projects<'_>, missing: &[&Line<'_>]) -> Vec<Place> {
    let title = case
        .rulebook
        .form("project")
        .map_or("项目支出绩效自评表", |f| f.title.as_str());
    let after = |row: usize, label: String| {
        let before = found.lines.iter().take(row).rev().find_map(|l| l.sheet);
        let form = before
            .and_then(|s| found.sheets.get(s))
            .map(|s| s.form)
            .or_else(|| case.one("department").map(|(index, _)| index))
            .or(found.baseline);
        match form {
            Some(form) => case.absent(form, label),
            None => case.absent_in_package(label),
        }
    };
    if missing.len() > ONE_BY_ONE {
        let last = missing.last().map_or(0, |l| l.row);
        return vec![after(last, format!("{} 张{title}", missing.len()))];
    }
    missing
        .iter()
        .map(|line| after(line.row, format!("{title} · {}", line.name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use jiheng_model::finding::PlaceKind;

    const COLUMNS: &[&str] = &["name", "prior_outturn", "budget", "outturn"];

    fn package(lines: &[&[&str]], sheets: &[&str]) -> Specimen {
        let mut specimen = Specimen::default()
            .number("project_names_alike", "0.3")
            .form("baseline", &[], &[("projects", COLUMNS, lines)]);
        for name in sheets {
            specimen = specimen.form("project", &[("project_name", name)], &[]);
        }
        specimen
    }

    const LINES: &[&[&str]] = &[
        &["1、甲河治理", "1.00", "2.00", "2.10"],
        &["2、乙湖监测", "", "", "0.00"],
        &["3、丙地测绘", "", "", "3.05"],
        &["4、丁山修复", "", "", "4"],
    ];

    #[test]
    fn executed_projects_without_a_form_are_one_finding_with_their_total() {
        let said = package(LINES, &["甲河治理"]).run(&RULE);
        assert_eq!(
            said.messages(),
            ["2 个有支出的项目没有自评表，涉及 7.05 万元"]
        );
        let places = &said.findings[0].places;
        assert_eq!(places[0].field.as_deref(), Some("projects[3].outturn"));
        assert_eq!(places[2].kind, PlaceKind::Absent);
        assert_eq!(places[3].label, "项目支出绩效自评表 · 丁山修复");
        assert_eq!(
            said.findings[0].derivation.as_deref(),
            Some("3.05 + 4 = 7.05")
        );
        assert_eq!(said.checked, 3);
    }

    #[test]
    fn a_project_without_spending_needs_no_form() {
        let said = package(LINES, &["甲河治理", "丙地测绘", "丁山修复"]).run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!((said.checked, said.lacking.len()), (3, 0));
    }

    #[test]
    fn without_the_baseline_form_the_number_of_forms_is_not_checked() {
        let said = Specimen::default()
            .form("project", &[("project_name", "甲")], &[])
            .run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.lacking.len(), 1);
    }
}
