//! X205 `project-two-amounts` and X206 `project-two-names`: project forms and the lines of the baseline form come in; amounts and names of one project that differ go out.

use crate::check::figures::{amount, quoted, wan_yuan};
use crate::check::projects::{Match, projects};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Severity, Stated};

/// A project's amount in its own form is not the one in the baseline form.
pub static RULE: Rule = Rule {
    code: "X205",
    slug: "project-two-amounts",
    title: "同一项目两处金额不同",
    severity: Severity::Error,
    covers: &["I-09"],
    basis: &["baseline-projects", "one-sheet-per-project"],
    what: "附件3 的年初预算数、全年执行数，是否等于附件1 同名项目的本年预算数、本年决算数。",
    why: "同一项目同一年的预算和支出填在两张表里，应相同。",
    advice: "以部门决算报表和预算批复为准更正其一",
    fix: None,
    run: amounts,
};

/// A project form's name is not among the lines of the baseline form.
pub static NAMES: Rule = Rule {
    code: "X206",
    slug: "project-two-names",
    title: "项目名称在附件1 中找不到",
    severity: Severity::Error,
    covers: &["I-09"],
    basis: &["baseline-projects", "one-sheet-per-project"],
    what: "附件3 的项目支出名称是否列在附件1 项目支出中。标点、空格、序号和末尾“项目”二字不计。",
    why: "附件1 要填报所有项目支出，一个一级项目支出一张表，两处名称应相同，才能一一对上。",
    advice: "按预算批复的项目名称更正其一",
    fix: None,
    run: names,
};

fn amounts(case: &Case<'_>, report: &mut Report<'_>) {
    let found = projects(case);
    let Some(baseline) = found.baseline else {
        if !found.sheets.is_empty() {
            report.lacks("没有附件1 基础数据表，项目金额没有比");
        }
        return;
    };
    for sheet in &found.sheets {
        let Some(line) = sheet.line.and_then(|l| found.lines.get(l)) else {
            continue;
        };
        let pairs: [(&str, &str, Option<&Stated>, Option<&Stated>); 2] = [
            ("年初预算数", "budget", sheet.original_budget, line.budget),
            ("全年执行数", "outturn", sheet.outturn, line.outturn),
        ];
        for (what, column, ours, theirs) in pairs {
            let path = if column == "budget" {
                "funds.total.original_budget"
            } else {
                "funds.total.outturn"
            };
            let Some((a, b)) = ours.and_then(wan_yuan).zip(theirs.and_then(wan_yuan)) else {
                continue;
            };
            let first = case.place(sheet.form, path);
            let second = case.row_place(baseline, "projects", line.row, column);
            if a == b {
                report.holds([first.origin, second.origin]);
                continue;
            }
            report.checked();
            let gap = a.checked_sub(b).map(|g| g.abs()).unwrap_or_default();
            let message = format!(
                "{}{what}：附件3 为 {}，附件1 为 {}，相差 {} 万元",
                quoted(&line.name),
                amount(a),
                amount(b),
                amount(gap)
            );
            report
                .find(message, first)
                .against(second)
                .derivation(format!(
                    "{} − {} = {}",
                    amount(a.max(b)),
                    amount(a.min(b)),
                    amount(gap)
                ))
                .identity();
        }
    }
}

fn names(case: &Case<'_>, report: &mut Report<'_>) {
    let found = projects(case);
    let Some(baseline) = found.baseline else {
        return;
    };
    if found.lines.is_empty() {
        if !found.sheets.is_empty() {
            report.lacks("附件1 没有列出项目，项目名称没有比");
        }
        return;
    }
    for sheet in found.sheets.iter().filter(|s| !s.name.is_empty()) {
        let name = case.place(sheet.form, "project_name");
        report.checked();
        match (sheet.how, sheet.line.and_then(|l| found.lines.get(l))) {
            (Match::Name, _) => continue,
            (_, Some(line)) => {
                let same = line
                    .outturn
                    .and_then(wan_yuan)
                    .map(amount)
                    .unwrap_or_default();
                let message = format!(
                    "同一项目两个名称：{}、{}，金额同为 {same} 万元",
                    quoted(&sheet.name),
                    quoted(&line.name)
                );
                report
                    .find(message, name)
                    .against(case.row_place(baseline, "projects", line.row, "name"));
            }
            (_, None) => {
                let message = format!("附件1 项目支出中没有{}", quoted(&sheet.name));
                report
                    .find(message, name)
                    .against(case.absent(baseline, sheet.name.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(line: &[&str], name: &str, budget: &str, outturn: &str) -> Specimen {
        Specimen::default()
            .number("project_names_alike", "0.3")
            .form(
                "baseline",
                &[],
                &[("projects", &["name", "budget", "outturn"], &[line])],
            )
            .form(
                "project",
                &[
                    ("project_name", name),
                    ("funds.total.original_budget", budget),
                    ("funds.total.outturn", outturn),
                ],
                &[],
            )
    }

    #[test]
    fn amounts_of_one_project_must_be_equal() {
        let said =
            specimen(&["1、甲河治理", "5.00", "4.00"], "甲河治理", "5.00", "4.01").run(&RULE);
        assert_eq!(
            said.messages(),
            ["“甲河治理”全年执行数：附件3 为 4.01，附件1 为 4.00，相差 0.01 万元"]
        );
        let said = specimen(&["1、甲河治理", "5", "4.00"], "甲河治理", "5.00", "4.00").run(&RULE);
        assert_eq!((said.findings.len(), said.checked), (0, 2));
    }

    #[test]
    fn a_blank_cell_is_not_compared_with_a_zero() {
        let said = specimen(&["1、甲河治理", "", "4.00"], "甲河治理", "0", "4.00").run(&RULE);
        assert_eq!((said.findings.len(), said.checked), (0, 1));
    }

    #[test]
    fn a_form_without_a_line_of_its_name_is_found() {
        let alike = specimen(
            &["1、“三线”统筹划定", "", "33.30"],
            "“三线”统筹编制",
            "0",
            "33.30",
        )
        .run(&NAMES);
        assert_eq!(
            alike.messages(),
            ["同一项目两个名称：“三线”统筹编制、“三线”统筹划定，金额同为 33.30 万元"]
        );
        let none = specimen(&["1、甲河治理", "", "4.00"], "乙湖监测", "", "3.00").run(&NAMES);
        assert_eq!(none.messages(), ["附件1 项目支出中没有“乙湖监测”"]);
        let same =
            specimen(&["1、 甲河 治理", "", "4.00"], "“甲河”治理项目", "", "3.00").run(&NAMES);
        assert_eq!((same.findings.len(), same.checked), (0, 1));
    }
}
