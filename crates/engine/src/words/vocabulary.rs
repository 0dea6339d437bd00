//! A rulebook comes in; its words on indicators, made ready once for all judgements, go out.

use super::kind::{Kind, Sense};
use super::lexicon::Lexicon;
use super::measure::Says;
use crate::rulebook::Rulebook;

/// The lexicons by which the words of indicators are judged.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// What words say of the kind of an indicator.
    pub kinds: Lexicon<Sense>,
    /// What words of a target say of whether it can be measured.
    pub targets: Lexicon<Says>,
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

/// A lexicon of the words of some parameters, each with its sense.
fn senses<S: PartialEq + Copy>(rulebook: &Rulebook, of: &[(&str, S)]) -> Lexicon<S> {
    Lexicon::of(of.iter().flat_map(|(name, sense)| {
        let words = rulebook.words(name).iter();
        words.map(move |word| (*sense, word.as_str()))
    }))
}
