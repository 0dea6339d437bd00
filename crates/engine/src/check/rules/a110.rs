//! A110 `by-source-is-total` and A111 `by-nature-is-total`: the block totals of the department form ("按收入性质分：6790.53") and 年度资金总额 come in; block totals that are neither 全年预算数 nor 全年执行数 go out.
//!
//! Places split either of the two, and the label does not say which; the printed execution rate does.

use crate::check::figures::{amount, share, wan_yuan};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::form::Form;
use jiheng_model::{Decimal, Severity, Stated};

/// 按收入性质分.
pub static RULE: Rule = Rule {
    code: "A110",
    slug: "by-source-is-total",
    title: "按收入性质分的合计与资金总额不同",
    severity: Severity::Error,
    covers: &["I-06", "D28"],
    basis: &["department-by-source"],
    what: "附件2 “按收入性质分”后面的合计是否等于年度资金总额的全年执行数（或全年预算数）。",
    why: "这个合计是年度资金总额按收入来源拆开的，应与总额相同。",
    advice: "核对年度资金总额和“按收入性质分”的合计，更正其一",
    fix: None,
    run: |case, report| compare(case, report, "by_source", "按收入性质分"),
};

/// 按支出性质分.
pub static BY_NATURE: Rule = Rule {
    code: "A111",
    slug: "by-nature-is-total",
    title: "按支出性质分的合计与资金总额不同",
    severity: Severity::Error,
    covers: &["I-06", "D28"],
    basis: &["department-by-nature"],
    what: "附件2 “按支出性质分”后面的合计是否等于年度资金总额的全年执行数（或全年预算数）。",
    why: "这个合计是年度资金总额按支出性质拆开的，应与总额相同。",
    advice: "核对年度资金总额和“按支出性质分”的合计，更正其一",
    fix: None,
    run: |case, report| compare(case, report, "by_nature", "按支出性质分"),
};

const COLUMNS: [&str; 2] = ["outturn", "final_budget"];

fn compare(case: &Case<'_>, report: &mut Report<'_>, block: &str, name: &str) {
    for (index, form) in case.forms("department") {
        let printed = COLUMNS.iter().find_map(|column| {
            let path = format!("funds.{block}.{column}");
            let value = form.get(&path).and_then(wan_yuan)?;
            Some((path, value))
        });
        let Some((path, block_total)) = printed else {
            continue;
        };
        let totals: Vec<(&str, &Stated, Decimal)> = COLUMNS
            .iter()
            .filter_map(|column| {
                let total = form.get(&format!("funds.total.{column}"))?;
                Some((*column, total, wan_yuan(total)?))
            })
            .collect();
        if let Some((_, total, _)) = totals.iter().find(|(_, _, t)| *t == block_total) {
            let own = form.get(&path).map(|s| s.origin);
            report.holds(own.into_iter().chain([total.origin]));
            continue;
        }
        let Some((column, total)) = meant(form, block_total, &totals) else {
            report.lacks(format!("附件2 没有填年度资金总额，“{name}”的合计没有比"));
            continue;
        };
        report.checked();
        let gap = block_total.checked_sub(total).unwrap_or_default().abs();
        let message = format!(
            "{name} {}，年度资金总额 {}，相差 {} 万元",
            amount(block_total),
            amount(total),
            amount(gap)
        );
        let (more, less) = (block_total.max(total), block_total.min(total));
        report
            .find(message, case.place(index, &path))
            .against(case.place(index, &format!("funds.total.{column}")))
            .derivation(format!(
                "{} − {} = {}",
                amount(more),
                amount(less),
                amount(gap)
            ))
            .identity();
    }
}

/// The total that the block splits: if the printed rate is that of the block total over 全年预算数,
/// the block stands for 全年执行数, and the other way round; without such a hint it is 全年执行数.
fn meant<'a>(
    form: &Form,
    block_total: Decimal,
    totals: &[(&'a str, &Stated, Decimal)],
) -> Option<(&'a str, Decimal)> {
    let total = |column: &str| totals.iter().find(|(c, _, _)| *c == column);
    let rate = form.get("funds.total.execution_rate");
    let fits = |part: Decimal, whole: Decimal| {
        let stated = rate.and_then(|r| Some((r.number()?, r.half_unit()?)));
        stated
            .zip(share(part, whole))
            .is_some_and(|((rate, half), computed)| {
                rate.checked_sub(computed)
                    .is_some_and(|gap| gap.abs() <= half)
            })
    };
    let chosen = match (total("outturn"), total("final_budget")) {
        (Some(outturn), Some(granted)) => {
            let splits_budget = fits(outturn.2, block_total) && !fits(block_total, granted.2);
            if splits_budget { granted } else { outturn }
        }
        (outturn, granted) => outturn.or(granted)?,
    };
    Some((chosen.0, chosen.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::{Said, Specimen};

    fn said(granted: &str, outturn: &str, rate: &str, by_source: &str) -> Said {
        Specimen::default()
            .form(
                "department",
                &[
                    ("funds.total.final_budget", granted),
                    ("funds.total.outturn", outturn),
                    ("funds.total.execution_rate", rate),
                    ("funds.by_source.final_budget", by_source),
                ],
                &[],
            )
            .run(&RULE)
    }

    #[test]
    fn a_block_total_is_one_of_the_two_totals() {
        assert!(said("100.00", "90.00", "90%", "90.00").findings.is_empty());
        assert!(said("100.00", "90.00", "90%", "100.00").findings.is_empty());
        assert_eq!(said("100.00", "90.00", "90%", "").checked, 0);
    }

    #[test]
    fn the_printed_rate_says_which_total_was_meant() {
        let outturn_changed = said("100.00", "80.00", "90%", "90.00");
        assert_eq!(
            outturn_changed.messages(),
            ["按收入性质分 90.00，年度资金总额 80.00，相差 10.00 万元"]
        );
        let budget_changed = said("110.00", "90.00", "90%", "100.00");
        assert_eq!(
            budget_changed.messages(),
            ["按收入性质分 100.00，年度资金总额 110.00，相差 10.00 万元"]
        );
    }
}
