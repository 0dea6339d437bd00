//! A filing and the rulebook's ratios (共性指标, as data) come in; each ratio with its tree goes out.
//!
//! A ratio is a line of the parameter `ratios`: key = [label, kind, numerator, denominator, basis …].
//! Kinds: `quotient` a ÷ b, `change` (a − b) ÷ b. An operand is a form's id and a path, joined by
//! a dot; several may be joined by " + " or " - ".

use super::form::{leaf, plain};
use crate::rulebook::Rulebook;
use jiheng_model::scorecard::round;
use jiheng_model::{Computed, Decimal, Filing, Form, Trace, Unit};

/// Computes every ratio of the rulebook.
pub fn ratios(filing: &Filing, rulebook: &Rulebook) -> Vec<Computed> {
    let Some(dictionary) = rulebook.dictionary("ratios") else {
        return Vec::new();
    };
    dictionary
        .iter()
        .filter_map(|(key, line)| ratio(filing, key, line))
        .collect()
}

fn ratio(filing: &Filing, key: &str, line: &[String]) -> Option<Computed> {
    let [label, kind, numerator, denominator, basis @ ..] = line else {
        return None;
    };
    let key = format!("ratio.{key}");
    let missing = |why: String| {
        Some(Computed {
            basis: basis.to_vec(),
            ..Computed::missing(key.clone(), label.clone(), why)
        })
    };
    let mut inputs = Vec::new();
    let a = match operand(filing, numerator, &mut inputs) {
        Ok(value) => value,
        Err(why) => return missing(why),
    };
    let b = match operand(filing, denominator, &mut inputs) {
        Ok(value) => value,
        Err(why) => return missing(why),
    };
    if b.is_zero() {
        return missing("分母为零，不能计算".into());
    }
    let change = kind == "change";
    let above = if change { a.checked_sub(b) } else { Some(a) };
    let value = above
        .and_then(|n| n.checked_div(b))
        .and_then(|r| r.checked_mul(Decimal::ONE_HUNDRED));
    let Some(value) = value else {
        return missing("数太大，不能计算".into());
    };
    let (formula, numbers) = if change {
        (
            "（本期 − 上期）÷ 上期",
            format!("({} − {b}) ÷ {b}", a, b = plain(b)),
        )
    } else {
        ("分子 ÷ 分母", format!("{} ÷ {}", plain(a), plain(b)))
    };
    Some(Computed {
        key,
        label: label.clone(),
        value: Some(value),
        places: 2,
        unit: Some(Unit::percent()),
        trace: Trace::Formula {
            formula: formula.into(),
            numbers,
            result: format!("{}%", round(value, 2)),
            inputs,
        },
        basis: basis.to_vec(),
    })
}

/// The value of "baseline.projects.budget" or of such terms joined by signs; a blank cell of a sum is nothing.
fn operand(filing: &Filing, expression: &str, inputs: &mut Vec<Trace>) -> Result<Decimal, String> {
    let mut sum = Decimal::ZERO;
    let mut sign = Decimal::ONE;
    for word in expression.split(' ').filter(|w| !w.is_empty()) {
        match word {
            "+" => sign = Decimal::ONE,
            "-" => sign = Decimal::NEGATIVE_ONE,
            term => {
                let value = cell(filing, term, inputs)?;
                sum = value
                    .checked_mul(sign)
                    .and_then(|v| sum.checked_add(v))
                    .ok_or("数太大，不能计算")?;
            }
        }
    }
    Ok(sum)
}

fn cell(filing: &Filing, term: &str, inputs: &mut Vec<Trace>) -> Result<Decimal, String> {
    let (kind, path) = term.split_once('.').ok_or("比率的写法不对")?;
    let form: &Form = filing.one(kind).ok_or("没有放入所需的表")?;
    if form.def.slot(path).is_none() {
        return Err("表中没有这个比率所需的栏目".into());
    }
    let label = form.def.label(path);
    let stated = form.get(path).ok_or_else(|| format!("表中没有“{label}”"))?;
    let value = stated
        .number_in(&Unit::wan_yuan())
        .or_else(|| stated.number())
        .ok_or_else(|| format!("“{label}”没有填数"))?;
    inputs.push(leaf(label, stated));
    Ok(value)
}
