//! N203 `problems-too-few`: the items of the section on problems come in; a section of one item, of none, or of nothing but lack of money goes out.

use crate::check::remedies::{Items, remedies};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "N203",
    slug: "problems-too-few",
    title: "存在的问题写得过少",
    severity: Severity::Warning,
    covers: &["D54"],
    basis: &["problems-analysed", "one-problem-only"],
    what: "“存在的问题”应从预算和绩效管理、履职效能、资金使用、资产和财务、政府采购等方面归纳；只有一条、没有写、或只写资金不足的，都属过少。",
    why: "考核按问题归纳是否全面计分，只提出资金不足问题的不得分。",
    advice: "对照自评表中未达标的指标、偏低的执行率和采购情况，逐项归纳问题并分析原因",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(problems) = remedies(case).problems else {
        return;
    };
    report.checked();
    let Some(message) = verdict(case, &problems) else {
        return;
    };
    let file = case.filing.narrative.file;
    let place = match problems.items.first() {
        Some(item) => case.text_place(file, item.paragraph, item.chars, "存在的问题"),
        None => case.absent_in_report(problems.heading, "存在的问题"),
    };
    let draft = report.find(message, place);
    draft.arg("count", problems.items.len());
    draft.finding.stated = None;
}

fn verdict(case: &Case<'_>, problems: &Items) -> Option<&'static str> {
    let money = case.rulebook.words("lack_of_money");
    let only_money = problems
        .items
        .iter()
        .all(|i| money.iter().any(|w| i.title.contains(w.as_str())));
    match problems.count() {
        Some(0) => Some("没有写存在的问题"),
        _ if only_money => Some("存在的问题只写了资金不足"),
        Some(1) => Some("存在的问题只写了 1 条"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::remedies::tests::report;

    fn said(problems: &[&str]) -> Vec<String> {
        let said = report(problems, &["1.甲。"])
            .words("lack_of_money", &["资金不足", "经费紧张"])
            .run(&RULE);
        said.messages().iter().map(|m| m.to_string()).collect()
    }

    #[test]
    fn one_none_and_only_money_are_too_few() {
        assert_eq!(said(&["目标申报有待加强。"]), ["存在的问题只写了 1 条"]);
        assert_eq!(said(&["无"]), ["没有写存在的问题"]);
        assert_eq!(said(&[]), ["没有写存在的问题"]);
        assert_eq!(
            said(&["1.项目资金不足。", "2.办公经费紧张，难以保障。"]),
            ["存在的问题只写了资金不足"]
        );
    }

    #[test]
    fn two_problems_are_enough_to_be_silent() {
        assert!(said(&["1.项目资金不足。", "2.进度偏慢。"]).is_empty());
        assert!(said(&["甲偏慢。", "乙不细。"]).is_empty());
    }
}
