//! The declared rules of a rulebook and a case come in; their findings, with both sides and the derivation, go out.

use super::report::{Case, Report};
use crate::expr::{self, Comparison, Context, Judgement, Measure, On, Operator, Quantity, Spot};
use crate::rulebook::{DeclaredRule, Run};
use jiheng_model::finding::Place;
use jiheng_model::origin::Origin;
use jiheng_model::{Form, Severity};
use std::collections::BTreeMap;

/// At most so many places of a long sum are shown.
const PLACES: usize = 40;

/// Runs a declared rule.
pub fn run(rule: &DeclaredRule, report: &mut Report<'_>) {
    for run in &rule.runs {
        let filing = report.case.filing;
        let contexts: Vec<Context<'_>> = match &run.on {
            On::Package => vec![Context {
                filing,
                form: None,
                row: None,
            }],
            On::Form(kind) => indexes(report.case, kind)
                .map(|form| Context {
                    filing,
                    form: Some(form),
                    row: None,
                })
                .collect(),
            On::Rows(kind, list) => indexes(report.case, kind)
                .flat_map(|form| {
                    let rows = filing.forms[form].rows(list).len();
                    (0..rows).map(move |row| Context {
                        filing,
                        form: Some(form),
                        row: Some(row),
                    })
                })
                .collect(),
        };
        for context in contexts {
            if run
                .when
                .as_ref()
                .is_none_or(|when| expr::truth(when, context) == Some(true))
            {
                require(run, context, report);
            }
        }
    }
}

fn indexes<'a>(case: Case<'a>, kind: &'a str) -> impl Iterator<Item = usize> + 'a {
    case.filing
        .forms
        .iter()
        .enumerate()
        .filter(move |(_, f)| f.kind() == kind)
        .map(|(index, _)| index)
}

/// Decides one requirement and reports what comes of it.
fn require<'a>(run: &'a Run, context: Context<'a>, report: &mut Report<'_>) {
    let judgement = expr::judge(&run.require, context);
    match judgement.truth {
        Some(true) => {
            for comparison in judgement.held.iter().chain(&judgement.rounding) {
                match comparison.operator {
                    Operator::Equal | Operator::Is => report.holds(origins(comparison)),
                    _ => report.checked(),
                }
            }
            if judgement.held.is_empty() && judgement.rounding.is_empty() {
                report.checked();
            }
            for comparison in &judgement.rounding {
                rounding(run, comparison, context, report);
            }
        }
        Some(false) => fails(run, &judgement, context, report),
        None => lacks(&judgement, report),
    }
}

/// Something is printed but its other side is not: that is said. Where nothing is printed, there is nothing to compare.
fn lacks(judgement: &Judgement<'_>, report: &mut Report<'_>) {
    if judgement.printed == 0 {
        return;
    }
    let case = report.case;
    let title = |kind: &str| {
        case.rulebook
            .form(kind)
            .map_or_else(|| kind.to_string(), |f| format!("《{}》", f.title))
    };
    if let Some(missing) = judgement.missing.first() {
        report.lacks(missing.why(title));
    }
}

/// The requirement does not hold.
fn fails<'a>(
    run: &'a Run,
    judgement: &Judgement<'a>,
    context: Context<'a>,
    report: &mut Report<'_>,
) {
    report.checked();
    let case = report.case;
    let comparison = judgement.failed.first();
    let given = given(run, comparison, context);
    let spots = match comparison {
        Some(comparison) => places_of(comparison),
        None => expr::spots(&run.require, context),
    };
    let places: Vec<Place> = spots.iter().take(PLACES).map(|s| place(&case, s)).collect();
    let mut places = places.into_iter();
    let first = places.next().unwrap_or_else(|| nowhere(&case, context));
    let message = run.say.fill(&given, context).text;
    let advice = run.advise.fill(&given, context).text;
    let draft = report.find(message, first);
    for place in places {
        draft.against(place);
    }
    draft.advice(advice);
    for (name, value) in &given {
        draft.arg(name, value);
    }
    let Some(comparison) = comparison else { return };
    if let Some(computed) = comparison.computed() {
        draft.computed(computed);
    }
    draft.derivation(comparison.derivation());
    // Printed figures that contradict each other explain one another; a mere threshold stands for itself.
    let proves = match comparison.operator {
        Operator::Equal | Operator::Is => true,
        Operator::Differs => false,
        _ if draft.finding.severity == Severity::Error => true,
        _ => comparison.left.cell().is_some() && comparison.right.cell().is_some(),
    };
    let added = comparison.left.operands.len() > 1 || comparison.right.operands.len() > 1;
    if proves || added {
        for origin in origins(comparison) {
            draft.input(origin);
        }
    }
    if !proves {
        return;
    }
    if !comparison.left.operands.is_empty() && !comparison.right.operands.is_empty() {
        draft.identity();
    }
}

/// A sum differs from its total by no more than rounding explains.
fn rounding<'a>(
    run: &'a Run,
    comparison: &Comparison<'a>,
    context: Context<'a>,
    report: &mut Report<'_>,
) {
    let case = report.case;
    let mut places = places_of(comparison)
        .into_iter()
        .take(PLACES)
        .map(|s| place(&case, &s));
    let first = places.next().unwrap_or_else(|| nowhere(&case, context));
    let rest: Vec<Place> = places.collect();
    let given = given(run, Some(comparison), context);
    let unit = given
        .get("unit")
        .map(|u| format!(" {u}"))
        .unwrap_or_default();
    let message = format!(
        "相加差 {}{unit}，属四舍五入，不必改",
        comparison.gap_shown()
    );
    let draft = report.find_as(Severity::Hint, message, first);
    for place in rest {
        draft.against(place);
    }
    draft
        .why("各项四舍五入后相加，与合计的差在末位以内")
        .advice("不必改")
        .derivation(comparison.derivation());
    if let Some(computed) = comparison.computed() {
        draft.computed(computed);
    }
    for (name, value) in given {
        draft.arg(&name, value);
    }
}

/// What the templates and the arguments of the finding say.
fn given(
    run: &Run,
    comparison: Option<&Comparison<'_>>,
    context: Context<'_>,
) -> BTreeMap<String, String> {
    let mut given = BTreeMap::new();
    if let Some(comparison) = comparison {
        given.insert("left".into(), comparison.left.shown());
        given.insert("right".into(), comparison.right.shown());
        given.insert("gap".into(), comparison.gap_shown());
        if let Some(unit) = unit(&comparison.left).or_else(|| unit(&comparison.right)) {
            given.insert("unit".into(), unit.into());
        }
    }
    if let Some(col) = &run.col {
        given.insert("col".into(), col.clone());
        let form = context.form.and_then(|f| context.filing.forms.get(f));
        given.insert(
            "col.label".into(),
            form.and_then(|f| column_label(f, col))
                .unwrap_or_else(|| col.clone()),
        );
    }
    given
}

/// The unit in which the values of a side are shown.
fn unit(quantity: &Quantity<'_>) -> Option<&'static str> {
    match quantity.measure? {
        Measure::Money => Some("万元"),
        Measure::Points => Some("分"),
        Measure::Persons => Some("人"),
        Measure::Area => Some("㎡"),
        Measure::Rate | Measure::Number => None,
    }
}

/// The head of a column: as printed, else the definition's.
fn column_label(form: &Form, col: &str) -> Option<String> {
    if let Some((_, head)) = form.heads.iter().find(|(key, _)| key == col) {
        return Some(head.text.replace('\n', ""));
    }
    let suffix = format!(".{col}");
    let field = form.def.fields.iter().find(|f| f.path.ends_with(&suffix))?;
    Some(
        field
            .label
            .rsplit(" · ")
            .next()
            .unwrap_or(&field.label)
            .to_string(),
    )
}

/// The cells of a comparison: a total that stands alone first, then the others as written.
fn places_of<'a>(comparison: &Comparison<'a>) -> Vec<Spot<'a>> {
    let (left, right) = (&comparison.left, &comparison.right);
    let total_is_right = left.cell().is_none() && right.cell().is_some();
    let (first, second) = if total_is_right {
        (right, left)
    } else {
        (left, right)
    };
    let mut spots: Vec<Spot<'a>> = Vec::new();
    for operand in first.operands.iter().chain(&second.operands) {
        if !spots.contains(&operand.spot) {
            spots.push(operand.spot);
        }
    }
    spots
}

/// Where the values of a comparison stand.
fn origins(comparison: &Comparison<'_>) -> Vec<Origin> {
    comparison
        .left
        .operands
        .iter()
        .chain(&comparison.right.operands)
        .map(|o| o.stated.origin)
        .collect()
}

fn place(case: &Case<'_>, spot: &Spot<'_>) -> Place {
    match spot.row {
        Some((list, row)) => case.row_place(spot.form, list, row, spot.path),
        None => case.place(spot.form, spot.path),
    }
}

/// A requirement that names no cell of a form that is there.
fn nowhere(case: &Case<'_>, context: Context<'_>) -> Place {
    match context.form {
        Some(form) => case.absent(form, ""),
        None => case.absent_in_package(""),
    }
}
