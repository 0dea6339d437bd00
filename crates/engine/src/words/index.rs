//! The forms of a package come in; each indicator judged once, for all rules, goes out.

use super::kind::{self, KindOf, Target};
use super::measure::{self, Measure};
use super::name::{self, Naming, bare};
use super::same::{self, Core};
use crate::rulebook::Rulebook;
use jiheng_model::form::Form;
use jiheng_model::{Filing, Stated, label};
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
    /// The key of its 一级指标 ("output"), where that is known.
    pub dimension: Option<Arc<str>>,
    /// The key of its 二级指标 ("quantity"), where that is known.
    pub criterion: Option<Arc<str>>,
    /// One of the two is that of costs, under whichever heading it is printed.
    pub is_cost: bool,
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
    let (mut dimensions, mut criteria) = (Levels::of("dimensions"), Levels::of("criteria"));
    form.indicators()
        .map(|row| {
            let printed = row.name().map(|n| label::normalise(&n.text));
            let name = printed.unwrap_or_default();
            let target = row.target().map(|t| Target {
                text: &t.text,
                value: &t.value,
            });
            let bare = bare(&name);
            let kind = kind::kind(vocabulary, bare, target.as_ref());
            let target = target.map_or(Measure::Blank, |t| measure::measure(vocabulary, &name, &t));
            let core = same::core(vocabulary, bare);
            let bounded = vocabulary.bounded.ending(bare);
            let mut is_cost = |printed| {
                [&mut dimensions, &mut criteria]
                    .into_iter()
                    .any(|levels| levels.key(printed, rulebook).as_deref() == Some("cost"))
            };
            Judged {
                is_cost: is_cost(row.criterion()) || is_cost(row.dimension()),
                naming: name::naming(vocabulary, &name),
                bounded: bounded.map(|found| found.word.clone()),
                name,
                kind,
                target,
                core,
                dimension: dimensions.key(row.dimension(), rulebook),
                criterion: criteria.key(row.criterion(), rulebook),
            }
        })
        .collect()
}

/// The levels printed in a form, each looked up once.
struct Levels<'f> {
    dictionary: &'static str,
    known: Vec<(&'f str, Option<Arc<str>>)>,
}

impl<'f> Levels<'f> {
    fn of(dictionary: &'static str) -> Levels<'f> {
        Levels {
            dictionary,
            known: Vec::new(),
        }
    }

    fn key(&mut self, printed: Option<&'f Stated>, rulebook: &Rulebook) -> Option<Arc<str>> {
        let text = printed?.text.as_str();
        if let Some((_, key)) = self.known.iter().find(|(known, _)| *known == text) {
            return key.clone();
        }
        let key = rulebook.key_in(self.dictionary, text).map(Arc::from);
        self.known.push((text, key.clone()));
        key
    }
}
