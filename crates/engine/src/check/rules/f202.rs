//! F202 `project-form-twice`: project forms come in; second forms of one project go out.

use crate::check::projects::{projects, same_name};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "F202",
    slug: "project-form-twice",
    title: "同一项目有两张自评表",
    severity: Severity::Warning,
    covers: &["I-10", "D51"],
    basis: &["one-form-per-project", "projects-in-two-forms"],
    what: "一个一级项目只填一张项目支出绩效自评表。名称的标点、序号和末尾“项目”二字不计。",
    why: "同一项目两张表，支出和得分会重复计算，也不知道以哪张为准。",
    advice: "留下定稿的一张；确是两个项目的，改用预算批复的名称加以区别",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let found = projects(case);
    for (number, sheet) in found.sheets.iter().enumerate() {
        report.checked();
        let earlier = &found.sheets[..number];
        if let Some(twin) = earlier.iter().find(|o| same_name(&o.name, &sheet.name)) {
            let first = case.place(twin.form, "project_name");
            let second = case.place(sheet.form, "project_name");
            report
                .find(format!("“{}”有两张自评表", sheet.name), second)
                .against(first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn said(sheets: &[&str]) -> Vec<String> {
        let lines: &[&[&str]] = &[&["1、甲河治理", "2.00"], &["2、乙湖监测", "3.00"]];
        let mut specimen = Specimen::default()
            .number("project_names_alike", "0.3")
            .form(
                "baseline",
                &[],
                &[("projects", &["name", "outturn"], lines)],
            );
        for name in sheets {
            specimen = specimen.form("project", &[("project_name", name)], &[]);
        }
        let said = specimen.run(&RULE);
        said.messages().iter().map(|m| m.to_string()).collect()
    }

    #[test]
    fn a_second_form_of_a_project_is_found() {
        assert_eq!(
            said(&["甲河治理", "甲河治理项目"]),
            ["“甲河治理项目”有两张自评表"]
        );
    }

    #[test]
    fn projects_of_different_names_are_fine() {
        assert!(said(&["乙湖监测", "甲河治理", "乙湖监测二期"]).is_empty());
    }
}
