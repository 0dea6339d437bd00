//! Labels as people print them come in; the form in which they are compared goes out.
//!
//! "项目支\n出名称", "项 目 支 出 名 称" and "项目支出名称：" are the same label.

/// Appends the comparable form of `text` to `out`: no white space, half-width ASCII, no colon at the end.
pub fn normalise_into(text: &str, out: &mut String) {
    for c in text.chars() {
        if is_blank(c) {
            continue;
        }
        out.push(half_width(c));
    }
    while out.ends_with(':') {
        out.pop();
    }
}

/// The comparable form of a label; see [`normalise_into`].
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    normalise_into(text, &mut out);
    out
}

/// White space of any width, zero-width characters and byte order marks included.
#[inline]
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}'
        )
}

/// Full-width ASCII as half-width; typographic variants of signs as one. Other characters stay.
#[inline]
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '﹦' | '═' => '=',
        '〔' | '【' => '[',
        '〕' | '】' => ']',
        _ => c,
    }
}

/// `text` without white space (of any width) at both ends.
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}
