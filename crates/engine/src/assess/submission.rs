//! The due day and the day of submission come in; the points for punctuality (提交报告) go out.

use super::standard::Measured;
use super::{Desk, Measurement, deducted, no_material};
use crate::check::dates::shown;
use crate::rulebook::calendar::ordinal;
use jiheng_model::assessment::Verdict;

/// Working days late, each for so many points.
pub(super) fn days_late(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let (due, submitted) = match (desk.beside.due, desk.beside.submitted) {
        (Some(due), Some(submitted)) => (due, submitted),
        (due, submitted) => {
            let mut missing = Vec::new();
            if due.is_none() {
                missing.push("规定的报送日期（--due）".to_string());
            }
            if submitted.is_none() {
                missing.push("实际报送日期（--submitted）".to_string());
            }
            return no_material("没有日期，不知道是否按时", &missing);
        }
    };
    let span = format!("应于{}前报送，{}报送", shown(due), shown(submitted));
    let (Some(last), Some(day)) = (ordinal(due), ordinal(submitted)) else {
        return no_material("日期不是完整的年月日", &[]);
    };
    let max = measured.points();
    if day <= last {
        let why = format!("{span}，按时，得 {} 分", max.normalize());
        return (Verdict::Computed(max), why, Vec::new());
    }
    let Some(days) = desk.case.rulebook.working_days(due, submitted) else {
        let years = match (due.year, submitted.year) {
            (a, b) if a == b => format!("{a} 年"),
            (a, b) => format!("{a} 年至 {b} 年"),
        };
        let why = format!("{span}，规程包里没有{years}全部的放假和调休安排，工作日数不清");
        return no_material(
            &why,
            &["那一年的放假通知（jiheng rulebook calendar 读入）".to_string()],
        );
    };
    let (left, sum) = deducted(max, days as usize, measured.number("each"));
    let why = format!(
        "{span}，迟 {} 天，其中工作日 {days} 个，{sum}",
        day.saturating_sub(last)
    );
    (Verdict::Computed(left), why, Vec::new())
}
