//! A zip on the disk comes in; its directory, and the bytes of one entry at a time, go out.
//!
//! A bundle of a city's files is larger than memory should be; [`crate::Zip`] is for what is in memory.

use crate::Budget;
use crate::zip::{
    CENTRAL, END, Entry, Inflater, LOCAL, ZIP64_END, ZIP64_LOCATOR, ZipError, central_entry,
    find_end, u16_at, u32_at, u64_at, unfold, whole_entries,
};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Mutex;

/// Bytes at the end in which the end record stands, with the longest comment and the record of large zips.
const TAIL: u64 = 22 + 65_535 + 20 + 56;
/// Bytes from the start that are looked through to say where a cut-off zip ends.
const HEAD: u64 = 64 << 20;

/// A zip on the disk.
#[derive(Debug)]
pub struct ZipFile {
    file: Mutex<File>,
    len: u64,
    entries: Vec<Entry<'static>>,
    budget: Budget,
}

impl ZipFile {
    /// Reads the central directory.
    ///
    /// # Errors
    /// Outside: when the disk refuses. Inside: when the file is no zip, is cut off, or holds more
    /// entries than the budget allows.
    pub fn open(path: &Path, budget: &Budget) -> io::Result<Result<ZipFile, ZipError>> {
        let mut file = File::open(path)?;
        let len = file.metadata()?.len();
        let head = at(&mut file, 0, len.min(4))?;
        if !matches!(u32_at(&head, 0), Some(LOCAL | END)) {
            return Ok(Err(ZipError::NotZip));
        }
        let directory = match directory(&mut file, len)? {
            Some(directory) => directory,
            None => return Ok(Err(truncated(&mut file, len)?)),
        };
        if directory.count > budget.parts {
            return Ok(Err(ZipError::OverBudget));
        }
        let bytes = at(&mut file, directory.start, directory.size)?;
        let mut entries = Vec::with_capacity(directory.count.min(bytes.len() / 46));
        let mut next = 0;
        for _ in 0..directory.count {
            let Some((entry, after)) = central_entry(&bytes, next, directory.shift) else {
                return Ok(Err(truncated(&mut file, len)?));
            };
            let name = Cow::Owned(entry.name.into_owned());
            entries.push(Entry { name, ..entry });
            next = after;
        }
        Ok(Ok(ZipFile {
            file: Mutex::new(file),
            len,
            entries,
            budget: *budget,
        }))
    }

    /// Entries in the order of the directory.
    pub fn entries(&self) -> &[Entry<'static>] {
        &self.entries
    }

    /// The inflated bytes of the entry of a number, from 0.
    ///
    /// # Errors
    /// When it is encrypted, corrupt, compressed otherwise, over the budget, or the disk refuses.
    pub fn read(&self, number: usize, inflater: &mut Inflater) -> Result<Vec<u8>, ZipError> {
        let entry = self.entries.get(number).ok_or(ZipError::Corrupt)?;
        if entry.is_encrypted() {
            return Err(ZipError::Encrypted);
        }
        // Before anything is allocated for it.
        let largest = entry.size.max(entry.compressed);
        if entry.compressed as u64 > self.len || largest > self.budget.part_bytes {
            return Err(ZipError::OverBudget);
        }
        let raw = self.raw(entry).map_err(|_| ZipError::Corrupt)?;
        Ok(unfold(entry, &raw, &self.budget, inflater)?.into_owned())
    }

    fn raw(&self, entry: &Entry<'_>) -> io::Result<Vec<u8>> {
        let broken = || io::Error::from(io::ErrorKind::InvalidData);
        let mut file = self.file.lock().map_err(|_| broken())?;
        let header = at(&mut file, entry.offset as u64, 30)?;
        let name = u16_at(&header, 26).ok_or_else(broken)?;
        let extra = u16_at(&header, 28).ok_or_else(broken)?;
        if u32_at(&header, 0) != Some(LOCAL) {
            return Err(broken());
        }
        let start = entry.offset as u64 + 30 + u64::from(name) + u64::from(extra);
        at(&mut file, start, entry.compressed as u64)
    }
}

/// Where the directory lies.
struct Directory {
    count: usize,
    start: u64,
    size: u64,
    /// How far the zip is shifted in the file (self-extractors).
    shift: usize,
}

fn directory(file: &mut File, len: u64) -> io::Result<Option<Directory>> {
    let from = len.saturating_sub(TAIL);
    let tail = at(file, from, len - from)?;
    let Some(found) = find_end(&tail).and_then(|end| {
        Some((
            end,
            u16_at(&tail, end + 10)?,
            u32_at(&tail, end + 12)?,
            u32_at(&tail, end + 16)?,
        ))
    }) else {
        return Ok(None);
    };
    let (end, count, size, offset) = found;
    let (mut count, mut size, mut offset) = (u64::from(count), u64::from(size), u64::from(offset));
    let mut directory_end = from + end as u64;
    let large = count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff;
    let locator = end.checked_sub(20).filter(|_| large);
    if let Some(locator) = locator.filter(|l| u32_at(&tail, *l) == Some(ZIP64_LOCATOR)) {
        let place = u64_at(&tail, locator + 8).filter(|p| p.saturating_add(56) <= len);
        let Some(place) = place else { return Ok(None) };
        let record = at(file, place, 56)?;
        let fields = (
            u64_at(&record, 32),
            u64_at(&record, 40),
            u64_at(&record, 48),
        );
        let (Some(ZIP64_END), (Some(a), Some(b), Some(c))) = (u32_at(&record, 0), fields) else {
            return Ok(None);
        };
        (count, size, offset) = (a, b, c);
        directory_end = place;
    }
    let Some(start) = directory_end.checked_sub(size) else {
        return Ok(None);
    };
    let mut found = Directory {
        count: usize::try_from(count).unwrap_or(usize::MAX),
        start,
        size,
        shift: usize::try_from(start.saturating_sub(offset)).unwrap_or(usize::MAX),
    };
    let begins = |file: &mut File, start: u64| -> io::Result<bool> {
        Ok(start.saturating_add(4) <= len && u32_at(&at(file, start, 4)?, 0) == Some(CENTRAL))
    };
    if count > 0 && !begins(file, start)? {
        // Some writers put bytes between directory and end record: trust the printed offset instead.
        if offset > directory_end || !begins(file, offset)? {
            return Ok(None);
        }
        (found.start, found.size, found.shift) = (offset, directory_end - offset, 0);
    }
    Ok(Some(found))
}

/// The sentence-giving error for a zip without its end.
fn truncated(file: &mut File, len: u64) -> io::Result<ZipError> {
    Ok(ZipError::Truncated {
        files: whole_entries(&at(file, 0, len.min(HEAD))?),
    })
}

/// Bytes at a place of the file.
fn at(file: &mut File, start: u64, len: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    let read = file.take(len).read_to_end(&mut bytes)?;
    match read as u64 == len {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
