//! N112 `template-residue`: all texts of a package come in; words that belong to the template and not to the report go out as one finding.

use crate::check::passages::passages;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::finding::Place;

/// The rule.
pub static RULE: Rule = Rule {
    code: "N112",
    slug: "template-residue",
    title: "留有模板里的提示语",
    severity: Severity::Warning,
    covers: &["D27"],
    basis: &["template-words"],
    what: "“（此页为封面）”“报告需要以下附件”“增加（减少）”“请列明”等提示语是给填报人看的，定稿时应删去或选定。",
    why: "提示语说明这一处照抄了模板，公开后读者不知道是增加还是减少、附件是否齐全。",
    advice: "删去提示语；“增加（减少）”选定其一",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let words = case.rulebook.words("template_residue");
    let openings = case.rulebook.words("template_openings");
    let marks = case.rulebook.mark("template_residue") | case.rulebook.mark("template_openings");
    let mut places: Vec<Place> = Vec::new();
    for passage in passages(case) {
        report.checked();
        if passage.marks & marks == 0 {
            continue;
        }
        for bytes in residue(passage.text, words, openings) {
            places.push(passage.place(case, bytes, "模板提示语"));
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let draft = report.find(format!("{count} 处留有模板提示语：“{}”", first.text), first);
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

/// Byte ranges of template words; `openings` count only at the beginning of a sentence.
fn residue(text: &str, words: &[String], openings: &[String]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for word in words {
        found.extend(
            text.match_indices(word.as_str())
                .map(|(at, w)| (at, at + w.len())),
        );
    }
    for word in openings {
        found.extend(text.match_indices(word.as_str()).filter_map(|(at, w)| {
            let before = text[..at].trim_end().chars().next_back();
            let begins = before.is_none_or(|c| {
                matches!(
                    c,
                    '。' | '；' | '（' | '(' | '：' | '、' | '.' | '）' | ')' | '\n'
                )
            });
            begins.then_some((at, at + w.len()))
        }));
    }
    // Of overlapping words the one that begins first and is longest stays.
    found.sort_unstable_by_key(|(from, to)| (*from, std::cmp::Reverse(*to)));
    found.dedup_by(|next, kept| next.0 < kept.1);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen() -> Specimen {
        Specimen::default()
            .words(
                "template_residue",
                &["此页为封面", "（此页为封面）", "增加（减少）"],
            )
            .words("template_openings", &["列明"])
    }

    #[test]
    fn template_words_are_one_finding_and_the_longest_word_counts() {
        let said = specimen()
            .prose(&["（此页为封面）", "比上年增加（减少）3万元", "列明主要事项"])
            .run(&RULE);
        assert_eq!(said.messages(), ["3 处留有模板提示语：“（此页为封面）”"]);
        assert_eq!(said.findings[0].places[1].text, "增加（减少）");
    }

    #[test]
    fn a_word_in_the_middle_of_a_sentence_is_the_authors_own() {
        let said = specimen()
            .prose(&["原因已在自评表中逐项列明。比上年增加3万元（减少了会议）。"])
            .run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 1);
    }
}
