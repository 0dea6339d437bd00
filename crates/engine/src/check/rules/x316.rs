//! X316 `sign-missing`: shares and changes without a unit come in; those whose percent sign or unit is missing go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::origin::At;
use jiheng_model::{Fact, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X316",
    slug: "sign-missing",
    title: "占比或增减后缺百分号或单位",
    severity: Severity::Warning,
    covers: &["D34"],
    basis: &["practice-text-checks"],
    what: "报告里“占××”“增长××”“下降××”“增加××”后面的数，是否带百分号或单位。",
    why: "没有百分号或单位，看不出是比率还是金额。",
    advice: "在数后补上 % 或单位",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for fact in &case.filing.narrative.facts {
        if !matches!(fact.role, FactRole::Share | FactRole::Change) {
            continue;
        }
        report.checked();
        if fact.unit.is_some() || !ends_there(case, fact) {
            continue;
        }
        report.find(
            format!("“{}{}”后面缺百分号或单位", fact.label, fact.text),
            case.fact_place(fact),
        );
    }
}

/// The number is followed by punctuation or the end, so no unit of any kind is printed.
fn ends_there(case: &Case<'_>, fact: &Fact) -> bool {
    let (number, chars) = match fact.origin.at {
        At::Text { paragraph, chars } => (paragraph, chars),
        At::Cell {
            row,
            chars: Some(chars),
            ..
        } => (row, chars),
        At::Cell { .. } => return false,
    };
    let next = case.report_line(number).chars().nth(chars.1 as usize);
    next.is_none_or(|c| matches!(c, '，' | ',' | '。' | '；' | ';' | '）' | ')' | '！'))
}
