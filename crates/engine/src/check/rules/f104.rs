//! F104 `indicator-incomplete`: the indicators of the self-evaluation forms come in; rows with a blank name, target, actual value, points or score go out, one finding a form.

use super::f103::is_empty;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::form::{Form, Row};
use jiheng_model::{Severity, Stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "F104",
    slug: "indicator-incomplete",
    title: "绩效指标没有填全",
    severity: Severity::Error,
    covers: &["D24", "D26", "D52"],
    basis: &["art11-content", "art25-complete"],
    what: "每个三级指标都应有名称、年度指标值、实际完成值、分值和得分。没有这类指标的，名称填“无”。",
    why: "缺了指标值或完成值就无法计分，缺了分值或得分就无法加总。",
    advice: "补填空着的格；没有这类指标的，名称填“无”，分值并入同类指标",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let columns = case.rulebook.words("indicator_columns_required");
    for (index, form) in case.forms_with_indicators() {
        if is_empty(form) {
            continue;
        }
        let mut blank: Vec<Place> = Vec::new();
        for indicator in form.indicators() {
            if is_filler(form, indicator.row) {
                continue;
            }
            report.checked();
            for column in columns {
                if cell(form, indicator.row, column).is_some_and(|s| s.value.is_blank()) {
                    blank.push(case.indicator_place(index, &indicator, column));
                }
            }
        }
        let count = blank.len();
        let mut places = blank.into_iter();
        if let Some(first) = places.next() {
            let message = match count {
                1 => format!("指标没有填全：“{}”空着", first.label),
                n => format!("指标有 {n} 格没有填"),
            };
            let draft = report.find(message, first);
            draft.arg("count", count);
            for place in places {
                draft.against(place);
            }
        }
    }
}

/// The row stands for no indicator: neither target, actual value, points nor score, or its name says so.
fn is_filler(form: &Form, row: &Row) -> bool {
    let given = |column: &str| cell(form, row, column).is_some_and(|s| s.value.is_present());
    let named = cell(form, row, "name");
    let none =
        named.is_some_and(|s| !s.value.is_blank() && (!s.value.is_present() || !is_name(&s.text)));
    let numbers = ["target", "actual", "points", "score"];
    none || !numbers.iter().any(|c| given(c))
}

/// "无", "……" and "指标1：" are no names.
fn is_name(text: &str) -> bool {
    let bare = || text.chars().filter(|c| c.is_alphanumeric());
    let template = || {
        let mut rest = bare();
        rest.next() == Some('指') && rest.next() == Some('标') && rest.all(|c| c.is_ascii_digit())
    };
    bare().next().is_some() && !bare().eq(['无']) && !template()
}

fn cell<'a>(form: &'a Form, row: &'a Row, column: &str) -> Option<&'a Stated> {
    form.cell("indicators", row, column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::{Said, Specimen};

    const COLUMNS: &[&str] = &["name", "target", "actual", "points", "score", "reason"];

    fn said(rows: &[&[&str]]) -> Said {
        Specimen::default()
            .words("indicator_columns_required", &COLUMNS[..5])
            .words("forms_with_indicators", &["project"])
            .form("project", &[], &[("indicators", COLUMNS, rows)])
            .run(&RULE)
    }

    #[test]
    fn a_blank_target_is_placed_at_its_cell() {
        let one = said(&[
            &["甲面积", "", "3公顷", "10", "10", ""],
            &["乙率", "90%", "95%", "10", "10", ""],
        ]);
        assert_eq!(one.messages(), ["指标没有填全：“甲面积 · target”空着"]);
        assert_eq!(
            one.findings[0].places[0].field.as_deref(),
            Some("indicators[1].target")
        );
        let two = said(&[&["", "90%", "95%", "10", "", ""]]);
        assert_eq!(two.messages(), ["指标有 2 格没有填"]);
    }

    #[test]
    fn rows_that_stand_for_no_indicator_and_blank_reasons_are_fine() {
        let quiet = said(&[
            &["无", "无", "无", "", "", ""],
            &["……", "", "", "", "", ""],
            &["指标1：", "", "", "5", "", ""],
            &["", "", "", "", "", ""],
            &["乙率", "90%", "95%", "10", "10", ""],
        ]);
        assert!(quiet.findings.is_empty());
        assert_eq!(quiet.checked, 1);
    }
}
