//! A comments part and remarks by cell come in; the part with our words in it, or without them, goes out.
//!
//! Ours stand between two marks, so that what a person wrote in the same comment, before or behind, is
//! told apart.

use super::{Spot, text_into};
use crate::writeback::draft::{XML, append_to, prefix_of, whole};
use crate::writeback::{AUTHOR, Remark};
use jiheng_office::splice::{Splice, splice};
use jiheng_office::workbook::{place, reference};
use jiheng_office::xml::{Tag, Token, Tokens};
use std::collections::BTreeMap;
use std::ops::Range;

const BEGIN: &str = "【绩衡批注】";
const END: &str = "【批注完】";
/// Characters of what is said of one cell; Excel takes 32 767 in a cell at most.
const LONGEST: usize = 16_000;

/// A part without comments.
pub fn empty(strict: bool) -> Vec<u8> {
    let space = match strict {
        true => "http://purl.oclc.org/ooxml/spreadsheetml/main",
        false => "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    };
    format!(
        "{XML}<comments xmlns=\"{space}\"><authors></authors><commentList></commentList></comments>"
    )
    .into_bytes()
}

/// Adds what is said of each cell: a comment of its own, or behind the words of the one that is there.
pub fn add(part: &[u8], cells: &BTreeMap<Spot, Vec<&Remark>>) -> Option<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut there: Vec<Spot> = Vec::new();
    let mut authors: Vec<String> = Vec::new();
    let mut tokens = Tokens::new(part);
    let mut list = None;
    while let Some(token) = tokens.next() {
        let Token::Open(tag) = token else { continue };
        match tag.local() {
            b"authors" => {
                let mut inside = tokens.clone();
                authors = names(&mut inside, &tag);
                if !authors.iter().any(|a| a == AUTHOR) {
                    let prefix = prefix_of(tag.name);
                    let text = format!("<{prefix}author>{AUTHOR}</{prefix}author>");
                    pieces.push(append_to(part, &mut tokens, &tag, &text)?);
                    authors.push(AUTHOR.into());
                }
            }
            b"comment" => {
                let spot = tag.attribute(b"ref").and_then(place);
                let Some((spot, remarks)) = spot.and_then(|s| Some((s, cells.get(&s)?))) else {
                    continue;
                };
                let mut inside = tokens.clone();
                let text = inside.find_map(|t| match t {
                    Token::Open(tag) if tag.local() == b"text" => Some(tag),
                    _ => None,
                })?;
                behind(part, inside, &text, remarks, &mut pieces)?;
                there.push(spot);
            }
            b"commentList" => list = Some((tag, tokens.clone())),
            _ => {}
        }
    }
    let author = authors.iter().position(|a| a == AUTHOR)?;
    let (tag, mut tokens) = list?;
    let prefix = prefix_of(tag.name);
    let mut own = String::new();
    for (spot, remarks) in cells.iter().filter(|(s, _)| !there.contains(s)) {
        own.push_str(&format!(
            "<{prefix}comment ref=\"{}\" authorId=\"{author}\"><{prefix}text>{}</{prefix}text></{prefix}comment>",
            reference(spot.0, spot.1),
            run(prefix, "", remarks)
        ));
    }
    pieces.push(append_to(part, &mut tokens, &tag, &own)?);
    splice(part, pieces)
}

fn names(tokens: &mut Tokens<'_>, authors: &Tag<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if authors.empty {
        return out;
    }
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) if tag.local() == b"author" => out.push(tokens.text_of(&tag)),
            Token::Close(name) if name == authors.name => break,
            _ => {}
        }
    }
    out
}

/// Puts our run behind the words of a person's comment; words that stand without a run get one.
fn behind(
    part: &[u8],
    mut tokens: Tokens<'_>,
    text: &Tag<'_>,
    remarks: &[&Remark],
    pieces: &mut Vec<Splice>,
) -> Option<()> {
    let prefix = prefix_of(text.name);
    if !text.empty {
        let mut inside = tokens.clone();
        let first = inside.find(|t| !matches!(t, Token::Text(_)));
        if let Some(Token::Open(tag)) = first
            && tag.local() == b"t"
        {
            let bare = whole(&mut inside, &tag);
            pieces.push(Splice::at(bare.start, format!("<{prefix}r>")));
            pieces.push(Splice::at(bare.end, format!("</{prefix}r>")));
        }
    }
    let own = run(prefix, "\n\n", remarks);
    pieces.push(append_to(part, &mut tokens, text, &own)?);
    Some(())
}

/// All that is said of a cell as one run.
fn run(prefix: &str, before: &str, remarks: &[&Remark]) -> String {
    let all: Vec<String> = remarks.iter().map(|r| r.lines.join("\n")).collect();
    let mut all = all.join("\n\n").replace(END, "");
    if let Some((at, _)) = all.char_indices().nth(LONGEST) {
        all.truncate(at);
        all.push_str("\n……其余见工作表“检查结果”");
    }
    let mut out = format!(
        "<{prefix}r><{prefix}rPr><{prefix}sz val=\"9\"/><{prefix}rFont val=\"宋体\"/></{prefix}rPr><{prefix}t xml:space=\"preserve\">"
    );
    text_into(&format!("{before}{BEGIN}\n{all}\n{END}"), &mut out);
    out.push_str(&format!("</{prefix}t></{prefix}r>"));
    out
}

/// The part without our words, and the cells whose comments held nothing else; nothing when there are none.
pub fn without_ours(part: &[u8]) -> Option<(Vec<u8>, Vec<Spot>)> {
    let mut pieces = Vec::new();
    let mut gone = Vec::new();
    let mut tokens = Tokens::new(part);
    while let Some(token) = tokens.next() {
        let Token::Open(tag) = token else { continue };
        if tag.local() != b"comment" || tag.empty {
            continue;
        }
        let start = tokens.range().start;
        let (cuts, left) = ours(part, &mut tokens, &tag);
        if cuts.is_empty() {
            continue;
        }
        match left {
            true => pieces.extend(cuts.into_iter().map(|c| Splice::over(c, ""))),
            false => {
                pieces.push(Splice::over(start..tokens.offset(), ""));
                gone.extend(tag.attribute(b"ref").and_then(place));
            }
        }
    }
    (!pieces.is_empty()).then_some(())?;
    Some((splice(part, pieces)?, gone))
}

/// The bytes of our words in the comment that was just opened, and whether others stand in it.
fn ours(part: &[u8], tokens: &mut Tokens<'_>, comment: &Tag<'_>) -> (Vec<Range<usize>>, bool) {
    let mut cuts = Vec::new();
    let mut left = false;
    let mut run = None;
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) if tag.local() == b"r" => run = Some(tokens.range().start),
            Token::Open(tag) if tag.local() == b"t" => {
                let tag_end = tokens.range().end;
                let all = whole(tokens, &tag);
                let raw = part.get(tag_end..all.end).unwrap_or_default();
                let raw = std::str::from_utf8(raw).unwrap_or_default();
                let raw = raw.split_once("</").map_or(raw, |(text, _)| text);
                let Some(own) = between(raw) else {
                    left |= !raw.trim().is_empty();
                    continue;
                };
                let others =
                    !(raw[..own.start].trim().is_empty() && raw[own.end..].trim().is_empty());
                left |= others;
                match (others, run, part.get(all.end..all.end + 2)) {
                    // The whole run, with its properties, up to its end tag.
                    (false, Some(start), Some(b"</")) => {
                        tokens.next();
                        cuts.push(start..tokens.offset());
                    }
                    (false, None, _) => cuts.push(all),
                    _ => cuts.push(tag_end + own.start..tag_end + own.end),
                }
            }
            Token::Close(name) if name == comment.name => break,
            Token::Close(_) | Token::Open(_) | Token::Text(_) | Token::Cdata(_) => {}
        }
    }
    (cuts, left)
}

/// Our words in a text, the line ends that set them off included.
fn between(raw: &str) -> Option<Range<usize>> {
    let begin = raw.find(BEGIN)?;
    let end = raw[begin..]
        .find(END)
        .map_or(raw.len(), |i| begin + i + END.len());
    let start = raw[..begin].trim_end_matches(['\n', '\r']).len();
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(text: &str) -> Remark {
        Remark {
            at: None,
            lines: vec![text.into(), "怎么办：改。".into()],
        }
    }

    fn text(part: &[u8]) -> String {
        String::from_utf8(part.to_vec()).expect("UTF-8")
    }

    #[test]
    fn words_of_a_person_stay_in_a_comment_of_both_and_the_second_time_gives_the_first() {
        let old = "<x:comments xmlns:x=\"s\"><x:authors><x:author>张三</x:author></x:authors><x:commentList>\
            <x:comment ref=\"B2\" authorId=\"0\"><x:text><x:t>请核对</x:t></x:text></x:comment></x:commentList></x:comments>";
        let (a, b) = (remark("错误　甲　A101"), remark("提示　乙【批注完】　N101"));
        let cells = BTreeMap::from([((2, 2), vec![&a]), ((3, 1), vec![&a, &b])]);
        let once = add(old.as_bytes(), &cells).expect("written");
        let shown = text(&once);
        assert!(
            shown.contains("<x:r><x:t>请核对</x:t></x:r><x:r><x:rPr>"),
            "{shown}"
        );
        assert!(
            shown.contains("<x:comment ref=\"A3\" authorId=\"1\">"),
            "{shown}"
        );
        assert_eq!(shown.matches(BEGIN).count(), 2);
        let (bare, gone) = without_ours(&once).expect("ours");
        assert_eq!(gone, [(3, 1)]);
        assert!(text(&bare).contains("<x:text><x:r><x:t>请核对</x:t></x:r></x:text>"));
        assert_eq!(add(&bare, &cells).map(|p| text(&p)), Some(shown));
        assert_eq!(without_ours(&bare), None);
    }

    #[test]
    fn words_that_a_person_added_to_a_comment_of_ours_are_kept() {
        let a = remark("错误　甲　A101");
        let cells = BTreeMap::from([((1, 1), vec![&a])]);
        let part = text(&add(&empty(false), &cells).expect("written"));
        let part = part.replace(END, "【批注完】\n已改，李四");
        let (bare, gone) = without_ours(part.as_bytes()).expect("ours");
        assert!(
            gone.is_empty() && text(&bare).contains(">\n已改，李四</t>"),
            "{}",
            text(&bare)
        );
    }
}
