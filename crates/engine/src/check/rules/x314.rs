//! X314 `change-in-report`: statements of growth and decrease with the two numbers they compare come in; wrong amounts, rates and directions go out.

use crate::check::projects;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, Outcome, against, cells, current, nearest, recomputed};
use crate::narrative::terms::comparable;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Dimension, Fact, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X314",
    slug: "change-in-report",
    title: "报告里的增减数算不出",
    severity: Severity::Error,
    covers: &["D33", "D35", "D30"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告写的“比上年增加（减少）××万元，增长（下降）××%”“比预算减少”“年中增加”“持平”，是否等于两个数之差，方向是否相同；原数为 0 的不应写增长率。",
    why: "增减额和增减率由两个写明的数算出。",
    advice: "按两个数重算，更正增减额、增减率或“增加”“减少”",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let facts = &case.filing.narrative.facts;
    for (index, fact) in facts.iter().enumerate() {
        if fact.role != FactRole::Change || !current(case, fact) {
            continue;
        }
        let Some(item) = fact.item.as_deref() else {
            continue;
        };
        let Some(stated) = Figure::fact(case, fact) else {
            continue;
        };
        if fact.unit.is_none() || stated.unit.contains("百分点") {
            continue;
        }
        let Some((now, before)) = sides(case, item, fact, index) else {
            if let Some((change, before)) = said_beside(case, item, fact, index) {
                from_words(report, fact, &stated, &change, before);
                continue;
            }
            report.lacks("增减所比的数没有写明，也不在表里");
            continue;
        };
        compare(case, report, fact, &stated, now, before);
    }
}

/// The two numbers a change compares: the later and the earlier.
fn sides(case: &Case<'_>, item: &str, fact: &Fact, index: usize) -> Option<(Figure, Figure)> {
    let (subject, base) = match item.rsplit_once("change.") {
        Some((subject, base)) => (subject.trim_end_matches('.'), base),
        None => return None,
    };
    let find = |item: &str| number_of(case, item, index);
    if base == "adjustment" {
        if subject == "project_line" {
            return project(case, fact);
        }
        let parts = case.rulebook.dictionary("adjustment_parts")?.get(item)?;
        return match parts.as_slice() {
            [later, earlier] => Some((find(later)?, find(earlier)?)),
            _ => None,
        };
    }
    if subject.is_empty() || subject == "project_line" {
        return None;
    }
    let now = fact
        .of
        .and_then(|i| case.filing.narrative.facts.get(i))
        .and_then(|f| Figure::fact(case, f))
        .or_else(|| find(subject))?;
    let before = match base {
        "prior" => find(&format!("{subject}.prior"))?,
        "budget" => find(&format!("{subject}.budget"))
            .or_else(|| find(&format!("{subject}.original_budget")))?,
        "original_budget" => find(&format!("{subject}.original_budget"))
            .or_else(|| find(&format!("{subject}.budget")))?,
        _ => return None,
    };
    Some((now, before))
}

/// The change the same sentence gives as an amount, and the earlier number that follows from it.
///
/// "5.20万元，比上年增加5.20万元，增长100%" says that there was nothing the year before.
fn said_beside(
    case: &Case<'_>,
    item: &str,
    fact: &Fact,
    index: usize,
) -> Option<(Figure, Decimal)> {
    let facts = &case.filing.narrative.facts;
    let amount = facts.get(index.checked_sub(1)?)?;
    let fits = amount.role == FactRole::Change
        && amount.item.as_deref() == Some(item)
        && amount.sentence == fact.sentence
        && amount.of == fact.of;
    if !fits {
        return None;
    }
    let up = case.rulebook.terms().direction(&amount.label)?;
    let now = match fact.of.and_then(|i| facts.get(i)) {
        Some(now) => Figure::fact(case, now)?,
        None => number_of(case, item.split_once(".change.")?.0, index)?,
    };
    let change = Figure::fact(case, amount)?;
    if !change.comparable(&now) || change.dimension == Some(Dimension::Ratio) {
        return None;
    }
    let before = match up {
        true => now.value.checked_sub(change.value)?,
        false => now.value.checked_add(change.value)?,
    };
    Some((change, before))
}

/// A rate of growth beside its amount, the earlier number being what both leave.
fn from_words(
    report: &mut Report<'_>,
    fact: &Fact,
    stated: &Figure,
    change: &Figure,
    before: Decimal,
) {
    if stated.dimension != Some(Dimension::Ratio) {
        return;
    }
    report.checked();
    let label = &fact.label;
    if before.is_zero() {
        report
            .find(
                format!("{label}写 {}%，原数是 0，不能算增减率", stated.value),
                stated.place.clone(),
            )
            .against(change.place.clone())
            .advice("原数为 0 的，只写增减额，不写增减率");
        return;
    }
    let percent = |part: Decimal| {
        part.checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(before.abs())
    };
    // Both printed amounts are rounded: the rate moves with them.
    let moved = change.half.checked_mul(Decimal::from(3)).and_then(percent);
    let (Some(rate), Some(moved)) = (percent(change.value.abs()), moved) else {
        return;
    };
    let tolerance = stated.half.checked_add(moved).unwrap_or(stated.half);
    if against(stated, rate, tolerance) != Outcome::Different {
        return report.holds([stated.place.origin, change.place.origin]);
    }
    let shown = round(rate, stated.value.scale().max(2));
    let message = format!("{label}写 {}%，按写明的数算是 {shown}%", stated.value);
    let derivation = format!("{} ÷ {} = {shown}%", change.value, before.normalize());
    recomputed(
        report,
        Severity::Error,
        message,
        stated,
        std::slice::from_ref(change),
        format!("{shown}%"),
        derivation,
    );
}

/// The item's number in the same paragraph, else in a form, else anywhere in the report.
fn number_of(case: &Case<'_>, item: &str, index: usize) -> Option<Figure> {
    let near = nearest(case, item, index);
    let facts = &case.filing.narrative.facts;
    let own = facts.get(index)?;
    let in_line = near.filter(|(_, f)| crate::check::statements::same_line(f, own));
    in_line
        .and_then(|(_, f)| Figure::fact(case, f))
        .or_else(|| cells(case, item).into_iter().next())
        .or_else(|| near.and_then(|(_, f)| Figure::fact(case, f)))
}

/// Final and original budget of the project a fact names.
fn project(case: &Case<'_>, fact: &Fact) -> Option<(Figure, Figure)> {
    let label = comparable(&fact.label);
    let projects = projects::projects(case);
    let sheet = projects
        .sheets
        .iter()
        .filter(|s| s.name.chars().count() >= 2 && label.contains(&comparable(&s.name)))
        .max_by_key(|s| s.name.len())?;
    let later = Figure::cell(case, sheet.form, "funds.total.final_budget")?;
    let earlier = Figure::cell(case, sheet.form, "funds.total.original_budget")?;
    Some((later, earlier))
}

fn compare(
    case: &Case<'_>,
    report: &mut Report<'_>,
    fact: &Fact,
    stated: &Figure,
    now: Figure,
    before: Figure,
) {
    if !now.comparable(&before) {
        return;
    }
    let Some(delta) = now.value.checked_sub(before.value) else {
        return;
    };
    let says = case.rulebook.terms().direction(&fact.label);
    let label = fact.label.clone();
    let origins = [stated.place.origin, now.place.origin, before.place.origin];
    report.checked();
    let difference = format!("{} − {} = {}", now.value, before.value, delta.normalize());
    if let Some(up) = says
        && !delta.is_zero()
        && up != delta.is_sign_positive()
    {
        let truth = if up { "减少" } else { "增加" };
        let message = format!(
            "{label}{}，按两个数算是{truth} {} {}",
            fact.text,
            delta.abs().normalize(),
            now.unit
        );
        recomputed(
            report,
            Severity::Error,
            message,
            stated,
            &[now, before],
            delta.normalize(),
            difference,
        );
        return;
    }
    let percent = stated.dimension == Some(Dimension::Ratio);
    if percent && before.value.is_zero() {
        report
            .find(
                format!("{label}写 {}%，原数是 0，不能算增减率", stated.value),
                stated.place.clone(),
            )
            .against(before.place.clone())
            .derivation(difference)
            .advice("原数为 0 的，只写增减额，不写增减率");
        return;
    }
    let (computed, tolerance) = if percent {
        match delta
            .abs()
            .checked_mul(Decimal::ONE_HUNDRED)
            .and_then(|d| d.checked_div(before.value.abs()))
        {
            Some(rate) => (rate, stated.half),
            None => return,
        }
    } else {
        if !stated.comparable(&now) {
            return;
        }
        (delta.abs(), stated.half * Decimal::from(3))
    };
    match against(stated, computed, tolerance) {
        Outcome::Equal => report.holds(origins),
        Outcome::Rounded if percent => report.holds(origins),
        Outcome::Rounded => {
            report.holds(origins);
            let message = format!(
                "{label}差 {} 万元，属四舍五入，不必改",
                (computed - stated.value).abs().normalize()
            );
            recomputed(
                report,
                Severity::Hint,
                message,
                stated,
                &[now, before],
                computed.normalize(),
                difference,
            )
            .identity = false;
        }
        Outcome::Different => {
            let (sign, shown) = if percent {
                ("%", round(computed, stated.value.scale().max(2)))
            } else {
                ("", computed.normalize())
            };
            let flat =
                stated.value.is_zero() && !fact.text.starts_with(|c: char| c.is_ascii_digit());
            let unit = if percent {
                "%".to_string()
            } else {
                format!(" {}", now.unit)
            };
            let message = if flat {
                format!("{label}写“{}”，按两个数算相差 {shown}{unit}", fact.text)
            } else {
                format!("{label}写 {}，按两个数算是 {shown}{unit}", fact.text)
            };
            let derivation = if percent {
                format!("{} ÷ {} = {shown}%", delta.abs().normalize(), before.value)
            } else {
                difference
            };
            recomputed(
                report,
                Severity::Error,
                message,
                stated,
                &[now, before],
                format!("{shown}{sign}"),
                derivation,
            );
        }
    }
}
