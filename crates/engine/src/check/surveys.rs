//! All texts of a package come in; the statements that give the counts of a survey (发放、回收、有效问卷) go out.

use super::passages::{Passage, passages};
use super::report::Case;

/// A statement with the counts of a survey.
#[derive(Clone, Copy, Debug)]
pub struct Survey<'a> {
    /// The paragraph or cell it stands in.
    pub passage: Passage<'a>,
    /// Index of the form, when it stands in one.
    pub form: Option<usize>,
}

/// Every statement of the package that has a word of the lexicon `survey_count_words` with a number after it.
pub fn surveys<'a>(case: &Case<'a>) -> Vec<Survey<'a>> {
    let words = case.rulebook.words("survey_count_words");
    let mark = case.rulebook.mark("survey_count_words");
    passages(case)
        .iter()
        .copied()
        .filter(|p| p.marks & mark != 0)
        .filter(|p| words.iter().any(|w| counted(p.text, w).is_some()))
        .map(|passage| Survey {
            form: passage.form(case).map(|(index, _)| index),
            passage,
        })
        .collect()
}

/// The bytes and digits of the first whole number, no rate, that follows a word within a few characters.
pub fn counted<'a>(text: &'a str, word: &str) -> Option<((usize, usize), &'a str)> {
    const NEAR: usize = 10;
    text.match_indices(word).find_map(|(at, word)| {
        let after = &text[at + word.len()..];
        let skip: usize = after
            .chars()
            .take(NEAR)
            .take_while(|c| !c.is_ascii_digit() && !matches!(c, '。' | '；' | '，'))
            .map(char::len_utf8)
            .sum();
        let digits = &after[skip..];
        let len = digits
            .find(|c: char| !(c.is_ascii_digit() || c == ','))
            .unwrap_or(digits.len());
        let from = at + word.len() + skip;
        let rate = digits[len..].starts_with(['%', '％', '.']);
        (len > 0 && !rate).then(|| ((from, from + len), &text[from..from + len]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_stands_soon_after_its_word() {
        let text = "发放问卷440份，回收有效问卷408份";
        assert_eq!(counted(text, "发放").map(|(_, n)| n), Some("440"));
        assert_eq!(counted(text, "有效问卷").map(|(_, n)| n), Some("408"));
        assert_eq!(counted("设计了问卷调查表。2023年发放", "发放"), None);
        assert_eq!(counted("发放补贴，共3人", "发放"), None);
        assert_eq!(counted("农药包装废弃物回收率88.89%", "回收"), None);
        assert_eq!(counted("回收率不低于85%", "回收"), None);
    }
}
