//! A208 `total-score`: the scores of a form come in; a printed total that is not their sum goes out.

use super::a201::difference;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Agreement, Scored};
use crate::score::form::{cap, plain};
use crate::score::policy::Policy;
use jiheng_model::{Decimal, Fix, Origin, Place, Severity, Stated};
use std::borrow::Cow;

/// The rule.
pub static RULE: Rule = Rule {
    code: "A208",
    slug: "total-score",
    title: "总分不等于各项得分之和",
    severity: Severity::Error,
    covers: &["I-13", "D03"],
    basis: &["mof-2020-10-art16-total"],
    what: "预算执行率得分与各指标得分相加，是否等于填报的总分；赋分办法按执行率封顶的，总分是否没有超过。",
    why: "总分由各项指标得分汇总形成。",
    advice: "核对各项得分，按相加的结果更正总分",
    fix: Some(Fix::Formula(Cow::Borrowed("total_score"))),
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        total(case, report, &scored);
    }
}

fn total(case: &Case<'_>, report: &mut Report<'_>, scored: &Scored<'_>) {
    let form = scored.form;
    let Some(stated) = form.get("total_score").filter(|s| s.value.is_present()) else {
        return report.lacks("有的表没有填总分");
    };
    let Some(printed) = stated.number() else {
        return report.lacks("有的表总分不是数");
    };
    let mut addends: Vec<&Stated> = Vec::new();
    let mut suspects: Vec<Place> = Vec::new();
    if let Some(execution) = form
        .get("funds.total.score")
        .filter(|s| s.value.is_present())
    {
        addends.push(execution);
        let points = form.number("funds.total.points");
        let number = execution.number();
        let computed = scored.scores.execution_points.value;
        if let (Some(stated), Some(points), Some(computed)) = (number, points, computed)
            && scored::compare(stated, computed, points, Decimal::ZERO, 2) != Agreement::Equal
        {
            suspects.push(case.place(scored.index, "funds.total.score"));
        }
    }
    for (row, computed) in scored.rows() {
        let Some(score) = row.score().filter(|s| s.value.is_present()) else {
            if row.points().is_some_and(|p| p.number().is_some()) {
                return report.lacks("有的指标没有填得分，总分不能复算");
            }
            continue;
        };
        addends.push(score);
        let doubtful = match scored::agreement(&row, computed) {
            Agreement::Equal => {
                computed.band.is_some() && below_full(&row) && scored::said(row.reason()).is_none()
            }
            Agreement::Unknown => below_full(&row) && scored::said(row.reason()).is_none(),
            _ => true,
        };
        if doubtful {
            suspects.push(case.indicator_place(scored.index, &row, "score"));
        }
    }
    if addends.len() < 2 {
        return report.lacks("有的表没有可以相加的得分");
    }
    let Some(sum) = addends
        .iter()
        .try_fold(Decimal::ZERO, |sum, s| sum.checked_add(s.number()?))
    else {
        return report.lacks("有的得分不是数，总分不能复算");
    };
    if let Some(most) = capped(case, scored, sum) {
        report.checked();
        if printed > most {
            beyond(case, report, scored, stated, (printed, most));
        }
        // Below the cap the sum says nothing of the total.
        return;
    }
    let gap = printed.checked_sub(sum).unwrap_or_default();
    if gap.is_zero() {
        // The sum does not speak for a score that its own row contradicts.
        let doubted = |origin: &Origin| suspects.iter().any(|p| p.origin == *origin);
        let cells = addends
            .iter()
            .map(|s| s.origin)
            .chain([stated.origin])
            .filter(|o| !doubted(o));
        return report.holds(cells.collect::<Vec<_>>());
    }
    report.checked();
    // Whole scores are exact; only printed fractions may hide a rounding.
    let fractions = addends.iter().filter(|s| scored::is_fraction(s)).count() as u32;
    let tolerance = Decimal::new(5, 3)
        .checked_mul(Decimal::from(fractions + 1))
        .unwrap_or_default();
    let (way, by) = difference(printed, sum);
    let place = case.place(scored.index, "total_score");
    if fractions > 0 && gap.abs() <= tolerance {
        report
            .find_as(
                Severity::Hint,
                format!("总分相加差 {by} 分，属四舍五入，不必改"),
                place,
            )
            .computed(plain(sum))
            .derivation(sum_of(&addends, sum));
        return;
    }
    let draft = report.find(
        format!(
            "总分填 {} 分，各项得分相加为 {} 分",
            stated.text,
            plain(sum)
        ),
        place,
    );
    draft
        .computed(plain(sum))
        .derivation(format!("{}，{way} {by} 分", sum_of(&addends, sum)))
        .arg("stated", &stated.text)
        .arg("computed", plain(sum))
        .identity();
    for place in suspects {
        draft.against(place);
    }
}

/// The highest total for the form's execution rate, when the sum of its scores goes beyond it.
fn capped(case: &Case<'_>, scored: &Scored<'_>, sum: Decimal) -> Option<Decimal> {
    let policy = Policy::of_form(case.rulebook, scored.form);
    let most = cap(&policy, scored.scores.execution_rate.value?)?;
    (most < sum).then_some(most)
}

fn beyond(
    case: &Case<'_>,
    report: &mut Report<'_>,
    scored: &Scored<'_>,
    stated: &Stated,
    (printed, most): (Decimal, Decimal),
) {
    let policy = Policy::of_form(case.rulebook, scored.form);
    let binds = |key: &String| case.rulebook.basis(key).is_some_and(|b| b.binds());
    let severity = match policy.basis_of("cap").iter().any(binds) {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let rate = scored.scores.execution_rate.shown().unwrap_or_default();
    let (_, by) = difference(printed, most);
    let draft = report.find_as(
        severity,
        format!(
            "总分填 {} 分，执行率 {rate}% 时最高 {} 分",
            stated.text,
            plain(most)
        ),
        case.place(scored.index, "total_score"),
    );
    draft
        .against(case.place(scored.index, "funds.total.execution_rate"))
        .computed(plain(most))
        .derivation(format!("{} − {} = {by} 分", plain(printed), plain(most)))
        .advice("按执行率对应的最高分更正总分和等次")
        .identity();
    if let Some(scoring) = policy.scoring {
        draft.why(format!("赋分办法“{}”按执行率限定最高分。", scoring.title));
    }
}

fn below_full(row: &jiheng_model::form::Indicator<'_>) -> bool {
    match (
        row.score().and_then(Stated::number),
        row.points().and_then(Stated::number),
    ) {
        (Some(score), Some(points)) => score < points,
        _ => false,
    }
}

fn sum_of(addends: &[&Stated], sum: Decimal) -> String {
    let texts: Vec<String> = addends
        .iter()
        .filter_map(|s| s.number())
        .map(plain)
        .collect();
    format!("{} = {}", texts.join(" + "), plain(sum))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[test]
    fn a_changed_total_is_marked_with_the_sum() {
        let specimen = changed(&[("total_score", "98.18")]);
        assert_eq!(
            causes(&specimen),
            [("A208".to_string(), "total_score".to_string())]
        );
        let said = specimen.run(&RULE);
        assert_eq!(
            said.messages(),
            ["总分填 98.18 分，各项得分相加为 97.18 分"]
        );
        assert_eq!(
            said.findings[0].derivation.as_deref(),
            Some("9.58 + 27.6 + 20 + 30 + 10 = 97.18，多 1 分")
        );
    }

    #[test]
    fn a_hundredth_is_a_rounding_hint() {
        let said = changed(&[("total_score", "97.19")]).run(&RULE);
        assert_eq!(said.findings[0].severity, Severity::Hint);
    }

    #[test]
    fn a_form_without_a_total_is_not_checked() {
        assert_eq!(
            changed(&[("total_score", "")]).run(&RULE).lacking,
            ["有的表没有填总分"]
        );
    }
}
