//! X401 and its family: what can only be checked against other material comes in without that material; "not checked" with the reason goes out.
//!
//! 未核不是通过: each of these exists so that the list of outcomes says what nobody has looked at.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// 部门决算.
pub static RULE: Rule = Rule {
    code: "X401",
    slug: "final-accounts",
    title: "与部门决算报表比对",
    severity: Severity::Error,
    covers: &["I-25", "D67"],
    basis: &["mof-2020-10-art26-with-accounts", "accounts-scope"],
    what: "附件1、附件2 的执行数、三公经费、政府采购、机关运行经费和人员数，是否与部门决算报表一致。",
    why: "自评结果随部门决算报送，两者须同口径。",
    advice: "把部门决算报表与自评材料放在一起再核对",
    run: |case, report| lacks(case, report, "没有放入决算文件，与部门决算报表没有比"),
};

/// Other units of the department, and what is copied between them.
pub static OTHER_UNITS: Rule = Rule {
    code: "X404",
    slug: "other-units",
    title: "与其他单位的材料比对",
    severity: Severity::Warning,
    covers: &["D21", "D53"],
    basis: &["filing-units", "copied-indicators"],
    what: "所属单位是否都开展了自评并汇总；指标是否从其他单位的材料照抄而来。",
    why: "市级预算部门本级和所属单位都要开展绩效自查。",
    advice: "把所属单位的自评材料放在一起，用 jiheng batch 核对",
    run: |case, report| {
        lacks(
            case,
            report,
            "没有放入其他单位的材料，是否覆盖所属单位、指标是否照抄没有核",
        )
    },
};

/// Dates of submission.
pub static SUBMISSION: Rule = Rule {
    code: "X406",
    slug: "submitted-late",
    title: "报送是否按时",
    severity: Severity::Error,
    covers: &["D62"],
    basis: &["filing-dates"],
    what: "报送日期是否晚于规定期限，晚几个工作日。",
    why: "每推迟一个工作日报送报告扣 1 分。",
    advice: "用 jiheng assess 并给出期限和报送日期",
    run: |case, report| lacks(case, report, "没有给出报送期限和报送日期，是否按时没有核"),
};

/// Evidence behind the actual values.
pub static EVIDENCE: Rule = Rule {
    code: "X407",
    slug: "evidence",
    title: "与佐证材料比对",
    severity: Severity::Error,
    covers: &["D46", "D47", "D48", "D50"],
    basis: &["mof-2020-10-art25-true"],
    what: "实际完成值有没有明细、验收资料佐证，日期和数量是否与佐证一致。",
    why: "自评须数据真实、结果客观，完成值应有据可查。",
    advice: "把明细表、验收单等佐证材料放在一起再核对",
    run: |case, report| {
        lacks(
            case,
            report,
            "没有放入佐证材料，完成值没有与明细、验收资料比",
        )
    },
};

/// What last year's review asked for.
pub static RECTIFICATION: Rule = Rule {
    code: "X408",
    slug: "rectification",
    title: "上年问题是否整改",
    severity: Severity::Warning,
    covers: &["D69"],
    basis: &["results-not-used"],
    what: "上年评价提出的问题，今年是否整改、有没有再次出现。",
    why: "评价结果反馈后应按期整改，同样的问题不应年年出现。",
    advice: "把上年的反馈意见和整改台账放在一起再核对",
    run: |case, report| {
        lacks(
            case,
            report,
            "没有放入上年反馈意见和整改台账，整改情况没有核",
        )
    },
};

/// Says why, for a package that has anything to be checked.
fn lacks(case: &Case<'_>, report: &mut Report<'_>, why: &str) {
    if !case.filing.forms.is_empty() || case.filing.narrative.exists() {
        report.lacks(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    #[test]
    fn what_nobody_looked_at_is_said_and_an_empty_package_has_nothing_to_look_at() {
        for rule in [&RULE, &OTHER_UNITS, &SUBMISSION, &EVIDENCE, &RECTIFICATION] {
            let said = Specimen::default().form("department", &[], &[]).run(rule);
            assert_eq!(
                (said.findings.len(), said.checked, said.lacking.len()),
                (0, 0, 1),
                "{}",
                rule.code
            );
            assert!(Specimen::default().run(rule).lacking.is_empty());
        }
    }
}
