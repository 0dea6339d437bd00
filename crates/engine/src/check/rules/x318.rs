//! X318 `three-publics-in-basic`: 三公 amounts that the report names as parts of basic expenditure, and the baseline form's rows come in; parts larger than the whole go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, facts, paths};
use jiheng_model::narrative::Fact;
use jiheng_model::{FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X318",
    slug: "three-publics-in-basic",
    title: "基本支出中的三公经费大于三公经费同项",
    severity: Severity::Error,
    covers: &["D32"],
    basis: &["mof-2020-10-art25-true", "practice-three-publics-in-basic"],
    what: "报告在基本支出（商品和服务支出）中列出的因公出国（境）费、公务接待费、公务用车运行维护费，是否大于附件1 三公经费的同一项。",
    why: "三公经费包括基本支出和项目支出中的同类费用，其中一部分不会大于全部。",
    advice: "以部门决算三公经费表为准，更正其中一处",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(fields) = case.rulebook.dictionary("item_fields") else {
        return;
    };
    for item in fields.keys() {
        for (_, fact) in facts(case, item) {
            if fact.role != FactRole::Amount || !is_part_of_basic(case, fact) {
                continue;
            }
            let Some(part) = Figure::fact(case, fact) else {
                continue;
            };
            for (form, path) in paths(case, item) {
                let Some(whole) = Figure::cell(case, form, path).filter(|w| part.comparable(w))
                else {
                    continue;
                };
                report.checked();
                if part.value <= whole.value {
                    continue;
                }
                let gap = (part.value - whole.value).normalize();
                let message = format!(
                    "{}：基本支出中 {}，附件1 三公经费 {}，多出 {gap} 万元",
                    fact.label,
                    part.shown(),
                    whole.shown()
                );
                report
                    .find(message, part.place.clone())
                    .against(whole.place.clone())
                    .derivation(format!("{} − {} = {gap}", part.value, whole.value))
                    .arg("gap", gap);
            }
        }
    }
}

/// The fact is a 三公 item listed under basic expenditure or a class of it: less than the item's whole, rightly.
pub fn is_part_of_basic(case: &Case<'_>, fact: &Fact) -> bool {
    let is = |lexicon, item: &str| case.rulebook.words(lexicon).iter().any(|w| w == item);
    let item = fact.item.as_deref().unwrap_or_default();
    let whole = fact.of.and_then(|of| case.filing.narrative.facts.get(of));
    let whole = whole.and_then(|w| w.item.as_deref()).unwrap_or_default();
    is("three_publics_items", item) && is("basic_items", whole)
}
