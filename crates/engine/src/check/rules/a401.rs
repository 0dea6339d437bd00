//! A401 `budget-grew` and A402 `final-budget-is-outturn`: the three amounts of a form's 年度资金总额 come in; budgets that changed in a way nobody explains go out.
//!
//! Both speak of the same three cells, so A401 follows from A402 where both are found.

use crate::check::explanation::{Change, Explained, change};
use crate::check::figures::{amount, percent};
use crate::check::report::{Case, Draft, Report};
use crate::check::rule::Rule;
use jiheng_model::{Decimal, Form, Severity};

/// A budget changed a lot during the year and nothing is said of it.
pub static RULE: Rule = Rule {
    code: "A401",
    slug: "budget-grew",
    title: "年中预算变动大，没有说明",
    severity: Severity::Warning,
    covers: &["D39"],
    basis: &["mof-2013-53-adjustment", "adjustment-bands", "grown-budget"],
    what: "全年预算数与年初预算数相差超过规程包所定幅度时，自评报告或偏差原因中有没有写明追加、调整的原因和金额。",
    why: "预算调整率考核预算的追加、追减和结构调整；变动大又没有说明，看不出绩效目标是否随之调整。",
    advice: "写明各次追加、调整的时间、文号和金额，并说明绩效目标是否同步调整",
    fix: None,
    run: grew,
};

/// The final budget equals the outturn to the cent although the original budget was another.
pub static SET_TO_OUTTURN: Rule = Rule {
    code: "A402",
    slug: "final-budget-is-outturn",
    title: "全年预算数与执行数完全相等，没有说明",
    severity: Severity::Warning,
    covers: &["D40", "D39"],
    basis: &["mof-2013-53-adjustment", "final-budget-set-to-outturn"],
    what: "年初预算数另有数额，而全年预算数与全年执行数一分不差，自评报告或偏差原因中有没有写明调整的金额。",
    why: "全年预算数应是批复的年初预算加减年中批准的调整；照执行数填，执行率必然是 100%，反映不了预算执行情况。",
    advice: "按批复文件填全年预算数；确实调整到这个数的，写明各次追加的时间、文号和金额",
    fix: None,
    run: set_to_outturn,
};

fn grew(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(limit) = case.rulebook.number("adjustment_to_explain") else {
        return;
    };
    each(case, |index, form, budget, _| {
        report.checked();
        let Some(gap) = budget.gap() else { return };
        let large = budget
            .from
            .checked_mul(limit)
            .is_some_and(|l| gap.abs() > l);
        if !large || change(case, form, budget) != Explained::No {
            return;
        }
        let message = format!("{}，没有说明", movement(budget));
        let final_budget = case.place(index, "funds.total.final_budget");
        let follows = final_budget.origin;
        let draft = report.find(message, case.place(index, "funds.total.original_budget"));
        draft.against(final_budget).input(follows);
        let original = form.get("funds.total.original_budget");
        draft.inputs.extend(original.map(|s| s.origin));
        leans_on_name(draft, form);
        draft.derivation(difference(budget, gap));
    });
    parts(case, report, limit);
}

/// A form whose total says nothing (blank or zero) is asked for its sources instead.
fn parts(case: &Case<'_>, report: &mut Report<'_>, limit: Decimal) {
    for (index, form) in case.filing.forms.iter().enumerate() {
        let total = |column| form.amount(&format!("funds.total.{column}"));
        let silent = |column| total(column).is_none_or(|t| t.is_zero());
        let asked = matches!(form.kind(), "department" | "project");
        if !(asked && silent("original_budget") && silent("final_budget")) {
            continue;
        }
        for field in &form.def.fields {
            let Some(to_path) = (field.path.strip_prefix("funds."))
                .and_then(|p| p.strip_suffix(".original_budget"))
                .filter(|row| *row != "total")
                .map(|row| format!("funds.{row}.final_budget"))
            else {
                continue;
            };
            let (Some(from), Some(to)) = (form.amount(&field.path), form.amount(&to_path)) else {
                continue;
            };
            let budget = Change { from, to };
            report.checked();
            let Some(gap) = budget.gap() else { continue };
            let large = from.checked_mul(limit).is_some_and(|l| gap.abs() > l);
            if !large || change(case, form, budget) != Explained::No {
                continue;
            }
            report
                .find(
                    format!("{}，没有说明", movement(budget)),
                    case.place(index, &field.path),
                )
                .against(case.place(index, &to_path))
                .derivation(difference(budget, gap));
        }
    }
}

fn set_to_outturn(case: &Case<'_>, report: &mut Report<'_>) {
    each(case, |index, form, budget, outturn| {
        report.checked();
        let Some(gap) = budget.gap() else { return };
        if gap.is_zero() || budget.to.is_zero() || budget.to != outturn {
            return;
        }
        let said = match change(case, form, budget) {
            Explained::Exactly => return,
            Explained::InWords => "没有写明调整的金额",
            Explained::No => "没有说明",
        };
        let message = format!("全年预算数与执行数完全相等，{}，{said}", movement(budget));
        let draft = report.find(message, case.place(index, "funds.total.final_budget"));
        draft
            .against(case.place(index, "funds.total.outturn"))
            .against(case.place(index, "funds.total.original_budget"))
            .derivation(difference(budget, gap));
        let original = form.get("funds.total.original_budget");
        draft.inputs.extend(original.map(|s| s.origin));
        leans_on_name(draft, form);
    });
}

/// An explanation in the report is found by the project's name: a wrong name hides it.
fn leans_on_name(draft: &mut Draft, form: &Form) {
    draft
        .inputs
        .extend(form.get("project_name").map(|s| s.origin));
}

/// Calls for each form whose original budget, final budget and outturn are printed.
fn each(case: &Case<'_>, mut f: impl FnMut(usize, &Form, Change, Decimal)) {
    for (index, form) in case.filing.forms.iter().enumerate() {
        if !matches!(form.kind(), "department" | "project") {
            continue;
        }
        let [Some(from), Some(to), Some(outturn)] = ["original_budget", "final_budget", "outturn"]
            .map(|column| form.amount(&format!("funds.total.{column}")))
        else {
            continue;
        };
        f(index, form, Change { from, to }, outturn);
    }
}

/// "年初预算增长 353.30%"; from nothing: "年初没有预算，年中安排 1433.33 万元".
fn movement(budget: Change) -> String {
    match budget.percent() {
        None => format!("年初没有预算，年中安排 {} 万元", amount(budget.to)),
        Some(p) if p < Decimal::ZERO => format!("年初预算减少 {}", percent(-p)),
        Some(p) => format!("年初预算增长 {}", percent(p)),
    }
}

fn difference(budget: Change, gap: Decimal) -> String {
    let (more, less) = (budget.from.max(budget.to), budget.from.min(budget.to));
    format!(
        "{} − {} = {}",
        amount(more),
        amount(less),
        amount(gap.abs())
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(original: &str, final_budget: &str, outturn: &str, report: &str) -> Specimen {
        Specimen::default()
            .number("adjustment_to_explain", "0.3")
            .words("adjustment_words", &["追加"])
            .words("reason_words", &["原因"])
            .form(
                "department",
                &[
                    ("funds.total.original_budget", original),
                    ("funds.total.final_budget", final_budget),
                    ("funds.total.outturn", outturn),
                ],
                &[],
            )
            .prose(&[report])
    }

    #[test]
    fn growth_beyond_the_limit_needs_a_word() {
        let silent = specimen("100.00", "130.01", "120.00", "");
        assert_eq!(
            silent.run(&RULE).messages(),
            ["年初预算增长 30.01%，没有说明"]
        );
        let boundary = specimen("100.00", "130.00", "120.00", "").run(&RULE);
        assert_eq!((boundary.messages().len(), boundary.checked), (0, 1));
        let explained = specimen("100.00", "200.00", "120.00", "年中追加，原因是防汛");
        assert!(explained.run(&RULE).findings.is_empty());
        let cut = specimen("100.00", "60.00", "50.00", "");
        assert_eq!(cut.run(&RULE).messages(), ["年初预算减少 40.00%，没有说明"]);
    }

    #[test]
    fn a_final_budget_equal_to_the_outturn_needs_the_amount() {
        let silent = specimen("1498.03", "6790.53", "6790.53", "");
        assert_eq!(
            silent.run(&SET_TO_OUTTURN).messages(),
            ["全年预算数与执行数完全相等，年初预算增长 353.30%，没有说明"]
        );
        let vague = specimen("100.00", "110.00", "110.00", "追加的原因是防汛");
        assert_eq!(
            vague.run(&SET_TO_OUTTURN).messages(),
            ["全年预算数与执行数完全相等，年初预算增长 10.00%，没有写明调整的金额"]
        );
        for quiet in [
            specimen("100.00", "110.00", "110.00", "年中追加10万元"),
            specimen("110.00", "110.00", "110.00", ""),
            specimen("100.00", "110.00", "109.99", ""),
            specimen("100.00", "0", "0", ""),
        ] {
            assert!(quiet.run(&SET_TO_OUTTURN).findings.is_empty());
        }
    }

    #[test]
    fn a_budget_from_nothing_is_named_as_such() {
        let said = specimen("0", "1433.33", "1433.33", "").run(&SET_TO_OUTTURN);
        assert_eq!(
            said.messages(),
            ["全年预算数与执行数完全相等，年初没有预算，年中安排 1433.33 万元，没有说明"]
        );
    }

    #[test]
    fn blank_cells_are_not_zero() {
        let said = specimen("", "1433.33", "1433.33", "").run(&RULE);
        assert_eq!((said.findings.len(), said.checked), (0, 0));
    }
}
