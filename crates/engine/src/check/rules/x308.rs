//! X308 `grade-against-total`: the grade the report gives, the total of the department form and the bands in force come in; a grade of another band goes out.

use crate::check::passages::report_passages;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::Figure;
use crate::narrative::terms::is_quote;
use jiheng_model::{Decimal, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X308",
    slug: "grade-against-total",
    title: "评价等级与总分不符",
    severity: Severity::Error,
    covers: &["I-13"],
    basis: &["mof-2020-10-art18-grades"],
    what: "报告写的评价等级，是否是附件2 总分所在的一档。报告写明等级标准的，按报告写明的；没有的，按规程包的。",
    why: "等级由总分决定，不能另定。",
    advice: "更正等级，或核对总分",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((form, _)) = case.one("department") else {
        return;
    };
    let narrative = &case.filing.narrative;
    let grades: Vec<_> = narrative
        .facts
        .iter()
        .filter(|f| f.role == FactRole::Grade)
        .collect();
    if grades.is_empty() {
        return;
    }
    let Some(total) = Figure::cell(case, form, "total_score") else {
        report.lacks("附件2 没有填总分");
        return;
    };
    let scale = printed_scale(case);
    for fact in grades {
        let own = rank(case, &fact.text);
        let due = match scale.iter().find(|(_, min)| total.value >= *min) {
            Some((name, _)) => name.clone(),
            None => match case.rulebook.grade(total.value) {
                Some(name)
                    if case
                        .rulebook
                        .bands("rating")
                        .iter()
                        .any(|b| b.is == fact.text) =>
                {
                    name.to_string()
                }
                _ => {
                    report.lacks("报告的等级名称不在等级标准里");
                    continue;
                }
            },
        };
        report.checked();
        if due == fact.text
            || own.is_some()
                && own == rank(case, &due)
                && scale.iter().any(|(n, _)| *n == fact.text)
        {
            report.holds([fact.origin, total.place.origin]);
            continue;
        }
        let message = format!("总分 {} 分应为“{due}”，报告写“{}”", total.value, fact.text);
        report
            .find(message, case.fact_place(fact))
            .against(total.place.clone())
            .computed(&due)
            .input(total.place.origin);
    }
}

/// The grade's rank in the dictionary of grades.
fn rank(case: &Case<'_>, grade: &str) -> Option<u8> {
    case.rulebook
        .terms()
        .grade_at(grade)
        .filter(|(g, _)| *g == grade)
        .map(|(_, rank)| rank)
}

/// The scale the report itself prints ("优秀”（90分及以上）…"), highest first; empty when it prints none.
pub(crate) fn printed_scale(case: &Case<'_>) -> Vec<(String, Decimal)> {
    let mark = case.rulebook.mark("grade_names");
    report_passages(case)
        .iter()
        .filter(|line| line.marks & mark != 0)
        .map(|line| scale_in(case, line.text))
        .find(|scale| scale.len() >= 3)
        .unwrap_or_default()
}

fn scale_in(case: &Case<'_>, text: &str) -> Vec<(String, Decimal)> {
    let terms = case.rulebook.terms();
    // Grades in the text, longest names first, so that 不合格 is not read as 合格.
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for (name, _) in &terms.grades {
        for (at, _) in text.match_indices(name.as_str()) {
            let after = text[at + name.len()..].chars().find(|c| !is_quote(*c));
            let defines = after.is_some_and(|c| matches!(c, '（' | '(' | 'S' | '[' | '［'));
            if defines
                && !found
                    .iter()
                    .any(|(from, to, _)| at < *to && at + name.len() > *from)
            {
                found.push((at, at + name.len(), name.clone()));
            }
        }
    }
    found.sort();
    let mut scale = Vec::new();
    for (i, (_, end, name)) in found.iter().enumerate() {
        let stop = found.get(i + 1).map_or(text.len(), |f| f.0);
        let segment = &text[*end..stop];
        let segment = segment.split(['）', ')']).next().unwrap_or(segment);
        let numbers = numbers(segment);
        let lower = match numbers.as_slice() {
            [only]
                if segment.contains(['<', '＜', '﹤'])
                    || segment.contains("以下")
                    || segment.contains("低于") =>
            {
                (*only).min(Decimal::ZERO)
            }
            [only] => *only,
            [a, b] => *a.min(b),
            _ => continue,
        };
        scale.push((name.clone(), lower));
    }
    scale.sort_by_key(|band| std::cmp::Reverse(band.1));
    scale.dedup_by(|a, b| a.1 == b.1);
    scale
}

/// All numbers of a short text.
fn numbers(text: &str) -> Vec<Decimal> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(|n| n.trim_matches('.').parse().ok())
        .collect()
}
