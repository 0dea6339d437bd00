//! The assessment comes in; the JSON of `jiheng assess` goes out.

use super::check::{PlaceOut, place};
use super::{SCHEMA, print};
use crate::assess::points;
use crate::results::Results;
use jiheng_model::assessment::{Assessment, DecidedBy, Item};
use serde::Serialize;

#[derive(Serialize)]
struct Sheet<'a> {
    schema: u32,
    rulebook: String,
    title: &'a str,
    unit_name: Option<&'a str>,
    year: Option<i16>,
    items: Vec<ItemOut<'a>>,
    total: TotalOut,
}

#[derive(Serialize)]
struct ItemOut<'a> {
    name: &'a str,
    max: serde_json::Number,
    score: Option<String>,
    decided_by: DecidedBy,
    band: Option<[String; 2]>,
    derivation: String,
    dimension: &'a str,
    hand_in: &'a [String],
    basis: &'a str,
    places: Vec<PlaceOut<'a>>,
}

/// What can be had, what is computed, and between what the total lies.
#[derive(Serialize)]
struct TotalOut {
    max: String,
    decided: String,
    band: [String; 2],
    score: Option<String>,
}

/// The JSON of `assess`.
pub fn assess(assessment: &Assessment, results: &Results<'_>) -> String {
    let total = assessment.total();
    print(&Sheet {
        schema: SCHEMA,
        rulebook: results.rulebook_label(),
        title: &assessment.title,
        unit_name: assessment.unit.as_deref(),
        year: assessment.year,
        items: assessment
            .items
            .iter()
            .map(|item| out(item, results))
            .collect(),
        total: TotalOut {
            max: points(total.max),
            decided: points(total.decided),
            band: [points(total.range.0), points(total.range.1)],
            score: total.score.map(points),
        },
    })
}

fn out<'a>(item: &'a Item, results: &Results<'a>) -> ItemOut<'a> {
    let max = points(item.max);
    ItemOut {
        name: &item.name,
        // Whole points stay whole numbers.
        max: serde_json::from_str(&max).unwrap_or_else(|_| 0.into()),
        score: item.score().map(points),
        decided_by: item.decided_by(),
        band: item.band().map(|(low, high)| [points(low), points(high)]),
        derivation: item.derivation(),
        dimension: &item.dimension,
        hand_in: &item.hand_in,
        basis: &item.basis,
        places: item.places().map(|p| place(p, results)).collect(),
    }
}
