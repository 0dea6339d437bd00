//! A unit whose material lies beside the department's becomes one of its own.

use super::{Kind, kind};
use crate::draft::Draft;
use jiheng_model::Form;
use jiheng_model::Severity::Warning;

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("D53-unit-left-out", &["D53"], "支出更多的单位归本部门主管，部门附件2 没有包括它的支出", &["X404"], Warning, "", left_out),
];

/// The forms of a set of material.
pub(super) fn of_set<'a>(draft: &Draft<'a>, number: usize) -> Option<Vec<&'a Form>> {
    let filing = &draft.subject.filing;
    let set = filing.materials.get(number)?;
    let forms = set.forms.iter().filter_map(|i| filing.forms.get(*i));
    Some(forms.collect())
}

/// The project forms of a unit that spends more than the department name the department as theirs.
fn left_out(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let department = of_set(draft, 0)?;
    let department = department.into_iter().find(|f| f.kind() == "department")?;
    let name = department.text("unit_name")?;
    let total = department.get("funds.total.outturn")?;
    let spends_more = |forms: &[&Form]| {
        let mut amounts = forms.iter().filter_map(|f| f.number("funds.total.outturn"));
        let own = forms.iter().any(|f| f.kind() == "department");
        own && amounts.next() > total.number()
    };
    let sets = draft.subject.filing.materials.len();
    let mut units = (1..sets).filter_map(|n| of_set(draft, n));
    let unit = units.find(|forms| spends_more(forms))?;
    for form in unit {
        if let Some(over) = form.get("line_department") {
            draft.write(over.origin, name)?;
        }
    }
    draft.spots.push(total.origin);
    Some(())
}
