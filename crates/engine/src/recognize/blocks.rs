//! Amounts printed in label cells ("一般公共预算：6608.16") come in; the column of the grid they belong to goes out.

use jiheng_model::form::{Form, GridDef};
use jiheng_model::{Decimal, Stated, Unit};

/// The column whose total the amounts make up: the outturn when they are part of the outturn, else the final budget.
///
/// Which columns these are the grid says by their keys; a grid without them takes its last column of money.
pub(super) fn column(form: &Form, grid: &GridDef, amounts: &[(u16, &Stated)]) -> usize {
    let at = |key: &str| grid.cols.iter().position(|c| c.0 == key);
    let (Some(outturn), Some(budget)) = (at("outturn"), at("final_budget")) else {
        return at("outturn").or(at("final_budget")).unwrap_or(0);
    };
    let wan = Unit::wan_yuan();
    // The row that the blocks are parts of, and the blocks with their parts.
    let amount = |row: u16| {
        amounts
            .iter()
            .find(|(r, _)| *r == row)
            .and_then(|(_, s)| s.number_in(&wan))
    };
    let blocks: Vec<u16> = (0..grid.rows.len() as u16)
        .filter(|r| grid.part_of.contains(&Some(*r)))
        .collect();
    let Some(whole) = blocks.iter().find(|r| grid.part_of[**r as usize].is_none()) else {
        return outturn;
    };
    let total = |col: usize| {
        form.at(*grid.slots.get(*whole as usize * grid.cols.len() + col)?)?
            .number_in(&wan)
    };
    let (Some(spent), Some(planned)) = (total(outturn), total(budget)) else {
        return outturn;
    };
    if spent == planned {
        return outturn;
    }
    let parts = |block: u16| {
        let rows = (0..grid.part_of.len() as u16)
            .filter(move |r| grid.part_of[*r as usize] == Some(block));
        let sum = rows
            .filter_map(amount)
            .try_fold(Decimal::ZERO, |sum, a| sum.checked_add(a));
        sum.filter(|s| !s.is_zero())
    };
    // Each printed block total and each sum of parts votes for the total it is nearer to; equality counts most.
    let mut votes = 0i32;
    for block in blocks.iter().filter(|b| *b != whole) {
        for sum in [amount(*block), parts(*block)].into_iter().flatten() {
            let gap = |to: Decimal| sum.checked_sub(to).map(|d| d.abs());
            match (gap(spent), gap(planned)) {
                (Some(a), Some(b)) if b < a => votes -= if b.is_zero() { 3 } else { 1 },
                (Some(a), _) => votes += if a.is_zero() { 3 } else { 1 },
                _ => {}
            }
        }
    }
    if votes < 0 { budget } else { outturn }
}
