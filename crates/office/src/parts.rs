//! A zip in the Open Packaging Convention comes in; its main part and the parts related to a part go out.

use crate::budget::Budget;
use crate::xml::{Token, Tokens};
use crate::zip::{Inflater, Zip, ZipError};
use std::borrow::Cow;

/// What an office package is by its main part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Word processing.
    Word,
    /// Spreadsheet.
    Sheet,
    /// Spreadsheet in the binary form (xlsb).
    BinarySheet,
    /// Presentation.
    Slides,
}

/// An office package: a zip whose parts refer to each other.
#[derive(Debug)]
pub struct Parts<'a> {
    zip: Zip<'a>,
    inflater: Inflater,
    main: String,
    kind: Kind,
}

impl<'a> Parts<'a> {
    /// Looks for a main part.
    ///
    /// # Errors
    /// Gives the zip back when it is no office package.
    pub fn open(zip: Zip<'a>, budget: &Budget) -> Result<Parts<'a>, Zip<'a>> {
        let mut inflater = Inflater::new(budget);
        let named = zip
            .find("_rels/.rels")
            .and_then(|e| zip.inflate(e, &mut inflater).ok())
            .and_then(|rels| relation(&rels, "", "officeDocument"));
        let usual = [
            "word/document.xml",
            "xl/workbook.xml",
            "xl/workbook.bin",
            "ppt/presentation.xml",
        ];
        let main = named.filter(|n| zip.find(n).is_some()).or_else(|| {
            usual
                .iter()
                .find(|n| zip.find(n).is_some())
                .map(|n| n.to_string())
        });
        let Some(main) = main else { return Err(zip) };
        let kind = kind(&zip, &mut inflater, &main);
        match kind {
            Some(kind) => Ok(Parts {
                zip,
                inflater,
                main,
                kind,
            }),
            None => Err(zip),
        }
    }

    /// Name of the main part.
    pub fn main(&self) -> &str {
        &self.main
    }

    /// What the package is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The zip it lies in.
    pub fn zip(&self) -> &Zip<'a> {
        &self.zip
    }

    /// The bytes of a part.
    ///
    /// # Errors
    /// When there is no such part, or it cannot be inflated.
    pub fn part(&mut self, name: &str) -> Result<Cow<'a, [u8]>, ZipError> {
        let entry = self.zip.find(name).ok_or(ZipError::Corrupt)?;
        self.zip.inflate(entry, &mut self.inflater)
    }

    /// The bytes of the part that `from` refers to by a relationship type ending in `kind` ("styles").
    pub fn related(&mut self, from: &str, kind: &str) -> Option<Cow<'a, [u8]>> {
        let name = self.related_name(from, kind)?;
        self.part(&name).ok()
    }

    /// The name of the part that `from` refers to by a relationship type ending in `kind`.
    pub fn related_name(&mut self, from: &str, kind: &str) -> Option<String> {
        let rels = self.part(&relations_part(from)).ok()?;
        relation(&rels, folder(from), kind)
    }

    /// All relationships of a part: id, last word of the type, name of the target part.
    pub fn relations(&mut self, from: &str) -> Vec<(String, String, String)> {
        let Ok(rels) = self.part(&relations_part(from)) else {
            return Vec::new();
        };
        relations_in(&rels, from)
    }
}

/// The relationships that a part's relationships part lists, as [`Parts::relations`].
pub fn relations_in(rels: &[u8], from: &str) -> Vec<(String, String, String)> {
    relations(rels, folder(from)).collect()
}

/// The main part says by its root element what it is, whatever its name.
fn kind(zip: &Zip<'_>, inflater: &mut Inflater, main: &str) -> Option<Kind> {
    if main.ends_with(".bin") {
        return Some(Kind::BinarySheet);
    }
    let usual = [
        ("word/document", Kind::Word),
        ("xl/workbook", Kind::Sheet),
        ("ppt/presentation", Kind::Slides),
    ];
    if let Some((_, kind)) = usual.iter().find(|(start, _)| main.starts_with(start)) {
        return Some(*kind);
    }
    let bytes = zip.inflate(zip.find(main)?, inflater).ok()?;
    match crate::xml::root(&bytes)?.1.local() {
        b"document" => Some(Kind::Word),
        b"workbook" => Some(Kind::Sheet),
        b"presentation" => Some(Kind::Slides),
        _ => None,
    }
}

/// The name of the part that holds the relationships of a part.
pub fn relations_part(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    if folder.is_empty() {
        format!("_rels/{name}.rels")
    } else {
        format!("{folder}/_rels/{name}.rels")
    }
}

fn folder(part: &str) -> &str {
    part.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn relation(rels: &[u8], folder: &str, kind: &str) -> Option<String> {
    relations(rels, folder)
        .find(|(_, k, _)| k == kind)
        .map(|(_, _, target)| target)
}

fn relations<'r>(
    rels: &'r [u8],
    folder: &'r str,
) -> impl Iterator<Item = (String, String, String)> + 'r {
    Tokens::new(rels).filter_map(move |token| {
        let Token::Open(tag) = token else { return None };
        if tag.local() != b"Relationship" || tag.attribute(b"TargetMode") == Some(b"External") {
            return None;
        }
        let kind = tag.value(b"Type")?;
        let kind = kind.rsplit('/').next().unwrap_or_default().to_string();
        Some((
            tag.value(b"Id")?.into_owned(),
            kind,
            resolve(folder, &tag.value(b"Target")?),
        ))
    })
}

/// A target relative to the folder of the part that refers to it.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_string();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_relative_to_the_referring_part() {
        assert_eq!(resolve("word", "styles.xml"), "word/styles.xml");
        assert_eq!(
            resolve("xl/worksheets", "../sharedStrings.xml"),
            "xl/sharedStrings.xml"
        );
        assert_eq!(resolve("word", "/word/a.xml"), "word/a.xml");
        assert_eq!(resolve("", "../../x"), "x");
    }
}
