//! Files named on the command line come in; the time of their whole printing as PDF beside typst's own for the same pages goes out.
//!
//! Nothing is remembered from run to run. One JSON line per file:
//! `cargo bench -p jiheng-render-pdf --bench print -- FILE…`

use jiheng_engine::evaluate;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_render::official;
use jiheng_render_pdf::{Fonts, Press, forget};
use std::time::{Duration, Instant};

/// Runs of each.
const RUNS: usize = 5;

fn main() {
    let press = Press::new(Fonts::embedded());
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
        let (mut whole, mut typst, mut pages) = (Vec::new(), Vec::new(), 0);
        for _ in 0..RUNS {
            forget();
            let start = Instant::now();
            let report = official::report_of(documents, filing);
            let printed = official::package(documents, filing, report.as_ref());
            let pdf = press.print(&printed).expect("pages");
            whole.push(start.elapsed());
            pages = pdf.pages;
            let composition = press.compose(&printed).expect("data");
            forget();
            let start = Instant::now();
            composition.set().expect("pages");
            typst.push(start.elapsed());
        }
        let (whole, typst) = (median(whole), median(typst));
        let line = serde_json::json!({
            "file": path, "pages": pages, "whole": whole, "typst": typst, "ratio": whole / typst,
        });
        println!("{line}");
    }
}

/// In microseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times
        .get(times.len() / 2)
        .map_or(0.0, |t| t.as_secs_f64() * 1e6)
}
