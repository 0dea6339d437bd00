//! The model comes in; bytes for people and machines go out: terminal, json, sarif, html, xlsx.
//!
//! Knows the vocabulary, not the engine. Text that comes from a document is data everywhere: it is
//! escaped for the format it goes into and never decides how that format is read.

pub mod assess;
pub mod composed;
pub mod explain;
pub mod html;
pub mod json;
pub mod letter;
pub mod official;
pub mod overview;
pub mod place;
pub mod results;
pub mod rule_page;
pub mod sarif;
pub mod score_sheet;
pub mod sides;
pub mod terminal;
pub mod width;
pub mod writeback;
pub mod xlsx;
pub mod year;

pub use results::{InForce, Results, Summary};
