//! A recognised form comes in; the cells a person would have typed for it go out.
//!
//! What a formula gives by itself is not kept: it stays computed. What differs from its formula was
//! stated by someone and is kept as such.

use super::key::{self, Entries};
use super::package::{PARAGRAPHS, TEXT};
use super::sheet::{Filled, Kind, Sheet, draw, feet};
use jiheng_model::form::Form;
use jiheng_model::{Document, Filing, Unit};
use jiheng_render::official::{self, Block, PartKind, Passage, ReportText};

/// The cells of a form of a filing, by address.
pub fn of_form(documents: &[Document], filing: &Filing, index: usize) -> Entries {
    let Some(form) = filing.forms.get(index) else {
        return Entries::new();
    };
    let mut entries = Entries::new();
    for part in official::package(documents, filing, None).parts {
        if part.kind == PartKind::Form(form.def.id.clone(), index) {
            let tables = part.blocks.iter().filter_map(|b| match b {
                Block::Table(table) => Some(table),
                _ => None,
            });
            tables.for_each(|table| take(table, &mut entries));
        }
    }
    for slot in feet(&form.def) {
        if let (Some(stated), Some(field)) = (form.at(slot), form.def.fields.get(slot as usize)) {
            put(&mut entries, field.path.clone(), &stated.text);
        }
    }
    for (number, list) in form.def.lists.iter().enumerate() {
        // A row in which nothing is written is a row still.
        for row in 0..form.lists.get(number).map_or(0, Vec::len) {
            let id = key::first(row);
            let start = format!("{}/{id}/", list.key);
            let mut written = entries.range(start.clone()..);
            if !written.next().is_some_and(|(k, _)| k.starts_with(&start)) {
                entries.insert(key::presence(&list.key, &id), key::THERE.into());
            }
        }
    }
    without_computed(form, entries)
}

/// The cells of a report: a paragraph each, cover and title first. Tables in the report have no cell.
pub fn of_report(report: &ReportText) -> Entries {
    let text = |passage: &'_ Passage| match passage {
        Passage::Text(text) => Some(text.clone()),
        Passage::Table(_) => None,
    };
    let mut lines: Vec<String> = report.cover.iter().chain(&report.title).cloned().collect();
    lines.extend(report.opening.iter().filter_map(text));
    for section in &report.sections {
        lines.push(section.heading.clone());
        lines.extend(section.passages.iter().filter_map(text));
    }
    lines.extend(report.closing.iter().cloned());
    let cells = lines.into_iter().enumerate();
    cells
        .map(|(at, text)| (key::cell(PARAGRAPHS, &key::first(at), TEXT), text))
        .collect()
}

fn take(table: &official::Table, entries: &mut Entries) {
    for cell in &table.cells {
        let Some(entry) = &cell.entry else { continue };
        let text = cell.text.strip_prefix(&entry.before).unwrap_or(&cell.text);
        match entry.row {
            None => put(entries, entry.path.clone(), text),
            Some(row) => {
                let (list, column) = entry.path.split_once('.').unwrap_or((&entry.path, ""));
                for row in row..row + cell.row_span as usize {
                    put(entries, key::cell(list, &key::first(row), column), text);
                }
            }
        }
    }
}

fn put(entries: &mut Entries, key: String, text: &str) {
    if !text.is_empty() {
        entries.insert(key, text.to_string());
    }
}

/// Leaves out what formulas give by themselves.
fn without_computed(form: &Form, entries: Entries) -> Entries {
    let formulas = form.def.layout.as_ref().map(|l| l.formulas.as_slice());
    let own: Vec<(String, String)> = (formulas.unwrap_or_default().iter())
        .filter_map(|(path, _)| Some((path.clone(), entries.get(path)?.clone())))
        .collect();
    let mut filled = Filled {
        id: String::new(),
        def: form.def.clone(),
        year: form.year.unwrap_or_default(),
        money_unit: form.money_unit.clone().unwrap_or_else(Unit::wan_yuan),
        annex: None,
        entries,
    };
    for (path, _) in &own {
        filled.entries.remove(path);
    }
    // A sum that is kept may make the next sum agree: one more look for each.
    for _ in 0..=own.len() {
        let (sheet, _) = draw(&filled);
        let differs = |(path, text): &&(String, String)| {
            !filled.entries.contains_key(path) && computed(&sheet, path) != Some(text)
        };
        let Some((path, text)) = own.iter().find(differs) else {
            break;
        };
        filled.entries.insert(path.clone(), text.clone());
    }
    filled.entries
}

fn computed<'s>(sheet: &'s Sheet, path: &str) -> Option<&'s String> {
    let cell = sheet.cell(path).filter(|c| c.kind == Kind::Computed)?;
    Some(&cell.text)
}
