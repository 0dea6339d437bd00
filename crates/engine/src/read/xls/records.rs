//! The bytes of a workbook stream come in; its records, and the strings in them, go out.

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_1252};
use jiheng_office::le::{u8_at, u16_at, u32_at};

pub(super) const CONTINUE: u16 = 0x003c;

/// One record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub kind: u16,
    pub body: &'a [u8],
    /// Offset behind it.
    pub end: usize,
}

/// Records from an offset on; stops where one does not fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Records<'a> {
        Records { bytes, at }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let kind = u16_at(self.bytes, self.at)?;
        let len = u16_at(self.bytes, self.at + 2)? as usize;
        let body = self.bytes.get(self.at + 4..self.at + 4 + len)?;
        self.at += 4 + len;
        Some(Record {
            kind,
            body,
            end: self.at,
        })
    }
}

/// How strings are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Script {
    /// Excel 97 and later: UTF-16, in one or two bytes a unit.
    pub wide: bool,
    pub page: u16,
}

impl Script {
    /// A string whose length stands before it in one or two bytes.
    pub fn string(&self, bytes: &[u8], length: usize) -> Option<String> {
        let count = match length {
            1 => usize::from(u8_at(bytes, 0)?),
            _ => u16_at(bytes, 0)? as usize,
        };
        let rest = bytes.get(length..)?;
        if !self.wide {
            let rest = &rest[..count.min(rest.len())];
            return Some(self.narrow(rest));
        }
        let flags = u8_at(rest, 0)?;
        let start = 1 + extra_len(flags);
        let mut units = Vec::with_capacity(count.min(rest.len()));
        units_into(rest.get(start..)?, flags & 1 != 0, count, &mut units);
        Some(String::from_utf16_lossy(&units))
    }

    fn narrow(&self, bytes: &[u8]) -> String {
        let encoding: &'static Encoding = match self.page {
            936 | 10008 => GBK,
            950 | 10002 => BIG5,
            932 | 10001 => SHIFT_JIS,
            949 | 10003 => EUC_KR,
            // Some writers name a western page and write Chinese.
            _ if super::super::text::is_gb2312(bytes) => GBK,
            _ => WINDOWS_1252,
        };
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}

/// Bytes between the flags of a string and its characters: counts of runs and of phonetic data.
fn extra_len(flags: u8) -> usize {
    usize::from(flags & 0x08 != 0) * 2 + usize::from(flags & 0x04 != 0) * 4
}

/// Appends at most `count` units; gives the number of bytes used.
fn units_into(bytes: &[u8], wide: bool, count: usize, units: &mut Vec<u16>) -> usize {
    if wide {
        let bytes = &bytes[..(count * 2).min(bytes.len() / 2 * 2)];
        units.extend(
            bytes
                .chunks_exact(2)
                .map(|c| u16::from_le_bytes([c[0], c[1]])),
        );
        bytes.len()
    } else {
        let bytes = &bytes[..count.min(bytes.len())];
        units.extend(bytes.iter().map(|b| u16::from(*b)));
        bytes.len()
    }
}

/// The table of strings: one record and those that continue it; a string may be split between them.
pub(super) fn shared_strings(parts: &[&[u8]], limit: usize) -> Vec<String> {
    let mut table = Parts { parts, at: 0 };
    let mut strings = Vec::new();
    let Some(count) = table.parts.first().and_then(|p| u32_at(p, 4)) else {
        return strings;
    };
    table.at = 8;
    let mut left = limit;
    for _ in 0..count {
        let Some(string) = table.string() else { break };
        let Some(rest) = left.checked_sub(string.len() + 24) else {
            break;
        };
        left = rest;
        strings.push(string);
    }
    strings
}

struct Parts<'p, 'a> {
    parts: &'p [&'a [u8]],
    at: usize,
}

impl<'a> Parts<'_, 'a> {
    /// What is left of the part in hand; goes to the next one at its end.
    fn rest(&mut self) -> Option<&'a [u8]> {
        loop {
            let part: &'a [u8] = self.parts.first()?;
            if self.at < part.len() {
                return part.get(self.at..);
            }
            self.at = 0;
            self.parts = self.parts.get(1..)?;
        }
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut out = [0; N];
        for byte in &mut out {
            *byte = *self.rest()?.first()?;
            self.at += 1;
        }
        Some(out)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let step = self.rest()?.len().min(count);
            self.at += step;
            count -= step;
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let count = u16::from_le_bytes(self.bytes()?) as usize;
        let [mut flags] = self.bytes()?;
        let runs = match flags & 0x08 {
            0 => 0,
            _ => u16::from_le_bytes(self.bytes()?) as usize,
        };
        let phonetic = match flags & 0x04 {
            0 => 0,
            _ => u32::from_le_bytes(self.bytes()?) as usize,
        };
        let mut units = Vec::new();
        while units.len() < count {
            let in_hand = self.parts.len();
            let mut rest = self.rest()?;
            if self.parts.len() < in_hand {
                // A continued string says again how wide its characters are.
                [flags] = self.bytes()?;
                rest = self.rest()?;
            }
            let missing = count - units.len();
            let used = units_into(rest, flags & 1 != 0, missing, &mut units);
            if used == 0 {
                return None;
            }
            self.at += used;
        }
        self.skip(runs * 4)?;
        self.skip(phonetic)?;
        Some(String::from_utf16_lossy(&units))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_goes_on_in_the_next_record_with_its_own_width() {
        let mut first = vec![3, 0, 0, 0, 3, 0, 0, 0];
        first.extend([2, 0, 0, b'a', b'b']);
        first.extend([4, 0, 1, 0x00, 0x4e, 0x8c, 0x4e]); // 一二 of four
        let mut second = vec![0, b'x', b'y'];
        second.extend([1, 0, 8, 1, 0, b'z', 9, 9, 9, 9]); // with one run
        let strings = shared_strings(&[&first, &second], 1 << 20);
        assert_eq!(strings, ["ab", "一二xy", "z"]);
    }

    #[test]
    fn strings_of_old_workbooks_follow_the_code_page() {
        let chinese = Script {
            wide: false,
            page: 936,
        };
        assert_eq!(
            chinese.string(b"\x04\x00\xd6\xd8\xb5\xe3", 2).as_deref(),
            Some("重点")
        );
        let wide = Script {
            wide: true,
            page: 1200,
        };
        assert_eq!(wide.string(&[1, 1, 0x00, 0x4e], 1).as_deref(), Some("一"));
        assert_eq!(wide.string(&[9, 0, 0, b'a'], 2).as_deref(), Some("a"));
    }
}
