//! A rulebook and, for a form or a row, its own printed rule come in; the scoring policy (赋分办法) that holds for it goes out.
//!
//! Nothing of a policy is written here: thresholds, bands and lexicons are data of the rulebook.

use super::printed::{self, Printed};
use crate::rulebook::policies::{Over, Part, Scoring};
use crate::rulebook::{Band, Rulebook};
use jiheng_model::{Decimal, Form, Stated};

/// How scores are given under a rulebook.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// The rulebook it was taken from.
    pub rulebook: &'a Rulebook,
    /// The named policy; `None` when the rulebook has none: plain proportion.
    pub scoring: Option<&'a Scoring>,
    /// The row or the form prints a rule of its own, read as it stands.
    pub printed: Printed<'a>,
    /// The id of the form it is about; empty when it is about none.
    pub form: &'a str,
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
    /// The policy of a rulebook for forms that it does not tell apart.
    pub fn of(rulebook: &'a Rulebook) -> Policy<'a> {
        Policy {
            rulebook,
            scoring: rulebook.policy_of_form(""),
            printed: Printed::Nothing,
            form: "",
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

    /// The policy for a form: the one its note names, else the one for its kind.
    pub fn of_form(rulebook: &'a Rulebook, form: &'a Form) -> Policy<'a> {
        let kind = form.kind();
        let policy = Policy {
            form: kind,
            scoring: rulebook.policy_of_form(kind),
            ..Policy::of(rulebook)
        };
        // A note explains much besides scores: only what it says of deductions binds, and only where it is understood.
        match form.get("note").filter(|s| s.value.is_present()) {
            Some(note) => match rulebook.policy_said(kind, &note.text) {
                Some(scoring) => Policy {
                    scoring: Some(scoring),
                    ..policy
                },
                None => match printed::takes_points(rulebook, &note.text) {
                    Some(clause) => Policy {
                        printed: Printed::Unread(clause),
                        ..policy
                    },
                    None => policy,
                },
            },
            None => policy,
        }
    }

    /// The policy for a row: its own printed rule (评分标准) comes before the form's.
    pub fn of_row(&self, standard: Option<&'a Stated>) -> Policy<'a> {
        let Some(text) = standard.filter(|s| s.value.is_present()).map(|s| &*s.text) else {
            return *self;
        };
        let printed = printed::read(self.rulebook, text);
        let scoring = match printed {
            // What is read as it stands needs no name.
            Printed::Nothing | Printed::Steps { .. } => self.scoring,
            Printed::Unread(_) => match self.rulebook.policy_said(self.form, text) {
                Some(scoring) => {
                    return Policy {
                        scoring: Some(scoring),
                        printed: Printed::Nothing,
                        ..*self
                    };
                }
                None => self.scoring,
            },
        };
        Policy {
            scoring,
            printed,
            ..*self
        }
    }

    /// Completion below which nothing is given (及格门槛), 0 when the policy is plain proportion, 1 when only full completion counts.
    pub fn pass(&self) -> Decimal {
        let pass = self.scoring.and_then(|s| s.pass.as_ref());
        let pass = pass.map_or(Decimal::ZERO, |p| p.is);
        pass.clamp(Decimal::ZERO, Decimal::ONE)
    }

    /// The bands of a part of the policy ("execution", "satisfaction", "qualitative", "cap"); empty when it has none.
    pub fn bands(&self, part: &str) -> &'a [Band] {
        self.scoring.map_or(&[], |s| s.bands(part))
    }

    /// Points of 预算执行率 where the form prints none.
    pub fn execution_points(&self) -> Option<&'a Part<Decimal>> {
        self.scoring?.execution_points.as_ref()
    }

    /// What becomes of points when far more was done than the target asked.
    pub fn over(&self) -> Option<&'a Over> {
        Some(&self.scoring?.over.as_ref()?.is)
    }

    /// The policy's name; empty when the rulebook has none.
    pub fn name(&self) -> &'a str {
        self.scoring.map_or("", |s| &s.name)
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

    /// Keys of the bases of a part of the policy; of the policy as a whole where the part has none of its own.
    pub fn basis_of(&self, part: &str) -> Vec<String> {
        fn own<T>(part: &Option<Part<T>>) -> Option<&Vec<String>> {
            part.as_ref().map(|p| &p.basis)
        }
        let Some(scoring) = self.scoring else {
            return Vec::new();
        };
        let own = match part {
            "pass" => own(&scoring.pass),
            "execution" => own(&scoring.execution),
            "execution_points" => own(&scoring.execution_points),
            "satisfaction" => own(&scoring.satisfaction),
            "qualitative" => own(&scoring.qualitative),
            "over" => own(&scoring.over),
            "cap" => own(&scoring.cap),
            "folded" => own(&scoring.folded),
            _ => None,
        };
        own.unwrap_or(&scoring.basis).clone()
    }
}
