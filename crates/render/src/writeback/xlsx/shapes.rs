//! A drawing of comments (VML) and cells come in; the drawing with a hidden box for each cell, or without some, goes out.

use super::Spot;
use crate::writeback::draft::{append, whole};
use jiheng_office::splice::{Splice, splice};
use jiheng_office::xml::{self, Tag, Token, Tokens};

/// A drawing without boxes.
pub const EMPTY: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";
/// What a box is like.
const KIND: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
/// Lines of text that a box shows at most; the rest is reached by its scroll bar or by pulling it larger.
const MOST_LINES: usize = 24;

/// Adds a box for each cell that has none, tall enough for so many lines.
pub fn add(part: &[u8], cells: &[(Spot, usize)]) -> Option<Vec<u8>> {
    let (_, root) = xml::root(part)?;
    for space in [&b"xmlns:v"[..], b"xmlns:o", b"xmlns:x"] {
        root.attribute(space)?;
    }
    let there: Vec<Spot> = notes(part).into_iter().map(|n| n.0).collect();
    let kind = Tokens::new(part)
        .any(|t| matches!(t, Token::Open(t) if t.attribute(b"id") == Some(b"_x0000_t202")));
    let mut text = String::from(if kind { "" } else { KIND });
    let missing = cells.iter().filter(|(spot, _)| !there.contains(spot));
    for (next, ((row, col), lines)) in (next_id(part)..).zip(missing) {
        let tall = (*lines).clamp(4, MOST_LINES);
        let (left, top) = (col, row.saturating_sub(2));
        text.push_str(&format!(
            "<v:shape id=\"_x0000_s{next}\" type=\"#_x0000_t202\" style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:280pt;height:{}pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 4, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>",
            tall * 13,
            left + 5,
            top as usize + tall,
            row - 1,
            col - 1,
        ));
    }
    append(part, &text)
}

/// The drawing without the boxes of these cells.
pub fn without(part: &[u8], cells: &[Spot]) -> Option<Vec<u8>> {
    let boxes = notes(part).into_iter();
    let cut = boxes.filter(|(spot, _)| cells.contains(spot));
    splice(
        part,
        cut.map(|(_, range)| Splice::over(range, "")).collect(),
    )
}

/// The cells of all boxes of comments, with the bytes of each.
fn notes(part: &[u8]) -> Vec<(Spot, std::ops::Range<usize>)> {
    let mut out = Vec::new();
    let mut tokens = Tokens::new(part);
    while let Some(token) = tokens.next() {
        let Token::Open(tag) = token else { continue };
        if tag.local() != b"shape" || tag.empty {
            continue;
        }
        let mut inside = tokens.clone();
        let range = whole(&mut tokens, &tag);
        if let Some(spot) = spot_of(&mut inside, range.end) {
            out.push((spot, range));
        }
    }
    out
}

fn spot_of(tokens: &mut Tokens<'_>, end: usize) -> Option<Spot> {
    let (mut note, mut row, mut col) = (false, None, None);
    let number = |tokens: &mut Tokens<'_>, tag: &Tag<'_>| {
        let text = tokens.text_of(tag);
        text.trim().parse::<u32>().ok()?.checked_add(1)
    };
    while tokens.offset() < end {
        let Token::Open(tag) = tokens.next()? else {
            continue;
        };
        match tag.local() {
            b"ClientData" => note = tag.attribute_local(b"ObjectType") == Some(b"Note"),
            b"Row" => row = number(tokens, &tag),
            b"Column" => col = number(tokens, &tag),
            _ => {}
        }
    }
    note.then_some((row?, col?))
}

/// The number behind the highest of the boxes' names; those of a new drawing begin where Excel's do.
fn next_id(part: &[u8]) -> u64 {
    let ids = Tokens::new(part).filter_map(|token| match token {
        Token::Open(tag) => {
            let id = std::str::from_utf8(tag.attribute(b"id")?).ok()?;
            id.strip_prefix("_x0000_s")?.parse::<u64>().ok()
        }
        _ => None,
    });
    ids.filter(|id| *id < u64::from(u32::MAX))
        .max()
        .map_or(1025, |id| id + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_come_and_go_by_their_cells() {
        let once = add(EMPTY.as_bytes(), &[((1, 1), 3), ((5, 2), 40)]).expect("written");
        let spots: Vec<Spot> = notes(&once).into_iter().map(|n| n.0).collect();
        assert_eq!(spots, [(1, 1), (5, 2)]);
        assert_eq!(next_id(&once), 1027);
        let left = without(&once, &[(1, 1)]).expect("written");
        assert_eq!(notes(&left).len(), 1);
        // The cell that has one gets no second, and the kind of box is not told again.
        let again = add(&left, &[((5, 2), 3), ((1, 1), 3)]).expect("written");
        let again = String::from_utf8(again).expect("UTF-8");
        assert_eq!(again.matches("<v:shape ").count(), 2);
        assert_eq!(again.matches("<v:shapetype ").count(), 1);
        assert_eq!(add(b"<xml/>", &[]), None);
    }
}
