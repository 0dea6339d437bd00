//! A recognised form comes in; the FORM object of the output contract goes out.

use super::baseline;
use super::printed::Printed;
use jiheng_model::form::{INDICATOR_COLUMNS, ListDef, Row};
use jiheng_model::label::trim;
use jiheng_model::origin::At;
use jiheng_model::value::Stated;
use jiheng_model::{Document, Form};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// The columns of 项目资金 in the contract's order.
const FUNDS: [&str; 6] = [
    "original_budget",
    "final_budget",
    "outturn",
    "points",
    "execution_rate",
    "score",
];
#[derive(Serialize)]
pub struct FormOut<'a> {
    form: &'a str,
    title: Option<&'a str>,
    annex: Option<&'a str>,
    layout: Option<&'a str>,
    year: Option<i16>,
    unit_name: Json,
    parent_dept: Json,
    project_name: Json,
    money_unit: Option<&'a str>,
    goal_expected: Json,
    goal_actual: Json,
    funds: Vec<Map<String, Json>>,
    indicators: Vec<Map<String, Json>>,
    total_points: Json,
    total_score: Json,
    grade: Json,
    review_score: Json,
    table: Option<u32>,
    tables: &'a [u32],
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<Map<String, Json>>>,
    #[serde(flatten)]
    lists: Map<String, Json>,
    fields: Map<String, Json>,
    parsed: Map<String, Json>,
    at: Map<String, Json>,
    how: Map<String, Json>,
}

/// The FORM object of a form.
pub fn form<'a>(form: &'a Form, document: &'a Document, documents: &[Document]) -> FormOut<'a> {
    let mut head = Printed::default();
    let unit = form
        .get("unit_name")
        .or_else(|| form.get("implementing_unit"));
    for (key, stated) in [
        ("title", form.title.as_ref()),
        ("unit_name", unit),
        ("parent_dept", form.get("line_department")),
        ("project_name", form.get("project_name")),
        ("goal_expected", form.get("goal_expected")),
        ("goal_actual", form.get("goal_actual")),
        ("total_points", form.get("total_points")),
        ("total_score", form.get("total_score")),
        ("grade", form.get("grade")),
        ("review_score", form.get("review_score")),
    ] {
        head.add(key, stated, documents);
    }
    let mut taken: BTreeSet<&str> = BTreeSet::from([
        "unit_name",
        "implementing_unit",
        "line_department",
        "project_name",
        "goal_expected",
        "goal_actual",
        "total_points",
        "total_score",
        "grade",
        "review_score",
    ]);
    taken.extend(
        form.def
            .fields
            .iter()
            .map(|f| f.path.as_str())
            .filter(|p| p.starts_with("funds.")),
    );
    let lines =
        (form.kind() == "baseline").then(|| baseline::lines(form, document, documents, &mut taken));
    let mut fields = Printed::default();
    for def in form
        .def
        .fields
        .iter()
        .filter(|f| !taken.contains(f.path.as_str()))
    {
        if let Some(stated) = form.get(&def.path) {
            fields.add(&def.path, Some(stated), documents);
        }
    }
    let take = |head: &Printed, key: &str| head.text.get(key).cloned().unwrap_or(Json::Null);
    let mut out = FormOut {
        form: form.kind(),
        title: form.title.as_ref().map(|t| t.text.as_str()),
        annex: form.annex.as_ref().map(|t| t.text.as_str()),
        layout: form.layout.as_deref(),
        year: form.year,
        unit_name: take(&head, "unit_name"),
        parent_dept: take(&head, "parent_dept"),
        project_name: take(&head, "project_name"),
        money_unit: form.money_unit.as_ref().map(|u| &*u.symbol),
        goal_expected: take(&head, "goal_expected"),
        goal_actual: take(&head, "goal_actual"),
        funds: funds(form, document, documents),
        indicators: indicators(form, document, documents),
        total_points: take(&head, "total_points"),
        total_score: take(&head, "total_score"),
        grade: take(&head, "grade"),
        review_score: take(&head, "review_score"),
        table: form.tables.first().copied(),
        tables: &form.tables,
        lines,
        lists: other_lists(form, documents),
        fields: fields.text,
        parsed: head.parsed,
        at: head.at,
        how: head.how,
    };
    out.parsed.extend(fields.parsed);
    out.at.extend(fields.at);
    out.how.extend(fields.how);
    out
}

/// Rows of 项目资金 in the form's order; a row of which nothing was recognised is left out.
fn funds(form: &Form, document: &Document, documents: &[Document]) -> Vec<Map<String, Json>> {
    let mut rows: Vec<&str> = Vec::new();
    // The contract's columns first, then those that only some layouts have (到位数, 结余数).
    let mut columns: Vec<&str> = FUNDS.to_vec();
    for def in &form.def.fields {
        let place = def
            .path
            .strip_prefix("funds.")
            .and_then(|rest| rest.rsplit_once('.'));
        let Some((row, column)) = place else { continue };
        if !rows.contains(&row) {
            rows.push(row);
        }
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let mut out = Vec::new();
    for row in rows {
        let cells: Vec<(&str, Option<&Stated>)> = columns
            .iter()
            .map(|column| (*column, form.get(&format!("funds.{row}.{column}"))))
            .filter(|(column, stated)| FUNDS.contains(column) || stated.is_some())
            .collect();
        let Some(first) = cells.iter().find_map(|(_, stated)| *stated) else {
            continue;
        };
        let mut printed = Printed::default();
        printed.text.insert("row".into(), row.into());
        printed.text.insert(
            "label".into(),
            printed_label(form, first, document).map_or(Json::Null, Json::String),
        );
        for (column, stated) in cells {
            printed.add(column, stated, documents);
        }
        out.push(finish(printed));
    }
    out
}

/// The rows of 绩效指标; fillers of the blank form are left out. A level cell gives its whole printed text
/// ("产出指标(50分)"), and beside it without the points under `…_bare`.
fn indicators(form: &Form, document: &Document, documents: &[Document]) -> Vec<Map<String, Json>> {
    let Some((_, list)) = form.def.list("indicators") else {
        return Vec::new();
    };
    form.indicators()
        .filter(|i| !is_left_over(form, i.row))
        .map(|i| {
            let mut out = row(
                form,
                "indicators",
                list,
                i.row,
                &INDICATOR_COLUMNS,
                documents,
            );
            for column in ["dimension", "criterion", "name"] {
                if let Some((whole, bare)) = form
                    .cell("indicators", i.row, column)
                    .and_then(|s| whole_cell(s, document))
                {
                    out.insert(column.into(), Json::String(whole));
                    out.insert(format!("{column}_bare"), Json::String(bare));
                }
            }
            let part = |column: &str| {
                let stated = form.cell("indicators", i.row, column)?;
                Some(super::printed::text(stated))
            };
            let parts = ["operator", "value", "unit"].map(|p| (p, part(&format!("target_{p}"))));
            if parts.iter().any(|(_, value)| value.is_some()) {
                let parts: Map<String, Json> = parts
                    .into_iter()
                    .map(|(key, value)| (key.to_string(), value.unwrap_or(Json::Null)))
                    .collect();
                out.insert("target_parts".into(), Json::Object(parts));
            }
            out
        })
        .collect()
}

/// The text of the whole cell and of the value, when the value is only a part of it.
fn whole_cell(stated: &Stated, document: &Document) -> Option<(String, String)> {
    let At::Cell { chars: Some(_), .. } = stated.origin.at else {
        return None;
    };
    let whole = trim(document.cell_text(document.cell_at(&stated.origin)?));
    (whole != stated.text).then(|| (whole.to_string(), stated.text.clone()))
}

/// A row of the blank form that was left as it is: dots or a label with nothing behind its colon
/// ("指标2：") for a name, or no name and no kind, and nothing beside it.
fn is_left_over(form: &Form, row: &Row) -> bool {
    let dots = |s: &Stated| {
        s.text
            .chars()
            .all(|c| matches!(c, '…' | '.' | '．' | '·') || c.is_whitespace())
    };
    let cell = |column: &str| {
        form.cell("indicators", row, column)
            .filter(|s| !s.text.is_empty())
    };
    let name = match cell("name") {
        Some(name) => dots(name) || name.text.ends_with([':', '：']),
        None => cell("criterion").is_none() || cell("dimension").is_none(),
    };
    name && ["target", "actual", "points", "score"]
        .iter()
        .all(|column| cell(column).is_none_or(|s| s.value.is_blank() || dots(s)))
}

/// Lists other than indicators and project lines, under their own keys.
fn other_lists(form: &Form, documents: &[Document]) -> Map<String, Json> {
    let mut out = Map::new();
    for (list, rows) in form.def.lists.iter().zip(&form.lists) {
        if list.key != "indicators" && list.key != "projects" {
            let rows = rows
                .iter()
                .map(|r| Json::Object(row(form, &list.key, list, r, &[], documents)))
                .collect();
            out.insert(list.key.clone(), Json::Array(rows));
        }
    }
    out
}

/// A row of a list: the named columns first, then every other column of which something was recognised.
fn row(
    form: &Form,
    key: &str,
    list: &ListDef,
    row: &Row,
    first: &[&str],
    documents: &[Document],
) -> Map<String, Json> {
    let mut printed = Printed::default();
    for column in first {
        printed.add(column, form.cell(key, row, column), documents);
    }
    for column in &list.columns {
        let column = column.path.as_str();
        if let Some(stated) = form
            .cell(key, row, column)
            .filter(|_| !first.contains(&column))
        {
            printed.add(column, Some(stated), documents);
        }
    }
    finish(printed)
}

/// The strings with `parsed`, `at` and `how` beside them.
pub fn finish(printed: Printed) -> Map<String, Json> {
    let mut out = printed.text;
    out.insert("parsed".into(), Json::Object(printed.parsed));
    out.insert("at".into(), Json::Object(printed.at));
    out.insert("how".into(), Json::Object(printed.how));
    out
}

/// The label printed for a value: its own cell when the value stands in the label, or the nearest text to
/// its left that is no value of the form.
pub fn printed_label(form: &Form, stated: &Stated, document: &Document) -> Option<String> {
    let At::Cell {
        table,
        row,
        col,
        chars,
    } = stated.origin.at
    else {
        return None;
    };
    let grid = document.table(table)?;
    if chars.is_some_and(|(from, _)| from > 0) {
        let text = trim(document.cell_text(grid.at(row, col)?));
        return Some(text.to_string()).filter(|l| !l.is_empty());
    }
    let mut at = col;
    while at > 1 {
        at -= 1;
        let Some(cell) = grid.at(row, at) else {
            continue;
        };
        let text = trim(document.cell_text(cell));
        let own =
            form.values.iter().flatten().any(|s| {
                s.origin == jiheng_model::Origin::cell(form.file, table, cell.row, cell.col)
            });
        if !text.is_empty() && !own {
            return Some(text.to_string());
        }
        at = cell.col;
    }
    None
}
