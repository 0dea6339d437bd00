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

/// Replaces a part of the year ("1-7月", "1至9月份", "截至6月底", "上半年", "前三季度") from byte `from` on
/// by "M月", so that the same label of another month is the same label. For comparable texts.
pub fn mask_months(text: &mut String, from: usize) {
    let Some(part) = text.get(from..) else { return };
    if part.len() > 90 || !(part.contains('月') || part.contains("半年") || part.contains("季度"))
    {
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

#[cfg(test)]
mod tests {
    use super::*;

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
