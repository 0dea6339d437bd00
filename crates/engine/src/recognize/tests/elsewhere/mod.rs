//! Forms of places that stand in no corpus, drawn as Markdown, come in; each is written as docx, xlsx and HTML and read back.
//!
//! `^` is one with the cell above, `<` with the cell at the left, as in the cases of the rulebooks.

mod bent;
mod families;
mod shuffled;
mod variants;

use super::super::*;
use crate::read::{Package, SourceFile, read};
use jiheng_model::form::Form;
use jiheng_office::write;

/// The national forms and nothing of any place.
fn national() -> Vec<Arc<FormDef>> {
    static FORMS: std::sync::OnceLock<Vec<Arc<FormDef>>> = std::sync::OnceLock::new();
    FORMS
        .get_or_init(|| {
            let files = crate::rulebook::forms::tests::files("cn/mof/2020");
            let (forms, problems) = crate::rulebook::forms::load(&files, &[]);
            assert_eq!(problems, []);
            forms
        })
        .clone()
}

fn read_bytes(name: &str, bytes: Vec<u8>) -> Vec<Document> {
    read(&Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes,
        }],
    })
}

/// The drawing in each format in which people send it.
fn drawn(markdown: &str) -> Vec<(&'static str, Vec<Document>)> {
    let drawing = read_bytes("drawing.md", markdown.as_bytes().to_vec());
    let drawing = drawing.first().expect("a drawing");
    let mut blocks = Vec::new();
    let mut sheet = write::Table::default();
    for block in &drawing.blocks {
        match *block {
            Block::Paragraph(n) => {
                let text = drawing.paragraph_text(n).to_string();
                if text.is_empty() {
                    continue;
                }
                sheet.rows += 1;
                sheet.cells.push(write::Cell {
                    row: sheet.rows,
                    col: 1,
                    row_span: 1,
                    col_span: 0,
                    text: text.clone(),
                });
                blocks.push(write::Block::Paragraph { text, level: None });
            }
            Block::Table(n) => {
                let table = drawing.table(n).expect("a table of the drawing");
                let cells: Vec<write::Cell> = table
                    .cells
                    .iter()
                    .map(|c| write::Cell {
                        row: c.row,
                        col: c.col,
                        row_span: c.row_span,
                        col_span: c.col_span,
                        text: drawing.cell_text(c).to_string(),
                    })
                    .collect();
                sheet.cols = sheet.cols.max(table.cols);
                let shift = sheet.rows;
                sheet
                    .cells
                    .extend(cells.iter().cloned().map(|c| write::Cell {
                        row: c.row + shift,
                        ..c
                    }));
                sheet.rows += table.rows;
                blocks.push(write::Block::Table(write::Table {
                    rows: table.rows,
                    cols: table.cols,
                    cells,
                }));
            }
        }
    }
    for cell in sheet.cells.iter_mut().filter(|c| c.col_span == 0) {
        cell.col_span = sheet.cols;
    }
    vec![
        ("docx", read_bytes("drawn.docx", write::docx(&blocks))),
        (
            "xlsx",
            read_bytes("drawn.xlsx", write::xlsx(&[("自评", &sheet)])),
        ),
        (
            "html",
            read_bytes("drawn.html", write::html("自评", &blocks).into_bytes()),
        ),
    ]
}

/// What stands at a path, "∅" when the form has no such cell: fields, "money_unit", "year", "indicators[2].target" (from 1).
fn at(form: &Form, path: &str) -> String {
    if path == "money_unit" {
        return form
            .money_unit
            .as_ref()
            .map_or("∅".into(), |u| u.symbol.to_string());
    }
    if path == "year" {
        return form.year.map_or("∅".into(), |y| y.to_string());
    }
    let stated = match path
        .strip_prefix("indicators[")
        .and_then(|rest| rest.split_once("]."))
    {
        Some((number, column)) => number
            .parse::<usize>()
            .ok()
            .and_then(|n| form.rows("indicators").get(n.wrapping_sub(1)))
            .and_then(|row| form.cell("indicators", row, column)),
        None => form.get(path),
    };
    stated.map_or("∅".into(), |s| s.text.clone())
}

/// Reads a drawing in every format and compares what stands at each path; collects all differences before failing.
fn expect(kind: &str, markdown: &str, wanted: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (format, documents) in drawn(markdown) {
        let filing = forms(&documents, &national());
        let kinds: Vec<&str> = filing.forms.iter().map(Form::kind).collect();
        if kinds != [kind] {
            wrong.push(format!("{format}: forms {kinds:?}"));
        }
        for unread in &filing.unrecognised {
            wrong.push(format!("{format}: {}", unread.why));
        }
        let Some(form) = filing.forms.first() else {
            continue;
        };
        for (path, text) in wanted {
            let read = at(form, path);
            if normalise(&read) != normalise(text) {
                wrong.push(format!("{format} {path}: {text:?} read as {read:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_form_of_a_known_place_chooses_its_rulebook_and_says_why() {
    let Some(folder) = super::shared("corpus/layouts") else {
        return;
    };
    for (name, id) in [
        ("P05-L02-project.docx", "cn/yunnan/2022"),
        ("P07-L03-project.docx", "cn/sichuan/2023"),
        ("P11-L05-project.docx", "cn/ningxia/2022"),
        ("P15-L00-project.docx", "cn/mof/2020"),
        ("P19-L10-project.xlsx", "cn/hebei/2020"),
        ("P39-DONE-project.html", "cn/mof/2020"),
    ] {
        let bytes = std::fs::read(folder.join(name)).expect("a file of the corpus");
        let documents = read_bytes(name, bytes);
        let (rulebook, choice) = crate::rulebook::Shelf::embedded()
            .choose(&documents, None)
            .expect("a rulebook");
        assert_eq!(rulebook.id, id, "{name}: {}", choice.why);
        assert_eq!(
            choice.fallback,
            id == "cn/mof/2020",
            "{name}: {}",
            choice.why
        );
    }
}
