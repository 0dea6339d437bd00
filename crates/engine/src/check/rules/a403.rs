//! A403 `low-execution`: 全年预算数 and 全年执行数 of each form come in; low execution rates without a reason go out.

use crate::check::explanation::in_words;
use crate::check::figures::{amount, execution, percent};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "A403",
    slug: "low-execution",
    title: "预算执行率偏低，没有说明原因",
    severity: Severity::Warning,
    covers: &["D41"],
    basis: &["mof-2020-10-art26-low-execution", "low-execution-bands"],
    what: "全年执行数除以全年预算数偏低时，自评报告或偏差原因中有没有单独说明原因。",
    why: "对预算执行率偏低的项目，要单独说明原因，提出整改措施。",
    advice: "在自评报告中写明没有执行的金额、原因和整改措施",
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let number = |name| case.rulebook.number(name).and_then(in_percent);
    let Some(low) = number("execution_low") else {
        return;
    };
    let very_low = number("execution_very_low");
    let about = "slow_payment_words";
    for (index, form) in case.filing.forms.iter().enumerate() {
        if !matches!(form.kind(), "department" | "project") {
            continue;
        }
        let Some(rate) = execution(form) else {
            continue;
        };
        report.checked();
        if rate >= low || in_words(case, form, about) {
            continue;
        }
        let below = very_low.filter(|v| rate < *v).unwrap_or(low);
        let message = format!(
            "执行率 {}，低于 {}%，没有说明原因",
            percent(rate),
            below.normalize()
        );
        let numbers = ["outturn", "final_budget"].map(|column| {
            form.amount(&format!("funds.total.{column}"))
                .map(amount)
                .unwrap_or_default()
        });
        report
            .find(message, case.place(index, "funds.total.outturn"))
            .against(case.place(index, "funds.total.final_budget"))
            .computed(percent(rate))
            .derivation(format!(
                "{} ÷ {} = {}",
                numbers[0],
                numbers[1],
                percent(rate)
            ));
    }
}

fn in_percent(fraction: Decimal) -> Option<Decimal> {
    fraction.checked_mul(Decimal::ONE_HUNDRED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(outturn: &str, report: &str) -> Specimen {
        Specimen::default()
            .number("execution_low", "0.8")
            .number("execution_very_low", "0.6")
            .words("slow_payment_words", &["执行率"])
            .words("reason_words", &["原因"])
            .form(
                "project",
                &[
                    ("project_name", "甲河治理"),
                    ("funds.total.final_budget", "100.00"),
                    ("funds.total.outturn", outturn),
                ],
                &[],
            )
            .prose(&[report])
    }

    #[test]
    fn a_low_rate_without_a_reason_is_found() {
        let said = |outturn| specimen(outturn, "").run(&RULE);
        assert_eq!(
            said("79.99").messages(),
            ["执行率 79.99%，低于 80%，没有说明原因"]
        );
        assert_eq!(
            said("12.5").messages(),
            ["执行率 12.50%，低于 60%，没有说明原因"]
        );
        assert!(said("80.00").findings.is_empty());
        assert_eq!(said("").checked, 0);
    }

    #[test]
    fn a_reason_given_for_this_project_is_enough() {
        let explained = specimen("50", "甲河治理项目执行率50%，原因是尾款未到期");
        assert!(explained.run(&RULE).findings.is_empty());
        let other = specimen("50", "乙湖监测执行率50%，原因是尾款未到期");
        assert_eq!(other.run(&RULE).findings.len(), 1);
    }
}
