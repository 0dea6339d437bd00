//! Odd and broken files of other readers' test suites come in; how each run on them ended, and whether their text was read, goes out.
//!
//! Each file is checked twice by the program itself, in processes of their own that are measured.
//! What a file says is compared with what python-docx and openpyxl find in it.

mod page;
mod peers;
mod values;

use crate::measured;
use crate::run::run;
use crate::{root, shared};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What one file may take: processor time of the whole run, and memory.
pub(super) const TIME: Duration = Duration::from_secs(2);
const MEMORY: u64 = 256 << 20;
/// A run that takes longer by the clock is stopped; the clock of a busy machine says nothing finer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The share of files opened by the peers that are to be read with all their text.
const TO_READ: f64 = 0.95;

/// How the program did on one file.
pub(super) struct Report {
    /// Path below the folder of the corpus.
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// Slower of the two runs, by processor time.
    pub(super) cpu: Duration,
    pub(super) wall: Duration,
    pub(super) memory: u64,
    /// Both runs said the same, byte for byte.
    pub(super) same: bool,
    pub(super) text: Text,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Read and checked.
    Read,
    /// Not read, and why, in the program's own sentence.
    Refused(String),
    /// It panicked, was killed or ended in a way that the contract does not know.
    Broke(String),
    /// It was stopped.
    Hung,
}

/// Whether the text that a peer finds was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// No peer reads this kind of file.
    NoPeer,
    /// The peer does not open it either.
    NotOpened,
    /// All of it.
    Whole,
    /// Pieces that are missing, of so many, and the first of them.
    Missing(usize, usize, String),
}

/// Checks every file twice and compares texts; fails when a promise is broken.
pub(super) fn robustness(args: &[&str]) -> Result<(), String> {
    let Some(shared) = shared() else {
        return Ok(());
    };
    let value_of = |flag: &str| args.iter().skip_while(|a| **a != flag).nth(1).copied();
    let folder = shared.join("corpus/robustness");
    let mut files = Vec::new();
    gather(&folder, &mut files)?;
    if let Some(only) = value_of("--only") {
        files.retain(|f| f.to_string_lossy().contains(only));
    }
    let program = program(args.contains(&"--dev"))?;
    let texts = if args.contains(&"--no-peers") {
        Vec::new()
    } else {
        peers::texts(&files)?
    };
    let mut reports = Vec::with_capacity(files.len());
    for file in &files {
        let report = check(&program, &folder, file, &texts)?;
        if !report.holds() || matches!(report.text, Text::Missing(..)) || args.contains(&"--all") {
            println!("{}", page::line(&report));
        }
        reports.push(report);
    }
    println!("\n{}", page::table(&reports));
    if args.contains(&"--write") {
        let path = root().join("docs/robustness.md");
        std::fs::write(&path, page::page(&reports))
            .map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let broken = reports.iter().filter(|r| !r.holds()).count();
    let (whole, opened) = read_with_text(&reports);
    if broken > 0 {
        return Err(format!("{broken} files break a promise"));
    }
    if opened > 0 && (whole as f64) < TO_READ * opened as f64 {
        return Err(format!(
            "{whole} of {opened} files that the peers open were read with all their text"
        ));
    }
    Ok(())
}

/// Files read with all their text, of those that a peer opens.
pub(super) fn read_with_text(reports: &[Report]) -> (usize, usize) {
    let whole = reports.iter().filter(|r| r.text == Text::Whole).count();
    let partly = reports
        .iter()
        .filter(|r| matches!(r.text, Text::Missing(..)))
        .count();
    (whole, whole + partly)
}

impl Report {
    /// No panic, no hang, within time and memory, the same twice.
    pub(super) fn holds(&self) -> bool {
        matches!(self.outcome, Outcome::Read | Outcome::Refused(_))
            && self.cpu <= TIME
            && self.memory <= MEMORY
            && self.same
    }
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.file_name().is_some_and(|n| n != "SOURCE.txt") {
            files.push(path);
        }
    }
    Ok(())
}

/// Builds the program that is measured: as it is delivered, or (`--dev`) as it is developed; or another build that `JIHENG` names.
fn program(dev: bool) -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("JIHENG") {
        return Ok(named.into());
    }
    let mut build = vec!["build", "--quiet", "-p", "jiheng-cli"];
    if !dev {
        build.push("--release");
    }
    run(&root(), "cargo", &build)?;
    let folder = if dev { "debug" } else { "release" };
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    Ok(target.join(folder).join("jiheng"))
}

fn check(
    program: &Path,
    folder: &Path,
    file: &Path,
    texts: &[peers::Texts],
) -> Result<Report, String> {
    let run = || {
        let mut command = Command::new(program);
        command
            .arg("check")
            .arg(file)
            .args(["--format", "json"])
            .env_remove("RUST_BACKTRACE");
        measured::run(&mut command, PATIENCE)
    };
    let (first, second) = (run()?, run()?);
    let outcome = outcome(&first);
    let text = match texts.iter().find(|t| t.file == file) {
        _ if matches!(outcome, Outcome::Broke(_) | Outcome::Hung) => Text::NoPeer,
        Some(texts) => peers::compare(texts)?,
        None => Text::NoPeer,
    };
    Ok(Report {
        name: file
            .strip_prefix(folder)
            .unwrap_or(file)
            .to_string_lossy()
            .into_owned(),
        outcome,
        cpu: first.cpu.max(second.cpu),
        wall: first.wall.max(second.wall),
        memory: first.memory.max(second.memory),
        same: first.out == second.out
            && first.err == second.err
            && first.status.map(|s| s.code()) == second.status.map(|s| s.code()),
        text,
    })
}

fn outcome(run: &measured::Run) -> Outcome {
    let Some(status) = run.status else {
        return Outcome::Hung;
    };
    if run.err.contains("panicked") {
        return Outcome::Broke(run.err.lines().next().unwrap_or_default().to_string());
    }
    match status.code() {
        Some(0 | 1) => Outcome::Read,
        Some(2) => Outcome::Refused(run.err.trim().to_string()),
        _ => Outcome::Broke(status.to_string()),
    }
}
