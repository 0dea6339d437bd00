//! Results come in; the JSON of `jiheng check` goes out.

use super::position::Position;
use super::{SCHEMA, print};
use crate::results::Results;
use jiheng_model::finding::{Finding, OutcomeKind, Place, PlaceKind};
use jiheng_model::origin::At;
use jiheng_model::rule::Severity;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Check<'a> {
    schema: u32,
    rulebook: String,
    rulebook_choice: Choice<'a>,
    summary: Summary,
    findings: Vec<FindingOut<'a>>,
    outcomes: Vec<OutcomeOut<'a>>,
}

/// Why this rulebook: the words of the document that pointed to it, or that none did.
#[derive(Serialize)]
struct Choice<'a> {
    title: &'a str,
    why: &'a str,
    fallback: bool,
}

/// Findings that follow from another are not counted; they stand in `findings` with `caused_by`.
#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    hints: usize,
    suppressed: usize,
    forms: usize,
    cells: usize,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    code: &'a str,
    slug: &'a str,
    severity: Severity,
    message: &'a str,
    why: &'a str,
    basis: &'a str,
    advice: &'a str,
    covers: &'a [String],
    args: &'a BTreeMap<String, String>,
    stated: Option<&'a str>,
    computed: Option<&'a str>,
    derivation: Option<&'a str>,
    caused_by: Option<usize>,
    suppressed: Option<SuppressionOut<'a>>,
    places: Vec<PlaceOut<'a>>,
}

#[derive(Serialize)]
struct SuppressionOut<'a> {
    reason: &'a str,
    until: &'a str,
    from: &'a str,
}

#[derive(Serialize)]
pub(super) struct PlaceOut<'a> {
    kind: PlaceKind,
    file: &'a str,
    form: &'a str,
    field: Option<&'a str>,
    label: &'a str,
    #[serde(flatten)]
    at: Position,
    text: &'a str,
}

#[derive(Serialize)]
struct OutcomeOut<'a> {
    code: &'a str,
    outcome: OutcomeKind,
    checked: u32,
    note: &'a str,
}

/// The JSON of `check`: summary, findings with both sides and their places, outcome of every rule.
pub fn check(results: &Results<'_>) -> String {
    let counts = results.summary();
    print(&Check {
        schema: SCHEMA,
        rulebook: results.rulebook_label(),
        rulebook_choice: Choice {
            title: results.rulebook.title,
            why: results.rulebook.why,
            fallback: results.rulebook.fallback,
        },
        summary: Summary {
            errors: counts.errors,
            warnings: counts.warnings,
            hints: counts.hints,
            suppressed: counts.suppressed,
            forms: counts.forms,
            cells: counts.cells,
        },
        findings: results
            .findings
            .iter()
            .map(|f| finding(f, results))
            .collect(),
        outcomes: results
            .outcomes
            .iter()
            .map(|o| OutcomeOut {
                code: &o.code,
                outcome: o.outcome,
                checked: o.checked,
                note: &o.note,
            })
            .collect(),
    })
}

fn finding<'a>(finding: &'a Finding, results: &Results<'a>) -> FindingOut<'a> {
    FindingOut {
        code: &finding.code,
        slug: &finding.slug,
        severity: finding.severity,
        message: &finding.message,
        why: &finding.why,
        basis: &finding.basis,
        advice: &finding.advice,
        covers: &finding.covers,
        args: &finding.args,
        stated: finding.stated.as_deref(),
        computed: finding.computed.as_deref(),
        derivation: finding.derivation.as_deref(),
        caused_by: finding.caused_by,
        suppressed: finding.suppressed.as_ref().map(|s| SuppressionOut {
            reason: &s.reason,
            until: &s.until,
            from: &s.from,
        }),
        places: finding.places.iter().map(|p| place(p, results)).collect(),
    }
}

pub(super) fn place<'a>(place: &'a Place, results: &Results<'a>) -> PlaceOut<'a> {
    PlaceOut {
        // A field may stand in a line below its table ("填表人：…"): then its place is words.
        kind: match (place.kind, place.origin.at) {
            (PlaceKind::Cell, At::Text { .. }) => PlaceKind::Text,
            (kind, _) => kind,
        },
        file: results
            .documents
            .get(place.origin.file as usize)
            .map_or("", |d| d.name.as_str()),
        form: &place.form,
        field: place.field.as_deref(),
        label: &place.label,
        at: Position::of(&place.origin, results.documents),
        text: &place.text,
    }
}
