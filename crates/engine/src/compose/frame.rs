//! What is known of unit, date and forms comes in; title, cover, annex list and lines to be signed go out.

use super::Writer;
use crate::rulebook::sentences::{Piece, Slot, pieces};
use jiheng_model::form::Copies;
use jiheng_model::label;

/// A date to be written by hand.
const NO_DATE: &str = "　　　　年　　月　　日";
/// Room for a name.
const NO_NAME: &str = "　　　　　　";

impl Writer<'_, '_> {
    pub(super) fn title(&mut self) {
        self.composed.title = self.filled("title").concat();
    }

    /// Lines of a cover; a report with a cover of its own keeps that.
    pub(super) fn cover(&mut self) {
        self.composed.cover = self.filled("cover");
    }

    /// The author's annex list and what follows it, else one of the forms that are there; then who signs.
    pub(super) fn closing(&mut self) {
        let narrative = &self.case.filing.narrative;
        let mut closing = match (narrative.annexes.is_empty(), narrative.span) {
            (false, Some((_, last))) => (self.body.end..=last)
                .map(|n| label::trim(self.case.report_line(n)).to_string())
                .filter(|l| !l.is_empty())
                .collect(),
            _ => self.annexes(),
        };
        if !closing.iter().any(|line| is_date(line)) {
            closing.extend(self.filled("closing"));
        }
        self.composed.closing = closing;
    }

    /// "附件：", then each kind of form that the rulebook lists and the package has.
    fn annexes(&self) -> Vec<String> {
        let filing = &self.case.filing;
        let kinds = self.case.rulebook.words("annexes_listed").iter();
        let mut names = Vec::new();
        for kind in kinds {
            let count = filing.of(kind).count();
            let Some(def) = self.case.rulebook.form(kind).filter(|_| count > 0) else {
                continue;
            };
            names.push(match def.copies {
                Copies::PerProject => format!("{}（{count}张）", def.title),
                _ => def.title.clone(),
            });
        }
        if names.is_empty() {
            return names;
        }
        let numbered = names.iter().enumerate();
        let lines = numbered.map(|(n, name)| format!("{}.{name}", n + 1));
        std::iter::once("附件：".to_string()).chain(lines).collect()
    }

    /// The lines of an entry that is no part of the outline; what is not known is left to be written by hand.
    fn filled(&mut self, entry: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for template in self.templates.get(entry).into_iter().flatten() {
            let mut line = String::new();
            for piece in pieces(template) {
                match piece {
                    Piece::Words(words) | Piece::Unclosed(words) => line.push_str(words),
                    Piece::Slot(slot) => line.push_str(&self.known(&slot)),
                }
            }
            lines.push(line);
        }
        lines
    }

    fn known(&mut self, slot: &Slot<'_>) -> String {
        let Slot::Item(item) = slot else {
            return String::new();
        };
        if let Some(value) = self.values.value(item) {
            return value.words;
        }
        if let Some(date) = self.dated().filter(|_| *item == "date") {
            return date;
        }
        let open = format!("封面和落款的{}没有填", self.values.name(item));
        self.composed.open.push(open);
        match *item {
            "date" => NO_DATE.to_string(),
            "year" => String::new(),
            _ => NO_NAME.to_string(),
        }
    }

    /// The date as the author printed it on his cover, also without a day ("2024年5月").
    fn dated(&self) -> Option<String> {
        let narrative = &self.case.filing.narrative;
        let (first, last) = narrative.span?;
        let head = narrative.sections.first().map_or(last, |s| s.paragraph);
        let mut lines = (first..head).map(|n| label::trim(self.case.report_line(n)));
        let written = |line: &&str| is_date(line) && !line.starts_with('年');
        lines.find(written).map(str::to_string)
    }
}

/// A line that is a date, or the room for one.
fn is_date(line: &str) -> bool {
    let compact: String = line.split_whitespace().collect();
    compact.chars().count() <= 14 && compact.contains('年') && compact.ends_with(['日', '月'])
}
