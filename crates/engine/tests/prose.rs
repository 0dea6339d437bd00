//! The corridor over whole packages: what the rules on complete forms, text, surveys and publication say.
//!
//! The material lies beside the repository; without it the tests say so and pass.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_model::Finding;
use std::path::{Path, PathBuf};

/// Families whose rules these tests are about.
const FAMILIES: [char; 4] = ['F', 'N', 'E', 'P'];

fn corpus() -> Option<PathBuf> {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus"
    ));
    if !path.is_dir() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path.to_path_buf())
}

fn walk(name: &str, bytes: Vec<u8>) -> Evaluation {
    let files = vec![SourceFile {
        name: name.into(),
        bytes,
    }];
    evaluate(&Package { files }, Shelf::embedded(), None).expect("a rulebook")
}

fn said(evaluation: &Evaluation) -> Vec<&Finding> {
    let findings = evaluation.checked.findings.iter();
    findings
        .filter(|f| FAMILIES.iter().any(|family| f.code.starts_with(*family)))
        .collect()
}

fn show(findings: &[&Finding]) -> String {
    let mut out = String::new();
    for f in findings {
        out.push_str(&format!("{} {:?} {}\n", f.code, f.severity, f.message));
        for p in &f.places {
            let place = format!("{} {:?} {} {:?}", p.form, p.kind, p.label, p.origin.at);
            out.push_str(&format!("    {place} 「{}」\n", p.text));
        }
    }
    out
}

#[test]
fn consistent_packages_are_silent() {
    let Some(corpus) = corpus() else { return };
    let mut loud = String::new();
    let mut seen = 0;
    let entries = std::fs::read_dir(corpus.join("consistent")).expect("a folder");
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.sort();
    for file in files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".json") {
            continue;
        }
        let evaluation = walk(&name, std::fs::read(&file).expect("a file"));
        let findings = said(&evaluation);
        seen += 1;
        if !findings.is_empty() {
            loud.push_str(&format!("== {name}\n{}", show(&findings)));
        }
    }
    assert!(seen > 0);
    assert!(loud.is_empty(), "{loud}");
}

/// Codes of the sample's findings and how many places each has.
const SAMPLE: [(&str, usize); 10] = [
    ("F302", 2),
    ("N101", 3),
    ("N102", 1),
    ("N103", 1),
    ("N112", 2),
    ("N113", 3),
    ("N201", 4),
    ("N203", 1),
    ("N204", 4),
    ("P101", 3),
];

#[test]
fn the_sample_has_its_known_defects() {
    let Some(corpus) = corpus() else { return };
    let file = corpus.join("seed/package.docx");
    let evaluation = walk("package.docx", std::fs::read(file).expect("a file"));
    let findings = said(&evaluation);
    for (code, places) in SAMPLE {
        let found: Vec<usize> = findings
            .iter()
            .filter(|f| f.code == code)
            .map(|f| f.places.len())
            .collect();
        assert_eq!(found, [places], "{code}\n{}", show(&findings));
    }
}
