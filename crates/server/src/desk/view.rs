//! A checked filing comes in; what the pages of the workspace print goes out: rows, cells, margins, tabs.

use super::filing::{Checked, Kept, REPORT};
use super::margin::{Counts, Remark, Side};
use super::package;
use super::sheet::{Cell, Kind};
use askama::Template;
use jiheng_model::FieldType;
use serde::Serialize;
use std::collections::BTreeMap;

/// So many numbers stand beside a row; the rest are counted.
const NUMBERS: usize = 3;

/// A row of the table.
#[derive(Debug)]
pub struct Line {
    /// Its number, from 1.
    pub number: u32,
    /// The cells that begin in it.
    pub cells: Vec<CellView>,
    /// The margin, as HTML made from `desk/margin.html`.
    pub margin: String,
}

/// A cell of the table.
#[derive(Debug)]
pub struct CellView {
    /// Rows it covers.
    pub row_span: u32,
    /// Columns it covers.
    pub col_span: u32,
    /// Classes.
    pub class: String,
    /// It is a head.
    pub head: bool,
    /// Words of the form, or those before the value.
    pub text: String,
    /// The cell to be filled in.
    pub field: Option<Field>,
}

/// A cell to be filled in.
#[derive(Debug)]
pub struct Field {
    /// The first address.
    pub key: String,
    /// All addresses, a space between them.
    pub keys: String,
    /// Their revisions, a space between them.
    pub revisions: String,
    /// What stands in it.
    pub value: String,
    /// "公用经费 · 本年决算数".
    pub label: String,
    /// "万元".
    pub unit: String,
    /// Row and column of the table.
    pub row: u32,
    /// Column.
    pub col: u32,
    /// It holds running text.
    pub long: bool,
    /// Its words stand in the middle.
    pub middle: bool,
    /// It holds a number.
    pub number: bool,
    /// It follows from others and nothing was written in it.
    pub calc: bool,
    /// What its formula gives.
    pub computed: String,
    /// Must be filled in.
    pub required: bool,
    /// The words it is chosen from.
    pub choices: Vec<String>,
    /// Ids of what its findings say.
    pub described: String,
    /// It has an error.
    pub invalid: bool,
    /// Its class: "hit E".
    pub hit: String,
    /// List and row, to add a row behind or to take it out.
    pub of_row: Option<String>,
    /// Lines a text takes.
    pub lines: usize,
    /// Last year's value.
    pub last: String,
}

/// The findings beside a row.
#[derive(Template)]
#[template(path = "desk/margin.html")]
pub struct MarginView<'v> {
    /// The row they stand beside.
    pub row: String,
    /// Its findings, the gravest first.
    pub remarks: Vec<RemarkView<'v>>,
    /// Numbers that are shown.
    pub shown: usize,
    /// Numbers that are not.
    pub more: usize,
    /// None of them stands here first: shown when the row is current.
    pub quiet: bool,
}

/// A finding with what may be done about it.
pub struct RemarkView<'v> {
    /// The finding.
    pub remark: &'v Remark,
    /// Links of its sides, in their order.
    pub links: Vec<String>,
    /// Values of another place that the cell may take: address and value.
    pub adopt: Vec<(String, String)>,
}

/// All findings of a sheet as a list, for narrow windows and for print.
#[derive(Template)]
#[template(path = "desk/list.html")]
pub struct ListView<'v> {
    /// The findings in order.
    pub remarks: Vec<RemarkView<'v>>,
}

/// Counts on a tab.
#[derive(Template)]
#[template(path = "desk/counts.html")]
pub struct CountsView {
    /// The numbers.
    pub counts: Counts,
}

/// A tab.
#[derive(Debug)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// Its words.
    pub label: String,
    /// More in small type ("2 / 15").
    pub note: String,
    /// The page that is open.
    pub current: bool,
    /// Id of the sheet whose counts it shows; empty for none.
    pub sheet: String,
    /// The counts as HTML.
    pub counts: String,
}

/// What an open page must know of a cell with findings.
#[derive(Debug, Serialize)]
pub struct Hit {
    /// "E".
    pub class: &'static str,
    /// Ids of what they say.
    pub ids: String,
    /// To be read out.
    pub says: String,
}

/// The rows of a form.
pub fn lines(checked: &Checked, place: usize, kept: &Kept) -> Vec<Line> {
    let (Some(sheet), Some(side)) = (
        checked.package.sheets.get(place),
        checked.margin.sheets.get(place),
    ) else {
        return Vec::new();
    };
    let rows = 1..=sheet.rows;
    rows.map(|number| {
        let begins = sheet.cells.iter().filter(|c| c.row == number);
        Line {
            number,
            cells: begins.map(|c| cell(c, side, checked, kept)).collect(),
            margin: margin(checked, place, number, &number.to_string()),
        }
    })
    .collect()
}

/// The fields in the line under the table.
pub fn foot(checked: &Checked, place: usize, kept: &Kept) -> Vec<Field> {
    let (Some(sheet), Some(side)) = (
        checked.package.sheets.get(place),
        checked.margin.sheets.get(place),
    ) else {
        return Vec::new();
    };
    let fields = sheet.foot.iter();
    fields
        .filter_map(|c| field(c, side, checked, kept))
        .collect()
}

/// The paragraphs of the report, each with its margin.
pub fn paragraphs(checked: &Checked, place: usize, kept: &Kept) -> Vec<(Field, String)> {
    let Some(side) = checked.margin.sheets.get(place) else {
        return Vec::new();
    };
    let Some(report) = checked.opened.report() else {
        return Vec::new();
    };
    let lines = package::lines(&report).into_iter().enumerate();
    lines
        .map(|(at, (key, text))| {
            let own = side.cells.get(&key).map_or(&[][..], Vec::as_slice);
            let margin = drawn(checked, &key, own, own);
            let lines = text.chars().count().div_ceil(48).max(1);
            let (described, invalid, hit) = told(checked, own);
            let of_row = super::key::parts(&key).map(|(list, row, _)| format!("{list}/{row}"));
            let field = Field {
                revisions: revision(kept, &key).to_string(),
                keys: key.clone(),
                key,
                value: text,
                label: format!("报告第{}段", at + 1),
                unit: String::new(),
                row: at as u32 + 1,
                col: 1,
                long: true,
                middle: false,
                number: false,
                calc: false,
                computed: String::new(),
                required: false,
                choices: Vec::new(),
                described,
                invalid,
                hit,
                of_row,
                lines,
                last: String::new(),
            };
            (field, margin)
        })
        .collect()
}

fn cell(cell: &Cell, side: &Side, checked: &Checked, kept: &Kept) -> CellView {
    let field = field(cell, side, checked, kept);
    let mut class = String::new();
    if let Some(field) = &field {
        class.push('v');
        if field.calc {
            class.push_str(" calc");
        }
        if !field.hit.is_empty() {
            class.push(' ');
            class.push_str(&field.hit);
        }
    }
    if cell.align == jiheng_render::official::Align::Left {
        class.push_str(" l");
    }
    CellView {
        row_span: cell.row_span,
        col_span: cell.col_span,
        class: class.trim().to_string(),
        head: cell.head,
        text: match cell.kind {
            Kind::Fixed => cell.text.clone(),
            Kind::Fill | Kind::Computed => cell.before.clone(),
        },
        field,
    }
}

fn revision(kept: &Kept, key: &str) -> i64 {
    kept.cells.get(key).map_or(0, |held| held.revision)
}

fn field(cell: &Cell, side: &Side, checked: &Checked, kept: &Kept) -> Option<Field> {
    let key = cell.key()?.to_string();
    let own = side.cells.get(&key).map_or(&[][..], Vec::as_slice);
    let (described, invalid, hit) = told(checked, own);
    let revisions = cell.keys.iter().map(|k| revision(kept, k).to_string());
    let number = !matches!(
        cell.ty,
        Some(FieldType::Text | FieldType::Any | FieldType::Date | FieldType::Signature) | None
    );
    let long = cell.is_words() && cell.choices.is_empty() && cell.row > 0;
    Some(Field {
        revisions: revisions.collect::<Vec<_>>().join(" "),
        keys: cell.keys.join(" "),
        key,
        value: cell.text.clone(),
        label: cell.label.clone(),
        unit: cell.unit.clone(),
        row: cell.row,
        col: cell.col,
        long,
        middle: cell.align == jiheng_render::official::Align::Center,
        number,
        calc: cell.kind == Kind::Computed,
        computed: cell.computed.clone().unwrap_or_default(),
        required: cell.required,
        choices: cell.choices.clone(),
        described,
        invalid,
        hit,
        of_row: cell
            .of_row
            .as_ref()
            .map(|(list, row)| format!("{list}/{row}")),
        lines: cell.text.lines().count().max(1),
        last: String::new(),
    })
}

/// Ids of what findings say, whether one is an error, and the class of the gravest.
fn told(checked: &Checked, own: &[usize]) -> (String, bool, String) {
    let found: Vec<&Remark> = (own.iter())
        .filter_map(|at| checked.margin.findings.get(*at))
        .collect();
    let ids: Vec<String> = found.iter().map(|r| format!("f{}", r.number)).collect();
    let gravest = found.iter().map(|r| r.class).min_by_key(|c| rank(c));
    let hit = gravest.map_or_else(String::new, |class| format!("hit {class}"));
    (ids.join(" "), gravest == Some("E"), hit)
}

fn rank(class: &str) -> usize {
    ["E", "W", "H"]
        .iter()
        .position(|c| *c == class)
        .unwrap_or(3)
}

/// The margin of a row as HTML; empty when nothing stands there.
fn margin(checked: &Checked, place: usize, row: u32, id: &str) -> String {
    let side = checked.margin.sheets.get(place);
    let own = side.and_then(|s| s.rows.get(&row));
    let first = side.and_then(|s| s.first.get(&row));
    let all = |found: Option<&'_ Vec<usize>>| found.cloned().unwrap_or_default();
    drawn(checked, id, &all(own), &all(first))
}

fn drawn(checked: &Checked, row: &str, own: &[usize], first: &[usize]) -> String {
    if own.is_empty() {
        return String::new();
    }
    let mut remarks: Vec<RemarkView<'_>> =
        own.iter().filter_map(|at| remark(checked, *at)).collect();
    let quiet = !own.iter().any(|at| first.contains(at));
    let later = |r: &RemarkView<'_>| !first.contains(&(r.remark.number - 1));
    remarks.sort_by_key(|r| (later(r), rank(r.remark.class), r.remark.number));
    let view = MarginView {
        row: row.to_string(),
        // A number that says how many more there are takes the room of one.
        shown: if remarks.len() > NUMBERS {
            NUMBERS - 1
        } else {
            NUMBERS
        },
        more: match remarks.len() {
            all if all > NUMBERS => all + 1 - NUMBERS,
            _ => 0,
        },
        remarks,
        quiet,
    };
    view.render().unwrap_or_default()
}

fn remark(checked: &Checked, at: usize) -> Option<RemarkView<'_>> {
    let remark = checked.margin.findings.get(at)?;
    let link = |at: &Option<(usize, String)>| -> String {
        let found = at.as_ref().and_then(|(place, key)| {
            let kept = checked.at(*place)?;
            Some(format!("/desk/{}/{}#c-{key}", checked.opened.id, kept.id))
        });
        found.unwrap_or_default()
    };
    let links = remark.sides.iter().map(|s| link(&s.at)).collect();
    Some(RemarkView {
        adopt: adoptable(remark),
        links,
        remark,
    })
}

/// The value of the other side, where there are just two and they differ; or what was computed.
fn adoptable(remark: &Remark) -> Vec<(String, String)> {
    let stated: Vec<_> = remark.sides.iter().filter(|s| s.class.is_empty()).collect();
    let plain = |v: &str| !v.is_empty() && v != "空" && v != "缺" && v.chars().count() <= 20;
    let computed = remark.sides.iter().find(|s| s.class == "sum");
    match (stated.as_slice(), computed) {
        ([only], Some(sum)) if plain(&sum.value) => {
            let at = only
                .at
                .iter()
                .map(|(_, key)| (key.clone(), sum.value.clone()));
            at.collect()
        }
        ([a, b], None) if a.value != b.value && plain(&a.value) && plain(&b.value) => {
            let of = |cell: &super::margin::SideRow, other: &str| {
                // A sentence prints the unit that the column has in its head.
                let bare = other.trim_end_matches(|c: char| !c.is_ascii_digit() && c != '%');
                let own = cell
                    .value
                    .ends_with(|c: char| c.is_ascii_digit() || c == '%');
                let value = if own && !bare.is_empty() { bare } else { other };
                let at = cell.at.as_ref();
                at.map(|(_, key)| (key.clone(), value.to_string()))
            };
            of(a, &b.value).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The margins of all rows of a sheet as HTML, by what they stand beside.
pub fn margins(checked: &Checked, place: usize) -> BTreeMap<String, String> {
    let Some(side) = checked.margin.sheets.get(place) else {
        return BTreeMap::new();
    };
    if place == checked.package.sheets.len() {
        let cells = side.cells.iter();
        return cells
            .map(|(key, own)| (key.clone(), drawn(checked, key, own, own)))
            .collect();
    }
    let rows = side.rows.keys();
    rows.map(|row| {
        (
            row.to_string(),
            margin(checked, place, *row, &row.to_string()),
        )
    })
    .collect()
}

/// The margin of the line under the table.
pub fn foot_margin(checked: &Checked, place: usize) -> String {
    margin(checked, place, 0, "0")
}

/// What an open page must know of its cells with findings.
pub fn hits(checked: &Checked, place: usize) -> BTreeMap<String, Hit> {
    let Some(side) = checked.margin.sheets.get(place) else {
        return BTreeMap::new();
    };
    let hits = side.cells.iter().filter_map(|(key, own)| {
        let found: Vec<&Remark> = (own.iter())
            .filter_map(|at| checked.margin.findings.get(*at))
            .collect();
        let gravest = found.iter().min_by_key(|r| rank(r.class))?;
        let (ids, ..) = told(checked, own);
        let hit = Hit {
            class: gravest.class,
            ids,
            says: format!("{}：{}", gravest.word, gravest.title),
        };
        Some((key.clone(), hit))
    });
    hits.collect()
}

/// The findings of a sheet as a list.
pub fn list(checked: &Checked, place: usize) -> String {
    let of_sheet = |r: &Remark| r.sheet == Some(place);
    let all = checked.margin.findings.iter().enumerate();
    let own = all.filter(|(_, r)| of_sheet(r));
    let view = ListView {
        remarks: own.filter_map(|(at, _)| remark(checked, at)).collect(),
    };
    view.render().unwrap_or_default()
}

/// All findings, for the page of results.
pub fn all(checked: &Checked) -> Vec<RemarkView<'_>> {
    let all = 0..checked.margin.findings.len();
    all.filter_map(|at| remark(checked, at)).collect()
}

/// Counts as HTML.
pub fn counts(counts: Counts) -> String {
    CountsView { counts }.render().unwrap_or_default()
}

/// The counts of every tab as HTML, by the sheet they belong to.
pub fn all_counts(checked: &Checked) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut projects = Counts::default();
    for sheet in &checked.opened.sheets {
        let own = checked.counts(&sheet.id);
        if sheet.form == "project" {
            projects = projects.plus(own);
        }
        all.insert(sheet.id.clone(), counts(own));
    }
    all.insert("projects".into(), counts(projects));
    all
}

/// The tabs: forms, the projects as one, report, results.
pub fn tabs(checked: &Checked, current: &str) -> Vec<Tab> {
    let opened = &checked.opened;
    let mut tabs = Vec::new();
    let mut projects = Counts::default();
    let (mut filled, mut number) = (0, 0);
    let mut inside = current == "projects";
    for sheet in opened.sheets.iter().filter(|s| s.form == "project") {
        projects = projects.plus(checked.counts(&sheet.id));
        number += 1;
        filled += usize::from(!sheet.is_blank());
        inside |= sheet.id == current;
    }
    let of = |sheet: &Kept, label: String| Tab {
        href: format!("/desk/{}/{}", opened.id, sheet.id),
        label,
        note: String::new(),
        current: sheet.id == current,
        sheet: sheet.id.clone(),
        counts: counts(checked.counts(&sheet.id)),
    };
    let single = opened
        .sheets
        .iter()
        .filter(|s| s.form != "project" && s.form != REPORT);
    for sheet in single {
        let def = checked.rulebook.form(&sheet.form);
        let label = def.map_or(sheet.name.clone(), |d| short(&d.title));
        tabs.push(of(sheet, label));
    }
    tabs.push(Tab {
        href: format!("/desk/{}/projects", opened.id),
        label: "项目自评表".into(),
        note: format!("{filled} / {number}"),
        current: inside,
        sheet: "projects".into(),
        counts: counts(projects),
    });
    if let Some(report) = opened.sheets.iter().find(|s| s.form == REPORT) {
        tabs.push(of(report, "自评报告".into()));
    }
    for (page, label, note) in [
        ("evidence", "佐证", String::new()),
        ("results", "检查结果", checked.all().all().to_string()),
    ] {
        tabs.push(Tab {
            href: format!("/desk/{}/{page}", opened.id),
            label: label.into(),
            note,
            current: current == page,
            sheet: String::new(),
            counts: String::new(),
        });
    }
    tabs
}

/// "基础数据表" of "部门整体支出绩效评价基础数据表".
fn short(title: &str) -> String {
    for known in ["基础数据表", "整体支出绩效自评表"] {
        if title.ends_with(known) {
            return known.replace("整体支出绩效自评表", "整体自评表");
        }
    }
    title.to_string()
}

/// The shape of a sheet: which cell is which address. An open page whose table has another shape draws it anew.
pub fn shape(checked: &Checked, place: usize) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    match checked.package.sheets.get(place) {
        Some(sheet) => {
            for cell in &sheet.cells {
                (cell.row, cell.col, cell.row_span, cell.col_span, &cell.keys).hash(&mut hasher);
            }
        }
        None => {
            if let Some(report) = checked.opened.report() {
                package::lines(&report)
                    .iter()
                    .for_each(|l| l.0.hash(&mut hasher));
            }
        }
    }
    format!("{:x}", hasher.finish())
}
