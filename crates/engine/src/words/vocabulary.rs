//! A rulebook comes in; its words on indicators, made ready once for all judgements, go out.

use super::kind::{Kind, Sense};
use super::lexicon::Lexicon;
use super::measure::Says;
use super::{name, reason, same};
use crate::rulebook::Rulebook;
use std::sync::Arc;

/// The lexicons by which the words of indicators are judged.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// What words say of the kind of an indicator.
    pub kinds: Lexicon<Sense>,
    /// What words of a target say of whether it can be measured.
    pub targets: Lexicon<Says>,
    /// What words of a name say of whether it names a measure.
    pub names: Lexicon<name::Says>,
    /// The most characters of a name.
    pub longest_name: Option<usize>,
    /// Words at the end of the names of rates that are 100 % at most.
    pub bounded: Lexicon<()>,
    /// Words that mean the same in names, and words that mean nothing.
    pub same: Lexicon<same::Says>,
    /// What words of a reason say of it.
    pub reasons: Lexicon<reason::Says>,
    /// Words with which a plan begins.
    pub plans: Lexicon<()>,
    /// The matter that a word of a problem or a measure belongs to.
    pub matters: Lexicon<Arc<str>>,
}

impl Vocabulary {
    /// The vocabulary of a rulebook; what the rulebook does not say is not known.
    pub fn of(rulebook: &Rulebook) -> Vocabulary {
        Vocabulary {
            kinds: kinds(rulebook),
            targets: senses(
                rulebook,
                &[
                    ("vague_words", Says::Vague),
                    ("standard_words", Says::Standard),
                    ("rate_words", Says::Rate),
                ],
            ),
            names: senses(
                rulebook,
                &[
                    ("task_verbs", name::Says::Task),
                    ("measure_endings", name::Says::Measure),
                ],
            ),
            longest_name: rulebook
                .number("name_length")
                .and_then(|n| usize::try_from(n).ok()),
            bounded: senses(rulebook, &[("bounded_rates", ())]),
            same: same(rulebook),
            reasons: senses(
                rulebook,
                &[
                    ("hollow_reasons", reason::Says::Hollow),
                    ("no_deviation", reason::Says::None),
                    ("repeating_words", reason::Says::Again),
                ],
            ),
            plans: senses(rulebook, &[("plan_words", ())]),
            matters: matters(rulebook),
        }
    }
}

fn kinds(rulebook: &Rulebook) -> Lexicon<Sense> {
    let mut words: Vec<(Sense, &str)> = Vec::new();
    for (name, sense) in [
        ("kind_endings", Sense::Ending as fn(Kind) -> Sense),
        ("kind_openings", Sense::Opening),
        ("kind_hints", Sense::Hint),
        ("kind_turns", Sense::Turn),
    ] {
        for (key, of_kind) in rulebook.dictionary(name).into_iter().flatten() {
            let Some(kind) = Kind::of_key(key) else {
                continue;
            };
            words.extend(of_kind.iter().map(|w| (sense(kind), w.as_str())));
        }
    }
    let open = rulebook.words("open_rates").iter();
    words.extend(open.map(|w| (Sense::Open, w.as_str())));
    Lexicon::of(words)
}

fn same(rulebook: &Rulebook) -> Lexicon<same::Says> {
    let mut words: Vec<(same::Says, &str)> = Vec::new();
    for (key, synonyms) in rulebook.dictionary("same_words").into_iter().flatten() {
        let stands: Arc<str> = key.as_str().into();
        let says = || same::Says::As(stands.clone());
        words.extend(synonyms.iter().map(|word| (says(), word.as_str())));
    }
    let nothing = rulebook.words("empty_words").iter();
    words.extend(nothing.map(|word| (same::Says::Nothing, word.as_str())));
    Lexicon::of(words)
}

fn matters(rulebook: &Rulebook) -> Lexicon<Arc<str>> {
    let mut words: Vec<(Arc<str>, &str)> = Vec::new();
    for (key, of_matter) in rulebook.dictionary("matters").into_iter().flatten() {
        let matter: Arc<str> = key.as_str().into();
        words.extend(of_matter.iter().map(|word| (matter.clone(), word.as_str())));
    }
    Lexicon::of(words)
}

/// A lexicon of the words of some parameters, each with its sense.
fn senses<S: PartialEq + Copy>(rulebook: &Rulebook, of: &[(&str, S)]) -> Lexicon<S> {
    Lexicon::of(of.iter().flat_map(|(name, sense)| {
        let words = rulebook.words(name).iter();
        words.map(move |word| (*sense, word.as_str()))
    }))
}
