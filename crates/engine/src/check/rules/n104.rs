//! N104 `mixed-width`: the report's lines come in; half-width marks between Chinese characters and full-width digits go out as one hint.

use crate::check::passages::report_passages;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::rulebook::lexicons::WIDTH_SIGNS;
use jiheng_model::finding::Place;
use jiheng_model::{Fix, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N104",
    slug: "mixed-width",
    title: "全角半角混用",
    severity: Severity::Hint,
    covers: &["D64"],
    basis: &["text-lints"],
    what: "汉字之间的逗号、冒号、分号、括号用全角，数字用半角。",
    why: "混用多半是从别处粘贴的痕迹，查找替换时也会漏掉。",
    advice: "汉字之间的标点改为全角，数字改为半角",
    fix: Some(Fix::Width),
    run,
};

/// Places shown; the rest are counted.
const SHOWN: usize = 20;

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let mut places: Vec<Place> = Vec::new();
    let mut count = 0;
    for passage in report_passages(case) {
        report.checked();
        if passage.marks & WIDTH_SIGNS == 0 {
            continue;
        }
        for bytes in odd_width(passage.text) {
            count += 1;
            if places.len() < SHOWN {
                places.push(passage.place(case, bytes, "全角半角"));
            }
        }
    }
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let draft = report.find(format!("{count} 处全角半角混用：“{}”", first.text), first);
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

/// Byte ranges of half-width marks between Chinese characters and of runs of full-width digits.
fn odd_width(text: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut before: Option<char> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|(_, c)| *c);
        let between = before.is_some_and(is_chinese) && after.is_some_and(is_chinese);
        let end = at + c.len_utf8();
        if matches!(c, ',' | ':' | ';' | '?' | '!') && between {
            found.push((at, end));
        } else if ('０'..='９').contains(&c) {
            match found.last_mut() {
                Some(last) if last.1 == at => last.1 = end,
                _ => found.push((at, end)),
            }
        }
        before = Some(c);
    }
    // A pair of brackets is of one width.
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' => open.push((at, c)),
            ')' | '）' => {
                if let Some((from, opening)) = open.pop()
                    && (opening == '(') != (c == ')')
                {
                    let odd = if c == ')' { at } else { from };
                    found.push((odd, odd + 1));
                }
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c) || matches!(c, '”' | '“' | '》' | '《' | '）' | '（')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn found(text: &str) -> Vec<&str> {
        odd_width(text)
            .into_iter()
            .map(|(a, b)| &text[a..b])
            .collect()
    }

    #[test]
    fn half_marks_between_characters_and_full_digits_are_found() {
        assert_eq!(found("认真履职,较好完成：其中:人员"), [",", ":"]);
        assert_eq!(found("共２３个（甲)和(乙）"), ["２３", ")", "("]);
    }

    #[test]
    fn numbers_and_words_in_other_letters_keep_their_marks() {
        assert!(found("支出2,279.05万元，比例1:3，(PPP)项目，（甲）").is_empty());
    }

    #[test]
    fn all_places_are_one_hint_and_the_rest_are_counted() {
        let line = "甲,乙".repeat(30);
        let said = Specimen::default().prose(&[&line]).run(&RULE);
        assert_eq!(said.messages(), ["30 处全角半角混用：“,”"]);
        assert_eq!(said.findings[0].places.len(), SHOWN);
    }
}
