//! The `styles.xml` of an OpenDocument file comes in; the lines of its page headers and footers go out, apart from the text.

use super::Flow;
use jiheng_model::{Document, Format};
use jiheng_office::Budget;
use jiheng_office::xml::{Token, Tokens};

/// Headers and footers that are read; a page style has at most eight.
const MOST: usize = 60;

/// Reads the headers and footers of all page styles into the document's margins.
///
/// Word's page headers are the text of a docx's header parts, LibreOffice's the children of a master page.
pub(super) fn read(styles: &[u8], document: &mut Document, budget: &Budget) {
    let mut tokens = Tokens::new(styles);
    let mut in_pages = false;
    let mut left = MOST;
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) if tag.local() == b"master-page" => in_pages = !tag.empty,
            Token::Close(name) if name.ends_with(b"master-page") => in_pages = false,
            Token::Open(tag) if in_pages && !tag.empty && is_margin(tag.local()) && left > 0 => {
                left -= 1;
                let from = tokens.offset();
                tokens.leave(&tag);
                if tag.attribute_local(b"display") == Some(b"false") {
                    continue;
                }
                let mut flow = Flow::new("", Format::Odt, budget);
                flow.read(&styles[from..tokens.offset()]);
                if !super::super::margin::add(document, &flow.finish("")) {
                    return;
                }
            }
            _ => {}
        }
    }
}

/// Headers and footers of all pages, of left ones and of the first one. A sheet's, whose three parts are paragraphs too.
fn is_margin(name: &[u8]) -> bool {
    matches!(
        name,
        b"header" | b"footer" | b"header-left" | b"footer-left" | b"header-first" | b"footer-first"
    )
}
