//! Forms made by hand, rulebooks read from the data folder: what the engine must give for them.

use super::judge::{Award, Claim, Kind, Side, judge};
use super::policy::Policy;
use super::score;
use crate::rulebook::{Band, Parameter, ParameterValue, Rulebook};
use jiheng_model::form::{Copies, FieldDef, ListDef};
use jiheng_model::scorecard::round;
use jiheng_model::{
    Date, Decimal, FieldType, Filing, Form, FormDef, Operator, Origin, Recognised, Row, Stated,
    Trace, Unit, Value, ValueKind,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

mod policies;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Parameters of the scoring files of some rulebook folders, later ones winning.
pub(crate) fn rulebook(folders: &[&str]) -> Rulebook {
    let mut rulebook = Rulebook::default();
    for folder in folders {
        // Rules sleep where none of their bases is known.
        let shelf = crate::rulebook::Shelf::embedded();
        if let Some(book) = shelf.rulebooks.get(&format!("cn/mof/{folder}")) {
            rulebook.bases.extend(book.bases.clone());
            rulebook.policies.extend(book.policies.clone());
            rulebook.chain.clone_from(&book.chain);
        }
        for theme in ["scoring", "indicators", "words", "ratios"] {
            let path = format!(
                "{}/../../rulebooks/cn/mof/{folder}/parameters/{theme}.toml",
                env!("CARGO_MANIFEST_DIR")
            );
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let table: toml::Table = toml::from_str(&text).unwrap();
            for (name, parameter) in table["parameter"].as_table().unwrap() {
                let value = value(&parameter["value"]);
                let basis = words(&parameter["basis"]);
                rulebook.parameters.insert(
                    name.clone(),
                    Parameter {
                        value,
                        basis,
                        from: folder.to_string(),
                    },
                );
            }
        }
    }
    let bands = [("90", "优"), ("80", "良"), ("60", "中"), ("0", "差")];
    let bands = bands
        .iter()
        .map(|(min, is)| Band {
            min: decimal(min),
            below: None,
            is: is.to_string(),
        })
        .collect();
    rulebook.parameters.insert(
        "rating".into(),
        Parameter {
            value: ParameterValue::Bands(bands),
            basis: Vec::new(),
            from: "test".into(),
        },
    );
    rulebook
}

fn words(value: &toml::Value) -> Vec<String> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w.as_str().unwrap().to_string())
        .collect()
}

fn number(value: &toml::Value) -> Decimal {
    match value {
        toml::Value::Integer(n) => Decimal::from(*n),
        other => decimal(other.as_str().unwrap()),
    }
}

fn value(value: &toml::Value) -> ParameterValue {
    match value {
        toml::Value::Array(items) if items.iter().all(|i| i.is_table()) => ParameterValue::Bands(
            items
                .iter()
                .map(|i| Band {
                    min: number(&i["min"]),
                    below: None,
                    is: i["is"].as_str().unwrap().into(),
                })
                .collect(),
        ),
        toml::Value::Array(_) => ParameterValue::Words(words(value)),
        toml::Value::Table(t) => ParameterValue::Dictionary(
            t.iter()
                .map(|(k, v)| (k.clone(), words(v)))
                .collect::<BTreeMap<_, _>>(),
        ),
        other => ParameterValue::Number(number(other)),
    }
}

/// What a printed string means, as far as these tests need it.
fn meaning(text: &str) -> Value {
    let (operator, rest) = match text.chars().next() {
        Some('≥') => (Some(Operator::AtLeast), &text[3..]),
        Some('≤') => (Some(Operator::AtMost), &text[3..]),
        Some('=') => (Some(Operator::Equal), &text[1..]),
        _ => (None, text),
    };
    if rest.is_empty() {
        return Value::bare(ValueKind::Blank);
    }
    if rest == "—" {
        return Value::bare(ValueKind::NotApplicable);
    }
    let parts: Vec<_> = rest.split('/').map(str::parse::<i16>).collect();
    if let [Ok(year), Ok(month), Ok(day)] = parts[..] {
        return Value::bare(ValueKind::Date(Date {
            year,
            month: Some(month as u8),
            day: Some(day as u8),
        }));
    }
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
        .unwrap_or(rest.len());
    let (digits, symbol) = rest.split_at(end);
    match digits.parse::<Decimal>() {
        Ok(n) if symbol == "%" => Value {
            operator,
            kind: ValueKind::Percent(n),
            unit: Some(Unit::percent()),
            unit_printed: true,
        },
        Ok(n) => {
            let unit = (!symbol.is_empty()).then(|| Unit::of(symbol));
            Value {
                operator,
                kind: ValueKind::Number(n),
                unit_printed: unit.is_some(),
                unit,
            }
        }
        Err(_) => Value::bare(ValueKind::Text),
    }
}

fn stated(text: &str, row: u32, col: u32) -> Stated {
    Stated {
        text: text.into(),
        value: meaning(text),
        origin: Origin::cell(0, 1, row, col),
        how: Recognised::Exact,
    }
}

const FUNDS: [&str; 6] = [
    "original_budget",
    "final_budget",
    "outturn",
    "points",
    "execution_rate",
    "score",
];
const COLUMNS: [&str; 7] = [
    "dimension",
    "criterion",
    "name",
    "target",
    "actual",
    "points",
    "score",
];

/// A project form of one row of funds and some indicators.
fn project(funds: [&str; 6], indicators: &[[&str; 7]]) -> Form {
    let field = |path: String| FieldDef {
        label: path.clone(),
        path,
        ty: FieldType::Any,
        required: false,
    };
    let fields: Vec<_> = FUNDS
        .iter()
        .map(|c| field(format!("funds.total.{c}")))
        .chain([field("total_score".into())])
        .collect();
    let columns: Vec<_> = COLUMNS.iter().map(|c| field(c.to_string())).collect();
    let index = |fields: &[FieldDef]| {
        fields
            .iter()
            .enumerate()
            .map(|(i, f)| (f.path.clone(), i as u16))
            .collect::<jiheng_model::form::SlotIndex>()
    };
    let def = FormDef {
        id: "project".into(),
        title: "项目支出绩效自评表".into(),
        annex: None,
        copies: Copies::PerProject,
        index: index(&fields),
        lists: vec![ListDef {
            key: "indicators".into(),
            label: "绩效指标".into(),
            index: index(&columns),
            columns,
        }],
        fields,
        basis: None,
        recognition: Default::default(),
        layout: None,
        indicator_columns: Default::default(),
    };
    let mut form = Form::empty(Arc::new(def), 0);
    for (slot, text) in funds.iter().enumerate() {
        form.values[slot] = Some(stated(text, 2, slot as u32 + 1));
    }
    form.lists[0] = indicators
        .iter()
        .enumerate()
        .map(|(r, cells)| Row {
            values: cells
                .iter()
                .enumerate()
                .map(|(c, text)| Some(stated(text, r as u32 + 10, c as u32 + 1)))
                .collect(),
            origin: Origin::cell(0, 1, r as u32 + 10, 1),
        })
        .collect();
    form
}

fn filing(forms: Vec<Form>) -> Filing {
    Filing {
        forms,
        ..Filing::default()
    }
}

#[track_caller]
fn verdict(
    rulebook: &Rulebook,
    levels: (&str, &str),
    name: &str,
    target: &str,
    actual: &str,
    points: &str,
) -> (Kind, Award, Option<bool>) {
    let policy = Policy::of(rulebook);
    let (t, a) = (meaning(target), meaning(actual));
    let claim = Claim {
        name,
        dimension: policy.dimension(levels.0),
        criterion: policy.criterion(levels.1),
        target: Side {
            value: &t,
            text: target,
        },
        actual: Side {
            value: &a,
            text: actual,
        },
        points: decimal(points),
    };
    let verdict = judge(&policy, &claim);
    (verdict.kind, verdict.award, verdict.reached)
}

const QUANTITY: (&str, &str) = ("产出指标\n（50分）", "数量指标");
const COST: (&str, &str) = ("产出指标", "成本指标");
const SURVEY: (&str, &str) = ("满意度\n指标", "服务对象满意度指标");

fn points(award: Award) -> Decimal {
    match award {
        Award::Points(p) => round(p, 2),
        other => panic!("no score: {other:?}"),
    }
}

#[test]
fn proportion_follows_the_direction() {
    let r = rulebook(&["2020"]);
    let score = |levels, name, t, a, w| points(verdict(&r, levels, name, t, a, w).1);
    assert_eq!(
        score(QUANTITY, "改造户数", "≥500户", "460户", "4"),
        decimal("3.68")
    );
    // Exactly 6.515: no division may come before the multiplication.
    assert_eq!(
        score(QUANTITY, "巡查批次", "≥2800批次", "2606批次", "7"),
        decimal("6.52")
    );
    assert_eq!(
        score(QUANTITY, "改造户数", "≥500户", "638户", "4"),
        decimal("4")
    );
    assert_eq!(
        score(QUANTITY, "办结率", "≥95%", "91.65%", "6"),
        decimal("5.79")
    );
    assert_eq!(
        score(COST, "总成本", "≤160万元", "386万元", "10"),
        decimal("4.15")
    );
    assert_eq!(
        score(COST, "总成本", "160万元", "150万元", "10"),
        decimal("10")
    );
    assert_eq!(
        score(COST, "总成本", "≤1.6万元", "15000元", "10"),
        decimal("10")
    );
    assert_eq!(score(QUANTITY, "村数", "=8个", "6", "8"), decimal("6"));
    assert_eq!(
        score(QUANTITY, "整治面积", "2000公顷", "3万亩", "10"),
        decimal("10")
    );
    assert_eq!(
        score(QUANTITY, "安全事故起数", "0起", "0起", "5"),
        decimal("5")
    );
    assert_eq!(
        score(QUANTITY, "安全事故起数", "0起", "1起", "5"),
        decimal("0")
    );
}

#[test]
fn a_threshold_and_bands_replace_the_proportion() {
    let r = rulebook(&["2020", "2021-core"]);
    let score = |levels, t, a, w| points(verdict(&r, levels, "甲", t, a, w).1);
    assert_eq!(score(QUANTITY, "≥100个", "80个", "10"), decimal("5"));
    assert_eq!(score(QUANTITY, "≥100个", "59个", "10"), decimal("0"));
    assert_eq!(score(QUANTITY, "≥100个", "60个", "10"), decimal("0"));
    assert_eq!(score(SURVEY, "≥90%", "90%", "10"), decimal("10"));
    assert_eq!(score(SURVEY, "≥90%", "89.9%", "10"), decimal("8"));
    assert_eq!(score(SURVEY, "≥90%", "60%", "10"), decimal("5"));
    assert_eq!(score(SURVEY, "≥90%", "59%", "10"), decimal("0"));
    let card = super::score(
        &filing(vec![project(["100", "100", "86", "10", "86%", "7"], &[])]),
        &r,
    );
    assert_eq!(card.forms[0].execution_points.value, Some(decimal("7")));
}

#[test]
fn what_cannot_be_compared_says_why() {
    let r = rulebook(&["2020"]);
    let policy = Policy::of(&r);
    let (t, a) = (meaning("519.84万亩"), meaning("100%"));
    let claim = Claim {
        name: "耕地目标控制数",
        dimension: None,
        criterion: None,
        target: Side {
            value: &t,
            text: "519.84万亩",
        },
        actual: Side {
            value: &a,
            text: "100%",
        },
        points: decimal("4"),
    };
    let verdict = judge(&policy, &claim);
    assert_eq!(verdict.award, Award::Unknown);
    assert_eq!(verdict.why, "指标值是面积，完成值是百分比，不能比较");
}

#[test]
fn dates_words_and_ranges_have_their_own_rules() {
    let r = rulebook(&["2020"]);
    let v = |t: &str, a: &str| verdict(&r, QUANTITY, "甲", t, a, "10");
    assert_eq!(
        v("2024/12/10", "2024/11/7"),
        (Kind::Date, Award::Points(decimal("10")), Some(true))
    );
    assert_eq!(
        v("2024/12/10", "2024/12/11"),
        (
            Kind::Date,
            Award::Band(decimal("0"), decimal("10")),
            Some(false)
        )
    );
    assert_eq!(
        v("验收合格", "合格"),
        (
            Kind::Qualitative,
            Award::Band(decimal("8.0"), decimal("10")),
            Some(true)
        )
    );
    assert_eq!(
        v("完成", "部分完成"),
        (
            Kind::Qualitative,
            Award::Band(decimal("0"), decimal("8.0")),
            Some(false)
        )
    );
    assert_eq!(v("90%-95%", "93%").2, Some(true));
    assert_eq!(
        v("90%-95%", "45%"),
        (Kind::Between, Award::Points(decimal("5.0")), Some(false))
    );
    assert_eq!(v("2000个", "—").1, Award::Unknown);
}

#[test]
fn a_form_is_scored_with_its_tree_and_stated_scores_stand_in_where_nothing_is_computable() {
    let r = rulebook(&["2020"]);
    let form = project(
        ["130.00", "95.20", "91.19", "10", "95.79%", "9.58"],
        &[
            [
                "产出指标",
                "数量指标",
                "改造户数",
                "≥500户",
                "460户",
                "50",
                "46",
            ],
            [
                "效益指标",
                "社会效益",
                "方便群众",
                "明显",
                "明显",
                "30",
                "28",
            ],
            ["效益指标", "经济效益", "无", "无", "无", "", ""],
            [
                "满意度指标",
                "满意度",
                "群众满意度",
                "≥90%",
                "98%",
                "10",
                "10",
            ],
        ],
    );
    let card = score(&filing(vec![form]), &r);
    let scored = &card.forms[0];
    assert_eq!(scored.execution_rate.shown(), Some(decimal("95.79")));
    assert_eq!(scored.execution_points.shown(), Some(decimal("9.58")));
    assert_eq!(scored.indicators.len(), 4);
    assert_eq!(
        scored.indicators[1].band,
        Some((decimal("24.0"), decimal("30")))
    );
    assert_eq!(scored.total.shown(), Some(decimal("93.58")));
    assert_eq!(scored.rating.as_deref(), Some("优"));
    let Trace::Formula {
        numbers, inputs, ..
    } = &scored.total.trace
    else {
        panic!("no tree")
    };
    assert_eq!(numbers, "9.58 + 46 + 28 + 10");
    assert_eq!(inputs.len(), 4);
}

#[test]
fn a_budget_of_zero_is_not_computable_and_not_zero() {
    let card = score(
        &filing(vec![project(["0", "0", "0", "10", "0", "0"], &[])]),
        &rulebook(&["2020"]),
    );
    assert_eq!(card.forms[0].execution_rate.value, None);
    assert!(
        matches!(&card.forms[0].execution_rate.trace, Trace::Missing { why } if why.contains("为零"))
    );
}

#[test]
fn ratios_are_read_from_data_and_say_what_is_missing() {
    let r = rulebook(&["2013-common"]);
    let card = score(
        &filing(vec![project(["0", "0", "0", "10", "0", "0"], &[])]),
        &r,
    );
    assert!(
        card.ratios
            .iter()
            .any(|c| c.key == "ratio.operating_control")
    );
    assert!(
        card.ratios
            .iter()
            .all(|c| c.value.is_none() && matches!(c.trace, Trace::Missing { .. }))
    );
}

proptest! {
    #[test]
    fn a_better_actual_never_lowers_the_score_and_scores_stay_within_the_points(
        target in 1i64..100_000, low in 0i64..200_000, more in 0i64..50_000, weight in 1i64..500, core in any::<bool>(), least in any::<bool>(),
    ) {
        let r = if core { rulebook(&["2020", "2021-core"]) } else { rulebook(&["2020"]) };
        let sign = if least { "≥" } else { "≤" };
        let w = Decimal::new(weight, 1);
        let give = |actual: i64| match verdict(&r, QUANTITY, "甲", &format!("{sign}{target}个"), &format!("{actual}个"), &w.to_string()).1 {
            Award::Points(p) | Award::Full(_, p) => p,
            other => panic!("no score: {other:?}"),
        };
        let (first, second) = (give(low), give(low + more));
        prop_assert!(Decimal::ZERO <= first && first <= w);
        let ordered = if least { first <= second } else { first >= second };
        prop_assert!(ordered);
    }

    #[test]
    fn totals_do_not_depend_on_the_order_of_rows(scores in proptest::collection::vec((1u32..100, 0u32..100), 1..12), turn in 0usize..12) {
        let r = rulebook(&["2020"]);
        let texts: Vec<_> = scores.iter().map(|(t, a)| (format!("≥{t}个"), format!("{a}个"))).collect();
        let rows: Vec<_> = texts.iter().map(|(t, a)| ["产出指标", "数量指标", "甲", t.as_str(), a.as_str(), "3.7", "0"]).collect();
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        let funds = ["100", "100", "91.19", "10", "91.19%", "9.12"];
        let total = |rows: &[[&str; 7]]| score(&filing(vec![project(funds, rows)]), &r).forms[0].total.value;
        prop_assert_eq!(total(&rows), total(&turned));
    }

    #[test]
    fn no_numbers_make_the_engine_panic(target in any::<i64>(), actual in any::<i64>(), scale in 0u32..28, weight in any::<i64>()) {
        let r = rulebook(&["2020", "2021-core"]);
        let (t, a) = (Decimal::new(target, scale).to_string(), Decimal::new(actual, 28 - scale).to_string());
        let _ = verdict(&r, COST, "甲", &t, &a, &weight.to_string());
        let form = project([&t, &t, &a, &weight.to_string(), "", ""], &[["", "", "甲", &t, &a, &weight.to_string(), &t]]);
        let _ = score(&filing(vec![form]), &r);
    }
}

proptest::proptest! {
    #[test]
    fn a_number_is_printed_as_the_library_prints_it_without_zeros_at_the_end(
        mantissa in proptest::num::i64::ANY,
        scale in 0u32..=28,
    ) {
        for mantissa in [mantissa, mantissa % 1000, mantissa / 1000 * 1000] {
            let value = jiheng_model::Decimal::new(mantissa, scale);
            proptest::prop_assert_eq!(super::form::plain(value), value.normalize().to_string());
        }
    }
}
