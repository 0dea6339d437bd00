//! Documents and a rulebook come in; a `Filing` of stated values, each with its origin, goes out.

use crate::rulebook::Rulebook;
use jiheng_model::{Document, Filing};

/// Recognises the forms and the report of a package.
pub fn recognize(documents: &[Document], rulebook: &Rulebook) -> Filing {
    let mut filing = Filing::default();
    filing.narrative = crate::narrative::narrative(documents, &filing.forms, rulebook);
    filing
}
