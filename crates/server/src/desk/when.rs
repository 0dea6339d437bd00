//! Milliseconds since 1970 (UTC) come in; dates and times as they are read in China go out.

use jiheng_model::Date;

/// China has one time, eight hours ahead.
const AHEAD: i64 = 8 * 3600 * 1000;
const DAY: i64 = 24 * 3600 * 1000;

/// The day.
pub fn date(at: i64) -> Date {
    // Days since 0000-03-01, by eras of 400 years (civil from days).
    let z = (at + AHEAD).div_euclid(DAY) + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let civil = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(civil <= 2);
    Date {
        year: i16::try_from(year).unwrap_or(i16::MAX),
        month: u8::try_from(civil).ok(),
        day: u8::try_from(day).ok(),
    }
}

/// "10:42:07".
pub fn clock(at: i64) -> String {
    let seconds = (at + AHEAD).rem_euclid(DAY) / 1000;
    format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// "10:42".
pub fn minute(at: i64) -> String {
    clock(at).chars().take(5).collect()
}

/// "5月31日（周五）".
pub fn day(at: i64) -> String {
    let week = ["四", "五", "六", "日", "一", "二", "三"];
    let number = (at + AHEAD).div_euclid(DAY).rem_euclid(7);
    let date = date(at);
    format!(
        "{}月{}日（周{}）",
        date.month.unwrap_or_default(),
        date.day.unwrap_or_default(),
        week[number as usize]
    )
}

/// "2024年5月22日 10:42".
pub fn full(at: i64) -> String {
    format!("{} {}", date(at), minute(at))
}

/// "10:42" of today, else "5月22日".
pub fn recent(at: i64, now: i64) -> String {
    let then = date(at);
    if then == date(now) {
        return minute(at);
    }
    format!(
        "{}月{}日",
        then.month.unwrap_or_default(),
        then.day.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_those_of_china() {
        // 2024-05-31 17:30 in Beijing.
        let at = 1_717_147_800_000;
        assert_eq!(date(at).to_string(), "2024年5月31日");
        assert_eq!(day(at), "5月31日（周五）");
        assert_eq!(minute(at), "17:30");
        assert_eq!(date(0).to_string(), "1970年1月1日");
        assert_eq!(clock(16 * 3600 * 1000), "00:00:00");
    }
}
