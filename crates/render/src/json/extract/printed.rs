//! Printed values come in; what the contract says of each goes out: the string as printed, `parsed`, `at`, `how`.

use super::Position;
use jiheng_model::value::{Operator, Stated, ValueKind};
use jiheng_model::{Date, Document};
use serde::Serialize;
use serde_json::{Map, Value as Json};

/// Strings by key, and beside them what each means and where it stands under the same key.
#[derive(Default)]
pub struct Printed {
    /// As printed; null when nothing is printed.
    pub text: Map<String, Json>,
    /// What it means.
    pub parsed: Map<String, Json>,
    /// Where it stands.
    pub at: Map<String, Json>,
    /// How its place was recognised: "exact", "synonym" or "position".
    pub how: Map<String, Json>,
}

#[derive(Serialize)]
struct Parsed<'a> {
    operator: Option<Operator>,
    value: Option<String>,
    unit: Option<&'a str>,
    kind: &'static str,
}

impl Printed {
    /// Adds a value under a key; a form without such a cell gives null and nothing beside it.
    pub fn add(&mut self, key: &str, stated: Option<&Stated>, documents: &[Document]) {
        self.text
            .insert(key.into(), stated.map_or(Json::Null, text));
        if let Some(stated) = stated {
            self.parsed.insert(key.into(), json(&parsed(stated)));
            self.at
                .insert(key.into(), json(&Position::of(&stated.origin, documents)));
            self.how.insert(key.into(), json(&stated.how));
        }
    }
}

/// The printed text; null for a blank cell.
pub fn text(stated: &Stated) -> Json {
    if stated.value.is_blank() || stated.text.is_empty() {
        Json::Null
    } else {
        Json::String(stated.text.clone())
    }
}

fn parsed(stated: &Stated) -> Parsed<'_> {
    let (kind, value) = match &stated.value.kind {
        ValueKind::Blank => ("blank", None),
        ValueKind::NotApplicable => ("not_applicable", None),
        ValueKind::Number(n) => ("number", Some(n.to_string())),
        ValueKind::Percent(n) => ("percent", Some(n.to_string())),
        ValueKind::Date(d) => ("date", Some(iso(d))),
        ValueKind::Text => ("text", None),
    };
    Parsed {
        operator: stated.value.operator,
        value,
        unit: stated.value.unit.as_ref().map(|u| &*u.symbol),
        kind,
    }
}

/// A date of the precision that was printed: "2023", "2023-12", "2023-12-31".
fn iso(date: &Date) -> String {
    let mut out = format!("{:04}", date.year);
    for part in [date.month, date.day.filter(|_| date.month.is_some())]
        .into_iter()
        .flatten()
    {
        out.push_str(&format!("-{part:02}"));
    }
    out
}

fn json(value: &impl Serialize) -> Json {
    serde_json::to_value(value).unwrap_or(Json::Null)
}
