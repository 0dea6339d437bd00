//! `jiheng render --to pdf`: the forms of the printed PDF are read again with the same numbers.
#![cfg(feature = "pdf")]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn jiheng(words: &[&str]) -> (Option<i32>, Vec<u8>, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let run = Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .current_dir(root)
        .output()
        .expect("jiheng runs");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    (run.status.code(), run.stdout, said)
}

/// The printed numbers of every form, by form and keys.
fn numbers(path: &str) -> Vec<String> {
    let (code, json, said) = jiheng(&["extract", path, "--format", "json"]);
    assert_eq!(code, Some(0), "{said}");
    let json: Value = serde_json::from_slice(&json).expect("JSON");
    let mut all = Vec::new();
    let forms = json["files"].as_array().expect("files").iter();
    for form in forms.flat_map(|f| f["forms"].as_array().expect("forms")) {
        let name = format!("{} {}", form["form"], form["project_name"]);
        for (key, value) in form.as_object().expect("a form") {
            walk(&format!("{name} {key}"), value, &mut all);
        }
    }
    all.sort();
    all
}

fn walk(path: &str, value: &Value, all: &mut Vec<String>) {
    match value {
        Value::String(text) if text.chars().any(|c| c.is_ascii_digit()) => {
            let text: String = text.split_whitespace().collect();
            all.push(format!("{path} {text}"));
        }
        Value::Array(rows) => {
            for (row, value) in rows.iter().enumerate() {
                walk(&format!("{path}[{row}]"), value, all);
            }
        }
        Value::Object(keys) => {
            // Places differ, and parsed values follow from the printed ones.
            let printed = keys
                .iter()
                .filter(|(k, _)| !["parsed", "at", "how"].contains(&k.as_str()));
            for (key, value) in printed {
                walk(&format!("{path}.{key}"), value, all);
            }
        }
        _ => {}
    }
}

#[test]
fn the_numbers_of_the_specimen_are_read_again_from_its_pdf() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pdf");
    let _ = std::fs::remove_dir_all(&out);
    let folder = out.to_str().expect("a path");
    let sample = "samples/yueyang-2023/package.docx";
    let (code, _, said) = jiheng(&["render", sample, "--to", "pdf", "--out", folder]);
    assert_eq!(code, Some(0), "{said}");
    let printed = out.join("package.pdf");
    let words = [
        "].dimension ",
        "].criterion ",
        "].label ",
        "].name ",
        "].reason ",
    ];
    let amounts = |path: &str| -> Vec<String> {
        let all = numbers(path).into_iter();
        all.filter(|n| n.contains(" funds") || n.contains(" indicators") || n.contains(" lines"))
            // Labels are the rulebook's, lines of texts the printer's.
            .filter(|n| !words.iter().any(|w| n.contains(w)))
            .collect()
    };
    let want = amounts(sample);
    let have = amounts(printed.to_str().expect("a path"));
    assert!(want.len() > 200, "{}", want.len());
    let lost: Vec<&String> = want.iter().filter(|n| !have.contains(n)).collect();
    assert!(
        lost.is_empty(),
        "{} of {} lost: {lost:#?}",
        lost.len(),
        want.len()
    );
}

#[test]
fn a_folder_without_fonts_is_named_and_nothing_is_written() {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pdf-no-fonts");
    let _ = std::fs::remove_dir_all(&out);
    let empty = out.join("fonts");
    std::fs::create_dir_all(&empty).expect("a folder");
    let (folder, fonts) = (
        out.to_str().expect("a path"),
        empty.to_str().expect("a path"),
    );
    let sample = "samples/yueyang-2023/package.docx";
    let words = [
        "render",
        sample,
        "--to",
        "pdf",
        "--out",
        folder,
        "--font-dir",
        fonts,
    ];
    let (code, _, said) = jiheng(&words);
    assert_eq!(code, Some(2));
    assert!(said.contains("没有可用的字体"), "{said}");
    assert!(!out.join("package.pdf").exists());
}
