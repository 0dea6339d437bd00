//! A truth file of the corpus and the form read from its document come in; each printed cell with what was read goes out.

use jiheng_model::form::{Form, INDICATOR_COLUMNS, Row};
use jiheng_model::label::normalise;
use jiheng_model::{Document, Stated};
use serde_json::Value;

/// How a printed cell was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Right,
    /// Something else was read; a blank that was filled counts as well.
    Wrong,
    /// Nothing was read.
    Missed,
}

/// A cell of a truth file.
pub struct TruthCell {
    /// "funds.total.outturn", "indicators[3].score".
    pub path: String,
    /// What is printed; empty for a blank.
    pub printed: String,
    /// What was read.
    pub read: String,
    pub reading: Reading,
}

/// Fields of the head: key of the truth file and the paths that may hold it.
const HEAD: &[(&str, &[&str])] = &[
    ("project_name", &["project_name"]),
    (
        "unit_name",
        &["implementing_unit", "unit_name", "line_department"],
    ),
    ("parent_dept", &["line_department", "implementing_unit"]),
    ("goal_expected", &["goal_expected", "goal"]),
    ("goal_actual", &["goal_actual"]),
    ("total_points", &["total_points"]),
    ("total_score", &["total_score"]),
    ("grade", &["grade"]),
    ("review_score", &["review_score"]),
];

const FUNDS: &[&str] = &[
    "original_budget",
    "final_budget",
    "outturn",
    "points",
    "execution_rate",
    "score",
];

/// Keys of the truth files for columns that only some layouts have, and the columns that hold them.
const EXTRA: &[(&str, &str)] = &[
    ("review", "review_score"),
    ("standard", "standard"),
    ("explanation", "description"),
    ("dimw", "dimension_points"),
    ("critw", "criterion_points"),
    ("done", "completed"),
    ("share", "weight_share"),
    ("folded", "folded_score"),
    ("adjusted", "target_adjusted"),
    ("coef", "score_coefficient"),
    ("expected", "expected_outturn"),
    ("c1", "cause_funding"),
    ("c2", "cause_system"),
    ("c3", "cause_staff"),
    ("c4", "cause_equipment"),
    ("c5", "cause_other"),
    ("l1", "certain"),
    ("l2", "possible"),
    ("l3", "impossible"),
];

/// Compares a form with its part of a truth file.
pub fn compare(truth: &Value, form: Option<&Form>, documents: &[Document]) -> Vec<TruthCell> {
    let mut cells = Vec::new();
    head(truth, form, documents, &mut cells);
    funds(truth, form, &mut cells);
    indicators(truth, form, &mut cells);
    others(truth, form, &mut cells);
    cells
}

fn head(truth: &Value, form: Option<&Form>, documents: &[Document], cells: &mut Vec<TruthCell>) {
    for (key, paths) in HEAD {
        let printed = text(&truth[*key]);
        // Names are facts about the page; where the form does not print them there is nothing to read.
        let is_fact = matches!(*key, "unit_name" | "parent_dept");
        if is_fact && !printed.is_empty() && !is_printed(documents, &printed) {
            continue;
        }
        let stated = form.and_then(|f| paths.iter().find_map(|p| f.get(p)));
        if is_fact {
            // One name may stand for both.
            let any = form.and_then(|f| {
                paths
                    .iter()
                    .filter_map(|p| f.get(p))
                    .find(|s| same(&s.text, &printed))
            });
            if printed.is_empty() {
                continue;
            }
            push(cells, (*key).to_string(), &[printed], any.or(stated));
            continue;
        }
        let wanted = [printed.clone(), format!("{printed}分")];
        let wanted = if key.starts_with("total_") {
            &wanted[..]
        } else {
            &wanted[..1]
        };
        push(cells, (*key).to_string(), wanted, stated);
    }
    if let (Some(unit), Some(form)) = (truth["money_unit"].as_str(), form) {
        let read = form
            .money_unit
            .as_ref()
            .map_or("万元", |u| u.symbol.as_ref());
        cells.push(TruthCell {
            path: "money_unit".into(),
            printed: unit.into(),
            read: read.into(),
            reading: if read == unit {
                Reading::Right
            } else {
                Reading::Wrong
            },
        });
    }
}

fn funds(truth: &Value, form: Option<&Form>, cells: &mut Vec<TruthCell>) {
    for line in truth["funds"].as_array().into_iter().flatten() {
        let row = line["row"].as_str().unwrap_or("");
        for col in FUNDS {
            let path = format!("funds.{row}.{col}");
            let stated = form.and_then(|f| f.get(&path));
            push(cells, path, &[text(&line[*col])], stated);
        }
        for (key, value) in line["extra"].as_object().into_iter().flatten() {
            if key.starts_with("label") {
                continue;
            }
            let path = format!("funds.{row}.{key}");
            let stated = form.and_then(|f| {
                f.get(&path)
                    .or_else(|| f.get(&format!("funds.{row}.{}", column(key))))
                    .or_else(|| f.get(&format!("funds.{key}.final_budget")))
            });
            push(cells, path, &[text(value)], stated);
        }
    }
}

fn indicators(truth: &Value, form: Option<&Form>, cells: &mut Vec<TruthCell>) {
    let rows: Vec<&Row> = form.map_or(Vec::new(), |f| f.rows("indicators").iter().collect());
    let get = |row: &Row, col: &str| -> Option<Stated> {
        form.and_then(|f| f.cell("indicators", row, col)).cloned()
    };
    let mut next = 0;
    let mut taken = vec![false; rows.len()];
    for (number, line) in truth["indicators"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let names: Vec<String> = ["name", "name_bare"]
            .iter()
            .map(|k| text(&line[*k]))
            .collect();
        let criterion = text(&line["criterion"]);
        let found = (next..rows.len()).find(|at| {
            let row = rows[*at];
            let name = get(row, "name").map(|s| s.text).unwrap_or_default();
            if names[0].is_empty() {
                name.is_empty() && get(row, "criterion").is_some_and(|c| same(&c.text, &criterion))
            } else {
                names.iter().any(|n| !n.is_empty() && same(&name, n))
            }
        });
        if let Some(at) = found {
            next = at + 1;
            taken[at] = true;
        }
        let row = found.map(|at| rows[at]);
        for col in &INDICATOR_COLUMNS {
            let printed = text(&line[*col]);
            let mut wanted = vec![printed.clone()];
            match *col {
                "name" if line["name_bare"].is_string() => wanted.push(text(&line["name_bare"])),
                "points" | "score" if !printed.is_empty() => wanted.push(format!("{printed}分")),
                "dimension" if line["dimension_bare"].is_string() => {
                    let points = row.and_then(|r| get(r, "dimension_points"));
                    if points.is_some_and(|p| {
                        !p.text.is_empty() && normalise(&printed).contains(&normalise(&p.text))
                    }) {
                        wanted.push(text(&line["dimension_bare"]));
                    }
                }
                _ => {}
            }
            let stated = row.and_then(|r| get(r, col));
            push(
                cells,
                format!("indicators[{number}].{col}"),
                &wanted,
                stated.as_ref(),
            );
        }
        for (key, value) in line["extra"].as_object().into_iter().flatten() {
            let stated = row.and_then(|r| get(r, key).or_else(|| get(r, column(key))));
            let printed = text(value);
            let wanted = [printed.clone(), format!("{printed}分")];
            push(
                cells,
                format!("indicators[{number}].{key}"),
                &wanted,
                stated.as_ref(),
            );
        }
    }
    // Rows that nobody printed.
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| !taken[*at]) {
        let named = form
            .and_then(|f| f.indicators().nth(at))
            .filter(|i| !i.is_filler());
        let name = named.and_then(|i| i.name()).map(|s| s.text.clone());
        let Some(name) = name else { continue };
        let filled = row.values.iter().flatten().filter(|s| !s.value.is_blank());
        for _ in filled {
            cells.push(TruthCell {
                path: format!("indicators: {name}"),
                printed: String::new(),
                read: name.clone(),
                reading: Reading::Wrong,
            });
        }
    }
}

/// Fields that only this form has: their values must have been read somewhere in it.
fn others(truth: &Value, form: Option<&Form>, cells: &mut Vec<TruthCell>) {
    let mut wanted = Vec::new();
    for (key, value) in truth["other_fields"].as_object().into_iter().flatten() {
        match value {
            Value::Array(items) => {
                for item in items {
                    let texts: Vec<String> =
                        item.as_array().into_iter().flatten().map(text).collect();
                    let label = texts.first().cloned().unwrap_or_default();
                    wanted.extend(
                        texts
                            .into_iter()
                            .skip(1)
                            .map(|t| (format!("{key}.{label}"), t)),
                    );
                }
            }
            _ => wanted.push((key.clone(), text(value))),
        }
    }
    for (path, printed) in wanted.into_iter().filter(|(_, t)| !t.is_empty()) {
        let stated = form.and_then(|f| {
            f.values
                .iter()
                .chain(f.lists.iter().flatten().flat_map(|r| &r.values))
                .flatten()
                .find(|s| same(&s.text, &printed))
        });
        push(cells, path, &[printed], stated);
    }
}

fn push(cells: &mut Vec<TruthCell>, path: String, wanted: &[String], stated: Option<&Stated>) {
    let printed = wanted.first().cloned().unwrap_or_default();
    let read = stated.map(|s| s.text.clone()).unwrap_or_default();
    let reading = if printed.is_empty() {
        if read.is_empty() {
            return;
        }
        Reading::Wrong
    } else if wanted.iter().any(|w| same(w, &read)) {
        Reading::Right
    } else if read.is_empty() {
        Reading::Missed
    } else {
        Reading::Wrong
    };
    cells.push(TruthCell {
        path,
        printed,
        read,
        reading,
    });
}

fn column(key: &str) -> &str {
    EXTRA
        .iter()
        .find(|(k, _)| *k == key)
        .map_or(key, |(_, column)| column)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The same printed text, white space and the width of characters apart.
pub fn same(a: &str, b: &str) -> bool {
    normalise(a) == normalise(b)
}

fn is_printed(documents: &[Document], wanted: &str) -> bool {
    let wanted = normalise(wanted);
    documents.iter().any(|d| {
        d.tables
            .iter()
            .flat_map(|t| &t.cells)
            .any(|c| normalise(d.cell_text(c)) == wanted)
    })
}
