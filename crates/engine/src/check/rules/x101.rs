//! X101 `posts-two-places`: staff figures of the baseline form and of the report come in; figures that differ go out, both sides shown.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, facts, paths, same};
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "X101",
    slug: "posts-two-places",
    title: "人员数在附件1 和报告中不同",
    severity: Severity::Error,
    covers: &["I-04", "D30"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "附件1 的编制数、实际在职人数、控制率是否与报告第一部分写的相同。",
    why: "同一单位同一年的编制数和在职人数只有一个，表与报告应相同。",
    advice: "以机构编制部门核定数和部门决算为准，更正其中一处",
    fix: None,
    run,
};

/// Items of the report that are about staff.
const ITEMS: &[&str] = &["authorized_posts", "staff_in_post", "staff.control_rate"];

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for item in ITEMS {
        for (_, fact) in facts(case, item) {
            let Some(stated) = Figure::fact(case, fact) else {
                continue;
            };
            for (form, path) in paths(case, item) {
                let Some(cell) = Figure::cell(case, form, path) else {
                    report.lacks("附件1 没有填人员数");
                    continue;
                };
                let name = case.filing.forms[form].def.label(path);
                let name = name.rsplit(" · ").next().unwrap_or(name);
                let unit = if stated.unit == "%" { "" } else { " 人" };
                let sign = if stated.unit == "%" { "%" } else { "" };
                let message = format!(
                    "{name}两处不一致：附件1 为 {}{sign}{unit}，报告为 {}{sign}{unit}",
                    cell.value, stated.value
                );
                same(report, &cell, &stated, message);
            }
        }
    }
}
