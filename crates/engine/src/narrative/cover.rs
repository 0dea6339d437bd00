//! Lines of the report come in; its title, unit, date and annex list go out.

use super::lines::{Line, is_title, starts_with_year, year_at};
use super::sections::mark;
use super::terms::{Terms, comparable};
use jiheng_model::label::{self, is_blank};
use jiheng_model::narrative::{Annex, Section};
use jiheng_model::value::{Date, Recognised, Value, ValueKind};
use jiheng_model::{Origin, Stated};

/// What stands on the cover and at the end.
#[derive(Debug, Default)]
pub struct Cover {
    /// The title, on one or two lines.
    pub title: Option<Stated>,
    /// Its year.
    pub year: Option<i16>,
    /// The unit: as the cover names it, else as the title does.
    pub unit_name: Option<Stated>,
    /// The date.
    pub dated: Option<(Date, Origin)>,
}

/// Reads title, unit and date from the lines before the first section, and the date at the end.
pub fn cover(lines: &[Line<'_>], list: &[Line<'_>], sections: &[Section], terms: &Terms) -> Cover {
    let mut cover = Cover::default();
    let body = sections
        .first()
        .and_then(|s| lines.iter().position(|l| l.number == s.paragraph))
        .unwrap_or(lines.len());
    let head = &lines[..body];
    if let Some(at) = head.iter().position(|l| is_title(l.text, terms)) {
        let second = &head[at];
        let first = head[..at]
            .iter()
            .rfind(|l| !l.text.chars().all(is_blank))
            .filter(|l| starts_with_year(l.text) && !starts_with_year(second.text));
        let line = first.unwrap_or(second);
        let mut text = label::trim(line.text).to_string();
        if first.is_some() {
            text.push_str(label::trim(second.text));
        }
        cover.year = year_at(&text);
        cover.unit_name = unit_in_title(line, terms);
        cover.title = Some(stated(line, label::trim(line.text)).map(|mut s| {
            s.text.clone_from(&text);
            s
        }))
        .flatten();
    }
    for line in head {
        let words = comparable(line.text);
        if let Some(printed) = terms
            .unit_labels
            .iter()
            .find(|w| words.starts_with(w.as_str()))
            && let Some((_, rest)) = line.text.split_once(['：', ':'])
            && words.len() > printed.len()
        {
            let name = label::trim(rest.split(['（', '(']).next().unwrap_or(rest));
            if !name.is_empty() {
                cover.unit_name = stated(line, name);
            }
        }
    }
    let ends = lines.iter().rev().take(6).chain(list.iter().rev());
    cover.dated = head.iter().chain(ends).find_map(|l| date_line(l));
    cover
}

/// The unit between year and kind of report: "2023年度岳阳市自然资源和规划局整体支出绩效自评报告".
fn unit_in_title(line: &Line<'_>, terms: &Terms) -> Option<Stated> {
    let text = label::trim(line.text);
    year_at(text)?;
    let rest = text[4 + '年'.len_utf8()..].trim_start_matches(['度', ' ', '\u{3000}']);
    let end = ["部门整体支出", "整体支出", "绩效自评"]
        .iter()
        .filter_map(|w| rest.find(w))
        .min()
        .unwrap_or(rest.len());
    let name = label::trim(&rest[..end]);
    if name.is_empty() || terms.report_titles.iter().any(|t| name == t) {
        return None;
    }
    stated(line, name)
}

/// A part of a line as a stated text.
fn stated(line: &Line<'_>, part: &str) -> Option<Stated> {
    let from = line.text.find(part)?;
    Some(Stated {
        text: part.to_string(),
        value: Value::bare(ValueKind::Text),
        origin: line.origin_of_bytes(from, from + part.len()),
        how: Recognised::Exact,
    })
}

/// A line that is nothing but a date.
fn date_line(line: &Line<'_>) -> Option<(Date, Origin)> {
    let text = label::trim(line.text);
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    let compact: String = text.chars().filter(|c| !is_blank(*c)).collect();
    let date = date(&compact)?;
    let from = line.text.find(text)?;
    Some((date, line.origin_of_bytes(from, from + text.len())))
}

/// "2025年5月14日" or "二〇二五年五月十四日".
fn date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest
        .strip_suffix('日')
        .or_else(|| rest.is_empty().then_some(""))?;
    let year = number(year)?;
    let month = u8::try_from(number(month)?)
        .ok()
        .filter(|m| (1..=12).contains(m))?;
    let day = match day {
        "" => None,
        d => Some(
            u8::try_from(number(d)?)
                .ok()
                .filter(|d| (1..=31).contains(d))?,
        ),
    };
    (1900..2200).contains(&year).then_some(Date {
        year: i16::try_from(year).ok()?,
        month: Some(month),
        day,
    })
}

/// Arabic digits, or Chinese digits one by one or with 十.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 4 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |c: char| {
        if matches!(c, '〇' | '○' | '零') {
            Some(0)
        } else {
            "一二三四五六七八九"
                .chars()
                .position(|d| d == c)
                .map(|p| p as u32 + 1)
        }
    };
    if let Some((tens, ones)) = text.split_once('十') {
        let tens = if tens.is_empty() {
            1
        } else {
            digit(tens.chars().next()?)?
        };
        let ones = if ones.is_empty() {
            0
        } else {
            digit(ones.chars().next()?)?
        };
        return Some(tens * 10 + ones);
    }
    text.chars().try_fold(0, |n, c| Some(n * 10 + digit(c)?))
}

/// The report's lines without, and of, the annex list and what follows it: "附件：1.…", "报告需要以下附件：".
pub fn split(mut lines: Vec<Line<'_>>) -> (Vec<Line<'_>>, Vec<Line<'_>>) {
    // A list of annexes stands near the end, never in the body.
    let from = lines.len() / 2;
    let start = lines[from..]
        .iter()
        .rposition(|l| opens_list(l.text))
        .map_or(lines.len(), |n| from + n);
    let list = lines.split_off(start);
    (lines, list)
}

/// The items of the annex list.
pub fn annexes(list: &[Line<'_>]) -> Vec<Annex> {
    let mut annexes = Vec::new();
    for (i, line) in list.iter().enumerate() {
        let offset = match i {
            0 => line.text.find(['：', ':']).map_or(0, |at| {
                at + line.text[at..].chars().next().map_or(0, char::len_utf8)
            }),
            _ => 0,
        };
        let text = &line.text[offset..];
        if text.chars().all(is_blank) {
            continue;
        }
        let mark = mark(text);
        if mark.is_none() && i > 0 {
            break;
        }
        let from = offset + mark.map_or(0, |m| m.length);
        let title = label::trim(&line.text[from..]);
        if title.is_empty() {
            continue;
        }
        let begin = line.text.len() - line.text[from..].trim_start_matches(is_blank).len();
        annexes.push(Annex {
            ordinal: mark.map(|m| m.ordinal),
            title: title.to_string(),
            origin: line.origin_of_bytes(begin, begin + title.len()),
        });
    }
    annexes
}

/// "附件：…" or a short line that ends with "附件：".
fn opens_list(text: &str) -> bool {
    let text = label::trim(text);
    let Some((before, _)) = text.split_once(['：', ':']) else {
        return false;
    };
    let words = comparable(before);
    words.chars().count() <= 20 && words.ends_with("附件")
}
