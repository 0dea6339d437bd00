//! The forms of two packages come in; forms and rows added, left out and renamed, and cells that changed, go out.

use crate::Evaluation;
use crate::check::projects::{likeness, same_name};
use crate::rulebook::Rulebook;
use crate::words::same::{self, Same};
use jiheng_model::difference::{Carried, Change, FormDifference, State};
use jiheng_model::form::{Form, ListDef, Row};
use jiheng_model::{Decimal, Filing, Stated, label};

/// The forms that differ, in the order of the newer package; what was left out comes last.
pub(super) fn forms(old: &Evaluation, new: &Evaluation) -> Vec<FormDifference> {
    let mut left: Vec<&Form> = old.filing.forms.iter().collect();
    let mut found = Vec::new();
    for form in &new.filing.forms {
        let Some(at) = partner(form, &left, &new.rulebook) else {
            found.push(whole(form, State::Added));
            continue;
        };
        let before = left.remove(at);
        let changes = changes(before, form, &new.rulebook);
        if !changes.is_empty() {
            found.push(FormDifference {
                changes,
                ..whole(form, State::Changed)
            });
        }
    }
    found.extend(left.into_iter().map(|form| whole(form, State::Removed)));
    found
}

/// Last year's outturn beside this year's prior outturn, row by row of the baseline form.
pub(super) fn carried(old: &Filing, new: &Filing) -> Vec<Carried> {
    let (Some(before), Some(now)) = (old.one("baseline"), new.one("baseline")) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut add = |label: String, was: Option<&Stated>, is: Option<&Stated>| {
        let (was, is) = (text(was), text(is));
        if !was.is_empty() || !is.is_empty() {
            found.push(Carried {
                same: alike(&was, &is),
                label,
                before: was,
                after: is,
            });
        }
    };
    for field in &now.def.fields {
        let Some(row) = field.path.strip_suffix(".prior_outturn") else {
            continue;
        };
        let was = before.get(&format!("{row}.outturn"));
        let name = field.label.split(" · ").next().unwrap_or(&field.label);
        add(name.to_string(), was, now.get(&field.path));
    }
    let name = |form: &Form, row: &Row| text(form.cell("projects", row, "name"));
    for row in now.rows("projects") {
        let own = name(now, row);
        let mut rows = before.rows("projects").iter();
        let was = rows.find(|r| same_name(&name(before, r), &own));
        let cell = was.and_then(|r| before.cell("projects", r, "outturn"));
        add(own, cell, now.cell("projects", row, "prior_outturn"));
    }
    found
}

/// The place in a list of forms of the one that is this form's older version.
fn partner(form: &Form, left: &[&Form], rulebook: &Rulebook) -> Option<usize> {
    let kind = |f: &&Form| f.kind() == form.kind();
    let Some(name) = form.project_name() else {
        return left
            .iter()
            .position(|f| kind(f) && f.project_name().is_none());
    };
    let named = |f: &Form| f.project_name().map(|n| label::normalise(&n.text));
    let own = label::normalise(&name.text);
    let same = left
        .iter()
        .position(|f| kind(f) && named(f).is_some_and(|n| same_name(&n, &own)));
    let least = rulebook.number("project_names_alike");
    same.or_else(|| {
        let scored = left.iter().enumerate().filter(|(_, f)| kind(f));
        scored
            .filter_map(|(at, f)| Some((at, likeness(&named(f)?, &own))))
            .filter(|(_, like)| least.is_some_and(|least| *like >= least))
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))
            .map(|(at, _)| at)
    })
}

fn whole(form: &Form, state: State) -> FormDifference {
    let annex = form.def.annex.as_deref().unwrap_or_default();
    let mut name = format!("{annex} {}", form.def.title).trim().to_string();
    if let Some(project) = form.project_name() {
        name.push_str(&format!(" · {}", label::normalise(&project.text)));
    }
    FormDifference {
        form: form.kind().to_string(),
        name,
        state,
        changes: Vec::new(),
    }
}

fn changes(old: &Form, new: &Form, rulebook: &Rulebook) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in &new.def.fields {
        let (was, is) = (text(old.get(&field.path)), text(new.get(&field.path)));
        cell(&mut changes, field.label.clone(), was, is);
    }
    for (number, list) in new.def.lists.iter().enumerate() {
        let before = old.rows(&list.key);
        let after = new.lists.get(number).map_or(&[] as &[Row], Vec::as_slice);
        rows(&mut changes, (old, before), (new, after), list, rulebook);
    }
    changes
}

fn cell(changes: &mut Vec<Change>, label: String, before: String, after: String) {
    if !alike(&before, &after) {
        changes.push(Change::Cell {
            label,
            before,
            after,
        });
    }
}

/// Rows of a list by their names: equal ones first, then those that say the same.
fn rows(
    changes: &mut Vec<Change>,
    (old, before): (&Form, &[Row]),
    (new, after): (&Form, &[Row]),
    list: &ListDef,
    rulebook: &Rulebook,
) {
    let name = |form: &Form, row: &Row| match row_name(form, &list.key, row) {
        name if name == "无" => String::new(),
        name => name,
    };
    let olds: Vec<String> = before.iter().map(|r| name(old, r)).collect();
    let news: Vec<String> = after.iter().map(|r| name(new, r)).collect();
    let mut taken = vec![false; olds.len()];
    let mut partners: Vec<Option<(usize, Option<String>)>> = vec![None; news.len()];
    for (at, own) in news.iter().enumerate() {
        let free = |n: &usize| !taken[*n] && !own.is_empty() && olds[*n] == *own;
        if let Some(found) = (0..olds.len()).find(free) {
            taken[found] = true;
            partners[at] = Some((found, None));
        }
    }
    let vocabulary = rulebook.vocabulary();
    for (at, own) in news.iter().enumerate() {
        if partners[at].is_some() || own.is_empty() {
            continue;
        }
        let core = same::core(vocabulary, own);
        let found = olds.iter().enumerate().find_map(|(n, other)| {
            if taken[n] || other.is_empty() {
                return None;
            }
            let told = same::same((own, &core), (other, &same::core(vocabulary, other)));
            match told {
                Some(Same::Meaning(words)) => Some((n, words)),
                Some(_) => Some((n, "名称只差开头或末尾的字".to_string())),
                None if same_name(own, other) => Some((n, "只差编号或标点".to_string())),
                None => None,
            }
        });
        if let Some((n, because)) = found {
            taken[n] = true;
            partners[at] = Some((n, Some(because)));
        }
    }
    for (at, own) in news.iter().enumerate() {
        let Some((n, because)) = partners[at].take() else {
            if !own.is_empty() {
                changes.push(Change::RowAdded {
                    list: list.label.clone(),
                    name: own.clone(),
                });
            }
            continue;
        };
        if let Some(because) = because {
            changes.push(Change::RowRenamed {
                list: list.label.clone(),
                before: olds[n].clone(),
                after: own.clone(),
                because,
            });
        }
        for column in list.columns.iter().filter(|c| c.path != "name") {
            let was = before
                .get(n)
                .and_then(|r| old.cell(&list.key, r, &column.path));
            let is = after
                .get(at)
                .and_then(|r| new.cell(&list.key, r, &column.path));
            let label = format!("{own} · {}", column.label);
            cell(changes, label, text(was), text(is));
        }
    }
    for (n, own) in olds.iter().enumerate() {
        if !taken[n] && !own.is_empty() {
            changes.push(Change::RowRemoved {
                list: list.label.clone(),
                name: own.clone(),
            });
        }
    }
}

/// The name of a row without a number before it, on one line.
fn row_name(form: &Form, list: &str, row: &Row) -> String {
    text(form.cell(list, row, "name"))
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '、' | '.' | '．'))
        .to_string()
}

/// A printed value in comparable form; empty for a blank or missing cell.
fn text(stated: Option<&Stated>) -> String {
    stated
        .filter(|s| !s.value.is_blank())
        .map_or_else(String::new, |s| label::normalise(&s.text))
}

/// The same words, or the same number.
fn alike(a: &str, b: &str) -> bool {
    let number = |text: &str| -> Option<Decimal> { text.replace(',', "").parse().ok() };
    a == b || number(a).is_some_and(|n| number(b) == Some(n))
}
