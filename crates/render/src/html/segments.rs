//! A text and the marks in it come in; pieces of text, marked or not, go out.

use super::marks::Mark;
use crate::place::is_hidden_control;

/// A piece of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Its text, unescaped.
    pub text: String,
    /// E, W or H when it is marked; empty when not.
    pub class: &'static str,
    /// Its id in the page; empty for none.
    pub id: String,
}

impl Segment {
    /// Text without a mark.
    pub fn bare(text: impl Into<String>) -> Segment {
        Segment {
            text: text.into(),
            ..Segment::default()
        }
    }
}

/// Cuts a text at the edges of its marks; where marks overlap, the gravest one shows.
pub fn cut(text: &str, marks: &[Mark]) -> Vec<Segment> {
    // Blanks in place of control characters keep the positions of the marks.
    let text: String = text
        .chars()
        .map(|c| if is_hidden_control(c) { ' ' } else { c })
        .collect();
    let text = text.as_str();
    let ranges: Vec<(u32, u32, &'static str)> = marks
        .iter()
        .filter_map(|m| m.chars.map(|(a, b)| (a, b, m.class)))
        .collect();
    if ranges.is_empty() {
        return vec![Segment::bare(text)];
    }
    let mut out: Vec<Segment> = Vec::new();
    let count = text.chars().count() as u32;
    let blank = |at: u32, out: &mut Vec<Segment>| {
        let found = ["E", "W", "H"].into_iter().find(|class| {
            ranges
                .iter()
                .any(|(from, to, of)| of == class && from == to && (*from).min(count) == at)
        });
        if let Some(class) = found {
            let class = match class {
                "E" => "E empty",
                "W" => "W empty",
                _ => "H empty",
            };
            out.push(Segment {
                text: "\u{3000}\u{3000}".into(),
                class,
                id: String::new(),
            });
        }
    };
    for (position, c) in text.chars().enumerate() {
        let position = position as u32;
        blank(position, &mut out);
        let class = ["E", "W", "H"]
            .into_iter()
            .find(|class| {
                ranges
                    .iter()
                    .any(|(from, to, of)| of == class && *from <= position && position < *to)
            })
            .unwrap_or("");
        match out.last_mut() {
            Some(last) if last.class == class => last.text.push(c),
            _ => out.push(Segment {
                text: c.to_string(),
                class,
                id: String::new(),
            }),
        }
    }
    blank(count, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(class: &'static str, from: u32, to: u32) -> Mark {
        Mark {
            number: 1,
            class,
            title: String::new(),
            chars: Some((from, to)),
            absent: None,
        }
    }

    #[test]
    fn overlapping_marks_show_the_gravest() {
        let out = cut("公用经费999.14万元", &[mark("W", 0, 10), mark("E", 4, 10)]);
        let shape: Vec<(&str, &str)> = out.iter().map(|s| (s.text.as_str(), s.class)).collect();
        assert_eq!(shape, [("公用经费", "W"), ("999.14", "E"), ("万元", "")]);
    }

    #[test]
    fn a_blank_to_fill_in_is_drawn_where_it_stands() {
        let out = cut("单位负责人签字：", &[mark("E", 8, 8)]);
        assert_eq!(out.last().map(|s| s.class), Some("E empty"));
        assert_eq!(out[0].text, "单位负责人签字：");
    }

    #[test]
    fn marks_outside_the_text_mark_nothing() {
        assert_eq!(cut("短", &[mark("E", 5, 9)]), [Segment::bare("短")]);
    }
}
