//! X311 `sum-in-report`: wholes and their parts in the report's sentences come in; sums that do not come out go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, Outcome, against, current, recomputed};
use jiheng_model::{Decimal, Dimension, Fact, FactRole, Origin, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X311",
    slug: "sum-in-report",
    title: "报告里分项相加不等于合计",
    severity: Severity::Error,
    covers: &["I-14", "I-15", "D28", "D29"],
    basis: &["budget-regulation-art5-basic", "mof-2020-10-art25-true"],
    what: "报告里的合计与分项：基本支出＝人员经费＋公用经费，人员经费＝工资福利＋对个人和家庭的补助，公用经费＝商品和服务＋资本性支出，项目支出＝各功能分类（各项目）之和，编制数、总支出、总分与各自的分项。",
    why: "分项相加应等于合计；差在四舍五入以内的只作提示。",
    advice: "核对决算明细，更正合计或分项",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let facts = &case.filing.narrative.facts;
    for (index, whole) in facts.iter().enumerate() {
        if !matches!(
            whole.role,
            FactRole::Amount | FactRole::Count | FactRole::Score
        ) || !current(case, whole)
        {
            continue;
        }
        let mut used: Vec<usize> = Vec::new();
        for parts in defined(case, index, whole) {
            compare(case, report, index, &parts, true);
            used.extend(parts);
        }
        for (parts, complete) in listed(facts, index) {
            if !parts.iter().any(|p| used.contains(p)) {
                compare(case, report, index, &parts, complete);
            }
        }
    }
}

/// Parts by definition: each alternative of the dictionary whose parts all follow the whole.
fn defined(case: &Case<'_>, index: usize, whole: &Fact) -> Vec<Vec<usize>> {
    let facts = &case.filing.narrative.facts;
    let Some(item) = whole.item.as_deref() else {
        return Vec::new();
    };
    let Some(alternatives) = case.rulebook.terms().partitions.get(item) else {
        return Vec::new();
    };
    let end = facts[index + 1..]
        .iter()
        .position(|f| f.item.as_deref() == Some(item))
        .map_or(facts.len(), |n| index + 1 + n);
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut alternatives: Vec<_> = alternatives.iter().collect();
    alternatives.sort_by_key(|a| std::cmp::Reverse(a.len()));
    for members in alternatives {
        let places: Vec<Option<usize>> = members
            .iter()
            .map(|m| {
                (index + 1..end).find(|i| {
                    facts[*i].item.as_deref() == Some(m.as_str()) && current(case, &facts[*i])
                })
            })
            .collect();
        let present: Vec<usize> = places.iter().flatten().copied().collect();
        // A list in the whole's own sentence that leaves parts out has none of them.
        let own_list = present.len() >= 2 && present.iter().all(|i| facts[*i].of == Some(index));
        let all = places.iter().all(Option::is_some);
        if (all || own_list)
            && !present
                .iter()
                .any(|p| found.iter().flatten().any(|q| q == p))
        {
            found.push(present);
        }
    }
    found
}

/// Parts by the sentence: "其中：…" and lists headed as complete; the latter with true.
fn listed(facts: &[Fact], index: usize) -> Vec<(Vec<usize>, bool)> {
    let whole = &facts[index];
    let mut lists: Vec<(Vec<usize>, bool)> = Vec::new();
    let mut sentence = None;
    for (i, fact) in facts.iter().enumerate().skip(index + 1) {
        if fact.of != Some(index) || fact.role != whole.role {
            continue;
        }
        if sentence != Some(fact.sentence) {
            lists.push((Vec::new(), fact.sentence != whole.sentence));
            sentence = Some(fact.sentence);
        }
        if let Some((list, _)) = lists.last_mut() {
            list.push(i);
        }
    }
    lists.retain(|(list, complete)| list.len() >= 2 || *complete);
    lists
}

/// Parts by how well each alone would explain the gap: too much comes from a large part (one smaller
/// than the gap cannot be it), too little from a small one.
fn likely(parts: &[Figure], more: bool) -> Vec<Origin> {
    let mut parts: Vec<&Figure> = parts.iter().collect();
    parts.sort_by_key(|p| p.value);
    if more {
        parts.reverse();
    }
    parts.iter().map(|p| p.place.origin).collect()
}

fn compare(
    case: &Case<'_>,
    report: &mut Report<'_>,
    whole: usize,
    parts: &[usize],
    complete: bool,
) {
    let facts = &case.filing.narrative.facts;
    let Some(total) = facts.get(whole).and_then(|f| Figure::fact(case, f)) else {
        return;
    };
    let parts: Vec<Figure> = parts
        .iter()
        .filter_map(|i| Figure::fact(case, facts.get(*i)?))
        .collect();
    if parts.iter().any(|p| !p.comparable(&total)) {
        return;
    }
    let Some(sum) = parts
        .iter()
        .try_fold(Decimal::ZERO, |s, p| s.checked_add(p.value))
    else {
        return;
    };
    let exact = !matches!(total.dimension, Some(Dimension::Money | Dimension::Points));
    let finest = parts
        .iter()
        .map(|p| p.half)
        .chain([total.half])
        .min()
        .unwrap_or_default();
    let tolerance = if exact {
        Decimal::ZERO
    } else {
        finest * Decimal::from(parts.len() + 1)
    };
    report.checked();
    let sum = sum.normalize();
    let gap = (sum - total.value).abs().normalize();
    let numbers: Vec<String> = parts.iter().map(|p| p.value.to_string()).collect();
    let derivation = format!("{} = {sum}", numbers.join(" + "));
    let label = &facts[whole].label;
    let unit = &total.unit;
    match against(&total, sum, tolerance) {
        Outcome::Equal => report
            .holds(std::iter::once(total.place.origin).chain(parts.iter().map(|p| p.place.origin))),
        Outcome::Rounded => {
            report.holds(
                std::iter::once(total.place.origin).chain(parts.iter().map(|p| p.place.origin)),
            );
            let message = format!("{label}：分项相加差 {gap} {unit}，属四舍五入，不必改");
            recomputed(
                report,
                Severity::Hint,
                message,
                &total,
                &parts,
                sum,
                derivation,
            )
            .identity = false;
        }
        Outcome::Different => {
            let more = sum > total.value;
            // "其中" may name only the larger parts: too little is suspicious only when the gap is smaller than any part.
            let smallest = parts
                .iter()
                .map(|p| p.value.abs())
                .min()
                .unwrap_or_default();
            let severity = match (more || complete, gap < smallest) {
                (true, _) => Severity::Error,
                (false, true) => Severity::Warning,
                (false, false) => return,
            };
            let word = if more { "多出" } else { "缺" };
            let message = format!(
                "{label}：{} 项相加 {sum}，合计写 {}，{word} {gap} {unit}",
                parts.len(),
                total.value
            );
            let likely = likely(&parts, more);
            recomputed(report, severity, message, &total, &parts, sum, derivation)
                .arg("gap", gap)
                .likely = likely;
        }
    }
}
