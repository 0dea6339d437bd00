//! The program as others call it: exit codes, files written, and JSON that keeps to the schemas of `docs/schema`.

use jiheng_specimen::faulty::faulty;
use jiheng_specimen::print::Format;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sample() -> String {
    root()
        .join("samples/yueyang-2023/package.docx")
        .display()
        .to_string()
}

fn jiheng(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// A fresh folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-test-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    path
}

#[test]
fn evaluate_prints_both_sides_writes_four_files_and_exits_with_1() {
    let out = folder("evaluate");
    let done = jiheng(&["evaluate", &sample(), "--out", &out.display().to_string()]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    let shown = text(&done.stdout);
    assert!(
        shown.contains("错误[") && shown.contains("填报") && shown.contains("复算"),
        "{shown}"
    );
    let mut names: Vec<String> = std::fs::read_dir(&out)
        .expect("the folder")
        .map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "findings.html",
            "findings.json",
            "findings.xlsx",
            "forms.json"
        ]
    );
    let again = folder("again");
    jiheng(&["evaluate", &sample(), "--out", &again.display().to_string()]);
    for name in names {
        let (one, two) = (
            std::fs::read(out.join(&name)),
            std::fs::read(again.join(&name)),
        );
        assert_eq!(
            one.expect("written"),
            two.expect("written"),
            "{name} differs from run to run"
        );
    }
}

#[test]
fn what_cannot_be_read_is_one_sentence_and_exit_code_2() {
    let dir = folder("unreadable");
    std::fs::write(dir.join("乱码.docx"), [0xff, 0x00, 0x13, 0x37].repeat(64)).expect("written");
    let whole = std::fs::read(sample()).expect("the sample");
    std::fs::write(dir.join("断.zip"), &whole[..whole.len() / 2]).expect("written");
    std::fs::create_dir(dir.join("空")).expect("made");
    for name in ["乱码.docx", "断.zip", "空", "没有这个文件"] {
        let done = jiheng(&["check", &dir.join(name).display().to_string()]);
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{name}: {said}");
        assert!(
            said.starts_with("读不了  ") && said.lines().count() == 1,
            "{name}: {said}"
        );
        assert!(done.stdout.is_empty());
    }
    assert_eq!(jiheng(&["check"]).status.code(), Some(2));
    assert_eq!(
        jiheng(&["check", &sample(), "--rulebook", "cn/nowhere"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn a_folder_is_one_package_and_lock_files_are_not_read() {
    let dir = folder("folder");
    std::fs::copy(sample(), dir.join("自评.docx")).expect("copied");
    std::fs::write(dir.join("~$自评.docx"), "lock").expect("written");
    std::fs::write(dir.join(".隐藏.docx"), "hidden").expect("written");
    let done = jiheng(&["extract", &dir.display().to_string(), "--format", "json"]);
    let json: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let files: Vec<&str> = json["files"]
        .as_array()
        .expect("files")
        .iter()
        .filter_map(|f| f["file"].as_str())
        .collect();
    assert_eq!(files, ["自评.docx"]);
}

#[test]
fn explain_finds_one_number_and_lists_several() {
    let one = jiheng(&["explain", &sample(), "--at", "附件3 山水 执行率得分"]);
    assert_eq!(one.status.code(), Some(0), "{}", text(&one.stderr));
    let tree = text(&one.stdout);
    for part in ["= 10 × ", "表3 行4 列6", "填报", "依据"] {
        assert!(tree.contains(part), "no {part} in {tree}");
    }
    let several = jiheng(&["explain", &sample(), "--at", "附件2 得分"]);
    assert_eq!(several.status.code(), Some(2));
    assert!(text(&several.stderr).lines().count() > 5);
    assert_eq!(
        jiheng(&["explain", &sample(), "--at", "附件9"])
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn a_rule_prints_its_page() {
    let page = text(&jiheng(&["rule", "x301"]).stdout);
    for part in ["X301", "查什么", "为什么", "怎么办", "依　据"] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    assert_eq!(jiheng(&["rule", "Z999"]).status.code(), Some(2));
}

#[test]
fn json_keeps_to_the_schemas() {
    for (schema, words) in [
        ("check", vec!["check", "S", "--format", "json"]),
        ("extract", vec!["extract", "S", "--format", "json"]),
        ("score", vec!["score", "S", "--format", "json"]),
        ("rule", vec!["rule", "--format", "json"]),
        ("assess", vec!["assess", "S", "--format", "json"]),
        (
            "assess",
            vec![
                "assess",
                "S",
                "--due",
                "2024-04-30",
                "--submitted",
                "2024-05-08",
                "--format",
                "json",
            ],
        ),
    ] {
        let sample = sample();
        let words: Vec<&str> = words
            .into_iter()
            .map(|w| if w == "S" { sample.as_str() } else { w })
            .collect();
        keeps_to(schema, &jiheng(&words).stdout);
    }
}

#[test]
fn differences_fixes_and_printed_filings_keep_to_their_schemas() {
    let dir = folder("schemas");
    let path = |name: &str| dir.join(name).display().to_string();
    // Two made-up packages of other units, one that was edited, the sample.
    let made = |seed, defects| {
        let made = faulty(seed, Format::Docx, defects, |_| true).expect("a package");
        let name = path(&format!("{seed}-{defects}.docx"));
        std::fs::write(&name, made.bytes).expect("written");
        name
    };
    let all = [made(21, 0), made(21, 4), made(22, 2), sample()];
    let mut kinds = Vec::new();
    for pair in all.windows(2) {
        let done = jiheng(&["diff", &pair[0], &pair[1], "--format", "json"]);
        let json = keeps_to("diff", &done.stdout);
        for form in json["forms"].as_array().expect("forms") {
            let changes = form["changes"].as_array().expect("changes");
            kinds.extend(changes.iter().map(|c| c["kind"].to_string()));
        }
    }
    assert!(kinds.iter().any(|k| k == "\"cell\""), "{kinds:?}");
    for (number, material) in all.iter().enumerate() {
        let out = path(&format!("{number}"));
        jiheng(&["render", material, "--to", "json", "--out", &out, "--quiet"]);
        let filing = std::fs::read(Path::new(&out).join("filing.json")).expect("written");
        keeps_to("filing", &filing);
        let copy = path(&format!("{number}.docx"));
        let done = jiheng(&["fix", material, "--out", &copy, "--format", "json"]);
        keeps_to("fix", &done.stdout);
    }
}

/// Holds bytes of JSON against a schema of `docs/schema`; what they say.
fn keeps_to(schema: &str, bytes: &[u8]) -> Value {
    let json: Value = serde_json::from_slice(bytes).expect("JSON");
    let file = root().join(format!("docs/schema/{schema}.schema.json"));
    let rules: Value =
        serde_json::from_slice(&std::fs::read(file).expect("the schema")).expect("JSON");
    let mut wrong = Vec::new();
    hold(&json, &rules, &rules, schema, &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    json
}

#[test]
fn the_holding_of_schemas_sees_what_is_wrong() {
    let schema: Value = serde_json::json!({ "type": "object", "properties": { "a": { "type": ["integer", "null"] } }, "required": ["a"], "additionalProperties": false });
    for (value, faults) in [
        (r#"{"a":1}"#, 0),
        (r#"{"a":null}"#, 0),
        (r#"{"a":"1"}"#, 1),
        ("{}", 1),
        (r#"{"a":1,"b":2}"#, 1),
    ] {
        let mut wrong = Vec::new();
        hold(
            &serde_json::from_str(value).expect("JSON"),
            &schema,
            &schema,
            "x",
            &mut wrong,
        );
        assert_eq!(wrong.len(), faults, "{value}: {wrong:?}");
    }
    let kinds =
        serde_json::json!({ "oneOf": [{ "const": 1 }, { "type": "string" }, { "const": "b" }] });
    for (value, faults) in [("1", 0), ("\"a\"", 0), ("\"b\"", 1), ("2", 1)] {
        let mut wrong = Vec::new();
        let value = serde_json::from_str(value).expect("JSON");
        hold(&value, &kinds, &kinds, "x", &mut wrong);
        assert_eq!(wrong.len(), faults, "{value}: {wrong:?}");
    }
}

/// Holds a value against the part of JSON Schema that our schemas use.
fn hold(value: &Value, schema: &Value, whole: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return hold(value, &whole["$defs"][name], whole, at, wrong);
    }
    if let Value::Array(several) = &schema["oneOf"] {
        let fits = |one: &&Value| {
            let mut wrong = Vec::new();
            hold(value, one, whole, at, &mut wrong);
            wrong.is_empty()
        };
        if several.iter().filter(fits).count() != 1 {
            wrong.push(format!("{at} is not one of its kinds: {value}"));
        }
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_i64() || n.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed = match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(several) => several.iter().any(|t| t == kind),
        _ => true,
    };
    if !allowed {
        wrong.push(format!("{at} is {kind}, not {}", schema["type"]));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|e| !e.contains(value))
        || schema.get("const").is_some_and(|c| c != value)
    {
        wrong.push(format!("{at} may not be {value}"));
    }
    if let Value::Array(items) = value {
        for (i, item) in items.iter().enumerate() {
            hold(item, &schema["items"], whole, &format!("{at}[{i}]"), wrong);
        }
    }
    if let Value::Object(members) = value {
        for required in schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !members.contains_key(required) {
                wrong.push(format!("{at} has no {required}"));
            }
        }
        for (key, member) in members {
            let at = format!("{at}.{key}");
            match (
                schema["properties"].get(key),
                &schema["additionalProperties"],
            ) {
                (Some(known), _) => hold(member, known, whole, &at, wrong),
                (None, Value::Bool(false)) => wrong.push(format!("{at} is not in the schema")),
                (None, other) => hold(member, other, whole, &at, wrong),
            }
        }
    }
}
