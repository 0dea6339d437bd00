//! Inputs on which a door once broke come in (`tests/found/<door>/`); each goes through the corridor and must not break it again.

use jiheng_engine::read::foreign::{self, InProcess};
use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_engine::{evaluate, expr, rulebook::Shelf};
use jiheng_office::write;
use std::fs;
use std::path::Path;

/// What a door makes of its bytes, as `fuzz/src/lib.rs` does: a file by name, or nothing to read.
fn file(door: &str, bytes: Vec<u8>) -> Option<SourceFile> {
    let (name, bytes) = match door {
        "docx" => ("自评.docx", write::zip(&[("word/document.xml", &bytes)])),
        "xlsx" => (
            "自评.xlsx",
            write::zip(&[
                (
                    "xl/workbook.xml",
                    b"<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>",
                ),
                (
                    "xl/_rels/workbook.xml.rels",
                    b"<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s.xml\"/><Relationship Id=\"r2\" Type=\"x/styles\" Target=\"s.xml\"/><Relationship Id=\"r3\" Type=\"x/sharedStrings\" Target=\"s.xml\"/></Relationships>",
                ),
                ("xl/s.xml", &bytes),
            ]),
        ),
        "html" => ("自评.html", [b"<html><body>".as_slice(), &bytes].concat()),
        "expression" => {
            let _ = expr::parse(&String::from_utf8_lossy(&bytes));
            return None;
        }
        _ => ("自评", bytes),
    };
    let name = name.into();
    Some(SourceFile { name, bytes })
}

#[test]
fn what_once_broke_a_door_breaks_none() {
    foreign::choose(Box::new(InProcess));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/found");
    let mut tried = 0;
    for door in fs::read_dir(&folder).expect("the folder of found cases") {
        let door = door.expect("a door");
        let name = door.file_name().to_string_lossy().into_owned();
        for case in fs::read_dir(door.path()).expect("cases of a door") {
            let case = case.expect("a case").path();
            eprintln!("{}", case.display());
            tried += 1;
            let Some(file) = file(&name, fs::read(&case).expect("a case")) else {
                continue;
            };
            let package = Package { files: vec![file] };
            for document in read(&package) {
                assert!(document.is_sound(), "{}", case.display());
            }
            let _ = evaluate(&package, Shelf::embedded(), None);
        }
    }
    assert!(tried > 0, "no case was found in {}", folder.display());
}
