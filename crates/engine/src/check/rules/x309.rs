//! X309 `scores-in-report`: scores, averages and counts the report gives and the forms' own rows come in; what does not follow from the rows goes out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use crate::check::statements::{Figure, Outcome, against, facts, recomputed};
use jiheng_model::form::Indicator;
use jiheng_model::scorecard::IndicatorScore;
use jiheng_model::{Decimal, Severity, Stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X309",
    slug: "scores-in-report",
    title: "报告里的得分、个数与表不符",
    severity: Severity::Error,
    covers: &["D30", "I-13", "D51"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告写的产出、效益、满意度得分，项目平均得分，一级项目个数、三级指标个数和其中达到、未达到指标值的个数，能否由附件1、附件2、附件3 算出。",
    why: "报告汇总的是表里的分数和行数，应能逐项算回去。",
    advice: "按表重算后更正报告，或更正表",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    dimensions(case, report);
    average(case, report);
    count_of_projects(case, report);
    count_of_indicators(case, report);
    count_of_reached(case, report);
    coverage(case, report);
}

/// 产出指标49.47分 = the scores of these rows of 附件2.
fn dimensions(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((form, department)) = case.one("department") else {
        return;
    };
    for (item, words) in case
        .rulebook
        .dictionary("score_dimensions")
        .into_iter()
        .flatten()
    {
        let rows: Vec<Figure> = department
            .indicators()
            .filter(|i| {
                i.dimension().is_some_and(|d| {
                    words
                        .iter()
                        .any(|w| d.text.trim_start().starts_with(w.as_str()))
                })
            })
            .filter_map(|i| Figure::row(case, form, "indicators", i.number, "score"))
            .collect();
        if rows.is_empty() {
            continue;
        }
        for (_, fact) in facts(case, item) {
            let Some(stated) = Figure::fact(case, fact) else {
                continue;
            };
            sum(report, &stated, &rows, &fact.label);
        }
    }
}

fn sum(report: &mut Report<'_>, stated: &Figure, rows: &[Figure], label: &str) {
    let Some(total) = rows
        .iter()
        .try_fold(Decimal::ZERO, |t, r| t.checked_add(r.value))
    else {
        return;
    };
    report.checked();
    match against(stated, total, stated.half) {
        Outcome::Equal | Outcome::Rounded => report
            .holds(std::iter::once(stated.place.origin).chain(rows.iter().map(|r| r.place.origin))),
        Outcome::Different => {
            let numbers: Vec<String> = rows.iter().map(|r| r.value.to_string()).collect();
            let message = format!(
                "{label}：报告写 {} 分，附件2 各行相加 {} 分",
                stated.value,
                total.normalize()
            );
            recomputed(
                report,
                Severity::Error,
                message,
                stated,
                rows,
                total.normalize(),
                format!("{} = {}", numbers.join(" + "), total.normalize()),
            );
        }
    }
}

/// 项目自评平均得分 = the mean of the totals of 附件3.
fn average(case: &Case<'_>, report: &mut Report<'_>) {
    for (_, fact) in facts(case, "projects.average") {
        let Some(stated) = Figure::fact(case, fact) else {
            continue;
        };
        let forms: Vec<usize> = case.forms("project").map(|(i, _)| i).collect();
        let totals: Vec<Figure> = forms
            .iter()
            .filter_map(|i| Figure::cell(case, *i, "total_score"))
            .collect();
        let matched = crate::check::projects::projects(case);
        let missing = matched
            .lines
            .iter()
            .any(|l| l.is_executed() && l.sheet.is_none());
        if totals.is_empty() || totals.len() != forms.len() || missing {
            report.lacks("项目自评表不全或没有填总分");
            continue;
        }
        let sum = totals
            .iter()
            .try_fold(Decimal::ZERO, |t, r| t.checked_add(r.value));
        let Some(mean) = sum.and_then(|s| s.checked_div(Decimal::from(totals.len()))) else {
            continue;
        };
        report.checked();
        match against(&stated, mean, stated.half) {
            Outcome::Equal | Outcome::Rounded => report.holds(
                std::iter::once(stated.place.origin).chain(totals.iter().map(|r| r.place.origin)),
            ),
            Outcome::Different => {
                let shown = jiheng_model::scorecard::round(
                    mean,
                    stated.half.normalize().scale().saturating_sub(1).max(2),
                );
                let message = format!(
                    "项目平均得分：报告写 {} 分，{} 张表平均 {shown} 分",
                    stated.value,
                    totals.len()
                );
                let derivation = format!(
                    "{} ÷ {} = {shown}",
                    sum.unwrap_or_default().normalize(),
                    totals.len()
                );
                recomputed(
                    report,
                    Severity::Error,
                    message,
                    &stated,
                    &totals,
                    shown,
                    derivation,
                );
            }
        }
    }
}

/// 自评覆盖率100% = the lines of 附件1 with spending that have a form.
fn coverage(case: &Case<'_>, report: &mut Report<'_>) {
    let matched = crate::check::projects::projects(case);
    let executed: Vec<_> = matched.lines.iter().filter(|l| l.is_executed()).collect();
    let covered = executed.iter().filter(|l| l.sheet.is_some()).count();
    for (_, fact) in facts(case, "projects.coverage") {
        let Some(stated) = Figure::fact(case, fact) else {
            continue;
        };
        // A form that is missing is F201's finding.
        if executed.is_empty() || covered < executed.len() {
            report.lacks("没有一级项目，或有的项目没有自评表");
            continue;
        }
        report.checked();
        if stated.value == Decimal::ONE_HUNDRED {
            continue;
        }
        let message = format!(
            "{}：报告写 {}，{} 个项目都有自评表，是 100%",
            fact.label,
            fact.text,
            executed.len()
        );
        report.find(message, stated.place.clone()).computed("100%");
    }
}

/// 有支出的一级项目3个 = the lines of 附件1 with spending.
fn count_of_projects(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((form, baseline)) = case.one("baseline") else {
        return;
    };
    let spent: Vec<Figure> = (0..baseline.rows("projects").len())
        .filter_map(|row| Figure::row(case, form, "projects", row, "outturn"))
        .filter(|f| f.value > Decimal::ZERO)
        .collect();
    for (_, fact) in facts(case, "projects.count").filter(|(_, f)| f.label.contains("支出")) {
        counted(
            case,
            report,
            fact,
            spent.len(),
            "附件1 有支出的项目",
            spent.first(),
        );
    }
}

/// 共设置三级指标16个 = the rows of 附件2.
fn count_of_indicators(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((form, department)) = case.one("department") else {
        return;
    };
    let count = department.indicators().filter(|i| !i.is_filler()).count();
    let first = department
        .indicators()
        .find(|i| !i.is_filler())
        .map(|i| case.indicator_place(form, &i, "name"));
    for (_, fact) in facts(case, "indicators.count") {
        let first = first.clone().map(|place| Figure {
            value: Decimal::ZERO,
            half: Decimal::ZERO,
            dimension: None,
            unit: String::new(),
            place,
        });
        counted(case, report, fact, count, "附件2 三级指标", first.as_ref());
    }
}

/// 达到年度指标值15个，未达到1个 = the rows of 附件2 by what their targets and actual values say.
fn count_of_reached(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((form, _)) = case.one("department") else {
        return;
    };
    let Some(scored) = scored::forms(case).into_iter().find(|s| s.index == form) else {
        return;
    };
    for (item, met, what) in [
        ("indicators.met", true, "附件2 达到指标值的指标"),
        ("indicators.unmet", false, "附件2 未达到指标值的指标"),
    ] {
        for (_, fact) in facts(case, item) {
            let outcomes: Option<Vec<bool>> = scored
                .rows()
                .map(|(row, computed)| reached(&row, computed))
                .collect();
            let Some(outcomes) = outcomes else {
                report.lacks("有的指标不能由指标值和完成值判断是否达到");
                continue;
            };
            let count = outcomes.iter().filter(|o| **o == met).count();
            let place = scored
                .rows()
                .zip(&outcomes)
                .find(|(_, o)| !**o)
                .or_else(|| scored.rows().zip(&outcomes).next())
                .map(|((row, _), _)| case.indicator_place(form, &row, "actual"));
            report.checked();
            if fact.value == Decimal::from(count) {
                continue;
            }
            let message = format!("{}：报告写 {}，{what}有 {count} 个", fact.label, fact.text);
            let draft = report.find(message, case.fact_place(fact));
            draft.computed(count);
            // A row whose score says otherwise is a finding of its own.
            for (row, _) in scored.rows() {
                draft.inputs.extend(
                    [row.target(), row.actual(), row.score()]
                        .into_iter()
                        .flatten()
                        .map(|s| s.origin),
                );
            }
            if let Some(place) = place {
                draft.against(place);
            }
        }
    }
}

/// Whether a row reached its target; `None` where its values and its score do not say the same.
fn reached(row: &Indicator<'_>, computed: &IndicatorScore) -> Option<bool> {
    let full = row.score().and_then(Stated::number)? == row.points().and_then(Stated::number)?;
    match computed.reached {
        Some(by_value) if by_value == full => Some(full),
        None => Some(full),
        Some(_) => None,
    }
}

fn counted(
    case: &Case<'_>,
    report: &mut Report<'_>,
    fact: &jiheng_model::Fact,
    count: usize,
    what: &str,
    first: Option<&Figure>,
) {
    if count == 0 {
        return;
    }
    report.checked();
    if fact.value == Decimal::from(count) {
        return;
    }
    let unit = fact.unit.as_ref().map_or("个", |u| &u.symbol);
    let message = format!(
        "{}：报告写 {}，{what}有 {count} {unit}",
        fact.label, fact.text
    );
    let draft = report.find(message, case.fact_place(fact));
    draft.computed(count);
    if let Some(first) = first {
        draft.against(first.place.clone());
    }
}
