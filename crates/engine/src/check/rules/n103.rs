//! N103 `brackets-unbalanced`: the report's paragraphs come in; brackets, quotation and title marks without their partner go out as one hint.

use crate::check::passages::report_passages;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::{Fix, Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N103",
    slug: "brackets-unbalanced",
    title: "括号或引号不成对",
    severity: Severity::Hint,
    covers: &["D64"],
    basis: &["text-lints"],
    what: "一段之内，括号、引号、书名号应成对出现。段首“1）”这样的编号不算。",
    why: "缺了一半的括号会改变一句话的范围。",
    advice: "补上缺的一半，或删去多的一半",
    fix: Some(Fix::Pair),
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let mut places: Vec<Place> = Vec::new();
    for passage in report_passages(case) {
        report.checked();
        for at in lone(passage.text) {
            let len = passage.text[at..].chars().next().map_or(1, char::len_utf8);
            places.push(passage.place(case, (at, at + len), "不成对的符号"));
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let draft = report.find(format!("{count} 处“{}”没有配对", first.text), first);
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

/// Bytes at which a mark without partner stands.
fn lone(text: &str) -> Vec<usize> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut found = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| !label::is_han(*c)) {
        if let Some(close) = partner(c) {
            open.push((at, close));
        } else if let Some(kind) = closing(c) {
            match open.iter().rposition(|(_, close)| *close == kind) {
                Some(index) => {
                    found.extend(open.drain(index..).skip(1).map(|(at, _)| at));
                }
                None if kind == ')' && is_number(text, at) => {}
                None => found.push(at),
            }
        }
    }
    found.extend(open.into_iter().map(|(at, _)| at));
    found.sort_unstable();
    found
}

/// The closing mark, in its plain form, of an opening one.
fn partner(c: char) -> Option<char> {
    Some(match c {
        '（' | '(' => ')',
        '〔' | '[' | '［' => ']',
        '【' => '】',
        '《' => '》',
        '“' => '”',
        '「' => '」',
        _ => return None,
    })
}

fn closing(c: char) -> Option<char> {
    Some(match c {
        '）' | ')' => ')',
        '〕' | ']' | '］' => ']',
        '】' | '》' | '”' | '」' => c,
        _ => return None,
    })
}

/// "1）", "a)": a number of a list and no half of a pair.
fn is_number(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = at - before.len();
    (1..=2).contains(&digits)
        && before.chars().next_back().is_none_or(|c| {
            c.is_whitespace() || matches!(c, '；' | '。' | '，' | '：' | ';' | '、')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn marks(text: &str) -> Vec<&str> {
        let end = |at: usize| at + text[at..].chars().next().unwrap().len_utf8();
        lone(text)
            .into_iter()
            .map(|at| &text[at..end(at)])
            .collect()
    }

    #[test]
    fn marks_without_partner_are_found_on_either_side() {
        assert_eq!(marks("（90>S≧80）、合格（80>S≧70）不合格S<70）"), ["）"]);
        assert_eq!(marks("《关于甲的通知，“三公经费”"), ["《"]);
        assert_eq!(marks("（甲“乙）"), ["“"]);
    }

    #[test]
    fn pairs_of_mixed_width_and_numbers_of_lists_are_fine() {
        assert!(marks("（甲)、(乙）、财预〔2020〕10号").is_empty());
        assert!(marks("1）甲；2）乙；3)丙").is_empty());
    }

    #[test]
    fn all_places_are_one_hint() {
        let said = Specimen::default()
            .prose(&["甲）", "（乙", "（丙）"])
            .run(&RULE);
        assert_eq!(said.messages(), ["2 处“）”没有配对"]);
        assert_eq!(said.checked, 3);
    }
}
