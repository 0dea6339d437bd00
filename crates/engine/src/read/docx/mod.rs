//! Bytes of a docx come in; a `Document` with paragraphs and tables on their exact grid goes out.

mod body;
mod chunks;
mod hidden;
mod lately;
mod margins;
mod scan;

use super::numbering::Numbering;
use body::{Seen, Story};
use jiheng_model::{Document, Format, Notice, NoticeKind};
use jiheng_office::parts::Parts;
use jiheng_office::{Budget, xml};
use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range;

/// Reads a Word file; the caller has found out that the zip is one.
pub(super) fn read(name: &str, parts: Parts<'_>, budget: &Budget) -> Document {
    let parts = RefCell::new(parts);
    let (mut document, chunks) = read_own(name, &parts, budget);
    if !chunks.is_empty() {
        chunks::read(&chunks, &parts, &mut document, budget);
    }
    document
}

/// What a Word file says itself, without the files that it takes in whole.
fn own(parts: Parts<'_>, budget: &Budget) -> Document {
    read_own("", &RefCell::new(parts), budget).0
}

/// What a Word file says itself, and the relationship ids of the files that it takes in whole.
fn read_own(name: &str, parts: &RefCell<Parts<'_>>, budget: &Budget) -> (Document, Vec<String>) {
    let mut document = Document::empty(name, Format::Docx);
    let main = parts.borrow().main().to_string();
    let read = parts.borrow_mut().part(&main);
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => {
            document.notices.push(Notice {
                kind: NoticeKind::NotRead,
                message: super::sentence(name, error),
                table: None,
            });
            return (document, Vec::new());
        }
    };
    let (bytes, in_place) = super::text::utf8(bytes);
    let mut numbering = Numbering::new(Box::new(|kind| parts.borrow_mut().related(&main, kind)));
    document.text.reserve(bytes.len() / 12);
    let mut seen =
        Story::new(&bytes, &mut document, &mut numbering, budget, in_place).read(0..bytes.len());
    if !seen.complete {
        document.notices.push(Notice {
            kind: NoticeKind::Broken,
            message: format!("{name} 的正文没有结尾，断处以前的都读了。"),
            table: None,
        });
    }
    if seen.hidden_runs {
        for (table, text) in hidden::texts(&bytes) {
            document.notices.push(super::hidden_text(&text, table));
        }
    }
    jiheng_office::zip::done_with(bytes);
    let notes = read_notes(&seen, parts, &main, &mut document, &mut numbering, budget);
    say(&[&seen, &notes], &mut document);
    margins::read(parts, &main, &mut document, &mut numbering, budget);
    (document, std::mem::take(&mut seen.chunks))
}

/// Footnotes and endnotes, in the order in which they are referred to, after the text.
fn read_notes(
    seen: &Seen,
    parts: &RefCell<Parts<'_>>,
    main: &str,
    document: &mut Document,
    numbering: &mut Numbering<'_>,
    budget: &Budget,
) -> Seen {
    let mut all = Seen::default();
    for (endnotes, kind) in [(false, "footnotes"), (true, "endnotes")] {
        if !seen.notes.iter().any(|n| n.0 == endnotes) {
            continue;
        }
        let Some(bytes) = parts.borrow_mut().related(main, kind) else {
            continue;
        };
        let (bytes, _) = super::text::utf8(bytes);
        // A note that is referred to again is read once.
        let mut read = HashSet::new();
        for (_, id) in seen.notes.iter().filter(|n| n.0 == endnotes) {
            if !read.insert(id.as_str()) || document.text.len() > budget.text_bytes() {
                continue;
            }
            let Some(range) = note(&bytes, id) else {
                continue;
            };
            let found = Story::new(&bytes, document, numbering, budget, false).read(range);
            all.tracked |= found.tracked;
            all.hidden |= found.hidden;
        }
    }
    all
}

/// The inside of the footnote or endnote with this id.
fn note(bytes: &[u8], id: &str) -> Option<Range<usize>> {
    let mut tokens = xml::Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        if let xml::Token::Open(tag) = token
            && matches!(tag.local(), b"footnote" | b"endnote")
            && tag.value(b"id").as_deref() == Some(id)
        {
            let start = tokens.offset();
            tokens.leave(&tag);
            return Some(start..tokens.offset());
        }
    }
    None
}

fn say(stories: &[&Seen], document: &mut Document) {
    if stories.iter().any(|s| s.tracked) {
        document.notices.push(Notice {
            kind: NoticeKind::TrackedChanges,
            message: "文件里有没接受的修订：插入的字算在内，删除的字不算。".into(),
            table: None,
        });
    }
    if stories.iter().any(|s| s.hidden) {
        document.notices.push(Notice {
            kind: NoticeKind::Hidden,
            message: "有隐藏的行，也读了。".into(),
            table: None,
        });
    }
}
