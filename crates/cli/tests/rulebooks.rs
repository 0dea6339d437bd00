//! Folders of rulebooks go in, sound ones and contradictory ones; what lint and check say of them is held against what they promise.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A fresh folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-books-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    path
}

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("made");
    std::fs::write(path, text).expect("written");
}

/// Runs the program inside a folder.
fn jiheng(inside: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .current_dir(inside)
        .env_remove("NO_COLOR")
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", text(&output.stderr)))
}

/// A section of CONTRIBUTING.md: its files by name, and its commands.
fn walk_through(heading: &str) -> (Vec<(String, String)>, Vec<String>) {
    let all = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("CONTRIBUTING.md");
    let section = all.split("\n## ").find(|s| s.starts_with(heading));
    let lines: Vec<&str> = section.expect("the section").lines().collect();
    let (mut files, mut commands, mut name) = (Vec::new(), Vec::new(), "");
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if let Some(kind) = line.strip_prefix("```") {
            let body: Vec<&str> = lines[at + 1..]
                .iter()
                .take_while(|l| **l != "```")
                .copied()
                .collect();
            at += body.len() + 1;
            match kind {
                "sh" => commands.extend(body.iter().map(|l| l.to_string())),
                _ => files.push((name.to_string(), body.join("\n") + "\n")),
            }
        } else if let Some(named) = line.strip_prefix("File ").and_then(|l| l.strip_suffix(':')) {
            name = named;
        }
        at += 1;
    }
    (files, commands)
}

#[test]
fn a_city_is_one_folder_of_data_as_contributing_says() {
    let dir = folder("city");
    let (files, commands) = walk_through("Add a city");
    let data = files.iter().filter(|(name, _)| name.ends_with(".toml"));
    let lines: usize = data.map(|(_, text)| text.lines().count()).sum();
    assert!((1..40).contains(&lines), "{lines} lines of data");
    for (name, text) in &files {
        put(&dir, name, text);
    }
    let words = |command: &str| -> Vec<String> {
        let words = command.split_whitespace().map(str::to_string);
        words.skip_while(|w| w == "jiheng").collect()
    };
    let [lint, check] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let run = |command: &str, more: &[&str]| {
        let words = words(command);
        let words: Vec<&str> = (words.iter().map(String::as_str))
            .chain(more.iter().copied())
            .collect();
        jiheng(&dir, &words)
    };
    let linted = run(lint, &[]);
    assert_eq!(linted.status.code(), Some(0), "{}", text(&linted.stdout));
    let shown = run(check, &[]);
    assert_eq!(shown.status.code(), Some(1), "{}", text(&shown.stderr));
    assert!(text(&shown.stdout).contains("总分 93 分应为“良”，报告写“优”"));
    let by_policy = "执行率得分填 9 分，按 90.00% 应为 8 分";
    assert!(text(&shown.stdout).contains(by_policy));
    let grades = |output: &Output| -> Vec<String> {
        let json = json(output);
        let findings = json["findings"].as_array().expect("findings").iter();
        findings
            .filter(|f| f["code"] == "X308")
            .map(|f| f["computed"].as_str().unwrap_or_default().to_string())
            .collect()
    };
    assert_eq!(grades(&run(check, &["--format", "json"])), ["良"]);
    let read = run(&check.replace("check", "extract"), &["--format", "json"]);
    let form = &json(&read)["files"][0]["forms"][0];
    assert_eq!(form["form"], "department");
    assert_eq!(form["funds"][0]["outturn"], "90.00");
    assert_eq!(form["funds"][0]["original_budget"], "100.00");
    let actual = |n: usize| form["indicators"][n]["actual"].clone();
    assert_eq!((actual(0), actual(2)), ("12公里".into(), "8个".into()));
    // Without the folder the columns have no known heads, and 93 is 优.
    let national: Vec<&str> = vec!["extract", "自评.html", "--format", "json"];
    let form = &json(&jiheng(&dir, &national))["files"][0]["forms"][0];
    assert_eq!(form["funds"][0]["outturn"], Value::Null);
    let national = jiheng(&dir, &["check", "自评.html", "--format", "json"]);
    assert!(grades(&national).is_empty());
    assert!(!text(&national.stdout).contains(by_policy));
}

/// The head of a rulebook of its own, with one basis.
const HEAD: &str = r#"id = "cn/test"
title = "试验"
version = "0.1.0"
extends = "cn/mof/2020"

[basis.own]
kind = "form"
source = "试验表"
place = "表末"
sentence = "说明"
"#;

/// Lints and uses a rulebook of these files: its problems are refused with the code and every one of the places.
fn refused(name: &str, files: &[(&str, &str)], code: &str, places: &[&str]) {
    let dir = folder(name);
    put(&dir, "book/rulebook.toml", HEAD);
    for (file, text) in files {
        put(&dir, &format!("book/{file}"), text);
    }
    put(
        &dir,
        "自评.txt",
        "试验市水利局2024年度部门整体支出绩效自评报告\n",
    );
    let linted = jiheng(&dir, &["rulebook", "lint", "book"]);
    let said = text(&linted.stdout);
    assert_eq!(linted.status.code(), Some(1), "{said}");
    let problem = said
        .split("\n\n")
        .find(|p| p.starts_with(code))
        .unwrap_or_else(|| panic!("no {code} in {said}"));
    assert!(places.len() >= 2, "both places");
    for place in places {
        assert!(problem.contains(place), "no {place} in {problem}");
    }
    assert_eq!(said.matches("\n\n").count(), 1, "one problem: {said}");
    let checked = jiheng(&dir, &["check", "自评.txt", "--rulebook", "book"]);
    assert_eq!(checked.status.code(), Some(2));
    assert!(checked.stdout.is_empty());
    let refusal = text(&checked.stderr);
    for word in [&["没有载入", code], places].concat() {
        assert!(refusal.contains(word), "no {word} in {refusal}");
    }
}

#[test]
fn a_gap_between_grade_bands_is_refused() {
    let bands = |second: &str, last: &str| {
        format!(
            "[parameter.rating]\nvalue = [\n  {{ min = 90, is = \"优\" }},\n  {{ {second}, is = \"良\" }},\n  {{ {last}, is = \"差\" }},\n]\nbasis = [\"own\"]\noverrides = \"cn/mof/2020:rating\"\n"
        )
    };
    let file = "parameters/rating.toml";
    let places = ["rating.toml:4:3", "rating.toml:3:3"];
    let gap = bands("min = 80, below = 85", "min = 0");
    refused("gap", &[(file, &gap)], "K120 rating 有空档", &places);
    let overlap = bands("min = 80, below = 95", "min = 0");
    refused(
        "overlap",
        &[(file, &overlap)],
        "K120 rating 有重叠",
        &places,
    );
    let upside = bands("min = 95", "min = 0");
    refused("upside", &[(file, &upside)], "K120", &places);
    let bottom = bands("min = 80", "min = 60");
    let places = ["rating.toml:5:3", "rating.toml:1:12"];
    refused("bottom", &[(file, &bottom)], "K120 等次有空档", &places);
}

#[test]
fn weights_that_cannot_reach_the_full_points_are_refused() {
    let weights = "[parameter.dimension_points]\nbasis = [\"own\"]\n[parameter.dimension_points.value]\noutput = [\"50\"]\noutcome = [\"20\"]\nsatisfaction = [\"10\"]\n";
    let named = Path::new("parameters/weights.toml");
    let overriding = weights.replace(
        "basis = [\"own\"]\n",
        "basis = [\"own\"]\noverrides = \"cn/mof/2020:dimension_points\"\n",
    );
    let text = if national_has("dimension_points") {
        overriding.as_str()
    } else {
        weights
    };
    refused(
        "weights",
        &[(named.to_str().expect("a name"), text)],
        "K121 各项权重 10 + 20 + 50 + 10 = 90 分，满分 100 分，到不了",
        &[
            "book/parameters/weights.toml:1:12",
            "随程序带的 cn/mof/2020/parameters/weights.toml:3:",
        ],
    );
}

/// The national rulebook sets this parameter.
fn national_has(name: &str) -> bool {
    let shelf = jiheng_engine::rulebook::Shelf::embedded();
    shelf.rulebooks["cn/mof/2020"].parameters.contains_key(name)
}

#[test]
fn two_overrides_of_one_label_are_refused() {
    let one = "[parameter.rating]\nvalue = [{ min = 0, is = \"一\" }]\nbasis = [\"own\"]\noverrides = \"cn/mof/2020:rating\"\n";
    let two = format!("# 又一处\n{one}");
    refused(
        "two-files",
        &[("parameters/a.toml", one), ("parameters/b.toml", &two)],
        "K201",
        &["b.toml:2:12", "a.toml:1:12"],
    );
    let same_file = format!("{one}\n{one}");
    refused(
        "one-file",
        &[("parameters/a.toml", &same_file)],
        "K201",
        &["a.toml:6:", "a.toml:1:12"],
    );
    let form = "id = \"project\"\n[[grid]]\nkey = \"funds\"\ncol = [\n  { key = \"outturn\", label = \"支出数\" },\n  { key = \"outturn\", label = \"付款数\" },\n]\n";
    refused(
        "columns",
        &[("forms/project.toml", form)],
        "K201",
        &["project.toml:6:11", "project.toml:5:11"],
    );
    let form = "id = \"project\"\nannex = \"附9\"\n";
    refused(
        "forms",
        &[("forms/a.toml", form), ("forms/b.toml", form)],
        "K201",
        &["b.toml:1:6", "a.toml:1:6"],
    );
}

#[test]
fn two_parents_that_override_one_label_are_refused_with_both_places() {
    let dir = folder("parents");
    let child = |id: &str, extends: &str, more: &str| {
        let text = HEAD.replace("cn/test", id);
        let text = text.replace("\"cn/mof/2020\"", extends);
        put(
            &dir,
            &format!("shelf/{id}/rulebook.toml"),
            &format!("{text}{more}"),
        );
    };
    let rating = "[parameter.rating]\nvalue = [{ min = 0, is = \"一\" }]\nbasis = [\"own\"]\noverrides = \"cn/mof/2020:rating\"\n";
    child("a", "\"cn/mof/2020\"", rating);
    child(
        "b",
        "\"cn/mof/2020\"",
        &rating.replace("\"own\"", "\"b\"").replace(
            "[parameter",
            "[basis.b]\nkind = \"practice\"\nsource = \"x\"\nsentence = \"y\"\n[parameter",
        ),
    );
    put(
        &dir,
        "shelf/c/rulebook.toml",
        "id = \"c\"\ntitle = \"c\"\nversion = \"1\"\nextends = [\"a\", \"b\"]\n",
    );
    let said = text(&jiheng(&dir, &["rulebook", "lint", "shelf"]).stdout);
    let problem = said
        .split("\n\n")
        .find(|p| p.contains("参数 rating 在同一级定义了两次"));
    let problem = problem.unwrap_or_else(|| panic!("{said}"));
    for place in ["shelf/a/rulebook.toml:11:", "shelf/b/rulebook.toml:15:"] {
        assert!(problem.contains(place), "no {place} in {problem}");
    }
}

/// A declared rule with these lines.
fn rule(code: &str, lines: &str) -> String {
    format!(
        "[[rule]]\ncode = \"{code}\"\nslug = \"test-{}\"\ntitle = \"试验\"\n{lines}\nseverity = \"warning\"\nwhat = \"查\"\nwhy = \"因\"\nadvise = \"改\"\nsay = \"说\"\n",
        code.to_lowercase()
    )
}

#[test]
fn a_basis_that_cannot_be_resolved_is_refused() {
    let lost = rule(
        "A901",
        "on = \"project\"\nrequire = \"present(project_name)\"\nbasis = [\"own\", \"nowhere\"]",
    );
    refused(
        "basis",
        &[("rules/a.toml", &lost)],
        "K104 规则 A901 的依据 nowhere 找不到",
        &["rules/a.toml:7:17", "rules/a.toml:2:8"],
    );
    refused(
        "form-basis",
        &[(
            "forms/project.toml",
            "id = \"project\"\nbasis = \"nowhere\"\n",
        )],
        "K104 表 project 的依据 nowhere 找不到",
        &["project.toml:2:9", "project.toml:1:6"],
    );
}

#[test]
fn a_rule_without_a_basis_to_look_up_does_not_run() {
    let dir = folder("asleep");
    put(&dir, "book/rulebook.toml", HEAD);
    let lost = rule(
        "A901",
        "on = \"project\"\nrequire = \"present(project_name)\"\nbasis = [\"nowhere\"]",
    );
    let sound = rule(
        "A902",
        "on = \"project\"\nrequire = \"present(project_name)\"\nbasis = [\"own\"]",
    );
    put(&dir, "book/rules/a.toml", &format!("{lost}\n{sound}"));
    let shelf = jiheng_engine::rulebook::Shelf::from_folder(&dir.join("book"));
    let rules = &shelf.rulebooks["cn/test"].rules;
    let has = |code: &str| rules.iter().any(|r| r.info.code == code);
    assert!(has("A902") && !has("A901"));
}

#[test]
fn a_sum_of_money_and_points_is_refused() {
    let sum = rule(
        "A901",
        "on = \"project\"\nrequire = \"funds.total.outturn + funds.total.points == funds.total.score\"\nbasis = [\"own\"]",
    );
    refused(
        "money",
        &[("rules/a.toml", &sum)],
        "K110 funds.total.outturn 是金额，funds.total.points 是分数，金额和分数不能用“+”",
        &["rules/a.toml:6:12", "rules/a.toml:6:34"],
    );
}

#[test]
fn a_field_both_required_and_forbidden_is_refused() {
    let wanted = rule(
        "A901",
        "on = \"project\"\nrequire = \"present(implementing_unit)\"\nbasis = [\"own\"]",
    );
    let unwanted = rule(
        "A902",
        "on = \"project\"\nrequire = \"blank(goal_remark)\"\nbasis = [\"own\"]",
    );
    let form = "id = \"project\"\nfield = [\n  { path = \"goal_remark\", label = \"目标备注\", type = \"text\", required = true },\n]\n";
    refused(
        "form-and-rule",
        &[("rules/a.toml", &unwanted), ("forms/project.toml", form)],
        "K122",
        &["rules/a.toml:6:11", "project.toml:3:12"],
    );
    let against = rule(
        "A903",
        "on = \"project\"\nrequire = \"not present(funds.carry_over.outturn)\"\nbasis = [\"own\"]",
    );
    let wanted_too = rule(
        "A904",
        "on = \"project\"\nrequire = \"present(funds.carry_over.outturn)\"\nbasis = [\"own\"]",
    );
    let dir = folder("both");
    put(&dir, "book/rulebook.toml", HEAD);
    put(
        &dir,
        "book/rules/a.toml",
        &format!("{wanted}\n{against}\n{wanted_too}"),
    );
    let said = text(&jiheng(&dir, &["rulebook", "lint", "book"]).stdout);
    assert!(
        said.contains("规则 A903 和 A904 对 funds.carry_over.outturn 的要求相反")
            && said.contains("a.toml:19:11")
            && said.contains("a.toml:32:11")
            && said.contains("共 1 处问题"),
        "{said}"
    );
    let words = "[parameter.required_words]\nvalue = [\"甲\", \"乙\"]\nbasis = [\"own\"]\n[parameter.forbidden_words]\nvalue = [\n  \"乙\",\n]\nbasis = [\"own\"]\n";
    refused(
        "words",
        &[("parameters/w.toml", words)],
        "K122 “乙”在 required_words 里要求有，在 forbidden_words 里要求没有",
        &["w.toml:2:15", "w.toml:6:3"],
    );
}

/// A policy of these lines.
fn policy(name: &str, lines: &str) -> String {
    format!("[policy.{name}]\ntitle = \"试验\"\nbasis = [\"own\"]\n{lines}\n")
}

#[test]
fn contradictory_policies_are_refused() {
    let file = "policies.toml";
    let two = |a: &str, b: &str| policy("a", a) + &policy("b", b);
    let places = ["policies.toml:5:9", "policies.toml:1:9"];
    refused(
        "policies-all",
        &[(file, &two("pass = \"0.6\"", "pass = 0"))],
        "K123 赋分办法 a 和 b 都用于全部表",
        &places,
    );
    let form = "forms = [\"project\"]";
    refused(
        "policies-form",
        &[(file, &two(form, form))],
        "K123 赋分办法 a 和 b 都用于 project 表",
        &places,
    );
    let said = "said = [\"按比例\"]";
    refused(
        "policies-said",
        &[(file, &two(said, said))],
        "K123 印有“按比例”的，赋分办法 a 和 b 都说用自己",
        &["policies.toml:8:9", "policies.toml:4:9"],
    );
    refused(
        "policies-like",
        &[(file, &policy("a", "like = \"nowhere\""))],
        "K123 赋分办法 a 所仿照的 nowhere 找不到",
        &["policies.toml:4:8", "policies.toml:1:9"],
    );
    let points = "[parameter.dimension_points]\nbasis = [\"own\"]\noverrides = \"cn/mof/2020:dimension_points\"\n[parameter.dimension_points.value]\nexecution = [\"10\"]\noutput = [\"50\"]\noutcome = [\"30\"]\nsatisfaction = [\"10\"]\n";
    refused(
        "policies-points",
        &[
            (file, &policy("a", "execution_points = 20")),
            ("parameters/p.toml", points),
        ],
        "K123 预算执行率的分值在赋分办法 a 里是 20，在 dimension_points 里是 10",
        &["policies.toml:4:20", "p.toml:1:12"],
    );
}

#[test]
fn a_policy_that_rewards_doing_worse_is_refused() {
    let bands = "execution = [\n  { min = 1, is = \"0.7\" },\n  { min = \"0.8\", is = \"1\" },\n  { min = 0, is = 0 },\n]";
    refused(
        "monotone",
        &[("policies.toml", &policy("a", bands))],
        "K124 a 的 execution 中 0.8 起得 1，1 起反而只得 0.7",
        &["policies.toml:5:3", "policies.toml:6:3"],
    );
    let gap =
        "satisfaction = [\n  { min = \"0.9\", is = 1 },\n  { min = \"0.6\", is = \"0.5\" },\n]";
    refused(
        "policy-gap",
        &[("policies.toml", &policy("a", gap))],
        "K120 a 的 satisfaction 有空档：0.6 以下没有档",
        &["policies.toml:6:3", "policies.toml:1:9"],
    );
    refused(
        "policy-over",
        &[(
            "policies.toml",
            &policy("a", "over = { from = \"0.9\", less = \"1\" }"),
        )],
        "K124 a 从完成率 0.9 起按超额扣分",
        &["policies.toml:4:8", "policies.toml:1:9"],
    );
}

#[test]
fn a_sentence_or_an_assessment_that_names_nothing_is_refused() {
    let sentences = |line: &str| {
        format!(
            "[parameter.report_sentences]\nbasis = [\"own\"]\n[parameter.report_sentences.value]\n{line}\n"
        )
    };
    refused(
        "sentence-slot",
        &[("p.toml", &sentences("basic = [\"支出{basik}万元。\"]"))],
        "K126 报告的句子里“{basik}”不是能填的项",
        &["p.toml:4:1", "items.toml:4:12"],
    );
    refused(
        "sentence-part",
        &[("p.toml", &sentences("basics = [\"支出{basic}万元。\"]"))],
        "K126 报告的句子写在“basics”下，提纲 outline 里没有这一部分",
        &["p.toml:4:1", "outline.toml:4:12"],
    );
    let team = "[parameter.assessment_items]\nvalue = [\"team\"]\nbasis = [\"own\"]\n[parameter.assessment_team]\nbasis = [\"own\"]\n[parameter.assessment_team.value]\nname = [\"工作小组\"]\nmax = [\"3\"]\nparts = [\"set_up\"]\n\"set_up.points\" = [\"2\"]\n";
    refused(
        "assessment-points",
        &[("p.toml", team)],
        "K127 assessment_team 满分写的是 3，各部分相加是 2 分",
        &["p.toml:8:1", "p.toml:4:12"],
    );
    let measure = team.replace("max = [\"3\"]", "max = [\"2\"]");
    refused(
        "assessment-measure",
        &[("p.toml", &measure.replace("set_up", "setup"))],
        "K127 assessment_team 的“setup”不是程序会的量法",
        &["p.toml:9:1", "p.toml:1:12"],
    );
    refused(
        "assessment-item",
        &[(
            "p.toml",
            &measure.replace("[\"team\"]", "[\"team\", \"notes\"]"),
        )],
        "K127 考核评分表有“notes”这一项，没有参数 assessment_notes",
        &["p.toml:2:18", "p.toml:1:12"],
    );
}

#[test]
fn a_notice_on_holidays_becomes_a_calendar_that_a_rulebook_takes() {
    let dir = folder("calendar");
    put(
        &dir,
        "通知.txt",
        "国务院办公厅关于2027年部分节假日安排的通知\n一、元旦：1月1日至3日放假，共3天。\n二、劳动节：5月1日至5日放假调休，共5天。5月8日（周六）上班。\n",
    );
    let made = jiheng(&dir, &["rulebook", "calendar", "通知.txt"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let calendar = text(&made.stdout);
    assert!(calendar.contains("holidays = [\"01-01/01-03\", \"05-01/05-05\"]"));
    assert!(calendar.contains("workdays = [\"05-08\"]"));
    put(&dir, "book/rulebook.toml", HEAD);
    put(&dir, "book/parameters/calendar-2027.toml", &calendar);
    let linted = jiheng(&dir, &["rulebook", "lint", "book"]);
    assert_eq!(linted.status.code(), Some(0), "{}", text(&linted.stdout));
    put(
        &dir,
        "材料/通知.txt",
        "关于开展2026年度市级预算部门绩效自评工作的通知\n请各部门于2027年4月30日前将自评报告和自评表报送市财政局。\n",
    );
    put(
        &dir,
        "材料/报告.txt",
        "2026年度试验市水利局整体支出绩效自评报告\n2027年5月8日\n一、部门基本情况\n我局有12个科室。\n",
    );
    let late = |more: &[&str]| {
        let words = [&["check", "材料"], more].concat();
        text(&jiheng(&dir, &words).stdout)
    };
    assert!(late(&["--rulebook", "book"]).contains("晚 8 天，其中工作日 3 天"));
    assert!(!late(&[]).contains("其中工作日"));
    put(&dir, "别的.txt", "没有放假安排\n");
    let refused = jiheng(&dir, &["rulebook", "calendar", "别的.txt"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("没有写出日历"));
}
