//! Fields and rows of a form come in; the addresses under which their cells are kept go out.
//!
//! A field's address is its path ("funds.total.outturn"). A cell of a list names its row by an id
//! ("indicators/3k/score"). Ids sort in the order of the rows, so that a new row between two others
//! gets an id between theirs and no other cell moves.

use std::collections::{BTreeMap, BTreeSet};

/// The texts that were entered, by address. Nothing is kept for a blank cell.
pub type Entries = BTreeMap<String, String>;

/// The column that says whether a row exists: "+" for a blank row, "-" for a row that was taken out.
const ROW: &str = "@";
/// The row is there although nothing is written in it.
pub const THERE: &str = "+";
/// The row was taken out; what is written in it stays, so that it can be put back.
pub const GONE: &str = "-";

/// Digits of row ids, in the order of their bytes.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The address of a cell in a list.
pub fn cell(list: &str, row: &str, column: &str) -> String {
    format!("{list}/{row}/{column}")
}

/// The address that says whether a row exists.
pub fn presence(list: &str, row: &str) -> String {
    cell(list, row, ROW)
}

/// List, row and column of an address; `None` for a field.
pub fn parts(key: &str) -> Option<(&str, &str, &str)> {
    let (list, rest) = key.split_once('/')?;
    let (row, column) = rest.split_once('/')?;
    Some((list, row, column))
}

/// The ids of the rows of a list, in order: those in which something is written or that are said to be there.
pub fn rows(entries: &Entries, list: &str) -> Vec<String> {
    let start = format!("{list}/");
    let mut found = BTreeSet::new();
    let mut gone = BTreeSet::new();
    let of_list = entries.range(start.clone()..).map_while(|(key, text)| {
        let rest = key.strip_prefix(&start)?;
        Some((rest, text))
    });
    for (rest, text) in of_list {
        let Some((row, column)) = rest.split_once('/') else {
            continue;
        };
        if column == ROW && text == GONE {
            gone.insert(row.to_string());
        } else if !text.is_empty() {
            found.insert(row.to_string());
        }
    }
    found.difference(&gone).cloned().collect()
}

/// The id of the row with a number (from 0) when a list is begun: room is left between neighbours.
pub fn first(number: usize) -> String {
    let base = DIGITS.len();
    // Two digits count the rows of a hundred pages, the third leaves room.
    let high = (number / base) % base;
    let digits = [high, number % base, base / 2].map(|d| char::from(DIGITS[d]));
    digits.iter().collect()
}

/// An id between two others (`None`: before the first, behind the last), made unlike any other by `salt`.
///
/// Two people who add a row at the same place at the same time get two rows.
pub fn between(before: Option<&str>, after: Option<&str>, salt: u32) -> String {
    let digit = |id: Option<&str>, at: usize| {
        let byte = id.and_then(|id| id.as_bytes().get(at).copied())?;
        DIGITS.iter().position(|d| *d == byte)
    };
    let mut id = String::new();
    let mut bounded = after.is_some();
    for at in 0..64 {
        let low = digit(before, at).unwrap_or(0);
        let high = if bounded {
            digit(after, at).unwrap_or(0)
        } else {
            DIGITS.len()
        };
        if high > low + 1 {
            id.push(char::from(DIGITS[low + (high - low) / 2]));
            break;
        }
        id.push(char::from(DIGITS[low]));
        bounded &= high == low;
    }
    let base = DIGITS.len() as u32;
    for place in [salt / base, salt] {
        id.push(char::from(DIGITS[(place % base) as usize]));
    }
    // No id ends with the least digit: something must fit before it.
    id.push(char::from(DIGITS[DIGITS.len() / 2]));
    id
}

/// Letters, digits and signs of an address, at most 200 bytes: anything else was not made by us.
pub fn is_sound(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._/@-".contains(c);
    !key.is_empty() && key.len() <= 200 && key.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_fits_between_any_two_and_moves_none() {
        let mut ids: Vec<String> = (0..40).map(first).collect();
        assert!(ids.is_sorted());
        let mut seed = 7u32;
        for _ in 0..2000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = seed as usize % (ids.len() + 1);
            let before = at.checked_sub(1).and_then(|b| ids.get(b));
            let new = between(
                before.map(String::as_str),
                ids.get(at).map(String::as_str),
                seed >> 8,
            );
            ids.insert(at, new);
            assert!(ids.is_sorted(), "{at} {:?}", &ids[at.saturating_sub(1)..]);
        }
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }

    #[test]
    fn two_rows_at_the_same_place_are_two() {
        assert_ne!(
            between(Some("00i"), Some("01i"), 3),
            between(Some("00i"), Some("01i"), 900)
        );
    }

    #[test]
    fn a_row_taken_out_is_not_listed_and_a_blank_one_is() {
        let entries: Entries = [
            ("indicators/01i/name", "清淤"),
            ("indicators/00i/@", THERE),
            ("indicators/02i/name", "验收"),
            ("indicators/02i/@", GONE),
            ("indicators2/00i/name", "别的"),
            ("total_points", "100"),
        ]
        .map(|(k, v)| (k.to_string(), v.to_string()))
        .into();
        assert_eq!(rows(&entries, "indicators"), ["00i", "01i"]);
    }

    #[test]
    fn addresses_of_strangers_are_refused() {
        assert!(is_sound("indicators/3k/score"));
        for key in ["", "a b", "<script>", "A", &"x".repeat(201)] {
            assert!(!is_sound(key), "{key}");
        }
    }
}
