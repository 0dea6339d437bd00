//! A seed comes in; the bytes of a made-up package with a few defects, as a docx or a workbook, go out.

use crate::dice::Dice;
use crate::draft::{Draft, Subject};
use crate::kinds::{Kind, kinds, setting};
use crate::material::Setting;
use crate::print::{Format, print};
use crate::{invent, pieces};
use jiheng_engine::read::{Package, SourceFile};
use jiheng_model::Document;
use jiheng_model::document::Block;
use jiheng_office::write::{self, Cell, Table};

/// A file with defects.
#[derive(Clone, Debug)]
pub struct Faulty {
    /// "package.docx".
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Names of the kinds of defects in it.
    pub defects: Vec<&'static str>,
}

/// A package of this seed with up to so many defects of kinds that are `wanted`; `format` is docx or xlsx.
pub fn faulty(
    seed: u64,
    format: Format,
    count: usize,
    wanted: impl Fn(&Kind) -> bool,
) -> Option<Faulty> {
    let name = format!("package.{}", format.ending());
    let bytes = print(&pieces(&invent::plan(seed)), format);
    let file = SourceFile {
        name: name.clone(),
        bytes,
    };
    let subject = Subject::read(&Package { files: vec![file] })?;
    let mut draft = Draft::of(&subject, seed);
    let mut dice = Dice::new(seed);
    let mut open: Vec<Kind> = kinds()
        .into_iter()
        .filter(|k| setting(k) == Setting::Whole && wanted(k))
        .collect();
    dice.shuffle(&mut open);
    let mut defects = Vec::new();
    for kind in open {
        if defects.len() == count {
            break;
        }
        let before = draft.documents.clone();
        match (kind.inject)(&mut draft, kind.about) {
            Some(()) => defects.push(kind.name),
            None => draft.documents = before,
        }
    }
    let document = draft.documents.first()?;
    let bytes = match format {
        Format::Xlsx => workbook(document),
        _ => write::docx(&blocks(document)),
    };
    Some(Faulty {
        name,
        bytes,
        defects,
    })
}

fn blocks(document: &Document) -> Vec<write::Block> {
    let block = |block: &Block| match block {
        Block::Paragraph(number) => {
            let paragraph = &document.paragraphs[*number as usize - 1];
            write::Block::Paragraph {
                text: document.slice(&paragraph.text).to_string(),
                level: paragraph.level,
            }
        }
        Block::Table(number) => write::Block::Table(table(document, *number)),
    };
    document.blocks.iter().map(block).collect()
}

fn table(document: &Document, number: u32) -> Table {
    let table = &document.tables[number as usize - 1];
    let cells = table.cells.iter().map(|c| Cell {
        row: c.row,
        col: c.col,
        row_span: c.row_span,
        col_span: c.col_span,
        text: document.cell_text(c).to_string(),
    });
    Table {
        rows: table.rows,
        cols: table.cols,
        cells: cells.collect(),
    }
}

/// A sheet for each table, and for each column of lines.
fn workbook(document: &Document) -> Vec<u8> {
    let tables = document.tables.iter().map(|t| {
        let name = t.sheet.clone().unwrap_or_default();
        (name, table(document, t.number))
    });
    let lines = document.lines.iter().map(|lines| {
        let cells = (lines.first..).zip(&lines.rows).map(|(number, row)| Cell {
            row: *row,
            col: lines.col,
            row_span: 1,
            col_span: 1,
            text: document.paragraph_text(number).to_string(),
        });
        let table = Table {
            rows: lines.rows.last().copied().unwrap_or(0),
            cols: lines.col,
            cells: cells.collect(),
        };
        (lines.sheet.clone(), table)
    });
    let sheets: Vec<(String, Table)> = tables.chain(lines).collect();
    let sheets: Vec<(&str, &Table)> = sheets.iter().map(|(n, t)| (n.as_str(), t)).collect();
    write::xlsx(&sheets)
}
