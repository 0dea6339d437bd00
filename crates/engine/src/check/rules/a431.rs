//! A431–A433: the amounts and points of self-evaluation forms come in; splits of the budget instead of the outturn, original budgets that no form fills in and rates without points go out.

use crate::check::figures::{amount, percent};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::form::Form;
use jiheng_model::{Decimal, Severity, Stated};

/// 基本支出 and 项目支出 add up to the budget, not to what was spent.
pub static SPLIT: Rule = Rule {
    code: "A431",
    slug: "budget-split-by-nature",
    title: "按支出性质分拆的是预算数，不是执行数",
    severity: Severity::Hint,
    covers: &["I-06"],
    basis: &["department-by-nature"],
    what: "附件2 基本支出与项目支出相加等于全年预算数，而全年执行数是另一个数的。",
    why: "按支出性质分的是支出；拆的是预算数，就看不出执行数由哪些支出组成。",
    advice: "按决算填基本支出和项目支出；当地要求按预算数填的，不用改",
    fix: None,
    run: split,
};

/// The column 年初预算数 is blank in every form.
pub static ORIGINAL: Rule = Rule {
    code: "A432",
    slug: "original-budget-blank",
    title: "年初预算数一栏全空着",
    severity: Severity::Hint,
    covers: &["D26", "D39"],
    basis: &["project-funds"],
    what: "表上有年初预算数一栏，填了全年预算数，而各表的年初预算数都空着。",
    why: "空着看不出是没有年初预算还是漏填，也算不出年中调整了多少。",
    advice: "按批复的部门预算补填；年初没有安排的，填 0",
    fix: None,
    run: original,
};

/// The rate of execution carries no points while the indicators do.
pub static RATE: Rule = Rule {
    code: "A433",
    slug: "rate-without-points",
    title: "执行率没有设分值",
    severity: Severity::Hint,
    covers: &["D24"],
    basis: &["mof-2020-10-art13-weights"],
    what: "指标设了分值，预算执行率没有分值，而执行率不到 100%。",
    why: "预算执行率是自评的一部分；不设分值，没有执行完也不影响得分。",
    advice: "按统一设置给执行率设分值；当地表样没有这一栏的，不用改",
    fix: None,
    run: rate,
};

fn split(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms("department") {
        let at = |path: &str| form.amount(path);
        let (Some(planned), Some(spent)) =
            (at("funds.total.final_budget"), at("funds.total.outturn"))
        else {
            continue;
        };
        // Only amounts printed in label cells stand for both columns; others have a column of their own.
        let (basic, project) = ("funds.basic.final_budget", "funds.project.final_budget");
        let own = |row: &str| form.get(&format!("funds.{row}.outturn")).is_some();
        let (Some(a), Some(b)) = (at(basic), at(project)) else {
            continue;
        };
        if own("basic") || own("project") {
            continue;
        }
        report.checked();
        let Some(sum) = a.checked_add(b) else {
            continue;
        };
        if sum != planned || planned == spent {
            continue;
        }
        let message = format!(
            "基本支出与项目支出相加 {} 万元，是全年预算数；执行数是 {} 万元",
            amount(sum),
            amount(spent)
        );
        report
            .find(message, case.place(index, basic))
            .against(case.place(index, project))
            .against(case.place(index, "funds.by_nature.final_budget"))
            .against(case.place(index, "funds.total.outturn"))
            .derivation(format!("{} + {} = {}", amount(a), amount(b), amount(sum)));
    }
}

fn original(case: &Case<'_>, report: &mut Report<'_>) {
    let printed = |form: &Form| form.get("funds.total.original_budget").is_some();
    let forms: Vec<(usize, &Form)> = case
        .forms_with_indicators()
        .filter(|(_, form)| printed(form))
        .collect();
    if forms.is_empty() {
        return;
    }
    report.checked();
    let filled = forms.iter().any(|(_, form)| {
        let fields = form.def.fields.iter();
        fields
            .filter(|f| f.path.starts_with("funds.") && f.path.ends_with(".original_budget"))
            .any(|f| form.get(&f.path).is_some_and(|s| s.value.is_present()))
    });
    if filled {
        return;
    }
    let budgeted = |form: &Form| {
        form.get("funds.total.final_budget")
            .and_then(Stated::number)
            .is_some_and(|n| !n.is_zero())
    };
    let places: Vec<Place> = forms
        .iter()
        .filter(|(_, form)| budgeted(form))
        .map(|(index, _)| case.place(*index, "funds.total.original_budget"))
        .collect();
    let message = format!("{} 张表的年初预算数空着，填了全年预算数", places.len());
    report.together(Severity::Hint, message, places);
}

fn rate(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms_with_indicators() {
        let weighed = form
            .indicators()
            .any(|row| row.points().and_then(Stated::number).is_some());
        let printed = form.get("funds.total.execution_rate");
        let rate = printed.and_then(Stated::number);
        let (Some(rate), true) = (rate, weighed) else {
            continue;
        };
        report.checked();
        let weight = form.get("funds.total.points").and_then(Stated::number);
        if weight.is_some() || rate >= Decimal::ONE_HUNDRED {
            continue;
        }
        let message = format!("执行率 {}，表里没有给执行率设分值", percent(rate));
        let place = match form.heads.iter().find(|(key, _)| key == "execution_rate") {
            Some((_, head)) => Place {
                kind: PlaceKind::Cell,
                form: form.kind().into(),
                form_index: Some(index),
                field: Some("funds.total.execution_rate".into()),
                label: head.text.clone(),
                origin: head.origin,
                text: head.text.clone(),
            },
            None => case.place(index, "funds.total.execution_rate"),
        };
        report
            .find(message, place)
            .against(case.place(index, "funds.total.execution_rate"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    #[test]
    fn a_split_of_the_budget_is_told_from_one_of_the_outturn() {
        let said = |final_budget| {
            Specimen::default()
                .form(
                    "department",
                    &[
                        ("funds.total.final_budget", final_budget),
                        ("funds.total.outturn", "80.00"),
                        ("funds.basic.final_budget", "40.00"),
                        ("funds.project.final_budget", "60.00"),
                    ],
                    &[],
                )
                .run(&SPLIT)
        };
        assert_eq!(
            said("100.00").messages(),
            ["基本支出与项目支出相加 100.00 万元，是全年预算数；执行数是 80.00 万元"]
        );
        assert!(said("101.00").findings.is_empty());
    }

    #[test]
    fn one_filled_original_budget_is_enough() {
        let form = |specimen: Specimen, original| {
            specimen.form(
                "project",
                &[
                    ("funds.total.original_budget", original),
                    ("funds.total.final_budget", "100.00"),
                ],
                &[],
            )
        };
        let start = || Specimen::default().words("forms_with_indicators", &["project"]);
        assert_eq!(
            form(form(start(), ""), "").run(&ORIGINAL).messages(),
            ["2 张表的年初预算数空着，填了全年预算数"]
        );
        assert!(
            form(form(start(), ""), "3")
                .run(&ORIGINAL)
                .findings
                .is_empty()
        );
    }

    #[test]
    fn a_rate_below_a_hundred_without_points_is_found() {
        let said = |rate, points| {
            Specimen::default()
                .words("forms_with_indicators", &["project"])
                .form(
                    "project",
                    &[
                        ("funds.total.execution_rate", rate),
                        ("funds.total.points", points),
                    ],
                    &[("indicators", &["name", "points"], &[&["甲", "50"]])],
                )
                .run(&RATE)
        };
        assert_eq!(
            said("86.5%", "").messages(),
            ["执行率 86.50%，表里没有给执行率设分值"]
        );
        assert!(said("100%", "").findings.is_empty());
        assert!(said("86.5%", "10").findings.is_empty());
    }
}
