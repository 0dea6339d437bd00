//! A filing and a rulebook come in; the recomputed scores, rates and ratios (复算值) with their traces go out.

use crate::rulebook::Rulebook;
use jiheng_model::{Filing, Scorecard};

/// Recomputes everything that the rulebook has a formula for.
pub fn score(_filing: &Filing, _rulebook: &Rulebook) -> Scorecard {
    Scorecard::default()
}
