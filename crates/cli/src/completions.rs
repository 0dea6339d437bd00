//! `jiheng completions`: the name of a shell comes in; its completion script goes out.

use crate::args::CompletionsArgs;
use crate::{CLEAN, Verdict, args, output};

/// Prints the script.
pub fn run(arguments: &CompletionsArgs) -> Verdict {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut args::command(), "jiheng", &mut script);
    output::print(&String::from_utf8_lossy(&script));
    Ok(CLEAN)
}
