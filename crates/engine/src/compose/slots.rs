//! A sentence of the rulebook and the values of a package come in; the sentence with its numbers, or what it lacks, goes out.

use super::values::{Amounts, Value, Values, money, share};
use crate::rulebook::sentences::{Piece, Slot, pieces};
use jiheng_model::Decimal;
use jiheng_model::composed::Said;

/// A sentence after filling.
#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    /// Its text; slots without value are written as "＿＿".
    pub text: String,
    /// Items it says, with their numbers.
    pub says: Vec<Said>,
    /// Items without value.
    pub missing: Vec<String>,
    /// Why it is not written, in plain words, beside what is missing.
    pub reasons: Vec<String>,
}

/// The projects of the baseline form, as parts of the project expenditure.
const PROJECT_LINES: &str = "project_lines.*";
/// What stands for a value that is not known.
const BLANK: &str = "＿＿";

impl Sentence {
    /// It can be written.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.reasons.is_empty()
    }

    fn put(&mut self, item: &str, value: Value) {
        self.text.push_str(&value.words);
        self.says.push(Said {
            item: item.to_string(),
            number: value.number,
        });
    }

    fn lack(&mut self, item: &str, values: &Values<'_, '_>) {
        self.text.push_str(BLANK);
        match values.conflict(item) {
            Some(why) => self.reasons.push(why),
            None => self.missing.push(item.to_string()),
        }
    }
}

/// Fills the slots of a sentence.
pub(super) fn fill(template: &str, values: &Values<'_, '_>) -> Sentence {
    let mut sentence = Sentence::default();
    for piece in pieces(template) {
        match piece {
            Piece::Words(words) => sentence.text.push_str(words),
            // The lint refuses a rulebook with such a sentence.
            Piece::Unclosed(_) => sentence.reasons.push("句子里的花括号没有配对".into()),
            Piece::Slot(slot) => slot_into(&mut sentence, &slot, values),
        }
    }
    sentence
}

fn slot_into(sentence: &mut Sentence, slot: &Slot<'_>, values: &Values<'_, '_>) {
    match slot {
        Slot::Item(item) => match values.value(item) {
            Some(value) => sentence.put(item, value),
            None => sentence.lack(item, values),
        },
        Slot::Share(part, whole) => {
            let numbers = [part, whole].map(|i| values.number(i));
            match numbers {
                [Some(p), Some(w)] => match share(p, w) {
                    Some(value) => sentence.text.push_str(&value.words),
                    None => sentence
                        .reasons
                        .push(format!("{}是 0，算不出比例", values.name(whole))),
                },
                _ => lack_all(sentence, &[part, whole], &numbers, values),
            }
        }
        Slot::Change(item, "") => match values.number(item) {
            Some(number) => {
                let unit = values.unit_of(item);
                sentence.text.push_str(&change(number, Decimal::ZERO, unit));
                sentence.says.push(Said {
                    item: item.to_string(),
                    number: Some(number),
                });
            }
            None => sentence.lack(item, values),
        },
        Slot::Change(now, before) => {
            let numbers = [now, before].map(|i| values.number(i));
            match numbers {
                [Some(n), Some(b)] => sentence.text.push_str(&change(n, b, values.unit_of(now))),
                _ => lack_all(sentence, &[now, before], &numbers, values),
            }
        }
        Slot::Parts(whole, parts) => partition(sentence, whole, parts, values),
    }
}

fn lack_all(
    sentence: &mut Sentence,
    items: &[&&str],
    numbers: &[Option<Decimal>],
    values: &Values<'_, '_>,
) {
    sentence.text.push_str(BLANK);
    for (item, number) in items.iter().zip(numbers) {
        if number.is_none() {
            match values.conflict(item) {
                Some(why) => sentence.reasons.push(why),
                None => sentence.missing.push(item.to_string()),
            }
        }
    }
}

/// "增加5.20万元", "减少1.41万元", "没有变化".
fn change(now: Decimal, before: Decimal, unit: &str) -> String {
    let gap = now.checked_sub(before).unwrap_or_default();
    let amount = match unit {
        "万元" => money(gap.abs()),
        _ => gap.abs().normalize().to_string(),
    };
    match gap.is_zero() {
        true => "没有变化".to_string(),
        false if gap.is_sign_negative() => format!("减少{amount}{unit}"),
        false => format!("增加{amount}{unit}"),
    }
}

/// The parts of a whole, written only when together they make it.
fn partition(sentence: &mut Sentence, whole: &str, parts: &[&str], values: &Values<'_, '_>) {
    let Some(total) = values.number(whole) else {
        return sentence.lack(whole, values);
    };
    let candidates: Vec<Vec<Part>> = match parts {
        [PROJECT_LINES] => vec![named(values.project_lines())],
        [family] if family.ends_with(".*") => {
            let classes = values.classes(family.trim_end_matches('*'));
            classes.into_iter().map(named).collect()
        }
        _ => vec![parts.iter().filter_map(|item| part(item, values)).collect()],
    };
    let candidates: Vec<Vec<Part>> = candidates.into_iter().filter(|c| !c.is_empty()).collect();
    let unit = values.unit_of(whole);
    match candidates.iter().find(|parts| makes(total, parts, unit)) {
        Some(parts) => {
            let texts: Vec<String> = parts
                .iter()
                .map(|p| format!("{}{}{unit}", p.name, p.words))
                .collect();
            sentence.text.push_str(&texts.join("、"));
            sentence.says.extend(parts.iter().filter_map(|p| {
                Some(Said {
                    item: p.item.clone()?,
                    number: Some(p.number),
                })
            }));
        }
        None => {
            sentence.text.push_str(BLANK);
            let conflicts = parts.iter().filter_map(|item| values.conflict(item));
            let conflicts: Vec<String> = conflicts.collect();
            let sum = candidates.first().map(|parts| sum(parts));
            match (conflicts.is_empty(), sum) {
                (false, _) => sentence.reasons.extend(conflicts),
                (true, Some(sum)) => sentence.reasons.push(format!(
                    "各项相加 {}{unit}，不等于{} {}{unit}",
                    sum.normalize(),
                    values.name(whole),
                    total.normalize()
                )),
                (true, None) => {
                    let missing = parts.iter().map(|p| p.to_string());
                    sentence.missing.extend(missing);
                }
            }
        }
    }
}

/// A part of a whole.
struct Part {
    item: Option<String>,
    name: String,
    number: Decimal,
    words: String,
}

fn part(item: &str, values: &Values<'_, '_>) -> Option<Part> {
    let value = values.value(item)?;
    Some(Part {
        item: Some(item.to_string()),
        name: values.name(item),
        number: value.number?,
        words: value.words,
    })
}

fn named(lines: Amounts) -> Vec<Part> {
    let part = |(name, number): (String, Decimal)| Part {
        item: None,
        name,
        number,
        words: money(number),
    };
    lines.into_iter().map(part).collect()
}

fn sum(parts: &[Part]) -> Decimal {
    let all = parts.iter().map(|p| p.number);
    all.fold(Decimal::ZERO, Decimal::saturating_add)
}

/// A sum of n printed amounts may differ from its printed total by (n + 1) × half a unit of the last printed place; points add up exactly.
fn makes(total: Decimal, parts: &[Part], unit: &str) -> bool {
    let places = parts.iter().map(|p| p.number.scale());
    let places = places.chain([total.scale()]).max().unwrap_or(0);
    let halves = Decimal::from(parts.len() as u64 + 1);
    let tolerance = Decimal::new(5, places.saturating_add(1)).saturating_mul(halves);
    let gap = sum(parts).saturating_sub(total).abs();
    gap.is_zero() || unit == "万元" && parts.len() > 1 && gap < tolerance
}
