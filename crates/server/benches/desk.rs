//! The package of the samples, widened to fifteen projects, comes in; the time of one save's check goes out.
//!
//! `cargo bench -p jiheng-server --bench desk`

use jiheng_engine::check as rules;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{recognize, score};
use jiheng_model::Unit;
use jiheng_render::official;
use jiheng_server::desk::entries;
use jiheng_server::desk::margin::margin;
use jiheng_server::desk::package::{Written, check};
use jiheng_server::desk::sheet::{Filled, draw};
use std::hint::black_box;
use std::time::Instant;

const PROJECTS: usize = 15;
const ROUNDS: usize = 200;

fn main() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    );
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("skipped, cannot be read: {path}");
        return;
    };
    let package = Package {
        files: vec![SourceFile {
            name: "package.docx".into(),
            bytes,
        }],
    };
    let Ok(evaluation) = jiheng_engine::evaluate(&package, Shelf::embedded(), None) else {
        return;
    };
    let (documents, filing) = (&evaluation.documents, &evaluation.filing);
    let fill = |index: usize| {
        let form = &filing.forms[index];
        Filled {
            id: index.to_string(),
            def: form.def.clone(),
            year: filing.year.unwrap_or_default(),
            money_unit: form.money_unit.clone().unwrap_or_else(Unit::wan_yuan),
            annex: None,
            entries: entries::of_form(documents, filing, index),
        }
    };
    let mut sheets: Vec<Filled> = (0..filing.forms.len()).map(fill).collect();
    let of_project: Vec<Filled> = sheets
        .iter()
        .filter(|s| s.def.id == "project")
        .cloned()
        .collect();
    for number in of_project.len()..PROJECTS {
        let mut more = of_project[number % of_project.len()].clone();
        more.entries
            .insert("project_name".into(), format!("第{number}个项目"));
        sheets.push(more);
    }
    let report = official::report_of(documents, filing).map(|r| Written {
        id: String::new(),
        entries: entries::of_report(&r),
    });
    let rulebook = &evaluation.rulebook;
    let mut package = check(sheets.clone(), report.as_ref(), rulebook, None);
    let mut times: Vec<u128> = (0..ROUNDS)
        .map(|round| {
            // One cell is saved, as someone types.
            sheets[0]
                .entries
                .insert("operating.outturn".into(), format!("{round}.14"));
            let begun = Instant::now();
            package = check(sheets.clone(), report.as_ref(), rulebook, Some(&package));
            black_box(margin(&package, rulebook));
            begun.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    let median = |work: &mut dyn FnMut()| {
        let mut times: Vec<u128> = (0..40)
            .map(|_| {
                let begun = Instant::now();
                work();
                begun.elapsed().as_micros()
            })
            .collect();
        times.sort_unstable();
        times[20]
    };
    eprintln!(
        "draw {} recognise {} score {} check {} margin {}",
        median(&mut || sheets.iter().for_each(|s| drop(black_box(draw(s))))),
        median(&mut || drop(black_box(recognize::recognize(
            &package.documents,
            rulebook
        )))),
        median(&mut || drop(black_box(score::score(&package.filing, rulebook)))),
        median(&mut || drop(black_box(rules::check(
            &package.documents,
            &package.filing,
            &package.scorecard,
            rulebook
        )))),
        median(&mut || drop(black_box(margin(&package, rulebook)))),
    );
    println!(
        "{{\"sheets\":{},\"p50_us\":{},\"p95_us\":{},\"max_us\":{}}}",
        sheets.len(),
        times[ROUNDS / 2],
        times[ROUNDS * 95 / 100],
        times[ROUNDS - 1]
    );
}
