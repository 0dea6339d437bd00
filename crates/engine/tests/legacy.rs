//! Files of Word 97—2003 come in; they are read as their .docx twins and their truth say.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use std::path::PathBuf;

fn corpus(name: &str) -> Option<SourceFile> {
    let root: PathBuf = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus").into();
    if !root.is_dir() {
        eprintln!("skipped: {} is absent", root.display());
        return None;
    }
    Some(SourceFile {
        name: "package".into(),
        bytes: std::fs::read(root.join(name)).expect("the file is there"),
    })
}

fn evaluated(name: &str) -> Option<Evaluation> {
    let package = Package {
        files: vec![corpus(name)?],
    };
    Some(evaluate(&package, Shelf::embedded(), None).expect("a rulebook is chosen"))
}

/// Everything a finding says, its places included: the grids of both files are the same.
fn said(evaluation: &Evaluation) -> Vec<String> {
    evaluation
        .checked
        .findings
        .iter()
        .map(|f| format!("{f:#?}"))
        .collect()
}

#[test]
fn the_old_format_gives_the_findings_of_the_new_one() {
    let (Some(old), Some(new)) = (
        evaluated("seed/package.doc"),
        evaluated("seed/package.docx"),
    ) else {
        return;
    };
    let (old, new) = (said(&old), said(&new));
    assert!(new.len() > 20, "{} findings", new.len());
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(old, new);
    }
    assert_eq!(old.len(), new.len());
}

#[test]
fn cells_of_an_old_layout_hold_what_is_printed() {
    let Some(evaluation) = evaluated("layouts/P03-L00-project.doc") else {
        return;
    };
    let document = &evaluation.documents[0];
    let printed = |text: &str| {
        document
            .tables
            .iter()
            .flat_map(|t| &t.cells)
            .any(|c| document.cell_text(c) == text)
    };
    for text in ["132.912", "=42个", "219001-棠溪镇人民政府", "村干部人数"] {
        assert!(printed(text), "{text} is not a cell");
    }
    assert!(document.notices.is_empty(), "{:?}", document.notices);
}

#[test]
fn a_file_of_wps_is_read_as_what_it_contains_whatever_its_name() {
    for (from, to) in [
        ("layouts/P03-L00-project.doc", "自评表.wps"),
        ("layouts/P21-L11-department.xls", "自评表.et"),
        ("layouts/P19-L10-project.xlsx", "自评表.et"),
        ("layouts/P05-L02-project.docx", "自评表.wps"),
    ] {
        let Some(mut file) = corpus(from) else { return };
        let named = |name: &str, file: &mut SourceFile| {
            file.name = name.into();
            let files = vec![file.clone()];
            evaluate(&Package { files }, Shelf::embedded(), None).expect("a rulebook is chosen")
        };
        let renamed = said(&named(to, &mut file));
        let own = said(&named(from, &mut file));
        let own: Vec<String> = own.iter().map(|f| f.replace(from, to)).collect();
        assert!(!own.is_empty(), "{from}");
        assert_eq!(renamed, own, "{from}");
    }
}
