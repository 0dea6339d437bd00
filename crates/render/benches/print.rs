//! Files named on the command line come in; the time in which each one's official package is printed, warm and on one core, goes out.
//!
//! One JSON line per file, so that `cargo xtask bench` can print it:
//! `cargo bench -p jiheng-render --bench print -- FILE…`

use jiheng_engine::evaluate;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_render::official;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each printer is repeated for.
const BUDGET: Duration = Duration::from_millis(1500);

fn main() {
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
        let Ok(evaluation) = evaluate(&package, Shelf::embedded(), None) else {
            eprintln!("skipped, no rulebook: {path}");
            continue;
        };
        let (documents, filing) = (&evaluation.documents, &evaluation.filing);
        let report = official::report_of(documents, filing);
        let printed = official::package(documents, filing, report.as_ref());
        let describe = median(|| {
            let report = official::report_of(black_box(documents), filing);
            drop(black_box(official::package(
                documents,
                filing,
                report.as_ref(),
            )));
        });
        let docx = median(|| drop(black_box(official::docx(black_box(&printed)))));
        let html = median(|| drop(black_box(official::html(black_box(&printed)))));
        let line = serde_json::json!({
            "file": path, "parts": printed.parts.len(),
            "describe": describe, "docx": docx, "html": html,
        });
        println!("{line}");
    }
}

/// The median of the runs that fit into the budget, in microseconds.
fn median(mut run: impl FnMut()) -> f64 {
    run();
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < BUDGET || times.len() < 5 {
        let start = Instant::now();
        run();
        times.push(start.elapsed());
    }
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e6
}
