//! The text of a paragraph comes in; its numbers with their units and places go out. Years, list numbers and document numbers are left out.

use jiheng_model::Decimal;
use jiheng_model::unit::{Dimension, Unit};

/// A number in running text.
#[derive(Clone, Debug)]
pub struct Number {
    /// Byte where it begins, sign included.
    pub start: usize,
    /// Byte after the number and its unit.
    pub end: usize,
    /// Byte after the digits.
    pub digits_end: usize,
    /// The number as printed.
    pub value: Decimal,
    /// Its unit, if one is printed.
    pub unit: Option<Unit>,
    /// A measure of something per something, an approximation or a bound after the number: no statement of an exact amount.
    pub loose: bool,
}

/// The next number of `text` at or after byte `from` that states a quantity.
pub fn next(text: &str, from: usize) -> Option<Number> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(offset) = bytes.get(at..)?.iter().position(u8::is_ascii_digit) {
        let start = at + offset;
        let (end, value) = digits(bytes, start);
        if let Some(value) = value
            && let Some(number) = quantity(text, start, end, value)
        {
            return Some(number);
        }
        at = end;
    }
    None
}

/// The digits from `start`: the byte after them, and their value unless it is too long to be exact.
fn digits(bytes: &[u8], start: usize) -> (usize, Option<Decimal>) {
    let is_digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let (mut at, mut value, mut scale, mut count) = (start, 0i64, 0u32, 0u32);
    let mut fraction = false;
    loop {
        match bytes.get(at) {
            Some(d) if d.is_ascii_digit() => {
                count += 1;
                if count <= 18 {
                    value = value * 10 + i64::from(d - b'0');
                    scale += u32::from(fraction);
                }
                at += 1;
            }
            // A comma groups thousands only before exactly three digits.
            Some(b',')
                if !fraction
                    && is_digit(at + 1)
                    && is_digit(at + 2)
                    && is_digit(at + 3)
                    && !is_digit(at + 4) =>
            {
                at += 1
            }
            Some(b'.') if !fraction && is_digit(at + 1) => {
                fraction = true;
                at += 1;
            }
            _ => break,
        }
    }
    (at, (count <= 18).then(|| Decimal::new(value, scale)))
}

/// The number with its unit, or `None` when it is a year, a mark, or part of a name.
fn quantity(text: &str, start: usize, digits_end: usize, value: Decimal) -> Option<Number> {
    let before = text[..start].chars().next_back();
    let rest = &text[digits_end..];
    let mut start = start;
    let mut value = value;
    match before {
        Some(c)
            if c.is_ascii_alphabetic()
                || matches!(
                    c,
                    '+' | '第' | '〔' | '[' | '［' | '/' | '.' | '．' | '~' | '～' | '至' | '×'
                ) =>
        {
            return None;
        }
        Some('件' | '表') if text[..start].ends_with("附件") || text[..start].ends_with("附表") =>
        {
            return None;
        }
        Some('—' | '–') => return None,
        Some(c @ ('-' | '－' | '−')) => {
            let earlier = text[..start - c.len_utf8()].chars().next_back();
            if earlier.is_some_and(|e| e.is_ascii_alphanumeric() || e == c) {
                return None;
            }
            start -= c.len_utf8();
            value.set_sign_negative(true);
        }
        _ => {}
    }
    let after = rest.chars().next();
    match after {
        Some('年') if (1900..2200).contains(&value.trunc_i64()) && digits_end - start == 4 => {
            return None;
        }
        Some(
            '月' | '日' | '号' | '届' | '〕' | ']' | '］' | '、' | '～' | '~' | '-' | '－' | '—'
            | '款' | '章' | '层' | '#' | '+',
        ) => return None,
        Some(')' | '）') if matches!(before, Some('(' | '（')) => return None,
        Some('.') if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => return None,
        Some(c) if c.is_ascii_alphabetic() && Unit::prefix_of(rest).is_none() => return None,
        _ => {}
    }
    let (skipped, mut loose) = match after {
        Some(c @ ('余' | '多')) => (c.len_utf8(), true),
        _ => (0, false),
    };
    let (unit, length) = match unit_of(&rest[skipped..]) {
        Some((unit, length)) => (Some(unit), skipped + length),
        None => (None, 0),
    };
    let mut end = digits_end + length;
    let tail = &text[end..];
    if unit.is_some() && (tail.starts_with('/') || tail.starts_with('／')) {
        let word = tail.chars().nth(1).map_or(0, char::len_utf8);
        end += tail.chars().next().map_or(0, char::len_utf8) + word;
        return Some(Number {
            start,
            end,
            digits_end,
            value,
            unit: Some(Unit::of(&text[digits_end..end])),
            loose: true,
        });
    }
    loose |= ["以上", "以下", "以内", "及以上", "及以下", "左右", "余"]
        .iter()
        .any(|w| tail.starts_with(w));
    Some(Number {
        start,
        end,
        digits_end,
        value,
        unit,
        loose,
    })
}

trait Whole {
    fn trunc_i64(&self) -> i64;
}

impl Whole for Decimal {
    fn trunc_i64(&self) -> i64 {
        i64::try_from(self.trunc().mantissa()).unwrap_or(i64::MAX)
    }
}

/// The unit at the start of `rest`, with its length in bytes.
fn unit_of(rest: &str) -> Option<(Unit, usize)> {
    let counted = measure_word(rest);
    let known = Unit::prefix_of(rest).filter(|(u, n)| {
        !(u.dimension == Dimension::Points
            && matches!(rest[*n..].chars().next(), Some('别' | '布' | '析')))
    });
    match (known, counted) {
        (Some(k), Some(c)) if c.1 > k.1 => Some(c),
        (Some(k), _) => Some(k),
        (None, c) => c,
    }
}

/// A measure word, with 万 before it or 次 after it.
fn measure_word(rest: &str) -> Option<(Unit, usize)> {
    let mut chars = rest.char_indices().peekable();
    let (_, first) = *chars.peek()?;
    if first.is_ascii() || matches!(first, '，' | '。' | '；' | '、' | '：') {
        return None;
    }
    if first == '万' {
        chars.next();
    }
    let (at, word) = chars.next()?;
    let mut end = at + word.len_utf8();
    if chars.peek().is_some_and(|(_, c)| *c == '次') && word != '次' {
        let longer = Unit::of(&rest[..end + '次'.len_utf8()]);
        if longer.dimension == Dimension::Count {
            end += '次'.len_utf8();
            return Some((longer, end));
        }
    }
    let unit = Unit::of(&rest[..end]);
    match unit.dimension {
        Dimension::Other if word == '年' => Some((unit, end)),
        Dimension::Other => None,
        _ => Some((unit, end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(n) = next(text, at) {
            out.push(format!(
                "{}{}",
                n.value,
                n.unit.as_ref().map_or("", |u| &u.symbol)
            ));
            at = n.end;
        }
        out
    }

    #[test]
    fn years_marks_and_names_are_not_quantities() {
        assert_eq!(
            all("2023年度G107国道（财预〔2020〕10号）第3条，附件3-1，2024.5.8，1+3+X"),
            [""; 0]
        );
        assert_eq!(
            all("2023年实有61人，城乡社区支出2,279.05万元"),
            ["61人", "2279.05万元"]
        );
        assert_eq!(
            all("受益22.8万人次，设计使用26年，1429.31元/栋，占57.63%"),
            ["22.8万人次", "26年", "1429.31元/栋", "57.63%"]
        );
        // A clause has its 第; without it the word counts.
        assert_eq!(all("按第25条归集信用记录4316条"), ["4316条"]);
        assert_eq!(
            all("得3.68分，发放问卷806份，提高5个百分点，结余-15.30万元"),
            ["3.68分", "806份", "5个百分点", "-15.30万元"]
        );
    }
}
