//! The styles of a workbook come in; the one among them in which words read well, wrapped, goes out.
//!
//! The styles themselves stay byte for byte: the list borrows what the user's own cells have.

use jiheng_office::xml::{Tag, Token, Tokens};

/// Larger letters are those of a title.
const LARGEST: f64 = 12.0;
/// The number format of text ("@").
const TEXT: u32 = 49;

/// A cell style as far as it matters.
#[derive(Default)]
struct Style {
    format: u32,
    font: usize,
    fill: u32,
    wraps: bool,
    centred: bool,
    turned: bool,
}

/// The index of a style that wraps plain text in letters of the usual size on no colour, if there is one.
pub fn of_words(styles: &[u8]) -> Option<usize> {
    let mut fonts: Vec<bool> = Vec::new();
    let mut texts = vec![TEXT];
    let mut cells: Vec<Style> = Vec::new();
    let mut tokens = Tokens::new(styles);
    while let Some(token) = tokens.next() {
        let Token::Open(tag) = token else { continue };
        match tag.local() {
            b"numFmt" if tag.attribute(b"formatCode") == Some(b"@") => {
                texts.extend(tag.number::<u32>(b"numFmtId"));
            }
            b"fonts" => fonts = plain_fonts(&mut tokens, &tag),
            b"cellXfs" => cells = cell_styles(&mut tokens, &tag),
            _ => {}
        }
    }
    let fits = |s: &Style| {
        let plain = fonts.get(s.font).copied().unwrap_or(false);
        let words = s.format == 0 || texts.contains(&s.format);
        s.wraps && !s.turned && s.fill == 0 && plain && words
    };
    let fitting = cells.iter().enumerate().filter(|(_, s)| fits(s));
    let best = fitting.min_by_key(|(_, s)| (s.centred, !texts.contains(&s.format)));
    best.map(|(index, _)| index)
}

/// Of each font, whether it is of a usual size and not bold.
fn plain_fonts(tokens: &mut Tokens<'_>, fonts: &Tag<'_>) -> Vec<bool> {
    let mut out = Vec::new();
    if fonts.empty {
        return out;
    }
    for token in tokens.by_ref() {
        match token {
            Token::Open(tag) if tag.local() == b"font" => out.push(true),
            Token::Open(tag) => {
                let large = tag.number::<f64>(b"val").is_some_and(|size| size > LARGEST);
                let odd = match tag.local() {
                    b"sz" => large,
                    b"b" | b"strike" => !is_off(&tag, b"val"),
                    _ => false,
                };
                if let Some(last) = out.last_mut() {
                    *last &= !odd;
                }
            }
            Token::Close(name) if name == fonts.name => break,
            _ => {}
        }
    }
    out
}

fn cell_styles(tokens: &mut Tokens<'_>, list: &Tag<'_>) -> Vec<Style> {
    let mut out: Vec<Style> = Vec::new();
    if list.empty {
        return out;
    }
    for token in tokens.by_ref() {
        match token {
            Token::Open(tag) if tag.local() == b"xf" => out.push(Style {
                format: tag.number(b"numFmtId").unwrap_or(0),
                font: tag.number(b"fontId").unwrap_or(0),
                fill: tag.number(b"fillId").unwrap_or(0),
                ..Style::default()
            }),
            Token::Open(tag) if tag.local() == b"alignment" => {
                if let Some(last) = out.last_mut() {
                    last.wraps = tag.attribute(b"wrapText").is_some() && !is_off(&tag, b"wrapText");
                    last.centred = tag.attribute(b"horizontal") == Some(b"center");
                    last.turned = tag.number::<u32>(b"textRotation").is_some_and(|t| t > 0);
                }
            }
            Token::Close(name) if name == list.name => break,
            _ => {}
        }
    }
    out
}

fn is_off(tag: &Tag<'_>, name: &[u8]) -> bool {
    matches!(tag.attribute(name), Some(b"0" | b"false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_borrowed_only_where_it_wraps_plain_words() {
        let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"@\"/></numFmts><fonts><font><sz val=\"11\"/></font><font><b/><sz val=\"22\"/></font></fonts>\
            <cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/><xf fontId=\"1\"><alignment wrapText=\"1\"/></xf>\
            <xf fontId=\"0\"><alignment wrapText=\"1\" horizontal=\"center\"/></xf>\
            <xf fontId=\"0\" fillId=\"3\"><alignment wrapText=\"1\"/></xf>\
            <xf fontId=\"0\"><alignment wrapText=\"true\"/></xf><xf fontId=\"0\" numFmtId=\"164\"><alignment wrapText=\"true\"/></xf></cellXfs></styleSheet>";
        assert_eq!(of_words(styles.as_bytes()), Some(5));
        let without = styles.replace("<alignment", "<x");
        assert_eq!(of_words(without.as_bytes()), None);
        assert_eq!(of_words(b"<styleSheet/>"), None);
    }
}
