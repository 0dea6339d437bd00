//! Consistent packages come in; false alarms per rule and package go out.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_model::Severity;
use jiheng_specimen::material::{Setting, material};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Checks packages that should be silent; fails when one has an error or the warnings exceed 0.3 a package.
pub fn quiet(packages: &[Package], examples: usize) -> Result<(), String> {
    let shelf = Shelf::embedded();
    let mut alarms: BTreeMap<(Severity, String), Vec<String>> = BTreeMap::new();
    let (mut errors, mut warnings, mut cells) = (0usize, 0usize, 0usize);
    let mut hints = 0usize;
    for package in packages {
        let name = package.files.first().map_or("", |f| f.name.as_str());
        let evaluation = jiheng_engine::evaluate(package, shelf, None).map_err(|u| u.id)?;
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
            hints += usize::from(finding.severity == Severity::Hint);
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
        "{} packages, {cells} cells: {errors} errors, {warnings} warnings, {hints} hints",
        packages.len()
    );
    for ((severity, code), list) in &alarms {
        println!("{} {code}: {}", severity.chinese(), list.len());
        for line in list.iter().take(examples) {
            println!("    {line}");
        }
    }
    let allowed = packages.len() * 3 / 10;
    if errors > 0 || warnings > allowed {
        return Err(format!(
            "false alarms: {errors} errors (0 allowed), {warnings} warnings ({allowed} allowed)"
        ));
    }
    Ok(())
}

/// The consistent packages of the corpus.
pub fn consistent(shared: &Path) -> Result<Vec<Package>, String> {
    let mut files: Vec<_> = fs::read_dir(shared.join("corpus/consistent"))
        .map_err(|e| e.to_string())?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e != "json"))
        .collect();
    files.sort();
    let package = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).map_err(|e| e.to_string())?;
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let files = vec![SourceFile { name, bytes }];
        Ok(Package { files })
    };
    files.iter().map(package).collect()
}

/// Generated packages, all formats in turn.
pub fn generated(seed: u64, count: u64, setting: Setting) -> Vec<Package> {
    let seeds = seed..seed + count;
    seeds.map(|seed| material(seed, setting)).collect()
}
