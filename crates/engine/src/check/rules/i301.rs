//! I301 `same-indicator-two-forms`: indicators of the department form and of the project forms come in; same ones with different values go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Scored};
use foldhash::HashMap;
use jiheng_model::form::Indicator;
use jiheng_model::unit::Comparable;
use jiheng_model::{Severity, Stated, ValueKind};

/// The rule.
pub static RULE: Rule = Rule {
    code: "I301",
    slug: "same-indicator-two-forms",
    title: "同一指标在两张表中的值不同",
    severity: Severity::Error,
    covers: &["I-23"],
    basis: &["mof-2020-10-art13-kinds", "indicators-same"],
    what: "整体自评表和项目自评表中名称相同的指标，指标值、单位和完成值是否相同。",
    why: "同一个指标只有一个批复的指标值和一个实际完成值。",
    advice: "以业务台账为准更正其一；口径不同的，把名称写得能够区分",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let forms = scored::forms(case);
    let mut of_projects: HashMap<&str, Vec<(Scored<'_>, Indicator<'_>)>> = HashMap::default();
    for scored in forms.iter().filter(|s| s.form.kind() == "project") {
        for (row, judged) in scored.judged() {
            of_projects
                .entry(judged.name.as_str())
                .or_default()
                .push((*scored, row));
        }
    }
    for scored in forms.iter().filter(|s| s.form.kind() == "department") {
        for (row, judged) in scored.judged() {
            let name = judged.name.as_str();
            let twins = of_projects.get(name).map_or(&[][..], Vec::as_slice);
            // Where several projects carry the name, the department's number may be their sum; a rate is not.
            let several = twins.len() > 1;
            let mut twins: Vec<Side<'_>> = twins
                .iter()
                .filter(|(_, twin)| !several || is_rate(twin))
                .copied()
                .collect();
            let own = (*scored, row);
            if twins
                .iter()
                .any(|twin| differs(&own, twin) == [Some(false); 2])
            {
                // The row is that project's; a project that differs in both measures its own thing.
                twins.retain(|twin| differs(&own, twin) != [Some(true); 2]);
            }
            compare(case, report, name, several, own, &twins);
        }
    }
}

type Side<'a> = (Scored<'a>, Indicator<'a>);

/// Compares an indicator with its twins, one column after the other: all twins that differ make one finding.
fn compare(
    case: &Case<'_>,
    report: &mut Report<'_>,
    name: &str,
    several: bool,
    one: Side<'_>,
    twins: &[Side<'_>],
) {
    // With both values different the two may measure different things under one name.
    let two_things = twins
        .iter()
        .any(|twin| differs(&one, twin) == [Some(true); 2]);
    let sure = !(several || two_things || is_generic(case, name));
    for (number, (column, head)) in COLUMNS.into_iter().enumerate() {
        let Some(own) = cell(&one, column) else {
            continue;
        };
        let mut odd: Vec<(&Side<'_>, &Stated)> = Vec::new();
        for twin in twins {
            let Some(theirs) = cell(twin, column) else {
                continue;
            };
            match differs(&one, twin)[number] {
                Some(false) => report.holds([own.origin, theirs.origin]),
                Some(true) => {
                    report.checked();
                    odd.push((twin, theirs));
                }
                None => {}
            }
        }
        let Some((_, first)) = odd.first() else {
            continue;
        };
        let mut values: Vec<&str> = Vec::new();
        for (_, theirs) in &odd {
            if !values.contains(&theirs.text.as_str()) {
                values.push(&theirs.text);
            }
        }
        let second = values.join("、");
        let severity = if sure {
            Severity::Error
        } else {
            Severity::Warning
        };
        let places = match odd.len() {
            1 => "两处".to_string(),
            n => format!(" {} 处", n + 1),
        };
        let draft = report.find_as(
            severity,
            format!("“{name}”的{head}{places}不同：{} 和 {second}", own.text),
            case.indicator_place(one.0.index, &one.1, column),
        );
        draft
            .arg("first", &own.text)
            .arg("second", &second)
            .identity();
        for (twin, _) in &odd {
            draft.against(case.indicator_place(twin.0.index, &twin.1, column));
        }
        if let Some(gap) = gap(own, first).filter(|_| values.len() == 1) {
            draft.derivation(gap);
        }
    }
}

/// The columns that are compared, with their names.
const COLUMNS: [(&str, &str); 2] = [("target", "指标值"), ("actual", "完成值")];

/// Whether a twin differs in each column; `None` where nobody can say.
fn differs(one: &Side<'_>, twin: &Side<'_>) -> [Option<bool>; 2] {
    COLUMNS.map(|(column, _)| {
        let (a, b) = (cell(one, column)?, cell(twin, column)?);
        equal(a, b).map(|same| !same)
    })
}

fn cell<'a>(side: &Side<'a>, column: &str) -> Option<&'a Stated> {
    match column {
        "target" => side.1.target(),
        _ => side.1.actual(),
    }
}

fn is_rate(row: &Indicator<'_>) -> bool {
    row.actual()
        .is_some_and(|a| matches!(a.value.kind, ValueKind::Percent(_)))
}

/// Names that many forms use, each for its own public.
fn is_generic(case: &Case<'_>, name: &str) -> bool {
    let words = case.rulebook.words("generic_indicators");
    words.iter().any(|w| {
        name.strip_suffix(w.as_str())
            .is_some_and(|rest| rest.chars().count() < 5)
    })
}

/// Whether two values are the same; `None` when nobody can say.
fn equal(a: &Stated, b: &Stated) -> Option<bool> {
    if !a.value.is_present() || !b.value.is_present() {
        return None;
    }
    match (&a.value.kind, &b.value.kind) {
        (ValueKind::Date(x), ValueKind::Date(y)) => Some(x == y),
        (
            ValueKind::Number(x) | ValueKind::Percent(x),
            ValueKind::Number(y) | ValueKind::Percent(y),
        ) => match (&a.value.unit, &b.value.unit) {
            (Some(own), Some(theirs)) => match theirs.to(own) {
                Comparable::By(..) => Some(theirs.convert(*y, own)? == *x),
                Comparable::Never | Comparable::Unknown => Some(false),
            },
            _ => Some(x == y),
        },
        _ => None,
    }
}

fn gap(a: &Stated, b: &Stated) -> Option<String> {
    let own = a.value.unit.as_ref()?;
    let theirs = b.number_in(own)?;
    let gap = a.number()?.checked_sub(theirs)?;
    Some(format!(
        "{} − {} = {}{}",
        a.text,
        b.text,
        gap.normalize(),
        own.symbol
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{FAULTLESS, FUNDS, Row, causes, form, project};
    use crate::check::specimen::Specimen;

    fn two(change: impl Fn(&mut [Row<'static>; 4])) -> Specimen {
        let mut rows = FAULTLESS;
        change(&mut rows);
        form(project(&FUNDS, &FAULTLESS), "department", &FUNDS, &rows)
    }

    #[test]
    fn equal_values_hold_and_a_changed_actual_is_the_cause_of_its_wrong_score() {
        assert_eq!(two(|_| {}).run(&RULE).checked, 8);
        let specimen = two(|rows| rows[0][5] = "430户");
        let said = specimen.run(&RULE);
        assert_eq!(
            said.messages(),
            ["“改造农村危房户数”的完成值两处不同：430户 和 460户"]
        );
        assert_eq!(said.findings[0].severity, Severity::Error);
        let causes = causes(&specimen);
        assert_eq!(causes.len(), 1, "{causes:?}");
        assert_eq!(causes[0].1, "indicators[1].actual");
    }

    #[test]
    fn a_satisfaction_rate_of_a_general_name_may_be_of_another_public() {
        let said = two(|rows| rows[3][5] = "98%").run(&RULE);
        assert_eq!(said.findings[0].severity, Severity::Warning);
    }

    #[test]
    fn the_same_rate_in_two_project_forms_is_one_finding_with_all_places() {
        let mut rows = FAULTLESS;
        rows[3][5] = "98%";
        let projects = project(&FUNDS, &FAULTLESS);
        let projects = form(projects, "project", &FUNDS, &FAULTLESS);
        let said = form(projects, "department", &FUNDS, &rows).run(&RULE);
        assert_eq!(said.findings.len(), 1, "{:?}", said.messages());
        assert_eq!(said.findings[0].severity, Severity::Warning);
        assert_eq!(said.findings[0].places.len(), 3);
    }

    #[test]
    fn a_row_that_is_one_projects_is_not_held_against_another_project_of_the_name() {
        let other = |target, actual| {
            let mut rows = FAULTLESS;
            (rows[2][4], rows[2][5]) = (target, actual);
            let projects = project(&FUNDS, &FAULTLESS);
            let projects = form(projects, "project", &FUNDS, &rows);
            form(projects, "department", &FUNDS, &FAULTLESS).run(&RULE)
        };
        assert!(other("≥95%", "97.4%").findings.is_empty());
        // One value alone that differs is looked at.
        let said = other("100%", "97.4%");
        assert_eq!(
            said.messages(),
            ["“住房安全保障率”的完成值两处不同：100% 和 97.4%"]
        );
    }

    #[test]
    fn units_convert_and_words_are_not_compared() {
        let said = two(|rows| rows[1][5] = "1505000元").run(&RULE);
        assert!(said.findings.is_empty());
        let said = two(|rows| rows[2][4] = "明显").run(&RULE);
        assert!(said.findings.is_empty());
    }
}
