//! The lexicons of a rulebook come in; for each one search over all its words at once goes out, made at first use.

use super::{ParameterValue, Rulebook};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Which of the [`MARKED`] lexicons a text has words of, a bit each.
pub type Marks = u32;

/// Lexicons (of a dictionary: its keys) that rules look for in every text of a package: all in one pass, when the texts are gathered.
const MARKED: &[&str] = &[
    "placeholder_words",
    "template_residue",
    "template_openings",
    "never_twice",
    "survey_count_words",
    "survey_claims",
    "common_indicators",
    "adjustment_words",
    "reason_words",
    "slow_payment_words",
    "procurement_words",
    "procurement_reasons",
    "outdated_terms",
];

/// Searches over lexicons, made at first use.
#[derive(Debug, Default)]
pub struct Lexicons {
    /// By the names of their lexicons.
    each: OnceLock<HashMap<String, OnceLock<Option<AhoCorasick>>>>,
    /// Over all marked lexicons, with the bits of the lexicon each word belongs to.
    marked: OnceLock<Option<(AhoCorasick, Vec<Marks>)>>,
}

/// A search over all words of one lexicon.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    made: Option<&'a AhoCorasick>,
    words: &'a [String],
}

impl Search<'_> {
    /// Whether a text has one of the words.
    pub fn is_in(&self, text: &str) -> bool {
        match self.made {
            Some(search) => search.is_match(text),
            // A lexicon too large for one search is still a lexicon.
            None => self.words.iter().any(|w| text.contains(w.as_str())),
        }
    }
}

impl Rulebook {
    /// The search over a lexicon; it finds nothing when the rulebook has no such lexicon.
    pub fn search(&self, lexicon: &str) -> Search<'_> {
        let searches = self.lexicons.each.get_or_init(|| {
            let names = self.parameters.iter();
            let words = names.filter(|(_, p)| matches!(p.value, ParameterValue::Words(_)));
            words
                .map(|(name, _)| (name.clone(), OnceLock::new()))
                .collect()
        });
        let words = self.words(lexicon);
        let made = searches
            .get(lexicon)
            .and_then(|search| search.get_or_init(|| build(words)).as_ref());
        Search { made, words }
    }

    /// The bit of a marked lexicon; none when the lexicon is not marked.
    pub fn mark(&self, lexicon: &str) -> Marks {
        let place = MARKED.iter().position(|name| *name == lexicon);
        debug_assert!(place.is_some(), "{lexicon} is not a marked lexicon");
        place.map_or(0, |place| 1 << place)
    }

    /// The marked lexicons that a text has words of.
    pub fn marks(&self, text: &str) -> Marks {
        let marked = self.lexicons.marked.get_or_init(|| {
            let words = MARKED.iter().flat_map(|name| {
                let bit = self.mark(name);
                let words = self.words(name).iter();
                let keys = self.dictionary(name).into_iter().flat_map(|d| d.keys());
                words.chain(keys).map(move |word| (word, bit))
            });
            let (words, bits): (Vec<&String>, Vec<Marks>) = words.unzip();
            Some((build(&words)?, bits))
        });
        match marked {
            Some((search, bits)) => search
                .find_overlapping_iter(text)
                .fold(0, |marks, found| marks | bits[found.pattern().as_usize()]),
            // Too many words for one search: any lexicon may have one, each rule looks for itself.
            None => Marks::MAX,
        }
    }

    /// Whether a text has a word of a lexicon; over many texts, ask [`Rulebook::search`] once.
    pub fn has_word_of(&self, lexicon: &str, text: &str) -> bool {
        self.search(lexicon).is_in(text)
    }
}

/// The fastest kind of search; lexicons are small, so its memory is small too.
fn build<W: AsRef<[u8]>>(words: &[W]) -> Option<AhoCorasick> {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        // Chinese text is made of few leading bytes: looking for them first only costs time.
        .prefilter(false)
        .build(words)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Parameter;

    #[test]
    fn a_text_has_a_word_of_a_lexicon_or_has_not() {
        let mut rulebook = Rulebook::default();
        let value = ParameterValue::Words(vec!["发放".into(), "有效问卷".into()]);
        let parameter = Parameter {
            value,
            basis: vec![],
            from: String::new(),
        };
        rulebook.parameters.insert("counts".into(), parameter);
        assert!(rulebook.has_word_of("counts", "回收有效问卷30份"));
        assert!(!rulebook.has_word_of("counts", "回收问卷30份"));
        assert!(!rulebook.has_word_of("absent", "回收问卷30份"));
    }
}
