//! N111 `placeholder-left`: all texts of a package come in; placeholders that nobody replaced (XX, ×××, ****, 待填写, {单位}) go out as one finding.

use crate::check::passages::{Passage, passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::rulebook::lexicons::PLACEHOLDER_SIGNS;
use jiheng_model::finding::Place;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N111",
    slug: "placeholder-left",
    title: "材料里还有没填的占位符",
    severity: Severity::Error,
    covers: &["D26"],
    basis: &["art25-complete"],
    what: "正文和表格里不应留有 XX、×××、****、待填写、TODO、{单位} 之类的占位符。指标表里的“……”是表样自带的，不算。",
    why: "占位符说明这一处没有填写，内容不完整。",
    advice: "换成实际内容；没有内容的，写“无”或删去这一句",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let words = case.rulebook.words("placeholder_words");
    let mark = case.rulebook.mark("placeholder_words");
    let foot = case.rulebook.words("foot_words");
    let mut places: Vec<Place> = Vec::new();
    for passage in passages(case) {
        report.checked();
        if passage.marks & (mark | PLACEHOLDER_SIGNS) == 0 {
            continue;
        }
        let words = match passage.marks & mark != 0 {
            true => words,
            false => &[],
        };
        for bytes in placeholders(passage, words, foot) {
            places.push(passage.place(case, bytes, "占位符"));
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let draft = report.find(
            format!("{count} 处占位符没有换成内容：“{}”", first.text),
            first,
        );
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

/// Byte ranges of placeholders in a passage.
///
/// In the line at the foot of a form (it has one of the words `foot`) masks of names and
/// telephones and lines to write on are no placeholders.
fn placeholders(passage: &Passage<'_>, words: &[String], foot: &[String]) -> Vec<(usize, usize)> {
    let text = passage.text;
    let mut found: Vec<(usize, usize)> = Vec::new();
    for word in words {
        found.extend(text.match_indices(word.as_str()).filter_map(|(at, w)| {
            let alone = !w.is_ascii() || is_apart(text, at, at + w.len());
            alone.then_some((at, at + w.len()))
        }));
    }
    let masked = || foot.iter().any(|w| text.contains(w.as_str()));
    runs(text, |run| {
        let (from, to, sign, count) = run;
        let placeholder = match sign {
            'X' | '×' => count >= 2 && is_apart(text, from, to),
            // A telephone or a name whose middle is masked is no placeholder.
            '*' => count >= 2 && is_apart_of_digits(text, from, to) && !masked(),
            '_' => count >= 3 && !masked(),
            _ => false,
        };
        if placeholder {
            found.push((from, to));
        }
    });
    found.extend(braces(text));
    if passage.in_report && label::trim(text).chars().all(|c| matches!(c, '…' | '.')) {
        let bare = label::trim(text);
        if bare.chars().count() >= 2 {
            let from = text.find(bare).unwrap_or(0);
            found.push((from, from + bare.len()));
        }
    }
    found.sort_unstable();
    found.dedup_by(|next, kept| next.0 < kept.1);
    found
}

/// Calls `each` with every run of one sign: start, end, the sign in its plain form, length.
fn runs(text: &str, mut each: impl FnMut((usize, usize, char, usize))) {
    let mut current: Option<(usize, usize, char, usize)> = None;
    for (at, c) in text.char_indices() {
        let sign = plain(c);
        current = match (current, sign) {
            (Some((from, _, s, n)), Some(sign)) if s == sign => {
                Some((from, at + c.len_utf8(), s, n + 1))
            }
            (previous, sign) => {
                if let Some(run) = previous {
                    each(run);
                }
                sign.map(|s| (at, at + c.len_utf8(), s, 1))
            }
        };
    }
    if let Some(run) = current {
        each(run);
    }
}

fn plain(c: char) -> Option<char> {
    match c {
        'X' | 'x' | 'Ｘ' | 'ｘ' => Some('X'),
        '×' | '✕' | '╳' => Some('×'),
        '*' | '＊' | '﹡' => Some('*'),
        '_' | '＿' => Some('_'),
        _ => None,
    }
}

/// No Latin letter stands next to it, and no digit after it ("20XX年" is one, "XX-300" and "MAXX" are none).
fn is_apart(text: &str, from: usize, to: usize) -> bool {
    let before = text[..from].chars().next_back();
    let mut after = text[to..].chars();
    let next = after.next();
    let code = matches!(next, Some('-' | '_' | '/'))
        && after.next().is_some_and(|c| c.is_ascii_alphanumeric());
    !before.is_some_and(|c| c.is_ascii_alphabetic() || c == '-')
        && !next.is_some_and(|c| c.is_ascii_alphanumeric())
        && !code
}

fn is_apart_of_digits(text: &str, from: usize, to: usize) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    !digit(text[..from].chars().next_back()) && !digit(text[to..].chars().next())
}

/// "{单位}", "｛年度｝", "{{name}}".
fn braces(text: &str) -> Vec<(usize, usize)> {
    const LONGEST: usize = 30;
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(from) = text[rest..].find(['{', '｛']).map(|i| i + rest) {
        let inner = &text[from..];
        rest = from + inner.chars().next().map_or(1, char::len_utf8);
        let Some(end) = inner.find(['}', '｝']) else {
            break;
        };
        if inner[..end].chars().count() <= LONGEST && inner[..end].chars().any(char::is_alphabetic)
        {
            let close = inner[end..].chars().next().map_or(1, char::len_utf8);
            found.push((from, from + end + close));
            rest = from + end + close;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use jiheng_model::Origin;

    fn found(text: &str) -> Vec<&str> {
        let passage = Passage {
            text,
            origin: Origin::text(0, 1, 0, 0),
            in_report: true,
            marks: 0,
            long_number: false,
            repeats: false,
        };
        let words = ["待填写".to_string(), "TODO".to_string()];
        let foot = ["填表人".to_string()];
        placeholders(&passage, &words, &foot)
            .into_iter()
            .map(|(from, to)| &text[from..to])
            .collect()
    }

    #[test]
    fn placeholders_of_every_kind_are_found() {
        assert_eq!(found("20XX年支出××万元"), ["XX", "××"]);
        assert_eq!(
            found("安排***万元，{单位}负责，待填写"),
            ["***", "{单位}", "待填写"]
        );
        assert_eq!(found("TODO：补数据"), ["TODO"]);
        assert_eq!(found("完成____处"), ["____"]);
        assert_eq!(found("……"), ["……"]);
    }

    #[test]
    fn signs_that_mean_something_are_left_alone() {
        assert!(found("规模3×5米，型号XX-300，MAXX设备，等级X").is_empty());
        assert!(found("填表人：李**  联系电话：0730****000  签字：______").is_empty());
        assert!(found("电话139****1234").is_empty());
        assert!(found("包括甲、乙……等").is_empty());
        assert!(found("集合{1,2,3}").is_empty());
    }

    #[test]
    fn all_places_are_one_finding_by_their_words() {
        let said = Specimen::default()
            .prose(&["支出XX万元", "占××%"])
            .run(&RULE);
        assert_eq!(said.messages(), ["2 处占位符没有换成内容：“XX”"]);
        assert_eq!(said.findings[0].places[1].text, "××");
        let quiet = Specimen::default().prose(&["支出1万元"]).run(&RULE);
        assert!(quiet.findings.is_empty());
        assert_eq!(quiet.checked, 1);
    }
}
