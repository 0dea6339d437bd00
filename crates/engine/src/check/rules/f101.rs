//! F101 `form-missing`: the forms and the report of a package come in; required parts that are not there go out as one finding.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "F101",
    slug: "form-missing",
    title: "材料缺少应有的表或报告",
    severity: Severity::Error,
    covers: &["D52", "I-28"],
    basis: &["annexes-complete", "annexes-attached"],
    what: "一套自评材料应有基础数据表、整体支出绩效自评表和自评报告；项目支出绩效自评表另查。只放入单张表核对时不查。",
    why: "考核按正文和附件是否齐全计分，每少一个部分扣分。",
    advice: "补入缺少的表或报告；分在几个文件里的，把文件放进同一个文件夹再核对",
    fix: None,
    run,
};

/// The key that stands for the report among required forms.
const REPORT: &str = "report";

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let required = case.rulebook.words("parts_required");
    if required.is_empty() {
        return;
    }
    let has = |part: &str| match part {
        REPORT => case.filing.narrative.exists(),
        form => case.filing.one(form).is_some(),
    };
    let projects = usize::from(case.filing.one("project").is_some());
    let present = required.iter().filter(|p| has(p)).count() + projects;
    if present < 2 {
        report.lacks("只放入了一种表，没有核对材料是否齐全");
        return;
    }
    for _ in required {
        report.checked();
    }
    let names: Vec<String> = required
        .iter()
        .filter(|p| !has(p))
        .map(|p| name(case, p))
        .collect();
    let Some(first) = names.first() else {
        return;
    };
    let message = match names.len() {
        1 => format!("材料缺少“{first}”"),
        n => format!("材料缺少 {n} 个部分"),
    };
    let severity = RULE.severity_under(case.rulebook);
    let draft = report.find_as(severity, message, case.absent_in_package(first.clone()));
    draft
        .arg("count", names.len())
        .arg("parts", names.join("、"));
    for name in names.iter().skip(1) {
        draft.against(case.absent_in_package(name.clone()));
    }
}

fn name(case: &Case<'_>, part: &str) -> String {
    match (part, case.rulebook.form(part)) {
        (REPORT, _) => "整体支出绩效自评报告".into(),
        (_, Some(form)) => form.title.clone(),
        (id, None) => id.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen() -> Specimen {
        Specimen::default().words("parts_required", &["baseline", "department", "report"])
    }

    #[test]
    fn a_missing_form_is_named() {
        let said = specimen()
            .form("baseline", &[], &[])
            .prose(&["报告"])
            .run(&RULE);
        assert_eq!(said.messages(), ["材料缺少“department”"]);
        assert_eq!(said.checked, 3);
    }

    #[test]
    fn two_missing_parts_are_one_finding() {
        let said = specimen()
            .form("department", &[], &[])
            .form("project", &[], &[])
            .run(&RULE);
        assert_eq!(said.messages(), ["材料缺少 2 个部分"]);
        assert_eq!(said.findings[0].places[1].label, "整体支出绩效自评报告");
    }

    #[test]
    fn a_complete_package_passes_and_a_single_form_is_not_checked() {
        let complete = specimen()
            .form("baseline", &[], &[])
            .form("department", &[], &[])
            .prose(&["报告"])
            .run(&RULE);
        assert!(complete.findings.is_empty());
        let single = specimen().form("project", &[], &[]).run(&RULE);
        assert_eq!((single.findings.len(), single.checked), (0, 0));
        assert_eq!(single.lacking.len(), 1);
    }
}
