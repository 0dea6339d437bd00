//! A stored number and its number format come in; the text that Excel prints in the cell goes out.
//!
//! The number becomes a decimal of at most 15 significant digits at the door, as Excel shows it, and
//! is rounded half away from zero.

use jiheng_model::Decimal;
use rust_decimal::RoundingStrategy;
use std::fmt::Write as _;

/// A number format, ready to print with.
#[derive(Clone, Debug, Default)]
pub(in crate::read) struct NumberFormat {
    sections: Vec<Section>,
    general: bool,
}

#[derive(Clone, Debug, Default)]
struct Section {
    condition: Option<(Comparison, Decimal)>,
    parts: Vec<Part>,
    kind: SectionKind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SectionKind {
    /// Only literal text.
    #[default]
    Literal,
    General,
    Number,
    Date,
    /// Fractions and the like.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessEqual,
    Equal,
    NotEqual,
    More,
    MoreEqual,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    /// Between digits: thousands; behind them: a division by a thousand.
    Comma,
    Percent,
    /// `E+` and the count of digits is in the parts that follow.
    Exponent,
    /// `y m d h s` and how often; `n` is minutes, `a` is 上午/下午.
    Date(char, usize),
    /// `[h]`: hours beyond a day.
    Elapsed(char),
}

/// What came of printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::read) struct Printed {
    /// The text.
    pub text: String,
    /// The format was not understood and the number stands in its shortest form.
    pub plain: bool,
}

/// The formats that need no code in the file, as a Chinese Excel prints them.
pub(in crate::read) fn built_in(id: u32) -> Option<&'static str> {
    Some(match id {
        0 => "General",
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 => "\"¥\"#,##0;\"¥\"-#,##0",
        7 | 8 => "\"¥\"#,##0.00;\"¥\"-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        41 => "_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ",
        42 => "_ \"¥\"* #,##0_ ;_ \"¥\"* -#,##0_ ;_ \"¥\"* \"-\"_ ;_ @_ ",
        43 => "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
        44 => "_ \"¥\"* #,##0.00_ ;_ \"¥\"* -#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        27 | 36 | 50 | 52 | 57 => "yyyy\"年\"m\"月\"",
        28 | 29 | 51 | 53 | 54 | 58 => "m\"月\"d\"日\"",
        30 => "m-d-yy",
        31 => "yyyy\"年\"m\"月\"d\"日\"",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        _ => return None,
    })
}

/// A stored number as a decimal: the shortest text of the `f64`, at most 15 significant digits.
pub(in crate::read) fn decimal(stored: &str) -> Option<Decimal> {
    decimal_of(stored.trim().parse().ok()?)
}

/// Like [`decimal`], of a number that is stored in binary.
pub(in crate::read) fn decimal_of(number: f64) -> Option<Decimal> {
    if !number.is_finite() {
        return None;
    }
    Some(
        Decimal::from_scientific(&format!("{number:.14e}"))
            .ok()?
            .normalize(),
    )
}

impl NumberFormat {
    /// Reads a format code.
    pub fn new(code: &str) -> NumberFormat {
        if code.eq_ignore_ascii_case("general") || code == "@" || code.is_empty() {
            return NumberFormat {
                sections: Vec::new(),
                general: true,
            };
        }
        NumberFormat {
            sections: split_sections(code)
                .into_iter()
                .map(|s| section(&s))
                .collect(),
            general: false,
        }
    }

    /// Prints a number. `date1904`: days are counted from 1904.
    pub fn print(&self, number: Decimal, date1904: bool) -> Printed {
        let plain = |plain| Printed {
            text: number.normalize().to_string(),
            plain,
        };
        if self.general {
            return plain(false);
        }
        let Some((section, sign)) = self.choose(number) else {
            return plain(false);
        };
        let text = match section.kind {
            SectionKind::Literal => {
                // An accounting format prints a stored zero as a dash: it is a zero all the same, not 不适用.
                if number.is_zero()
                    && self.sections.len() > 2
                    && section
                        .parts
                        .iter()
                        .any(|p| matches!(p, Part::Literal(l) if l.contains('-')))
                {
                    return NumberFormat {
                        sections: self.sections[..1].to_vec(),
                        general: false,
                    }
                    .print(number, date1904);
                }
                Some(literals(&section.parts))
            }
            SectionKind::General => {
                Some(section.parts.iter().fold(String::new(), |mut out, part| {
                    match part {
                        Part::Literal(l) => out.push_str(l),
                        _ => out.push_str(&number.abs().normalize().to_string()),
                    }
                    out
                }))
                .map(|t| if sign { format!("-{t}") } else { t })
            }
            SectionKind::Number => print_number(&section.parts, number, sign),
            SectionKind::Date => print_date(&section.parts, number, date1904),
            SectionKind::Unknown => None,
        };
        match text {
            Some(text) => Printed {
                text: text.trim().to_string(),
                plain: false,
            },
            None => plain(true),
        }
    }

    /// The section for a number, and whether a minus sign is still to be printed.
    fn choose(&self, number: Decimal) -> Option<(&Section, bool)> {
        let negative = number.is_sign_negative() && !number.is_zero();
        let numeric: Vec<&Section> = self.sections.iter().take(3).collect();
        if numeric.iter().any(|s| s.condition.is_some()) {
            let found = numeric.iter().find(|s| {
                s.condition
                    .is_none_or(|(how, limit)| how.holds(number, limit))
            });
            return found.or(numeric.last()).map(|s| (*s, negative));
        }
        match (numeric.len(), negative, number.is_zero()) {
            (0, ..) => None,
            (2.., true, _) => Some((numeric[1], false)),
            (3, _, true) => Some((numeric[2], false)),
            _ => Some((numeric[0], negative)),
        }
    }
}

impl Comparison {
    fn holds(self, number: Decimal, limit: Decimal) -> bool {
        match self {
            Comparison::Less => number < limit,
            Comparison::LessEqual => number <= limit,
            Comparison::Equal => number == limit,
            Comparison::NotEqual => number != limit,
            Comparison::More => number > limit,
            Comparison::MoreEqual => number >= limit,
        }
    }
}

/// Sections between semicolons that stand outside quotes and brackets.
fn split_sections(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut quoted = false;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        if c == ';' && !quoted {
            sections.push(String::new());
            continue;
        }
        let Some(section) = sections.last_mut() else {
            break;
        };
        section.push(c);
        match c {
            '"' => quoted = !quoted,
            '\\' | '!' | '_' | '*' if !quoted => section.extend(chars.next()),
            _ => {}
        }
    }
    sections
}

fn section(code: &str) -> Section {
    let mut out = Section::default();
    let mut chars = code.chars().peekable();
    let mut literal = String::new();
    let flush = |literal: &mut String, parts: &mut Vec<Part>| {
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(literal)));
        }
    };
    let mut dates = false;
    let mut fraction = false;
    let mut general = false;
    while let Some(c) = chars.next() {
        let rest: String = chars.clone().take(8).collect();
        match c {
            '"' => {
                for q in chars.by_ref() {
                    if q == '"' {
                        break;
                    }
                    literal.push(q);
                }
            }
            '\\' | '!' => literal.extend(chars.next()),
            // Room as wide as a character, or filled with one: nothing that is said.
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                flush(&mut literal, &mut out.parts);
                bracket(&inside, &mut out, &mut dates);
            }
            '0' | '#' | '?' => {
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Digit(c));
            }
            '.' => {
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Point);
            }
            ',' => {
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Comma);
            }
            '%' => {
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Percent);
            }
            '/' if !dates && out.parts.iter().any(|p| matches!(p, Part::Digit(_))) => {
                fraction = true
            }
            'E' | 'e'
                if matches!(chars.peek(), Some('+' | '-'))
                    && out.parts.iter().any(|p| matches!(p, Part::Digit(_))) =>
            {
                chars.next();
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Exponent);
            }
            'G' | 'g' if rest.to_ascii_lowercase().starts_with("eneral") => {
                chars.nth(5);
                flush(&mut literal, &mut out.parts);
                general = true;
                out.parts.push(Part::Digit('G'));
            }
            'A' | 'a' if rest.to_ascii_uppercase().starts_with("M/PM") => {
                chars.nth(3);
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Date('a', 1));
            }
            '上' if rest.starts_with("午/下午") => {
                chars.nth(3);
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Date('a', 1));
            }
            'y' | 'Y' | 'e' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => {
                let letter = if c == 'e' {
                    'y'
                } else {
                    c.to_ascii_lowercase()
                };
                let mut count = 1;
                while chars.peek().is_some_and(|n| n.eq_ignore_ascii_case(&c)) {
                    chars.next();
                    count += 1;
                }
                if c == 'e' {
                    count = 4;
                }
                flush(&mut literal, &mut out.parts);
                out.parts.push(Part::Date(letter, count));
                dates = true;
            }
            '@' => {}
            _ => literal.push(c),
        }
    }
    flush(&mut literal, &mut out.parts);
    let digits = out
        .parts
        .iter()
        .any(|p| matches!(p, Part::Digit(d) if *d != 'G'));
    out.kind = match (dates, general, fraction, digits) {
        (true, ..) => SectionKind::Date,
        (_, true, ..) => SectionKind::General,
        (_, _, true, _) => SectionKind::Unknown,
        // Only `?`: room for digits, as in the dash of accounting formats.
        (.., true)
            if out
                .parts
                .iter()
                .any(|p| matches!(p, Part::Digit('0' | '#'))) =>
        {
            SectionKind::Number
        }
        _ => SectionKind::Literal,
    };
    if out.kind == SectionKind::Date {
        minutes(&mut out.parts);
    }
    out
}

/// `[Red]`, `[>=100]`, `[$¥-804]`, `[h]`, `[DBNum1]`.
fn bracket(inside: &str, out: &mut Section, dates: &mut bool) {
    if let Some(currency) = inside.strip_prefix('$') {
        let symbol = currency.split('-').next().unwrap_or_default();
        if !symbol.is_empty() {
            out.parts.push(Part::Literal(symbol.to_string()));
        }
        return;
    }
    if let Some(first @ ('h' | 'm' | 's')) = inside.chars().next().map(|c| c.to_ascii_lowercase())
        && inside.chars().all(|c| c.eq_ignore_ascii_case(&first))
    {
        out.parts.push(Part::Elapsed(first));
        *dates = true;
        return;
    }
    let operators = [
        ("<=", Comparison::LessEqual),
        (">=", Comparison::MoreEqual),
        ("<>", Comparison::NotEqual),
        ("<", Comparison::Less),
        (">", Comparison::More),
        ("=", Comparison::Equal),
    ];
    for (sign, how) in operators {
        if let Some(limit) = inside.strip_prefix(sign).and_then(decimal) {
            out.condition = Some((how, limit));
            return;
        }
    }
}

/// `m` behind hours or before seconds is minutes.
fn minutes(parts: &mut [Part]) {
    let units: Vec<(usize, char)> = parts
        .iter()
        .enumerate()
        .filter_map(|(i, p)| match p {
            Part::Date(c, _) | Part::Elapsed(c) if *c != 'a' => Some((i, *c)),
            _ => None,
        })
        .collect();
    for (k, &(i, unit)) in units.iter().enumerate() {
        let after_hours = k.checked_sub(1).is_some_and(|b| units[b].1 == 'h');
        let before_seconds = units.get(k + 1).is_some_and(|n| n.1 == 's');
        if unit == 'm'
            && (after_hours || before_seconds)
            && let Part::Date(c, n) = &mut parts[i]
            && *n <= 2
        {
            *c = 'n';
        }
    }
}

fn literals(parts: &[Part]) -> String {
    parts.iter().fold(String::new(), |mut out, part| {
        match part {
            Part::Literal(l) => out.push_str(l),
            Part::Percent => out.push('%'),
            _ => {}
        }
        out
    })
}

fn print_number(parts: &[Part], number: Decimal, sign: bool) -> Option<String> {
    if parts.contains(&Part::Exponent) {
        return scientific(parts, number);
    }
    let is_digit = |p: &Part| matches!(p, Part::Digit(_));
    let first = parts.iter().position(is_digit)?;
    let last = parts.iter().rposition(is_digit)?;
    let point = parts.iter().position(|p| *p == Part::Point);
    let integer_end = point.unwrap_or(parts.len());
    let mut value = number.abs();
    for _ in parts.iter().filter(|p| **p == Part::Percent) {
        value = value.checked_mul(Decimal::ONE_HUNDRED)?;
    }
    let mut grouped = false;
    for (i, part) in parts.iter().enumerate() {
        if *part == Part::Comma && i > first {
            if i < last && i < integer_end && parts[i..integer_end].iter().any(is_digit) {
                grouped = true;
            } else if parts[..i]
                .iter()
                .rev()
                .find(|p| !matches!(p, Part::Comma))
                .is_some_and(is_digit)
            {
                value = value.checked_div(Decimal::ONE_THOUSAND)?;
            }
        }
    }
    let places = point.map_or(0, |p| parts[p..].iter().filter(|d| is_digit(d)).count());
    let rounded =
        value.round_dp_with_strategy(places as u32, RoundingStrategy::MidpointAwayFromZero);
    let text = format!("{rounded:.places$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let whole = if whole == "0" { "" } else { whole };
    let mut out = String::new();
    if sign && !rounded.is_zero() {
        out.push('-');
    }
    print_whole(&parts[..integer_end], whole, grouped, &mut out);
    if let Some(point) = point {
        print_fraction(&parts[point..], fraction, &mut out);
    }
    Some(out)
}

/// Digits of the whole part stand at their placeholders from the right; what is left over stands before the first.
fn print_whole(parts: &[Part], digits: &str, grouped: bool, out: &mut String) {
    let holders = parts.iter().filter(|p| matches!(p, Part::Digit(_))).count();
    let digits: Vec<char> = digits.chars().collect();
    let mut left = holders;
    let mut begun = false;
    let total = digits.len();
    let push = |c: char, place: usize, begun: &mut bool, out: &mut String| {
        out.push(c);
        *begun = true;
        if grouped && place > 0 && place.is_multiple_of(3) {
            out.push(',');
        }
    };
    for part in parts {
        match part {
            Part::Literal(l) => out.push_str(l),
            Part::Percent => out.push('%'),
            Part::Digit(holder) => {
                if left == holders && total > holders {
                    for (i, c) in digits[..total - holders].iter().enumerate() {
                        push(*c, total - 1 - i, &mut begun, out);
                    }
                }
                left -= 1;
                match total.checked_sub(left + 1).and_then(|i| digits.get(i)) {
                    Some(c) => push(*c, left, &mut begun, out),
                    None if *holder == '0' => push('0', left, &mut begun, out),
                    None => {}
                }
            }
            _ => {}
        }
    }
}

fn print_fraction(parts: &[Part], digits: &str, out: &mut String) {
    // `#` shows no zeros at the end.
    let holders: Vec<char> = parts
        .iter()
        .filter_map(|p| {
            if let Part::Digit(d) = p {
                Some(*d)
            } else {
                None
            }
        })
        .collect();
    let digits: Vec<char> = digits.chars().collect();
    let shown = (0..holders.len())
        .rev()
        .find(|i| holders[*i] == '0' || digits.get(*i).is_some_and(|d| *d != '0'))
        .map_or(0, |i| i + 1);
    let mut at = 0;
    for part in parts {
        match part {
            Part::Point => out.push('.'),
            Part::Literal(l) => out.push_str(l),
            Part::Percent => out.push('%'),
            Part::Digit(_) => {
                if at < shown {
                    out.push(digits.get(at).copied().unwrap_or('0'));
                }
                at += 1;
            }
            _ => {}
        }
    }
}

fn scientific(parts: &[Part], number: Decimal) -> Option<String> {
    let point = parts.iter().position(|p| *p == Part::Point);
    let exponent = parts.iter().position(|p| *p == Part::Exponent)?;
    let is_digit = |p: &&Part| matches!(p, Part::Digit(_));
    let places = point
        .filter(|p| *p < exponent)
        .map_or(0, |p| parts[p..exponent].iter().filter(is_digit).count());
    let width = parts[exponent..].iter().filter(is_digit).count();
    let mut value = number.abs();
    let mut power = 0_i32;
    while value >= Decimal::TEN {
        value = value.checked_div(Decimal::TEN)?;
        power += 1;
    }
    while !value.is_zero() && value < Decimal::ONE {
        value = value.checked_mul(Decimal::TEN)?;
        power -= 1;
    }
    value = value.round_dp_with_strategy(places as u32, RoundingStrategy::MidpointAwayFromZero);
    if value >= Decimal::TEN {
        value = value.checked_div(Decimal::TEN)?;
        power += 1;
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let power_sign = if power < 0 { '-' } else { '+' };
    Some(format!(
        "{sign}{value:.places$}E{power_sign}{:0width$}",
        power.abs()
    ))
}

fn print_date(parts: &[Part], number: Decimal, date1904: bool) -> Option<String> {
    if number.is_sign_negative() {
        return None;
    }
    let decimals = parts
        .iter()
        .skip_while(|p| **p != Part::Point)
        .filter(|p| matches!(p, Part::Digit(_)))
        .count() as u32;
    let unit = Decimal::from(86_400_i64);
    let seconds = number
        .checked_mul(unit)?
        .round_dp_with_strategy(decimals.min(3), RoundingStrategy::MidpointAwayFromZero);
    let days = (seconds / unit).floor();
    let in_day = seconds - days * unit;
    let days: i64 = days.try_into().ok()?;
    let whole: i64 = in_day.floor().try_into().ok()?;
    let (year, month, day) = civil(days, date1904)?;
    let (hour, minute, second) = (whole / 3600, whole / 60 % 60, whole % 60);
    let half_day = parts.contains(&Part::Date('a', 1));
    let mut out = String::new();
    let mut fraction = in_day
        .fract()
        .to_string()
        .chars()
        .skip(2)
        .collect::<Vec<_>>()
        .into_iter();
    let padded = |out: &mut String, n: i64, count: usize| {
        let _ = if count >= 2 {
            write!(out, "{n:02}")
        } else {
            write!(out, "{n}")
        };
    };
    for part in parts {
        match part {
            Part::Literal(l) => out.push_str(l),
            Part::Date('y', n) if *n <= 2 => padded(&mut out, year % 100, 2),
            Part::Date('y', _) => padded(&mut out, year, 1),
            Part::Date('m', n @ 1..=2) => padded(&mut out, month, *n),
            Part::Date('m', 3) => out.push_str(MONTHS.get(month as usize - 1)?.get(..3)?),
            Part::Date('m', _) => out.push_str(MONTHS.get(month as usize - 1)?),
            Part::Date('d', n @ 1..=2) => padded(&mut out, day, *n),
            Part::Date('d', 3..) => out.push_str(
                [
                    "星期六",
                    "星期日",
                    "星期一",
                    "星期二",
                    "星期三",
                    "星期四",
                    "星期五",
                ]
                .get((days % 7) as usize)?,
            ),
            Part::Date('h', n) => padded(
                &mut out,
                if half_day { (hour + 11) % 12 + 1 } else { hour },
                *n,
            ),
            Part::Date('n', n) => padded(&mut out, minute, *n),
            Part::Date('s', n) => padded(&mut out, second, *n),
            Part::Date('a', _) => out.push_str(if hour < 12 { "上午" } else { "下午" }),
            Part::Elapsed('h') => padded(&mut out, days * 24 + hour, 1),
            Part::Elapsed('m') => padded(&mut out, (days * 24 + hour) * 60 + minute, 1),
            Part::Elapsed(_) => padded(
                &mut out,
                ((days * 24 + hour) * 60 + minute) * 60 + second,
                1,
            ),
            Part::Point => out.push('.'),
            Part::Digit(_) => out.push(fraction.next().unwrap_or('0')),
            Part::Comma => out.push(','),
            _ => {}
        }
    }
    Some(out)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The calendar day of a serial number; day 60 is the 29 February 1900 that never was.
fn civil(days: i64, date1904: bool) -> Option<(i64, i64, i64)> {
    if !(0..=2_958_465).contains(&days) {
        return None;
    }
    let days = match (date1904, days) {
        (true, _) => days + 1462,
        (false, 60) => return Some((1900, 2, 29)),
        (false, 0) => return Some((1900, 1, 0)),
        (false, 1..60) => days + 1,
        _ => days,
    };
    // Days since 1 March 0000, after Howard Hinnant's civil_from_days; serial 25569 is 1970-01-01.
    let z = days - 25_569 + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    Some((
        yoe + era * 400 + i64::from(month <= 2),
        month,
        doy - (153 * mp + 2) / 5 + 1,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, stored: &str) -> String {
        NumberFormat::new(code)
            .print(decimal(stored).expect("a number"), false)
            .text
    }

    #[test]
    fn numbers_print_as_in_the_cell() {
        for (code, stored, text) in [
            ("General", "0.92779999999999996", "0.9278"),
            ("General", "0.30000000000000004", "0.3"),
            ("General", "1E-3", "0.001"),
            ("0", "97", "97"),
            ("0.00", "28.7", "28.70"),
            ("0.00", "0.005", "0.01"),
            ("0.00", "-0.001", "0.00"),
            ("0%", "1", "100%"),
            ("0.00%", "0.9278", "92.78%"),
            ("#,##0.00", "1234567.8", "1,234,567.80"),
            ("#,##0", "999", "999"),
            ("#,##0.00", "0", "0.00"),
            ("#.##", "0.5", ".5"),
            ("0.##", "3", "3."),
            ("0.00_ ", "2.5", "2.50"),
            ("0.00_);[Red]\\(0.00\\)", "-2.5", "(2.50)"),
            ("0.00;[Red]0.00", "-2.5", "2.50"),
            ("0.00\"万元\"", "12", "12.00万元"),
            ("0!.0,\"万\"", "12345", "1.2万"),
            ("\"≥\"0%", "0.9", "≥90%"),
            ("[$¥-804]#,##0.00", "1234", "¥1,234.00"),
            ("[>=10000]0.0,\"千\";0", "12345", "12.3千"),
            ("[>=10000]0.0,\"千\";0", "45", "45"),
            (
                "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
                "0",
                "0.00",
            ),
            (
                "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
                "-1234.5",
                "-1,234.50",
            ),
            ("0;-0;;@", "0", ""),
            ("0.00E+00", "12345", "1.23E+04"),
            ("000", "7", "007"),
            ("0-00", "1234", "12-34"),
        ] {
            assert_eq!(shown(code, stored), text, "{code} {stored}");
        }
    }

    #[test]
    fn dates_print_as_in_the_cell() {
        for (code, stored, text) in [
            ("yyyy/m/d", "45420", "2024/5/8"),
            ("yyyy\"年\"m\"月\"d\"日\"", "45291", "2023年12月31日"),
            ("yyyy\\-mm\\-dd", "45420", "2024-05-08"),
            ("yyyy/m/d h:mm", "45420.75", "2024/5/8 18:00"),
            ("h:mm AM/PM", "0.75", "6:00 下午"),
            ("[h]:mm:ss", "1.5", "36:00:00"),
            ("mm:ss.0", "0.00001", "00:00.9"),
            ("yyyy/m/d", "1", "1900/1/1"),
            ("yyyy/m/d", "60", "1900/2/29"),
            ("yyyy/m/d", "61", "1900/3/1"),
            (
                "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
                "45420",
                "星期三, May 08, 2024",
            ),
        ] {
            assert_eq!(shown(code, stored), text, "{code} {stored}");
        }
    }

    #[test]
    fn an_unknown_format_says_so() {
        let printed = NumberFormat::new("# ?/?").print(decimal("0.5").expect("a number"), false);
        assert_eq!(
            printed,
            Printed {
                text: "0.5".into(),
                plain: true
            }
        );
    }

    proptest::proptest! {
        #[test]
        fn no_format_panics(code in "[0#?,.%E+\\-;\\[\\]$ymdhs\"\\\\@/_* a-zA-Z年]{0,24}", n in proptest::num::f64::ANY) {
            if let Some(d) = decimal(&n.to_string()) {
                let _ = NumberFormat::new(&code).print(d, n > 0.0);
            }
        }
    }
}
