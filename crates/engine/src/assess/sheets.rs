//! The indicators of a package's forms come in; the points for the self-evaluation forms (绩效自评表) go out.

use super::standard::Measured;
use super::{Desk, Measurement, no_material};
use crate::check::rules::a205;
use crate::check::scored::{self, Scored};
use crate::score::form::plain;
use crate::words::Naming;
use jiheng_model::assessment::Verdict;
use jiheng_model::finding::Place;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Stated};
use std::collections::BTreeMap;

/// Places shown with a part; more say nothing more.
const SHOWN: usize = 12;

const NO_FORMS: &str = "没有带指标的自评表";

/// The share of first-level weights, the execution rate among them, that are the prescribed ones.
pub(super) fn weights(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let case = &desk.case;
    let forms = scored::forms(case);
    let Some(prescribed) = case.rulebook.dictionary("dimension_points") else {
        return no_material("规程没有统一设置分值", &[]);
    };
    let wanted: BTreeMap<&str, Decimal> = prescribed
        .iter()
        .filter_map(|(key, points)| Some((key.as_str(), points.first()?.parse().ok()?)))
        .collect();
    let (mut right, mut all) = (0u64, 0u64);
    let mut off: Vec<Place> = Vec::new();
    for scored in &forms {
        let execution = scored
            .form
            .number("funds.total.points")
            .map(|points| (wanted.get("execution") == Some(&points), points));
        if let Some((fits, _)) = execution {
            all += 1;
            right += u64::from(fits);
            if !fits {
                off.push(case.place(scored.index, "funds.total.points"));
            }
        }
        let Some(stated) = a205::stated_weights(scored) else {
            continue;
        };
        let whole = a205::matches_policy(&stated, &wanted);
        for (key, (points, place)) in &stated {
            all += 1;
            if whole || wanted.get(key) == Some(points) {
                right += 1;
            } else {
                off.push(place.clone());
            }
        }
    }
    if all == 0 {
        return no_material(NO_FORMS, &[]);
    }
    let max = measured.points();
    let share = max
        .checked_mul(Decimal::from(right))
        .and_then(|n| n.checked_div(Decimal::from(all)))
        .unwrap_or_default();
    let points = round(share, 2).normalize();
    let why = match right == all {
        true => format!(
            "权重：{} 张表的 {all} 个一级权重都与统一设置相同，得 {points} 分",
            forms.len()
        ),
        false => format!(
            "权重：{} 张表的 {all} 个一级权重，{right} 个与统一设置相同，{} × {right} ÷ {all} = {points} 分",
            forms.len(),
            plain(max)
        ),
    };
    off.truncate(SHOWN);
    (Verdict::Computed(points), why, off)
}

/// Whether every row has a third-level indicator with a target.
pub(super) fn level_three(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let case = &desk.case;
    let (mut named, mut all) = (0usize, 0usize);
    let mut blank: Vec<Place> = Vec::new();
    for scored in scored::forms(case) {
        for row in scored.form.indicators() {
            // A second level that is not used has neither name nor points.
            let has_points = row.points().and_then(Stated::number).is_some();
            if row.is_filler() && !has_points {
                continue;
            }
            all += 1;
            let target = row.target().is_some_and(|t| t.value.is_present());
            if !row.is_filler() && target {
                named += 1;
                continue;
            }
            let column = if row.is_filler() { "name" } else { "target" };
            blank.push(case.indicator_place(scored.index, &row, column));
        }
    }
    let max = measured.points();
    let (verdict, said) = match named {
        _ if all == 0 => return no_material(NO_FORMS, &[]),
        n if n == all => (
            Verdict::Computed(max),
            format!("全部细化，得 {} 分", plain(max)),
        ),
        0 => (
            Verdict::Computed(Decimal::ZERO),
            "都没有细化，得 0 分".into(),
        ),
        n => (
            Verdict::Proposed(share(max, n, all).floor(), max),
            format!("{} 行没有名称或指标值，酌情扣分", all - n),
        ),
    };
    blank.truncate(SHOWN);
    (verdict, format!("三级指标：{all} 行，{said}"), blank)
}

/// The share of indicators whose name names a measure and whose target can be measured.
pub(super) fn measurable(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let case = &desk.case;
    let (mut all, mut yes, mut no) = (0usize, 0usize, 0usize);
    let mut words: Vec<String> = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for scored in scored::forms(case) {
        for (row, judged) in scored.judged() {
            all += 1;
            let named = judged.naming == Naming::Measure;
            match judged.target.measurable() {
                Some(true) if named => yes += 1,
                Some(false) => {
                    no += 1;
                    let because = judged.target.because();
                    if !because.is_empty() && !words.contains(&because) {
                        words.push(because);
                    }
                    places.push(case.indicator_place(scored.index, &row, "target"));
                }
                _ => {}
            }
        }
    }
    if all == 0 {
        return no_material(NO_FORMS, &[]);
    }
    let max = measured.points();
    let low = share(max, yes, all).floor();
    let high = share(max, all - no, all).ceil();
    words.truncate(4);
    let because = match words.is_empty() {
        true => String::new(),
        false => format!("（{}）", words.join("，")),
    };
    let why = format!(
        "可衡量：{all} 个指标，{yes} 个能衡量，{no} 个不能{because}，其余 {} 个由人看，建议 {}",
        all - yes - no,
        band(low, high)
    );
    places.truncate(SHOWN);
    (Verdict::Proposed(low, high), why, places)
}

/// Every kind of finding that speaks against it may cost a point.
pub(super) fn by_findings(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let forms: Vec<Scored<'_>> = scored::forms(&desk.case);
    if forms.is_empty() {
        return no_material(NO_FORMS, &[]);
    }
    let codes = measured.texts("codes");
    let against: Vec<_> = desk
        .findings
        .iter()
        .filter(|f| codes.contains(&f.code) && f.suppressed.is_none())
        .collect();
    let mut kinds: Vec<&str> = Vec::new();
    for finding in &against {
        if !kinds.contains(&finding.code.as_str()) {
            kinds.push(&finding.code);
        }
    }
    let max = measured.points();
    let low = max
        .checked_sub(Decimal::from(kinds.len() as u64))
        .unwrap_or_default()
        .max(Decimal::ZERO);
    let name = match measured.measure {
        "concise" => "精简实用",
        _ => "相关、全面",
    };
    let mut said: Vec<String> = against
        .iter()
        .map(|f| format!("{} {}", f.code, f.message.replace('\n', "")))
        .collect();
    let more = said.len().saturating_sub(3);
    said.truncate(3);
    let mut why = match said.is_empty() {
        true => format!("{name}：核对没有发现，建议 {}", band(max, max)),
        false => format!("{name}：{}", said.join("、")),
    };
    if more > 0 {
        why.push_str(&format!("等 {} 处", more + 3));
    }
    if !against.is_empty() {
        why.push_str(&format!("，建议 {}", band(low, max)));
    }
    let mut places: Vec<Place> = against
        .iter()
        .filter_map(|f| f.places.first().cloned())
        .collect();
    places.truncate(SHOWN);
    (Verdict::Proposed(low, max), why, places)
}

fn share(max: Decimal, part: usize, all: usize) -> Decimal {
    max.checked_mul(Decimal::from(part as u64))
        .and_then(|n| n.checked_div(Decimal::from(all.max(1) as u64)))
        .unwrap_or_default()
}

/// "3–4 分", "2 分".
pub(super) fn band(low: Decimal, high: Decimal) -> String {
    match low == high {
        true => format!("{} 分", plain(low)),
        false => format!("{}–{} 分", plain(low), plain(high)),
    }
}
