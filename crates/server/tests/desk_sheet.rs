//! Made-up packages come in as files; filled into the workspace and checked there, they say the same as the files do.

use jiheng_engine::{read, recognize, rulebook::Shelf};
use jiheng_model::form::Form;
use jiheng_model::{Filing, Unit};
use jiheng_render::official;
use jiheng_server::desk::entries;
use jiheng_server::desk::package::{Written, check};
use jiheng_server::desk::sheet::Filled;
use jiheng_specimen::material::{Setting, material};

/// Every value of a form by its path, blanks left out.
fn values(form: &Form) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let of = |stated: &jiheng_model::Stated| format!("{} {:?}", stated.text, stated.value.kind);
    for (slot, field) in form.def.fields.iter().enumerate() {
        if let Some(stated) = form.values[slot].as_ref().filter(|s| !s.value.is_blank()) {
            out.push((field.path.clone(), of(stated)));
        }
    }
    for (list, rows) in form.def.lists.iter().zip(&form.lists) {
        for (number, row) in rows.iter().enumerate() {
            for (column, cell) in list.columns.iter().zip(&row.values) {
                if let Some(stated) = cell.as_ref().filter(|s| !s.value.is_blank()) {
                    let path = format!("{}[{number}].{}", list.key, column.path);
                    out.push((path, of(stated)));
                }
            }
        }
    }
    out
}

fn filled(documents: &[jiheng_model::Document], filing: &Filing) -> (Vec<Filled>, Option<Written>) {
    let sheets = filing.forms.iter().enumerate().map(|(index, form)| Filled {
        id: index.to_string(),
        def: form.def.clone(),
        year: form.year.or(filing.year).unwrap_or_default(),
        money_unit: form.money_unit.clone().unwrap_or_else(Unit::wan_yuan),
        annex: form.annex.as_ref().map(|a| a.text.clone()),
        entries: entries::of_form(documents, filing, index),
    });
    let report = official::report_of(documents, filing).map(|r| Written {
        id: "report".into(),
        entries: entries::of_report(&r),
    });
    (sheets.collect(), report)
}

#[test]
fn a_package_filled_into_the_workspace_is_the_same_package() {
    let mut forms = 0;
    for seed in 0..60 {
        let documents = read::read(&material(seed, Setting::Whole));
        let (rulebook, _) = Shelf::embedded()
            .choose(&documents, None)
            .expect("a rulebook");
        let filing = recognize::recognize(&documents, &rulebook);
        let (sheets, report) = filled(&documents, &filing);
        let package = check(sheets, report.as_ref(), &rulebook, None);
        assert_eq!(
            package.filing.forms.len(),
            filing.forms.len(),
            "seed {seed}"
        );
        for (there, here) in filing.forms.iter().zip(&package.filing.forms) {
            assert_eq!(there.kind(), here.kind(), "seed {seed}");
            let (there, here) = (values(there), values(here));
            for (a, b) in there.iter().zip(&here) {
                assert_eq!(a, b, "seed {seed}");
            }
            assert_eq!(there.len(), here.len(), "seed {seed}");
            forms += 1;
        }
    }
    assert!(forms > 200, "{forms}");
}

/// The seed package of the repository, as files and as a workspace.
fn sample() -> (
    jiheng_engine::Evaluation,
    jiheng_server::desk::package::Package,
) {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    );
    let bytes = std::fs::read(path).expect("the sample");
    let package = read::Package {
        files: vec![read::SourceFile {
            name: "package.docx".into(),
            bytes,
        }],
    };
    let evaluation =
        jiheng_engine::evaluate(&package, Shelf::embedded(), None).expect("a rulebook");
    let (sheets, report) = filled(&evaluation.documents, &evaluation.filing);
    let desk = check(sheets, report.as_ref(), &evaluation.rulebook, None);
    (evaluation, desk)
}

#[test]
fn a_real_package_has_the_same_findings_in_the_workspace_as_in_its_file() {
    let (file, desk) = sample();
    // How the file is made is no matter of the workspace, and a line to be signed stands under each of its forms.
    let told = |findings: &[jiheng_model::Finding]| {
        let mut out: Vec<String> = (findings.iter())
            .filter(|f| !f.code.starts_with('R') && f.code != "F301" && f.code != "F303")
            .map(|f| format!("{} {}", f.code, f.message))
            .collect();
        out.sort();
        out
    };
    let (there, here) = (told(&file.checked.findings), told(&desk.checked.findings));
    let only = |a: &[String], b: &[String]| -> Vec<String> {
        a.iter().filter(|m| !b.contains(m)).cloned().collect()
    };
    assert_eq!(only(&there, &here), only(&here, &there));
    assert!(here.len() > 40, "{}", here.len());
}

#[test]
fn findings_stand_at_the_cells_that_hold_what_they_show() {
    let (_, desk) = sample();
    let mut at_cells = 0;
    for mark in &desk.marks {
        let place = &desk.checked.findings[mark.finding].places[mark.place];
        let (Some(sheet), Some(key)) = (mark.sheet, &mark.key) else {
            continue;
        };
        let Some(sheet) = desk.sheets.get(sheet) else {
            continue;
        };
        let cell = sheet.cell(key).expect("a cell of the sheet");
        if place.kind == jiheng_model::finding::PlaceKind::Cell {
            assert!(
                cell.text.contains(place.text.trim()),
                "{} {:?} {key}",
                cell.text,
                place
            );
            at_cells += 1;
        }
    }
    assert!(at_cells > 40, "{at_cells}");
}
