//! The reports of two packages come in; sections added, left out and changed, with their paragraphs, go out.

use crate::Evaluation;
use jiheng_model::difference::{SectionDifference, State};
use jiheng_model::label;
use jiheng_model::narrative::Section;

/// A section with the paragraphs that are its own, subsections' left to them.
struct Part {
    key: Option<String>,
    title: String,
    lines: Vec<String>,
}

/// The sections that differ, in the order of the newer report; what was left out comes last.
pub(super) fn sections(old: &Evaluation, new: &Evaluation) -> Vec<SectionDifference> {
    let mut left = parts(old);
    let mut found = Vec::new();
    for part in parts(new) {
        let same = |p: &Part| match (&p.key, &part.key) {
            (Some(a), Some(b)) => a == b,
            _ => p.title == part.title,
        };
        let Some(at) = left.iter().position(same) else {
            found.push(whole(part, State::Added));
            continue;
        };
        let before = left.remove(at);
        let removed = without(&before.lines, &part.lines);
        let added = without(&part.lines, &before.lines);
        if !removed.is_empty() || !added.is_empty() {
            found.push(SectionDifference {
                title: part.title,
                state: State::Changed,
                removed,
                added,
            });
        }
    }
    found.extend(left.into_iter().map(|part| whole(part, State::Removed)));
    found
}

fn whole(part: Part, state: State) -> SectionDifference {
    let (removed, added) = match state {
        State::Removed => (part.lines, Vec::new()),
        _ => (Vec::new(), part.lines),
    };
    SectionDifference {
        title: part.title,
        state,
        removed,
        added,
    }
}

/// Lines that the others do not have, compared without white space.
fn without(these: &[String], those: &[String]) -> Vec<String> {
    let those: Vec<String> = those.iter().map(|l| label::normalise(l)).collect();
    let only = these
        .iter()
        .filter(|line| !those.contains(&label::normalise(line)));
    only.cloned().collect()
}

/// Sections of the first two levels that the outline knows or that are numbered.
fn parts(evaluation: &Evaluation) -> Vec<Part> {
    let narrative = &evaluation.filing.narrative;
    let heads: Vec<&Section> = narrative
        .sections
        .iter()
        .filter(|s| s.level <= 2 && (s.key.is_some() || s.level == 1))
        .collect();
    let ends = heads.iter().skip(1).map(|s| s.paragraph);
    let last = narrative.span.map_or(0, |(_, last)| last);
    heads
        .iter()
        .zip(ends.chain([last.saturating_add(1)]))
        .map(|(section, end)| Part {
            key: section.key.clone(),
            title: section.title.clone(),
            lines: (section.paragraph.saturating_add(1)..end)
                .map(|number| {
                    label::trim(
                        evaluation
                            .filing
                            .narrative
                            .line(&evaluation.documents, number),
                    )
                    .to_string()
                })
                .filter(|text| !text.is_empty())
                .collect(),
        })
        .collect()
}
