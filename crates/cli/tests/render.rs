//! `jiheng render`: what is printed is read again as the same filing, from every format and for every format.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_model::form::Form;
use jiheng_model::{Filing, Stated};
use jiheng_render::official;
use jiheng_specimen::faulty::faulty;
use jiheng_specimen::print::Format;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str, bytes: Vec<u8>, rulebook: Option<&str>) -> Evaluation {
    let file = SourceFile {
        name: name.into(),
        bytes,
    };
    let package = Package { files: vec![file] };
    evaluate(&package, Shelf::embedded(), rulebook).expect("a rulebook of the shelf")
}

fn package(evaluation: &Evaluation) -> official::Official {
    let report = official::report_of(&evaluation.documents, &evaluation.filing);
    official::package(&evaluation.documents, &evaluation.filing, report.as_ref())
}

/// The printings that are read again.
fn printings(official: &official::Official, filing: &Filing) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "filing.json",
            official::filing_json(official, filing, None).into_bytes(),
        ),
        ("package.docx", official::docx(official)),
        (
            "package.xlsx",
            official::workbook(official).expect("a workbook"),
        ),
        ("package.html", official::html(official).into_bytes()),
    ]
}

/// A value that says something.
fn said(stated: Option<&Stated>) -> Option<&str> {
    stated
        .filter(|s| !s.value.is_blank())
        .map(|s| s.text.as_str())
}

/// What differs between a filing and the one read from its printing: values, sections, facts, annexes.
fn differences(a: &Filing, b: &Filing) -> Vec<String> {
    let mut out = Vec::new();
    let mut kinds: Vec<&str> = a.forms.iter().chain(&b.forms).map(Form::kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let (x, y): (Vec<_>, Vec<_>) = (a.of(kind).collect(), b.of(kind).collect());
        if x.len() != y.len() {
            out.push(format!("{kind}: {} forms, {} read again", x.len(), y.len()));
        }
        for (x, y) in x.iter().zip(&y) {
            of_form(x, y, &mut out);
        }
    }
    let (x, y) = (&a.narrative, &b.narrative);
    let sections = |n: &jiheng_model::Narrative| -> Vec<String> {
        let line =
            |s: &jiheng_model::Section| format!("{} {} {} {:?}", s.level, s.mark, s.title, s.key);
        n.sections.iter().map(line).collect()
    };
    lists("section", &sections(x), &sections(y), &mut out);
    let facts = |n: &jiheng_model::Narrative| -> Vec<String> {
        let line = |f: &jiheng_model::Fact| {
            format!(
                "{} {:?} {} {:?} {:?} {:?} {:?}",
                f.label, f.item, f.text, f.period, f.role, f.of, f.section
            )
        };
        n.facts.iter().map(line).collect()
    };
    lists("fact", &facts(x), &facts(y), &mut out);
    let annexes = |n: &jiheng_model::Narrative| -> Vec<String> {
        n.annexes
            .iter()
            .map(|a| format!("{:?} {}", a.ordinal, a.title))
            .collect()
    };
    lists("annex", &annexes(x), &annexes(y), &mut out);
    let head = |n: &jiheng_model::Narrative| {
        let text = |s: &Option<Stated>| s.as_ref().map(|s| s.text.clone());
        format!(
            "{:?} {:?} {:?} {:?}",
            text(&n.title),
            text(&n.unit_name),
            n.year,
            n.dated.map(|d| d.0)
        )
    };
    if head(x) != head(y) {
        out.push(format!("report: {} / {}", head(x), head(y)));
    }
    out
}

fn lists(what: &str, x: &[String], y: &[String], out: &mut Vec<String>) {
    for at in 0..x.len().max(y.len()) {
        if x.get(at) != y.get(at) {
            out.push(format!("{what} {at}: {:?} / {:?}", x.get(at), y.get(at)));
            break;
        }
    }
}

fn of_form(x: &Form, y: &Form, out: &mut Vec<String>) {
    let name = format!("{} {}", x.kind(), x.ordinal);
    if x.year != y.year || x.money_unit != y.money_unit {
        out.push(format!(
            "{name}: {:?} {:?} / {:?} {:?}",
            x.year, x.money_unit, y.year, y.money_unit
        ));
    }
    for (slot, field) in x.def.fields.iter().enumerate() {
        let (a, b) = (x.at(slot as u16), y.at(slot as u16));
        if said(a) != said(b) {
            out.push(format!(
                "{name} {}: {:?} / {:?}",
                field.path,
                said(a),
                said(b)
            ));
        }
    }
    for (number, list) in x.def.lists.iter().enumerate() {
        let (a, b) = (&x.lists[number], &y.lists[number]);
        if a.len() != b.len() {
            out.push(format!(
                "{name} {}: {} rows / {}",
                list.key,
                a.len(),
                b.len()
            ));
        }
        for (row, (a, b)) in a.iter().zip(b).enumerate() {
            for (slot, column) in list.columns.iter().enumerate() {
                let (a, b) = (said(a.values[slot].as_ref()), said(b.values[slot].as_ref()));
                if a != b {
                    out.push(format!(
                        "{name} {}[{row}].{}: {a:?} / {b:?}",
                        list.key, column.path
                    ));
                }
            }
        }
    }
}

/// What differs after printing and reading, in each format.
fn round_trip(name: &str, bytes: Vec<u8>, keep_rulebook: bool) -> Vec<String> {
    let first = read(name, bytes, None);
    let id = first.rulebook.id.clone();
    let official = package(&first);
    let mut out = Vec::new();
    for (printed, bytes) in printings(&official, &first.filing) {
        let again = read(printed, bytes, keep_rulebook.then_some(id.as_str()));
        let found = differences(&first.filing, &again.filing);
        out.extend(
            found
                .into_iter()
                .map(|d| format!("{name} -> {printed}: {d}")),
        );
    }
    out
}

fn files(folder: &str, ends: &[&str]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root().join(folder)) else {
        eprintln!("{folder} is absent: nothing tested");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|p| ends.iter().any(|e| p.extension().is_some_and(|x| x == *e)));
    files.sort();
    files
}

#[test]
fn the_sample_is_read_again_from_its_printings() {
    for name in ["package.docx", "package.doc", "package.txt"] {
        let bytes =
            std::fs::read(root().join("samples/yueyang-2023").join(name)).expect("a sample");
        let found = round_trip(name, bytes, false);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn consistent_packages_are_read_again_from_their_printings() {
    let mut found = Vec::new();
    for file in files(
        "../shared/corpus/consistent",
        &["docx", "xlsx", "txt", "html", "doc"],
    ) {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        found.extend(round_trip(
            &name,
            std::fs::read(&file).expect("a file"),
            true,
        ));
    }
    assert!(
        found.is_empty(),
        "{} differences\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn made_up_packages_with_defects_are_read_again_from_their_printings() {
    const PACKAGES: u64 = 22;
    let work = |seeds: std::ops::Range<u64>| -> Vec<String> {
        let mut found = Vec::new();
        for seed in seeds {
            let format = [Format::Docx, Format::Xlsx][(seed % 2) as usize];
            let made = faulty(seed, format, (seed % 4) as usize, |_| true).expect("a package");
            let name = format!("{seed} {:?} {}", made.defects, made.name);
            found.extend(round_trip(&name, made.bytes, true));
        }
        found
    };
    let half = 500 + PACKAGES / 2;
    let found = std::thread::scope(|scope| {
        let left = scope.spawn(|| work(500..half));
        let mut found = work(half..500 + PACKAGES);
        found.extend(left.join().expect("no trial panics"));
        found
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_same_filing_is_printed_in_the_same_bytes() {
    let bytes = std::fs::read(root().join("samples/yueyang-2023/package.docx")).expect("a sample");
    let evaluation = read("package.docx", bytes, None);
    let (once, again) = (package(&evaluation), package(&evaluation));
    assert_eq!(once, again);
    assert_eq!(
        printings(&once, &evaluation.filing),
        printings(&again, &evaluation.filing)
    );
}

#[test]
fn forms_of_other_places_keep_their_values() {
    let (mut values, mut lost, mut files_read) = (0, Vec::new(), 0);
    for file in files(
        "../shared/corpus/layouts",
        &["docx", "xlsx", "doc", "xls", "html"],
    ) {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let first = read(&name, std::fs::read(&file).expect("a file"), None);
        let said_values = |f: &Form| {
            let rows = f.lists.iter().flatten().flat_map(|r| &r.values);
            f.values
                .iter()
                .chain(rows)
                .filter(|s| said(s.as_ref()).is_some())
                .count()
        };
        values += first.filing.forms.iter().map(said_values).sum::<usize>();
        files_read += 1;
        let again = read(
            "package.docx",
            official::docx(&package(&first)),
            Some(first.rulebook.id.as_str()),
        );
        let found = differences(&first.filing, &again.filing);
        lost.extend(found.into_iter().map(|d| format!("{name}: {d}")));
    }
    eprintln!(
        "{files_read} files, {values} values, {} differences",
        lost.len()
    );
    std::fs::write(
        std::env::temp_dir().join("jiheng-layouts.txt"),
        lost.join("\n"),
    )
    .ok();
}

#[test]
fn columns_with_fixed_words_are_chosen_from_a_list_in_the_workbook() {
    let bytes =
        std::fs::read(root().join("samples/yueyang-2023/package.docx")).expect("the sample");
    let evaluation = read("package.docx", bytes, None);
    let book = official::workbook(&package(&evaluation)).expect("a workbook");
    let budget = jiheng_office::Budget::default();
    let zip = jiheng_office::Zip::open(&book, &budget).expect("a zip");
    let mut inflater = jiheng_office::Inflater::new(&budget);
    let sheets = zip
        .entries()
        .iter()
        .filter(|e| e.name.starts_with("xl/worksheets/"));
    let xml: String = sheets
        .map(|e| String::from_utf8(zip.inflate(e, &mut inflater).expect("a part").into_owned()))
        .map(|text| text.expect("UTF-8"))
        .collect();
    for words in [
        "优,良,中,差",
        "产出指标,效益指标,满意度指标",
        "数量指标,质量指标",
    ] {
        assert!(xml.contains(words), "{words}");
    }
}
