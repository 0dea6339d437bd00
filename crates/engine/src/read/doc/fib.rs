//! The head of the `WordDocument` stream comes in; which Word wrote it, and where everything lies, goes out.

use jiheng_office::le::{u16_at, u32_at};
use std::ops::Range;

/// The file information block, as far as it is used.
#[derive(Debug)]
pub(super) struct Fib {
    /// Stream that holds the tables.
    pub table: &'static str,
    /// Language of the text is Chinese, in the interface or in the document.
    pub chinese: bool,
    /// Lengths of the stories in character positions: text, footnotes, headers, macros, comments, endnotes, text boxes.
    lengths: [u32; 7],
    ranges: Vec<(u32, u32)>,
}

/// Why a stream is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Word 6, Word 95 or older.
    TooOld,
    /// Encrypted or obfuscated.
    Encrypted,
    /// Not the head of a Word document.
    Broken,
}

/// Tables of the file that are used, by their place in the list of ranges.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Styles = 1,
    CharacterPages = 12,
    ParagraphPages = 13,
    Fonts = 15,
    Pieces = 33,
    Lists = 73,
    ListUses = 74,
}

const WORD_97: u16 = 0xa5ec;
const WORD_6: u16 = 0xa5dc;
/// Versions from here on have the tables of Word 97.
const FIRST_VERSION: u16 = 0x00c0;
const PRC: u16 = 0x0804;

impl Fib {
    pub fn read(main: &[u8]) -> Result<Fib, Refusal> {
        let at16 = |at| u16_at(main, at).ok_or(Refusal::Broken);
        let (ident, version, flags) = (at16(0)?, at16(2)?, at16(10)?);
        if ident == WORD_6 || ident == WORD_97 && version < FIRST_VERSION {
            return Err(Refusal::TooOld);
        }
        if ident != WORD_97 {
            // Macintosh Word 98 and a few converters write neighbouring numbers.
            if !(0xa500..=0xa6ff).contains(&ident) {
                return Err(Refusal::Broken);
            }
            if version < FIRST_VERSION {
                return Err(Refusal::TooOld);
            }
        }
        if flags & 0x0100 != 0 {
            return Err(Refusal::Encrypted);
        }
        let words = at16(32)? as usize;
        let longs_at = 34 + words * 2;
        let longs = at16(longs_at)? as usize;
        let ranges_at = longs_at + 2 + longs * 4;
        let count = at16(ranges_at)?.min(256) as usize;
        let long = |i: usize| u32_at(main, longs_at + 2 + i * 4).unwrap_or(0);
        Ok(Fib {
            table: if flags & 0x0200 != 0 {
                "1Table"
            } else {
                "0Table"
            },
            chinese: at16(6)? == PRC || u16_at(main, longs_at - 2) == Some(PRC),
            lengths: [3, 4, 5, 6, 7, 8, 9].map(|i| long(i) & 0x7fff_ffff),
            ranges: (0..count)
                .map_while(|i| {
                    let at = ranges_at + 2 + i * 8;
                    Some((u32_at(main, at)?, u32_at(main, at + 4)?))
                })
                .collect(),
        })
    }

    /// Where a table lies in the table stream; empty when the file has none.
    pub fn range(&self, part: Part) -> Range<usize> {
        let (at, len) = self.ranges.get(part as usize).copied().unwrap_or((0, 0));
        at as usize..(at as usize).saturating_add(len as usize)
    }

    /// The text's character positions.
    pub fn text(&self) -> Range<usize> {
        self.story(0)
    }

    /// The stories that are read after the text: footnotes, endnotes, text boxes.
    pub fn others(&self) -> [Range<usize>; 3] {
        [self.story(1), self.story(5), self.story(6)]
    }

    /// Page headers and footers.
    pub fn margins(&self) -> Range<usize> {
        self.story(2)
    }

    fn story(&self, index: usize) -> Range<usize> {
        let before: usize = self.lengths[..index].iter().map(|l| *l as usize).sum();
        before..before + self.lengths[index] as usize
    }
}
