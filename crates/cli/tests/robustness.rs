//! Odd and broken files of other readers' test suites come in, one in six; none may make the program panic, hang or say two things.
//!
//! `cargo xtask corpus --robustness` runs all of them on the delivered build, and compares their texts with other readers.

#[path = "../../../xtask/src/measured.rs"]
mod measured;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// One file in so many is tried.
const STEP: usize = 6;
/// Processor time of a file; code that was not optimised takes about ten times as long as what is delivered.
const TIME: Duration = Duration::from_secs(20);
/// What stands still by the clock is stopped.
const PATIENCE: Duration = Duration::from_secs(60);
const MEMORY: u64 = 256 << 20;

#[test]
fn one_odd_file_in_six_ends_in_good_order_and_the_same_twice() {
    let root: PathBuf = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus/robustness"
    )
    .into();
    if !root.is_dir() {
        eprintln!("skipped: {} is absent", root.display());
        return;
    }
    let mut files = Vec::new();
    gather(&root, &mut files);
    let mut broken = Vec::new();
    for file in files.iter().step_by(STEP) {
        let (first, second) = (check(file), check(file));
        let code = first.status.and_then(|s| s.code());
        if !matches!(code, Some(0..=2)) || first.err.contains("panicked") {
            broken.push(format!("{}: {code:?} {}", file.display(), first.err));
        }
        if first.cpu > TIME {
            let (cpu, wall) = (first.cpu.as_secs_f64(), first.wall.as_secs_f64());
            let file = file.display();
            broken.push(format!("{file}: {cpu:.1} s ({wall:.1} s by the clock)"));
        }
        if first.memory > MEMORY {
            broken.push(format!("{}: {} MB", file.display(), first.memory >> 20));
        }
        if first.out != second.out || first.err != second.err {
            broken.push(format!("{}: not the same twice", file.display()));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn check(file: &Path) -> measured::Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jiheng"));
    command.arg("check").arg(file).args(["--format", "json"]);
    measured::run(&mut command, PATIENCE).expect("the program starts")
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a folder of the corpus");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, files);
        } else if path.file_name().is_some_and(|n| n != "SOURCE.txt") {
            files.push(path);
        }
    }
}
