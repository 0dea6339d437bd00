//! Laws of the expression language: what is printed is read again, nothing panics, decimals are exact.

use super::*;
use crate::rulebook::{Parameter, ParameterValue};
use jiheng_model::form::{Copies, FieldDef, Form, FormDef, ListDef, Row, SlotIndex};
use jiheng_model::value::{Recognised, Value as Printed, ValueKind};
use jiheng_model::{Decimal, FieldType, Filing, Origin, Stated, Unit};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const FIELDS: &[(&str, FieldType)] = &[
    ("total", FieldType::Money),
    ("first", FieldType::Money),
    ("second", FieldType::Money),
    ("third", FieldType::Money),
    ("score", FieldType::Points),
    ("posts", FieldType::Persons),
    ("staff", FieldType::Persons),
    ("rate", FieldType::Rate),
    ("words", FieldType::Text),
    ("block.old", FieldType::Money),
    ("block.new", FieldType::Money),
];

fn field(path: &str, ty: FieldType) -> FieldDef {
    FieldDef {
        path: path.into(),
        label: path.into(),
        ty,
        required: false,
    }
}

fn definition(id: &str) -> Arc<FormDef> {
    let fields: Vec<FieldDef> = FIELDS.iter().map(|(path, ty)| field(path, *ty)).collect();
    let columns = vec![
        field("name", FieldType::Text),
        field("amount", FieldType::Money),
        field("points", FieldType::Points),
    ];
    let index = |fields: &[FieldDef]| -> SlotIndex {
        fields
            .iter()
            .enumerate()
            .map(|(i, f)| (f.path.clone(), i as u16))
            .collect()
    };
    Arc::new(FormDef {
        id: id.into(),
        title: id.into(),
        annex: None,
        copies: Copies::Optional,
        index: index(&fields),
        fields,
        lists: vec![ListDef {
            key: "lines".into(),
            label: "lines".into(),
            index: index(&columns),
            columns,
        }],
        basis: None,
        recognition: Default::default(),
        layout: None,
        indicator_columns: Default::default(),
    })
}

fn stated(text: &str, row: u32, col: u32) -> Stated {
    let number = |t: &str| Decimal::from_str_exact(t).ok();
    let kind = match text {
        "" => ValueKind::Blank,
        "—" => ValueKind::NotApplicable,
        t if t.ends_with('%') => {
            number(&t[..t.len() - 1]).map_or(ValueKind::Text, ValueKind::Percent)
        }
        t => number(t).map_or(ValueKind::Text, ValueKind::Number),
    };
    Stated {
        text: text.into(),
        value: Printed::bare(kind),
        origin: Origin::cell(0, 1, row, col),
        how: Recognised::Exact,
    }
}

/// A form "a" with these cells and rows, and as many empty forms "b" as asked for.
fn filing(cells: &[(&str, &str)], rows: &[(&str, &str)], others: usize) -> Filing {
    let mut form = Form::empty(definition("a"), 0);
    for (i, (path, text)) in cells.iter().enumerate() {
        let slot = form.def.slot(path).unwrap();
        form.values[slot as usize] = Some(stated(text, i as u32 + 1, 1));
    }
    for (i, (name, amount)) in rows.iter().enumerate() {
        let row = 100 + i as u32;
        let values = vec![
            Some(stated(name, row, 1)),
            Some(stated(amount, row, 2)),
            None,
        ];
        form.lists[0].push(Row {
            values,
            origin: Origin::cell(0, 1, row, 1),
        });
    }
    let mut forms = vec![form];
    forms.extend((0..others).map(|_| Form::empty(definition("b"), 0)));
    Filing {
        forms,
        ..Filing::default()
    }
}

fn parameters() -> BTreeMap<String, Parameter> {
    let number = |n: &str| Parameter {
        value: ParameterValue::Number(Decimal::from_str_exact(n).unwrap()),
        basis: Vec::new(),
        from: String::new(),
    };
    [
        ("limit".to_string(), number("1.3")),
        ("points".to_string(), number("10")),
    ]
    .into()
}

fn bound(text: &str, on: &On) -> Result<(Bound, Type), Trouble> {
    let forms = [definition("a"), definition("b")];
    let parameters = parameters();
    let scope = Scope {
        forms: &forms,
        parameters: &parameters,
        on,
        col: Some("new"),
    };
    bind(&parse(text)?, &scope)
}

fn on_a() -> On {
    On::Form("a".into())
}

/// The verdict of a requirement, with its derivation where one was made.
fn decide(text: &str, filing: &Filing) -> (Option<bool>, String) {
    let (bound, _) = bound(text, &on_a()).unwrap_or_else(|t| panic!("{text}: {}", t.message));
    let judgement = judge(
        &bound,
        Context {
            filing,
            form: Some(0),
            row: None,
        },
    );
    let all = judgement
        .failed
        .iter()
        .chain(&judgement.rounding)
        .chain(&judgement.held);
    (
        judgement.truth,
        all.map(|c| c.derivation()).collect::<Vec<_>>().join("；"),
    )
}

fn truth_of(text: &str, filing: &Filing) -> Option<bool> {
    decide(text, filing).0
}

#[test]
fn a_sum_shows_its_numbers() {
    let filing = filing(
        &[
            ("total", "7.56"),
            ("first", "4.85"),
            ("second", ""),
            ("third", "2.71"),
        ],
        &[],
        0,
    );
    assert_eq!(
        decide("total == first + second + third", &filing),
        (Some(true), "4.85 + 2.71 = 7.56".into())
    );
}

#[test]
fn rounding_of_a_sum_is_half_a_unit_for_each_addend_and_the_total() {
    let of = |total: &str| {
        filing(
            &[
                ("total", total),
                ("first", "1.11"),
                ("second", "2.22"),
                ("third", "3.33"),
            ],
            &[],
            0,
        )
    };
    let rounded = |total: &str| {
        let filing = of(total);
        let (bound, _) = bound("total == first + second + third", &on_a()).unwrap();
        let judgement = judge(
            &bound,
            Context {
                filing: &filing,
                form: Some(0),
                row: None,
            },
        );
        (judgement.truth, judgement.rounding.len())
    };
    assert_eq!(rounded("6.66"), (Some(true), 0));
    assert_eq!(rounded("6.68"), (Some(true), 1)); // (3 + 1) × 0.005 = 0.02
    assert_eq!(rounded("6.69"), (Some(false), 0));
}

#[test]
fn a_dropped_trailing_zero_does_not_widen_the_tolerance_of_addends() {
    let filing = filing(
        &[("total", "65.00"), ("first", "62.2"), ("second", "2.77")],
        &[],
        0,
    );
    assert_eq!(truth_of("total == first + second", &filing), Some(false));
}

#[test]
fn a_copy_must_be_equal() {
    let one = filing(&[("first", "62.2"), ("second", "62.20")], &[], 0);
    assert_eq!(truth_of("first is second", &one), Some(true));
    let two = filing(&[("first", "999.14"), ("second", "1117.90")], &[], 0);
    assert_eq!(
        decide("first is second", &two),
        (Some(false), "1117.90 − 999.14 = 118.76".into())
    );
}

#[test]
fn a_copy_in_another_unit_may_be_rounded_to_the_coarser_one() {
    let mut filing = filing(&[("first", "1081834.56"), ("second", "108.18")], &[], 0);
    for (path, unit) in [("first", "元"), ("second", "万元")] {
        let slot = filing.forms[0].def.slot(path).unwrap() as usize;
        filing.forms[0].values[slot].as_mut().unwrap().value.unit = Some(Unit::of(unit));
    }
    assert_eq!(truth_of("first is second", &filing), Some(true));
}

#[test]
fn a_rate_is_recomputed_within_half_its_last_place() {
    let of = |rate: &str| filing(&[("rate", rate), ("staff", "61"), ("posts", "65")], &[], 0);
    let rule = "rate == rate(staff / posts)";
    assert_eq!(
        decide(rule, &of("93.85%")),
        (Some(true), "61 ÷ 65 = 93.85%".into())
    );
    assert_eq!(truth_of(rule, &of("94%")), Some(true));
    assert_eq!(truth_of(rule, &of("93.86%")), Some(false));
    assert_eq!(
        decide(rule, &of("100%")),
        (Some(false), "61 ÷ 65 = 93.85%".into())
    );
    assert_eq!(truth_of(rule, &of("0.9385")), Some(true));
}

#[test]
fn parts_may_not_exceed_their_total_beyond_rounding() {
    let of = |total: &str| {
        filing(
            &[
                ("total", total),
                ("first", "149.75"),
                ("second", "22.00"),
                ("third", "1.00"),
            ],
            &[],
            0,
        )
    };
    let rule = "first + second + third <= total";
    assert_eq!(
        decide(rule, &of("149.75")),
        (Some(false), "149.75 + 22.00 + 1.00 = 172.75".into())
    );
    assert_eq!(truth_of(rule, &of("172.74")), Some(true));
    assert_eq!(truth_of(rule, &of("2000")), Some(true));
}

#[test]
fn what_is_missing_is_neither_passed_nor_failed() {
    let blank_total = filing(
        &[("total", ""), ("first", "1.00"), ("second", "2.00")],
        &[],
        0,
    );
    assert_eq!(truth_of("total == first + second", &blank_total), None);
    let not_applicable = filing(&[("total", "—"), ("first", "1.00")], &[], 0);
    assert_eq!(truth_of("total is first", &not_applicable), None);
    let words = filing(
        &[("total", "3.00"), ("first", "见附件"), ("second", "2.00")],
        &[],
        0,
    );
    assert_eq!(truth_of("total == first + second", &words), None);
    let zero = filing(&[("rate", "0%"), ("staff", "0"), ("posts", "0")], &[], 0);
    assert_eq!(truth_of("rate == rate(staff / posts)", &zero), None);
    let absent = filing(&[("total", "3.00")], &[], 0);
    assert_eq!(truth_of("total == first + second", &absent), None);
    assert_eq!(
        truth_of("total == first + second or total > 1", &absent),
        Some(true)
    );
    assert_eq!(
        truth_of("total == first + second and total > 5", &absent),
        Some(false)
    );
}

#[test]
fn a_printed_side_without_its_other_side_is_said() {
    let filing = filing(&[("total", "3.00"), ("first", "")], &[], 0);
    let (bound, _) = bound("total is first", &on_a()).unwrap();
    let judgement = judge(
        &bound,
        Context {
            filing: &filing,
            form: Some(0),
            row: None,
        },
    );
    assert_eq!((judgement.printed, judgement.missing.len()), (1, 1));
    assert!(judgement.missing[0].why(str::to_string).contains("first"));
}

#[test]
fn sums_and_counts_run_over_rows_and_forms() {
    let filing = filing(
        &[("total", "6.00")],
        &[("甲", "1.00"), ("乙", ""), ("丙", "5.00")],
        3,
    );
    assert_eq!(
        decide("total == sum(lines.amount)", &filing),
        (Some(true), "1.00 + 5.00 = 6.00".into())
    );
    assert_eq!(
        truth_of("count(lines) == 3 and count(lines.amount) == 2", &filing),
        Some(true)
    );
    assert_eq!(
        truth_of("count(lines.amount > 2) == 1", &filing),
        Some(true)
    );
    assert_eq!(truth_of("count(b) == 3", &filing), Some(true));
    assert_eq!(truth_of("b.total > 0", &filing), None);
}

#[test]
fn measures_that_differ_do_not_load_and_the_place_is_shown() {
    let code = |text: &str| bound(text, &on_a()).unwrap_err();
    assert_eq!(code("total + score == 1").code, "K110");
    let both = code("total == 1 and first + score > 0");
    assert_eq!((both.span, both.also), (15..20, Some(23..28)));
    assert_eq!(code("total * first > 0").code, "K110");
    assert_eq!(code("total / staff > 0").code, "K110");
    assert_eq!(code("total is rate").code, "K110");
    assert_eq!(code("words > 1").code, "K110");
    assert_eq!(code("not total").code, "K110");
    assert_eq!(code("rate(total) == rate").code, "K110");
    assert_eq!(code("total == nowhere").code, "K112");
    assert_eq!(code("total == nowhere").span, 9..16);
    assert_eq!(code("lines.amount > 1").code, "K112");
    assert_eq!(code("param.none > 1").code, "K112");
    assert_eq!(code("total ==").code, "K111");
    assert_eq!(code("1 < 2 < 3").code, "K111");
    assert_eq!(code("average(total) > 1").code, "K112");
    assert_eq!(code("total > 1 total").code, "K111");
    assert_eq!(code(&"(".repeat(5000)).code, "K111");
    assert_eq!(code(&format!("{}1 > 0", "-".repeat(5000))).code, "K111");
}

#[test]
fn a_quotient_of_two_amounts_is_a_rate() {
    assert_eq!(
        bound("total / first", &on_a()).unwrap().1,
        Type::Of(Measure::Rate)
    );
    assert_eq!(
        bound("total * 95%", &on_a()).unwrap().1,
        Type::Of(Measure::Money)
    );
    assert_eq!(
        bound("total * param.limit", &on_a()).unwrap().1,
        Type::Of(Measure::Money)
    );
    let filing = filing(&[("total", "95.00"), ("first", "100.00")], &[], 0);
    assert_eq!(truth_of("total / first >= 95%", &filing), Some(true));
    assert_eq!(truth_of("total / first > 95%", &filing), Some(false));
}

#[test]
fn the_column_stands_for_each_of_its_names() {
    let filing = filing(&[("block.new", "3.00"), ("first", "3.00")], &[], 0);
    assert_eq!(truth_of("block.{col} is first", &filing), Some(true));
}

#[test]
fn decimals_are_exact() {
    assert_eq!(truth_of("0.1 + 0.2 == 0.3", &Filing::default()), Some(true));
    assert_eq!(truth_of("1 / 3 * 3 == 1", &Filing::default()), Some(false));
    let long = "79228162514264337593543950335";
    assert_eq!(
        truth_of(&format!("{long} * {long} > 1"), &Filing::default()),
        None
    );
}

#[test]
fn a_template_fills_names_and_expressions() {
    let forms = [definition("a")];
    let (parameters, on) = (parameters(), on_a());
    let scope = Scope {
        forms: &forms,
        parameters: &parameters,
        on: &on,
        col: Some("new"),
    };
    let read = |text: &str| Template::read(text, &["left"], &scope);
    let filing = filing(
        &[("block.new", "3.00"), ("first", "4.00"), ("words", "")],
        &[],
        0,
    );
    let context = Context {
        filing: &filing,
        form: Some(0),
        row: None,
    };
    let given = [("left".to_string(), "7".to_string())].into();
    let fill = |text: &str| read(text).unwrap().fill(&given, context).text;
    assert_eq!(
        fill("{left}、{block.{col}}、{percent(block.new / first)}、{param.limit}"),
        "7、3.00、75.00%、1.3"
    );
    assert!(read("{words}").unwrap().fill(&given, context).incomplete);
    let trouble = read("合计 {nowhere}").unwrap_err();
    assert_eq!((trouble.code, trouble.span), ("K113", 7..16));
    assert_eq!(read("{left").unwrap_err().code, "K113");
}

/// Trees as the parser makes them.
fn tree() -> impl Strategy<Value = Expr> {
    let expr = |kind| Expr { kind, span: 0..0 };
    let leaf = prop_oneof![
        (0u32..100_000, 0u32..4)
            .prop_map(move |(n, s)| expr(Kind::Number(Decimal::new(n.into(), s)))),
        (0u32..10_000).prop_map(move |n| expr(Kind::Percent(Decimal::new(n.into(), 2)))),
        "[a-z\\\\\"度 ]{0,4}".prop_map(move |t| expr(Kind::Text(t))),
        any::<bool>().prop_map(move |t| expr(Kind::Truth(t))),
        prop::sample::select(vec![
            "total",
            "block.{col}",
            "lines.amount",
            "param.limit",
            "b.first",
            "nowhere",
            "words"
        ])
        .prop_map(move |n| expr(Kind::Name(n.into()))),
    ];
    leaf.prop_recursive(5, 40, 3, move |inner| {
        let operators = vec![
            Operator::Or,
            Operator::And,
            Operator::Equal,
            Operator::Differs,
            Operator::Is,
            Operator::Less,
            Operator::AtMost,
            Operator::More,
            Operator::AtLeast,
            Operator::Plus,
            Operator::Minus,
            Operator::Times,
            Operator::Over,
        ];
        let calls = vec![
            Call::Sum,
            Call::Count,
            Call::Min,
            Call::Max,
            Call::Abs,
            Call::Round,
            Call::Rate,
            Call::Blank,
        ];
        prop_oneof![
            inner
                .clone()
                .prop_map(move |e| expr(Kind::Minus(Box::new(e)))),
            inner
                .clone()
                .prop_map(move |e| expr(Kind::Not(Box::new(e)))),
            (
                prop::sample::select(calls),
                prop::collection::vec(inner.clone(), 0..3)
            )
                .prop_map(move |(c, a)| expr(Kind::Call(c, a))),
            (prop::sample::select(operators), inner.clone(), inner)
                .prop_map(move |(o, l, r)| expr(Kind::Binary(o, Box::new(l), Box::new(r)))),
        ]
    })
}

/// A filing whose cells print anything.
fn anything() -> impl Strategy<Value = Filing> {
    let text = prop::sample::select(vec![
        "",
        "—",
        "0",
        "0.00",
        "1.5",
        "100%",
        "-3.21",
        "79228162514264337593543950335",
        "0.0000000000000000000000000001",
        "无",
    ]);
    let cells = prop::collection::vec(
        (
            prop::sample::select(FIELDS.iter().map(|f| f.0).collect::<Vec<_>>()),
            text.clone(),
        ),
        0..12,
    );
    let rows = prop::collection::vec((text.clone(), text), 0..5);
    (cells, rows, 0usize..3).prop_map(|(cells, rows, others)| filing(&cells, &rows, others))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_printed_is_read_again(tree in tree()) {
        let text = tree.to_string();
        prop_assert_eq!(parse(&text).map_err(|t| t.message).unwrap(), tree, "{}", text);
    }

    #[test]
    fn no_text_panics(text in "[a-z0-9 .+*/()<>=!%{}\"\\\\是-]{0,40}") {
        if let Ok(tree) = parse(&text) {
            let _ = bound(&tree.to_string(), &on_a());
        }
    }

    #[test]
    fn no_evaluation_panics(tree in tree(), filing in anything(), row in 0usize..6) {
        for on in [on_a(), On::Package, On::Rows("a".into(), "lines".into())] {
            if let Ok((bound, ty)) = bound(&tree.to_string(), &on) {
                let context = Context { filing: &filing, form: Some(0), row: Some(row) };
                let _ = value(&bound, context).shown();
                if ty == Type::Truth {
                    let judgement = judge(&bound, context);
                    for c in judgement.failed.iter().chain(&judgement.held).chain(&judgement.rounding) {
                        let _ = (c.derivation(), c.computed());
                    }
                }
                let _ = spots(&bound, context);
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(amounts in prop::collection::vec(0u32..1_000_000, 1..8), turn in 0usize..8) {
        let texts: Vec<String> = amounts.iter().map(|a| Decimal::new((*a).into(), 2).to_string()).collect();
        let mut rows: Vec<(&str, &str)> = texts.iter().map(|t| ("项", t.as_str())).collect();
        let sum = |rows: &[(&str, &str)]| {
            let filing = filing(&[], rows, 0);
            let (bound, _) = bound("sum(lines.amount)", &on_a()).unwrap();
            value(&bound, Context { filing: &filing, form: Some(0), row: None }).shown()
        };
        let before = sum(&rows);
        let turn = turn % rows.len();
        rows.rotate_left(turn);
        prop_assert_eq!(before, sum(&rows));
    }
}
