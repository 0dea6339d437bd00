//! The sample package comes in as a filled workspace; its pages go out, and what was typed never becomes markup.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_render::official;
use jiheng_server::desk::entries;
use jiheng_server::desk::filing::{Checked, Held, Kept, Opened, REPORT};
use jiheng_server::desk::key::Entries;
use jiheng_server::desk::pages::{self, Viewer};
use std::collections::BTreeMap;

fn held(entries: Entries) -> BTreeMap<String, Held> {
    let cells = entries.into_iter().map(|(key, text)| {
        let held = Held {
            text,
            revision: 1,
            moment: 1,
            by: "李某某".into(),
            at: 1_716_345_000_000,
        };
        (key, held)
    });
    cells.collect()
}

/// The sample as a filing of the workspace, changed by `change`.
fn sample(change: impl Fn(&mut Opened)) -> Checked {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/yueyang-2023/package.docx"
    );
    let package = Package {
        files: vec![SourceFile {
            name: "package.docx".into(),
            bytes: std::fs::read(path).expect("the sample"),
        }],
    };
    let read = jiheng_engine::evaluate(&package, Shelf::embedded(), None).expect("a rulebook");
    let (documents, filing) = (&read.documents, &read.filing);
    let mut sheets: Vec<Kept> = (filing.forms.iter().enumerate())
        .filter(|(_, f)| f.kind() != "assessment")
        .map(|(index, form)| Kept {
            id: format!("s{index}"),
            form: form.kind().to_string(),
            name: String::new(),
            ordinal: u32::from(form.ordinal),
            parent: None,
            cells: held(entries::of_form(documents, filing, index)),
        })
        .collect();
    let report = official::report_of(documents, filing).expect("a report");
    sheets.push(Kept {
        id: "report".into(),
        form: REPORT.into(),
        name: String::new(),
        ordinal: 1,
        parent: None,
        cells: held(entries::of_report(&report)),
    });
    let mut opened = Opened {
        id: "demo".into(),
        unit: "岳阳市自然资源和规划局本级".into(),
        title: "2023年度绩效自评".into(),
        year: 2023,
        rulebook: read.rulebook.id.clone(),
        due: Some(1_717_147_800_000),
        stage: "填报中".into(),
        open: true,
        revision: 318,
        sheets,
    };
    change(&mut opened);
    opened
        .check(Shelf::embedded(), None)
        .expect("a rulebook of the shelf")
}

fn viewer() -> Viewer {
    Viewer {
        person: "p".into(),
        csrf: "token".into(),
        name: "李某某".into(),
        fills: true,
        now: 1_716_345_727_000,
    }
}

#[test]
fn every_sheet_has_a_page_with_its_findings_beside_the_rows() {
    let checked = sample(|_| {});
    let all = checked.all();
    assert!(all.errors > 5 && all.warnings > 5, "{all:?}");
    for sheet in &checked.opened.sheets {
        let page = pages::editor(&checked, &sheet.id, &viewer(), "").expect("a page");
        assert!(page.contains("class=\"ce"), "{}", sheet.id);
        let wanted = checked.counts(&sheet.id).all() > 0;
        assert_eq!(page.contains("class=\"bal"), wanted, "{}", sheet.id);
        if let Ok(folder) = std::env::var("DESK_PAGES") {
            std::fs::write(format!("{folder}/{}.html", sheet.id), page).expect("a written page");
        }
    }
    for (name, page) in [
        (
            "filing",
            pages::overview(&checked, false, &viewer(), "").expect("a page"),
        ),
        (
            "projects",
            pages::overview(&checked, true, &viewer(), "").expect("a page"),
        ),
        (
            "results",
            pages::results(&checked, &viewer()).expect("a page"),
        ),
    ] {
        if let Ok(folder) = std::env::var("DESK_PAGES") {
            std::fs::write(format!("{folder}/{name}.html"), page).expect("a written page");
        }
    }
}

#[test]
fn what_was_typed_never_becomes_markup() {
    let evil = "\"><script>alert(1)</script><b>'";
    let checked = sample(|opened| {
        for sheet in &mut opened.sheets {
            sheet.name = evil.into();
            for held in sheet.cells.values_mut() {
                held.text = format!("{evil}{}", held.text);
            }
        }
        opened.unit = evil.into();
    });
    let viewer = viewer();
    let mut all: Vec<String> = (checked.opened.sheets.iter())
        .map(|s| pages::editor(&checked, &s.id, &viewer, evil).expect("a page"))
        .collect();
    all.push(pages::overview(&checked, true, &viewer, evil).expect("a page"));
    all.push(pages::results(&checked, &viewer).expect("a page"));
    for page in all {
        assert!(!page.contains("<script>alert"));
        assert!(!page.contains("<b>'"));
    }
}
