//! I109 `indicator-twice`, I110 `target-equals-actual`: indicators of a form come in; repeated ones and targets written after the fact go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Scored};
use crate::words::same::{Same, same};
use jiheng_model::form::Indicator;
use jiheng_model::unit::Comparable;
use jiheng_model::{Operator, Place, Severity, Stated, ValueKind, label};

/// The same indicator twice in a form.
pub static TWICE: Rule = Rule {
    code: "I109",
    slug: "indicator-twice",
    title: "同一张表内指标重复",
    severity: Severity::Warning,
    covers: &["D20", "D74"],
    basis: &["mof-2020-10-art14-core", "indicators-duplicates"],
    what: "同一张表内，两个三级指标名称相同，一个名称只比另一个多一两个字，或只差说法（“满意率”与“满意度”）。",
    why: "重复的指标使同一件事两次计分。",
    advice: "保留一个，把分值并入；确是两件事的，把名称写得能够区分",
    fix: None,
    run: twice,
};

/// A measured quantity met to the last digit.
pub static EQUALS: Rule = Rule {
    code: "I110",
    slug: "target-equals-actual",
    title: "指标值与完成值连小数都相同",
    severity: Severity::Warning,
    covers: &["D10"],
    basis: &["indicators-post-hoc"],
    what: "面积、长度、比率等实测的量，指标值不是整数，而完成值与它完全相同。",
    why: "年初定的指标值与年末实测的数连小数都相同，像是事后按完成值填写的。",
    advice: "按预算批复时的绩效目标填指标值；确实相同的，附测量或验收资料",
    fix: None,
    run: equals,
};

fn twice(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let rows: Vec<_> = scored.judged().collect();
        for (at, (row, judged)) in rows.iter().enumerate() {
            report.checked();
            let twin = rows[..at].iter().find_map(|(first, other)| {
                let sides = [&judged, &other].map(|j| (j.name.as_str(), &j.core));
                let same = same(sides[0], sides[1])?;
                let two = matches!(same, Same::Meaning(_)) && two_things(row, first);
                let apart = two || one_cell(row, first) || !same_ground(&scored, row, first);
                (!apart).then_some((first, other, same))
            });
            let Some((first, other, same)) = twin else {
                continue;
            };
            let message = match same {
                Same::Equal => format!("指标重复：“{}”出现两次", judged.name),
                _ => format!("指标重复：“{}”与“{}”", other.name, judged.name),
            };
            let why = report.rule.why.clone();
            let draft = report
                .find(message, case.indicator_place(scored.index, row, "name"))
                .against(case.indicator_place(scored.index, first, "name"));
            if let Same::Meaning(words) = same {
                draft.why(format!("{why}{words}。"));
            }
        }
    }
}

/// One name printed over several rows is one indicator, explained in several rows.
fn one_cell(a: &Indicator<'_>, b: &Indicator<'_>) -> bool {
    a.name().map(|n| n.origin) == b.name().map(|n| n.origin)
}

/// A framework of common indicators asks the same of several fields (制度健全性 of business and of finance).
fn same_ground(scored: &Scored<'_>, a: &Indicator<'_>, b: &Indicator<'_>) -> bool {
    let criterion = |row: &Indicator<'_>| row.criterion().map(|c| label::normalise(&c.text));
    scored.form.kind() != "common_indicator" || criterion(a) == criterion(b)
}

/// Targets that do not compare are of two things, however alike the names are.
fn two_things(a: &Indicator<'_>, b: &Indicator<'_>) -> bool {
    let unit = |row: &Indicator<'_>| row.target().and_then(|t| t.value.unit.clone());
    match (unit(a), unit(b)) {
        (Some(a), Some(b)) => matches!(a.to(&b), Comparable::Never),
        _ => false,
    }
}

fn equals(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let mut places: Vec<Place> = Vec::new();
        let mut texts = Vec::new();
        for (row, judged) in scored.judged() {
            let (Some(target), Some(actual)) = (row.target(), row.actual()) else {
                continue;
            };
            if !measured(target) || !measured(actual) {
                continue;
            }
            report.checked();
            if !judged.is_cost
                && target.number() == actual.number()
                && target.value.unit == actual.value.unit
            {
                places.push(case.indicator_place(scored.index, &row, "target"));
                places.push(case.indicator_place(scored.index, &row, "actual"));
                texts.push(target.text.clone());
            }
        }
        let message = match texts.as_slice() {
            [one] => format!("指标值与完成值都是 {one}，连小数都相同"),
            more => format!(
                "{} 个指标值与完成值连小数都相同：{}",
                more.len(),
                more.join("、")
            ),
        };
        report.together(Severity::Warning, message, places);
    }
}

/// A number with a fraction and a unit, or a rate with one, that is to be reached.
fn measured(stated: &Stated) -> bool {
    let unit = match stated.value.kind {
        ValueKind::Number(_) => stated.value.unit.is_some(),
        ValueKind::Percent(_) => true,
        _ => false,
    };
    let reached = matches!(
        stated.value.operator,
        None | Some(Operator::Equal | Operator::AtLeast)
    );
    unit && reached && scored::is_fraction(stated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::changed;

    #[test]
    fn a_name_that_comes_again_or_grows_by_two_characters_is_a_repetition() {
        let said = changed(&[("2.name", "农户满意度")]).run(&TWICE);
        assert_eq!(said.messages(), ["指标重复：“农户满意度”出现两次"]);
        let said =
            changed(&[("1.name", "突发任务处理效率"), ("3.name", "突发任务处理")]).run(&TWICE);
        assert_eq!(
            said.messages(),
            ["指标重复：“突发任务处理效率”与“突发任务处理”"]
        );
        assert!(changed(&[]).run(&TWICE).findings.is_empty());
    }

    #[test]
    fn a_name_in_other_words_is_a_repetition_and_the_words_are_told() {
        let said = changed(&[("2.name", "农户满意率"), ("2.target", "≥95%")]).run(&TWICE);
        assert_eq!(said.messages(), ["指标重复：“农户满意率”与“农户满意度”"]);
        let why = &said.findings[0].why;
        assert!(why.contains("“满意率”就是“满意度”"), "{why}");
        // An amount and a rate are two things.
        let two = changed(&[("2.name", "农户满意率")]);
        assert!(two.run(&TWICE).findings.is_empty());
    }

    #[test]
    fn a_measured_area_met_to_the_last_digit_is_a_warning_and_a_round_number_is_not() {
        let said = changed(&[("3.target", "91.22公顷"), ("3.actual", "91.22公顷")]).run(&EQUALS);
        assert_eq!(
            said.messages(),
            ["指标值与完成值都是 91.22公顷，连小数都相同"]
        );
        for same in ["400公顷", "100%", "4.5"] {
            assert!(
                changed(&[("3.target", same), ("3.actual", same)])
                    .run(&EQUALS)
                    .findings
                    .is_empty()
            );
        }
    }
}
