//! The report's paragraphs and a form's reason columns come in; whether something is explained in them goes out.
//!
//! A rule asks about a form that looks unusual; a package that says why is left in peace. The words
//! that make an explanation are lexicons of the rulebook.

use super::passages::report_passages;
use super::projects;
use super::report::Case;
use jiheng_model::form::Form;
use jiheng_model::label;
use jiheng_model::parse::number_at;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Unit};

/// How far something is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Explained {
    /// Nothing is said of it.
    No,
    /// A reason is given, without the amount.
    InWords,
    /// The amount or the rate itself is given.
    Exactly,
}

/// A change of a form's budget during the year, in 万元.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// 年初预算数.
    pub from: Decimal,
    /// 全年预算数.
    pub to: Decimal,
}

impl Change {
    /// 全年预算数 − 年初预算数.
    pub fn gap(&self) -> Option<Decimal> {
        self.to.checked_sub(self.from)
    }

    /// The change in percent of the original budget; `None` when there was none.
    pub fn percent(&self) -> Option<Decimal> {
        self.gap()?
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(self.from)
    }
}

/// Whether the change of a form's budget is explained.
pub fn change(case: &Case<'_>, form: &Form, change: Change) -> Explained {
    let gap = change.gap().map(|g| g.abs());
    let percent = change.percent().map(|p| p.abs());
    texts(case, form, "adjustment_words")
        .into_iter()
        .map(|text| {
            let exact = numbers(text).any(|n| match n.of {
                Measure::Money => Some(n.value) == gap,
                Measure::Percent => percent.is_some_and(|p| round(p, n.value.scale()) == n.value),
            });
            match exact {
                true => Explained::Exactly,
                false if case.rulebook.has_word_of("reason_words", text) => Explained::InWords,
                false => Explained::No,
            }
        })
        .max()
        .unwrap_or(Explained::No)
}

/// Whether a text about the form has a word of the lexicon `about` and a word of the lexicon of reasons.
pub fn in_words(case: &Case<'_>, form: &Form, about: &str) -> bool {
    texts(case, form, about)
        .into_iter()
        .any(|text| case.rulebook.has_word_of("reason_words", text))
}

/// The paragraphs of the report that have a word of a lexicon.
pub fn speaking<'a>(case: &Case<'a>, about: &str) -> Vec<&'a str> {
    let mark = case.rulebook.mark(about);
    report_passages(case)
        .iter()
        .filter(|passage| passage.marks & mark != 0)
        .map(|passage| passage.text)
        .collect()
}

/// What is said with a word of the lexicon `about` on a form: its own reason columns and goals, and the report (for a project: where it is named).
fn texts<'a>(case: &Case<'a>, form: &'a Form, about: &str) -> Vec<&'a str> {
    let name = form.project_name().map(|n| projects::bare_name(&n.text));
    let mut texts: Vec<&str> = form
        .indicators()
        .filter_map(|i| i.reason())
        .map(|r| r.text.as_str())
        .collect();
    texts.extend(
        ["goal_actual", "note"]
            .iter()
            .filter_map(|path| form.text(path)),
    );
    texts.retain(|text| case.rulebook.has_word_of(about, text));
    texts.extend(
        speaking(case, about)
            .into_iter()
            .filter(|text| match &name {
                Some(name) => projects::mentions(text, name),
                None => form.kind() != "project",
            }),
    );
    texts
}

/// A number in a text.
struct Number {
    value: Decimal,
    of: Measure,
}

#[derive(PartialEq, Eq)]
enum Measure {
    /// In 万元.
    Money,
    Percent,
}

/// Amounts and percentages in a text.
fn numbers(text: &str) -> impl Iterator<Item = Number> {
    let plain: String = text
        .chars()
        .filter(|c| !label::is_blank(*c))
        .map(label::half_width)
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = plain[at..].find(|c: char| c.is_ascii_digit()) {
        at += step;
        let Some((value, length)) = number_at(&plain[at..]) else {
            at += plain[at..]
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(plain.len() - at)
                .max(1);
            continue;
        };
        at += length;
        if let Some((unit, _)) = Unit::prefix_of(&plain[at..]) {
            if let Some(amount) = unit.convert(value, &Unit::wan_yuan()) {
                found.push(Number {
                    value: amount,
                    of: Measure::Money,
                });
            } else if unit == Unit::percent() {
                found.push(Number {
                    value,
                    of: Measure::Percent,
                });
            }
        }
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(report: &[&str]) -> Specimen {
        Specimen::default()
            .words("adjustment_words", &["追加", "调增"])
            .words("reason_words", &["原因", "用于"])
            .form("project", &[("project_name", "甲河治理项目")], &[])
            .form("department", &[("unit_name", "某局")], &[])
            .prose(report)
    }

    fn said(report: &[&str], form: usize, from: i64, to: i64) -> Explained {
        let specimen = specimen(report);
        specimen.with(|case| {
            change(
                case,
                &case.filing.forms[form],
                Change {
                    from: Decimal::from(from),
                    to: Decimal::from(to),
                },
            )
        })
    }

    #[test]
    fn the_amount_or_the_rate_of_a_change_explains_it_exactly() {
        assert_eq!(said(&["年中追加50万元。"], 1, 100, 150), Explained::Exactly);
        assert_eq!(
            said(&["年中追加500,000元。"], 1, 100, 150),
            Explained::Exactly
        );
        assert_eq!(
            said(&["预算追加，增长 50.0％。"], 1, 100, 150),
            Explained::Exactly
        );
        assert_eq!(
            said(&["年中追加51万元，用于防汛。"], 1, 100, 150),
            Explained::InWords
        );
        assert_eq!(said(&["年中追加51万元。"], 1, 100, 150), Explained::No);
        assert_eq!(said(&["年中增加50万元。"], 1, 100, 150), Explained::No);
    }

    #[test]
    fn a_project_is_explained_where_it_is_named() {
        assert_eq!(
            said(&["“甲河治理”调增 50.00 万元"], 0, 100, 150),
            Explained::Exactly
        );
        assert_eq!(
            said(&["乙湖监测调增 50.00 万元，原因是上级下达"], 0, 100, 150),
            Explained::No
        );
    }

    #[test]
    fn broken_numbers_do_not_stop_the_reading() {
        assert_eq!(
            said(&["1.2.3，12,34，追加50万元"], 1, 100, 150),
            Explained::Exactly
        );
        assert_eq!(
            said(
                &["99999999999999999999999999999999999999999999追加50万元"],
                1,
                100,
                150
            ),
            Explained::Exactly
        );
    }
}
