//! X112 `unit-differs`: the unit's names on the forms and the report come in; different names of one unit go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::narrative::terms::comparable;
use jiheng_model::Severity;
use jiheng_model::finding::{Place, PlaceKind};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X112",
    slug: "unit-differs",
    title: "单位名称不一致",
    severity: Severity::Error,
    covers: &["I-22", "D37"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "附件2 的部门名称、附件3 的主管部门、报告封面和标题的单位名称是否相同（含“本级”）。",
    why: "一套材料说的是同一个单位，名称和范围应一致；所属单位的附件3 都写主管部门的除外。",
    advice: "统一为单位全称；只评本级的，各处都写“本级”，并在报告中说明范围",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let names = named(case);
    let Some((_, own)) = names.first() else {
        return;
    };
    let suffixes = case.rulebook.words("unit_suffixes");
    let base = |name: &str| {
        let mut name = comparable(name);
        for suffix in suffixes {
            if let Some(short) = name.strip_suffix(suffix.as_str()) {
                name = short.to_string();
            }
        }
        name
    };
    // The name most places use is the unit's own.
    let bases: Vec<String> = names.iter().map(|(_, n)| base(n)).collect();
    let common = bases
        .iter()
        .max_by_key(|b| bases.iter().filter(|o| o == b).count())
        .cloned()
        .unwrap_or_else(|| base(own));
    let agreed = |place: &Place| {
        let same = names
            .iter()
            .zip(&bases)
            .filter(|((p, _), b)| p.field == place.field && **b == common);
        same.count()
    };
    let subordinate = is_subordinate(case, &names, &bases, &base);
    let mut scoped: Option<(&Place, &str)> = None;
    let mut told = false;
    for ((place, name), own) in names.iter().zip(&bases) {
        report.checked();
        if subordinate {
            continue;
        }
        if *own != common {
            // A subordinate unit names its department as 主管部门: one other name there proves nothing.
            let department = place.field.as_deref() == Some("line_department");
            let part = own.ends_with(common.as_str()) || common.ends_with(own.as_str());
            let severity = if part || (department && agreed(place) < 2) {
                Severity::Warning
            } else {
                Severity::Error
            };
            let other = names
                .iter()
                .zip(&bases)
                .find(|(_, b)| **b == common)
                .map(|((p, _), _)| p.clone());
            let draft = report.find_as(
                severity,
                format!("单位名称写“{name}”，其他处是“{common}”"),
                place.clone(),
            );
            if let Some(other) = other {
                draft.against(other);
            }
            continue;
        }
        let (first, first_name) = *scoped.get_or_insert((place, name));
        if comparable(name) != comparable(first_name) && !told {
            told = true;
            let message = format!("单位名称有带“本级”和不带的：“{first_name}”“{name}”");
            report
                .find_as(Severity::Hint, message, first.clone())
                .against(place.clone());
        }
    }
}

/// Whether these are the forms of a unit that belongs to a department: every project form names the same
/// other 主管部门, the unit carries its projects out, and everything else names the unit.
fn is_subordinate(
    case: &Case<'_>,
    names: &[(Place, String)],
    bases: &[String],
    base: &impl Fn(&str) -> String,
) -> bool {
    let is_over = |p: &Place| p.field.as_deref() == Some("line_department");
    let named = names.iter().zip(bases);
    let (over, own): (Vec<_>, Vec<_>) = named.partition(|((p, _), _)| is_over(p));
    let one = |of: &[(&(Place, String), &String)]| {
        let first = of.first()?.1;
        of.iter().all(|(_, b)| *b == first).then(|| first.clone())
    };
    let (Some(department), Some(unit)) = (one(&over), one(&own)) else {
        return false;
    };
    let carried_out = || {
        let mut forms = case.filing.forms.iter();
        forms.any(|f| f.text("implementing_unit").is_some_and(|u| base(u) == unit))
    };
    over.len() > 1 && department != unit && carried_out()
}

/// Places that name the unit, in order.
fn named(case: &Case<'_>) -> Vec<(Place, String)> {
    let mut names = Vec::new();
    for (index, form) in case.filing.forms.iter().enumerate() {
        for path in ["unit_name", "line_department"] {
            if let Some(text) = form.text(path) {
                names.push((case.place(index, path), text.replace('\n', "")));
            }
        }
    }
    if let Some(unit) = &case.filing.narrative.unit_name {
        let place = Place {
            kind: PlaceKind::Text,
            form: "narrative".into(),
            form_index: None,
            field: None,
            label: "单位名称".into(),
            origin: unit.origin,
            text: unit.text.clone(),
        };
        names.push((place, unit.text.clone()));
    }
    names
}
