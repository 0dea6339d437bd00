//! The difference of two packages comes in; the JSON of `jiheng diff` goes out.

use super::{SCHEMA, print};
use jiheng_model::Difference;
use jiheng_model::difference::{Carried, FormDifference, Said, SectionDifference};
use serde::Serialize;

#[derive(Serialize)]
struct Diff<'a> {
    schema: u32,
    years: [Option<i16>; 2],
    two_years: bool,
    carried: &'a [Carried],
    forms: &'a [FormDifference],
    sections: &'a [SectionDifference],
    findings: Findings<'a>,
}

#[derive(Serialize)]
struct Findings<'a> {
    gone: &'a [Said],
    new: &'a [Said],
    kept: usize,
}

/// The JSON of `diff`.
pub fn diff(difference: &Difference) -> String {
    print(&Diff {
        schema: SCHEMA,
        years: [difference.years.0, difference.years.1],
        two_years: difference.two_years,
        carried: &difference.carried,
        forms: &difference.forms,
        sections: &difference.sections,
        findings: Findings {
            gone: &difference.gone,
            new: &difference.new,
            kept: difference.kept,
        },
    })
}
