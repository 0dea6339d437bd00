//! X304 `project-alike`: items the report lists under project spending and the baseline form's lines come in; pairs of nearly the same name with different amounts go out.

use crate::check::projects;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, current};
use crate::narrative::terms::comparable;
use jiheng_model::{FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X304",
    slug: "project-alike",
    title: "名称相近的项目金额不同",
    severity: Severity::Warning,
    covers: &["I-17"],
    basis: &["practice-report-terms"],
    what: "报告在项目支出下列出、附件1 中没有同名的项目，与附件1 名称相近的一行金额是否相同。",
    why: "名称不同，不能断定是同一个项目；如果是，两处金额应相同。",
    advice: "是同一个项目的，统一名称和金额；不是的，在报告中用附件1 的项目名称分列",
    fix: None,
    run,
};

/// Shortest run of characters two names must share.
const SHARED: usize = 4;

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let narrative = &case.filing.narrative;
    let projects = projects::projects(case);
    let Some(baseline) = projects.baseline else {
        return;
    };
    let generic = case.rulebook.words("project_name_fillers");
    let core = |name: &str| {
        let mut name = comparable(name);
        for word in generic {
            name = name.replace(word.as_str(), "");
        }
        name
    };
    // Few reports name a project that the baseline form has not.
    let mut lines: Option<Vec<_>> = None;
    for fact in narrative
        .facts
        .iter()
        .filter(|f| f.role == FactRole::Amount && f.item.is_none() && current(case, f))
    {
        let under_project = fact
            .of
            .and_then(|i| narrative.facts.get(i))
            .is_some_and(|w| w.item.as_deref() == Some("project"));
        let Some(stated) = Figure::fact(case, fact).filter(|_| under_project) else {
            continue;
        };
        let label = core(&fact.label);
        let lines = lines.get_or_insert_with(|| {
            let lines = projects.lines.iter();
            lines.map(|line| (core(&line.name), line)).collect()
        });
        let alike = lines
            .iter()
            .map(|(name, line)| (shared_run(&label, name), *line))
            .filter(|(length, _)| *length >= SHARED)
            .max_by_key(|(length, _)| *length);
        let Some((_, line)) = alike else { continue };
        let Some(cell) = Figure::row(case, baseline, "projects", line.row, "outturn") else {
            continue;
        };
        report.checked();
        if stated.agrees(&cell) {
            continue;
        }
        let gap = (stated.value - cell.value).abs().normalize();
        report
            .find(
                format!(
                    "名称相近的两处金额不同：附件1“{}”{}，报告“{}”{}",
                    line.name,
                    cell.shown(),
                    fact.label,
                    stated.shown()
                ),
                cell.place.clone(),
            )
            .against(stated.place.clone())
            .derivation(format!("相差 {gap}"))
            .arg("gap", gap);
    }
}

/// Length of the longest run of characters that both texts have.
fn shared_run(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.chars().take(60).collect(), b.chars().take(60).collect());
    let mut longest = 0;
    let mut row = vec![0usize; b.len() + 1];
    for x in &a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let kept = row[j + 1];
            row[j + 1] = if x == y { diagonal + 1 } else { 0 };
            longest = longest.max(row[j + 1]);
            diagonal = kept;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_common_run_is_counted_in_characters() {
        assert_eq!(shared_run("地质灾害防治应急", "地质灾害普适化"), 4);
        assert_eq!(shared_run("自然资源事务运转", "矿产资源整治"), 2);
    }
}
