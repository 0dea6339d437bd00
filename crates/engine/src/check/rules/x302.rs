//! X302 `report-against-forms`: the facts of the report and the dictionary of equal cells come in; copied figures that differ go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::rules::x318::is_part_of_basic;
use crate::check::statements::{Figure, facts, paths, same};
use jiheng_model::{FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X302",
    slug: "report-against-forms",
    title: "报告里的数与表里的数不同",
    severity: Severity::Error,
    covers: &["D30", "I-04", "I-14", "I-18"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告写的预算数、执行数、决算数、执行率、得分，是否与附件1、附件2 的同一格相同。",
    why: "报告引用的是表里的数，同一个数在两处应一字不差。",
    advice: "以部门决算报表和自评表为准，更正其中一处",
    fix: None,
    run,
};

/// Items that have a rule of their own.
const ELSEWHERE: &[&str] = &["authorized_posts", "staff_in_post", "staff.control_rate"];

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(items) = case.rulebook.dictionary("item_fields") else {
        return;
    };
    for item in items.keys().filter(|i| !ELSEWHERE.contains(&i.as_str())) {
        for (_, fact) in facts(case, item) {
            if is_part_of_basic(case, fact) {
                continue;
            }
            let Some(mut stated) = Figure::fact(case, fact) else {
                continue;
            };
            if fact.role == FactRole::Change {
                if stated.dimension != Some(jiheng_model::Dimension::Money) {
                    continue;
                }
                if case.rulebook.terms().direction(&fact.label) == Some(false) {
                    stated.value = -stated.value;
                }
            }
            for (form, path) in paths(case, item) {
                let Some(cell) = Figure::cell(case, form, path) else {
                    continue;
                };
                if !stated.comparable(&cell) {
                    continue;
                }
                let annex = case.filing.forms[form]
                    .def
                    .annex
                    .clone()
                    .unwrap_or_default();
                let label = fact.label.trim_end_matches(['为', '是']);
                let message = format!(
                    "{label}：报告写 {}，{annex}为 {}",
                    stated.shown(),
                    cell.shown()
                );
                same(report, &stated, &cell, message);
            }
        }
    }
}
