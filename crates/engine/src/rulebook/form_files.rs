//! The form files of one rulebook folder come in; where each form and field is defined, and what is defined twice, go out.
//!
//! `forms` compiles the same files by value; this file knows their places.

use super::layer::syntax;
use super::problem::Problem;
use super::source::{Folder, Source};
use super::table::{Placed, Table, as_table};
use toml::de::{DeTable, DeValue};

/// Where one form file defines what.
#[derive(Clone, Debug)]
pub struct FormFile {
    /// The form's id, or the part's name.
    pub id: Placed,
    /// The key of its basis.
    pub basis: Option<Placed>,
    /// Parts of the folder that it takes in.
    pub parts: Vec<String>,
    /// Paths that it says must be filled ("project_name", "indicators.actual", "funds.total").
    pub required: Vec<Placed>,
}

/// Reads the form files of a folder for their places.
pub fn read(folder: &Folder, problems: &mut Vec<Problem>) -> Vec<FormFile> {
    let mut files: Vec<FormFile> = Vec::new();
    for source in folder.form_sources() {
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        if !errors.is_empty() {
            problems.extend(syntax(source, &errors));
            continue;
        }
        let root = Table {
            source,
            entries: root.get_ref(),
            span: 0..0,
        };
        let mut quiet = Vec::new();
        let name = root.string("id", &mut quiet);
        let Some(id) = name.or_else(|| root.string("part", &mut quiet)) else {
            root.problem("K102", "表文件缺少 id", &(0..0), problems);
            continue;
        };
        if let Some(other) = files.iter().find(|f| f.id.text == id.text) {
            let message = format!("表 {} 在同一级定义了两次，不知道以哪处为准", id.text);
            let earlier = spot(folder, &other.id);
            problems.push(Problem::new("K201", message, spot(folder, &id)).and(earlier));
        }
        let parts = root.strings("parts", &mut quiet).unwrap_or_default();
        let mut file = FormFile {
            id,
            basis: root.string("basis", &mut quiet),
            parts: parts.into_iter().map(|p| p.text).collect(),
            required: Vec::new(),
        };
        file.walk(&root, problems);
        files.push(file);
    }
    files
}

/// The spot of a placed string in a form file of this folder.
fn spot(folder: &Folder, placed: &Placed) -> super::Spot {
    super::extend::spot(std::slice::from_ref(folder), &placed.at)
}

impl FormFile {
    /// Fields, grids and lists of a file: what is required, and what stands twice.
    fn walk(&mut self, root: &Table<'_>, problems: &mut Vec<Problem>) {
        let fields = tables(root, "field");
        once("栏目", &fields, "path", problems);
        self.require("", &fields, "path");
        let grids = tables(root, "grid");
        once("表格", &grids, "key", problems);
        for grid in &grids {
            let (rows, columns) = (tables(grid, "row"), tables(grid, "col"));
            once("行", &rows, "key", problems);
            once("列", &columns, "key", problems);
            once("列", &columns, "label", problems);
            self.require(&prefix(grid), &rows, "key");
        }
        let lists = tables(root, "list");
        once("清单", &lists, "key", problems);
        for list in &lists {
            let columns = tables(list, "column");
            once("列", &columns, "key", problems);
            once("列", &columns, "label", problems);
            self.require(&prefix(list), &columns, "key");
        }
    }

    fn require(&mut self, prefix: &str, entries: &[Table<'_>], name: &str) {
        for entry in entries {
            let wanted = matches!(
                entry.get("required").map(|v| v.get_ref()),
                Some(DeValue::Boolean(true))
            );
            if let (true, Some(path)) = (wanted, entry.string(name, &mut Vec::new())) {
                self.required.push(Placed {
                    text: format!("{prefix}{}", path.text),
                    at: path.at,
                });
            }
        }
    }
}

/// "funds." of a grid or list with the key "funds".
fn prefix(table: &Table<'_>) -> String {
    match table.string("key", &mut Vec::new()) {
        Some(key) if !key.text.is_empty() => format!("{}.", key.text),
        _ => String::new(),
    }
}

/// The tables under a key, written as `[[key]]` or in line; what is malformed is left to the compiler of forms.
fn tables<'a>(table: &Table<'a>, key: &str) -> Vec<Table<'a>> {
    let source: &'a Source = table.source;
    match table.get(key).map(|v| v.get_ref()) {
        Some(DeValue::Array(items)) => items.iter().filter_map(|i| as_table(source, i)).collect(),
        _ => Vec::new(),
    }
}

/// Reports every name that stands twice beside each other.
fn once(kind: &str, entries: &[Table<'_>], name: &str, problems: &mut Vec<Problem>) {
    let mut seen: Vec<Placed> = Vec::new();
    for entry in entries {
        let Some(own) = entry.string(name, &mut Vec::new()) else {
            continue;
        };
        match seen.iter().find(|s| s.text == own.text) {
            Some(earlier) => {
                let message = format!("{kind}“{}”写了两次，不知道以哪处为准", own.text);
                let spot = entry.source.spot(&own.at.span);
                let first = entry.source.spot(&earlier.at.span);
                problems.push(Problem::new("K201", message, spot).and(first));
            }
            None => seen.push(own),
        }
    }
}
