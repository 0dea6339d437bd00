//! X111 `year-differs`: the fiscal years of titles, column heads and sentences come in; those that differ from the package's go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, cells};
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::{Fact, Form, Severity, Stated};
use std::collections::BTreeMap;

/// The rule.
pub static RULE: Rule = Rule {
    code: "X111",
    slug: "year-differs",
    title: "表、报告的年度不一致",
    severity: Severity::Error,
    covers: &["I-21", "D37"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "各表（绩效目标表、监控表除外）标题、附件1 的列名、报告标题和报告写明年度的金额，年度是否相同（上年决算数为前一年）。",
    why: "一套材料只说一个年度。",
    advice: "更正年度",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(year) = year(case) else {
        report.lacks("标题没有写年度");
        return;
    };
    for (index, form) in case.filing.forms.iter().enumerate() {
        if let (Some(own), Some(title), true) = (form.year, &form.title, tells(case, form)) {
            report.checked();
            if own != year {
                let place = titled(form.kind(), Some(index), "标题", title);
                report.find(format!("标题写 {own} 年度，其他材料是 {year} 年度"), place);
            }
        }
        for (key, head) in &form.heads {
            let due = match key.as_str() {
                "prior_outturn" => year - 1,
                "budget" | "outturn" if form.kind() == "baseline" => year,
                _ => continue,
            };
            let Some(own) = year_in(&head.text) else {
                continue;
            };
            report.checked();
            if own != due {
                let place = titled(form.kind(), Some(index), &head.text, head);
                report.find(format!("列名写 {own} 年，应为 {due} 年"), place);
            }
        }
    }
    let narrative = &case.filing.narrative;
    if let (Some(own), Some(title)) = (narrative.year, &narrative.title) {
        report.checked();
        if own != year {
            report.find(
                format!("报告标题写 {own} 年度，表是 {year} 年度"),
                titled("narrative", None, "报告标题", title),
            );
        }
    }
    for fact in &narrative.facts {
        sentence(case, report, fact, year);
    }
}

/// "2022年度基本支出2727.38万元" in a report of 2023, where 2727.38 is the amount of 2023.
fn sentence(case: &Case<'_>, report: &mut Report<'_>, fact: &Fact, year: i16) {
    let (Some(own), Some(item)) = (fact.period, fact.item.as_deref()) else {
        return;
    };
    if own == year || year_in(&fact.label) != Some(own) || fact.value.is_zero() {
        return;
    }
    let Some(stated) = Figure::fact(case, fact) else {
        return;
    };
    let prior = cells(case, &format!("{item}.prior"));
    if prior.iter().any(|p| p.agrees(&stated)) {
        return;
    }
    let Some(cell) = cells(case, item)
        .into_iter()
        .find(|c| c.value == stated.value)
    else {
        return;
    };
    report.checked();
    report
        .find(
            format!(
                "“{}”写 {own} 年，{} 是 {year} 年的数",
                fact.label, fact.text
            ),
            case.fact_place(fact),
        )
        .against(cell.place);
}

/// The form is of the package's own year: objectives may be those of another.
fn tells(case: &Case<'_>, form: &Form) -> bool {
    let before = case.rulebook.words("forms_before_year_end");
    before.iter().all(|kind| kind != form.kind())
}

/// The year most titles agree on.
fn year(case: &Case<'_>) -> Option<i16> {
    let mut votes: BTreeMap<i16, usize> = BTreeMap::new();
    let forms = case.filing.forms.iter().filter(|f| tells(case, f));
    let forms = forms.filter_map(|f| f.year);
    for year in forms.chain(case.filing.narrative.year) {
        *votes.entry(year).or_default() += 1;
    }
    let most = votes.values().copied().max()?;
    let mut best = votes.iter().filter(|(_, n)| **n == most).map(|(y, _)| *y);
    let first = best.next()?;
    // Two years with equally many titles: the filing's own decides.
    if best.next().is_some() {
        case.filing.year.or(Some(first))
    } else {
        Some(first)
    }
}

/// The first year of four digits before 年 in a text.
fn year_in(text: &str) -> Option<i16> {
    text.char_indices()
        .find_map(|(at, _)| crate::narrative::lines::year_at(&text[at..]))
}

fn titled(form: &str, index: Option<usize>, label: &str, stated: &Stated) -> Place {
    let kind = match stated.origin.at {
        jiheng_model::origin::At::Cell { .. } => PlaceKind::Cell,
        jiheng_model::origin::At::Text { .. } => PlaceKind::Text,
    };
    Place {
        kind,
        form: form.into(),
        form_index: index,
        field: None,
        label: label.replace('\n', ""),
        origin: stated.origin,
        text: stated.text.clone(),
    }
}
