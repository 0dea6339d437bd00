//! Seeds come in; made-up packages in which everything adds up, packages with one defect, and what the
//! checker says of them go out.
//!
//! Not part of the product: a package of another hand to hold the checker against.

pub mod codes;
pub mod companions;
pub mod dice;
pub mod draft;
pub mod faulty;
pub mod folded;
pub mod forms;
pub mod goals;
pub mod hundredths;
pub mod indicators;
pub mod invent;
pub mod kinds;
pub mod material;
pub mod plan;
pub mod print;
pub mod report;
pub mod sheet;
pub mod slips;
pub mod stock;
pub mod trial;
pub mod truth;
pub mod units;

use plan::Plan;
use sheet::Piece;

/// All forms and the report of a plan, in the order in which they are handed in.
pub fn pieces(plan: &Plan) -> Vec<Piece> {
    let mut out = Vec::new();
    forms::baseline(plan, &mut out);
    forms::department(plan, &mut out);
    for (number, project) in plan.projects.iter().enumerate() {
        forms::project(plan, number, project, &mut out);
    }
    report::report(plan, &mut out);
    out
}
