//! I203 `far-above-target`, I204 `all-full-marks`: completions and scores come in; unexplained over-achievement and packages without any deviation go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use crate::score::form::plain;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Severity, Stated};

/// Far above the target and no reason.
pub static ABOVE: Rule = Rule {
    code: "I203",
    slug: "far-above-target",
    title: "完成值远高于指标值，没有说明",
    severity: Severity::Warning,
    covers: &["D08"],
    basis: &["mof-2020-10-art16-over", "scoring-review-over-130"],
    what: "完成率超过规程界限而没有在偏差原因栏说明的指标；成本类按指标值与完成值之比。",
    why: "对完成值高于指标值较多的，要分析原因；指标值设定明显偏低的，要适度调减分值。",
    advice: "写明超额完成的原因；指标值偏低的，下年度按实际水平调高",
    fix: None,
    run: above,
};

/// Full marks everywhere.
pub static FULL: Rule = Rule {
    code: "I204",
    slug: "all-full-marks",
    title: "全部自评表都是满分",
    severity: Severity::Warning,
    covers: &["D01"],
    basis: &["indicators-inflated", "mof-2020-10-art11-reason"],
    what: "同一套材料的各张自评表都得满分，没有一处写偏差原因。",
    why: "自评应如实反映结果；所有指标都恰好完成、没有任何偏差的情况很少。",
    advice: "逐项核对完成值和佐证；有偏差的如实填写并说明原因",
    fix: None,
    run: full,
};

fn above(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(most) = case.rulebook.number("over_threshold") else {
        return report.lacks("规程没有规定超额完成的界限");
    };
    for scored in scored::forms(case) {
        let mut places = Vec::new();
        let mut texts = Vec::new();
        for (row, computed) in scored.rows() {
            let Some(completion) = computed
                .completion
                .filter(|_| computed.reached == Some(true))
            else {
                continue;
            };
            report.checked();
            if completion <= most || scored::said(row.reason()).is_some() {
                continue;
            }
            let Some(percent) = completion.checked_mul(Decimal::ONE_HUNDRED) else {
                continue;
            };
            places.push(case.indicator_place(scored.index, &row, "actual"));
            places.push(case.indicator_place(scored.index, &row, "target"));
            texts.push(format!(
                "{} {}%",
                scored::name(&row),
                plain(round(percent, 2))
            ));
        }
        let message = format!(
            "完成率超过 {}% 而没有说明：{}",
            plain(most * Decimal::ONE_HUNDRED),
            texts.join("、")
        );
        let doubted = places.iter().step_by(2).map(|p| p.origin).collect();
        if let Some(draft) = report.together(Severity::Warning, message, places) {
            draft.doubted = doubted;
        }
    }
}

fn full(case: &Case<'_>, report: &mut Report<'_>) {
    let forms = scored::forms(case);
    if forms.len() < 2 {
        return;
    }
    report.checked();
    let mut places = Vec::new();
    for scored in &forms {
        let full = |score: Option<&Stated>, points: Option<&Stated>| matches!((score.and_then(Stated::number), points.and_then(Stated::number)), (Some(s), Some(p)) if s == p);
        let whole = scored.rows().all(|(row, _)| {
            full(row.score(), row.points()) && scored::said(row.reason()).is_none()
        });
        let total = scored.form.get("total_score");
        if !whole || total.and_then(Stated::number) != Some(Decimal::ONE_HUNDRED) {
            return;
        }
        places.push(case.place(scored.index, "total_score"));
    }
    let message = format!("{} 张自评表全部 100 分，没有一处偏差", forms.len());
    report.together(Severity::Warning, message, places);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{FAULTLESS, FUNDS, Row, changed, form};

    #[test]
    fn twice_the_target_needs_a_word() {
        let said =
            changed(&[("1.actual", "1110户"), ("1.score", "30"), ("1.reason", "")]).run(&ABOVE);
        assert_eq!(
            said.messages(),
            ["完成率超过 130% 而没有说明：改造农村危房户数 222%"]
        );
        let said =
            changed(&[("1.actual", "1110户"), ("1.reason", "年中追加任务600户")]).run(&ABOVE);
        assert!(said.findings.is_empty());
    }

    #[test]
    fn a_package_of_hundreds_is_a_warning_and_one_deviation_ends_it() {
        let mut funds = FUNDS;
        funds[6].1 = "10";
        funds[9].1 = "100";
        let mut rows: [Row<'_>; 4] = FAULTLESS;
        rows[0][7] = "30";
        rows[0][8] = "";
        let two = |second: &[Row<'_>]| {
            let specimen = crate::check::scored::sheet::project(&funds, &rows);
            form(specimen, "department", &funds, second)
        };
        assert_eq!(
            two(&rows).run(&FULL).messages(),
            ["2 张自评表全部 100 分，没有一处偏差"]
        );
        assert!(two(&FAULTLESS).run(&FULL).findings.is_empty());
    }
}
