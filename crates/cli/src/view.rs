//! An evaluation of the engine comes in; the view that the renderers draw from goes out.

use crate::args::Material;
use crate::{Refusal, package};
use jiheng_engine::read::{is_readable, why_unreadable};
use jiheng_engine::rulebook::{Rulebook, Shelf};
use jiheng_engine::{Evaluation, check::listing};
use jiheng_model::RuleInfo;
use jiheng_render::{InForce, Results};

/// An evaluation with the facts about its rules.
pub struct View {
    /// What the corridor said.
    pub evaluation: Evaluation,
    /// Built-in and declared rules of the rulebook in force.
    pub rules: Vec<RuleInfo>,
}

/// Reads, recognises, scores and checks the material.
pub fn evaluate(material: &Material) -> Result<View, Refusal> {
    let package = package::read(&material.paths)?;
    let id = material.rulebook.as_deref();
    // A mistake of the program on one package is one clear sentence, not a trace.
    let evaluation =
        std::panic::catch_unwind(|| jiheng_engine::evaluate(&package, Shelf::embedded(), id))
            .map_err(|_| {
                Refusal(
            "程序在这份材料上出了错，没有核完；错在程序，不在材料。请把上面的英文发给维护者。"
                .into(),
        )
            })?
            .map_err(|unknown| {
                Refusal(format!(
                    "没有规程包 {}。有：{}。",
                    unknown.id,
                    unknown.known.join("、")
                ))
            })?;
    let reasons = why_unreadable(&evaluation.documents);
    if !is_readable(&evaluation.documents) {
        let reasons = if reasons.is_empty() {
            vec!["没有可读的文件。"]
        } else {
            reasons
        };
        return Err(Refusal(format!("读不了  {}", reasons.join("\n读不了  "))));
    }
    let rules = rules(&evaluation.rulebook);
    Ok(View { evaluation, rules })
}

/// Built-in and declared rules, by code.
pub fn rules(rulebook: &Rulebook) -> Vec<RuleInfo> {
    listing::rules(rulebook)
}

impl View {
    /// The view for the renderers.
    pub fn results(&self) -> Results<'_> {
        let e = &self.evaluation;
        Results {
            documents: &e.documents,
            filing: &e.filing,
            scorecard: &e.scorecard,
            findings: &e.checked.findings,
            outcomes: &e.checked.outcomes,
            rules: &self.rules,
            bases: &e.rulebook.bases,
            rulebook: InForce {
                id: &e.rulebook.id,
                version: &e.rulebook.version,
                title: &e.rulebook.title,
                why: &e.choice.why,
                fallback: e.choice.fallback,
            },
        }
    }

    /// Whether a finding is provably wrong, as an exit code.
    pub fn exit(&self) -> u8 {
        let wrong = self
            .evaluation
            .checked
            .findings
            .iter()
            .any(|f| f.severity == jiheng_model::Severity::Error);
        if wrong {
            crate::ERRORS_FOUND
        } else {
            crate::CLEAN
        }
    }
}
