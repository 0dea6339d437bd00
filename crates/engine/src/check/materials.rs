//! A bundle of several sets of material comes in; the files of one set, one outcome for all of them,
//! and which set is last year's of which go out.

use super::report::Case;
use jiheng_model::document::Document;
use jiheng_model::finding::{Outcome, OutcomeKind};
use jiheng_model::form::Form;
use jiheng_model::{Filing, Format, Material};

/// The files as one set of material sees them: those of other sets are empty. What belongs to no set goes with the first.
pub fn files_of(documents: &[Document], filing: &Filing, number: usize) -> Vec<Document> {
    let owner = |file: u16| {
        let owners = filing.materials.iter();
        owners
            .enumerate()
            .filter(move |(_, m)| m.files.contains(&file))
    };
    let sees = |file: u16| {
        let mut owners = owner(file).map(|(at, _)| at).peekable();
        match owners.peek() {
            Some(_) => owners.any(|at| at == number),
            None => number == 0 && !filing.beside.contains(&file),
        }
    };
    documents
        .iter()
        .enumerate()
        .map(|(file, document)| match sees(file as u16) {
            true => document.clone(),
            false => Document::empty(document.name.clone(), Format::Text),
        })
        .collect()
}

/// Adds what a rule came to in another set of material: the worst of them stands for the rule.
pub fn join(told: &mut Outcome, new: Outcome) {
    let gravity = |kind: OutcomeKind| match kind {
        OutcomeKind::Fail => 3,
        OutcomeKind::NotEnoughData => 2,
        OutcomeKind::Pass => 1,
        OutcomeKind::NotApplicable => 0,
    };
    if gravity(new.outcome) > gravity(told.outcome) {
        told.outcome = new.outcome;
    }
    told.checked = told.checked.saturating_add(new.checked);
    if told.note.is_empty() {
        told.note = new.note;
    } else if !new.note.is_empty() && !told.note.contains(&new.note) {
        told.note.push('；');
        told.note.push_str(&new.note);
    }
}

/// A set of material and last year's of the same unit, by their forms in the filing.
#[derive(Clone, Copy, Debug)]
pub struct Years<'a> {
    /// This year's.
    pub now: &'a Material,
    /// Last year's; `None` when it is not in the bundle.
    pub before: Option<&'a Material>,
}

/// The sets of material that are checked, each with last year's; none when the bundle holds one set.
pub fn years<'a>(case: &Case<'a>) -> Vec<Years<'a>> {
    let all = &case.filing.materials;
    let checked = all.iter().enumerate().filter(|(_, m)| m.before.is_none());
    checked
        .map(|(at, now)| Years {
            now,
            before: all.iter().filter(|m| m.before == Some(at)).find(|m| {
                m.year
                    .zip(now.year)
                    .is_some_and(|(a, b)| a.checked_add(1) == Some(b))
            }),
        })
        .collect()
}

/// The forms of a kind among a material's, with their index in the filing.
pub fn forms<'a>(
    case: &Case<'a>,
    material: &'a Material,
    kind: &'a str,
) -> impl Iterator<Item = (usize, &'a Form)> {
    let all = &case.filing.forms;
    let own = material.forms.iter();
    own.filter_map(move |index| Some((*index, all.get(*index)?)))
        .filter(move |(_, form)| form.kind() == kind)
}
