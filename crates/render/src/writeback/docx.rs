//! A docx, what was read of it and remarks come in; the docx with Word comments (批注) at their places goes out.
//!
//! Only the main part gains marks; comments, content types and relationships gain lines. No byte of
//! the user's own is changed or left out.

use super::draft::{Draft, XML, append, folder};
use super::marks::{Collected, Cutter, Spot};
use super::story::{self, Dialect};
use super::{AUTHOR, Edit, Remark, Unwritable};
use jiheng_model::origin::{At, Origin};
use jiheng_model::{Document, Format};
use jiheng_office::parts::Kind;
use jiheng_office::splice::splice;
use jiheng_office::xml::{self, Token, Tokens, escape_into};
use std::fmt::Write as _;
use std::ops::Range;

/// A text, and the characters of it that are meant.
type Words = (String, Range<usize>);

const COMMENTS: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";

/// Writes a comment for each remark into a copy of the file.
///
/// # Errors
/// When the file is no docx whose main part can be added to.
pub fn annotate(
    bytes: &[u8],
    document: &Document,
    remarks: &[Remark],
) -> Result<Vec<u8>, Unwritable> {
    write(bytes, document, remarks, &[]).map(|(bytes, _)| bytes)
}

/// Makes the edits as tracked changes and writes a comment for each remark; says which edits could be made.
///
/// # Errors
/// When the file is no docx whose main part can be added to.
pub fn write(
    bytes: &[u8],
    document: &Document,
    remarks: &[Remark],
    edits: &[Edit],
) -> Result<(Vec<u8>, Vec<bool>), Unwritable> {
    if document.format != Format::Docx {
        return Err(Unwritable::Form);
    }
    let mut draft = Draft::open(bytes, Kind::Word)?;
    let main = draft.main();
    let part = draft.part(&main)?;
    let dialect = Dialect::of(&part).ok_or(Unwritable::Form)?;
    let existing = draft.related(&main, "comments");
    let old = match &existing {
        Some(name) => Some(draft.part(name)?),
        None => None,
    };
    let first_id = old.as_deref().map_or(0, next_id).max(next_comment(&part));
    let anchors = Anchors::of(&part, &dialect, document).ok_or(Unwritable::Form)?;
    let mut collected = Collected::default();
    let mut id = ids(&part, &[]);
    let mut made = Vec::with_capacity(edits.len());
    for edit in edits {
        made.push(anchors.change(edit, id, &mut collected).is_some());
        id += 2;
    }
    for (id, remark) in (first_id..).zip(remarks) {
        let (start, end, properties) = anchors.around(remark.at).ok_or(Unwritable::Form)?;
        let (w, a) = (&dialect.prefix, dialect.attribute("id"));
        let begins = format!("<{w}commentRangeStart {a}=\"{id}\"/>");
        let ends = format!(
            "<{w}commentRangeEnd {a}=\"{id}\"/><{w}r>{properties}<{w}commentReference {a}=\"{id}\"/></{w}r>"
        );
        collected.range(start, end, &begins, &ends);
    }
    let marked = splice(&part, collected.splices()).ok_or(Unwritable::Form)?;
    match (existing, old) {
        (Some(name), Some(old)) => {
            let own = Dialect::of(&old).ok_or(Unwritable::Form)?;
            let text = comments(remarks, first_id, &own);
            draft.put(&name, append(&old, &text).ok_or(Unwritable::Form)?);
        }
        _ => {
            let name = draft.free_name(folder(&main), "comments", "xml");
            let new = new_part(remarks, first_id, &dialect, &part)?;
            draft.add(&name, new, COMMENTS)?;
            draft.relate(&main, "comments", &name, dialect.strict)?;
        }
    }
    draft.put(&main, marked);
    Ok((draft.finish()?, made))
}

/// Where comments can hang.
struct Anchors<'a> {
    part: &'a [u8],
    dialect: &'a Dialect,
    document: &'a Document,
    /// Paragraphs with text boxes or notes: their ranges.
    hosts: Vec<Range<usize>>,
    /// Where notes are referred to.
    references: Vec<usize>,
    first: Range<usize>,
}

impl<'a> Anchors<'a> {
    fn of(part: &'a [u8], dialect: &'a Dialect, document: &'a Document) -> Option<Anchors<'a>> {
        let name = |local: &str| format!("{}{local}", dialect.prefix).into_bytes();
        let (p, text_box, foot, end) = (
            name("p"),
            name("txbxContent"),
            name("footnoteReference"),
            name("endnoteReference"),
        );
        let mut anchors = Anchors {
            part,
            dialect,
            document,
            hosts: Vec::new(),
            references: Vec::new(),
            first: 0..0,
        };
        let mut open: Vec<usize> = Vec::new();
        let mut holds = false;
        let mut tokens = Tokens::new(part);
        while let Some(token) = tokens.next() {
            match token {
                Token::Open(t) if t.name == p => {
                    if anchors.first.is_empty() {
                        anchors.first = tokens.range();
                    }
                    if !t.empty {
                        open.push(tokens.range().start);
                    }
                }
                Token::Open(t) if t.name == text_box => holds |= !open.is_empty(),
                Token::Open(t) if t.name == foot || t.name == end => {
                    anchors.references.push(tokens.range().start);
                    holds |= !open.is_empty();
                }
                Token::Close(n) if n == p => {
                    let Some(start) = open.pop() else { continue };
                    if anchors.first.start == start {
                        anchors.first.end = tokens.range().end;
                    }
                    if open.is_empty() && std::mem::take(&mut holds) {
                        anchors.hosts.push(start..tokens.range().end);
                    }
                }
                _ => {}
            }
        }
        (!anchors.first.is_empty()).then_some(anchors)
    }

    /// Spots before and behind a place, and the run properties for the mark behind it.
    fn around(&self, at: Option<At>) -> Option<(Spot, Spot, String)> {
        let (range, words) = at
            .and_then(|at| self.place(at))
            .unwrap_or((self.first.clone(), None));
        self.hang(range, words)
            .or_else(|| self.hang(self.first.clone(), None))
    }

    fn hang(
        &self,
        range: Range<usize>,
        words: Option<(String, Range<usize>)>,
    ) -> Option<(Spot, Spot, String)> {
        let flow = story::flow(self.part, self.dialect, range);
        let cutter = Cutter {
            part: self.part,
            dialect: self.dialect,
            flow: &flow,
        };
        // Words only where both count the same characters.
        let words = words.filter(|(text, _)| same(text, &flow.text));
        let around = words.and_then(|(_, chars)| Some((cutter.around(chars.clone())?, chars.end)));
        let ((start, end), to) = match around {
            Some(found) => found,
            None => (cutter.whole()?, usize::MAX),
        };
        Some((start, end, cutter.properties_before(to).to_string()))
    }

    /// Puts an edit where exactly its words stand as plain text.
    fn change(&self, edit: &Edit, id: u64, collected: &mut Collected) -> Option<()> {
        let (range, words) = match edit.at {
            At::Cell { chars: None, .. } => {
                let length = edit.before.chars().count() as u32;
                let (range, words) = self.place(edit.at.words((0, length)))?;
                // The whole cell is meant, and nothing else stands in it.
                (range, words.filter(|(text, _)| *text == edit.before))
            }
            at => self.place(at)?,
        };
        let (text, chars) = words?;
        let flow = story::flow(self.part, self.dialect, range);
        let stands: String = (text.chars().skip(chars.start).take(chars.len())).collect();
        if !same(&text, &flow.text) || stands != edit.before {
            return None;
        }
        let cutter = Cutter {
            part: self.part,
            dialect: self.dialect,
            flow: &flow,
        };
        let change = cutter
            .change(chars.clone())
            .filter(|c| collected.is_free(c))?;
        let properties = cutter.properties_before(chars.start + 1);
        let (w, a) = (&self.dialect.prefix, |name| self.dialect.attribute(name));
        let (ids, author) = (a("id"), a("author"));
        let begins = format!("<{w}del {ids}=\"{id}\" {author}=\"{AUTHOR}\">");
        let mut ends = format!("</{w}del>");
        if !edit.after.is_empty() {
            let next = id + 1;
            let _ = write!(
                ends,
                "<{w}ins {ids}=\"{next}\" {author}=\"{AUTHOR}\"><{w}r>{properties}<{w}t xml:space=\"preserve\">"
            );
            escape_into(&edit.after, &mut ends);
            let _ = write!(ends, "</{w}t></{w}r></{w}ins>");
        }
        collected.change(change, &begins, &ends);
        Some(())
    }

    /// The bytes of a paragraph or cell, and the words meant in it.
    fn place(&self, at: At) -> Option<(Range<usize>, Option<Words>)> {
        let (range, words) = match at {
            At::Cell { chars, .. } => {
                let cell = self.document.cell_at(&Origin { file: 0, at })?;
                let text = self.document.cell_text(cell);
                let words = chars.filter(|(from, to)| to > from);
                let words = words.map(|(from, to)| (text.to_string(), from as usize..to as usize));
                (usizes(&cell.bytes), words)
            }
            At::Text { paragraph, chars } => {
                let found = self
                    .document
                    .paragraphs
                    .get((paragraph as usize).checked_sub(1)?)?;
                if found.bytes.is_empty() {
                    return Some((self.note(paragraph)?, None));
                }
                let text = self.document.slice(&found.text);
                let (number, typed) = text.split_at_checked(found.numbering as usize)?;
                let skipped = number.chars().count();
                let (from, to) = (chars.0 as usize, chars.1 as usize);
                let words = (to > from.max(skipped)).then(|| {
                    let from = from.saturating_sub(skipped);
                    (typed.to_string(), from..to.saturating_sub(skipped))
                });
                (usizes(&found.bytes), words)
            }
        };
        if range.is_empty() {
            return None;
        }
        // In a text box Word takes no comment: it hangs on the paragraph that bears the box.
        let host = self
            .hosts
            .iter()
            .find(|h| h.start < range.start && range.end <= h.end);
        match host {
            Some(host) => Some((host.clone(), None)),
            None => Some((range, words)),
        }
    }

    /// Where the note is referred to in which a paragraph stands; else the last paragraph before the notes.
    fn note(&self, paragraph: u32) -> Option<Range<usize>> {
        let all = &self.document.paragraphs;
        let body = all.iter().rposition(|p| !p.bytes.is_empty())?;
        let notes = all.len() - body - 1;
        let index = (paragraph as usize).checked_sub(body + 2);
        let reference = index
            .filter(|_| notes == self.references.len())
            .and_then(|i| self.references.get(i));
        let host = reference.and_then(|at| self.hosts.iter().find(|h| h.contains(at)));
        host.cloned()
            .or_else(|| Some(usizes(&all.get(body)?.bytes)))
    }
}

/// The same characters; what the reader shows for a symbol is any character.
fn same(read: &str, walked: &str) -> bool {
    read.chars().count() == walked.chars().count()
        && read
            .chars()
            .zip(walked.chars())
            .all(|(a, b)| a == b || b == '\u{fffc}')
}

fn usizes(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The comments of the remarks as elements.
fn comments(remarks: &[Remark], first_id: u64, dialect: &Dialect) -> String {
    let w = &dialect.prefix;
    let a = |name: &str| dialect.attribute(name);
    let mut out = String::new();
    for (id, remark) in (first_id..).zip(remarks) {
        let _ = write!(
            out,
            "<{w}comment {}=\"{id}\" {}=\"{AUTHOR}\" {}=\"{AUTHOR}\">",
            a("id"),
            a("author"),
            a("initials")
        );
        for (number, line) in remark.lines.iter().enumerate() {
            // Its own measures: the text may be set in the size of a title, with an indent.
            let bold = if number == 0 {
                format!("<{w}b/>")
            } else {
                String::new()
            };
            let _ = write!(
                out,
                "<{w}p><{w}pPr><{w}spacing {before}=\"0\" {after}=\"0\" {line_}=\"240\" {rule}=\"auto\"/><{w}ind {left}=\"0\" {first}=\"0\"/><{w}jc {val}=\"left\"/></{w}pPr>",
                before = a("before"),
                after = a("after"),
                line_ = a("line"),
                rule = a("lineRule"),
                left = a(if dialect.strict { "start" } else { "left" }),
                first = a("firstLine"),
                val = a("val"),
            );
            if number == 0 {
                let _ = write!(out, "<{w}r><{w}annotationRef/></{w}r>");
            }
            let _ = write!(
                out,
                "<{w}r><{w}rPr>{bold}<{w}sz {val}=\"18\"/><{w}szCs {val}=\"18\"/></{w}rPr><{w}t xml:space=\"preserve\">",
                val = a("val"),
            );
            escape_into(line, &mut out);
            let _ = write!(out, "</{w}t></{w}r></{w}p>");
        }
        let _ = write!(out, "</{w}comment>");
    }
    out
}

/// The id behind the highest of a comments part.
fn next_id(part: &[u8]) -> u64 {
    ids(part, &[b"comment"])
}

/// The id behind the highest that the text refers to.
fn next_comment(part: &[u8]) -> u64 {
    ids(
        part,
        &[
            b"commentRangeStart",
            b"commentRangeEnd",
            b"commentReference",
        ],
    )
}

fn ids(part: &[u8], names: &[&[u8]]) -> u64 {
    Tokens::new(part)
        .filter_map(|token| match token {
            Token::Open(tag) if names.is_empty() || names.contains(&tag.local()) => {
                tag.number::<u64>(b"id")
            }
            _ => None,
        })
        .filter(|id| *id < u64::from(u32::MAX >> 1))
        .max()
        .map_or(0, |id| id + 1)
}

/// A comments part of its own, with the namespace of the text.
fn new_part(
    remarks: &[Remark],
    first_id: u64,
    dialect: &Dialect,
    part: &[u8],
) -> Result<Vec<u8>, Unwritable> {
    let (_, root) = xml::root(part).ok_or(Unwritable::Form)?;
    let declared = match dialect.prefix.trim_end_matches(':') {
        "" => "xmlns".to_string(),
        prefix => format!("xmlns:{prefix}"),
    };
    let space = root.attribute(declared.as_bytes()).map(xml::decode);
    let space = space.ok_or(Unwritable::Form)?;
    let w = &dialect.prefix;
    let text = format!(
        "{XML}<{w}comments {declared}=\"{space}\">{}</{w}comments>",
        comments(remarks, first_id, dialect)
    );
    Ok(text.into_bytes())
}
