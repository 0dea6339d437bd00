//! The indicators of ../shared come in; a table of the printed kind (二级指标) against the judged kind goes out.

use crate::shared;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::{Rulebook, Shelf};
use jiheng_engine::words::{Kind, Words};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Folders of the corpus whose forms carry a 二级指标.
const FOLDERS: [&str; 3] = ["consistent", "layouts", "seed"];

/// An indicator counted once: printed kind, name, judged kind, whether the judgement is sure.
type Counted = BTreeSet<(Kind, String, Option<Kind>, bool)>;

/// Prints one table per folder: rows are the printed kinds, columns the judged ones.
pub fn words(args: &[&str]) -> Result<(), String> {
    let Some(shared) = shared() else {
        return Ok(());
    };
    let examples = args.contains(&"--examples");
    let shelf = Shelf::embedded();
    for folder in FOLDERS {
        let mut counted = Counted::new();
        for file in files(&shared.join("corpus").join(folder))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let package = Package {
                files: vec![SourceFile {
                    name: name.into_owned(),
                    bytes: fs::read(&file).map_err(|e| e.to_string())?,
                }],
            };
            let evaluation = jiheng_engine::evaluate(&package, shelf, None).map_err(|u| u.id)?;
            count(&evaluation.filing, &evaluation.rulebook, &mut counted);
        }
        print(folder, &counted, examples);
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e != "json" && e != "md"));
    files.sort();
    Ok(files)
}

fn count(filing: &jiheng_model::Filing, rulebook: &Rulebook, counted: &mut Counted) {
    let words = Words::of(filing);
    let policy = jiheng_engine::score::policy::Policy::of(rulebook);
    for (index, form) in filing.forms.iter().enumerate() {
        let judged = words.form(index, form, rulebook);
        for (row, judged) in form.indicators().zip(judged) {
            let level = row.criterion().and_then(|c| policy.criterion(&c.text));
            let Some(printed) = level.and_then(Kind::of_criterion) else {
                continue;
            };
            if !row.is_filler() {
                let kind = &judged.kind;
                counted.insert((printed, judged.name.clone(), kind.kind, kind.sure));
            }
        }
    }
}

fn print(folder: &str, counted: &Counted, examples: bool) {
    let mut table: BTreeMap<(Kind, Option<Kind>), usize> = BTreeMap::new();
    let (mut right, mut sure, mut sure_right) = (0, 0, 0);
    for (printed, _, judged, is_sure) in counted {
        *table.entry((*printed, *judged)).or_default() += 1;
        let agrees = *judged == Some(*printed);
        right += usize::from(agrees);
        sure += usize::from(*is_sure);
        sure_right += usize::from(*is_sure && agrees);
    }
    println!(
        "{folder}: {} indicators, {right} as printed; {sure} sure, {sure_right} of them as printed",
        counted.len()
    );
    let columns: Vec<Option<Kind>> = Kind::ALL.into_iter().map(Some).chain([None]).collect();
    let title = |kind: &Option<Kind>| kind.map_or("不知", Kind::chinese);
    let heads: Vec<&str> = columns.iter().map(title).collect();
    println!("| printed \\ judged | {} |", heads.join(" | "));
    println!("|---{}|", "|---:".repeat(columns.len()));
    for row in Kind::ALL {
        let cells = columns.iter().map(|c| table.get(&(row, *c)).unwrap_or(&0));
        let cells: Vec<String> = cells.map(usize::to_string).collect();
        println!("| {} | {} |", row.chinese(), cells.join(" | "));
    }
    if examples {
        for (printed, name, judged, sure) in counted {
            if *judged != Some(*printed) {
                let mark = if *sure { " (sure)" } else { "" };
                println!(
                    "    {} → {}{mark}: {name}",
                    printed.chinese(),
                    title(judged)
                );
            }
        }
    }
}
