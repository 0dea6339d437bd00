//! Files named on the command line come in; the time of each room of the corridor, warm and on one core, goes out.
//!
//! One JSON line per file, so that `cargo xtask bench` can set it beside the peers of the same run:
//! `cargo bench -p jiheng-engine --bench corridor -- FILE…`

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::words::Words;
use jiheng_engine::{check, evaluate, read, recognize, score};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long each room is repeated for.
const BUDGET: Duration = Duration::from_millis(1500);

fn main() {
    let shelf = Shelf::embedded();
    for path in std::env::args().skip(1).filter(|a| !a.starts_with("--")) {
        let Ok(bytes) = std::fs::read(&path) else {
            eprintln!("skipped, cannot be read: {path}");
            continue;
        };
        let package = Package {
            files: vec![SourceFile {
                name: path.clone(),
                bytes,
            }],
        };
        let documents = read::read(&package);
        let (rulebook, _) = match shelf.choose(&documents, None) {
            Ok(chosen) => chosen,
            Err(unknown) => {
                eprintln!("no rulebook {}", unknown.id);
                continue;
            }
        };
        let filing = recognize::recognize(&documents, &rulebook);
        let scorecard = score::score(&filing, &rulebook);
        let rooms = [
            (
                "read",
                median(|| drop(black_box(read::read(black_box(&package))))),
            ),
            (
                "recognize",
                median(|| {
                    drop(black_box(recognize::recognize(
                        black_box(&documents),
                        &rulebook,
                    )))
                }),
            ),
            (
                "score",
                median(|| drop(black_box(score::score(black_box(&filing), &rulebook)))),
            ),
            (
                "check",
                median(|| {
                    drop(black_box(check::check(
                        &documents,
                        black_box(&filing),
                        &scorecard,
                        &rulebook,
                    )))
                }),
            ),
            // A part of check: what the words of all indicators say.
            (
                "words",
                median(|| {
                    let words = Words::of(black_box(&filing));
                    for (index, form) in filing.forms.iter().enumerate() {
                        black_box(words.form(index, form, &rulebook));
                    }
                }),
            ),
            (
                "corridor",
                median(|| drop(black_box(evaluate(black_box(&package), shelf, None)))),
            ),
        ];
        let fields: Vec<String> = rooms
            .iter()
            .map(|(name, micros)| format!("\"{name}\":{micros}"))
            .collect();
        let cells: usize = documents.iter().map(|d| d.cell_count()).sum();
        println!(
            "{{\"file\":{:?},\"cells\":{cells},\"forms\":{},{}}}",
            path,
            filing.forms.len(),
            fields.join(",")
        );
    }
}

/// Median time of one call in microseconds, after a warm-up.
fn median(mut call: impl FnMut()) -> u128 {
    let start = Instant::now();
    while start.elapsed() < BUDGET / 5 {
        call();
    }
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed() < BUDGET || times.len() < 5 {
        let one = Instant::now();
        call();
        times.push(one.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2].as_micros()
}
