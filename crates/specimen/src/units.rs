//! A department's plan comes in; the plans of units whose material may lie beside its own go out.

use crate::invent;
use crate::plan::Plan;

/// Plans that are tried until one fits.
const TRIES: u64 = 48;

/// A unit of the department, which spends less, and another department, which spends more: of the same year, with other projects.
pub fn beside(plan: &Plan) -> Vec<Plan> {
    let mut found = others(plan);
    found.sort_by_key(|u| u.total().outturn);
    let (less, more): (Vec<Plan>, Vec<Plan>) = found
        .into_iter()
        .partition(|u| u.total().outturn < plan.total().outturn);
    let unit = less.into_iter().next().zip(plan.subordinates.first());
    let unit = unit.map(|(mut unit, name)| {
        unit.unit = format!("{}{name}", plan.city);
        unit.city.clone_from(&plan.city);
        unit.superior.clone_from(&plan.unit);
        unit
    });
    unit.into_iter()
        .chain(more.into_iter().next_back())
        .collect()
}

fn others(plan: &Plan) -> Vec<Plan> {
    let own = projects(plan);
    let first = plan.seed.wrapping_mul(1000);
    let seeds = (1..=TRIES).map(|n| first.wrapping_add(n));
    seeds
        .map(invent::plan)
        .filter(|u| u.year == plan.year && u.unit != plan.unit)
        .filter(|u| projects(u).iter().all(|name| !own.contains(name)))
        .collect()
}

fn projects(plan: &Plan) -> Vec<String> {
    let projects = plan.projects.iter().map(|p| p.name.clone());
    projects
        .chain(plan.ended.iter().map(|(name, _)| name.clone()))
        .collect()
}
