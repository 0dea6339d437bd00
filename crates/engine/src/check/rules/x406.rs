//! X406 `submitted-late`: the notice of the campaign and the dates of report and forms come in; a package dated after the day it was due goes out.
//!
//! The day of delivery itself is in no file: a report cannot be delivered before the day it is dated.

use crate::check::dates::{self, Day};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::label::trim;
use jiheng_model::value::Date;
use jiheng_model::{Document, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X406",
    slug: "submitted-late",
    title: "报告日期晚于报送期限",
    severity: Severity::Error,
    covers: &["D62"],
    basis: &["filing-dates"],
    what: "放入自评通知的，报告的日期是否晚于通知规定的报送期限，晚几天，其中几个工作日。",
    why: "每推迟一个工作日报送报告扣 1 分；报告日期晚于期限的，报送不可能按时。工作日按规程包里各年的放假和调休安排算。",
    advice: "核对报告日期和通知的期限；批准延期的，附批准文件",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    if case.filing.forms.is_empty() && !case.filing.narrative.exists() {
        return;
    }
    let Some((file, paragraph, due)) = due(case) else {
        return report.lacks("没有放入写明报送期限的通知，是否按时报送没有核");
    };
    let Some((dated, origin)) = case.filing.narrative.dated else {
        return report.lacks("报告没有写日期，是否按时报送没有核");
    };
    report.checked();
    let late = dates::between(due.date, dated).filter(|days| *days > 0);
    let Some(days) = late else { return };
    let working = case.rulebook.working_days(due.date, dated);
    let (severity, of_these) = match working {
        // Nothing is deducted for days on which nobody works.
        Some(0) => (Severity::Hint, "，其间没有工作日".to_string()),
        Some(working) => (Severity::Error, format!("，其中工作日 {working} 天")),
        None => (Severity::Error, String::new()),
    };
    if working.is_none() {
        report.lacks(format!(
            "规程包没有 {} 年的放假安排，晚几个工作日没有算",
            dated.year
        ));
    }
    let message = format!(
        "报告日期 {}，报送期限 {}，晚 {days} 天{of_these}",
        dates::shown(dated),
        dates::shown(due.date)
    );
    let place = Place {
        kind: PlaceKind::Text,
        form: "narrative".into(),
        form_index: None,
        field: None,
        label: "报告日期".into(),
        origin,
        text: dates::shown(Date { ..dated }),
    };
    report
        .find_as(severity, message, place)
        .against(case.text_place(file, paragraph, due.chars, "通知 · 报送期限"))
        .derivation(format!(
            "{} − {} = {days} 天",
            dates::shown(dated),
            dates::shown(due.date)
        ))
        .arg("days", days)
        .arg(
            "working_days",
            working.map_or("未知".to_string(), |w| w.to_string()),
        );
}

/// The day by which a notice in the bundle wants the material delivered; the last when it names several.
fn due(case: &Case<'_>) -> Option<(u16, u32, Day)> {
    let words = case.rulebook.words("deadline_words");
    let mut last: Option<(u16, u32, Day)> = None;
    for (file, document) in case.documents.iter().enumerate() {
        if !is_notice(case, document) {
            continue;
        }
        for number in 1..=document.paragraphs.len() as u32 {
            let text = document.paragraph_text(number);
            for day in dates::days(text) {
                let after: String = text.chars().skip(day.chars.1 as usize).take(40).collect();
                let sentence = after.split('。').next().unwrap_or_default();
                let before = ["前", "之前", "以前", "(含)前", "（含）前"];
                let bound = before.iter().any(|w| trim(sentence).starts_with(w));
                let delivery = words.iter().any(|w| sentence.contains(w.as_str()));
                let later = last.is_none_or(|(_, _, l)| {
                    dates::between(l.date, day.date).is_some_and(|d| d > 0)
                });
                if bound && delivery && later {
                    last = Some((file as u16, number, day));
                }
            }
        }
    }
    last
}

/// "关于开展2023年度部门绩效自评工作的通知" among the first lines.
fn is_notice(case: &Case<'_>, document: &Document) -> bool {
    let words = case.rulebook.words("notice_words");
    let mut lines =
        (1..=document.paragraphs.len().min(12) as u32).map(|n| document.paragraph_text(n));
    lines.any(|line| {
        trim(line).ends_with("通知")
            && line.chars().count() <= 80
            && words.iter().any(|w| line.contains(w.as_str()))
    })
}
