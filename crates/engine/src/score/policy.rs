//! A rulebook comes in; the parameters that decide a score (赋分规则), looked up once per package, go out.
//!
//! Nothing of a policy is written here: thresholds, bands and lexicons are data of the rulebook.

use crate::rulebook::{Band, Rulebook};
use jiheng_model::Decimal;

/// How scores are given under a rulebook.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The rulebook it was taken from.
    pub rulebook: &'a Rulebook,
    /// Completion below which nothing is given (及格门槛), 0 when the policy is plain proportion.
    pub pass_threshold: Decimal,
    /// Shares of the points of 预算执行率 by execution rate; empty: proportional.
    pub execution_bands: &'a [Band],
    /// Shares of the points by 满意度; empty: like other quantities.
    pub satisfaction_bands: &'a [Band],
    /// Lowest shares of the points of the three grades of a qualitative target, highest first.
    pub qualitative_bands: &'a [Band],
    /// Completion from which an over-achievement needs a reason (1.3 = 130 %).
    pub over_threshold: Option<Decimal>,
    /// Digits after the point of a score.
    pub places: u32,
    /// Words with which an actual value says that a target was reached.
    pub reached_words: &'a [String],
    /// Words that say it was reached in part or not.
    pub short_words: &'a [String],
    /// Words of a quantity of which less is better (事故, 投诉 …).
    pub less_is_better: &'a [String],
    /// Words that turn a cost into something of which more is better (节约 …).
    pub more_is_better: &'a [String],
}

impl<'a> Policy<'a> {
    /// The policy of a rulebook; what the rulebook does not say is proportional and unrounded to two places.
    pub fn of(rulebook: &'a Rulebook) -> Policy<'a> {
        Policy {
            rulebook,
            pass_threshold: rulebook.number("pass_threshold").unwrap_or(Decimal::ZERO),
            execution_bands: rulebook.bands("execution_bands"),
            satisfaction_bands: rulebook.bands("satisfaction_bands"),
            qualitative_bands: rulebook.bands("qualitative_bands"),
            over_threshold: rulebook.number("over_threshold"),
            places: rulebook
                .number("score_places")
                .and_then(|n| u32::try_from(n).ok())
                .unwrap_or(2)
                .min(8),
            reached_words: rulebook.words("reached_words"),
            short_words: rulebook.words("short_words"),
            less_is_better: rulebook.words("less_is_better"),
            more_is_better: rulebook.words("more_is_better"),
        }
    }

    /// The key of a first-level indicator ("output") by its printed words ("产出指标\n（50分）").
    pub fn dimension(&self, printed: &str) -> Option<&'a str> {
        self.rulebook.key_in("dimensions", printed)
    }

    /// The key of a second-level indicator ("quantity") by its printed words.
    pub fn criterion(&self, printed: &str) -> Option<&'a str> {
        self.rulebook.key_in("criteria", printed)
    }

    /// Keys of the bases of a parameter.
    pub fn basis(&self, parameter: &str) -> Vec<String> {
        self.rulebook
            .parameters
            .get(parameter)
            .map(|p| p.basis.clone())
            .unwrap_or_default()
    }
}
