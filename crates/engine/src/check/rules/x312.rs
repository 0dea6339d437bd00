//! X312 `share-in-report`: shares in the report's sentences with their parts and wholes come in; shares that do not recompute go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, Outcome, against, current, recomputed};
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X312",
    slug: "share-in-report",
    title: "报告里的占比算不出",
    severity: Severity::Error,
    covers: &["I-14"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告写的“占××%”，是否等于它前面的金额除以所占的合计。",
    why: "占比由两个写明的金额算出，误差不应超过最后一位的一半。",
    advice: "重算占比，或更正金额",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let facts = &case.filing.narrative.facts;
    for (index, share) in facts.iter().enumerate() {
        if share.role != FactRole::Share || share.unit.is_none() || !current(case, share) {
            continue;
        }
        let Some(whole_index) = share.of else {
            continue;
        };
        let item = share.item.as_deref().and_then(|i| i.strip_suffix(".share"));
        let part = facts[..index].iter().enumerate().rev().find(|(i, f)| {
            matches!(f.role, FactRole::Amount | FactRole::Count)
                && *i != whole_index
                && (f.sentence == share.sentence || item.is_some())
                && (item.is_none() || f.item.as_deref() == item)
        });
        let Some((_, part)) = part else { continue };
        let (Some(stated), Some(part), Some(whole)) = (
            Figure::fact(case, share),
            Figure::fact(case, part),
            facts.get(whole_index).and_then(|f| Figure::fact(case, f)),
        ) else {
            continue;
        };
        if !part.comparable(&whole) {
            continue;
        }
        let Some(rate) = part
            .value
            .checked_mul(Decimal::ONE_HUNDRED)
            .and_then(|p| p.checked_div(whole.value))
        else {
            report.lacks("占比的合计为 0，不能计算");
            continue;
        };
        report.checked();
        let parts = [part, whole];
        match against(&stated, rate, stated.half) {
            Outcome::Equal | Outcome::Rounded => report.holds([
                stated.place.origin,
                parts[0].place.origin,
                parts[1].place.origin,
            ]),
            Outcome::Different => {
                let places = stated.value.scale().max(2);
                let shown = round(rate, places);
                let message = format!("占比写 {}%，按金额算是 {shown}%", stated.value);
                let derivation = format!("{} ÷ {} = {shown}%", parts[0].value, parts[1].value);
                recomputed(
                    report,
                    Severity::Error,
                    message,
                    &stated,
                    &parts,
                    format!("{shown}%"),
                    derivation,
                );
            }
        }
    }
}
