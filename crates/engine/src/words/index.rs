//! The forms of a package come in; each indicator judged once, for all rules, goes out.

use super::kind::{self, KindOf, Target};
use super::measure::{self, Measure};
use super::name::{self, Naming, bare};
use super::same::{self, Core};
use crate::rulebook::Rulebook;
use jiheng_model::form::Form;
use jiheng_model::{Filing, label};
use std::cell::OnceCell;
use std::sync::Arc;

/// The judgements on the indicators of a package, made form by form when a rule first asks.
#[derive(Debug, Default)]
pub struct Words {
    forms: Vec<OnceCell<Vec<Judged>>>,
}

/// What is known of an indicator by its words.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Its name on one line; empty when none is printed.
    pub name: String,
    /// Whether the name names a measure.
    pub naming: Naming,
    /// The word at its end by which it is a rate of 100 % at most.
    pub bounded: Option<Arc<str>>,
    /// What kind it is.
    pub kind: KindOf,
    /// Whether its target can be measured.
    pub target: Measure,
    /// Its name as names are compared.
    pub core: Core,
}

impl Words {
    /// The judgements on a filing; none is made yet.
    pub fn of(filing: &Filing) -> Words {
        Words {
            forms: filing.forms.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// The judgements on the indicators of a form, by their number in it.
    pub fn form(&self, index: usize, form: &Form, rulebook: &Rulebook) -> &[Judged] {
        let judged = self.forms.get(index);
        judged.map_or(&[], |cell| cell.get_or_init(|| judge(form, rulebook)))
    }
}

fn judge(form: &Form, rulebook: &Rulebook) -> Vec<Judged> {
    let vocabulary = rulebook.vocabulary();
    form.indicators()
        .map(|row| {
            let printed = row.name().map(|n| label::normalise(&n.text));
            let name = printed.unwrap_or_default();
            let target = row.target().map(|t| Target {
                text: &t.text,
                value: &t.value,
            });
            let kind = kind::kind(vocabulary, bare(&name), target.as_ref());
            let target = target.map_or(Measure::Blank, |t| measure::measure(vocabulary, &name, &t));
            let core = same::core(vocabulary, &name);
            let bounded = vocabulary.bounded.ending(bare(&name));
            Judged {
                naming: name::naming(vocabulary, &name),
                bounded: bounded.map(|found| found.word.clone()),
                name,
                kind,
                target,
                core,
            }
        })
        .collect()
}
