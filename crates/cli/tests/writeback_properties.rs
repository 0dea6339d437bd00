//! Made-up packages with defects come in; what `annotate` and `fix` write of them is held to what they promise.

mod desk;

use desk::{folder, parts, run, seen, text};
use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_specimen::faulty::{Faulty, faulty};
use jiheng_specimen::print::Format;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The findings of a file, whatever it is called.
fn findings(path: &Path) -> Vec<Value> {
    let output = run(&["check", text(path), "--format", "json"]);
    let mut json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = json["findings"].as_array_mut().expect("findings");
    for finding in list.iter_mut() {
        for place in finding["places"].as_array_mut().expect("places") {
            place["file"] = Value::Null;
        }
    }
    std::mem::take(list)
}

/// What our reader reads, and only that.
fn extracted(bytes: &[u8]) -> String {
    let file = SourceFile {
        name: "甲".into(),
        bytes: bytes.to_vec(),
    };
    let documents = read(&Package { files: vec![file] });
    documents.into_iter().map(|d| d.text).collect()
}

/// Takes out whatever stands between two words, the words included.
fn without(mut text: String, from: &str, to: &str) -> String {
    while let Some(start) = text.find(from) {
        let length = text[start..].find(to).expect("an end") + to.len();
        text.replace_range(start..start + length, "");
    }
    text
}

/// Lines of all comments that begin as the heading of a finding does.
fn headings(parts: &BTreeMap<String, Vec<u8>>) -> usize {
    let comments = parts.iter().filter(|p| p.0.contains("comments"));
    let texts = comments.map(|p| String::from_utf8(p.1.clone()).expect("UTF-8"));
    let count = |t: String| {
        let lines = t.split(['\n', '>']);
        let begins = |l: &&str| {
            ["错误　", "警告　", "提示　"]
                .iter()
                .any(|s| l.starts_with(s))
        };
        lines.filter(begins).count()
    };
    texts.map(count).sum()
}

/// Works on all packages at once, two by two.
fn each(packages: Vec<(u64, Faulty)>, work: impl Fn(u64, &Faulty) + Sync) {
    let (left, right) = packages.split_at(packages.len() / 2);
    std::thread::scope(|scope| {
        for half in [left, right] {
            let work = &work;
            scope.spawn(move || half.iter().for_each(|(seed, f)| work(*seed, f)));
        }
    });
}

#[test]
fn annotating_changes_no_word_no_other_part_and_no_finding() {
    let dir = folder("annotate");
    let made = (1..=8).filter_map(|seed| {
        let format = [Format::Docx, Format::Xlsx][(seed % 2) as usize];
        Some((seed, faulty(seed, format, 3, |_| true)?))
    });
    let made: Vec<(u64, Faulty)> = made.collect();
    assert_eq!(made.len(), 8);
    assert!(made.iter().all(|(_, f)| f.defects.len() == 3));
    each(made, |seed, package| {
        let ending = package.name.rsplit('.').next().unwrap_or_default();
        let path = dir.join(format!("{seed}.{ending}"));
        std::fs::write(&path, &package.bytes).expect("written");
        let out = dir.join(format!("{seed}-批注.{ending}"));
        run(&["annotate", text(&path), "--out", text(&out)]);
        let who = format!("seed {seed} {:?}", package.defects);
        let bytes = std::fs::read(&out).expect(&who);
        assert_eq!(extracted(&bytes), extracted(&package.bytes), "{who}");
        let (old, new) = (parts(&package.bytes), parts(&bytes));
        let may = |name: &str| {
            name == "[Content_Types].xml"
                || name.ends_with(".rels")
                || name == "word/document.xml"
                || name == "xl/workbook.xml"
                || name.starts_with("xl/worksheets/")
        };
        for (name, bytes) in old.iter().filter(|p| !may(p.0)) {
            assert!(new.get(name) == Some(bytes), "{who}: {name}");
        }
        // A sheet only names the drawing of its comments.
        for (name, bytes) in old
            .iter()
            .filter(|p| p.0.starts_with("xl/worksheets/sheet"))
        {
            let text = String::from_utf8(new[name].clone()).expect("UTF-8");
            let text = without(text, "<legacyDrawing ", "/>");
            assert!(text.as_bytes() == bytes, "{who}: {name}");
        }
        let before = findings(&path);
        let first = |f: &&Value| f["caused_by"].is_null() && f["suppressed"].is_null();
        assert_eq!(headings(&new), before.iter().filter(first).count(), "{who}");
        assert_eq!(findings(&out), before, "{who}");
        let again = dir.join(format!("{seed}-再批注.{ending}"));
        run(&["annotate", text(&out), "--out", text(&again)]);
        assert!(std::fs::read(&again).expect(&who) == bytes, "{who}: twice");
    });
}

/// Code and message of findings, but for what a tracked change itself says.
fn said(findings: &[Value]) -> Vec<(String, String)> {
    let word = |f: &Value, key: &str| f[key].as_str().unwrap_or_default().to_string();
    let all = findings.iter().filter(|f| f["code"] != "R104");
    all.map(|f| (word(f, "code"), word(f, "message"))).collect()
}

#[test]
fn accepted_fixes_settle_what_they_name_and_rejected_ones_leave_the_original() {
    const FIXABLE: [&str; 8] = [
        "A102", "A201", "A202", "A208", "N101", "N102", "N103", "N104",
    ];
    let dir = folder("fix");
    let made = (11..=18).filter_map(|seed| {
        let wanted = |k: &jiheng_specimen::kinds::Kind| k.codes.iter().any(|c| FIXABLE.contains(c));
        Some((seed, faulty(seed, Format::Docx, 3, wanted)?))
    });
    let changed = std::sync::atomic::AtomicUsize::new(0);
    each(made.collect(), |seed, package| {
        let who = format!("seed {seed} {:?}", package.defects);
        let path = dir.join(format!("{seed}.docx"));
        std::fs::write(&path, &package.bytes).expect("written");
        let out = dir.join(format!("{seed}-已改.docx"));
        let list = run(&["fix", text(&path), "--out", text(&out), "--format", "json"]);
        let list: Value = serde_json::from_slice(&list.stdout).expect(&who);
        let changes = list["changes"].as_array().expect("changes");
        changed.fetch_add(changes.len(), std::sync::atomic::Ordering::Relaxed);
        let bytes = std::fs::read(&out).expect(&who);
        // Read with its changes accepted: nothing is new, and what was named is gone.
        let (before, after) = (said(&findings(&path)), said(&findings(&out)));
        for finding in &after {
            let same = |f: &&(String, String)| f.0 == finding.0;
            let (new, old) = (after.iter().filter(same), before.iter().filter(same));
            assert!(new.count() <= old.count(), "{who}: {finding:?} is new");
        }
        for change in changes {
            let code = change["code"].as_str().expect("a code");
            let of = |all: &[(String, String)]| all.iter().filter(|f| f.0 == code).count();
            assert!(
                of(&after) < of(&before),
                "{who}: {change} did not settle it"
            );
        }
        // Rejected: the text as it was.
        let part = |bytes: &[u8]| {
            String::from_utf8(parts(bytes)["word/document.xml"].clone()).expect("UTF-8")
        };
        let rejected = without(part(&bytes), "<w:ins w:id=", "</w:ins>");
        let rejected = rejected.replace("w:delText", "w:t");
        assert_eq!(seen(&rejected), seen(&part(&package.bytes)), "{who}");
    });
    assert!(changed.into_inner() >= 6, "hardly anything was fixed");
}
