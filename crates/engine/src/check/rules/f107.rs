//! F107 `template-row-left`, F108 `template-hint-left`: filled forms come in; rows and hints of the blank form that nobody removed go out, one finding a form.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Severity, label};

/// Rows of dots and empty labels among the indicators.
pub static ROWS: Rule = Rule {
    code: "F107",
    slug: "template-row-left",
    title: "指标表里还留着空表的行",
    severity: Severity::Hint,
    covers: &["D26"],
    basis: &["art25-complete"],
    what: "指标表里不应还留着空表自带的“……”“指标2：”这样的行。",
    why: "留着的空行看不出是没有这项指标，还是漏填了。",
    advice: "删去空行；还有指标的，填写完整",
    fix: None,
    run: rows,
};

/// Hints of the blank form in place of an answer.
pub static HINTS: Rule = Rule {
    code: "F108",
    slug: "template-hint-left",
    title: "填写提示没有换成内容",
    severity: Severity::Warning,
    covers: &["D26"],
    basis: &["art25-complete"],
    what: "应填内容的格里，不应还是空表自带的填写提示，如“（500字以内）”。",
    why: "提示还在，说明这一格没有填写。",
    advice: "删去提示，按提示写出内容；没有内容的，写“无”",
    fix: None,
    run: hints,
};

fn rows(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms_with_indicators() {
        // A form of nothing but such rows is a blank form, for which other rules speak.
        if form.indicators().all(|i| i.is_filler()) {
            continue;
        }
        let mut left = Vec::new();
        for indicator in form.indicators() {
            report.checked();
            if indicator.is_left_as_printed() {
                left.push(case.indicator_place(index, &indicator, "name"));
            }
        }
        let count = left.len();
        let message = format!("指标表里有 {count} 行是空表自带的");
        report.together(report.rule.severity, message, left);
    }
}

fn hints(case: &Case<'_>, report: &mut Report<'_>) {
    let words = case.rulebook.words("template_hints");
    for (index, form) in case.filing.forms.iter().enumerate() {
        let mut left = Vec::new();
        for (field, stated) in form.def.fields.iter().zip(&form.values) {
            let Some(stated) = stated.as_ref().filter(|s| s.value.is_present()) else {
                continue;
            };
            report.checked();
            if is_hint(&stated.text, words) {
                left.push(case.place(index, &field.path));
            }
        }
        let count = left.len();
        let message = format!("{count} 格还是填写提示，没有内容");
        report.together(report.rule.severity, message, left);
    }
}

/// The whole text stands in brackets and says how long the answer may be.
fn is_hint(text: &str, words: &[String]) -> bool {
    let inside = label::trim(text)
        .strip_prefix(['（', '('])
        .and_then(|t| t.strip_suffix(['）', ')']));
    inside.is_some_and(|t| {
        t.chars().count() <= 40
            && words.iter().any(|w| {
                t.strip_suffix(w.as_str())
                    .is_some_and(|t| t.ends_with(|c: char| c.is_ascii_digit()))
            })
    })
}
