//! Workbooks, PDFs and old Word files come in; how long our readers and other programs take for them, in one run, goes out as a table.
//!
//! Libraries are timed warm inside one process, as ours is. Programs (pdftotext, LibreOffice) are
//! timed from their start to their end in processor time, and so is ours then.

use super::{lines, name, peers, timed};
use crate::measured;
use crate::root;
use crate::run::{output, run};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Runs of a program; the median is told.
const RUNS: usize = 7;
/// A program that takes longer by the clock is stopped.
const PATIENCE: Duration = Duration::from_secs(120);

/// Files of each format, below the repository; the first one is a form, the second is long.
const WORKBOOKS: &[&str] = &[
    "samples/yueyang-2024-start/projects.xlsx",
    "../shared/corpus/layouts/P19-L10-project.xlsx",
    "../shared/corpus/robustness/easypoi-test/src__test__resources__import__BigDataExport20000.xlsx",
];
const PDFS: &[&str] = &[
    "samples/yueyang-2023/package.pdf",
    "../shared/corpus/budget-documents/2023-putuo-wanli-budget-with-5-goal-forms.pdf",
];
const OLD_WORD: &[&str] = &["samples/yueyang-2023/package.doc"];

/// Times our readers of other formats beside their peers.
pub(super) fn formats() -> Result<(), String> {
    println!("\n| file | peer | its time | ours | ratio |\n|---|---|---|---|---|");
    workbooks()?;
    let build = ["build", "--quiet", "--release", "-p", "jiheng-cli"];
    run(&root(), "cargo", &build)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    let ours = target.join("release/jiheng");
    for file in present(PDFS) {
        let text = |program: &Path| {
            let mut command = Command::new(program);
            command.args(["-layout", &file, "-"]);
            command
        };
        against(&ours, &file, "pdftotext -layout", "pdftotext", &text)?;
    }
    let folder = target.join("peers/converted");
    for file in present(OLD_WORD) {
        let text = |program: &Path| {
            let mut command = Command::new(program);
            command.args(["--headless", "--convert-to", "txt:Text", "--outdir"]);
            command.arg(&folder).arg(&file);
            command
        };
        against(&ours, &file, "LibreOffice, to text", "soffice", &text)?;
    }
    Ok(())
}

/// Workbooks inside a process: calamine and openpyxl.
fn workbooks() -> Result<(), String> {
    let root = root();
    let files = present(WORKBOOKS);
    let named: Vec<&str> = files.iter().map(String::as_str).collect();
    let ours = timed("jiheng-engine", "corridor", &files)?;
    let crate_of_peer = "xtask/peers/calamine/Cargo.toml";
    let calamine = [
        "run",
        "--release",
        "--quiet",
        "--manifest-path",
        crate_of_peer,
        "--target-dir",
        "target/peers/calamine",
        "--",
    ];
    let mut theirs = match output(&root, "cargo", &[&calamine[..], &named].concat()) {
        Ok(text) => lines(&text),
        Err(why) => {
            eprintln!("skipped: calamine: {why}");
            Vec::new()
        }
    };
    let python = peers(&["openpyxl"])?;
    let script = root
        .join("xtask/peers/peers.py")
        .to_string_lossy()
        .into_owned();
    let command = [&[script.as_str(), "--workbooks"][..], &named].concat();
    theirs.extend(lines(&output(&root, &python.to_string_lossy(), &command)?));
    for own in &ours {
        for peer in theirs.iter().filter(|t| t["file"] == own["file"]) {
            let micros = |value: &serde_json::Value| value.as_f64().unwrap_or(0.0);
            row(
                &name(&own["file"]),
                peer["peer"].as_str().unwrap_or_default(),
                micros(&peer["micros"]),
                micros(&own["read"]),
            );
        }
    }
    Ok(())
}

/// A program and ours on the same file, each from start to end; a line on stderr when the program is not installed.
fn against(
    ours: &Path,
    file: &str,
    peer: &str,
    program: &str,
    command: &dyn Fn(&Path) -> Command,
) -> Result<(), String> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let Some(program) = std::env::split_paths(&on_path)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
    else {
        eprintln!("skipped: {peer} is not installed");
        return Ok(());
    };
    let theirs = median(&|| command(&program))?;
    let own = median(&|| {
        let mut command = Command::new(ours);
        command.args(["extract", file]);
        command
    })?;
    row(&name(&file.into()), peer, theirs, own);
    Ok(())
}

/// Median processor time of a program in microseconds.
fn median(command: &dyn Fn() -> Command) -> Result<f64, String> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let ran = measured::run(&mut command(), PATIENCE)?;
        if !ran.status.is_some_and(|s| s.success()) {
            return Err(format!("{:?} failed: {}", command(), ran.err.trim()));
        }
        times.push(ran.cpu);
    }
    times.sort_unstable();
    Ok(times[RUNS / 2].as_secs_f64() * 1e6)
}

fn row(file: &str, peer: &str, theirs: f64, ours: f64) {
    println!(
        "| {file} | {peer} | {:.2} ms | {:.2} ms | {:.1}× |",
        theirs / 1000.0,
        ours / 1000.0,
        theirs / ours
    );
}

fn present(files: &[&str]) -> Vec<String> {
    let (here, absent): (Vec<_>, Vec<_>) = (files.iter())
        .map(|file| root().join(file))
        .partition(|path| path.is_file());
    for path in absent {
        eprintln!("skipped: {} is not here", path.display());
    }
    here.iter()
        .map(|path| {
            path.canonicalize()
                .unwrap_or(path.clone())
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}
