//! A text comes in; the days it names with their places, and the days between two of them, go out.

use crate::rulebook::calendar::ordinal;
use jiheng_model::label::{half_width, is_blank};
use jiheng_model::parse::date_at;
use jiheng_model::value::Date;

/// A day in a text.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Characters of the text, from and to.
    pub chars: (u32, u32),
}

/// The days of a text that are printed with year, month and day ("2024年5月10日").
pub fn days(text: &str) -> Vec<Day> {
    let (mut plain, mut at) = (String::new(), Vec::new());
    for (number, c) in text.chars().enumerate() {
        if !is_blank(c) {
            let half = half_width(c);
            plain.push(half);
            at.extend(std::iter::repeat_n(number as u32, half.len_utf8()));
        }
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(year) = plain.get(from..).and_then(|rest| rest.find('年')) {
        let year = from + year;
        let begin = year.checked_sub(4);
        from = year + '年'.len_utf8();
        let date = begin.and_then(|b| Some((b, date_at(plain.get(b..)?, true)?)));
        if let Some((begin, (date, length))) = date
            && date.day.is_some()
            && let (Some(&first), Some(&last)) = (at.get(begin), at.get(begin + length - 1))
        {
            found.push(Day {
                date,
                chars: (first, last + 1),
            });
        }
    }
    found
}

/// Days from one day to another; `None` when one of them is not a whole date.
pub fn between(from: Date, to: Date) -> Option<i64> {
    ordinal(to)?.checked_sub(ordinal(from)?)
}

/// "2024年5月10日".
pub fn shown(date: Date) -> String {
    let part = |n: Option<u8>, word: &str| n.map(|n| format!("{n}{word}")).unwrap_or_default();
    format!(
        "{}年{}{}",
        date.year,
        part(date.month, "月"),
        part(date.day, "日")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_found_with_their_characters_and_counted_over_leap_years() {
        let found = days("请于 2024 年 2 月 28 日前报送，2023年度材料，2024年3月1日公开");
        let all: Vec<_> = found.iter().map(|d| (shown(d.date), d.chars)).collect();
        assert_eq!(all[0], ("2024年2月28日".to_string(), (3, 18)));
        assert_eq!(all.len(), 2);
        assert_eq!(between(found[0].date, found[1].date), Some(2));
    }
}
