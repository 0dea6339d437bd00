//! A `jiheng.toml` beside a sound copy of the sample goes in; what is explained, expired, unused or incomplete is held against every output.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with the sample and this `jiheng.toml`.
fn folder(name: &str, config: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-said-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    let sample =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023/package.docx");
    std::fs::copy(sample, path.join("package.docx")).expect("copied");
    std::fs::write(path.join("jiheng.toml"), config).expect("written");
    path
}

fn check(dir: &Path, today: &str, format: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args([
            "check",
            "package.docx",
            "--today",
            today,
            "--format",
            format,
        ])
        .current_dir(dir)
        .output()
        .expect("the program runs")
}

fn json(dir: &Path, today: &str) -> Value {
    serde_json::from_slice(&check(dir, today, "json").stdout).expect("JSON")
}

fn codes(json: &Value, of: impl Fn(&Value) -> bool) -> Vec<String> {
    let findings = json["findings"].as_array().expect("findings").iter();
    findings
        .filter(|f| of(f))
        .map(|f| f["code"].as_str().unwrap_or_default().to_string())
        .collect()
}

const ONE: &str = "[[suppress]]\ncode = \"X301\"\nform = \"baseline\"\nreason = \"口径不同，已附说明\"\nuntil = \"2026-12-31\"\n";

#[test]
fn an_explained_finding_is_shown_and_not_counted_until_it_expires() {
    let dir = folder("one", ONE);
    let before = json(&folder("none", ""), "2026-11-24");
    let now = json(&dir, "2026-12-31");
    let said = codes(&now, |f| !f["suppressed"].is_null());
    assert!(said.contains(&"X301".to_string()), "{said:?}");
    let errors = |j: &Value| j["summary"]["errors"].as_u64().expect("a count");
    assert_eq!(errors(&now), errors(&before) - 1);
    assert_eq!(now["summary"]["suppressed"], said.len());
    let terminal = String::from_utf8(check(&dir, "2026-12-31", "terminal").stdout).expect("UTF-8");
    assert!(
        terminal.contains("已说明[X301]")
            && terminal.contains("口径不同，已附说明（2026-12-31 到期，jiheng.toml 第1行）")
    );
    let sarif: Value =
        serde_json::from_slice(&check(&dir, "2026-12-31", "sarif").stdout).expect("JSON");
    let accepted = sarif["runs"][0]["results"]
        .as_array()
        .expect("results")
        .iter();
    assert_eq!(
        accepted.filter(|r| r["suppressions"].is_array()).count(),
        said.len()
    );
    let later = json(&dir, "2027-01-01");
    assert_eq!(errors(&later), errors(&before));
    assert_eq!(
        codes(&later, |f| f["code"]
            .as_str()
            .is_some_and(|c| c.starts_with('K'))),
        ["K301"]
    );
}

#[test]
fn unused_and_incomplete_explanations_are_reported_and_do_nothing() {
    let none = ONE.replace("reason = \"口径不同，已附说明\"\n", "");
    let unused = ONE.replace("form = \"baseline\"", "field = \"nowhere\"");
    let placeless = ONE.replace("form = \"baseline\"\n", "");
    let dir = folder("three", &format!("{none}{unused}{placeless}"));
    let json = json(&dir, "2026-11-24");
    assert!(codes(&json, |f| !f["suppressed"].is_null()).is_empty());
    let mut said = codes(&json, |f| {
        f["code"].as_str().is_some_and(|c| c.starts_with('K'))
    });
    said.sort();
    assert_eq!(said, ["K302", "K303", "K303"]);
    let broken = check(&folder("broken", "[[suppress\n"), "2026-11-24", "json");
    assert_eq!(broken.status.code(), Some(2));
}

#[test]
fn when_every_error_is_explained_the_exit_code_is_0() {
    let all = json(&folder("all", ""), "2026-11-24");
    let mut errors = codes(&all, |f| f["severity"] == "error");
    errors.sort();
    errors.dedup();
    let config: String = ["form", "text"]
        .iter()
        .flat_map(|_| errors.iter())
        .map(|code| format!("[[suppress]]\ncode = \"{code}\"\nlabel = \"\"\ntext = \"{}\"\nreason = \"已核\"\nuntil = \"2026-12-31\"\n", first_word(&all, code)))
        .collect();
    let dir = folder("everything", &config);
    let now = json(&dir, "2026-11-24");
    let left = codes(&now, |f| {
        f["severity"] == "error" && f["suppressed"].is_null()
    });
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(check(&dir, "2026-11-24", "json").status.code(), Some(0));
}

/// The first characters of the first message of a code.
fn first_word(json: &Value, code: &str) -> String {
    let findings = json["findings"].as_array().expect("findings");
    let found = findings
        .iter()
        .find(|f| f["code"] == code)
        .expect("a finding");
    found["message"]
        .as_str()
        .unwrap_or_default()
        .chars()
        .take(1)
        .collect()
}
