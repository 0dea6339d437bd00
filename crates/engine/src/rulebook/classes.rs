//! The classification parameters of a rulebook (政府收支分类科目) come in; the name of a code, and the code of a name, by year go out.
//!
//! An entry is a code and the names it has had: "国土海洋气象等支出 | 2014-2018" was in use in these
//! fiscal years, a name without years is the one in use. What is not listed is unknown, never wrong.

use super::{ParameterValue, Rulebook};
use crate::narrative::terms::comparable;
use foldhash::HashMap;
use std::sync::OnceLock;

/// The place of each comparable name in a classification: its code and its number among the names of the code.
pub(super) type ByName = HashMap<String, (String, usize)>;

/// A name that a code has, or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// The code ("220").
    pub code: &'a str,
    /// The name.
    pub text: &'a str,
    /// First fiscal year of its use, when it is known.
    pub from: Option<i16>,
    /// Last fiscal year of its use; `None`: still in use.
    pub to: Option<i16>,
}

impl<'a> Name<'a> {
    /// Reads "name | 2014-2018" of a code; what follows the bar and is no range of years is not read.
    pub fn of(code: &'a str, entry: &'a str) -> Name<'a> {
        let (text, range) = entry.split_once('|').unwrap_or((entry, ""));
        let (from, to) = range.trim().split_once('-').unwrap_or_default();
        Name {
            code,
            text: text.trim(),
            from: from.trim().parse().ok(),
            to: to.trim().parse().ok(),
        }
    }

    /// Whether it was in use in a fiscal year; of no year the names now in use are.
    pub fn in_use(&self, year: Option<i16>) -> bool {
        match year {
            Some(year) => {
                self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
            }
            None => self.to.is_none(),
        }
    }
}

impl Rulebook {
    /// The names of a classification ("functional_classes", "economic_classes"), replaced ones among them.
    pub fn class_names(&self, parameter: &str) -> impl Iterator<Item = Name<'_>> {
        let entries = self.dictionary(parameter).into_iter().flatten();
        entries.flat_map(|(code, names)| names.iter().map(|name| Name::of(code, name)))
    }

    /// The name of a code in a fiscal year.
    ///
    /// A name without years gives way to one that names the year: it is what the code is called now.
    pub fn class_name(&self, parameter: &str, code: &str, year: Option<i16>) -> Option<Name<'_>> {
        let (code, names) = self.dictionary(parameter)?.get_key_value(code)?;
        let mut names = names.iter().map(|name| Name::of(code, name));
        let in_use = names.clone().filter(|name| name.in_use(year));
        in_use
            .max_by_key(|name| (name.to.is_some(), name.from))
            .or_else(|| names.find(|name| name.to.is_none()))
    }

    /// What is listed under these words, whatever the year.
    pub fn class_named(&self, parameter: &str, words: &str) -> Option<Name<'_>> {
        let names = self.lexicons.classes.get_or_init(|| {
            let dictionaries = self.parameters.iter();
            dictionaries
                .filter(|(_, p)| matches!(p.value, ParameterValue::Dictionary(_)))
                .map(|(name, _)| (name.clone(), OnceLock::new()))
                .collect()
        });
        let index = names.get(parameter)?.get_or_init(|| {
            let mut index = HashMap::default();
            for (code, names) in self.dictionary(parameter).into_iter().flatten() {
                for (number, name) in names.iter().enumerate() {
                    index
                        .entry(comparable(Name::of(code, name).text))
                        .or_insert((code.clone(), number));
                }
            }
            index
        });
        let (code, number) = index.get(&comparable(words))?;
        let (code, names) = self.dictionary(parameter)?.get_key_value(code)?;
        Some(Name::of(code, names.get(*number)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    #[test]
    fn a_code_has_the_name_of_its_year() {
        let book = &Shelf::embedded().rulebooks["cn/mof/2020"];
        let name = |code, year| {
            book.class_name("functional_classes", code, year)
                .map(|n| n.text)
        };
        assert_eq!(name("220", Some(2018)), Some("国土海洋气象等支出"));
        assert_eq!(name("220", Some(2019)), Some("自然资源海洋气象等支出"));
        assert_eq!(name("220", None), Some("自然资源海洋气象等支出"));
        assert_eq!(name("220", Some(2010)), Some("国土资源气象等事务"));
        assert_eq!(
            name("2080505", None),
            Some("机关事业单位基本养老保险缴费支出")
        );
        assert_eq!(name("298", None), None);
        let named = |words| book.class_named("functional_classes", words);
        assert_eq!(named("卫生健康支出").map(|n| n.code), Some("210"));
        assert_eq!(
            named("医疗卫生与计划生育支出").and_then(|n| n.to),
            Some(2018)
        );
        assert_eq!(named("日常管理工作"), None);
        let economic = book.class_named("economic_classes", "维修(护)费");
        assert_eq!(economic.map(|n| n.code), Some("30213"));
    }

    #[test]
    fn every_verified_code_of_the_field_notes_has_its_name() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/domain/classification-codes.csv"
        );
        let Ok(codes) = std::fs::read_to_string(path) else {
            eprintln!("skipped: no {path}");
            return;
        };
        let book = &Shelf::embedded().rulebooks["cn/mof/2020"];
        let mut seen = 0;
        for (code, name) in codes.lines().skip(1).filter_map(|l| l.split_once(',')) {
            let parameter = match code.starts_with('3') {
                true => "economic_classes",
                false => "functional_classes",
            };
            let ours = book
                .class_name(parameter, code, None)
                .map(|n| comparable(n.text));
            assert_eq!(ours, Some(comparable(name)), "{code}");
            seen += 1;
        }
        assert!(seen > 100, "{seen} codes");
    }
}
