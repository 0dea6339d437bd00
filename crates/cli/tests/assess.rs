//! The sample package and made-up evidence go in; what `jiheng assess` says, writes and refuses is held against the printed standard.

use jiheng_engine::read::{Package, SourceFile, read};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn seed() -> String {
    let path = root().join("samples/yueyang-2023/package.docx");
    path.display().to_string()
}

fn jiheng(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .output()
        .expect("the program runs")
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-assess-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    path
}

fn json(words: &[&str]) -> Value {
    let seed = seed();
    let mut all = vec!["assess", seed.as_str(), "--format", "json"];
    all.extend(words);
    let done = jiheng(&all);
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    serde_json::from_slice(&done.stdout).expect("JSON")
}

fn item<'a>(json: &'a Value, name: &str) -> &'a Value {
    let items = json["items"].as_array().expect("items");
    items.iter().find(|i| i["name"] == name).expect("the item")
}

#[test]
fn three_working_days_late_over_the_may_holidays_leave_seven_points() {
    let sheet = json(&["--due", "2024-04-30", "--submitted", "2024-05-08"]);
    let max: i64 = sheet["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|i| i["max"].as_i64().expect("points"))
        .sum();
    assert_eq!(max, 100);
    let late = item(&sheet, "提交报告");
    assert_eq!(
        (&late["score"], &late["decided_by"]),
        (&"7".into(), &"computed".into())
    );
    assert!(
        late["derivation"]
            .as_str()
            .expect("text")
            .contains("工作日 3 个")
    );
    let notice = item(&sheet, "自评通知");
    assert_eq!(notice["decided_by"], "no_material");
    assert!(notice["score"].is_null() && notice["band"].is_null());
    let problems = item(&sheet, "反映问题情况");
    assert_eq!(problems["decided_by"], "grader");
    assert_eq!(problems["band"], serde_json::json!(["10", "12"]));
    assert!(
        problems["derivation"]
            .as_str()
            .expect("text")
            .contains("预算和预算绩效管理")
    );
    assert_eq!(problems["places"][0]["kind"], "text");
}

#[test]
fn material_beside_the_package_and_a_list_of_units_decide_more_items() {
    let folder = folder("beside");
    let evidence = folder.join("佐证");
    std::fs::create_dir_all(&evidence).expect("a folder");
    let put = |path: PathBuf, text: &str| std::fs::write(path, text).expect("written");
    put(
        evidence.join("一.txt"),
        "关于开展绩效自评工作的通知\n一、自评范围\n二、自评主要依据\n三、自评主要内容\n四、自评程序和步骤\n五、有关要求\n附件：自评表\n",
    );
    put(
        evidence.join("二.txt"),
        "关于成立预算绩效管理领导小组的通知\n组长由局长担任。\n",
    );
    let units = folder.join("单位.txt");
    put(
        units.clone(),
        "岳阳市自然资源和规划局\n岳阳市不动产登记中心\n",
    );
    let (evidence, units) = (evidence.display().to_string(), units.display().to_string());
    let sheet = json(&["--evidence", &evidence, "--units", &units]);
    let score = |name| item(&sheet, name)["score"].clone();
    assert_eq!(score("自评通知"), "8");
    assert_eq!(score("工作小组"), "2");
    assert_eq!(score("单位自查"), "9");
    assert_eq!(item(&sheet, "提交报告")["decided_by"], "no_material");
}

#[test]
fn the_sheet_is_written_as_docx_and_workbook_and_can_be_read_again() {
    let folder = folder("written");
    for format in ["docx", "html", "xlsx"] {
        let out = folder.join(format!("考核.{format}"));
        let path = out.display().to_string();
        let done = jiheng(&["assess", &seed(), "--format", format, "--out", &path]);
        assert_eq!(done.status.code(), Some(0));
        let bytes = std::fs::read(&out).expect("written");
        let package = Package {
            files: vec![SourceFile {
                name: format!("考核.{format}"),
                bytes,
            }],
        };
        let documents = read(&package);
        let text = &documents[0].text;
        for words in ["考核评分表", "反映问题情况", "缺材料", "合计"] {
            assert!(text.contains(words), "{format}: {words}");
        }
    }
    let missing = jiheng(&["assess", &seed(), "--format", "docx"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn a_wrong_day_and_a_rulebook_without_a_sheet_are_refused_in_a_sentence() {
    let wrong = jiheng(&["assess", &seed(), "--due", "2024-02-30"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("--due 不能是“2024-02-30”"));
    let national = jiheng(&["assess", &seed(), "--rulebook", "cn/mof/2020"]);
    assert_eq!(national.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&national.stderr).contains("附件5"));
}
