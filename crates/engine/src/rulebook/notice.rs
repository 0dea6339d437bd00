//! The text of a notice on public holidays (部分节假日安排的通知) comes in; the calendar of its year, as a rulebook file, goes out.
//!
//! Only numbered lines ("一、元旦：…") are read, and each line's "共N天" is held against the days read.

use super::calendar::{PARAMETER, Year, is_weekend, next};
use jiheng_model::label;
use jiheng_model::value::{Date, days_in};
use std::fmt::Write as _;

/// A notice as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The year it is about.
    pub year: i16,
    /// Its document number ("国办发明电〔2024〕12号"), when it is printed.
    pub number: Option<String>,
    /// Days off and days of make-up work of that year.
    pub days: Year,
    /// Days of the year before or after that it names, as printed dates.
    pub elsewhere: Vec<Date>,
}

/// Reads a notice.
///
/// # Errors
/// Plain Chinese: what is missing or contradicts itself.
pub fn read(text: &str) -> Result<Notice, String> {
    let lines: Vec<String> = text.lines().map(plain).filter(|l| !l.is_empty()).collect();
    let whole = lines.concat();
    let year = year_of(&whole).ok_or("没有找到“关于某年部分节假日安排的通知”这样的标题")?;
    let mut notice = Notice {
        year,
        number: number_of(&whole),
        days: Year::default(),
        elsewhere: Vec::new(),
    };
    let mut read = 0;
    for line in lines.iter().filter(|l| is_item(l)) {
        item(line, &mut notice)?;
        read += 1;
    }
    if read == 0 {
        return Err("没有找到“一、元旦：1月1日放假”这样分条写的安排".into());
    }
    notice.days.holidays.sort_unstable();
    notice.days.workdays.sort_unstable();
    if let Some((month, day)) = notice.days.clash() {
        return Err(format!("{month}月{day}日既放假又上班"));
    }
    Ok(notice)
}

impl Notice {
    /// The parameter and its basis as TOML, to be put into the folder of a rulebook.
    pub fn toml(&self) -> String {
        let mut out = format!(
            "# {} 年的放假日和调休上班日，由放假通知读出，请对照通知核对后放进规程包文件夹。\n",
            self.year
        );
        let _ = write!(
            out,
            "\n[basis.calendar-{year}]\nkind = \"practice\"\nsource = \"{}\"\nsentence = \"{year}年部分节假日安排\"\n",
            self.number
                .clone()
                .unwrap_or_else(|| "国务院办公厅放假通知".into()),
            year = self.year
        );
        let _ = write!(
            out,
            "\n[parameter.{PARAMETER}{year}]\nbasis = [\"calendar-{year}\"]\n[parameter.{PARAMETER}{year}.value]\nholidays = [{}]\nworkdays = [{}]\n",
            spans(self.year, &self.days.holidays),
            spans(self.year, &self.days.workdays),
            year = self.year
        );
        for date in &self.elsewhere {
            let _ = writeln!(
                out,
                "# 通知还提到 {}年{}月{}日，属于另一年的日历，没有写入。",
                date.year,
                date.month.unwrap_or_default(),
                date.day.unwrap_or_default()
            );
        }
        out
    }
}

/// Days as "MM-DD" and "MM-DD/MM-DD".
fn spans(year: i16, days: &[(u8, u8)]) -> String {
    let mut out: Vec<((u8, u8), (u8, u8))> = Vec::new();
    for day in days {
        match out.last_mut() {
            Some((_, last)) if follows(year, *last, *day) => *last = *day,
            _ => out.push((*day, *day)),
        }
    }
    let shown = |(month, day): (u8, u8)| format!("{month:02}-{day:02}");
    out.iter()
        .map(|(first, last)| match first == last {
            true => format!("\"{}\"", shown(*first)),
            false => format!("\"{}/{}\"", shown(*first), shown(*last)),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn follows(year: i16, (month, day): (u8, u8), later: (u8, u8)) -> bool {
    let date = Date {
        year,
        month: Some(month),
        day: Some(day),
    };
    next(date).is_some_and(|n| n.year == year && (n.month, n.day) == (Some(later.0), Some(later.1)))
}

/// Half width, without blanks and without what stands in brackets.
fn plain(line: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    for c in line.chars().filter(|c| !label::is_blank(*c)) {
        match label::half_width(c) {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn year_of(text: &str) -> Option<i16> {
    let at = text.find("年部分节假日安排")?;
    text.get(at.checked_sub(4)?..at)?.parse().ok()
}

fn number_of(text: &str) -> Option<String> {
    let start = text.find("国办发")?;
    let end = start + text.get(start..)?.find('号')? + '号'.len_utf8();
    let number = text.get(start..end)?;
    // Brackets were made half width on the way in.
    let number = number.replace('[', "〔").replace(']', "〕");
    (number.chars().count() <= 20).then_some(number)
}

fn is_item(line: &str) -> bool {
    let rest =
        line.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    rest.len() < line.len() && rest.starts_with('、')
}

/// Reads "二、春节:1月28日至2月4日放假调休,共8天。1月26日、2月8日上班。".
fn item(line: &str, notice: &mut Notice) -> Result<(), String> {
    let text = line.split_once(':').map_or(line, |(_, rest)| rest);
    for sentence in text.split('。').filter(|s| !s.is_empty()) {
        let works = sentence.contains("上班");
        if !works && !sentence.contains("放假") {
            continue;
        }
        let dates =
            dates(sentence, notice.year).ok_or_else(|| format!("“{sentence}”里的日期没有读懂"))?;
        if let (false, Some(stated)) = (works, stated(sentence))
            && stated != dates.len()
        {
            return Err(format!(
                "“{sentence}”读出 {} 天，写的是 {stated} 天",
                dates.len()
            ));
        }
        for date in dates {
            let (Some(month), Some(day)) = (date.month, date.day) else {
                continue;
            };
            if date.year != notice.year {
                notice.elsewhere.push(date);
            } else if works {
                if is_weekend(date) == Some(false) {
                    return Err(format!("{month}月{day}日不是周末，不会是调休上班日"));
                }
                notice.days.workdays.push((month, day));
            } else {
                notice.days.holidays.push((month, day));
            }
        }
    }
    Ok(())
}

/// "共8天", "放假1天".
fn stated(sentence: &str) -> Option<usize> {
    let end = sentence.find('天')?;
    let digits: String = sentence[..end]
        .chars()
        .rev()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.chars().rev().collect::<String>().parse().ok()
}

/// The days that a sentence names: "1月28日至2月4日" is all of them.
fn dates(sentence: &str, year: i16) -> Option<Vec<Date>> {
    let mut out: Vec<Date> = Vec::new();
    let (mut year, mut month) = (year, None);
    let mut digits = String::new();
    let mut until = false;
    for c in sentence.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '年' if digits.len() == 4 => year = std::mem::take(&mut digits).parse().ok()?,
            '月' if !digits.is_empty() => month = Some(std::mem::take(&mut digits).parse().ok()?),
            '日' if !digits.is_empty() => {
                let day: u8 = std::mem::take(&mut digits).parse().ok()?;
                let of: u8 = month?;
                let sound = (1..=12).contains(&of) && (1..=days_in(year, of)).contains(&day);
                let date = Date {
                    year,
                    month: Some(of),
                    day: Some(day),
                };
                if !sound {
                    return None;
                }
                if std::mem::take(&mut until) {
                    let mut last = *out.last()?;
                    while last != date {
                        last = next(last)?;
                        out.push(last);
                        // No holiday is that long: the range runs backwards.
                        if out.len() > 40 {
                            return None;
                        }
                    }
                } else {
                    out.push(date);
                }
            }
            '至' | '~' | '-' | '—' => {
                until = true;
                digits.clear();
            }
            _ => digits.clear(),
        }
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    /// The days of 2025 in the words that such notices use.
    const NOTICE: &str = "国务院办公厅关于2025年\n部分节假日安排的通知\n国办发明电〔2024〕12号\n自2025年1月1日起放假增加2天，春节放假8天。\n一、元旦：1月1日（周三）放假1天，不调休。\n二、春节：1月28日（农历除夕、周二）至2月4日（周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。\n三、清明节：4月4日（周五）至6日（周日）放假，共3天。\n四、劳动节：5月1日至5日放假调休，共5天。4月27日（周日）上班。\n五、端午节：5月31日至6月2日放假，共3天。\n六、国庆节、中秋节：10月1日至8日放假调休，共8天。9月28日、10月11日上班。\n";

    #[test]
    fn a_notice_gives_the_days_that_the_rulebook_has() {
        let notice = read(NOTICE).unwrap();
        assert_eq!(notice.year, 2025);
        assert_eq!(notice.number.as_deref(), Some("国办发明电〔2024〕12号"));
        let book = &Shelf::embedded().rulebooks["cn/mof/2020"];
        let ours = Year::of(2025, book.dictionary("calendar_2025").unwrap()).unwrap();
        assert_eq!(notice.days, ours);
        let toml = notice.toml();
        assert!(toml.contains("[parameter.calendar_2025.value]\nholidays = [\"01-01\", \"01-28/02-04\", \"04-04/04-06\""));
    }

    #[test]
    fn days_of_another_year_and_contradictions_are_said() {
        let text = "关于2023年部分节假日安排的通知\n一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。";
        let notice = read(text).unwrap();
        assert_eq!(notice.days.holidays, [(1, 1), (1, 2)]);
        assert_eq!(notice.elsewhere.len(), 1);
        let wrong =
            |line: &str| read(&format!("关于2025年部分节假日安排的通知\n{line}")).unwrap_err();
        assert!(wrong("一、元旦：1月1日至3日放假，共2天。").contains("读出 3 天，写的是 2 天"));
        assert!(wrong("一、元旦：1月1日放假1天。1月2日上班。").contains("不是周末"));
        assert!(wrong("一、元旦：13月1日放假1天。").contains("没有读懂"));
        assert!(wrong("一、元旦：1月5日至1日放假，共3天。").contains("没有读懂"));
        assert!(wrong("元旦放假。").contains("没有找到“一、元旦"));
        assert!(read("无关的文字").is_err());
    }
}
