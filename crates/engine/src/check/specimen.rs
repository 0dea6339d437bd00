//! Paths and printed strings come in; a hand-built filing goes out, for the tests of rules.
//!
//! Only compiled for tests. Every value gets a place of its own, so that tests can ask where a
//! finding stands.

#![allow(missing_docs)] // what the fields of test material mean is plain from the tests

use super::passages::Texts;
use super::projects::Projects;
use super::report::{Case, Report};
use super::rule::Rule;
use crate::rulebook::{Parameter, ParameterValue, Rulebook};
use crate::words::Words;
use jiheng_model::document::{Block, Document, Format, Paragraph};
use jiheng_model::finding::Finding;
use jiheng_model::form::{Copies, FieldDef, FieldType, Form, FormDef, ListDef, Row, SlotIndex};
use jiheng_model::origin::Origin;
use jiheng_model::value::{Recognised, Stated};
use jiheng_model::{Basis, Fact, FactRole, Filing, Material, Scorecard, Unit};
use std::sync::Arc;

/// A filing under construction with the rulebook its rules read.
#[derive(Debug, Default)]
pub struct Specimen {
    pub filing: Filing,
    pub rulebook: Rulebook,
    pub scorecard: Scorecard,
    pub documents: Vec<Document>,
}

/// A list of a form: its key, its columns, its rows of printed strings (`None`: no such cell).
pub type List<'a> = (&'a str, &'a [&'a str], &'a [&'a [&'a str]]);

impl Specimen {
    /// Adds a form of a kind; table numbers count up, each value stands in a row of its own.
    pub fn form(mut self, kind: &str, values: &[(&str, &str)], lists: &[List<'_>]) -> Self {
        let file = 0;
        let table = self.filing.forms.len() as u32 + 1;
        let ordinal = self.filing.of(kind).count() as u16 + 1;
        let fields: Vec<FieldDef> = values.iter().map(|(path, _)| field(path)).collect();
        let list_defs = lists
            .iter()
            .map(|(key, columns, _)| list_def(key, columns))
            .collect();
        let def = FormDef {
            id: kind.into(),
            title: kind.into(),
            annex: None,
            copies: Copies::Optional,
            index: index(&fields),
            fields,
            lists: list_defs,
            basis: None,
            recognition: Default::default(),
            layout: None,
            indicator_columns: Default::default(),
        };
        let mut form = Form::empty(Arc::new(def), file);
        form.tables = vec![table];
        form.ordinal = ordinal;
        form.money_unit = Some(Unit::wan_yuan());
        let mut row = 0;
        for (slot, (_, text)) in values.iter().enumerate() {
            row += 1;
            form.values[slot] = Some(stated(text, Origin::cell(file, table, row, 1)));
        }
        for (number, (_, _, rows)) in lists.iter().enumerate() {
            for texts in *rows {
                row += 1;
                let values = texts
                    .iter()
                    .enumerate()
                    .map(|(col, text)| {
                        Some(stated(text, Origin::cell(file, table, row, col as u32 + 1)))
                    })
                    .collect();
                form.lists[number].push(Row {
                    values,
                    origin: Origin::cell(file, table, row, 1),
                });
            }
        }
        self.filing.forms.push(form);
        self
    }

    /// Adds a file of paragraphs; the first file so added is the report, all of it.
    pub fn prose(mut self, paragraphs: &[&str]) -> Self {
        let mut document = Document::empty("报告.txt", Format::Text);
        for (number, text) in paragraphs.iter().enumerate() {
            let start = document.text.len() as u32;
            document.text.push_str(text);
            document.paragraphs.push(Paragraph {
                text: start..document.text.len() as u32,
                numbering: 0,
                level: None,
                bytes: 0..0,
            });
            document.text.push('\n');
            document.blocks.push(Block::Paragraph(number as u32 + 1));
        }
        if !self.filing.narrative.exists() {
            self.filing.narrative.file = self.documents.len() as u16;
            self.filing.narrative.span = Some((1, paragraphs.len() as u32));
        }
        self.documents.push(document);
        self
    }

    /// Adds a fact of the dictionary with an amount in 万元.
    pub fn fact(mut self, item: &str, amount: &str) -> Self {
        self.filing.narrative.facts.push(Fact {
            label: item.into(),
            item: Some(item.into()),
            value: amount.parse().expect("a decimal in a test"),
            unit: Some(Unit::wan_yuan()),
            period: None,
            text: format!("{amount}万元"),
            origin: Origin::text(0, 1, 0, 1),
            role: FactRole::Amount,
            of: None,
            section: None,
            sentence: 1,
        });
        self
    }

    /// Sets the year of the last form.
    pub fn of_year(mut self, year: i16) -> Self {
        if let Some(form) = self.filing.forms.last_mut() {
            form.year = Some(year);
        }
        self
    }

    /// Makes the last form last year's material beside all others.
    pub fn of_last_year(self) -> Self {
        self.of_other_set(None, Some(0))
    }

    /// Makes the last form a set of material of its own: another unit's, or an earlier year's.
    pub fn of_other_set(mut self, unit: Option<&str>, before: Option<usize>) -> Self {
        let all = self.filing.forms.len();
        let year = |n: usize| self.filing.forms.get(n).and_then(|f| f.year);
        if self.filing.materials.is_empty() {
            self.filing.materials.push(Material {
                forms: (0..all - 1).collect(),
                year: year(0),
                ..Material::default()
            });
        }
        self.filing.materials.push(Material {
            forms: vec![all - 1],
            year: year(all - 1),
            unit: unit.map(String::from),
            before,
            ..Material::default()
        });
        self
    }

    /// Sets a number of the rulebook.
    pub fn number(self, name: &str, value: &str) -> Self {
        let value = ParameterValue::Number(value.parse().expect("a decimal in a test"));
        self.parameter(name, value)
    }

    /// Sets a lexicon of the rulebook.
    pub fn words(self, name: &str, words: &[&str]) -> Self {
        let value = ParameterValue::Words(words.iter().map(|w| w.to_string()).collect());
        self.parameter(name, value)
    }

    /// Sets a word of the rulebook.
    pub fn text(self, name: &str, word: &str) -> Self {
        self.parameter(name, ParameterValue::Text(word.into()))
    }

    /// Sets a dictionary of the rulebook.
    pub fn dictionary(self, name: &str, entries: &[(&str, &[&str])]) -> Self {
        let value = entries
            .iter()
            .map(|(key, words)| {
                (
                    key.to_string(),
                    words.iter().map(|w| w.to_string()).collect(),
                )
            })
            .collect();
        self.parameter(name, ParameterValue::Dictionary(value))
    }

    /// Sets a basis of the rulebook that binds.
    pub fn bound(mut self, key: &str) -> Self {
        self.rulebook.bases.insert(key.into(), basis());
        self
    }

    fn parameter(mut self, name: &str, value: ParameterValue) -> Self {
        self.rulebook.parameters.insert(
            name.into(),
            Parameter {
                value,
                basis: Vec::new(),
                from: "test".into(),
            },
        );
        self
    }

    /// Runs a function on the case.
    pub fn with<T>(&self, f: impl FnOnce(&Case<'_>) -> T) -> T {
        let (empty, unmatched) = (Texts::default(), Projects::default());
        let words = Words::of(&self.filing);
        let case = Case {
            documents: &self.documents,
            filing: &self.filing,
            scorecard: &self.scorecard,
            rulebook: &self.rulebook,
            texts: &empty,
            words: &words,
            projects: &unmatched,
        };
        let projects = Projects::of(&case);
        let texts = Texts::of(&case);
        f(&Case {
            texts: &texts,
            projects: &projects,
            ..case
        })
    }

    /// What a rule says of the specimen.
    pub fn run(&self, rule: &Rule) -> Said {
        self.with(|case| {
            let info = rule.info();
            let mut report = Report::new(*case, &info);
            (rule.run)(case, &mut report);
            Said {
                findings: report.drafts.iter().map(|d| d.finding.clone()).collect(),
                inputs: report.drafts.iter().map(|d| d.inputs.clone()).collect(),
                checked: report.checked,
                lacking: report.lacking.clone(),
            }
        })
    }
}

/// What a rule said.
#[derive(Debug)]
pub struct Said {
    pub findings: Vec<Finding>,
    pub inputs: Vec<Vec<Origin>>,
    pub checked: u32,
    pub lacking: Vec<String>,
}

impl Said {
    /// Messages of the findings.
    pub fn messages(&self) -> Vec<&str> {
        self.findings.iter().map(|f| f.message.as_str()).collect()
    }
}

/// A printed string at a place, meaning what it means in a column that says nothing about it.
pub fn stated(text: &str, origin: Origin) -> Stated {
    Stated {
        text: text.trim().into(),
        value: jiheng_model::parse::parse(text),
        origin,
        how: Recognised::Exact,
    }
}

/// A basis that binds, for rules that ask whether theirs resolves.
pub fn basis() -> Basis {
    Basis::Form {
        source: "test".into(),
        place: "test".into(),
        sentence: "test".into(),
    }
}

fn field(path: &str) -> FieldDef {
    FieldDef {
        path: path.into(),
        label: path.into(),
        ty: FieldType::Any,
        required: false,
    }
}

fn list_def(key: &str, columns: &[&str]) -> ListDef {
    let columns: Vec<FieldDef> = columns.iter().map(|c| field(c)).collect();
    ListDef {
        key: key.into(),
        label: key.into(),
        index: index(&columns),
        columns,
    }
}

fn index(fields: &[FieldDef]) -> SlotIndex {
    fields
        .iter()
        .enumerate()
        .map(|(slot, f)| (f.path.clone(), slot as u16))
        .collect()
}
