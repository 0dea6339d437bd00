//! A426 `folded-score`: forms whose single scores are folded by a weight come in; folded scores that do not follow from the two go out.
//!
//! Which column holds the weight is data: the part `folded` of the scoring policy in force.

use super::a201::difference;
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use crate::score::form::plain;
use crate::score::policy::Policy;
use jiheng_model::{Decimal, Place, Severity, Stated, ValueKind};

/// The rule.
pub static RULE: Rule = Rule {
    code: "A426",
    slug: "folded-score",
    title: "折算得分与得分、权重不符",
    severity: Severity::Error,
    covers: &["D02"],
    basis: &["scoring-folded"],
    what: "按权重折算得分的表，每行的折算得分是否等于同一行的单项得分乘以权重占比；折算得分合计是否等于各行之和。",
    why: "折算得分由同一行的两个数算出，应能复算。",
    advice: "核对单项得分和权重占比，按两数之积更正折算得分",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let form = scored.form;
        let policy = Policy::of_form(case.rulebook, form);
        let Some(weight) = policy.scoring.and_then(|s| s.folded.as_ref()) else {
            continue;
        };
        let mut sum = Some(Decimal::ZERO);
        let mut addends: Vec<Place> = Vec::new();
        for (row, _) in scored.rows() {
            let cell = |column: &str| form.cell("indicators", row.row, column);
            let folded = cell("folded_score").filter(|s| s.number().is_some());
            let Some((stated, printed)) = folded.and_then(|s| Some((s, s.number()?))) else {
                continue;
            };
            sum = sum.and_then(|sum| sum.checked_add(printed));
            addends.push(case.indicator_place(scored.index, &row, "folded_score"));
            let share = cell(&weight.is).and_then(|s| Some((s, share(s)?)));
            let score = row.score().and_then(|s| Some((s, s.number()?)));
            let (Some((share_cell, share)), Some((score_cell, score))) = (share, score) else {
                report.lacks("有的折算得分旁没有单项得分或权重占比");
                continue;
            };
            let Some(computed) = score.checked_mul(share) else {
                continue;
            };
            let half = stated.half_unit().unwrap_or_default();
            let near = |gap: Decimal| gap.abs() <= half;
            if printed.checked_sub(computed).is_some_and(near) {
                report.holds([stated.origin, share_cell.origin, score_cell.origin]);
                continue;
            }
            report.checked();
            let (way, gap) = difference(printed, computed);
            report
                .find(
                    format!(
                        "折算得分填 {} 分，按权重折算为 {} 分",
                        stated.text,
                        plain(computed)
                    ),
                    case.indicator_place(scored.index, &row, "folded_score"),
                )
                .against(case.indicator_place(scored.index, &row, "score"))
                .against(case.indicator_place(scored.index, &row, &weight.is))
                .computed(plain(computed))
                .derivation(format!(
                    "{} × {} = {}，{way} {gap} 分",
                    score_cell.text,
                    share_cell.text,
                    plain(computed)
                ))
                .identity();
        }
        total(case, report, scored.index, sum, addends);
    }
}

/// 折算得分 of the total row against the sum of the rows.
fn total(
    case: &Case<'_>,
    report: &mut Report<'_>,
    index: usize,
    sum: Option<Decimal>,
    addends: Vec<Place>,
) {
    let stated = case
        .filing
        .forms
        .get(index)
        .and_then(|f| f.get("folded_total"));
    let printed = stated.and_then(|s| Some((s, s.number()?)));
    let (Some((stated, printed)), Some(sum)) = (printed, sum.filter(|_| addends.len() > 1)) else {
        return;
    };
    let gap = printed.checked_sub(sum).unwrap_or_default().abs();
    if gap.is_zero() {
        let cells = addends.iter().map(|p| p.origin).chain([stated.origin]);
        return report.holds(cells);
    }
    report.checked();
    let (way, by) = difference(printed, sum);
    let half = stated.half_unit().unwrap_or_default();
    let tolerance = half.checked_mul(Decimal::from(addends.len() as u64 + 1));
    let severity = match tolerance {
        Some(tolerance) if gap <= tolerance => Severity::Hint,
        _ => Severity::Error,
    };
    let draft = report.find_as(
        severity,
        format!(
            "折算得分合计填 {} 分，各行相加为 {} 分，{way} {by} 分",
            stated.text,
            plain(sum)
        ),
        case.place(index, "folded_total"),
    );
    draft.computed(plain(sum)).identity();
    // A row that is wrong in itself makes the sum wrong.
    for place in addends {
        draft.against(place);
    }
}

/// A weight as a fraction: "25%", 25 and 0.25 are the same.
fn share(stated: &Stated) -> Option<Decimal> {
    let number = stated.number()?;
    let percent = matches!(stated.value.kind, ValueKind::Percent(_)) || number > Decimal::ONE;
    match percent {
        true => number.checked_div(Decimal::ONE_HUNDRED),
        false => Some(number),
    }
}
