//! Bytes of an XML part come in; tags and texts with their byte offsets go out, without a copy.
//!
//! The tokenizer is tolerant: it never fails, it knows no DTD and resolves no external entity, and
//! what is not well-formed is passed over. Whether tags nest is the caller's business.

use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;
use std::ops::Range;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name …>` or `<name …/>`.
    Open(Tag<'a>),
    /// `</name>`; the name as written, prefix included.
    Close(&'a [u8]),
    /// Character data between tags, entities not resolved.
    Text(&'a [u8]),
    /// The inside of a CDATA section, to be taken as it is.
    Cdata(&'a [u8]),
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name as written, prefix included.
    pub name: &'a [u8],
    /// Everything between name and `>` (or `/>`).
    pub attributes: &'a [u8],
    /// It is `<name/>`: no end tag follows.
    pub empty: bool,
}

/// A cursor over the tokens of a part.
#[derive(Clone, Debug)]
pub struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    start: usize,
}

impl<'a> Tokens<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Tokens<'a> {
        Tokens {
            bytes,
            at: 0,
            start: 0,
        }
    }

    /// Starts at an offset.
    pub fn from(bytes: &'a [u8], at: usize) -> Tokens<'a> {
        let at = at.min(bytes.len());
        Tokens {
            bytes,
            at,
            start: at,
        }
    }

    /// The offset behind the last token.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The bytes of the last token.
    pub fn range(&self) -> Range<usize> {
        self.start..self.at
    }

    /// Goes on at an offset.
    pub fn seek(&mut self, at: usize) {
        self.at = at.min(self.bytes.len());
        self.start = self.at;
    }

    /// Goes behind the end tag of the element that was just opened; to the end of the part when there is none.
    pub fn leave(&mut self, tag: &Tag<'_>) {
        if tag.empty {
            return;
        }
        let mut depth = 0_usize;
        for token in self.by_ref() {
            match token {
                Token::Open(t) if t.name == tag.name && !t.empty => depth += 1,
                Token::Close(name) if name == tag.name => match depth {
                    0 => return,
                    _ => depth -= 1,
                },
                _ => {}
            }
        }
    }

    /// All character data up to the end tag of the element that was just opened, entities resolved.
    pub fn text_of(&mut self, tag: &Tag<'_>) -> String {
        let mut out = String::new();
        if tag.empty {
            return out;
        }
        for token in self.by_ref() {
            match token {
                Token::Text(t) => decode_into(t, &mut out),
                Token::Cdata(t) => out.push_str(&String::from_utf8_lossy(t)),
                Token::Close(name) if name == tag.name => break,
                _ => {}
            }
        }
        out
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.bytes[self.at..];
            let first = *rest.first()?;
            self.start = self.at;
            if first != b'<' {
                let len = memchr(b'<', rest).unwrap_or(rest.len());
                self.at += len;
                return Some(Token::Text(&rest[..len]));
            }
            match rest.get(1) {
                Some(b'/') => {
                    let len = memchr(b'>', rest).map_or(rest.len(), |i| i + 1);
                    self.at += len;
                    return Some(Token::Close(trim_end(
                        rest[2..len].strip_suffix(b">").unwrap_or(&rest[2..len]),
                    )));
                }
                Some(b'!') if rest.starts_with(b"<![CDATA[") => {
                    let body = &rest[9..];
                    let len = memmem::find(body, b"]]>").unwrap_or(body.len());
                    self.at = (self.at + 9 + len + 3).min(self.bytes.len());
                    return Some(Token::Cdata(&body[..len]));
                }
                Some(b'!') if rest.starts_with(b"<!--") => {
                    self.at += memmem::find(&rest[4..], b"-->").map_or(rest.len(), |i| i + 7);
                }
                Some(b'!') => self.at += doctype_len(rest),
                Some(b'?') => self.at += memmem::find(rest, b"?>").map_or(rest.len(), |i| i + 2),
                _ => {
                    let len = tag_len(rest);
                    self.at += len;
                    return Some(Token::Open(open(
                        rest[1..len].strip_suffix(b">").unwrap_or(&rest[1..len]),
                    )));
                }
            }
        }
    }
}

impl<'a> Tag<'a> {
    /// The name without its prefix.
    pub fn local(&self) -> &'a [u8] {
        local(self.name)
    }

    /// The raw value of the attribute with this name, prefix included.
    pub fn attribute(&self, name: &[u8]) -> Option<&'a [u8]> {
        attributes(self.attributes)
            .find(|a| a.0 == name)
            .map(|a| a.1)
    }

    /// The raw value of the attribute with this name, whatever its prefix.
    pub fn attribute_local(&self, name: &[u8]) -> Option<&'a [u8]> {
        attributes(self.attributes)
            .find(|a| local(a.0) == name)
            .map(|a| a.1)
    }

    /// The value of an attribute as text, whatever its prefix, entities resolved.
    pub fn value(&self, name: &[u8]) -> Option<Cow<'a, str>> {
        self.attribute_local(name).map(decode)
    }

    /// The value of an attribute as a number, whatever its prefix.
    pub fn number<T: std::str::FromStr>(&self, name: &[u8]) -> Option<T> {
        std::str::from_utf8(self.attribute_local(name)?)
            .ok()?
            .trim()
            .parse()
            .ok()
    }
}

/// A name without its prefix.
pub fn local(name: &[u8]) -> &[u8] {
    match memchr(b':', name) {
        Some(i) => &name[i + 1..],
        None => name,
    }
}

/// Names and raw values of attributes.
pub fn attributes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        loop {
            let start = rest
                .iter()
                .position(|b| !b.is_ascii_whitespace() && *b != b'/')?;
            rest = &rest[start..];
            let name_end = rest
                .iter()
                .position(|b| *b == b'=' || b.is_ascii_whitespace())
                .unwrap_or(rest.len());
            let name = &rest[..name_end];
            rest = &rest[name_end..];
            let after = rest
                .iter()
                .position(|b| !b.is_ascii_whitespace())
                .unwrap_or(rest.len());
            if rest.get(after) != Some(&b'=') {
                if name.is_empty() {
                    return None;
                }
                continue;
            }
            rest = &rest[after + 1..];
            let quote_at = rest.iter().position(|b| !b.is_ascii_whitespace())?;
            let quote = rest[quote_at];
            if quote != b'"' && quote != b'\'' {
                continue;
            }
            rest = &rest[quote_at + 1..];
            let len = memchr(quote, rest).unwrap_or(rest.len());
            let value = &rest[..len];
            rest = rest.get(len + 1..).unwrap_or_default();
            return Some((name, value));
        }
    })
}

/// The offset of the root element's start tag and the tag itself.
pub fn root(bytes: &[u8]) -> Option<(usize, Tag<'_>)> {
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        if let Token::Open(tag) = token {
            return Some((tokens.range().start, tag));
        }
    }
    None
}

/// Text with its entities resolved.
pub fn decode(raw: &[u8]) -> Cow<'_, str> {
    if memchr(b'&', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    let mut out = String::with_capacity(raw.len());
    decode_into(raw, &mut out);
    Cow::Owned(out)
}

/// Appends text with its entities resolved. Unknown entities stay as they are written.
pub fn decode_into(raw: &[u8], out: &mut String) {
    let mut rest = raw;
    while let Some(i) = memchr(b'&', rest) {
        push_utf8(&rest[..i], out);
        rest = &rest[i..];
        match entity(rest) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    push_utf8(rest, out);
}

/// Appends bytes that should be UTF-8; what is not becomes U+FFFD.
pub fn push_utf8(raw: &[u8], out: &mut String) {
    match std::str::from_utf8(raw) {
        Ok(s) => out.push_str(s),
        Err(_) => out.push_str(&String::from_utf8_lossy(raw)),
    }
}

/// Appends text so that it can stand in an element or in a quoted attribute; characters XML forbids are left out.
pub fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{fffe}'
            | '\u{ffff}' => {}
            _ => out.push(c),
        }
    }
}

/// The predefined or numeric entity at the start of `raw`, with its length.
fn entity(raw: &[u8]) -> Option<(char, usize)> {
    let end = memchr(b';', raw.get(..12.min(raw.len()))?)?;
    let body = std::str::from_utf8(raw.get(1..end)?).ok()?;
    let c = match body {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = body.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 1))
}

/// The length of a start tag; `>` inside a quoted value does not end it.
fn tag_len(rest: &[u8]) -> usize {
    let mut at = match memchr(b'>', rest) {
        // Nearly every tag: no quote is left open before the first `>`.
        Some(i) if quotes_closed(&rest[..i]) => return i + 1,
        Some(_) => 1,
        None => return rest.len(),
    };
    while let Some(i) = rest[at..]
        .iter()
        .position(|b| matches!(b, b'>' | b'"' | b'\''))
    {
        let b = rest[at + i];
        at += i + 1;
        if b == b'>' {
            return at;
        }
        match memchr2(b, b'<', &rest[at..]) {
            // A `<` inside a value is not well-formed: the tag ends before it.
            Some(j) if rest[at + j] == b'<' => return at + j,
            Some(j) => at += j + 1,
            None => return rest.len(),
        }
    }
    rest.len()
}

fn quotes_closed(tag: &[u8]) -> bool {
    let mut open = 0_u8;
    for &b in tag {
        if (b == b'"' || b == b'\'') && (open == 0 || open == b) {
            open = if open == 0 { b } else { 0 };
        }
    }
    open == 0
}

fn open(inner: &[u8]) -> Tag<'_> {
    let (inner, empty) = match inner.strip_suffix(b"/") {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let end = inner
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(inner.len());
    Tag {
        name: &inner[..end],
        attributes: &inner[end..],
        empty,
    }
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|b| !b.is_ascii_whitespace())
        .map_or(0, |i| i + 1);
    &bytes[..end]
}

/// The length of a document type declaration, internal subset included; its entities are never used.
fn doctype_len(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    for (i, &b) in rest.iter().enumerate() {
        match b {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return i + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_carry_their_offsets_and_resolve_entities() {
        let xml = b"<?xml version='1.0'?><a x=\"1 > 0\" y='&lt;'>t &amp; u&#x4e00;<b/><![CDATA[<z>]]><!-- n --></a >";
        let mut tokens = Tokens::new(xml);
        let Some(Token::Open(a)) = tokens.next() else {
            panic!("no tag")
        };
        assert_eq!(
            (a.name, a.attribute(b"x"), a.value(b"y").as_deref()),
            (&b"a"[..], Some(&b"1 > 0"[..]), Some("<"))
        );
        assert_eq!(&xml[tokens.range()][..2], b"<a");
        let Some(Token::Text(t)) = tokens.next() else {
            panic!("no text")
        };
        assert_eq!(decode(t), "t & u一");
        assert!(matches!(tokens.next(), Some(Token::Open(b)) if b.empty && b.name == b"b"));
        assert_eq!(tokens.next(), Some(Token::Cdata(b"<z>")));
        assert_eq!(tokens.next(), Some(Token::Close(b"a")));
        assert_eq!(tokens.next(), None);
    }

    #[test]
    fn entities_of_a_document_type_are_not_expanded() {
        let xml = b"<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>";
        let text: Vec<_> = Tokens::new(xml).collect();
        assert_eq!(text[1], Token::Text(b"&a;"));
        assert_eq!(decode(b"&a;"), "&a;");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_tokenised_to_the_end(bytes in proptest::collection::vec(proptest::sample::select(b"<>/!?-[]CDATA&;#x\"'= a:b\xe4".to_vec()), 0..200)) {
            let mut tokens = Tokens::new(&bytes);
            let mut last = 0;
            while let Some(token) = tokens.next() {
                if let Token::Open(tag) = token {
                    let _ = attributes(tag.attributes).count();
                }
                proptest::prop_assert!(tokens.offset() > last);
                last = tokens.offset();
            }
            proptest::prop_assert_eq!(tokens.offset(), bytes.len());
        }
    }
}
