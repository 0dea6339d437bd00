//! Results come in; the JSON of `jiheng extract` goes out: what was read and recognised, nothing judged.

mod baseline;
mod form;
mod printed;

use super::position::Position;
use super::{SCHEMA, print};
use crate::results::Results;
use form::FormOut;
use jiheng_model::document::{Format, NoticeKind};
use jiheng_model::narrative::{Fact, FactRole, MarkStyle, Section};
use jiheng_model::{Dimension, Document};
use serde::Serialize;

#[derive(Serialize)]
struct Extract<'a> {
    schema: u32,
    rulebook: String,
    files: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    format: Format,
    forms: Vec<FormOut<'a>>,
    narrative: NarrativeOut<'a>,
    unrecognised: Vec<UnrecognisedOut<'a>>,
    notices: Vec<NoticeOut<'a>>,
}

#[derive(Default, Serialize)]
struct NarrativeOut<'a> {
    title: Option<&'a str>,
    unit_name: Option<&'a str>,
    year: Option<i16>,
    sections: Vec<SectionOut<'a>>,
    facts: Vec<FactOut<'a>>,
    annexes: Vec<AnnexOut<'a>>,
}

#[derive(Serialize)]
struct SectionOut<'a> {
    number: Option<String>,
    title: &'a str,
    level: u8,
    paragraph: u32,
    last: u32,
    key: Option<&'a str>,
}

#[derive(Serialize)]
struct FactOut<'a> {
    label: &'a str,
    value: Option<String>,
    unit: Option<&'a str>,
    period: Option<i16>,
    text: &'a str,
    #[serde(flatten)]
    at: Position,
    role: &'static str,
    item: Option<&'a str>,
    of: Option<usize>,
}

#[derive(Serialize)]
struct AnnexOut<'a> {
    number: Option<u32>,
    title: &'a str,
    #[serde(flatten)]
    at: Position,
}

#[derive(Serialize)]
struct UnrecognisedOut<'a> {
    #[serde(flatten)]
    at: Position,
    why: &'a str,
}

#[derive(Serialize)]
struct NoticeOut<'a> {
    kind: &'static str,
    message: &'a str,
    table: Option<u32>,
}

/// The JSON of `extract`: per file its forms, sections, facts, and what was not recognised.
pub fn extract(results: &Results<'_>) -> String {
    print(&Extract {
        schema: SCHEMA,
        rulebook: results.rulebook_label(),
        files: results
            .documents
            .iter()
            .enumerate()
            .map(|(i, d)| file(i, d, results))
            .collect(),
    })
}

fn file<'a>(index: usize, document: &'a Document, results: &Results<'a>) -> File<'a> {
    let filing = results.filing;
    let narrative = &filing.narrative;
    File {
        file: &document.name,
        format: document.format,
        forms: filing
            .forms
            .iter()
            .filter(|f| f.file as usize == index)
            .map(|f| form::form(f, document, results.documents))
            .collect(),
        narrative: if narrative.exists() && narrative.file as usize == index {
            NarrativeOut {
                title: narrative.title.as_ref().map(|t| t.text.as_str()),
                unit_name: narrative.unit_name.as_ref().map(|t| t.text.as_str()),
                year: narrative.year,
                sections: narrative.sections.iter().map(section).collect(),
                facts: narrative.facts.iter().map(|f| fact(f, results)).collect(),
                annexes: narrative
                    .annexes
                    .iter()
                    .map(|a| AnnexOut {
                        number: a.ordinal,
                        title: &a.title,
                        at: Position::of(&a.origin, results.documents),
                    })
                    .collect(),
            }
        } else {
            NarrativeOut::default()
        },
        unrecognised: filing
            .unrecognised
            .iter()
            .filter(|u| u.origin.file as usize == index)
            .map(|u| UnrecognisedOut {
                at: Position::of(&u.origin, results.documents),
                why: &u.why,
            })
            .collect(),
        notices: document
            .notices
            .iter()
            .map(|n| NoticeOut {
                kind: notice_kind(n.kind),
                message: &n.message,
                table: n.table,
            })
            .collect(),
    }
}

fn section(section: &Section) -> SectionOut<'_> {
    let number: String = section
        .mark
        .chars()
        .filter(|c| !"（）()、.．，, ".contains(*c) && !c.is_whitespace())
        .collect();
    SectionOut {
        number: (section.style != MarkStyle::None && !number.is_empty()).then_some(number),
        title: &section.title,
        level: section.level,
        paragraph: section.paragraph,
        last: section.last,
        key: section.key.as_deref(),
    }
}

fn fact<'a>(fact: &'a Fact, results: &Results<'a>) -> FactOut<'a> {
    FactOut {
        label: &fact.label,
        value: (fact.role != FactRole::Grade).then(|| fact.value.to_string()),
        unit: fact.unit.as_ref().map(|u| &*u.symbol),
        period: fact.period,
        text: &fact.text,
        at: Position::of(&fact.origin, results.documents),
        role: role(fact),
        item: fact.item.as_deref(),
        of: fact.of,
    }
}

/// The contract knows six roles; a change is an amount or a rate, whichever it is printed as.
fn role(fact: &Fact) -> &'static str {
    match fact.role {
        FactRole::Amount => "amount",
        FactRole::Count => "count",
        FactRole::Share => "share",
        FactRole::Rate => "rate",
        FactRole::Score => "score",
        FactRole::Grade => "grade",
        FactRole::Change => match fact.unit.as_ref().map(|u| u.dimension) {
            Some(Dimension::Ratio) => "rate",
            Some(Dimension::Money) => "amount",
            _ => "count",
        },
    }
}

fn notice_kind(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Broken => "broken",
        NoticeKind::OverBudget => "over_budget",
        NoticeKind::TrackedChanges => "tracked_changes",
        NoticeKind::Hidden => "hidden",
        NoticeKind::NumberFormat => "number_format",
        NoticeKind::TextLayer => "text_layer",
        NoticeKind::NotRead => "not_read",
    }
}
