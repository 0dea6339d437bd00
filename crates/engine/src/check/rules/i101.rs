//! I101 `units-differ`, I102 `unit-missing`: targets and actual values come in; pairs that cannot be compared and numbers without a unit go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Agreement, Scored};
use crate::score::form::claim;
use crate::score::judge::{Award, judge, measured};
use crate::score::policy::Policy;
use jiheng_model::form::Indicator;
use jiheng_model::scorecard::IndicatorScore;
use jiheng_model::unit::Comparable;
use jiheng_model::{Decimal, Severity, Stated, Unit, ValueKind};

/// 指标值 and 完成值 in units that do not compare.
pub static DIFFER: Rule = Rule {
    code: "I101",
    slug: "units-differ",
    title: "指标值与完成值的单位不能比较",
    severity: Severity::Error,
    covers: &["D13"],
    basis: &["mof-2020-10-art16-quantity", "indicators-unit-algebra"],
    what: "年度指标值和实际完成值是不是同一种量：面积对面积、百分比对百分比、日期对日期。",
    why: "得分按完成值与指标值的比例计算，不是同一种量就没有比例。",
    advice: "按指标值的单位填完成值；指标值写错的，按批复的绩效目标更正",
    fix: None,
    run: differ,
};

/// A number without a unit.
pub static MISSING: Rule = Rule {
    code: "I102",
    slug: "unit-missing",
    title: "指标值没有单位",
    severity: Severity::Warning,
    covers: &["D14"],
    basis: &["mof-2020-10-art14-measurable", "indicators-unit-algebra"],
    what: "年度指标值和实际完成值是数而都没有写单位的。",
    why: "没有单位，看不出是多少，也不能与别处的数核对。",
    advice: "在指标值和完成值后写上单位",
    fix: None,
    run: missing,
};

fn differ(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let policy = Policy::of_form(case.rulebook, scored.form);
        for (row, computed) in scored.rows() {
            let (Some(target), Some(actual)) = (row.target(), row.actual()) else {
                continue;
            };
            if !target.value.is_present() || !actual.value.is_present() {
                continue;
            }
            match clash(&policy, &row, computed, target, actual) {
                // Units that agree say nothing of the numbers before them.
                None => report.checked(),
                Some((severity, message)) => {
                    report.checked();
                    report
                        .find_as(
                            severity,
                            message,
                            case.indicator_place(scored.index, &row, "actual"),
                        )
                        .against(case.indicator_place(scored.index, &row, "target"))
                        .arg("target", &target.text)
                        .arg("actual", &actual.text)
                        .identity();
                }
            }
        }
    }
}

/// Why the two do not compare and how sure that is; `None` when they do, or nobody can say.
fn clash<'a>(
    policy: &Policy<'a>,
    row: &Indicator<'a>,
    computed: &IndicatorScore,
    target: &Stated,
    actual: &Stated,
) -> Option<(Severity, String)> {
    let date = |s: &Stated| matches!(s.value.kind, ValueKind::Date(_));
    let sides = |a: &str, b: &str| {
        format!(
            "指标值是{a}（{}），完成值是{b}（{}），不能比较",
            target.text, actual.text
        )
    };
    if date(target) != date(actual) && (scored::is_quantity(target) || scored::is_quantity(actual))
    {
        fn kind(s: &Stated) -> &str {
            match s.value.kind {
                ValueKind::Date(_) => "日期",
                _ => s.value.unit.as_ref().map_or("数", measured),
            }
        }
        return Some((Severity::Error, sides(kind(target), kind(actual))));
    }
    if !scored::is_quantity(target) || !scored::is_quantity(actual) {
        return None;
    }
    let (own, other) = (target.value.unit.as_ref()?, actual.value.unit.as_ref()?);
    match other.to(own) {
        Comparable::Never => Some((Severity::Error, sides(measured(own), measured(other)))),
        Comparable::Unknown if kindred(own, other) => None,
        Comparable::Unknown => Some((
            Severity::Warning,
            format!(
                "指标值的单位是“{}”，完成值的单位是“{}”",
                own.symbol, other.symbol
            ),
        )),
        Comparable::By(n, d) if n == d => None,
        Comparable::By(..) => scaled(policy, row, computed, own).then(|| {
            (
                Severity::Error,
                format!(
                    "指标值 {}，完成值 {}，单位大小不同，得分按同一单位给",
                    target.text, actual.text
                ),
            )
        }),
    }
}

/// One symbol is part of the other ("元" and "元/户"): the shorter one leaves out what is plain from the row.
fn kindred(a: &Unit, b: &Unit) -> bool {
    a.symbol.contains(&*b.symbol) || b.symbol.contains(&*a.symbol)
}

/// The stated score fits the bare numbers, and does not fit them with their units: one unit is wrong.
fn scaled<'a>(
    policy: &Policy<'a>,
    row: &Indicator<'a>,
    computed: &IndicatorScore,
    unit: &Unit,
) -> bool {
    if !matches!(
        scored::agreement(row, computed),
        Agreement::More | Agreement::Less
    ) {
        return false;
    }
    let (Some(claim), Some(printed)) = (claim(row, policy), row.score().and_then(Stated::number))
    else {
        return false;
    };
    let mut value = claim.actual.value.clone();
    value.unit = Some(unit.clone());
    let mut same = claim;
    same.actual.value = &value;
    match judge(policy, &same).award {
        Award::Points(p) | Award::Full(_, p) => {
            scored::compare(printed, p, same.points, Decimal::ZERO, policy.places)
                == Agreement::Equal
        }
        _ => false,
    }
}

fn missing(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let mut places = Vec::new();
        let mut texts = Vec::new();
        for (row, _) in scored.rows() {
            let Some(target) = row.target().filter(|t| t.value.is_present()) else {
                continue;
            };
            report.checked();
            if bare(target)
                && row
                    .actual()
                    .is_none_or(|a| bare(a) || !scored::is_quantity(a))
                && !named(&scored, &row)
            {
                places.push(case.indicator_place(scored.index, &row, "target"));
                texts.push(target.text.clone());
            }
        }
        let message = match texts.as_slice() {
            [one] => format!("指标值 {one} 没有单位"),
            more => format!("{} 个指标值没有单位：{}", more.len(), more.join("、")),
        };
        report.together(Severity::Warning, message, places);
    }
}

/// A number, not a percentage, without unit.
fn bare(stated: &Stated) -> bool {
    matches!(stated.value.kind, ValueKind::Number(_)) && stated.value.unit.is_none()
}

/// The name says the unit: "土地整治面积（≥亩）", "投资额（万元）".
fn named(_scored: &Scored<'_>, row: &Indicator<'_>) -> bool {
    let name = scored::name(row);
    let Some((_, inner)) = name.split_once('(') else {
        return false;
    };
    let inner = inner
        .trim_end_matches(')')
        .trim_start_matches(['≥', '≤', '=', '>', '<']);
    Unit::prefix_of(inner).is_some() || inner.chars().count() <= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[test]
    fn an_area_is_not_reached_by_a_percentage() {
        let specimen = changed(&[("3.target", "519.84万亩")]);
        let said = specimen.run(&DIFFER);
        assert_eq!(
            said.messages(),
            ["指标值是面积（519.84万亩），完成值是百分比（100%），不能比较"]
        );
        assert_eq!(said.findings[0].severity, Severity::Error);
        assert_eq!(
            causes(&specimen),
            [("I101".to_string(), "indicators[3].actual".to_string())]
        );
    }

    #[test]
    fn a_date_against_a_number_is_found_and_words_are_not() {
        let said = changed(&[("3.target", "2024年12月10日前")]).run(&DIFFER);
        assert_eq!(
            said.messages(),
            ["指标值是日期（2024年12月10日前），完成值是百分比（100%），不能比较"]
        );
        assert!(
            changed(&[("3.target", "合格")])
                .run(&DIFFER)
                .findings
                .is_empty()
        );
    }

    #[test]
    fn two_measure_words_are_a_warning_and_a_part_of_a_unit_is_nothing() {
        let said = changed(&[("1.actual", "460个")]).run(&DIFFER);
        assert_eq!(said.messages(), ["指标值的单位是“户”，完成值的单位是“个”"]);
        assert_eq!(said.findings[0].severity, Severity::Warning);
        let same = [("2.target", "≤1602元/栋"), ("2.actual", "1429元")];
        assert!(changed(&same).run(&DIFFER).findings.is_empty());
    }

    #[test]
    fn a_unit_ten_thousand_times_too_small_is_the_cause_of_the_wrong_score() {
        let specimen = changed(&[("2.target", "≤160元")]);
        assert_eq!(
            specimen.run(&DIFFER).messages(),
            ["指标值 ≤160元，完成值 150.5万元，单位大小不同，得分按同一单位给"]
        );
        assert_eq!(causes(&specimen).len(), 1);
        let right = [("2.target", "≤1600000元")];
        assert!(changed(&right).run(&DIFFER).findings.is_empty());
    }

    #[test]
    fn a_number_without_a_unit_is_a_warning_unless_the_other_side_or_the_name_has_one() {
        let said = changed(&[("2.target", "1433.33"), ("2.actual", "1433.33")]).run(&MISSING);
        assert_eq!(said.messages(), ["指标值 1433.33 没有单位"]);
        assert!(
            changed(&[("2.target", "160")])
                .run(&MISSING)
                .findings
                .is_empty()
        );
        let named = [
            ("2.target", "160"),
            ("2.actual", "150"),
            ("2.name", "总成本（≤万元）"),
        ];
        assert!(changed(&named).run(&MISSING).findings.is_empty());
    }
}
