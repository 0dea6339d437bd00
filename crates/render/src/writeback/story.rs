//! The bytes of a WordprocessingML part and a paragraph's or cell's range in it come in; its characters, each with its bytes and run, go out.
//!
//! It counts characters as the reader of `Document` does; whoever uses it compares the text first
//! and falls back to the whole paragraph where they differ.

use jiheng_office::xml::{self, Tag, Token, Tokens};
use std::ops::Range;

const TRANSITIONAL: &[u8] = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const STRICT: &[u8] = b"http://purl.oclc.org/ooxml/wordprocessingml/main";

/// How a part names WordprocessingML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// "w:" mostly; empty where it is the default namespace.
    pub prefix: String,
    /// The strict form of the standard.
    pub strict: bool,
}

impl Dialect {
    /// The one of the part's root element.
    pub fn of(part: &[u8]) -> Option<Dialect> {
        let (_, root) = xml::root(part)?;
        let (name, space) =
            xml::attributes(root.attributes).find(|a| a.1 == TRANSITIONAL || a.1 == STRICT)?;
        let prefix = match name {
            b"xmlns" => String::new(),
            name => format!("{}:", std::str::from_utf8(xml::local(name)).ok()?),
        };
        Some(Dialect {
            prefix,
            strict: space == STRICT,
        })
    }

    fn word<'a>(&self, name: &'a [u8]) -> Option<&'a [u8]> {
        name.strip_prefix(self.prefix.as_bytes())
    }

    /// The prefix in front of attributes; without a prefix of its own an attribute has none either.
    pub fn attribute(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// Characters `[from, to)` of a flow that lie in one piece.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Characters of the flow.
    pub chars: Range<usize>,
    /// The run or other element at paragraph level.
    pub unit: usize,
    /// The child of the run: a text element, a tab.
    pub child: Range<usize>,
    /// The raw text inside a text element; nothing where a piece cannot be cut.
    pub text: Option<Range<usize>>,
    /// The start tag of the text element.
    pub tag: Range<usize>,
}

/// A run, or an element that holds runs and is not cut.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub range: Range<usize>,
    /// Start tag of the run, when it is one that can be cut.
    pub tag: Option<Range<usize>>,
    /// Its properties.
    pub properties: Option<Range<usize>>,
    /// It is part of an insertion that somebody tracked.
    pub tracked: bool,
}

/// A `w:p`.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    /// Its start tag.
    pub tag: Range<usize>,
    /// It is `<w:p/>`.
    pub empty: bool,
    /// Between its properties and its end tag.
    pub inside: Range<usize>,
    /// Run properties of its mark.
    pub mark: Option<Range<usize>>,
}

/// What stands in a paragraph or in a cell, nested tables and text boxes left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    pub text: String,
    pub paragraphs: Vec<Paragraph>,
    pub units: Vec<Unit>,
    pub pieces: Vec<Piece>,
}

struct Walk<'a> {
    dialect: &'a Dialect,
    flow: Flow,
    chars: usize,
    /// The open unit's element name and how many of that name are open.
    unit: Option<(&'a [u8], usize)>,
    open: bool,
    /// Tracked insertions that are open.
    insertions: usize,
    alternatives: Vec<bool>,
    placeholder: bool,
    mute_until: usize,
}

/// Walks a range of the part that begins with a paragraph or a cell.
pub(super) fn flow(part: &[u8], dialect: &Dialect, range: Range<usize>) -> Flow {
    let mut walk = Walk {
        dialect,
        flow: Flow::default(),
        chars: 0,
        unit: None,
        open: false,
        insertions: 0,
        alternatives: Vec::new(),
        placeholder: false,
        mute_until: 0,
    };
    let mut tokens = Tokens::from(part, range.start);
    while tokens.offset() < range.end {
        let Some(token) = tokens.next() else { break };
        match token {
            Token::Open(tag) => walk.open(&tag, &mut tokens),
            Token::Close(name) => walk.close(name, tokens.range()),
            Token::Text(_) | Token::Cdata(_) => {}
        }
    }
    walk.flow
}

impl<'a> Walk<'a> {
    fn open(&mut self, tag: &Tag<'a>, tokens: &mut Tokens<'a>) {
        let at = tokens.range();
        if let Some((name, depth)) = self.unit.as_mut() {
            if *name == tag.name && !tag.empty {
                *depth += 1;
            }
        } else if self.open {
            self.begin_unit(tag, at.clone());
        }
        match tag.name {
            b"mc:AlternateContent" if !tag.empty => self.alternatives.push(false),
            b"mc:Choice" | b"mc:Fallback" if !tag.empty => match self.alternatives.last_mut() {
                Some(taken) if !*taken => *taken = true,
                _ => self.skip(tag, tokens),
            },
            b"m:t" if !tag.empty => self.text(at.clone(), false, tokens),
            _ => {}
        }
        let Some(name) = self.dialect.word(tag.name) else {
            return;
        };
        match name {
            b"p" => self.begin_paragraph(tag, at),
            b"ins" | b"moveTo" if !tag.empty => self.insertions += 1,
            b"pPr" if !tag.empty => self.paragraph_properties(tag, at, tokens),
            b"rPr" if !tag.empty => {
                self.skip(tag, tokens);
                if let Some(unit) = self.own_run() {
                    unit.properties.get_or_insert(at.start..tokens.offset());
                }
            }
            b"tbl" | b"txbxContent" | b"del" | b"moveFrom" | b"rt" | b"tcPr" => {
                self.skip(tag, tokens)
            }
            b"t" if !tag.empty => {
                let plain = self.own_run().is_some();
                self.text(at, plain, tokens);
            }
            b"tab" | b"ptab" => self.push("\t", at),
            b"br" => match tag.attribute_local(b"type") {
                Some(b"page" | b"column") => {}
                _ => self.push("\n", at),
            },
            b"cr" => self.push("\n", at),
            b"noBreakHyphen" => self.push("-", at),
            // What the reader shows for it is its business: any one character.
            b"sym" => self.push("\u{fffc}", at),
            b"sdtPr" if !tag.empty => {
                let mut inside = tokens.clone();
                self.skip(tag, tokens);
                let end = tokens.offset();
                self.placeholder =
                    std::iter::from_fn(|| inside.next().map(|t| (t, inside.offset())))
                        .take_while(|(_, at)| *at < end)
                        .any(|(t, _)| {
                            matches!(t, Token::Open(t) if t.local() == b"showingPlcHdr"
                            && !matches!(t.attribute_local(b"val"), Some(b"0" | b"false" | b"off")))
                        });
            }
            b"sdtContent" if !tag.empty && std::mem::take(&mut self.placeholder) => {
                let mut ahead = tokens.clone();
                ahead.leave(tag);
                self.mute_until = self.mute_until.max(ahead.offset());
            }
            _ => {}
        }
    }

    /// Passes over an element; its end tag is not seen by `close`.
    fn skip(&mut self, tag: &Tag<'_>, tokens: &mut Tokens<'_>) {
        if tag.empty {
            return;
        }
        tokens.leave(tag);
        if let Some((name, depth)) = self.unit.as_mut()
            && *name == tag.name
        {
            *depth = depth.saturating_sub(1);
        }
    }

    fn begin_unit(&mut self, tag: &Tag<'a>, at: Range<usize>) {
        let run = self.dialect.word(tag.name) == Some(b"r");
        let whole = matches!(self.dialect.word(tag.name), Some(b"sdt" | b"fldSimple"))
            || matches!(
                tag.name,
                b"mc:AlternateContent" | b"m:oMath" | b"m:oMathPara"
            );
        if (run || whole) && !tag.empty {
            self.unit = Some((tag.name, 1));
            self.flow.units.push(Unit {
                range: at.clone(),
                tag: run.then_some(at),
                properties: None,
                tracked: self.insertions > 0,
            });
        }
    }

    /// The open unit, when it is a run and nothing lies between.
    fn own_run(&mut self) -> Option<&mut Unit> {
        match self.unit {
            Some((_, 1)) => self.flow.units.last_mut().filter(|u| u.tag.is_some()),
            _ => None,
        }
    }

    fn close(&mut self, name: &'a [u8], at: Range<usize>) {
        if name == b"mc:AlternateContent" {
            self.alternatives.pop();
        }
        if matches!(self.dialect.word(name), Some(b"ins" | b"moveTo")) {
            self.insertions = self.insertions.saturating_sub(1);
        }
        if let Some((unit, depth)) = self.unit.as_mut() {
            if *unit == name {
                *depth -= 1;
                if *depth == 0 {
                    self.unit = None;
                    if let Some(unit) = self.flow.units.last_mut() {
                        unit.range.end = at.end;
                    }
                }
            }
            return;
        }
        if self.dialect.word(name) == Some(b"p") {
            if let Some(paragraph) = self.flow.paragraphs.last_mut().filter(|_| self.open) {
                paragraph.inside.end = at.start.max(paragraph.inside.start);
            }
            self.open = false;
        }
    }

    fn begin_paragraph(&mut self, tag: &Tag<'_>, at: Range<usize>) {
        if !self.flow.paragraphs.is_empty() {
            self.flow.text.push('\n');
            self.chars += 1;
        }
        self.flow.paragraphs.push(Paragraph {
            inside: at.end..at.end,
            tag: at,
            empty: tag.empty,
            mark: None,
        });
        self.open = !tag.empty;
        self.unit = None;
    }

    fn paragraph_properties(&mut self, tag: &Tag<'_>, at: Range<usize>, tokens: &mut Tokens<'a>) {
        let mut inside = tokens.clone();
        self.skip(tag, tokens);
        let end = tokens.offset();
        let Some(paragraph) = self.flow.paragraphs.last_mut().filter(|p| {
            // Properties stand first.
            p.inside.start <= at.start && p.mark.is_none()
        }) else {
            return;
        };
        paragraph.inside = end..end;
        while inside.offset() < end {
            match inside.next() {
                Some(Token::Open(t)) if t.local() == b"rPr" && !t.empty => {
                    let start = inside.range().start;
                    inside.leave(&t);
                    paragraph.mark = Some(start..inside.offset());
                    return;
                }
                Some(Token::Open(t)) if t.local() == b"pPrChange" => return,
                None => return,
                _ => {}
            }
        }
    }

    /// The text element that was just opened.
    fn text(&mut self, tag: Range<usize>, plain: bool, tokens: &mut Tokens<'a>) {
        let muted = tag.end < self.mute_until;
        let from = self.flow.pieces.len();
        loop {
            let before = tokens.clone();
            let Some(token) = tokens.next() else { break };
            let (text, cuts) = match token {
                Token::Text(raw) => (xml::decode(raw), plain && std::str::from_utf8(raw).is_ok()),
                Token::Cdata(raw) => (String::from_utf8_lossy(raw), false),
                Token::Open(_) | Token::Close(_) => {
                    if matches!(token, Token::Open(_)) {
                        *tokens = before;
                    }
                    break;
                }
            };
            if !muted {
                let bytes = tokens.range();
                self.piece(
                    &text,
                    tag.start..bytes.end,
                    cuts.then_some(bytes),
                    tag.clone(),
                );
            }
        }
        let end = tokens.offset();
        for piece in &mut self.flow.pieces[from..] {
            piece.child.end = end;
        }
    }

    fn push(&mut self, text: &str, at: Range<usize>) {
        if self.open && self.unit.is_some() && at.end >= self.mute_until {
            self.piece(text, at.clone(), None, at);
        }
    }

    fn piece(
        &mut self,
        text: &str,
        child: Range<usize>,
        bytes: Option<Range<usize>>,
        tag: Range<usize>,
    ) {
        if self.unit.is_none() || text.is_empty() {
            return;
        }
        let from = self.chars;
        self.chars += text.chars().count();
        self.flow.text.push_str(text);
        self.flow.pieces.push(Piece {
            chars: from..self.chars,
            unit: self.flow.units.len() - 1,
            child,
            text: bytes,
            tag,
        });
    }
}

/// The offset in the part of the character with this number in a raw text.
pub(super) fn offset_of(part: &[u8], raw: &Range<usize>, number: usize) -> Option<usize> {
    let text = std::str::from_utf8(part.get(raw.clone())?).ok()?;
    let mut at = 0;
    for _ in 0..number {
        let rest = text.get(at..)?;
        let first = rest.chars().next()?;
        at += match (first, rest.find(';')) {
            ('&', Some(end)) if end < 12 && is_entity(&rest[..=end]) => end + 1,
            _ => first.len_utf8(),
        };
    }
    Some(raw.start + at)
}

fn is_entity(raw: &str) -> bool {
    let decoded = xml::decode(raw.as_bytes());
    decoded != raw && decoded.chars().count() == 1
}
