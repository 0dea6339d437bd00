//! The text of a story comes in; the stretches that are a field's instruction, not its result, go out.

use std::ops::Range;

const BEGIN: u16 = 0x13;
const SEPARATOR: u16 = 0x14;
const END: u16 = 0x15;

/// Stretches that are not shown, in order and apart from each other.
///
/// A field without its end hides nothing: its beginning is a stray character.
pub(super) fn hidden(units: &[u16], first: usize) -> Vec<Range<usize>> {
    let mut open: Vec<(usize, Option<usize>)> = Vec::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    for (i, unit) in units.iter().enumerate() {
        let at = first + i;
        match *unit {
            BEGIN => open.push((at, None)),
            SEPARATOR => {
                if let Some((_, separator @ None)) = open.last_mut() {
                    *separator = Some(at);
                }
            }
            END => {
                if let Some((begin, separator)) = open.pop() {
                    found.push(begin..separator.unwrap_or(at) + 1);
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|r| r.start);
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match apart.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let hidden = hidden(&units, 0);
        let kept: Vec<u16> = units
            .iter()
            .enumerate()
            .filter(|(i, u)| !hidden.iter().any(|r| r.contains(i)) && **u >= 0x20)
            .map(|(_, u)| *u)
            .collect();
        String::from_utf16_lossy(&kept)
    }

    #[test]
    fn of_a_field_only_the_result_is_shown() {
        assert_eq!(shown("第\u{13} PAGE \u{14}3\u{15}页"), "第3页");
        assert_eq!(
            shown("\u{13} IF \u{13} X \u{14}1\u{15} \u{14}甲\u{13} Y \u{14}乙\u{15}\u{15}丙"),
            "甲乙丙"
        );
        assert_eq!(shown("\u{13} FORMCHECKBOX \u{15}是"), "是");
        assert_eq!(shown("甲\u{13}乙"), "甲乙");
    }
}
