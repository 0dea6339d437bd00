//! N101 `heading-numbers-broken`: the report's numbered headings come in; gaps, repeats and numbers of another style go out as one hint.

use super::n201;
use super::n301::missing;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::narrative::{MarkStyle, Section};
use jiheng_model::{Fix, Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N101",
    slug: "heading-numbers-broken",
    title: "标题编号不连续",
    severity: Severity::Hint,
    covers: &["D64"],
    basis: &["text-lints"],
    what: "同一级标题的编号应样式相同、从一开始、依次连续。",
    why: "编号跳号、重号或换了样式，读者会以为缺了一节，引用时也对不上。",
    advice: "按上一个标题的样式接着编号",
    fix: Some(Fix::Heading),
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let sections = &case.filing.narrative.sections;
    for _ in sections.iter().filter(|s| s.ordinal.is_some()) {
        report.checked();
    }
    let breaks = breaks(sections);
    let breaks: Vec<&Break> = breaks.iter().filter(|b| !excused(case, b)).collect();
    let steps: Vec<String> = breaks
        .iter()
        .map(|b| match b.before {
            Some(before) => format!("{}→{}", mark(&sections[before]), mark(&sections[b.at])),
            None => format!("从{}开始", mark(&sections[b.at])),
        })
        .collect();
    let count = breaks.len();
    let mut places = breaks.iter().map(|b| place(case, &sections[b.at]));
    let Some(first) = places.next() else {
        return;
    };
    let draft = report.find(format!("标题编号不连续，共 {count} 处"), first);
    draft.arg("count", count).derivation(steps.join("，"));
    for place in places {
        draft.against(place);
    }
}

/// A heading whose number does not follow.
#[derive(Debug, PartialEq, Eq)]
struct Break {
    /// Its index.
    at: usize,
    /// Index of the heading of the same level before it, if there is one under the same parent.
    before: Option<usize>,
}

fn breaks(sections: &[Section]) -> Vec<Break> {
    let mut found = Vec::new();
    for group in groups(sections) {
        let style = main_style(sections, &group);
        let mut before: Option<usize> = None;
        for at in group {
            let expected = match before.and_then(|b| sections[b].ordinal) {
                Some(n) => n + 1,
                None => 1,
            };
            if sections[at].ordinal != Some(expected) || sections[at].style != style {
                found.push(Break { at, before });
            }
            before = Some(at);
        }
    }
    found.sort_by_key(|b| b.at);
    found
}

/// Numbered headings that stand under the same parent.
fn groups(sections: &[Section]) -> Vec<Vec<usize>> {
    let mut done: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<(u8, Vec<usize>)> = Vec::new();
    for (index, section) in sections.iter().enumerate() {
        while open.last().is_some_and(|(level, _)| *level > section.level) {
            done.extend(open.pop().map(|(_, group)| group));
        }
        if section.ordinal.is_none() || section.style == MarkStyle::None {
            continue;
        }
        match open.last_mut() {
            Some((level, group)) if *level == section.level => group.push(index),
            _ => open.push((section.level, vec![index])),
        }
    }
    done.extend(open.into_iter().map(|(_, group)| group));
    done
}

/// The style most headings of a group have; of equally frequent ones the first.
fn main_style(sections: &[Section], group: &[usize]) -> MarkStyle {
    let count = |style| {
        group
            .iter()
            .filter(|i| sections[**i].style == style)
            .count()
    };
    let mut best = MarkStyle::None;
    let mut most = 0;
    for index in group {
        let style = sections[*index].style;
        if count(style) > most {
            most = count(style);
            best = style;
        }
    }
    best
}

/// Another rule already says what is missing here: a section of the outline, a problem or a measure.
fn excused(case: &Case<'_>, broken: &Break) -> bool {
    let sections = &case.filing.narrative.sections;
    let outline = case.rulebook.words("outline_required");
    let rank = |at: usize| {
        let key = sections[at].key.as_deref()?;
        outline.iter().position(|k| k == key)
    };
    if let Some(to) = rank(broken.at) {
        let from = broken.before.map_or(Some(0), |b| rank(b).map(|r| r + 1));
        let absent = missing(case);
        return from.is_some_and(|from| {
            from < to && outline[from..to].iter().any(|k| absent.contains(&k))
        });
    }
    n201::gap(case).is_some_and(|gap| {
        [gap.problems, gap.measures].iter().any(|side| {
            side.items
                .iter()
                .any(|i| i.paragraph == sections[broken.at].paragraph)
        })
    })
}

fn mark(section: &Section) -> String {
    match section.ordinal {
        _ if !label::trim(&section.mark).is_empty() => label::trim(&section.mark).to_string(),
        Some(n) => n.to_string(),
        None => section.title.clone(),
    }
}

fn place(case: &Case<'_>, section: &Section) -> Place {
    let file = case.filing.narrative.file;
    let text = case.report_line(section.paragraph);
    let mark = label::trim(&section.mark);
    let from = text.find(mark).unwrap_or(0);
    let chars = crate::check::passages::chars(text, (from, from + mark.len()));
    case.text_place(file, section.paragraph, chars, section.title.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use crate::narrative::sections::mark as mark_of;

    /// Headings "level|mark title", one paragraph each.
    fn report(headings: &[(u8, &str, Option<&str>)]) -> Specimen {
        let paragraphs: Vec<&str> = headings.iter().map(|h| h.1).collect();
        let mut specimen = Specimen::default().prose(&paragraphs);
        for (index, (level, text, key)) in headings.iter().enumerate() {
            let mark = mark_of(text).unwrap();
            specimen.filing.narrative.sections.push(Section {
                mark: text[..mark.length].into(),
                ordinal: Some(mark.ordinal),
                style: mark.style,
                title: text[mark.length..].into(),
                level: *level,
                paragraph: index as u32 + 1,
                key: key.map(Into::into),
                last: index as u32 + 1,
            });
        }
        specimen
    }

    #[test]
    fn numbers_of_another_style_are_one_hint_with_their_places() {
        let said = report(&[
            (1, "一、甲", None),
            (1, "二、乙", None),
            (2, "（一）丙", None),
            (2, "（2） 丁", None),
            (1, "3、 戊", None),
            (1, "四、己", None),
        ])
        .run(&RULE);
        assert_eq!(said.messages(), ["标题编号不连续，共 2 处"]);
        let finding = &said.findings[0];
        assert_eq!(
            finding.derivation.as_deref(),
            Some("（一）→（2），二、→3、")
        );
        assert_eq!(finding.places[1].text, "3、");
    }

    #[test]
    fn gaps_and_repeats_are_found_and_numbers_begin_anew_under_each_parent() {
        let found = report(&[
            (1, "一、甲", None),
            (2, "1.乙", None),
            (2, "3.丙", None),
            (2, "3.丁", None),
            (1, "二、戊", None),
            (2, "1.己", None),
        ])
        .run(&RULE);
        assert_eq!(
            found.findings[0].derivation.as_deref(),
            Some("1.→3.，3.→3.")
        );
        let quiet = report(&[
            (1, "一、甲", None),
            (2, "（一）乙", None),
            (1, "二、丙", None),
            (2, "（一）丁", None),
        ])
        .run(&RULE);
        assert!(quiet.findings.is_empty());
        assert_eq!(quiet.checked, 4);
    }

    #[test]
    fn a_gap_left_by_a_missing_section_is_the_other_rules() {
        let headings = [(1, "一、甲", Some("a")), (1, "三、丙", Some("c"))];
        let said = report(&headings)
            .words("outline_required", &["a", "b", "c"])
            .run(&RULE);
        assert!(said.findings.is_empty());
        let named = report(&headings)
            .words("outline_required", &["a", "c"])
            .run(&RULE);
        assert_eq!(named.findings.len(), 1);
    }
}
