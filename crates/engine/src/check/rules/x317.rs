//! X317 `classes-mixed`: the classes listed under project spending and the dictionary of the functional classification come in; mixed levels, replaced and unknown names go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::origin::At;
use jiheng_model::{Fact, FactRole, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X317",
    slug: "classes-mixed",
    title: "功能分类科目层级或名称有误",
    severity: Severity::Warning,
    covers: &["I-15", "D36"],
    basis: &["practice-classification"],
    what: "报告按支出功能分类列出的科目，是否都在同一层级（类、款不混列），名称是否是现行科目名称。",
    why: "款是类的一部分，并列相加时口径不同；旧科目名称与决算对不上。",
    advice: "按部门决算的类级科目分列，用现行科目名称",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let facts = &case.filing.narrative.facts;
    let mut lists: Vec<Vec<&Fact>> = Vec::new();
    for fact in facts
        .iter()
        .filter(|f| f.role == FactRole::Amount && f.of.is_some())
    {
        match lists.last_mut() {
            Some(list)
                if list
                    .last()
                    .is_some_and(|l| l.of == fact.of && l.sentence == fact.sentence) =>
            {
                list.push(fact)
            }
            _ => lists.push(vec![fact]),
        }
    }
    for list in lists {
        let classed: Vec<&Fact> = list.iter().copied().filter(|f| code(f).is_some()).collect();
        let headed = list.first().is_some_and(|f| headed(case, f));
        if classed.is_empty() && !headed
            || list
                .iter()
                .any(|f| f.item.as_deref().is_some_and(|i| i.starts_with("econ")))
        {
            continue;
        }
        report.checked();
        levels(case, report, &classed);
        names(case, report, &list, headed);
    }
}

/// The code of a functional class.
fn code(fact: &Fact) -> Option<&str> {
    fact.item.as_deref()?.strip_prefix("func.")
}

/// Classes of different levels side by side.
fn levels(case: &Case<'_>, report: &mut Report<'_>, classed: &[&Fact]) {
    let length = |f: &Fact| code(f).map_or(0, str::len);
    let Some(lower) = classed.iter().max_by_key(|f| length(f)) else {
        return;
    };
    let Some(upper) = classed
        .iter()
        .filter(|f| length(f) < length(lower))
        .min_by_key(|f| (!contains(f, lower), length(f)))
    else {
        return;
    };
    let Some((low, high)) = code(lower).zip(code(upper)) else {
        return;
    };
    let nested = contains(upper, lower);
    let message = if nested {
        format!(
            "类、款并列：“{}”（{low}）属于“{}”（{high}）",
            lower.label, upper.label
        )
    } else {
        format!(
            "类、款并列：“{}”（{low}）是款，“{}”（{high}）是类",
            lower.label, upper.label
        )
    };
    let severity = if nested {
        Severity::Warning
    } else {
        Severity::Hint
    };
    let draft = report.find_as(severity, message, case.fact_place(lower));
    draft.against(case.fact_place(upper));
    for other in classed
        .iter()
        .filter(|f| f.origin != lower.origin && f.origin != upper.origin)
    {
        draft.against(case.fact_place(other));
    }
}

fn contains(upper: &Fact, lower: &Fact) -> bool {
    code(upper)
        .zip(code(lower))
        .is_some_and(|(u, l)| l.starts_with(u))
}

/// Names that were replaced, and, in a list headed as one of functional classes, names that are none.
fn names(case: &Case<'_>, report: &mut Report<'_>, list: &[&Fact], headed: bool) {
    let year = case.filing.narrative.year.or(case.filing.year);
    for fact in list.iter().filter(|f| f.item.is_none()) {
        let listed = case.rulebook.class_named("functional_classes", &fact.label);
        let message = match listed {
            Some(name) if name.in_use(year) => continue,
            Some(name) => {
                let now = case
                    .rulebook
                    .class_name("functional_classes", name.code, year);
                let now = now.map_or(name.text, |now| now.text);
                format!("科目“{}”已改名为“{now}”", fact.label)
            }
            None if headed => format!("“{}”不是支出功能分类的类级科目名称", fact.label),
            None => continue,
        };
        report
            .find(message, name_place(case, fact))
            .against(case.fact_place(fact));
    }
}

/// The name before the amount; the amount where the line does not hold the name as one piece.
fn name_place(case: &Case<'_>, fact: &Fact) -> Place {
    let (number, from) = match fact.origin.at {
        At::Text { paragraph, chars } => (paragraph, chars.0),
        At::Cell { row, chars, .. } => (row, chars.map_or(0, |c| c.0)),
    };
    let head: String = case
        .report_line(number)
        .chars()
        .take(from as usize)
        .collect();
    let Some(at) = head
        .rfind(fact.label.as_str())
        .filter(|_| !fact.label.is_empty())
    else {
        return case.fact_place(fact);
    };
    let start = head[..at].chars().count() as u32;
    let end = start + fact.label.chars().count() as u32;
    case.text_place(fact.origin.file, number, (start, end), fact.label.as_str())
}

/// The list's sentence says that it is one of functional classes.
fn headed(case: &Case<'_>, fact: &Fact) -> bool {
    let number = match fact.origin.at {
        At::Text { paragraph, .. } => paragraph,
        At::Cell { row, .. } => row,
    };
    let text = case.report_line(number);
    case.rulebook
        .words("class_list_words")
        .iter()
        .any(|w| text.contains(w.as_str()))
}
