//! `jiheng check`: material comes in; findings go out in the format asked for.

use crate::args::{CheckArgs, Report};
use crate::{Verdict, output, view};
use jiheng_render::{json, sarif, terminal};

/// Prints the findings; the exit code says whether one is an error.
pub fn run(args: &CheckArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let results = view.results();
    let text = match args.format {
        Report::Json => json::check(&results),
        Report::Sarif => sarif::sarif(&results),
        Report::Terminal => {
            let style = output::style(&args.look);
            let mut text = terminal::findings(&results, &style);
            if !style.quiet {
                text.push_str(&terminal::footer(&results, &style));
            }
            text
        }
    };
    output::print(&text);
    Ok(view.exit())
}
