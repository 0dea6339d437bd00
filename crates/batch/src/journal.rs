//! Records of finished packages come in; an append-only file that survives an interruption, and the records again, go out.
//!
//! One line a record: a check sum, a blank, JSON. A line is written at once; one that was cut off by a
//! power failure ends the journal there. The first line says under which conditions the records hold.

use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// The journal's name in the folder of results.
pub const NAME: &str = "journal.jsonl";

/// The records of finished packages.
#[derive(Debug)]
pub struct Journal {
    file: File,
    end: u64,
    places: HashMap<String, Line>,
    /// What was in the journal when it was opened and still held.
    pub kept: usize,
}

/// Where the record of a package lies.
#[derive(Clone, Copy, Debug)]
struct Line {
    fingerprint: u64,
    start: u64,
    len: u32,
}

/// What of a record is needed to find it again.
#[derive(serde::Deserialize)]
struct Key {
    path: String,
    fingerprint: u64,
}

/// Why there is no journal.
#[derive(Debug)]
pub enum Trouble {
    /// Another run writes into the same folder.
    Taken,
    /// The disk refused.
    Disk(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        Trouble::Disk(error)
    }
}

impl Journal {
    /// Opens the journal of a folder. With `resume` it goes on where it ended, if the conditions are the same.
    pub fn open(folder: &Path, conditions: &str, resume: bool) -> Result<Journal, Trouble> {
        let path = folder.join(NAME);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(Trouble::Taken),
            // A disk without locks is used without.
            Err(std::fs::TryLockError::Error(_)) => {}
        }
        let mut journal = match resume {
            true => Journal::read(&mut file, conditions)?,
            false => None,
        };
        let journal = match journal.take() {
            Some((places, end)) => Journal {
                kept: places.len(),
                file,
                end,
                places,
            },
            None => Journal {
                file,
                end: 0,
                places: HashMap::new(),
                kept: 0,
            },
        };
        journal.begin(conditions)
    }

    /// Cuts off what does not hold, and writes the conditions when nothing is left.
    fn begin(mut self, conditions: &str) -> Result<Journal, Trouble> {
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::Start(self.end))?;
        if self.end == 0 {
            self.write(conditions)?;
        }
        Ok(self)
    }

    fn read(file: &mut File, conditions: &str) -> io::Result<Option<(HashMap<String, Line>, u64)>> {
        let mut lines = BufReader::new(file);
        let mut line = Vec::new();
        let mut places = HashMap::new();
        let mut end = 0;
        loop {
            line.clear();
            let read = lines.read_until(b'\n', &mut line)? as u64;
            let Some(text) = whole(&line) else { break };
            if end == 0 {
                if text != conditions {
                    return Ok(None);
                }
            } else {
                let Ok(key) = serde_json::from_str::<Key>(text) else {
                    break;
                };
                let place = Line {
                    fingerprint: key.fingerprint,
                    start: end,
                    len: read as u32,
                };
                places.insert(key.path, place);
            }
            end += read;
        }
        Ok((end > 0).then_some((places, end)))
    }

    /// Whether a package with this fingerprint is finished.
    pub fn holds(&self, path: &str, fingerprint: u64) -> bool {
        self.places
            .get(path)
            .is_some_and(|line| line.fingerprint == fingerprint)
    }

    /// Writes down a finished package.
    pub fn add(&mut self, path: &str, fingerprint: u64, json: &str) -> io::Result<()> {
        let start = self.end;
        self.write(json)?;
        let len = (self.end - start) as u32;
        let line = Line {
            fingerprint,
            start,
            len,
        };
        self.places.insert(path.into(), line);
        Ok(())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        let line = format!("{:016x} {text}\n", sum(text));
        self.file.write_all(line.as_bytes())?;
        self.end += line.len() as u64;
        Ok(())
    }

    /// The record of a package, or what of it is asked for.
    pub fn record<T: DeserializeOwned>(&mut self, path: &str) -> io::Result<Option<T>> {
        let Some(line) = self.places.get(path).copied() else {
            return Ok(None);
        };
        self.file.seek(SeekFrom::Start(line.start))?;
        let mut bytes = vec![0; line.len as usize];
        self.file.read_exact(&mut bytes)?;
        self.file.seek(SeekFrom::Start(self.end))?;
        Ok(whole(&bytes).and_then(|text| serde_json::from_str(text).ok()))
    }
}

/// The text of a line that is whole.
fn whole(line: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (printed, text) = text.split_once(' ')?;
    (u64::from_str_radix(printed, 16).ok()? == sum(text)).then_some(text)
}

fn sum(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let path =
            std::env::temp_dir().join(format!("jiheng-journal-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("made");
        path
    }

    fn json(path: &str, fingerprint: u64) -> String {
        format!("{{\"path\":\"{path}\",\"fingerprint\":{fingerprint}}}")
    }

    #[test]
    fn a_line_that_was_cut_off_is_written_again_and_the_others_are_kept() {
        let folder = folder("cut");
        let mut journal = Journal::open(&folder, "{}", false).expect("opened");
        journal.add("a", 1, &json("a", 1)).expect("written");
        journal.add("b", 2, &json("b", 2)).expect("written");
        drop(journal);
        let path = folder.join(NAME);
        let bytes = std::fs::read(&path).expect("read");
        std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("written");
        let mut journal = Journal::open(&folder, "{}", true).expect("opened");
        assert_eq!(journal.kept, 1);
        assert!(journal.holds("a", 1) && !journal.holds("b", 2) && !journal.holds("a", 3));
        journal.add("b", 2, &json("b", 2)).expect("written");
        drop(journal);
        assert_eq!(std::fs::read(&path).expect("read"), bytes);
    }

    #[test]
    fn other_conditions_begin_anew_and_two_runs_do_not_share_a_folder() {
        let folder = folder("other");
        let mut journal = Journal::open(&folder, "{\"version\":1}", false).expect("opened");
        journal.add("a", 1, &json("a", 1)).expect("written");
        assert!(matches!(
            Journal::open(&folder, "{\"version\":1}", true),
            Err(Trouble::Taken)
        ));
        drop(journal);
        let journal = Journal::open(&folder, "{\"version\":2}", true).expect("opened");
        assert_eq!(journal.kept, 0);
    }
}
