//! N204 `claim-without-material`: the report's sentences come in; surveys and common indicators that it names and that the package nowhere gives a figure for go out as one finding.

use super::e101;
use crate::check::passages::{Passage, passages, report_passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::surveys::surveys;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N204",
    slug: "claim-without-material",
    title: "报告提到的调查或指标没有数据",
    severity: Severity::Warning,
    covers: &["D56"],
    basis: &["claims-not-found"],
    what: "报告说设计了问卷、评价了支付进度率、三公经费控制率等，材料里就应有问卷份数和这些指标的数值。",
    why: "只提名称没有数据，看不出这项工作是否做过，也无从核对。",
    advice: "补上调查份数或指标数值；没有做的，删去这句话",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let lines = report_passages(case);
    if lines.is_empty() {
        return;
    }
    let mark = case.rulebook.mark("common_indicators");
    let all: Vec<(Passage<'_>, String)> = passages(case)
        .iter()
        .filter(|p| p.marks & mark != 0)
        .map(|p| (*p, bare(p.text)))
        .collect();
    let surveyed = !surveys(case).is_empty();
    let mut claims: Vec<(&str, bool, usize, (usize, usize))> = Vec::new();
    for (survey, lexicon) in [(true, "survey_claims"), (false, "common_indicators")] {
        let words = case.rulebook.words(lexicon);
        let mark = case.rulebook.mark(lexicon);
        for (word, index, bytes) in first_mentions(lines, words, |line| line.marks & mark != 0) {
            report.checked();
            let given = if survey {
                surveyed
            } else {
                has_figure(&all, word)
            };
            if !given {
                claims.push((word, survey, index, bytes));
            }
        }
    }
    // Of the survey's names one is enough.
    let mut seen = false;
    claims.retain(|(_, survey, ..)| !survey || !std::mem::replace(&mut seen, true));
    claims.sort_by_key(|(_, _, index, bytes)| (*index, bytes.0));
    let names: Vec<&str> = claims.iter().map(|c| c.0).collect();
    let only_survey = claims.iter().all(|c| c.1);
    let mut places = claims
        .iter()
        .filter_map(|(word, _, index, bytes)| Some(lines.get(*index)?.place(case, *bytes, word)));
    let Some(first) = places.next() else {
        return;
    };
    let message = match names.as_slice() {
        [one] => format!("报告提到{one}，材料中没有数据"),
        many => format!("报告提到的 {} 项调查或指标没有数据", many.len()),
    };
    let draft = report.find(message, first);
    draft
        .arg("count", names.len())
        .arg("claims", names.join("、"));
    for place in places {
        draft.against(place);
    }
    // Satisfaction without a survey is the first cause where nothing else is claimed.
    if only_survey && let Some(cause) = e101::unsupported(case).first() {
        draft.input(cause.origin);
    }
}

/// The first mention of each word: word, line, bytes. A longer word covers the shorter ones in it.
fn first_mentions<'w>(
    lines: &[Passage<'_>],
    words: &'w [String],
    has: impl Fn(&Passage<'_>) -> bool,
) -> Vec<(&'w str, usize, (usize, usize))> {
    let mentioning: Vec<(usize, &Passage<'_>)> =
        lines.iter().enumerate().filter(|(_, p)| has(p)).collect();
    let mut found: Vec<(&str, usize, (usize, usize))> = Vec::new();
    for word in words {
        let mention = mentioning
            .iter()
            .find_map(|(n, p)| p.text.find(word.as_str()).map(|at| (*n, at)));
        if let Some((line, at)) = mention {
            let end = at + word.len();
            let covered = found
                .iter()
                .any(|(_, n, (from, to))| *n == line && *from <= at && end <= *to);
            if !covered {
                found.push((word, line, (at, end)));
            }
        }
    }
    found
}

/// A text as words are looked for in it: without white space and quotation marks.
fn bare(text: &str) -> String {
    let mut bare = label::normalise(text);
    bare.retain(|c| !matches!(c, '“' | '”' | '"'));
    bare
}

/// Somewhere in the package the words are followed by a number, or they are the name of an indicator.
fn has_figure(passages: &[(Passage<'_>, String)], word: &str) -> bool {
    const NEAR: usize = 6;
    let word = bare(word);
    let search = memchr::memmem::Finder::new(&word);
    passages.iter().any(|(p, text)| {
        if search.find(text.as_bytes()).is_none() {
            return false;
        }
        let cell = !p.in_report && p.origin.table().is_some() && text.contains(&word);
        cell || text.match_indices(&word).any(|(at, w)| {
            let after = text[at + w.len()..].chars().take(NEAR);
            after
                .take_while(|c| !matches!(c, '；' | '。' | ';'))
                .any(|c| c.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::{Said, Specimen};

    fn said(lines: &[&str]) -> Said {
        Specimen::default()
            .words("survey_claims", &["问卷调查表", "问卷调查"])
            .words("survey_count_words", &["发放"])
            .words("common_indicators", &["支付进度率", "“三公经费”控制率"])
            .prose(lines)
            .run(&RULE)
    }

    #[test]
    fn surveys_and_indicators_without_figures_are_one_finding() {
        let said = said(&[
            "评价支付进度率；“三公经费”控制率；2023年",
            "设计了问卷调查表。",
        ]);
        assert_eq!(said.messages(), ["报告提到的 3 项调查或指标没有数据"]);
        assert_eq!(said.findings[0].places[2].text, "问卷调查表");
    }

    #[test]
    fn a_figure_anywhere_in_the_package_is_enough() {
        let quiet = said(&[
            "评价支付进度率。开展问卷调查。",
            "支付进度率为98.20%，发放问卷30份。",
        ]);
        assert!(quiet.findings.is_empty());
        assert_eq!(quiet.checked, 2);
    }
}
