//! A form whose list has a column for the project's name comes in; a form for each project goes out.

use jiheng_model::form::{Form, Row};

/// A list with a column for the field that opens the form holds several forms: one for each of its values.
pub(super) fn split(mut form: Form) -> Vec<Form> {
    let def = form.def.clone();
    let opens = def
        .recognition
        .opens
        .and_then(|o| def.fields.get(o as usize));
    let Some((list, opening)) = opens.and_then(|field| {
        let mut lists = def.lists.iter().enumerate();
        lists.find_map(|(i, l)| Some((i, l.slot(&field.path)?)))
    }) else {
        return vec![form];
    };
    let columns = &def.lists[list].columns;
    let text = |row: &Row| -> Option<String> {
        let stated = row.values.get(opening as usize)?.as_ref()?;
        stated.value.is_present().then(|| stated.text.clone())
    };
    if !form.lists[list].iter().any(|r| text(r).is_some()) {
        return vec![form];
    }
    let mut groups: Vec<(Option<String>, Vec<Row>)> = Vec::new();
    for row in std::mem::take(&mut form.lists[list]) {
        let name = text(&row);
        match groups.last_mut() {
            Some((before, rows)) if *before == name || name.is_none() => rows.push(row),
            _ => groups.push((name, vec![row])),
        }
    }
    let blank = form;
    let mut out = Vec::new();
    for (_, mut rows) in groups {
        let mut form = blank.clone();
        for (slot, column) in columns.iter().enumerate() {
            let Some(field) = def.slot(&column.path) else {
                continue;
            };
            for row in &mut rows {
                let stated = row.values.get_mut(slot).and_then(Option::take);
                if let (Some(stated), Some(value)) = (stated, form.values.get_mut(field as usize))
                    && stated.value.is_present()
                    && (value.is_none() || column.path == columns[opening as usize].path)
                {
                    *value = Some(stated);
                }
            }
        }
        form.lists[list] = rows;
        out.push(form);
    }
    out
}
