//! A zip and a few changed entries come in; a zip with those changes goes out, every other entry byte for byte.
//!
//! Untouched entries keep their compressed bytes, their order, names, times and attributes.

use crate::budget::Budget;
use crate::zip::{CENTRAL, Zip, ZipError, central_entry, directory, find_end, u16_at, u32_at};
use libdeflater::{CompressionLvl, Compressor, crc32};

/// An entry that is to be replaced, or added at the end when there is none of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Name of the entry as a part.
    pub name: String,
    /// Its new bytes.
    pub bytes: Vec<u8>,
}

/// Writes the zip again with these entries replaced or added.
///
/// # Errors
/// When the bytes are no zip, are cut off, encrypted, or need the 64-bit form.
pub fn rewrite(bytes: &[u8], budget: &Budget, changes: &[Change]) -> Result<Vec<u8>, ZipError> {
    let zip = Zip::open(bytes, budget)?;
    let mut deflate = Compressor::new(CompressionLvl::default());
    let mut out = Output::default();
    let mut done = vec![false; changes.len()];
    let targets: Vec<Option<usize>> = changes
        .iter()
        .map(|c| {
            let found = zip.find(&c.name)?;
            zip.entries().iter().position(|e| std::ptr::eq(e, found))
        })
        .collect();
    let end = find_end(bytes).ok_or(ZipError::NotZip)?;
    let (count, mut at, shift) = directory(bytes, end).ok_or(ZipError::NotZip)?;
    for index in 0..count {
        let (entry, next) = central_entry(bytes, at, shift).ok_or(ZipError::Corrupt)?;
        let mut record = Record::read(bytes, at).ok_or(ZipError::Corrupt)?;
        let change = targets.iter().position(|t| *t == Some(index));
        match change.and_then(|i| Some((i, changes.get(i)?))) {
            Some((i, change)) => {
                let (method, packed) = pack(&change.bytes, &mut deflate);
                record.method = method;
                record.flags &= 0x0800;
                record.crc = crc32(&change.bytes);
                out.entry(&record, &packed, change.bytes.len())?;
                if let Some(done) = done.get_mut(i) {
                    *done = true;
                }
            }
            None => {
                // Sizes stand in the header: the descriptor behind the data is not needed any more.
                record.flags &= !8;
                out.entry(&record, zip.raw(&entry)?, entry.size)?;
            }
        }
        at = next;
    }
    for change in changes.iter().zip(done).filter(|c| !c.1).map(|c| c.0) {
        let (method, packed) = pack(&change.bytes, &mut deflate);
        let record = Record::new(&change.name, method, crc32(&change.bytes));
        out.entry(&record, &packed, change.bytes.len())?;
    }
    let comment = end + 22;
    let length = u16_at(bytes, end + 20).unwrap_or(0) as usize;
    out.finish(
        bytes
            .get(comment..comment.saturating_add(length))
            .unwrap_or_default(),
    )
}

/// What the central directory says of an entry and what is kept of it.
struct Record<'a> {
    made_by: u16,
    needs: u16,
    flags: u16,
    method: u16,
    time: u16,
    date: u16,
    crc: u32,
    internal: u16,
    external: u32,
    name: &'a [u8],
    extra: Vec<u8>,
    comment: &'a [u8],
}

impl<'a> Record<'a> {
    fn new(name: &'a str, method: u16, crc: u32) -> Record<'a> {
        // Version 2.0; names in UTF-8; 1 January 1980.
        Record {
            made_by: 20,
            needs: 20,
            flags: if name.is_ascii() { 0 } else { 0x0800 },
            method,
            time: 0,
            date: 0x21,
            crc,
            internal: 0,
            external: 0,
            name: name.as_bytes(),
            extra: Vec::new(),
            comment: &[],
        }
    }

    fn read(bytes: &'a [u8], at: usize) -> Option<Record<'a>> {
        if u32_at(bytes, at)? != CENTRAL {
            return None;
        }
        let length = |offset: usize| u16_at(bytes, at + offset).map(usize::from);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let start = at + 46;
        Some(Record {
            made_by: u16_at(bytes, at + 4)?,
            needs: u16_at(bytes, at + 6)?,
            flags: u16_at(bytes, at + 8)?,
            method: u16_at(bytes, at + 10)?,
            time: u16_at(bytes, at + 12)?,
            date: u16_at(bytes, at + 14)?,
            crc: u32_at(bytes, at + 16)?,
            internal: u16_at(bytes, at + 36)?,
            external: u32_at(bytes, at + 38)?,
            name: bytes.get(start..start + name)?,
            extra: without_zip64(bytes.get(start + name..start + name + extra)?),
            comment: bytes.get(start + name + extra..start + name + extra + comment)?,
        })
    }
}

/// Extra fields but the 64-bit sizes, which are written in 32 bits again.
fn without_zip64(mut extra: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some((field, rest)) = extra.split_at_checked(4 + length as usize) else {
            break;
        };
        if id != 1 {
            out.extend(field);
        }
        extra = rest;
    }
    out
}

#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Output {
    fn entry(&mut self, record: &Record<'_>, packed: &[u8], size: usize) -> Result<(), ZipError> {
        let narrow = |n: usize| u32::try_from(n).map_err(|_| ZipError::OverBudget);
        let offset = narrow(self.bytes.len())?;
        self.count = self.count.checked_add(1).ok_or(ZipError::OverBudget)?;
        let mut header = Vec::with_capacity(26);
        for n in [
            record.needs,
            record.flags,
            record.method,
            record.time,
            record.date,
        ] {
            header.extend(n.to_le_bytes());
        }
        for n in [record.crc, narrow(packed.len())?, narrow(size)?] {
            header.extend(n.to_le_bytes());
        }
        header.extend((record.name.len() as u16).to_le_bytes());
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&header);
        self.bytes.extend(0_u16.to_le_bytes());
        self.bytes.extend(record.name);
        self.bytes.extend(packed);
        self.directory.extend(CENTRAL.to_le_bytes());
        self.directory.extend(record.made_by.to_le_bytes());
        self.directory.extend(&header);
        for n in [
            record.extra.len() as u16,
            record.comment.len() as u16,
            0,
            record.internal,
        ] {
            self.directory.extend(n.to_le_bytes());
        }
        self.directory.extend(record.external.to_le_bytes());
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(record.name);
        self.directory.extend(&record.extra);
        self.directory.extend(record.comment);
        Ok(())
    }

    fn finish(mut self, comment: &[u8]) -> Result<Vec<u8>, ZipError> {
        let narrow = |n: usize| u32::try_from(n).map_err(|_| ZipError::OverBudget);
        let start = narrow(self.bytes.len())?;
        let length = narrow(self.directory.len())?;
        self.bytes.extend(&self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        for _ in 0..2 {
            self.bytes.extend(self.count.to_le_bytes());
        }
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend((comment.len() as u16).to_le_bytes());
        self.bytes.extend(comment);
        Ok(self.bytes)
    }
}

fn pack(bytes: &[u8], deflate: &mut Compressor) -> (u16, Vec<u8>) {
    let mut packed = vec![0; deflate.deflate_compress_bound(bytes.len())];
    match deflate.deflate_compress(bytes, &mut packed) {
        Ok(n) if n < bytes.len() => {
            packed.truncate(n);
            (8, packed)
        }
        _ => (0, bytes.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Inflater;
    use crate::write::zip;

    fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>, Vec<u8>)> {
        let budget = Budget::default();
        let zip = Zip::open(bytes, &budget).expect("a zip");
        let mut inflater = Inflater::new(&budget);
        zip.entries()
            .iter()
            .map(|e| {
                let whole = zip.inflate(e, &mut inflater).expect("inflates");
                let raw = zip.raw(e).expect("there");
                (e.name.to_string(), raw.to_vec(), whole.into_owned())
            })
            .collect()
    }

    #[test]
    fn one_entry_changes_one_is_added_and_the_others_keep_their_compressed_bytes() {
        let long = "附件1 基础数据表".repeat(50);
        let bytes = zip(&[
            ("甲.xml", long.as_bytes()),
            ("word/b.xml", b"old"),
            ("c", b""),
        ]);
        let change = |name: &str, text: &str| Change {
            name: name.into(),
            bytes: text.into(),
        };
        let changes = [change("WORD/b.xml", "new"), change("word/d.xml", "added")];
        let out = rewrite(&bytes, &Budget::default(), &changes).expect("written");
        let (before, after) = (parts(&bytes), parts(&out));
        assert_eq!((&after[0], &after[2]), (&before[0], &before[2]));
        assert_eq!(
            (after[1].0.as_str(), &after[1].2[..]),
            ("word/b.xml", &b"new"[..])
        );
        assert_eq!(
            (after[3].0.as_str(), &after[3].2[..]),
            ("word/d.xml", &b"added"[..])
        );
    }

    #[test]
    fn sizes_behind_the_data_and_64_bit_fields_are_written_plainly() {
        // One stored entry with a data descriptor, as streaming writers leave it, and a comment.
        let mut bytes = b"PK\x03\x04\x2d\0\x08\0\0\0\0\0\x21\0".to_vec();
        bytes.extend([0; 12]);
        bytes.extend(b"\x01\0\0\0a");
        bytes.extend(b"hello");
        bytes.extend(b"PK\x07\x08");
        bytes.extend(crc32(b"hello").to_le_bytes());
        bytes.extend([5, 0, 0, 0, 5, 0, 0, 0]);
        let start = bytes.len() as u32;
        bytes.extend(b"PK\x01\x02\x2d\0\x2d\0\x08\0\0\0\0\0\x21\0");
        bytes.extend(crc32(b"hello").to_le_bytes());
        bytes.extend([0xff; 8]);
        bytes.extend(b"\x01\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0a");
        bytes.extend(b"\x01\0\x10\0\x05\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0");
        let length = bytes.len() as u32 - start;
        bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        bytes.extend(length.to_le_bytes());
        bytes.extend(start.to_le_bytes());
        bytes.extend(b"\x02\0ok");
        let out = rewrite(&bytes, &Budget::default(), &[]).expect("written");
        assert_eq!(parts(&out), parts(&bytes));
        assert!(out.ends_with(b"\x02\0ok"));
        assert_eq!(rewrite(&out, &Budget::default(), &[]).as_ref(), Ok(&out));
    }

    #[test]
    fn what_is_no_zip_is_refused() {
        let refused = rewrite(b"%PDF-1.4", &Budget::default(), &[]);
        assert_eq!(refused, Err(ZipError::NotZip));
    }
}
