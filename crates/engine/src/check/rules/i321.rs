//! I321–I323: the goals of self-evaluation forms come in; results that copy the goal, goals whose numbers are not those of the indicator they name, and deadlines before the year go out.

use crate::check::quantities::{Quantity, quantities};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::rules::x307::speaks_of;
use jiheng_model::form::Form;
use jiheng_model::label::normalise;
use jiheng_model::{Severity, Stated};

/// The result is the goal once more.
pub static COPIED: Rule = Rule {
    code: "I321",
    slug: "goal-copied",
    title: "完成情况照抄了预期目标",
    severity: Severity::Warning,
    covers: &["D22", "D60"],
    basis: &["goal-and-result", "indicators-goal"],
    what: "实际完成情况、实施过程与预期目标的文字是不是一字不差。",
    why: "目标写打算做什么，完成情况写做成了什么；两处一样，看不出完成了多少。",
    advice: "在实际完成情况里写明完成的数量、质量和时间",
    fix: None,
    run: copied,
};

/// The goal speaks of an indicator with another number.
pub static OTHER: Rule = Rule {
    code: "I322",
    slug: "goal-against-indicator",
    title: "目标里的数与同名指标的指标值不同",
    severity: Severity::Warning,
    covers: &["I-24", "D30"],
    basis: &["goal-and-result", "identities-between-forms"],
    what: "预期目标的同一句里写了指标的名称和数量，数量与这个指标的指标值是不是同一个。",
    why: "指标值是目标的分解；两处不同，考核的不是目标所写的。",
    advice: "按批复的绩效目标，更正目标或指标值",
    fix: None,
    run: other,
};

/// A deadline that lies before the year of the form.
pub static DEADLINE: Rule = Rule {
    code: "I323",
    slug: "goal-deadline-past",
    title: "目标的期限早于本年度",
    severity: Severity::Warning,
    covers: &["D72", "I-21"],
    basis: &["indicators-dates"],
    what: "预期目标里“某年某月底前完成”的年份，是否早于自评的年度。",
    why: "年度目标是本年度要完成的；期限在上一年，多半是照抄了以前的目标。",
    advice: "核对期限的年份",
    fix: None,
    run: deadline,
};

fn goals<'a>(case: &Case<'a>) -> impl Iterator<Item = (usize, &'a Form, &'a Stated)> {
    case.forms_with_indicators().filter_map(|(index, form)| {
        let goal = form.get("goal_expected")?;
        goal.value.is_present().then_some((index, form, goal))
    })
}

fn copied(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(length) = case.rulebook.number("copied_goal_length") else {
        return;
    };
    for (index, form, goal) in goals(case) {
        let text = normalise(&goal.text);
        let long = jiheng_model::Decimal::from(text.chars().count()) >= length;
        let mut places = Vec::new();
        for path in ["goal_actual", "process"] {
            let Some(other) = form.get(path).filter(|s| s.value.is_present()) else {
                continue;
            };
            report.checked();
            if long && other.origin != goal.origin && normalise(&other.text) == text {
                places.push(case.place(index, path));
            }
        }
        let Some(first) = places.first().cloned() else {
            continue;
        };
        let message = format!("“{}”与预期目标一字不差", first.label);
        let draft = report.find(message, first);
        for place in places.into_iter().skip(1) {
            draft.against(place);
        }
        draft.against(case.place(index, "goal_expected"));
    }
}

fn other(case: &Case<'_>, report: &mut Report<'_>) {
    let marks = case.rulebook.words("core_marks");
    for (index, form, goal) in goals(case) {
        let rows: Vec<_> = form
            .indicators()
            .filter(|row| !row.is_filler())
            .filter_map(|row| {
                let (name, target) = (row.name()?, row.target()?);
                let (number, unit) = (target.number()?, target.value.unit.as_ref()?);
                let name = normalise(&name.text);
                let bare = marks.iter().fold(name.as_str(), |name, mark| {
                    name.trim_start_matches(mark.as_str())
                });
                let name = bare.to_string();
                (name.chars().nth(1).is_some()).then_some((row, name, target, number, unit))
            })
            .collect();
        for sentence in goal.text.split_inclusive(['。', '；', ';', '\n']) {
            let mut named = rows
                .iter()
                .filter(|(_, name, ..)| sentence.contains(name.as_str()))
                .peekable();
            if named.peek().is_none() {
                continue;
            }
            let said = quantities(sentence);
            for (row, name, target, number, unit) in named {
                let alike: Vec<&Quantity> = said
                    .iter()
                    .filter(|q| q.number_in(unit).is_some())
                    .collect();
                if alike.is_empty() {
                    continue;
                }
                report.checked();
                // Another indicator may hold the quantity: then the sentence speaks of that one.
                let held = |q: &Quantity| {
                    form.indicators().filter_map(|r| r.target()).any(|t| {
                        t.value
                            .unit
                            .as_ref()
                            .is_some_and(|u| q.number_in(u) == t.number())
                    })
                };
                if alike
                    .iter()
                    .any(|q| q.number_in(unit) == Some(*number) || held(q))
                {
                    continue;
                }
                // A number said of this very name is X307's.
                if speaks_of(case, form, name) {
                    continue;
                }
                let texts: Vec<&str> = alike
                    .iter()
                    .filter_map(|q| sentence.get(q.bytes.0..q.bytes.1))
                    .collect();
                report
                    .find(
                        format!(
                            "{name}：目标写 {}，指标值为 {}",
                            texts.join("、"),
                            target.text
                        ),
                        case.place(index, "goal_expected"),
                    )
                    .against(case.indicator_place(index, row, "target"))
                    .input(target.origin);
            }
        }
    }
}

fn deadline(case: &Case<'_>, report: &mut Report<'_>) {
    let verbs = case.rulebook.words("deadline_verbs");
    for (index, form, goal) in goals(case) {
        let Some(year) = form.year.or(case.filing.year) else {
            continue;
        };
        for (own, text) in deadlines(&goal.text, verbs) {
            report.checked();
            if own < year {
                report
                    .find(
                        format!("目标的期限“{text}”早于 {year} 年度"),
                        case.place(index, "goal_expected"),
                    )
                    .input(goal.origin);
            }
        }
    }
}

/// The years of deadlines ("2021年11月底前完成") in a text, each with its words.
fn deadlines<'t>(text: &'t str, verbs: &[String]) -> Vec<(i16, &'t str)> {
    let mut found = Vec::new();
    for clause in text.split(['，', '。', '；', ',', ';', '、', '\n']) {
        let Some(at) = clause.find('年') else {
            continue;
        };
        let digits = at.checked_sub(4).and_then(|from| clause.get(from..at));
        let Some(year) = digits.and_then(|d| d.parse::<i16>().ok()) else {
            continue;
        };
        let rest = &clause[at + '年'.len_utf8()..];
        let date = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '月' | '日' | '底' | '末' | '初' | ' ')
        });
        let read = &rest[..rest.len() - date.len()];
        let ends = date.starts_with('前') || read.ends_with(['底', '末']);
        if ends && !date.contains('已') && verbs.iter().any(|v| date.contains(v.as_str())) {
            let end = clause.len() - date.len();
            let end = end
                + if date.starts_with('前') {
                    '前'.len_utf8()
                } else {
                    0
                };
            found.push((year, &clause[at - 4..end]));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::specimen::Specimen;

    fn specimen(goal: &str, result: &str, rows: &[&[&str]]) -> Specimen {
        Specimen::default()
            .words("forms_with_indicators", &["project"])
            .words("core_marks", &["★"])
            .words("deadline_verbs", &["完成"])
            .number("copied_goal_length", "12")
            .form(
                "project",
                &[("goal_expected", goal), ("goal_actual", result)],
                &[("indicators", &["name", "target"], rows)],
            )
    }

    #[test]
    fn a_result_that_is_the_goal_once_more_is_found() {
        let goal = "完成林业有害生物监测调查，保障安全。";
        let said = specimen(goal, "完成林业有害生物监测调查， 保障安全。", &[]).run(&COPIED);
        assert_eq!(said.messages(), ["“goal_actual”与预期目标一字不差"]);
        assert!(
            specimen(goal, "完成调查12次。", &[])
                .run(&COPIED)
                .findings
                .is_empty()
        );
        assert!(
            specimen("治理甲河", "治理甲河", &[])
                .run(&COPIED)
                .findings
                .is_empty()
        );
    }

    #[test]
    fn an_indicator_named_with_another_number_is_found() {
        let goal = "建设核心示范基地850亩、辐射基地400亩，共1250亩。";
        let said = specimen(goal, "", &[&["★基地", "8000亩"]]).run(&OTHER);
        assert_eq!(
            said.messages(),
            ["基地：目标写 850亩、400亩、1250亩，指标值为 8000亩"]
        );
        for target in ["≥1250亩", "0.125万亩", "3个", "8000"] {
            let fine = specimen(goal, "", &[&["基地", target]]).run(&OTHER);
            assert!(fine.findings.is_empty(), "{target}");
        }
        let shared = specimen(goal, "", &[&["基地", "8000亩"], &["核心区面积", "850亩"]]);
        assert!(shared.run(&OTHER).findings.is_empty());
    }

    #[test]
    fn a_deadline_before_the_year_is_found() {
        let verbs = ["完成".to_string()];
        assert_eq!(
            deadlines("建设基地，2021年11月底前完成补贴资金支付。", &verbs),
            [(2021, "2021年11月底前")]
        );
        assert!(deadlines("2021年启动，2019年底前已完成勘察，2020年完成", &verbs).is_empty());
        let mut specimen = specimen("2021年11月底前完成支付", "", &[]);
        specimen.filing.year = Some(2022);
        assert_eq!(
            specimen.run(&DEADLINE).messages(),
            ["目标的期限“2021年11月底前”早于 2022 年度"]
        );
        specimen.filing.year = Some(2021);
        assert!(specimen.run(&DEADLINE).findings.is_empty());
    }
}
