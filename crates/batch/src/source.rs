//! A folder or a zip comes in; the packages that lie in it, in a stable order, and the bytes of each go out.
//!
//! Each direct sub-folder and each inner zip is a package, and so is each file that lies directly there.
//! A zip is never unpacked to the disk: names in it are only shown.

use crate::disk::{self, reason};
use jiheng_engine::read::{Package, SourceFile};
use jiheng_office::ZipFile;
use jiheng_office::{Budget, Inflater, ZipError};
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Words before which the common part of the names of one unit's files ends.
const GROUP_MARKS: [&str; 3] = ["附件", "表", "报告"];

/// How files that lie side by side make packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Each file is a package.
    #[default]
    Single,
    /// Files whose names begin alike, up to 附件, 表 or 报告, are one package.
    ByName,
}

/// Where packages lie.
pub struct Source {
    packages: Vec<Found>,
    zip: Option<ZipFile>,
}

/// A package that was found.
pub struct Found {
    /// Its path below the folder or zip, with `/`; no two are the same.
    pub path: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Files(Vec<PathBuf>),
    /// Numbers of entries of the zip, each with its name below the package.
    Entries(Vec<(u32, String)>),
}

impl Source {
    /// Looks for packages; the folder of results is none, wherever it lies.
    ///
    /// # Errors
    /// One Chinese sentence when nothing can be read there.
    pub fn open(path: &Path, grouping: Grouping, out: &Path) -> Result<Source, String> {
        let about = fs::metadata(path).map_err(|e| unreadable(path, &e))?;
        let source = match about.is_dir() {
            true => Source {
                packages: in_folder(path, grouping, out)?,
                zip: None,
            },
            false => in_zip(path, grouping)?,
        };
        match source.packages.is_empty() {
            true => Err(format!(
                "读不了  {} 里没有 Word、Excel、PDF 或文本文件。",
                path.display()
            )),
            false => Ok(source),
        }
    }

    /// The packages in their order.
    pub fn packages(&self) -> &[Found] {
        &self.packages
    }

    /// The bytes of a package.
    ///
    /// # Errors
    /// One Chinese sentence when the disk refuses or the package is too large.
    pub fn load(&self, found: &Found) -> Result<Package, String> {
        match &found.place {
            Place::Folder(path) => disk::read(std::slice::from_ref(path)),
            Place::Files(paths) => disk::read(paths),
            Place::Entries(entries) => self.inflate(entries),
        }
    }

    /// What explains findings of a package, when it has such a file of its own.
    pub fn explanations(&self, found: &Found) -> Option<PathBuf> {
        let Place::Folder(path) = &found.place else {
            return None;
        };
        Some(path.join("jiheng.toml")).filter(|p| p.is_file())
    }

    fn inflate(&self, entries: &[(u32, String)]) -> Result<Package, String> {
        let mut package = Package::default();
        let Some(zip) = &self.zip else {
            return Ok(package);
        };
        let mut inflater = Inflater::new(&budget());
        for (number, name) in entries {
            let bytes = match zip.read(*number as usize, &mut inflater) {
                Ok(bytes) => bytes,
                // One broken file among others: reading says that it is none, and the others are checked.
                Err(ZipError::Corrupt) if entries.len() > 1 => vec![0],
                Err(error) => return Err(format!("读不了  {name} {}", why(error))),
            };
            package.files.push(SourceFile {
                name: name.clone(),
                bytes,
            });
        }
        Ok(package)
    }
}

/// Why a file of a zip is not read; follows its name.
fn why(error: ZipError) -> &'static str {
    match error {
        ZipError::Encrypted => "设了密码。去掉密码，再核对。",
        ZipError::OverBudget => "展开后太大，没有读。请只放自评表和报告，不放影像和附件。",
        _ => "的内容已损坏。请重新压缩，再核对。",
    }
}

/// How much one package of a zip may unfold to.
fn budget() -> Budget {
    Budget {
        part_bytes: disk::FILE_LIMIT as usize,
        total_bytes: disk::PACKAGE_LIMIT as usize,
        ..Budget::default()
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("读不了  {}：{}。", path.display(), reason(error))
}

fn in_folder(folder: &Path, grouping: Grouping, out: &Path) -> Result<Vec<Found>, String> {
    let out = out.canonicalize().ok();
    let mut packages = Vec::new();
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
        let entry = entry.map_err(|e| unreadable(folder, &e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if disk::is_clutter(&name) || path.is_symlink() && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            // A folder without any document is no package: one of pictures, of earlier results.
            let results = out.is_some() && path.canonicalize().ok() == out;
            if !results && disk::holds_documents(&path) {
                packages.push(Found {
                    path: name,
                    place: Place::Folder(path),
                });
            }
        } else if disk::is_document(&name) {
            files.push((name, path));
        }
    }
    packages.extend(grouped(files, grouping).into_iter().map(|(path, files)| {
        let place = Place::Files(files);
        Found { path, place }
    }));
    Ok(in_order(packages))
}

fn in_zip(path: &Path, grouping: Grouping) -> Result<Source, String> {
    // A batch may hold many more files than a package may.
    let limits = Budget {
        parts: 4 << 20,
        ..budget()
    };
    let zip = ZipFile::open(path, &limits)
        .map_err(|e| unreadable(path, &e))?
        .map_err(|error| match error {
            ZipError::Truncated { files } => format!(
                "读不了  {} 不完整，读到第 {} 个文件时断了。请重新压缩。",
                path.display(),
                files + 1
            ),
            _ => format!(
                "读不了  {} 不是文件夹，也不是 zip。单个文件用 jiheng evaluate 核对。",
                path.display()
            ),
        })?;
    if zip
        .entries()
        .iter()
        .any(|e| e.name == "[Content_Types].xml")
    {
        return Err(format!(
            "读不了  {} 是一个 Office 文件，不是一批材料。单个文件用 jiheng evaluate 核对。",
            path.display()
        ));
    }
    let mut entries: Vec<(u32, Vec<&str>)> = Vec::new();
    for (number, entry) in zip.entries().iter().enumerate() {
        // Only a name that is shown: what leads out of the zip is left out of it.
        let steps: Vec<&str> = (entry.name.split(['/', '\\']))
            .filter(|s| !s.is_empty() && !matches!(*s, "." | ".."))
            .collect();
        let taken = steps.last().is_some_and(|name| disk::is_document(name))
            && !steps.iter().any(|s| disk::is_clutter(s));
        if !entry.is_folder() && taken {
            entries.push((number as u32, steps));
        }
    }
    // Packing a folder puts one folder around everything; that is no package.
    let wrapped = entries.first().map(|(_, steps)| steps[0]);
    if entries
        .iter()
        .all(|(_, s)| s.len() > 1 && Some(s[0]) == wrapped)
    {
        for (_, steps) in &mut entries {
            steps.remove(0);
        }
    }
    let mut folders: BTreeMap<&str, Vec<(u32, String)>> = BTreeMap::new();
    let mut files = Vec::new();
    for (number, steps) in &entries {
        match steps.as_slice() {
            [name] => files.push((name.to_string(), (*number, name.to_string()))),
            [folder, below @ ..] => folders
                .entry(folder)
                .or_default()
                .push((*number, below.join("/"))),
            [] => {}
        }
    }
    let folders = (folders.into_iter()).map(|(name, list)| (name.to_string(), list));
    let found = folders
        .chain(grouped(files, grouping))
        .map(|(path, mut list)| {
            list.sort_by(|a, b| a.1.cmp(&b.1));
            let place = Place::Entries(list);
            Found { path, place }
        });
    let packages = in_order(found.collect());
    Ok(Source {
        packages,
        zip: Some(zip),
    })
}

/// Files that lie side by side as packages with their names.
fn grouped<T>(mut files: Vec<(String, T)>, grouping: Grouping) -> Vec<(String, Vec<T>)> {
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let mut groups: Vec<(String, Vec<T>)> = Vec::new();
    let mut by_stem: BTreeMap<String, usize> = BTreeMap::new();
    for (name, file) in files {
        let stem = (grouping == Grouping::ByName)
            .then(|| stem(&name))
            .flatten();
        match stem {
            Some(stem) => {
                let at = *by_stem.entry(stem.clone()).or_insert_with(|| {
                    groups.push((stem, Vec::new()));
                    groups.len() - 1
                });
                groups[at].1.push(file);
            }
            None => groups.push((name, vec![file])),
        }
    }
    groups
}

/// The common part of the names of one unit's files: what stands before 附件, 表 or 报告.
fn stem(name: &str) -> Option<String> {
    let bare = name.rsplit_once('.').map_or(name, |(bare, _)| bare);
    let end = GROUP_MARKS
        .iter()
        .filter_map(|mark| bare.find(mark))
        .min()?;
    let stem = bare[..end].trim_matches(|c: char| {
        c.is_whitespace() || c.is_ascii_punctuation() || "—–－·、，（）【】〔〕《》".contains(c)
    });
    (!stem.is_empty()).then(|| stem.to_string())
}

/// Sorted by path; a path that comes again gets a number.
fn in_order(mut packages: Vec<Found>) -> Vec<Found> {
    packages.sort_by(|a, b| a.path.cmp(&b.path));
    let mut taken: HashSet<String> = HashSet::with_capacity(packages.len());
    for found in &mut packages {
        let mut number = 2;
        let bare = found.path.clone();
        while !taken.insert(found.path.clone()) {
            found.path = format!("{bare} ({number})");
            number += 1;
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_group_by_what_stands_before_the_kind_of_paper() {
        assert_eq!(
            stem("青渚市水务局_附件1.xlsx").as_deref(),
            Some("青渚市水务局")
        );
        assert_eq!(
            stem("青渚市水务局 报告（终稿）.docx").as_deref(),
            Some("青渚市水务局")
        );
        assert_eq!(stem("附件1.xlsx"), None);
        assert_eq!(stem("水务局.docx"), None);
    }

    #[test]
    fn a_path_that_comes_again_gets_a_number() {
        let found = |path: &str| Found {
            path: path.into(),
            place: Place::Files(Vec::new()),
        };
        let paths: Vec<String> = in_order(vec![found("b"), found("a"), found("b")])
            .into_iter()
            .map(|f| f.path)
            .collect();
        assert_eq!(paths, ["a", "b", "b (2)"]);
    }
}
