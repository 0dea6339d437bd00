//! A201 `execution-rate`, A202 `execution-score`: the funds of scored forms come in; rates and scores that do not follow from them go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Agreement, Scored};
use crate::score::form::{execution_score, execution_weight, plain};
use crate::score::policy::Policy;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Fix, Severity, Stated, Unit, ValueKind};
use std::borrow::Cow;

/// 执行率 from the printed amounts.
pub static RATE: Rule = Rule {
    code: "A201",
    slug: "execution-rate",
    title: "执行率与执行数、预算数不符",
    severity: Severity::Error,
    covers: &["I-11", "D33"],
    basis: &["scoring-form-execution-rate"],
    what: "自评表每一行的执行率，是否等于同一行的全年执行数除以全年预算数。",
    why: "执行率由同一行的两个数算出，应能复算。",
    advice: "核对全年预算数和全年执行数，按两数之比更正执行率",
    fix: Some(Fix::Formula(Cow::Borrowed("execution_rate"))),
    run: rate,
};

/// 执行率得分 under the policy.
pub static SCORE: Rule = Rule {
    code: "A202",
    slug: "execution-score",
    title: "执行率得分与执行率不符",
    severity: Severity::Error,
    covers: &["I-11", "D02"],
    basis: &["mof-2020-10-art16-quantity", "mof-2021-101-execution"],
    what: "预算执行率的得分，是否等于分值按规程由执行率算出的得分。",
    why: "执行率得分按执行率计算，不由填表人另定。",
    advice: "按执行率重算得分，并相应更正总分",
    fix: Some(Fix::Formula(Cow::Borrowed("score"))),
    run: score,
};

fn rate(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        for (slot, field) in scored.form.def.fields.iter().enumerate() {
            let Some(row) = field.path.strip_suffix(".execution_rate") else {
                continue;
            };
            if let Some(stated) = scored.form.at(slot as u16).filter(|s| s.value.is_present()) {
                rate_of(case, report, &scored, row, stated);
            }
        }
    }
}

fn rate_of(
    case: &Case<'_>,
    report: &mut Report<'_>,
    scored: &Scored<'_>,
    row: &str,
    stated: &Stated,
) {
    let form = scored.form;
    let outturn = form.get(&beside(row, "outturn"));
    let budget = ["final_budget", "original_budget"]
        .into_iter()
        .find_map(|column| Some((column, form.get(&beside(row, column))?)));
    let (Some(outturn), Some((budget_column, budget))) = (outturn, budget) else {
        return report.lacks("有的执行率旁没有预算数或执行数");
    };
    let wan_yuan = Unit::wan_yuan();
    let (Some(spent), Some(granted)) = (outturn.number_in(&wan_yuan), budget.number_in(&wan_yuan))
    else {
        return report.lacks("有的执行率旁的预算数或执行数没有填数");
    };
    let Some(printed) = stated.number() else {
        return report.lacks("有的执行率不是数");
    };
    if granted.is_zero() {
        report.checked();
        let place = case.place(scored.index, &beside(row, "execution_rate"));
        report
            .find_as(
                Severity::Warning,
                format!("全年预算数为 0，执行率填 {}", stated.text),
                place,
            )
            .against(case.place(scored.index, &beside(row, budget_column)))
            .against(case.place(scored.index, &beside(row, "outturn")))
            .advice("预算数为 0 时执行率不能计算，填“—”；有支出的，补填全年预算数");
        return;
    }
    let Some(ratio) = spent.checked_div(granted) else {
        return;
    };
    let Some(percent) = ratio.checked_mul(Decimal::ONE_HUNDRED) else {
        return;
    };
    let half = stated.half_unit().unwrap_or_default();
    // A column of rates without percent signs may hold shares: 0.8045.
    let bare = matches!(stated.value.kind, ValueKind::Number(_)) && !stated.value.unit_printed;
    let near = |computed: Decimal| {
        printed
            .checked_sub(computed)
            .is_some_and(|gap| gap.abs() <= half)
    };
    if near(percent) || (bare && near(ratio)) {
        return report.holds([stated.origin, outturn.origin, budget.origin]);
    }
    report.checked();
    let places = printed.scale().max(2);
    let shown = round(percent, places);
    let gap = printed.checked_sub(shown).unwrap_or_default();
    let way = if gap.is_sign_negative() { "少" } else { "多" };
    report
        .find(
            format!("执行率填 {}，按两数复算为 {shown}%", stated.text),
            case.place(scored.index, &beside(row, "execution_rate")),
        )
        .against(case.place(scored.index, &beside(row, "outturn")))
        .against(case.place(scored.index, &beside(row, budget_column)))
        .computed(format!("{shown}%"))
        .derivation(format!(
            "{} ÷ {} = {shown}%，{way} {} 个百分点",
            outturn.text,
            budget.text,
            gap.abs().normalize()
        ))
        .arg("stated", &stated.text)
        .arg("computed", shown)
        .identity();
}

/// The path of another cell of a row of funds.
fn beside(row: &str, column: &str) -> String {
    let mut path = String::with_capacity(row.len() + 1 + column.len());
    path.extend([row, ".", column]);
    path
}

fn score(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let form = scored.form;
        let policy = Policy::of_form(case.rulebook, form);
        let path = "funds.total.score";
        let Some(stated) = form.get(path).filter(|s| s.value.is_present()) else {
            continue;
        };
        let (Some(printed), Some(points)) = (stated.number(), execution_weight(form, &policy))
        else {
            report.lacks("有的表预算执行率没有填分值");
            continue;
        };
        let Some(percent) = scored.scores.execution_rate.value else {
            report.lacks("有的表执行率不能计算，得分不能复算");
            continue;
        };
        let Some(computed) = execution_score(&policy, points, percent) else {
            continue;
        };
        let printed_rate = form
            .get("funds.total.execution_rate")
            .and_then(Stated::number);
        let by_rate = printed_rate.and_then(|r| execution_score(&policy, points, r));
        let agrees = |c: Decimal| scored::compare(printed, c, points, Decimal::ZERO, policy.places);
        let near = |a: Agreement| matches!(a, Agreement::Equal | Agreement::Rounded);
        // A finished project that kept within its budget has full points under bands, whatever its rate.
        let finished = !policy.bands("execution").is_empty()
            && printed == points
            && percent <= Decimal::ONE_HUNDRED;
        let cells = [
            "funds.total.outturn",
            "funds.total.final_budget",
            "funds.total.points",
        ];
        let rate_near = printed_rate.is_some_and(|r| {
            r.checked_sub(percent)
                .is_some_and(|g| g.abs() < Decimal::ONE)
        });
        if near(agrees(computed))
            || finished
            || (rate_near && by_rate.is_some_and(|c| near(agrees(c))))
        {
            let origins = cells.iter().filter_map(|p| form.get(p)).map(|s| s.origin);
            report.holds(origins.chain([stated.origin]));
            continue;
        }
        report.checked();
        let shown = round(computed, policy.places);
        let (way, gap) = difference(printed, shown);
        let rate = round(percent, 2);
        let draft = report.find(
            format!(
                "执行率得分填 {} 分，按 {rate}% 应为 {} 分",
                stated.text,
                plain(shown)
            ),
            case.place(scored.index, path),
        );
        draft
            .against(case.place(scored.index, "funds.total.execution_rate"))
            .computed(plain(shown))
            .derivation(format!(
                "{} × {rate}% = {}，{way} {gap} 分",
                plain(points),
                plain(shown)
            ))
            .arg("stated", &stated.text)
            .arg("computed", plain(shown))
            .identity();
        let basis = &scored.scores.execution_points.basis;
        draft.by_policy(case.rulebook, &scored.scores.policy, basis);
        for cell in cells {
            if let Some(s) = form.get(cell) {
                draft.input(s.origin);
            }
        }
    }
}

/// "多" or "少" and by how much.
pub fn difference(stated: Decimal, computed: Decimal) -> (&'static str, String) {
    let gap = stated.checked_sub(computed).unwrap_or_default();
    (
        if gap.is_sign_negative() { "少" } else { "多" },
        plain(gap.abs()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[test]
    fn a_changed_rate_is_marked_and_the_score_by_the_amounts_stands() {
        let specimen = changed(&[("funds.total.execution_rate", "98.79%")]);
        assert_eq!(
            causes(&specimen),
            [("A201".to_string(), "funds.total.execution_rate".to_string())]
        );
        let said = specimen.run(&RATE);
        assert_eq!(said.messages(), ["执行率填 98.79%，按两数复算为 95.79%"]);
        assert_eq!(
            said.findings[0].derivation.as_deref(),
            Some("91.19 ÷ 95.20 = 95.79%，多 3 个百分点")
        );
    }

    #[test]
    fn a_score_of_ten_for_eighty_six_percent_is_marked_and_the_total_follows() {
        let specimen = changed(&[("funds.total.score", "10")]);
        assert_eq!(
            causes(&specimen),
            [("A202".to_string(), "funds.total.score".to_string())]
        );
        assert_eq!(
            specimen.run(&SCORE).messages(),
            ["执行率得分填 10 分，按 95.79% 应为 9.58 分"]
        );
    }

    #[test]
    fn a_rate_without_percent_sign_or_with_fewer_digits_is_the_same_rate() {
        for rate in ["95.8%", "96%", "0.9579", "95.79"] {
            assert!(
                changed(&[("funds.total.execution_rate", rate)])
                    .run(&RATE)
                    .findings
                    .is_empty(),
                "{rate}"
            );
        }
    }

    #[test]
    fn a_budget_of_nothing_has_no_rate() {
        let said = changed(&[("funds.total.final_budget", "0")]).run(&RATE);
        assert_eq!(said.messages(), ["全年预算数为 0，执行率填 95.79%"]);
        assert_eq!(said.findings[0].severity, Severity::Warning);
    }
}
