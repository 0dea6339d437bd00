//! F303 `footer-absent`: the feet of the forms come in; a form without any of the labels that the others print goes out.

use super::f301::has_footer;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "F303",
    slug: "footer-absent",
    title: "表末没有填表人和签字一行",
    severity: Severity::Warning,
    covers: &["D61"],
    basis: &["footer-of-forms", "footer-of-department-form"],
    what: "同一套材料中，其他表末都有填表人、填报日期、联系电话、单位负责人签字，某张表整行没有。",
    why: "没有这一行，就看不出这张表由谁填报、由谁负责。",
    advice: "在表末补上填表人、填报日期、联系电话和单位负责人签字",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let paths = case.rulebook.words("footer_fields");
    let forms: Vec<usize> = case
        .filing
        .forms
        .iter()
        .enumerate()
        .filter(|(_, f)| paths.iter().any(|p| f.def.slot(p).is_some()))
        .map(|(index, _)| index)
        .collect();
    let (with, without): (Vec<usize>, Vec<usize>) = forms
        .into_iter()
        .partition(|i| has_footer(case, &case.filing.forms[*i]));
    for _ in &with {
        report.checked();
    }
    if with.is_empty() {
        return;
    }
    let mut places = without
        .iter()
        .map(|i| case.absent(*i, format!("{} · 表末签字行", case.form_name(*i))));
    if let Some(first) = places.next() {
        let draft = report.find(format!("{} 张表末没有签字行", without.len()), first);
        draft.arg("count", without.len());
        for place in places {
            draft.against(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;
    use jiheng_model::finding::PlaceKind;
    use std::sync::Arc;

    fn specimen(feet: &[bool]) -> Specimen {
        let mut specimen = Specimen::default().words("footer_fields", &["filler", "signatory"]);
        for printed in feet {
            specimen = specimen.form(
                "project",
                &[("project_name", "甲"), ("filler", "乙"), ("signatory", "")],
                &[],
            );
            if !printed {
                let form = specimen.filing.forms.last_mut().unwrap();
                form.values[1] = None;
                form.values[2] = None;
                form.def = Arc::new((*form.def).clone());
            }
        }
        specimen
    }

    #[test]
    fn a_form_without_the_line_stands_out_among_those_that_have_it() {
        let said = specimen(&[true, false, true]).run(&RULE);
        assert_eq!(said.messages(), ["1 张表末没有签字行"]);
        assert_eq!(said.findings[0].places[0].kind, PlaceKind::Absent);
        assert_eq!(said.findings[0].places[0].form_index, Some(1));
    }

    #[test]
    fn where_no_form_prints_the_line_nothing_is_said() {
        let said = specimen(&[false, false]).run(&RULE);
        assert!(said.findings.is_empty());
        assert_eq!(said.checked, 0);
    }
}
