//! A printed string comes in; the value it stands for, without loss, goes out.
//!
//! Blank, zero and 不适用 ("—", "/") are three different values (invariant 6).

use crate::origin::Origin;
use crate::unit::Unit;
use rust_decimal::Decimal;
use serde::Serialize;
use std::fmt;

/// A value as it was written (填报值): the printed text, what it means, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// The text as printed, white space at both ends removed, lines kept.
    pub text: String,
    /// What it means.
    pub value: Value,
    /// Where it stands.
    pub origin: Origin,
    /// How the place was recognised.
    pub how: Recognised,
}

/// How a value's field was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recognised {
    /// The printed label is the form's own.
    Exact,
    /// A synonym of the label.
    Synonym,
    /// By its position between labels that were recognised.
    Position,
}

/// The meaning of a printed string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// `≥ ≤ > < =` before the number, if printed.
    pub operator: Option<Operator>,
    /// What kind of value it is.
    pub kind: ValueKind,
    /// The unit printed with it, or the one its column, form or title gives.
    pub unit: Option<Unit>,
    /// The unit stands in the printed text itself.
    pub unit_printed: bool,
}

/// Kinds of values. `Number` and `Percent` keep the printed scale: "10" and "10.00" differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Nothing is printed.
    Blank,
    /// "—", "/", "不适用" or the like is printed.
    NotApplicable,
    /// A number, with the digits after the point that were printed.
    Number(Decimal),
    /// A percentage; `98.56%` is 98.56 here, not 0.9856.
    Percent(Decimal),
    /// A day, month or year.
    Date(Date),
    /// Anything else.
    Text,
}

/// A comparison sign before a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Operator {
    /// ≥, 不少于, 不低于, 以上
    #[serde(rename = "≥")]
    AtLeast,
    /// ≤, 不超过, 以内
    #[serde(rename = "≤")]
    AtMost,
    /// >, 大于, 超过
    #[serde(rename = ">")]
    MoreThan,
    /// <, 小于, 低于
    #[serde(rename = "<")]
    LessThan,
    /// =, 等于
    #[serde(rename = "=")]
    Equal,
}

/// A calendar date of the precision that was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Date {
    /// Year.
    pub year: i16,
    /// Month 1–12, when printed.
    pub month: Option<u8>,
    /// Day 1–31, when printed.
    pub day: Option<u8>,
}

/// "2023年12月31日", as much of it as is known.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}年", self.year)?;
        if let Some(month) = self.month {
            write!(f, "{month}月")?;
        }
        match self.day {
            Some(day) => write!(f, "{day}日"),
            None => Ok(()),
        }
    }
}

impl Date {
    /// The last day this date can mean, as (year, month, day): "2023年底" is 2023-12-31.
    pub fn latest(&self) -> (i16, u8, u8) {
        let month = self.month.unwrap_or(12);
        (
            self.year,
            month,
            self.day.unwrap_or_else(|| days_in(self.year, month)),
        )
    }

    /// The first day this date can mean.
    pub fn earliest(&self) -> (i16, u8, u8) {
        (self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }
}

/// Days of a month of the Gregorian calendar; 0 for a month that does not exist.
pub fn days_in(year: i16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 0,
    }
}

impl Value {
    /// A value of a kind without operator and unit.
    pub fn bare(kind: ValueKind) -> Value {
        Value {
            operator: None,
            kind,
            unit: None,
            unit_printed: false,
        }
    }

    /// The number of a number or percentage as printed (98.56% gives 98.56).
    pub fn number(&self) -> Option<Decimal> {
        match self.kind {
            ValueKind::Number(n) | ValueKind::Percent(n) => Some(n),
            _ => None,
        }
    }

    /// Nothing printed.
    pub fn is_blank(&self) -> bool {
        self.kind == ValueKind::Blank
    }

    /// Neither blank nor 不适用.
    pub fn is_present(&self) -> bool {
        !matches!(self.kind, ValueKind::Blank | ValueKind::NotApplicable)
    }
}

impl Stated {
    /// The number as printed; see [`Value::number`].
    pub fn number(&self) -> Option<Decimal> {
        self.value.number()
    }

    /// The number expressed in `unit`; a number without a unit is taken as it is.
    pub fn number_in(&self, unit: &Unit) -> Option<Decimal> {
        let n = self.number()?;
        match &self.value.unit {
            Some(own) => own.convert(n, unit),
            None => Some(n),
        }
    }

    /// Half a unit of the last printed place, in the printed unit.
    pub fn half_unit(&self) -> Option<Decimal> {
        let n = self.number()?;
        Decimal::try_new(5, n.scale() + 1).ok()
    }
}

impl Operator {
    /// The sign.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::AtLeast => "≥",
            Operator::AtMost => "≤",
            Operator::MoreThan => ">",
            Operator::LessThan => "<",
            Operator::Equal => "=",
        }
    }
}
