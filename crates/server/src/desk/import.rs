//! A file of the unit's own and the filing as it stands come in; what it would fill, what it would leave and what was not recognised go out.
//!
//! Nothing is written here. A cell in which something else stands is left as it is and listed.

use super::entries;
use super::filing::{Kept, Opened, REPORT};
use super::key::{self, Entries, GONE, THERE};
use jiheng_engine::Evaluation;
use jiheng_engine::check::projects::same_name;
use jiheng_model::form::{Copies, FormDef};
use jiheng_render::official;
use serde::{Deserialize, Serialize};

/// What a file would fill.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Plan {
    /// Sheet by sheet.
    pub moves: Vec<Move>,
    /// What no form of the rulebook explains, and what could not be read; a sentence each.
    pub unrecognised: Vec<String>,
}

/// What would be filled in one sheet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Move {
    /// The sheet; `None` when it is to be made.
    pub sheet: Option<String>,
    /// Its form.
    pub form: String,
    /// Its name.
    pub name: String,
    /// Cells that would be filled.
    pub cells: Vec<Filling>,
    /// Cells in which something else stands already.
    pub kept: Vec<Filling>,
}

/// A cell and the texts on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filling {
    /// Its address.
    pub key: String,
    /// The revision that was seen.
    pub base: i64,
    /// Its labels.
    pub label: String,
    /// What stands there.
    pub there: String,
    /// What the file says.
    pub new: String,
}

/// Plans what the forms and the report of a file fill in.
pub fn plan(opened: &Opened, read: &Evaluation) -> Plan {
    let (documents, filing) = (&read.documents, &read.filing);
    let mut plan = Plan::default();
    for document in documents {
        let notices = document.notices.iter().map(|n| n.message.clone());
        plan.unrecognised.extend(notices);
    }
    let unknown = filing.unrecognised.iter().map(|u| u.why.clone());
    plan.unrecognised.extend(unknown);
    let mut taken: Vec<&str> = Vec::new();
    for (index, form) in filing.forms.iter().enumerate() {
        let def = read.rulebook.form(form.kind()).unwrap_or(&form.def);
        let name = form.project_name().map_or("", |n| n.text.as_str());
        let fillable = read.rulebook.words("forms_to_fill").contains(&def.id);
        if !fillable {
            plan.unrecognised
                .push(format!("《{}》不由单位填报，没有带入", def.title));
            continue;
        }
        let new = entries::of_form(documents, filing, index);
        let sheet = target(opened, def, name, &taken);
        if let Some(sheet) = sheet {
            taken.push(&sheet.id);
        }
        plan.moves.push(fill(sheet, def, name, new));
    }
    if let Some(report) = official::report_of(documents, filing) {
        let tables = official::tables_of(documents, filing).len();
        if tables > 0 {
            plan.unrecognised.push(format!(
                "自评报告里的 {tables} 个表格没有带入，段落都带入了"
            ));
        }
        let sheet = opened.sheets.iter().find(|s| s.form == REPORT);
        plan.moves.push(whole(
            sheet,
            REPORT,
            "自评报告",
            entries::of_report(&report),
        ));
    }
    plan.moves
        .retain(|m| !m.cells.is_empty() || !m.kept.is_empty());
    plan
}

/// The sheet a form belongs to: the only one of its kind, for projects the one of the same name, else a blank one.
fn target<'o>(opened: &'o Opened, def: &FormDef, name: &str, taken: &[&str]) -> Option<&'o Kept> {
    let of_kind = || {
        let sheets = opened.sheets.iter();
        sheets.filter(|s| s.form == def.id && !taken.contains(&s.id.as_str()))
    };
    if def.copies != Copies::PerProject {
        return of_kind().next();
    }
    let named = |s: &&Kept| {
        let typed = s.cells.get("project_name").map_or("", |h| h.text.as_str());
        let own = if typed.is_empty() {
            s.name.as_str()
        } else {
            typed
        };
        !own.is_empty() && same_name(own, name)
    };
    of_kind()
        .find(named)
        .or_else(|| of_kind().find(|s| s.is_blank() && s.name.is_empty()))
}

/// A sheet is taken whole when it is blank, and left when it is not: paragraphs have no names to be matched by.
fn whole(sheet: Option<&Kept>, form: &str, name: &str, new: Entries) -> Move {
    let blank = sheet.is_none_or(Kept::is_blank);
    let cells = new.into_iter().map(|(key, text)| Filling {
        base: sheet
            .and_then(|s| s.cells.get(&key))
            .map_or(0, |h| h.revision),
        label: "报告正文".into(),
        there: String::new(),
        new: text,
        key,
    });
    let cells: Vec<Filling> = cells.collect();
    let (cells, kept) = if blank {
        (cells, Vec::new())
    } else {
        (Vec::new(), cells)
    };
    Move {
        sheet: sheet.map(|s| s.id.clone()),
        form: form.into(),
        name: name.into(),
        cells,
        kept,
    }
}

/// What a form fills in a sheet: blank cells only; rows of lists by their names.
pub fn fill(sheet: Option<&Kept>, def: &FormDef, name: &str, new: Entries) -> Move {
    let mut made = Move {
        sheet: sheet.map(|s| s.id.clone()),
        form: def.id.clone(),
        name: if name.is_empty() {
            def.title.clone()
        } else {
            name.to_string()
        },
        ..Move::default()
    };
    let none = Entries::new();
    let current = sheet.map(Kept::entries);
    let current = current.as_ref().unwrap_or(&none);
    let mut put = |key: String, label: String, new: &str| {
        let there = current.get(&key).cloned().unwrap_or_default();
        if there == new {
            return;
        }
        let held = sheet.and_then(|s| s.cells.get(&key));
        let filling = Filling {
            base: held.map_or(0, |h| h.revision),
            label,
            new: new.to_string(),
            key,
            there,
        };
        let side = if filling.there.is_empty() {
            &mut made.cells
        } else {
            &mut made.kept
        };
        side.push(filling);
    };
    for (key, text) in new.iter().filter(|(k, _)| key::parts(k).is_none()) {
        put(key.clone(), def.label(key).to_string(), text);
    }
    for list in &def.lists {
        let there = key::rows(current, &list.key);
        let mut last = there.last().cloned();
        let mut matched: Vec<String> = Vec::new();
        let named = list.slot("name").map(|_| "name");
        for row in key::rows(&new, &list.key) {
            let text = |entries: &Entries, row: &str, column: &str| {
                let cell = entries.get(&key::cell(&list.key, row, column));
                cell.cloned().unwrap_or_default()
            };
            let own = named.map(|c| text(&new, &row, c)).unwrap_or_default();
            let same = there.iter().find(|id| {
                !own.is_empty()
                    && !matched.contains(id)
                    && named.is_some_and(|c| same_name(&text(current, id, c), &own))
            });
            let id = match same {
                Some(id) => id.clone(),
                None => {
                    // In a list without rows the file's own ids serve; behind others new ones are made.
                    let salt = matched.len() as u32;
                    let id = match &last {
                        None if there.is_empty() => key::between(None, None, salt),
                        last => key::between(last.as_deref(), None, salt),
                    };
                    last = Some(id.clone());
                    id
                }
            };
            let mut any = false;
            for column in &list.columns {
                let new = text(&new, &row, &column.path);
                if !new.is_empty() {
                    any = true;
                    let label = format!("{} · {}", list.label, column.label);
                    put(key::cell(&list.key, &id, &column.path), label, &new);
                }
            }
            if !any {
                put(
                    key::presence(&list.key, &id),
                    format!("{} · 空行", list.label),
                    THERE,
                );
            }
            matched.push(id);
        }
        // A row that was taken out comes back only when something new is written in a new row: ids are never used again.
        debug_assert!(matched.iter().all(|id| id != GONE));
    }
    made
}
