//! What a unit of the department handed in is changed: its amounts, its indicators.

use super::{Kind, kind};
use crate::draft::{Draft, plus};
use jiheng_model::Severity::Warning;
use jiheng_model::{Form, Stated};

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("D53-unit-left-out", &["D53"], "所属单位的支出都多一位，部门附件2 没有包括", &["X404"], Warning, "", above_department),
];

/// The unit's department form and project forms.
fn of_unit<'a>(draft: &Draft<'a>) -> Option<Vec<&'a Form>> {
    let filing = &draft.subject.filing;
    let unit = filing.materials.get(1)?;
    let forms = unit.forms.iter().filter_map(|i| filing.forms.get(*i));
    Some(forms.collect())
}

/// Every amount of the unit has a digit more, until it spends more than the department's form shows.
fn above_department(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let filing = &draft.subject.filing;
    let main = filing.materials.first()?;
    let main = main.forms.iter().filter_map(|i| filing.forms.get(*i));
    let department = main.into_iter().find(|f| f.kind() == "department")?;
    let total = department.get("funds.total.outturn")?;
    let forms = of_unit(draft)?;
    let own = forms.iter().find(|f| f.kind() == "department")?;
    let ratio = total.number()? / own.number("funds.total.outturn")?;
    let factor: i64 = if ratio < 10.into() { 10 } else { 100 };
    for form in forms {
        for row in ROWS {
            for column in ["original_budget", "final_budget", "outturn"] {
                let Some(stated) = form.get(&format!("funds.{row}.{column}")) else {
                    continue;
                };
                let Some(text) = times(stated, factor) else {
                    continue;
                };
                draft.write(stated.origin, &text)?;
            }
        }
    }
    draft.spots.push(total.origin);
    Some(())
}

const ROWS: &[&str] = &[
    "total",
    "by_source",
    "general_public",
    "government_fund",
    "special_account",
    "other",
    "by_nature",
    "basic",
    "project",
    "appropriation",
    "carry_over",
];

fn times(stated: &Stated, factor: i64) -> Option<String> {
    let number = stated.number().filter(|n| !n.is_zero())?;
    let hundredths: i64 = (number * rust_decimal::Decimal::ONE_HUNDRED)
        .try_into()
        .ok()?;
    plus(&stated.text, hundredths * (factor - 1))
}
