//! The names of two indicators come in; whether they say the same goes out, with the words that do.
//!
//! A name is cut into known words; a word that means the same as another is replaced by it, and
//! words that say nothing ("情况") are left out. What is left is compared.

use super::vocabulary::Vocabulary;
use std::sync::Arc;

/// What a word says in a comparison of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// The same as this word.
    As(Arc<str>),
    /// Nothing.
    Nothing,
}

/// A name as names are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Core {
    /// What is left of the name.
    pub text: String,
    /// The words that were left out or replaced, with what stands for them.
    pub words: Vec<(Arc<str>, Option<Arc<str>>)>,
}

/// How two names say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Same {
    /// They are equal.
    Equal,
    /// One has a character or two more at an end.
    Longer,
    /// They differ only in words that mean the same; what to tell of them.
    Meaning(String),
}

/// Names shorter than this are too general to say the same when a word more is printed.
const SHORTEST: usize = 4;

/// What is left of a bare name (see [`super::name::bare`]) when it is compared by its meaning.
pub fn core(vocabulary: &Vocabulary, name: &str) -> Core {
    let mut core = Core::default();
    let mut at = 0;
    for found in vocabulary.same.words(name) {
        core.text.push_str(&name[at..found.at]);
        at = found.end();
        let word = found.word.clone();
        match found.senses.first() {
            Some(Says::As(other)) => {
                core.text.push_str(other);
                core.words.push((word, Some(other.clone())));
            }
            _ => core.words.push((word, None)),
        }
    }
    core.text.push_str(&name[at..]);
    core
}

/// Whether two names, each with its core, say the same.
pub fn same(a: (&str, &Core), b: (&str, &Core)) -> Option<Same> {
    if a.0 == b.0 {
        return (!a.0.is_empty()).then_some(Same::Equal);
    }
    let count = |s: &str| s.chars().count();
    let (long, short) = if a.0.len() > b.0.len() {
        (a.0, b.0)
    } else {
        (b.0, a.0)
    };
    if (long.starts_with(short) || long.ends_with(short))
        && count(short) >= SHORTEST
        && count(long).abs_diff(count(short)) <= 2
    {
        return Some(Same::Longer);
    }
    if a.1.text != b.1.text || count(&a.1.text) < SHORTEST {
        return None;
    }
    // Words that both names have tell nothing of the difference.
    let of = |core: &Core, other: &Core| -> Vec<String> {
        let own = core.words.iter().filter(|w| !other.words.contains(w));
        own.map(|(word, stands)| match stands {
            Some(other) => format!("“{word}”就是“{other}”"),
            None => format!("多一个“{word}”"),
        })
        .collect()
    };
    let told = [of(a.1, b.1), of(b.1, a.1)].concat();
    Some(Same::Meaning(told.join("，")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;
    use crate::words::name::bare;

    fn judged(a: &str, b: &str) -> Option<Same> {
        let vocabulary = Shelf::embedded().rulebooks["cn/mof/2020"].vocabulary();
        let core = |name| core(vocabulary, bare(name));
        same((a, &core(a)), (b, &core(b)))
    }

    #[test]
    fn names_are_the_same_by_letters_or_by_meaning() {
        assert_eq!(judged("农户满意度", "农户满意度"), Some(Same::Equal));
        assert_eq!(judged("农户满意度", "受益农户满意度"), Some(Same::Longer));
        assert_eq!(
            judged("参训学员满意率", "参训学员满意度"),
            Some(Same::Meaning("“满意率”就是“满意度”".into()))
        );
        assert_eq!(
            judged("改造工程完成时间", "改造工程的完成时限"),
            Some(Same::Meaning("多一个“的”，“完成时限”就是“完成时间”".into()))
        );
    }

    #[test]
    fn different_measures_of_one_thing_are_not_the_same() {
        for (a, b) in [
            ("培训人数", "培训次数"),
            ("疏浚河道长度", "疏浚河道条数"),
            ("任务完成率", "任务完成时间"),
            ("", ""),
            // Fewer characters may be more bytes.
            ("abcdefgh", "矿山修复"),
        ] {
            assert_eq!(judged(a, b), None, "{a} {b}");
        }
    }
}
