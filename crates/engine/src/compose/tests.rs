//! Packages whose numbers agree come in; their composed reports, read back beside the forms, must not contradict them.

use super::*;
use crate::read::{Package, SourceFile};
use crate::rulebook::Shelf;
use std::path::Path;

fn evaluation(name: &str, bytes: Vec<u8>, rulebook: Option<&str>) -> Evaluation {
    let package = Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes,
        }],
    };
    crate::evaluate(&package, Shelf::embedded(), rulebook).expect("a rulebook")
}

/// The report as a text file.
fn text(composed: &Composed) -> String {
    let lines: Vec<&str> = composed.lines.iter().map(|l| l.text.as_str()).collect();
    format!("{}\n{}\n", composed.title, lines.join("\n"))
}

fn check(folder: &str, names: impl Iterator<Item = String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut seen = 0;
    for name in names {
        let Ok(bytes) = std::fs::read(root.join(&name)) else {
            eprintln!("skipped: {name} is absent");
            continue;
        };
        let own = evaluation(&name, bytes, None);
        let Some(composed) = compose(&own) else {
            continue;
        };
        seen += 1;
        let generated: Vec<&str> = composed
            .lines
            .iter()
            .filter(|l| l.kind == LineKind::Generated)
            .map(|l| l.text.as_str())
            .collect();
        assert!(generated.len() >= 3, "{name}: {generated:?}");
        let report = text(&composed).into_bytes();
        let read = evaluation("报告.txt", report, Some(&own.rulebook.id));
        let mut documents = own.documents.clone();
        let mut filing = own.filing.clone();
        filing.narrative = read.filing.narrative.clone();
        filing.narrative.file = documents.len() as u16;
        for fact in &mut filing.narrative.facts {
            fact.origin.file = documents.len() as u16;
        }
        documents.extend(read.documents.iter().cloned());
        let scores = crate::score::score(&filing, &own.rulebook);
        let checked = crate::check::check(&documents, &filing, &scores, &own.rulebook);
        for finding in checked.findings.iter().filter(|f| f.code.starts_with('X')) {
            // What the author's own sentences contradict is the author's to settle.
            let lines: Vec<&str> = finding
                .places
                .iter()
                .filter(|place| place.form == "narrative")
                .filter_map(|place| match place.origin.at {
                    At::Text { paragraph, .. } => Some(documents.last()?.paragraph_text(paragraph)),
                    At::Cell { .. } => None,
                })
                .collect();
            assert!(
                lines.is_empty() || lines.iter().any(|line| !generated.contains(line)),
                "{name}: {} {} on {lines:?}",
                finding.code,
                finding.message
            );
        }
    }
    eprintln!("{seen} packages");
}

#[test]
fn generated_sentences_agree_with_the_forms_of_consistent_packages() {
    let names = (1..=12).map(|n| format!("{n:06}.docx"));
    check("../../../shared/corpus/consistent", names);
}

#[test]
fn the_samples_sentences_say_what_its_forms_say_and_what_is_missing_is_listed() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023/package.docx");
    let own = evaluation("a.docx", std::fs::read(path).expect("the sample"), None);
    let composed = compose(&own).expect("sentences");
    let all = text(&composed);
    assert!(
        all.contains("基本支出2727.38万元，占全年执行数的40.16%"),
        "{all}"
    );
    assert!(all.contains("编制数61人"));
    assert!(composed.open.iter().any(|o| o.contains("goals.count")));
    assert!(
        composed
            .open
            .iter()
            .any(|o| o.contains("65人") && o.contains("61 不同"))
    );
    assert!(composed.publication[0].contains("项目2个"));
}
