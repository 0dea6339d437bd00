//! A package as read comes in; the same package with a cell or some words changed goes out.
//!
//! The change is made at the reader's own places, so that generated packages and the corpus's are
//! changed by the same hand and the place of the change is known exactly.

use crate::dice::Dice;
use jiheng_engine::read::{Package, read};
use jiheng_engine::rulebook::{Rulebook, Shelf};
use jiheng_engine::{check, recognize, score};
use jiheng_model::document::Block;
use jiheng_model::origin::At;
use jiheng_model::{Document, Filing, Finding, Form, Origin, Stated};
use std::ops::Range;
use std::sync::Arc;

/// A sound package: its documents and what was recognised in them.
#[derive(Debug)]
pub struct Subject {
    /// Name of its file.
    pub name: String,
    /// As read.
    pub documents: Vec<Document>,
    /// As recognised.
    pub filing: Filing,
    /// The rulebook in force.
    pub rulebook: Arc<Rulebook>,
    /// What the checker says of it unchanged.
    pub findings: Vec<Finding>,
}

impl Subject {
    /// Reads and checks a package; `None` when no form was recognised.
    pub fn read(package: &Package) -> Option<Subject> {
        let documents = read(package);
        let (rulebook, _) = Shelf::embedded().choose(&documents, None).ok()?;
        let (filing, findings) = checked(&documents, &rulebook);
        let name = package.files.first()?.name.clone();
        (!filing.forms.is_empty()).then_some(Subject {
            name,
            documents,
            filing,
            rulebook,
            findings,
        })
    }
}

/// Recognises, scores and checks documents.
pub fn checked(documents: &[Document], rulebook: &Rulebook) -> (Filing, Vec<Finding>) {
    let filing = recognize::recognize(documents, rulebook);
    let scorecard = score::score(&filing, rulebook);
    let checked = check::check(documents, &filing, &scorecard, rulebook);
    (filing, checked.findings)
}

/// A package that is being changed.
pub struct Draft<'a> {
    /// What it was.
    pub subject: &'a Subject,
    /// What it becomes.
    pub documents: Vec<Document>,
    /// Where it was changed.
    pub spots: Vec<Origin>,
    /// What was changed, for people: "old → new".
    pub edits: Vec<String>,
    /// Choices.
    pub dice: Dice,
}

/// A line of the report: a paragraph, or a row of its sheet.
#[derive(Clone, Debug)]
pub struct Prose {
    /// Its address, without characters.
    pub origin: Origin,
    /// Its text in the sound package.
    pub text: String,
}

/// A place in a form.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The form.
    pub form: &'a Form,
    /// The value there.
    pub stated: &'a Stated,
}

impl<'a> Draft<'a> {
    /// Begins from a sound package.
    pub fn of(subject: &'a Subject, seed: u64) -> Self {
        Draft {
            subject,
            documents: subject.documents.clone(),
            spots: Vec::new(),
            edits: Vec::new(),
            dice: Dice::new(seed),
        }
    }

    /// The forms of a kind.
    pub fn forms(&self, kind: &str) -> Vec<&'a Form> {
        let forms = self.subject.filing.forms.iter();
        forms.filter(|f| f.kind() == kind).collect()
    }

    /// One form of a kind.
    pub fn form(&mut self, kind: &str) -> Option<&'a Form> {
        let forms = self.forms(kind);
        (!forms.is_empty()).then(|| *self.dice.pick(&forms))
    }

    /// Writes another text where a value stands and notes the place.
    pub fn put(&mut self, at: &Stated, text: &str) -> Option<()> {
        self.write(at.origin, text)?;
        self.spots.push(at.origin);
        Some(())
    }

    /// Adds to the number a value shows: the value as printed, its sign and unit kept.
    pub fn add(&mut self, at: &Stated, by: i64) -> Option<()> {
        let text = plus(&at.text, by)?;
        self.put(at, &text)
    }

    /// Writes another text at an address without noting the place.
    pub fn write(&mut self, origin: Origin, text: &str) -> Option<()> {
        let old = self.range(origin)?;
        let document = self.documents.get_mut(origin.file as usize)?;
        let chars = match origin.at {
            At::Cell { chars, .. } => chars,
            At::Text { chars, .. } => Some(chars),
        };
        let whole = document.slice(&old);
        let new = match chars {
            None => text.to_string(),
            Some((from, to)) => {
                let head: String = whole.chars().take(from as usize).collect();
                let tail: String = whole.chars().skip(to as usize).collect();
                format!("{head}{text}{tail}")
            }
        };
        let was = match chars {
            None => whole.to_string(),
            Some((from, to)) => {
                let length = to.saturating_sub(from) as usize;
                whole.chars().skip(from as usize).take(length).collect()
            }
        };
        let short = |t: &str| -> String { t.chars().take(60).collect() };
        self.edits
            .push(format!("{} → {}", short(&was), short(text)));
        let start = document.text.len() as u32;
        document.text.push_str(&new);
        let range = start..document.text.len() as u32;
        match origin.at {
            At::Cell {
                table, row, col, ..
            } => {
                let table = document.tables.get_mut((table as usize).checked_sub(1)?)?;
                let index = table.index_at(row, col)?;
                table.cells.get_mut(index as usize)?.text = range;
            }
            At::Text { paragraph, .. } => {
                let at = (paragraph as usize).checked_sub(1)?;
                document.paragraphs.get_mut(at)?.text = range;
            }
        }
        Some(())
    }

    fn range(&self, origin: Origin) -> Option<Range<u32>> {
        let document = self.documents.get(origin.file as usize)?;
        match origin.at {
            At::Cell { .. } => Some(document.cell_at(&origin)?.text.clone()),
            At::Text { paragraph, .. } => {
                let at = (paragraph as usize).checked_sub(1)?;
                Some(document.paragraphs.get(at)?.text.clone())
            }
        }
    }

    /// The lines of the report.
    pub fn prose(&self) -> Vec<Prose> {
        let narrative = &self.subject.filing.narrative;
        let file = narrative.file;
        let Some(document) = self.subject.documents.get(file as usize) else {
            return Vec::new();
        };
        let Some((first, last)) = narrative.span else {
            return Vec::new();
        };
        let line = |number: u32| match narrative.sheet {
            None => Prose {
                origin: Origin::text(file, number, 0, 0),
                text: document.paragraph_text(number).to_string(),
            },
            Some(sheet) => {
                let cell = document.table(sheet).and_then(|t| t.at(number, 1));
                Prose {
                    origin: Origin::cell(file, sheet, number, 1),
                    text: cell.map_or("", |c| document.cell_text(c)).to_string(),
                }
            }
        };
        (first..=last).map(line).collect()
    }

    /// Replaces words in the first line of the report that holds them; the words are the place.
    pub fn reword(&mut self, old: &str, new: &str) -> Option<()> {
        let prose = self.prose();
        let line = prose.iter().find(|l| l.text.contains(old))?;
        let from = line.text.find(old)?;
        self.rewrite(line, from..from + old.len(), new)
    }

    /// Replaces a range of bytes of a line and notes where the new words stand.
    pub fn rewrite(&mut self, line: &Prose, bytes: Range<usize>, new: &str) -> Option<()> {
        let chars = |to: usize| line.text.get(..to).map(|t| t.chars().count() as u32);
        let (from, to) = (chars(bytes.start)?, chars(bytes.end)?);
        let within = |from, to| match line.origin.at {
            At::Text { paragraph, .. } => Origin::text(line.origin.file, paragraph, from, to),
            At::Cell {
                table, row, col, ..
            } => Origin {
                file: line.origin.file,
                at: At::Cell {
                    table,
                    row,
                    col,
                    chars: Some((from, to)),
                },
            },
        };
        self.write(within(from, to), new)?;
        self.spots
            .push(within(from, from + new.chars().count() as u32));
        Some(())
    }

    /// The number that follows these words in the report, with its line and bytes.
    pub fn number_after(&self, words: &str) -> Option<(Prose, Range<usize>)> {
        self.prose().into_iter().find_map(|line| {
            let mut from = 0;
            while let Some(at) = line.text[from..].find(words) {
                let start = from + at + words.len();
                let digits = line.text[start..]
                    .bytes()
                    .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
                let end = start + digits.count();
                if end > start {
                    return Some((line, start..end));
                }
                from = start;
            }
            None
        })
    }

    /// Adds hundredths to the number that follows these words in the report.
    pub fn add_after(&mut self, words: &str, by: i64) -> Option<()> {
        let (line, bytes) = self.number_after(words)?;
        let text = plus(line.text.get(bytes.clone())?, by)?;
        self.rewrite(&line, bytes, &text)
    }

    /// Replaces words in a value of a form without noting the place.
    pub fn replace_in(&mut self, at: &Stated, old: &str, new: &str) -> Option<()> {
        let range = self.range(at.origin)?;
        let document = self.documents.get(at.origin.file as usize)?;
        let whole = document.slice(&range).to_string();
        if !whole.contains(old) {
            return None;
        }
        let At::Cell {
            table, row, col, ..
        } = at.origin.at
        else {
            return None;
        };
        let cell = Origin::cell(at.origin.file, table, row, col);
        self.write(cell, &whole.replacen(old, new, 1))?;
        self.edits.pop();
        self.edits.push(format!("{old} → {new}"));
        Some(())
    }

    /// Takes lines of the report away, from the first that `begins` to before the first after it that `ends`.
    pub fn cut_prose(
        &mut self,
        begins: impl Fn(&str) -> bool,
        ends: impl Fn(&str) -> bool,
    ) -> Option<()> {
        let prose = self.prose();
        let first = prose.iter().position(|l| begins(&l.text))?;
        let count = prose[first + 1..].iter().position(|l| ends(&l.text))? + 1;
        let before = first.checked_sub(1).and_then(|i| prose.get(i));
        self.spots.extend(before.map(|l| l.origin));
        for line in &prose[first..first + count] {
            let length = line.text.chars().count() as u32;
            let origin = match line.origin.at {
                At::Text { paragraph, .. } => Origin::text(line.origin.file, paragraph, 0, length),
                At::Cell { .. } => line.origin,
            };
            self.write(origin, "")?;
        }
        Some(())
    }

    /// Takes a form away with the lines from its annex label to its foot.
    pub fn cut_form(&mut self, form: &Form) -> Option<()> {
        let file = form.file;
        let number = *form.tables.first()?;
        let document = self.documents.get_mut(file as usize)?;
        if document.tables.iter().any(|t| t.sheet.is_some()) {
            return None;
        }
        let at = document
            .blocks
            .iter()
            .position(|b| *b == Block::Table(number))?;
        let labelled = |b: &Block| match b {
            Block::Paragraph(n) => document.paragraph_text(*n).trim().starts_with("附件"),
            Block::Table(_) => false,
        };
        let from = document.blocks[..at].iter().rposition(labelled)?;
        let foot = document.blocks[at + 1..].iter().take(3);
        let foot = foot
            .take_while(|b| matches!(b, Block::Paragraph(n) if !document.paragraph_text(*n).trim_start().starts_with("附件")))
            .take_while(|b| !matches!(b, Block::Paragraph(n) if document.paragraph_text(*n).contains("年度")))
            .count();
        document.blocks.drain(from..=at + foot);
        renumber(document);
        Some(())
    }
}

/// Numbers paragraphs and tables anew after blocks were taken away.
fn renumber(document: &mut Document) {
    let (mut paragraphs, mut tables) = (Vec::new(), Vec::new());
    for block in &mut document.blocks {
        match block {
            Block::Paragraph(n) => {
                paragraphs.push(document.paragraphs[*n as usize - 1].clone());
                *n = paragraphs.len() as u32;
            }
            Block::Table(n) => {
                let mut table = document.tables[*n as usize - 1].clone();
                *n = tables.len() as u32 + 1;
                table.number = *n;
                tables.push(table);
            }
        }
    }
    document.paragraphs = paragraphs;
    document.tables = tables;
}

/// The bytes of the first number of a text: digits, points and commas.
pub fn first_number(text: &str) -> Option<Range<usize>> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let length = text[start..]
        .bytes()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
        .count();
    Some(start..start + length)
}

/// Adds hundredths to the first number of a text, everything else kept.
pub fn plus(text: &str, by: i64) -> Option<String> {
    let Range { start, end } = first_number(text)?;
    let (length, digits) = (end - start, &text[start..end]);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let negative = text[..start].ends_with('-');
    let number: i64 = format!("{}{:0<2.2}", whole.replace(',', ""), part)
        .parse()
        .ok()?;
    let signed = if negative { -number } else { number } + by;
    if signed < 0 {
        return None;
    }
    let head = text[..start].trim_end_matches('-');
    let number = crate::hundredths::fixed(signed, whole.contains(','));
    let number = match part.len() {
        0 => number
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_string(),
        1 if number.ends_with('0') => number[..number.len() - 1].to_string(),
        _ => number,
    };
    Some(format!("{head}{number}{}", &text[start + length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_sign_unit_and_places() {
        assert_eq!(plus("≥150个", 300).as_deref(), Some("≥153个"));
        assert_eq!(plus("1,234.50万元", 1000).as_deref(), Some("1,244.50万元"));
        assert_eq!(plus("98.56%", -256).as_deref(), Some("96.00%"));
        assert_eq!(plus("—", 100), None);
        assert_eq!(plus("0.50", -100), None);
    }
}
