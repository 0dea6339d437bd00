//! The calendar parameters of a rulebook (放假和调休上班日) come in; whether a day is a working day (工作日), and how many lie between two, go out.
//!
//! A year without data is unknown: no weekend rule stands in for it.

use super::Rulebook;
use jiheng_model::value::{Date, days_in};
use std::collections::BTreeMap;

/// The parameter of a year is called so, with the year behind it.
pub const PARAMETER: &str = "calendar_";

/// Days off and days of make-up work of one year, as (month, day).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Days off, weekends only where the notice names them.
    pub holidays: Vec<(u8, u8)>,
    /// Days of a weekend on which is worked (调休上班).
    pub workdays: Vec<(u8, u8)>,
}

impl Year {
    /// Reads the lists of one year; the entry that is no day or range of days comes back.
    ///
    /// # Errors
    /// The first entry that is not "MM-DD" or "MM-DD/MM-DD" of this year.
    pub fn of(year: i16, lists: &BTreeMap<String, Vec<String>>) -> Result<Year, &str> {
        let read = |key: &str| {
            let entries = lists.get(key).into_iter().flatten();
            let mut days = Vec::new();
            for entry in entries {
                days.extend(span(year, entry).ok_or(entry.as_str())?);
            }
            Ok::<_, &str>(days)
        };
        Ok(Year {
            holidays: read("holidays")?,
            workdays: read("workdays")?,
        })
    }

    /// A day that is both off and worked.
    pub fn clash(&self) -> Option<(u8, u8)> {
        let both = |day: &&(u8, u8)| self.workdays.contains(day);
        self.holidays.iter().find(both).copied()
    }
}

/// "01-21/01-27" or "04-05" of a year as days.
fn span(year: i16, entry: &str) -> Option<Vec<(u8, u8)>> {
    let day = |text: &str| {
        let (month, day) = text.trim().split_once('-')?;
        let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
        let sound = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        sound.then_some((month, day))
    };
    let (first, last) = entry.split_once('/').unwrap_or((entry, entry));
    let (first, last) = (day(first)?, day(last)?);
    let mut days = Vec::new();
    let mut next = first;
    while next <= last {
        days.push(next);
        next = match next {
            (month, day) if day < days_in(year, month) => (month, day + 1),
            (month, _) => (month + 1, 1),
        };
    }
    (!days.is_empty()).then_some(days)
}

/// The number of a whole date, counted in days; `None` when it has no month or day.
pub fn ordinal(date: Date) -> Option<i64> {
    let (month, day) = (date.month?, date.day?);
    let before = i64::from(date.year) - 1;
    let years =
        before * 365 + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: i64 = (1..month).map(|m| i64::from(days_in(date.year, m))).sum();
    Some(years + months + i64::from(day))
}

/// Saturday or Sunday.
pub fn is_weekend(date: Date) -> Option<bool> {
    // Day 1 is a Monday.
    Some((ordinal(date)? - 1).rem_euclid(7) >= 5)
}

/// The day after; `None` when it is no whole date or the last of all.
pub fn next(date: Date) -> Option<Date> {
    let (month, day) = (date.month?, date.day?);
    let (year, month, day) = if day < days_in(date.year, month) {
        (date.year, month, day + 1)
    } else if month < 12 {
        (date.year, month + 1, 1)
    } else {
        (date.year.checked_add(1)?, 1, 1)
    };
    Some(Date {
        year,
        month: Some(month),
        day: Some(day),
    })
}

impl Rulebook {
    /// The calendar of a year; `None` beyond the data.
    fn calendar(&self, year: i16) -> Option<Year> {
        Year::of(year, self.dictionary(&format!("{PARAMETER}{year}"))?).ok()
    }

    /// Whether a day is a working day; `None` when its year is not in the data or it is no whole date.
    pub fn is_working_day(&self, date: Date) -> Option<bool> {
        works(&self.calendar(date.year)?, date)
    }

    /// Working days after one day up to and with another; 0 when the second is not later.
    ///
    /// `None` when a year between them is not in the data.
    pub fn working_days(&self, after: Date, until: Date) -> Option<u32> {
        let end = ordinal(until)?;
        let mut day = next(after)?;
        let mut calendar: Option<(i16, Year)> = None;
        let mut count = 0;
        // Delays of more than a few years are no matter of working days.
        if end - ordinal(after)? > 3700 {
            return None;
        }
        while ordinal(day)? <= end {
            let known = calendar.as_ref().is_some_and(|(year, _)| *year == day.year);
            if !known {
                calendar = Some((day.year, self.calendar(day.year)?));
            }
            count += u32::from(works(&calendar.as_ref()?.1, day)?);
            day = next(day)?;
        }
        Some(count)
    }

    /// The day so many working days after another (满 n 个工作日的那一天).
    pub fn after_working_days(&self, from: Date, days: u32) -> Option<Date> {
        let mut day = from;
        for _ in 0..days {
            day = next(day)?;
            while !self.is_working_day(day)? {
                day = next(day)?;
            }
        }
        Some(day)
    }
}

fn works(year: &Year, date: Date) -> Option<bool> {
    let day = (date.month?, date.day?);
    if year.workdays.contains(&day) {
        return Some(true);
    }
    Some(!year.holidays.contains(&day) && !is_weekend(date)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;
    use proptest::prelude::*;

    fn date(year: i16, month: u8, day: u8) -> Date {
        Date {
            year,
            month: Some(month),
            day: Some(day),
        }
    }

    fn book() -> &'static Rulebook {
        &Shelf::embedded().rulebooks["cn/mof/2020"]
    }

    #[test]
    fn each_year_has_as_many_working_days_as_the_notices_leave() {
        for (year, days) in [(2023, 249), (2024, 251), (2025, 248), (2026, 248)] {
            let mut day = date(year, 1, 1);
            let mut count = 0;
            while day.year == year {
                count += u32::from(book().is_working_day(day).unwrap());
                day = next(day).unwrap();
            }
            assert_eq!(count, days, "{year}");
        }
        assert_eq!(book().is_working_day(date(2027, 3, 1)), None);
        assert_eq!(book().is_working_day(date(2022, 3, 1)), None);
    }

    #[test]
    fn holidays_and_make_up_days_come_before_the_weekday() {
        let works = |m, d| book().is_working_day(date(2024, m, d));
        assert_eq!((works(5, 11), works(5, 12)), (Some(true), Some(false)));
        assert_eq!((works(5, 1), works(5, 6)), (Some(false), Some(true)));
        assert_eq!(
            book().working_days(date(2024, 5, 10), date(2024, 5, 15)),
            Some(4)
        );
        assert_eq!(
            book().working_days(date(2024, 6, 7), date(2024, 6, 10)),
            Some(0)
        );
        assert_eq!(
            book().working_days(date(2024, 6, 10), date(2024, 6, 7)),
            Some(0)
        );
        assert_eq!(
            book().working_days(date(2026, 12, 31), date(2027, 1, 4)),
            None
        );
        assert_eq!(
            book().after_working_days(date(2024, 4, 30), 3),
            Some(date(2024, 5, 8))
        );
    }

    proptest! {
        #[test]
        fn working_days_add_up_and_lead_back(from in 0u32..900, more in 0u32..200, rest in 0u32..200) {
            let at = |n: u32| (0..n).try_fold(date(2023, 1, 1), |d, _| next(d)).unwrap();
            let (a, b, c) = (at(from), at(from + more), at(from + more + rest));
            let days = |x, y| book().working_days(x, y).unwrap();
            prop_assert_eq!(days(a, b) + days(b, c), days(a, c));
            prop_assert!(days(a, b) <= more);
            let reached = book().after_working_days(a, days(a, b)).unwrap();
            prop_assert!(ordinal(reached) <= ordinal(b));
            prop_assert_eq!(days(a, reached), days(a, b));
        }
    }
}
