//! The rules about the report (X1xx, X3xx) over the sample and the faultless packages.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_model::{Finding, Severity};
use std::path::{Path, PathBuf};

fn shared(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(path)
}

fn check(path: &Path, shelf: &Shelf) -> Option<Evaluation> {
    let bytes = std::fs::read(path).ok()?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    let package = Package {
        files: vec![SourceFile { name, bytes }],
    };
    evaluate(&package, shelf, None).ok()
}

/// Findings of these rules.
fn own(evaluation: &Evaluation) -> Vec<&Finding> {
    let findings = evaluation.checked.findings.iter();
    findings
        .filter(|f| f.code.starts_with("X1") || f.code.starts_with("X3"))
        .collect()
}

fn shown(f: &Finding) -> String {
    format!(
        "{:?} {} {} | {} | {:?}",
        f.severity,
        f.code,
        f.message,
        f.derivation.as_deref().unwrap_or(""),
        f.places
            .iter()
            .map(|p| (&p.label, p.origin.at))
            .take(3)
            .collect::<Vec<_>>()
    )
}

#[test]
fn nothing_is_said_of_faultless_packages() {
    let shelf = Shelf::embedded();
    let Ok(files) = std::fs::read_dir(shared("corpus/consistent")) else {
        eprintln!("skipped: the consistent packages are absent");
        return;
    };
    let mut files: Vec<PathBuf> = files
        .flatten()
        .map(|f| f.path())
        .filter(|p| p.extension().is_some_and(|e| e != "json"))
        .collect();
    files.sort();
    let mut said = Vec::new();
    for path in &files {
        let Some(evaluation) = check(path, shelf) else {
            continue;
        };
        let facts = evaluation.filing.narrative.facts.len();
        if facts < 80 {
            said.push(format!("{}: only {facts} facts", path.display()));
        }
        for finding in own(&evaluation) {
            said.push(format!(
                "{}: {}",
                path.file_name().unwrap_or_default().display(),
                shown(finding)
            ));
        }
    }
    assert!(
        said.is_empty(),
        "{} sayings:\n{}",
        said.len(),
        said.join("\n")
    );
}

#[test]
fn the_sample_says_what_it_must() {
    let shelf = Shelf::embedded();
    for file in ["corpus/seed/package.docx", "corpus/seed/package.txt"] {
        let Some(evaluation) = check(&shared(file), shelf) else {
            eprintln!("skipped: {file} is absent");
            return;
        };
        let findings = own(&evaluation);
        for f in &findings {
            eprintln!("{}", shown(f));
        }
        let has = |code: &str, severity, text: &str| {
            findings.iter().any(|f| {
                f.code == code
                    && f.severity == severity
                    && f.message.contains(text)
                    && f.places.len() >= 2
            })
        };
        assert!(
            has("X101", Severity::Error, "附件1 为 61 人，报告为 65 人"),
            "{file}"
        );
        assert!(has("X301", Severity::Error, "118.76"), "{file}");
        assert!(has("X305", Severity::Error, "6790.52"), "{file}");
        assert!(has("X304", Severity::Warning, "856.94"), "{file}");
        assert!(has("X306", Severity::Warning, "404.73"), "{file}");
        assert!(
            has("X317", Severity::Warning, "城乡社区管理事务支出"),
            "{file}"
        );
    }
}
