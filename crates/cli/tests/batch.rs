//! Folders and zips of made-up packages go in; the tables, the overview and the pages that `batch` writes are held against what lies there.

use jiheng_office::write;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-batch-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(path.join("in")).expect("made");
    path
}

/// A baseline form of a unit; it has an error when the three parts do not make the whole.
fn package(unit: &str, whole: &str) -> String {
    let rows = [
        [
            "经费控制情况（万元）",
            "2022年决算数",
            "2023年预算数",
            "2023年决算数",
        ],
        ["三公经费", "6.00", "6.00", whole],
        ["1、公务用车购置和维护经费", "2.00", "2.00", "2.00"],
        ["2、出国经费", "1.00", "1.00", "1.00"],
        ["3、公务接待", "3.00", "3.00", "3.00"],
    ];
    let rows: String = rows
        .iter()
        .map(|r| format!("<tr>{}</tr>", r.map(|c| format!("<td>{c}</td>")).concat()))
        .collect();
    format!(
        "<html><body><p>2023年度部门整体支出绩效评价基础数据表</p><table>{rows}</table><p>填报单位：{unit}</p></body></html>"
    )
}

fn put(dir: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = dir.join("in").join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, bytes).expect("written");
}

fn command(dir: &Path, material: &str, out: &str, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jiheng"));
    command
        .current_dir(dir)
        .args(["batch", material, "--out", out])
        .args(more);
    command
}

fn batch(dir: &Path, material: &str, out: &str, more: &[&str]) -> Output {
    command(dir, material, out, more)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn read(path: PathBuf) -> String {
    text(&std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
}

/// Rows of a table as cells; quoted cells may hold commas.
fn table(path: PathBuf) -> Vec<Vec<String>> {
    let whole = read(path);
    let whole = whole.strip_prefix('\u{feff}').expect("a byte order mark");
    let row = |line: &str| {
        let (mut cells, mut quoted) = (vec![String::new()], false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cells.last_mut().expect("a cell").push(c),
            }
        }
        cells
    };
    whole.lines().skip(1).map(row).collect()
}

/// All files of a folder of results with their bytes, without the journal, whose order is that of finishing;
/// the seconds of each package are left out.
fn results(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in [out.to_path_buf(), out.join("pages")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() || name == "journal.jsonl" || name == "packages.parquet" {
                continue;
            }
            let mut bytes = std::fs::read(entry.path()).expect("read");
            if name == "packages.csv" {
                let mut rows = table(entry.path());
                for row in &mut rows {
                    row.remove(9);
                }
                bytes = format!("{rows:?}").into_bytes();
            }
            files.insert(name, bytes);
        }
    }
    files
}

/// Enough packages to be interrupted among; every seventh has an error.
fn many(dir: &Path, count: usize) {
    for number in 0..count {
        let whole = if number % 7 == 0 { "7.00" } else { "6.00" };
        let name = format!("{number:04}.html");
        put(dir, &name, package(&format!("青渚市第{number}中学"), whole));
    }
}

#[test]
fn a_bad_file_never_ends_the_run_and_every_package_has_its_row() {
    let dir = folder("bad");
    put(&dir, "a.html", package("青渚市水务局", "6.00"));
    put(&dir, "b.docx", b"PK\x03\x04 not a zip at all");
    put(&dir, "c.pdf", b"%PDF-1.7 and nothing else");
    put(&dir, "d/附件1.html", package("青渚市教育局", "7.00"));
    put(
        &dir,
        "e.zip",
        write::zip(&[("f/附件1.html", package("青渚市民政局", "6.00").as_bytes())]),
    );
    put(&dir, "g.jpg", b"\xff\xd8\xff");
    put(&dir, "h/照片.png", b"\x89PNG");
    let done = batch(&dir, "in", "out", &[]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    assert!(done.stdout.is_empty());
    let rows = table(dir.join("out/packages.csv"));
    let said: Vec<(&str, &str, &str)> = rows
        .iter()
        .map(|r| (r[0].as_str(), r[4].as_str(), r[10].as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("a.html", "0", "checked"),
            ("b.docx", "", "unreadable"),
            ("c.pdf", "", "unreadable"),
            ("d", "1", "checked"),
            ("e.zip", "0", "checked"),
        ]
    );
    let findings = table(dir.join("out/findings.csv"));
    assert!(findings.iter().any(|f| f[0] == "d" && f[3] == "error"));
    let said = text(&done.stderr);
    assert!(
        said.contains("共 5 套：核了 3 套，没有核 2 套，有错误的 1 套"),
        "{said}"
    );
    let overview = read(dir.join("out/overview.html"));
    assert!(overview.contains("b.docx") && !overview.contains("<script"));
    // Only the package with an error has a page, and its name leads there.
    let pages: Vec<_> = std::fs::read_dir(dir.join("out/pages"))
        .expect("pages")
        .flatten()
        .collect();
    assert_eq!(pages.len(), 1);
}

#[test]
fn nothing_readable_and_nothing_there_cannot_run() {
    let dir = folder("nothing");
    assert_eq!(batch(&dir, "in", "out", &[]).status.code(), Some(2));
    assert_eq!(batch(&dir, "gone", "out", &[]).status.code(), Some(2));
    put(&dir, "a.docx", b"");
    assert_eq!(batch(&dir, "in", "out", &[]).status.code(), Some(2));
    let same = batch(&dir, "in", "in", &[]);
    assert_eq!(same.status.code(), Some(2));
    assert!(text(&same.stderr).contains("--out 不能是材料所在的文件夹"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let dir = folder("threads");
    many(&dir, 40);
    for (out, jobs) in [("one", "1"), ("three", "3")] {
        let done = batch(&dir, "in", out, &["--jobs", jobs, "--pages", "all"]);
        assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    }
    let (one, three) = (results(&dir.join("one")), results(&dir.join("three")));
    assert!(one.len() > 40, "{:?}", one.keys());
    assert!(one == three);
}

#[test]
fn a_second_run_does_only_what_changed() {
    let dir = folder("again");
    many(&dir, 8);
    assert_eq!(batch(&dir, "in", "out", &[]).status.code(), Some(1));
    put(&dir, "0003.html", package("青渚市第3中学", "9.00"));
    std::fs::remove_file(dir.join("in/0007.html")).expect("removed");
    put(&dir, "0009.html", package("青渚市第9中学", "6.00"));
    let done = batch(&dir, "in", "out", &["--resume"]);
    assert!(
        text(&done.stderr).contains("共 8 套（上次已核 6 套，没有重做）"),
        "{}",
        text(&done.stderr)
    );
    assert_eq!(batch(&dir, "in", "fresh", &[]).status.code(), Some(1));
    assert!(results(&dir.join("out")) == results(&dir.join("fresh")));
    // Other pages, another rulebook: everything again.
    let done = batch(
        &dir,
        "in",
        "out",
        &["--resume", "--rulebook", "cn/mof/2020"],
    );
    assert!(
        !text(&done.stderr).contains("没有重做"),
        "{}",
        text(&done.stderr)
    );
    // Without --resume everything again as well.
    let done = batch(&dir, "in", "out", &[]);
    assert!(!text(&done.stderr).contains("没有重做"));
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_goes_on_and_ends_with_the_same_files() {
    let dir = folder("stop");
    many(&dir, 300);
    let mut running = command(&dir, "in", "out", &["--jobs", "1"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let journal = dir.join("out/journal.jsonl");
    let lines = || std::fs::read(&journal).map_or(0, |b| b.iter().filter(|c| **c == b'\n').count());
    for _ in 0..3000 {
        if lines() > 100 {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let id = running.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .expect("kill")
            .success()
    );
    let code = running.wait().expect("ended").code();
    let finished = lines().saturating_sub(1);
    assert_eq!(code, Some(130));
    assert!((100..300).contains(&finished), "{finished}");
    assert!(!dir.join("out/packages.csv").exists());
    // The power fails in the middle of a line.
    let bytes = std::fs::read(&journal).expect("read");
    std::fs::write(&journal, &bytes[..bytes.len() - 5]).expect("written");
    let done = batch(&dir, "in", "out", &["--resume"]);
    assert_eq!(done.status.code(), Some(1));
    let kept = finished - 1;
    assert!(
        text(&done.stderr).contains(&format!("共 300 套（上次已核 {kept} 套，没有重做）")),
        "{}",
        text(&done.stderr)
    );
    // Each package was examined once, the one whose line was cut off twice.
    assert_eq!(lines(), 301);
    assert_eq!(batch(&dir, "in", "whole", &[]).status.code(), Some(1));
    assert!(results(&dir.join("out")) == results(&dir.join("whole")));
}

#[test]
fn a_zip_is_read_where_it_is_and_its_names_never_become_paths() {
    let dir = folder("zip");
    let (a, b) = (
        package("青渚市水务局", "7.00"),
        package("青渚市教育局", "6.00"),
    );
    let inner = write::zip(&[("附件1.html", b.as_bytes())]);
    let zip = write::zip(&[
        ("../../evil.html", a.as_bytes()),
        ("/abs/附件1.html", a.as_bytes()),
        ("民政局/附件1.html", b.as_bytes()),
        ("民政局/说明.txt", "无".as_bytes()),
        ("教育局.zip", &inner),
        ("C:\\windows\\x.html", a.as_bytes()),
    ]);
    put(&dir, "city.zip", zip);
    let done = batch(&dir, "in/city.zip", "deep/out", &["--pages", "all"]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    let rows = table(dir.join("deep/out/packages.csv"));
    let paths: Vec<&str> = rows.iter().map(|r| r[0].as_str()).collect();
    assert_eq!(paths, ["C:", "abs", "evil.html", "教育局.zip", "民政局"]);
    assert!(rows.iter().all(|r| r[10] == "checked"));
    let mut seen = Vec::new();
    let mut left = vec![dir.clone()];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).expect("read").flatten() {
            match entry.path().is_dir() {
                true => left.push(entry.path()),
                false => seen.push(entry.path()),
            }
        }
    }
    let outside =
        |p: &&PathBuf| !p.starts_with(dir.join("deep/out")) && !p.starts_with(dir.join("in"));
    assert_eq!(seen.iter().find(outside), None);
    assert_eq!(
        std::fs::read_dir(dir.join("deep/out/pages"))
            .expect("pages")
            .count(),
        5
    );
    // A folder packed as a whole is not one package.
    put(
        &dir,
        "wrapped.zip",
        write::zip(&[
            ("市/a.html", a.as_bytes()),
            ("市/b/附件1.html", b.as_bytes()),
        ]),
    );
    batch(&dir, "in/wrapped.zip", "wrapped", &[]);
    let rows = table(dir.join("wrapped/packages.csv"));
    assert_eq!(
        rows.iter().map(|r| r[0].as_str()).collect::<Vec<_>>(),
        ["a.html", "b"]
    );
}

#[test]
fn words_of_a_document_are_no_formulas_in_the_tables() {
    let dir = folder("formula");
    put(&dir, "=1+1,2.html", package("青渚市水务局", "7.00"));
    put(&dir, "+a.html", package("青渚市教育局", "6.00"));
    put(&dir, "@b.html", package("<b>青渚市</b>民政局", "6.00"));
    let done = batch(&dir, "in", "out", &[]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    for name in ["packages", "findings"] {
        for row in table(dir.join(format!("out/{name}.csv"))) {
            for cell in row {
                let number = cell
                    .trim_start_matches(['+', '-'])
                    .chars()
                    .all(|c| c.is_ascii_digit() || c == '.');
                assert!(number || !cell.starts_with(['=', '+', '-', '@']), "{cell}");
            }
        }
    }
    let rows = table(dir.join("out/packages.csv"));
    assert_eq!(
        rows.iter().map(|r| r[0].as_str()).collect::<Vec<_>>(),
        ["'+a.html", "'=1+1,2.html", "'@b.html"]
    );
}

#[test]
fn units_without_a_package_are_named() {
    let dir = folder("units");
    put(&dir, "青渚市水务局.html", package("青渚市水务局", "6.00"));
    put(&dir, "民政局.docx", b"");
    std::fs::write(
        dir.join("名单.csv"),
        "序号,单位名称\n1,市水务局\n2,民政局\n3,青渚市图书馆\n",
    )
    .expect("written");
    let done = batch(&dir, "in", "out", &["--units", "名单.csv"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let overview = read(dir.join("out/overview.html"));
    assert!(overview.contains("名单 3 个，没有报 1 个"), "{overview}");
    assert!(overview.contains("<li>青渚市图书馆</li>"));
    let done = batch(&dir, "in", "out", &["--units", "没有.txt"]);
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn files_of_a_unit_go_together_by_name_when_asked() {
    let dir = folder("group");
    put(&dir, "水务局附件1.html", package("青渚市水务局", "6.00"));
    put(
        &dir,
        "水务局-报告.txt",
        "青渚市水务局2023年度部门整体支出绩效自评报告",
    );
    put(&dir, "附件1.html", package("青渚市教育局", "6.00"));
    batch(&dir, "in", "out", &["--group", "name"]);
    let rows = table(dir.join("out/packages.csv"));
    assert_eq!(
        rows.iter().map(|r| r[0].as_str()).collect::<Vec<_>>(),
        ["水务局", "附件1.html"]
    );
    batch(&dir, "in", "out", &[]);
    assert_eq!(table(dir.join("out/packages.csv")).len(), 3);
}

/// A unit's department form and its project forms, each project with five indicators that begin at a number.
fn unit(name: &str, spent: &str, department: &str, projects: &[(&str, u32)]) -> String {
    let table = |rows: &[&[&str]]| {
        let cells = |r: &&[&str]| format!("<tr><td>{}</td></tr>", r.join("</td><td>"));
        format!(
            "<table>{}</table>",
            rows.iter().map(cells).collect::<String>()
        )
    };
    let heads = [
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
    ];
    let amounts = [spent, spent, spent, "10", "100%", "10"];
    let money = |label| {
        [
            vec![label],
            heads.to_vec(),
            vec!["年度资金总额"],
            amounts.to_vec(),
        ]
    };
    let [label, heads, total, amounts] = money("年度预算申请（万元）");
    let mut page = String::from("<html><body><p>2023年度部门整体支出绩效自评表</p>");
    page += &table(&[
        &["市级预算部门名称", name],
        &[label, heads].concat(),
        &[total, amounts].concat(),
    ]);
    for (project, first) in projects {
        let [label, heads, total, amounts] = money("项目资金（万元）");
        let mut rows: Vec<Vec<String>> = [
            vec!["项目支出名称", project],
            vec!["主管部门", department, "实施单位", name],
            [label, heads].concat(),
            [total, amounts].concat(),
            vec![
                "一级指标",
                "二级指标",
                "三级指标",
                "年度指标值",
                "实际完成值",
                "分值",
                "得分",
            ],
        ]
        .into_iter()
        .map(|row| row.into_iter().map(String::from).collect())
        .collect();
        for number in *first..first + 5 {
            let (name, target) = (
                format!("第{number}类设施维护数量"),
                format!("≥{}处", number * 3),
            );
            let row = ["产出指标", "数量指标", &name, &target, &target, "18", "18"];
            rows.push(row.map(String::from).to_vec());
        }
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|r| r.iter().map(String::as_str).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        page += "<p>2023年度项目支出绩效自评表</p>";
        page += &table(&rows);
    }
    page + "</body></html>"
}

#[test]
fn units_and_projects_are_held_against_those_of_other_packages() {
    let dir = folder("across");
    let bureau = "青渚市水务局";
    put(
        &dir,
        "a.html",
        unit(bureau, "1000.00", bureau, &[("河道疏浚项目", 10)]),
    );
    put(
        &dir,
        "b.html",
        unit(
            "青渚市河道管理处",
            "700.00",
            bureau,
            &[("堤防养护项目", 20)],
        ),
    );
    // The same unit's material lies there twice: it counts once, and its project is no copy.
    put(
        &dir,
        "b（副本）.html",
        unit(
            "青渚市河道管理处",
            "700.00",
            bureau,
            &[("堤防养护项目", 20)],
        ),
    );
    // Four of five indicators are those of the first package's project.
    put(
        &dir,
        "c.html",
        unit("青渚市排灌站", "500.00", bureau, &[("泵站改造项目", 11)]),
    );
    let done = batch(&dir, "in", "out", &[]);
    assert_ne!(done.status.code(), Some(2), "{}", text(&done.stderr));
    let said = |out: &str| -> Vec<[String; 6]> {
        let rows = table(dir.join(out).join("findings.csv")).into_iter();
        rows.filter(|r| r[2] == "X404")
            .map(|r| [0, 3, 4, 5, 7, 9].map(|at| r[at].clone()))
            .collect()
    };
    let expected = [
        [
            "a.html",
            "warning",
            "全年执行数 1000.00，所属单位合计 1200.00 万元",
            "1000.00",
            "700.00 + 500.00 = 1200.00",
            "附件2 · 年度资金总额 · 全年执行数",
        ],
        [
            "c.html",
            "warning",
            "4 个指标和指标值与“河道疏浚项目”的相同（a.html）",
            "泵站改造项目",
            "",
            "附件3 · 项目支出名称",
        ],
    ];
    assert_eq!(said("out"), expected);
    let overview = read(dir.join("out/overview.html"));
    assert!(overview.contains("X404"), "{overview}");
    let warnings = |out: &str| -> Vec<String> {
        table(dir.join(out).join("packages.csv"))
            .into_iter()
            .map(|r| r[5].clone())
            .collect()
    };
    // Alone none of them has it.
    let mut alone = Vec::new();
    for name in ["a.html", "b.html", "b（副本）.html", "c.html"] {
        let one = folder("across-alone");
        std::fs::copy(dir.join("in").join(name), one.join("in").join(name)).expect("copied");
        batch(&one, "in", "out", &[]);
        let rows = table(one.join("out/packages.csv"));
        alone.push(rows[0][5].parse::<u32>().expect("a number"));
    }
    alone[0] += 1;
    alone[3] += 1;
    assert_eq!(
        warnings("out"),
        alone.iter().map(u32::to_string).collect::<Vec<_>>()
    );
    // What was kept from an earlier run is held against the others too; what is mended is not.
    put(
        &dir,
        "a.html",
        unit(bureau, "1200.00", bureau, &[("河道疏浚项目", 10)]),
    );
    let done = batch(&dir, "in", "out", &["--resume"]);
    assert!(
        text(&done.stderr).contains("上次已核 3 套"),
        "{}",
        text(&done.stderr)
    );
    assert_eq!(said("out"), expected[1..]);
    assert!(!dir.join("out/.across.part").exists());
}

#[cfg(unix)]
#[test]
fn the_operators_recogniser_reads_the_scans_of_a_batch() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder("ocr");
    put(&dir, "a.html", package("青渚市水务局", "6.00"));
    put(&dir, "扫描.pdf", b"\x89PNG\r\n\x1a\n picture");
    let script = dir.join("reads");
    let says = "2023年度青渚市教育局整体支出绩效自评报告";
    std::fs::write(
        &script,
        format!("#!/bin/sh\ncat >/dev/null; echo {says}; echo 一、概况; echo 支出100万元\n"),
    )
    .expect("written");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("allowed");
    let status = |more: &[&str]| -> Vec<String> {
        batch(&dir, "in", "out", more);
        table(dir.join("out/packages.csv"))
            .into_iter()
            .map(|r| r[10].clone())
            .collect()
    };
    assert_eq!(status(&[]), ["checked", "unreadable"]);
    // Another way of reading: what an earlier run found no longer holds.
    assert_eq!(
        status(&["--resume", "--ocr", "./reads"]),
        ["checked", "checked"]
    );
}
