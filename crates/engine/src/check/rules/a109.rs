//! A109 `project-funds-sum`: the rows of 项目资金 of each project form come in; columns whose sources do not add up to 年度资金总额 go out.
//!
//! Places print different sources (当年财政拨款, 单位资金, 中央补助 …). The rows a form has are added;
//! a breakdown of 财政拨款 (财政资金) by level is left out where that row itself is printed.

use crate::check::figures::{amount, wan_yuan};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::form::Form;
use jiheng_model::{Decimal, Severity, Stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "A109",
    slug: "project-funds-sum",
    title: "项目资金总额不等于各来源之和",
    severity: Severity::Error,
    covers: &["I-09", "D28"],
    basis: &["project-funds"],
    what: "附件3 年度资金总额每一列是否等于当年财政拨款、上年结转资金、其他资金等来源之和。空格不计；各来源都空着的列不比。",
    why: "“其中”各项是年度资金总额的全部来源，相加应等于总额。",
    advice: "核对各项来源和总额，更正不符的一格",
    run,
};

const COLUMNS: [&str; 3] = ["original_budget", "final_budget", "outturn"];
/// Rows that break down 财政拨款 by level of government.
const LEVELS: [&str; 3] = ["central", "province", "local"];
/// Rows that hold what comes from all levels of government.
const WHOLES: [&str; 2] = ["appropriation", "fiscal"];

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for (index, form) in case.forms("project") {
        for column in COLUMNS {
            compare(case, report, index, form, column);
        }
    }
}

fn compare(case: &Case<'_>, report: &mut Report<'_>, index: usize, form: &Form, column: &str) {
    let total_path = format!("funds.total.{column}");
    let Some((total, stated)) = form.get(&total_path).and_then(|s| Some((s, wan_yuan(s)?))) else {
        return;
    };
    let sources = sources(form, column);
    // One printed source may be a part only; a list ends with 其他资金 or has several rows.
    if sources.len() < 2 {
        return;
    }
    let numbers: Vec<(&str, &Stated, Decimal)> = sources
        .iter()
        .filter_map(|(path, s)| Some((*path, *s, wan_yuan(s)?)))
        .collect();
    if numbers.is_empty() {
        if !stated.is_zero() {
            report.lacks(format!(
                "{}没有填资金来源，总额没有比",
                case.form_name(index)
            ));
        }
        return;
    }
    let mut sum = Decimal::ZERO;
    let mut tolerance = total.half_unit().unwrap_or_default();
    for (_, source, value) in &numbers {
        let Some(next) = sum.checked_add(*value) else {
            return;
        };
        sum = next;
        tolerance += source.half_unit().unwrap_or_default();
    }
    let Some(gap) = stated.checked_sub(sum).map(|g| g.abs()) else {
        return;
    };
    let cells =
        || std::iter::once(total.origin).chain(numbers.iter().map(|(_, source, _)| source.origin));
    if gap.is_zero() {
        return report.holds(cells());
    }
    let head = form
        .heads
        .iter()
        .find(|(key, _)| key == column)
        .map(|(_, head)| head.text.replace('\n', ""));
    let label = head.unwrap_or_else(|| form.def.label(&total_path).to_string());
    let (severity, message) = if gap <= tolerance {
        report.holds(cells());
        (
            Severity::Hint,
            format!(
                "{label}：资金来源相加差 {} 万元，属四舍五入，不必改",
                amount(gap)
            ),
        )
    } else {
        report.checked();
        let message = format!(
            "{label}：总额填 {}，各来源相加 {}，相差 {} 万元",
            amount(stated),
            amount(sum),
            amount(gap)
        );
        (Severity::Error, message)
    };
    let addends: Vec<String> = numbers.iter().map(|(_, _, value)| amount(*value)).collect();
    let draft = report.find_as(severity, message, case.place(index, &total_path));
    draft.identity().computed(amount(sum)).derivation(format!(
        "{} = {}",
        addends.join(" + "),
        amount(sum)
    ));
    for (path, _, _) in &numbers {
        draft.against(case.place(index, path));
    }
}

/// The cells of a column that stand for sources of the total.
fn sources<'a>(form: &'a Form, column: &str) -> Vec<(&'a str, &'a Stated)> {
    let row = |path: &'a str| {
        path.strip_prefix("funds.")?
            .strip_suffix(column)?
            .strip_suffix('.')
    };
    let has_whole = WHOLES
        .iter()
        .any(|row| form.get(&format!("funds.{row}.{column}")).is_some());
    form.def
        .fields
        .iter()
        .filter_map(|field| {
            let row = row(&field.path)?;
            let counts = row != "total" && !(has_whole && LEVELS.contains(&row));
            counts.then_some(())?;
            Some((field.path.as_str(), form.get(&field.path)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn said(rows: &[(&str, &str)]) -> crate::check::specimen::Said {
        let paths: Vec<(String, &str)> = rows
            .iter()
            .map(|(row, text)| (format!("funds.{row}.outturn"), *text))
            .collect();
        let values: Vec<(&str, &str)> = paths
            .iter()
            .map(|(path, text)| (path.as_str(), *text))
            .collect();
        Specimen::default().form("project", &values, &[]).run(&RULE)
    }

    #[test]
    fn the_sources_make_the_total_and_blank_ones_count_as_nothing() {
        let wrong = said(&[
            ("total", "10.00"),
            ("appropriation", "8.00"),
            ("carry_over", ""),
            ("other", "1.50"),
        ]);
        assert_eq!(
            wrong.messages(),
            ["funds.total.outturn：总额填 10.00，各来源相加 9.50，相差 0.50 万元"]
        );
        assert_eq!(
            wrong.findings[0].derivation.as_deref(),
            Some("8.00 + 1.50 = 9.50")
        );
        let right = said(&[
            ("total", "10"),
            ("appropriation", "8.00"),
            ("carry_over", "—"),
            ("other", "2.00"),
        ]);
        assert_eq!((right.findings.len(), right.checked), (0, 1));
    }

    #[test]
    fn rounding_is_a_hint_up_to_half_a_unit_for_each_figure() {
        let hint = said(&[
            ("total", "10.01"),
            ("appropriation", "8.00"),
            ("other", "2.00"),
        ]);
        assert_eq!(hint.findings[0].severity, Severity::Hint);
        let error = said(&[
            ("total", "10.02"),
            ("appropriation", "8.00"),
            ("other", "2.00"),
        ]);
        assert_eq!(error.findings[0].severity, Severity::Error);
    }

    #[test]
    fn what_is_blank_or_only_a_part_is_not_compared() {
        let blank = said(&[
            ("total", "10.00"),
            ("appropriation", ""),
            ("carry_over", ""),
            ("other", ""),
        ]);
        assert_eq!(
            (blank.findings.len(), blank.checked, blank.lacking.len()),
            (0, 0, 1)
        );
        let part = said(&[("total", "10.00"), ("appropriation", "8.00")]);
        assert_eq!((part.findings.len(), part.checked), (0, 0));
        let nothing = said(&[("total", "0"), ("appropriation", ""), ("other", "")]);
        assert_eq!((nothing.findings.len(), nothing.lacking.len()), (0, 0));
    }

    #[test]
    fn a_breakdown_by_level_is_not_added_twice() {
        let twice = said(&[
            ("total", "10.00"),
            ("appropriation", "10.00"),
            ("central", "6.00"),
            ("local", "4.00"),
        ]);
        assert!(twice.findings.is_empty());
        let levels = said(&[("total", "10.00"), ("central", "6.00"), ("local", "3.00")]);
        assert_eq!(levels.findings.len(), 1);
    }
}
