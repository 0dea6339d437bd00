//! X405 `approved-objectives`: the objective forms (绩效目标表) and the self-evaluation forms of the same projects come in; objectives that are missing or were changed go out.

use crate::check::figures::quoted;
use crate::check::projects::{bare_name, same_name};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::recognize::indicator_name;
use jiheng_model::form::Form;
use jiheng_model::{Operator, Severity, Stated, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X405",
    slug: "approved-objectives",
    title: "指标与批复的绩效目标不同",
    severity: Severity::Error,
    covers: &["D57", "D58"],
    basis: &["mof-2020-10-art13-approved"],
    what: "自评表的指标和指标值，是否就是预算批复时绩效目标表里的指标和指标值。",
    why: "单位自评指标是预算批复时确定的绩效指标，批复后不应自行增减或改值。",
    advice: "按批复的绩效目标表填指标和指标值；经批准调整过的，附批复文件",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let sheets: Vec<(usize, &Form)> = case.forms("project").collect();
    let objectives: Vec<(usize, &Form)> = case.forms("objective").collect();
    if objectives.is_empty() {
        if !case.filing.forms.is_empty() {
            report.lacks("没有放入绩效目标表，指标没有与批复的绩效目标比");
        }
        return;
    }
    for (index, sheet) in sheets {
        let name = project(sheet);
        let Some((approved, objective)) = objectives
            .iter()
            .find(|(_, o)| same_name(&project(o), &name))
        else {
            report.lacks(format!("没有放入{}的绩效目标表", quoted(&name)));
            continue;
        };
        for indicator in sheet.indicators().filter(|i| !i.is_filler()) {
            let Some(own) = indicator.name() else {
                continue;
            };
            let key = indicator_name(&own.text);
            report.checked();
            let same = objective
                .indicators()
                .find(|i| i.name().is_some_and(|n| indicator_name(&n.text) == key));
            let Some(same) = same else {
                let message = format!("批复的绩效目标中没有指标{}", quoted(&own.text));
                let place = case.indicator_place(index, &indicator, "name");
                report
                    .find(message, place)
                    .against(case.absent(*approved, own.text.clone()));
                continue;
            };
            let (Some(now), Some(then)) = (indicator.target(), same.target()) else {
                continue;
            };
            if label::normalise(&now.text) != label::normalise(&then.text) && !equal(now, then) {
                let message = format!("指标值 {}，批复的绩效目标为 {}", now.text, then.text);
                report
                    .find(message, case.indicator_place(index, &indicator, "target"))
                    .against(case.indicator_place(*approved, &same, "target"));
            }
        }
    }
}

/// The same target in other print: "≥0.5万亩" and 5000 beside "（≥亩）". A unit that only one of them prints is no change.
fn equal(a: &Stated, b: &Stated) -> bool {
    let (a, b) = (&a.value, &b.value);
    let (Some(x), Some(y)) = (a.number(), b.number()) else {
        return a == b;
    };
    let signs = match (a.operator, b.operator) {
        (Some(x), Some(y)) => x == y,
        // "=" need not be printed.
        (one, other) => one.or(other).is_none_or(|o| o == Operator::Equal),
    };
    let numbers = match (&a.unit, &b.unit) {
        (Some(own), Some(other)) => own == other && x == y || own.convert(x, other) == Some(y),
        _ => x == y,
    };
    signs && numbers
}

fn project(form: &Form) -> String {
    form.project_name()
        .map(|n| bare_name(&n.text))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    const COLUMNS: &[&str] = &["name", "target"];

    fn specimen(approved: &[&[&str]], evaluated: &[&[&str]]) -> Specimen {
        let name = [("project_name", "甲河治理")];
        Specimen::default()
            .form("objective", &name, &[("indicators", COLUMNS, approved)])
            .form("project", &name, &[("indicators", COLUMNS, evaluated)])
    }

    #[test]
    fn other_print_of_the_same_target_is_no_change() {
        let said = specimen(
            &[
                &["★新建渠道长度（≥公里）", "12"],
                &["指标1：合格率", "≥98%"],
                &["面积", "≥0.5万亩"],
            ],
            &[
                &["1. 新建渠道长度", "≥12公里"],
                &["合格率", "≧98 ％"],
                &["面积", "≥5000亩"],
            ],
        );
        // The Specimen parses cells one by one: the sign in the name is read by recognition alone.
        let said = said.run(&RULE);
        assert_eq!(said.messages(), ["指标值 ≥12公里，批复的绩效目标为 12"]);
    }

    #[test]
    fn indicators_are_those_that_were_approved() {
        let said = specimen(
            &[&["治理长度", "5"]],
            &[&["治理长度", "4"], &["植树", "100"]],
        )
        .run(&RULE);
        assert_eq!(
            said.messages(),
            [
                "指标值 4，批复的绩效目标为 5",
                "批复的绩效目标中没有指标“植树”"
            ]
        );
        let same = specimen(&[&["治理长度", "5.0"]], &[&["治理 长度", "5.0"]]).run(&RULE);
        assert_eq!((same.findings.len(), same.checked), (0, 1));
    }

    #[test]
    fn without_objectives_nothing_is_passed() {
        let said = Specimen::default().form("project", &[], &[]).run(&RULE);
        assert_eq!((said.checked, said.lacking.len()), (0, 1));
    }
}
