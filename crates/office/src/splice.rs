//! Bytes of a part and pieces to put in or over come in; the part with them goes out, all else byte for byte.

use std::ops::Range;

/// Bytes to put in place of a range; an empty range is a place between two bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// What is replaced.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

impl Splice {
    /// Puts text at a place.
    pub fn at(place: usize, text: impl Into<String>) -> Splice {
        Splice {
            range: place..place,
            text: text.into(),
        }
    }

    /// Puts text over a range.
    pub fn over(range: Range<usize>, text: impl Into<String>) -> Splice {
        let text = text.into();
        Splice { range, text }
    }
}

/// Applies pieces; those at the same place stand in the order in which they are given.
///
/// `None` when two ranges overlap or one lies outside of the part.
pub fn splice(bytes: &[u8], mut splices: Vec<Splice>) -> Option<Vec<u8>> {
    splices.sort_by_key(|s| (s.range.start, s.range.end));
    let grown: usize = splices.iter().map(|s| s.text.len()).sum();
    let mut out = Vec::with_capacity(bytes.len() + grown);
    let mut at = 0;
    for splice in &splices {
        out.extend(bytes.get(at..splice.range.start)?);
        out.extend(splice.text.as_bytes());
        at = splice.range.end;
        if at < splice.range.start {
            return None;
        }
    }
    out.extend(bytes.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_go_in_at_their_places_and_in_their_order() {
        let pieces = vec![
            Splice::over(4..5, "五"),
            Splice::at(2, "a"),
            Splice::at(2, "b"),
            Splice::at(6, "."),
        ];
        let out = splice(b"012345", pieces).expect("fits");
        assert_eq!(String::from_utf8_lossy(&out), "01ab23五5.");
    }

    #[test]
    fn ranges_that_overlap_or_lie_outside_are_refused() {
        let over = |a: Range<usize>, b: Range<usize>| {
            splice(b"012345", vec![Splice::over(a, ""), Splice::over(b, "")])
        };
        assert_eq!(over(1..4, 3..5), None);
        assert_eq!(over(1..2, 5..9), None);
        assert!(over(1..3, 3..5).is_some());
    }
}
