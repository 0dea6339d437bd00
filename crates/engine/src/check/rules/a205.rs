//! A206 `points-of-levels`, A207 `points-total`, A209 `weights`, A205 `points-not-positive`: points come in; sums and weights that do not come out go out.

use super::a201::difference;
use crate::check::report::{Case, Draft, Report};
use crate::check::rule::Rule;
use crate::check::scored::{self, Agreement, Scored};
use crate::score::form::plain;
use crate::score::policy::Policy;
use jiheng_model::form::Indicator;
use jiheng_model::{Decimal, Origin, Place, Severity, Stated, label};
use std::collections::BTreeMap;

/// "(50分)" in a level's cell against its rows.
pub static LEVELS: Rule = Rule {
    code: "A206",
    slug: "points-of-levels",
    title: "各级指标的分值对不上",
    severity: Severity::Error,
    covers: &["I-12", "D24"],
    basis: &["mof-2020-10-art13-levels", "scoring-form-level-points"],
    what: "一级、二级指标格里写的分值，是否等于其下三级指标分值之和。",
    why: "三级指标的分值由上一级分解而来，相加应等于上一级的分值。",
    advice: "核对三级指标的分值和上一级写明的分值，更正不符的一格",
    fix: None,
    run: levels,
};

/// 分值 total.
pub static TOTAL: Rule = Rule {
    code: "A207",
    slug: "points-total",
    title: "分值合计不等于 100",
    severity: Severity::Error,
    covers: &["I-12", "D24"],
    basis: &["mof-2020-10-art13-weights", "scoring-form-total-points"],
    what: "预算执行率与各指标的分值相加，是否等于填报的分值合计，合计是否为 100。",
    why: "满分为 100 分，由预算执行率和各项指标的分值组成。",
    advice: "核对各指标的分值，使合计为 100 分",
    fix: None,
    run: total,
};

/// First-level weights against the policy.
pub static WEIGHTS: Rule = Rule {
    code: "A209",
    slug: "weights",
    title: "一级指标分值与统一设置不同",
    severity: Severity::Warning,
    covers: &["I-12", "D24"],
    basis: &[
        "mof-2020-10-art13-weights",
        "mof-2020-10-art13-adjust",
        "mof-2021-101-weights",
    ],
    what: "预算执行率和一级指标的分值，是否与规程统一设置的相同。",
    why: "分值原则上统一设置；有特殊情况的可以调整，调整应有说明。",
    advice: "按统一设置分配分值；确需调整的，写明理由",
    fix: None,
    run: weights,
};

/// 分值 of nothing or less.
pub static POSITIVE: Rule = Rule {
    code: "A205",
    slug: "points-not-positive",
    title: "分值不大于零",
    severity: Severity::Error,
    covers: &["D75"],
    basis: &["mof-2020-10-art13-levels"],
    what: "每个三级指标的分值是否大于零。",
    why: "分值反映指标的重要程度，设了指标就应有分值。",
    advice: "按指标的重要程度填分值；不考核的指标，从表中删去",
    fix: None,
    run: positive,
};

/// Rows under one level's cell.
struct Group<'a> {
    cell: &'a Stated,
    stated: &'a Stated,
    rows: Vec<Indicator<'a>>,
    suspects: Vec<usize>,
}

fn levels(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        for (level, points) in [
            ("dimension", "dimension_points"),
            ("criterion", "criterion_points"),
        ] {
            for group in groups(&scored, level, points) {
                level_sum(case, report, &scored, points, &group);
            }
        }
    }
}

fn groups<'a>(scored: &Scored<'a>, level: &str, points: &str) -> Vec<Group<'a>> {
    let form = scored.form;
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (row, computed) in scored.rows() {
        let cell = form
            .cell("indicators", row.row, level)
            .filter(|s| s.value.is_present());
        let stated = form
            .cell("indicators", row.row, points)
            .filter(|s| s.number().is_some());
        let (Some(cell), Some(stated)) = (cell, stated) else {
            continue;
        };
        // The "(50分)" of a merged cell has the cell's own place; a level written again row by row has many.
        let same = |g: &&mut Group<'a>| {
            g.cell.origin == cell.origin || g.cell.text == cell.text && g.stated.text == stated.text
        };
        let group = match groups.last_mut().filter(same) {
            Some(group) => group,
            None => {
                groups.push(Group {
                    cell,
                    stated,
                    rows: Vec::new(),
                    suspects: Vec::new(),
                });
                match groups.last_mut() {
                    Some(group) => group,
                    None => continue,
                }
            }
        };
        if matches!(
            scored::agreement(&row, computed),
            Agreement::More | Agreement::Less
        ) || beyond(&row)
        {
            group.suspects.push(group.rows.len());
        }
        group.rows.push(row);
    }
    groups
}

fn beyond(row: &Indicator<'_>) -> bool {
    match (
        row.score().and_then(Stated::number),
        row.points().and_then(Stated::number),
    ) {
        (Some(score), Some(points)) => score > points,
        _ => false,
    }
}

fn level_sum(
    case: &Case<'_>,
    report: &mut Report<'_>,
    scored: &Scored<'_>,
    column: &str,
    group: &Group<'_>,
) {
    let Some(printed) = group.stated.number() else {
        return;
    };
    let points: Vec<&Stated> = group
        .rows
        .iter()
        .filter_map(|r| r.points())
        .filter(|p| p.value.is_present())
        .collect();
    let sum = points
        .iter()
        .try_fold(Decimal::ZERO, |sum, p| sum.checked_add(p.number()?));
    let Some(sum) = sum.filter(|_| !points.is_empty()) else {
        return report.lacks("有的指标分值没有填数，各级分值不能相加");
    };
    if sum == printed {
        return report.holds(points.iter().map(|p| p.origin).chain([group.stated.origin]));
    }
    report.checked();
    let Some(first) = group.rows.first() else {
        return;
    };
    let name = level_name(group.cell);
    let (way, gap) = difference(sum, printed);
    let draft = report.find(
        format!(
            "{name}写 {} 分，其下分值相加为 {} 分",
            plain(printed),
            plain(sum)
        ),
        case.row_place(scored.index, "indicators", first.number, column),
    );
    // The words stand inside the level's cell; its label tells more than the column's.
    if let Some(place) = draft.finding.places.first_mut() {
        place.label = name;
    }
    draft
        .computed(plain(sum))
        .derivation(format!(
            "{} = {}，{way} {gap} 分",
            joined(&points),
            plain(sum)
        ))
        .identity();
    against(
        case,
        draft,
        scored,
        group.suspects.iter().filter_map(|i| group.rows.get(*i)),
    );
}

/// "产出指标" of "产出指标\n（50分）".
fn level_name(cell: &Stated) -> String {
    let text = label::normalise(&cell.text);
    match text.find('(') {
        Some(at) if at > 0 => text[..at].to_string(),
        _ => text,
    }
}

fn joined(points: &[&Stated]) -> String {
    points
        .iter()
        .filter_map(|p| p.number())
        .map(plain)
        .collect::<Vec<_>>()
        .join(" + ")
}

fn against<'a>(
    case: &Case<'_>,
    draft: &mut Draft,
    scored: &Scored<'_>,
    rows: impl Iterator<Item = &'a Indicator<'a>>,
) {
    for row in rows {
        draft.against(case.indicator_place(scored.index, row, "points"));
    }
}

fn total(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        total_of(case, report, &scored);
    }
}

fn total_of(case: &Case<'_>, report: &mut Report<'_>, scored: &Scored<'_>) {
    let form = scored.form;
    let mut addends: Vec<&Stated> = Vec::new();
    addends.extend(
        form.get("funds.total.points")
            .filter(|s| s.number().is_some()),
    );
    let execution = !addends.is_empty();
    let mut suspects = Vec::new();
    for (row, computed) in scored.rows() {
        let Some(points) = row.points().filter(|p| p.value.is_present()) else {
            continue;
        };
        addends.push(points);
        if matches!(
            scored::agreement(&row, computed),
            Agreement::More | Agreement::Less
        ) || beyond(&row)
        {
            suspects.push(row);
        }
    }
    if addends.len() < 2 {
        return report.lacks("有的表没有填分值");
    }
    let Some(sum) = addends
        .iter()
        .try_fold(Decimal::ZERO, |sum, p| sum.checked_add(p.number()?))
    else {
        return report.lacks("有的分值不是数，不能相加");
    };
    let hundred = Decimal::ONE_HUNDRED;
    let stated = form.get("total_points").filter(|s| s.number().is_some());
    let printed = stated.and_then(Stated::number);
    let unified = || {
        let points = case.rulebook.dictionary("dimension_points")?;
        points.get("execution")?.first()?.parse().ok()
    };
    let policy = Policy::of_form(case.rulebook, form);
    let execution_weight = policy.execution_points().map(|p| p.is).or_else(unified);
    // Where 预算执行率 carries no points in the form, its share may be missing from the sum.
    let short = !execution
        && execution_weight.is_some_and(|w: Decimal| hundred.checked_sub(w) == Some(sum));
    let same = printed.is_none_or(|p| p == sum || (short && p == hundred));
    if same && (sum == hundred || short) {
        return report.holds(
            addends
                .iter()
                .chain(stated.iter())
                .map(|s| s.origin)
                .collect::<Vec<Origin>>(),
        );
    }
    report.checked();
    let place = match stated {
        Some(_) => case.place(scored.index, "total_points"),
        None => case.absent(scored.index, "分值合计"),
    };
    let text = format!("{} = {}", joined(&addends), plain(sum));
    let (message, derivation) = match printed {
        Some(p) if p != sum => {
            let (way, gap) = difference(p, sum);
            (
                format!("分值合计填 {} 分，相加为 {} 分", plain(p), plain(sum)),
                format!("{text}，填报数{way} {gap} 分"),
            )
        }
        _ => {
            let (way, gap) = difference(sum, hundred);
            (
                format!("分值合计 {} 分，不是 100 分", plain(sum)),
                format!("{text}，比 100 分{way} {gap} 分"),
            )
        }
    };
    let draft = report.find(message, place);
    draft.computed(plain(sum)).derivation(derivation).identity();
    against(case, draft, scored, suspects.iter());
}

fn weights(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(policy_points) = case.rulebook.dictionary("dimension_points") else {
        return report.lacks("规程没有统一设置分值");
    };
    for scored in scored::forms(case) {
        let policy = Policy::of_form(case.rulebook, scored.form);
        let Some(stated) = stated_weights(&scored) else {
            continue;
        };
        let expected: BTreeMap<&str, Decimal> = policy_points
            .iter()
            .filter_map(|(k, v)| Some((k.as_str(), v.first()?.parse().ok()?)))
            .collect();
        // A first level that is not there at all is I302's finding.
        if ["output", "outcome"]
            .iter()
            .any(|key| !stated.contains_key(key))
        {
            continue;
        }
        let execution = policy.execution_points().map(|points| points.is);
        if execution.is_some_and(|points| expected.get("execution") != Some(&points)) {
            report.lacks("赋分办法给预算执行率的分值与统一设置不同，其余分值怎样分没有规定");
            continue;
        }
        report.checked();
        if matches_policy(&stated, &expected) {
            continue;
        }
        let off: Vec<_> = stated
            .iter()
            .filter(|(key, (sum, _))| expected.get(*key) != Some(sum))
            .collect();
        let Some((_, (_, first))) = off.first() else {
            continue;
        };
        let written: Vec<String> = stated
            .values()
            .map(|(sum, place)| format!("{} {}", place.label, plain(*sum)))
            .collect();
        let draft = report.find("一级指标分值与统一设置不同", first.clone());
        draft.derivation(format!(
            "表中：{}；统一设置：{}",
            written.join("、"),
            unified(policy_points, &stated)
        ));
        for (_, (_, place)) in off.iter().skip(1) {
            draft.against(place.clone());
        }
        // A level whose points do not add up is wrong in itself.
        for (_, (_, place)) in &off {
            draft.input(place.origin);
        }
        for (row, _) in scored.rows() {
            let level = scored.form.cell("indicators", row.row, "dimension_points");
            for points in [row.points(), level].into_iter().flatten() {
                draft.input(points.origin);
            }
        }
    }
}

/// "预算执行率 10、产出指标 50…" in the words of the form.
fn unified(
    expected: &BTreeMap<String, Vec<String>>,
    stated: &BTreeMap<&str, (Decimal, Place)>,
) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (key, points) in expected {
        let Some(points) = points.first() else {
            continue;
        };
        let name = stated
            .get(key.as_str())
            .map_or(key.as_str(), |(_, place)| place.label.as_str());
        if stated.contains_key(key.as_str()) {
            parts.push(format!("{name} {points}"));
        }
    }
    parts.join("、")
}

/// The points by first level are the prescribed ones.
pub(crate) fn matches_policy(
    stated: &BTreeMap<&str, (Decimal, Place)>,
    expected: &BTreeMap<&str, Decimal>,
) -> bool {
    let mut moved = expected.clone();
    // Without 满意度 its points go to 效益.
    if !stated.contains_key("satisfaction")
        && let Some(points) = moved.remove("satisfaction")
        && let Some(outcome) = moved.get_mut("outcome")
    {
        *outcome = outcome.checked_add(points).unwrap_or(*outcome);
    }
    let fits = |wanted: &BTreeMap<&str, Decimal>| {
        stated
            .iter()
            .all(|(key, (sum, _))| wanted.get(key) == Some(sum))
            && wanted
                .keys()
                .all(|key| stated.contains_key(key) || *key == "execution")
    };
    fits(expected) || fits(&moved)
}

/// Points by first level, printed ones before sums; `None` when a level is unknown or has no points.
pub(crate) fn stated_weights<'a>(
    scored: &Scored<'a>,
) -> Option<BTreeMap<&'a str, (Decimal, Place)>> {
    let form = scored.form;
    let mut weights: BTreeMap<&'a str, (Decimal, Place)> = BTreeMap::new();
    let mut seen: Vec<&Stated> = Vec::new();
    for (row, judged) in scored.judged() {
        let cell = row.dimension().filter(|s| s.value.is_present())?;
        let key = judged.dimension.as_deref()?;
        let place = || Place {
            kind: jiheng_model::finding::PlaceKind::Cell,
            form: form.kind().into(),
            form_index: Some(scored.index),
            field: Some(format!("indicators[{}].dimension", row.number + 1)),
            label: level_name(cell),
            origin: cell.origin,
            text: cell.text.clone(),
        };
        let printed = form
            .cell("indicators", row.row, "dimension_points")
            .and_then(Stated::number);
        let entry = weights
            .entry(key)
            .or_insert_with(|| (Decimal::ZERO, place()));
        match printed {
            // A level's points are written in its merged cell, or again in each row.
            Some(_)
                if seen
                    .iter()
                    .any(|s| s.origin == cell.origin || s.text == cell.text) => {}
            Some(points) => {
                seen.push(cell);
                entry.0 = entry.0.checked_add(points)?;
            }
            None => entry.0 = entry.0.checked_add(row.points()?.number()?)?,
        }
    }
    let known = weights
        .keys()
        .all(|k| matches!(*k, "output" | "outcome" | "satisfaction" | "cost"));
    (known && weights.len() > 1).then_some(weights)
}

fn positive(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        for (row, _) in scored.rows() {
            let Some(points) = row.points() else { continue };
            report.checked();
            match points.number() {
                Some(n) if n <= Decimal::ZERO => {
                    report.find(
                        format!("分值填 {}，不大于零", points.text),
                        case.indicator_place(scored.index, &row, "points"),
                    );
                }
                None if row.score().is_some_and(|s| s.number().is_some()) => {
                    report.find_as(
                        Severity::Warning,
                        "有得分而没有分值",
                        case.indicator_place(scored.index, &row, "points"),
                    );
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::changed;

    #[test]
    fn rows_of_a_level_add_up_to_the_points_written_in_its_cell() {
        let said = changed(&[("1.points", "28")]).run(&LEVELS);
        assert_eq!(said.messages(), ["产出指标写 50 分，其下分值相加为 48 分"]);
        assert_eq!(
            said.findings[0].derivation.as_deref(),
            Some("28 + 20 = 48，少 2 分")
        );
        assert_eq!(changed(&[]).run(&LEVELS).checked, 3);
    }

    #[test]
    fn points_add_up_to_a_hundred() {
        assert_eq!(
            changed(&[("1.points", "28")]).run(&TOTAL).messages(),
            ["分值合计填 100 分，相加为 98 分"]
        );
        let said = changed(&[("1.points", "28"), ("total_points", "98")]).run(&TOTAL);
        assert_eq!(said.messages(), ["分值合计 98 分，不是 100 分"]);
    }

    #[test]
    fn other_weights_than_the_unified_ones_are_a_warning() {
        let moved = [
            ("1.dimension_points", "40"),
            ("2.dimension_points", "40"),
            ("1.points", "20"),
            ("3.dimension_points", "40"),
            ("3.points", "40"),
        ];
        let said = changed(&moved).run(&WEIGHTS);
        assert_eq!(said.findings.len(), 1);
        assert_eq!(said.findings[0].severity, Severity::Warning);
        assert_eq!(said.findings[0].places.len(), 2);
        assert!(changed(&[]).run(&WEIGHTS).findings.is_empty());
    }

    #[test]
    fn an_indicator_without_weight_is_reported() {
        assert_eq!(
            changed(&[("2.points", "0")]).run(&POSITIVE).messages(),
            ["分值填 0，不大于零"]
        );
        let said = changed(&[("2.points", "")]).run(&POSITIVE);
        assert_eq!(said.findings[0].severity, Severity::Warning);
    }
}
