//! An evaluated package comes in; its report, with the sentences that carry numbers written anew from the forms, goes out.
//!
//! The sentences are the rulebook's (`report_sentences`). A generated sentence and the form cannot
//! disagree: the number is the cell's. A sentence whose number is nowhere is not written but listed.

mod slots;

use crate::Evaluation;
use crate::check::remedies::{remedies, unpaired};
use crate::check::report::Case;
use crate::check::with_case;
use jiheng_model::composed::{Composed, Line, LineKind};
use jiheng_model::narrative::{FactRole, Section};
use jiheng_model::origin::At;
use jiheng_model::{Decimal, label};
use slots::{Sentence, Slots};
use std::collections::BTreeMap;

/// The parameter with the sentences.
pub const SENTENCES: &str = "report_sentences";
/// The entry that is no section of the report.
const PUBLICATION: &str = "publication";

/// Puts the report of a package together; `None` when the rulebook has no sentences for it.
pub fn compose(evaluation: &Evaluation) -> Option<Composed> {
    let templates = evaluation.rulebook.dictionary(SENTENCES)?;
    let (documents, filing) = (&evaluation.documents, &evaluation.filing);
    Some(with_case(
        documents,
        filing,
        &evaluation.scorecard,
        &evaluation.rulebook,
        |case| Writer::new(case, templates).write(),
    ))
}

struct Writer<'c, 'a> {
    case: &'c Case<'a>,
    sentences: BTreeMap<&'c str, Vec<Sentence>>,
    composed: Composed,
}

impl<'c, 'a> Writer<'c, 'a> {
    fn new(case: &'c Case<'a>, templates: &'c BTreeMap<String, Vec<String>>) -> Self {
        let slots = Slots::of(case);
        let sentences = templates
            .iter()
            .map(|(key, texts)| {
                let written = texts.iter().map(|text| slots.fill(text));
                (key.as_str(), written.collect())
            })
            .collect();
        let year = case.filing.year.map(|y| format!("{y}年度"));
        Writer {
            composed: Composed {
                title: format!(
                    "{}{}整体支出绩效自评报告",
                    year.unwrap_or_default(),
                    slots.value("unit").unwrap_or_default()
                ),
                ..Composed::default()
            },
            case,
            sentences,
        }
    }

    fn write(mut self) -> Composed {
        let narrative = &self.case.filing.narrative;
        let rulebook = self.case.rulebook;
        let levels = rulebook.dictionary("outline_levels");
        let level = |n: &str| {
            levels
                .and_then(|l| l.get(n))
                .map_or(&[] as &[String], Vec::as_slice)
        };
        let required = rulebook.words("outline_required").iter();
        let mut number = 0;
        let mut under: Option<&str> = None;
        let mut pending: Vec<&str> = Vec::new();
        for key in required {
            if level("2").contains(key) {
                // A part of the section before it: written where the author has it, else at its end.
                if narrative.section(key).is_none() {
                    pending.push(key);
                }
                continue;
            }
            self.parts(&mut pending, under);
            number += 1;
            under = Some(key);
            self.section(key, number);
        }
        self.parts(&mut pending, under);
        self.pairs();
        for sentence in self.sentences.remove(PUBLICATION).unwrap_or_default() {
            match sentence.missing.is_empty() {
                true => self.composed.publication.push(sentence.text),
                false => self.open(&sentence),
            }
        }
        self.composed
    }

    /// Parts of a section that the author did not write.
    fn parts(&mut self, pending: &mut Vec<&str>, _under: Option<&str>) {
        for key in std::mem::take(pending) {
            let title = self.title(key);
            self.heading(2, title.clone());
            if !self.generated(key) {
                self.composed.open.push(format!("“{title}”没有写"));
            }
        }
    }

    fn section(&mut self, key: &str, number: usize) {
        let case = self.case;
        let mark = NUMBERS.get(number.saturating_sub(1)).copied().unwrap_or("");
        let Some(section) = case.filing.narrative.section(key) else {
            let title = self.title(key);
            self.heading(1, format!("{mark}、{title}"));
            if !self.generated(key) {
                self.composed.open.push(format!("“{title}”没有写"));
            }
            return;
        };
        self.heading(1, format!("{mark}、{}", section.title));
        self.generated(key);
        for line in section.paragraph.saturating_add(1)..=section.last {
            let sections = &case.filing.narrative.sections;
            match sections
                .iter()
                .find(|s| s.paragraph == line && s.level <= 3)
            {
                Some(inner) if is_heading(case, inner) => {
                    let text = label::trim(case.report_line(line)).to_string();
                    self.heading(inner.level, text);
                    if let Some(key) = inner.key.as_deref() {
                        self.generated(key);
                    }
                }
                _ => self.author(line),
            }
        }
    }

    /// The generated sentences of a section as one paragraph; false when there is none.
    fn generated(&mut self, key: &str) -> bool {
        let mut text = String::new();
        for sentence in self.sentences.get(key).cloned().unwrap_or_default() {
            match sentence.missing.is_empty() {
                true => text.push_str(&sentence.text),
                false => self.open(&sentence),
            }
        }
        let any = !text.is_empty();
        if any {
            self.line(LineKind::Generated, text);
        }
        any
    }

    /// A paragraph of the author's without the sentences that only say what a generated one says.
    fn author(&mut self, line: u32) {
        let text = self.case.report_line(line);
        let mut kept = String::new();
        let mut from = 0u32;
        for sentence in text.split_inclusive('。') {
            let to = from + sentence.chars().count() as u32;
            match self.is_said(line, (from, to)) {
                true => {
                    let replaced = label::trim(sentence).to_string();
                    self.composed.replaced.push(replaced);
                }
                false => {
                    self.contradictions(line, (from, to));
                    kept.push_str(sentence);
                }
            }
            from = to;
        }
        let kept = label::trim(&kept).to_string();
        if !kept.is_empty() {
            self.line(LineKind::Author, kept);
        }
    }

    /// Every number of the sentence is of an item that a generated sentence says.
    fn is_said(&self, line: u32, (from, to): (u32, u32)) -> bool {
        let within = |at: At| match at {
            At::Text { paragraph, chars } => paragraph == line && from <= chars.0 && chars.1 <= to,
            At::Cell { .. } => false,
        };
        let narrative = &self.case.filing.narrative;
        let mut facts = narrative
            .facts
            .iter()
            .filter(|f| within(f.origin.at) && !matches!(f.role, FactRole::Share | FactRole::Grade))
            .peekable();
        let said = |item: &str| self.is_written(item);
        // A long sentence says more than its numbers.
        let short = to - from <= LONGEST;
        short && facts.peek().is_some() && facts.all(|f| f.item.as_deref().is_some_and(said))
    }

    /// Numbers of a sentence that is kept which are not those of the forms: the author is to settle them.
    fn contradictions(&mut self, line: u32, (from, to): (u32, u32)) {
        let slots = Slots::of(self.case);
        let narrative = &self.case.filing.narrative;
        for fact in &narrative.facts {
            let At::Text { paragraph, chars } = fact.origin.at else {
                continue;
            };
            let within = paragraph == line && from <= chars.0 && chars.1 <= to;
            let current = fact.period.is_none() || fact.period == narrative.year;
            let counted = matches!(fact.role, FactRole::Amount | FactRole::Count);
            let Some(item) = fact.item.as_deref() else {
                continue;
            };
            if !within || !current || !counted || !self.is_written(item) {
                continue;
            }
            let form = slots.value(item);
            let number = form.as_deref().and_then(|v| v.parse::<Decimal>().ok());
            if let (Some(form), Some(number)) = (form, number)
                && number != fact.amount().unwrap_or(fact.value)
            {
                self.composed.open.push(format!(
                    "原文“{}{}”与附件的 {form} 不同，核对后改一处",
                    fact.label, fact.text
                ));
            }
        }
    }

    /// A generated sentence says this item.
    fn is_written(&self, item: &str) -> bool {
        let written = self.sentences.values().flatten();
        let mut whole = written.filter(|s| s.missing.is_empty());
        whole.any(|s| s.items.iter().any(|i| i == item))
    }

    /// Problems that no measure answers are still to be filled in.
    fn pairs(&mut self) {
        let found = remedies(self.case);
        let (Some(problems), Some(measures)) = (found.problems, found.measures) else {
            return;
        };
        let least = self.case.rulebook.number("remedies_alike");
        let (lone, _) = unpaired(&problems, &measures, least.unwrap_or(Decimal::ONE));
        for problem in lone.iter().filter_map(|n| problems.items.get(*n)) {
            let open = format!("问题“{}”没有对应的措施", problem.title);
            self.composed.open.push(open);
        }
    }

    fn open(&mut self, sentence: &Sentence) {
        let said = format!("{}（缺 {}）", sentence.text, sentence.missing.join("、"));
        self.composed.open.push(said);
    }

    fn heading(&mut self, level: u8, text: String) {
        self.line(LineKind::Heading(level), text);
    }

    fn line(&mut self, kind: LineKind, text: String) {
        self.composed.lines.push(Line { kind, text });
    }

    fn title(&self, key: &str) -> String {
        crate::check::rules::n301::name(self.case, key)
    }
}

/// A heading stands on a line of its own.
fn is_heading(case: &Case<'_>, section: &Section) -> bool {
    let line = label::trim(case.report_line(section.paragraph));
    line.chars().count() <= section.title.chars().count() + section.mark.chars().count() + 2
}

/// Sentences of more characters are kept, whatever numbers they have.
const LONGEST: u32 = 60;

const NUMBERS: [&str; 20] = [
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四",
    "十五", "十六", "十七", "十八", "十九", "二十",
];

#[cfg(test)]
mod tests;
