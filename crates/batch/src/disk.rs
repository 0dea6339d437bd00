//! Paths come in; the bytes of one package go out, named as the user knows them.

use jiheng_engine::read::{Package, SourceFile};
use std::fs;
use std::path::{Path, PathBuf};

/// No single file larger than this is read, in bytes.
pub(crate) const FILE_LIMIT: u64 = 128 << 20;
/// A package larger than this is not read, in bytes.
pub(crate) const PACKAGE_LIMIT: u64 = 512 << 20;
/// Folders deeper than this are not entered.
const DEPTH_LIMIT: usize = 16;
/// Names in a folder that are taken up; pictures and other evidence are not material to check.
const DOCUMENTS: &[&str] = &[
    "docx", "docm", "doc", "wps", "rtf", "odt", "xlsx", "xlsm", "xlsb", "xls", "et", "ods", "pdf",
    "html", "htm", "txt", "csv", "zip",
];

/// Reads a file, a folder or several of them as one package.
///
/// # Errors
/// One Chinese sentence when the disk refuses or there is nothing to read.
pub fn read(paths: &[PathBuf]) -> Result<Package, String> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for path in paths {
        let about = fs::metadata(path)
            .map_err(|e| format!("读不了  {}：{}。", path.display(), reason(&e)))?;
        if about.is_dir() {
            let before = found.len();
            walk(path, path, 0, &mut found)?;
            if found.len() == before {
                return Err(format!(
                    "读不了  {} 里没有 Word、Excel、PDF 或文本文件。",
                    path.display()
                ));
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
            return Err(format!(
                "读不了  {name} 太大（{} MB）。请只放自评表和报告，不放影像和附件。",
                size >> 20
            ));
        }
        let bytes =
            fs::read(&path).map_err(|e| format!("读不了  {}：{}。", path.display(), reason(&e)))?;
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
) -> Result<(), String> {
    let entries = fs::read_dir(folder)
        .map_err(|e| format!("读不了  {}：{}。", folder.display(), reason(&e)))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        if is_clutter(&name) {
            continue;
        }
        if path.is_dir() {
            if depth < DEPTH_LIMIT && !path.is_symlink() {
                walk(root, &path, depth + 1, found)?;
            }
        } else if is_document(&name) {
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

/// A name under which material may lie, by its ending.
pub(crate) fn is_document(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, e)| DOCUMENTS.contains(&e.to_lowercase().as_str()))
}

/// What operating systems and editors leave beside files.
pub(crate) fn is_clutter(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || name == "__MACOSX"
}

/// Why the disk refused, in Chinese.
pub fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind::*;
    match error.kind() {
        NotFound => "找不到".into(),
        PermissionDenied => "没有权限".into(),
        StorageFull => "磁盘满了".into(),
        ReadOnlyFilesystem => "磁盘只能读".into(),
        NotADirectory | IsADirectory | AlreadyExists => "那里已有同名的文件或文件夹".into(),
        _ => error.to_string(),
    }
}

/// Whether a document lies somewhere below a folder.
pub(crate) fn holds_documents(folder: &Path) -> bool {
    let mut found = Vec::new();
    // What cannot be entered is a package with a reason, not one that is left out.
    walk(folder, folder, 0, &mut found).is_err() || !found.is_empty()
}
