//! 附件1 comes in; its `lines` of the output contract go out: label, path and the values under the printed heads.

use super::form::{finish, printed_label};
use super::printed::Printed;
use jiheng_model::label::{is_blank, trim};
use jiheng_model::origin::At;
use jiheng_model::value::Stated;
use jiheng_model::{Document, Form};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// Blocks of single cells: each cell is a line of its own.
const SINGLES: [&str; 3] = ["staff.", "buildings.", "thrift"];
/// The columns of amounts.
const COLUMNS: [&str; 3] = ["prior_outturn", "budget", "outturn"];

/// All lines of the form in its own order; paths that became lines are added to `taken`.
pub fn lines<'a>(
    form: &'a Form,
    document: &Document,
    documents: &[Document],
    taken: &mut BTreeSet<&'a str>,
) -> Vec<Map<String, Json>> {
    let heads = heads(form);
    let mut out = Vec::new();
    let mut rows: Vec<&str> = Vec::new();
    for def in &form.def.fields {
        let path = def.path.as_str();
        if SINGLES.iter().any(|s| path.starts_with(s)) {
            taken.insert(path);
            if let Some(stated) = form.get(path) {
                out.push(single(form, &def.label, stated, document, documents));
            }
        } else if let Some((row, column)) =
            path.rsplit_once('.').filter(|(_, c)| COLUMNS.contains(c))
        {
            let _ = column;
            taken.insert(path);
            if !rows.contains(&row) {
                rows.push(row);
                out.extend(amounts(form, row, &heads, document, documents));
                if row == "projects" {
                    out.extend(projects(form, &heads, document, documents));
                }
            }
        }
    }
    out
}

/// The printed head of each column without white space; the column's key where no head was recognised.
fn heads(form: &Form) -> [(&'static str, String); 3] {
    COLUMNS.map(|column| {
        let head = form
            .heads
            .iter()
            .find(|(key, _)| key == column)
            .map(|(_, stated)| stated.text.as_str());
        (column, head.map_or_else(|| column.to_string(), squeeze))
    })
}

fn amounts(
    form: &Form,
    row: &str,
    heads: &[(&'static str, String)],
    document: &Document,
    documents: &[Document],
) -> Option<Map<String, Json>> {
    let cells: Vec<(&str, Option<&Stated>)> = heads
        .iter()
        .map(|(column, head)| (head.as_str(), form.get(&format!("{row}.{column}"))))
        .collect();
    let first = cells.iter().find_map(|(_, stated)| *stated)?;
    let label = printed_label(form, first, document).unwrap_or_else(|| row_label(form, row));
    let mut path: Vec<Json> = block(form, document)
        .into_iter()
        .map(Json::String)
        .collect();
    let mut end = 0;
    while let Some(dot) = row[end..].find('.') {
        end += dot;
        path.push(Json::String(row_label(form, &row[..end])));
        end += 1;
    }
    path.push(Json::String(row_label(form, row)));
    Some(line(label, path, &cells, documents))
}

fn projects(
    form: &Form,
    heads: &[(&'static str, String)],
    document: &Document,
    documents: &[Document],
) -> Vec<Map<String, Json>> {
    form.rows("projects")
        .iter()
        .map(|row| {
            let name = form
                .cell("projects", row, "name")
                .map(|s| s.text.clone())
                .unwrap_or_default();
            let cells: Vec<(&str, Option<&Stated>)> = heads
                .iter()
                .map(|(column, head)| (head.as_str(), form.cell("projects", row, column)))
                .collect();
            let mut path: Vec<Json> = block(form, document)
                .into_iter()
                .map(Json::String)
                .collect();
            path.extend([
                Json::String(row_label(form, "projects")),
                Json::String(name.clone()),
            ]);
            line(name, path, &cells, documents)
        })
        .collect()
}

fn single(
    form: &Form,
    label: &str,
    stated: &Stated,
    document: &Document,
    documents: &[Document],
) -> Map<String, Json> {
    let label = label.rsplit(" · ").next().unwrap_or(label);
    let head = column_head(form, stated, document).unwrap_or_else(|| label.to_string());
    let mut path: Vec<Json> = Vec::new();
    if let Some(block) = row_head(stated, document).filter(|b| squeeze(b) != squeeze(&head)) {
        path.push(Json::String(block));
    }
    path.push(Json::String(label.into()));
    line(
        head.clone(),
        path,
        &[(squeeze(&head).as_str(), Some(stated))],
        documents,
    )
}

fn line(
    label: String,
    path: Vec<Json>,
    cells: &[(&str, Option<&Stated>)],
    documents: &[Document],
) -> Map<String, Json> {
    let mut values = Printed::default();
    for (head, stated) in cells {
        values.add(head, *stated, documents);
    }
    let mut out = Map::new();
    out.insert("label".into(), Json::String(label));
    out.insert("path".into(), Json::Array(path));
    out.insert("values".into(), Json::Object(values.text));
    let beside = finish(Printed {
        text: Map::new(),
        parsed: values.parsed,
        at: values.at,
        how: values.how,
    });
    out.extend(beside);
    out
}

/// The form's own name of a row: the part of a grid cell's label before its column.
fn row_label(form: &Form, row: &str) -> String {
    COLUMNS
        .iter()
        .map(|column| format!("{row}.{column}"))
        .find(|path| form.def.slot(path).is_some())
        .map(|path| {
            form.def
                .label(&path)
                .split(" · ")
                .next()
                .unwrap_or_default()
                .to_string()
        })
        .unwrap_or_else(|| row.to_string())
}

/// The name of the block of amounts: the first cell of the row in which the column heads stand ("经费控制情况").
fn block(form: &Form, document: &Document) -> Option<String> {
    form.heads
        .iter()
        .filter(|(key, _)| COLUMNS.contains(&key.as_str()))
        .find_map(|(_, head)| row_head(head, document))
}

/// The first cell of the row of a value, without the unit in brackets.
fn row_head(stated: &Stated, document: &Document) -> Option<String> {
    let At::Cell {
        table, row, col, ..
    } = stated.origin.at
    else {
        return None;
    };
    let cell = document.table(table)?.at(row, 1).filter(|c| c.col < col)?;
    let text = trim(document.cell_text(cell));
    let bare = text
        .split(['（', '(', '\n'])
        .next()
        .map(trim)
        .unwrap_or_default();
    (!bare.is_empty()).then(|| bare.to_string())
}

/// The nearest text above a value that is no value of the form.
fn column_head(form: &Form, stated: &Stated, document: &Document) -> Option<String> {
    let At::Cell {
        table, row, col, ..
    } = stated.origin.at
    else {
        return None;
    };
    let grid = document.table(table)?;
    if form.def.list("projects").is_some()
        && grid
            .at(row, 1)
            .is_some_and(|c| c.col_span == 1 && c.row == row && c.row_span == 1)
    {
        return row_head(stated, document);
    }
    let above = grid.at(row.checked_sub(1)?, col)?;
    let text = trim(document.cell_text(above));
    (!text.is_empty() && above.col == col).then(|| text.to_string())
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !is_blank(*c)).collect()
}
