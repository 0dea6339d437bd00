//! A value as another reader holds it and a text as we printed it come in; whether the text shows that value goes out.
//!
//! The other reader gives what is stored, we give what the cell shows: a number is the same when it
//! rounds to the shown one at the shown number of places, exactly, and a date when each figure shown
//! is one of its own.

use jiheng_model::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

/// What is stored in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A number too large or too small for exact arithmetic.
    Vast,
    /// Year, month, day, hour, minute, second, as far as they are given.
    Date(Vec<u32>),
    /// Hours, minutes and seconds that pass, in seconds.
    Span(Decimal),
    /// A truth value or an error, as it is printed.
    Word(String),
}

impl Value {
    /// From the kind and the text that `xtask/peers/texts.py` gives.
    pub fn new(kind: &str, text: &str) -> Value {
        match kind {
            "number" => match text.parse::<Decimal>() {
                Ok(number) => Value::Number(fifteen_digits(number)),
                Err(_) => Value::Vast,
            },
            "date" => Value::Date(figures(text)),
            "span" => text.parse().map_or(Value::Vast, Value::Span),
            "truth" | "error" => Value::Word(text.to_string()),
            _ => Value::Text(text.to_string()),
        }
    }

    /// The text shows this value.
    pub fn is_shown_by(&self, shown: &str) -> bool {
        match self {
            Value::Text(text) => spaced(text) == spaced(shown),
            Value::Word(word) => word == shown.trim(),
            Value::Number(number) => shows_number(shown, *number),
            Value::Vast => shown.contains(|c: char| c.is_ascii_digit()),
            Value::Date(own) => shows_date(shown, own),
            Value::Span(seconds) => shows_span(shown, *seconds),
        }
    }
}

/// Excel keeps 15 significant digits of a number; a binary fraction has more.
fn fifteen_digits(number: Decimal) -> Decimal {
    number
        .round_sf_with_strategy(15, MidpointAwayFromZero)
        .unwrap_or(number)
        .normalize()
}

/// White space of any kind and length is one space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The shown figure, without grouping, is the number rounded to its places.
fn shows_number(shown: &str, number: Decimal) -> bool {
    let from = |c: char| c.is_ascii_digit() || c == '.';
    let Some(start) = shown.find(from) else {
        // Accounting formats print nothing but a dash for zero.
        return number.is_zero() && shown.trim() == "-";
    };
    let rest: String = shown[start..].replace(',', "");
    let end = rest.find(|c| !from(c)).unwrap_or(rest.len());
    let (figure, behind) = rest.split_at(end);
    let Ok(mut figure) = figure.trim_end_matches('.').parse::<Decimal>() else {
        return false;
    };
    // "19 dollars and .99 cents": words of the format stand inside the number.
    if let Some(at) = behind.find('.') {
        let places: String = behind[at..].chars().filter(|c| from(*c)).collect();
        figure = format!("{figure}{places}").parse().unwrap_or(figure);
    }
    if shown[..start].contains(['-', '(']) {
        figure.set_sign_negative(true);
    }
    let exponent = behind.strip_prefix(['E', 'e']).map(|e| {
        let end = e.find(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-'));
        e[..end.unwrap_or(e.len())].parse::<i32>().unwrap_or(0)
    });
    let moved = match exponent {
        Some(exponent) => -exponent,
        None if behind.trim_start().starts_with('%') => 2,
        None => 0,
    };
    let Some(scaled) = move_point(number, moved) else {
        return false;
    };
    scaled.round_dp_with_strategy(figure.scale(), MidpointAwayFromZero) == figure
}

fn move_point(number: Decimal, places: i32) -> Option<Decimal> {
    let ten = Decimal::from(10);
    (0..places.abs()).try_fold(number, |n, _| {
        if places > 0 {
            n.checked_mul(ten)
        } else {
            n.checked_div(ten)
        }
    })
}

/// The groups of digits of a text.
fn figures(text: &str) -> Vec<u32> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter_map(|f| f.parse().ok())
        .collect()
}

/// Each figure shown is a part of the date (a year may be two digits, an hour one of twelve); months may be words.
fn shows_date(shown: &str, own: &[u32]) -> bool {
    let is_own = |figure: &u32| {
        own.iter()
            .any(|o| o == figure || o % 100 == *figure || (*o < 24 && o % 12 == figure % 12))
    };
    let shown = figures(shown);
    !shown.is_empty() && shown.iter().all(is_own)
}

/// Hours, minutes and seconds shown, or the first or last two of them.
fn shows_span(shown: &str, seconds: Decimal) -> bool {
    let figures = figures(shown);
    let whole: u32 = seconds.trunc().try_into().unwrap_or(u32::MAX);
    match figures.as_slice() {
        [h, m, s, ..] => h * 3600 + m * 60 + s == whole,
        [a, b] => a * 60 + b == whole || a * 60 + b == whole / 60,
        [one] => [whole, whole / 60, whole / 3600].contains(one),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    fn shows(kind: &str, stored: &str, shown: &str) -> bool {
        Value::new(kind, stored).is_shown_by(shown)
    }

    #[test]
    fn a_number_is_shown_at_its_places_exactly() {
        assert!(shows("number", "1234.5", "1,234.50"));
        assert!(shows("number", "0.12345", "12.35%"));
        assert!(shows("number", "-3", "(3.00)"));
        assert!(shows("number", "0.1", "0.1"));
        assert!(shows("number", "0.30000000000000004", "0.3"));
        assert!(shows("number", "0", "-"));
        assert!(shows("number", "123456", "1.2E+05"));
        assert!(shows(
            "number",
            "19.989999999999998",
            "19 dollars and .99 cents"
        ));
        assert!(!shows("number", "1234.5", "1,234.6"));
        assert!(!shows("number", "1234.5", "行1"));
        assert!(!shows("number", "3", "-3"));
        assert!(!shows("number", "7", ""));
    }

    #[test]
    fn a_date_is_shown_by_its_own_figures() {
        assert!(shows("date", "2023-03-09T00:00:00", "2023年3月9日"));
        assert!(shows("date", "2023-03-09T14:05:00", "9-Mar-23 2:05"));
        assert!(!shows("date", "2023-03-09T00:00:00", "2023年3月8日"));
        assert!(!shows("date", "2023-03-09T00:00:00", "44994"));
    }

    #[test]
    fn texts_are_the_same_but_for_white_space() {
        assert!(shows("text", "青禾\n 水利", "青禾 水利"));
        assert!(!shows("text", "青禾水利", "青禾水利局"));
        assert!(shows("truth", "TRUE", "TRUE"));
        assert!(!shows("error", "#N/A", "TRUE"));
    }
}
