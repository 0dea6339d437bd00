//! A405 `payment-behind-work` and A406 `score-above-execution`: a form's execution rate with its progress indicators and its total score come in; rates that are far apart go out.

use crate::check::explanation::in_words;
use crate::check::figures::{amount, execution, percent, share};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::value::ValueKind;

/// The work is much further than the payment, or the other way round.
pub static RULE: Rule = Rule {
    code: "A405",
    slug: "payment-behind-work",
    title: "工作进度与支付进度相差大",
    severity: Severity::Warning,
    covers: &["D43"],
    basis: &["payment-behind-work"],
    what: "进度类指标的实际完成值与预算执行率相差是否超过规程包所定的百分点。",
    why: "资金按进度拨付；工作做完而钱没有付，或钱付了而工作没有做完，都应有说明。",
    advice: "核对进度指标的完成值和全年执行数；确有质保金、尾款等情况的，在偏差原因中写明",
    fix: None,
    run: progress,
};

/// The score is high although much of the money was not spent.
pub static SCORE: Rule = Rule {
    code: "A406",
    slug: "score-above-execution",
    title: "得分率远高于执行率",
    severity: Severity::Warning,
    covers: &["D44"],
    basis: &["score-above-execution"],
    what: "自评总分占满分的比例是否远高于预算执行率。",
    why: "很多钱没有花，指标却几乎全部完成，说明预算偏大、指标偏低或得分偏高，应核实。",
    advice: "核对各指标的完成值和得分；预算确有节约的，写明节约的原因和金额",
    fix: None,
    run: score,
};

fn progress(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(limit) = case.rulebook.number("payment_behind_work") else {
        return;
    };
    let slow = "slow_payment_words";
    let named = case.rulebook.search("work_progress_words");
    for (index, form) in case.filing.forms.iter().enumerate() {
        let Some(rate) = execution(form) else {
            continue;
        };
        for indicator in form.indicators() {
            let actual = indicator.actual().map(|a| &a.value.kind);
            let Some(ValueKind::Percent(work)) = actual else {
                continue;
            };
            if !indicator.name().is_some_and(|n| named.is_in(&n.text)) {
                continue;
            }
            report.checked();
            let Some(gap) = work.checked_sub(rate).map(|g| g.abs()) else {
                continue;
            };
            let reason = indicator.reason().is_some_and(|r| r.value.is_present());
            if gap <= limit || reason || in_words(case, form, slow) {
                continue;
            }
            let outturn = case.place(index, "funds.total.outturn");
            let input = outturn.origin;
            let message = format!(
                "工作进度 {}，支付进度 {}，相差 {} 个百分点",
                percent(*work),
                percent(rate),
                amount(gap)
            );
            report
                .find(message, case.indicator_place(index, &indicator, "actual"))
                .against(outturn)
                .input(input)
                .derivation(format!(
                    "{} − {} = {}",
                    percent(*work),
                    percent(rate),
                    amount(gap)
                ));
        }
    }
}

fn score(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(limit) = case.rulebook.number("score_above_execution") else {
        return;
    };
    let slow = "slow_payment_words";
    for (index, form) in case.filing.forms.iter().enumerate() {
        let scored = form.number("total_score").zip(form.number("total_points"));
        let Some((score_rate, rate)) = scored.and_then(|(s, p)| share(s, p)).zip(execution(form))
        else {
            continue;
        };
        report.checked();
        let excess = score_rate.checked_sub(rate).unwrap_or_default();
        let apart = score_rate.checked_mul(limit).is_some_and(|l| excess > l);
        if !apart || in_words(case, form, slow) {
            continue;
        }
        let outturn = case.place(index, "funds.total.outturn");
        let input = outturn.origin;
        let message = format!(
            "得分率 {}，执行率 {}，相差 {} 个百分点",
            percent(score_rate),
            percent(rate),
            amount(excess)
        );
        report
            .find(message, case.place(index, "total_score"))
            .against(outturn)
            .input(input)
            .derivation(format!(
                "{} − {} = {}",
                percent(score_rate),
                percent(rate),
                amount(excess)
            ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    const COLUMNS: &[&str] = &["name", "actual", "reason"];

    fn specimen(outturn: &str, total_score: &str, indicator: &[&str]) -> Specimen {
        Specimen::default()
            .number("payment_behind_work", "20")
            .number("score_above_execution", "0.2")
            .words("work_progress_words", &["工程进度"])
            .words("slow_payment_words", &["未支付"])
            .words("reason_words", &["原因"])
            .form(
                "project",
                &[
                    ("funds.total.final_budget", "100.00"),
                    ("funds.total.outturn", outturn),
                    ("total_points", "100"),
                    ("total_score", total_score),
                ],
                &[("indicators", COLUMNS, &[indicator])],
            )
    }

    #[test]
    fn work_and_payment_may_be_twenty_points_apart() {
        let said = |outturn, indicator| {
            specimen(outturn, "100", indicator)
                .run(&RULE)
                .messages()
                .len()
        };
        assert_eq!(said("79.99", &["工程进度", "100%", ""]), 1);
        assert_eq!(said("80.00", &["工程进度", "100%", ""]), 0);
        assert_eq!(said("50.00", &["工程进度", "100%", "尾款未到期"]), 0);
        assert_eq!(said("50.00", &["工程合格率", "100%", ""]), 0);
        assert_eq!(said("50.00", &["工程进度", "已完成", ""]), 0);
        assert_eq!(said("100.00", &["工程进度", "60%", ""]), 1);
    }

    #[test]
    fn a_score_rate_a_fifth_above_the_execution_rate_is_asked_about() {
        let said = |outturn, score| specimen(outturn, score, &["甲", "1", ""]).run(&SCORE);
        assert_eq!(
            said("79.99", "100").messages(),
            ["得分率 100.00%，执行率 79.99%，相差 20.01 个百分点"]
        );
        assert!(said("80.00", "100").findings.is_empty());
        assert!(said("70.00", "85").findings.is_empty());
        assert_eq!(said("70.00", "").checked, 0);
    }
}
