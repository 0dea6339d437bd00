//! The cells of a table come in; their comparable labels, each made once, and what they mean in a form go out.

use jiheng_model::form::{FormDef, Recognition, Role, Sense};
use jiheng_model::label::{half_width, is_blank, mask_months, normalise_into, trim};
use jiheng_model::origin::At;
use jiheng_model::{Cell, Document, Origin, Table, Unit};
use std::ops::Range;

/// Longer texts (in bytes) are never labels.
const LONGEST: usize = 240;

/// A table with its cells in comparable form.
pub(super) struct Sheet<'a> {
    pub doc: &'a Document,
    pub file: u16,
    pub table: &'a Table,
    text: String,
    keys: Vec<Key>,
}

#[derive(Clone, Copy)]
struct Key {
    from: u32,
    to: u32,
    year: Option<i16>,
    blank: bool,
}

/// What a label cell says.
#[derive(Clone, Copy)]
pub(super) struct Found<'d> {
    pub senses: &'d [Sense],
    /// Printed as in the rulebook, nothing cut off.
    pub whole: bool,
    /// The key without unit in brackets, numbering and value; for the unit see [`Found::unit`].
    bracket: Option<(u32, u32)>,
    /// How many colons of the cell stand before the printed value, when a colon follows the label.
    pub colons: Option<u32>,
    /// A number ("1、") stands before it.
    pub numbered: bool,
}

impl<'a> Sheet<'a> {
    pub fn new(doc: &'a Document, file: u16, table: &'a Table) -> Sheet<'a> {
        let mut text = String::with_capacity(table.cells.len() * 16);
        let mut keys = Vec::with_capacity(table.cells.len());
        for cell in &table.cells {
            let raw = doc.cell_text(cell);
            let from = text.len();
            let mut year = None;
            let mut blank = raw.is_empty();
            if !blank && raw.len() <= LONGEST {
                normalise_into(raw, &mut text);
                blank = text.len() == from && raw.chars().all(is_blank);
                year = mask_year(&mut text, from);
                mask_months(&mut text, from);
            }
            keys.push(Key {
                from: from as u32,
                to: text.len() as u32,
                year,
                blank,
            });
        }
        Sheet {
            doc,
            file,
            table,
            text,
            keys,
        }
    }

    /// The comparable text of a cell, years masked; empty for blank and for long texts.
    pub fn key(&self, cell: u32) -> &str {
        match self.keys.get(cell as usize) {
            Some(k) => &self.text[k.from as usize..k.to as usize],
            None => "",
        }
    }

    /// The year printed in a label.
    pub fn year(&self, cell: u32) -> Option<i16> {
        self.keys.get(cell as usize)?.year
    }

    pub fn is_blank(&self, cell: u32) -> bool {
        self.keys.get(cell as usize).is_none_or(|k| k.blank)
    }

    pub fn raw(&self, cell: &Cell) -> &'a str {
        self.doc.cell_text(cell)
    }

    /// Indexes of the cells that begin in a row.
    pub fn own(&self, row: u32) -> Range<u32> {
        let from = self.table.cells.partition_point(|c| c.row < row);
        let to = self.table.cells.partition_point(|c| c.row <= row);
        from as u32..to as u32
    }

    pub fn cell(&self, index: u32) -> &'a Cell {
        &self.table.cells[index as usize]
    }

    /// The cell at an address in this table.
    pub fn at(&self, origin: &Origin) -> Option<u32> {
        match origin.at {
            At::Cell {
                table, row, col, ..
            } if table == self.table.number => self.table.index_at(row, col),
            _ => None,
        }
    }

    /// What a cell means as a label of a form.
    pub fn find<'d>(&self, def: &'d FormDef, cell: u32) -> Option<Found<'d>> {
        find(def, self.key(cell))
    }

    /// The unit in the brackets of a label ("项目资金（万元）").
    pub fn unit(&self, cell: u32, found: &Found<'_>) -> Option<Unit> {
        let (from, to) = found.bracket?;
        let inside = self.key(cell).get(from as usize..to as usize)?;
        Unit::prefix_of(inside)
            .filter(|(_, n)| *n == inside.len())
            .map(|(u, _)| u)
    }
}

/// Replaces a year in a label by YYYY and hands it back.
fn mask_year(text: &mut String, from: usize) -> Option<i16> {
    // Most texts have no digit, and bytes are counted faster than a character is found.
    if text.len() < from + 7 || !text.as_bytes()[from..].iter().any(u8::is_ascii_digit) {
        return None;
    }
    let at = from + text[from..].find('年')?;
    let start = at.checked_sub(4).filter(|s| *s >= from)?;
    let digits = text.as_bytes().get(start..at)?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = text[start..at].parse().ok()?;
    text.replace_range(start..at, "YYYY");
    Some(year)
}

/// What a comparable text means as a label: as it stands, then without brackets, numbering, 其中 and a value after a colon.
pub(super) fn find<'d>(def: &'d FormDef, key: &str) -> Option<Found<'d>> {
    if key.is_empty() {
        return None;
    }
    let labels = &def.recognition;
    if let Some(senses) = labels.senses(key) {
        return Some(Found {
            senses,
            whole: true,
            bracket: None,
            colons: None,
            numbered: false,
        });
    }
    if !may_hold_label(labels, key) {
        return None;
    }
    let (lead, colons, numbered) = lead(key);
    let mut rest = &key[lead..];
    // "2023年1-7月执行数" is the column of the same label without a year.
    if lead == 0
        && let Some(bare) = rest
            .strip_prefix("截至")
            .unwrap_or(rest)
            .strip_prefix("YYYY年")
        && let Some(senses) = labels.senses(bare.strip_prefix('度').unwrap_or(bare))
    {
        return Some(Found {
            senses,
            whole: false,
            bracket: None,
            colons: None,
            numbered,
        });
    }
    let mut colon = None;
    if let Some(at) = memchr::memchr(b':', rest.as_bytes()) {
        colon = Some(colons + 1);
        rest = &rest[..at];
    }
    if (lead > 0 || colon.is_some())
        && !rest.is_empty()
        && let Some(senses) = labels.senses(rest)
    {
        return Some(Found {
            senses,
            whole: false,
            bracket: None,
            colons: colon,
            numbered,
        });
    }
    let bracketed = rest
        .ends_with(')')
        .then(|| rest.rfind('('))
        .flatten()
        .filter(|open| *open > 0)
        .and_then(|open| {
            let senses = labels
                .senses(&rest[..open])
                .or_else(|| labels.senses(&rest[..rest.find('(')?]))?;
            let inside = (lead + open + 1) as u32..(lead + rest.len() - 1) as u32;
            Some((senses, (inside.start, inside.end)))
        });
    if let Some((senses, bracket)) = bracketed {
        return Some(Found {
            senses,
            whole: false,
            bracket: Some(bracket),
            colons: colon,
            numbered,
        });
    }
    Some(Found {
        senses: loose(def, rest)?,
        whole: false,
        bracket: None,
        colons: colon,
        numbered,
    })
}

/// False for a text that is no label whatever is cut off before and behind it: its first character
/// begins no label and is none of those that may stand before one.
fn may_hold_label(labels: &Recognition, key: &str) -> bool {
    let Some(first) = key.chars().next() else {
        return false;
    };
    if first.is_ascii_digit() && key.is_ascii() {
        // A number.
        return labels.initials.may_have(first);
    }
    let han = matches!(first, '\u{4e00}'..='\u{9fff}');
    let before = matches!(first, '其' | '截') || is_chinese_digit(first);
    !han || before || labels.initials.may_have(first)
}

/// Longer texts (in bytes) are no label with something added to it.
const LONGEST_LOOSE: usize = 75;

/// A label with marks, letters, a unit, a year or a second name about it: "★项目名称", "全年执行数B", "执行率B/A×100%",
/// "预算数万元", "2022年度预算数", "年度指标值/目标值".
fn loose<'d>(def: &'d FormDef, key: &str) -> Option<&'d Vec<Sense>> {
    if key.len() > LONGEST_LOOSE || key.starts_with(|c: char| c.is_ascii_digit() || c == '(') {
        return None;
    }
    let labels = &def.recognition;
    let ascii = |c: char| c.is_ascii() && !matches!(c, '(' | ')') || matches!(c, '×' | '÷' | '。');
    let mut rest = key.trim_start_matches(['★', '☆', '*', '※', '▲', '△', '●', '◆', '■', '#']);
    if let Some(after) = rest.strip_prefix("YYYY年") {
        rest = after.strip_prefix('度').unwrap_or(after);
    }
    let letter = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    if rest.len() - letter.len() == 1 {
        rest = letter.trim_start_matches(['.', '、', ':', '-']);
    }
    // Whatever is cut off behind it, a label keeps its first character.
    let first = rest.chars().next()?;
    if first != '(' && !labels.initials.may_have(first) {
        return None;
    }
    // Brackets and what stands in them, wherever they are.
    let mut open = String::new();
    if rest.contains('(') {
        let mut depth = 0usize;
        for c in rest.chars() {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ if depth == 0 => open.push(c),
                _ => {}
            }
        }
        rest = &open;
    }
    let bare = rest.trim_end_matches(ascii);
    let money = ["万元", "亿元", "千元", "元"]
        .iter()
        .find_map(|unit| bare.strip_suffix(unit));
    let first = rest.split(['/', '|', '或']).next().unwrap_or(rest);
    [rest, bare, money.unwrap_or(bare), first]
        .into_iter()
        .filter(|candidate| candidate.len() >= 6 && *candidate != key)
        .find_map(|candidate| labels.senses(candidate))
}

/// The length of "其中:" and numbering at the start of a key, the colons in it, and whether there is a number.
fn lead(key: &str) -> (usize, u32, bool) {
    let mut at = 0;
    let mut colons = 0;
    let mut numbered = false;
    loop {
        let rest = &key[at..];
        if let Some(r) = rest.strip_prefix("其中") {
            at += rest.len() - r.len();
            if r.starts_with(':') {
                at += 1;
                colons += 1;
            } else if r.starts_with(['、', ',', '-', '—']) {
                at += r.chars().next().map_or(0, char::len_utf8);
            }
            continue;
        }
        // A key has no white space.
        match number_end(rest).unwrap_or(0) {
            0 => return (at, colons, numbered),
            n => {
                at += n;
                numbered = true;
            }
        }
    }
}

/// Bytes of the numbering ("1、", "（二）", "③", "十一、") at the start of a text, white space after it included; 0 if none.
pub(super) fn numbering(text: &str) -> usize {
    let body = text.trim_start_matches(is_blank);
    let before = text.len() - body.len();
    let end = number_end(body);
    match end {
        Some(end) => {
            let after = body[end..].trim_start_matches(is_blank);
            before + body.len() - after.len()
        }
        None => 0,
    }
}

/// Bytes of a number with its mark at the start of a text without white space before it.
fn number_end(body: &str) -> Option<usize> {
    let first = body.chars().next().map(half_width)?;
    if !(first.is_ascii_digit() || first == '(' || is_numeral(first)) {
        return None;
    }
    let mut chars = body
        .char_indices()
        .map(|(i, c)| (i, c, half_width(c)))
        .peekable();
    let (_, first, half) = *chars.peek()?;
    if ('①'..='⑳').contains(&first) {
        return Some(first.len_utf8());
    }
    let bracket = half == '(';
    if bracket {
        chars.next();
    }
    let mut count = 0;
    let mut arabic = false;
    while let Some((_, _, c)) = chars.peek() {
        if !(c.is_ascii_digit() || is_chinese_digit(*c)) {
            break;
        }
        arabic |= c.is_ascii_digit();
        count += 1;
        chars.next();
    }
    let (at, mark, half) = chars.next()?;
    let end = at + mark.len_utf8();
    let fits = match half {
        ')' => true,
        '、' => !bracket,
        // "3.5万亩项目" has no number before it.
        '.' | ',' => !bracket && arabic && chars.peek().is_none_or(|(_, _, c)| !c.is_ascii_digit()),
        _ => false,
    };
    (fits && (1..=3).contains(&count)).then_some(end)
}

/// Chinese digits, and the circled numbers that are a number with its mark.
fn is_numeral(c: char) -> bool {
    is_chinese_digit(c) || matches!(c, '①'..='⑳')
}

fn is_chinese_digit(c: char) -> bool {
    matches!(
        c,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
    )
}

/// The bytes of the text after the n-th colon, white space at both ends cut off.
pub(super) fn after_colon(raw: &str, n: u32) -> Range<usize> {
    let mut left = n;
    for (at, c) in raw.char_indices() {
        if c == ':' || c == '：' {
            left = left.saturating_sub(1);
            if left == 0 {
                let from = at + c.len_utf8();
                return trimmed(raw, from..raw.len());
            }
        }
    }
    raw.len()..raw.len()
}

/// A range of bytes without white space at its ends.
pub(super) fn trimmed(raw: &str, range: Range<usize>) -> Range<usize> {
    let part = raw.get(range.clone()).unwrap_or("");
    let inner = trim(part);
    let from = range.start + (part.len() - part.trim_start_matches(is_blank).len());
    from..from + inner.len()
}

/// Characters `[from, to)` of a range of bytes.
pub(super) fn chars(raw: &str, range: &Range<usize>) -> (u32, u32) {
    let from = raw.get(..range.start).map_or(0, |s| s.chars().count()) as u32;
    (
        from,
        from + raw.get(range.clone()).map_or(0, |s| s.chars().count()) as u32,
    )
}

/// Does any of the senses fit?
pub(super) fn any(senses: &[Sense], wanted: impl Fn(Role) -> bool) -> bool {
    senses.iter().any(|s| wanted(s.role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_is_told_from_numbers() {
        for (text, cut) in [
            ("1、 机关运行经费", "机关运行经费"),
            ("12．基础测绘", "基础测绘"),
            ("（一）基本情况", "基本情况"),
            ("(3)控违", "控违"),
            ("③商品", "商品"),
            ("十一、控违", "控违"),
            ("2022至2024年山水项目", "2022至2024年山水项目"),
            ("3.5万亩项目", "3.5万亩项目"),
            ("（续）", "（续）"),
            ("一", "一"),
            ("1", "1"),
        ] {
            assert_eq!(&text[numbering(text)..], cut, "{text}");
        }
    }
}
