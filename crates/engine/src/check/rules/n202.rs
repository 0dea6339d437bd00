//! N202 `problem-without-measure`: problems and measures of equal count come in; problems that no measure names, where the measures do name problems, go out.

use crate::check::remedies::{quoted, remedies};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "N202",
    slug: "problem-without-measure",
    title: "有的问题没有措施点到",
    severity: Severity::Warning,
    covers: &["I-27"],
    basis: &["measures-correspond", "one-problem-only"],
    what: "措施写明“针对……的问题”时，每个问题都应有一条措施点到。",
    why: "措施没有点到的问题，看不出怎么改。",
    advice: "核对措施引用的问题名称，或为没有点到的问题补写措施",
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let found = remedies(case);
    let (Some(problems), Some(measures)) = (&found.problems, &found.measures) else {
        return;
    };
    // Different counts are N201's.
    if problems.count().is_none() || problems.count() != measures.count() {
        return;
    }
    let named = quoted(problems, measures);
    let names = named.iter().flatten().count();
    if names < 2 || names * 2 <= measures.items.len() {
        return;
    }
    report.checked();
    let file = case.filing.narrative.file;
    let mut lone = problems
        .items
        .iter()
        .enumerate()
        .filter(|(n, _)| !named.contains(&Some(*n)))
        .map(|(_, item)| case.text_place(file, item.paragraph, item.chars, "问题"));
    let Some(first) = lone.next() else {
        return;
    };
    let rest: Vec<_> = lone.collect();
    let count = rest.len() + 1;
    let draft = report.find(format!("{count} 个问题没有措施点到"), first);
    draft.arg("count", count);
    for place in rest {
        draft.against(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::remedies::tests::report;

    const PROBLEMS: &[&str] = &["1.预算编制不够细。", "2.支付进度偏慢。", "3.台账积累不足。"];

    #[test]
    fn a_problem_that_no_measure_names_is_found() {
        let said = report(
            PROBLEMS,
            &[
                "1.针对“预算编制不够细”。",
                "2.针对“支付进度偏慢”。",
                "3.针对“培训不够”。",
            ],
        )
        .run(&RULE);
        assert_eq!(said.messages(), ["1 个问题没有措施点到"]);
        assert_eq!(said.findings[0].places[0].text, "台账积累不足");
    }

    #[test]
    fn measures_that_name_no_problems_are_not_judged() {
        let said = report(PROBLEMS, &["1.甲。", "2.乙。", "3.针对“支付进度偏慢”。"]).run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 0);
    }
}
