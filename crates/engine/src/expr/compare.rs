//! Two numbers and an operator come in; whether they agree, within what rounding, and the gap go out.

use super::ast::Operator;
use super::quantity::{Quantity, shown};
use jiheng_model::Decimal;

/// Two sides that were compared.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// How.
    pub operator: Operator,
    /// The left side.
    pub left: Quantity<'a>,
    /// The right side.
    pub right: Quantity<'a>,
    /// Left minus right.
    pub gap: Decimal,
    /// Up to which gap the printed figures agree.
    pub tolerance: Decimal,
    /// What it comes to.
    pub verdict: Verdict,
}

/// What a comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// A sum that differs from its total by no more than rounding explains.
    Rounding,
    /// It does not hold.
    Fails,
}

/// Compares two numbers; `None` when the gap is too long to be exact.
pub fn compare<'a>(
    operator: Operator,
    left: Quantity<'a>,
    right: Quantity<'a>,
) -> Option<Comparison<'a>> {
    let gap = left.value.checked_sub(right.value)?;
    let (mut left, mut right) = (left, right);
    if left.recomputed || right.recomputed {
        // A rate recomputed is shown with as many digits as the printed one, two at least.
        let places = left.places.max(right.places);
        for side in [&mut left, &mut right].into_iter().filter(|s| s.recomputed) {
            side.places = places;
        }
    }
    let tolerance = tolerance(operator, &left, &right)?;
    let within = gap.abs() <= tolerance;
    let holds = |truth: bool| {
        if truth {
            Verdict::Holds
        } else {
            Verdict::Fails
        }
    };
    let recomputed = left.recomputed || right.recomputed;
    let verdict = match operator {
        Operator::Equal if recomputed => holds(within),
        Operator::Equal if gap.is_zero() => Verdict::Holds,
        Operator::Equal if within => Verdict::Rounding,
        Operator::Is => holds(within),
        Operator::Differs => holds(!gap.is_zero()),
        Operator::Less => holds(gap < Decimal::ZERO),
        Operator::More => holds(gap > Decimal::ZERO),
        Operator::AtMost => holds(gap <= tolerance),
        Operator::AtLeast => holds(gap >= -tolerance),
        _ => Verdict::Fails,
    };
    Some(Comparison {
        operator,
        left,
        right,
        gap,
        tolerance,
        verdict,
    })
}

/// The gap that rounding of the printed figures explains.
///
/// A sum of n printed addends against its printed total: (n + 1) × half a unit of the last printed
/// place. Addends share the finest place printed among them, since a trailing zero is often dropped
/// (62.2 beside 97.43 is 62.20); a total that stands alone keeps its own place. A recomputed rate:
/// half a unit of the printed rate's last place. A copied figure: none, or the rounding to the
/// coarser unit when two units are printed.
fn tolerance(operator: Operator, left: &Quantity<'_>, right: &Quantity<'_>) -> Option<Decimal> {
    if left.recomputed || right.recomputed {
        let printed = if left.recomputed { right } else { left };
        return slack(printed);
    }
    if operator == Operator::Is {
        return Some(match (left.cell(), right.cell()) {
            (Some(l), Some(r)) if l.stated.value.unit != r.stated.value.unit => l.half.max(r.half),
            _ => Decimal::ZERO,
        });
    }
    slack(left)?.checked_add(slack(right)?)
}

/// How far a number may be off because its printed operands are rounded.
fn slack(quantity: &Quantity<'_>) -> Option<Decimal> {
    let finest = quantity
        .operands
        .iter()
        .map(|o| o.half)
        .min()
        .unwrap_or_default();
    let mut slack = Decimal::ZERO;
    for times in quantity.operands.iter().filter_map(|o| o.times) {
        slack = slack.checked_add(times.abs().checked_mul(finest)?)?;
    }
    Some(slack)
}

impl<'a> Comparison<'a> {
    /// "4.85 + 2.71 = 7.56", or the difference of two stated figures: "1117.90 − 999.14 = 118.76".
    pub fn derivation(&self) -> String {
        match (self.left.cell().is_some(), self.right.cell().is_some()) {
            (true, true) => {
                let (more, less) = if self.gap.is_sign_negative() {
                    (&self.right, &self.left)
                } else {
                    (&self.left, &self.right)
                };
                format!("{} − {} = {}", more.shown(), less.shown(), self.gap_shown())
            }
            (true, false) => self.right.derivation(),
            (false, true) => self.left.derivation(),
            (false, false) if self.right.operands.is_empty() => self.left.derivation(),
            (false, false) if self.left.operands.is_empty() => self.right.derivation(),
            (false, false) => format!("{}；{}", self.left.derivation(), self.right.derivation()),
        }
    }

    /// The gap without its sign.
    pub fn gap_shown(&self) -> String {
        let places = self.left.places.max(self.right.places);
        shown(
            self.gap.abs(),
            self.left.measure.or(self.right.measure),
            places,
        )
    }

    /// The computed side as shown, when one side is printed and the other computed from printed values.
    pub fn computed(&self) -> Option<String> {
        match (self.left.cell().is_some(), self.right.cell().is_some()) {
            (true, false) => Some(self.right.shown()),
            (false, true) => Some(self.left.shown()),
            _ => None,
        }
    }
}
