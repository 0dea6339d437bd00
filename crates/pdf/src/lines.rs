//! Characters of a cell or of a page come in; lines of text, left to right and downwards, go out.

use crate::geometry::Glyph;

/// A line of text.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    /// Its base line.
    pub y: f64,
    /// Height of its type.
    pub size: f64,
    /// The width that its first word needs: where a line breaks, this did not fit on the line before.
    pub first_word: f64,
    /// Stretches of the line between wide gaps: left end, right end, text.
    pub stretches: Vec<(f64, f64, String)>,
}

/// Characters that never begin a line.
const CLOSING: &str = "，。、；：？！）》」』】〉〕％%”’…,.;:?!)]}";

/// Groups characters into lines.
pub(crate) fn lines(mut glyphs: Vec<&Glyph>) -> Vec<Line> {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines = Vec::new();
    let mut row: Vec<&Glyph> = Vec::new();
    let mut base = 0.0;
    for glyph in glyphs {
        let reach = 0.45 * row.last().map_or(glyph.size, |g| g.size.max(glyph.size));
        if !row.is_empty() && glyph.y - base > reach {
            lines.extend(line(std::mem::take(&mut row)));
        }
        if row.is_empty() {
            base = glyph.y;
        }
        row.push(glyph);
    }
    lines.extend(line(row));
    lines
}

/// One line; `None` when it is blank.
fn line(mut glyphs: Vec<&Glyph>) -> Option<Line> {
    glyphs.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    without_doubles(&mut glyphs);
    let blank = |g: &&Glyph| g.text.chars().all(|c| c == ' ' || c == '\u{3000}');
    let start = glyphs.iter().position(|g| !blank(g))?;
    let end = glyphs.iter().rposition(|g| !blank(g))? + 1;
    let trailing = glyphs.len() > end;
    let glyphs = glyphs.get(start..end)?;
    let (first, last) = (glyphs.first()?, glyphs.last()?);
    let mut text = String::new();
    let mut stretches: Vec<(f64, f64, String)> = Vec::new();
    // The last character that is not blank: gaps are measured from it.
    let mut before: Option<&Glyph> = None;
    let mut spaces = String::new();
    for glyph in glyphs {
        if blank(glyph) {
            spaces.push_str(&glyph.text);
            continue;
        }
        if let Some(b) = before {
            let em = b.size.min(glyph.size).max(1.0);
            let gap = glyph.x0 - b.x1;
            if spaces.is_empty() {
                let narrow = !b.text.ends_with(is_wide) && !glyph.text.starts_with(is_wide);
                match gap / em {
                    g if g > 1.2 => spaces.push_str("  "),
                    g if g > 0.22 && narrow => spaces.push(' '),
                    _ => {}
                }
            }
            if gap > (1.5 * em).max(12.0) {
                stretches.push((glyph.x0, glyph.x1, String::new()));
            }
        } else {
            stretches.push((glyph.x0, glyph.x1, String::new()));
        }
        text.push_str(&spaces);
        text.push_str(&glyph.text);
        if let Some((_, to, inner)) = stretches.last_mut() {
            if !inner.is_empty() {
                inner.push_str(&spaces);
            }
            inner.push_str(&glyph.text);
            *to = to.max(glyph.x1);
        }
        spaces.clear();
        before = Some(glyph);
    }
    // A space at the end belongs between this line's last word and the next line's first.
    if trailing && text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        text.push(' ');
    }
    Some(Line {
        x0: first.x0,
        x1: glyphs.iter().map(|g| g.x1).fold(last.x1, f64::max),
        y: first.y,
        size: glyphs.iter().map(|g| g.size).fold(0.0, f64::max),
        first_word: first_word(glyphs),
        text,
        stretches,
    })
}

/// Bold that is made by printing twice: the same character almost at the same place.
fn without_doubles(glyphs: &mut Vec<&Glyph>) {
    let mut kept: Vec<&Glyph> = Vec::with_capacity(glyphs.len());
    for &glyph in glyphs.iter() {
        let double = kept.iter().rev().take(3).any(|k| {
            k.text == glyph.text
                && (k.x0 - glyph.x0).abs() < 0.3 * (glyph.x1 - glyph.x0).max(0.5)
                && (k.y - glyph.y).abs() < 0.2 * glyph.size
        });
        if !double {
            kept.push(glyph);
        }
    }
    *glyphs = kept;
}

fn first_word(glyphs: &[&Glyph]) -> f64 {
    let Some(first) = glyphs.first() else {
        return 0.0;
    };
    let word = |g: &&&Glyph| {
        g.text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".,%-/".contains(c))
    };
    let mut count = glyphs.iter().take_while(word).count().max(1);
    while glyphs
        .get(count)
        .is_some_and(|g| g.text.chars().all(|c| CLOSING.contains(c)))
    {
        count += 1;
    }
    glyphs.get(count - 1).map_or(0.0, |last| last.x1 - first.x0)
}

/// A character as wide as it is high.
pub(crate) fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3ffff}' | '‘' | '’' | '“' | '”' | '…' | '—' | '①'..='⑳')
}

/// Appends a line that goes on with the text before it.
pub(crate) fn join(text: &mut String, next: &str) {
    let letters = text.ends_with(|c: char| c.is_ascii_alphabetic())
        && next.starts_with(|c: char| c.is_ascii_alphabetic());
    if letters {
        text.push(' ');
    } else if text.ends_with(' ') && next.starts_with(is_wide) {
        text.pop();
    }
    text.push_str(next);
}

/// Whether a line of a cell ended because the first word of the next one did not fit.
pub(crate) fn cell_breaks(line: &Line, next: &Line, left: f64, right: f64, pad: f64) -> bool {
    let room = right - left - 2.0 * pad;
    // Closing marks are drawn narrower than they are set.
    let slack = 0.15 * next.size;
    line.x1 - line.x0 + next.first_word > room - slack
        || line.x1 + next.first_word > right - pad - slack
}

/// The text of a cell between two verticals: lines that broke for want of room are joined, others stand apart.
pub(crate) fn cell_text(lines: &[Line], left: f64, right: f64, pad: f64) -> String {
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    for line in lines {
        if let Some(b) = before {
            if cell_breaks(b, line, left, right, pad) {
                join(&mut text, &line.text);
            } else {
                text.truncate(text.trim_end_matches(' ').len());
                text.push('\n');
                text.push_str(&line.text);
            }
        } else {
            text.push_str(&line.text);
        }
        before = Some(line);
    }
    text.truncate(text.trim_end_matches(' ').len());
    text
}
