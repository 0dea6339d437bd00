//! Lines of the report come in; its headings, with levels repaired where a wrong number is printed, go out.

use super::lines::Line;
use super::terms::{Terms, comparable};
use jiheng_model::label;
use jiheng_model::narrative::{MarkStyle, Section};

/// A mark at the start of a line: its length in bytes, style and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the mark, blanks before it included.
    pub length: usize,
    /// Kind of number.
    pub style: MarkStyle,
    /// The number.
    pub ordinal: u32,
}

/// Longest title of a heading that is not in the outline, in characters.
const LONGEST_TITLE: usize = 40;

/// The sections of the report, in order.
///
/// A heading is known by its title when the outline has it, so a wrong printed number does not
/// move it; otherwise by the style of its number.
pub fn sections(lines: &[Line<'_>], terms: &Terms) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in lines {
        if let Some(section) = heading(line, terms) {
            sections.push(section);
        }
    }
    let last = lines.last().map_or(0, |l| l.number);
    for i in 0..sections.len() {
        let level = sections[i].level;
        let next = sections[i + 1..].iter().find(|s| s.level <= level);
        sections[i].last = next.map_or(last, |s| {
            s.paragraph.saturating_sub(1).max(sections[i].paragraph)
        });
    }
    sections
}

fn heading(line: &Line<'_>, terms: &Terms) -> Option<Section> {
    let mark = mark(line.text);
    let rest = label::trim(&line.text[mark.map_or(0, |m| m.length)..]);
    if rest.is_empty() || rest.len() > 1200 {
        return None;
    }
    // A run-in heading ends at its first full stop: "1.评价原则。遵循…".
    let title = rest.split(['。', '：', ':']).next().map_or("", label::trim);
    let whole = title.len() + '。'.len_utf8() >= rest.len();
    let key = outline_key(title, whole, mark.is_some(), terms);
    let style = mark.map_or(MarkStyle::None, |m| m.style);
    let level = match (&key, style) {
        (Some(key), _) => terms.levels.get(key).copied().unwrap_or(2),
        (None, MarkStyle::None) => return None,
        (None, MarkStyle::Chinese | MarkStyle::ChineseBracketed)
            if !whole || title.chars().count() > LONGEST_TITLE =>
        {
            return None;
        }
        (None, MarkStyle::Chinese) => 1,
        (None, MarkStyle::ChineseBracketed) => 2,
        (None, MarkStyle::Arabic) => 3,
        (None, MarkStyle::ArabicBracketed | MarkStyle::Circled) => 4,
    };
    let printed = mark.map_or("", |m| label::trim(&line.text[..m.length]));
    Some(Section {
        mark: printed.to_string(),
        ordinal: mark.map(|m| m.ordinal),
        style,
        title: title.to_string(),
        level,
        paragraph: line.number,
        key,
        last: line.number,
    })
}

/// The outline's key of a title. Without a mark only a whole line that is exactly a title counts.
fn outline_key(title: &str, whole: bool, marked: bool, terms: &Terms) -> Option<String> {
    if !whole || title.chars().count() > LONGEST_TITLE {
        return None;
    }
    let words = comparable(title);
    if let Some(key) = terms.outline.get(&words) {
        return Some(key.clone());
    }
    if !marked {
        return None;
    }
    // "存在的主要问题及原因分析情况": the title may carry a few more words than the outline's.
    let count = words.chars().count();
    terms
        .outline
        .iter()
        .filter(|(t, _)| {
            // Most titles of the outline are out by their length; only the others are looked for.
            let of_title = t.chars().count();
            t.len() <= words.len()
                && of_title >= 5
                && count <= of_title + 8
                && words.contains(t.as_str())
        })
        .max_by_key(|(t, _)| (t.len(), std::cmp::Reverse(t.as_str())))
        .map(|(_, key)| key.clone())
}

/// The number at the start of a line, if it begins with one.
pub fn mark(text: &str) -> Option<Mark> {
    let blank = text.len() - text.trim_start_matches(label::is_blank).len();
    let rest = &text[blank..];
    let first = rest.chars().next()?;
    let circled = |c: char| ('①'..='⑳').contains(&c).then(|| c as u32 - '①' as u32 + 1);
    if let Some(ordinal) = circled(first) {
        return Some(Mark {
            length: blank + first.len_utf8(),
            style: MarkStyle::Circled,
            ordinal,
        });
    }
    let bracketed = matches!(first, '（' | '(');
    let body = if bracketed {
        &rest[first.len_utf8()..]
    } else {
        rest
    };
    let (digits, ordinal, chinese) = ordinal(body)?;
    let after = body[digits..].chars().next()?;
    let length = rest.len() - body.len() + digits + after.len_utf8();
    let style = match (bracketed, chinese, after) {
        (true, true, '）' | ')') => MarkStyle::ChineseBracketed,
        (true, false, '）' | ')') => MarkStyle::ArabicBracketed,
        (false, true, '、' | '.' | '．') => MarkStyle::Chinese,
        (false, false, '、' | '．') => MarkStyle::Arabic,
        // "1.监督…" is a mark, "1.5万元" a number.
        (false, false, '.')
            if !body[digits + 1..].starts_with(|c: char| c.is_ascii_digit())
                || follows_year(&body[digits + 1..]) =>
        {
            MarkStyle::Arabic
        }
        _ => return None,
    };
    Some(Mark {
        length: blank + length,
        style,
        ordinal,
    })
}

/// "1.2024年度…": a mark before a year.
fn follows_year(rest: &str) -> bool {
    super::lines::year_at(rest).is_some()
}

/// A number at the start: its bytes, value, and whether it is Chinese.
fn ordinal(text: &str) -> Option<(usize, u32, bool)> {
    let arabic = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&arabic) {
        return Some((arabic, text[..arabic].parse().ok()?, false));
    }
    let mut value = 0u32;
    let mut length = 0;
    for c in text.chars().take(3) {
        let digit = "一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .map(|p| p as u32 + 1);
        match (digit, c) {
            (Some(d), _) if value.is_multiple_of(10) => value += d,
            (_, '十') if value < 10 => value = value.max(1) * 10,
            _ => break,
        }
        length += c.len_utf8();
    }
    (length > 0).then_some((length, value, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_told_from_numbers() {
        let of = |t| mark(t).map(|m| (m.style, m.ordinal, m.length));
        assert_eq!(of("十二、其他"), Some((MarkStyle::Chinese, 12, 9)));
        assert_eq!(
            of("（2） 项目支出情况"),
            Some((MarkStyle::ArabicBracketed, 2, 7))
        );
        assert_eq!(of("3、 政府性基金"), Some((MarkStyle::Arabic, 3, 4)));
        assert_eq!(of("②对个人"), Some((MarkStyle::Circled, 2, 3)));
        assert_eq!(of("1.2024年度基础数据表"), Some((MarkStyle::Arabic, 1, 2)));
        assert_eq!(of("1.5万元"), None);
        assert_eq!(of("2023年度"), None);
        assert_eq!(of("一是编制"), None);
    }
}
