//! A target and an actual value (年度指标值, 实际完成值) come in; the completion and the score the policy gives go out.
//!
//! Pure: rules call it again with other values to see which cell a wrong score agrees with.

use super::policy::Policy;
use super::printed::Printed;
use jiheng_model::unit::Comparable;
use jiheng_model::value::Date;
use jiheng_model::{Decimal, Dimension, Operator, Stated, Unit, Value, ValueKind, label};

/// One side of a comparison: the value and the words it was printed with.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What it means.
    pub value: &'a Value,
    /// As printed.
    pub text: &'a str,
}

/// What is judged: an indicator without its place in a form.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// 三级指标.
    pub name: &'a str,
    /// Key of the first level ("output").
    pub dimension: Option<&'a str>,
    /// Key of the second level ("quantity").
    pub criterion: Option<&'a str>,
    /// 年度指标值.
    pub target: Side<'a>,
    /// 实际完成值.
    pub actual: Side<'a>,
    /// 分值.
    pub points: Decimal,
}

/// The rule that applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// More is better.
    AtLeast,
    /// Less is better.
    AtMost,
    /// A fixed value.
    Equal,
    /// A value between two bounds.
    Between,
    /// Nothing may happen: the target is zero.
    Zero,
    /// A deadline.
    Date,
    /// Words.
    Qualitative,
    /// 满意度 by bands.
    Survey,
    /// Target or actual is missing, or the two cannot be compared.
    None,
}

/// The score a policy gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Award {
    /// Exactly this, unrounded.
    Points(Decimal),
    /// Between these two, both included: the policy leaves it to the judge.
    Band(Decimal, Decimal),
    /// Full points, unless a person finds that the target was set too low: then not less than the first of these.
    Full(Decimal, Decimal),
    /// Not computable.
    Unknown,
}

/// What the policy says of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The rule that applied.
    pub kind: Kind,
    /// The score.
    pub award: Award,
    /// Whether the target was reached, where that can be said.
    pub reached: Option<bool>,
    /// actual ÷ target (or target ÷ actual where less is better), uncapped.
    pub completion: Option<Decimal>,
    /// The direction was printed or is beyond doubt.
    pub sure: bool,
    /// Why this rule, or why nothing can be computed.
    pub why: String,
    /// Target and actual in one unit, for the explanation.
    pub numbers: Option<(Decimal, Decimal)>,
}

impl<'a> Side<'a> {
    /// The side a stated value stands for.
    pub fn of(stated: &'a Stated) -> Side<'a> {
        Side {
            value: &stated.value,
            text: &stated.text,
        }
    }
}

impl Kind {
    /// The word for it in the scorecard.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::AtLeast => "at_least",
            Kind::AtMost => "at_most",
            Kind::Equal => "equal",
            Kind::Between => "between",
            Kind::Zero => "zero",
            Kind::Date => "date",
            Kind::Qualitative => "qualitative",
            Kind::Survey => "survey",
            Kind::None => "none",
        }
    }
}

impl Verdict {
    fn unknown(kind: Kind, why: impl Into<String>) -> Verdict {
        Verdict {
            kind,
            award: Award::Unknown,
            reached: None,
            completion: None,
            sure: false,
            why: why.into(),
            numbers: None,
        }
    }
}

/// Judges a claim under a policy.
pub fn judge(policy: &Policy<'_>, claim: &Claim<'_>) -> Verdict {
    if !claim.target.value.is_present() {
        return Verdict::unknown(Kind::None, "没有年度指标值");
    }
    if !claim.actual.value.is_present() {
        return Verdict::unknown(Kind::None, "没有实际完成值");
    }
    let verdict = measured_by(policy, claim);
    match policy.printed {
        Printed::Unread(_) if verdict.award != Award::Unknown => Verdict {
            award: Award::Unknown,
            sure: false,
            why: "这一行印有评分标准，规程包里没有与它相符的赋分办法".into(),
            ..verdict
        },
        _ => verdict,
    }
}

fn measured_by(policy: &Policy<'_>, claim: &Claim<'_>) -> Verdict {
    use ValueKind::{Date, Number, Percent, Text};
    match (&claim.target.value.kind, &claim.actual.value.kind) {
        (Number(t) | Percent(t), Number(a) | Percent(a)) => match between(claim.target.text) {
            Some((low, high, unit)) => range(policy, claim, (low, high), &unit, *a),
            None => quantity(policy, claim, *t, *a),
        },
        (Date(t), Date(a)) => deadline(claim, *t, *a),
        (Text, Number(a) | Percent(a)) => match between(claim.target.text) {
            Some((low, high, unit)) => range(policy, claim, (low, high), &unit, *a),
            None => Verdict::unknown(Kind::None, "指标值是文字，完成值是数，不能按比例计分"),
        },
        (Text, Text) => words(policy, claim),
        (Number(_) | Percent(_), Text) => {
            Verdict::unknown(Kind::None, "指标值是数，完成值是文字，不能按比例计分")
        }
        (Date(_), _) => Verdict::unknown(Kind::Date, "指标值是日期，完成值不是日期"),
        (_, Date(_)) => Verdict::unknown(Kind::None, "完成值是日期，指标值不是日期"),
        _ => Verdict::unknown(Kind::None, "指标值和完成值不能比较"),
    }
}

/// `target` and `actual` in the target's unit, or why they do not compare.
fn common_unit(
    target: &Value,
    actual: &Value,
    t: Decimal,
    a: Decimal,
) -> Result<(Decimal, Decimal), String> {
    let (Some(own), Some(other)) = (&target.unit, &actual.unit) else {
        return Ok((t, a));
    };
    match other.to(own) {
        Comparable::By(n, d) if n == d => Ok((t, a)),
        Comparable::By(..) => other
            .convert(a, own)
            .map(|a| (t, a))
            .ok_or_else(|| "数太大，不能换算单位".to_string()),
        Comparable::Never => Err(format!(
            "指标值是{}，完成值是{}，不能比较",
            measured(own),
            measured(other)
        )),
        Comparable::Unknown => Err(format!(
            "指标值的单位是{}，完成值的单位是{}，不能换算",
            own.symbol, other.symbol
        )),
    }
}

/// What a unit measures, in the words of people.
pub fn measured(unit: &Unit) -> &str {
    match unit.dimension {
        Dimension::Money => "金额",
        Dimension::Area => "面积",
        Dimension::Length => "长度",
        Dimension::Mass => "重量",
        Dimension::Volume => "体积",
        Dimension::Duration => "时间",
        Dimension::Ratio => "百分比",
        Dimension::Points => "分数",
        Dimension::Person => "人数",
        Dimension::Count => "数量",
        Dimension::Other => &unit.symbol,
    }
}

fn quantity(policy: &Policy<'_>, claim: &Claim<'_>, t: Decimal, a: Decimal) -> Verdict {
    let (t, a) = match common_unit(claim.target.value, claim.actual.value, t, a) {
        Ok(pair) => pair,
        Err(why) => return Verdict::unknown(Kind::None, why),
    };
    if claim.dimension == Some("satisfaction")
        && !policy.bands("satisfaction").is_empty()
        && is_ratio(claim.actual.value)
    {
        return survey(policy, claim, t, a);
    }
    let (kind, sure, why) = direction(policy, claim);
    let strict = matches!(
        claim.target.value.operator,
        Some(Operator::MoreThan | Operator::LessThan)
    );
    let reached = match kind {
        Kind::AtMost => a < t || (a == t && !strict),
        _ => a > t || (a == t && !strict),
    };
    if t.is_zero() && kind != Kind::AtLeast {
        let reached = a <= Decimal::ZERO;
        let award = if reached { claim.points } else { Decimal::ZERO };
        return Verdict {
            kind: Kind::Zero,
            award: Award::Points(award),
            reached: Some(reached),
            completion: None,
            sure,
            why: "指标值为零：没有发生得满分，发生了不得分".into(),
            numbers: Some((t, a)),
        };
    }
    if t.is_sign_negative() || a.is_sign_negative() {
        return Verdict {
            reached: Some(reached),
            ..Verdict::unknown(kind, "负数不按比例计分")
        };
    }
    let (part, whole) = match kind {
        Kind::AtMost => (t, a),
        _ => (a, t),
    };
    let completion = part.checked_div(whole);
    let award = match (policy.printed, reached) {
        (Printed::Steps(steps), false) => {
            let fits = steps.below == (kind != Kind::AtMost);
            let gap = t.checked_sub(a).map(|gap| gap.abs()).filter(|_| fits);
            let rate = is_ratio(claim.target.value);
            match gap.and_then(|gap| steps.award(claim.points, gap, t, rate)) {
                Some((low, high)) if low == high => Award::Points(low),
                Some((low, high)) => Award::Band(low, high),
                None => Award::Unknown,
            }
        }
        // Steps for going beyond a target that is to be reached: how much is still right is not printed.
        (Printed::Steps(steps), true) if steps.below == (kind == Kind::AtMost) && a != t => {
            Award::Unknown
        }
        (_, true) => full(policy, claim.points, completion),
        (_, false) => proportional(policy, claim.points, part, whole),
    };
    Verdict {
        kind,
        award,
        reached: Some(reached),
        completion,
        sure: sure || a == t,
        why,
        numbers: Some((t, a)),
    }
}

/// The points for a target that was reached, `completion` at least 1: far beyond it the policy may take some back.
fn full(policy: &Policy<'_>, points: Decimal, completion: Option<Decimal>) -> Award {
    let over = policy.over();
    let from = over
        .map(|o| o.from)
        .or_else(|| policy.rulebook.number("over_threshold"));
    let (Some(from), Some(completion)) = (from, completion) else {
        return Award::Points(points);
    };
    if completion < from {
        return Award::Points(points);
    }
    // Without a measure of the deduction anything may be right.
    let Some((over, less)) = over.and_then(|o| Some((o, o.less?))) else {
        return Award::Full(Decimal::ZERO, points);
    };
    let left = || {
        let beyond = completion.checked_sub(from)?;
        let share = Decimal::ONE.checked_sub(beyond.checked_mul(less)?)?;
        points.checked_mul(share.max(Decimal::ZERO))
    };
    match (left(), over.automatic) {
        (Some(left), true) => Award::Points(left),
        (Some(left), false) => Award::Full(left, points),
        (None, _) => Award::Unknown,
    }
}

/// The points for a completion of `part` out of `whole`, below 1.
///
/// Multiplied before it is divided: 2606 of 2800 at 7 points are exactly 6.515, not a little less.
fn proportional(policy: &Policy<'_>, points: Decimal, part: Decimal, whole: Decimal) -> Award {
    let part = part.min(whole).max(Decimal::ZERO);
    let threshold = policy.pass();
    let given = || {
        let passed = part.checked_sub(threshold.checked_mul(whole)?)?;
        if passed <= Decimal::ZERO {
            return Some(Decimal::ZERO);
        }
        if threshold >= Decimal::ONE {
            return Some(points);
        }
        let all = Decimal::ONE.checked_sub(threshold)?.checked_mul(whole)?;
        points.checked_mul(passed)?.checked_div(all)
    };
    match given() {
        Some(given) if !whole.is_zero() => Award::Points(given),
        _ => Award::Unknown,
    }
}

/// Which way is better, whether that is beyond doubt, and why.
fn direction(policy: &Policy<'_>, claim: &Claim<'_>) -> (Kind, bool, String) {
    let contains = |words: &[String]| words.iter().any(|w| claim.name.contains(w.as_str()));
    let cost = claim.criterion == Some("cost") || claim.dimension == Some("cost");
    match claim.target.value.operator {
        Some(Operator::AtLeast | Operator::MoreThan)
            if cost && !contains(policy.more_is_better) =>
        {
            (
                Kind::AtLeast,
                false,
                "成本指标的指标值用了“≥”，方向存疑".into(),
            )
        }
        Some(Operator::AtLeast | Operator::MoreThan) => {
            (Kind::AtLeast, true, "指标值写明不少于".into())
        }
        Some(Operator::AtMost | Operator::LessThan) => {
            (Kind::AtMost, true, "指标值写明不超过".into())
        }
        // A ratio that reaches its fixed value or more is reached; of other fixed values more is as good as equal,
        // less is measured by proportion.
        Some(Operator::Equal) if !cost => (Kind::Equal, true, "指标值是定值".into()),
        _ if contains(policy.more_is_better) => {
            (Kind::AtLeast, !cost, "没有写方向，按名称多者为好".into())
        }
        _ if contains(policy.less_is_better) => {
            (Kind::AtMost, false, "没有写方向，按名称少者为好".into())
        }
        _ if cost && is_money(claim.target.value) => {
            (Kind::AtMost, true, "成本指标，不超过为好".into())
        }
        _ if cost => (Kind::AtMost, false, "成本指标没有写方向，按不超过计".into()),
        _ => (Kind::AtLeast, true, "没有写方向，达到指标值即完成".into()),
    }
}

fn is_money(value: &Value) -> bool {
    value
        .unit
        .as_ref()
        .is_some_and(|u| u.dimension == Dimension::Money)
}

fn is_ratio(value: &Value) -> bool {
    matches!(value.kind, ValueKind::Percent(_))
        || value
            .unit
            .as_ref()
            .is_some_and(|u| u.dimension == Dimension::Ratio)
}

/// 满意度 by bands; the target does not enter, only the rate itself.
fn survey(policy: &Policy<'_>, claim: &Claim<'_>, t: Decimal, a: Decimal) -> Verdict {
    let hundred = Decimal::ONE_HUNDRED;
    let share = a.checked_div(hundred).and_then(|rate| {
        policy
            .bands("satisfaction")
            .iter()
            .find(|b| rate >= b.min)
            .and_then(|b| b.is.parse::<Decimal>().ok())
    });
    let award = match share.and_then(|s| claim.points.checked_mul(s)) {
        Some(points) => Award::Points(points),
        None => Award::Unknown,
    };
    Verdict {
        kind: Kind::Survey,
        award,
        reached: Some(a >= t),
        completion: a.checked_div(t),
        sure: true,
        why: "满意度按区间赋分".into(),
        numbers: Some((t, a)),
    }
}

fn range(
    policy: &Policy<'_>,
    claim: &Claim<'_>,
    bounds: (Decimal, Decimal),
    unit: &str,
    a: Decimal,
) -> Verdict {
    let own = if unit.is_empty() {
        claim.actual.value.unit.clone()
    } else {
        Some(Unit::of(unit))
    };
    let target = Value {
        unit: own,
        ..Value::bare(ValueKind::Number(bounds.0))
    };
    let (low, a) = match common_unit(&target, claim.actual.value, bounds.0, a) {
        Ok(pair) => pair,
        Err(why) => return Verdict::unknown(Kind::Between, why),
    };
    let (part, whole) = if a < low {
        (a, low)
    } else if a > bounds.1 {
        (bounds.1, a)
    } else {
        (Decimal::ONE, Decimal::ONE)
    };
    let reached = a >= low && a <= bounds.1;
    let award = match reached {
        true => Award::Points(claim.points),
        false => proportional(policy, claim.points, part, whole),
    };
    Verdict {
        kind: Kind::Between,
        award,
        reached: Some(reached),
        completion: part.checked_div(whole),
        sure: reached,
        why: "指标值是区间".into(),
        numbers: Some((low, a)),
    }
}

/// "90%-95%", "10～12个": both bounds and the unit behind the second.
fn between(text: &str) -> Option<(Decimal, Decimal, String)> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = label::normalise(text);
    let (first, second) = text.split_once(['~', '-', '—', '–', '至'])?;
    let first = first.trim_end_matches('%');
    let digits = second
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(second.len());
    let (number, unit) = second.split_at(digits);
    let low: Decimal = first.parse().ok()?;
    let high: Decimal = number.parse().ok()?;
    (low < high && !unit.contains(['-', '年', '月'])).then(|| (low, high, unit.to_string()))
}

fn deadline(claim: &Claim<'_>, t: Date, a: Date) -> Verdict {
    let on_time = a.latest() <= t.latest();
    let late = a.earliest() > t.latest();
    let (reached, award, why) = if on_time {
        (
            Some(true),
            Award::Points(claim.points),
            "按期完成得满分".to_string(),
        )
    } else if late {
        // The policy has no proportion of days: anything below full points may be right.
        (
            Some(false),
            Award::Band(Decimal::ZERO, claim.points),
            "晚于指标值规定的日期，不能得满分".to_string(),
        )
    } else {
        (
            None,
            Award::Unknown,
            "完成日期不够精确，不能判断是否按期".to_string(),
        )
    };
    Verdict {
        kind: Kind::Date,
        award,
        reached,
        completion: reached.filter(|r| *r).map(|_| Decimal::ONE),
        sure: reached.is_some(),
        why,
        numbers: None,
    }
}

fn words(policy: &Policy<'_>, claim: &Claim<'_>) -> Verdict {
    let target = label::normalise(claim.target.text);
    let actual = label::normalise(claim.actual.text);
    let contains = |words: &[String]| words.iter().any(|w| actual.contains(w.as_str()));
    let short = contains(policy.short_words);
    let reached = !short && (target == actual || contains(policy.reached_words));
    let bands = policy.bands("qualitative");
    let grade = |index: usize| bands.get(index).map(|b| b.min);
    // The value names the grade itself: "部分达成年度指标并具有一定效果".
    let named = bands.iter().position(|b| label::normalise(&b.is) == actual);
    let bounds = if let Some(at) = named {
        let upper = at.checked_sub(1).and_then(grade);
        grade(at).map(|low| (low, upper.unwrap_or(Decimal::ONE)))
    } else if reached {
        grade(0).map(|low| (low, Decimal::ONE))
    } else if short {
        grade(0).map(|high| (Decimal::ZERO, high))
    } else {
        None
    };
    let (low, high) = bounds.unwrap_or((Decimal::ZERO, Decimal::ONE));
    let award = match (
        claim.points.checked_mul(low),
        claim.points.checked_mul(high),
    ) {
        (Some(low), Some(high)) => Award::Band(low, high),
        _ => Award::Unknown,
    };
    let reached = match named {
        Some(at) => at == 0,
        None => reached,
    };
    let short = short || named.is_some_and(|at| at > 0);
    let why = if named.is_some() {
        "定性指标，完成值写明了档次，在这一档内赋分"
    } else if reached {
        "定性指标，完成值写明达成，在最高一档内赋分"
    } else if short {
        "定性指标，完成值写明没有全部达成，不在最高一档"
    } else {
        "定性指标，由评价人分档赋分"
    };
    Verdict {
        kind: Kind::Qualitative,
        award,
        reached: if reached {
            Some(true)
        } else if short {
            Some(false)
        } else {
            None
        },
        completion: None,
        sure: reached,
        why: why.into(),
        numbers: None,
    }
}
