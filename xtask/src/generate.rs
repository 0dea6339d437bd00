//! A count and a seed come in; that many consistent packages, each with its truth, go out.

use crate::root;
use jiheng_specimen::print::{Format, print};
use jiheng_specimen::{invent, pieces, truth};
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// Writes packages into a folder, one file a package, formats in turn.
pub fn generate(args: &[&str]) -> Result<(), String> {
    let count: u64 = number(args, "--count", 20)?;
    let seed: u64 = number(args, "--seed", 1)?;
    let out = text(args, "--out").map_or_else(|| root().join("target/specimens"), PathBuf::from);
    let formats: Vec<Format> = text(args, "--format")
        .unwrap_or("docx")
        .split(',')
        .map(|f| Format::of(f).ok_or_else(|| format!("no format {f}: docx, xlsx, html, txt")))
        .collect::<Result<_, _>>()?;
    fs::create_dir_all(&out).map_err(|e| format!("{}: {e}", out.display()))?;
    let begun = Instant::now();
    for (number, seed) in (seed..seed + count).enumerate() {
        let plan = invent::plan(seed);
        let pieces = pieces(&plan);
        let format = formats[number % formats.len()];
        let write = |ending: &str, bytes: &[u8]| {
            let path = out.join(format!("{seed:06}.{ending}"));
            fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))
        };
        write(format.ending(), &print(&pieces, format))?;
        write(
            "truth.json",
            truth::truth(&plan, &pieces).to_string().as_bytes(),
        )?;
    }
    let took = begun.elapsed();
    println!(
        "{count} packages in {}: {:.2} ms each",
        out.display(),
        took.as_secs_f64() * 1000.0 / count.max(1) as f64
    );
    Ok(())
}

/// The number after a flag.
pub fn number(args: &[&str], flag: &str, otherwise: u64) -> Result<u64, String> {
    text(args, flag).map_or(Ok(otherwise), |n| {
        n.parse()
            .map_err(|_| format!("{flag} needs a number, not {n}"))
    })
}

/// The word after a flag.
pub fn text<'a>(args: &[&'a str], flag: &str) -> Option<&'a str> {
    args.iter().skip_while(|a| **a != flag).nth(1).copied()
}
