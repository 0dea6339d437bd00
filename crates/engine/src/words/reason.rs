//! A reason for a deviation and the name of its indicator come in; whether the reason says anything goes out, with the words that show it does not.

use super::name::bare;
use super::vocabulary::Vocabulary;
use jiheng_model::label;
use std::sync::Arc;

/// What a word says of a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It fits every deviation (客观原因).
    Hollow,
    /// That there is no deviation (已完成).
    None,
    /// Again what the columns say (未达到, 指标值).
    Again,
}

/// Why a reason says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Empty {
    /// It says that there is no deviation.
    Denies(Arc<str>),
    /// Nothing but words that fit every deviation.
    Hollow(Vec<Arc<str>>),
    /// Nothing but what the name and the numbers say.
    Again(Vec<Arc<str>>),
}

impl Empty {
    /// What shows it, for people.
    pub fn because(&self) -> String {
        let quoted = |words: &[Arc<str>]| -> String {
            let words: Vec<String> = words.iter().map(|w| format!("“{w}”")).collect();
            words.join("")
        };
        match self {
            Empty::Denies(word) => format!("“{word}”说的是没有偏差"),
            Empty::Hollow(words) => format!("除了{}没有别的话", quoted(words)),
            Empty::Again(words) => format!("只用{}重复了指标和数", quoted(words)),
        }
    }
}

/// A denial is not longer than this: in a longer text the words stand beside others.
const LONGEST_DENIAL: usize = 12;
/// Fewer letters and digits than these are no reason.
const LEAST: usize = 3;

/// Judges the reason for a real deviation; `None` when it says something.
pub fn empty(vocabulary: &Vocabulary, reason: &str, name: &str) -> Option<Empty> {
    let text = label::normalise(reason);
    let lexicon = &vocabulary.reasons;
    let with = |says: Says| {
        lexicon
            .words(&text)
            .filter(move |f| f.senses.contains(&says))
    };
    if text.chars().count() <= LONGEST_DENIAL
        && let Some(found) = with(Says::None).next()
    {
        return Some(Empty::Denies(found.word.clone()));
    }
    let hollow = rest(vocabulary, &text, &[Says::Hollow]);
    if hollow.chars().filter(|c| c.is_alphanumeric()).count() < LEAST {
        let words = with(Says::Hollow).map(|f| f.word.clone()).collect();
        return Some(Empty::Hollow(words));
    }
    let again: Vec<Arc<str>> = with(Says::Again).map(|f| f.word.clone()).collect();
    if again.is_empty() {
        return None;
    }
    let name = bare(name);
    let unnamed = match name.is_empty() {
        true => text.clone(),
        false => text.replace(name, "，"),
    };
    let rest = rest(vocabulary, &unnamed, &[Says::Hollow, Says::Again]);
    // The numbers stand in the columns too.
    let left = rest
        .chars()
        .filter(|c| c.is_alphabetic() && !c.is_numeric())
        .count();
    (left < LEAST).then_some(Empty::Again(again))
}

/// A text without the words that have one of these senses.
fn rest(vocabulary: &Vocabulary, text: &str, says: &[Says]) -> String {
    let mut rest = String::new();
    let mut at = 0;
    for found in vocabulary.reasons.words(text) {
        if found.senses.iter().any(|s| says.contains(s)) {
            rest.push_str(&text[at..found.at]);
            at = found.end();
        }
    }
    rest.push_str(&text[at..]);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    fn judged(reason: &str) -> Option<String> {
        let vocabulary = Shelf::embedded().rulebooks["cn/mof/2020"].vocabulary();
        empty(vocabulary, reason, "疏浚河道长度（公里）").map(|e| e.because())
    }

    #[test]
    fn words_that_fit_every_deviation_are_no_reason() {
        assert_eq!(
            judged("客观原因，进一步加强管理。").as_deref(),
            Some("除了“客观原因”“进一步加强”没有别的话")
        );
        assert_eq!(judged("已完成").as_deref(), Some("“已完成”说的是没有偏差"));
    }

    #[test]
    fn the_name_and_the_numbers_again_are_no_reason() {
        assert_eq!(
            judged("疏浚河道长度未达到指标值50公里，实际完成40公里").as_deref(),
            Some("只用“未达到”“指标值”“公里”“实际完成”“公里”重复了指标和数")
        );
    }

    #[test]
    fn an_event_is_a_reason() {
        for reason in [
            "比指标值少10公里，原因：汛期道路中断12天，部分任务顺延。",
            "上游闸门检修，停工20天",
            "资金未到位10万元，施工单位停工",
            "招标流标两次，10月才开工",
        ] {
            assert_eq!(judged(reason), None, "{reason}");
        }
    }
}
