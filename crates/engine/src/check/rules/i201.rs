//! I201 `reason-missing`, I202 `reason-hollow`: indicators with their reasons come in; lost points without a reason and reasons that say nothing go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Scored};
use crate::score::form::plain;
use crate::words::reason;
use jiheng_model::form::Indicator;
use jiheng_model::scorecard::IndicatorScore;
use jiheng_model::{Decimal, Severity, Stated, label};

/// Points lost and nothing in 偏差原因.
pub static MISSING: Rule = Rule {
    code: "I201",
    slug: "reason-missing",
    title: "扣了分而没有写原因",
    severity: Severity::Error,
    covers: &["D06"],
    basis: &["mof-2020-10-art11-reason", "scoring-form-reason-column"],
    what: "没有得满分的指标，偏差原因分析及改进措施栏是否写了；得满分而写了偏差原因的，列为提示。",
    why: "对未完成绩效目标或偏离绩效目标较大的，要分析并说明原因，研究提出改进措施。",
    advice: "在偏差原因分析及改进措施栏写明少多少、为什么、什么时候补上",
    fix: None,
    run: missing,
};

/// A reason of phrases only, or one that contradicts the numbers.
pub static HOLLOW: Rule = Rule {
    code: "I202",
    slug: "reason-hollow",
    title: "偏差原因没有内容",
    severity: Severity::Warning,
    covers: &["D07"],
    basis: &["mof-2020-10-art11-reason", "indicators-hollow-reason"],
    what: "偏差原因只有“客观原因”“加强管理”一类的话，或者扣了分却写没有偏差。",
    why: "原因要分析，措施要能照着做。",
    advice: "写明具体的事由、责任环节和完成时间",
    fix: None,
    run: hollow,
};

/// The score printed, below the points.
fn lost(row: &Indicator<'_>) -> Option<(Decimal, Decimal)> {
    let score = row.score().and_then(Stated::number)?;
    let points = row.points().and_then(Stated::number)?;
    (score < points && !score.is_sign_negative()).then_some((score, points))
}

fn missing(case: &Case<'_>, report: &mut Report<'_>) {
    let over = case.rulebook.number("over_threshold");
    for scored in scored::forms(case) {
        let has_column = scored
            .form
            .def
            .list("indicators")
            .is_some_and(|(_, l)| l.slot("reason").is_some());
        if !has_column || scored.rows().all(|(row, _)| row.reason().is_none()) {
            report.lacks("有的表没有偏差原因栏");
            continue;
        }
        let mut surplus = Vec::new();
        for (row, computed) in scored.rows() {
            report.checked();
            let reason = scored::said(row.reason());
            match lost(&row) {
                Some((score, points)) if reason.is_none() => {
                    absent(case, report, &scored, &row, (score, points))
                }
                None if reason.is_some() && reached(computed, over) => {
                    surplus.push(case.indicator_place(scored.index, &row, "reason"));
                }
                _ => {}
            }
        }
        let message = format!("{} 个得满分的指标写了偏差原因", surplus.len());
        let draft = report.together(Severity::Hint, message, surplus);
        if let Some(draft) = draft {
            draft.advice("没有偏差的不必写；有偏差的，核对得分");
        }
    }
}

/// Reached, and not by so much that a reason is asked for.
fn reached(computed: &IndicatorScore, over: Option<Decimal>) -> bool {
    let much = match (computed.completion, over) {
        (Some(completion), Some(most)) => completion > most,
        _ => false,
    };
    computed.reached == Some(true) && !much
}

fn absent(
    case: &Case<'_>,
    report: &mut Report<'_>,
    scored: &Scored<'_>,
    row: &Indicator<'_>,
    (score, points): (Decimal, Decimal),
) {
    let gap = points.checked_sub(score).unwrap_or_default();
    let draft = report.find(
        format!("扣 {} 分，没有写偏差原因", plain(gap)),
        case.indicator_place(scored.index, row, "reason"),
    );
    draft
        .against(case.indicator_place(scored.index, row, "score"))
        .derivation(format!(
            "{} − {} = {}",
            plain(points),
            plain(score),
            plain(gap)
        ));
    for cell in [row.score(), row.points(), row.target(), row.actual()]
        .into_iter()
        .flatten()
    {
        draft.input(cell.origin);
    }
}

fn hollow(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let mut places = Vec::new();
        let mut texts = Vec::new();
        let mut shown: Vec<String> = Vec::new();
        for (row, computed) in scored.rows() {
            let Some(reason) = scored::said(row.reason()) else {
                continue;
            };
            report.checked();
            let short = lost(&row).is_some() || computed.reached == Some(false);
            let empty = || {
                let name = scored::name(&row);
                reason::empty(case.rulebook.vocabulary(), &reason.text, &name)
            };
            if let Some(empty) = short.then(empty).flatten() {
                places.push(case.indicator_place(scored.index, &row, "reason"));
                let text = label::normalise(&reason.text);
                texts.push(format!("“{}”", text.chars().take(20).collect::<String>()));
                let because = empty.because();
                if !shown.contains(&because) {
                    shown.push(because);
                }
            }
        }
        let message = format!("{} 处偏差原因没有内容：{}", places.len(), texts.join("、"));
        let why = format!("{}{}。", report.rule.why, shown.join("；"));
        if let Some(draft) = report.together(Severity::Warning, message, places) {
            draft.why(why);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[test]
    fn lost_points_need_a_reason_at_the_reason_s_cell() {
        let specimen = changed(&[("1.reason", "")]);
        assert_eq!(
            causes(&specimen),
            [("I201".to_string(), "indicators[1].reason".to_string())]
        );
        let said = specimen.run(&MISSING);
        assert_eq!(said.messages(), ["扣 2.4 分，没有写偏差原因"]);
        assert_eq!(
            said.findings[0].derivation.as_deref(),
            Some("30 − 27.6 = 2.4")
        );
        assert_eq!(
            changed(&[("1.reason", "无")]).run(&MISSING).findings.len(),
            1
        );
    }

    #[test]
    fn a_reason_for_full_points_is_a_hint() {
        let said = changed(&[("3.reason", "受汛期影响")]).run(&MISSING);
        assert_eq!(said.findings[0].severity, Severity::Hint);
    }

    #[test]
    fn a_reason_of_phrases_and_one_that_denies_the_loss_are_hollow() {
        for reason in ["客观原因，进一步加强管理", "疫情影响。", "无偏差"] {
            let said = changed(&[("1.reason", reason)]).run(&HOLLOW);
            assert_eq!(said.findings.len(), 1, "{reason}");
        }
        assert!(changed(&[]).run(&HOLLOW).findings.is_empty());
    }
}
