//! Units of measure: a symbol as printed comes in, its dimension and exact factor go out.
//!
//! Factors are fractions of integers, so 亩 and 公顷 convert without rounding until the end.

use rust_decimal::Decimal;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Money; base 元.
    Money,
    /// Area; base ㎡.
    Area,
    /// Length; base 米.
    Length,
    /// Mass; base 千克.
    Mass,
    /// Volume; base 立方米.
    Volume,
    /// Time span; base 天 (月 and 年 are dimensions of their own, see [`Dimension::Other`]).
    Duration,
    /// A ratio; base 1 (100% is 1).
    Ratio,
    /// 分 of a score; base 分.
    Points,
    /// Persons; base 人.
    Person,
    /// Things counted by a measure word (个, 户, 件, 次 …); two different words are not comparable.
    Count,
    /// Anything else, compound units (元/栋) included; comparable only with the same symbol.
    Other,
}

/// A unit: its symbol as printed, what it measures, and `numerator / denominator` base units.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    /// As printed ("万亩").
    pub symbol: Symbol,
    /// What it measures.
    pub dimension: Dimension,
    /// Base units in one of this unit, as a fraction.
    pub factor: (i64, i64),
}

/// The symbol of a unit as printed. Nearly every value of a form has one of a few, which are not stored again.
#[derive(Clone)]
pub struct Symbol(Printed);

#[derive(Clone)]
enum Printed {
    Known(&'static str),
    Other(Arc<str>),
}

impl Deref for Symbol {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Printed::Known(symbol) => symbol,
            Printed::Other(symbol) => symbol,
        }
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Symbol) -> bool {
        **self == **other
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// How two units compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparable {
    /// Multiply the first by this fraction to get the second's unit.
    By(i64, i64),
    /// They measure different things (area against ratio): cannot be compared, provably.
    Never,
    /// Two measure words or an unknown unit: nobody can say from the symbols alone.
    Unknown,
}

/// A symbol, what it measures, and numerator and denominator of its factor.
type Known = (&'static str, Dimension, i64, i64);

/// Symbols with a known dimension. Longer symbols stand before shorter ones with the same start.
const KNOWN: &[Known] = &[
    ("亿元", Dimension::Money, 100_000_000, 1),
    ("千万元", Dimension::Money, 10_000_000, 1),
    ("百万元", Dimension::Money, 1_000_000, 1),
    ("万元", Dimension::Money, 10_000, 1),
    ("千元", Dimension::Money, 1_000, 1),
    ("元", Dimension::Money, 1, 1),
    ("万亩", Dimension::Area, 20_000_000, 3),
    ("亩", Dimension::Area, 2_000, 3),
    ("万公顷", Dimension::Area, 100_000_000, 1),
    ("公顷", Dimension::Area, 10_000, 1),
    ("万平方米", Dimension::Area, 10_000, 1),
    ("平方公里", Dimension::Area, 1_000_000, 1),
    ("平方千米", Dimension::Area, 1_000_000, 1),
    ("平方米", Dimension::Area, 1, 1),
    ("㎡", Dimension::Area, 1, 1),
    ("m²", Dimension::Area, 1, 1),
    ("m2", Dimension::Area, 1, 1),
    ("万米", Dimension::Length, 10_000, 1),
    ("公里", Dimension::Length, 1_000, 1),
    ("千米", Dimension::Length, 1_000, 1),
    ("km", Dimension::Length, 1_000, 1),
    ("米", Dimension::Length, 1, 1),
    ("厘米", Dimension::Length, 1, 100),
    ("万吨", Dimension::Mass, 10_000_000, 1),
    ("吨", Dimension::Mass, 1_000, 1),
    ("公斤", Dimension::Mass, 1, 1),
    ("千克", Dimension::Mass, 1, 1),
    ("万立方米", Dimension::Volume, 10_000, 1),
    ("立方米", Dimension::Volume, 1, 1),
    ("m³", Dimension::Volume, 1, 1),
    ("工作日", Dimension::Other, 1, 1),
    ("天", Dimension::Duration, 1, 1),
    ("日", Dimension::Duration, 1, 1),
    ("小时", Dimension::Duration, 1, 24),
    ("分钟", Dimension::Duration, 1, 1440),
    ("个百分点", Dimension::Ratio, 1, 100),
    ("百分点", Dimension::Ratio, 1, 100),
    ("百分比", Dimension::Ratio, 1, 100),
    ("%", Dimension::Ratio, 1, 100),
    ("％", Dimension::Ratio, 1, 100),
    ("‰", Dimension::Ratio, 1, 1000),
    ("分", Dimension::Points, 1, 1),
    ("亿人", Dimension::Person, 100_000_000, 1),
    ("万人", Dimension::Person, 10_000, 1),
    ("人", Dimension::Person, 1, 1),
    ("名", Dimension::Person, 1, 1),
];

/// The symbols of [`KNOWN`] by the last bits of their first characters, in their order.
static BY_FIRST: LazyLock<[Vec<&'static Known>; 64]> = LazyLock::new(|| {
    let mut by_first = [const { Vec::new() }; 64];
    for known in KNOWN {
        by_first[place(known.0)].push(known);
    }
    by_first
});

fn place(text: &str) -> usize {
    text.chars().next().map_or(0, |first| first as usize % 64)
}

/// The known symbols that may stand at the beginning of a text.
fn known(text: &str) -> impl Iterator<Item = &'static Known> + use<> {
    BY_FIRST[place(text)].iter().copied()
}

/// Measure words that count things. With 万 before them they count ten thousand.
const MEASURE_WORDS: &str = "个户栋件次项座处份篇本册台套辆条只头株宗家所场期批组班艘架块片张幢间口眼孔盏杆根棵枚把支届例笔单道轮部类种门卷页头剂堂首节封幅匹尾粒颗员宗趟遍";

/// Units without a dimension of their own that are surely no ratio.
const NO_RATIO: &[&str] = &[
    "年",
    "个月",
    "月",
    "工作日",
    "学时",
    "课时",
    "字",
    "万字",
    "千瓦时",
    "万千瓦时",
    "千瓦",
    "兆瓦",
];

impl Unit {
    /// The unit with this symbol; an unknown symbol becomes [`Dimension::Other`].
    pub fn of(symbol: &str) -> Unit {
        let mut known = known(symbol);
        if let Some(known) = known.find(|k| k.0 == symbol) {
            return Unit::known(known);
        }
        let (bare, factor) = match symbol.strip_prefix('万') {
            Some(rest) if !rest.is_empty() => (rest, 10_000),
            _ => (symbol, 1),
        };
        let mut chars = bare.chars();
        let dimension = match (chars.next(), chars.next()) {
            (Some(c), None) if MEASURE_WORDS.contains(c) => Dimension::Count,
            (Some(c), Some('次')) if MEASURE_WORDS.contains(c) || c == '人' => Dimension::Count,
            _ => Dimension::Other,
        };
        let factor = if dimension == Dimension::Count {
            (factor, 1)
        } else {
            (1, 1)
        };
        Unit {
            symbol: Symbol(Printed::Other(symbol.into())),
            dimension,
            factor,
        }
    }

    fn known(&(symbol, dimension, numerator, denominator): &'static Known) -> Unit {
        Unit {
            symbol: Symbol(Printed::Known(symbol)),
            dimension,
            factor: (numerator, denominator),
        }
    }

    /// 万元, the default of the forms.
    pub fn wan_yuan() -> Unit {
        Unit::of("万元")
    }

    /// The ratio written with a percent sign.
    pub fn percent() -> Unit {
        Unit::of("%")
    }

    /// The symbol that counts: a measure word without 万.
    fn counted(&self) -> &str {
        self.symbol
            .strip_prefix('万')
            .filter(|s| !s.is_empty())
            .unwrap_or(&self.symbol)
    }

    /// A span of time, an amount of text or power, or so much of one thing for each of another ("元/户").
    fn is_no_ratio(&self) -> bool {
        let known = |s: &str| Unit::of(s).dimension;
        let each = self
            .symbol
            .split_once('/')
            .is_some_and(|(of, _)| !matches!(known(of), Dimension::Ratio | Dimension::Other));
        each || NO_RATIO.contains(&&*self.symbol)
    }

    /// How values of this unit turn into `other`.
    pub fn to(&self, other: &Unit) -> Comparable {
        let fraction = || {
            Comparable::By(
                self.factor.0 * other.factor.1,
                self.factor.1 * other.factor.0,
            )
        };
        match (self.dimension, other.dimension) {
            (a, b) if self.symbol == other.symbol && a == b => Comparable::By(1, 1),
            (Dimension::Other, Dimension::Ratio) if self.is_no_ratio() => Comparable::Never,
            (Dimension::Ratio, Dimension::Other) if other.is_no_ratio() => Comparable::Never,
            (Dimension::Other, _) | (_, Dimension::Other) => Comparable::Unknown,
            (Dimension::Count, Dimension::Count) => {
                if self.counted() == other.counted() {
                    fraction()
                } else {
                    Comparable::Unknown
                }
            }
            (Dimension::Count, Dimension::Person) | (Dimension::Person, Dimension::Count) => {
                Comparable::Unknown
            }
            (a, b) if a == b => fraction(),
            _ => Comparable::Never,
        }
    }

    /// `value` of this unit expressed in `other`; `None` when they do not compare or it overflows.
    pub fn convert(&self, value: Decimal, other: &Unit) -> Option<Decimal> {
        match self.to(other) {
            Comparable::By(n, d) if n == d => Some(value),
            Comparable::By(n, d) => value
                .checked_mul(Decimal::from(n))?
                .checked_div(Decimal::from(d)),
            _ => None,
        }
    }

    /// The longest known unit at the start of `text`, with its length in bytes.
    pub fn prefix_of(text: &str) -> Option<(Unit, usize)> {
        known(text)
            .filter(|k| text.starts_with(k.0))
            .max_by_key(|k| k.0.len())
            .map(|k| (Unit::known(k), k.0.len()))
    }
}

impl serde::Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_convert_exactly_and_ratios_do_not_compare_with_areas() {
        let mu = Unit::of("万亩");
        let hectare = Unit::of("公顷");
        assert_eq!(
            hectare.convert(Decimal::from(2000), &mu),
            Some(Decimal::from(3))
        );
        assert_eq!(mu.to(&Unit::percent()), Comparable::Never);
        assert_eq!(Unit::of("户").to(&Unit::of("个")), Comparable::Unknown);
        for symbol in ["部", "年", "元/户", "万元/公里", "万页"] {
            assert_eq!(Unit::of(symbol).to(&Unit::percent()), Comparable::Never);
        }
        assert_eq!(Unit::of("月底").to(&Unit::percent()), Comparable::Unknown);
        assert_eq!(
            Unit::of("万户").to(&Unit::of("户")),
            Comparable::By(10_000, 1)
        );
    }
}
