//! TOML files of a rulebook folder come in; one immutable, linted `Rulebook` goes out.

pub mod calendar;
mod choose;
pub mod classes;
pub mod codes;
mod declared;
mod extend;
mod form_files;
pub mod forms;
mod layer;
pub mod lexicons;
pub mod library;
mod lint;
mod lint_policies;
mod lint_words;
pub mod notice;
pub mod policies;
mod problem;
pub mod sentences;
mod shelf;
mod source;
mod table;

pub use declared::{DeclaredRule, Run};
pub use problem::{Problem, Spot, infos};
pub use source::embedded_files;

use crate::narrative::terms::Terms;
use crate::words::Vocabulary;
use jiheng_model::{Basis, Decimal, FormDef};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A rulebook in force: the folder and everything it extends, merged by label.
#[derive(Debug, Default)]
pub struct Rulebook {
    /// "cn/hunan/yueyang/2023".
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// Version of the data ("0.1.0").
    pub version: String,
    /// Ids from the base to this one.
    pub chain: Vec<String>,
    /// First and last fiscal year it is in force.
    pub in_force: (Option<i16>, Option<i16>),
    /// What in a document points to it.
    pub choose: Choose,
    /// Forms.
    pub forms: Vec<Arc<FormDef>>,
    /// Parameters and lexicons by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// Scoring policies by name, completed.
    pub policies: BTreeMap<String, policies::Scoring>,
    /// Legal and factual bases by key.
    pub bases: BTreeMap<String, Basis>,
    /// Declared rules by code.
    pub rules: Vec<Arc<DeclaredRule>>,
    /// The library of indicators, by code.
    pub library: Vec<Arc<library::Entry>>,
    /// The lexicons of the report, made ready once.
    pub terms: OnceLock<Terms>,
    /// The words on indicators, made ready once.
    pub vocabulary: OnceLock<Vocabulary>,
    /// Searches for the words of the lexicons, made at first use.
    pub lexicons: lexicons::Lexicons,
}

/// What in a document points to a rulebook. All of it is data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choose {
    /// Names of the place with which the name of a unit or a title begins ("岳阳").
    pub places: Vec<String>,
    /// Names of regulations, numbers of forms.
    pub words: Vec<String>,
    /// Words that speak against it: another rule set is named as well.
    pub unless: Vec<String>,
    /// Words printed in its forms.
    pub forms: Vec<String>,
    /// So many of them are enough to know the forms.
    pub forms_enough: usize,
    /// It stands in when nothing points anywhere.
    pub fallback: bool,
}

/// A dated, sourced value of a rulebook; lexicons are parameters too.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The value.
    pub value: ParameterValue,
    /// Keys of its bases.
    pub basis: Vec<String>,
    /// The rulebook that sets it.
    pub from: String,
}

/// Kinds of parameter values.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// An exact number (a rate is a fraction: 0.9).
    Number(Decimal),
    /// A word.
    Text(String),
    /// A lexicon.
    Words(Vec<String>),
    /// Bands from the highest to the lowest.
    Bands(Vec<Band>),
    /// A dictionary: key → words (item key → synonyms, dimension → points as text …).
    Dictionary(BTreeMap<String, Vec<String>>),
}

/// A band of a scale: values of at least `min` (and below the next higher band) are called `is`.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Lowest value in the band.
    pub min: Decimal,
    /// Where the band ends, when the rulebook says so: the next higher band must begin there.
    pub below: Option<Decimal>,
    /// Its name ("优秀") or value as text.
    pub is: String,
}

/// All rulebooks at hand, loaded once.
#[derive(Debug, Default)]
pub struct Shelf {
    /// Rulebooks by id.
    pub rulebooks: BTreeMap<String, Arc<Rulebook>>,
    /// What the lint has to say about them, by file and line.
    pub problems: Vec<Problem>,
    /// Ids of the rulebooks of the folder it was loaded from; none for the program's own shelf.
    pub own: Vec<String>,
    /// The words by which documents point to rulebooks, made into one search at first use.
    pub pointers: choose::Pointers,
}

/// Why a rulebook was chosen.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Plain Chinese.
    pub why: String,
    /// Nothing in the document pointed to it; the national one stands in.
    pub fallback: bool,
}

/// No rulebook of this id is on the shelf.
#[derive(Debug)]
pub struct Unknown {
    /// The id that was asked for.
    pub id: String,
    /// Ids there are.
    pub known: Vec<String>,
}

impl Rulebook {
    /// The lexicons by which the report is read, made ready at the first call.
    pub fn terms(&self) -> &Terms {
        self.terms.get_or_init(|| Terms::of(self))
    }

    /// The words by which indicators are judged, made ready at the first call.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary.get_or_init(|| Vocabulary::of(self))
    }

    /// A numeric parameter.
    pub fn number(&self, name: &str) -> Option<Decimal> {
        match self.parameters.get(name)?.value {
            ParameterValue::Number(n) => Some(n),
            _ => None,
        }
    }

    /// A lexicon; empty when the rulebook has none of this name.
    pub fn words(&self, name: &str) -> &[String] {
        match self.parameters.get(name).map(|p| &p.value) {
            Some(ParameterValue::Words(w)) => w,
            _ => &[],
        }
    }

    /// A scale of bands, highest first.
    pub fn bands(&self, name: &str) -> &[Band] {
        match self.parameters.get(name).map(|p| &p.value) {
            Some(ParameterValue::Bands(b)) => b,
            _ => &[],
        }
    }

    /// A dictionary parameter.
    pub fn dictionary(&self, name: &str) -> Option<&BTreeMap<String, Vec<String>>> {
        match self.parameters.get(name).map(|p| &p.value) {
            Some(ParameterValue::Dictionary(d)) => Some(d),
            _ => None,
        }
    }

    /// A word.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.parameters.get(name).map(|p| &p.value) {
            Some(ParameterValue::Text(t)) => Some(t),
            _ => None,
        }
    }

    /// The grade of a total under the parameter `rating`.
    pub fn grade(&self, total: Decimal) -> Option<&str> {
        self.bands("rating")
            .iter()
            .find(|b| total >= b.min)
            .map(|b| b.is.as_str())
    }

    /// The form of this id.
    pub fn form(&self, id: &str) -> Option<&Arc<FormDef>> {
        self.forms.iter().find(|f| f.id == id)
    }

    /// A basis by key.
    pub fn basis(&self, key: &str) -> Option<&Basis> {
        self.bases.get(key)
    }
}
