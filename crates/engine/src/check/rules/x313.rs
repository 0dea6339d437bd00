//! X313 `rate-in-report`: rates in the report (and in goals of forms) with the numbers they come from come in; rates that do not recompute, or have nothing to divide by, go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{
    Figure, Outcome, against, current, figure_of, recomputed, same_line,
};
use crate::narrative::terms::comparable;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Dimension, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X313",
    slug: "rate-in-report",
    title: "报告里的比率算不出",
    severity: Severity::Error,
    covers: &["D33", "I-04"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告写的执行率、控制率、调整率、问卷回收率和满意度，能否由写明的两个数算出；分母为 0 的不应写比率。",
    why: "比率由两个写明的数算出，误差不应超过最后一位的一半。",
    advice: "重算比率，或更正两个数中的一个",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(parts) = case.rulebook.dictionary("rate_parts") else {
        return;
    };
    let facts = &case.filing.narrative.facts;
    for (index, fact) in facts.iter().enumerate() {
        if fact.role != FactRole::Rate || !current(case, fact) {
            continue;
        }
        let Some(stated) = Figure::fact(case, fact) else {
            continue;
        };
        if let Some([numerator, denominator]) = fact
            .item
            .as_ref()
            .and_then(|i| parts.get(i))
            .map(Vec::as_slice)
        {
            let of = |item: &str| match item.starts_with("project_line") {
                true => project_figure(case, item, index),
                false => figure_of(case, item, index),
            };
            if let (Some(top), Some(bottom)) = (of(numerator), of(denominator)) {
                compare(report, &fact.label, &stated, top, bottom);
            }
            continue;
        }
        let satisfaction = case.rulebook.words("satisfaction_rate_words");
        if satisfaction
            .iter()
            .any(|w| fact.label.ends_with(w.as_str()))
        {
            let before = |item: &str| {
                let found = facts[..index]
                    .iter()
                    .rev()
                    .take_while(|f| same_line(f, fact))
                    .find(|f| f.item.as_deref() == Some(item));
                found.and_then(|f| Figure::fact(case, f))
            };
            if let (Some(top), Some(bottom)) = (before("survey.satisfied"), before("survey.valid"))
            {
                compare(report, &fact.label, &stated, top, bottom);
            }
        }
    }
}

/// A number of the same project in the same paragraph.
fn project_figure(case: &Case<'_>, item: &str, index: usize) -> Option<Figure> {
    let facts = &case.filing.narrative.facts;
    let own = facts.get(index)?;
    let label = comparable(&own.label);
    let found = facts[..index]
        .iter()
        .rev()
        .take_while(|f| same_line(f, own))
        .find(|f| {
            f.item.as_deref() == Some(item) && shared_start(&comparable(&f.label), &label) >= 4
        });
    found.and_then(|f| Figure::fact(case, f))
}

fn shared_start(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count()
}

fn compare(report: &mut Report<'_>, label: &str, stated: &Figure, top: Figure, bottom: Figure) {
    if stated.dimension != Some(Dimension::Ratio) || !top.comparable(&bottom) {
        return;
    }
    if bottom.value.is_zero() {
        report.checked();
        report
            .find(
                format!("{label}写 {}%，分母是 0，不能计算", stated.value),
                stated.place.clone(),
            )
            .against(bottom.place.clone())
            .derivation(format!("{} ÷ 0", top.value))
            .advice("分母为 0 的，删去这个比率，写明原因");
        return;
    }
    let Some(rate) = top
        .value
        .checked_mul(Decimal::ONE_HUNDRED)
        .and_then(|t| t.checked_div(bottom.value))
    else {
        return;
    };
    // A decrease may be written with or without its sign.
    let rate = if stated.value.is_sign_positive() {
        rate.abs()
    } else {
        rate
    };
    report.checked();
    match against(stated, rate, stated.half) {
        Outcome::Equal | Outcome::Rounded => {
            report.holds([stated.place.origin, top.place.origin, bottom.place.origin])
        }
        Outcome::Different => {
            let shown = round(rate, stated.value.scale().max(2));
            let derivation = format!("{} ÷ {} = {shown}%", top.value, bottom.value);
            let message = format!("{label}写 {}%，按两个数算是 {shown}%", stated.value);
            recomputed(
                report,
                Severity::Error,
                message,
                stated,
                &[top, bottom],
                format!("{shown}%"),
                derivation,
            );
        }
    }
}
