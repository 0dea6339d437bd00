//! The consistent packages of ../shared come in; false alarms per rule and package go out.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_model::Severity;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Checks every consistent package; fails when one has an error or the warnings exceed 0.3 a package.
pub fn consistent(shared: &Path, examples: usize) -> Result<(), String> {
    let shelf = Shelf::embedded();
    let mut files: Vec<_> = fs::read_dir(shared.join("corpus/consistent"))
        .map_err(|e| e.to_string())?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e != "json"))
        .collect();
    files.sort();
    let mut alarms: BTreeMap<(Severity, String), Vec<String>> = BTreeMap::new();
    let (mut errors, mut warnings, mut cells) = (0usize, 0usize, 0usize);
    for file in &files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let bytes = fs::read(file).map_err(|e| e.to_string())?;
        let package = Package {
            files: vec![SourceFile {
                name: name.clone(),
                bytes,
            }],
        };
        let evaluation = jiheng_engine::evaluate(&package, shelf, None).map_err(|u| u.id)?;
        cells += evaluation
            .documents
            .iter()
            .map(|d| d.cell_count())
            .sum::<usize>();
        if evaluation.filing.forms.is_empty() {
            return Err(format!("{name}: no form was recognised"));
        }
        for finding in evaluation
            .checked
            .findings
            .iter()
            .filter(|f| f.caused_by.is_none())
        {
            errors += usize::from(finding.severity == Severity::Error);
            warnings += usize::from(finding.severity == Severity::Warning);
            let place = finding
                .places
                .first()
                .map(|p| format!("{} = {:?}", p.label, p.text))
                .unwrap_or_default();
            alarms
                .entry((finding.severity, finding.code.clone()))
                .or_default()
                .push(format!("{name}: {} @ {place}", finding.message));
        }
    }
    println!(
        "{} packages, {cells} cells: {errors} errors, {warnings} warnings",
        files.len()
    );
    for ((severity, code), list) in &alarms {
        println!("{} {code}: {}", severity.chinese(), list.len());
        for line in list.iter().take(examples) {
            println!("    {line}");
        }
    }
    let allowed = files.len() * 3 / 10;
    if errors > 0 || warnings > allowed {
        return Err(format!(
            "false alarms: {errors} errors (0 allowed), {warnings} warnings ({allowed} allowed)"
        ));
    }
    Ok(())
}
