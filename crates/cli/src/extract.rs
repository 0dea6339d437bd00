//! `jiheng extract`: material comes in; what was read and recognised goes out, nothing judged.

use crate::args::{Plain, PlainArgs};
use crate::{CLEAN, Verdict, output, view};
use jiheng_render::{json, terminal};

/// Prints forms, facts and what was not recognised.
pub fn run(args: &PlainArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    output::print(&match args.format {
        Plain::Json => json::extract(&view.results()),
        Plain::Terminal => terminal::extract(&view.results(), &output::style(&args.look)),
    });
    Ok(CLEAN)
}
