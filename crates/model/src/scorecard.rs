//! What we computed (复算值), each number with the tree it grew from.

use crate::origin::Origin;
use crate::unit::Unit;
use rust_decimal::Decimal;

/// Everything computed for a package.
#[derive(Clone, Debug, Default)]
pub struct Scorecard {
    /// One per form that carries scores, with the form's index in `Filing::forms`.
    pub forms: Vec<FormScore>,
    /// Ratios of the baseline form and the common indicators of 财预〔2013〕53号.
    pub ratios: Vec<Computed>,
}

/// Scores of one form.
#[derive(Clone, Debug)]
pub struct FormScore {
    /// Index in `Filing::forms`.
    pub form: usize,
    /// The name of the scoring policy (赋分办法) that holds for the form ("mof-2020-10"); empty when the rulebook has none.
    pub policy: String,
    /// 执行率 in percent.
    pub execution_rate: Computed,
    /// 执行率得分.
    pub execution_points: Computed,
    /// One per indicator row, in order.
    pub indicators: Vec<IndicatorScore>,
    /// 总分: the sum under the policy; stated scores stand in where an indicator's own cannot be computed.
    pub total: Computed,
    /// The grade the total falls in ("优秀"); `None` when the total is not computable.
    pub rating: Option<String>,
}

/// The score of one indicator.
#[derive(Clone, Debug)]
pub struct IndicatorScore {
    /// Number of the row in the form's indicators, from 0.
    pub row: usize,
    /// The rule that applied ("at_least", "at_most", "equal", "date", "qualitative", "survey", "yes_no" …).
    pub policy: String,
    /// The name of the scoring policy (赋分办法) that holds for the row.
    pub scoring: String,
    /// 完成比例 actual / target as a fraction (1 = reached), where it can be computed.
    pub completion: Option<Decimal>,
    /// Whether the target was reached, where that can be said.
    pub reached: Option<bool>,
    /// The direction (more or less is better) is printed or beyond doubt.
    pub sure: bool,
    /// The score, or the bounds of a band.
    pub score: Computed,
    /// The lowest and highest score the policy allows, where it leaves a choice: for a qualitative target,
    /// and beside the score for one that was exceeded by far.
    pub band: Option<(Decimal, Decimal)>,
    /// Why this policy, or why it cannot be computed; plain Chinese.
    pub why: String,
}

/// A computed number with its explanation.
#[derive(Clone, Debug)]
pub struct Computed {
    /// The path of the field it recomputes ("funds.total.score") or its own key ("ratio.procurement").
    pub key: String,
    /// Its Chinese name.
    pub label: String,
    /// The number, unrounded; `None`: not computable, and the trace says why.
    pub value: Option<Decimal>,
    /// Digits after the point when shown.
    pub places: u32,
    /// Its unit.
    pub unit: Option<Unit>,
    /// How it came about.
    pub trace: Trace,
    /// Keys of its legal bases in the rulebook.
    pub basis: Vec<String>,
}

/// A node of an explanation tree.
#[derive(Clone, Debug)]
pub enum Trace {
    /// A stated value and its place.
    Stated {
        /// "附件3 山水项目 · 全年执行数".
        label: String,
        /// As printed.
        text: String,
        /// Where.
        origin: Origin,
    },
    /// A parameter of the rulebook.
    Parameter {
        /// Its name.
        name: String,
        /// Its value as text.
        text: String,
        /// Keys of its bases.
        basis: Vec<String>,
    },
    /// A formula over other nodes.
    Formula {
        /// "执行率分值 × min(1, 全年执行数 ÷ 全年预算数)".
        formula: String,
        /// The formula with numbers: "10 × min(1, 108.18 ÷ 108.18)".
        numbers: String,
        /// The result as text.
        result: String,
        /// What entered.
        inputs: Vec<Trace>,
    },
    /// It cannot be computed.
    Missing {
        /// Plain Chinese.
        why: String,
    },
}

impl Computed {
    /// A number that cannot be computed, with the reason.
    pub fn missing(
        key: impl Into<String>,
        label: impl Into<String>,
        why: impl Into<String>,
    ) -> Computed {
        Computed {
            key: key.into(),
            label: label.into(),
            value: None,
            places: 2,
            unit: None,
            trace: Trace::Missing { why: why.into() },
            basis: Vec::new(),
        }
    }

    /// The value rounded half up to its places, as shown.
    pub fn shown(&self) -> Option<Decimal> {
        self.value.map(|v| round(v, self.places))
    }
}

/// 四舍五入: half away from zero.
pub fn round(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}
