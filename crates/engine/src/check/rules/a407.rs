//! A407 `procurement-above-spending`: the procurement amounts of the baseline form and the spending of the department form and the report come in; procurement that exceeds what was spent goes out.

use crate::check::explanation::speaking;
use crate::check::figures::{amount, wan_yuan};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "A407",
    slug: "procurement-above-spending",
    title: "政府采购金额大于可采购的支出",
    severity: Severity::Warning,
    covers: &["I-19", "D66"],
    basis: &[
        "baseline-procurement",
        "spending-hints",
        "identities-between-forms",
    ],
    what: "附件1 政府采购金额是否大于附件2 的全部支出，或大于商品和服务支出、资本性支出、项目支出之和，而报告没有说明。",
    why: "政府采购花的是部门支出中的一部分；采购金额更大时，口径可能不同（合同总额、代理采购），也可能有无预算采购。",
    advice: "核对采购金额的口径；含跨年合同或代其他单位采购的，在说明中写明金额",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let (baseline, department) = (case.one("baseline"), case.one("department"));
    if baseline.is_none() && department.is_none() {
        return;
    }
    let (Some((baseline, form)), Some((department, whole))) = (baseline, department) else {
        return report.lacks("附件1、附件2 没有放全，采购金额与支出没有比");
    };
    let explained = || {
        let mut about = speaking(case, "procurement_words").into_iter();
        about.any(|text| case.rulebook.has_word_of("procurement_reasons", text))
    };
    let purchasable = purchasable(case);
    for (column, of_whole, words) in [
        ("outturn", "outturn", "全年执行数"),
        ("budget", "final_budget", "全年预算数"),
    ] {
        let path = format!("procurement.{column}");
        let (Some(procured), Some(all)) = (
            form.get(&path).and_then(wan_yuan),
            whole.amount(&format!("funds.total.{of_whole}")),
        ) else {
            continue;
        };
        report.checked();
        let (limit, what, place): (Decimal, &str, Place) = match &purchasable {
            _ if procured > all => (
                all,
                words,
                case.place(department, &format!("funds.total.{of_whole}")),
            ),
            Some((sum, place)) if column == "outturn" && procured > *sum => {
                (*sum, "商品服务、资本性和项目支出之和", place.clone())
            }
            _ => continue,
        };
        if explained() {
            continue;
        }
        let noun = if column == "outturn" {
            "政府采购金额"
        } else {
            "政府采购预算"
        };
        let gap = procured.checked_sub(limit).unwrap_or_default();
        let message = format!(
            "{noun} {}，大于{what} {}，多出 {} 万元",
            amount(procured),
            amount(limit),
            amount(gap)
        );
        report
            .find(message, case.place(baseline, &path))
            .against(place)
            .derivation(format!(
                "{} − {} = {}",
                amount(procured),
                amount(limit),
                amount(gap)
            ));
        // The budget's excess is the same story; one finding tells it.
        return;
    }
}

/// 商品和服务支出 + 资本性支出 of the report + 项目支出 of the department form, placed at the first of them.
fn purchasable(case: &Case<'_>) -> Option<(Decimal, Place)> {
    let narrative = &case.filing.narrative;
    let said = |item| {
        narrative
            .facts_of(item)
            .find_map(|(_, fact)| Some((fact.amount()?, fact)))
    };
    let (goods, fact) = said("econ.302")?;
    let capital = said("econ.310").map_or(Decimal::ZERO, |(capital, _)| capital);
    let (_, department) = case.one("department")?;
    let sum = goods
        .checked_add(capital)?
        .checked_add(department.amount("funds.project.outturn")?)?;
    Some((sum, case.fact_place(fact)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(budget: &str, outturn: &str, report: &str) -> Specimen {
        Specimen::default()
            .words("procurement_words", &["采购"])
            .words("procurement_reasons", &["代理采购"])
            .form(
                "baseline",
                &[
                    ("procurement.budget", budget),
                    ("procurement.outturn", outturn),
                ],
                &[],
            )
            .form(
                "department",
                &[
                    ("funds.total.final_budget", "100.00"),
                    ("funds.total.outturn", "90.00"),
                    ("funds.project.outturn", "50.00"),
                ],
                &[],
            )
            .fact("econ.302", "20.00")
            .fact("econ.310", "5.00")
            .prose(&[report])
    }

    #[test]
    fn procurement_may_reach_the_spending_but_not_exceed_it() {
        let said = |budget, outturn| specimen(budget, outturn, "").run(&RULE);
        assert_eq!(
            said("100.00", "90.01").messages(),
            ["政府采购金额 90.01，大于全年执行数 90.00，多出 0.01 万元"]
        );
        assert_eq!(
            said("70.00", "75.01").messages(),
            ["政府采购金额 75.01，大于商品服务、资本性和项目支出之和 75.00，多出 0.01 万元"]
        );
        assert_eq!(
            said("100.01", "60").messages(),
            ["政府采购预算 100.01，大于全年预算数 100.00，多出 0.01 万元"]
        );
        assert!(said("100.00", "75.00").findings.is_empty());
    }

    #[test]
    fn an_explanation_or_missing_forms_are_respected() {
        assert!(
            specimen("120", "120", "含代理采购 50 万元")
                .run(&RULE)
                .findings
                .is_empty()
        );
        let alone = Specimen::default()
            .form("baseline", &[("procurement.outturn", "9")], &[])
            .run(&RULE);
        assert_eq!((alone.findings.len(), alone.lacking.len()), (0, 1));
    }
}
