//! X402 `last-years-figures` and X403 `target-below-last-year`: forms of this and of last year come in; figures that changed between the two and targets no higher than last year's result go out.
//!
//! Last year's material is told apart when the package is recognised; without it nothing is compared.

use crate::check::figures::amount;
use crate::check::materials::{self, Years};
use crate::check::projects::{bare_name, same_name};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{self, Figure};
use jiheng_model::form::{Form, Indicator};
use jiheng_model::value::Operator;
use jiheng_model::{Severity, label};

/// 上年决算数 is not what last year's form said.
pub static RULE: Rule = Rule {
    code: "X402",
    slug: "last-years-figures",
    title: "上年决算数与上年材料不同",
    severity: Severity::Error,
    covers: &["I-26"],
    basis: &["baseline-projects", "last-package"],
    what: "附件1 的上年决算数，是否等于上年附件1 的本年决算数。",
    why: "同一年的决算数在两年的材料里应相同；改过的应说明。",
    advice: "以上年部门决算报表为准更正；决算批复后有调整的，在说明中写明",
    fix: None,
    run: figures,
};

/// A target that last year's actual value already reached.
pub static TARGET: Rule = Rule {
    code: "X403",
    slug: "target-below-last-year",
    title: "指标值不高于上年完成值",
    severity: Severity::Warning,
    covers: &["D09"],
    basis: &["target-against-history"],
    what: "本年指标值是否等于或低于上年同名指标的实际完成值。",
    why: "历史标准应相对较高；照上年完成值定目标，反映不出改进。",
    advice: "说明指标值的测算依据，或在下年度预算中调高",
    fix: None,
    run: targets,
};

fn figures(case: &Case<'_>, report: &mut Report<'_>) {
    let years = materials::years(case);
    let any = case.one("baseline").is_some();
    if any && years.iter().all(|y| y.before.is_none()) {
        return report.lacks("没有放入上年材料，上年决算数没有比");
    }
    for Years { now, before } in years {
        let (Some((now, form)), Some((before, last))) = (
            materials::forms(case, now, "baseline").next(),
            before.and_then(|b| materials::forms(case, b, "baseline").next()),
        ) else {
            continue;
        };
        for field in &form.def.fields {
            let Some(row) = field.path.strip_suffix(".prior_outturn") else {
                continue;
            };
            let one = Figure::cell(case, now, &field.path);
            let other = Figure::cell(case, before, &format!("{row}.outturn"));
            figure(report, one, other);
        }
        for (number, row) in form.rows("projects").iter().enumerate() {
            let name = |form: &Form, row| {
                let name = form.cell("projects", row, "name");
                name.map(|n| bare_name(&n.text)).unwrap_or_default()
            };
            let own = name(form, row);
            let mut lines = last.rows("projects").iter();
            let Some(line) = lines.position(|l| same_name(&name(last, l), &own)) else {
                continue;
            };
            let one = Figure::row(case, now, "projects", number, "prior_outturn");
            let other = Figure::row(case, before, "projects", line, "outturn");
            figure(report, one, other);
        }
    }
}

/// One year's outturn in two years' forms.
fn figure(report: &mut Report<'_>, now: Option<Figure>, before: Option<Figure>) {
    if let (Some(now), Some(before)) = (now, before)
        && now.comparable(&before)
    {
        let gap = (now.value - before.value).abs();
        let message = format!(
            "上年决算数 {}，上年材料为 {}，相差 {} 万元",
            amount(now.value),
            amount(before.value),
            amount(gap)
        );
        statements::same(report, &now, &before, message);
    }
}

fn targets(case: &Case<'_>, report: &mut Report<'_>) {
    let years = materials::years(case);
    let mut forms = case.filing.forms.iter();
    let any = forms.any(|f| matches!(f.kind(), "department" | "project"));
    if any && years.iter().all(|y| y.before.is_none()) {
        return report.lacks("没有放入上年材料，指标值没有与上年完成值比");
    }
    for Years { now, before } in years {
        let Some(before) = before else { continue };
        for kind in ["department", "project"] {
            for (index, form) in materials::forms(case, now, kind) {
                let same = materials::forms(case, before, kind)
                    .find(|(_, last)| kind != "project" || same_project(form, last));
                let Some((before, last)) = same else { continue };
                for indicator in form.indicators().filter(|i| !i.is_filler()) {
                    let then = last.indicators().find(|o| same_indicator(&indicator, o));
                    if let Some(then) = then {
                        target(case, report, (index, &indicator), (before, &then));
                    }
                }
            }
        }
    }
}

/// A quantity to be reached at least, that was reached last year already.
fn target(
    case: &Case<'_>,
    report: &mut Report<'_>,
    now: (usize, &Indicator<'_>),
    before: (usize, &Indicator<'_>),
) {
    let (Some(target), Some(actual)) = (now.1.target(), before.1.actual()) else {
        return;
    };
    let (Some(a), Some(b)) = (target.number(), actual.number()) else {
        return;
    };
    let rising = matches!(
        target.value.operator,
        Some(Operator::AtLeast | Operator::MoreThan)
    );
    if !rising || target.value.unit != actual.value.unit {
        return;
    }
    report.checked();
    // A rate that was complete last year cannot be raised.
    let complete = matches!(target.value.kind, jiheng_model::ValueKind::Percent(_))
        && b >= jiheng_model::Decimal::ONE_HUNDRED;
    if a > b || complete {
        return;
    }
    let message = format!("指标值 {}，上年已完成 {}", target.text, actual.text);
    report
        .find(message, case.indicator_place(now.0, now.1, "target"))
        .against(case.indicator_place(before.0, before.1, "actual"));
}

fn same_indicator(a: &Indicator<'_>, b: &Indicator<'_>) -> bool {
    let name = |i: &Indicator<'_>| i.name().map(|n| label::normalise(&n.text));
    name(a).is_some() && name(a) == name(b)
}

fn same_project(a: &Form, b: &Form) -> bool {
    let name = |f: &Form| f.project_name().map(|n| n.text.clone()).unwrap_or_default();
    same_name(&name(a), &name(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn years(prior: &str, outturn: &str) -> Specimen {
        Specimen::default()
            .form("baseline", &[("operating.prior_outturn", prior)], &[])
            .of_year(2024)
            .form("baseline", &[("operating.outturn", outturn)], &[])
            .of_year(2023)
            .of_last_year()
    }

    #[test]
    fn last_years_figure_must_come_again() {
        let said = years("9.00", "9.10").run(&RULE);
        assert_eq!(
            said.messages(),
            ["上年决算数 9.00，上年材料为 9.10，相差 0.10 万元"]
        );
        let same = years("9.0", "9.00").run(&RULE);
        assert!(same.findings.is_empty() && same.checked > 0);
    }

    #[test]
    fn without_last_years_material_nothing_is_passed() {
        let alone = Specimen::default()
            .form("baseline", &[("operating.prior_outturn", "9")], &[])
            .of_year(2024);
        let said = alone.run(&RULE);
        assert_eq!((said.checked, said.lacking.len()), (0, 1));
        let alone = Specimen::default()
            .form("department", &[], &[])
            .run(&TARGET);
        assert_eq!((alone.checked, alone.lacking.len()), (0, 1));
    }
}
