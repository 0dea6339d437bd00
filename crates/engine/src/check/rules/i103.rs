//! I103 `rate-above-hundred`, I104 `cost-at-least`: targets and actual values come in; rates that cannot be and costs with the wrong sign go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use crate::score::policy::Policy;
use jiheng_model::{Decimal, Operator, Severity, Stated, ValueKind};

/// A bounded rate above 100 %.
pub static BOUNDED: Rule = Rule {
    code: "I103",
    slug: "rate-above-hundred",
    title: "这个率不会超过 100%",
    severity: Severity::Warning,
    covers: &["D15"],
    basis: &["indicators-bounded-rate"],
    what: "合格率、覆盖率、满意度等的指标值或完成值是否大于 100%。",
    why: "这些率的分子是分母的一部分，最多为 100%。",
    advice: "核对分子、分母和单位；确实可以超过的，改用“增长率”“完成率”等名称",
    fix: None,
    run: bounded,
};

/// A cost with "≥".
pub static COST: Rule = Rule {
    code: "I104",
    slug: "cost-at-least",
    title: "成本指标写成了不少于",
    severity: Severity::Error,
    covers: &["D16"],
    basis: &["mof-2021-101-cost-range", "indicators-cost-direction"],
    what: "成本指标的指标值前是否用了“≥”或“不少于”。",
    why: "成本指标反映成本的预期控制范围，应写不超过多少。",
    advice: "把“≥”改为“≤”；确是节约类指标的，在名称中写明节约",
    fix: None,
    run: cost,
};

fn bounded(case: &Case<'_>, report: &mut Report<'_>) {
    let over =
        |s: &Stated| matches!(s.value.kind, ValueKind::Percent(n) if n > Decimal::ONE_HUNDRED);
    for scored in scored::forms(case) {
        let mut places = Vec::new();
        let mut texts = Vec::new();
        for (row, judged) in scored.judged() {
            if judged.bounded.is_none() {
                continue;
            }
            report.checked();
            for (column, stated) in [("actual", row.actual()), ("target", row.target())] {
                if let Some(stated) = stated.filter(|s| over(s)) {
                    places.push(case.indicator_place(scored.index, &row, column));
                    texts.push(format!("{} {}", judged.name, stated.text));
                }
            }
        }
        let message = format!("最多为 100% 的率超过了 100%：{}", texts.join("、"));
        let doubted = places.iter().map(|p| p.origin).collect();
        if let Some(draft) = report.together(Severity::Warning, message, places) {
            draft.doubted = doubted;
        }
    }
}

fn cost(case: &Case<'_>, report: &mut Report<'_>) {
    let policy = Policy::of(case.rulebook);
    let binds = report
        .rule
        .basis
        .iter()
        .filter_map(|key| case.rulebook.basis(key))
        .any(|b| b.binds());
    let severity = if binds {
        Severity::Error
    } else {
        Severity::Warning
    };
    // Every form with targets: an objective is the place to put the sign right.
    for (index, form) in case.filing.forms.iter().enumerate() {
        let judged = case.words.form(index, form, case.rulebook);
        for (row, judged) in form.indicators().zip(judged) {
            if row.is_filler() || !judged.is_cost {
                continue;
            }
            report.checked();
            let Some(target) = row.target() else { continue };
            let least = matches!(
                target.value.operator,
                Some(Operator::AtLeast | Operator::MoreThan)
            );
            if !least || scored::found(policy.more_is_better, &scored::name(&row)).is_some() {
                continue;
            }
            // "项目总投资（≥万元）": the sign stands in the name.
            let message = match target
                .text
                .contains(|c: char| !c.is_ascii_digit() && c != '.')
            {
                true => format!("成本指标的指标值写“{}”，是不少于", target.text),
                false => format!("成本指标“{}”写“≥”，是不少于", scored::name(&row)),
            };
            // Full points below what would have to be reached: the row itself reads the bound as a limit.
            let number = |s: Option<&Stated>| s.and_then(Stated::number);
            let below = number(row.actual()).zip(target.number());
            let full = row.score().is_some() && number(row.score()) == number(row.points());
            let severity = match below {
                Some((actual, bound)) if full && actual < bound => Severity::Error,
                _ => severity,
            };
            report
                .find_as(
                    severity,
                    message,
                    case.indicator_place(index, &row, "target"),
                )
                .arg("target", &target.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[test]
    fn a_bounded_rate_above_hundred_is_a_warning() {
        let said = changed(&[("4.actual", "103%")]).run(&BOUNDED);
        assert_eq!(
            said.messages(),
            ["最多为 100% 的率超过了 100%：农户满意度 103%"]
        );
        assert!(
            changed(&[("4.actual", "103%"), ("4.name", "收入增长率")])
                .run(&BOUNDED)
                .findings
                .is_empty()
        );
    }

    #[test]
    fn a_cost_of_at_least_is_marked_at_the_target_and_nothing_else_follows_as_an_error() {
        let specimen = changed(&[("2.target", "≥160万元")]);
        assert_eq!(
            causes(&specimen)[0],
            ("I104".to_string(), "indicators[2].target".to_string())
        );
        assert_eq!(specimen.run(&COST).findings[0].severity, Severity::Error);
        let above = [("2.target", "≥140万元")];
        assert_eq!(
            changed(&above).run(&COST).findings[0].severity,
            Severity::Warning
        );
        let saved = [("2.target", "≥160万元"), ("2.name", "节约成本")];
        assert!(changed(&saved).run(&COST).findings.is_empty());
    }
}
