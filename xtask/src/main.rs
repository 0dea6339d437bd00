//! Developer tasks come in as a verb; checks, generated pages and measurements go out.
//!
//! `cargo xtask test` is what the README names and CI runs.

mod bench;
mod chaos;
mod corpus;
mod docs;
mod fuzz;
mod generate;
mod measured;
mod new_rule;
mod run;
mod test;
mod tidy;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask VERB
  test                 format, lints, all tests, tidy, generated pages, the README's first command
  tidy                 the house rules that no compiler checks
  docs [--check]       write (or compare) docs/rules and docs/coverage.md
  bench [--pdf] [--peers] [FILE…]   the corridor, room by room, and the printers; --pdf: PDF beside typst alone; --peers: other readers in the same run, of docx and of other formats
  gen [--count N] [--seed S] [--out DIR] [--format docx,xlsx,html,txt]
                       consistent made-up packages with their truth
  corpus [--examples N] [--cells] [--only NAME] [--write]
                       the forms of ../shared against their truth files, and false alarms on
                       consistent packages; --write: docs/accuracy.md
  corpus --generated N [--seed S]   false alarms on generated packages
  corpus --mutations [--packages N] [--only KIND] [--source generated|consistent] [--examples N]
                       sound packages broken in one place each: found, missed, extra
  corpus --words [--examples]   what indicators are by their words, labelled against judged
  corpus --robustness [--dev] [--no-peers] [--only TEXT] [--all] [--write]
                       odd and broken files, each twice in a process that is measured, and their
                       texts against python-docx and openpyxl; --write: docs/robustness.md
  chaos [--rounds N]   the server killed N times (200) under load: nothing acknowledged is lost
  load [SECONDS [SAVES READS]] [ramp]   400 signed-in people save and read at a rate; ramp: then faster, until
                       95 of 100 saves take 50 ms
  fuzz [--runs N] [--seconds S] [--only DOOR] [--steady]
                       made-up inputs for every reader of ours, the expression language and
                       rulebooks, each for at most S seconds; found ones are kept in fuzz/artifacts
  new-rule CODE SLUG   a new built-in rule: its file, its line in the list, its case";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    // The developer's own files are read where they are.
    jiheng_engine::read::foreign::choose(Box::new(jiheng_engine::read::foreign::InProcess));
    let done = match args.first().map(String::as_str) {
        Some("test") => test::test(),
        Some("tidy") => tidy::tidy(),
        Some("docs") => docs::docs(rest.contains(&"--check")),
        Some("bench") => bench::bench(&rest),
        Some("gen") => generate::generate(&rest),
        Some("corpus") if rest.contains(&"--words") => words::words(&rest),
        Some("corpus") => corpus::corpus(&rest),
        Some("load") => bench::load(&rest),
        Some("chaos") => chaos::chaos(&rest),
        Some("fuzz") => fuzz::fuzz(&rest),
        Some("new-rule") => new_rule::new_rule(&rest),
        _ => Err(USAGE.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the repository")
        .to_path_buf()
}

/// The corpus beside the repository, when it is there; says on stderr when it is not.
fn shared() -> Option<PathBuf> {
    let path = root().join("../shared");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: ../shared is not here");
    None
}
