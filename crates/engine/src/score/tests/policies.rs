//! Scoring policies, those of the program and made-up ones: what they give, which one holds, and that doing better never costs points.

use super::*;
use crate::rulebook::policies::{Over, Part, Scoring};
use crate::score::form::execution_score;
use crate::score::printed::{StepUnit, Steps};
use std::sync::OnceLock;

/// A rulebook whose only policy is this one.
fn under(scoring: Scoring) -> Rulebook {
    let mut r = rulebook(&["2020"]);
    r.policies.clear();
    r.policies.insert(scoring.name.clone(), scoring);
    r
}

fn part<T>(is: T) -> Option<Part<T>> {
    let basis = vec!["mof-2020-10-art16-quantity".into()];
    Some(Part { is, basis })
}

fn steps(pairs: &[(&str, &str)]) -> Vec<Band> {
    let band = |(min, is): &(&str, &str)| Band {
        min: decimal(min),
        below: None,
        is: is.to_string(),
    };
    pairs.iter().map(band).collect()
}

fn named(name: &str) -> Scoring {
    Scoring {
        name: name.into(),
        title: name.into(),
        ..Scoring::default()
    }
}

/// Every policy of every rulebook of the program, and some of the field that only a place's own folder has.
fn every_policy() -> &'static [Rulebook] {
    static ALL: OnceLock<Vec<Rulebook>> = OnceLock::new();
    ALL.get_or_init(gather)
}

fn gather() -> Vec<Rulebook> {
    let shelf = crate::rulebook::Shelf::embedded();
    let mut seen = std::collections::BTreeSet::new();
    let mut all: Vec<Rulebook> = Vec::new();
    for policy in shelf.rulebooks.values().flat_map(|b| b.policies.values()) {
        if seen.insert(policy.name.clone()) {
            all.push(under(Scoring {
                said: Vec::new(),
                ..policy.clone()
            }));
        }
    }
    assert!(all.len() >= 6, "{seen:?}");
    all.push(under(Scoring {
        execution: part(steps(&[("0.95", "1"), ("0.8", "0.8"), ("0", "0")])),
        pass: part(decimal("0.3")),
        ..named("thirds")
    }));
    all.push(under(Scoring {
        cap: part(steps(&[("0.8", "100"), ("0.6", "89"), ("0", "79")])),
        ..named("capped")
    }));
    all
}

#[test]
fn far_more_than_the_target_loses_points_only_as_the_policy_says() {
    let over = |less: Option<&str>, automatic| {
        under(Scoring {
            over: part(Over {
                from: decimal("1.3"),
                less: less.map(decimal),
                automatic,
            }),
            ..named("over")
        })
    };
    let award = |r: &Rulebook, actual: &str| verdict(r, QUANTITY, "甲", "≥100个", actual, "10").1;
    let full = |least: &str| Award::Full(decimal(least), decimal("10"));
    let normal = |award: Award| match award {
        Award::Points(p) => Award::Points(p.normalize()),
        Award::Full(a, b) => Award::Full(a.normalize(), b.normalize()),
        other => other,
    };
    let judged = over(Some("1"), false);
    assert_eq!(
        normal(award(&judged, "129个")),
        normal(Award::Points(decimal("10")))
    );
    assert_eq!(normal(award(&judged, "150个")), normal(full("8")));
    assert_eq!(normal(award(&judged, "300个")), normal(full("0")));
    let automatic = over(Some("1"), true);
    assert_eq!(
        normal(award(&automatic, "150个")),
        Award::Points(decimal("8"))
    );
    // No measure is written: the judge decides, and anything may be right.
    assert_eq!(
        normal(award(&over(None, false), "150个")),
        normal(full("0"))
    );
    assert_eq!(
        normal(award(&rulebook(&["2020"]), "150个")),
        normal(full("0"))
    );
}

#[test]
fn a_total_is_capped_by_the_execution_rate_and_names_its_policy() {
    let r = under(Scoring {
        cap: part(steps(&[("0.8", "100"), ("0.6", "89"), ("0", "79")])),
        ..named("capped")
    });
    let row = ["产出指标", "数量指标", "甲", "≥10个", "10个", "90", "90"];
    let total = |spent: &str| {
        let rate = format!("{spent}%");
        let form = project(["100", "100", spent, "10", &rate, ""], &[row]);
        score(&filing(vec![form]), &r).forms.remove(0)
    };
    assert_eq!(total("70").total.value, Some(decimal("89")));
    assert_eq!(total("85").total.shown(), Some(decimal("98.50")));
    let capped = total("50");
    assert_eq!(capped.total.value, Some(decimal("79")));
    assert_eq!(capped.policy, "capped");
    let Trace::Formula {
        numbers, inputs, ..
    } = &capped.total.trace
    else {
        panic!("no tree")
    };
    assert_eq!(numbers, "min(5 + 90, 79)");
    let names = |t: &Trace| matches!(t, Trace::Parameter { name, basis, .. } if name == "赋分办法 capped" && !basis.is_empty());
    assert!(inputs.iter().any(names));
}

#[test]
fn a_value_that_names_its_grade_is_scored_in_that_grade() {
    let r = rulebook(&["2020"]);
    let award = |actual: &str| verdict(&r, QUANTITY, "甲", "良好", actual, "10");
    let (_, band, reached) = award("部分达成年度指标并具有一定效果");
    assert_eq!(band, Award::Band(decimal("6.0"), decimal("8.0")));
    assert_eq!(reached, Some(false));
    assert_eq!(
        award("达成年度指标").1,
        Award::Band(decimal("8.0"), decimal("10"))
    );
}

#[test]
fn the_policy_nearest_to_the_place_holds_and_a_form_may_have_its_own() {
    let mut r = rulebook(&["2020"]);
    r.chain = vec!["far".into(), "near".into()];
    r.policies.clear();
    let mut put = |name: &str, from: &str, forms: &[&str], said: &[&str]| {
        let own = |list: &[&str]| list.iter().map(|w| w.to_string()).collect();
        let policy = Scoring {
            from: from.into(),
            forms: own(forms),
            said: own(said),
            ..named(name)
        };
        r.policies.insert(name.into(), policy);
    };
    put("a-far", "far", &["project"], &[]);
    put("b-near", "near", &[], &[]);
    put("c-project", "near", &["project"], &[]);
    put("d-said", "far", &[], &["按比例"]);
    put("e-said", "far", &[], &["按比例扣分"]);
    let name = |p: Option<&Scoring>| p.map(|p| p.name.clone());
    assert_eq!(
        name(r.policy_of_form("department")).as_deref(),
        Some("b-near")
    );
    assert_eq!(
        name(r.policy_of_form("project")).as_deref(),
        Some("c-project")
    );
    assert_eq!(
        name(r.policy_said("project", "未完成的按比例得分")).as_deref(),
        Some("d-said")
    );
    assert_eq!(
        name(r.policy_said("project", "按比例扣分")).as_deref(),
        Some("e-said")
    );
    assert_eq!(name(r.policy_said("project", "由专家评定")), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn under_every_policy_a_better_actual_never_gets_less(
        target in 1i64..10_000, low in 0i64..20_000, more in 0i64..5_000, weight in 1i64..500, least in any::<bool>(),
    ) {
        let sign = if least { "≥" } else { "≤" };
        let w = Decimal::new(weight, 1);
        for r in every_policy() {
            let give = |actual: i64| match verdict(r, QUANTITY, "甲", &format!("{sign}{target}个"), &format!("{actual}个"), &w.to_string()).1 {
                Award::Points(p) | Award::Full(_, p) => p,
                other => panic!("no score: {other:?}"),
            };
            let (first, second) = (give(low), give(low + more));
            prop_assert!(Decimal::ZERO <= first && first <= w);
            prop_assert!(if least { first <= second } else { first >= second }, "{:?}", r.policies.keys());
        }
    }

    #[test]
    fn under_every_policy_more_spent_and_more_satisfied_never_gets_less(
        a in 0i64..1_100, b in 0i64..1_100, done in 1u32..120,
    ) {
        let (low, high) = (a.min(b), a.max(b));
        let percent = |n: i64| Decimal::new(n, 1);
        for r in every_policy() {
            let policy = Policy::of(r);
            let spent = |n| execution_score(&policy, Decimal::TEN, percent(n)).unwrap();
            prop_assert!(spent(low) <= spent(high) && spent(high) <= Decimal::TEN);
            let liked = |n: i64| match verdict(r, SURVEY, "甲", "≥90%", &format!("{}%", percent(n)), "10").1 {
                Award::Points(p) | Award::Full(_, p) => p,
                other => panic!("no score: {other:?}"),
            };
            prop_assert!(liked(low) <= liked(high) && liked(high) <= Decimal::TEN);
            let total = |n: i64| {
                let rate = format!("{}%", percent(n));
                let row = ["产出指标", "数量指标", "甲", "≥100个", &format!("{done}个"), "90", "0"];
                let form = project(["100", "100", &percent(n).to_string(), "10", &rate, ""], &[row]);
                score(&filing(vec![form]), r).forms[0].total.value.unwrap()
            };
            prop_assert!(total(low) <= total(high));
        }
    }

    #[test]
    fn under_every_policy_totals_do_not_depend_on_the_order_of_rows(scores in proptest::collection::vec((1u32..100, 0u32..200), 1..8), turn in 0usize..8) {
        let texts: Vec<_> = scores.iter().map(|(t, a)| (format!("≥{t}个"), format!("{a}个"))).collect();
        let rows: Vec<_> = texts.iter().map(|(t, a)| ["产出指标", "数量指标", "甲", t.as_str(), a.as_str(), "3.7", "0"]).collect();
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        for r in every_policy() {
            let funds = ["100", "100", "71.19", "10", "71.19%", "7.12"];
            let total = |rows: &[[&str; 7]]| score(&filing(vec![project(funds, rows)]), r).forms[0].total.value;
            prop_assert_eq!(total(&rows), total(&turned));
        }
    }

    #[test]
    fn printed_steps_never_give_more_for_missing_a_target_by_more(
        gap in 0i64..500, more in 0i64..500, each in 1i64..50, takes in 1i64..50, target in 1i64..1_000, rate in any::<bool>(), unit in 0usize..3,
    ) {
        let steps = Steps {
            below: true,
            each: Decimal::new(each, 1),
            unit: [StepUnit::Points, StepUnit::Percent, StepUnit::Own][unit],
            takes: Decimal::new(takes, 1),
        };
        let give = |gap: i64| steps.award(Decimal::TEN, Decimal::new(gap, 1), Decimal::new(target, 1), rate);
        let (Some(near), Some(far)) = (give(gap), give(gap + more)) else { return Ok(()); };
        prop_assert!(far.0 <= near.0 && far.1 <= near.1);
        prop_assert!(Decimal::ZERO <= far.0 && far.0 <= far.1 && far.1 <= Decimal::TEN);
    }
}
