//! A text comes in; the numbers in it that have a unit go out, with the place of each.

use jiheng_model::{Decimal, Dimension, Unit, parse};

/// A number with its unit in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number as printed.
    pub number: Decimal,
    /// Its unit: a known one, or a measure word.
    pub unit: Unit,
    /// Bytes of number and unit.
    pub bytes: (usize, usize),
}

impl Quantity {
    /// The number in another unit; `None` when the two do not compare.
    pub fn number_in(&self, unit: &Unit) -> Option<Decimal> {
        self.unit.convert(self.number, unit)
    }
}

/// Numbers with a unit in a text, in order; dates and numbers in names are none.
pub fn quantities(text: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut before = None;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let starts = c.is_ascii_digit()
            && !before.is_some_and(|b: char| {
                b.is_ascii_alphanumeric() || matches!(b, '.' | '-' | '“' | '第')
            });
        let number = starts.then(|| parse::number_at(&text[at..])).flatten();
        if let Some((number, length)) = number {
            if let Some((unit, size)) = unit_at(&text[at + length..]) {
                found.push(Quantity {
                    number,
                    unit,
                    bytes: (at, at + length + size),
                });
            }
            at += length;
            before = Some('0');
        } else {
            at += c.len_utf8();
            before = Some(c);
        }
    }
    found
}

/// The unit at the start of a text: a known one, or a measure word.
fn unit_at(rest: &str) -> Option<(Unit, usize)> {
    if rest.starts_with(['年', '月', '日', '号', '时']) {
        return None;
    }
    if let Some(known) = Unit::prefix_of(rest) {
        return Some(known);
    }
    let first = rest.chars().next()?;
    let unit = Unit::of(&rest[..first.len_utf8()]);
    (unit.dimension == Dimension::Count).then_some((unit, first.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_and_dates_are_no_quantities() {
        assert!(quantities("G107公路、2024年、“1+3+X”体系、第3批").is_empty());
        let found = quantities("不低于98.5%，1,200平方米");
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].number, Decimal::from(1200));
    }
}
