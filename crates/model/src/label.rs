//! Labels as people print them come in; the form in which they are compared goes out.
//!
//! "项目支\n出名称", "项 目 支 出 名 称" and "项目支出名称：" are the same label.

/// Appends the comparable form of `text` to `out`: no white space, half-width ASCII, no colon at the end.
pub fn normalise_into(text: &str, out: &mut String) {
    // Most texts change little: what stays is copied in runs.
    let mut kept = 0;
    let mut next = 0;
    while let Some(first) = text.as_bytes().get(next) {
        // Visible ASCII and nearly all Chinese characters stay; their first byte tells.
        let stays = match first {
            b'!'..=b'~' => 1,
            0xe5..=0xe9 => 3,
            _ => 0,
        };
        if stays > 0 {
            next += stays;
            continue;
        }
        let at = next;
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        next += c.len_utf8();
        let blank = is_blank(c);
        let half = half_width(c);
        if blank || half != c {
            out.push_str(&text[kept..at]);
            kept = next;
            if !blank {
                out.push(half);
            }
        }
    }
    out.push_str(&text[kept..]);
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

/// Replaces a part of the year ("1-7月", "1至9月份", "截至6月底", "上半年", "前三季度") from byte `from` on
/// by "M月", so that the same label of another month is the same label. For comparable texts.
pub fn mask_months(text: &mut String, from: usize) {
    let Some(part) = text.get(from..) else { return };
    if part.len() > 90 || !has_part_of_year(part.as_bytes()) {
        return;
    }
    for word in ["上半年", "前三季度", "前两季度", "三季度末"] {
        if let Some(at) = part.find(word) {
            text.replace_range(from + at..from + at + word.len(), "M月");
            return;
        }
    }
    let Some(month) = part.find('月') else {
        return;
    };
    let digits = |end: usize| {
        let before = &part[..end];
        let start = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        (1..=2).contains(&(end - start)).then_some(start)
    };
    let Some(mut start) = digits(month) else {
        return;
    };
    let mut end = month + '月'.len_utf8();
    let sign = part[..start].chars().next_back();
    if let Some(sign) = sign.filter(|c| matches!(c, '-' | '—' | '–' | '~' | '至' | '到' | '−'))
    {
        let mut first = start - sign.len_utf8();
        // "1月-7月", "1——7月"
        first = part[..first].trim_end_matches(['—', '-']).len();
        first = part[..first].trim_end_matches('月').len();
        if let Some(at) = digits(first) {
            start = at;
        }
    }
    // A second month printed after the first: "1月-7月".
    if let Some(rest) = part.get(end..)
        && let Some(sign) = rest
            .chars()
            .next()
            .filter(|c| matches!(c, '-' | '—' | '–' | '~' | '至' | '到'))
    {
        let tail = &rest[sign.len_utf8()..];
        let count = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if (1..=2).contains(&count) && tail[count..].starts_with('月') {
            end += sign.len_utf8() + count + '月'.len_utf8();
        }
    }
    for word in ["份", "底", "末", "底止"] {
        if part[end..].starts_with(word) {
            end += word.len();
        }
    }
    for word in ["截至", "截止到", "截止", "至", "到"] {
        if part[..start].ends_with(word) {
            start -= word.len();
            break;
        }
    }
    text.replace_range(from + start..from + end, "M月");
}

/// One of the characters 月, 半 or 季 stands in the bytes of a text.
fn has_part_of_year(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|three| {
        matches!(
            three,
            [0xe6, 0x9c, 0x88] | [0xe5, 0x8d, 0x8a] | [0xe5, 0xad, 0xa3]
        )
    })
}

/// A common Chinese character; most of every text is.
#[inline]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// White space of any width, zero-width characters and byte order marks included.
#[inline]
pub fn is_blank(c: char) -> bool {
    // As `char::is_whitespace` and a few more, without its tables: it is asked of every character.
    !is_han(c)
        && matches!(
            c,
            '\t'..='\r'
                | ' '
                | '\u{85}'
                | '\u{a0}'
                | '\u{ad}'
                | '\u{1680}'
                | '\u{2000}'..='\u{200f}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202f}'
                | '\u{205f}'
                | '\u{2060}'
                | '\u{3000}'
                | '\u{feff}'
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_blank_and_so_are_signs_without_width() {
        for c in '\0'..=char::MAX {
            let none = matches!(
                c,
                '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{ad}'
            );
            assert_eq!(is_blank(c), c.is_whitespace() || none, "{:x}", c as u32);
        }
    }

    #[test]
    fn the_comparable_form_keeps_what_is_neither_blank_nor_wide() {
        for (printed, comparable) in [
            ("项 目　支\n出名称：", "项目支出名称"),
            ("（万元）Ａ", "(万元)A"),
            ("：：", ""),
            ("≥９０％", "≥90%"),
            ("é\u{200b}b ", "éb"),
        ] {
            assert_eq!(normalise(printed), comparable);
        }
    }

    #[test]
    fn the_same_label_of_other_months_is_the_same() {
        for (label, masked) in [
            ("1-7月执行数", "M月执行数"),
            ("1—9月份执行数", "M月执行数"),
            ("1月-6月执行情况", "M月执行情况"),
            ("截至8月底执行数", "M月执行数"),
            ("截至2023年7月底执行数", "截至2023年M月执行数"),
            ("上半年完成值", "M月完成值"),
            ("全年执行数", "全年执行数"),
            ("按月发放", "按月发放"),
            ("月", "月"),
        ] {
            let mut text = normalise(label);
            mask_months(&mut text, 0);
            assert_eq!(text, masked, "{label}");
        }
    }
}
