//! F302 `cover-blank`: the lines of the report before its first section come in; a blank unit name or date on the cover goes out.

use crate::check::passages::{Passage, report_passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::origin::At;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "F302",
    slug: "cover-blank",
    title: "报告封面没有填单位名称或日期",
    severity: Severity::Error,
    covers: &["D61"],
    basis: &["cover-of-report", "art21-truth"],
    what: "封面印有“部门（单位）名称：（盖章）”和“年 月 日”的，应填写单位名称、盖章并写明日期。",
    why: "没有单位名称、印章和日期，看不出是哪个单位、何时正式报送的稿子。",
    advice: "填写单位名称和日期，盖章后报送",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let seals = case.rulebook.words("cover_seal_words");
    let blank_dates = case.rulebook.words("blank_dates");
    let cover = cover(case);
    let Some(seal) = cover.iter().find(|p| {
        let text = label::normalise(p.text);
        seals.iter().any(|s| text.contains(s.as_str()))
    }) else {
        return;
    };
    report.checked();
    report.checked();
    let mut places: Vec<(&str, Place)> = Vec::new();
    if unit_is_blank(seal.text, seals) {
        places.push(("单位名称", whole(case, seal, "部门（单位）名称")));
    }
    let blank = cover
        .iter()
        .find(|p| blank_dates.contains(&label::normalise(p.text)));
    match blank {
        Some(date) => places.push(("日期", whole(case, date, "报告日期"))),
        None if !cover.iter().any(|p| has_date(p.text)) => {
            places.push(("日期", case.absent_in_report(line(seal), "报告日期")));
        }
        None => {}
    }
    let names: Vec<&str> = places.iter().map(|(name, _)| *name).collect();
    let mut places = places.iter().map(|(_, place)| place.clone());
    if let Some(first) = places.next() {
        let draft = report.find(format!("封面没有填{}", names.join("和")), first);
        draft.arg("fields", names.join("、"));
        draft.finding.stated = None;
        for place in places {
            draft.against(place);
        }
    }
}

/// The lines before the first section.
fn cover<'a>(case: &Case<'a>) -> Vec<Passage<'a>> {
    let first = case.filing.narrative.sections.first().map(|s| s.paragraph);
    let mut lines = report_passages(case).to_vec();
    lines.retain(|p| first.is_none_or(|first| line(p) < first));
    lines
}

fn line(passage: &Passage<'_>) -> u32 {
    match passage.origin.at {
        At::Text { paragraph, .. } => paragraph,
        At::Cell { row, .. } => row,
    }
}

fn whole(case: &Case<'_>, passage: &Passage<'_>, label: &str) -> Place {
    passage.place(case, (0, passage.text.len()), label)
}

/// Nothing stands between the colon and "（盖章）".
fn unit_is_blank(text: &str, seals: &[String]) -> bool {
    let text = label::normalise(text);
    let end = seals.iter().filter_map(|s| text.find(s.as_str())).min();
    let before = &text[..end.unwrap_or(text.len())];
    match before.split_once(':') {
        Some((_, name)) => !name.chars().any(char::is_alphanumeric),
        None => false,
    }
}

/// "2024年5月…", "二〇二四年五月…" or "2024.5.8".
fn has_date(text: &str) -> bool {
    let text = label::normalise(text);
    let digits = |t: &str| {
        t.chars().next_back().is_some_and(|c| {
            c.is_ascii_digit() || c == '〇' || c == '零' || "一二三四五六七八九十".contains(c)
        })
    };
    match text.split_once('年') {
        Some((year, rest)) => {
            digits(year)
                && rest
                    .split_once('月')
                    .is_some_and(|(month, _)| digits(month))
        }
        None => {
            text.len() >= 8
                && text
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '/'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::{Said, Specimen};
    use jiheng_model::finding::PlaceKind;

    fn said(lines: &[&str]) -> Said {
        Specimen::default()
            .words("cover_seal_words", &["(盖章)"])
            .words("blank_dates", &["年月日"])
            .prose(lines)
            .run(&RULE)
    }

    #[test]
    fn a_blank_unit_and_a_blank_date_are_one_finding() {
        let said = said(&["报告", "部门（单位）名称：（盖章）", "年  月  日"]);
        assert_eq!(said.messages(), ["封面没有填单位名称和日期"]);
        assert_eq!(said.findings[0].places.len(), 2);
    }

    #[test]
    fn a_date_that_is_not_there_is_absent_after_the_seal() {
        let said = said(&["报告", "部门（单位）名称：甲局（盖章）"]);
        assert_eq!(said.messages(), ["封面没有填日期"]);
        assert_eq!(said.findings[0].places[0].kind, PlaceKind::Absent);
    }

    #[test]
    fn a_filled_cover_and_a_report_without_cover_are_quiet() {
        let filled = said(&[
            "2023年度甲局报告",
            "单位名称：甲局（盖章）",
            "二〇二四年五月八日",
        ]);
        assert_eq!((filled.findings.len(), filled.checked), (0, 2));
        let none = said(&["报告", "正文"]);
        assert_eq!((none.findings.len(), none.checked), (0, 0));
    }
}
