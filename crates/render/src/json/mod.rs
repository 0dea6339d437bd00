//! Results come in; the machine-readable outputs of the output contract go out as JSON text.
//!
//! One file per document: `check`, `extract`, `score`, `rules`. A change of meaning is a new
//! [`SCHEMA`] number and an entry of the change log.

mod assess;
mod check;
mod diff;
mod extract;
mod position;
mod rules;
mod score;

pub use assess::assess;
pub use check::check;
pub use diff::diff;
pub use extract::extract;
pub use rules::{RuleExtras, rules};
pub use score::score;

/// Number of the output contract.
pub const SCHEMA: u32 = 1;

/// Pretty JSON with a line break at its end.
pub(crate) fn print(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_else(|_| "null".into());
    text.push('\n');
    text
}
