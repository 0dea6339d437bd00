//! The filled sheets of a unit come in; what the corridor says about them as one package goes out, each finding at the cells where it stands.
//!
//! The sheets are printed into a document in memory, and that document walks through the corridor
//! like any file: nothing is checked in a second way.

use super::key::{self, Entries};
use super::sheet::{Filled, Sheet, bind, draw};
use jiheng_engine::check::{self, Checked};
use jiheng_engine::rulebook::Rulebook;
use jiheng_engine::{recognize, score};
use jiheng_model::document::Block;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::origin::At;
use jiheng_model::{Document, Filing, Scorecard};
use jiheng_render::official::{self, Part, PartKind, Standing};
use std::sync::Arc;

/// The list under which the paragraphs of a report are kept.
pub const PARAGRAPHS: &str = "paragraphs";
/// The column of a paragraph's text.
pub const TEXT: &str = "text";

/// The report as it is written in the workspace: paragraphs in order.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The store's id of the sheet.
    pub id: String,
    /// What was entered.
    pub entries: Entries,
}

/// A package that was checked.
#[derive(Debug)]
pub struct Package {
    /// The sheets, in the order in which they came in.
    pub sheets: Vec<Arc<Sheet>>,
    /// What each was drawn from, and its printed part: drawn again only when that changes.
    drawn: Vec<(Filled, Arc<Part>)>,
    /// The package as one document.
    pub documents: Vec<Document>,
    /// Stated values.
    pub filing: Filing,
    /// Computed values.
    pub scorecard: Scorecard,
    /// Findings and the outcome of every rule.
    pub checked: Checked,
    /// Where the findings stand.
    pub marks: Vec<Mark>,
}

/// A place of a finding in a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Index of the finding.
    pub finding: usize,
    /// Number of the place in the finding, from 0; the first is the one to mark.
    pub place: usize,
    /// The sheet: its index, behind the last form the report; `None` when it stands nowhere in the package.
    pub sheet: Option<usize>,
    /// The address of the cell; `None` for words of the form and for what is absent.
    pub key: Option<String>,
    /// The row of the table, 0 outside of it.
    pub row: u32,
}

/// Checks sheets and report as one package. What did not change since `before` is not drawn again.
pub fn check(
    filled: Vec<Filled>,
    report: Option<&Written>,
    rulebook: &Rulebook,
    before: Option<&Package>,
) -> Package {
    let mut sheets = Vec::with_capacity(filled.len());
    let mut drawn: Vec<(Filled, Arc<Part>)> = Vec::with_capacity(filled.len());
    for own in filled {
        let same = before.and_then(|b| {
            let at = b.drawn.iter().position(|(f, _)| f.is_same(&own))?;
            Some((b.sheets.get(at)?.clone(), b.drawn[at].1.clone()))
        });
        let (sheet, part) = same.unwrap_or_else(|| {
            let (sheet, part) = draw(&own);
            (Arc::new(sheet), Arc::new(part))
        });
        sheets.push(sheet);
        drawn.push((own, part));
    }
    let mut parts: Vec<Part> = drawn.iter().map(|(_, part)| Part::clone(part)).collect();
    let paragraphs = report.map_or_else(Vec::new, lines);
    if !paragraphs.is_empty() {
        parts.push(report_part(&paragraphs));
    }
    let bound = bind(parts);
    let (document, standing) = official::document(&bound, "填报");
    let documents = vec![document];
    let filing = recognize::recognize(&documents, rulebook);
    let scorecard = score::score(&filing, rulebook);
    let checked = check::check(&documents, &filing, &scorecard, rulebook);
    let find = Finder {
        sheets: &sheets,
        paragraphs: &paragraphs,
        standing: &standing,
        filing: &filing,
    };
    let marks = find.marks(&checked);
    Package {
        sheets,
        drawn,
        documents,
        filing,
        scorecard,
        checked,
        marks,
    }
}

/// The paragraphs of a report with the addresses under which they are kept.
pub fn lines(report: &Written) -> Vec<(String, String)> {
    let rows = key::rows(&report.entries, PARAGRAPHS).into_iter();
    rows.map(|row| {
        let key = key::cell(PARAGRAPHS, &row, TEXT);
        let text = report.entries.get(&key).cloned().unwrap_or_default();
        (key, text)
    })
    .collect()
}

fn report_part(paragraphs: &[(String, String)]) -> Part {
    Part {
        kind: PartKind::Report,
        name: "报告".into(),
        landscape: false,
        blocks: (paragraphs.iter())
            .map(|(_, text)| official::Block::Paragraph(text.clone()))
            .collect(),
    }
}

/// Looks for the cells of places.
struct Finder<'a> {
    sheets: &'a [Arc<Sheet>],
    paragraphs: &'a [(String, String)],
    standing: &'a [Standing],
    filing: &'a Filing,
}

impl Finder<'_> {
    fn marks(&self, checked: &Checked) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (finding, found) in checked.findings.iter().enumerate() {
            for (place, at) in found.places.iter().enumerate() {
                let (sheet, key, row) = self.place(at);
                marks.push(Mark {
                    finding,
                    place,
                    sheet,
                    key,
                    row,
                });
            }
        }
        marks
    }

    /// Sheet, address and row of a place.
    fn place(&self, place: &Place) -> (Option<usize>, Option<String>, u32) {
        match place.origin.at {
            At::Cell {
                table, row, col, ..
            } => {
                let Some(at) = self.part_of(Block::Table(table)) else {
                    return (None, None, 0);
                };
                let cell = self.sheets.get(at.part).and_then(|s| s.at(row, col));
                let key = cell.and_then(|c| c.key()).map(str::to_string);
                (Some(at.part), key, row)
            }
            At::Text { paragraph, .. } => {
                let Some(at) = self.part_of(Block::Paragraph(paragraph)) else {
                    return (None, None, 0);
                };
                if at.part >= self.sheets.len() {
                    let line = self.paragraphs.get(at.block);
                    return (Some(at.part), line.map(|l| l.0.clone()), 0);
                }
                (Some(at.part), self.foot(at.part, place), 0)
            }
        }
    }

    /// The field of a place in the line under a table, or that ought to stand there.
    fn foot(&self, sheet: usize, place: &Place) -> Option<String> {
        let sheet = self.sheets.get(sheet)?;
        let named = match &place.field {
            Some(path) => path.clone(),
            None if place.kind == PlaceKind::Absent => {
                let def = &self.filing.forms.get(place.form_index?)?.def;
                let field = def.fields.iter().find(|f| f.label == place.label)?;
                field.path.clone()
            }
            None => return None,
        };
        let mut foot = sheet.foot.iter().filter_map(|c| c.key());
        foot.find(|key| *key == named).map(str::to_string)
    }

    fn part_of(&self, at: Block) -> Option<&Standing> {
        self.standing.iter().find(|s| s.at == at)
    }
}
