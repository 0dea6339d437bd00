//! Bytes of a Word 97—2003 file come in; a `Document` with paragraphs and tables on their exact grid goes out.

mod fib;
mod fields;
mod lists;
mod pieces;
mod runs;
mod sprm;
mod story;
mod styles;
mod tables;

use fib::{Fib, Part, Refusal};
use jiheng_model::{Document, Format, Notice, NoticeKind};
use jiheng_office::{Budget, Ole};
use pieces::Text;
use runs::{Kind, Runs};
use std::cell::OnceCell;
use story::{File, Story};

/// Characters of a file that are read; what a package of forms holds is a hundredth of it.
const MAX_CHARACTERS: usize = 8 << 20;

/// Reads a Word file; the caller has found out that the compound file is one.
pub(super) fn read(name: &str, ole: &Ole<'_>, budget: &Budget) -> Document {
    let mut document = Document::empty(name, Format::Doc);
    match read_into(&mut document, ole, budget) {
        Ok(()) => document,
        Err(refusal) => super::unread(
            name,
            match refusal {
                Refusal::TooOld => {
                    "是 Word 6.0/95 的文件，这一版读不了。在 Word 或 WPS 中另存为 .docx，再核对。"
                }
                Refusal::Encrypted => super::ENCRYPTED,
                Refusal::Broken => super::DAMAGED,
            },
        ),
    }
}

fn read_into(document: &mut Document, ole: &Ole<'_>, budget: &Budget) -> Result<(), Refusal> {
    let main = ole.stream("WordDocument").ok_or(Refusal::Broken)?;
    let fib = Fib::read(&main)?;
    let other = if fib.table == "1Table" {
        "0Table"
    } else {
        "1Table"
    };
    let tables = ole
        .stream(fib.table)
        .or_else(|| ole.stream(other))
        .ok_or(Refusal::Broken)?;
    let text = Text::read(&main, &tables, &fib, MAX_CHARACTERS).ok_or(Refusal::Broken)?;
    let table = |part| tables.get(fib.range(part)).unwrap_or_default();
    let data = OnceCell::new();
    let file = File {
        main: &main,
        tables: &tables,
        data: &|at| {
            let data = data.get_or_init(|| ole.stream("Data").unwrap_or_default());
            let len = jiheng_office::le::u16_at(data, at as usize)? as usize;
            let from = (at as usize).checked_add(2)?;
            data.get(from..from + len).map(<[u8]>::to_vec)
        },
        paragraphs: Runs::read(&main, table(Part::ParagraphPages), Kind::Paragraphs),
        characters: Runs::read(&main, table(Part::CharacterPages), Kind::Characters),
        styles: styles::Styles::read(table(Part::Styles)),
        symbols: styles::symbol_fonts(table(Part::Fonts)),
        text: &text,
    };
    let mut story = Story::new(&file, lists::read(&tables, &fib), document, budget);
    story.read(fib.text());
    for range in fib.others() {
        story.read_notes(range);
    }
    let seen = story.seen;
    if !seen.hidden.trim().is_empty() {
        let notice = super::hidden_text(&seen.hidden, None);
        document.notices.push(notice);
    }
    read_margins(&file, &fib, document, budget);
    let mut say = |kind, message: &str| {
        document.notices.push(Notice {
            kind,
            message: message.into(),
            table: None,
        })
    };
    if ole.is_damaged() || text.broken || seen.cut {
        say(
            NoticeKind::Broken,
            "文件有一部分已损坏，能读的都读了。在 Word 或 WPS 中打开另存一份，再核对。",
        );
    }
    if seen.tracked {
        say(
            NoticeKind::TrackedChanges,
            "文件里有没接受的修订：插入的字算在内，删除的字不算。",
        );
    }
    Ok(())
}

/// Page headers and footers: lines apart from the text.
fn read_margins(file: &File<'_>, fib: &Fib, document: &mut Document, budget: &Budget) {
    let mut margin = Document::empty("", Format::Doc);
    let lists = lists::read(file.tables, fib);
    Story::new(file, lists, &mut margin, budget).read(fib.margins());
    super::margin::add(document, &margin);
}

#[cfg(test)]
mod tests;
