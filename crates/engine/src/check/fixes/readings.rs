//! What was read before and after a fix comes in; places whose value is another one, though nobody meant to change it, go out.

use jiheng_model::{Decimal, Filing, Form, Origin, Unit, Value};
use std::collections::BTreeMap;

/// A value as it is read, however it is written.
#[derive(Clone, Debug, PartialEq)]
enum Reading {
    Cell(Value),
    Fact(Decimal, Option<Unit>),
}

/// Cells and paragraphs in which something else is read after the fix than before, those `meant` left out.
pub fn drifted(before: &Filing, after: &Filing, meant: &[Origin]) -> Vec<Origin> {
    let (before, after) = (readings(before), readings(after));
    let meant: Vec<Origin> = meant.iter().map(|o| whole(*o)).collect();
    let all = before.keys().chain(after.keys());
    let mut out: Vec<Origin> = all
        .filter(|at| before.get(at) != after.get(at) && !meant.contains(at))
        .copied()
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn readings(filing: &Filing) -> BTreeMap<Origin, Vec<Reading>> {
    let mut out: BTreeMap<Origin, Vec<Reading>> = BTreeMap::new();
    let cells = |form: &Form| {
        let rows = form.lists.iter().flatten().flat_map(|row| &row.values);
        let all = form.values.iter().chain(rows).flatten();
        all.map(|s| (s.origin, Reading::Cell(s.value.clone())))
            .collect::<Vec<_>>()
    };
    let facts = filing.narrative.facts.iter();
    let facts = facts.map(|f| (f.origin, Reading::Fact(f.value, f.unit.clone())));
    for (origin, reading) in filing.forms.iter().flat_map(cells).chain(facts) {
        out.entry(whole(origin)).or_default().push(reading);
    }
    out
}

/// The cell or paragraph that words stand in.
fn whole(origin: Origin) -> Origin {
    Origin {
        at: origin.at.words((0, 0)),
        ..origin
    }
}
