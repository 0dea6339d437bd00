//! I302 `kind-missing`, I304 `count-of-indicators`: the indicators of a form come in; kinds that are missing and odd numbers of indicators go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Scored};
use jiheng_model::{Decimal, Severity, Stated};

/// No indicator of a kind that must be there.
pub static KIND: Rule = Rule {
    code: "I302",
    slug: "kind-missing",
    title: "缺少应设的一类指标",
    severity: Severity::Error,
    covers: &["D23"],
    basis: &[
        "mof-2020-10-art13-weights",
        "mof-2020-10-art13-kinds",
        "mof-2021-101-kinds",
    ],
    what: "产出、效益、满意度是否都有三级指标；工程、修缮、购置类项目是否有质量指标和成本指标。",
    why: "自评指标包括产出数量、质量、成本、效益和满意度，各占统一设置的分值；工程和购置类项目应设质量指标和成本指标。",
    advice: "补上这一类指标及分值；确不适用的，在表下写明理由",
    fix: None,
    run: kinds,
};

/// Too many, too few, all equal.
pub static COUNT: Rule = Rule {
    code: "I304",
    slug: "count-of-indicators",
    title: "指标的个数或分值分配值得斟酌",
    severity: Severity::Hint,
    covers: &["D25"],
    basis: &["mof-2020-10-art14-core", "indicators-count"],
    what: "一张表的三级指标是否太多、太少，或者所有指标分值都一样。",
    why: "指标应选取核心的、精简实用；分值应反映重要程度。",
    advice: "合并次要的指标，补上核心的指标，按重要程度分配分值",
    fix: None,
    run: count,
};

fn kinds(case: &Case<'_>, report: &mut Report<'_>) {
    let due = case.rulebook.words("kinds_due_in");
    let is_due = |scored: &scored::Scored<'_>| due.iter().any(|kind| kind == scored.form.kind());
    for scored in scored::forms(case).into_iter().filter(is_due) {
        let mut keys: Vec<&str> = Vec::new();
        let (mut cost, mut quality) = (false, false);
        let mut unknown = false;
        for (_, judged) in scored.judged() {
            match judged.dimension.as_deref() {
                Some(key) => keys.push(key),
                None => unknown = true,
            }
            let criterion = judged.criterion.as_deref();
            cost |= criterion == Some("cost");
            quality |= criterion == Some("quality");
        }
        cost |= keys.contains(&"cost");
        if keys.is_empty() || unknown || keys.contains(&"input") {
            report.lacks("有的表一级指标不是产出、效益、满意度");
            continue;
        }
        report.checked();
        // What kind of project it is, only its name says: what follows from it is no error.
        let works = named(case, &scored, "works_words");
        for (key, name, severity) in [
            ("output", "产出指标", Severity::Error),
            ("outcome", "效益指标", Severity::Error),
            ("satisfaction", "满意度指标", Severity::Warning),
        ] {
            if !keys.contains(&key) {
                report.find_as(
                    severity,
                    format!("没有{name}"),
                    case.absent(scored.index, name),
                );
            }
        }
        let bought = works || named(case, &scored, "construction_words");
        for (missing, name) in [
            (!cost && bought, "成本指标"),
            (!quality && works, "质量指标"),
        ] {
            if missing {
                report.find_as(
                    Severity::Warning,
                    format!("工程或购置类项目没有{name}"),
                    case.absent(scored.index, name),
                );
            }
        }
    }
}

/// The project's name has a word of the lexicon.
fn named(case: &Case<'_>, scored: &Scored<'_>, lexicon: &str) -> bool {
    let words = case.rulebook.words(lexicon);
    scored
        .form
        .project_name()
        .is_some_and(|n| scored::found(words, &n.text).is_some())
}

fn count(case: &Case<'_>, report: &mut Report<'_>) {
    let (most, least) = (
        case.rulebook.number("indicators_most"),
        case.rulebook.number("indicators_least"),
    );
    for scored in scored::forms(case) {
        let points: Vec<Option<Decimal>> = scored
            .rows()
            .map(|(row, _)| row.points().and_then(Stated::number))
            .collect();
        let Some((first, _)) = scored.rows().next() else {
            continue;
        };
        report.checked();
        let number = Decimal::from(points.len() as u64);
        let place = || case.indicator_place(scored.index, &first, "name");
        if most.is_some_and(|most| number > most) {
            report.find(format!("三级指标 {number} 个，偏多"), place());
        } else if least.is_some_and(|least| number < least) {
            report.find(format!("三级指标只有 {number} 个，偏少"), place());
        }
        let same = points.len() >= 8 && points.iter().all(|p| p.is_some() && *p == points[0]);
        if same {
            report.find(
                format!("{number} 个指标的分值都一样"),
                case.indicator_place(scored.index, &first, "points"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{FAULTLESS, FUNDS, form, project};
    use crate::check::specimen::Specimen;
    use jiheng_model::finding::PlaceKind;

    #[test]
    fn a_form_without_outcomes_is_an_error_and_without_satisfaction_a_warning() {
        let said = project(&FUNDS, &[FAULTLESS[0], FAULTLESS[3]]).run(&KIND);
        assert_eq!(said.messages(), ["没有效益指标"]);
        assert_eq!(said.findings[0].places[0].kind, PlaceKind::Absent);
        let said = project(&FUNDS, &FAULTLESS[..3]).run(&KIND);
        assert_eq!(said.findings[0].severity, Severity::Warning);
        assert!(project(&FUNDS, &FAULTLESS).run(&KIND).findings.is_empty());
    }

    #[test]
    fn a_form_that_is_no_self_evaluation_need_not_have_all_kinds() {
        let specimen = Specimen {
            rulebook: crate::score::tests::rulebook(&["2020"]),
            ..Specimen::default()
        };
        let said = form(specimen, "objective", &FUNDS, &FAULTLESS[..1]).run(&KIND);
        assert_eq!(said.messages(), Vec::<String>::new());
    }

    #[test]
    fn works_need_a_quality_and_a_cost() {
        let mut funds = FUNDS;
        funds[0].1 = "水库除险加固工程";
        let said = project(&funds, &[FAULTLESS[0], FAULTLESS[2], FAULTLESS[3]]).run(&KIND);
        assert_eq!(
            said.messages(),
            [
                "工程或购置类项目没有成本指标",
                "工程或购置类项目没有质量指标"
            ]
        );
        assert_eq!(said.findings[0].severity, Severity::Warning);
    }

    #[test]
    fn few_indicators_are_a_hint() {
        assert_eq!(
            project(&FUNDS, &FAULTLESS[..3]).run(&COUNT).messages(),
            ["三级指标只有 3 个，偏少"]
        );
        assert!(project(&FUNDS, &FAULTLESS).run(&COUNT).findings.is_empty());
    }
}
