//! E101 `satisfaction-without-survey`: satisfaction indicators and the package's survey statements come in; indicators that no survey supports go out as one finding.

use crate::check::projects::projects;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::surveys::{Survey, surveys};
use jiheng_model::finding::Place;
use jiheng_model::form::Indicator;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "E101",
    slug: "satisfaction-without-survey",
    title: "满意度没有问卷结果",
    severity: Severity::Warning,
    covers: &["D49"],
    basis: &["survey-for-satisfaction", "satisfaction-without-survey"],
    what: "填了满意度完成值的指标，报告或表中应有调查的份数：发放、回收、有效、满意各多少。",
    why: "设了满意度指标就应开展调查；没有份数，满意度无从核对。",
    advice: "附问卷报告，或在实际完成情况中写明调查方式、发放与有效份数、满意份数；没有调查的，写明数据来源",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let all = satisfaction(case);
    for _ in &all {
        report.checked();
    }
    if !case.filing.narrative.exists() && case.filing.one("department").is_some() {
        report.lacks("没有自评报告，整体自评表的满意度没有与调查份数核对");
    }
    let count = all.len();
    let lone = unsupported(case);
    let bare = lone.len();
    let mut places = lone.into_iter();
    let Some(first) = places.next() else {
        return;
    };
    let message = match (bare, count) {
        (1, _) => format!("{}没有问卷结果", shown(&first.text)),
        (n, all) if n == all => format!("{n} 项满意度都没有问卷结果"),
        (n, _) => format!("{n} 项满意度没有问卷结果"),
    };
    // The survey of a project is told in its own form: where that form is missing, its rate has none.
    let of_department = |place: &Place| place.form == "department";
    let mut cause = None;
    if of_department(&first) && places.as_slice().iter().all(of_department) {
        let found = projects(case);
        let missing = found
            .lines
            .iter()
            .find(|l| l.is_executed() && l.sheet.is_none());
        cause = missing.and_then(|l| l.outturn).map(|o| o.origin);
    }
    let draft = report.find(message, first);
    draft.arg("count", bare);
    draft.inputs.extend(cause);
    for place in places {
        draft.against(place);
    }
}

fn shown(text: &str) -> String {
    format!("满意度 {text} ")
}

/// Places of the actual values of satisfaction indicators that no survey supports.
pub(super) fn unsupported(case: &Case<'_>) -> Vec<Place> {
    let surveys = surveys(case);
    let all = satisfaction(case);
    let names: Vec<String> = all.iter().map(|(_, i)| name(i)).collect();
    all.iter()
        .filter(|(form, i)| !is_supported(case, *form, &name(i), &surveys, &names))
        .map(|(form, i)| case.indicator_place(*form, i, "actual"))
        .collect()
}

/// Satisfaction indicators with an actual value, with the index of their form.
fn satisfaction<'a>(case: &Case<'a>) -> Vec<(usize, Indicator<'a>)> {
    let words = case.rulebook.words("satisfaction_words");
    case.forms_with_indicators()
        .flat_map(|(index, form)| form.indicators().map(move |i| (index, i)))
        .filter(|(_, i)| !i.is_filler() && i.actual().is_some_and(|a| a.value.number().is_some()))
        .filter(|(_, i)| words.iter().any(|w| name(i).contains(w.as_str())))
        .collect()
}

fn name(indicator: &Indicator<'_>) -> String {
    indicator
        .name()
        .map_or_else(String::new, |n| label::normalise(&n.text))
}

/// A survey names the indicator, stands in the same form, or, for the department's form, names no indicator at all.
fn is_supported(
    case: &Case<'_>,
    form: usize,
    name: &str,
    surveys: &[Survey<'_>],
    names: &[String],
) -> bool {
    let department = case
        .filing
        .forms
        .get(form)
        .is_some_and(|f| f.kind() == "department");
    // The department's surveys are described in the report; without one nothing is known of them.
    if department && !case.filing.narrative.exists() {
        return true;
    }
    surveys.iter().any(|survey| {
        let text = label::normalise(survey.passage.text);
        text.contains(name)
            || survey.form == Some(form)
            || (department
                && survey.form.is_none()
                && !names.iter().any(|n| text.contains(n.as_str())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    const COLUMNS: &[&str] = &["name", "target", "actual", "points", "score"];

    fn specimen() -> Specimen {
        let department: &[&[&str]] = &[
            &["群众满意度", "≥90%", "98%", "5", "5"],
            &["企业满意度", "≥90%", "97%", "5", "5"],
            &["修复面积", "3公顷", "3公顷", "5", "5"],
        ];
        Specimen::default()
            .words("satisfaction_words", &["满意度"])
            .words("forms_with_indicators", &["department", "project"])
            .words("survey_count_words", &["发放", "有效问卷"])
            .form("department", &[], &[("indicators", COLUMNS, department)])
    }

    #[test]
    fn satisfaction_without_any_survey_is_one_finding() {
        let said = specimen().prose(&["设计了问卷调查表。"]).run(&RULE);
        assert_eq!(said.messages(), ["2 项满意度都没有问卷结果"]);
        assert_eq!(
            said.findings[0].places[0].field.as_deref(),
            Some("indicators[1].actual")
        );
    }

    #[test]
    fn a_survey_supports_the_indicator_it_names() {
        let said = specimen()
            .prose(&["调查群众满意度，发放问卷440份。"])
            .run(&RULE);
        assert_eq!(said.messages(), ["满意度 97% 没有问卷结果"]);
        let both = specimen()
            .prose(&["调查群众满意度和企业满意度，发放问卷440份。"])
            .run(&RULE);
        assert!(both.findings.is_empty());
        assert_eq!(both.checked, 2);
    }

    #[test]
    fn a_survey_that_names_no_indicator_supports_the_department() {
        let said = specimen().prose(&["面向社会发放问卷440份。"]).run(&RULE);
        assert!(said.findings.is_empty());
    }
}
