//! A form with funds and indicators comes in; its recomputed rate, scores, total and grade, each with its tree, go out.

use super::judge::{Award, Claim, Kind, Side, Verdict, judge};
use super::policy::Policy;
use super::printed::Printed;
use jiheng_model::form::Indicator;
use jiheng_model::scorecard::{IndicatorScore, round};
use jiheng_model::{Computed, Decimal, Form, FormScore, Stated, Trace, Unit};

/// Scores one form; `None` when it carries neither an execution rate nor scored indicators.
pub fn form(index: usize, form: &Form, policy: &Policy<'_>) -> Option<FormScore> {
    let (_, list) = form.def.list("indicators")?;
    list.slot("score")?;
    let execution_rate = execution_rate(form);
    let execution_points = execution_points(form, policy, &execution_rate);
    let mut levels = Levels::default();
    let standard = list.slot("standard");
    let indicators: Vec<IndicatorScore> = form
        .indicators()
        .map(|i| {
            let standard = standard.and_then(|_| form.cell("indicators", i.row, "standard"));
            indicator(&i, &policy.of_row(standard), &mut levels)
        })
        .collect();
    let total = total(
        form,
        policy,
        &execution_rate,
        &execution_points,
        &indicators,
    );
    let rating = total
        .shown()
        .and_then(|t| policy.rulebook.grade(t))
        .map(String::from);
    Some(FormScore {
        form: index,
        policy: policy.name().into(),
        execution_rate,
        execution_points,
        indicators,
        total,
        rating,
    })
}

/// The keys of the levels of the row before: merged cells repeat their words row after row.
#[derive(Debug, Default)]
struct Levels<'a> {
    dimension: Option<(&'a str, Option<&'a str>)>,
    criterion: Option<(&'a str, Option<&'a str>)>,
}

/// The claim an indicator's row makes, when it has the three values.
pub fn claim<'a>(indicator: &Indicator<'a>, policy: &Policy<'a>) -> Option<Claim<'a>> {
    let words = |s: Option<&'a Stated>| s.map_or("", |s| s.text.as_str());
    Some(Claim {
        name: words(indicator.name()),
        dimension: policy.dimension(words(indicator.dimension())),
        criterion: policy.criterion(words(indicator.criterion())),
        target: Side::of(indicator.target()?),
        actual: Side::of(indicator.actual()?),
        points: indicator.points()?.number()?,
    })
}

/// A stated value as a leaf of a tree.
pub fn leaf(label: impl Into<String>, stated: &Stated) -> Trace {
    Trace::Stated {
        label: label.into(),
        text: stated.text.clone(),
        origin: stated.origin,
    }
}

/// A number as people write it: without zeros at the end.
pub fn plain(value: Decimal) -> String {
    let (Ok(mut digits), mut places) = (u64::try_from(value.mantissa()), value.scale()) else {
        return value.normalize().to_string();
    };
    while places > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        places -= 1;
    }
    // Printed from its end: the longest number has 20 digits, the most places are 28.
    let mut shown = [b'0'; 52];
    let mut at = shown.len();
    let mut printed = 0;
    while digits > 0 || printed <= places {
        at -= 1;
        if places > 0 && printed == places {
            shown[at] = b'.';
            at -= 1;
        }
        shown[at] = b'0' + (digits % 10) as u8;
        digits /= 10;
        printed += 1;
    }
    str::from_utf8(&shown[at..]).unwrap_or_default().to_owned()
}

fn execution_rate(form: &Form) -> Computed {
    let key = "funds.total.execution_rate";
    let label = "预算执行率";
    let (outturn_path, budget_path) = ("funds.total.outturn", "funds.total.final_budget");
    // Forms without a column of the final budget measure against the original one.
    let budget_path = if form.get(budget_path).is_some() {
        budget_path
    } else {
        "funds.total.original_budget"
    };
    let missing = |why: &str| Computed::missing(key, label, why);
    let (Some(outturn), Some(budget)) = (form.get(outturn_path), form.get(budget_path)) else {
        return missing("表中没有全年执行数或全年预算数");
    };
    let (Some(spent), Some(granted)) = (form.amount(outturn_path), form.amount(budget_path)) else {
        return missing("全年执行数或全年预算数没有填数");
    };
    if granted.is_zero() {
        return missing("全年预算数为零，执行率不能计算");
    }
    let Some(value) = spent
        .checked_div(granted)
        .and_then(|r| r.checked_mul(Decimal::ONE_HUNDRED))
    else {
        return missing("数太大，执行率不能计算");
    };
    let places = form
        .get(key)
        .and_then(|s| s.number())
        .map_or(2, |n| n.scale().max(2));
    Computed {
        key: key.into(),
        label: label.into(),
        value: Some(value),
        places,
        unit: Some(Unit::percent()),
        trace: Trace::Formula {
            formula: "全年执行数 ÷ 全年预算数".into(),
            numbers: format!("{} ÷ {}", outturn.text, budget.text),
            result: format!("{}%", plain(round(value, places))),
            inputs: vec![
                leaf(form.def.label(outturn_path), outturn),
                leaf(form.def.label(budget_path), budget),
            ],
        },
        basis: Vec::new(),
    }
}

/// The points of 预算执行率: those printed in the form; where it prints none, those of the policy.
pub fn execution_weight(form: &Form, policy: &Policy<'_>) -> Option<Decimal> {
    match form.get("funds.total.points") {
        Some(points) => points.number(),
        None => policy.execution_points().map(|points| points.is),
    }
}

/// The policy as a leaf of a tree, so that an explanation names it with its article.
fn named(policy: &Policy<'_>, part: &str) -> Option<Trace> {
    let scoring = policy.scoring?;
    Some(Trace::Parameter {
        name: format!("赋分办法 {}", scoring.name),
        text: scoring.title.clone(),
        basis: policy.basis_of(part),
    })
}

fn execution_points(form: &Form, policy: &Policy<'_>, rate: &Computed) -> Computed {
    let key = "funds.total.score";
    let label = "预算执行率得分";
    let missing = |why: &str| Computed::missing(key, label, why);
    let points = form.get("funds.total.points");
    if points.is_none() && policy.execution_points().is_none() {
        return missing("表中没有预算执行率的分值");
    }
    let Some(weight) = execution_weight(form, policy) else {
        return missing("预算执行率的分值没有填数");
    };
    let Some(percent) = rate.value else {
        return missing("执行率不能计算");
    };
    let Some(score) = execution_score(policy, weight, percent) else {
        return missing("数太大，得分不能计算");
    };
    let banded = !policy.bands("execution").is_empty();
    let (formula, part) = match (banded, points) {
        (true, _) => ("分值 × 执行率所在区间的比例", "execution"),
        (false, Some(_)) => ("分值 × min(1, 执行率)", "pass"),
        (false, None) => ("分值 × min(1, 执行率)", "execution_points"),
    };
    let weight_leaf = match points {
        Some(points) => leaf(form.def.label("funds.total.points"), points),
        None => Trace::Parameter {
            name: "预算执行率分值".into(),
            text: plain(weight),
            basis: policy.basis_of("execution_points"),
        },
    };
    let printed = points.map_or_else(|| plain(weight), |p| p.text.clone());
    let shown = format!("{}%", plain(round(percent, rate.places)));
    Computed {
        key: key.into(),
        label: label.into(),
        value: Some(score),
        places: policy.places,
        unit: Some(Unit::of("分")),
        trace: Trace::Formula {
            formula: formula.into(),
            numbers: format!("{printed} × {shown}"),
            result: plain(round(score, policy.places)),
            inputs: [weight_leaf, rate.trace.clone()]
                .into_iter()
                .chain(named(policy, part))
                .collect(),
        },
        basis: policy.basis_of(part),
    }
}

/// The score of an execution rate in percent; never below zero nor above the points.
pub fn execution_score(policy: &Policy<'_>, points: Decimal, percent: Decimal) -> Option<Decimal> {
    let rate = percent
        .checked_div(Decimal::ONE_HUNDRED)?
        .max(Decimal::ZERO);
    let bands = policy.bands("execution");
    let share = if bands.is_empty() {
        rate.min(Decimal::ONE)
    } else {
        bands.iter().find(|b| rate >= b.min)?.is.parse().ok()?
    };
    points.checked_mul(share)
}

fn indicator<'a>(
    indicator: &Indicator<'a>,
    policy: &Policy<'a>,
    levels: &mut Levels<'a>,
) -> IndicatorScore {
    let name = indicator
        .name()
        .map(|n| n.text.replace('\n', ""))
        .unwrap_or_default();
    let key = format!("indicators[{}].score", indicator.number + 1);
    let absent = |why: &str| IndicatorScore {
        row: indicator.number,
        policy: Kind::None.as_str().into(),
        scoring: policy.name().into(),
        completion: None,
        reached: None,
        sure: false,
        score: Computed::missing(key.clone(), name.clone(), why),
        band: None,
        why: why.into(),
    };
    if indicator.is_filler() {
        return absent("这一行没有指标");
    }
    let (Some(target), Some(actual)) = (indicator.target(), indicator.actual()) else {
        return absent("表中没有年度指标值或实际完成值");
    };
    let Some((points, weight)) = indicator.points().and_then(|p| Some((p, p.number()?))) else {
        return absent("分值没有填数");
    };
    let dimension = indicator.dimension().map_or("", |s| s.text.as_str());
    let criterion = indicator.criterion().map_or("", |s| s.text.as_str());
    let dimension = remembered(&mut levels.dimension, dimension, |w| policy.dimension(w));
    let criterion = remembered(&mut levels.criterion, criterion, |w| policy.criterion(w));
    let claim = Claim {
        name: &name,
        dimension,
        criterion,
        target: Side::of(target),
        actual: Side::of(actual),
        points: weight,
    };
    let verdict = judge(policy, &claim);
    let inputs = vec![
        leaf("年度指标值", target),
        leaf("实际完成值", actual),
        leaf("分值", points),
    ];
    let (value, band) = match verdict.award {
        Award::Points(p) => (Some(p), None),
        Award::Full(least, full) => (Some(full), Some((least, full))),
        Award::Band(low, high) => (None, Some((low, high))),
        Award::Unknown => (None, None),
    };
    IndicatorScore {
        row: indicator.number,
        policy: verdict.kind.as_str().into(),
        scoring: policy.name().into(),
        completion: verdict.completion,
        reached: verdict.reached,
        sure: verdict.sure,
        score: Computed {
            key,
            label: name.clone(),
            value,
            places: policy.places,
            unit: Some(Unit::of("分")),
            trace: tree(policy, &verdict, weight, inputs),
            basis: policy.basis_of(part_of(&verdict)),
        },
        band,
        why: verdict.why,
    }
}

fn remembered<'a>(
    last: &mut Option<(&'a str, Option<&'a str>)>,
    words: &'a str,
    look_up: impl Fn(&str) -> Option<&'a str>,
) -> Option<&'a str> {
    match last {
        Some((before, key)) if *before == words => *key,
        _ => {
            let key = look_up(words);
            *last = Some((words, key));
            key
        }
    }
}

/// The part of the policy whose basis carries a verdict.
fn part_of(verdict: &Verdict) -> &'static str {
    match (verdict.kind, verdict.award) {
        (Kind::Qualitative, _) => "qualitative",
        (Kind::Survey, _) => "satisfaction",
        (_, Award::Full(..)) => "over",
        _ => "pass",
    }
}

fn tree(policy: &Policy<'_>, verdict: &Verdict, weight: Decimal, mut inputs: Vec<Trace>) -> Trace {
    let shown = |v: Decimal| plain(round(v, policy.places));
    if verdict.award != Award::Unknown {
        inputs.extend(named(policy, part_of(verdict)));
    }
    match verdict.award {
        Award::Points(points) if verdict.reached == Some(true) && points < weight => {
            Trace::Formula {
                formula: "完成值高于指标值较多，按办法调减".into(),
                numbers: plain(weight),
                result: shown(points),
                inputs,
            }
        }
        Award::Full(_, points) => Trace::Formula {
            formula: "完成指标值，得满分；年初指标值明显偏低的，按偏离度调减".into(),
            numbers: plain(weight),
            result: shown(points),
            inputs,
        },
        Award::Points(points) if verdict.reached == Some(true) => Trace::Formula {
            formula: "完成指标值，得满分".into(),
            numbers: plain(weight),
            result: shown(points),
            inputs,
        },
        Award::Points(points) => {
            let (t, a) = verdict.numbers.unwrap_or_default();
            let (formula, numbers) = match verdict.kind {
                _ if matches!(policy.printed, Printed::Steps(_)) => (
                    "按这一行印出的评分标准扣分",
                    format!(
                        "{} 分起，指标值 {}，完成值 {}",
                        plain(weight),
                        plain(t),
                        plain(a)
                    ),
                ),
                Kind::AtMost => (
                    "分值 × 指标值 ÷ 完成值",
                    format!("{} × {} ÷ {}", plain(weight), plain(t), plain(a)),
                ),
                Kind::Survey => (
                    "分值 × 满意度所在区间的比例",
                    format!("{} × {}", plain(weight), plain(a)),
                ),
                Kind::Zero => ("指标值为零，已发生，不得分", "0".to_string()),
                _ if policy.pass() >= Decimal::ONE => (
                    "没有达到指标值，不得分",
                    format!("{} 未达到 {}", plain(a), plain(t)),
                ),
                _ if policy.pass() > Decimal::ZERO => (
                    "分值 ×（完成率 − 及格线）÷（1 − 及格线）",
                    format!(
                        "{} × ({} ÷ {} − {p}) ÷ (1 − {p})",
                        plain(weight),
                        plain(a),
                        plain(t),
                        p = plain(policy.pass())
                    ),
                ),
                _ => (
                    "分值 × 完成值 ÷ 指标值",
                    format!("{} × {} ÷ {}", plain(weight), plain(a), plain(t)),
                ),
            };
            Trace::Formula {
                formula: formula.into(),
                numbers,
                result: shown(points),
                inputs,
            }
        }
        Award::Band(low, high) => Trace::Formula {
            formula: verdict.why.clone(),
            numbers: format!("分值 {}", plain(weight)),
            result: format!("{}—{}", shown(low), shown(high)),
            inputs,
        },
        Award::Unknown => Trace::Missing {
            why: verdict.why.clone(),
        },
    }
}

fn total(
    form: &Form,
    policy: &Policy<'_>,
    rate: &Computed,
    execution: &Computed,
    indicators: &[IndicatorScore],
) -> Computed {
    let (key, label) = ("total_score", "总分");
    let mut sum = Decimal::ZERO;
    let mut numbers = Vec::with_capacity(indicators.len() + 1);
    let mut inputs = Vec::with_capacity(indicators.len() + 1);
    let mut add = |value: Decimal| -> bool {
        numbers.push(plain(value));
        match sum.checked_add(value) {
            Some(s) => {
                sum = s;
                true
            }
            None => false,
        }
    };
    let stated_execution = form
        .get("funds.total.score")
        .filter(|s| s.number().is_some());
    match (execution.shown(), stated_execution) {
        (Some(value), _) => {
            add(value);
            inputs.push(execution.trace.clone());
        }
        (None, Some(stated)) => {
            add(stated.number().unwrap_or_default());
            inputs.push(leaf(execution.label.clone(), stated));
        }
        // A form without an execution score of its own sums its indicators alone.
        (None, None) if form.get("funds.total.points").is_none() => {}
        (None, None) => {
            return Computed::missing(key, label, "预算执行率得分不能计算，表中也没有填");
        }
    }
    let mut scored = false;
    for (row, score) in form.indicators().zip(indicators) {
        if row.is_filler() {
            continue;
        }
        let stated = row.score().filter(|s| s.number().is_some());
        match (score.score.shown(), stated) {
            (Some(value), _) => {
                if !add(value) {
                    return Computed::missing(key, label, "数太大，不能相加");
                }
                inputs.push(score.score.trace.clone());
            }
            // Where the policy leaves a band or nothing can be computed, the stated score stands in.
            (None, Some(stated)) => {
                if !add(stated.number().unwrap_or_default()) {
                    return Computed::missing(key, label, "数太大，不能相加");
                }
                inputs.push(leaf(format!("{}（填报得分）", score.score.label), stated));
            }
            (None, None) if row.points().is_none_or(|p| !p.value.is_present()) => continue,
            (None, None) => {
                return Computed::missing(
                    key,
                    label,
                    format!("“{}”的得分不能计算，表中也没有填", score.score.label),
                );
            }
        }
        scored = true;
    }
    if !scored {
        return Computed::missing(key, label, "没有可以计分的指标");
    }
    let mut formula = "预算执行率得分 + 各项指标得分".to_string();
    let mut numbers = numbers.join(" + ");
    let mut basis = policy.basis("score_places");
    let cap = rate.value.and_then(|percent| cap(policy, percent));
    if let Some(cap) = cap.filter(|cap| *cap < sum) {
        formula = format!("min({formula}, 执行率所在区间的最高分)");
        numbers = format!("min({numbers}, {})", plain(cap));
        sum = cap;
        basis = policy.basis_of("cap");
        inputs.push(rate.trace.clone());
        inputs.extend(named(policy, "cap"));
    }
    Computed {
        key: key.into(),
        label: label.into(),
        value: Some(sum),
        places: policy.places,
        unit: Some(Unit::of("分")),
        trace: Trace::Formula {
            formula,
            numbers,
            result: plain(round(sum, policy.places)),
            inputs,
        },
        basis,
    }
}

/// The highest total that the policy allows for an execution rate in percent; `None` when it has no caps.
pub fn cap(policy: &Policy<'_>, percent: Decimal) -> Option<Decimal> {
    let rate = percent.checked_div(Decimal::ONE_HUNDRED)?;
    let band = policy.bands("cap").iter().find(|b| rate >= b.min)?;
    band.is.parse().ok()
}
