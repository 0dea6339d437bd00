//! The parameters `assessment_…` of a rulebook come in; the items of the printed sheet with their points, parts and words go out.

use crate::rulebook::Rulebook;
use jiheng_model::Decimal;
use std::collections::BTreeMap;

/// The parameter that lists the items in printed order.
pub const ITEMS: &str = "assessment_items";
/// The parameter of an item is called so, with its key behind it.
pub const PREFIX: &str = "assessment_";

/// One item of the sheet, as the rulebook defines it.
#[derive(Clone, Copy, Debug)]
pub struct Standard<'a> {
    /// Its key ("submission").
    pub key: &'a str,
    entries: &'a BTreeMap<String, Vec<String>>,
}

/// One part of an item: a way of measuring, and what the rulebook says of it.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// How it is measured ("days_late").
    pub measure: &'a str,
    entries: &'a BTreeMap<String, Vec<String>>,
}

/// The items of a rulebook in printed order; those without a parameter of their own are left out.
pub fn all(rulebook: &Rulebook) -> Vec<Standard<'_>> {
    let keys = rulebook.words(ITEMS).iter();
    keys.filter_map(|key| {
        Some(Standard {
            key,
            entries: rulebook.dictionary(&format!("{PREFIX}{key}"))?,
        })
    })
    .collect()
}

impl<'a> Standard<'a> {
    /// The name of its parameter.
    pub fn parameter(&self) -> String {
        format!("{PREFIX}{}", self.key)
    }

    /// The texts of an entry.
    pub fn texts(&self, name: &str) -> &'a [String] {
        self.entries.get(name).map_or(&[], Vec::as_slice)
    }

    /// The first text of an entry.
    pub fn text(&self, name: &str) -> &'a str {
        self.texts(name).first().map_or("", String::as_str)
    }

    /// Points the item can give.
    pub fn max(&self) -> Decimal {
        number(self.text("max"))
    }

    /// Its parts in order.
    pub fn parts(&self) -> impl Iterator<Item = Measured<'a>> + use<'a> {
        let entries = self.entries;
        let measures = self.texts("parts").iter();
        measures.map(move |measure| Measured { measure, entries })
    }
}

impl<'a> Measured<'a> {
    /// The texts of an entry "measure.name".
    pub fn texts(&self, name: &str) -> &'a [String] {
        let key = format!("{}.{name}", self.measure);
        self.entries.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The first text of an entry as a number; 0 when there is none.
    pub fn number(&self, name: &str) -> Decimal {
        number(self.texts(name).first().map_or("", String::as_str))
    }

    /// Points the part can give.
    pub fn points(&self) -> Decimal {
        self.number("points")
    }

    /// A band of points: the two texts of an entry.
    pub fn band(&self, name: &str) -> Option<(Decimal, Decimal)> {
        match self.texts(name) {
            [low, high] => Some((low.parse().ok()?, high.parse().ok()?)),
            _ => None,
        }
    }
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap_or_default()
}
