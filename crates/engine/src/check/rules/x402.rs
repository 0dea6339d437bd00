//! X402 `last-years-figures` and X403 `target-below-last-year`: forms of this and of last year come in; figures that changed between the two and targets no higher than last year's result go out.
//!
//! Last year's material is recognised by the year of its forms; without it nothing is compared.

use crate::check::figures::{amount, wan_yuan};
use crate::check::projects::same_name;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
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
    run: targets,
};

fn figures(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((now, form)) = this_year(case, "baseline") else {
        return;
    };
    let Some((before, last)) = last_year(case, "baseline", form) else {
        return report.lacks("没有放入上年材料，上年决算数没有比");
    };
    for field in &form.def.fields {
        let Some(row) = field.path.strip_suffix(".prior_outturn") else {
            continue;
        };
        let then = format!("{row}.outturn");
        let (Some(a), Some(b)) = (
            form.get(&field.path).and_then(wan_yuan),
            last.get(&then).and_then(wan_yuan),
        ) else {
            continue;
        };
        let (first, second) = (case.place(now, &field.path), case.place(before, &then));
        if a == b {
            report.holds([first.origin, second.origin]);
            continue;
        }
        report.checked();
        let gap = a.checked_sub(b).map(|g| g.abs()).unwrap_or_default();
        let message = format!(
            "上年决算数 {}，上年材料为 {}，相差 {} 万元",
            amount(a),
            amount(b),
            amount(gap)
        );
        report
            .find(message, first)
            .against(second)
            .derivation(format!(
                "{} − {} = {}",
                amount(a.max(b)),
                amount(a.min(b)),
                amount(gap)
            ))
            .identity();
    }
}

fn targets(case: &Case<'_>, report: &mut Report<'_>) {
    let mut compared = false;
    for (index, form) in case.filing.forms.iter().enumerate() {
        if !matches!(form.kind(), "department" | "project") {
            continue;
        }
        let Some((before, last)) = last_year(case, form.kind(), form) else {
            continue;
        };
        compared = true;
        for indicator in form.indicators().filter(|i| !i.is_filler()) {
            if let Some(then) = last
                .indicators()
                .find(|other| same_indicator(&indicator, other))
            {
                target(case, report, (index, &indicator), (before, &then));
            }
        }
    }
    let any = case
        .filing
        .forms
        .iter()
        .any(|f| matches!(f.kind(), "department" | "project"));
    if any && !compared {
        report.lacks("没有放入上年材料，指标值没有与上年完成值比");
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

/// The form of a kind of the package's year.
fn this_year<'a>(case: &Case<'a>, kind: &'a str) -> Option<(usize, &'a Form)> {
    let mut forms = case.forms(kind);
    match case.filing.year {
        Some(year) => forms.find(|(_, f)| f.year.is_none_or(|y| y == year)),
        None => forms.next(),
    }
}

/// Last year's form of the same kind, of the same project where it is one.
fn last_year<'a>(case: &Case<'a>, kind: &str, form: &Form) -> Option<(usize, &'a Form)> {
    let year = form.year.or(case.filing.year)?.checked_sub(1)?;
    case.filing.forms.iter().enumerate().find(|(_, other)| {
        let project = |f: &Form| f.project_name().map(|n| n.text.clone()).unwrap_or_default();
        other.kind() == kind
            && other.year == Some(year)
            && (kind != "project" || same_name(&project(other), &project(form)))
    })
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
    }

    #[test]
    fn last_years_figure_must_come_again() {
        let said = years("9.00", "9.10").run(&RULE);
        assert_eq!(
            said.messages(),
            ["上年决算数 9.00，上年材料为 9.10，相差 0.10 万元"]
        );
        let same = years("9.0", "9.00").run(&RULE);
        assert_eq!((same.findings.len(), same.checked), (0, 1));
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
