//! I111 `date-outside-year`: dates in targets and actual values come in; those outside the fiscal year go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use jiheng_model::form::{Form, Indicator};
use jiheng_model::{Severity, Stated, ValueKind};

/// The rule.
pub static RULE: Rule = Rule {
    code: "I111",
    slug: "date-outside-year",
    title: "指标的日期不在本年度内",
    severity: Severity::Error,
    covers: &["D72"],
    basis: &["mof-2020-10-art25-true", "indicators-dates"],
    what: "年度指标值和实际完成值中的日期，是否在自评的年度内，完成日期是否早于填表日期。",
    why: "年度指标考核本年度；完成日期晚于填表日期的，填表时还没有完成。",
    advice: "核对日期的年份；跨年度的任务，写本年度应完成的阶段和日期",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        // The package's year stands before the form's own: a wrong title is X111's finding alone.
        let year = case.filing.year.or(scored.form.year);
        let filled = scored.form.filled_on();
        for (row, _) in scored.rows() {
            for (column, head, stated) in [
                ("target", "指标值", row.target()),
                ("actual", "完成值", row.actual()),
            ] {
                let Some(stated) = stated else { continue };
                let ValueKind::Date(date) = stated.value.kind else {
                    continue;
                };
                let Some(year) = year else {
                    report.lacks("不知道自评的年度");
                    continue;
                };
                report.checked();
                let place = || case.indicator_place(scored.index, &row, column);
                if date.year != year {
                    // Work done late and scored so is told as it was.
                    let late = column == "actual" && date.year > year && !full(&row);
                    // A project over several years may have its stages in any of them.
                    let severity = if late || names_year(scored.form, date.year) {
                        Severity::Warning
                    } else {
                        Severity::Error
                    };
                    report
                        .find_as(
                            severity,
                            format!("{head}的日期 {} 不在 {year} 年度内", stated.text),
                            place(),
                        )
                        .input(stated.origin);
                } else if let Some(filled) =
                    filled.filter(|f| column == "actual" && date.earliest() > f.latest())
                {
                    let (y, m, d) = filled.latest();
                    report
                        .find_as(
                            Severity::Warning,
                            format!("完成日期 {} 晚于填表日期 {y}年{m}月{d}日", stated.text),
                            place(),
                        )
                        .against(case.place(scored.index, "filled_on"))
                        .inputs
                        .extend(scored.form.get("filled_on").map(|s| s.origin));
                }
            }
        }
    }
}

/// The name of the form's project tells of the year ("2022—2024年").
fn names_year(form: &Form, year: i16) -> bool {
    let year = year.to_string();
    form.project_name().is_some_and(|n| n.text.contains(&year))
}

/// The row has its full points.
fn full(row: &Indicator<'_>) -> bool {
    let score = row.score().and_then(Stated::number);
    score.is_some() && score == row.points().and_then(Stated::number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::changed;

    #[test]
    fn a_date_of_another_year_is_an_error_unless_the_work_was_late_and_scored_so() {
        let mut specimen = changed(&[
            ("3.target", "2024年12月10日前"),
            ("3.actual", "2025年1月7日"),
        ]);
        assert_eq!(specimen.run(&RULE).lacking, ["不知道自评的年度"]);
        specimen.filing.year = Some(2024);
        assert_eq!(
            specimen.run(&RULE).messages(),
            ["完成值的日期 2025年1月7日 不在 2024 年度内"]
        );
        assert_eq!(specimen.run(&RULE).checked, 2);
        assert_eq!(specimen.run(&RULE).findings[0].severity, Severity::Error);
        let mut late = changed(&[
            ("3.target", "2024年12月10日前"),
            ("3.actual", "2025年1月7日"),
            ("3.score", "27"),
        ]);
        late.filing.year = Some(2024);
        assert_eq!(late.run(&RULE).findings[0].severity, Severity::Warning);
    }
}
