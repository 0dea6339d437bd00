//! Text comes in; its width in terminal columns and padded or wrapped text go out.
//!
//! Chinese characters and full-width signs take two columns; signs that Unicode calls ambiguous
//! ("“", "·", "①", "─") take one, as terminals draw them by default.

use unicode_width::UnicodeWidthStr;

/// Columns a text takes in a terminal with East Asian widths.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` followed by blanks up to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = text.to_string();
    out.extend(std::iter::repeat_n(
        ' ',
        columns.saturating_sub(width(text)),
    ));
    out
}

/// Blanks up to `columns`, then `text`.
pub fn pad_left(text: &str, columns: usize) -> String {
    let mut out: String = std::iter::repeat_n(' ', columns.saturating_sub(width(text))).collect();
    out.push_str(text);
    out
}

/// Breaks text into lines of at most `columns`; no line begins with a closing sign, no number is cut.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    // Room for a closing sign that must not begin the next line.
    let columns = columns.max(8) - 2;
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut line_width = 0;
    for token in tokens(text) {
        let w = width(token);
        let closes = token
            .chars()
            .next()
            .is_some_and(|c| "，。；：、！？）》〉”’】〕%％)]".contains(c));
        if line_width + w > columns && !line.is_empty() && !closes {
            lines.push(std::mem::take(&mut line).trim_end().to_string());
            line_width = 0;
            if token.trim().is_empty() {
                continue;
            }
        }
        line.push_str(token);
        line_width += w;
    }
    if !line.trim().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_string());
    }
    lines
}

/// Pieces that must not be cut: runs of letters, digits and their signs; every other character alone,
/// opening signs together with what they open.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let opens = |c: char| "“‘（〔【《〈".contains(c);
        let joins = |c: char| c.is_ascii_graphic();
        let start = rest.find(|c| !opens(c)).unwrap_or(rest.len());
        let mut end = start;
        match rest[start..].chars().next() {
            Some(c) if joins(c) => {
                end += rest[start..]
                    .find(|c| !joins(c))
                    .unwrap_or(rest.len() - start);
            }
            Some(c) => end += c.len_utf8(),
            None if start == 0 => return None,
            None => {}
        }
        let (token, tail) = rest.split_at(end);
        rest = tail;
        Some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_counts_double_and_numbers_single() {
        assert_eq!(width("公用经费 999.14"), 15);
        assert_eq!(pad("表1", 6), "表1   ");
        assert_eq!(pad_left("4.85", 6), "  4.85");
    }

    #[test]
    fn wrapping_keeps_numbers_whole_and_closing_signs_off_the_line_start() {
        let lines = wrap("合计应等于各行相加，相差 118.76 万元。", 20);
        assert_eq!(lines, ["合计应等于各行相加，", "相差 118.76 万元。"]);
        assert!(wrap("", 20).len() == 1);
        assert_eq!(
            wrap("国土资源现称“自然资源”", 14),
            ["国土资源现称", "“自然资源”"]
        );
    }
}
