//! Lines of text outside tables come in; paragraphs go out, lines that broke for want of room joined.

use crate::lines::{Line, join};

/// The edges between which the running text of a file stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    pub left: f64,
    pub right: f64,
}

/// A line must occur this often at an edge to say where the edge is.
const OFTEN: usize = 3;

impl Measure {
    /// The edges by where most long lines begin and end.
    pub(crate) fn of<'l>(lines: impl Iterator<Item = &'l Line> + Clone) -> Measure {
        let long = lines.filter(|l| l.text.chars().count() >= 12);
        let edge = |values: &mut Vec<f64>| {
            values.sort_by(f64::total_cmp);
            let often = values
                .windows(OFTEN)
                .find(|w| w.last().zip(w.first()).is_some_and(|(l, f)| l - f < 3.0));
            often
                .and_then(|w| w.first())
                .or(values.first())
                .copied()
                .unwrap_or(f64::INFINITY)
        };
        let mut lefts: Vec<f64> = long.clone().map(|l| l.x0).collect();
        let mut rights: Vec<f64> = long.map(|l| -l.x1).collect();
        Measure {
            left: edge(&mut lefts),
            right: -edge(&mut rights),
        }
    }
}

/// A paragraph that may still go on.
#[derive(Debug)]
pub(crate) struct Open {
    pub page: u32,
    pub text: String,
    last: Line,
    last_page: u32,
    lines: usize,
}

impl Open {
    pub(crate) fn new(page: u32, line: &Line) -> Open {
        Open {
            page,
            text: line.text.clone(),
            last: line.clone(),
            last_page: page,
            lines: 1,
        }
    }

    /// Takes the line when it goes on with this paragraph.
    pub(crate) fn take(&mut self, page: u32, line: &Line, measure: &Measure) -> bool {
        let a = &self.last;
        let em = a.size.max(1.0);
        let alike = (a.size - line.size).abs() < 0.15 * em;
        let full = a.x1 + line.first_word > measure.right - 0.15 * em;
        let back = line.x0 <= measure.left + 0.8 * em;
        let below = match self.lines {
            1 => line.x0 < a.x0 - 0.5 * em,
            _ => (line.x0 - a.x0).abs() < 0.5 * em,
        };
        let near = match page == self.last_page {
            true => line.y - a.y < 3.2 * em,
            false => page == self.last_page + 1,
        };
        // Lines of a table of contents are full by their dots.
        let listed = leads(&a.text);
        if !(alike && full && (back || below) && near && !listed) {
            return false;
        }
        join(&mut self.text, &line.text);
        self.last = line.clone();
        self.last_page = page;
        self.lines += 1;
        true
    }

    pub(crate) fn into_text(self) -> (u32, String) {
        (self.page, self.text.trim_end().to_string())
    }
}

/// Dots that lead to a page number.
fn leads(text: &str) -> bool {
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == '-');
    let dots = rest
        .chars()
        .rev()
        .take_while(|c| matches!(c, '.' | '…' | '·' | '．' | '⋯' | ' '))
        .filter(|c| *c != ' ')
        .count();
    dots >= 4
}

/// Whether a line is only a page number: `3`, `— 3 —`, `第3页`, `第 3 页 共 20 页`, `3/20`.
pub(crate) fn is_page_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest: String = text
        .chars()
        .filter(|c| !c.is_ascii_digit() && !c.is_whitespace())
        .collect();
    (1..=8).contains(&digits)
        && matches!(
            rest.as_str(),
            "" | "--"
                | "——"
                | "—"
                | "-"
                | "－－"
                | "––"
                | "第页"
                | "第页共页"
                | "第页，共页"
                | "第页/共页"
                | "/"
                | "Page"
                | "Pageof"
                | "··"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_known() {
        for text in ["3", "— 12 —", "第 3 页", "第3页 共20页", "3/20", "- 4 -"] {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["2023年", "3.", "一、", "", "——", "100%"] {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn a_table_of_contents_is_known_by_its_dots() {
        assert!(leads("一、部门概况 .......... 3"));
        assert!(leads("一、部门概况……………12"));
        assert!(!leads("总计1.5"));
    }
}
