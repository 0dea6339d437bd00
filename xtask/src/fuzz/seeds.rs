//! The name of a door comes in; the files of the corpus and the repository that its inputs grow from are laid into a folder.

use crate::root;
use jiheng_office::{Budget, Inflater, Zip};
use std::fs;
use std::path::{Path, PathBuf};

/// Larger seeds make slow runs.
const LARGEST: u64 = 256 << 10;
/// Seeds of one door.
const MOST: usize = 200;

/// Fills a door's folder of seeds from the corpus beside the repository, the samples and the rulebooks.
pub fn fill(folder: &Path, door: &str, endings: &[&str]) -> Result<(), String> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = Vec::new();
    let near = root();
    for place in [
        "../shared/corpus",
        "samples",
        "rulebooks",
        "crates/engine/tests",
    ] {
        gather(&near.join(place), endings, &mut files);
    }
    let step = files.len().div_ceil(MOST).max(1);
    for (at, file) in files.iter().step_by(step).enumerate() {
        let Ok(bytes) = fs::read(file) else { continue };
        for (part, seed) in seeds(door, &bytes).into_iter().enumerate() {
            if seed.len() as u64 <= LARGEST {
                let path = folder.join(format!("{at:03}-{part}"));
                fs::write(&path, seed).map_err(|e| format!("{}: {e}", path.display()))?;
            }
        }
    }
    Ok(())
}

fn gather(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if path.is_dir() {
            gather(&path, endings, files);
        } else if ending.is_some_and(|e| endings.contains(&e.as_str())) {
            files.push(path);
        }
    }
}

/// What a door takes of a file: the file, its main part, or the expressions in it.
fn seeds(door: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let parts: &[&str] = match door {
        "docx" => &["word/document.xml"],
        "xlsx" => &["xl/worksheets/sheet1.xml", "xl/styles.xml"],
        "xml" => &["word/styles.xml", "[Content_Types].xml", "xl/workbook.xml"],
        "expression" => {
            let text = String::from_utf8_lossy(bytes);
            let lines = text.lines().filter_map(|l| {
                let value = l.strip_prefix("require = ").or(l.strip_prefix("when = "))?;
                Some(value.trim_matches('"').as_bytes().to_vec())
            });
            return lines.collect();
        }
        _ => return vec![bytes.to_vec()],
    };
    let budget = Budget::default();
    let Ok(zip) = Zip::open(bytes, &budget) else {
        return Vec::new();
    };
    let mut inflater = Inflater::new(&budget);
    let found = parts.iter().filter_map(|p| zip.find(p));
    found
        .filter_map(|e| zip.inflate(e, &mut inflater).ok())
        .map(|b| b.into_owned())
        .collect()
}
