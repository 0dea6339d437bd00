//! A403 `low-execution`: 全年预算数 and 全年执行数 of each form come in; low execution rates without a reason go out.

use crate::check::explanation::in_words;
use crate::check::figures::{amount, execution, percent, share};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::said;
use jiheng_model::form::Form;
use jiheng_model::label::normalise;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "A403",
    slug: "low-execution",
    title: "预算执行率偏低，没有说明原因",
    severity: Severity::Warning,
    covers: &["D41"],
    basis: &["mof-2020-10-art26-low-execution", "low-execution-bands"],
    what: "全年执行数除以全年预算数偏低时，自评报告或偏差原因中有没有单独说明原因；监控表的执行率与按月折算的进度相比。",
    why: "对预算执行率偏低的项目，要单独说明原因，提出整改措施。",
    advice: "在自评报告中写明没有执行的金额、原因和整改措施",
    fix: None,
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
        tell(case, report, index, form, rate, message);
    }
    for (index, form) in case.forms("monitoring") {
        // A monitoring form may print the original budget alone.
        let amount = |column| form.amount(&format!("funds.total.{column}"));
        let budget = amount("final_budget").or_else(|| amount("original_budget"));
        let Some(rate) = amount("outturn").zip(budget).and_then(|(a, b)| share(a, b)) else {
            continue;
        };
        let Some(months) = months(form) else {
            report.lacks("监控表没有写监控到几月，执行进度没有比");
            continue;
        };
        report.checked();
        let due = low
            .checked_mul(Decimal::from(months))
            .and_then(|d| d.checked_div(Decimal::from(12)));
        let explained = said(form.get("funds.total.gap")).is_some() || in_words(case, form, about);
        let Some(due) = due.filter(|due| rate < *due && !explained) else {
            continue;
        };
        let message = format!(
            "1—{months} 月执行率 {}，低于按月折算的 {}，没有说明原因",
            percent(rate),
            percent(due)
        );
        tell(case, report, index, form, rate, message);
    }
}

fn tell(
    case: &Case<'_>,
    report: &mut Report<'_>,
    index: usize,
    form: &Form,
    rate: Decimal,
    message: String,
) {
    let budget = match form.amount("funds.total.final_budget") {
        Some(_) => "funds.total.final_budget",
        None => "funds.total.original_budget",
    };
    let numbers = ["funds.total.outturn", budget]
        .map(|path| form.amount(path).map(amount).unwrap_or_default());
    report
        .find(message, case.place(index, "funds.total.outturn"))
        .against(case.place(index, budget))
        .computed(percent(rate))
        .derivation(format!(
            "{} ÷ {} = {}",
            numbers[0],
            numbers[1],
            percent(rate)
        ));
}

/// The last month of the period that the head of the outturn names ("1-7月执行数").
fn months(form: &Form) -> Option<u32> {
    let (_, head) = form.heads.iter().find(|(key, _)| key == "outturn")?;
    let key = normalise(&head.text);
    let before = &key[..key.find('月')?];
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let month: u32 = before[before.len() - digits..].parse().ok()?;
    (1..12).contains(&month).then_some(month)
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
    fn a_monitoring_form_is_held_against_its_months() {
        let monitoring = |outturn, head: &str, gap| {
            let mut specimen = Specimen::default()
                .number("execution_low", "0.8")
                .words("slow_payment_words", &["执行率"])
                .words("reason_words", &["原因"])
                .form(
                    "monitoring",
                    &[
                        ("funds.total.final_budget", "100.00"),
                        ("funds.total.outturn", outturn),
                        ("funds.total.gap", gap),
                    ],
                    &[],
                );
            let mut stated = specimen.filing.forms[0]
                .get("funds.total.outturn")
                .cloned()
                .expect("printed");
            stated.text = head.into();
            specimen.filing.forms[0].heads = vec![("outturn".into(), stated)];
            specimen.run(&RULE)
        };
        assert_eq!(
            monitoring("35", "1-7月执行数", "").messages(),
            ["1—7 月执行率 35.00%，低于按月折算的 46.67%，没有说明原因"]
        );
        assert!(monitoring("47", "1－7月执行数", "").findings.is_empty());
        assert!(
            monitoring("35", "1-7月执行数", "招标推迟")
                .findings
                .is_empty()
        );
        assert_eq!(monitoring("35", "执行数", "").lacking.len(), 1);
    }

    #[test]
    fn a_reason_given_for_this_project_is_enough() {
        let explained = specimen("50", "甲河治理项目执行率50%，原因是尾款未到期");
        assert!(explained.run(&RULE).findings.is_empty());
        let other = specimen("50", "乙湖监测执行率50%，原因是尾款未到期");
        assert_eq!(other.run(&RULE).findings.len(), 1);
    }
}
