//! `jiheng rulebook`: the shelf or a folder comes in; the list of rulebooks goes out.

use crate::args::{RulebookArgs, RulebookVerb};
use crate::{CLEAN, Refusal, Verdict, output, view};
use std::fmt::Write as _;

/// Lists or lints rulebooks.
pub fn run(args: &RulebookArgs) -> Verdict {
    match &args.verb {
        RulebookVerb::List => {
            let mut text = String::new();
            for book in view::shelf().rulebooks.values() {
                let _ = writeln!(text, "{}@{}  {}", book.id, book.version, book.title);
            }
            output::print(&text);
            Ok(CLEAN)
        }
        RulebookVerb::Lint { dir } => Err(Refusal(format!("读不了  {}。", dir.display()))),
    }
}
