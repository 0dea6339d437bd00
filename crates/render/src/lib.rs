//! The model comes in; bytes for people and machines go out: terminal, json, sarif, html, xlsx.
//!
//! Knows the vocabulary, not the engine. Text that comes from a document is data everywhere: it is
//! escaped for the format it goes into and never decides how that format is read.

pub mod html;
pub mod json;
pub mod place;
pub mod results;
pub mod score_sheet;
pub mod sides;
pub mod terminal;
pub mod width;

pub use results::{InForce, Results, Summary};
