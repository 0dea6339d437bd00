//! The name of an indicator and its target come in; whether the target can be measured goes out, with the words that say so.

use super::kind::Target;
use super::vocabulary::Vocabulary;
use jiheng_model::{ValueKind, label};
use std::sync::Arc;

/// What a word says of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It cannot be measured (明显).
    Vague,
    /// It is a standard that can be checked (合格).
    Standard,
    /// It is a ratio, so that a percentage may follow (率).
    Rate,
}

/// Whether a target can be measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// No target is printed.
    #[default]
    Blank,
    /// A number or a date.
    Number,
    /// A standard; the word that names it.
    Standard(Arc<str>),
    /// No: a word that measures nothing and no standard.
    Vague(Arc<str>),
    /// No: the target only says the name, or the end of it, again.
    Echo,
    /// No: a percentage of nothing, neither name nor target is a ratio.
    Hollow,
    /// No word tells.
    Unknown,
}

impl Measure {
    /// Whether the target can be measured; `None` when no word tells.
    pub fn measurable(&self) -> Option<bool> {
        match self {
            Measure::Number | Measure::Standard(_) => Some(true),
            Measure::Vague(_) | Measure::Echo | Measure::Hollow => Some(false),
            Measure::Blank | Measure::Unknown => None,
        }
    }

    /// What shows it, for people; empty where no word led to it.
    pub fn because(&self) -> String {
        match self {
            Measure::Standard(word) => format!("“{word}”是标准"),
            Measure::Vague(word) => format!("“{word}”没有数量、标准或等级"),
            Measure::Echo => "只写了名称里的话".into(),
            Measure::Hollow => "名称不是率".into(),
            Measure::Blank | Measure::Number | Measure::Unknown => String::new(),
        }
    }
}

/// Judges a target; `name` is that of the indicator on one line.
pub fn measure(vocabulary: &Vocabulary, name: &str, target: &Target<'_>) -> Measure {
    let value = target.value;
    if !value.is_present() {
        return Measure::Blank;
    }
    let is_rate = |text: &str| has(vocabulary, text, Says::Rate).is_some();
    match value.kind {
        ValueKind::Percent(_) if !is_rate(name) => return Measure::Hollow,
        ValueKind::Text => {}
        _ => return Measure::Number,
    }
    let text = label::normalise(target.text);
    if text.chars().any(char::is_numeric) {
        // "可控性100%" says as little as 100% does.
        let hollow = text.ends_with('%') && !is_rate(name) && !is_rate(&text);
        // A number or an ordinal (提升至Ⅲ类) is something to measure by.
        return if hollow {
            Measure::Hollow
        } else {
            Measure::Number
        };
    }
    let echo = match text.chars().count() {
        0 | 1 => false,
        2 => name != text && name.ends_with(text.as_str()) && is_rate(&text),
        _ => name == text || (name.ends_with(text.as_str()) && is_rate(&text)),
    };
    if echo {
        return Measure::Echo;
    }
    if let Some(word) = has(vocabulary, &text, Says::Vague) {
        return Measure::Vague(word);
    }
    match has(vocabulary, &text, Says::Standard) {
        Some(word) => Measure::Standard(word),
        None => Measure::Unknown,
    }
}

fn has(vocabulary: &Vocabulary, text: &str, says: Says) -> Option<Arc<str>> {
    let mut words = vocabulary.targets.words(text);
    words
        .find(|found| found.senses.contains(&says))
        .map(|found| found.word.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;
    use jiheng_model::parse::parse;

    fn judged(name: &str, target: &str) -> Measure {
        let rulebook = &Shelf::embedded().rulebooks["cn/mof/2020"];
        let (text, value) = (target, &parse(target));
        measure(rulebook.vocabulary(), name, &Target { text, value })
    }

    #[test]
    fn numbers_and_standards_measure_and_vague_words_do_not() {
        assert_eq!(judged("修复面积", "≥90公顷"), Measure::Number);
        assert_eq!(
            judged("水质", "提升至Ⅲ类").measurable(),
            Some(true),
            "an ordinal is something to measure by"
        );
        assert_eq!(
            judged("验收等级", "验收合格"),
            Measure::Standard("合格".into())
        );
        assert_eq!(
            judged("营商环境", "明显改善"),
            Measure::Vague("明显".into())
        );
        assert_eq!(judged("修复面积", ""), Measure::Blank);
    }

    #[test]
    fn the_name_again_and_a_percentage_of_nothing_do_not_measure() {
        assert_eq!(
            judged("清廉创建活动开展", "清廉创建活动开展"),
            Measure::Echo
        );
        assert_eq!(judged("居民满意度", "满意度"), Measure::Echo);
        assert_eq!(judged("全面落实田长制", "100%"), Measure::Hollow);
        assert_eq!(judged("项目质量可控性", "可控性100%"), Measure::Hollow);
        assert_eq!(judged("验收合格率", "100%"), Measure::Number);
    }
}
