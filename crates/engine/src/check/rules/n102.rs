//! N102 `repeated-words`: the texts of a package come in; words, marks and paragraphs that stand twice in a row go out as one hint.

use crate::check::passages::{Passage, REPEATED, passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::{Fix, Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N102",
    slug: "repeated-words",
    title: "词语或段落重复",
    severity: Severity::Hint,
    covers: &["D64"],
    basis: &["text-lints"],
    what: "同一词语、标点或段落连着出现两次，如“其中：其中：”“的的”。",
    why: "多半是修改时没有删净；公开后容易被看作没有校对。",
    advice: "删去重复的一处",
    fix: Some(Fix::Doubled),
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let twice = case.rulebook.words("never_twice");
    let mark = case.rulebook.mark("never_twice");
    let allowed = case.rulebook.words("rightly_twice");
    let mut places: Vec<Place> = Vec::new();
    let mut last: Option<&str> = None;
    for passage in passages(case) {
        report.checked();
        let twice = match passage.marks & mark != 0 {
            true => twice,
            false => &[],
        };
        if passage.repeats || !twice.is_empty() {
            for bytes in repeats(passage.text, twice, allowed) {
                places.push(passage.place(case, bytes, "重复的词语"));
            }
        }
        if passage.in_report {
            let text = label::trim(passage.text);
            if last == Some(text) && is_paragraph(text) {
                places.push(whole(case, passage));
            }
            if !text.is_empty() {
                last = Some(text);
            }
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let shown: String = first.text.chars().take(12).collect();
        let draft = report.find(format!("{count} 处重复：“{shown}”"), first);
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

/// Long enough to be a sentence and not a heading or a cell.
fn is_paragraph(text: &str) -> bool {
    text.chars().count() >= 12 && text.contains(['。', '；', '，'])
}

fn whole(case: &Case<'_>, passage: &Passage<'_>) -> Place {
    passage.place(case, (0, passage.text.len()), "重复的段落")
}

/// Byte ranges of what stands twice in a row: at least two characters, or one of `twice`.
fn repeats(text: &str, twice: &[String], allowed: &[String]) -> Vec<(usize, usize)> {
    const LONGEST: usize = REPEATED;
    let chars: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, c)| !label::is_blank(*c) || *c == '\n')
        .collect();
    let same = |a: usize, b: usize, len: usize| (0..len).all(|i| chars[a + i].1 == chars[b + i].1);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        // A repeated word begins with a Chinese character; most cells are figures.
        if !is_han(chars[at].1) {
            at += 1;
            continue;
        }
        let longest = LONGEST.min((chars.len() - at) / 2);
        let len = (2..=longest).rev().find(|len| {
            let word = &chars[at..at + len];
            chars[at].1 == chars[at + len].1
                && same(at, at + len, *len)
                && is_word(word)
                && !allowed.iter().any(|a| covers(&chars, at, *len, a))
        });
        match len {
            Some(len) => {
                let end = at + 2 * len - 1;
                found.push((chars[at].0, chars[end].0 + chars[end].1.len_utf8()));
                at += 2 * len;
            }
            None => at += 1,
        }
    }
    for word in twice {
        found.extend(
            text.match_indices(word.as_str())
                .map(|(at, w)| (at, at + w.len())),
        );
    }
    found.sort_unstable();
    found.dedup_by(|next, kept| next.0 < kept.1);
    found
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Chinese characters, perhaps with a mark at the end; and not one character repeated ("天天").
fn is_word(word: &[(usize, char)]) -> bool {
    let Some(((_, first), rest)) = word.split_first() else {
        return false;
    };
    let marks = word
        .iter()
        .rev()
        .take_while(|(_, c)| matches!(c, '：' | '，' | '、' | '；' | '。'))
        .count();
    let han = &word[..word.len() - marks];
    is_han(*first)
        && marks <= 1
        && han.iter().all(|(_, c)| is_han(*c))
        && rest.iter().any(|(_, c)| c != first)
        && han.len() >= 2
}

/// The repeated word with its neighbours is a phrase that is right ("一个一个", "项目项目" in "一级项目项目支出").
fn covers(chars: &[(usize, char)], at: usize, len: usize, allowed: &str) -> bool {
    let allowed: Vec<char> = allowed.chars().collect();
    let end = at + 2 * len;
    let first = (end).saturating_sub(allowed.len());
    (first..=at).any(|start| {
        chars.len() >= start + allowed.len()
            && start + allowed.len() >= end
            && allowed
                .iter()
                .enumerate()
                .all(|(i, c)| chars[start + i].1 == *c)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn found(text: &str) -> Vec<&str> {
        let twice = ["的的".to_string(), "，，".to_string()];
        let allowed = ["一个一个".to_string(), "一级项目项目支出".to_string()];
        repeats(text, &twice, &allowed)
            .into_iter()
            .map(|(from, to)| &text[from..to])
            .collect()
    }

    #[test]
    fn words_marks_and_syllables_that_stand_twice_are_found() {
        assert_eq!(found("2727.38万元，其中：其中：人员"), ["其中：其中："]);
        assert_eq!(found("主要用于主要用于办公"), ["主要用于主要用于"]);
        assert_eq!(found("完成的的情况，，良好"), ["的的", "，，"]);
        assert_eq!(found("加强 加强管理"), ["加强 加强"]);
    }

    #[test]
    fn what_is_rightly_said_twice_is_left_alone() {
        assert!(found("天天向上，一个一个办，12个一级项目项目支出").is_empty());
        assert!(found("0.000.00，100%100%，——，……").is_empty());
        assert!(found("及时\n及时").is_empty());
    }

    #[test]
    fn a_paragraph_that_follows_itself_is_found() {
        let text = "基本支出年初预算3万元，年中增加1万元。";
        let said = Specimen::default().prose(&[text, "", text]).run(&RULE);
        assert_eq!(said.findings.len(), 1);
        assert_eq!(said.findings[0].places[0].label, "重复的段落");
        let apart = Specimen::default()
            .prose(&[text, "其他。", text])
            .run(&RULE);
        assert!(apart.findings.is_empty());
    }
}
