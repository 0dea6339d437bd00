//! Forms of other places, as Markdown with what is printed in them, come in; what is recognised must be just that.
//!
//! A line without " = " names the next form; "3.target" is a column of the third indicator, "∅" no such cell.

use super::*;

/// The forms of the national rulebook, under which places without one of their own are read.
fn national() -> Vec<Arc<FormDef>> {
    use crate::rulebook::forms::{load, tests::files};
    load(&files("cn/mof/2020"), &[]).0
}

fn printed(filing: &Filing, form: &Form, key: &str) -> String {
    let rows: Vec<&Row> = form
        .indicators()
        .filter(|i| {
            !i.is_filler()
                || [i.target(), i.actual(), i.score()]
                    .iter()
                    .any(|s| s.is_some_and(|s| s.value.is_present()))
        })
        .map(|i| i.row)
        .collect();
    let text = match key {
        "title" => shown(form.title.as_ref()),
        "year" => form.year.map_or("∅".into(), |y| y.to_string()),
        "unit" => form
            .money_unit
            .as_ref()
            .map_or("∅".into(), |u| u.symbol.to_string()),
        "indicators" => rows.len().to_string(),
        "unrecognised" => filing.unrecognised.len().to_string(),
        _ => match key.split_once('.') {
            Some((number, name)) if number.bytes().all(|b| b.is_ascii_digit()) => {
                let at: usize = number.parse().unwrap_or(0);
                rows.get(at.wrapping_sub(1))
                    .map_or("∅ row".into(), |r| column(form, "indicators", r, name))
            }
            _ => shown(form.get(key)),
        },
    };
    text.replace('\n', "⏎")
}

#[test]
fn forms_of_other_places_are_read() {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/recognize/tests/foreign"
    ));
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of foreign forms")
        .map(|e| e.expect("a folder entry").path())
        .collect();
    paths.sort();
    assert!(paths.len() > 10);
    let defs = national();
    let mut wrong = Vec::new();
    for path in paths {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = std::fs::read_to_string(&path).expect("a readable case");
        let (table, expected) = text.split_once("```expect\n").expect("what is expected");
        let documents = read(&Package {
            files: vec![SourceFile {
                name: name.clone(),
                bytes: table.as_bytes().to_vec(),
            }],
        });
        let filing = forms(&documents, &defs);
        let mut number = 0;
        for line in expected.lines().take_while(|l| !l.starts_with("```")) {
            let Some((key, value)) = line.split_once(" =") else {
                number += 1;
                let kind = filing.forms.get(number - 1).map(Form::kind);
                if kind != Some(line) {
                    wrong.push(format!("{name}: form {number} is {kind:?}, not {line}"));
                }
                continue;
            };
            let Some(form) = filing.forms.get(number.wrapping_sub(1)) else {
                continue;
            };
            let (got, value) = (printed(&filing, form, key), value.trim());
            if got != value {
                let why: Vec<&str> = match key {
                    "unrecognised" => filing.unrecognised.iter().map(|u| &*u.why).collect(),
                    _ => Vec::new(),
                };
                wrong.push(format!(
                    "{name} {number}: {key} is {got}, not {value} {why:?}"
                ));
            }
        }
        if filing.forms.len() != number {
            wrong.push(format!(
                "{name}: {} forms, not {number}",
                filing.forms.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
