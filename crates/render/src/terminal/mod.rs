//! Results come in; text for a terminal goes out: findings with both sides, counts, scores, what was read.
//!
//! The same results give the same bytes; colour only adds escape sequences around them.

mod diff;
mod extract;
mod findings;
mod paint;
mod score;

pub use diff::diff;
pub use extract::extract;
pub use findings::{findings, footer};
pub use paint::{Ink, Style};
pub use score::score;
