//! Command line arguments come in; findings, scores and documents go out. Thin: one file per verb.

mod annotate;
mod args;
mod assess;
#[cfg(feature = "server")]
mod audit;
mod batch;
mod check;
mod completions;
#[cfg(feature = "server")]
mod data;
mod diff;
mod evaluate;
mod explain;
mod extract;
mod fix;
mod letter;
mod new;
mod output;
mod render;
mod report;
mod rule;
mod rulebook;
mod score;
#[cfg(feature = "server")]
mod serve;
mod view;
mod worker;

use args::Verb;
use std::process::ExitCode;

/// A package is read into many small values; this allocator makes and drops them faster (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Nothing was found that is provably wrong.
pub const CLEAN: u8 = 0;
/// At least one finding of level 错误.
pub const ERRORS_FOUND: u8 = 1;
/// It could not run: nothing readable, bad arguments, unknown rulebook.
pub const COULD_NOT_RUN: u8 = 2;
/// It was told to stop before it was done, as shells say it.
pub const INTERRUPTED: u8 = 130;

/// Why a verb could not run: one clear Chinese sentence for standard error.
pub struct Refusal(pub String);

/// What a verb ends with: its exit code, or why it could not run.
pub type Verdict = Result<u8, Refusal>;

fn main() -> ExitCode {
    let verb = match args::parse() {
        Ok(verb) => verb,
        Err(code) => return ExitCode::from(code),
    };
    if !matches!(verb, Verb::Worker | Verb::Recogniser { .. }) {
        worker::choose();
    }
    let verdict = match &verb {
        Verb::Worker => worker::run(),
        Verb::Recogniser {
            seconds,
            megabytes,
            command,
        } => worker::become_recogniser(command, *seconds, *megabytes),
        Verb::Evaluate(a) => evaluate::run(a),
        Verb::Batch(a) => batch::run(a),
        Verb::Annotate(a) => annotate::run(a),
        Verb::Fix(a) => fix::run(a),
        Verb::Check(a) => check::run(a),
        Verb::Render(a) => render::run(a),
        Verb::Extract(a) => extract::run(a),
        Verb::Score(a) => score::run(a),
        Verb::Explain(a) => explain::run(a),
        Verb::New(a) => new::run(a),
        Verb::Assess(a) => assess::run(a),
        Verb::Diff(a) => diff::run(a),
        Verb::Letter(a) => letter::run(a),
        Verb::Report(a) => report::run(a),
        Verb::Rule(a) => rule::run(a),
        Verb::Rulebook(a) => rulebook::run(a),
        #[cfg(feature = "server")]
        Verb::Serve(a) => serve::run(a),
        #[cfg(feature = "server")]
        Verb::Backup(a) => data::backup(a),
        #[cfg(feature = "server")]
        Verb::Restore(a) => data::restore(a),
        #[cfg(feature = "server")]
        Verb::Audit(a) => audit::run(a),
        Verb::Completions(a) => completions::run(a),
    };
    match verdict {
        Ok(code) => ExitCode::from(code),
        Err(Refusal(sentence)) => {
            output::message(&sentence);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}
