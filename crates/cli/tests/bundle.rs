//! A folder with a package, last year's package and final accounts goes in; what the program says of what lies between them is held against what is planted there.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-bundle-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

fn table(title: &str, rows: &[&[&str]]) -> String {
    let row = |cells: &&[&str]| {
        let cells: String = cells.iter().map(|c| format!("<td>{c}</td>")).collect();
        format!("<tr>{cells}</tr>")
    };
    let rows: String = rows.iter().map(row).collect();
    format!("<html><body><p>{title}</p><table>{rows}</table></body></html>")
}

fn baseline(year: i16, reception: [&str; 3]) -> String {
    let heads = [
        format!("{}年决算数", year - 1),
        format!("{year}年预算数"),
        format!("{year}年决算数"),
    ];
    let [a, b, c] = reception;
    table(
        &format!("{year}年度部门整体支出绩效评价基础数据表"),
        &[
            &["经费控制情况（万元）", &heads[0], &heads[1], &heads[2]],
            &["三公经费", a, b, c],
            &["3、公务接待", a, b, c],
            &["公用经费", "50.00", "50.00", "50.00"],
        ],
    )
}

fn accounts(reception: &str) -> String {
    format!(
        "2023年度青渚市水务局部门决算\n\n七、“三公”经费支出决算情况说明\n\n“三公”经费财政拨款支出决算为{reception}万元，其中：公务接待费支出决算为{reception}万元，比上年减少0.20万元。\n"
    )
}

/// Codes of findings of family X4 with the file of their first place.
fn between(folder: &Path) -> Vec<(String, String)> {
    let done = Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(["check", &folder.display().to_string(), "--format", "json"])
        .output()
        .expect("the program runs");
    let json: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let findings = json["findings"].as_array().expect("findings");
    let word = |v: &Value| v.as_str().unwrap_or_default().to_string();
    findings
        .iter()
        .filter(|f| word(&f["code"]).starts_with("X4"))
        .map(|f| (word(&f["code"]), word(&f["places"][0]["file"])))
        .collect()
}

fn bundle(name: &str, prior: &str, last: &str, audited: &str) -> PathBuf {
    let path = folder(name);
    put(
        &path,
        "2023年度/附件1.html",
        &baseline(2023, [prior, "4.00", "3.00"]),
    );
    put(
        &path,
        "2022年度/附件1.html",
        &baseline(2022, ["3.50", "4.00", last]),
    );
    put(&path, "部门决算.txt", &accounts(audited));
    path
}

#[test]
fn material_that_agrees_gives_nothing_between_its_parts() {
    assert_eq!(between(&bundle("same", "3.20", "3.20", "3.00")), []);
}

#[test]
fn last_years_package_and_final_accounts_that_differ_are_marked_in_this_years_form() {
    let found = between(&bundle("last", "3.20", "3.10", "3.00"));
    assert!(!found.is_empty());
    for (code, file) in &found {
        assert_eq!(
            (code.as_str(), file.as_str()),
            ("X402", "2023年度/附件1.html")
        );
    }
    let found = between(&bundle("audited", "3.20", "3.20", "3.30"));
    assert!(!found.is_empty());
    for (code, file) in &found {
        assert_eq!(
            (code.as_str(), file.as_str()),
            ("X401", "2023年度/附件1.html")
        );
    }
}
