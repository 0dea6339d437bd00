//! The style sheet and the font table come in; what a paragraph style says of lists and outline, and which fonts are symbols, go out.

use super::runs::Paragraph;
use jiheng_office::le::{u16_at, utf16_at};

/// Paragraph styles by number.
#[derive(Debug, Default)]
pub(super) struct Styles {
    list: Vec<Style>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Style {
    base: u16,
    list: Option<u16>,
    level: Option<u8>,
    outline: Option<u8>,
}

impl Styles {
    /// Reads the style sheet.
    pub fn read(sheet: &[u8]) -> Styles {
        Styles {
            list: read(sheet).unwrap_or_default(),
        }
    }

    /// What a style gives to a paragraph that says nothing itself: list, level of the list, outline.
    pub fn fill(&self, number: u16, paragraph: &mut Paragraph) {
        let mut number = number;
        // A cycle of bases ends by the count.
        for _ in 0..16 {
            let Some(style) = self.list.get(usize::from(number)) else {
                return;
            };
            paragraph.list = paragraph.list.or(style.list);
            paragraph.level = paragraph.level.or(style.level);
            paragraph.outline = paragraph.outline.or(style.outline);
            number = style.base;
        }
    }
}

fn read(sheet: &[u8]) -> Option<Vec<Style>> {
    let head = u16_at(sheet, 0)? as usize;
    let count = u16_at(sheet, 2)?.min(4095);
    let base_len = u16_at(sheet, 4)? as usize;
    let mut at = 2 + head;
    let mut list = Vec::new();
    for _ in 0..count {
        let Some(len) = u16_at(sheet, at) else { break };
        let len = len as usize;
        let style = sheet
            .get(at + 2..at + 2 + len)
            .and_then(|bytes| style(bytes, base_len));
        list.push(style.unwrap_or(Style {
            base: u16::MAX,
            ..Style::default()
        }));
        at += 2 + len + len % 2;
    }
    Some(list)
}

fn style(bytes: &[u8], base_len: usize) -> Option<Style> {
    let built_in = u16_at(bytes, 0)? & 0x0fff;
    let kind = u16_at(bytes, 2)? & 0xf;
    let mut style = Style {
        base: u16_at(bytes, 2)? >> 4,
        ..Style::default()
    };
    if kind != 1 {
        return Some(style);
    }
    if (1..=9).contains(&built_in) {
        style.outline = Some(built_in as u8 - 1);
    }
    let name = u16_at(bytes, base_len)? as usize;
    // Name, its length and its closing zero.
    let at = base_len + 2 + name * 2 + 2;
    let len = u16_at(bytes, at)? as usize;
    let modifiers = bytes.get(at + 4..at + 2 + len)?;
    let mut paragraph = Paragraph::default();
    paragraph.apply(modifiers, &|_| None);
    style.list = paragraph.list;
    style.level = paragraph.level;
    style.outline = paragraph.outline.or(style.outline);
    Some(style)
}

/// Numbers of the fonts whose characters are pictures of boxes and ticks.
pub(super) fn symbol_fonts(table: &[u8]) -> Vec<u16> {
    let count = u16_at(table, 0).unwrap_or(0).min(4096);
    let mut at = 4;
    let mut found = Vec::new();
    for number in 0..count {
        let Some(len) = table.get(at).map(|l| usize::from(*l)) else {
            break;
        };
        // Behind the length: family, weight, character set, alternative, ten and twenty-four bytes.
        let units = len.saturating_sub(39) / 2;
        let name = utf16_at(table, at + 40, units).unwrap_or_default();
        if name.starts_with("Wingdings") {
            found.push(number);
        }
        at += 1 + len;
    }
    found
}
