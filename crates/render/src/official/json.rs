//! An `Official` and the filing it was made of come in; `filing.json` goes out: values by path, and every part as it is printed.
//!
//! `forms` and `narrative` are for programs; `parts` holds the very text of the package and is what
//! is read again, so that nothing is lost.

use super::{Align, Block, Official, PartKind, ReportText, Table};
use crate::json::print;
use jiheng_model::Filing;
use jiheng_model::form::Form;
use serde::Serialize;
use std::collections::BTreeMap;

/// Version of the format.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Out<'a> {
    schema: u32,
    kind: &'static str,
    title: &'a str,
    year: Option<i16>,
    forms: Vec<FormOut<'a>>,
    narrative: Option<NarrativeOut<'a>>,
    parts: Vec<PartOut<'a>>,
}

#[derive(Serialize)]
struct FormOut<'a> {
    form: &'a str,
    title: &'a str,
    annex: Option<&'a str>,
    year: Option<i16>,
    money_unit: Option<&'a str>,
    values: BTreeMap<&'a str, &'a str>,
    lists: BTreeMap<&'a str, Vec<BTreeMap<&'a str, &'a str>>>,
}

#[derive(Serialize)]
struct NarrativeOut<'a> {
    title: &'a [String],
    sections: Vec<SectionOut<'a>>,
}

#[derive(Serialize)]
struct SectionOut<'a> {
    key: Option<&'a str>,
    level: u8,
    heading: &'a str,
    paragraphs: Vec<&'a str>,
}

#[derive(Serialize)]
struct PartOut<'a> {
    kind: &'static str,
    name: &'a str,
    landscape: bool,
    blocks: Vec<BlockOut<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
enum BlockOut<'a> {
    Annex { text: &'a str },
    Title { text: &'a str },
    Heading { level: u8, text: &'a str },
    Paragraph { text: &'a str },
    Line { align: &'static str, text: &'a str },
    Table(TableOut<'a>),
}

#[derive(Serialize)]
struct TableOut<'a> {
    rows: u32,
    cols: usize,
    cells: Vec<CellOut<'a>>,
}

#[derive(Serialize)]
struct CellOut<'a> {
    row: u32,
    col: u32,
    row_span: u32,
    col_span: u32,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

/// The JSON of a package.
pub fn filing_json(official: &Official, filing: &Filing, report: Option<&ReportText>) -> String {
    print(&Out {
        schema: SCHEMA,
        kind: "jiheng-filing",
        title: &official.title,
        year: filing.year,
        forms: filing.forms.iter().map(form).collect(),
        narrative: report.map(|report| NarrativeOut {
            title: &report.title,
            sections: report.sections.iter().map(section).collect(),
        }),
        parts: official
            .parts
            .iter()
            .map(|part| PartOut {
                kind: match &part.kind {
                    PartKind::Cover => "cover",
                    PartKind::Report => "report",
                    PartKind::Form(..) => "form",
                },
                name: &part.name,
                landscape: part.landscape,
                blocks: part.blocks.iter().flat_map(blocks).collect(),
            })
            .collect(),
    })
}

fn form(form: &Form) -> FormOut<'_> {
    let fields = form.def.fields.iter().enumerate();
    let values = fields.filter_map(|(slot, field)| {
        let stated = form.at(slot as u16)?;
        Some((field.path.as_str(), stated.text.as_str()))
    });
    let lists = form.def.lists.iter().zip(&form.lists);
    let lists = lists
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(def, rows)| {
            let rows = rows.iter().map(|row| {
                let cells = row.values.iter().zip(&def.columns);
                cells
                    .filter_map(|(value, column)| {
                        Some((column.path.as_str(), value.as_ref()?.text.as_str()))
                    })
                    .collect()
            });
            (def.key.as_str(), rows.collect())
        });
    FormOut {
        form: &form.def.id,
        title: &form.def.title,
        annex: form.def.annex.as_deref(),
        year: form.year,
        money_unit: form.money_unit.as_ref().map(|u| &*u.symbol),
        values: values.collect(),
        lists: lists.collect(),
    }
}

fn section(section: &super::SectionText) -> SectionOut<'_> {
    let texts = section.passages.iter().filter_map(|p| match p {
        super::Passage::Text(text) => Some(text.as_str()),
        super::Passage::Table(_) => None,
    });
    SectionOut {
        key: section.key.as_deref(),
        level: section.level,
        heading: &section.heading,
        paragraphs: texts.collect(),
    }
}

fn blocks(block: &Block) -> Vec<BlockOut<'_>> {
    vec![match block {
        Block::Annex(text) => BlockOut::Annex { text },
        Block::Title { lines, .. } => {
            return lines.iter().map(|text| BlockOut::Title { text }).collect();
        }
        Block::Heading { level, text } => BlockOut::Heading {
            level: *level,
            text,
        },
        Block::Paragraph(text) => BlockOut::Paragraph { text },
        Block::Line { text, align, .. } => BlockOut::Line {
            align: match align {
                Align::Left => "left",
                Align::Center => "center",
                Align::Right => "right",
            },
            text,
        },
        Block::Space(_) => return Vec::new(),
        Block::Table(table) => BlockOut::Table(table_out(table)),
    }]
}

fn table_out(table: &Table) -> TableOut<'_> {
    let cells = table.cells.iter().map(|c| CellOut {
        row: c.row,
        col: c.col,
        row_span: c.row_span,
        col_span: c.col_span,
        text: &c.text,
        path: c.entry.as_ref().map(|e| e.path.as_str()),
    });
    TableOut {
        rows: table.rows,
        cols: table.widths.len(),
        cells: cells.collect(),
    }
}
