//! X305 `chapter-general-public`: the report's chapter on the general public budget and the department form's row come in; a chapter whose spending is not that row's goes out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, facts};
use jiheng_model::{Section, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X305",
    slug: "chapter-general-public",
    title: "一般公共预算支出与附件2 不同",
    severity: Severity::Error,
    covers: &["I-18"],
    basis: &["mof-2020-10-art25-true", "mof-2020-10-art21-accuracy"],
    what: "报告“一般公共预算支出情况”一章写的一般公共预算支出（没有单独写的，取本章基本支出与项目支出之和），是否等于附件2 的一般公共预算。",
    why: "这一章只应写一般公共预算安排的支出，其他资金安排的要分开写。",
    advice: "在本章只写一般公共预算安排的支出，其他资金另写；或更正附件2 的资金来源",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let narrative = &case.filing.narrative;
    let Some(chapter) = narrative.section("general_public") else {
        return;
    };
    let Some((form, _)) = case.one("department") else {
        return;
    };
    let row = [
        "funds.general_public.outturn",
        "funds.general_public.final_budget",
    ]
    .iter()
    .find_map(|path| Figure::cell(case, form, path));
    let Some(row) = row else {
        report.lacks("附件2 没有填一般公共预算");
        return;
    };
    let stated: Vec<_> = facts(case, "general_public")
        .filter_map(|(_, f)| Figure::fact(case, f))
        .collect();
    if !stated.is_empty() {
        for figure in stated {
            report.checked();
            if figure.agrees(&row) {
                report.holds([figure.place.origin, row.place.origin]);
                continue;
            }
            let gap = (figure.value - row.value).abs().normalize();
            let draft = report.find(
                format!(
                    "一般公共预算支出：报告写 {}，附件2 为 {}",
                    figure.shown(),
                    row.shown()
                ),
                figure.place.clone(),
            );
            draft
                .against(row.place.clone())
                .derivation(format!("相差 {gap}"))
                .arg("gap", gap);
            draft.identity = true;
        }
        return;
    }
    let of = |item| {
        facts(case, item)
            .filter(|(_, f)| inside(f.section, chapter, &narrative.sections))
            .find_map(|(_, f)| Figure::fact(case, f))
    };
    let (Some(basic), Some(project)) = (of("basic"), of("project")) else {
        report.lacks("报告这一章没有写基本支出和项目支出");
        return;
    };
    report.checked();
    let Some(sum) = basic.value.checked_add(project.value) else {
        return;
    };
    let tolerance = basic.half + project.half + row.half;
    if (sum - row.value).abs() <= tolerance {
        return;
    }
    let gap = (sum - row.value).abs().normalize();
    report
        .find(
            format!(
                "一般公共预算支出一章合计 {sum} 万元，附件2 一般公共预算为 {}",
                row.shown()
            ),
            basic.place.clone(),
        )
        .against(project.place.clone())
        .against(row.place.clone())
        .computed(sum)
        .derivation(format!(
            "{} + {} = {sum}，与 {} 相差 {gap}",
            basic.value, project.value, row.value
        ))
        .arg("gap", gap);
}

/// The section is the chapter or stands in it.
fn inside(section: Option<usize>, chapter: &Section, sections: &[Section]) -> bool {
    section
        .and_then(|s| sections.get(s))
        .is_some_and(|s| (chapter.paragraph..=chapter.last).contains(&s.paragraph))
}
