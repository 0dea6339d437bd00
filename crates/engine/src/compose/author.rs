//! The author's report comes in; its lines by part of the outline, without what a generated sentence says already, go out.

use super::Writer;
use crate::check::report::Case;
use jiheng_model::composed::LineKind;
use jiheng_model::label;
use jiheng_model::narrative::FactRole;
use jiheng_model::origin::At;

/// The lines of the body, each with the part of the outline's first level it is printed under.
#[derive(Debug, Default)]
pub(super) struct Body {
    lines: Vec<(String, u32)>,
    /// The first line of the annex list, or the line after the report.
    pub end: u32,
}

impl Body {
    pub fn of(case: &Case<'_>) -> Body {
        let narrative = &case.filing.narrative;
        let (Some((_, last)), Some(first)) = (narrative.span, narrative.sections.first()) else {
            return Body::default();
        };
        let end = list_start(case).unwrap_or(last.saturating_add(1));
        let levels = case.rulebook.dictionary("outline_levels");
        let second = levels.and_then(|l| l.get("2"));
        let required = case.rulebook.words("outline_required").iter();
        let parts: Vec<_> = required
            .filter(|key| second.is_none_or(|s| !s.contains(key)))
            .filter_map(|key| Some((key, narrative.section(key)?)))
            .collect();
        let mut lines = Vec::new();
        // A section that the outline does not know stays behind the one it follows.
        let mut part = parts.iter().min_by_key(|p| p.1.paragraph).map(|p| p.0);
        for line in first.paragraph..end {
            let of = parts
                .iter()
                .filter(|(_, s)| s.paragraph <= line && line <= s.last);
            if let Some((key, section)) = of.max_by_key(|(_, s)| s.paragraph) {
                part = Some(key);
                if section.paragraph == line {
                    continue;
                }
            }
            if let Some(key) = part {
                lines.push((key.clone(), line));
            }
        }
        Body { lines, end }
    }

    /// The lines under a part, its own heading excepted.
    pub fn of_part(&self, key: &str) -> Vec<u32> {
        let lines = self.lines.iter().filter(|(part, _)| part == key);
        lines.map(|(_, line)| *line).collect()
    }
}

/// The line that opens the annex list: the first annex's, or the one above it that ends with a colon.
fn list_start(case: &Case<'_>) -> Option<u32> {
    let first = case.filing.narrative.annexes.first()?;
    let first = match first.origin.at {
        At::Text { paragraph, .. } => paragraph,
        At::Cell { row, .. } => row,
    };
    let above = (1..first)
        .rev()
        .find(|n| !label::trim(case.report_line(*n)).is_empty());
    let opens = |n: &u32| label::trim(case.report_line(*n)).ends_with(['：', ':']);
    Some(above.filter(opens).unwrap_or(first))
}

impl Writer<'_, '_> {
    /// A paragraph of the author's without the sentences that only say what a generated one says.
    pub(super) fn author(&mut self, line: u32) {
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
        let kept = self.measures.led(line, label::trim(&kept));
        if !kept.is_empty() {
            self.line(LineKind::Author, kept, Some(line));
        }
    }

    /// Every number of the sentence is of an item that a generated sentence says.
    fn is_said(&self, line: u32, (from, to): (u32, u32)) -> bool {
        let mut facts = self
            .case
            .filing
            .narrative
            .facts
            .iter()
            .filter(|f| within(f.origin.at, line, (from, to)))
            .filter(|f| !matches!(f.role, FactRole::Share | FactRole::Grade))
            .peekable();
        let said = |item: &str| self.is_written(item);
        // A long sentence says more than its numbers.
        let short = to - from <= LONGEST;
        short && facts.peek().is_some() && facts.all(|f| f.item.as_deref().is_some_and(said))
    }

    /// Numbers of a sentence that is kept which are not those of the forms: the author is to settle them.
    fn contradictions(&mut self, line: u32, chars: (u32, u32)) {
        let narrative = &self.case.filing.narrative;
        for fact in &narrative.facts {
            let current = fact.period.is_none() || fact.period == narrative.year;
            let counted = matches!(fact.role, FactRole::Amount | FactRole::Count);
            let Some(item) = fact.item.as_deref() else {
                continue;
            };
            if !within(fact.origin.at, line, chars)
                || !current
                || !counted
                || !self.is_written(item)
            {
                continue;
            }
            if let Some(value) = self.values.value(item)
                && let Some(number) = value.number
                && number != fact.amount().unwrap_or(fact.value)
            {
                self.composed.open.push(format!(
                    "原文“{}{}”与附件的 {} 不同，核对后改一处",
                    fact.label, fact.text, value.words
                ));
            }
        }
    }

    /// A generated sentence says this item.
    fn is_written(&self, item: &str) -> bool {
        let written = self.sentences.values().flatten();
        let mut whole = written.filter(|s| s.is_whole());
        whole.any(|s| s.says.iter().any(|i| i.item == item))
    }

    /// The author has numbers for what the forms lack: nothing is left to fill in.
    pub(super) fn author_says(&self, missing: &[String]) -> bool {
        let facts = &self.case.filing.narrative.facts;
        let says = |item: &String| match item.strip_suffix(".*") {
            None => facts.iter().any(|f| f.item.as_ref() == Some(item)),
            // A list of classes or projects: amounts that are parts of another.
            Some(_) => {
                let of = |f: &jiheng_model::Fact| facts.get(f.of?)?.item.as_deref();
                let parts = facts.iter().filter(|f| f.role == FactRole::Amount);
                let listed = parts.filter(|f| of(f) == Some("project"));
                listed.count() > 1
            }
        };
        missing.iter().any(says)
    }

    /// Problems and measures without a counterpart are still to be filled in.
    pub(super) fn open_problems(&mut self) {
        let open = std::mem::take(&mut self.measures.open);
        self.composed.open.extend(open);
    }
}

fn within(at: At, line: u32, (from, to): (u32, u32)) -> bool {
    let (of, chars) = match at {
        At::Text { paragraph, chars } => (paragraph, chars),
        At::Cell { row, chars, .. } => (row, chars.unwrap_or_default()),
    };
    of == line && from <= chars.0 && chars.1 <= to
}

/// Sentences of more characters are kept, whatever numbers they have.
const LONGEST: u32 = 60;
