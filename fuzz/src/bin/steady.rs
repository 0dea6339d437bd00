//! A door, a number of runs and folders of seeds come in; the first input that panics, kept as a file, goes out.
//!
//! Needs no nightly and no libFuzzer: seeds are cut, joined, repeated and overwritten by a generator
//! of numbers that always starts the same, so that two runs of the same build try the same inputs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Longest input that is tried.
const LONGEST: usize = 256 << 10;
/// A run longer than this is kept like a panic.
const SLOW: Duration = Duration::from_secs(5);
/// Words that the doors know.
const WORDS: &[&[u8]] = &[
    b"<w:tbl>",
    b"</w:tbl>",
    b"<w:tr>",
    b"<w:tc>",
    b"</w:tc>",
    b"<w:gridSpan w:val=\"99999999\"/>",
    b"<w:vMerge/>",
    b"<c r=\"ZZZ9999999\" t=\"s\">",
    b"<table>",
    b"<td rowspan=99999 colspan=99999>",
    b"</td>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"&#x10ffff;",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"|",
    b"sum(",
    b"rate(",
    b" == ",
    b"99999999999999999999999999999",
    b"0.00",
    b"[[rule]]\n",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b" 0 R",
    b"/Kids",
    b"stream\n",
    b"\xe2\x94\x82",
    b"\xe9\xa1\xb9\xe7\x9b\xae",
];

/// Numbers that always come in the same order (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(name), Some(runs)) = (args.first(), args.get(1).and_then(|n| n.parse().ok())) else {
        eprintln!("steady DOOR RUNS [--seconds N] [SEED FOLDER]…");
        return ExitCode::FAILURE;
    };
    let Some((_, door)) = jiheng_fuzz::DOORS.iter().find(|d| d.0 == name) else {
        eprintln!("no door {name}");
        return ExitCode::FAILURE;
    };
    let mut rest: Vec<&String> = args.iter().skip(2).collect();
    let mut seconds = u64::MAX;
    if rest.first().is_some_and(|a| *a == "--seconds") {
        seconds = rest.get(1).and_then(|n| n.parse().ok()).unwrap_or(seconds);
        rest.drain(..2.min(rest.len()));
    }
    let mut seeds: Vec<Vec<u8>> = rest.iter().flat_map(|f| files(Path::new(f))).collect();
    seeds.push(Vec::new());
    let mut numbers = Numbers(1);
    let began = Instant::now();
    let mut done: u64 = 0;
    while done < runs && began.elapsed() < Duration::from_secs(seconds) {
        let input = match seeds.get(done as usize) {
            Some(seed) => seed.clone(),
            None => mutant(&seeds, &mut numbers),
        };
        let one = Instant::now();
        let survived = catch_unwind(AssertUnwindSafe(|| door(&input)));
        done += 1;
        if survived.is_err() || one.elapsed() > SLOW {
            let what = if survived.is_err() { "panic" } else { "slow" };
            let path = PathBuf::from("artifacts").join(name);
            let file = path.join(format!("{what}-{done}"));
            let kept = std::fs::create_dir_all(&path).and_then(|()| std::fs::write(&file, &input));
            println!(
                "{name}: {what} at run {done}, {} bytes, {} {kept:?}",
                input.len(),
                file.display()
            );
            println!("stat::number_of_executed_units: {done}");
            return ExitCode::FAILURE;
        }
    }
    println!("stat::number_of_executed_units: {done}");
    let (seeds, took) = (seeds.len(), began.elapsed().as_secs_f64());
    if done < runs {
        println!(
            "{name}: OUT OF TIME after {took:.1} s: {done} of {runs} runs from {seeds} seeds, nothing found in these"
        );
        return ExitCode::from(2);
    }
    println!("{name}: {done} runs from {seeds} seeds in {took:.1} s, nothing found");
    ExitCode::SUCCESS
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .collect();
    paths.sort();
    paths
        .iter()
        .filter_map(|p| std::fs::read(p).ok())
        .filter(|b| b.len() <= LONGEST)
        .collect()
}

fn mutant(seeds: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seeds[numbers.below(seeds.len())].clone();
    for _ in 0..1 + numbers.below(6) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(200)).min(bytes.len());
        match numbers.below(8) {
            0 => {
                bytes.drain(at..end);
            }
            1 => {
                let piece = bytes[at..end].to_vec();
                for _ in 0..=numbers.below(20) {
                    bytes.splice(at..at, piece.iter().copied());
                }
            }
            2 => {
                let word = WORDS[numbers.below(WORDS.len())];
                bytes.splice(at..at, word.iter().copied());
            }
            3 => {
                let other = &seeds[numbers.below(seeds.len())];
                let from = numbers.below(other.len() + 1);
                let to = (from + numbers.below(2000)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            4 => bytes.truncate(at),
            5 => {
                for byte in &mut bytes[at..end] {
                    *byte = numbers.next() as u8;
                }
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = match numbers.below(4) {
                        0 => 0,
                        1 => 0xff,
                        2 => byte.wrapping_add(1),
                        _ => *byte ^ 1 << numbers.below(8),
                    };
                }
            }
        }
        bytes.truncate(LONGEST);
    }
    bytes
}
