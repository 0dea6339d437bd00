//! X404 `other-units`: the indicators of several projects and units, and the totals of a department and its units, come in; lists copied from each other and totals that leave units out go out.

use crate::check::across::{
    TOTAL, Thresholds, copied_from, indicators, is_own_level, leaves_out, project, spent,
};
use crate::check::figures::amount;
use crate::check::materials;
use crate::check::projects::same_name;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::narrative::terms::comparable;
use jiheng_model::{Decimal, Material, Severity, label};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X404",
    slug: "other-units",
    title: "与其他项目、单位的材料比对",
    severity: Severity::Warning,
    covers: &["D21", "D53"],
    basis: &["filing-units", "copied-indicators"],
    what: "不同项目、不同单位的指标和指标值是否成片相同；放入所属单位材料的，部门附件2 的全年执行数是否少于所属单位之和。成批核对时，各套材料之间也这样比。",
    why: "指标应反映本项目；市级预算部门本级和所属单位都要开展绩效自查并汇总。",
    advice: "按本项目的任务重新设置指标；汇总所属单位的数后更正附件2",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    copied(case, report);
    summarised(case, report);
    let any = !case.filing.forms.is_empty() || case.filing.narrative.exists();
    let others = case.filing.materials.iter().filter(|m| m.before.is_none());
    if any && others.count() < 2 {
        report.lacks("没有放入其他单位的材料，是否覆盖所属单位、指标是否照抄没有核");
    }
}

/// Lists of indicators that are the same in two forms of different projects.
fn copied(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(thresholds) = Thresholds::of(case.rulebook) else {
        return;
    };
    let earlier = |index: usize| {
        let mut sets = case.filing.materials.iter();
        sets.any(|m| m.before.is_some() && m.forms.contains(&index))
    };
    let sheets: Vec<_> = case
        .forms("project")
        .filter(|(index, _)| !earlier(*index))
        .map(|(index, form)| (index, form, project(form), indicators(form)))
        .collect();
    for (at, (index, form, name, list)) in sheets.iter().enumerate() {
        for (other, _, other_name, other_list) in &sheets[..at] {
            if name.is_empty() || same_name(name, other_name) {
                continue;
            }
            if list.is_empty() || other_list.is_empty() {
                continue;
            }
            report.checked();
            let Some(same) = thresholds.copied(list, other_list) else {
                continue;
            };
            let first = form.indicators().find(|i| {
                let own = i.name().map(|n| label::normalise(&n.text));
                own.is_some_and(|own| other_list.iter().any(|(name, _)| *name == own))
            });
            let Some(first) = first else { continue };
            report
                .find(
                    copied_from(same, other_name),
                    case.indicator_place(*index, &first, "name"),
                )
                .against(case.place(*other, "project_name"));
            break;
        }
    }
}

/// A department's total that is less than that of its units together.
fn summarised(case: &Case<'_>, report: &mut Report<'_>) {
    let sets = &case.filing.materials;
    let Some(main) = sets.iter().find(|m| m.before.is_none()) else {
        return;
    };
    let Some(name) = main.unit.as_deref().map(comparable) else {
        return;
    };
    // Its own level alone is no summary.
    if is_own_level(&name, case.rulebook) {
        return;
    }
    let Some((form, total)) = total(case, main) else {
        return;
    };
    let belongs = |m: &Material| {
        m.forms
            .iter()
            .filter_map(|i| case.filing.forms.get(*i))
            .any(|f| {
                f.text("line_department")
                    .is_some_and(|d| comparable(d) == name)
            })
    };
    let mut sum = Decimal::ZERO;
    let mut parts = Vec::new();
    for unit in sets
        .iter()
        .filter(|m| m.before.is_none() && m.year == main.year)
    {
        if std::ptr::eq(unit, main) || !belongs(unit) {
            continue;
        }
        if let Some((form, spent)) = self::total(case, unit)
            && let Some(more) = sum.checked_add(spent)
        {
            sum = more;
            parts.push(form);
        }
    }
    if parts.is_empty() {
        return;
    }
    report.checked();
    if total >= sum {
        return;
    }
    let draft = report.find(leaves_out(total, sum), case.place(form, TOTAL));
    for part in parts {
        draft.against(case.place(part, TOTAL));
    }
    draft.computed(amount(sum));
}

fn total(case: &Case<'_>, material: &Material) -> Option<(usize, Decimal)> {
    let (index, form) = materials::forms(case, material, "department").next()?;
    Some((index, spent(form)?))
}
