//! Exact numbers come in as hundredths; printed numbers and ratios rounded half up go out.
//!
//! Money is in hundredths of 万元, points in hundredths of a point, rates in hundredths of a per cent.

/// "1234.50", with separators "1,234.50".
pub fn fixed(value: i64, thousands: bool) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let whole = (value.abs() / 100).to_string();
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if thousands && i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(&format!(".{:02}", value.abs() % 100));
    out
}

/// "9.7", "100": no zeros after the last digit.
pub fn trimmed(value: i64) -> String {
    let text = fixed(value, false);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// `part / whole × scale`, rounded half up; 0 when there is no whole.
pub fn share(part: i64, whole: i64, scale: i64) -> i64 {
    if whole == 0 {
        return 0;
    }
    let (n, d) = (i128::from(part) * i128::from(scale), i128::from(whole));
    let rounded = (2 * n.abs() + d.abs()) / (2 * d.abs());
    (if (n < 0) == (d < 0) {
        rounded
    } else {
        -rounded
    }) as i64
}

/// "98.56%" of a part and its whole.
pub fn percent(part: i64, whole: i64) -> String {
    format!("{}%", fixed(share(part, whole, 10_000), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_and_rounded_exactly() {
        assert_eq!(fixed(123_456_705, true), "1,234,567.05");
        assert_eq!(fixed(5, false), "0.05");
        assert_eq!(trimmed(970), "9.7");
        assert_eq!(trimmed(10_000), "100");
        assert_eq!(share(1, 3, 10_000), 3333);
        assert_eq!(share(1, 8, 100), 13);
        assert_eq!(share(-1, 8, 100), -13);
        assert_eq!(share(5, 0, 100), 0);
        assert_eq!(percent(137, 139), "98.56%");
    }
}
