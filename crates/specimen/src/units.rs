//! A department's plan comes in; the plan of a unit that belongs to it, small enough to be a part of it, goes out.

use crate::forms;
use crate::invent;
use crate::plan::Plan;
use crate::sheet::Piece;

/// Plans that are tried until one fits.
const TRIES: u64 = 48;

/// A unit of the department: the same city and year, other projects, and no more spending than the department's own.
pub fn unit_of(plan: &Plan) -> Option<Plan> {
    let first = plan.seed.wrapping_mul(1000);
    let mut units: Vec<Plan> = (1..=TRIES)
        .map(|n| invent::plan(first.wrapping_add(n)))
        .filter(|u| u.year == plan.year)
        .filter(|u| {
            let names = |p: &Plan| -> Vec<String> {
                let projects = p.projects.iter().map(|p| p.name.clone());
                projects
                    .chain(p.ended.iter().map(|(n, _)| n.clone()))
                    .collect()
            };
            let own = names(plan);
            names(u).iter().all(|n| !own.contains(n))
        })
        .collect();
    units.sort_by_key(|u| u.total().outturn);
    let mut unit = units.into_iter().next()?;
    (unit.total().outturn < plan.total().outturn).then_some(())?;
    unit.unit = format!("{}{}", plan.city, plan.subordinates.first()?);
    unit.city.clone_from(&plan.city);
    unit.superior.clone_from(&plan.unit);
    Some(unit)
}

/// What a unit hands in to its department: 附件2 and 附件3.
pub fn handed_in(unit: &Plan) -> Vec<Piece> {
    let mut out = Vec::new();
    forms::department(unit, &mut out);
    for (number, project) in unit.projects.iter().enumerate() {
        forms::project(unit, number, project, &mut out);
    }
    out
}
