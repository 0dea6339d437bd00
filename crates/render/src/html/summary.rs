//! Results come in; the three boxes above the forms go out: what to change first, what is right, what was not checked.

use super::cards::Card;
use crate::place::one_line;
use crate::results::Results;
use jiheng_model::finding::{Outcome, OutcomeKind};

/// Entries shown at once in each box.
const SHOWN: usize = 3;

/// A finding worth changing first.
pub struct Fix {
    pub number: usize,
    pub word: &'static str,
    pub text: String,
}

/// Rules with the same outcome.
pub struct Checks {
    pub count: usize,
    pub first: Vec<String>,
    pub rest: Vec<String>,
}

/// The gravest findings; of equal ones those from which most others follow.
pub fn first(results: &Results<'_>, cards: &[&Card]) -> Vec<Fix> {
    let mut order: Vec<&&Card> = cards
        .iter()
        .filter(|c| c.class != "H" && c.class != "S")
        .collect();
    order.sort_by_key(|c| {
        let finding = &results.findings[c.index];
        (
            finding.severity,
            std::cmp::Reverse(c.follows.len()),
            finding.computed.is_none(),
            c.number,
        )
    });
    order
        .into_iter()
        .take(SHOWN)
        .map(|c| Fix {
            number: c.number,
            word: c.word,
            text: c.title.clone(),
        })
        .collect()
}

/// Rules that were checked and found nothing: sums and comparisons first, then those with most comparisons.
pub fn passed(results: &Results<'_>) -> Checks {
    let mut passed: Vec<&Outcome> = results
        .outcomes
        .iter()
        .filter(|o| o.outcome == OutcomeKind::Pass)
        .collect();
    // Arithmetic in a form and between forms says more than what was not found in words.
    passed.sort_by_key(|o| {
        (
            !o.code.starts_with(['A', 'X']),
            std::cmp::Reverse(o.checked),
            o.code.clone(),
        )
    });
    checks(passed.into_iter().map(|o| {
        let title = one_line(results.rule_title(&o.code));
        match o.note.is_empty() {
            true => format!("{}：比较 {} 处，没有发现", without(&title), o.checked),
            false => format!("{}：{}", without(&title), one_line(&o.note)),
        }
    }))
}

/// Rules that lacked material.
pub fn unchecked(results: &Results<'_>) -> Checks {
    checks(results.unchecked().map(|o| {
        let why = if o.note.is_empty() {
            "材料不足".into()
        } else {
            one_line(&o.note)
        };
        format!("{}：{why}", without(&one_line(results.rule_title(&o.code))))
    }))
}

fn checks(lines: impl Iterator<Item = String>) -> Checks {
    let mut first: Vec<String> = lines.collect();
    let count = first.len();
    let rest = first.split_off(SHOWN.min(count));
    Checks { count, first, rest }
}

fn without(title: &str) -> &str {
    title.trim_end_matches(['。', '：'])
}
