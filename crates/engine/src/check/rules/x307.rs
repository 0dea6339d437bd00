//! X307 `words-against-indicators`: the goals and their fulfilment as written in a form or in the report, and the indicators of the same names, come in; different numbers go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::narrative::subject::Names;
use crate::narrative::terms::comparable;
use crate::narrative::{Reading, facts_in};
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::origin::{At, Origin};
use jiheng_model::{Decimal, Fact, Form, Severity, Stated, Unit};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X307",
    slug: "words-against-indicators",
    title: "文字里的完成数与指标表不同",
    severity: Severity::Error,
    covers: &["I-24", "D30"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "预期目标、实际完成情况和报告里按指标名称写的数，是否与指标表的年度指标值、实际完成值、得分相同。",
    why: "文字说明的就是这个指标，两处应是同一个数。",
    advice: "以佐证材料为准，更正文字或指标表中的一处",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.filing.forms.iter().enumerate() {
        let named = named(form);
        let said = form.indicators().zip(&named);
        let indicators = said
            .filter(|(i, name)| !i.is_filler() && !name.is_empty())
            .map(|(_, name)| name.clone())
            .collect();
        let names = Names::with_indicators(indicators);
        if names.indicators.is_empty() {
            continue;
        }
        for (path, reading) in [
            ("goal_expected", Reading::Planning),
            ("goal_actual", Reading::Stating),
        ] {
            let Some(goal) = form.get(path).filter(|g| g.value.is_present()) else {
                continue;
            };
            let facts = facts_in(
                &goal.text,
                &names,
                form.year,
                case.rulebook.terms(),
                reading,
            );
            for fact in &facts {
                let place = words(case, index, path, goal, fact);
                compare(case, report, (index, &named), fact, place);
            }
        }
    }
    let Some((department, _)) = case.one("department") else {
        return;
    };
    let named = named(&case.filing.forms[department]);
    for fact in &case.filing.narrative.facts {
        if column(fact).is_some() {
            let place = case.fact_place(fact);
            compare(case, report, (department, &named), fact, place);
        }
    }
}

/// The names of the indicators of a form as names are compared; empty where none is printed.
fn named(form: &Form) -> Vec<String> {
    let names = form.indicators().map(|i| i.name());
    names
        .map(|n| n.map_or_else(String::new, |n| comparable(&n.text)))
        .collect()
}

/// The column of the indicators that a fact speaks of, with its head.
fn column(fact: &Fact) -> Option<(&'static str, &'static str)> {
    match fact.item.as_deref() {
        Some("indicator") => Some(("actual", "实际完成值")),
        Some("indicator.target") => Some(("target", "年度指标值")),
        Some("indicator.score") => Some(("score", "得分")),
        _ => None,
    }
}

/// Whether the numbers of a form's expected goal are held against the indicator of this name here.
pub fn speaks_of(case: &Case<'_>, form: &Form, name: &str) -> bool {
    let Some(goal) = form.get("goal_expected") else {
        return false;
    };
    let indicators = form.indicators().filter(|i| !i.is_filler());
    let names = indicators
        .filter_map(|i| i.name())
        .map(|n| comparable(&n.text));
    let names = Names::with_indicators(names.collect());
    let terms = case.rulebook.terms();
    let name = comparable(name);
    facts_in(&goal.text, &names, form.year, terms, Reading::Planning)
        .iter()
        .any(|f| {
            f.item.as_deref() == Some("indicator.target") && comparable(&f.label).contains(&name)
        })
}

/// The words of a fact inside a cell.
fn words(case: &Case<'_>, form: usize, path: &str, goal: &Stated, fact: &Fact) -> Place {
    let mut place = case.place(form, path);
    if let (
        At::Cell {
            table, row, col, ..
        },
        At::Text { chars, .. },
    ) = (goal.origin.at, fact.origin.at)
    {
        place.origin = Origin {
            file: goal.origin.file,
            at: At::Cell {
                table,
                row,
                col,
                chars: Some(chars),
            },
        };
    }
    place.kind = PlaceKind::Cell;
    place.label = fact.label.clone();
    place.text.clone_from(&fact.text);
    place
}

fn compare(
    case: &Case<'_>,
    report: &mut Report<'_>,
    (form, names): (usize, &[String]),
    fact: &Fact,
    place: Place,
) {
    let Some((column, head)) = column(fact) else {
        return;
    };
    let label = comparable(&fact.label);
    let f = &case.filing.forms[form];
    let named = f
        .indicators()
        .zip(names)
        .filter(|(_, name)| !name.is_empty() && label.contains(name.as_str()))
        .max_by_key(|(i, _)| i.name().map_or(0, |n| n.text.len()));
    let Some((indicator, name)) = named else {
        return;
    };
    // Two indicators of one name: which is meant cannot be told.
    if names.iter().filter(|other| *other == name).count() > 1 {
        return;
    }
    let Some(stated) = f.cell("indicators", indicator.row, column) else {
        return;
    };
    let Some(number) = stated.number() else {
        return;
    };
    let Some(converted) = convert(stated, fact) else {
        return;
    };
    report.checked();
    let cell = case.indicator_place(form, &indicator, column);
    if converted == fact.value || number == fact.value && stated.value.unit.is_none() {
        report.holds([place.origin, cell.origin]);
        return;
    }
    let draft = report.find(
        format!(
            "{name}{head}：文字写 {}，指标表为 {}",
            fact.text, stated.text
        ),
        place,
    );
    draft.against(cell).derivation(format!(
        "相差 {}",
        (converted - fact.value).abs().normalize()
    ));
    draft.identity = true;
}

/// The indicator's number in the unit of the fact; `None` when the two do not compare.
fn convert(stated: &Stated, fact: &Fact) -> Option<Decimal> {
    let number = stated.number()?;
    let percent = Unit::percent();
    let own = match (&stated.value.unit, &stated.value.kind) {
        (Some(unit), _) => unit,
        (None, jiheng_model::ValueKind::Percent(_)) => &percent,
        (None, _) => return Some(number),
    };
    own.convert(number, fact.unit.as_ref()?)
}
