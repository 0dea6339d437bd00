//! An evaluated package comes in; its report, with the sentences that carry numbers written anew from the forms, goes out.
//!
//! The sentences are the rulebook's (`report_sentences`). A generated sentence and the form cannot
//! disagree: the number is the cell's. A sentence whose number is nowhere is not written but listed.
//! The author's text is kept line by line, in the order of the outline.

mod author;
mod frame;
mod measures;
mod slots;
mod values;

use crate::Evaluation;
use crate::check::report::Case;
use crate::check::with_case;
use crate::rulebook::sentences::{RESERVED, SENTENCES};
use author::Body;
use jiheng_model::composed::{Composed, Line, LineKind};
use jiheng_model::label;
use jiheng_model::narrative::{MarkStyle, Section};
use measures::Measures;
use slots::Sentence;
use std::collections::BTreeMap;
use values::Values;

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
    values: Values<'c, 'a>,
    templates: &'c BTreeMap<String, Vec<String>>,
    /// The sentences of each part of the outline that is written, filled.
    sentences: BTreeMap<&'c str, Vec<Sentence>>,
    body: Body,
    measures: Measures,
    /// Headings so far: of the first level, and of the second under the last one.
    numbers: [usize; 2],
    composed: Composed,
}

impl<'c, 'a> Writer<'c, 'a> {
    fn new(case: &'c Case<'a>, templates: &'c BTreeMap<String, Vec<String>>) -> Self {
        let values = Values::of(case);
        let narrative = &case.filing.narrative;
        let is_written = |key: &str| {
            let required = case.rulebook.words("outline_required");
            !RESERVED.contains(&key)
                && (required.iter().any(|r| r == key) || narrative.section(key).is_some())
        };
        let sentences = templates
            .iter()
            .filter(|(key, _)| is_written(key))
            .map(|(key, texts)| {
                let written = texts.iter().map(|text| slots::fill(text, &values));
                (key.as_str(), written.collect())
            })
            .collect();
        Writer {
            body: Body::of(case),
            measures: Measures::of(case),
            composed: Composed::default(),
            numbers: [0; 2],
            case,
            values,
            templates,
            sentences,
        }
    }

    fn write(mut self) -> Composed {
        self.title();
        let rulebook = self.case.rulebook;
        let levels = rulebook.dictionary("outline_levels");
        let second = levels
            .and_then(|l| l.get("2"))
            .map_or(&[][..], Vec::as_slice);
        let mut pending: Vec<&str> = Vec::new();
        for key in rulebook.words("outline_required") {
            if second.contains(key) {
                // A part of the section before it: written where the author has it, else at its end.
                if self.case.filing.narrative.section(key).is_none() {
                    pending.push(key);
                }
                continue;
            }
            self.parts(&mut pending);
            self.section(key);
        }
        self.parts(&mut pending);
        self.open_problems();
        self.publication();
        self.cover();
        self.closing();
        let sentences = self.sentences.values().flatten();
        let whole = sentences.filter(|s| s.is_whole());
        self.composed.said = whole.flat_map(|s| s.says.iter().cloned()).collect();
        let mut told = std::collections::BTreeSet::new();
        self.composed.open.retain(|open| told.insert(open.clone()));
        self.composed
    }

    /// Parts of a section that the author did not write.
    fn parts(&mut self, pending: &mut Vec<&str>) {
        for key in std::mem::take(pending) {
            let title = self.name(key);
            self.heading(2, &title, None);
            if !self.generated(key) {
                self.composed.open.push(format!("“{title}”没有写"));
            }
        }
    }

    /// A section of the first level: its heading, what is generated, what the author wrote.
    fn section(&mut self, key: &str) {
        let case = self.case;
        let Some(section) = case.filing.narrative.section(key) else {
            let title = self.name(key);
            self.heading(1, &title, None);
            if !self.generated(key) {
                self.composed.open.push(format!("“{title}”没有写"));
            }
            return;
        };
        match is_heading(case, section) {
            true => {
                self.heading(1, &section.title, Some(section.paragraph));
                self.generated(key);
            }
            // The text begins on the heading's own line.
            false => {
                let title = self.name(key);
                self.heading(1, &title, None);
                self.generated(key);
                self.author(section.paragraph);
            }
        }
        let lines = self.body.of_part(key);
        let lines = match key {
            "measures" => self.measures.in_order(lines),
            _ => lines,
        };
        for line in lines {
            self.line_of_author(line);
        }
    }

    /// A line of the author's under its section: a heading, or text.
    fn line_of_author(&mut self, line: u32) {
        let case = self.case;
        let sections = &case.filing.narrative.sections;
        let inner = sections
            .iter()
            .find(|s| s.paragraph == line && s.level <= 3);
        match inner {
            Some(inner) if is_heading(case, inner) => {
                self.inner_heading(inner);
                self.generated_for(inner);
            }
            Some(inner) => {
                self.author(line);
                self.generated_for(inner);
            }
            None => self.author(line),
        }
    }

    fn generated_for(&mut self, section: &Section) {
        if let Some(key) = section.key.as_deref() {
            self.generated(key);
        }
    }

    /// A heading of the author's; numbers of the first two levels are counted anew.
    fn inner_heading(&mut self, section: &Section) {
        let line = label::trim(self.case.report_line(section.paragraph));
        let counted = matches!(
            section.style,
            MarkStyle::ChineseBracketed | MarkStyle::ArabicBracketed | MarkStyle::None
        );
        match section.level {
            1 => self.heading(1, &section.title, Some(section.paragraph)),
            2 if counted => self.heading(2, &section.title, Some(section.paragraph)),
            level => {
                let text = self.measures.led(section.paragraph, line);
                self.line(LineKind::Heading(level), text, Some(section.paragraph));
            }
        }
    }

    /// The generated sentences of a part as paragraphs; false when there is none. A sentence that begins with a line break begins a paragraph.
    fn generated(&mut self, key: &str) -> bool {
        let mut text = String::new();
        for sentence in self.sentences.get(key).cloned().unwrap_or_default() {
            match sentence.is_whole() {
                true => text.push_str(&sentence.text),
                false => self.open(&sentence),
            }
        }
        let paragraphs = text.split('\n').filter(|p| !p.is_empty());
        let paragraphs: Vec<String> = paragraphs.map(str::to_string).collect();
        let any = !paragraphs.is_empty();
        for paragraph in paragraphs {
            self.line(LineKind::Generated, paragraph, None);
        }
        any
    }

    /// The paragraph for the published final accounts.
    fn publication(&mut self) {
        for template in self.templates.get("publication").into_iter().flatten() {
            let sentence = slots::fill(template, &self.values);
            match sentence.is_whole() {
                true => self.composed.publication.push(sentence.text),
                false => self.open(&sentence),
            }
        }
    }

    /// A sentence that cannot be written: what is missing, and which material would have it.
    fn open(&mut self, sentence: &Sentence) {
        if sentence.reasons.is_empty() && self.author_says(&sentence.missing) {
            return;
        }
        let mut names: Vec<String> = Vec::new();
        let mut materials: Vec<&str> = Vec::new();
        let slots = self.case.rulebook.dictionary("report_slots");
        for item in &sentence.missing {
            let name = self.values.name(item);
            if !names.contains(&name) {
                names.push(name);
            }
            let of = slots.and_then(|s| s.get(item)).and_then(|s| s.get(1));
            if let Some(material) = of.filter(|m| !materials.contains(&m.as_str())) {
                materials.push(material);
            }
        }
        let mut why = Vec::new();
        if !names.is_empty() {
            why.push(format!("缺{}", names.join("、")));
        }
        if !materials.is_empty() {
            why.push(format!("放入{}再写一次，或自己填", materials.join("、")));
        }
        why.extend(sentence.reasons.iter().cloned());
        let said = format!("“{}”：{}", label::trim(&sentence.text), why.join("；"));
        self.composed.open.push(said);
    }

    /// Numbers its headings of the first two levels.
    fn heading(&mut self, level: u8, title: &str, line: Option<u32>) {
        let number = match level {
            1 => {
                self.numbers = [self.numbers[0] + 1, 0];
                self.numbers[0]
            }
            _ => {
                self.numbers[1] += 1;
                self.numbers[1]
            }
        };
        let mark = chinese(number);
        let text = match level {
            1 => format!("{mark}、{title}"),
            _ => format!("（{mark}）{title}"),
        };
        self.line(LineKind::Heading(level), text, line);
    }

    fn line(&mut self, kind: LineKind, text: String, line: Option<u32>) {
        self.composed.lines.push(Line { kind, text, line });
    }

    fn name(&self, key: &str) -> String {
        crate::check::rules::n301::name(self.case, key)
    }
}

/// A heading stands on a line of its own.
fn is_heading(case: &Case<'_>, section: &Section) -> bool {
    let line = label::trim(case.report_line(section.paragraph));
    line.chars().count() <= section.title.chars().count() + section.mark.chars().count() + 2
}

/// 1 一, 12 十二, 20 二十; a number beyond 99 in digits.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: usize| DIGITS.get(n).copied().unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_string(),
        (1, ones) => format!("十{}", digit(ones)),
        (tens, ones) if tens < 10 => format!("{}十{}", digit(tens), digit(ones)),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests;
