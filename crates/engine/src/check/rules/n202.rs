//! N202 `problem-without-measure`: problems and measures of equal count come in; problems that no measure names, or on whose matter no measure says a word, go out.

use crate::check::projects::likeness;
use crate::check::remedies::{Items, quoted, remedies};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::words::answer::{Matters, matters};
use jiheng_model::Severity;
use jiheng_model::finding::Place;

/// The rule.
pub static RULE: Rule = Rule {
    code: "N202",
    slug: "problem-without-measure",
    title: "有的问题没有措施点到",
    severity: Severity::Warning,
    covers: &["I-27", "D54"],
    basis: &["measures-correspond", "one-problem-only"],
    what: "措施写明“针对……的问题”时，每个问题都应有一条措施点到；没有写明的，看有没有措施说到同一方面（提示）。",
    why: "措施没有点到的问题，看不出怎么改。",
    advice: "核对措施引用的问题名称，或为没有点到的问题补写措施",
    fix: None,
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
        if names == 0 {
            unanswered(case, report, problems, measures);
        }
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

/// Problems on a matter that no measure speaks of, where it is known of every item what it is about.
fn unanswered(case: &Case<'_>, report: &mut Report<'_>, problems: &Items, measures: &Items) {
    let Some(least) = case.rulebook.number("remedies_alike") else {
        return;
    };
    let vocabulary = case.rulebook.vocabulary();
    let about = |items: &Items| -> Vec<Matters> {
        let items = items.items.iter();
        items.map(|i| matters(vocabulary, &i.text)).collect()
    };
    let titles: Vec<Matters> = problems
        .items
        .iter()
        .map(|i| matters(vocabulary, &i.title))
        .collect();
    let measured = about(measures);
    if titles.iter().chain(&measured).any(Matters::is_empty) {
        return;
    }
    report.checked();
    let file = case.filing.narrative.file;
    let problem_matters = about(problems);
    let items = problems.items.iter().zip(&problem_matters).zip(&titles);
    let mut lone = items
        .filter(|((problem, about), _)| {
            !measures.items.iter().zip(&measured).any(|(measure, own)| {
                own.answers(about).is_some() || likeness(&problem.title, &measure.title) >= least
            })
        })
        .map(|((item, _), title)| {
            let place = case.text_place(file, item.paragraph, item.chars, "问题");
            (place, title.because())
        });
    let Some((first, because)) = lone.next() else {
        return;
    };
    let (rest, more): (Vec<Place>, Vec<String>) = lone.unzip();
    let words = [vec![because], more].concat().join("");
    let count = rest.len() + 1;
    let draft = report.find_as(
        Severity::Hint,
        format!("{count} 个问题没有相应的措施：没有措施说到{words}"),
        first,
    );
    draft.arg("count", count).arg("words", words);
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

    #[test]
    fn a_problem_on_whose_matter_no_measure_says_a_word_is_a_hint() {
        let matters: &[(&str, &[&str])] = &[
            ("执行", &["支付进度", "预算执行"]),
            ("资产", &["台账", "盘点"]),
            ("人员", &["培训"]),
        ];
        let problems = &["1.支付进度偏慢。", "2.台账积累不足。"];
        let said = report(problems, &["1.按月通报预算执行。", "2.加强培训。"])
            .dictionary("matters", matters)
            .run(&RULE);
        assert_eq!(
            said.messages(),
            ["1 个问题没有相应的措施：没有措施说到“台账”"]
        );
        assert_eq!(said.findings[0].severity, Severity::Hint);
        assert_eq!(said.findings[0].places[0].text, "台账积累不足");
        // Of a measure that nobody understands nobody knows what it answers.
        for measure in ["2.每季盘点。", "2.多措并举。"] {
            let said = report(problems, &["1.按月通报预算执行。", measure])
                .dictionary("matters", matters)
                .run(&RULE);
            assert!(said.findings.is_empty(), "{measure}");
        }
    }
}
