//! X315 `figure-twice`: figures that the report gives more than once come in; different values of one figure go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::rules::x318::is_part_of_basic;
use crate::check::statements::{Figure, current, same};
use crate::narrative::subject::Names;
use crate::narrative::terms::comparable;
use foldhash::HashMap;
use jiheng_model::{Fact, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X315",
    slug: "figure-twice",
    title: "同一个数在报告里写法不同",
    severity: Severity::Error,
    covers: &["D31"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告在几处写到的同一个预算数、执行数、编制数、执行率、得分，是否都相同。",
    why: "同一年的同一个数只有一个。",
    advice: "以部门决算报表和自评表为准，统一各处",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let names = Names::of(&case.filing.forms, Vec::new());
    let mut seen: HashMap<(String, String), &Fact> = HashMap::default();
    for fact in case
        .filing
        .narrative
        .facts
        .iter()
        .filter(|f| current(case, f) && !is_part_of_basic(case, f))
    {
        let Some(key) = key(fact, &names) else {
            continue;
        };
        let Some(first) = seen.get(&key) else {
            seen.insert(key, fact);
            continue;
        };
        let (Some(one), Some(other)) = (Figure::fact(case, first), Figure::fact(case, fact)) else {
            continue;
        };
        if one.dimension != other.dimension {
            continue;
        }
        let message = format!(
            "{}在报告里写了两个数：{}、{}",
            fact.label,
            one.shown(),
            other.shown()
        );
        same(report, &other, &one, message);
    }
}

/// What a fact is a figure of; `None` for what may well be said several times of different things.
fn key(fact: &Fact, names: &Names) -> Option<(String, String)> {
    let item = fact.item.as_deref()?;
    if !matches!(
        fact.role,
        FactRole::Amount | FactRole::Rate | FactRole::Count | FactRole::Score
    ) {
        return None;
    }
    if item.starts_with("survey.")
        || item.starts_with("indicators.")
        || item.starts_with("projects.")
        || item.starts_with("project_forms.")
    {
        return None;
    }
    let label = comparable(&fact.label);
    let of = if item.starts_with("project_line") {
        names
            .projects
            .iter()
            .find(|n| label.contains(n.as_str()))?
            .clone()
    } else if item.starts_with("indicator") {
        names
            .indicators
            .iter()
            .find(|n| label.contains(n.as_str()))?
            .clone()
    } else {
        String::new()
    };
    Some((item.to_string(), of))
}
