//! A printed number comes in; the same number as a hand slips over it goes out.

use crate::dice::Dice;
use crate::draft::first_number;
use std::ops::Range;

/// Another number where one was printed: two digits swapped, a digit wrong, the point moved, one more or less.
///
/// Signs and units stay. Now and then the digits are full-width. The difference is never so small
/// that rounding could explain it; `None` when no slip makes such a difference.
pub fn slip(text: &str, dice: &mut Dice) -> Option<String> {
    let Range { start, end } = first_number(text)?;
    let (length, digits) = (end - start, &text[start..end]);
    for _ in 0..40 {
        let Some(new) = attempt(digits, dice) else {
            continue;
        };
        if !is_far(digits, &new) {
            continue;
        }
        let new = match dice.chance(15) {
            true => full_width(&new),
            false => new,
        };
        let (head, tail) = (&text[..start], &text[start + length..]);
        return Some(format!("{head}{new}{tail}"));
    }
    None
}

fn attempt(digits: &str, dice: &mut Dice) -> Option<String> {
    let mut chars: Vec<char> = digits.chars().collect();
    let at = dice.between(0, chars.len() as i64 - 1) as usize;
    match dice.between(0, 3) {
        0 => {
            // Neighbours change places.
            let next = at + 1;
            let both = chars.get(at)?.is_ascii_digit() && chars.get(next)?.is_ascii_digit();
            both.then(|| chars.swap(at, next))?;
        }
        1 => {
            let digit = chars.get(at)?.to_digit(10)?;
            let other = (digit + dice.between(1, 9) as u32) % 10;
            chars[at] = char::from_digit(other, 10)?;
        }
        2 => {
            // The point stands one place further to the right.
            let point = chars.iter().position(|c| *c == '.')?;
            (!chars.contains(&',')).then_some(())?;
            (point + 2 < chars.len()).then(|| chars.swap(point, point + 1))?;
        }
        _ => {
            let by = *dice.pick(&[100, -100, 1000, -1000]);
            return crate::draft::plus(digits, by);
        }
    }
    let new: String = chars.into_iter().collect();
    let leading = new.starts_with('0') && !new.starts_with("0.") && new.len() > 1;
    (!leading).then_some(new)
}

/// Differs by at least a fifth and by a thousandth of itself.
fn is_far(old: &str, new: &str) -> bool {
    let number = |t: &str| t.replace(',', "").parse::<rust_decimal::Decimal>().ok();
    let Some((old, new)) = number(old).zip(number(new)) else {
        return false;
    };
    let gap = (old - new).abs();
    gap >= rust_decimal::Decimal::new(2, 1) && gap >= old / rust_decimal::Decimal::from(1000)
}

fn full_width(digits: &str) -> String {
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32('０' as u32 + c as u32 - '0' as u32).unwrap_or(c),
        '.' => '．',
        ',' => '，',
        _ => c,
    };
    match digits.contains(',') {
        true => digits.to_string(),
        false => digits.chars().map(wide).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_keeps_sign_and_unit_and_changes_the_number_by_more_than_rounding() {
        let mut dice = Dice::new(7);
        for _ in 0..200 {
            let new = slip("≥1,234.56万元", &mut dice).expect("a slip");
            assert!(new.starts_with('≥') && new.ends_with("万元"), "{new}");
            assert_ne!(new, "≥1,234.56万元");
        }
        assert_eq!(slip("无", &mut dice), None);
    }
}
