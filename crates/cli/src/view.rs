//! An evaluation of the engine comes in; the view that the renderers draw from goes out.

use crate::args::Material;
use crate::{Refusal, package};
use jiheng_engine::read::{is_readable, why_unreadable};
use jiheng_engine::rulebook::{Rulebook, Shelf, Unknown};
use jiheng_engine::{Evaluation, check::listing};
use jiheng_model::RuleInfo;
use jiheng_render::{InForce, Results};
use std::path::Path;

/// An evaluation with the facts about its rules.
pub struct View {
    /// What the corridor said.
    pub evaluation: Evaluation,
    /// Built-in and declared rules of the rulebook in force.
    pub rules: Vec<RuleInfo>,
}

/// The shelf to choose from, and the id asked for: of the program's own rulebooks, or of a folder on the disk.
pub enum Books {
    /// The program's own.
    Own(Option<String>),
    /// A folder that was named; the id when it holds one rulebook.
    Folder(Shelf, Option<String>),
}

impl Books {
    /// The shelf.
    pub fn shelf(&self) -> &Shelf {
        match self {
            Books::Own(_) => Shelf::embedded(),
            Books::Folder(shelf, _) => shelf,
        }
    }

    /// The rulebook asked for.
    pub fn id(&self) -> Option<&str> {
        match self {
            Books::Own(id) | Books::Folder(_, id) => id.as_deref(),
        }
    }
}

/// What `--rulebook` names: an id of the program's own shelf, or a folder, which is refused when anything is wrong in it.
pub fn books(named: Option<&str>) -> Result<Books, Refusal> {
    let own = named.is_none_or(|id| Shelf::embedded().rulebooks.contains_key(id));
    let folder = named.map(Path::new).filter(|p| !own && p.is_dir());
    let Some(folder) = folder else {
        return Ok(Books::Own(named.map(str::to_string)));
    };
    let mut shelf = Shelf::from_folder(folder);
    if !shelf.problems.is_empty() {
        let mut sentence = format!(
            "没有载入规程包 {}：有 {} 处问题，改好后再用。",
            folder.display(),
            shelf.problems.len()
        );
        for problem in &shelf.problems {
            sentence.push_str(&format!("\n\n{problem}"));
        }
        return Err(Refusal(sentence));
    }
    let own = shelf.own.clone();
    if let [only] = own.as_slice() {
        return Ok(Books::Folder(shelf, Some(only.clone())));
    }
    // A shelf of one's own takes the place of the program's: the material chooses among its rulebooks.
    shelf.rulebooks.retain(|id, _| own.contains(id));
    Ok(Books::Folder(shelf, None))
}

/// Reads, recognises, scores and checks the material.
pub fn evaluate(material: &Material) -> Result<View, Refusal> {
    let package = package::read(&material.paths)?;
    let books = books(material.rulebook.as_deref())?;
    // A mistake of the program on one package is one clear sentence, not a trace.
    let evaluation =
        std::panic::catch_unwind(|| jiheng_engine::evaluate(&package, books.shelf(), books.id()))
            .map_err(|_| {
                Refusal(
            "程序在这份材料上出了错，没有核完；错在程序，不在材料。请把上面的英文发给维护者。"
                .into(),
        )
            })?
            .map_err(|unknown| Refusal(no_rulebook(&unknown)))?;
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

fn no_rulebook(unknown: &Unknown) -> String {
    let known = unknown.known.join("、");
    match unknown.id.as_str() {
        "" => format!(
            "材料没有指明用哪一个规程包。有：{known}；请把 --rulebook 写到其中一个的文件夹。"
        ),
        id => format!("没有规程包 {id}。有：{known}。"),
    }
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
