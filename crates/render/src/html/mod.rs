//! Results come in; `findings.html` goes out: one self-contained page, the forms as they look, findings at their cells.
//!
//! Reading needs no script and printing no second file. Everything that comes from a document passes
//! the template's escaping.

mod cards;
mod grid;
mod marks;
mod page;
mod scores;
mod sections;
mod segments;
mod summary;

use crate::results::Results;
use askama::Template;
use page::Page;
pub(crate) use page::class;

#[derive(Template)]
#[template(path = "findings.html")]
struct Findings {
    page: Page,
}

/// The findings page of a package.
pub fn findings(results: &Results<'_>) -> String {
    let page = Page::of(results);
    Findings { page }
        .render()
        .unwrap_or_else(|error| format!("<!doctype html><meta charset=\"utf-8\"><p>{error}</p>"))
}
