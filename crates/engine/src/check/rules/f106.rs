//! F106 `thrift-none`: 厉行节约保障措施 of the baseline form comes in; a blank or "无" goes out as a hint.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "F106",
    slug: "thrift-none",
    title: "厉行节约保障措施填的是“无”",
    severity: Severity::Hint,
    covers: &[],
    basis: &["thrift-none"],
    what: "附件1 的厉行节约保障措施应写出实际做法。",
    why: "三公经费、会议培训、办公用品都有节约要求，填“无”与实际多半不符。",
    advice: "写明已有的做法，如公务接待公函制、公务用车集中调度、会议培训计划管理",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let nothing = case.rulebook.words("nothing_to_report");
    for (index, form) in case.forms("baseline") {
        let Some(stated) = form.get("thrift") else {
            continue;
        };
        report.checked();
        let text = label::normalise(&stated.text);
        if !stated.value.is_present() || nothing.contains(&text) {
            let place = case.place(index, "thrift");
            report.find("厉行节约保障措施没有写内容", place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn said(text: &str) -> usize {
        let said = Specimen::default()
            .words("nothing_to_report", &["无", "暂无"])
            .form("baseline", &[("thrift", text)], &[])
            .run(&RULE);
        assert_eq!(said.checked, 1);
        said.findings.len()
    }

    #[test]
    fn nothing_is_challenged_and_a_practice_is_not() {
        assert_eq!(["无　", "", "—", "暂无"].map(said), [1, 1, 1, 1]);
        assert_eq!(said("无纸化办公"), 0);
    }
}
