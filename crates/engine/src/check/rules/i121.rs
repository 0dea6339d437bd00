//! I121 `unit-as-word`: the targets of every form come in; percentages whose sign is written as a word go out, one finding a form.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::{Severity, ValueKind};

/// The rule.
pub static RULE: Rule = Rule {
    code: "I121",
    slug: "unit-as-word",
    title: "百分号写成了文字",
    severity: Severity::Hint,
    covers: &["D14"],
    basis: &["unit-as-word"],
    what: "指标值、完成值的单位是不是写成了“百分比”一类的文字。",
    why: "“≥95百分比”读起来不通，汇总时也认不出是 95%。",
    advice: "把“百分比”改为“%”",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let words = case.rulebook.words("percent_words");
    for (index, form) in case.filing.forms.iter().enumerate() {
        let mut places = Vec::new();
        let mut example = "";
        for row in form.indicators().filter(|row| !row.is_filler()) {
            for (column, stated) in [("target", row.target()), ("actual", row.actual())] {
                let Some(stated) = stated else { continue };
                if !matches!(
                    stated.value.kind,
                    ValueKind::Percent(_) | ValueKind::Number(_)
                ) {
                    continue;
                }
                report.checked();
                if words
                    .iter()
                    .any(|w| stated.text.trim_end().ends_with(w.as_str()))
                {
                    if places.is_empty() {
                        example = &stated.text;
                    }
                    places.push(case.indicator_place(index, &row, column));
                }
            }
        }
        let message = format!("{} 处单位写成了文字：“{example}”", places.len());
        report.together(Severity::Hint, message, places);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    #[test]
    fn the_word_is_found_and_the_sign_is_not() {
        let said = Specimen::default()
            .words("percent_words", &["百分比"])
            .form(
                "objective",
                &[],
                &[(
                    "indicators",
                    &["name", "target", "actual"],
                    &[&["甲率", "≥95百分比", ""], &["乙率", "≥95%", ""]],
                )],
            )
            .run(&RULE);
        assert_eq!(said.messages(), ["1 处单位写成了文字：“≥95百分比”"]);
        assert_eq!(said.checked, 2);
    }
}
