//! Words with their senses come in; a text cut into known words, longest first, goes out.
//!
//! Chinese has no spaces. A lexicon of the words that matter and the rule "the longest word wins"
//! are enough here: what no lexicon knows is left between the known words.

use foldhash::HashMap;
use std::sync::Arc;

/// Words, each with its senses.
#[derive(Debug)]
pub struct Lexicon<S> {
    words: Vec<(Arc<str>, Vec<S>)>,
    /// Numbers of the words that begin with a character, longest first.
    first: HashMap<char, Vec<u32>>,
    /// Numbers of the words that end with a character, longest first.
    last: HashMap<char, Vec<u32>>,
    /// The characters that some word begins with.
    beginnings: Chars,
}

/// A set of characters that answers "no" at once for most that are not in it: names are made of
/// characters that no word begins with more often than not.
#[derive(Debug)]
struct Chars([u64; Chars::WORDS]);

impl Chars {
    const WORDS: usize = 64;

    fn place(c: char) -> (usize, u64) {
        let bit = c as usize % (Chars::WORDS * 64);
        (bit / 64, 1 << (bit % 64))
    }

    fn insert(&mut self, c: char) {
        let (word, bit) = Chars::place(c);
        self.0[word] |= bit;
    }

    /// Whether the character may be in the set.
    #[inline]
    fn may_have(&self, c: char) -> bool {
        let (word, bit) = Chars::place(c);
        self.0[word] & bit != 0
    }
}

/// A known word in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Found<'l, S> {
    /// The word as the lexicon has it.
    pub word: &'l Arc<str>,
    /// What it says.
    pub senses: &'l [S],
    /// Byte at which it stands.
    pub at: usize,
}

impl<S> Clone for Found<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Found<'_, S> {}

impl<S> Found<'_, S> {
    /// The byte after it.
    pub fn end(&self) -> usize {
        self.at + self.word.len()
    }
}

impl<S> Default for Lexicon<S> {
    fn default() -> Self {
        Lexicon {
            words: Vec::new(),
            first: HashMap::default(),
            last: HashMap::default(),
            beginnings: Chars([0; Chars::WORDS]),
        }
    }
}

impl<S: PartialEq> Lexicon<S> {
    /// A lexicon of these words; a word that comes again gets the further sense.
    pub fn of<'w>(words: impl IntoIterator<Item = (S, &'w str)>) -> Lexicon<S> {
        let mut lexicon = Lexicon::default();
        let mut known: HashMap<&'w str, usize> = HashMap::default();
        for (sense, word) in words {
            if word.is_empty() {
                continue;
            }
            let number = *known.entry(word).or_insert_with(|| {
                lexicon.words.push((word.into(), Vec::new()));
                lexicon.words.len() - 1
            });
            let senses = &mut lexicon.words[number].1;
            if !senses.contains(&sense) {
                senses.push(sense);
            }
        }
        let mut order: Vec<u32> = (0..lexicon.words.len() as u32).collect();
        order.sort_by_key(|n| std::cmp::Reverse(lexicon.words[*n as usize].0.len()));
        for number in order {
            let mut chars = lexicon.words[number as usize].0.chars();
            let first = chars.next();
            let last = chars.next_back().or(first);
            if let (Some(first), Some(last)) = (first, last) {
                lexicon.beginnings.insert(first);
                lexicon.first.entry(first).or_default().push(number);
                lexicon.last.entry(last).or_default().push(number);
            }
        }
        lexicon
    }
}

impl<S> Lexicon<S> {
    fn found(&self, number: u32, at: usize) -> Found<'_, S> {
        let (word, senses) = &self.words[number as usize];
        Found { word, senses, at }
    }

    /// The longest word with which a text begins.
    pub fn opening(&self, text: &str) -> Option<Found<'_, S>> {
        self.at(text, 0)
    }

    /// The longest word with which a text ends.
    pub fn ending(&self, text: &str) -> Option<Found<'_, S>> {
        self.endings(text).next()
    }

    /// All words with which a text ends, longest first.
    pub fn endings<'l, 't>(
        &'l self,
        text: &'t str,
    ) -> impl Iterator<Item = Found<'l, S>> + use<'l, 't, S> {
        let last = text.chars().next_back();
        let numbers = last.and_then(|last| self.last.get(&last));
        let numbers = numbers.map_or(&[][..], Vec::as_slice).iter();
        numbers.filter_map(move |number| {
            let word = &*self.words[*number as usize].0;
            let at = text.strip_suffix(word)?.len();
            Some(self.found(*number, at))
        })
    }

    /// The longest word that stands at a byte of a text.
    fn at(&self, text: &str, at: usize) -> Option<Found<'_, S>> {
        let rest = text.get(at..)?;
        let first = rest
            .chars()
            .next()
            .filter(|c| self.beginnings.may_have(*c))?;
        let numbers = self.first.get(&first)?;
        let number = numbers
            .iter()
            .find(|n| rest.starts_with(&*self.words[**n as usize].0))?;
        Some(self.found(*number, at))
    }

    /// The known words of a text from left to right; none overlaps another.
    pub fn words<'l, 't>(
        &'l self,
        text: &'t str,
    ) -> impl Iterator<Item = Found<'l, S>> + use<'l, 't, S> {
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                let c = text.get(at..)?.chars().next()?;
                if self.beginnings.may_have(c)
                    && let Some(found) = self.at(text, at)
                {
                    at = found.end();
                    return Some(found);
                }
                at += c.len_utf8();
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon<char> {
        Lexicon::of([
            ('a', "合格"),
            ('a', "合格率"),
            ('b', "率"),
            ('c', "验收"),
            ('d', "合格率"),
        ])
    }

    #[test]
    fn the_longest_word_wins_and_keeps_all_senses() {
        let lexicon = lexicon();
        let words: Vec<_> = lexicon
            .words("验收的合格率")
            .map(|f| (&**f.word, f.at))
            .collect();
        assert_eq!(words, [("验收", 0), ("合格率", 9)]);
        let head = lexicon.ending("验收合格率").unwrap();
        assert_eq!(
            (&**head.word, head.senses, head.at),
            ("合格率", &['a', 'd'][..], 6)
        );
        assert_eq!(&**lexicon.opening("合格品").unwrap().word, "合格");
        assert!(lexicon.ending("").is_none() && lexicon.opening("率先").is_some());
    }
}
