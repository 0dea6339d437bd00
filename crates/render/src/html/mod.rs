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

/// The style sheet that all pages share.
pub const TOKENS: &str = include_str!("../../assets/tokens.css");
/// What the findings page adds to it.
pub const STYLE: &str = include_str!("../../assets/findings.css");
/// Its keys.
pub const SCRIPT: &str = include_str!("../../assets/findings.js");
/// The symbols that pages refer to, as one hidden drawing.
pub const ICONS: &str = include_str!("../../templates/icons.html");

/// How a server shows the page: both are finished HTML of its own, nothing of a document unescaped.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Stands in the head: links to style sheets and scripts, which the page then does not carry.
    pub head: &'a str,
    /// Stands above the page: the server's bar and what can be done with the results.
    pub bar: &'a str,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct Findings<'a> {
    page: Page,
    frame: Option<Frame<'a>>,
}

/// The findings page of a package.
pub fn findings(results: &Results<'_>) -> String {
    draw(results, None)
}

/// The same page within a server's.
pub fn findings_within(results: &Results<'_>, frame: Frame<'_>) -> String {
    draw(results, Some(frame))
}

fn draw(results: &Results<'_>, frame: Option<Frame<'_>>) -> String {
    let page = Page::of(results);
    Findings { page, frame }
        .render()
        .unwrap_or_else(|error| format!("<!doctype html><meta charset=\"utf-8\"><p>{error}</p>"))
}
