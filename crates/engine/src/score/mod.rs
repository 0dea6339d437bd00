//! A filing and a rulebook come in; the recomputed scores, rates and ratios (复算值) with their traces go out.

pub mod form;
pub mod judge;
pub mod policy;
pub mod printed;
pub mod ratio;
#[cfg(test)]
pub(crate) mod tests;

use crate::rulebook::Rulebook;
use jiheng_model::{Filing, Scorecard};
use policy::Policy;

/// Recomputes everything that the rulebook has a formula for.
pub fn score(filing: &Filing, rulebook: &Rulebook) -> Scorecard {
    let forms = filing
        .forms
        .iter()
        .enumerate()
        .filter_map(|(index, form)| form::form(index, form, &Policy::of_form(rulebook, form)))
        .collect();
    // Ratios are of the set of material in question.
    let own = filing.material(0);
    Scorecard {
        forms,
        ratios: ratio::ratios(own.as_ref().unwrap_or(filing), rulebook),
    }
}
