//! A number of runs comes in; every door of `fuzz/` is tried with that many made-up inputs, and the inputs that break one go out.
//!
//! With nightly and cargo-fuzz (installed into `target/tools` when absent) libFuzzer makes the
//! inputs; without a network, or with `--steady`, the harness `fuzz/src/bin/steady.rs` does.

use crate::generate::number;
use crate::root;
use crate::run::{run, status};
use jiheng_office::{Budget, Inflater, Zip};
use std::fs;
use std::path::{Path, PathBuf};

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

/// Larger seeds make slow runs.
const LARGEST: u64 = 256 << 10;
/// Seeds of one door.
const MOST: usize = 200;

/// Tries every door (or the one of `--only`) with `--runs N` inputs.
pub fn fuzz(args: &[&str]) -> Result<(), String> {
    let runs = number(args, "--runs", 10_000)?.to_string();
    let only = args.iter().skip_while(|a| **a != "--only").nth(1);
    let folder = root().join("fuzz");
    for (door, endings) in DOORS {
        seed(&folder.join("corpus").join(door), door, endings)?;
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
    if !guided {
        run(
            &folder,
            "cargo",
            &["build", "--release", "--quiet", "--bin", "steady"],
        )?;
    }
    let mut broken = Vec::new();
    for (door, _) in DOORS.iter().filter(|(d, _)| only.is_none_or(|o| o == d)) {
        let done = if guided {
            let count = format!("-runs={runs}");
            let fuzz = tool();
            let line = [
                "+nightly",
                "fuzz",
                "run",
                "--features",
                "libfuzzer",
                "--sanitizer",
                "none",
                door,
                "--",
                &count,
                "-seed=1",
                "-max_len=262144",
                "-timeout=10",
                "-rss_limit_mb=1024",
                "-print_final_stats=1",
            ];
            let path = format!(
                "{}:{}",
                fuzz.parent().unwrap_or(Path::new("")).display(),
                std::env::var("PATH").unwrap_or_default()
            );
            run(
                &root(),
                "env",
                &[&[format!("PATH={path}").as_str(), "cargo"][..], &line[..]].concat(),
            )
        } else {
            let seeds = format!("corpus/{door}");
            run(&folder, "target/release/steady", &[door, &runs, &seeds])
        };
        if done.is_err() {
            broken.push(*door);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!(
        "broken: {}; the inputs are in fuzz/artifacts",
        broken.join(", ")
    ))
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

/// Fills a door's folder of seeds from the corpus beside the repository, the samples and the rulebooks.
fn seed(folder: &Path, door: &str, endings: &[&str]) -> Result<(), String> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = Vec::new();
    let near = root();
    for place in [
        "../shared/corpus",
        "samples",
        "rulebooks",
        "crates/engine/tests",
    ] {
        gather(&near.join(place), endings, &mut files);
    }
    let step = files.len().div_ceil(MOST).max(1);
    for (at, file) in files.iter().step_by(step).enumerate() {
        let Ok(bytes) = fs::read(file) else { continue };
        for (part, seed) in seeds(door, &bytes).into_iter().enumerate() {
            if seed.len() as u64 <= LARGEST {
                let path = folder.join(format!("{at:03}-{part}"));
                fs::write(&path, seed).map_err(|e| format!("{}: {e}", path.display()))?;
            }
        }
    }
    Ok(())
}

fn gather(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if path.is_dir() {
            gather(&path, endings, files);
        } else if ending.is_some_and(|e| endings.contains(&e.as_str())) {
            files.push(path);
        }
    }
}

/// What a door takes of a file: the file, its main part, or the expressions in it.
fn seeds(door: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let parts: &[&str] = match door {
        "docx" => &["word/document.xml"],
        "xlsx" => &["xl/worksheets/sheet1.xml", "xl/styles.xml"],
        "xml" => &["word/styles.xml", "[Content_Types].xml", "xl/workbook.xml"],
        "expression" => {
            let text = String::from_utf8_lossy(bytes);
            let lines = text.lines().filter_map(|l| {
                let value = l.strip_prefix("require = ").or(l.strip_prefix("when = "))?;
                Some(value.trim_matches('"').as_bytes().to_vec())
            });
            return lines.collect();
        }
        _ => return vec![bytes.to_vec()],
    };
    let budget = Budget::default();
    let Ok(zip) = Zip::open(bytes, &budget) else {
        return Vec::new();
    };
    let mut inflater = Inflater::new(&budget);
    let found = parts.iter().filter_map(|p| zip.find(p));
    found
        .filter_map(|e| zip.inflate(e, &mut inflater).ok())
        .map(|b| b.into_owned())
        .collect()
}
