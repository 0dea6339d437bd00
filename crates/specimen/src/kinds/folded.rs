//! One number of a form whose scores are folded by a weight is changed.

use super::{Kind, kind};
use crate::draft::Draft;
use jiheng_model::Severity::Error;
use jiheng_model::Stated;

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("D02-folded-score-off", &["D02"], "一个指标的折算得分多 1 分", &["A426"], Error, "", score),
    kind("D02-folded-total-off", &["D02", "D03"], "折算得分合计少 1.5 分", &["A426"], Error, "", total),
    kind("D02-weight-off", &["D02"], "一个指标的权重占比多 5 个百分点", &["A426"], Error, "", weight),
];

fn cell<'a>(draft: &mut Draft<'a>, column: &str) -> Option<&'a Stated> {
    let form = draft.form("project")?;
    let rows = form.rows("indicators").iter();
    let cells: Vec<&Stated> = rows
        .filter_map(|row| form.cell("indicators", row, column))
        .filter(|s| s.number().is_some_and(|n| !n.is_zero()))
        .collect();
    (!cells.is_empty()).then(|| *draft.dice.pick(&cells))
}

fn score(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let stated = cell(draft, "folded_score")?;
    draft.add(stated, 100)
}

fn total(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let stated = draft.form("project")?.get("folded_total")?;
    draft.add(stated, -150)
}

fn weight(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let stated = cell(draft, "weight_share")?;
    draft.add(stated, 500)
}
