//! A project list, figures of other systems and last year's filing come in; the new year's filing, half filled, with notes for the clerk, goes out.
//!
//! What is known is filled in and says where it comes from; what only the clerk can know stays
//! blank. Nothing is guessed: a column that may mean two things is a question.

pub mod columns;
pub mod import;
pub mod sheet;
pub mod sources;

pub use columns::Question;
pub use sources::Sources;
