//! Requests of the people of one unit come in; their forms as pages, saved cells and findings go out.
//!
//! `key`, `sheet`, `entries` and `package` are pure: they know forms and findings, neither HTTP nor SQL.

pub mod entries;
pub mod key;
pub mod package;
pub mod sheet;
