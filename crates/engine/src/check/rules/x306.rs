//! X306 `fund-denied`: what the report says of government funds (none was used, or an amount), the department form's row and the project names come in; contradictions go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, facts};
use jiheng_model::finding::Place;
use jiheng_model::{Decimal, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X306",
    slug: "fund-denied",
    title: "政府性基金的说法与表不符",
    severity: Severity::Error,
    covers: &["I-20"],
    basis: &["mof-2020-10-art25-true", "practice-report-terms"],
    what: "报告写“没有使用政府性基金”的，附件2 政府性基金一行应为空或 0，附件1 也不应有通常由政府性基金安排的项目支出；报告写了政府性基金支出的，附件2 这一行应填数。",
    why: "使用了政府性基金的，应单独说明安排和使用情况。",
    advice: "核对资金来源：用了政府性基金的，改写报告这一章并填附件2；没有用的，说明该项目的资金来源，或改正报告",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let narrative = &case.filing.narrative;
    used(case, report);
    let Some(chapter) = narrative.section("government_fund") else {
        return;
    };
    let denials = case.rulebook.words("denial_words");
    let topics = case.rulebook.words("government_fund_words");
    let denial = (chapter.paragraph + 1..=chapter.last).find_map(|number| {
        let text = case.report_line(number);
        let topic = topics.iter().find(|t| text.contains(t.as_str()))?;
        let word = denials
            .iter()
            .filter_map(|d| text.find(d.as_str()).map(|at| (at, d)))
            .min()?;
        let end = text.find(topic.as_str())? + topic.len();
        let (from, to) = (word.0.min(end), end.max(word.0 + word.1.len()));
        let chars = (
            text[..from].chars().count() as u32,
            text[..to].chars().count() as u32,
        );
        Some(case.text_place(narrative.file, number, chars, "政府性基金预算支出情况"))
    });
    let Some(denial) = denial else { return };
    report.checked();
    for (form, _) in case.forms("department") {
        for path in [
            "funds.government_fund.outturn",
            "funds.government_fund.final_budget",
        ] {
            if let Some(row) = Figure::cell(case, form, path).filter(|r| r.value > Decimal::ZERO) {
                let message = format!("报告称没有使用政府性基金，附件2 填了 {}", row.shown());
                report
                    .find(message, denial.clone())
                    .against(row.place.clone())
                    .identity();
                return;
            }
        }
    }
    projects(case, report, &denial);
}

/// The report gives an amount from a government fund, and the department form's row has none.
///
/// Where the row has an amount of this year, X302 compares the two.
fn used(case: &Case<'_>, report: &mut Report<'_>) {
    let stated = facts(case, "government_fund").filter(|(_, f)| f.role == FactRole::Amount);
    let stated = stated.filter_map(|(_, f)| Figure::fact(case, f));
    let Some(stated) = stated.into_iter().find(|f| f.value > Decimal::ZERO) else {
        return;
    };
    let Some((form, department)) = case.one("department") else {
        return;
    };
    let paths = [
        "funds.government_fund.outturn",
        "funds.government_fund.final_budget",
    ];
    let Some(path) = paths.iter().find(|p| department.get(p).is_some()) else {
        return report.lacks("附件2 没有政府性基金一行");
    };
    let spent = |path: &str| Figure::cell(case, form, path).map(|f| f.value);
    if spent(paths[0]).is_some() {
        return;
    }
    report.checked();
    if spent(paths[1]).is_some_and(|value| value > Decimal::ZERO) {
        return;
    }
    report
        .find(
            format!(
                "报告写政府性基金支出 {}，附件2 没有填这笔钱",
                stated.shown()
            ),
            stated.place.clone(),
        )
        .against(case.place(form, path))
        .identity();
}

/// Projects that by their name are paid from a government fund.
fn projects(case: &Case<'_>, report: &mut Report<'_>, denial: &Place) {
    let words = case.rulebook.words("fund_project_words");
    for (form, baseline) in case.forms("baseline") {
        for (row, line) in baseline.rows("projects").iter().enumerate() {
            let Some(name) = baseline.cell("projects", line, "name") else {
                continue;
            };
            if !words.iter().any(|w| name.text.contains(w.as_str())) {
                continue;
            }
            let Some(outturn) = Figure::row(case, form, "projects", row, "outturn")
                .filter(|f| f.value > Decimal::ZERO)
            else {
                continue;
            };
            let project = crate::narrative::subject::project_name(&name.text);
            let message = format!(
                "“{project}”支出 {}，报告称没有使用政府性基金",
                outturn.shown()
            );
            report
                .find_as(Severity::Warning, message, outturn.place.clone())
                .against(denial.clone());
        }
    }
}
