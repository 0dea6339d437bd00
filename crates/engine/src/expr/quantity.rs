//! Printed numbers come in; numbers in one unit, with the cells that entered and how they are shown, go out.

use super::types::Measure;
use jiheng_model::value::ValueKind;
use jiheng_model::{Decimal, Dimension, Stated, Unit};

/// The cell of a form or of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot<'a> {
    /// Index in `Filing::forms`.
    pub form: usize,
    /// The field's path, or the column's key.
    pub path: &'a str,
    /// The list's key and the row from 0, for cells of a list.
    pub row: Option<(&'a str, usize)>,
}

/// A printed number that entered a computation.
#[derive(Clone, Debug)]
pub struct Operand<'a> {
    /// The cell.
    pub spot: Spot<'a>,
    /// As printed.
    pub stated: &'a Stated,
    /// In the unit of its measure: 万元, 1, 分, 人, ㎡.
    pub value: Decimal,
    /// Half a unit of its last printed place, in the unit of its measure.
    pub half: Decimal,
    /// How often it entered, with its sign; `None` when it did not enter as a term.
    pub times: Option<Decimal>,
}

/// A number on the way through an expression.
#[derive(Clone, Debug)]
pub struct Quantity<'a> {
    /// The number, in the unit of its measure.
    pub value: Decimal,
    /// What it measures; `None` for a bare number.
    pub measure: Option<Measure>,
    /// Digits after the point when shown.
    pub places: u32,
    /// With numbers in place of names: "4.85 + 2.71".
    pub text: String,
    /// How tightly the whole text binds, as operators do.
    pub power: u8,
    /// Printed numbers that entered, in order.
    pub operands: Vec<Operand<'a>>,
    /// It is a rate that was recomputed.
    pub recomputed: bool,
}

impl<'a> Quantity<'a> {
    /// A number of the rule itself.
    pub fn bare(value: Decimal, measure: Option<Measure>) -> Quantity<'a> {
        let places = value.scale();
        let text = shown(value, measure, places);
        Quantity {
            value,
            measure,
            places,
            text,
            power: 9,
            operands: Vec::new(),
            recomputed: false,
        }
    }

    /// The number printed in a cell; `None` when it is no number of this measure.
    pub fn printed(stated: &'a Stated, measure: Measure, spot: Spot<'a>) -> Option<Quantity<'a>> {
        let (value, half) = canonical(stated, measure)?;
        let places = value.scale();
        Some(Quantity {
            value,
            measure: Some(measure),
            places,
            text: shown(value, Some(measure), places),
            power: 9,
            operands: vec![Operand {
                spot,
                stated,
                value,
                half,
                times: Some(Decimal::ONE),
            }],
            recomputed: false,
        })
    }

    /// It is a cell just as it is printed.
    pub fn cell(&self) -> Option<&Operand<'a>> {
        match self.operands.as_slice() {
            [only] if self.power == 9 && only.value == self.value => Some(only),
            _ => None,
        }
    }

    /// As shown to people, with a percent sign for rates.
    pub fn shown(&self) -> String {
        shown(self.value, self.measure, self.places)
    }

    /// "4.85 + 2.71 = 7.56"; only the number when nothing was computed.
    pub fn derivation(&self) -> String {
        let shown = self.shown();
        if self.text == shown {
            shown
        } else {
            format!("{} = {shown}", self.text)
        }
    }
}

/// A number as people read it: rates with a percent sign, minus as "−".
pub fn shown(value: Decimal, measure: Option<Measure>, places: u32) -> String {
    let (number, places, sign) = match measure {
        // A fraction of four digits is a percentage of two.
        Some(Measure::Rate) => match value.checked_mul(Decimal::ONE_HUNDRED) {
            Some(percent) => (percent, places.saturating_sub(2), "%"),
            None => (value, places, ""),
        },
        _ => (value, places, ""),
    };
    let rounded = jiheng_model::scorecard::round(number, places);
    let text = format!("{rounded:.*}{sign}", places as usize);
    match text.strip_prefix('-') {
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// The number of a cell and half its last place, in the unit of the measure.
fn canonical(stated: &Stated, measure: Measure) -> Option<(Decimal, Decimal)> {
    let (number, half) = (stated.number()?, stated.half_unit()?);
    if measure == Measure::Rate {
        return rate(stated, number, half);
    }
    if matches!(stated.value.kind, ValueKind::Percent(_)) {
        return None;
    }
    let Some(unit) = &stated.value.unit else {
        return Some((number, half));
    };
    let (target, fits) = match measure {
        Measure::Money => (Unit::wan_yuan(), unit.dimension == Dimension::Money),
        Measure::Points => (Unit::of("分"), unit.dimension == Dimension::Points),
        Measure::Persons => (
            Unit::of("人"),
            matches!(unit.dimension, Dimension::Person | Dimension::Count),
        ),
        Measure::Area => (Unit::of("㎡"), unit.dimension == Dimension::Area),
        Measure::Number | Measure::Rate => return Some((number, half)),
    };
    if unit.dimension == Dimension::Count {
        return Some((number, half));
    }
    if !fits {
        return None;
    }
    Some((unit.convert(number, &target)?, unit.convert(half, &target)?))
}

/// A rate as a fraction. Without a percent sign, a number up to 2 is taken as a fraction and one from
/// 10 as a percentage; between them nobody can say.
fn rate(stated: &Stated, number: Decimal, half: Decimal) -> Option<(Decimal, Decimal)> {
    let percent = matches!(stated.value.kind, ValueKind::Percent(_))
        || (stated.value.unit_printed
            && stated
                .value
                .unit
                .as_ref()
                .is_some_and(|u| &*u.symbol == "%"));
    let hundredth = |d: Decimal| d.checked_mul(Decimal::new(1, 2));
    if percent || number.abs() >= Decimal::TEN {
        return Some((hundredth(number)?, hundredth(half)?));
    }
    (number.abs() <= Decimal::TWO).then_some((number, half))
}
