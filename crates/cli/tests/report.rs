//! The sample package goes in; the report that `jiheng report` writes from its forms is read again and held against them.

use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_office::{Budget, Inflater, Zip};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023/package.docx")
}

fn jiheng(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .args(words)
        .output()
        .expect("the program runs")
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("jiheng-report-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a temporary folder");
    path
}

fn text(name: &str, bytes: Vec<u8>) -> String {
    let package = Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes,
        }],
    };
    read(&package).remove(0).text
}

/// The main part of a docx.
fn document(bytes: &[u8]) -> String {
    let budget = Budget::default();
    let zip = Zip::open(bytes, &budget).expect("a zip");
    let mut entries = zip.entries().iter();
    let entry = entries.find(|e| e.name == "word/document.xml");
    let mut inflater = Inflater::new(&budget);
    let part = zip.inflate(entry.expect("the part"), &mut inflater);
    let part = part.expect("inflates").into_owned();
    String::from_utf8(part).expect("UTF-8")
}

#[test]
fn the_report_is_written_from_the_forms_and_what_is_open_is_told() {
    let (dir, seed) = (folder("written"), sample());
    let words = [
        "2023年度岳阳市自然资源和规划局",
        "部门（单位）名称",
        "基本支出2727.38万元",
        "按具体项目分，机关运行经费73.03万元",
        "主要职能职责",
        "下一步改进措施",
        "3.项目支出绩效自评表",
        "单位负责人（签字）",
        "预算绩效管理情况",
    ];
    for name in ["报告.docx", "报告.html"] {
        let out = dir.join(name);
        let (seed, path) = (seed.to_string_lossy(), out.to_string_lossy());
        let done = jiheng(&["report", &seed, "--out", &path]);
        assert_eq!(done.status.code(), Some(0));
        let told = String::from_utf8_lossy(&done.stdout);
        assert!(told.contains("待填：") && told.contains("65人"), "{told}");
        let text = text(name, std::fs::read(&out).expect("written"));
        for words in words {
            assert!(text.contains(words), "{name}: {words}");
        }
    }
    let out = dir.join("报告.doc");
    let done = jiheng(&[
        "report",
        &seed.to_string_lossy(),
        "--out",
        &out.to_string_lossy(),
    ]);
    assert_eq!(done.status.code(), Some(2));
    let _ = std::fs::remove_dir_all(dir);
}

#[test]
fn the_package_is_printed_with_the_authors_report_or_with_the_written_one() {
    let (dir, seed) = (folder("package"), sample());
    for (whose, generated) in [("kept", false), ("written", true)] {
        let out = dir.join(whose);
        let words = ["render", &seed.to_string_lossy(), "--to", "docx,json"].map(str::to_string);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        let path = out.to_string_lossy();
        words.extend(["--report", whose, "--out", &path, "--quiet"]);
        assert_eq!(jiheng(&words).status.code(), Some(0));
        let bytes = std::fs::read(out.join("package.docx")).expect("written");
        let printed = text("package.docx", bytes);
        assert_eq!(printed.contains("占全年执行数的40.16%"), generated);
        assert!(printed.contains("主要职能职责"));
        assert!(printed.contains("2727.38"));
        // The column heads of 附件2 and of both 附件3 stand in the first row of a table, so that Word repeats them.
        let bytes = std::fs::read(out.join("package.docx")).expect("written");
        let document = document(&bytes);
        let tables = document.split("<w:tbl>").skip(1);
        let repeated = tables.filter(|table| {
            let first = table.split("</w:tr>").next().unwrap_or_default();
            first.contains("<w:tblHeader/>") && first.contains("三级指标")
        });
        assert_eq!(repeated.count(), 3);
    }
    let _ = std::fs::remove_dir_all(dir);
}
