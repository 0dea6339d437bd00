//! Real budget documents beside the repository come in; the forms and final accounts read in each go out.
//!
//! What each file holds is written down here, as a person counts it: nothing but a file that yields
//! less is a failure.

use jiheng_engine::read::{Package, SourceFile, is_readable};
use jiheng_engine::rulebook::Shelf;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a file yields at least: forms of a kind, tables of final accounts, or lines of a text without tables.
enum Yield {
    Forms(&'static str, usize),
    Accounts(usize),
    Tables(usize),
    Lines(usize),
}

const FILES: [(&str, &[Yield]); 7] = [
    // An outline of a report: it has no table.
    (
        "2017-shenzhen-project-report-outline.doc",
        &[Yield::Lines(10)],
    ),
    (
        "2020-central-university-monitoring-and-goals.xls",
        &[Yield::Forms("monitoring", 1), Yield::Forms("objective", 1)],
    ),
    (
        "2023-putuo-wanli-budget-with-5-goal-forms.pdf",
        &[Yield::Forms("objective", 5), Yield::Tables(24)],
    ),
    (
        "2024-putuo-planning-final-accounts.pdf",
        &[Yield::Accounts(9)],
    ),
    (
        "2024-shanghai-final-accounts-template.pdf",
        &[Yield::Accounts(9)],
    ),
    // Budget tables only: they are read, and no form of a self-evaluation is claimed.
    ("2025-putuo-finance-budget.pdf", &[Yield::Tables(13)]),
    (
        "shanghai-department-budget-template.xlsx",
        &[Yield::Tables(9)],
    ),
];

/// Reads every file, prints what it yields and fails when one yields less than it holds.
pub fn yields(shared: &Path) -> Result<(), String> {
    let folder = shared.join("corpus/budget-documents");
    let shelf = Shelf::embedded();
    let mut short = Vec::new();
    for (name, expected) in FILES {
        let bytes = fs::read(folder.join(name)).map_err(|e| format!("{name}: {e}"))?;
        let package = Package {
            files: vec![SourceFile {
                name: name.into(),
                bytes,
            }],
        };
        let evaluation = jiheng_engine::evaluate(&package, shelf, None).map_err(|u| u.id)?;
        let mut forms: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for form in &evaluation.filing.forms {
            let (count, values) = forms.entry(form.kind()).or_default();
            *count += 1;
            let rows = form.lists.iter().flatten().flat_map(|row| &row.values);
            *values += form.values.iter().chain(rows).flatten().count();
        }
        let tables: usize = evaluation.documents.iter().map(|d| d.tables.len()).sum();
        let lines: usize = evaluation
            .documents
            .iter()
            .map(|d| d.paragraphs.len())
            .sum();
        let accounts = evaluation.filing.accounts.iter();
        let (titled, figures) = accounts.fold((0, 0), |(tables, figures), a| {
            (tables + a.tables.len(), figures + a.figures.len())
        });
        let kinds: Vec<String> = forms
            .iter()
            .map(|(kind, (count, values))| format!("{count} {kind} ({values} values)"))
            .collect();
        let errors = evaluation.checked.findings.iter();
        let errors = errors.filter(|f| f.severity == jiheng_model::Severity::Error);
        println!(
            "{name}: forms {}; accounts {titled} tables, {figures} figures; {tables} tables, {lines} paragraphs; {} errors",
            if kinds.is_empty() {
                "none".into()
            } else {
                kinds.join(", ")
            },
            errors.count(),
        );
        let enough = |what: &Yield| match *what {
            Yield::Forms(kind, count) => forms.get(kind).is_some_and(|f| f.0 >= count),
            Yield::Accounts(count) => titled >= count,
            Yield::Tables(count) => tables >= count,
            Yield::Lines(count) => lines >= count,
        };
        if !is_readable(&evaluation.documents) || !expected.iter().all(enough) {
            short.push(name);
        }
    }
    match short.is_empty() {
        true => Ok(()),
        false => Err(format!("yield less than they hold: {}", short.join(", "))),
    }
}
