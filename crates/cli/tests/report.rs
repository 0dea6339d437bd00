//! The sample package goes in; the report that `jiheng report` writes from its forms is read again and held against them.

use jiheng_engine::read::{Package, SourceFile, read};
use std::path::Path;
use std::process::Command;

#[test]
fn the_report_is_written_from_the_forms_and_what_is_open_is_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let seed = root.join("samples/yueyang-2023/package.docx");
    let out = std::env::temp_dir().join(format!("jiheng-report-{}.docx", std::process::id()));
    let done = Command::new(env!("CARGO_BIN_EXE_jiheng"))
        .arg("report")
        .arg(&seed)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("the program runs");
    assert_eq!(done.status.code(), Some(0));
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(told.contains("待填：") && told.contains("65人"), "{told}");
    let bytes = std::fs::read(&out).expect("written");
    let _ = std::fs::remove_file(&out);
    let package = Package {
        files: vec![SourceFile {
            name: "报告.docx".into(),
            bytes,
        }],
    };
    let text = read(&package).remove(0).text;
    for words in [
        "基本支出2727.38万元",
        "主要职能职责",
        "下一步改进措施",
        "预算绩效管理情况",
    ] {
        assert!(text.contains(words), "{words}");
    }
}
