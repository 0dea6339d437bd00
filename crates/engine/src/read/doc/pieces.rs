//! The piece table comes in; the text as UTF-16 units by character position, and where each unit lies in the file, goes out.

use super::super::text::is_gb2312;
use super::fib::{Fib, Part};
use encoding_rs::{GBK, WINDOWS_1252};
use jiheng_office::le::{u16_at, u32_at};
use std::ops::Range;

/// A position that holds no character: the second byte of one that GBK writes with two.
pub(super) const NOTHING: u16 = 0xffff;

/// The text of all stories.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// One unit for each character position.
    pub units: Vec<u16>,
    pieces: Vec<Piece>,
    /// Properties that pieces of a fast-saved file refer to.
    saved: Vec<Range<usize>>,
    /// The table is inconsistent, or text was cut to the budget.
    pub broken: bool,
}

#[derive(Clone, Debug)]
struct Piece {
    positions: Range<usize>,
    /// Offset of the first character in the stream.
    at: usize,
    /// Bytes of a character.
    width: usize,
    modifier: u16,
}

/// Where a character lies, and until which position the offsets go on without a break.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub offset: usize,
    pub width: usize,
    pub end: usize,
    /// What the piece adds to the properties of its characters.
    pub modifier: u16,
}

impl Text {
    /// Reads the table and the text it describes, at most `limit` characters.
    pub fn read(main: &[u8], tables: &[u8], fib: &Fib, limit: usize) -> Option<Text> {
        let range = fib.range(Part::Pieces);
        let mut text = Text::default();
        let mut at = range.start;
        let end = range.end.min(tables.len());
        let list = loop {
            match tables.get(at).filter(|_| at < end)? {
                1 => {
                    let len = u16_at(tables, at + 1)? as usize;
                    text.saved.push(at + 3..at + 3 + len);
                    at += 3 + len;
                }
                2 => {
                    let len = u32_at(tables, at + 1)? as usize;
                    break tables.get(at + 5..at.checked_add(5)?.checked_add(len)?)?;
                }
                _ => return None,
            }
        };
        let count = list.len().checked_sub(4)? / 12;
        for i in 0..count {
            let (Some(from), Some(to)) = (u32_at(list, i * 4), u32_at(list, i * 4 + 4)) else {
                break;
            };
            let entry = (count + 1) * 4 + i * 8;
            let (Some(place), Some(modifier)) = (u32_at(list, entry + 2), u16_at(list, entry + 6))
            else {
                break;
            };
            let (from, to) = (from as usize, to as usize);
            if from != text.units.len() || to < from {
                text.broken = true;
                break;
            }
            let narrow = place & 0x4000_0000 != 0;
            let place = (place & 0x3fff_ffff) as usize;
            let (at, width) = if narrow { (place / 2, 1) } else { (place, 2) };
            let whole = to - from;
            let room = (main.len().saturating_sub(at) / width).min(limit - text.units.len());
            let len = whole.min(room);
            let Some(bytes) = main.get(at..at + len * width) else {
                text.broken = true;
                break;
            };
            if narrow {
                narrow_text(bytes, fib.chinese, &mut text.units);
            } else {
                text.units.extend(
                    bytes
                        .chunks_exact(2)
                        .map(|c| u16::from_le_bytes([c[0], c[1]])),
                );
            }
            text.pieces.push(Piece {
                positions: from..from + len,
                at,
                width,
                modifier,
            });
            if len < whole {
                text.broken = true;
                break;
            }
        }
        Some(text)
    }

    /// Where the character at a position lies.
    pub fn spot(&self, position: usize) -> Option<Spot> {
        let index = self.pieces.partition_point(|p| p.positions.end <= position);
        let piece = self.pieces.get(index)?;
        let into = position.checked_sub(piece.positions.start)?;
        Some(Spot {
            offset: piece.at + into * piece.width,
            width: piece.width,
            end: piece.positions.end,
            modifier: piece.modifier,
        })
    }

    /// The properties that a piece's modifier refers to, as a range of the table stream.
    pub fn saved(&self, modifier: u16) -> Option<Range<usize>> {
        self.saved.get(usize::from(modifier >> 1)).cloned()
    }
}

/// Text in one byte a position. Word writes cp1252 here; some Chinese writers GBK, two positions for a character.
fn narrow_text(bytes: &[u8], chinese: bool, out: &mut Vec<u16>) {
    if chinese && is_gb2312(bytes) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte < 0x80 {
                out.push(u16::from(byte));
                at += 1;
                continue;
            }
            let pair = bytes.get(at..at + 2).unwrap_or_default();
            let character = GBK.decode_without_bom_handling(pair).0;
            let mut units = character.encode_utf16();
            out.push(units.next().unwrap_or(0xfffd));
            if pair.len() == 2 {
                out.push(units.next().unwrap_or(NOTHING));
            }
            at += 2;
        }
        return;
    }
    if bytes.iter().all(|b| *b < 0x80) {
        out.extend(bytes.iter().map(|b| u16::from(*b)));
        return;
    }
    for byte in bytes {
        match byte {
            0..=0x7f | 0xa0..=0xff => out.push(u16::from(*byte)),
            _ => {
                let one = [*byte];
                let text = WINDOWS_1252.decode_without_bom_handling(&one).0;
                out.push(text.encode_utf16().next().unwrap_or(0xfffd));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8], chinese: bool) -> String {
        let mut units = Vec::new();
        narrow_text(bytes, chinese, &mut units);
        assert_eq!(units.len(), bytes.len());
        units.retain(|u| *u != NOTHING);
        String::from_utf16_lossy(&units)
    }

    #[test]
    fn narrow_text_is_western_or_chinese_by_its_bytes() {
        assert_eq!(shown(b"\xd6\xd8\xb5\xe3 10\xa1\xa3", true), "重点 10。");
        assert_eq!(shown(b"\x93a\x94 5\xb0", true), "“a” 5°");
        assert_eq!(shown(b"\xd6\xd8", false), "ÖØ");
    }
}
