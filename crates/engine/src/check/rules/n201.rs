//! N201 `problems-and-measures-differ`: the items of the sections on problems and on measures come in; different counts go out as one finding.

use crate::check::remedies::{Item, Items, remedies, unpaired};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N201",
    slug: "problems-and-measures-differ",
    title: "问题与改进措施的条数不同",
    severity: Severity::Warning,
    covers: &["D55", "I-27", "D54"],
    basis: &["measures-correspond", "problems-and-measures"],
    what: "“存在的问题”与“改进措施”应一一对应，条数相同。",
    why: "有问题没有措施，问题改不了；有措施没有问题，看不出为什么改。考核时建议须与问题对应。",
    advice: "为没有措施的问题补写措施，或写出措施所针对的问题",
    fix: None,
    run,
};

/// Counts that differ, with the sides.
pub(super) struct Gap {
    pub(super) problems: Items,
    pub(super) measures: Items,
}

/// The two sections, when both can be counted and their counts differ.
pub(super) fn gap(case: &Case<'_>) -> Option<Gap> {
    let found = remedies(case);
    let (problems, measures) = (found.problems?, found.measures?);
    let (p, m) = (problems.count()?, measures.count()?);
    (p > 0 && m > 0 && p != m).then_some(Gap { problems, measures })
}

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let found = remedies(case);
    let (Some(problems), Some(measures)) = (&found.problems, &found.measures) else {
        return;
    };
    if problems.count().is_none() || measures.count().is_none() {
        report.lacks("问题或措施没有编号，数不清条数");
        return;
    }
    report.checked();
    let Some(Gap { problems, measures }) = gap(case) else {
        return;
    };
    let least = case
        .rulebook
        .number("remedies_alike")
        .unwrap_or(Decimal::ONE);
    let (lone_problems, lone_measures) = unpaired(&problems, &measures, least);
    let (p, m) = (problems.items.len(), measures.items.len());
    let fewer_measures = m < p;
    let (shorter, longer, lone, what, other) = if fewer_measures {
        (&measures, &problems, lone_problems, "措施", "问题")
    } else {
        (&problems, &measures, lone_measures, "问题", "措施")
    };
    let place = |item: &Item, label: &str| {
        let file = case.filing.narrative.file;
        case.text_place(file, item.paragraph, item.chars, label)
    };
    let before = lone.first().copied().unwrap_or(longer.items.len());
    let after = shorter
        .items
        .get(before.min(shorter.items.len()).wrapping_sub(1))
        .map_or(shorter.heading, |i| i.paragraph);
    let draft = report.find(
        format!("{p} 个问题对应 {m} 条措施"),
        case.absent_in_report(after, what),
    );
    draft.arg("problems", p).arg("measures", m);
    if let [only] = &problems.items[..] {
        // That there is but one problem may be all there is to it.
        draft.input(place(only, "问题").origin);
    }
    draft.derivation(format!("|{p} − {m}| = {}", p.abs_diff(m)));
    let places: Vec<Place> = lone
        .iter()
        .filter_map(|n| longer.items.get(*n))
        .map(|item| place(item, other))
        .collect();
    for place in places {
        draft.against(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::remedies::tests::report;

    #[test]
    fn a_problem_without_a_measure_is_named() {
        let said = report(
            &["1.预算编制不够细。", "2.支付进度偏慢。"],
            &["1.把预算编制做细。"],
        )
        .run(&RULE);
        assert_eq!(said.messages(), ["2 个问题对应 1 条措施"]);
        let places = &said.findings[0].places;
        assert_eq!((places[0].label.as_str(), places.len()), ("措施", 2));
        assert_eq!(places[1].text, "支付进度偏慢");
    }

    #[test]
    fn more_measures_than_problems_differ_as_well() {
        let said = report(&["甲工作有待加强。"], &["1、甲。", "2、乙。", "3、丙。"]).run(&RULE);
        assert_eq!(said.messages(), ["1 个问题对应 3 条措施"]);
    }

    #[test]
    fn equal_counts_are_quiet_and_uncounted_ones_are_not_passed() {
        let equal = report(&["1.甲。", "2.乙。"], &["1.丙。", "2.丁。"]).run(&RULE);
        assert!(equal.findings.is_empty());
        assert_eq!(equal.checked, 1);
        let uncounted = report(&["甲。", "乙。"], &["1.丙。"]).run(&RULE);
        assert!(uncounted.findings.is_empty());
        assert_eq!((uncounted.checked, uncounted.lacking.len()), (0, 1));
    }
}
