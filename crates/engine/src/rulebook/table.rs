//! A TOML table with spans comes in; typed values go out, and a problem for each value that is missing or malformed.

use super::problem::Problem;
use super::source::{At, Source};
use jiheng_model::Decimal;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table of a file, with the file for its spots.
#[derive(Clone)]
pub struct Table<'a> {
    /// The file.
    pub source: &'a Source,
    /// The entries.
    pub entries: &'a DeTable<'a>,
    /// Where the table stands.
    pub span: Range<usize>,
}

/// A string and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The string.
    pub text: String,
    /// Its place, quotes included.
    pub at: At,
}

impl<'a> Table<'a> {
    /// The spot of this table as a range of its file.
    pub fn at(&self) -> At {
        self.place(&self.span)
    }

    /// A range of this file.
    pub fn place(&self, span: &Range<usize>) -> At {
        At {
            path: self.source.path.clone(),
            span: span.clone(),
        }
    }

    /// Reports a problem at a range of this file.
    pub fn problem(
        &self,
        code: &'static str,
        message: impl Into<String>,
        span: &Range<usize>,
        problems: &mut Vec<Problem>,
    ) {
        problems.push(Problem::new(code, message, self.source.spot(span)));
    }

    /// The raw value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.entries.get(key)
    }

    /// An optional string.
    pub fn string(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Placed> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Placed {
                text: text.to_string(),
                at: self.place(&value.span()),
            }),
            _ => {
                self.problem(
                    "K102",
                    format!("{key} 应是一段文字"),
                    &value.span(),
                    problems,
                );
                None
            }
        }
    }

    /// A string that must be there; the empty string when it is not.
    pub fn required(&self, key: &str, problems: &mut Vec<Problem>) -> Placed {
        if self.get(key).is_none() {
            self.problem("K102", format!("缺少 {key}"), &self.span, problems);
        }
        self.string(key, problems).unwrap_or_else(|| Placed {
            text: String::new(),
            at: self.at(),
        })
    }

    /// A list of strings; a single string counts as a list of one. `None` when the key is absent.
    pub fn strings(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Vec<Placed>> {
        let value = self.get(key)?;
        let one = |v: &'a Spanned<DeValue<'a>>, problems: &mut Vec<Problem>| match word(v.get_ref())
        {
            Some(text) => Some(Placed {
                text,
                at: self.place(&v.span()),
            }),
            None => {
                self.problem("K102", format!("{key} 里应都是文字"), &v.span(), problems);
                None
            }
        };
        Some(match value.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(|v| one(v, problems)).collect(),
            _ => one(value, problems).into_iter().collect(),
        })
    }

    /// A table under a key.
    pub fn table(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Table<'a>> {
        let value = self.get(key)?;
        match as_table(self.source, value) {
            Some(table) => Some(table),
            None => {
                self.problem("K102", format!("{key} 应是一个表"), &value.span(), problems);
                None
            }
        }
    }

    /// The named tables under a key, by name: `[basis.x]`, `[basis.y]`.
    pub fn named(&self, key: &str, problems: &mut Vec<Problem>) -> Vec<(Placed, Table<'a>)> {
        let Some(outer) = self.table(key, problems) else {
            return Vec::new();
        };
        let mut named = Vec::new();
        for (name, value) in outer.entries.iter() {
            match as_table(self.source, value) {
                Some(table) => named.push((
                    Placed {
                        text: name.get_ref().to_string(),
                        at: self.place(&name.span()),
                    },
                    table,
                )),
                None => self.problem(
                    "K102",
                    format!("{key}.{} 应是一个表", name.get_ref()),
                    &value.span(),
                    problems,
                ),
            }
        }
        named
    }

    /// The tables of an array under a key: `[[rule]]`.
    pub fn array(&self, key: &str, problems: &mut Vec<Problem>) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.problem(
                "K102",
                format!("{key} 应是一组表，写作 [[{key}]]"),
                &value.span(),
                problems,
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match as_table(self.source, item) {
                Some(table) => tables.push(table),
                None => self.problem("K102", format!("{key} 里应都是表"), &item.span(), problems),
            }
        }
        tables
    }

    /// Reports every key that is not one of `known`.
    pub fn only(&self, known: &[&str], problems: &mut Vec<Problem>) {
        for (key, _) in self.entries.iter() {
            if !known.contains(&key.get_ref().as_ref()) {
                let message = format!(
                    "不认识的键 {}，可用的有：{}",
                    key.get_ref(),
                    known.join("、")
                );
                self.problem("K103", message, &key.span(), problems);
            }
        }
    }
}

/// A value as a table with its place.
pub fn as_table<'a>(source: &'a Source, value: &'a Spanned<DeValue<'a>>) -> Option<Table<'a>> {
    match value.get_ref() {
        DeValue::Table(entries) => Some(Table {
            source,
            entries,
            span: value.span(),
        }),
        _ => None,
    }
}

/// A word of a list: a string, or an integer as its digits.
pub fn word(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().replace('_', "")),
        _ => None,
    }
}

/// An exact number: an integer, or a decimal written as a string.
pub fn decimal(value: &DeValue<'_>) -> Option<Decimal> {
    Decimal::from_str_exact(word(value)?.trim()).ok()
}

/// Words by key: `{ 产出 = 50, 效益 = ["30"] }`.
pub fn dictionary(table: &Table<'_>, problems: &mut Vec<Problem>) -> BTreeMap<String, Vec<String>> {
    let mut words = BTreeMap::new();
    for (key, _) in table.entries.iter() {
        let key = key.get_ref().as_ref();
        let list = table.strings(key, problems).unwrap_or_default();
        words.insert(key.to_string(), list.into_iter().map(|p| p.text).collect());
    }
    words
}

/// The byte in the file at which byte `offset` of a string's value stands.
///
/// `raw` is the string as written, quotes included. Escapes are followed; an offset beyond the end is the end.
pub fn raw_offset(raw: &str, offset: usize) -> usize {
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let Some(quote) = quotes.iter().find(|q| raw.starts_with(**q)) else {
        return offset.min(raw.len());
    };
    let mut at = quote.len();
    if quote.len() == 3 {
        at += if raw[at..].starts_with("\r\n") {
            2
        } else {
            usize::from(raw[at..].starts_with('\n'))
        };
    }
    let mut value = 0;
    let basic = quote.starts_with('"');
    let mut chars = raw[at..].chars().peekable();
    while value < offset {
        let Some(c) = chars.next() else { break };
        if c != '\\' || !basic {
            at += c.len_utf8();
            value += c.len_utf8();
            continue;
        }
        let digits = match chars.next() {
            Some('u') => 4,
            Some('U') => 8,
            Some('x') => 2,
            Some(_) => 0,
            None => break,
        };
        let code: String = chars.by_ref().take(digits).collect();
        at += 2 + code.len();
        value += u32::from_str_radix(&code, 16)
            .ok()
            .and_then(char::from_u32)
            .map_or(1, char::len_utf8);
    }
    at.min(raw.len())
}
