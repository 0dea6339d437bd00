//! One package as .docx, .doc and .pdf comes in; the command line finds the same in each.

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// The findings of the seed package in a format: severity, code and message.
fn findings(format: &str) -> Option<Vec<[String; 3]>> {
    let seed: PathBuf = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/seed").into();
    if !seed.is_dir() {
        eprintln!("skipped: {} is absent", seed.display());
        return None;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(["check", "--format", "json"])
        .arg(seed.join(format!("package.{format}")))
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "{format}");
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = json["findings"].as_array().expect("findings");
    let said = |finding: &Value| {
        ["severity", "code", "message"].map(|key| finding[key].as_str().unwrap_or("").to_string())
    };
    let mut said: Vec<[String; 3]> = list.iter().map(said).collect();
    said.sort();
    assert!(said.len() > 20, "{format}: {} findings", said.len());
    Some(said)
}

#[test]
fn one_package_in_three_formats_gives_the_same_findings() {
    let (Some(docx), Some(doc), Some(pdf)) = (findings("docx"), findings("doc"), findings("pdf"))
    else {
        return;
    };
    assert_eq!(doc, docx);
    // That the text of a PDF was laid out anew is said once, and is all that differs.
    let (notes, pdf): (Vec<_>, Vec<_>) = pdf.into_iter().partition(|f| f[1] == "R108");
    assert_eq!(notes.len(), 1);
    assert_eq!(pdf, docx);
}
