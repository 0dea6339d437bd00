//! The sentences of the report and the sheet of the assessment in a merged rulebook come in; what in them names nothing goes out as problems.

use super::extend::{self, Merged};
use super::layer::{Item, Layer};
use super::problem::Problem;
use super::sentences::{KNOWN, OF_KIND, Piece, RESERVED, SENTENCES, pieces};
use super::source::{At, Folder};
use super::{Parameter, ParameterValue};
use jiheng_model::Decimal;
use std::collections::BTreeMap;

/// The ways of measuring a part of the assessment; the rulebook names them in `parts`.
pub const MEASURES: [&str; 14] = [
    "issued",
    "contents",
    "set_up",
    "units",
    "days_late",
    "sections",
    "annexes",
    "weights",
    "level_three",
    "measurable",
    "concise",
    "relevant",
    "aspects",
    "answers",
];

/// What may be said of a part beside its points, and whether it is a number.
const SAID: [(&str, bool); 13] = [
    ("points", true),
    ("each", true),
    ("full", true),
    ("fair", true),
    ("partial", true),
    ("simple", true),
    ("money_only", true),
    ("full_from", true),
    ("fair_from", true),
    ("matters", false),
    ("forms", false),
    ("codes", false),
    ("in_order", false),
];

/// What may be said of an item of the sheet.
const ITEM: [&str; 6] = ["name", "dimension", "max", "standard", "hand_in", "parts"];

/// Parameters in which the words of `matters` and `in_order` stand.
const WORDS: [(&str, &str); 2] = [
    ("matters", "assessment_notice_matters"),
    ("in_order", "assessment_aspects"),
];

/// Lints the sentences and the assessment that a folder defines.
pub fn lint(merged: &Merged<'_>, own: &Layer, folders: &[Folder], problems: &mut Vec<Problem>) {
    let mut lint = Lint {
        merged,
        folders,
        problems,
    };
    for parameter in &own.parameters {
        if let (SENTENCES, ParameterValue::Dictionary(sentences)) =
            (parameter.label.as_str(), &parameter.value.value)
        {
            lint.sentences(parameter, sentences);
        }
        if let ("assessment_items", ParameterValue::Words(items)) =
            (parameter.label.as_str(), &parameter.value.value)
        {
            lint.items(parameter, items);
        }
    }
    lint.standards(own);
}

struct Lint<'a> {
    merged: &'a Merged<'a>,
    folders: &'a [Folder],
    problems: &'a mut Vec<Problem>,
}

impl<'a> Lint<'a> {
    fn report(&mut self, code: &'static str, message: String, at: &At, other: &At) {
        let problem = extend::problem(self.folders, code, message, at, &[other]);
        self.problems.push(problem);
    }

    /// Where a parameter in force is defined; else the place of the item that needs it.
    fn place<'p>(&self, parameter: &str, item: &'p Item<Parameter>) -> &'p At
    where
        'a: 'p,
    {
        self.merged
            .parameters
            .get(parameter)
            .map_or(&item.at, |p| &p.at)
    }

    fn sentences(&mut self, item: &Item<Parameter>, sentences: &BTreeMap<String, Vec<String>>) {
        for (key, texts) in sentences {
            let part = item.parts.iter().find(|p| p.text == *key);
            let at = part.map_or(&item.at, |p| &p.at);
            let outline = self.merged.rulebook.dictionary("outline");
            let known = outline.is_some_and(|o| o.contains_key(key));
            if !known && !RESERVED.contains(&key.as_str()) {
                let message = format!(
                    "报告的句子写在“{key}”下，提纲 outline 里没有这一部分；改成提纲里的名字，或 {}",
                    RESERVED.join("、")
                );
                let other = self.place("outline", item);
                self.report("K126", message, at, other);
            }
            for text in texts {
                for piece in pieces(text) {
                    let slot = match piece {
                        Piece::Words(_) => continue,
                        Piece::Unclosed(rest) => {
                            let message = format!("报告的句子里“{{{rest}”的花括号没有配对");
                            self.report("K126", message, at, &item.at);
                            continue;
                        }
                        Piece::Slot(slot) => slot,
                    };
                    for name in slot.items() {
                        if !self.is_known(name) {
                            let message = format!(
                                "报告的句子里“{{{name}}}”不是能填的项：items、item_fields、report_slots 里都没有"
                            );
                            let other = self.place("items", item);
                            self.report("K126", message, at, other);
                        } else if self.merged.rulebook.slot_name(name).is_none() {
                            let message = format!(
                                "“{{{name}}}”没有中文名称，填不出时说不清缺什么；写进 report_slots"
                            );
                            let other = self.place("report_slots", item);
                            self.report("K126", message, at, other);
                        }
                    }
                }
            }
        }
    }

    /// A value can be written for the item, or the rulebook says that someone has to fill it in.
    fn is_known(&self, item: &str) -> bool {
        let rulebook = &self.merged.rulebook;
        let of_kind = |name: &str, what: &str| {
            let kinds = rulebook.dictionary("report_kinds");
            OF_KIND.contains(&what) && kinds.is_some_and(|k| k.contains_key(name))
        };
        KNOWN.contains(&item)
            || item.split_once('.').is_some_and(|(a, b)| of_kind(a, b))
            || [
                "items",
                "item_fields",
                "report_fields",
                "rate_parts",
                "adjustment_parts",
                "accounts_cells",
                "report_slots",
            ]
            .iter()
            .any(|d| rulebook.dictionary(d).is_some_and(|d| d.contains_key(item)))
    }

    /// Every item of the sheet has its parameter.
    fn items(&mut self, item: &Item<Parameter>, items: &[String]) {
        for key in items {
            let name = format!("assessment_{key}");
            if self.merged.rulebook.dictionary(&name).is_none() {
                let part = item.parts.iter().find(|p| p.text == *key);
                let at = part.map_or(&item.at, |p| &p.at).clone();
                let message = format!("考核评分表有“{key}”这一项，没有参数 {name}");
                self.report("K127", message, &at, &item.at);
            }
        }
    }

    /// The items of the sheet that this folder defines, or that it lists.
    fn standards(&mut self, own: &Layer) {
        let Some(items) = self.merged.parameters.get("assessment_items").copied() else {
            return;
        };
        let ParameterValue::Words(keys) = &items.value.value else {
            return;
        };
        for key in keys {
            let name = format!("assessment_{key}");
            let Some(item) = self.merged.parameters.get(name.as_str()).copied() else {
                continue;
            };
            let changed = |label: &str| own.parameters.iter().any(|p| p.label == label);
            if let ParameterValue::Dictionary(entries) = &item.value.value
                && (changed(&name) || changed("assessment_items"))
            {
                self.standard(item, entries, items);
            }
        }
    }

    fn standard(
        &mut self,
        item: &Item<Parameter>,
        entries: &BTreeMap<String, Vec<String>>,
        items: &Item<Parameter>,
    ) {
        let parts = entries.get("parts").map_or(&[][..], Vec::as_slice);
        let at = |key: &str| {
            let place = item.parts.iter().find(|p| p.text == key);
            place.map_or(&item.at, |p| &p.at)
        };
        for part in parts.iter().filter(|p| !MEASURES.contains(&p.as_str())) {
            let message = format!(
                "{} 的“{part}”不是程序会的量法；会的有 {}",
                item.label,
                MEASURES.join("、")
            );
            self.report("K127", message, at("parts"), &items.at);
        }
        for (key, texts) in entries {
            let Some((part, what)) = key.split_once('.') else {
                if !ITEM.contains(&key.as_str()) {
                    let message = format!("{} 里不认识“{key}”", item.label);
                    self.report("K127", message, at(key), &item.at);
                }
                continue;
            };
            let said = SAID.iter().find(|(name, _)| *name == what);
            if !parts.iter().any(|p| p == part) {
                let message = format!("{} 写了“{key}”，parts 里没有 {part}", item.label);
                self.report("K127", message, at(key), at("parts"));
            }
            match said {
                None => {
                    let message = format!("{} 里不认识“{key}”", item.label);
                    self.report("K127", message, at(key), &item.at);
                }
                Some((_, true)) => {
                    for text in texts.iter().filter(|t| t.parse::<Decimal>().is_err()) {
                        let message = format!("{} 的“{key}”写的“{text}”不是数", item.label);
                        self.report("K127", message, at(key), &item.at);
                    }
                }
                Some((what, false)) => self.named(item, (key, what), texts, at(key)),
            }
        }
        self.points(item, entries, parts, at("max"));
    }

    /// Forms, codes and words that an entry names are there.
    fn named(
        &mut self,
        item: &Item<Parameter>,
        (key, what): (&str, &str),
        texts: &[String],
        at: &At,
    ) {
        for text in texts {
            let rulebook = &self.merged.rulebook;
            let lexicon = WORDS.iter().find(|(name, _)| *name == what);
            let (known, of) = match (what, lexicon) {
                ("forms", _) => (rulebook.form(text).is_some(), "表"),
                ("codes", _) => {
                    let digits = text.get(1..).unwrap_or_default();
                    let letter = text.starts_with(|c: char| c.is_ascii_uppercase());
                    let code = letter && digits.len() == 3;
                    (
                        code && digits.bytes().all(|b| b.is_ascii_digit()),
                        "规则编码",
                    )
                }
                (_, Some((_, words))) => {
                    let dictionary = rulebook.dictionary(words);
                    (dictionary.is_some_and(|d| d.contains_key(text)), *words)
                }
                _ => (true, ""),
            };
            if !known {
                let message = format!("{} 的“{key}”写的“{text}”，{of}里没有", item.label);
                let other = lexicon.map_or(&item.at, |(_, words)| self.place(words, item));
                self.report("K127", message, at, other);
            }
        }
    }

    /// The points of the parts make up those of the item.
    fn points(
        &mut self,
        item: &Item<Parameter>,
        entries: &BTreeMap<String, Vec<String>>,
        parts: &[String],
        at: &At,
    ) {
        let number = |key: &str| -> Option<Decimal> { entries.get(key)?.first()?.parse().ok() };
        let mut sum = Decimal::ZERO;
        for part in parts {
            let points = number(&format!("{part}.points")).unwrap_or_default();
            sum = sum.saturating_add(points);
        }
        if number("max") != Some(sum) {
            let max = entries.get("max").and_then(|m| m.first());
            let message = format!(
                "{} 满分写的是 {}，各部分相加是 {sum} 分",
                item.label,
                max.map_or("空", String::as_str)
            );
            self.report("K127", message, at, &item.at);
        }
    }
}
