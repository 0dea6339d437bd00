//! Requests of the people of one unit come in; their forms as pages, saved cells and findings go out.
//!
//! `key`, `sheet`, `entries` and `package` are pure: they know forms and findings, neither HTTP nor SQL.

pub mod begin;
pub mod entries;
pub mod filing;
pub mod http;
pub mod import;
pub mod key;
pub mod margin;
pub mod package;
pub mod pages;
pub mod sheet;
pub mod state;
pub mod view;
pub mod when;
