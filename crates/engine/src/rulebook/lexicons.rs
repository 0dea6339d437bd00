//! The lexicons of a rulebook come in; for each one search over all its words at once goes out, made at first use.

use super::classes::ByName;
use super::{ParameterValue, Rulebook};
use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::{Builder, DFA};
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, MatchKind, StartKind};
use foldhash::HashMap;
use jiheng_model::label;
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
    "approval_words",
    "published_words",
    "credit_code_words",
    "division_code_words",
    "class_code_words",
    "short_name_words",
];

/// Dictionaries whose words, not keys, are marked in the same way.
const MARKED_VALUES: &[&str] = &["grade_names"];

/// A text has signs that placeholders are made of.
pub const PLACEHOLDER_SIGNS: Marks = 1 << 31;
/// A text has digits of full width or half-width punctuation.
pub const WIDTH_SIGNS: Marks = 1 << 30;
/// Signs that are looked for in the same pass as the marked lexicons.
const SIGNS: &[(Marks, &[&str])] = &[
    (
        PLACEHOLDER_SIGNS,
        &[
            "X", "x", "Ｘ", "ｘ", "×", "✕", "╳", "*", "＊", "﹡", "_", "＿", "{", "｛", "…", "..",
        ],
    ),
    (
        WIDTH_SIGNS,
        &[
            "０", "１", "２", "３", "４", "５", "６", "７", "８", "９", ",", ":", ";", "?", "!",
            "(", ")",
        ],
    ),
];

/// Searches over lexicons, made at first use.
#[derive(Debug, Default)]
pub struct Lexicons {
    /// By the names of their lexicons.
    each: OnceLock<HashMap<String, OnceLock<Option<AhoCorasick>>>>,
    /// Over all marked lexicons and signs, with the bit of the lexicon each word belongs to.
    marked: OnceLock<Option<Sieve<Marks>>>,
    /// Over the dictionaries of levels, by name; with each word, its length and its key.
    keyed: OnceLock<HashMap<String, OnceLock<Option<Levels>>>>,
    /// The names of classifications, by the names of their dictionaries.
    pub(super) classes: OnceLock<HashMap<String, OnceLock<ByName>>>,
}

/// A dictionary of levels as a search: with each word its length and its key.
type Levels = Sieve<(usize, String)>;

/// A search for all words of some lexicons in one pass, each word with what it stands for.
#[derive(Debug)]
pub(super) struct Sieve<T> {
    search: DFA,
    of: Vec<T>,
}

impl<T> Sieve<T> {
    /// None when the words are too many for one search.
    pub(super) fn new<W: AsRef<[u8]>>(words: &[W], of: Vec<T>) -> Option<Sieve<T>> {
        let search = Builder::new()
            .start_kind(StartKind::Unanchored)
            .match_kind(MatchKind::Standard)
            // Chinese text is made of few leading bytes: looking for them first only costs time.
            .prefilter(false)
            .build(words)
            .ok()?;
        Some(Sieve { search, of })
    }

    /// Calls `each` with every word that ends somewhere in the bytes.
    #[inline]
    pub(super) fn sift(&self, bytes: impl Iterator<Item = u8>, mut each: impl FnMut(usize, &T)) {
        let search = &self.search;
        let Ok(mut state) = search.start_state(Anchored::No) else {
            return;
        };
        for byte in bytes {
            state = search.next_state(Anchored::No, state, byte);
            if search.is_special(state) && search.is_match(state) {
                for index in 0..search.match_len(state) {
                    let word = search.match_pattern(state, index).as_usize();
                    each(word, &self.of[word]);
                }
            }
        }
    }
}

/// The bytes with which something begins that [`Unbroken`] leaves out.
const MAY_BREAK: [bool; 256] = {
    let mut may = [false; 256];
    let firsts = b" \t\n\x0b\x0c\r\"\xe2\xe3\xc2";
    let mut at = 0;
    while at < firsts.len() {
        may[firsts[at] as usize] = true;
        at += 1;
    }
    may
};

/// The bytes of a text without white space and quotation marks, which may break a word.
struct Unbroken<'t> {
    bytes: &'t [u8],
}

impl Iterator for Unbroken<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            let (first, rest) = self.bytes.split_first()?;
            if !MAY_BREAK[usize::from(*first)] {
                self.bytes = rest;
                return Some(*first);
            }
            let skip = match *first {
                b' ' | b'\t'..=b'\r' | b'"' => 1,
                // “ ” and the blanks of Chinese and of web pages.
                0xe2 if matches!(rest, [0x80, 0x9c | 0x9d, ..]) => 3,
                0xe3 if matches!(rest, [0x80, 0x80, ..]) => 3,
                0xc2 if matches!(rest, [0xa0, ..]) => 2,
                byte => {
                    self.bytes = rest;
                    return Some(byte);
                }
            };
            self.bytes = &self.bytes[skip..];
        }
    }
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
        let mut names = MARKED.iter().chain(MARKED_VALUES);
        let place = names.position(|name| *name == lexicon);
        debug_assert!(place.is_some(), "{lexicon} is not a marked lexicon");
        place.map_or(0, |place| 1 << place)
    }

    /// The marked lexicons and the signs that a text has words of, white space and quotation marks left out.
    pub fn marks(&self, text: &str) -> Marks {
        let marked = self.lexicons.marked.get_or_init(|| {
            let words = MARKED.iter().flat_map(|name| {
                let bit = self.mark(name);
                let words = self.words(name).iter();
                let keys = self.dictionary(name).into_iter().flat_map(|d| d.keys());
                words.chain(keys).map(move |word| (word.as_str(), bit))
            });
            let values = MARKED_VALUES.iter().flat_map(|name| {
                let bit = self.mark(name);
                let words = self.dictionary(name).into_iter().flat_map(|d| d.values());
                words.flatten().map(move |word| (word.as_str(), bit))
            });
            let signs = SIGNS.iter();
            let signs = signs.flat_map(|(bit, signs)| signs.iter().map(|sign| (*sign, *bit)));
            let (words, bits): (Vec<&str>, Vec<Marks>) = words.chain(values).chain(signs).unzip();
            let unbroken = |word: &&str| {
                let bytes = word.as_bytes();
                Unbroken { bytes }.collect::<Vec<u8>>()
            };
            let words: Vec<Vec<u8>> = words.iter().map(unbroken).collect();
            Sieve::new(&words, bits)
        });
        match marked {
            Some(sieve) => {
                let mut marks = 0;
                let bytes = text.as_bytes();
                sieve.sift(Unbroken { bytes }, |_, bit| marks |= bit);
                marks
            }
            // Too many words for one search: any lexicon may have one, each rule looks for itself.
            None => Marks::MAX,
        }
    }

    /// The key of a dictionary whose longest word occurs in a printed label ("产出指标\n（50分）": "output").
    pub fn key_in(&self, dictionary: &str, printed: &str) -> Option<&str> {
        let sieves = self.lexicons.keyed.get_or_init(|| {
            let names = self.parameters.iter();
            names
                .filter(|(_, p)| matches!(p.value, ParameterValue::Dictionary(_)))
                .map(|(name, _)| (name.clone(), OnceLock::new()))
                .collect()
        });
        let entries = || {
            let keys = self.dictionary(dictionary).into_iter().flatten();
            keys.flat_map(|(key, words)| words.iter().map(move |word| (word, key)))
        };
        let sieve = sieves.get(dictionary)?.get_or_init(|| {
            let of = entries().map(|(word, key)| (word.len(), key.clone()));
            let words: Vec<&String> = entries().map(|(word, _)| word).collect();
            Sieve::new(&words, of.collect())
        });
        let text = label::normalise(printed);
        let Some(sieve) = sieve else {
            let found = entries().filter(|(word, _)| text.contains(word.as_str()));
            let longest = found.reduce(|a, b| if b.0.len() > a.0.len() { b } else { a });
            return longest.map(|(_, key)| key.as_str());
        };
        // Of equally long words the first of the dictionary counts.
        let mut best: Option<(usize, usize)> = None;
        sieve.sift(text.bytes(), |word, (length, _)| {
            let better = best.is_none_or(|(other, longest)| {
                *length > longest || (*length == longest && word < other)
            });
            if better {
                best = Some((word, *length));
            }
        });
        best.map(|(word, _)| sieve.of[word].1.as_str())
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
