//! N301 `section-missing`: the report's sections and the rulebook's outline come in; required sections that the report lacks go out as one finding.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;
use jiheng_model::finding::Place;

/// The rule.
pub static RULE: Rule = Rule {
    code: "N301",
    slug: "section-missing",
    title: "报告缺少提纲要求的部分",
    severity: Severity::Error,
    covers: &["D63"],
    basis: &["report-complete", "art25-complete"],
    what: "自评报告正文应按提纲写全各部分；没有发生的，也要写明“没有”。",
    why: "考核按正文各部分是否齐全计分，每少一个部分扣分。",
    advice: "补写缺少的部分；没有这类支出的，写一句说明",
    fix: None,
    run,
};

/// Keys of required sections that the report lacks, in the order of the outline; empty when there is no report.
pub(super) fn missing<'a>(case: &Case<'a>) -> Vec<&'a String> {
    let narrative = &case.filing.narrative;
    if !narrative.exists() {
        return Vec::new();
    }
    let required = case.rulebook.words("outline_required").iter();
    required
        .filter(|key| narrative.section(key).is_none())
        .collect()
}

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let required = case.rulebook.words("outline_required");
    if !case.filing.narrative.exists() || required.is_empty() {
        return;
    }
    for _ in required {
        report.checked();
    }
    let absent = missing(case);
    let Some(first) = absent.first() else {
        return;
    };
    let names: Vec<String> = absent.iter().map(|key| name(case, key)).collect();
    let mut places: Vec<Place> = absent
        .iter()
        .zip(&names)
        .map(|(key, name)| case.absent_in_report(before(case, required, key), name.clone()))
        .collect();
    let head = places.remove(0);
    // A report that has less than half of the sections follows an outline of its own.
    let foreign = absent.len() * 2 > required.len();
    if foreign && case.rulebook.text("outline_prescribed").is_none() {
        report.lacks("报告不按这份提纲分节，没有核对各部分是否齐全");
        return;
    }
    let (severity, message) = match absent.len() {
        _ if foreign => (
            Severity::Warning,
            format!("报告没有按提纲分节，{} 个部分没有找到", absent.len()),
        ),
        1 => (Severity::Error, format!("报告缺少“{}”", name(case, first))),
        n => (Severity::Error, format!("报告缺少 {n} 个部分")),
    };
    let draft = report.find_as(severity, message, head);
    draft
        .arg("count", absent.len())
        .arg("sections", names.join("、"));
    for place in places {
        draft.against(place);
    }
}

/// Where a missing section should stand.
pub(crate) fn place(case: &Case<'_>, key: &str) -> Place {
    let required = case.rulebook.words("outline_required");
    case.absent_in_report(before(case, required, key), name(case, key))
}

/// The paragraph after which a missing section should stand: the last one of the section before it.
fn before(case: &Case<'_>, required: &[String], key: &str) -> u32 {
    let narrative = &case.filing.narrative;
    let earlier = required
        .iter()
        .take_while(|k| k.as_str() != key)
        .filter_map(|k| narrative.section(k))
        .map(|s| s.last)
        .max();
    earlier
        .or_else(|| narrative.title.as_ref().and_then(|t| paragraph(t.origin)))
        .or(narrative.span.map(|(first, _)| first))
        .unwrap_or(1)
}

fn paragraph(origin: jiheng_model::Origin) -> Option<u32> {
    match origin.at {
        jiheng_model::origin::At::Text { paragraph, .. } => Some(paragraph),
        _ => None,
    }
}

/// The section's title in the outline.
pub(crate) fn name(case: &Case<'_>, key: &str) -> String {
    let titles = case.rulebook.dictionary("outline").and_then(|o| o.get(key));
    titles
        .and_then(|t| t.first())
        .map_or_else(|| key.to_string(), Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use jiheng_model::finding::PlaceKind;
    use jiheng_model::narrative::{MarkStyle, Section};
    use jiheng_model::origin::At;

    fn report(keys: &[&str]) -> Specimen {
        let mut specimen = Specimen::default()
            .words("outline_required", &["a", "b", "c", "d"])
            .dictionary("outline", &[("b", &["政府性基金预算支出情况"])])
            .prose(&["标题", "一", "正文", "二", "正文", "三", "正文"]);
        for (index, key) in keys.iter().enumerate() {
            let paragraph = index as u32 * 2 + 2;
            specimen.filing.narrative.sections.push(Section {
                mark: String::new(),
                ordinal: None,
                style: MarkStyle::None,
                title: key.to_string(),
                level: 1,
                paragraph,
                key: Some(key.to_string()),
                last: paragraph + 1,
            });
        }
        specimen
    }

    #[test]
    fn a_missing_section_is_placed_after_the_one_before_it() {
        let said = report(&["a", "c", "d"]).run(&RULE);
        assert_eq!(said.messages(), ["报告缺少“政府性基金预算支出情况”"]);
        let place = &said.findings[0].places[0];
        assert_eq!(place.kind, PlaceKind::Absent);
        assert!(matches!(place.origin.at, At::Text { paragraph: 3, .. }));
        assert_eq!(said.findings[0].severity, Severity::Error);
    }

    #[test]
    fn a_report_of_another_outline_is_a_warning() {
        let elsewhere = report(&["a"]).run(&RULE);
        assert_eq!((elsewhere.findings.len(), elsewhere.lacking.len()), (0, 1));
        let said = report(&["a"]).text("outline_prescribed", "是").run(&RULE);
        assert_eq!(said.messages(), ["报告没有按提纲分节，3 个部分没有找到"]);
        assert_eq!(said.findings[0].severity, Severity::Warning);
    }

    #[test]
    fn a_complete_report_passes_and_no_report_is_not_checked() {
        let complete = report(&["a", "b", "c", "d"]).run(&RULE);
        assert!(complete.findings.is_empty());
        assert_eq!(complete.checked, 4);
        let none = Specimen::default()
            .words("outline_required", &["a"])
            .run(&RULE);
        assert_eq!((none.findings.len(), none.checked), (0, 0));
    }
}
