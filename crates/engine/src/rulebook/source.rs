//! A folder on disk or the folders embedded into the binary come in; the texts of each rulebook go out.

use super::problem::{Problem, Spot};
use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../rulebooks"]
struct Embedded;

/// One file of a rulebook.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path below the shelf ("cn/mof/2020/rules/arithmetic.toml").
    pub path: String,
    /// Its text.
    pub text: Cow<'static, str>,
}

/// The files of one rulebook: its folder without the folders of rulebooks below it.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder's path below the shelf, which is the rulebook's id.
    pub id: String,
    /// Its TOML files by path.
    pub sources: Vec<Source>,
}

/// A range of one file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// Path of the file.
    pub path: String,
    /// Bytes of its text.
    pub span: Range<usize>,
}

impl Source {
    /// The line and column of a range of this file, as a person counts, with the line itself.
    pub fn spot(&self, span: &Range<usize>) -> Spot {
        let start = floor_boundary(&self.text, span.start);
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let line_end = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |i| start + i);
        Spot {
            file: self.path.clone(),
            line: before.matches('\n').count() as u32 + 1,
            col: self.text[line_start..start].chars().count() as u32 + 1,
            excerpt: self.text[line_start..line_end]
                .trim_end()
                .chars()
                .take(160)
                .collect(),
        }
    }
}

impl Folder {
    /// The form files, which have a loader of their own.
    pub fn form_sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|s| self.is_form(s))
    }

    /// All other files.
    pub fn other_sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|s| !self.is_form(s))
    }

    fn is_form(&self, source: &Source) -> bool {
        let below = source.path.strip_prefix(self.id.as_str());
        below.is_some_and(|b| b.trim_start_matches('/').starts_with("forms/"))
    }
}

/// The rulebooks that are part of the program.
pub fn embedded() -> Vec<Folder> {
    folders(embedded_files(".toml"))
}

/// The embedded files whose names end like this.
pub fn embedded_files(ending: &str) -> Vec<Source> {
    Embedded::iter()
        .filter(|path| path.ends_with(ending))
        .filter_map(|path| {
            let text = match Embedded::get(&path)?.data {
                Cow::Borrowed(bytes) => Cow::Borrowed(std::str::from_utf8(bytes).ok()?),
                Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).ok()?),
            };
            Some(Source {
                path: path.into_owned(),
                text,
            })
        })
        .collect()
}

/// Folders deeper than this below a shelf are not entered.
const DEPTH: usize = 8;
/// A shelf has no more files than this; a whole disk is no shelf.
const FILES: usize = 4000;

/// The rulebooks in a folder of the disk: the folder may be a shelf or one rulebook.
///
/// What cannot be read is a problem, never a failure.
pub fn from_disk(root: &Path, problems: &mut Vec<Problem>) -> Vec<Folder> {
    let mut sources = Vec::new();
    let mut open = vec![(root.to_path_buf(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                let spot = Spot {
                    file: folder.display().to_string(),
                    ..Spot::default()
                };
                problems.push(Problem::new("K101", format!("打不开文件夹：{error}"), spot));
                continue;
            }
        };
        for path in entries.flatten().map(|e| e.path()) {
            if path.is_dir() {
                if depth < DEPTH && !path.is_symlink() {
                    open.push((path, depth + 1));
                }
            } else if sources.len() >= FILES {
                let spot = Spot {
                    file: root.display().to_string(),
                    ..Spot::default()
                };
                let message = format!("这个文件夹里有 {FILES} 个以上的 TOML 文件，不像规程包");
                problems.push(Problem::new("K101", message, spot));
                return Vec::new();
            } else if path.extension().is_some_and(|e| e == "toml") {
                let below = path.strip_prefix(root).unwrap_or(&path);
                let name = below
                    .components()
                    .map(|c| c.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/");
                match std::fs::read_to_string(&path) {
                    Ok(text) => sources.push(Source {
                        path: name,
                        text: Cow::Owned(text),
                    }),
                    Err(error) => {
                        let spot = Spot {
                            file: name,
                            ..Spot::default()
                        };
                        problems.push(Problem::new(
                            "K101",
                            format!("读不了这个文件：{error}。请存成 UTF-8 文本"),
                            spot,
                        ));
                    }
                }
            }
        }
    }
    folders(sources)
}

/// Sorts files into folders: a rulebook is a folder with a `rulebook.toml`.
pub fn folders(mut sources: Vec<Source>) -> Vec<Folder> {
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let mut folders: Vec<Folder> = sources
        .iter()
        .filter_map(|s| s.path.strip_suffix("rulebook.toml"))
        .filter(|prefix| prefix.is_empty() || prefix.ends_with('/'))
        .map(|prefix| Folder {
            id: prefix.trim_end_matches('/').to_string(),
            sources: Vec::new(),
        })
        .collect();
    for source in sources {
        let owner = folders
            .iter_mut()
            .filter(|f| {
                f.id.is_empty()
                    || source
                        .path
                        .strip_prefix(f.id.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
            })
            .max_by_key(|f| f.id.len());
        if let Some(folder) = owner {
            folder.sources.push(source);
        }
    }
    folders
}

/// The greatest character boundary at or below `index`.
fn floor_boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &'static str) -> Source {
        Source {
            path: path.into(),
            text: Cow::Borrowed(text),
        }
    }

    #[test]
    fn a_file_belongs_to_the_innermost_rulebook() {
        let all = folders(vec![
            source("cn/a/rulebook.toml", ""),
            source("cn/a/2023/rulebook.toml", ""),
            source("cn/a/2023/rules/x.toml", ""),
            source("cn/a/rules/y.toml", ""),
            source("cn/ab/z.toml", ""),
        ]);
        let names = |i: usize| {
            all[i]
                .sources
                .iter()
                .map(|s| s.path.as_str())
                .collect::<Vec<_>>()
        };
        let outer = all.iter().position(|f| f.id == "cn/a").unwrap();
        assert_eq!(names(outer), ["cn/a/rulebook.toml", "cn/a/rules/y.toml"]);
        assert_eq!(
            names(1 - outer),
            ["cn/a/2023/rulebook.toml", "cn/a/2023/rules/x.toml"]
        );
    }

    #[test]
    fn spots_count_characters_and_survive_any_range() {
        let s = source("f", "一\n二三 = \"四\"\n");
        let spot = s.spot(&(7..8));
        assert_eq!(
            (spot.line, spot.col, spot.excerpt.as_str()),
            (2, 2, "二三 = \"四\"")
        );
        assert_eq!(s.spot(&(900..901)).line, 3);
        assert_eq!(s.spot(&(1..2)).col, 1);
    }
}
