//! Runs every Markdown case beside the rulebooks; `UPDATE=1` rewrites the `expect` blocks.

use jiheng_engine::casebook;
use jiheng_engine::rulebook::Shelf;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_case_finds_what_it_expects() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks");
    let shelf = Shelf::embedded();
    let update = std::env::var_os("UPDATE").is_some();
    let mut files = Vec::new();
    case_files(&root, &mut files);
    assert!(!files.is_empty(), "no cases below {}", root.display());
    let mut wrong = Vec::new();
    for path in files {
        let shown = path.strip_prefix(&root).unwrap().display().to_string();
        let id = path
            .parent()
            .and_then(Path::parent)
            .unwrap()
            .strip_prefix(&root)
            .unwrap();
        let id = id
            .components()
            .map(|c| c.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        let rulebook = shelf
            .rulebooks
            .get(&id)
            .unwrap_or_else(|| panic!("{shown}: no rulebook {id}"));
        let text = fs::read_to_string(&path).unwrap();
        let file = match casebook::parse(&text) {
            Ok(file) => file,
            Err(malformed) => {
                wrong.push(format!("{shown}:{}: {}", malformed.line, malformed.why));
                continue;
            }
        };
        let actual: Vec<Vec<String>> = file
            .cases
            .iter()
            .map(|c| casebook::run(&file, c, rulebook))
            .collect();
        for (case, actual) in file.cases.iter().zip(&actual) {
            if &case.expect != actual {
                wrong.push(format!(
                    "{shown} «{}»\n  expected {:#?}\n  found    {:#?}",
                    case.title, case.expect, actual
                ));
            }
        }
        if update {
            fs::write(&path, casebook::rewrite(&text, &file, &actual)).unwrap();
        }
    }
    assert!(update || wrong.is_empty(), "{}", wrong.join("\n"));
}

fn case_files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            case_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "md")
            && path.parent().is_some_and(|p| p.ends_with("cases"))
        {
            into.push(path);
        }
    }
}
