//! I118 `actual-is-inequality`: indicators come in; actual values that only repeat the sign and number of a target go out, one finding a form.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Operator, Severity, Stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "I118",
    slug: "actual-is-inequality",
    title: "完成值照抄了指标值的比较符号",
    severity: Severity::Warning,
    covers: &["D10"],
    basis: &["indicators-post-hoc"],
    what: "完成值应是实际完成了多少，不应还是“≥90%”这样的范围。",
    why: "带比较符号的完成值看不出实际完成了多少，也不能计分。",
    advice: "填实际完成的数，去掉比较符号",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms_with_indicators() {
        let mut places = Vec::new();
        for indicator in form.indicators() {
            let (Some(target), Some(actual)) = (indicator.target(), indicator.actual()) else {
                continue;
            };
            if target.number().is_none() {
                continue;
            }
            report.checked();
            if is_range(actual) && actual.number() == target.number() {
                places.push((
                    case.indicator_place(index, &indicator, "actual"),
                    case.indicator_place(index, &indicator, "target"),
                ));
            }
        }
        let count = places.len();
        let mut places = places.into_iter();
        if let Some((actual, target)) = places.next() {
            let draft = report.find(
                format!("{count} 个完成值还是范围：“{}”", actual.text),
                actual,
            );
            draft.arg("count", count).against(target);
            for (actual, target) in places {
                draft.against(actual).against(target);
            }
        }
    }
}

/// "≥90%": a printed sign of comparison before a number; words ("不少于") are prose and stay.
fn is_range(stated: &Stated) -> bool {
    matches!(
        stated.value.operator,
        Some(Operator::AtLeast | Operator::AtMost | Operator::MoreThan | Operator::LessThan)
    ) && !stated.text.starts_with(|c: char| c.is_alphanumeric())
}
