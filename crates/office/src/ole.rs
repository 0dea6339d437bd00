//! Bytes of an OLE2 compound file come in; its streams by name go out, under budgets.
//!
//! Every chain of sectors and every walk of the directory marks where it has been, so that a file
//! whose chains bite their own tail ends like any other. Nothing is copied but the streams asked for.

use crate::budget::Budget;
use crate::le::{u16_at, u32_at};

const SIGNATURE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Sector numbers from here on are marks (free, end of chain, …).
const NO_SECTOR: u32 = 0xffff_fffa;
/// Streams shorter than this lie in the small sectors of the root, unless the header says otherwise.
const USUAL_CUTOFF: usize = 4096;
const ENTRY: usize = 128;

/// The bytes begin like an OLE2 compound file.
pub fn is_ole(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE)
}

/// A compound file whose directory was read.
#[derive(Debug)]
pub struct Ole<'a> {
    bytes: &'a [u8],
    size: usize,
    small_size: usize,
    cutoff: usize,
    limit: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small: Vec<u8>,
    root: Vec<Entry>,
    damaged: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: usize,
}

const STREAM: u8 = 2;
const ROOT: u8 = 5;

impl<'a> Ole<'a> {
    /// Reads header, allocation tables and directory; `None` when the bytes are no compound file at all.
    pub fn open(bytes: &'a [u8], budget: &Budget) -> Option<Ole<'a>> {
        let shift = u16_at(bytes, 30).filter(|s| (7..=16).contains(s) && is_ole(bytes))?;
        let small_shift = u16_at(bytes, 32)
            .filter(|s| (4..=12).contains(s))
            .unwrap_or(6);
        let mut ole = Ole {
            bytes,
            size: 1 << shift,
            small_size: 1 << small_shift,
            cutoff: u32_at(bytes, 56).map_or(USUAL_CUTOFF, |c| c as usize),
            limit: budget.part_bytes,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            root: Vec::new(),
            damaged: false,
        };
        ole.read_table();
        let directory = ole.chain(u32_at(bytes, 48)?, usize::MAX);
        let mut entries: Vec<Entry> = directory.chunks_exact(ENTRY).map(entry).collect();
        if shift < 12 {
            // Old writers leave noise in the upper half of the size.
            entries.iter_mut().for_each(|e| e.size &= 0xffff_ffff);
        }
        let root = entries.first()?.clone();
        if root.kind != ROOT {
            ole.damaged = true;
        }
        ole.small = ole.chain(root.start, root.size);
        let small_table = ole.chain(u32_at(bytes, 60)?, usize::MAX);
        ole.small_table = numbers(&small_table);
        ole.root = ole.children(&entries, root.child);
        Some(ole)
    }

    /// Names of the streams and storages directly under the root.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.root.iter().map(|e| e.name.as_str())
    }

    /// There is a stream or storage of this name under the root; letters compare without case.
    pub fn has(&self, name: &str) -> bool {
        self.root.iter().any(|e| e.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream under the root, as far as its chain of sectors reaches.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self
            .root
            .iter()
            .find(|e| e.kind == STREAM && e.name.eq_ignore_ascii_case(name))?;
        if entry.size > self.limit {
            return None;
        }
        Some(if entry.size < self.cutoff {
            self.small_chain(entry.start, entry.size)
        } else {
            self.follow(entry.start, entry.size).0
        })
    }

    /// Chains or the directory are inconsistent: a part may be missing.
    pub fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// The allocation table: its first 109 sectors stand in the header, the others in a chain of lists.
    fn read_table(&mut self) {
        let sectors = self.bytes.len() / self.size + 1;
        let mut list: Vec<u32> = (0..109)
            .map_while(|i| u32_at(self.bytes, 76 + i * 4))
            .filter(|s| *s < NO_SECTOR)
            .collect();
        let mut next = u32_at(self.bytes, 68).unwrap_or(NO_SECTOR);
        let mut seen = 0;
        while next < NO_SECTOR && seen < sectors && list.len() < sectors {
            let Some(block) = self.sector(next) else {
                self.damaged = true;
                break;
            };
            let mut lists = numbers(block);
            next = lists.pop().unwrap_or(NO_SECTOR);
            list.extend(lists.into_iter().filter(|s| *s < NO_SECTOR));
            seen += 1;
        }
        // A table that lists more sectors than the file has is a lie.
        let enough = sectors / (self.size / 4) + 1;
        if list.len() > enough {
            list.truncate(enough);
        }
        let mut table = Vec::with_capacity(list.len() * self.size / 4);
        for sector in list {
            match self.sector(sector) {
                Some(block) => {
                    table.extend(numbers(block));
                    table.resize(table.len().next_multiple_of(self.size / 4), NO_SECTOR);
                }
                None => {
                    self.damaged = true;
                    table.resize(table.len() + self.size / 4, NO_SECTOR);
                }
            }
        }
        self.table = table;
    }

    /// What lies in a chain of sectors, at most `size` bytes; a chain that returns to itself ends there.
    fn chain(&mut self, start: u32, size: usize) -> Vec<u8> {
        let (bytes, whole) = self.follow(start, size);
        self.damaged |= !whole;
        bytes
    }

    fn follow(&self, start: u32, size: usize) -> (Vec<u8>, bool) {
        let mut out = Vec::new();
        let size = size.min(self.limit);
        let mut been = vec![false; self.table.len()];
        let mut sector = start;
        while sector < NO_SECTOR && out.len() < size {
            match been.get_mut(sector as usize) {
                Some(before) if !*before => *before = true,
                _ => return (out, false),
            }
            let Some(block) = self.sector(sector) else {
                return (out, false);
            };
            out.extend_from_slice(&block[..block.len().min(size - out.len())]);
            sector = self
                .table
                .get(sector as usize)
                .copied()
                .unwrap_or(NO_SECTOR);
        }
        let whole = size == usize::MAX || size == self.limit || out.len() >= size;
        (out, whole)
    }

    fn small_chain(&self, start: u32, size: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut been = vec![false; self.small_table.len()];
        let mut sector = start;
        while sector < NO_SECTOR && out.len() < size {
            match been.get_mut(sector as usize) {
                Some(before) if !*before => *before = true,
                _ => break,
            }
            let from = sector as usize * self.small_size;
            let Some(block) = self.small.get(from..) else {
                break;
            };
            let len = block.len().min(self.small_size).min(size - out.len());
            out.extend_from_slice(&block[..len]);
            sector = self
                .small_table
                .get(sector as usize)
                .copied()
                .unwrap_or(NO_SECTOR);
        }
        out
    }

    /// The entries of one storage: a tree by left and right, walked without recursion.
    fn children(&mut self, entries: &[Entry], first: u32) -> Vec<Entry> {
        let mut found = Vec::new();
        let mut been = vec![false; entries.len()];
        let mut open = vec![first];
        while let Some(id) = open.pop() {
            if id >= NO_SECTOR {
                continue;
            }
            match (entries.get(id as usize), been.get_mut(id as usize)) {
                (Some(entry), Some(before)) if !*before => {
                    *before = true;
                    open.extend([entry.right, entry.left]);
                    if entry.kind != 0 {
                        found.push(entry.clone());
                    }
                }
                _ => self.damaged = true,
            }
        }
        if found.is_empty() {
            // Some writers leave the tree out: then the list is all there is.
            found = entries
                .iter()
                .skip(1)
                .filter(|e| e.kind != 0)
                .cloned()
                .collect();
        }
        found
    }

    /// A sector; the last one of a file may be shorter than the others.
    fn sector(&self, sector: u32) -> Option<&'a [u8]> {
        let start = (sector as usize).checked_add(1)?.checked_mul(self.size)?;
        let end = start.checked_add(self.size)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|b| !b.is_empty())
    }
}

fn entry(bytes: &[u8]) -> Entry {
    let len = u16_at(bytes, 64).unwrap_or(0).clamp(2, 64) as usize;
    let units: Vec<u16> = bytes
        .get(..len - 2)
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|c| u16::from_le_bytes([c[0], c[1]]))
        .collect();
    let link = |at| u32_at(bytes, at).unwrap_or(u32::MAX);
    Entry {
        name: String::from_utf16_lossy(&units),
        kind: bytes.get(66).copied().unwrap_or(0),
        left: link(68),
        right: link(72),
        child: link(76),
        start: link(116),
        size: u32_at(bytes, 120).unwrap_or(0) as usize
            | (u32_at(bytes, 124).unwrap_or(0) as usize) << 32,
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of 512-byte sectors: table in sector 0, directory in 1, one stream in 2 and on.
    fn file(stream: &[u8], name: &str, next: impl Fn(u32) -> u32) -> Vec<u8> {
        let sectors = stream.len().div_ceil(512) as u32;
        let mut bytes = vec![0_u8; 512];
        bytes[..8].copy_from_slice(&SIGNATURE);
        bytes[30..34].copy_from_slice(&[9, 0, 6, 0]);
        bytes[48..52].copy_from_slice(&1_u32.to_le_bytes());
        bytes[56..60].copy_from_slice(&0_u32.to_le_bytes());
        bytes[60..64].copy_from_slice(&u32::MAX.to_le_bytes());
        bytes[68..72].copy_from_slice(&u32::MAX.to_le_bytes());
        bytes[76..512].fill(0xff);
        bytes[76..80].copy_from_slice(&0_u32.to_le_bytes());
        for i in 0..128_u32 {
            let value = match i {
                0 => 0xffff_fffd,
                1 => next(1),
                i if i < 1 + sectors => next(i),
                i if i == 1 + sectors => 0xffff_fffe,
                _ => u32::MAX,
            };
            bytes.extend(value.to_le_bytes());
        }
        for (name, kind, child, start, size) in [
            ("Root Entry", ROOT, 1_u32, u32::MAX, 0),
            (name, STREAM, u32::MAX, 2_u32, stream.len()),
        ] {
            let mut entry = [0_u8; ENTRY];
            let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry[..units.len()].copy_from_slice(&units);
            entry[64] = units.len() as u8 + 2;
            entry[66] = kind;
            entry[68..76].fill(0xff);
            entry[76..80].copy_from_slice(&child.to_le_bytes());
            entry[116..120].copy_from_slice(&start.to_le_bytes());
            entry[120..124].copy_from_slice(&(size as u32).to_le_bytes());
            bytes.extend(entry);
        }
        bytes.resize(512 * 3, 0);
        bytes.extend(stream);
        bytes
    }

    #[test]
    fn a_stream_is_found_by_its_name() {
        let bytes = file(&[7; 1000], "Workbook", |i| {
            if i == 1 { 0xffff_fffe } else { i + 1 }
        });
        let ole = Ole::open(&bytes, &Budget::default()).expect("a compound file");
        assert_eq!(ole.names().collect::<Vec<_>>(), ["Workbook"]);
        assert_eq!(ole.stream("WORKBOOK"), Some(vec![7; 1000]));
        assert!(!ole.is_damaged() && ole.stream("Book").is_none());
    }

    #[test]
    fn chains_that_return_to_themselves_end() {
        let bytes = file(&[7; 5000], "Workbook", |i| if i == 1 { 1 } else { 2 });
        let ole = Ole::open(&bytes, &Budget::default()).expect("a compound file");
        assert!(ole.is_damaged());
        assert_eq!(ole.stream("Workbook").map(|s| s.len()), Some(512));
    }
}
