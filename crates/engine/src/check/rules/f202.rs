//! F202 `project-form-without-line`: project forms and the baseline form's lines come in; forms that belong to no line, and second forms of one project, go out.

use crate::check::projects::{projects, same_name};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "F202",
    slug: "project-form-without-line",
    title: "项目自评表在基础数据表中没有对应行",
    severity: Severity::Warning,
    covers: &["I-10", "D51"],
    basis: &["one-form-per-project", "projects-in-two-forms"],
    what: "每张项目支出绩效自评表都应能在附件1 项目支出中找到名称或金额相同的一行，且一个项目只有一张表。",
    why: "找不到对应行的表，金额没有计入项目支出合计；同一项目两张表，数会重复。",
    advice: "核对项目名称和金额，补入附件1，或删去多余的表",
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let found = projects(case);
    if found.baseline.is_none() || found.lines.is_empty() {
        if !found.sheets.is_empty() {
            report.lacks("没有附件1 项目支出的明细，无法与项目表对应");
        }
        return;
    }
    for (number, sheet) in found.sheets.iter().enumerate() {
        report.checked();
        let place = case.place(sheet.form, "project_name");
        let twin = found.sheets[..number]
            .iter()
            .find(|other| same_name(&other.name, &sheet.name));
        if let Some(twin) = twin {
            let first = case.place(twin.form, "project_name");
            report
                .find(format!("“{}”有两张自评表", sheet.name), place)
                .against(first);
        } else if sheet.line.is_none() && !sheet.name.is_empty() {
            report.find(format!("附件1 中没有“{}”", sheet.name), place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn said(sheets: &[&str]) -> Vec<String> {
        let lines: &[&[&str]] = &[&["1、甲河治理", "2.00"], &["2、乙湖监测", "3.00"]];
        let mut specimen = Specimen::default().number("project_names_alike", "0.3").form(
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
    fn forms_without_a_line_and_twins_are_found() {
        assert_eq!(said(&["甲河治理", "戊己庚"]), ["附件1 中没有“戊己庚”"]);
        assert_eq!(said(&["甲河治理", "甲河治理项目"]), ["“甲河治理项目”有两张自评表"]);
    }

    #[test]
    fn forms_with_their_lines_are_fine() {
        assert!(said(&["乙湖监测", "甲河治理"]).is_empty());
    }
}
