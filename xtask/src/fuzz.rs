//! A number of runs comes in; every door of `fuzz/` is tried with that many made-up inputs, and how many were tried and which broke a door go out.
//!
//! With nightly and cargo-fuzz (installed into `target/tools` when absent) libFuzzer makes the
//! inputs; without a network, or with `--steady`, the harness `fuzz/src/bin/steady.rs` does. A door
//! that did not come to its number in its time is named: what was not tried has not passed.

mod seeds;

use crate::generate::number;
use crate::root;
use crate::run::{run, status};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The doors with the endings of the files they are seeded from.
const DOORS: &[(&str, &[&str])] = &[
    ("zip", &["docx", "xlsx", "zip"]),
    ("xml", &["docx", "xlsx"]),
    ("docx", &["docx"]),
    ("xlsx", &["xlsx"]),
    ("ole", &["doc", "xls", "wps"]),
    ("html", &["html", "htm"]),
    ("text", &["txt"]),
    ("markdown", &["md"]),
    ("pdf", &["pdf"]),
    ("expression", &["toml"]),
    ("rulebook", &["toml"]),
];

/// Runs of one door, unless it is said otherwise.
const RUNS: u64 = 10_000;
/// Seconds of one door, unless it is said otherwise.
const SECONDS: u64 = 300;
/// How often a found input is tried smaller.
const SMALLER: &str = "2000";

/// How the tries of one door ended.
struct Tried {
    door: &'static str,
    /// Inputs that were tried.
    runs: u64,
    took: Duration,
    /// It broke; the input is kept.
    broke: bool,
}

/// Tries every door (or the one of `--only`) with `--runs N` inputs, each for at most `--seconds S`.
pub fn fuzz(args: &[&str]) -> Result<(), String> {
    let runs = number(args, "--runs", RUNS)?;
    let seconds = number(args, "--seconds", SECONDS)?;
    let only = args.iter().skip_while(|a| **a != "--only").nth(1);
    let doors: Vec<_> = DOORS
        .iter()
        .filter(|(d, _)| only.is_none_or(|o| o == d))
        .collect();
    if doors.is_empty() {
        return Err(format!("no such door: {}", only.copied().unwrap_or("")));
    }
    let folder = root().join("fuzz");
    for (door, endings) in &doors {
        seeds::fill(&folder.join("seeds").join(door), door, endings)?;
    }
    let guided = !args.contains(&"--steady") && tools();
    eprintln!(
        "inputs are made by {}",
        if guided {
            "libFuzzer"
        } else {
            "the steady harness"
        }
    );
    if guided {
        run(&root(), "env", &fuzzer(&["build"]).words())?;
    } else {
        let build = [
            "build",
            "--release",
            "--quiet",
            "--features",
            "steady",
            "--bin",
            "steady",
        ];
        run(&folder, "cargo", &build)?;
    }
    let mut tried = Vec::new();
    for (door, _) in doors {
        let one = if guided {
            libfuzzer(&folder, door, runs, seconds)?
        } else {
            steady(&folder, door, runs, seconds)?
        };
        println!("{}", one.line(runs));
        tried.push(one);
    }
    let named = |is: &dyn Fn(&Tried) -> bool| {
        let doors: Vec<&str> = tried.iter().filter(|t| is(t)).map(|t| t.door).collect();
        doors.join(", ")
    };
    let broken = named(&|t| t.broke);
    let late = named(&|t| !t.broke && t.runs < runs);
    match (broken.as_str(), late.as_str()) {
        ("", "") => Ok(()),
        ("", late) => Err(format!(
            "not {runs} runs in {seconds} s: {late}; give --seconds more, or --runs less"
        )),
        (broken, _) => Err(format!(
            "broken: {broken}; the inputs are in fuzz/artifacts, made small where that could be done"
        )),
    }
}

impl Tried {
    fn line(&self, wanted: u64) -> String {
        let end = match (self.broke, self.runs < wanted) {
            (true, _) => "BROKE".to_string(),
            (_, true) => format!("OUT OF TIME before {wanted} runs"),
            _ => "nothing found".to_string(),
        };
        format!(
            "{}: {} runs in {:.0} s, {end}",
            self.door,
            self.runs,
            self.took.as_secs_f64()
        )
    }
}

/// Tries a door with libFuzzer; what it says is in `fuzz/logs`.
fn libfuzzer(folder: &Path, door: &'static str, runs: u64, seconds: u64) -> Result<Tried, String> {
    let grown = folder.join("corpus").join(door);
    fs::create_dir_all(&grown).map_err(|e| format!("{}: {e}", grown.display()))?;
    let given = folder.join("seeds").join(door);
    let (grown, given) = (grown.to_string_lossy(), given.to_string_lossy());
    let (runs, time) = (
        format!("-runs={runs}"),
        format!("-max_total_time={seconds}"),
    );
    let run = fuzzer(&["run"]).and(&[
        door,
        &grown,
        &given,
        "--",
        &runs,
        &time,
        "-seed=1",
        "-max_len=262144",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
    ]);
    let (tried, said) = watched(folder, door, &run.words())?;
    if tried.broke
        && let Some(input) = said.lines().rev().find_map(|l| {
            let (_, path) = l.split_once("Test unit written to ")?;
            Some(path.trim())
        })
    {
        let smaller = fuzzer(&["tmin"]).and(&[door, input, "--runs", SMALLER]);
        // An input that cannot be made smaller is kept as it is.
        let _ = watched(folder, &format!("{door}-smaller"), &smaller.words());
    }
    Ok(Tried { door, ..tried })
}

/// Tries a door with the harness that needs no nightly.
fn steady(folder: &Path, door: &'static str, runs: u64, seconds: u64) -> Result<Tried, String> {
    let harness = folder.join("target/release/steady");
    let (runs, seconds) = (runs.to_string(), seconds.to_string());
    let seeds = folder.join("seeds").join(door);
    let folders = folder.display().to_string();
    let (harness, seeds) = (harness.to_string_lossy(), seeds.to_string_lossy());
    let line = [
        "-C",
        &folders,
        &harness,
        door,
        &runs,
        "--seconds",
        &seconds,
        &seeds,
    ];
    let (tried, _) = watched(folder, door, &line)?;
    Ok(Tried { door, ..tried })
}

/// Runs a command through `env` with everything it says in a log, and reads from the log how many inputs were tried.
fn watched(folder: &Path, name: &str, words: &[&str]) -> Result<(Tried, String), String> {
    let logs = folder.join("logs");
    let path = logs.join(format!("{name}.log"));
    let file = fs::create_dir_all(&logs).and_then(|()| fs::File::create(&path));
    let file = file.map_err(|e| format!("{}: {e}", path.display()))?;
    let copy = file.try_clone().map_err(|e| e.to_string())?;
    eprintln!("$ env {} # {}", words.join(" "), path.display());
    let began = Instant::now();
    let status = Command::new("env")
        .args(words)
        .current_dir(root())
        .stdout(file)
        .stderr(copy)
        .status()
        .map_err(|e| format!("env: {e}"))?;
    let said = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let said = String::from_utf8_lossy(&said).into_owned();
    let runs = said.lines().rev().find_map(|line| {
        let count = line.strip_prefix("stat::number_of_executed_units:")?;
        count.trim().parse().ok()
    });
    Ok((
        Tried {
            door: "",
            runs: runs.unwrap_or(0),
            took: began.elapsed(),
            // The steady harness ends with 2 when its time is over.
            broke: !matches!(status.code(), Some(0 | 2)),
        },
        said,
    ))
}

/// Words of a command line.
struct Words(Vec<String>);

impl Words {
    fn and(mut self, words: &[&str]) -> Words {
        self.0.extend(words.iter().map(|w| (*w).to_string()));
        self
    }

    fn words(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

/// The command line of cargo-fuzz with this verb, to be run by `env`.
fn fuzzer(verb: &[&str]) -> Words {
    let tools = tool();
    let path = format!(
        "PATH={}:{}",
        tools.parent().unwrap_or(Path::new("")).display(),
        std::env::var("PATH").unwrap_or_default()
    );
    Words(vec![path])
        .and(&["cargo", "+nightly", "fuzz"])
        .and(verb)
        .and(&["--features", "libfuzzer", "--sanitizer", "none"])
}

fn tool() -> PathBuf {
    root().join("target/tools/bin/cargo-fuzz")
}

/// Nightly and cargo-fuzz are here, or could be installed.
fn tools() -> bool {
    let root = root();
    let nightly = || status(&root, "cargo", &["+nightly", "--version"]) == Ok(0);
    let has_nightly = nightly()
        || (status(
            &root,
            "rustup",
            &["toolchain", "install", "nightly", "--profile", "minimal"],
        ) == Ok(0)
            && nightly());
    let install = [
        "install",
        "cargo-fuzz",
        "--locked",
        "--root",
        "target/tools",
        "--target-dir",
        "target/tools/build",
    ];
    has_nightly && (tool().is_file() || status(&root, "cargo", &install) == Ok(0))
}
