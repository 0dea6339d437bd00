//! A rulebook comes in; its words on indicators, made ready once for all judgements, go out.

use super::kind::{Kind, Sense};
use super::lexicon::Lexicon;
use crate::rulebook::Rulebook;

/// The lexicons by which the words of indicators are judged.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// What words say of the kind of an indicator.
    pub kinds: Lexicon<Sense>,
}

impl Vocabulary {
    /// The vocabulary of a rulebook; what the rulebook does not say is not known.
    pub fn of(rulebook: &Rulebook) -> Vocabulary {
        Vocabulary {
            kinds: kinds(rulebook),
        }
    }
}

fn kinds(rulebook: &Rulebook) -> Lexicon<Sense> {
    let mut words: Vec<(Sense, &str)> = Vec::new();
    for (name, sense) in [
        ("kind_endings", Sense::Ending as fn(Kind) -> Sense),
        ("kind_openings", Sense::Opening),
        ("kind_hints", Sense::Hint),
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
