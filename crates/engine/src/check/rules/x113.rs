//! X113 `dates-out-of-order`: the dates of forms and report and the fiscal year come in; dates before the year's end, or a report before its forms, go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::finding::{Place, PlaceKind};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X113",
    slug: "dates-out-of-order",
    title: "填报日期与年度、报告日期的先后不合",
    severity: Severity::Warning,
    covers: &["I-21"],
    basis: &["practice-report-terms"],
    what: "填报日期应在年度结束之后，报告日期应不早于各表的填报日期。",
    why: "自评在年度结束后做，报告汇总的是已填好的表。",
    advice: "更正填报日期或报告日期",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let dated = case.filing.narrative.dated;
    let before = case.rulebook.words("forms_before_year_end");
    for (index, form) in case.filing.forms.iter().enumerate() {
        let Some(filled) = form.filled_on() else {
            continue;
        };
        // Objectives are declared before the year begins and watched while it runs.
        let after_the_year = !before.iter().any(|kind| kind == form.kind());
        if let Some(year) = case.filing.year.or(form.year).filter(|_| after_the_year) {
            report.checked();
            if filled.latest() < (year, 12, 31) {
                report.find(
                    format!("填报日期 {} 在 {year} 年度结束之前", filled),
                    case.place(index, "filled_on"),
                );
            }
        }
        if let Some((date, origin)) = dated {
            report.checked();
            if date.latest() < filled.earliest() {
                let place = Place {
                    kind: PlaceKind::Text,
                    form: "narrative".into(),
                    form_index: None,
                    field: None,
                    label: "报告日期".into(),
                    origin,
                    text: date.to_string(),
                };
                report
                    .find(format!("报告日期 {} 早于填报日期 {}", date, filled), place)
                    .against(case.place(index, "filled_on"));
                return;
            }
        }
    }
}
