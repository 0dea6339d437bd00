//! The source tree comes in; every breach of a house rule that no compiler checks goes out.

use crate::root;
use std::fs;
use std::path::{Path, PathBuf};

/// Names that say nothing about what a thing is.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helper", "helpers", "misc"];

/// Checks the whole tree and lists every breach.
pub fn tidy() -> Result<(), String> {
    let root = root();
    let mut breaches = Vec::new();
    let mut sources = Vec::new();
    for folder in ["crates", "xtask"] {
        walk(&root.join(folder), &mut sources);
    }
    for path in sources
        .iter()
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
    {
        let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let shown = path
            .strip_prefix(&root)
            .unwrap_or(path)
            .display()
            .to_string();
        if !text.starts_with("//!") {
            breaches.push(format!(
                "{shown}: does not begin with a module sentence (//! what comes in, what goes out)"
            ));
        }
        if path
            .file_stem()
            .is_some_and(|s| EMPTY_NAMES.iter().any(|n| s == *n))
        {
            breaches.push(format!("{shown}: the name says nothing"));
        }
    }
    rules_are_listed(&root, &mut breaches)?;
    named_paths_exist(&root, &mut breaches)?;
    if breaches.is_empty() {
        Ok(())
    } else {
        Err(breaches.join("\n"))
    }
}

/// Every file of check/rules is a module of it, and every rule static stands in the list.
fn rules_are_listed(root: &Path, breaches: &mut Vec<String>) -> Result<(), String> {
    let folder = root.join("crates/engine/src/check");
    let list = fs::read_to_string(folder.join("list.rs")).map_err(|e| e.to_string())?;
    let modules = fs::read_to_string(folder.join("rules/mod.rs")).map_err(|e| e.to_string())?;
    let mut files = Vec::new();
    walk(&folder.join("rules"), &mut files);
    for path in files {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if stem == "mod" {
            continue;
        }
        if !modules.contains(&format!("mod {stem};")) {
            breaches.push(format!(
                "check/rules/{stem}.rs is not a module of check/rules/mod.rs"
            ));
        }
        let text = fs::read_to_string(&path).map_err(|e| e.to_string())?;
        if text.contains("static RULE") && !list.contains(&format!("{stem}::")) {
            breaches.push(format!("check/rules/{stem}.rs is not in check/list.rs"));
        }
    }
    Ok(())
}

/// Paths in backticks in ARCHITECTURE.md and CONTRIBUTING.md exist.
fn named_paths_exist(root: &Path, breaches: &mut Vec<String>) -> Result<(), String> {
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(page)).map_err(|e| format!("{page}: {e}"))?;
        for named in text.split('`').skip(1).step_by(2) {
            let is_path = named.contains('/')
                && named
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
            if is_path && !named.starts_with("../") && !root.join(named).exists() {
                breaches.push(format!("{page} names `{named}`, which does not exist"));
            }
        }
    }
    Ok(())
}

/// All files below a folder, sorted, build output left out.
fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if path.file_name().is_some_and(|n| n != "target") {
                walk(&path, into);
            }
        } else {
            into.push(path);
        }
    }
}
