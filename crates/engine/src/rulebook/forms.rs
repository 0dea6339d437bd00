//! Form files (TOML) of a rulebook and the forms it inherits come in; compiled `FormDef`s go out.
//!
//! A file is a form (`id`) or a part that several forms share (`part`). A form with the id of an
//! inherited one holds only differences: scalars replace, lists of words grow, fields, rows, columns
//! and lists are matched by their path or key. A replaced label stays as a synonym.

use jiheng_model::form::{
    Copies, FieldDef, FieldType, FormDef, GridDef, Initials, Joined, LabelHasher, ListDef,
    ListLayout, Recognition, Role, Sense, Slot, SlotIndex,
};
use jiheng_model::label;
use jiheng_model::layout::{Layout, LayoutSource};
use serde::Deserialize;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;
use toml::{Table, Value};

/// What is wrong with a form file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the file.
    pub path: String,
    /// Plain Chinese: what and why.
    pub message: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormSource {
    id: String,
    title: String,
    #[serde(default)]
    titles: Vec<String>,
    annex: Option<String>,
    copies: Copies,
    basis: Option<String>,
    opens: Option<String>,
    #[serde(default)]
    near: Vec<String>,
    #[serde(default)]
    blocks: Vec<String>,
    /// Columns of the first list that a table without title must and must not have.
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    #[serde(default)]
    field: Vec<FieldSource>,
    #[serde(default)]
    grid: Vec<GridSource>,
    #[serde(default)]
    list: Vec<ListSource>,
    layout: Option<LayoutSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldSource {
    path: String,
    label: String,
    #[serde(default)]
    also: Vec<String>,
    r#type: FieldType,
    #[serde(default)]
    required: bool,
    /// The value stands below the label.
    #[serde(default)]
    below: bool,
    /// Printed after the grids and lists.
    #[serde(default)]
    last: bool,
    /// Printed in running text at the foot ("填表人：… 填报日期：…").
    #[serde(default)]
    foot: bool,
    /// Printed in running text between title and table too ("单位名称：…").
    #[serde(default)]
    above: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GridSource {
    #[serde(default)]
    key: String,
    label: String,
    row: Vec<RowSource>,
    col: Vec<ColumnSource>,
    /// The column of amounts that stand beside row labels without a head.
    bare: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowSource {
    key: String,
    label: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    required: bool,
    /// The amount is printed in the label cell; the row it is part of.
    inline: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnSource {
    key: String,
    label: String,
    #[serde(default)]
    also: Vec<String>,
    r#type: FieldType,
    #[serde(default)]
    required: bool,
    /// A merged level cell; the column for the points in its brackets.
    level: Option<String>,
    /// The column whose value may be printed in brackets here ("立项依据充分性（2分）") when it has no column of its own.
    holds: Option<String>,
    /// Merged over several rows like a level, without points.
    #[serde(default)]
    carry: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListSource {
    key: String,
    label: String,
    column: Vec<ColumnSource>,
    under: Option<UnderSource>,
    total: Option<TotalSource>,
    joined: Option<JoinedSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnderSource {
    grid: String,
    row: String,
}

#[derive(Debug, Deserialize)]
struct TotalSource {
    label: String,
    #[serde(default)]
    also: Vec<String>,
    /// The field for words in another cell of the row (the grade).
    rest: Option<String>,
    /// Labels of rows that sum up a part of the list.
    #[serde(default)]
    parts: Vec<String>,
    /// Column key → field path.
    #[serde(flatten)]
    fields: std::collections::BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JoinedSource {
    whole: String,
    operator: String,
    value: String,
    unit: String,
}

/// Compiles the form files of one rulebook on top of the forms it inherits.
///
/// Files are `(path, text)`. Inherited forms without a file of the same id are handed on as they are.
pub fn load(
    files: &[(String, String)],
    parent: &[Arc<FormDef>],
) -> (Vec<Arc<FormDef>>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut parts: HashMap<String, Table> = HashMap::new();
    let mut forms: Vec<(&str, Table)> = Vec::new();
    for (path, text) in files {
        let mut table = match text.parse::<Table>() {
            Ok(t) => t,
            Err(e) => {
                problems.push(Problem {
                    path: path.clone(),
                    message: format!("表文件不是有效的 TOML：{}", e.message()),
                });
                continue;
            }
        };
        match table.remove("part") {
            Some(Value::String(name)) => {
                parts.insert(name, table);
            }
            Some(_) => problems.push(Problem {
                path: path.clone(),
                message: "part 应是部件的名称".into(),
            }),
            None => forms.push((path, table)),
        }
    }
    let mut out: Vec<Arc<FormDef>> = parent.to_vec();
    for (path, table) in forms {
        let before = problems.len();
        let id = table
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_string();
        let inherited = out.iter().position(|f| f.id == id);
        let mut merged = match inherited {
            Some(i) => out[i]
                .recognition
                .source
                .parse::<Table>()
                .unwrap_or_default(),
            None => Table::new(),
        };
        merge(&mut merged, table);
        if let Some(Value::Array(names)) = merged.remove("parts") {
            for name in names {
                match name.as_str().and_then(|n| parts.get(n)) {
                    Some(part) => {
                        let mut with = part.clone();
                        merge(&mut with, merged);
                        merged = with;
                    }
                    None => problems.push(Problem {
                        path: path.into(),
                        message: format!("没有名为 {name} 的部件"),
                    }),
                }
            }
        }
        match compile(merged) {
            Ok(form) if problems.len() == before => match inherited {
                Some(i) => out[i] = Arc::new(form),
                None => out.push(Arc::new(form)),
            },
            Ok(_) => {}
            Err(message) => problems.push(Problem {
                path: path.into(),
                message,
            }),
        }
    }
    (out, problems)
}

/// Puts `over` on `base`; see the module's head for what replaces and what grows.
fn merge(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            // A picture is drawn anew, never mixed with the inherited one.
            (Some(old), new) if key == "layout" => *old = new,
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new),
            (Some(Value::Array(old)), Value::Array(new)) => merge_arrays(old, new),
            (Some(Value::String(old)), Value::String(new)) if key == "label" || key == "title" => {
                let kept = std::mem::replace(old, new);
                let more = if key == "label" { "also" } else { "titles" };
                if let Value::Array(words) =
                    base.entry(more).or_insert_with(|| Value::Array(Vec::new()))
                {
                    words.push(Value::String(kept));
                }
            }
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

fn merge_arrays(old: &mut Vec<Value>, new: Vec<Value>) {
    for value in new {
        let same = match &value {
            Value::Table(t) => old
                .iter_mut()
                .find(|o| name_of(o).is_some() && name_of(o) == table_name(t)),
            other => old.iter_mut().find(|o| *o == other),
        };
        match (same, value) {
            (Some(Value::Table(o)), Value::Table(n)) => merge(o, n),
            (Some(_), _) => {}
            (None, value) => old.push(value),
        }
    }
}

fn name_of(value: &Value) -> Option<&Value> {
    table_name(value.as_table()?)
}

fn table_name(table: &Table) -> Option<&Value> {
    table.get("path").or_else(|| table.get("key"))
}

fn compile(table: Table) -> Result<FormDef, String> {
    let source = toml::to_string(&table).map_err(|e| format!("表文件无法合并：{e}"))?;
    let form: FormSource = table
        .try_into()
        .map_err(|e: toml::de::Error| format!("表文件的内容不合要求：{}", e.message()))?;
    let mut made = Compiler::default();
    for field in form.field.iter().filter(|f| !f.last && !f.foot) {
        made.field(field)?;
    }
    let mut grids = Vec::new();
    for grid in &form.grid {
        grids.push(made.grid(grid, grids.len() as u16)?);
    }
    let mut lists = Vec::new();
    let mut layouts = Vec::new();
    for list in &form.list {
        let (def, layout) = made.list(list, lists.len() as u16, &form.grid)?;
        lists.push(def);
        layouts.push(layout);
    }
    for field in form.field.iter().filter(|f| f.last && !f.foot) {
        made.field(field)?;
    }
    let mut inline = Vec::new();
    for field in form.field.iter().filter(|f| f.foot) {
        let slot = made.field(field)?;
        inline.extend(
            std::iter::once(&field.label)
                .chain(&field.also)
                .map(|l| (label::normalise(l), slot)),
        );
    }
    // 填表人签字 before 填表人, so that the longer label wins.
    inline.sort_by_key(|(l, _)| std::cmp::Reverse(l.len()));
    let mut above = Vec::new();
    for field in form.field.iter().filter(|f| f.above) {
        if let Some(slot) = made.index.get(&field.path) {
            let labels = std::iter::once(&field.label).chain(&field.also);
            above.extend(labels.map(|l| (label::normalise(l), *slot)));
        }
    }
    above.sort_by_key(|(l, _)| std::cmp::Reverse(l.len()));
    let columns = |keys: &[String]| -> Result<Vec<Slot>, String> {
        let slot = |key: &String| {
            let list: Option<&ListDef> = lists.first();
            list.and_then(|l| l.slot(key))
                .ok_or_else(|| format!("第一张清单没有名为 {key} 的列"))
        };
        keys.iter().map(slot).collect()
    };
    let (needs, lacks) = (columns(&form.needs)?, columns(&form.lacks)?);
    for block in &form.blocks {
        made.sense(block, Role::Block, true);
    }
    let opens = match &form.opens {
        Some(path) => Some(
            made.index
                .get(path)
                .copied()
                .ok_or_else(|| format!("opens 指向不存在的栏目 {path}"))?,
        ),
        None => None,
    };
    let mut titles: Vec<String> = std::iter::once(&form.title)
        .chain(&form.titles)
        .map(|t| label::normalise(t))
        .collect();
    titles.sort_by_key(|t| std::cmp::Reverse(t.len()));
    titles.dedup();
    let recognition = Recognition {
        source,
        titles,
        near: form.near.iter().map(|l| comparable(l)).collect(),
        grids,
        lists: layouts,
        initials: Initials::of(made.labels.keys()),
        labels: made.labels,
        inline,
        above,
        needs,
        lacks,
        opens,
    };
    let mut def = FormDef {
        id: form.id,
        title: form.title,
        annex: form.annex,
        copies: form.copies,
        fields: made.fields,
        index: made.index,
        lists,
        basis: form.basis,
        recognition,
        layout: None,
        indicator_columns: Default::default(),
    };
    if let Some(source) = &form.layout {
        def.layout = Some(Layout::compile(source, &def)?);
    }
    Ok(def)
}

/// What a form is compiled into.
#[derive(Default)]
struct Compiler {
    fields: Vec<FieldDef>,
    index: SlotIndex,
    labels: HashMap<String, Vec<Sense>, BuildHasherDefault<LabelHasher>>,
}

impl Compiler {
    fn add(&mut self, field: FieldDef) -> Result<Slot, String> {
        let slot = self.fields.len() as Slot;
        if self.index.insert(field.path.clone(), slot).is_some() {
            return Err(format!("栏目 {} 定义了两次", field.path));
        }
        self.fields.push(field);
        Ok(slot)
    }

    fn field(&mut self, source: &FieldSource) -> Result<Slot, String> {
        let slot = self.add(FieldDef {
            path: source.path.clone(),
            label: source.label.clone(),
            ty: source.r#type,
            required: source.required,
        })?;
        self.senses(
            &source.label,
            &source.also,
            Role::Field {
                slot,
                below: source.below,
            },
        );
        Ok(slot)
    }

    fn grid(&mut self, source: &GridSource, number: u16) -> Result<GridDef, String> {
        let mut slots = Vec::new();
        for (r, row) in source.row.iter().enumerate() {
            self.senses(
                &row.label,
                &row.also,
                Role::Row {
                    grid: number,
                    row: r as u16,
                },
            );
            let row_label = row.label.strip_prefix("其中：").unwrap_or(&row.label);
            for col in &source.col {
                let dot = if source.key.is_empty() { "" } else { "." };
                slots.push(self.add(FieldDef {
                    path: format!("{}{dot}{}.{}", source.key, row.key, col.key),
                    label: format!("{row_label} · {}", col.label),
                    ty: col.r#type,
                    required: row.required && col.r#type == FieldType::Money,
                })?);
            }
        }
        for (c, col) in source.col.iter().enumerate() {
            self.senses(
                &col.label,
                &col.also,
                Role::Col {
                    grid: number,
                    col: c as u16,
                },
            );
        }
        let mut part_of = Vec::new();
        for row in &source.row {
            part_of.push(match &row.inline {
                None => None,
                Some(whole) => {
                    let at = source.row.iter().position(|r| r.key == *whole);
                    Some(
                        at.ok_or_else(|| format!("行 {} 所属的行 {whole} 不存在", row.key))? as u16,
                    )
                }
            });
        }
        Ok(GridDef {
            key: source.key.clone(),
            label: source.label.clone(),
            rows: source
                .row
                .iter()
                .map(|r| (r.key.clone(), r.label.clone()))
                .collect(),
            cols: source
                .col
                .iter()
                .map(|c| (c.key.clone(), c.label.clone()))
                .collect(),
            slots,
            part_of,
            bare: match &source.bare {
                None => None,
                Some(key) => {
                    let at = source.col.iter().position(|c| c.key == *key);
                    Some(at.ok_or_else(|| format!("列 {key} 不存在"))? as u16)
                }
            },
        })
    }

    fn list(
        &mut self,
        source: &ListSource,
        number: u16,
        grids: &[GridSource],
    ) -> Result<(ListDef, ListLayout), String> {
        let mut columns = Vec::new();
        let mut index = SlotIndex::default();
        for (slot, column) in source.column.iter().enumerate() {
            let slot = slot as Slot;
            columns.push(FieldDef {
                path: column.key.clone(),
                label: column.label.clone(),
                ty: column.r#type,
                required: column.required,
            });
            if index.insert(column.key.clone(), slot).is_some() {
                return Err(format!("列 {} 定义了两次", column.key));
            }
            // Rows inside a grid stand under the grid's own heads.
            if source.under.is_none() {
                self.senses(
                    &column.label,
                    &column.also,
                    Role::Head { list: number, slot },
                );
            }
        }
        let column = |key: &str| {
            index
                .get(key)
                .copied()
                .ok_or_else(|| format!("{} 没有名为 {key} 的列", source.key))
        };
        let mut layout = ListLayout::default();
        for c in source.column.iter().filter(|c| c.carry) {
            layout.levels.push((column(&c.key)?, None));
        }
        for c in &source.column {
            if let Some(points) = &c.level {
                layout.levels.push((column(&c.key)?, Some(column(points)?)));
            }
        }
        for c in &source.column {
            if let Some(points) = &c.holds {
                layout.held.push((column(&c.key)?, column(points)?));
            }
        }
        if let Some(j) = &source.joined {
            layout.joined = Some(Joined {
                whole: column(&j.whole)?,
                operator: column(&j.operator)?,
                value: column(&j.value)?,
                unit: column(&j.unit)?,
            });
        }
        if let Some(under) = &source.under {
            let grid = grids.iter().position(|g| g.key == under.grid);
            let row = grid.and_then(|g| grids[g].row.iter().position(|r| r.key == under.row));
            match (grid, row) {
                (Some(g), Some(r)) => layout.under = Some((g as u16, r as u16)),
                _ => return Err(format!("清单 {} 所在的行 {} 不存在", source.key, under.row)),
            }
        }
        if let Some(total) = &source.total {
            self.senses(&total.label, &total.also, Role::Total { list: number });
            for part in &total.parts {
                self.sense(part, Role::Subtotal { list: number }, false);
            }
            for (key, path) in &total.fields {
                let col = column(key)?;
                let def = &columns[col as usize];
                let field = self.add(FieldDef {
                    path: path.clone(),
                    label: format!("{} · {}", total.label, def.label),
                    ty: def.ty,
                    required: def.required,
                })?;
                layout.totals.push((col, field));
            }
            // In the order of the columns: a label that reaches over them leaves only the order.
            layout.totals.sort_by_key(|(col, _)| *col);
            if let Some(path) = &total.rest {
                layout.total_words = Some(self.add(FieldDef {
                    path: path.clone(),
                    label: format!("{} · 等次", total.label),
                    ty: FieldType::Text,
                    required: false,
                })?);
            }
        }
        Ok((
            ListDef {
                key: source.key.clone(),
                label: source.label.clone(),
                columns,
                index,
            },
            layout,
        ))
    }

    fn senses(&mut self, label: &str, also: &[String], role: Role) {
        self.sense(label, role, true);
        for word in also {
            self.sense(word, role, false);
        }
    }

    fn sense(&mut self, label: &str, role: Role, own: bool) {
        let senses = self.labels.entry(comparable(label)).or_default();
        if !senses.iter().any(|s| s.role == role) {
            senses.push(Sense { role, own });
        }
    }
}

/// A label as labels of documents are compared with it.
fn comparable(text: &str) -> String {
    let mut key = label::normalise(text);
    label::mask_months(&mut key, 0);
    key
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The form files of a rulebook folder of this repository.
    pub(crate) fn files(id: &str) -> Vec<(String, String)> {
        let folder = format!("{}/../../rulebooks/{id}/forms", env!("CARGO_MANIFEST_DIR"));
        let mut paths: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|e| panic!("{folder}: {e}"))
            .map(|f| f.expect("a folder entry").path())
            .collect();
        paths.sort();
        paths
            .iter()
            .map(|p| {
                (
                    p.display().to_string(),
                    std::fs::read_to_string(p).expect("a readable form file"),
                )
            })
            .collect()
    }

    /// The forms of Yueyang with everything they inherit.
    pub(crate) fn yueyang() -> Vec<Arc<FormDef>> {
        let (national, problems) = load(&files("cn/mof/2020"), &[]);
        assert_eq!(problems, []);
        let (shared, problems) = load(&files("cn/municipal/2023"), &national);
        assert!(problems.is_empty(), "{problems:?}");
        let (local, problems) = load(&files("cn/hunan/yueyang/2023"), &shared);
        assert_eq!(problems, []);
        local
    }

    #[test]
    fn the_forms_have_the_agreed_paths() {
        let forms = yueyang();
        let by_id = |id: &str| {
            forms
                .iter()
                .find(|f| f.id == id)
                .unwrap_or_else(|| panic!("no form {id}"))
        };
        for (id, paths) in [
            (
                "baseline",
                &[
                    "staff.authorized_posts",
                    "staff.in_post",
                    "staff.control_rate",
                    "three_publics.vehicles.purchase.outturn",
                    "projects.budget",
                    "operating.outturn",
                    "operating.meetings.prior_outturn",
                    "procurement.budget",
                    "basic_adjustment.budget",
                    "buildings.investment_rate",
                    "thrift",
                    "note",
                    "signatory",
                ][..],
            ),
            (
                "department",
                &[
                    "unit_name",
                    "funds.total.execution_rate",
                    "funds.by_source.outturn",
                    "funds.special_account.final_budget",
                    "funds.project.outturn",
                    "goal_actual",
                    "total_score",
                    "filled_on",
                ][..],
            ),
            (
                "project",
                &[
                    "project_name",
                    "line_department",
                    "implementing_unit",
                    "funds.total.score",
                    "funds.central.outturn",
                    "goal_expected",
                    "total_points",
                ][..],
            ),
            ("assessment", &["total_points"][..]),
        ] {
            for path in paths {
                assert!(by_id(id).slot(path).is_some(), "{id} {path}");
            }
        }
        let project = by_id("project");
        assert_eq!(project.annex.as_deref(), Some("附件3"));
        assert_eq!(
            project.label("funds.total.outturn"),
            "年度资金总额 · 全年执行数"
        );
        let (number, list) = project.list("indicators").expect("a list of indicators");
        assert_eq!(project.recognition.lists[number].levels.len(), 2);
        assert!(list.slot("dimension_points").is_some());
        assert_eq!(by_id("department").label("unit_name"), "市级预算部门名称");
        assert!(
            by_id("department")
                .recognition
                .labels
                .contains_key("预算部门名称")
        );
    }

    #[test]
    fn a_broken_file_is_a_problem_and_no_form() {
        let bad = [
            ("x.toml".to_string(), "id = ".to_string()),
            (
                "y.toml".to_string(),
                "id = \"y\"\ntitle = \"甲\"\ncopies = \"many\"".to_string(),
            ),
        ];
        let (forms, problems) = load(&bad, &[]);
        assert!(forms.is_empty());
        assert_eq!(problems.len(), 2);
    }
}
