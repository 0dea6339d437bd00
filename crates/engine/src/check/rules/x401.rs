//! X401 `final-accounts`: the forms, the report and the final accounts in the bundle come in; figures that differ go out.
//!
//! With it stand the rules whose material is in no package. 未核不是通过: each of these exists so that
//! the list of outcomes says what nobody has looked at.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{self, Figure};
use crate::narrative::terms::comparable;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::origin::At;
use jiheng_model::{AccountFigure, Accounts, FactRole, Material, Severity};

/// 部门决算.
pub static RULE: Rule = Rule {
    code: "X401",
    slug: "final-accounts",
    title: "与部门决算报表比对",
    severity: Severity::Error,
    covers: &["I-25", "D67"],
    basis: &[
        "mof-2020-10-art26-with-accounts",
        "accounts-scope",
        "final-accounts-identity",
    ],
    what: "附件1、附件2 的执行数、三公经费、政府采购、公用经费和人员数，是否与同一单位同一年度的部门决算一致；放入上年决算的，比上年决算数。",
    why: "自评结果随部门决算报送，同一个数在两处应相同。",
    advice: "核对部门决算报表，更正不符的一处；口径不同的，在报告中写明",
    fix: None,
    run: final_accounts,
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
    fix: None,
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
    fix: None,
    run: |case, report| {
        lacks(
            case,
            report,
            "没有放入上年反馈意见和整改台账，整改情况没有核",
        )
    },
};

/// As many identities as hold for a cell at most speak for a figure of final accounts.
const CONFIRMED: usize = 16;

/// What of the filing a final account is compared with.
struct Own<'a> {
    material: Option<&'a Material>,
    unit: Option<String>,
    year: Option<i16>,
}

fn final_accounts(case: &Case<'_>, report: &mut Report<'_>) {
    let filing = case.filing;
    if filing.accounts.is_empty() {
        return lacks(case, report, "没有放入决算文件，与部门决算报表没有比");
    }
    let owns: Vec<Own<'_>> = match filing.materials.is_empty() {
        true => vec![Own {
            material: None,
            unit: unit_of(case),
            year: filing.year.or(filing.narrative.year),
        }],
        false => {
            let checked = filing.materials.iter().filter(|m| m.before.is_none());
            let own = |m| Own {
                material: Some(m),
                unit: m.unit.clone().or_else(|| unit_of(case)),
                year: m.year,
            };
            checked.map(own).collect()
        }
    };
    for accounts in &filing.accounts {
        let Some(own) = owns.iter().find(|o| same_unit(case, o, accounts)) else {
            let whose = accounts.unit.as_deref().unwrap_or_default();
            report.lacks(format!("决算是“{whose}”的，与自评的单位范围不同，没有比"));
            continue;
        };
        match (own.year, accounts.year) {
            (Some(year), Some(of)) if of == year => now(case, report, own, accounts),
            (Some(year), Some(of)) if of.checked_add(1) == Some(year) => {
                before(case, report, own, accounts)
            }
            (_, None) => now(case, report, own, accounts),
            (_, Some(of)) => report.lacks(format!("决算是 {of} 年度的，没有比")),
        }
    }
}

/// Compares this year's accounts with outturns and staff.
fn now(case: &Case<'_>, report: &mut Report<'_>, own: &Own<'_>, accounts: &Accounts) {
    let counts = case.rulebook.words("accounts_counts");
    for (form, path, items) in fields(case, own) {
        let Some(cell) = Figure::cell(case, form, path) else {
            continue;
        };
        let count = items.iter().any(|i| counts.contains(i));
        compare(report, &cell, items, accounts, count);
    }
    if own
        .material
        .is_some_and(|m| m.narrative.span != case.filing.narrative.span)
    {
        return;
    }
    let Some(dictionary) = case.rulebook.dictionary("accounts_facts") else {
        return;
    };
    for (item, items) in dictionary {
        let mut facts = statements::facts(case, item).filter(|(_, f)| f.role == FactRole::Amount);
        let Some((_, fact)) = facts.next() else {
            continue;
        };
        if let Some(stated) = Figure::fact(case, fact) {
            compare(report, &stated, items, accounts, false);
        }
    }
}

/// Compares last year's accounts with the columns of last year.
fn before(case: &Case<'_>, report: &mut Report<'_>, own: &Own<'_>, accounts: &Accounts) {
    for (form, path, items) in fields(case, own) {
        let Some(row) = path.strip_suffix(".outturn") else {
            continue;
        };
        let prior = format!("{row}.prior_outturn");
        if let Some(cell) = Figure::cell(case, form, &prior) {
            compare(report, &cell, items, accounts, false);
        }
    }
}

/// The cells to compare, each with the items of the accounts of which it should equal one.
fn fields<'a>(case: &Case<'a>, own: &Own<'_>) -> Vec<(usize, &'a str, &'a [String])> {
    let Some(dictionary) = case.rulebook.dictionary("accounts_fields") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (field, items) in dictionary {
        let Some((kind, path)) = field.split_once('.') else {
            continue;
        };
        let form = case
            .forms(kind)
            .map(|(index, _)| index)
            .find(|index| own.material.is_none_or(|m| m.forms.contains(index)));
        if let Some(form) = form {
            found.push((form, path, items.as_slice()));
        }
    }
    found
}

fn compare(
    report: &mut Report<'_>,
    cell: &Figure,
    items: &[String],
    accounts: &Accounts,
    count: bool,
) {
    let figures: Vec<Figure> = items
        .iter()
        .flat_map(|item| accounts.of(item))
        .filter_map(figure)
        .filter(|f| f.comparable(cell))
        .collect();
    let Some(first) = figures.first() else { return };
    if let Some(same) = figures.iter().find(|f| f.agrees(cell)) {
        return report.holds([cell.place.origin, same.place.origin]);
    }
    report.checked();
    let gap = cell
        .value
        .checked_sub(first.value)
        .unwrap_or_default()
        .abs();
    let severity = match count {
        true => Severity::Warning,
        false => report.rule.severity,
    };
    let message = format!("填 {}，部门决算为 {}", shown(cell), shown(first));
    // Final accounts are audited and approved: the cell is marked, whatever else it agrees with.
    for _ in 0..CONFIRMED {
        report.held.push(vec![first.place.origin]);
    }
    let draft = report.find_as(severity, message, cell.place.clone());
    draft
        .against(first.place.clone())
        .derivation(format!(
            "{} − {} = {}",
            cell.value.max(first.value).normalize(),
            cell.value.min(first.value).normalize(),
            gap.normalize()
        ))
        .arg("gap", gap.normalize());
    if count {
        draft.why("编制和在职人数的取数时点可能不同，同一时点的应相同。");
    } else {
        draft.identity();
    }
}

/// A number as people read it: money with two places, more only where more are printed.
fn shown(figure: &Figure) -> String {
    let mut number = figure.value.normalize();
    if figure.unit == "万元" && number.scale() < 2 {
        number.rescale(2);
    }
    format!("{number} {}", figure.unit).trim_end().to_string()
}

fn figure(stated: &AccountFigure) -> Option<Figure> {
    let kind = match stated.origin.at {
        At::Cell { .. } => PlaceKind::Cell,
        At::Text { .. } => PlaceKind::Text,
    };
    stated.unit.as_ref()?;
    let place = Place {
        kind,
        form: "accounts".into(),
        form_index: None,
        field: Some(stated.item.clone()),
        label: format!("部门决算 · {}", stated.label),
        origin: stated.origin,
        text: stated.text.clone(),
    };
    Figure::new(stated.value, stated.unit.clone(), place)
}

/// The unit the package names: on its report, its department form, its project forms.
fn unit_of(case: &Case<'_>) -> Option<String> {
    let named = |path: &'static str| {
        let mut forms = case.filing.forms.iter();
        forms.find_map(move |f| f.text(path)).map(String::from)
    };
    named("unit_name")
        .or_else(|| {
            case.filing
                .narrative
                .unit_name
                .as_ref()
                .map(|u| u.text.clone())
        })
        .or_else(|| named("line_department"))
}

/// The accounts are of the unit, and cover what its forms cover: only one of the two "本级" is another scope.
fn same_unit(case: &Case<'_>, own: &Own<'_>, accounts: &Accounts) -> bool {
    let (Some(one), Some(other)) = (&own.unit, &accounts.unit) else {
        return true;
    };
    let (one, other) = (comparable(one), comparable(other));
    let suffixes = case.rulebook.words("unit_suffixes");
    let base = |name: &str| {
        let mut name = name.to_string();
        for suffix in suffixes {
            if let Some(short) = name.strip_suffix(comparable(suffix).as_str()) {
                name = short.to_string();
            }
        }
        name
    };
    let (a, b) = (base(&one), base(&other));
    let own_level = |name: &str, base: &str| {
        let rest = name.strip_prefix(base).unwrap_or_default();
        suffixes
            .iter()
            .any(|s| s.contains("本级") && rest.contains(comparable(s).as_str()))
    };
    // A title may leave out the city: "水务局" and "青渚市水务局".
    (a.ends_with(&b) || b.ends_with(&a)) && own_level(&one, &a) == own_level(&other, &b)
}

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
        for rule in [&RULE, &EVIDENCE, &RECTIFICATION] {
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
