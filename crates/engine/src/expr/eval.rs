//! A bound expression and a filing come in; its value with derivation, or why there is none, goes out.

use super::ast::{Call, Operator};
use super::bind::{Bound, Cell, Many};
use super::compare::{self, Comparison, Verdict};
use super::quantity::{Operand, Quantity, Spot, shown};
use super::types::{Measure, Type};
use jiheng_model::value::ValueKind;
use jiheng_model::{Date, Decimal, Filing, Form, Stated};

/// Where an expression is evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The package.
    pub filing: &'a Filing,
    /// The form in scope, as index in `Filing::forms`.
    pub form: Option<usize>,
    /// The row in scope, from 0.
    pub row: Option<usize>,
}

/// A value on the way.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// There is none.
    Missing(Missing),
    /// True or false.
    Truth(bool),
    /// Words.
    Text(String),
    /// A date.
    Date(Date),
    /// An indicator's value as printed.
    Printed(&'a Stated),
    /// A number.
    Number(Quantity<'a>),
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The cell is blank.
    Blank(String),
    /// "—" or the like is printed.
    NotApplicable(String),
    /// The form has no such cell.
    Absent(String),
    /// What is printed is no number of the kind.
    NotNumber(String),
    /// The package has no form of the kind.
    NoForm(String),
    /// The package has several forms of the kind, and nothing says which is meant.
    ManyForms(String),
    /// A list without rows.
    NoRows,
    /// The divisor is zero.
    Zero,
    /// A number too long to be exact.
    TooLong,
}

impl Missing {
    /// The reason for people; `forms` names the kinds of forms.
    pub fn why(&self, title: impl Fn(&str) -> String) -> String {
        match self {
            Missing::Blank(label) => format!("“{label}”没有填"),
            Missing::NotApplicable(label) => format!("“{label}”填的是不适用"),
            Missing::Absent(label) => format!("表里没有“{label}”"),
            Missing::NotNumber(label) => format!("“{label}”填的不是能比较的数"),
            Missing::NoForm(kind) => format!("材料里没有{}", title(kind)),
            Missing::ManyForms(kind) => format!("{}不止一张，不知道以哪张比", title(kind)),
            Missing::NoRows => "清单里没有行".into(),
            Missing::Zero => "除数为 0，算不出".into(),
            Missing::TooLong => "数字太长，算不出".into(),
        }
    }

    /// Nothing is printed there at all: a blank or an absent cell.
    pub fn is_nothing(&self) -> bool {
        matches!(
            self,
            Missing::Blank(_) | Missing::NotApplicable(_) | Missing::Absent(_) | Missing::NoRows
        )
    }
}

/// What a requirement comes to.
#[derive(Clone, Debug, Default)]
pub struct Judgement<'a> {
    /// `None`: not enough data.
    pub truth: Option<bool>,
    /// Why data are missing.
    pub missing: Vec<Missing>,
    /// Comparisons that failed and decide.
    pub failed: Vec<Comparison<'a>>,
    /// Comparisons that hold within rounding only.
    pub rounding: Vec<Comparison<'a>>,
    /// Comparisons that hold.
    pub held: Vec<Comparison<'a>>,
    /// Printed values of the side that could be read, when the other could not.
    pub printed: usize,
}

/// Decides a requirement. Anything that is no condition has no truth.
pub fn judge<'a>(bound: &'a Bound, context: Context<'a>) -> Judgement<'a> {
    match bound {
        Bound::Binary(Operator::And, left, right) => {
            let (l, r) = (judge(left, context), judge(right, context));
            let truth = match (l.truth, r.truth) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
            merge(truth, l, r)
        }
        Bound::Binary(Operator::Or, left, right) => {
            let (l, r) = (judge(left, context), judge(right, context));
            let truth = match (l.truth, r.truth) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
            let mut both = merge(truth, l, r);
            if truth != Some(false) {
                both.failed.clear();
            }
            both
        }
        Bound::Not(inner) => {
            let inner = judge(inner, context);
            Judgement {
                truth: inner.truth.map(|t| !t),
                missing: inner.missing,
                printed: inner.printed,
                ..Judgement::default()
            }
        }
        Bound::Binary(operator, left, right) if operator.compares() => {
            comparison(*operator, value(left, context), value(right, context))
        }
        other => match value(other, context) {
            Value::Truth(truth) => Judgement {
                truth: Some(truth),
                ..Judgement::default()
            },
            Value::Missing(missing) => Judgement {
                missing: vec![missing],
                ..Judgement::default()
            },
            _ => Judgement::default(),
        },
    }
}

/// The truth of a guard; `None` when data are missing.
pub fn truth(bound: &Bound, context: Context<'_>) -> Option<bool> {
    judge(bound, context).truth
}

fn merge<'a>(truth: Option<bool>, mut left: Judgement<'a>, right: Judgement<'a>) -> Judgement<'a> {
    left.truth = truth;
    left.missing.extend(right.missing);
    left.failed.extend(right.failed);
    left.rounding.extend(right.rounding);
    left.held.extend(right.held);
    left.printed += right.printed;
    left
}

fn comparison<'a>(operator: Operator, left: Value<'a>, right: Value<'a>) -> Judgement<'a> {
    let mut judgement = Judgement::default();
    let equal = |same: bool| match operator {
        Operator::Equal | Operator::Is => Some(same),
        Operator::Differs => Some(!same),
        _ => None,
    };
    let ordered = |order: std::cmp::Ordering| match operator {
        Operator::Less => Some(order.is_lt()),
        Operator::AtMost => Some(order.is_le()),
        Operator::More => Some(order.is_gt()),
        Operator::AtLeast => Some(order.is_ge()),
        _ => equal(order.is_eq()),
    };
    judgement.truth = match (left, right) {
        (Value::Number(l), Value::Number(r)) => {
            let compared = compare::compare(operator, l, r);
            match compared {
                None => {
                    judgement.missing.push(Missing::TooLong);
                    None
                }
                Some(compared) => {
                    let fails = compared.verdict == Verdict::Fails;
                    match compared.verdict {
                        Verdict::Fails => judgement.failed.push(compared),
                        Verdict::Rounding => judgement.rounding.push(compared),
                        Verdict::Holds => judgement.held.push(compared),
                    }
                    Some(!fails)
                }
            }
        }
        (Value::Text(l), Value::Text(r)) => equal(bare(&l) == bare(&r)),
        (Value::Truth(l), Value::Truth(r)) => equal(l == r),
        (Value::Date(l), Value::Date(r)) => ordered(l.latest().cmp(&r.latest())),
        (Value::Printed(l), Value::Printed(r)) => {
            equal(l.value == r.value || bare(&l.text) == bare(&r.text))
        }
        (Value::Printed(p), Value::Text(t)) | (Value::Text(t), Value::Printed(p)) => {
            equal(bare(&p.text) == bare(&t))
        }
        (Value::Missing(m), Value::Missing(n)) => {
            judgement.missing.extend([m, n]);
            None
        }
        (Value::Missing(m), other) | (other, Value::Missing(m)) => {
            judgement.missing.push(m);
            judgement.printed = printed(&other);
            None
        }
        _ => None,
    };
    judgement
}

/// How many printed values stand behind a value.
fn printed(value: &Value<'_>) -> usize {
    match value {
        Value::Missing(_) => 0,
        Value::Number(q) => q.operands.len(),
        _ => 1,
    }
}

fn bare(text: &str) -> String {
    jiheng_model::label::normalise(text)
}

/// The value of an expression.
pub fn value<'a>(bound: &'a Bound, context: Context<'a>) -> Value<'a> {
    match bound {
        Bound::Number(n, measure) => Value::Number(Quantity::bare(*n, *measure)),
        Bound::Text(t) => Value::Text(t.clone()),
        Bound::Truth(t) => Value::Truth(*t),
        Bound::Cell(cell) => match look(cell, context) {
            Ok((stated, spot)) => read(cell, stated, spot),
            Err(missing) => Value::Missing(missing),
        },
        Bound::Over(call, many, inner) => over(*call, many, inner, context),
        Bound::Call(call, arguments) => function(*call, arguments, context),
        Bound::Minus(inner) => match value(inner, context) {
            Value::Number(q) => negate(q),
            other => other,
        },
        Bound::Not(_) => condition(bound, context),
        Bound::Binary(operator, ..) if operator.compares() || operator.power() <= 2 => {
            condition(bound, context)
        }
        Bound::Binary(operator, left, right) => {
            arithmetic(*operator, value(left, context), value(right, context))
        }
    }
}

fn condition<'a>(bound: &'a Bound, context: Context<'a>) -> Value<'a> {
    let judgement = judge(bound, context);
    match judgement.truth {
        Some(truth) => Value::Truth(truth),
        None => Value::Missing(
            judgement
                .missing
                .into_iter()
                .next()
                .unwrap_or(Missing::TooLong),
        ),
    }
}

/// The cells that a condition names, in order; those of forms that are not there are left out.
pub fn spots<'a>(bound: &'a Bound, context: Context<'a>) -> Vec<Spot<'a>> {
    let mut cells = Vec::new();
    bound.cells(&mut cells);
    let spot = |cell: &&'a Cell| {
        let form = match &cell.form {
            Some(kind) => only(context.filing, kind).ok()?,
            None => context.form?,
        };
        let row = match &cell.list {
            Some(list) => Some((&**list, context.row?)),
            None => None,
        };
        Some(Spot {
            form,
            path: &cell.path,
            row,
        })
    };
    cells.iter().filter_map(spot).collect()
}

/// The cell itself.
fn look<'a>(cell: &'a Cell, context: Context<'a>) -> Result<(&'a Stated, Spot<'a>), Missing> {
    let label = || cell.label.to_string();
    let form = match &cell.form {
        Some(kind) => only(context.filing, kind)?,
        None => context.form.ok_or_else(|| Missing::Absent(label()))?,
    };
    let filled = context
        .filing
        .forms
        .get(form)
        .ok_or_else(|| Missing::Absent(label()))?;
    let Some(list) = &cell.list else {
        let stated = field(filled, cell).ok_or_else(|| Missing::Absent(label()))?;
        return Ok((
            stated,
            Spot {
                form,
                path: &cell.path,
                row: None,
            },
        ));
    };
    let number = context.row.ok_or_else(|| Missing::Absent(label()))?;
    let row = filled
        .rows(list)
        .get(number)
        .ok_or_else(|| Missing::Absent(label()))?;
    let stated = filled
        .cell(list, row, &cell.path)
        .ok_or_else(|| Missing::Absent(label()))?;
    Ok((
        stated,
        Spot {
            form,
            path: &cell.path,
            row: Some((list, number)),
        },
    ))
}

/// The only form of a kind.
fn only(filing: &Filing, kind: &str) -> Result<usize, Missing> {
    let mut forms = filing
        .forms
        .iter()
        .enumerate()
        .filter(|(_, f)| f.kind() == kind);
    match (forms.next(), forms.next()) {
        (Some((index, _)), None) => Ok(index),
        (None, _) => Err(Missing::NoForm(kind.to_string())),
        _ => Err(Missing::ManyForms(kind.to_string())),
    }
}

/// A field by its slot; by its path when the form was filled under another edition of the definition.
fn field<'a>(form: &'a Form, cell: &Cell) -> Option<&'a Stated> {
    let known = form
        .def
        .fields
        .get(cell.slot as usize)
        .is_some_and(|f| f.path == *cell.path);
    if known {
        form.at(cell.slot)
    } else {
        form.get(&cell.path)
    }
}

/// What a cell means under the type of its field.
fn read<'a>(cell: &Cell, stated: &'a Stated, spot: Spot<'a>) -> Value<'a> {
    let label = cell.label.to_string();
    match (&stated.value.kind, cell.ty) {
        (ValueKind::Blank, _) => Value::Missing(Missing::Blank(label)),
        (ValueKind::NotApplicable, _) => Value::Missing(Missing::NotApplicable(label)),
        (_, Type::Of(measure)) => match Quantity::printed(stated, measure, spot) {
            Some(quantity) => Value::Number(quantity),
            None => Value::Missing(Missing::NotNumber(label)),
        },
        (ValueKind::Date(date), Type::Date) => Value::Date(*date),
        (_, Type::Date) => Value::Missing(Missing::NotNumber(label)),
        (_, Type::Any) => Value::Printed(stated),
        _ => Value::Text(stated.text.clone()),
    }
}

/// A sum or count over rows or forms. Blank cells count as nothing.
fn over<'a>(call: Call, many: &'a Many, inner: &'a Bound, context: Context<'a>) -> Value<'a> {
    let contexts: Vec<Context<'a>> = match many {
        Many::Forms(kind) => context
            .filing
            .forms
            .iter()
            .enumerate()
            .filter(|(_, f)| *f.kind() == **kind)
            .map(|(index, _)| Context {
                form: Some(index),
                row: None,
                ..context
            })
            .collect(),
        Many::Rows(kind, list) => {
            let form = match kind {
                Some(kind) => only(context.filing, kind),
                None => context.form.ok_or(Missing::NoRows),
            };
            match form {
                Err(missing) => return Value::Missing(missing),
                Ok(form) => {
                    let rows = context
                        .filing
                        .forms
                        .get(form)
                        .map_or(0, |f| f.rows(list).len());
                    (0..rows)
                        .map(|row| Context {
                            form: Some(form),
                            row: Some(row),
                            ..context
                        })
                        .collect()
                }
            }
        }
    };
    if call == Call::Count {
        let counts = |c: &Context<'a>| match value(inner, *c) {
            Value::Missing(_) => false,
            Value::Truth(truth) => truth,
            _ => true,
        };
        let number = Decimal::from(contexts.iter().filter(|c| counts(c)).count());
        return Value::Number(Quantity::bare(number, Some(Measure::Number)));
    }
    let mut sum: Option<Value<'a>> = None;
    for inside in contexts {
        match value(inner, inside) {
            Value::Missing(missing) if missing.is_nothing() => {}
            Value::Missing(missing) => return Value::Missing(missing),
            next => {
                sum = Some(match sum {
                    None => next,
                    Some(sofar) => arithmetic(Operator::Plus, sofar, next),
                });
            }
        }
    }
    match sum {
        Some(Value::Number(mut sum)) => {
            // A sum of one is a sum: its only addend is not a copy.
            sum.power = sum.power.min(if sum.operands.len() == 1 { 8 } else { 9 });
            Value::Number(sum)
        }
        Some(other) => other,
        None => Value::Missing(Missing::NoRows),
    }
}

fn function<'a>(call: Call, arguments: &'a [Bound], context: Context<'a>) -> Value<'a> {
    if let (Call::Blank | Call::Present, [Bound::Cell(cell)]) = (call, arguments) {
        return match look(cell, context) {
            Ok((stated, _)) if call == Call::Blank => Value::Truth(stated.value.is_blank()),
            Ok((stated, _)) => Value::Truth(stated.value.is_present()),
            Err(Missing::Absent(_)) if call == Call::Present => Value::Truth(false),
            Err(missing) => Value::Missing(missing),
        };
    }
    let mut values = Vec::new();
    for argument in arguments {
        match value(argument, context) {
            Value::Number(q) => values.push(q),
            Value::Missing(missing) => return Value::Missing(missing),
            _ => return Value::Missing(Missing::TooLong),
        }
    }
    let mut values = values.into_iter();
    let Some(first) = values.next() else {
        return Value::Missing(Missing::TooLong);
    };
    Value::Number(match call {
        Call::Abs => Quantity {
            value: first.value.abs(),
            text: format!("|{}|", first.text),
            ..opaque(first)
        },
        Call::Round => {
            let digits = values
                .next()
                .and_then(|d| u32::try_from(d.value).ok())
                .unwrap_or_default();
            let digits = if first.measure == Some(Measure::Rate) {
                digits + 2
            } else {
                digits
            };
            let value = jiheng_model::scorecard::round(first.value, digits);
            Quantity {
                value,
                places: digits,
                text: format!("四舍五入({})", first.text),
                ..opaque(first)
            }
        }
        Call::Rate => Quantity {
            recomputed: true,
            measure: Some(Measure::Rate),
            ..first
        },
        Call::Percent => Quantity {
            measure: Some(Measure::Rate),
            places: first.places.max(4),
            ..first
        },
        Call::Min | Call::Max => {
            let mut texts = vec![first.text.clone()];
            let mut best = opaque(first);
            for next in values {
                texts.push(next.text.clone());
                let wins = if call == Call::Min {
                    next.value < best.value
                } else {
                    next.value > best.value
                };
                best.operands
                    .extend(next.operands.into_iter().map(unlinked));
                if wins {
                    (best.value, best.places) = (next.value, next.places);
                }
                best.measure = best.measure.or(next.measure);
            }
            let name = if call == Call::Min {
                "最小"
            } else {
                "最大"
            };
            Quantity {
                text: format!("{name}({})", texts.join("，")),
                ..best
            }
        }
        _ => return Value::Missing(Missing::TooLong),
    })
}

/// The same number as something computed otherwise than by a sum.
fn opaque(quantity: Quantity<'_>) -> Quantity<'_> {
    let operands = quantity.operands.into_iter().map(unlinked).collect();
    Quantity {
        operands,
        power: 8,
        ..quantity
    }
}

fn unlinked(operand: Operand<'_>) -> Operand<'_> {
    Operand {
        times: None,
        ..operand
    }
}

fn negate(quantity: Quantity<'_>) -> Value<'_> {
    let operands = scale(quantity.operands, Decimal::NEGATIVE_ONE);
    let text = format!("−{}", bracketed(&quantity.text, quantity.power, 7));
    Value::Number(Quantity {
        value: -quantity.value,
        operands,
        text,
        power: 7,
        ..quantity
    })
}

/// Sums, differences, products and quotients. A blank addend counts as nothing.
fn arithmetic<'a>(operator: Operator, left: Value<'a>, right: Value<'a>) -> Value<'a> {
    let (l, r) = match (left, right) {
        (Value::Number(l), Value::Number(r)) => (l, r),
        (Value::Number(q), Value::Missing(m)) | (Value::Missing(m), Value::Number(q))
            if operator == Operator::Plus
                && matches!(m, Missing::Blank(_) | Missing::NotApplicable(_)) =>
        {
            // What remains is a sum of one addend, not a copied figure.
            return Value::Number(Quantity {
                power: q.power.min(8),
                ..q
            });
        }
        (Value::Missing(m), Value::Missing(n)) => {
            return Value::Missing(if m.is_nothing() { n } else { m });
        }
        (Value::Missing(m), _) | (_, Value::Missing(m)) => return Value::Missing(m),
        _ => return Value::Missing(Missing::TooLong),
    };
    let result = match operator {
        Operator::Plus => l.value.checked_add(r.value),
        Operator::Minus => l.value.checked_sub(r.value),
        Operator::Times => l.value.checked_mul(r.value),
        _ if r.value.is_zero() => return Value::Missing(Missing::Zero),
        _ => l.value.checked_div(r.value),
    };
    let Some(result) = result else {
        return Value::Missing(Missing::TooLong);
    };
    let (measure, places) = match operator {
        Operator::Plus | Operator::Minus => (l.measure.or(r.measure), l.places.max(r.places)),
        Operator::Over if l.measure.is_some() && l.measure == r.measure => (Some(Measure::Rate), 4),
        Operator::Over => (l.measure, l.places.max(2)),
        _ => {
            let measure = match (l.measure, r.measure) {
                (Some(Measure::Rate | Measure::Number), Some(m)) => Some(m),
                (a, b) => a.or(b),
            };
            (measure, l.places.max(r.places).min(result.scale()).max(2))
        }
    };
    let linear = |q: &Quantity<'a>| q.operands.is_empty();
    let operands = match operator {
        Operator::Plus => join(l.operands.clone(), r.operands.clone()),
        Operator::Minus => join(
            l.operands.clone(),
            scale(r.operands.clone(), Decimal::NEGATIVE_ONE),
        ),
        Operator::Times if linear(&r) => scale(l.operands.clone(), r.value),
        Operator::Times if linear(&l) => scale(r.operands.clone(), l.value),
        Operator::Over if linear(&r) => match Decimal::ONE.checked_div(r.value) {
            Some(factor) => scale(l.operands.clone(), factor),
            None => l.operands.clone(),
        },
        _ => join(l.operands.clone(), r.operands.clone())
            .into_iter()
            .map(unlinked)
            .collect(),
    };
    let sign = match operator {
        Operator::Plus => "+",
        Operator::Minus => "−",
        Operator::Times => "×",
        _ => "÷",
    };
    let power = operator.power();
    let text = format!(
        "{} {sign} {}",
        bracketed(&l.text, l.power, power),
        bracketed(&r.text, r.power, power + 1)
    );
    Value::Number(Quantity {
        value: result,
        measure,
        places,
        text,
        power,
        operands,
        recomputed: l.recomputed || r.recomputed,
    })
}

fn bracketed(text: &str, power: u8, least: u8) -> String {
    if power < least {
        format!("（{text}）")
    } else {
        text.to_string()
    }
}

fn join<'a>(mut left: Vec<Operand<'a>>, right: Vec<Operand<'a>>) -> Vec<Operand<'a>> {
    left.extend(right);
    left
}

fn scale(operands: Vec<Operand<'_>>, factor: Decimal) -> Vec<Operand<'_>> {
    let times = |t: Option<Decimal>| t.and_then(|t| t.checked_mul(factor));
    operands
        .into_iter()
        .map(|o| Operand {
            times: times(o.times),
            ..o
        })
        .collect()
}

impl Value<'_> {
    /// As shown in a message.
    pub fn shown(&self) -> Option<String> {
        match self {
            Value::Missing(_) => None,
            Value::Truth(truth) => Some(if *truth { "是" } else { "否" }.into()),
            Value::Text(text) => Some(text.replace('\n', "")),
            Value::Printed(stated) => Some(stated.text.replace('\n', "")),
            Value::Date(date) => Some(date.to_string()),
            Value::Number(q) => Some(shown(q.value, q.measure, q.places)),
        }
    }
}
