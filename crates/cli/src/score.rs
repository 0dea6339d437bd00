//! `jiheng score`: material comes in; stated and recomputed scores go out side by side.

use crate::args::{Plain, PlainArgs};
use crate::{CLEAN, Verdict, output, view};
use jiheng_render::{json, terminal};

/// Prints the score sheet.
pub fn run(args: &PlainArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    output::print(&match args.format {
        Plain::Json => json::score(&view.results()),
        Plain::Terminal => terminal::score(&view.results(), &output::style(&args.look)),
    });
    Ok(CLEAN)
}
