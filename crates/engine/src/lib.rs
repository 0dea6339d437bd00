//! The corridor: bytes of a package and a rulebook come in; documents, filing, scorecard and findings go out.
//!
//! Nothing after `read` sees bytes, paths, file formats or a clock. The same bytes and the same
//! rulebook give the same result.

pub mod accounts;
pub mod assess;
pub mod casebook;
pub mod check;
pub mod compose;
pub mod differ;
pub mod expr;
pub mod narrative;
pub mod read;
pub mod recognize;
pub mod rulebook;
pub mod score;
pub mod words;
pub mod year;

use check::Checked;
use jiheng_model::{Document, Filing, Scorecard};
use read::Package;
use rulebook::{Choice, Rulebook, Shelf};
use std::sync::Arc;

/// Everything the corridor says about one package.
#[derive(Debug)]
pub struct Evaluation {
    /// The files as read.
    pub documents: Vec<Document>,
    /// What was recognised in them: stated values.
    pub filing: Filing,
    /// What was computed from it.
    pub scorecard: Scorecard,
    /// Findings and the outcome of every rule.
    pub checked: Checked,
    /// The rulebook in force and why it was chosen.
    pub rulebook: Arc<Rulebook>,
    /// Why this rulebook.
    pub choice: Choice,
}

/// Walks a package through all rooms.
///
/// `rulebook` is an id of the shelf, or `None` to let the document choose.
///
/// # Errors
/// Only when the shelf has no rulebook of that id; reading never fails.
pub fn evaluate(
    package: &Package,
    shelf: &Shelf,
    rulebook: Option<&str>,
) -> Result<Evaluation, rulebook::Unknown> {
    evaluate_read(read::read(package), shelf, rulebook)
}

/// Walks a package that was read already through the remaining rooms.
///
/// # Errors
/// Only when the shelf has no rulebook of that id.
pub fn evaluate_read(
    documents: Vec<Document>,
    shelf: &Shelf,
    rulebook: Option<&str>,
) -> Result<Evaluation, rulebook::Unknown> {
    let (rulebook, choice) = shelf.choose(&documents, rulebook)?;
    let filing = recognize::recognize(&documents, &rulebook);
    let scorecard = score::score(&filing, &rulebook);
    let checked = check::check(&documents, &filing, &scorecard, &rulebook);
    Ok(Evaluation {
        documents,
        filing,
        scorecard,
        checked,
        rulebook,
        choice,
    })
}
