//! The paragraphs of final accounts come in; the amounts their sentences state, by item, go out.
//!
//! "其中：基本支出 5377.64 万元" says an outturn; "年初预算为", "比上年增加", "占" and the like make an
//! amount something else. What cannot be told is left out.

use crate::narrative::numbers;
use crate::recognize::year_in;
use crate::rulebook::Rulebook;
use jiheng_model::label::{half_width, is_blank};
use jiheng_model::unit::Dimension;
use jiheng_model::{AccountFigure, Accounts, Document, Origin};
use std::collections::BTreeMap;

/// The words that decide what an amount says.
struct Words<'a> {
    subjects: &'a BTreeMap<String, Vec<String>>,
    within: Option<&'a BTreeMap<String, Vec<String>>>,
    skip: &'a [String],
    outturn: &'a [String],
    budget: &'a [String],
    fillers: &'a [String],
    persons: &'a [String],
}

/// Reads the sentences of a document of final accounts.
pub(super) fn read(document: &Document, rulebook: &Rulebook, accounts: &mut Accounts) {
    let Some(subjects) = rulebook.dictionary("accounts_subjects") else {
        return;
    };
    let words = Words {
        subjects,
        within: rulebook.dictionary("accounts_within"),
        skip: rulebook.words("accounts_skip"),
        outturn: rulebook.words("accounts_outturn"),
        budget: rulebook.words("accounts_budget"),
        fillers: rulebook.words("accounts_fillers"),
        persons: rulebook.words("accounts_persons"),
    };
    let mut run = Run::default();
    for number in 1..=document.paragraphs.len() as u32 {
        let text = document.paragraph_text(number);
        if run.ends_before(text) {
            run.read(&words, accounts);
        }
        run.add(number, text);
    }
    run.read(&words, accounts);
}

/// Lines that belong together: a paragraph, or the lines it was broken into.
#[derive(Default)]
struct Run {
    text: String,
    /// For each character of the text its paragraph and its character there.
    at: Vec<(u32, u32)>,
}

impl Run {
    /// A new paragraph begins with this line.
    fn ends_before(&self, line: &str) -> bool {
        let begins = |c: char| "一二三四五六七八九十（(".contains(c) || c.is_ascii_digit();
        let first = line.chars().find(|c| !is_blank(*c));
        // A line that ends in the middle of a sentence goes on, unless the next begins with a number of its own.
        let numbered = first.is_some_and(begins)
            && line
                .chars()
                .take(6)
                .any(|c| "、.．".contains(c) || c == '）' || c == ')');
        // A heading stands by itself.
        let heading = self.text.chars().count() <= 30
            && self.text.starts_with(begins)
            && !self.text.contains(['。', '元', ',', '，']);
        heading
            || self.text.ends_with(['。', '；', '：', ':', ';'])
            || self.text.is_empty()
            || numbered
    }

    fn add(&mut self, number: u32, line: &str) {
        for (at, c) in line.chars().enumerate() {
            if !is_blank(c) && !crate::narrative::terms::is_quote(c) {
                self.text.push(half_width(c));
                self.at.push((number, at as u32));
            }
        }
    }

    fn read(&mut self, words: &Words<'_>, accounts: &mut Accounts) {
        let text = std::mem::take(&mut self.text);
        let places = std::mem::take(&mut self.at);
        // What the paragraph has been speaking of, the widest first.
        let mut wholes: Vec<&str> = Vec::new();
        let mut begin = 0;
        for sentence in text.split_inclusive('。') {
            let mut subject: Option<&str> = None;
            let mut from = 0;
            while let Some(number) = numbers::next(sentence, from) {
                let lead = &sentence[from..number.start];
                from = number.end;
                let (own, tail) = match last_subject(lead, words.subjects) {
                    Some((item, end)) => (Some(item), &lead[end..]),
                    None => (None, lead),
                };
                subject = own.or(subject);
                let Some(item) = subject else { continue };
                let Some(unit) = number.unit.clone().filter(|_| !number.loose) else {
                    continue;
                };
                let person = words.persons.iter().any(|p| p == item);
                let fits = match unit.dimension {
                    Dimension::Money => !person,
                    Dimension::Person => person,
                    _ => false,
                };
                if !fits || other_year(lead, accounts.year) {
                    continue;
                }
                let Some(outturn) = states(own.is_some(), tail, words) else {
                    continue;
                };
                if words.is_part(item) && words.whole_of(item, &wholes).is_none() {
                    continue;
                }
                if own.is_some() && words.is_parent(item) {
                    let whole = words.whole_of(item, &wholes);
                    wholes.truncate(whole.map_or(0, |at| at + 1));
                    wholes.push(item);
                }
                let chars = |byte: usize| sentence[..byte].chars().count() + begin;
                let (first, last) = (chars(number.start), chars(number.end));
                let Some(&(paragraph, start)) = places.get(first) else {
                    continue;
                };
                let here = places[first..last.min(places.len())]
                    .iter()
                    .take_while(|(p, _)| *p == paragraph);
                let end = here.last().map_or(start, |(_, c)| *c) + 1;
                let text = &sentence[number.start..number.end];
                accounts.figures.push(AccountFigure {
                    item: if outturn {
                        item.to_string()
                    } else {
                        format!("{item}.budget")
                    },
                    label: spoken(lead),
                    value: number.value,
                    unit: Some(unit),
                    text: text.to_string(),
                    origin: Origin::text(accounts.file, paragraph, start, end),
                });
            }
            begin += sentence.chars().count();
        }
    }
}

impl Words<'_> {
    /// Other items are parts of this one.
    fn is_parent(&self, item: &str) -> bool {
        let mut all = self.within.into_iter().flat_map(|w| w.values().flatten());
        all.any(|p| p == item)
    }

    /// The item says what is meant only as a part of another.
    fn is_part(&self, item: &str) -> bool {
        self.within.is_some_and(|w| w.contains_key(item))
    }

    /// Which of the wholes the item is a part of.
    fn whole_of(&self, item: &str, wholes: &[&str]) -> Option<usize> {
        let known = self.within?.get(item)?;
        wholes.iter().rposition(|w| known.iter().any(|k| k == w))
    }
}

/// The subject named last in a text and the byte after it; of words at one end the longest.
fn last_subject<'a>(
    text: &str,
    subjects: &'a BTreeMap<String, Vec<String>>,
) -> Option<(&'a str, usize)> {
    let mut best: Option<(usize, usize, &str)> = None;
    for (item, names) in subjects {
        for name in names {
            if let Some(at) = text.rfind(name.as_str()) {
                let found = (at + name.len(), name.len(), item.as_str());
                if best.is_none_or(|b| (b.0, b.1) < (found.0, found.1)) {
                    best = Some(found);
                }
            }
        }
    }
    best.map(|(end, _, item)| (item, end))
}

/// `Some(true)` when the words before an amount make it an outturn, `Some(false)` a budget.
fn states(named: bool, tail: &str, words: &Words<'_>) -> Option<bool> {
    let has = |list: &[String]| list.iter().any(|w| tail.contains(w.as_str()));
    if has(words.skip) {
        return None;
    }
    if has(words.outturn) {
        return Some(true);
    }
    if has(words.budget) {
        return Some(false);
    }
    // Between brackets only explanations stand.
    let mut rest = tail.to_string();
    while let (Some(open), Some(close)) = (rest.find('('), rest.find(')')) {
        if open > close {
            break;
        }
        rest.replace_range(open..=close, "");
    }
    for filler in words.fillers {
        rest = rest.replace(filler.as_str(), "");
    }
    (named && rest.is_empty()).then_some(true)
}

/// The words name a year that is not the accounts' own.
fn other_year(lead: &str, year: Option<i16>) -> bool {
    year_in(lead).is_some_and(|named| year.is_some_and(|own| own != named))
}

/// The last words before an amount, for people.
fn spoken(lead: &str) -> String {
    let clause = lead
        .rsplit([',', ';', '，', '；', ':', '：'])
        .find(|c| !c.is_empty());
    let words = clause.unwrap_or(lead);
    let from = words.chars().count().saturating_sub(24);
    words.chars().skip(from).collect()
}
