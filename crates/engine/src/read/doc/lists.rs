//! The lists of an old file come in; the numbering they describe goes out.

use super::super::numbering::{Level, Number, Numbering, Suffix};
use super::fib::{Fib, Part};
use jiheng_office::le::{u8_at, u16_at, u32_at};
use std::collections::HashMap;

/// Lists of a file; more are not numbered.
const MAX_LISTS: usize = 4096;

/// Reads the definitions and their uses.
pub(super) fn read(tables: &[u8], fib: &Fib) -> Numbering<'static> {
    let lists = definitions(tables, fib.range(Part::Lists).start).unwrap_or_default();
    let keys: HashMap<u32, u32> = lists
        .iter()
        .enumerate()
        .map(|(i, (id, _))| (*id, i as u32))
        .collect();
    let uses = uses(tables, fib, &keys).unwrap_or_default();
    let levels = lists
        .into_iter()
        .enumerate()
        .map(|(i, (_, levels))| (i as u32, levels))
        .collect();
    Numbering::of(levels, uses)
}

/// Each list's id and its levels.
fn definitions(tables: &[u8], at: usize) -> Option<Vec<(u32, Vec<Level>)>> {
    if at == 0 && tables.is_empty() {
        return None;
    }
    let count = (u16_at(tables, at)? as usize).min(MAX_LISTS);
    // The levels lie behind all heads.
    let mut next = at + 2 + count * 28;
    let mut lists = Vec::new();
    for i in 0..count {
        let head = at + 2 + i * 28;
        let id = u32_at(tables, head)?;
        let simple = u8_at(tables, head + 26)? & 1 != 0;
        let mut levels = Vec::new();
        for number in 0..if simple { 1 } else { 9 } {
            let Some((level, end)) = level(tables, next, number) else {
                lists.push((id, levels));
                return Some(lists);
            };
            levels.push(level);
            next = end;
        }
        lists.push((id, levels));
    }
    Some(lists)
}

/// A level and the offset behind it.
fn level(tables: &[u8], at: usize, number: u8) -> Option<(Level, usize)> {
    let flags = u8_at(tables, at + 5)?;
    let no_restart = flags & 0x08 != 0;
    let characters = usize::from(u8_at(tables, at + 24)?);
    let paragraph = usize::from(u8_at(tables, at + 25)?);
    let text_at = at + 28 + paragraph + characters;
    let len = u16_at(tables, text_at)? as usize;
    let units = tables.get(text_at + 2..text_at + 2 + len * 2)?;
    let mut text = String::new();
    let units = units
        .chunks_exact(2)
        .map(|c| u16::from_le_bytes([c[0], c[1]]));
    for unit in char::decode_utf16(units) {
        match unit.unwrap_or('\u{fffd}') {
            c @ '\0'..='\u{8}' => {
                text.push('%');
                text.push(char::from(b'1' + c as u8));
            }
            c => text.push(c),
        }
    }
    let level = Level {
        level: number,
        start: u32_at(tables, at)?.min(i32::MAX as u32),
        format: format(u8_at(tables, at + 4)?).into(),
        text,
        suffix: match u8_at(tables, at + 15)? {
            0 => Suffix::Tab,
            1 => Suffix::Space,
            _ => Suffix::Nothing,
        },
        style: None,
        legal: flags & 0x04 != 0,
        restart: if no_restart {
            Some(u8_at(tables, at + 26)?)
        } else {
            None
        },
    };
    Some((level, text_at + 2 + len * 2))
}

/// The uses of lists, counted from 1.
fn uses(tables: &[u8], fib: &Fib, keys: &HashMap<u32, u32>) -> Option<HashMap<u32, Number>> {
    let range = fib.range(Part::ListUses);
    if range.is_empty() {
        return None;
    }
    let count = (u32_at(tables, range.start)? as usize).min(MAX_LISTS);
    let mut next = range.start + 4 + count * 16;
    let mut found = HashMap::new();
    // Once the data of one use cannot be followed, neither can those behind it.
    let mut follows = true;
    for i in 0..count {
        let head = range.start + 4 + i * 16;
        let Some(id) = u32_at(tables, head) else {
            break;
        };
        let changes = u8_at(tables, head + 12).unwrap_or(0);
        let mut number = Number {
            definition: keys.get(&id).copied().unwrap_or(u32::MAX),
            ..Number::default()
        };
        next += 4;
        for _ in 0..if follows { changes } else { 0 } {
            let (Some(start), Some(flags)) = (u32_at(tables, next), u32_at(tables, next + 4))
            else {
                follows = false;
                break;
            };
            next += 8;
            let at = (flags & 0xf) as u8;
            if flags & 0x20 != 0 {
                let Some((own, end)) = level(tables, next, at) else {
                    follows = false;
                    break;
                };
                next = end;
                if flags & 0x10 != 0 {
                    number.starts.push((at, own.start));
                }
                number.levels.push(own);
            } else if flags & 0x10 != 0 {
                number.starts.push((at, start.min(i32::MAX as u32)));
            }
        }
        found.insert(i as u32 + 1, number);
    }
    Some(found)
}

/// Names of WordprocessingML for the number formats of the binary files.
fn format(code: u8) -> &'static str {
    match code {
        1 => "upperRoman",
        2 => "lowerRoman",
        3 => "upperLetter",
        4 => "lowerLetter",
        10 | 40 => "ideographDigital",
        11 => "japaneseCounting",
        14 => "decimalFullWidth",
        17 => "japaneseDigitalTenThousand",
        18 => "decimalEnclosedCircle",
        19 => "decimalFullWidth2",
        22 => "decimalZero",
        23 => "bullet",
        26 => "decimalEnclosedFullstop",
        27 => "decimalEnclosedParen",
        28 => "decimalEnclosedCircleChinese",
        30 => "ideographTraditional",
        31 => "ideographZodiac",
        33 => "taiwaneseCounting",
        35 => "taiwaneseCountingThousand",
        36 => "taiwaneseDigital",
        37 => "chineseCounting",
        38 => "chineseLegalSimplified",
        39 => "chineseCountingThousand",
        255 => "none",
        _ => "decimal",
    }
}
