//! A file with the units that should have filed comes in; which of them have no package goes out.
//!
//! Names are compared without white space and brackets' width. "市水利局" on the list is
//! "青渚市水利局" in the material, when no other name on the list ends like it; so is "市水利局(本级)",
//! by the ends of names that a rulebook lists (`unit_suffixes`).

use crate::disk;
use jiheng_engine::read;
use jiheng_model::label::normalise;
use jiheng_render::overview::Units;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Shorter names are only compared as a whole.
const SHORTEST: usize = 4;
/// Packages that are not on the list and are named.
const NAMED: usize = 60;

/// The list with what was found of it.
#[derive(Debug)]
pub struct List {
    names: Vec<String>,
    comparable: Vec<String>,
    /// The comparable names without an end such as "本级", and those ends, the longest first.
    stems: Vec<String>,
    suffixes: Vec<String>,
    seen: Vec<bool>,
    extra: Vec<String>,
    extra_count: usize,
}

impl List {
    /// Reads the list: a text file with a name a line, a table with a column of units, in any format that is read.
    ///
    /// # Errors
    /// One Chinese sentence when there is no name in it.
    pub fn read(path: &Path, suffixes: &[String]) -> Result<List, String> {
        let names = names(path)?;
        let mut suffixes: Vec<String> = suffixes.iter().map(|s| normalise(s)).collect();
        suffixes.sort_by_key(|s| std::cmp::Reverse(s.len()));
        suffixes.dedup();
        let comparable: Vec<String> = names.iter().map(|n| normalise(n)).collect();
        let stems = comparable.iter().map(|n| stem(n, &suffixes).to_string());
        Ok(List {
            stems: stems.collect(),
            suffixes,
            seen: vec![false; names.len()],
            extra: Vec::new(),
            extra_count: 0,
            comparable,
            names,
        })
    }

    /// Marks the unit of a package: by the name in it, else by its path.
    pub fn found(&mut self, unit: Option<&str>, path: &str) {
        let place = unit
            .and_then(|u| self.place(&normalise(u)))
            .or_else(|| self.within(&normalise(path)));
        if let Some(seen) = place.and_then(|p| self.seen.get_mut(p)) {
            *seen = true;
            return;
        }
        self.extra_count += 1;
        if self.extra.len() < NAMED {
            self.extra.push(unit.unwrap_or(path).to_string());
        }
    }

    /// The name that is this one; or the only one that is it but for an end such as "本级"; or the only
    /// one of which, without such ends, one ends with the other.
    fn place(&self, name: &str) -> Option<usize> {
        if let Some(same) = self.comparable.iter().position(|n| n == name) {
            return Some(same);
        }
        let name = stem(name, &self.suffixes);
        let long = |n: &str| n.chars().count() >= SHORTEST;
        let only = |is: &dyn Fn(&str) -> bool| {
            let mut found = self.stems.iter().enumerate().filter(|(_, n)| is(n));
            match (found.next(), found.next()) {
                (Some((only, _)), None) => Some(only),
                _ => None,
            }
        };
        only(&|n| n == name).or_else(|| {
            only(&|n| long(name) && long(n) && (n.ends_with(name) || name.ends_with(n)))
        })
    }

    /// The longest name that stands in a path.
    fn within(&self, path: &str) -> Option<usize> {
        let inside = self.comparable.iter().enumerate();
        inside
            .filter(|(_, n)| path.contains(n.as_str()))
            .max_by_key(|(_, n)| n.len())
            .map(|(place, _)| place)
    }

    /// What the overview shows.
    pub fn units(self) -> Units {
        let named = self.names.iter().zip(&self.seen);
        Units {
            listed: self.names.len(),
            missing: named
                .filter(|(_, seen)| !**seen)
                .map(|(name, _)| jiheng_render::place::one_line(name))
                .collect(),
            extra: self.extra,
            extra_count: self.extra_count,
        }
    }
}

/// A comparable name without the ends that name a unit's own level or office.
fn stem<'a>(name: &'a str, suffixes: &[String]) -> &'a str {
    let cut = suffixes.iter().find_map(|s| name.strip_suffix(s.as_str()));
    cut.filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// The names of units in a file: a name a line, or a table with a column of units, in any format that is read.
///
/// # Errors
/// One Chinese sentence when there is no name in it.
pub fn names(path: &Path) -> Result<Vec<String>, String> {
    let package = disk::read(&[PathBuf::from(path)])?;
    let mut names = Vec::new();
    for document in read::read(&package) {
        for table in &document.tables {
            let mut rows: Vec<Vec<String>> = vec![Vec::new(); table.rows as usize];
            for cell in &table.cells {
                let row = rows.get_mut(cell.row as usize - 1);
                let text = document
                    .text
                    .get(cell.text.start as usize..cell.text.end as usize);
                if let (Some(row), Some(text)) = (row, text) {
                    row.push(text.to_string());
                }
            }
            column(rows, &mut names);
        }
        let lines = document.paragraphs.iter().filter_map(|p| {
            let text = document
                .text
                .get(p.text.start as usize..p.text.end as usize)?;
            let cells = text.split([',', '\t', '，', ';', '；']);
            Some(cells.map(|c| c.trim_matches('"').to_string()).collect())
        });
        column(lines.collect(), &mut names);
    }
    let mut taken = HashSet::new();
    names.retain(|n| {
        let name = normalise(n);
        !name.is_empty() && taken.insert(name)
    });
    if names.is_empty() {
        return Err(format!(
            "读不了  {} 里没有单位名称。每行写一个单位。",
            path.display()
        ));
    }
    Ok(names)
}

/// The names of a column: the one under a head with 单位 or 部门 in it, else the first.
fn column(mut rows: Vec<Vec<String>>, names: &mut Vec<String>) {
    let is_head = |cell: &String| {
        let cell = normalise(cell);
        ["单位", "部门"].iter().any(|head| {
            cell.strip_prefix(head)
                .is_some_and(|rest| ["", "名称", "名单", "全称"].contains(&rest))
        })
    };
    let head = rows.iter().take(5).enumerate().find_map(|(at, row)| {
        let column = row.iter().position(is_head)?;
        Some((at, column))
    });
    let column = match head {
        Some((at, column)) => {
            rows.drain(..=at);
            column
        }
        None => 0,
    };
    names.extend(
        rows.into_iter()
            .filter_map(|row| row.into_iter().nth(column)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> List {
        let path = std::env::temp_dir().join(format!(
            "jiheng-units-{}-{:?}.txt",
            std::process::id(),
            std::thread::current().id()
        ));
        std::fs::write(&path, text).expect("written");
        let list = List::read(&path, &["（本级）".into(), "本级".into()]).expect("read");
        let _ = std::fs::remove_file(path);
        list
    }

    #[test]
    fn names_stand_one_a_line_or_in_a_column_with_a_head() {
        let names = ["市水利局", "市民政局"];
        assert_eq!(list("市水利局\n市民政局\n\n市水利局\n").names, names);
        assert_eq!(
            list("\u{feff}序号,单位名称,联系人\r\n1,市水利局,甲\r\n2,市民政局,乙\r\n").names,
            names
        );
        assert_eq!(list("单位\n市水利局\n市民政局").names, names);
    }

    #[test]
    fn a_unit_is_known_with_and_without_its_place_and_by_its_path() {
        let mut list = list("市水利局\n市民政局\n市水利局河道站\n市教育局\n");
        list.found(Some("青渚市水利局"), "a.docx");
        list.found(None, "材料/市民政局（扫描）.pdf");
        list.found(Some("青渚市财政局"), "b.docx");
        let units = list.units();
        assert_eq!(units.missing, ["市水利局河道站", "市教育局"]);
        assert_eq!(
            (units.extra, units.extra_count),
            (vec!["青渚市财政局".to_string()], 1)
        );
    }

    #[test]
    fn a_unit_is_known_with_and_without_the_name_of_its_level() {
        let mut list = list("市水利局\n市民政局（本级）\n市教育局\n市教育局本级\n");
        list.found(Some("青渚市水利局(本级)"), "a.docx");
        list.found(Some("市民政局"), "b.docx");
        // Both are on the list: each is only itself.
        list.found(Some("市教育局本级"), "c.docx");
        list.found(Some("青渚市教育局"), "d.docx");
        let units = list.units();
        assert_eq!(units.missing, ["市教育局"]);
        assert_eq!(units.extra, ["青渚市教育局"]);
    }
}
