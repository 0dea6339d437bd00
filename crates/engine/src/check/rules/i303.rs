//! I303 `goal-without-indicator`: the expected goals and the targets of a form come in; quantities in the goals that no target holds go out.

use crate::check::quantities::quantities;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use jiheng_model::{Severity, Stated};

/// The rule.
pub static RULE: Rule = Rule {
    code: "I303",
    slug: "goal-without-indicator",
    title: "目标中的数量没有对应的指标",
    severity: Severity::Hint,
    covers: &["D22"],
    basis: &["mof-2020-10-art14-core", "indicators-goal"],
    what: "预期目标里写明的数量，是否有一个指标的指标值与它相同。",
    why: "目标靠指标来衡量；写进目标的数量没有指标，就不会考核到。",
    advice: "为这些数量设指标，或把目标写得与指标一致",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let Some(goal) = scored
            .form
            .get("goal_expected")
            .filter(|g| g.value.is_present())
        else {
            continue;
        };
        let targets: Vec<&Stated> = scored.rows().filter_map(|(row, _)| row.target()).collect();
        let mut lone = Vec::new();
        let mut inputs = Vec::new();
        for quantity in quantities(&goal.text) {
            let (number, unit) = (quantity.number, &quantity.unit);
            let (from, to) = quantity.bytes;
            let text = goal.text[from..to].to_string();
            report.checked();
            let meets = |t: &&Stated| {
                t.number_in(unit) == Some(number)
                    || t.number() == Some(number)
                    || t.text.contains(&text)
            };
            if !targets.iter().any(meets) {
                lone.push(text);
                // A target that was put in place of this quantity may be wrong by itself.
                let replaced = |t: &&&Stated| {
                    t.number().is_none() || t.value.unit.as_ref().is_some_and(|u| u == unit)
                };
                inputs.extend(targets.iter().filter(replaced).map(|t| t.origin));
            }
        }
        if !lone.is_empty() {
            report
                .find(
                    format!("目标中的 {} 没有对应的指标", lone.join("、")),
                    case.place(scored.index, "goal_expected"),
                )
                .inputs
                .extend(inputs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[test]
    fn a_quantity_of_the_goal_without_a_target_is_a_hint() {
        let said = changed(&[(
            "goal_expected",
            "改造农村危房500户，观看教育片2次，2024年12月10日前完成。",
        )])
        .run(&RULE);
        assert_eq!(said.messages(), ["目标中的 2次 没有对应的指标"]);
        assert_eq!(said.checked, 2);
        assert!(changed(&[]).run(&RULE).findings.is_empty());
    }

    #[test]
    fn a_quantity_whose_target_was_replaced_by_words_follows_from_the_words() {
        let specimen = changed(&[("1.target", "明显")]);
        assert_eq!(
            specimen.run(&RULE).messages(),
            ["目标中的 500户 没有对应的指标"]
        );
        let causes = causes(&specimen);
        assert!(causes.iter().all(|(code, _)| code != "I303"), "{causes:?}");
        assert!(causes.iter().any(|(code, _)| code == "I105"), "{causes:?}");
    }
}
