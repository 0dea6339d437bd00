//! Documents as read come in; the secrecy mark that one of them bears goes out. Such a file is refused.
//!
//! What a mark is stands in `secrecy.toml`, with its basis.

use jiheng_model::Document;
use memchr::memmem::Finder;
use serde::Deserialize;
use std::sync::OnceLock;

/// Longer texts (in bytes) are sentences.
const LONGEST: usize = 120;

#[derive(Debug, Deserialize)]
struct Marks {
    levels: Vec<String>,
    alone: Vec<String>,
    stars: Vec<String>,
    labels: Vec<String>,
    internal: Vec<String>,
    #[cfg_attr(not(test), allow(dead_code))]
    basis: Basis,
}

/// The sentence that a refusal rests on.
#[cfg_attr(not(test), allow(dead_code))]
#[derive(Debug, Deserialize)]
struct Basis {
    kind: String,
    document: String,
    article: String,
    sentence: String,
}

fn marks() -> &'static (Marks, Vec<Finder<'static>>) {
    static MARKS: OnceLock<(Marks, Vec<Finder<'static>>)> = OnceLock::new();
    MARKS.get_or_init(|| {
        let marks: Marks = toml::from_str(include_str!("secrecy.toml"))
            .expect("secrecy.toml is part of the program and read by its tests");
        let finders = marks.levels.iter().chain(&marks.internal);
        let finders = finders
            .map(|l| Finder::new(l.as_bytes()).into_owned())
            .collect();
        (marks, finders)
    })
}

/// The first mark in a document: a whole paragraph, cell or line of a page header that is nothing else ("机密★5年", "密级：秘密").
pub(super) fn mark(document: &Document) -> Option<&str> {
    let (marks, finders) = marks();
    let text = document.text.as_bytes();
    let says_none = |text: &[u8]| finders.iter().all(|f| f.find(text).is_none());
    let in_margins = document.margins.iter().flat_map(|m| m.lines());
    let in_margins = in_margins.filter(|l| !says_none(l.as_bytes()));
    if let Some(mark) = marked(in_margins, marks) {
        return Some(mark);
    }
    if says_none(text) {
        return None;
    }
    let paragraphs = document.paragraphs.iter().map(|p| &p.text);
    let cells = document
        .tables
        .iter()
        .flat_map(|t| &t.cells)
        .map(|c| &c.text);
    let lines = paragraphs
        .chain(cells)
        .flat_map(|range| document.slice(range).lines());
    marked(lines, marks)
}

/// The first line that is a mark.
fn marked<'a>(lines: impl Iterator<Item = &'a str>, marks: &Marks) -> Option<&'a str> {
    lines
        .map(str::trim)
        .find(|line| line.len() <= LONGEST && is_mark(line, marks))
}

/// What to do with a file that bears this mark.
pub(super) fn where_to(mark: &str) -> &'static str {
    match is_internal(mark, &marks().0) {
        true => "内部资料请按本单位的规定办理，不要放进来。",
        false => "涉密材料请在涉密计算机上办理，不要放进来。",
    }
}

fn is_internal(line: &str, marks: &Marks) -> bool {
    let words: String = line.chars().filter(|c| c.is_alphabetic()).collect();
    marks.internal.contains(&words)
}

fn is_mark(line: &str, marks: &Marks) -> bool {
    if is_internal(line, marks) {
        return true;
    }
    let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let labelled = marks.labels.iter().find_map(|label| {
        let rest = bare.strip_prefix(label.as_str())?;
        rest.strip_prefix(['：', ':'])
    });
    let rest = labelled.unwrap_or(&bare);
    let Some(behind) = marks
        .levels
        .iter()
        .find_map(|l| rest.strip_prefix(l.as_str()))
    else {
        return false;
    };
    if behind.is_empty() {
        return labelled.is_some() || marks.alone.iter().any(|a| a == rest);
    }
    // "★5年", "★长期", "★启用前": a term, no sentence.
    marks.stars.iter().any(|star| {
        behind
            .strip_prefix(star.as_str())
            .is_some_and(|term| term.chars().count() <= 8 && !term.contains(['，', '。', '、']))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_mark, marks};

    #[test]
    fn marks_are_whole_lines_and_words_in_sentences_are_not() {
        let (marks, _) = marks();
        for line in [
            "绝密",
            "机 密",
            "秘密★",
            "机密★5年",
            "秘密★长期",
            "密级：秘密",
            "绝密★启用前",
            "密级: 机密 ★ 10 年",
            "内部资料",
            "内部资料　注意保存",
            "【内部资料，不得外传】",
        ] {
            assert!(is_mark(line, marks), "{line}");
        }
        for line in [
            "秘密",
            "保守国家秘密",
            "绝密事项未列入",
            "机密文件管理费",
            "密级：",
            "密级：无",
            "印刷内部资料 300 册",
            "涉及国家秘密的内容不公开",
            "秘密★一、项目概况，本项目支出",
        ] {
            assert!(!is_mark(line, marks), "{line}");
        }
    }

    #[test]
    fn the_basis_stands_in_the_regulations() {
        let basis = &marks().0.basis;
        assert_eq!(basis.kind, "clause");
        assert!(!basis.document.is_empty() && !basis.article.is_empty());
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/domain/regulations.md"
        );
        let Ok(text) = std::fs::read_to_string(file) else {
            eprintln!("skipped: ../shared is not here");
            return;
        };
        assert!(text.contains(&basis.sentence));
    }
}
