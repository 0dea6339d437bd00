//! Words for the program come in, as on a clerk's desk; what it answers, a folder to work in, and the parts of its files go out.

// Each test file uses what it needs.
#![allow(dead_code)]

use jiheng_office::{Budget, Inflater, Zip};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of this name for this run.
pub fn folder(name: &str) -> PathBuf {
    let test = env!("CARGO_CRATE_NAME");
    let path = std::env::temp_dir().join(format!("jiheng-{test}-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("made");
    path
}

/// Runs the program.
pub fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .output()
        .expect("the program starts")
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// All parts of a zip by name, inflated.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let budget = Budget::default();
    let zip = Zip::open(bytes, &budget).expect("a zip");
    let mut inflater = Inflater::new(&budget);
    let all = zip.entries().iter();
    all.map(|e| {
        let bytes = zip.inflate(e, &mut inflater).expect("inflates");
        (e.name.to_string(), bytes.into_owned())
    })
    .collect()
}

/// A part of a zip as text.
pub fn part(bytes: &[u8], name: &str) -> String {
    let all = parts(bytes);
    String::from_utf8(all.get(name).expect("the part").clone()).expect("UTF-8")
}

/// What a reader of the page sees: character data of text elements.
pub fn seen(xml: &str) -> String {
    let mut out = String::new();
    for piece in xml.split("<w:t").skip(1) {
        if let Some((tag, rest)) = piece.split_once('>')
            && (tag.is_empty() || tag.starts_with(' '))
            && !tag.ends_with('/')
        {
            out.push_str(rest.split('<').next().unwrap_or_default());
        }
    }
    out
}
