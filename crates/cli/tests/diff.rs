//! The sample package and a changed copy go in; what `jiheng diff` and `jiheng letter` say and write is held against the change.

use jiheng_engine::read::{Package, SourceFile, read};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("samples/yueyang-2023").join(name)
}

fn jiheng(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .output()
        .expect("the program runs")
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-diff-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    path
}

#[test]
fn one_changed_cell_and_the_finding_it_ends_are_told() {
    let folder = folder("cell");
    let text = std::fs::read_to_string(sample("package.txt")).expect("the sample");
    // 办公经费 of the budget, so that the parts fit into the total.
    let changed = text.replacen("\t149.75\n\t699.66", "\t126.75\n\t699.66", 1);
    assert_ne!(text, changed);
    let new = folder.join("改.txt");
    std::fs::write(&new, changed).expect("written");
    let (old, new) = (sample("package.txt"), new);
    let (old, new) = (old.display().to_string(), new.display().to_string());
    let done = jiheng(&["diff", &old, &new, "--format", "json"]);
    assert_eq!(done.status.code(), Some(0));
    let json: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(json["two_years"], false);
    let forms = json["forms"].as_array().expect("forms");
    assert_eq!(forms.len(), 1);
    assert_eq!(forms[0]["form"], "baseline");
    let change = &forms[0]["changes"][0];
    assert_eq!(
        (&change["before"], &change["after"]),
        (&"149.75".into(), &"126.75".into())
    );
    assert!(json["sections"].as_array().expect("sections").is_empty());
    assert!(
        !json["findings"]["gone"]
            .as_array()
            .expect("gone")
            .is_empty()
    );
    let words = jiheng(&["diff", &old, &new]);
    assert!(String::from_utf8_lossy(&words.stdout).contains("149.75 → 126.75"));
    let same = jiheng(&["diff", &old, &old]);
    assert!(String::from_utf8_lossy(&same.stdout).contains("没有不同"));
}

#[test]
fn the_letter_writes_the_chosen_findings_with_their_places() {
    let folder = folder("letter");
    let seed = sample("package.docx").display().to_string();
    let out = folder.join("意见书.docx");
    let path = out.display().to_string();
    let write = |more: &[&str]| {
        let mut words = vec!["letter", seed.as_str(), "--out", path.as_str()];
        words.extend(more);
        let done = jiheng(&words);
        assert_eq!(
            done.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        let bytes = std::fs::read(&out).expect("written");
        let package = Package {
            files: vec![SourceFile {
                name: "意见书.docx".into(),
                bytes: bytes.clone(),
            }],
        };
        (read(&package).remove(0).text, bytes)
    };
    let (text, bytes) = write(&["--date", "2024-05-10", "--due", "2024-05-20"]);
    for words in [
        "必须修改",
        "建议修改",
        "2024年5月10日",
        "请于2024年5月20日前",
        "位置：附件1",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert_eq!(
        write(&["--date", "2024-05-10", "--due", "2024-05-20"]).1,
        bytes
    );
    let (only, _) = write(&["--only", "F201"]);
    assert!(only.contains("没有自评表") && !only.contains("建议修改"));
    let unknown = jiheng(&["letter", &seed, "--out", &path, "--only", "Z999"]);
    assert_eq!(unknown.status.code(), Some(2));
}
