//! X203 `project-forms-sum`: the outturn of all project forms and 项目支出 of the department form come in; a sum that does not come out goes out.
//!
//! It is compared only when every project with spending has its form and every form its line;
//! otherwise the sum proves nothing.

use crate::check::figures::{amount, wan_yuan};
use crate::check::projects::projects;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::Place;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X203",
    slug: "project-forms-sum",
    title: "各项目自评表相加不等于项目支出",
    severity: Severity::Error,
    covers: &["I-07"],
    basis: &["one-sheet-per-project", "department-by-nature"],
    what: "各张附件3 的全年执行数相加，是否等于附件2 的项目支出。项目自评表不全时不比。",
    why: "一个一级项目支出一张表，各表执行数相加就是全部项目支出。",
    advice: "核对各项目自评表的全年执行数和附件2 的项目支出，更正不符的一格",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let found = projects(case);
    let Some((department, form)) = case.one("department") else {
        return;
    };
    if found.sheets.is_empty() {
        return;
    }
    let Some(stated) = form
        .get("funds.project.outturn")
        .filter(|s| s.number().is_some())
    else {
        return report.lacks("附件2 没有填项目支出，没有与项目自评表比");
    };
    let unmatched = found
        .lines
        .iter()
        .filter(|l| l.is_executed() && l.sheet.is_none())
        .count();
    let lone = found.sheets.iter().filter(|s| s.line.is_none()).count();
    if unmatched > 0 || lone > 0 || found.lines.is_empty() {
        return report.lacks("项目自评表与附件1 的项目没有一一对上，各表之和没有比");
    }
    let mut sum = Decimal::ZERO;
    let mut tolerance = stated.half_unit().unwrap_or_default();
    let mut places: Vec<Place> = vec![case.place(department, "funds.project.outturn")];
    let mut addends = Vec::new();
    for sheet in &found.sheets {
        let Some((outturn, value)) = sheet.outturn.and_then(|s| Some((s, wan_yuan(s)?))) else {
            return report.lacks("有的项目自评表没有填全年执行数，各表之和没有比");
        };
        let Some(next) = sum.checked_add(value) else {
            return;
        };
        sum = next;
        tolerance += outturn.half_unit().unwrap_or_default();
        addends.push(amount(value));
        places.push(case.place(sheet.form, "funds.total.outturn"));
    }
    let Some(gap) = wan_yuan(stated).and_then(|total| total.checked_sub(sum)) else {
        return;
    };
    let derivation = format!("{} = {}", addends.join(" + "), amount(sum));
    if gap.is_zero() {
        return report.holds(places.iter().map(|p| p.origin));
    }
    let rounding = gap.abs() <= tolerance;
    if rounding {
        report.holds(places.iter().map(|p| p.origin));
    } else {
        report.checked();
    }
    let message = match rounding {
        true => format!(
            "各项目自评表相加差 {} 万元，属四舍五入，不必改",
            amount(gap.abs())
        ),
        false => format!(
            "项目支出填 {}，各项目自评表相加 {}，相差 {} 万元",
            stated.text,
            amount(sum),
            amount(gap.abs())
        ),
    };
    let severity = if rounding {
        Severity::Hint
    } else {
        Severity::Error
    };
    let mut places = places.into_iter();
    let Some(first) = places.next() else { return };
    let draft = report.find_as(severity, message, first).identity();
    draft.computed(amount(sum)).derivation(derivation);
    for place in places {
        draft.against(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(project: &str, lines: &[&[&str]], sheets: &[(&str, &str)]) -> Specimen {
        let mut specimen = Specimen::default()
            .form(
                "baseline",
                &[],
                &[("projects", &["name", "outturn"], lines)],
            )
            .form("department", &[("funds.project.outturn", project)], &[]);
        for (name, outturn) in sheets {
            specimen = specimen.form(
                "project",
                &[("project_name", *name), ("funds.total.outturn", *outturn)],
                &[],
            );
        }
        specimen
    }

    const LINES: &[&[&str]] = &[&["1、甲", "3.00"], &["2、乙", "4.00"], &["3、丙", "0.00"]];

    #[test]
    fn all_forms_together_are_the_project_spending() {
        let sheets = &[("甲", "3.00"), ("乙", "4.00")];
        assert_eq!(
            specimen("8.00", LINES, sheets).run(&RULE).messages(),
            ["项目支出填 8.00，各项目自评表相加 7.00，相差 1.00 万元"]
        );
        let right = specimen("7.00", LINES, sheets).run(&RULE);
        assert_eq!((right.findings.len(), right.checked), (0, 1));
    }

    #[test]
    fn rounding_is_a_hint_up_to_half_a_unit_for_each_figure() {
        let sheets = &[("甲", "3.00"), ("乙", "4.00")];
        let hint = specimen("7.01", LINES, sheets).run(&RULE);
        assert_eq!(hint.findings[0].severity, Severity::Hint);
        let error = specimen("7.02", LINES, sheets).run(&RULE);
        assert_eq!(error.findings[0].severity, Severity::Error);
    }

    #[test]
    fn missing_forms_leave_it_unchecked() {
        let said = specimen("8.00", LINES, &[("甲", "3.00")]).run(&RULE);
        assert_eq!(
            (said.findings.len(), said.lacking.len(), said.checked),
            (0, 1, 0)
        );
        let blank = specimen("", LINES, &[("甲", "3.00"), ("乙", "4.00")]).run(&RULE);
        assert_eq!((blank.findings.len(), blank.lacking.len()), (0, 1));
    }
}
