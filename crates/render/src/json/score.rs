//! Results come in; the JSON of `jiheng score` goes out: stated beside computed, each with its tree.

use super::position::Position;
use super::{SCHEMA, print};
use crate::results::Results;
use jiheng_model::narrative::FactRole;
use jiheng_model::scorecard::{Computed, FormScore, Trace};
use jiheng_model::{Document, Form};
use serde::Serialize;

#[derive(Serialize)]
struct Score<'a> {
    schema: u32,
    rulebook: String,
    forms: Vec<FormOut<'a>>,
    ratios: Vec<ComputedOut<'a>>,
}

#[derive(Serialize)]
struct FormOut<'a> {
    form: &'a str,
    file: &'a str,
    table: Option<u32>,
    project_name: Option<&'a str>,
    execution: Execution<'a>,
    indicators: Vec<IndicatorOut<'a>>,
    total: Sides<'a>,
    rating: Rating<'a>,
}

#[derive(Serialize)]
struct Execution<'a> {
    rate: Option<String>,
    points: Option<&'a str>,
    stated: Option<&'a str>,
    computed: Option<String>,
    trace: TraceOut<'a>,
    rate_trace: TraceOut<'a>,
    basis: Vec<String>,
}

#[derive(Serialize)]
struct IndicatorOut<'a> {
    name: Option<&'a str>,
    points: Option<&'a str>,
    stated: Option<&'a str>,
    computed: Option<String>,
    band: Option<[String; 2]>,
    completion: Option<String>,
    policy: &'a str,
    why: &'a str,
    trace: TraceOut<'a>,
    basis: Vec<String>,
}

#[derive(Serialize)]
struct Sides<'a> {
    stated: Option<&'a str>,
    computed: Option<String>,
    trace: TraceOut<'a>,
    basis: Vec<String>,
}

#[derive(Serialize)]
struct Rating<'a> {
    stated: Option<&'a str>,
    computed: Option<&'a str>,
}

#[derive(Serialize)]
struct ComputedOut<'a> {
    key: &'a str,
    label: &'a str,
    value: Option<String>,
    unit: Option<&'a str>,
    trace: TraceOut<'a>,
    basis: Vec<String>,
}

/// A node of an explanation tree.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum TraceOut<'a> {
    Stated {
        label: &'a str,
        text: &'a str,
        file: &'a str,
        at: Position,
    },
    Parameter {
        name: &'a str,
        text: &'a str,
        basis: Vec<String>,
    },
    Formula {
        formula: &'a str,
        numbers: &'a str,
        result: &'a str,
        inputs: Vec<TraceOut<'a>>,
    },
    Missing {
        why: &'a str,
    },
}

/// The JSON of `score`.
pub fn score(results: &Results<'_>) -> String {
    print(&Score {
        schema: SCHEMA,
        rulebook: results.rulebook_label(),
        forms: results
            .scorecard
            .forms
            .iter()
            .filter_map(|s| {
                results
                    .filing
                    .forms
                    .get(s.form)
                    .map(|f| form(f, s, results))
            })
            .collect(),
        ratios: results
            .scorecard
            .ratios
            .iter()
            .map(|c| computed(c, results))
            .collect(),
    })
}

fn form<'a>(form: &'a Form, score: &'a FormScore, results: &Results<'a>) -> FormOut<'a> {
    let documents = results.documents;
    FormOut {
        form: form.kind(),
        file: documents
            .get(form.file as usize)
            .map_or("", |d| d.name.as_str()),
        table: form.tables.first().copied(),
        project_name: form.project_name().map(|s| s.text.as_str()),
        execution: Execution {
            rate: shown(&score.execution_rate),
            points: form.text("funds.total.points"),
            stated: form.text("funds.total.score"),
            computed: shown(&score.execution_points),
            trace: trace(&score.execution_points.trace, results),
            rate_trace: trace(&score.execution_rate.trace, results),
            basis: cites(&score.execution_points.basis, results),
        },
        indicators: score
            .indicators
            .iter()
            .map(|i| indicator(form, i, results))
            .collect(),
        total: Sides {
            stated: form.text("total_score"),
            computed: shown(&score.total),
            trace: trace(&score.total.trace, results),
            basis: cites(&score.total.basis, results),
        },
        rating: Rating {
            stated: stated_rating(form, results),
            computed: score.rating.as_deref(),
        },
    }
}

fn indicator<'a>(
    form: &'a Form,
    score: &'a jiheng_model::scorecard::IndicatorScore,
    results: &Results<'a>,
) -> IndicatorOut<'a> {
    let row = form.rows("indicators").get(score.row);
    let text = |column: &str| {
        let stated = form.cell("indicators", row?, column)?;
        stated.value.is_present().then_some(stated.text.as_str())
    };
    IndicatorOut {
        name: text("name"),
        points: text("points"),
        stated: text("score"),
        computed: shown(&score.score),
        band: score
            .band
            .map(|(low, high)| [low.normalize().to_string(), high.normalize().to_string()]),
        completion: score.completion.map(|c| c.normalize().to_string()),
        policy: &score.policy,
        why: &score.why,
        trace: trace(&score.score.trace, results),
        basis: cites(&score.score.basis, results),
    }
}

/// The grade the report states for the department as a whole.
fn stated_rating<'a>(form: &Form, results: &Results<'a>) -> Option<&'a str> {
    let narrative = &results.filing.narrative;
    let grade = narrative.facts.iter().find(|f| f.role == FactRole::Grade)?;
    (form.kind() == "department").then_some(grade.text.as_str())
}

fn computed<'a>(computed: &'a Computed, results: &Results<'a>) -> ComputedOut<'a> {
    ComputedOut {
        key: &computed.key,
        label: &computed.label,
        value: shown(computed),
        unit: computed.unit.as_ref().map(|u| &*u.symbol),
        trace: trace(&computed.trace, results),
        basis: cites(&computed.basis, results),
    }
}

fn trace<'a>(node: &'a Trace, results: &Results<'a>) -> TraceOut<'a> {
    let documents: &'a [Document] = results.documents;
    match node {
        Trace::Stated {
            label,
            text,
            origin,
        } => TraceOut::Stated {
            label,
            text,
            file: documents
                .get(origin.file as usize)
                .map_or("", |d| d.name.as_str()),
            at: Position::of(origin, documents),
        },
        Trace::Parameter { name, text, basis } => TraceOut::Parameter {
            name,
            text,
            basis: cites(basis, results),
        },
        Trace::Formula {
            formula,
            numbers,
            result,
            inputs,
        } => TraceOut::Formula {
            formula,
            numbers,
            result,
            inputs: inputs.iter().map(|input| trace(input, results)).collect(),
        },
        Trace::Missing { why } => TraceOut::Missing { why },
    }
}

/// The number as shown; a rate with its percent sign.
fn shown(computed: &Computed) -> Option<String> {
    let value = computed.shown()?;
    match computed.unit.as_ref().map(|u| &*u.symbol) {
        Some("%") => Some(format!("{value}%")),
        _ => Some(value.to_string()),
    }
}

fn cites(keys: &[String], results: &Results<'_>) -> Vec<String> {
    keys.iter()
        .map(|key| {
            results
                .bases
                .get(key)
                .map_or_else(|| key.clone(), |b| b.cite())
        })
        .collect()
}
