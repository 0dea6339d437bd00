//! A411 `spent-without-budget`: the project lines of the baseline form and the report come in; money spent on projects that had no budget and no explanation goes out as one finding.

use crate::check::explanation::speaking;
use crate::check::figures::{amount, quoted, wan_yuan};
use crate::check::projects::mentions;
use crate::check::projects::{Line, projects};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "A411",
    slug: "spent-without-budget",
    title: "有支出的项目没有年初预算，没有说明",
    severity: Severity::Warning,
    covers: &["D39", "D66"],
    basis: &["budget-law-rules-art57", "grown-budget"],
    what: "附件1 项目支出中，本年有决算数而本年预算数为零或空着的项目，报告有没有写明预算从哪里来。",
    why: "资金拨付须按批准的预算；年中新增的项目应有追加文件，并随追加下达绩效目标。",
    advice: "逐个写明追加预算的时间、文号和金额；预算数漏填的，补填",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let found = projects(case);
    let Some(baseline) = found.baseline else {
        return;
    };
    let explained = speaking(case, "adjustment_words");
    let mut unbudgeted: Vec<(&Line<'_>, Decimal)> = Vec::new();
    for line in found.lines.iter().filter(|l| l.is_executed()) {
        let Some(budget) = line.budget else { continue };
        report.checked();
        let none = budget.value.is_blank() || budget.number().is_some_and(|n| n.is_zero());
        if let (true, Some(spent)) = (none, line.outturn.and_then(wan_yuan))
            && !explained.iter().any(|text| mentions(text, &line.name))
        {
            unbudgeted.push((line, spent));
        }
    }
    let Some(((first, _), others)) = unbudgeted.split_first() else {
        return;
    };
    let total = unbudgeted
        .iter()
        .try_fold(Decimal::ZERO, |sum, (_, spent)| sum.checked_add(*spent));
    let total = total.map_or(String::new(), |t| format!("，支出 {} 万元", amount(t)));
    let message = match others.len() {
        0 => format!("{}没有年初预算{total}，没有说明", quoted(&first.name)),
        n => format!("{} 个项目没有年初预算{total}，没有说明", n + 1),
    };
    let place = |line: &Line<'_>| case.row_place(baseline, "projects", line.row, "budget");
    let draft = report.find(message, place(first));
    for (line, _) in others {
        draft.against(place(line));
    }
    if let (0, Some(outturn)) = (others.len(), first.outturn) {
        draft.input(outturn.origin);
    }
    let names: Vec<&str> = unbudgeted.iter().map(|(l, _)| l.name.as_str()).collect();
    draft
        .arg("count", names.len())
        .arg("projects", names.join("、"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(lines: &[&[&str]], report: &str) -> Specimen {
        Specimen::default()
            .words("adjustment_words", &["调增"])
            .form(
                "baseline",
                &[],
                &[("projects", &["name", "budget", "outturn"], lines)],
            )
            .prose(&[report])
    }

    #[test]
    fn spending_without_a_budget_is_counted_together() {
        let said = specimen(
            &[
                &["1、甲河", "", "3.00"],
                &["2、乙湖", "0.00", "4.5"],
                &["3、丙山", "1", "1"],
            ],
            "",
        );
        assert_eq!(
            said.run(&RULE).messages(),
            ["2 个项目没有年初预算，支出 7.50 万元，没有说明"]
        );
        let one = specimen(
            &[&["1、甲河", "——", "3.00"], &["2、乙湖", "0.00", "4.5"]],
            "",
        );
        assert_eq!(
            one.run(&RULE).messages(),
            ["“乙湖”没有年初预算，支出 4.50 万元，没有说明"]
        );
    }

    #[test]
    fn a_word_on_the_project_or_no_spending_is_enough() {
        let explained = specimen(&[&["甲河", "0", "3.00"]], "甲河年初预算0.00万元，调增3万元");
        assert!(explained.run(&RULE).findings.is_empty());
        let unspent = specimen(&[&["甲河", "0", "0.00"], &["乙湖", "", ""]], "").run(&RULE);
        assert_eq!((unspent.findings.len(), unspent.checked), (0, 0));
    }
}
