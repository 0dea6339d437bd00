//! N303 `section-empty`: the report's sections come in; a section of the outline that has a heading and no text goes out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "N303",
    slug: "section-empty",
    title: "报告的部分只有标题没有内容",
    severity: Severity::Warning,
    covers: &["D38", "D63"],
    basis: &["report-complete", "art25-complete"],
    what: "提纲的每个部分，标题之下应有文字；没有发生的，写明“没有”。",
    why: "只有标题，看不出是没有发生还是没有写完。",
    advice: "补写内容；没有这类支出或事项的，写一句说明",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let required = case.rulebook.words("outline_required");
    let mut places: Vec<Place> = Vec::new();
    for section in &case.filing.narrative.sections {
        let known = section.key.as_ref().is_some_and(|k| required.contains(k));
        if !known {
            continue;
        }
        report.checked();
        let mut body = (section.paragraph + 1..=section.last).map(|n| case.report_line(n));
        let heading = case.report_line(section.paragraph);
        // Text may follow in the heading's own line.
        let run_in = heading.chars().count() > section.title.chars().count() + 20;
        // Problems that are not there are N203's.
        let other = section.key.as_deref() == Some("problems");
        if !run_in && !other && !body.any(|text| !label::trim(text).is_empty()) {
            places.push(case.absent_in_report(section.paragraph, section.title.clone()));
        }
    }
    let count = places.len();
    let mut places = places.into_iter();
    if let Some(first) = places.next() {
        let message = match count {
            1 => format!("“{}”没有内容", first.label),
            n => format!("{n} 个部分只有标题没有内容"),
        };
        let draft = report.find(message, first);
        draft.arg("count", count);
        for place in places {
            draft.against(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::remedies::tests::report;

    #[test]
    fn a_heading_without_text_is_found() {
        let said = report(&["1.甲。"], &["", " "])
            .words("outline_required", &["problems", "measures"])
            .run(&RULE);
        assert_eq!(said.messages(), ["“measures”没有内容"]);
    }

    #[test]
    fn text_below_the_heading_is_content() {
        let said = report(&["1.甲。"], &["", "1.乙。"])
            .words("outline_required", &["problems", "measures"])
            .run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 2);
    }
}
