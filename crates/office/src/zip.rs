//! Bytes of a zip come in; a list of entries and, on demand, their inflated bytes go out.
//!
//! Sizes are taken from the central directory and checked against the budget before anything is
//! allocated. Names are never used as paths.

use crate::budget::Budget;
use libdeflater::{DecompressionError, Decompressor};
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

pub(crate) const END: u32 = 0x0605_4b50;
pub(crate) const CENTRAL: u32 = 0x0201_4b50;
pub(crate) const LOCAL: u32 = 0x0403_4b50;
pub(crate) const ZIP64_END: u32 = 0x0606_4b50;
pub(crate) const ZIP64_LOCATOR: u32 = 0x0706_4b50;

/// Deflate cannot unfold a byte into more than this many.
const DEFLATE_LIMIT: usize = 1040;

/// Why a zip, or one entry of it, could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZipError {
    /// The bytes are no zip.
    NotZip,
    /// The end is missing; `files` whole entries stand before the break.
    Truncated {
        /// Whole entries before the break.
        files: usize,
    },
    /// The entry is encrypted with a password.
    Encrypted,
    /// The entry is compressed in a way that is not read (only stored and deflate are).
    Method(u16),
    /// The entry's bytes contradict its header.
    Corrupt,
    /// A budget ran out.
    OverBudget,
}

impl fmt::Display for ZipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ZipError::NotZip => f.write_str("not a zip"),
            ZipError::Truncated { files } => write!(f, "zip cut off after {files} whole entries"),
            ZipError::Encrypted => f.write_str("encrypted zip entry"),
            ZipError::Method(m) => write!(f, "zip method {m} is not read"),
            ZipError::Corrupt => f.write_str("corrupt zip entry"),
            ZipError::OverBudget => f.write_str("zip entry over budget"),
        }
    }
}

impl std::error::Error for ZipError {}

/// One entry as the central directory describes it.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its name, decoded (UTF-8, or GBK as Chinese Windows writes it). Never a path to write to.
    pub name: Cow<'a, str>,
    /// Inflated size.
    pub size: usize,
    /// Compressed size.
    pub compressed: usize,
    /// CRC-32 of the inflated bytes.
    pub crc: u32,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) offset: usize,
}

/// A zip in memory.
#[derive(Debug)]
pub struct Zip<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry<'a>>,
    budget: Budget,
}

/// Inflates entries, keeping its tables and counting its bytes against one budget.
pub struct Inflater {
    deflate: Decompressor,
    left: usize,
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater")
            .field("left", &self.left)
            .finish_non_exhaustive()
    }
}

impl Inflater {
    /// An inflater that gives out at most the budget's total bytes.
    pub fn new(budget: &Budget) -> Inflater {
        Inflater {
            deflate: Decompressor::new(),
            left: budget.total_bytes,
        }
    }

    /// Bytes it may still give out.
    pub fn left(&self) -> usize {
        self.left
    }
}

impl<'a> Zip<'a> {
    /// Reads the central directory.
    ///
    /// # Errors
    /// When the bytes are no zip, are cut off, or hold more entries than the budget allows.
    pub fn open(bytes: &'a [u8], budget: &Budget) -> Result<Zip<'a>, ZipError> {
        if bytes.len() < 4 || !matches!(u32_at(bytes, 0), Some(LOCAL | END)) {
            return Err(ZipError::NotZip);
        }
        let truncated = || ZipError::Truncated {
            files: whole_entries(bytes),
        };
        let end = find_end(bytes).ok_or_else(truncated)?;
        let (count, start, shift) = directory(bytes, end).ok_or_else(truncated)?;
        if count > budget.parts {
            return Err(ZipError::OverBudget);
        }
        let mut entries = Vec::with_capacity(count.min(bytes.len() / 46));
        let mut at = start;
        for _ in 0..count {
            let (entry, next) = central_entry(bytes, at, shift).ok_or_else(truncated)?;
            entries.push(entry);
            at = next;
        }
        Ok(Zip {
            bytes,
            entries,
            budget: *budget,
        })
    }

    /// Entries in the order of the directory.
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// The entry with this name; part names are compared without regard to ASCII case and to the slash of old writers.
    pub fn find(&self, name: &str) -> Option<&Entry<'a>> {
        self.entries
            .iter()
            .find(|e| e.name == name)
            .or_else(|| self.entries.iter().find(|e| same_part(&e.name, name)))
    }

    /// The inflated bytes of an entry (borrowed when it is stored).
    ///
    /// # Errors
    /// When it is encrypted, corrupt, compressed otherwise, or over the budget.
    pub fn inflate(
        &self,
        entry: &Entry<'_>,
        inflater: &mut Inflater,
    ) -> Result<Cow<'a, [u8]>, ZipError> {
        unfold(entry, self.raw(entry)?, &self.budget, inflater)
    }

    /// The entry's bytes as they lie in the zip, still compressed.
    pub(crate) fn raw(&self, entry: &Entry<'_>) -> Result<&'a [u8], ZipError> {
        if entry.flags & 1 != 0 {
            return Err(ZipError::Encrypted);
        }
        let data = data_start(self.bytes, entry.offset).ok_or(ZipError::Corrupt)?;
        let end = data
            .checked_add(entry.compressed)
            .ok_or(ZipError::Corrupt)?;
        self.bytes.get(data..end).ok_or(ZipError::Corrupt)
    }
}

thread_local! {
    /// The bytes of a part read before, so that room for the next need not be cleared again.
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Smaller parts take their own room.
const SMALLEST_SPARE: usize = 64 << 10;
/// Larger rooms are given back to the system.
const LARGEST_SPARE: usize = 8 << 20;

/// Takes the bytes of a part that is done with, for the next part of this thread.
pub fn done_with(part: Cow<'_, [u8]>) {
    if let Cow::Owned(bytes) = part
        && (SMALLEST_SPARE..=LARGEST_SPARE).contains(&bytes.capacity())
    {
        SPARE.set(bytes);
    }
}

/// The inflated bytes of an entry from its bytes in the zip.
pub(crate) fn unfold<'r>(
    entry: &Entry<'_>,
    raw: &'r [u8],
    budget: &Budget,
    inflater: &mut Inflater,
) -> Result<Cow<'r, [u8]>, ZipError> {
    if entry.size > budget.part_bytes || entry.size > inflater.left {
        return Err(ZipError::OverBudget);
    }
    match entry.method {
        0 => {
            inflater.left -= raw.len().min(inflater.left);
            Ok(Cow::Borrowed(raw))
        }
        8 => {
            if entry.size > raw.len().saturating_mul(DEFLATE_LIMIT).saturating_add(64) {
                return Err(ZipError::Corrupt);
            }
            let mut out = match entry.size >= SMALLEST_SPARE {
                true => SPARE.take(),
                false => Vec::new(),
            };
            out.resize(entry.size, 0);
            match inflater.deflate.deflate_decompress(raw, &mut out) {
                Ok(n) => {
                    out.truncate(n);
                    inflater.left -= n.min(inflater.left);
                    Ok(Cow::Owned(out))
                }
                Err(DecompressionError::BadData | DecompressionError::InsufficientSpace) => {
                    Err(ZipError::Corrupt)
                }
            }
        }
        method => Err(ZipError::Method(method)),
    }
}

impl Entry<'_> {
    /// The entry stands for a folder.
    pub fn is_folder(&self) -> bool {
        self.name.ends_with('/') || self.name.ends_with('\\')
    }

    /// The entry needs a password.
    pub fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }
}

fn same_part(a: &str, b: &str) -> bool {
    let a = a.strip_prefix('/').unwrap_or(a);
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(x, y)| fold(x) == fold(y))
}

fn fold(b: u8) -> u8 {
    if b == b'\\' {
        b'/'
    } else {
        b.to_ascii_lowercase()
    }
}

/// The offset of the end record, searched backwards through the longest comment there can be.
pub(crate) fn find_end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(22)?;
    let first = last.saturating_sub(u16::MAX as usize);
    memchr::memmem::rfind(&bytes[first..bytes.len() - 18], &END.to_le_bytes()).map(|i| first + i)
}

/// Number of entries, start of the directory, and how far the zip is shifted in the file (self-extractors).
pub(crate) fn directory(bytes: &[u8], end: usize) -> Option<(usize, usize, usize)> {
    let (mut count, mut size, mut offset) = (
        u16_at(bytes, end + 10)? as usize,
        u32_at(bytes, end + 12)? as usize,
        u32_at(bytes, end + 16)? as usize,
    );
    let mut directory_end = end;
    if count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff {
        let locator = end.checked_sub(20)?;
        if u32_at(bytes, locator)? == ZIP64_LOCATOR {
            let at = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
            if u32_at(bytes, at)? != ZIP64_END {
                return None;
            }
            count = usize::try_from(u64_at(bytes, at + 32)?).ok()?;
            size = usize::try_from(u64_at(bytes, at + 40)?).ok()?;
            offset = usize::try_from(u64_at(bytes, at + 48)?).ok()?;
            directory_end = at;
        }
    }
    let start = directory_end.checked_sub(size)?;
    if count > 0 && u32_at(bytes, start)? != CENTRAL {
        // Some writers put bytes between directory and end record: trust the printed offset instead.
        return (u32_at(bytes, offset)? == CENTRAL).then_some((count, offset, 0));
    }
    Some((count, start, start.saturating_sub(offset)))
}

pub(crate) fn central_entry(bytes: &[u8], at: usize, shift: usize) -> Option<(Entry<'_>, usize)> {
    if u32_at(bytes, at)? != CENTRAL {
        return None;
    }
    let flags = u16_at(bytes, at + 8)?;
    let method = u16_at(bytes, at + 10)?;
    let crc = u32_at(bytes, at + 16)?;
    let mut compressed = u32_at(bytes, at + 20)? as u64;
    let mut size = u32_at(bytes, at + 24)? as u64;
    let name_len = u16_at(bytes, at + 28)? as usize;
    let extra_len = u16_at(bytes, at + 30)? as usize;
    let comment_len = u16_at(bytes, at + 32)? as usize;
    let mut offset = u32_at(bytes, at + 42)? as u64;
    let name = bytes.get(at + 46..at + 46 + name_len)?;
    let extra = bytes.get(at + 46 + name_len..at + 46 + name_len + extra_len)?;
    zip64_extra(extra, &mut size, &mut compressed, &mut offset);
    let entry = Entry {
        name: decode_name(name),
        size: usize::try_from(size).ok()?,
        compressed: usize::try_from(compressed).ok()?,
        crc,
        method,
        flags,
        offset: usize::try_from(offset).ok()?.checked_add(shift)?,
    };
    Some((entry, at + 46 + name_len + extra_len + comment_len))
}

/// Replaces saturated 32-bit fields by the 64-bit ones of the extra field.
fn zip64_extra(mut extra: &[u8], size: &mut u64, compressed: &mut u64, offset: &mut u64) {
    while let (Some(id), Some(len)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(body) = extra.get(4..4 + len as usize) else {
            return;
        };
        if id == 1 {
            let mut at = 0;
            for field in [size, compressed, offset] {
                if *field == 0xffff_ffff {
                    let Some(v) = u64_at(body, at) else { return };
                    *field = v;
                    at += 8;
                }
            }
            return;
        }
        extra = &extra[4 + len as usize..];
    }
}

/// UTF-8 when it is valid UTF-8 (flag or not), otherwise GB18030.
fn decode_name(name: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(name) {
        Ok(s) => Cow::Borrowed(s),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(name).0,
    }
}

fn data_start(bytes: &[u8], local: usize) -> Option<usize> {
    if u32_at(bytes, local)? != LOCAL {
        return None;
    }
    let name = u16_at(bytes, local + 26)? as usize;
    let extra = u16_at(bytes, local + 28)? as usize;
    Some(local + 30 + name + extra)
}

/// Counts whole local entries from the start, for the sentence about a cut-off zip.
pub(crate) fn whole_entries(bytes: &[u8]) -> usize {
    let mut at = 0;
    let mut files = 0;
    while u32_at(bytes, at) == Some(LOCAL) {
        let (Some(flags), Some(size), Some(start)) = (
            u16_at(bytes, at + 6),
            u32_at(bytes, at + 18),
            data_start(bytes, at),
        ) else {
            break;
        };
        let next = if flags & 8 != 0 && size == 0 {
            // The size follows the data: look for the next header.
            match memchr::memmem::find(bytes.get(start..).unwrap_or_default(), b"PK\x03\x04") {
                Some(i) => start + i,
                None => break,
            }
        } else {
            match start.checked_add(size as usize) {
                Some(next) if next <= bytes.len() => next,
                _ => break,
            }
        };
        files += 1;
        at = next;
    }
    files
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        bytes.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(
        bytes.get(at..at.checked_add(8)?)?.try_into().ok()?,
    ))
}
