//! The bytes of a WordprocessingML part come in; its tags go out one by one, and property elements condensed to what a reader needs.
//!
//! Names are compared with the prefix that the part itself binds to the WordprocessingML namespace
//! (transitional or strict), nearly always `w:`.

use super::lately::Lately;
use jiheng_office::xml::{self, Token, Tokens};
use memchr::{memchr, memchr2, memmem};
use std::ops::Range;

const TRANSITIONAL: &[u8] = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STRICT: &[u8] = b"http://purl.oclc.org/ooxml/wordprocessingml/main";

/// A tag as it stands in the part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'a> {
    /// Offset of `<`.
    pub start: usize,
    /// Offset behind `>`.
    pub end: usize,
    /// `</name>`.
    pub close: bool,
    /// `<name/>`.
    pub empty: bool,
    /// With its prefix.
    pub name: &'a [u8],
    /// Between name and `>`.
    pub attributes: &'a [u8],
}

/// What matters of `w:pPr`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ParagraphProperties<'a> {
    pub style: Option<&'a [u8]>,
    /// `w:numId`.
    pub number: Option<u32>,
    /// `w:ilvl`.
    pub list_level: Option<u8>,
    /// `w:outlineLvl`, from 0.
    pub outline: Option<u8>,
    /// The paragraph mark is a tracked deletion.
    pub mark_deleted: bool,
}

/// What matters of `w:tcPr`.
#[derive(Clone, Copy, Debug)]
pub(super) struct CellProperties {
    /// `w:gridSpan`.
    pub span: u32,
    /// `w:vMerge`: `Some(true)` begins, `Some(false)` continues a vertical merge.
    pub vertical: Option<bool>,
    /// `w:hMerge` continues the cell at the left.
    pub continues_left: bool,
    /// The cell is a tracked deletion.
    pub deleted: bool,
}

/// What matters of `w:trPr`.
#[derive(Debug, Default)]
pub(super) struct RowProperties {
    /// `w:gridBefore`.
    pub before: u32,
    /// The row is a tracked deletion.
    pub deleted: bool,
    /// The row is hidden.
    pub hidden: bool,
}

/// A cursor over a window of the part.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    prefix: Vec<u8>,
    /// The prefix is `w:`.
    usual: bool,
    run_properties_end: memmem::Finder<'static>,
    paragraph_properties_end: memmem::Finder<'static>,
    of_runs: Lately<'a, ()>,
    /// The beginnings of runs up to behind the tag that opens their text.
    beginnings: Lately<'a, ()>,
    /// Where the run that was opened last begins, and where its text or properties would follow at once.
    run: (usize, usize),
    /// Some run may be hidden: its properties speak of vanishing.
    pub hides: bool,
    of_paragraphs: Lately<'a, ParagraphProperties<'a>>,
    of_cells: Lately<'a, CellProperties>,
}

impl<'a> Scanner<'a> {
    pub fn new(bytes: &'a [u8]) -> Scanner<'a> {
        let prefix = prefix(bytes);
        let closing = |name: &[u8]| {
            let tag: Vec<u8> = [b"</", prefix.as_slice(), name, b">"].concat();
            memmem::Finder::new(&tag).into_owned()
        };
        Scanner {
            bytes,
            at: 0,
            end: bytes.len(),
            run_properties_end: closing(b"rPr"),
            paragraph_properties_end: closing(b"pPr"),
            usual: prefix == b"w:",
            prefix,
            of_runs: Lately::new(),
            beginnings: Lately::new(),
            run: (0, usize::MAX),
            hides: false,
            of_paragraphs: Lately::new(),
            of_cells: Lately::new(),
        }
    }

    /// Moves to a range of the part and returns what was left of the one before.
    pub fn window(&mut self, range: Range<usize>) -> Range<usize> {
        let outer = self.at..self.end;
        self.end = range.end.min(self.bytes.len());
        self.at = range.start.min(self.end);
        outer
    }

    /// Where the cursor stands.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Where the window ends.
    pub fn end(&self) -> usize {
        self.end
    }

    /// The local name, when the name belongs to WordprocessingML.
    #[inline(always)]
    pub fn word(&self, name: &'a [u8]) -> Option<&'a [u8]> {
        if self.usual {
            return match name {
                [b'w', b':', local @ ..] => Some(local),
                _ => None,
            };
        }
        name.strip_prefix(self.prefix.as_slice())
    }

    /// The next tag of the window; comments and instructions are passed over.
    #[inline]
    pub fn next_tag(&mut self) -> Option<Raw<'a>> {
        let bytes = &self.bytes[..self.end];
        loop {
            // Tags mostly follow each other without a gap.
            let start = match bytes.get(self.at) {
                Some(b'<') => self.at,
                _ => self.at + memchr(b'<', bytes.get(self.at..)?)?,
            };
            let first = *bytes.get(start + 1)?;
            if first == b'!' || first == b'?' {
                self.skip_markup(start);
                continue;
            }
            let close = first == b'/';
            let name_start = start + 1 + usize::from(close);
            let rest = &bytes[name_start..];
            let name_len = rest
                .iter()
                // Letters are all above what ends a name.
                .position(|b| {
                    *b <= b'>' && matches!(b, b'>' | b' ' | b'/' | b'\t' | b'\n' | b'\r')
                })?;
            let name = &rest[..name_len];
            if rest[name_len] == b'>' {
                self.at = name_start + name_len + 1;
                return Some(Raw {
                    start,
                    end: self.at,
                    close,
                    empty: false,
                    name,
                    attributes: &[],
                });
            }
            let inner = &rest[name_len..name_len + memchr(b'>', &rest[name_len..])?];
            self.at = name_start + name_len + inner.len() + 1;
            let (attributes, empty) = match inner {
                [attributes @ .., b'/'] if !close => (attributes, true),
                _ => (inner, false),
            };
            return Some(Raw {
                start,
                end: self.at,
                close,
                empty,
                name,
                attributes,
            });
        }
    }

    fn skip_markup(&mut self, start: usize) {
        let mut tokens = Tokens::from(&self.bytes[..self.end], start);
        tokens.next();
        // Comments and the like give no token of their own: stop before what follows them.
        self.at = match tokens.range() {
            range if range.start > start => range.start,
            range => range.end.max(start + 1),
        };
    }

    /// Goes into the text of a run whose beginning was met lately: most runs of a part begin alike.
    #[inline]
    pub fn enters_text(&mut self) -> bool {
        let Some(rest) = self.bytes.get(self.at..self.end) else {
            return false;
        };
        if !matches!(rest, [b'<', b'w', b':', b'r', b'>' | b' ', ..]) || !self.usual {
            return false;
        }
        match self.beginnings.at(rest) {
            Some((length, ())) => {
                self.at += length;
                true
            }
            None => false,
        }
    }

    /// Marks the run that was just opened.
    #[inline]
    pub fn begin_run(&mut self, tag: &Raw<'a>) {
        self.run = (tag.start, tag.end);
    }

    /// Keeps the beginning of the run whose text was just opened, when nothing but its properties stands before it.
    #[inline]
    pub fn begin_text(&mut self, tag: &Raw<'a>) {
        let (start, behind) = self.run;
        if tag.start == behind {
            self.beginnings.keep(&self.bytes[start..tag.end], ());
        }
    }

    /// Goes behind the end of the text that was just read and of its run, when nothing stands between them.
    #[inline]
    pub fn end_text(&mut self) {
        const END: &[u8] = b"</w:t></w:r>";
        if self.usual && self.bytes[self.at..self.end].starts_with(END) {
            self.at += END.len();
        }
    }

    /// Goes behind the end of the run properties that were just opened.
    #[inline]
    pub fn skip_run_properties(&mut self, tag: &Raw<'a>) {
        let follows = tag.start == self.run.1;
        self.pass_run_properties();
        if follows {
            self.run.1 = self.at;
        }
    }

    fn pass_run_properties(&mut self) {
        let rest = &self.bytes[self.at..self.end];
        if let Some((length, ())) = self.of_runs.at(rest) {
            self.at += length;
        } else if let Some(i) = self.run_properties_end.find(rest) {
            let length = i + self.run_properties_end.needle().len();
            self.hides |= memmem::find(&rest[..length], b"vanish").is_some();
            self.of_runs.keep(&rest[..length], ());
            self.at += length;
        } else {
            // Whatever they say stands among the tags that follow.
            self.hides = true;
        }
    }

    /// The text of the `t` that was just opened; goes to its end tag. `None`: the text is not wanted.
    #[inline]
    pub fn text_into(&mut self, mut out: Option<&mut String>) {
        loop {
            let rest = &self.bytes[self.at..self.end];
            let Some(stop) = memchr2(b'<', b'&', rest) else {
                self.at = self.end;
                return;
            };
            if let Some(out) = out.as_deref_mut() {
                xml::push_utf8(&rest[..stop], out);
            }
            self.at += stop;
            let rest = &rest[stop..];
            if rest[0] == b'&' {
                let len = memchr(b'<', rest).unwrap_or(rest.len());
                if let Some(out) = out.as_deref_mut() {
                    xml::decode_into(&rest[..len], out);
                }
                self.at += len;
            } else if rest.starts_with(b"<![CDATA[") {
                let body = &rest[9..];
                let len = memmem::find(body, b"]]>").unwrap_or(body.len());
                if let Some(out) = out.as_deref_mut() {
                    xml::push_utf8(&body[..len], out);
                }
                self.at = (self.at + 9 + len + 3).min(self.end);
            } else {
                return;
            }
        }
    }

    /// The inside of the element that was just opened; the cursor stays.
    pub fn peek_element(&self, tag: &Raw<'a>) -> Range<usize> {
        self.element_end(tag).0
    }

    /// The inside of the element that was just opened; goes behind its end tag.
    pub fn element(&mut self, tag: &Raw<'a>) -> Range<usize> {
        let (inside, behind) = self.element_end(tag);
        self.at = behind;
        inside
    }

    /// Goes behind the end tag of the element that was just opened.
    pub fn skip_element(&mut self, tag: &Raw<'a>) {
        self.element(tag);
    }

    fn element_end(&self, tag: &Raw<'a>) -> (Range<usize>, usize) {
        if tag.empty {
            return (tag.end..tag.end, tag.end);
        }
        let mut ahead = self.ahead();
        let mut depth = 0_usize;
        while let Some(t) = ahead.next_tag() {
            if t.name != tag.name || t.empty {
                continue;
            }
            match (t.close, depth) {
                (false, _) => depth += 1,
                (true, 0) => return (tag.end..t.start, t.end),
                (true, _) => depth -= 1,
            }
        }
        (tag.end..self.end, self.end)
    }

    /// Goes behind the end tag of the open element with this local name.
    pub fn skip_to_end(&mut self, local: &[u8]) {
        let mut depth = 0_usize;
        while let Some(t) = self.next_tag() {
            if self.word(t.name) != Some(local) || t.empty {
                continue;
            }
            match (t.close, depth) {
                (false, _) => depth += 1,
                (true, 0) => return,
                (true, _) => depth -= 1,
            }
        }
    }

    fn ahead(&self) -> Scanner<'a> {
        Scanner {
            bytes: self.bytes,
            at: self.at,
            end: self.end,
            prefix: self.prefix.clone(),
            usual: self.usual,
            run_properties_end: self.run_properties_end.clone(),
            paragraph_properties_end: self.paragraph_properties_end.clone(),
            of_runs: Lately::new(),
            beginnings: Lately::new(),
            run: (0, usize::MAX),
            hides: false,
            of_paragraphs: Lately::new(),
            of_cells: Lately::new(),
        }
    }

    /// The range holds a switch with this local name that is not switched off.
    pub fn has_flag(&self, range: Range<usize>, local: &[u8]) -> bool {
        Tokens::new(&self.bytes[range]).any(|token| match token {
            Token::Open(tag) => tag.local() == local && is_on(tag.attribute_local(b"val")),
            _ => false,
        })
    }

    /// Reads the paragraph properties that were just opened and goes behind them.
    pub fn paragraph_properties(&mut self) -> ParagraphProperties<'a> {
        let rest = &self.bytes[self.at..self.end];
        if let Some((length, found)) = self.of_paragraphs.at(rest) {
            self.at += length;
            return found;
        }
        let Some(len) = self.paragraph_properties_end.find(rest) else {
            return ParagraphProperties::default();
        };
        let length = len + self.paragraph_properties_end.needle().len();
        let behind = self.at + length;
        let found = match self.says_something(&rest[..len]) {
            true => self.properties_of_paragraph(self.at + len),
            false => ParagraphProperties::default(),
        };
        self.of_paragraphs.keep(&rest[..length], found);
        self.at = behind;
        found
    }

    fn properties_of_paragraph(&mut self, end: usize) -> ParagraphProperties<'a> {
        let mut found = ParagraphProperties::default();
        let outer_end = std::mem::replace(&mut self.end, end);
        while let Some(tag) = self.next_tag() {
            match self.word(tag.name) {
                Some(b"pStyle") => found.style = value(&tag),
                Some(b"numId") => found.number = number(&tag),
                Some(b"ilvl") => found.list_level = number(&tag),
                Some(b"outlineLvl") => found.outline = number(&tag),
                Some(b"rPr") if !tag.empty && !tag.close => {
                    found.mark_deleted = self.mark_is_deleted();
                    break;
                }
                // The properties before a tracked change are not the paragraph's own any more.
                Some(b"pPrChange" | b"sectPr") => break,
                _ => {}
            }
        }
        self.end = outer_end;
        found
    }

    /// A glance at the first letters of the tags: most paragraph properties hold nothing that is read.
    #[inline]
    fn says_something(&self, properties: &[u8]) -> bool {
        let skip = self.prefix.len() + 1;
        for i in memchr::memchr_iter(b'<', properties) {
            match properties.get(i + skip..).unwrap_or_default() {
                // Run properties of the mark: what stands first in them tells whether the mark was deleted.
                [b'r', b'P', b'r', b'>', inner @ ..] => {
                    return matches!(
                        inner.get(skip..),
                        Some([b'd', b'e', ..] | [b'i', b'n', ..] | [b'm', b'o', ..])
                    );
                }
                [b'n', b'u', ..] | [b'o', b'u', ..] | [b'p', b'S', ..] => return true,
                _ => {}
            }
        }
        false
    }

    /// Tracked changes of the paragraph mark stand first in its run properties.
    fn mark_is_deleted(&mut self) -> bool {
        while let Some(tag) = self.next_tag() {
            match self.word(tag.name) {
                Some(b"del" | b"moveFrom") => return true,
                Some(b"ins" | b"moveTo") => {}
                _ => return false,
            }
        }
        false
    }

    /// Reads the cell properties that were just opened and goes behind them.
    pub fn cell_properties(&mut self) -> CellProperties {
        let start = self.at;
        if let Some((length, found)) = self.of_cells.at(&self.bytes[start..self.end]) {
            self.at += length;
            return found;
        }
        let mut found = CellProperties {
            span: 1,
            vertical: None,
            continues_left: false,
            deleted: false,
        };
        while let Some(tag) = self.next_tag() {
            match self.word(tag.name) {
                Some(b"tcPr") if tag.close => {
                    self.of_cells.keep(&self.bytes[start..tag.end], found);
                    break;
                }
                Some(b"gridSpan") => found.span = number(&tag).unwrap_or(1),
                Some(b"vMerge") if !tag.close => {
                    found.vertical = Some(value(&tag) == Some(b"restart"))
                }
                Some(b"hMerge") if !tag.close => {
                    found.continues_left = value(&tag) != Some(b"restart")
                }
                Some(b"cellDel") => found.deleted = true,
                // The properties before a tracked change.
                Some(b"tcPrChange") if !tag.close && !tag.empty => {
                    self.skip_element(&tag);
                }
                // A lost end tag.
                Some(b"p" | b"tc" | b"tr" | b"tbl") => {
                    self.at = tag.start;
                    break;
                }
                _ => {}
            }
        }
        found
    }

    /// Reads the row properties that were just opened and goes behind them.
    pub fn row_properties(&mut self) -> RowProperties {
        let mut found = RowProperties::default();
        while let Some(tag) = self.next_tag() {
            match self.word(tag.name) {
                Some(b"trPr") if tag.close => break,
                Some(b"gridBefore") => found.before = number(&tag).unwrap_or(0),
                Some(b"del") if !tag.close => found.deleted = true,
                Some(b"hidden") => found.hidden = is_on(value(&tag)),
                Some(b"trPrChange") if !tag.close && !tag.empty => {
                    self.skip_element(&tag);
                }
                Some(b"tc" | b"tr" | b"tbl") => {
                    self.at = tag.start;
                    break;
                }
                _ => {}
            }
        }
        found
    }
}

fn value<'a>(tag: &Raw<'a>) -> Option<&'a [u8]> {
    xml::attributes(tag.attributes)
        .find(|a| xml::local(a.0) == b"val")
        .map(|a| a.1)
}

fn number<T: std::str::FromStr>(tag: &Raw<'_>) -> Option<T> {
    std::str::from_utf8(value(tag)?).ok()?.trim().parse().ok()
}

fn is_on(value: Option<&[u8]>) -> bool {
    !matches!(value, Some(b"0" | b"false" | b"off"))
}

/// The prefix (with its colon) that the root element binds to WordprocessingML.
fn prefix(bytes: &[u8]) -> Vec<u8> {
    let bound = xml::root(&bytes[..bytes.len().min(1 << 16)]).and_then(|(_, tag)| {
        xml::attributes(tag.attributes)
            .find(|a| a.1 == TRANSITIONAL || a.1 == STRICT)
            .map(|a| a.0)
    });
    match bound {
        Some(b"xmlns") => Vec::new(),
        Some(name) => [xml::local(name), b":"].concat(),
        None => b"w:".to_vec(),
    }
}
