//! A package and changes to its parts come in one by one; the package with all of them goes out, every other part byte for byte.

use super::Unwritable;
use jiheng_office::parts::{Kind, Parts, relations_in, relations_part};
use jiheng_office::rewrite::{Change, rewrite};
use jiheng_office::splice::{Splice, splice};
use jiheng_office::xml::{self, Tag, Token, Tokens};
use jiheng_office::{Budget, Zip};
use std::ops::Range;

/// The head of a part of ours.
pub(super) const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPES: &str = "[Content_Types].xml";

/// A package that is being changed.
pub(super) struct Draft<'a> {
    bytes: &'a [u8],
    budget: Budget,
    parts: Parts<'a>,
    changes: Vec<Change>,
}

impl<'a> Draft<'a> {
    /// Opens a package of a kind.
    pub fn open(bytes: &'a [u8], kind: Kind) -> Result<Draft<'a>, Unwritable> {
        let budget = Budget::default();
        let zip = Zip::open(bytes, &budget)?;
        let parts = Parts::open(zip, &budget).map_err(|_| Unwritable::Form)?;
        if parts.kind() != kind {
            return Err(Unwritable::Form);
        }
        Ok(Draft {
            bytes,
            budget,
            parts,
            changes: Vec::new(),
        })
    }

    /// Name of the main part.
    pub fn main(&self) -> String {
        self.parts.main().to_string()
    }

    /// The bytes of a part as they are now.
    pub fn part(&mut self, name: &str) -> Result<Vec<u8>, Unwritable> {
        if let Some(change) = self.changes.iter().find(|c| c.name == name) {
            return Ok(change.bytes.clone());
        }
        Ok(self.parts.part(name)?.into_owned())
    }

    /// Whether there is such a part.
    pub fn has(&self, name: &str) -> bool {
        self.parts.zip().find(name).is_some() || self.changes.iter().any(|c| c.name == name)
    }

    /// Puts bytes in the place of a part's.
    pub fn put(&mut self, name: &str, bytes: Vec<u8>) {
        match self.changes.iter_mut().find(|c| c.name == name) {
            Some(change) => change.bytes = bytes,
            None => self.changes.push(Change {
                name: name.to_string(),
                bytes,
            }),
        }
    }

    /// Adds a part and says of what content type it is.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>, kind: &str) -> Result<(), Unwritable> {
        self.put(name, bytes);
        let old = self.part(TYPES)?;
        let (_, root) = xml::root(&old).ok_or(Unwritable::Form)?;
        let prefix = prefix_of(root.name);
        let line = format!("<{prefix}Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
        self.put(TYPES, append(&old, &line).ok_or(Unwritable::Form)?);
        Ok(())
    }

    /// All relationships of a part: id, last word of the type, name of the target part.
    pub fn relations(&mut self, from: &str) -> Vec<(String, String, String)> {
        match self.part(&relations_part(from)) {
            Ok(bytes) => relations_in(&bytes, from),
            Err(_) => Vec::new(),
        }
    }

    /// The name of the part that `from` refers to by a relationship type ending in `kind`, when there is such a part.
    pub fn related(&mut self, from: &str, kind: &str) -> Option<String> {
        let all = self.relations(from);
        let found = all.into_iter().find(|r| r.1 == kind)?.2;
        self.has(&found).then_some(found)
    }

    /// Makes a part refer to another; the relationship's id.
    pub fn relate(
        &mut self,
        from: &str,
        kind: &str,
        to: &str,
        strict: bool,
    ) -> Result<String, Unwritable> {
        let name = relations_part(from);
        let old = match self.has(&name) {
            true => self.part(&name)?,
            false => {
                format!("{XML}<Relationships xmlns=\"{PACKAGE}\"></Relationships>").into_bytes()
            }
        };
        let taken: Vec<String> = Tokens::new(&old)
            .filter_map(|token| match token {
                Token::Open(tag) => Some(tag.value(b"Id")?.into_owned()),
                _ => None,
            })
            .collect();
        let id = (1..)
            .map(|n| format!("rIdJiheng{n}"))
            .find(|id| !taken.contains(id))
            .unwrap_or_default();
        let space = office(strict);
        let (_, root) = xml::root(&old).ok_or(Unwritable::Form)?;
        let prefix = prefix_of(root.name);
        let line =
            format!("<{prefix}Relationship Id=\"{id}\" Type=\"{space}/{kind}\" Target=\"/{to}\"/>");
        self.put(&name, append(&old, &line).ok_or(Unwritable::Form)?);
        Ok(id)
    }

    /// A name of no part yet: "xl/comments1.xml".
    pub fn free_name(&self, folder: &str, stem: &str, ending: &str) -> String {
        let prefix = match folder {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        std::iter::once(format!("{prefix}{stem}.{ending}"))
            .chain((2..).map(|n| format!("{prefix}{stem}{n}.{ending}")))
            .find(|name| !self.has(name))
            .unwrap_or_default()
    }

    /// The package with all changes.
    pub fn finish(self) -> Result<Vec<u8>, Unwritable> {
        Ok(rewrite(self.bytes, &self.budget, &self.changes)?)
    }
}

/// The namespace of relationships, and the beginning of their types.
pub(super) fn office(strict: bool) -> &'static str {
    match strict {
        true => "http://purl.oclc.org/ooxml/officeDocument/relationships",
        false => "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    }
}

/// The folder a part lies in.
pub(super) fn folder(part: &str) -> &str {
    part.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// "w:" of "w:p".
pub(super) fn prefix_of(name: &[u8]) -> &str {
    let local = xml::local(name).len();
    std::str::from_utf8(&name[..name.len() - local]).unwrap_or_default()
}

/// Puts text before the end tag of the root element.
pub(super) fn append(part: &[u8], text: &str) -> Option<Vec<u8>> {
    let (start, root) = xml::root(part)?;
    let mut tokens = Tokens::from(part, start);
    tokens.next()?;
    splice(part, vec![append_to(part, &mut tokens, &root, text)?])
}

/// Puts text before the end tag of the element that was just opened, and goes behind it.
pub(super) fn append_to(
    part: &[u8],
    tokens: &mut Tokens<'_>,
    tag: &Tag<'_>,
    text: &str,
) -> Option<Splice> {
    if tag.empty {
        let name = std::str::from_utf8(tag.name).ok()?;
        let end = tokens.range().end;
        return Some(Splice::over(end - 2..end, format!(">{text}</{name}>")));
    }
    tokens.leave(tag);
    let last = tokens.range();
    let closed = part.get(last.clone())?.starts_with(b"</");
    closed.then(|| Splice::at(last.start, text))
}

/// The bytes of the element that was just opened; the cursor goes behind it.
pub(super) fn whole(tokens: &mut Tokens<'_>, tag: &Tag<'_>) -> Range<usize> {
    let start = tokens.range().start;
    tokens.leave(tag);
    start..tokens.offset()
}
