//! A docx comes in; the docx without the comments that an earlier run wrote for findings goes out.
//!
//! Ours are those of our author whose first line is the heading of a finding. Those beside tracked
//! changes stay as long as the changes do.

use super::draft::{Draft, whole};
use super::{AUTHOR, Unwritable, is_heading};
use jiheng_office::parts::Kind;
use jiheng_office::splice::{Splice, splice};
use jiheng_office::xml::{self, Tag, Token, Tokens};
use std::collections::BTreeSet;
use std::ops::Range;

/// The docx without comments of ours; nothing when it has none.
///
/// # Errors
/// When the file is no docx whose parts can be written again.
pub fn bare(bytes: &[u8]) -> Result<Option<Vec<u8>>, Unwritable> {
    let mut draft = Draft::open(bytes, Kind::Word)?;
    let main = draft.main();
    let Some(name) = draft.related(&main, "comments") else {
        return Ok(None);
    };
    let part = draft.part(&name)?;
    let ours = Ours::of(&part);
    if ours.ids.is_empty() {
        return Ok(None);
    }
    let cut = |part: &[u8], ranges: Vec<Range<usize>>| {
        let pieces = ranges.into_iter().map(|r| Splice::over(r, ""));
        splice(part, pieces.collect()).ok_or(Unwritable::Form)
    };
    let text = draft.part(&main)?;
    draft.put(&main, cut(&text, marks(&text, &ours.ids))?);
    draft.put(&name, cut(&part, ours.ranges)?);
    // What Word keeps beside comments: whether they are settled, and what answers what.
    for kind in ["commentsExtended", "commentsIds"] {
        let Some(name) = draft.related(&main, kind) else {
            continue;
        };
        let part = draft.part(&name)?;
        draft.put(&name, cut(&part, beside(&part, &ours.paragraphs))?);
    }
    draft.finish().map(Some)
}

/// Comments of ours in a comments part.
struct Ours {
    ids: BTreeSet<Vec<u8>>,
    ranges: Vec<Range<usize>>,
    /// Word's own names of their paragraphs.
    paragraphs: BTreeSet<Vec<u8>>,
}

impl Ours {
    fn of(part: &[u8]) -> Ours {
        let mut ours = Ours {
            ids: BTreeSet::new(),
            ranges: Vec::new(),
            paragraphs: BTreeSet::new(),
        };
        let mut tokens = Tokens::new(part);
        while let Some(token) = tokens.next() {
            let Token::Open(tag) = token else { continue };
            if tag.local() != b"comment" || tag.empty {
                continue;
            }
            let mut inside = tokens.clone();
            let range = whole(&mut tokens, &tag);
            let id = tag.attribute_local(b"id");
            let (Some(id), Some(b)) = (id, tag.value(b"author")) else {
                continue;
            };
            let (heading, paragraphs) = read(&mut inside, range.end);
            if b == AUTHOR && is_heading(&heading) {
                ours.ids.insert(id.to_vec());
                ours.ranges.push(range);
                ours.paragraphs.extend(paragraphs);
            }
        }
        ours
    }
}

/// The first line of the comment that was just opened, and the names of its paragraphs.
fn read(tokens: &mut Tokens<'_>, end: usize) -> (String, Vec<Vec<u8>>) {
    let (mut first, mut names, mut paragraphs) = (String::new(), Vec::new(), 0);
    while tokens.offset() < end {
        match tokens.next() {
            Some(Token::Open(tag)) if tag.local() == b"p" => {
                paragraphs += 1;
                names.extend(tag.attribute_local(b"paraId").map(<[u8]>::to_vec));
            }
            Some(Token::Open(tag)) if tag.local() == b"t" => {
                let text = tokens.text_of(&tag);
                if paragraphs == 1 {
                    first.push_str(&text);
                }
            }
            None => break,
            _ => {}
        }
    }
    (first, names)
}

/// The marks of these comments in the text, each with the run that holds nothing else.
fn marks(part: &[u8], ids: &BTreeSet<Vec<u8>>) -> Vec<Range<usize>> {
    let ours = |tag: &Tag<'_>| {
        tag.attribute_local(b"id")
            .is_some_and(|id| ids.contains(id))
    };
    let mut out = Vec::new();
    // The run that is open: where it starts, and our reference when it holds nothing else.
    let mut run: Option<(usize, Option<Range<usize>>)> = None;
    let mut tokens = Tokens::new(part);
    while let Some(token) = tokens.next() {
        let at = tokens.range();
        match token {
            Token::Open(tag) => match tag.local() {
                b"commentRangeStart" | b"commentRangeEnd" if ours(&tag) => {
                    out.push(whole(&mut tokens, &tag));
                }
                b"commentReference" if ours(&tag) => {
                    let reference = whole(&mut tokens, &tag);
                    match &mut run {
                        Some((_, held @ None)) => *held = Some(reference),
                        _ => out.push(reference),
                    }
                }
                b"r" if !tag.empty => {
                    out.extend(run.take().and_then(|r| r.1));
                    run = Some((at.start, None));
                }
                b"rPr" => tokens.leave(&tag),
                _ => out.extend(run.take().and_then(|r| r.1)),
            },
            Token::Close(name) if xml::local(name) == b"r" => {
                if let Some((start, Some(_))) = run.take() {
                    out.push(start..at.end);
                }
            }
            _ => {}
        }
    }
    out.extend(run.and_then(|r| r.1));
    out
}

/// Elements about these paragraphs, and the attributes by which others answer them.
fn beside(part: &[u8], paragraphs: &BTreeSet<Vec<u8>>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut tokens = Tokens::new(part);
    while let Some(token) = tokens.next() {
        let Token::Open(tag) = token else { continue };
        let is = |name: &[u8]| {
            let value = tag.attribute_local(name);
            value.filter(|v| paragraphs.contains(*v))
        };
        if is(b"paraId").is_some() {
            out.push(whole(&mut tokens, &tag));
        } else if is(b"paraIdParent").is_some() {
            out.extend(attribute(part, tokens.range(), b"paraIdParent"));
        }
    }
    out
}

/// The bytes of an attribute in a tag, the blank before it included.
fn attribute(part: &[u8], tag: Range<usize>, name: &[u8]) -> Option<Range<usize>> {
    let text = std::str::from_utf8(part.get(tag.clone())?).ok()?;
    let at = text.find(std::str::from_utf8(name).ok()?)?;
    let start = text[..at].rfind(char::is_whitespace)?;
    let quote = text[at..].find(['"', '\''])? + at;
    let mark = text[quote..].chars().next()?;
    let end = text[quote + 1..].find(mark)? + quote + 2;
    Some(tag.start + start..tag.start + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(part: &str, ranges: Vec<Range<usize>>) -> String {
        let pieces = ranges.into_iter().map(|r| Splice::over(r, ""));
        let out = splice(part.as_bytes(), pieces.collect()).expect("apart");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn only_comments_of_our_author_with_a_finding_are_ours() {
        let comment = |id: u32, author: &str, text: &str| {
            format!(
                "<w:comment w:id=\"{id}\" w:author=\"{author}\"><w:p w14:paraId=\"P{id}\"><w:r><w:annotationRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>"
            )
        };
        let part = [
            comment(1, "张三", "错误　甲　A101"),
            comment(2, "绩衡", "错误　甲　A101"),
            comment(3, "绩衡", "我叫绩衡"),
            comment(4, "绩衡", "已改（修订）　甲 → 乙　N102"),
        ]
        .concat();
        let ours = Ours::of(format!("<w:comments>{part}</w:comments>").as_bytes());
        assert_eq!(ours.ids, BTreeSet::from([b"2".to_vec()]));
        assert_eq!(ours.paragraphs, BTreeSet::from([b"P2".to_vec()]));
        let extended = "<e><x paraId=\"P2\"/><x paraId=\"P9\" paraIdParent=\"P2\" done=\"0\"/></e>";
        let ranges = beside(extended.as_bytes(), &ours.paragraphs);
        assert_eq!(
            left(extended, ranges),
            "<e><x paraId=\"P9\" done=\"0\"/></e>"
        );
    }

    #[test]
    fn a_run_goes_only_when_it_held_nothing_but_our_mark() {
        let text = "<p><commentRangeStart id=\"2\"/><r><t>甲</t></r><commentRangeEnd id=\"2\"/>\
            <r><rPr><b/></rPr><commentReference id=\"2\"/></r><r><commentReference id=\"2\"/><t>乙</t></r>\
            <r><commentReference id=\"3\"/></r></p>";
        let ranges = marks(text.as_bytes(), &BTreeSet::from([b"2".to_vec()]));
        assert_eq!(
            left(text, ranges),
            "<p><r><t>甲</t></r><r><t>乙</t></r><r><commentReference id=\"3\"/></r></p>"
        );
    }
}
