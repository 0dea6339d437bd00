//! A421, A423–A425: the amounts and points of self-evaluation forms come in; blanks that break a sum, units printed twice, folded totals and missing points go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Dimension, Severity, Stated};

/// A total outturn that no source shares.
pub static PARTS: Rule = Rule {
    code: "A421",
    slug: "outturn-not-split",
    title: "执行数没有按资金来源分列",
    severity: Severity::Hint,
    covers: &["D28"],
    basis: &["project-funds"],
    what: "预算数按资金来源分列的，执行数也应分列，合计才能核对。",
    why: "各来源的执行数空着，看不出合计由哪些资金组成。",
    advice: "按资金来源补填执行数；没有执行的填 0",
    fix: None,
    run: parts,
};

/// Units in money cells although the head gives one.
pub static UNIT: Rule = Rule {
    code: "A423",
    slug: "unit-in-money-cell",
    title: "金额格里又写了单位",
    severity: Severity::Hint,
    covers: &["D14"],
    basis: &["project-funds"],
    what: "表头已写明金额单位的，金额格里只填数。",
    why: "格里再写单位，汇总时要一格一格去掉，也容易写成另一个单位。",
    advice: "删去金额格里的单位，只留数",
    fix: None,
    run: unit,
};

/// Folded scores that cannot reach the total.
pub static FOLDED: Rule = Rule {
    code: "A424",
    slug: "folded-total",
    title: "折算得分合计与总分不同",
    severity: Severity::Warning,
    covers: &["D02"],
    basis: &["mof-2020-10-art16-total"],
    what: "得分之外另有折算得分的，折算得分的合计应与总分相同。",
    why: "得分已按分值计算，再乘一次权重，得满分也折不到满分。",
    advice: "核对折算的办法；分值合计为 100 分的，不再折算",
    fix: None,
    run: folded,
};

/// Forms that score nothing.
pub static POINTS: Rule = Rule {
    code: "A425",
    slug: "points-not-set",
    title: "表里没有设分值",
    severity: Severity::Hint,
    covers: &["D24"],
    basis: &["mof-2020-10-art13-weights"],
    what: "项目和部门自评表的指标和预算执行率应设分值、打得分。",
    why: "没有分值和得分，自评没有分数，也不能评等次。",
    advice: "按统一设置补上分值和得分；当地表样没有这些栏的，不用改",
    fix: None,
    run: points,
};

fn parts(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms_with_indicators() {
        let Some(total) = form.get("funds.total.outturn").and_then(Stated::number) else {
            continue;
        };
        let sources: Vec<(&str, &Stated, &Stated)> = form
            .def
            .fields
            .iter()
            .filter_map(|f| {
                let row = f.path.strip_prefix("funds.")?.strip_suffix(".outturn")?;
                let budget = form.get(&format!("funds.{row}.final_budget"))?;
                (row != "total").then_some((f.path.as_str(), budget, form.get(&f.path)?))
            })
            .collect();
        if sources.is_empty() || total.is_zero() {
            continue;
        }
        report.checked();
        let none = sources
            .iter()
            .all(|(_, _, outturn)| outturn.value.is_blank());
        let planned = sources
            .iter()
            .find(|(_, budget, _)| budget.number().is_some_and(|n| !n.is_zero()));
        if let (true, Some((path, _, _))) = (none, planned) {
            let message = "预算数按来源分列，执行数只有合计".to_string();
            report
                .find(message, case.place(index, path))
                .against(case.place(index, "funds.total.outturn"));
        }
    }
}

fn unit(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms_with_indicators() {
        let Some(head) = &form.money_unit else {
            continue;
        };
        let mut twice = Vec::new();
        for (field, stated) in form.def.fields.iter().zip(&form.values) {
            let Some(stated) = stated.as_ref().filter(|_| field.path.starts_with("funds.")) else {
                continue;
            };
            report.checked();
            let money = stated
                .value
                .unit
                .as_ref()
                .is_some_and(|u| u.dimension == Dimension::Money);
            if money && stated.value.unit_printed && stated.number().is_some() {
                twice.push(case.place(index, &field.path));
            }
        }
        let count = twice.len();
        let message = format!("{count} 格金额又写了单位，表头已写“{}”", head.symbol);
        report.together(report.rule.severity, message, twice);
    }
}

fn folded(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms_with_indicators() {
        let (Some(folded), Some(total)) = (form.get("folded_total"), form.get("total_score"))
        else {
            continue;
        };
        let (Some(a), Some(b)) = (folded.number(), total.number()) else {
            continue;
        };
        report.checked();
        if a != b {
            let message = format!("折算得分合计 {} 分，总分 {} 分", folded.text, total.text);
            report
                .find(message, case.place(index, "folded_total"))
                .against(case.place(index, "total_score"));
        }
    }
}

fn points(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms_with_indicators() {
        let rows: Vec<_> = form.indicators().filter(|i| !i.is_filler()).collect();
        let Some(first) = rows.first() else { continue };
        report.checked();
        if rows
            .iter()
            .all(|i| i.points().is_none() && i.score().is_none())
        {
            let message = format!("{} 个指标没有设分值和得分", rows.len());
            report.find(message, case.indicator_place(index, first, "name"));
            continue;
        }
        let rate = form.get("funds.total.execution_rate");
        let unset = ["points", "score"]
            .iter()
            .all(|c| form.get(&format!("funds.total.{c}")).is_none());
        if unset && rate.is_some_and(|r| r.number().is_some()) {
            let message = "执行率没有设分值，没有计入总分".to_string();
            report.find(message, case.place(index, "funds.total.execution_rate"));
        }
    }
}
