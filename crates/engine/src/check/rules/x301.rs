//! X301 `operating-two-places`: 公用经费 of the baseline form and 商品和服务支出 of the report come in; a difference goes out, both sides shown.
//!
//! The baseline form's own note defines its 公用经费 as 一般商品和服务支出 of the basic spending. What the
//! report calls 公用经费 includes capital outlay (302 and 310) and is another quantity.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, facts, same};
use jiheng_model::Severity;

/// The rule.
pub static RULE: Rule = Rule {
    code: "X301",
    slug: "operating-two-places",
    title: "公用经费与商品和服务支出不同",
    severity: Severity::Error,
    covers: &["I-16", "D30"],
    basis: &["baseline-operating"],
    what: "附件1 公用经费的本年决算数，是否等于报告基本支出中的商品和服务支出。",
    why: "附件1 说明：“公用经费”填报基本支出中的一般商品和服务支出，两处是同一个数。报告里的公用经费还包括资本性支出，不拿来比。",
    advice: "以部门决算报表的商品和服务支出为准，更正其中一处",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((form, _)) = case.one("baseline") else {
        return;
    };
    for (_, fact) in facts(case, "econ.302") {
        let Some(stated) = Figure::fact(case, fact) else {
            continue;
        };
        let Some(cell) = Figure::cell(case, form, "operating.outturn") else {
            report.lacks("附件1 没有填公用经费决算数");
            return;
        };
        let gap = (cell.value - stated.value).abs().normalize();
        same(
            report,
            &cell,
            &stated,
            format!("公用经费两处金额不同，相差 {gap} 万元"),
        );
    }
}
