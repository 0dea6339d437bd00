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
    bar: Option<Bar>,
}

/// What can be done from a findings page that a server answers with.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// Links that come first: what the reader takes away, as text, address and file name.
    pub downloads: Vec<Download>,
    /// What cannot be taken away, and why.
    pub notes: Vec<String>,
    /// How long reading and checking took, in milliseconds.
    pub took: u128,
}

/// A file that the page itself carries.
#[derive(Clone, Debug)]
pub struct Download {
    /// What the link says.
    pub label: String,
    /// Its address; bytes stand in the page (`data:`), so that nothing is kept elsewhere.
    pub address: String,
    /// The name under which it is saved.
    pub name: String,
}

/// The findings page of a package.
pub fn findings(results: &Results<'_>) -> String {
    draw(results, None)
}

/// The findings page with what can be done from it.
pub fn answer(results: &Results<'_>, bar: Bar) -> String {
    draw(results, Some(bar))
}

/// The script of the page, as it stands between its tags.
pub fn script() -> String {
    format!("\n{}\n", page::SCRIPT)
}

/// The variables of the look and of the parts that all pages share.
pub const TOKENS: &str = page::TOKENS;

fn draw(results: &Results<'_>, bar: Option<Bar>) -> String {
    let page = Page::of(results);
    Findings { page, bar }
        .render()
        .unwrap_or_else(|error| format!("<!doctype html><meta charset=\"utf-8\"><p>{error}</p>"))
}
