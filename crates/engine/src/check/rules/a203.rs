//! A203 `indicator-score`, A204 `score-beyond-points`: indicators come in; scores that the policy does not give go out.

use super::a201::difference;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Agreement, Scored};
use crate::score::form::plain;
use jiheng_model::form::Indicator;
use jiheng_model::scorecard::{IndicatorScore, round};
use jiheng_model::{Decimal, Severity, Stated, Trace};

/// 得分 recomputed from 指标值, 完成值 and 分值.
pub static SCORE: Rule = Rule {
    code: "A203",
    slug: "indicator-score",
    title: "指标得分与完成情况不符",
    severity: Severity::Error,
    covers: &["D05", "D17"],
    basis: &["mof-2020-10-art16-quantity", "mof-2020-10-art16-full"],
    what: "每个指标的得分，是否等于规程按指标值、完成值和分值给的得分。没有完成而得满分的，按比例应得更少的，都列出。",
    why: "完成指标值的得满分，没有完成的按完成值与指标值的比例得分。",
    advice: "核对指标值、完成值和分值；数都对的，按比例重算得分并更正总分",
    fix: None,
    run: score,
};

/// 得分 outside 0 … 分值.
pub static BEYOND: Rule = Rule {
    code: "A204",
    slug: "score-beyond-points",
    title: "得分大于分值或小于零",
    severity: Severity::Error,
    covers: &["I-13", "D04"],
    basis: &["mof-2020-10-art16-full"],
    what: "每个指标和预算执行率的得分，是否在零和分值之间。",
    why: "得分最高为该指标所赋的全部分值。",
    advice: "核对分值和得分，更正不符的一格",
    fix: None,
    run: beyond,
};

fn score(case: &Case<'_>, report: &mut Report<'_>) {
    let mut unknown = 0u32;
    for scored in scored::forms(case) {
        for (row, computed) in scored.rows() {
            let printed = row.score().and_then(Stated::number);
            let points = row.points().and_then(Stated::number);
            let (Some(printed), Some(points)) = (printed, points) else {
                continue;
            };
            if printed > points || printed.is_sign_negative() {
                continue;
            }
            match scored::agreement(&row, computed) {
                Agreement::Unknown => unknown += 1,
                Agreement::Equal => report.holds(cells(&row, computed)),
                Agreement::Rounded => {
                    report.checked();
                    rounded(case, report, &scored, &row, computed, printed);
                }
                Agreement::More => {
                    report.checked();
                    more(case, report, &scored, &row, computed, (printed, points));
                }
                Agreement::Less => {
                    report.checked();
                    less(case, report, &scored, &row, computed, (printed, points));
                }
            }
        }
    }
    if unknown > 0 {
        report.lacks(format!(
            "{unknown} 个指标的指标值和完成值不能比较，得分不能复算"
        ));
    }
}

/// The cells that a right score speaks for: full points for a target that was reached say nothing of by how much.
fn cells(row: &Indicator<'_>, computed: &IndicatorScore) -> Vec<jiheng_model::Origin> {
    let measured = computed.reached != Some(true);
    [
        row.score(),
        row.points(),
        row.actual().filter(|_| measured),
        row.target().filter(|_| measured),
    ]
    .into_iter()
    .flatten()
    .map(|s| s.origin)
    .collect()
}

fn derivation(computed: &IndicatorScore) -> Option<String> {
    match &computed.score.trace {
        Trace::Formula {
            numbers, result, ..
        } => Some(format!("{numbers} = {result}")),
        _ => None,
    }
}

fn rounded(
    case: &Case<'_>,
    report: &mut Report<'_>,
    scored: &Scored<'_>,
    row: &Indicator<'_>,
    computed: &IndicatorScore,
    printed: Decimal,
) {
    let Some(shown) = computed.score.shown() else {
        return;
    };
    let draft = report.find_as(
        Severity::Hint,
        format!(
            "得分 {} 分少写了小数，复算为 {} 分",
            plain(printed),
            plain(shown)
        ),
        case.indicator_place(scored.index, row, "score"),
    );
    draft.computed(plain(shown)).advice("按两位小数填得分");
    if let Some(text) = derivation(computed) {
        draft.derivation(text);
    }
}

fn more(
    case: &Case<'_>,
    report: &mut Report<'_>,
    scored: &Scored<'_>,
    row: &Indicator<'_>,
    computed: &IndicatorScore,
    (printed, points): (Decimal, Decimal),
) {
    let severity = if computed.sure {
        Severity::Error
    } else {
        Severity::Warning
    };
    let full = printed == points;
    let message = match computed.score.shown() {
        Some(shown) if full => format!(
            "没有完成指标值而得满分 {} 分，应为 {} 分",
            plain(printed),
            plain(shown)
        ),
        Some(shown) => format!(
            "得分 {} 分，按完成情况应为 {} 分",
            plain(printed),
            plain(shown)
        ),
        None if computed.policy == "date" => format!("晚于规定日期，得满分 {} 分", plain(printed)),
        None => format!("完成值写明没有全部达成，得 {} 分", plain(printed)),
    };
    let draft = report.find_as(
        severity,
        message,
        case.indicator_place(scored.index, row, "score"),
    );
    sides(case, draft, scored, row, computed, printed);
    if let Some(policy) = named_policy(case, computed) {
        draft.why(format!("按赋分办法“{policy}”计算。"));
    } else if computed.policy == "at_most" {
        draft.why("不超过指标值才算完成；超过的，按指标值与完成值的比例得分。");
    }
}

/// The title of the policy, when it is not the one that the rule's own reason is about.
fn named_policy<'a>(case: &Case<'a>, computed: &IndicatorScore) -> Option<&'a str> {
    let policy = case.rulebook.policy(&computed.scoring)?;
    let pages = &SCORE.basis;
    let own = policy.basis.iter().all(|key| pages.contains(&key.as_str()));
    (!own).then_some(policy.title.as_str())
}

fn less(
    case: &Case<'_>,
    report: &mut Report<'_>,
    scored: &Scored<'_>,
    row: &Indicator<'_>,
    computed: &IndicatorScore,
    (printed, points): (Decimal, Decimal),
) {
    // A reason may stand for a deduction that a local rule asks for.
    let severity = if scored::said(row.reason()).is_some() {
        Severity::Hint
    } else {
        Severity::Warning
    };
    let expected = computed.score.shown().unwrap_or(points);
    let message = if computed.reached == Some(true) {
        format!(
            "完成了指标值，得 {} 分，分值 {} 分",
            plain(printed),
            plain(points)
        )
    } else {
        format!(
            "得分 {} 分，按完成情况为 {} 分",
            plain(printed),
            plain(expected)
        )
    };
    let draft = report.find_as(
        severity,
        message,
        case.indicator_place(scored.index, row, "score"),
    );
    sides(case, draft, scored, row, computed, printed);
    draft.advice("核对得分；另有扣分规定的，在偏差原因栏写明扣分的理由");
}

fn sides(
    case: &Case<'_>,
    draft: &mut crate::check::report::Draft,
    scored: &Scored<'_>,
    row: &Indicator<'_>,
    computed: &IndicatorScore,
    printed: Decimal,
) {
    for column in ["actual", "target", "points"] {
        draft.against(case.indicator_place(scored.index, row, column));
    }
    draft.identity();
    draft.by_policy(case.rulebook, &computed.scoring, &computed.score.basis);
    draft.arg("stated", plain(printed));
    let Some(value) = computed.score.value else {
        return;
    };
    let shown = round(value, computed.score.places);
    let (way, gap) = difference(printed, shown);
    draft.computed(plain(shown)).arg("computed", plain(shown));
    if let Some(text) = derivation(computed) {
        draft.derivation(format!("{text}，{way} {gap} 分"));
    }
}

fn beyond(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let form = scored.form;
        let funds = (
            form.get("funds.total.score"),
            form.get("funds.total.points"),
        );
        if let (Some(score), Some(points)) = funds {
            let place = || case.place(scored.index, "funds.total.score");
            let other = || case.place(scored.index, "funds.total.points");
            outside(report, (score, points), place, other);
        }
        for (row, _) in scored.rows() {
            if let (Some(score), Some(points)) = (row.score(), row.points()) {
                let place = || case.indicator_place(scored.index, &row, "score");
                let other = || case.indicator_place(scored.index, &row, "points");
                outside(report, (score, points), place, other);
            }
        }
    }
}

fn outside(
    report: &mut Report<'_>,
    (score, points): (&Stated, &Stated),
    place: impl Fn() -> jiheng_model::Place,
    other: impl Fn() -> jiheng_model::Place,
) {
    let (Some(printed), Some(most)) = (score.number(), points.number()) else {
        return;
    };
    report.checked();
    let message = if printed.is_sign_negative() && !printed.is_zero() {
        format!("得分 {} 分，小于零", score.text)
    } else if printed > most && !most.is_sign_negative() {
        format!("得分 {} 分大于分值 {} 分", score.text, points.text)
    } else {
        return;
    };
    let (_, gap) = difference(printed, most);
    report
        .find(message, place())
        .against(other())
        .derivation(format!("{} − {} = {}", score.text, points.text, gap))
        .identity();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[track_caller]
    fn one(changes: &[(&str, &str)], code: &str, field: &str) {
        assert_eq!(
            causes(&changed(changes)),
            [(code.to_string(), field.to_string())]
        );
    }

    #[test]
    fn a_faultless_form_has_no_finding() {
        assert_eq!(causes(&changed(&[])), []);
        assert_eq!(changed(&[]).run(&SCORE).checked, 4);
    }

    #[test]
    fn full_points_below_the_target_are_marked_at_the_score_with_both_sides() {
        one(
            &[("1.score", "30"), ("total_score", "99.58")],
            "A203",
            "indicators[1].score",
        );
        let said = changed(&[("1.score", "30")]).run(&SCORE);
        let finding = &said.findings[0];
        assert_eq!(
            finding.message,
            "没有完成指标值而得满分 30 分，应为 27.6 分"
        );
        assert_eq!(
            finding.derivation.as_deref(),
            Some("30 × 460 ÷ 500 = 27.6，多 2.4 分")
        );
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.places.len(), 4);
    }

    #[test]
    fn a_cost_above_its_target_does_not_get_full_points() {
        one(&[("2.actual", "386万元")], "A203", "indicators[2].score");
    }

    #[test]
    fn a_changed_score_is_the_cause_and_the_total_follows() {
        one(&[("1.score", "29.1")], "A203", "indicators[1].score");
    }

    #[test]
    fn a_score_lower_than_the_policy_is_a_warning_because_local_rules_may_deduct() {
        let said = changed(&[("1.score", "25"), ("1.reason", "")]).run(&SCORE);
        assert_eq!(said.findings[0].severity, Severity::Warning);
        let said = changed(&[("1.score", "25")]).run(&SCORE);
        assert_eq!(said.findings[0].severity, Severity::Hint);
    }

    #[test]
    fn points_cut_for_far_more_than_the_target_are_left_to_the_judge() {
        let over = |actual: &'static str| {
            [
                ("1.target", "≥500户"),
                ("1.actual", actual),
                ("1.score", "25"),
                ("1.reason", ""),
            ]
        };
        let specimen = |actual| changed(&over(actual));
        assert!(specimen("650户").run(&SCORE).findings.is_empty());
        assert_eq!(specimen("640户").run(&SCORE).findings.len(), 1);
    }

    #[test]
    fn changed_points_are_the_cause_and_sums_follow() {
        one(&[("3.points", "31")], "A206", "indicators[3].points");
        one(&[("2.points", "25")], "A206", "indicators[2].points");
    }

    #[test]
    fn a_score_above_its_points_or_below_zero_is_reported_once() {
        assert_eq!(
            changed(&[("3.score", "31")]).run(&BEYOND).messages(),
            ["得分 31 分大于分值 30 分"]
        );
        assert_eq!(
            changed(&[("3.score", "-1")]).run(&BEYOND).messages(),
            ["得分 -1 分，小于零"]
        );
        assert!(
            changed(&[("3.score", "31")])
                .run(&SCORE)
                .findings
                .is_empty()
        );
        one(&[("3.score", "31")], "A204", "indicators[3].score");
    }

    #[test]
    fn late_work_with_full_points_is_an_error_and_words_stay_with_the_judge() {
        let late = [
            ("3.target", "2024年12月10日前"),
            ("3.actual", "2024年12月20日"),
        ];
        assert_eq!(
            changed(&late).run(&SCORE).messages(),
            ["晚于规定日期，得满分 30 分"]
        );
        let words = [("3.target", "合格"), ("3.actual", "合格")];
        assert!(changed(&words).run(&SCORE).findings.is_empty());
    }

    #[test]
    fn what_cannot_be_compared_is_not_passed() {
        let said = changed(&[("3.target", "519.84万亩")]).run(&SCORE);
        assert!(said.findings.is_empty());
        assert_eq!(
            said.lacking,
            ["1 个指标的指标值和完成值不能比较，得分不能复算"]
        );
    }
}
