//! Paths come in; the bytes of one package go out, named as the user knows them.

use crate::Refusal;
use crate::output::reason;
use jiheng_engine::read::{Package, SourceFile};
use std::fs;
use std::path::{Path, PathBuf};

/// No single file larger than this is read, in bytes.
const FILE_LIMIT: u64 = 128 << 20;
/// A package larger than this is not read, in bytes.
const PACKAGE_LIMIT: u64 = 512 << 20;
/// Folders deeper than this are not entered.
const DEPTH_LIMIT: usize = 16;
/// Names in a folder that are taken up; pictures and other evidence are not material to check.
const DOCUMENTS: [&str; 15] = [
    "docx", "docm", "doc", "wps", "rtf", "xlsx", "xlsm", "xls", "et", "pdf", "html", "htm", "txt",
    "csv", "zip",
];

/// Reads a file, a folder or several of them as one package.
pub fn read(paths: &[PathBuf]) -> Result<Package, Refusal> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for path in paths {
        let about = fs::metadata(path)
            .map_err(|e| Refusal(format!("读不了  {}：{}。", path.display(), reason(&e))))?;
        if about.is_dir() {
            let before = found.len();
            walk(path, path, 0, &mut found)?;
            if found.len() == before {
                return Err(Refusal(format!(
                    "读不了  {} 里没有 Word、Excel、PDF 或文本文件。",
                    path.display()
                )));
            }
        } else {
            let name = path.file_name().map_or_else(
                || path.display().to_string(),
                |n| n.to_string_lossy().into_owned(),
            );
            found.push((name, path.clone()));
        }
    }
    let mut package = Package::default();
    let mut total = 0;
    for (name, path) in found {
        let size = fs::metadata(&path).map(|m| m.len()).unwrap_or(0);
        total += size;
        if size > FILE_LIMIT || total > PACKAGE_LIMIT {
            return Err(Refusal(format!(
                "读不了  {name} 太大（{} MB）。请只放自评表和报告，不放影像和附件。",
                size >> 20
            )));
        }
        let bytes = fs::read(&path)
            .map_err(|e| Refusal(format!("读不了  {}：{}。", path.display(), reason(&e))))?;
        package.files.push(SourceFile { name, bytes });
    }
    Ok(package)
}

/// Documents under a folder, by name; hidden files and lock files (`~$…`) are skipped.
fn walk(
    root: &Path,
    folder: &Path,
    depth: usize,
    found: &mut Vec<(String, PathBuf)>,
) -> Result<(), Refusal> {
    let entries = fs::read_dir(folder)
        .map_err(|e| Refusal(format!("读不了  {}：{}。", folder.display(), reason(&e))))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name.starts_with('.') || name.starts_with("~$") || name == "__MACOSX" {
            continue;
        }
        if path.is_dir() {
            if depth < DEPTH_LIMIT && !path.is_symlink() {
                walk(root, &path, depth + 1, found)?;
            }
        } else if path
            .extension()
            .is_some_and(|e| DOCUMENTS.contains(&e.to_string_lossy().to_lowercase().as_str()))
        {
            let shown = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            found.push((shown, path));
        }
    }
    Ok(())
}
