//! Lists of indicators come in, package by package; for each list the first earlier one of another package that it has too much in common with goes out.
//!
//! Two lists that have most of their entries in common share one of the smallest of them. So only the
//! smallest are indexed, and only lists that share one of these are compared. The lists lie in a file,
//! the index in memory until it grows; then it is divided over files, each small enough to be sorted.

use jiheng_engine::check::across::Thresholds;
use jiheng_model::Decimal;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Folder of the lists inside the folder of results.
const FOLDER: &str = ".across.part";
/// Index entries that are kept in memory.
const IN_MEMORY: usize = 1 << 20;
/// Files over which a larger index is divided.
const PARTS: usize = 64;
/// A list is compared with so many earlier ones that share an entry: what many have is a common form of words.
const EARLIER: usize = 32;
/// Entries that are indexed beyond those that lists of one length must share.
const SPARE: usize = 1;

/// A project's list.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// Number of its package.
    pub package: u32,
    /// Number of the project in the package.
    pub project: u32,
    /// Projects of one name are not compared.
    pub name: u64,
    /// A number for each indicator with its target.
    pub indicators: Vec<u64>,
}

/// The earlier list that a list has too much in common with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copied {
    /// Its package.
    pub package: u32,
    /// Its project.
    pub project: u32,
    /// So many indicators are the same.
    pub same: u32,
}

/// An indexed entry and where its list lies.
type Key = (u64, u64);

/// Lists that are being gathered.
pub struct Lists {
    folder: PathBuf,
    lists: BufWriter<File>,
    end: u64,
    keys: Vec<Key>,
    parts: Vec<BufWriter<File>>,
    thresholds: Vec<Thresholds>,
    room: usize,
}

impl Lists {
    /// Begins in the folder of results.
    pub fn create(out: &Path) -> io::Result<Lists> {
        Lists::with_room(out, IN_MEMORY)
    }

    fn with_room(out: &Path, room: usize) -> io::Result<Lists> {
        let folder = out.join(FOLDER);
        fs::create_dir_all(&folder)?;
        Ok(Lists {
            lists: BufWriter::new(File::create(folder.join("lists"))?),
            end: 0,
            keys: Vec::new(),
            parts: Vec::new(),
            thresholds: Vec::new(),
            folder,
            room,
        })
    }

    /// Takes up a list; packages come in their order.
    pub fn add(&mut self, list: &List, thresholds: &Thresholds) -> io::Result<()> {
        let mut sorted = list.indicators.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if Decimal::from(sorted.len() as u64) < thresholds.rows {
            return Ok(());
        }
        let same = |t: &Thresholds| t.rows == thresholds.rows && t.share == thresholds.share;
        let judged = match self.thresholds.iter().position(same) {
            Some(at) => at,
            None => {
                self.thresholds.push(*thresholds);
                self.thresholds.len() - 1
            }
        };
        for key in sorted.iter().take(indexed(sorted.len(), thresholds)) {
            self.keys.push((*key, self.end));
        }
        let head = [
            list.package,
            list.project,
            judged as u32,
            sorted.len() as u32,
        ];
        for number in head {
            self.lists.write_all(&number.to_le_bytes())?;
        }
        for number in std::iter::once(&list.name).chain(&sorted) {
            self.lists.write_all(&number.to_le_bytes())?;
        }
        self.end += 16 + 8 + 8 * sorted.len() as u64;
        if self.keys.len() >= self.room {
            self.divide()?;
        }
        Ok(())
    }

    /// Moves the index to the disk.
    fn divide(&mut self) -> io::Result<()> {
        for number in self.parts.len()..PARTS {
            let part = File::create(self.folder.join(number.to_string()))?;
            self.parts.push(BufWriter::new(part));
        }
        for (key, at) in self.keys.drain(..) {
            let part = &mut self.parts[key as usize % PARTS];
            part.write_all(&key.to_le_bytes())?;
            part.write_all(&at.to_le_bytes())?;
        }
        Ok(())
    }

    /// For each list that was copied, by package and project, the first that it was copied from.
    pub fn compare(mut self) -> io::Result<HashMap<(u32, u32), Copied>> {
        self.lists.flush()?;
        let mut found = HashMap::new();
        let mut lists = BufReader::new(File::open(self.folder.join("lists"))?);
        if self.parts.is_empty() {
            let keys = std::mem::take(&mut self.keys);
            group(keys, &mut lists, &self.thresholds, &mut found)?;
        } else {
            self.divide()?;
            for (number, part) in self.parts.iter_mut().enumerate() {
                part.flush()?;
                let bytes = fs::read(self.folder.join(number.to_string()))?;
                let word = |b: &[u8]| b.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b));
                let keys = bytes.chunks_exact(16);
                let keys = keys.map(|b| (word(&b[..8]), word(&b[8..]))).collect();
                group(keys, &mut lists, &self.thresholds, &mut found)?;
            }
        }
        drop(lists);
        fs::remove_dir_all(&self.folder)?;
        Ok(found)
    }
}

/// How many of a list's smallest entries another of its length must share one of, when it is copied; and some to spare.
fn indexed(length: usize, thresholds: &Thresholds) -> usize {
    let whole = Decimal::from(length as u64);
    let needed = whole.checked_mul(thresholds.share).unwrap_or(whole).ceil();
    let needed = usize::try_from(needed).unwrap_or(length).min(length);
    length - needed + 1 + SPARE
}

/// Compares lists that share an entry.
fn group(
    mut keys: Vec<Key>,
    lists: &mut BufReader<File>,
    thresholds: &[Thresholds],
    found: &mut HashMap<(u32, u32), Copied>,
) -> io::Result<()> {
    keys.sort_unstable();
    for group in keys.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
        let mut earlier: Vec<List> = Vec::new();
        for (_, at) in group {
            let (list, judged) = read(lists, *at)?;
            let place = (list.package, list.project);
            for other in &earlier {
                if other.package == list.package || other.name == list.name {
                    continue;
                }
                let copied = |t: &Thresholds| t.copied(&list.indicators, &other.indicators);
                let Some(same) = thresholds.get(judged).and_then(copied) else {
                    continue;
                };
                let copied = Copied {
                    package: other.package,
                    project: other.project,
                    same: same as u32,
                };
                let first = found.entry(place).or_insert(copied);
                *first = copied.min(*first);
                break;
            }
            if earlier.len() < EARLIER {
                earlier.push(list);
            }
        }
    }
    Ok(())
}

fn read(lists: &mut BufReader<File>, at: u64) -> io::Result<(List, usize)> {
    lists.seek(SeekFrom::Start(at))?;
    let mut small = || {
        let mut bytes = [0; 4];
        lists.read_exact(&mut bytes)?;
        io::Result::Ok(u32::from_le_bytes(bytes))
    };
    let (package, project, judged, length) = (small()?, small()?, small()?, small()?);
    let mut large = || {
        let mut bytes = [0; 8];
        lists.read_exact(&mut bytes)?;
        io::Result::Ok(u64::from_le_bytes(bytes))
    };
    let list = List {
        package,
        project,
        name: large()?,
        indicators: (0..length).map(|_| large()).collect::<io::Result<_>>()?,
    };
    Ok((list, judged as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(name: &str, lists: &[List], room: usize) -> Vec<((u32, u32), Copied)> {
        let out = std::env::temp_dir().join(format!("jiheng-lists-{}-{name}", std::process::id()));
        let thresholds = Thresholds {
            rows: 4.into(),
            share: Decimal::new(8, 1),
        };
        let mut gathered = Lists::with_room(&out, room).expect("made");
        for list in lists {
            gathered.add(list, &thresholds).expect("written");
        }
        let found = gathered.compare().expect("compared");
        assert!(!out.join(FOLDER).exists());
        let _ = fs::remove_dir_all(out);
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable();
        found
    }

    fn list(package: u32, name: u64, indicators: impl IntoIterator<Item = u64>) -> List {
        let scatter = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        List {
            package,
            project: 0,
            name,
            indicators: indicators.into_iter().map(scatter).collect(),
        }
    }

    #[test]
    fn a_list_is_held_against_the_earlier_ones_of_other_packages() {
        let lists = [
            list(0, 1, 0..11),
            // Nine of eleven are the same.
            list(1, 2, 2..13),
            // Eight are not enough.
            list(2, 3, [3, 4, 5, 6, 7, 8, 9, 10, 100, 101, 102]),
            // Another package's project of the same name is the same project.
            list(3, 1, 0..11),
            // Its own package is none of its affair.
            List {
                project: 1,
                ..list(3, 4, 0..11)
            },
            list(4, 5, 200..203),
            list(5, 6, 200..203),
        ];
        let copied = |package, same| Copied {
            package,
            project: 0,
            same,
        };
        let expected = [
            ((1, 0), copied(0, 9)),
            ((3, 0), copied(1, 9)),
            ((3, 1), copied(0, 11)),
        ];
        assert_eq!(compared("few", &lists, 1 << 10), expected);
        // The same by way of the disk.
        assert_eq!(compared("parts", &lists, 4), expected);
    }

    #[test]
    fn a_common_form_of_words_is_no_copy() {
        let lists: Vec<List> = (0..2000)
            .map(|n| {
                list(
                    n,
                    u64::from(n),
                    (0..3).chain(u64::from(n) * 100 + 10..u64::from(n) * 100 + 18),
                )
            })
            .collect();
        assert_eq!(compared("common", &lists, 1 << 20), []);
    }
}
