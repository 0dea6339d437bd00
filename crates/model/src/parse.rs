//! Printed strings come in; values without loss go out: numbers with their printed scale, percentages, dates, units.
//!
//! Nothing is guessed: a string that is not wholly a number with a unit, or a date, stays text.

use crate::form::FieldType;
use crate::label::{half_width, is_blank, trim};
use crate::unit::Unit;
use crate::value::{Date, Operator, Value, ValueKind, days_in};
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// Longer strings are text; no printed number with its unit comes near.
const LONGEST: usize = 96;

/// Signs and words before a number, longest first where one begins another.
const PREFIXES: &[(&str, Operator)] = &[
    (">=", Operator::AtLeast),
    ("=>", Operator::AtLeast),
    ("≥", Operator::AtLeast),
    ("≧", Operator::AtLeast),
    ("不少于", Operator::AtLeast),
    ("不低于", Operator::AtLeast),
    ("不小于", Operator::AtLeast),
    ("大于等于", Operator::AtLeast),
    ("大于或等于", Operator::AtLeast),
    ("至少", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("=<", Operator::AtMost),
    ("≤", Operator::AtMost),
    ("≦", Operator::AtMost),
    ("不超过", Operator::AtMost),
    ("不高于", Operator::AtMost),
    ("不大于", Operator::AtMost),
    ("不多于", Operator::AtMost),
    ("不晚于", Operator::AtMost),
    ("不迟于", Operator::AtMost),
    ("小于等于", Operator::AtMost),
    ("小于或等于", Operator::AtMost),
    ("至多", Operator::AtMost),
    (">", Operator::MoreThan),
    ("﹥", Operator::MoreThan),
    ("大于", Operator::MoreThan),
    ("超过", Operator::MoreThan),
    ("高于", Operator::MoreThan),
    ("多于", Operator::MoreThan),
    ("<", Operator::LessThan),
    ("﹤", Operator::LessThan),
    ("小于", Operator::LessThan),
    ("低于", Operator::LessThan),
    ("少于", Operator::LessThan),
    ("=", Operator::Equal),
    ("等于", Operator::Equal),
];

/// Words after a number, longest first where one ends another.
const SUFFIXES: &[(&str, Operator)] = &[
    ("及以上", Operator::AtLeast),
    ("或以上", Operator::AtLeast),
    ("以上", Operator::AtLeast),
    ("及以下", Operator::AtMost),
    ("或以下", Operator::AtMost),
    ("以下", Operator::AtMost),
    ("以内", Operator::AtMost),
    ("之内", Operator::AtMost),
];

/// What a printed string means when its column says nothing about it (targets, actual values).
pub fn parse(text: &str) -> Value {
    parse_as(text, FieldType::Any, None)
}

/// What a printed string means in a field of a type; `unit` is the one its column or form gives.
pub fn parse_as(text: &str, ty: FieldType, unit: Option<&Unit>) -> Value {
    let text = trim(text);
    if text.is_empty() {
        return Value {
            unit: given(ty, unit),
            ..Value::bare(ValueKind::Blank)
        };
    }
    if is_not_applicable(text) {
        return Value {
            unit: given(ty, unit),
            ..Value::bare(ValueKind::NotApplicable)
        };
    }
    match ty {
        FieldType::Text | FieldType::Signature | FieldType::Phone => {
            return Value::bare(ValueKind::Text);
        }
        FieldType::Date => {
            return date_value(text, true).unwrap_or_else(|| Value::bare(ValueKind::Text));
        }
        _ => {}
    }
    // Most numbers of a form are printed plainly.
    let figures = |b: u8| b.is_ascii_digit() || b == b'%' || (b == b'.' && ty != FieldType::Any);
    if text.len() <= LONGEST
        && text.bytes().all(figures)
        && let Some(value) = quantity(text)
    {
        return with_unit(value, ty, unit);
    }
    // Most words of a form hold no digit of any width; they need no closer look.
    if !text.chars().any(|c| half_width(c).is_ascii_digit()) {
        return Value::bare(ValueKind::Text);
    }
    let plain = match plain(text) {
        Some(p) => p,
        None => return Value::bare(ValueKind::Text),
    };
    if ty == FieldType::Any
        && plain.contains(['年', '/', '.', '-'])
        && let Some(v) = date_value(&plain, false)
    {
        return v;
    }
    match quantity(&plain) {
        Some(value) => with_unit(value, ty, unit),
        None => Value::bare(ValueKind::Text),
    }
}

fn with_unit(value: Value, ty: FieldType, unit: Option<&Unit>) -> Value {
    Value {
        unit: value.unit.or_else(|| given(ty, unit)),
        ..value
    }
}

/// The unit a column gives to numbers that print none.
fn given(ty: FieldType, unit: Option<&Unit>) -> Option<Unit> {
    // Made once: every cell of a form asks for them.
    static UNITS: LazyLock<[Unit; 5]> =
        LazyLock::new(|| ["万元", "%", "分", "人", "㎡"].map(Unit::of));
    let known = match (unit, ty) {
        (Some(u), _) => return Some(u.clone()),
        (None, FieldType::Money) => 0,
        (None, FieldType::Rate) => 1,
        (None, FieldType::Points) => 2,
        (None, FieldType::Persons) => 3,
        (None, FieldType::Area) => 4,
        _ => return None,
    };
    UNITS.get(known).cloned()
}

/// "—", "/", "不适用" and the like.
pub fn is_not_applicable(text: &str) -> bool {
    let dash = |c: char| {
        matches!(
            c,
            '—' | '–'
                | '－'
                | '-'
                | '―'
                | '─'
                | '━'
                | '‐'
                | '‑'
                | '−'
                | '/'
                | '／'
                | '\\'
                | '＼'
                | '一'
        )
    };
    // 一 alone is a dash typed with the wrong key; 一一 likewise; a longer run never occurs as a number.
    if !text.is_empty() && text.chars().filter(|c| !is_blank(*c)).all(dash) {
        return true;
    }
    matches!(text, "不适用" | "不涉及" | "N/A" | "n/a" | "NA" | "×")
}

/// Half-width and without white space between number and unit; `None` when it cannot be a quantity.
fn plain(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if is_blank(c) {
            // A number broken over two lines of a narrow cell goes on; two numbers with a blank between them do not.
            gap |= c != '\n' && c != '\r';
            continue;
        }
        let c = match half_width(c) {
            '−' | '﹣' => '-',
            '﹪' => '%',
            '，' => ',',
            c => c,
        };
        if gap && c.is_ascii_digit() && out.ends_with(|p: char| p.is_ascii_digit()) {
            return None;
        }
        gap = false;
        out.push(c);
    }
    Some(out)
}

/// The operator at the start of a plain string and what follows it.
fn prefixed(plain: &str) -> Option<(Operator, &str)> {
    if plain.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    PREFIXES
        .iter()
        .find_map(|(p, o)| Some((*o, plain.strip_prefix(p)?)))
}

/// A number with sign, operator and unit that fills the whole string.
fn quantity(plain: &str) -> Option<Value> {
    let (mut operator, rest) = match prefixed(plain) {
        Some((o, rest)) => (Some(o), rest),
        None => (None, plain),
    };
    let (number, length) = number_at(rest)?;
    let mut tail = &rest[length..];
    if let Some((t, o)) = SUFFIXES
        .iter()
        .find_map(|(s, o)| Some((tail.strip_suffix(s)?, *o)))
    {
        if operator.is_none() {
            operator = Some(o);
        }
        tail = t;
    }
    if tail.is_empty() {
        return Some(Value {
            operator,
            kind: ValueKind::Number(number),
            unit: None,
            unit_printed: false,
        });
    }
    if matches!(tail, "%" | "百分比" | "%(百分比)" | "百分数") {
        return Some(Value {
            operator,
            kind: ValueKind::Percent(number),
            unit: Some(Unit::percent()),
            unit_printed: true,
        });
    }
    if !is_unit(tail) {
        return None;
    }
    Some(Value {
        operator,
        kind: ValueKind::Number(number),
        unit: Some(Unit::of(tail)),
        unit_printed: true,
    })
}

/// Could these characters after a number be its unit, and nothing more?
fn is_unit(tail: &str) -> bool {
    if Unit::prefix_of(tail).is_some_and(|(_, length)| length == tail.len()) {
        return true;
    }
    let mut count = 0;
    for c in tail.chars() {
        count += 1;
        if c.is_ascii_digit()
            || !(c.is_alphabetic() || matches!(c, '/' | '·' | '²' | '³' | '㎡' | '‰' | '℃' | '°'))
        {
            return false;
        }
    }
    // "元/户·年" is a unit, "个项目全部完成" is a sentence.
    count <= 4 || (count <= 8 && tail.contains('/'))
}

/// The number at the start of a plain string and its length in bytes; thousands separators must stand right.
pub fn number_at(plain: &str) -> Option<(Decimal, usize)> {
    let bytes = plain.as_bytes();
    let mut at = 0;
    let negative = match bytes.first() {
        Some(b'-') => {
            at = 1;
            true
        }
        Some(b'+') => {
            at = 1;
            false
        }
        _ => false,
    };
    let mut mantissa: i128 = 0;
    let mut digits = 0u32;
    let mut scale = 0u32;
    let mut group: Option<u32> = None;
    while let Some(&b) = bytes.get(at) {
        match b {
            b'0'..=b'9' => {
                mantissa = mantissa
                    .checked_mul(10)?
                    .checked_add(i128::from(b - b'0'))?;
                digits += 1;
                if let Some(g) = &mut group {
                    *g += 1;
                }
            }
            b',' if digits > 0 => {
                if group.unwrap_or(3) != 3 || (group.is_none() && digits > 3) {
                    return None;
                }
                group = Some(0);
            }
            _ => break,
        }
        at += 1;
    }
    if digits == 0 || group.is_some_and(|g| g != 3) {
        return None;
    }
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at += 1;
        while let Some(&b) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
            mantissa = mantissa
                .checked_mul(10)?
                .checked_add(i128::from(b - b'0'))?;
            scale += 1;
            at += 1;
        }
        if bytes.get(at) == Some(&b'.') {
            return None;
        }
    }
    let signed = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(signed, scale)
        .ok()
        .map(|d| (d, at))
}

/// A date that fills the string ("2024年12月10日前"), or begins it when `lenient` (fields of type date).
fn date_value(text: &str, lenient: bool) -> Option<Value> {
    let plain = plain(text)?;
    let (mut operator, rest) = match prefixed(&plain) {
        Some((o, rest)) => (Some(o), rest),
        None => (None, plain.as_str()),
    };
    let (date, length) = date_at(rest, lenient)?;
    let mut tail = &rest[length..];
    for before in ["之前", "以前", "前"] {
        if let Some(t) = tail.strip_suffix(before) {
            tail = t;
            operator = operator.or(Some(Operator::AtMost));
            break;
        }
    }
    let end = matches!(tail, "" | "底" | "末" | "度" | "内");
    (end || lenient).then(|| Value {
        operator,
        ..Value::bare(ValueKind::Date(date))
    })
}

/// The date at the start of a plain string and its length in bytes: 2023/12/31, 2024.5.8, 2023-12, 2023年12月31日, 2023年底.
pub fn date_at(plain: &str, lenient: bool) -> Option<(Date, usize)> {
    let bytes = plain.as_bytes();
    let number = |from: usize, most: usize| -> Option<(u16, usize)> {
        let mut value = 0u16;
        let mut to = from;
        while to < from + most && bytes.get(to).is_some_and(u8::is_ascii_digit) {
            value = value * 10 + u16::from(bytes[to] - b'0');
            to += 1;
        }
        (to > from).then_some((value, to))
    };
    let (year, at) = number(0, 4)?;
    if at != 4 || !(1900..2200).contains(&year) {
        return None;
    }
    let year = year as i16;
    let valid = |month: u16, day: Option<u16>| {
        (1..=12).contains(&month)
            && day.is_none_or(|d| d >= 1 && d <= u16::from(days_in(year, month as u8)))
    };
    if let Some(rest) = plain[at..].strip_prefix('年') {
        let at = plain.len() - rest.len();
        let only_year = Some((
            Date {
                year,
                month: None,
                day: None,
            },
            at,
        ));
        let Some((month, to)) = number(at, 2) else {
            return only_year;
        };
        let rest = plain[to..]
            .strip_prefix('月')
            .or_else(|| plain[to..].strip_prefix(['.', '/', '-']))?;
        let at = plain.len() - rest.len();
        if !valid(month, None) {
            return None;
        }
        let only_month = Some((
            Date {
                year,
                month: Some(month as u8),
                day: None,
            },
            at,
        ));
        let Some((day, to)) = number(at, 2) else {
            return only_month;
        };
        if !valid(month, Some(day)) {
            return None;
        }
        let rest = plain[to..]
            .strip_prefix(['日', '号'])
            .unwrap_or(&plain[to..]);
        return Some((
            Date {
                year,
                month: Some(month as u8),
                day: Some(day as u8),
            },
            plain.len() - rest.len(),
        ));
    }
    if lenient && plain.len() == 8 && bytes.iter().all(u8::is_ascii_digit) {
        let (month, to) = number(4, 2)?;
        let (day, end) = number(to, 2)?;
        return (end == 8 && valid(month, Some(day))).then_some((
            Date {
                year,
                month: Some(month as u8),
                day: Some(day as u8),
            },
            8,
        ));
    }
    let separator = *bytes.get(at).filter(|b| matches!(b, b'/' | b'.' | b'-'))?;
    let (month, to) = number(at + 1, 2)?;
    if !valid(month, None) {
        return None;
    }
    if bytes.get(to) == Some(&separator) {
        let (day, end) = number(to + 1, 2)?;
        if !valid(month, Some(day)) || bytes.get(end).is_some_and(u8::is_ascii_digit) {
            return None;
        }
        let rest = plain[end..].strip_prefix('日').unwrap_or(&plain[end..]);
        return Some((
            Date {
                year,
                month: Some(month as u8),
                day: Some(day as u8),
            },
            plain.len() - rest.len(),
        ));
    }
    // "2023.12" and "2023-12" are numbers or ranges as often as months; "2023/12" is not.
    if !lenient && separator != b'/' || bytes.get(to).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((
        Date {
            year,
            month: Some(month as u8),
            day: None,
        },
        to,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(s: &str) -> Decimal {
        s.parse().expect("a decimal of the test")
    }

    fn number(text: &str) -> (Option<Operator>, ValueKind, Option<String>) {
        let v = parse(text);
        (v.operator, v.kind, v.unit.map(|u| u.symbol.to_string()))
    }

    #[test]
    fn amounts_with_units_keep_their_scale() {
        let n = |s: &str| ValueKind::Number(decimal(s));
        assert_eq!(
            number("519.84万亩"),
            (None, n("519.84"), Some("万亩".into()))
        );
        assert_eq!(
            number("≤1433.33万元"),
            (Some(Operator::AtMost), n("1433.33"), Some("万元".into()))
        );
        assert_eq!(number("2,279.05"), (None, n("2279.05"), None));
        assert_eq!(number("-0.50"), (None, n("-0.50"), None));
        assert_eq!(number("100 分"), (None, n("100"), Some("分".into())));
        assert_eq!(
            number("不少于150个"),
            (Some(Operator::AtLeast), n("150"), Some("个".into()))
        );
        assert_eq!(number("8009.\n52"), (None, n("8009.52"), None));
        assert_eq!(number("2万元/个"), (None, n("2"), Some("万元/个".into())));
        let ValueKind::Number(kept) = parse("10.00").kind else {
            panic!("not a number")
        };
        assert_eq!(kept.scale(), 2);
    }

    #[test]
    fn full_width_digits_and_signs_are_read() {
        let p = |s: &str| ValueKind::Percent(decimal(s));
        for text in [
            "≥90%",
            "≧90%",
            ">=90%",
            "＞＝９０％",
            "≥ 90 %",
            "90%以上",
            ">=90%(百分比)",
            "≥90百分比",
        ] {
            assert_eq!(
                number(text),
                (Some(Operator::AtLeast), p("90"), Some("%".into())),
                "{text}"
            );
        }
        assert_eq!(number("═100%").0, Some(Operator::Equal));
        assert_eq!(number("﹦100%").0, Some(Operator::Equal));
        assert_eq!(number("100百分比"), (None, p("100"), Some("%".into())));
    }

    #[test]
    fn dates_have_the_precision_that_is_printed() {
        let d = |year, month, day| ValueKind::Date(Date { year, month, day });
        assert_eq!(parse("2023/12/31").kind, d(2023, Some(12), Some(31)));
        assert_eq!(parse("2024.5.8").kind, d(2024, Some(5), Some(8)));
        let before = parse("2024年12月10日前");
        assert_eq!(
            (before.operator, before.kind),
            (Some(Operator::AtMost), d(2024, Some(12), Some(10)))
        );
        assert_eq!(parse("2023年底").kind, d(2023, None, None));
        assert_eq!(parse("2023年12月底前").kind, d(2023, Some(12), None));
        assert_eq!(
            parse_as("2024.5.8", FieldType::Date, None).kind,
            d(2024, Some(5), Some(8))
        );
        assert_eq!(
            parse_as("20240508", FieldType::Date, None).kind,
            d(2024, Some(5), Some(8))
        );
        assert_eq!(parse("2023/2/30").kind, ValueKind::Text);
        assert_eq!(parse("2023.12").kind, ValueKind::Number(decimal("2023.12")));
        assert_eq!(
            parse_as("2023.12", FieldType::Date, None).kind,
            d(2023, Some(12), None)
        );
    }

    #[test]
    fn blank_zero_and_not_applicable_differ() {
        assert_eq!(parse("　 ").kind, ValueKind::Blank);
        assert_eq!(parse("0").kind, ValueKind::Number(Decimal::ZERO));
        for text in ["—", "——", "/", "-", "／", "不适用"] {
            assert_eq!(parse(text).kind, ValueKind::NotApplicable, "{text}");
        }
        assert_eq!(parse("无").kind, ValueKind::Text);
    }

    #[test]
    fn what_is_not_wholly_a_quantity_stays_text() {
        for text in [
            "80%-90%",
            "及时",
            "每亩300",
            "1,43.33",
            "90 95",
            "3个以上项目全部完成",
            "1.2.3",
            "12345678901234567890123456789012345",
        ] {
            assert_eq!(parse(text).kind, ValueKind::Text, "{text}");
        }
    }

    #[test]
    fn a_column_gives_its_unit() {
        let v = parse_as("130.00", FieldType::Money, Some(&Unit::of("元")));
        assert_eq!(
            (v.unit.map(|u| u.symbol.to_string()), v.unit_printed),
            (Some("元".into()), false)
        );
        let v = parse_as("2.5亿元", FieldType::Money, Some(&Unit::of("元")));
        assert_eq!(
            (v.unit.map(|u| u.symbol.to_string()), v.unit_printed),
            (Some("亿元".into()), true)
        );
    }
}
