//! N113 `outdated-term`: all texts and the rulebook's dictionary of terms by year come in; terms that the fiscal year no longer uses go out as one hint.

use crate::check::passages::passages;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::finding::Place;
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    code: "N113",
    slug: "outdated-term",
    title: "用了往年的提法",
    severity: Severity::Hint,
    covers: &["D71"],
    basis: &["terms-by-year"],
    what: "机构、政策和任务的名称随年度变化；按规程包里的年度用语表查旧提法。书名号里的文件名、已写明“成果”的不算。",
    why: "把往年的任务或机构名当作本年的写，读者会以为是照抄往年材料。",
    advice: "改用本年的提法；确指往年事项的，写明年份",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(terms) = case.rulebook.dictionary("outdated_terms") else {
        return;
    };
    let Some(year) = case.filing.year.or(case.filing.narrative.year) else {
        report.lacks("材料没有写明年度，不知道当年的提法");
        return;
    };
    let terms = terms_of(terms, year);
    let mark = case.rulebook.mark("outdated_terms");
    let mut places: Vec<Place> = Vec::new();
    let mut advice: Vec<String> = Vec::new();
    for passage in passages(case) {
        report.checked();
        if passage.marks & mark == 0 {
            continue;
        }
        for (bytes, term) in outdated(passage.text, &terms) {
            places.push(passage.place(case, bytes, "旧提法"));
            let say = format!("“{}”现多称“{}”", term.word, term.now);
            if !advice.contains(&say) {
                advice.push(say);
            }
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let draft = report.find(format!("{count} 处用了往年的提法：“{}”", first.text), first);
        draft.arg("count", count);
        draft.advice(format!("{}；确指往年事项的，写明年份", advice.join("，")));
        for place in places {
            draft.against(place);
        }
    }
}

/// A term that is out of use.
struct Term<'a> {
    word: &'a str,
    now: &'a str,
    /// Longer words that contain it and are still right.
    except: &'a [String],
}

/// Entries of the dictionary (term → first year without it, the term of today, exceptions …) that count in a year.
fn terms_of(dictionary: &BTreeMap<String, Vec<String>>, year: i16) -> Vec<Term<'_>> {
    dictionary
        .iter()
        .filter_map(|(word, entry)| match entry.as_slice() {
            [since, now, except @ ..] if since.parse::<i16>().is_ok_and(|s| s <= year) => {
                Some(Term { word, now, except })
            }
            _ => None,
        })
        .collect()
}

fn outdated<'t, 'a>(text: &str, terms: &'t [Term<'a>]) -> Vec<((usize, usize), &'t Term<'a>)> {
    let mut found = Vec::new();
    for term in terms {
        for (at, word) in text.match_indices(term.word) {
            let end = at + word.len();
            let right = term.except.iter().any(|longer| {
                text.match_indices(longer.as_str())
                    .any(|(from, w)| from <= at && end <= from + w.len())
            });
            if !right && !in_title(text, at) {
                found.push(((at, end), term));
            }
        }
    }
    // A longer term covers the shorter ones in it.
    found.sort_by_key(|((from, to), _)| (*from, std::cmp::Reverse(*to)));
    found.dedup_by(|(next, _), (kept, _)| next.0 < kept.1);
    found
}

/// The byte lies between 《 and 》.
fn in_title(text: &str, at: usize) -> bool {
    let open = text[..at].rfind('《');
    let close = text[..at].rfind('》');
    open.is_some_and(|o| close.is_none_or(|c| c < o))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(year: i16) -> Specimen {
        let mut specimen = Specimen::default().dictionary(
            "outdated_terms",
            &[
                ("旧称", &["2019", "新称"]),
                ("脱困攻坚", &["2021", "乡村振兴", "脱困攻坚成果"]),
            ],
        );
        specimen.filing.year = Some(year);
        specimen
    }

    #[test]
    fn terms_out_of_use_are_one_hint_that_names_the_terms_of_today() {
        let said = specimen(2023)
            .prose(&["为旧称事业服务", "脱困攻坚任务"])
            .run(&RULE);
        assert_eq!(said.messages(), ["2 处用了往年的提法：“旧称”"]);
        assert!(
            said.findings[0]
                .advice
                .contains("“脱困攻坚”现多称“乡村振兴”")
        );
    }

    #[test]
    fn what_was_right_in_its_year_or_is_part_of_a_longer_word_is_fine() {
        let before = specimen(2020).prose(&["脱困攻坚任务"]).run(&RULE);
        assert!(before.findings.is_empty());
        let result = specimen(2023)
            .prose(&["巩固脱困攻坚成果", "依据《旧称管理办法》执行"])
            .run(&RULE);
        assert!(result.findings.is_empty());
        assert_eq!(result.checked, 2);
    }

    #[test]
    fn without_a_year_nothing_is_claimed() {
        let mut specimen = specimen(2023).prose(&["旧称"]);
        specimen.filing.year = None;
        let said = specimen.run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.lacking.len(), 1);
    }
}
