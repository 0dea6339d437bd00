//! Pictures, scans and marked files go in; they are named, or read by the operator's recogniser under limits.

use crate::bomb::{check, check_with};
use jiheng_office::write::docx_of;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n picture";

#[test]
fn a_picture_is_named_as_one() {
    let said = check("扫描.png", PICTURE);
    assert_eq!(said.code, 2);
    said.says("是图片（PNG）");
    check("照片.jpg", b"\xff\xd8\xff\xe0 jpeg").says("是图片（JPEG）");
}

#[test]
fn a_file_with_a_secrecy_mark_is_refused_and_a_word_in_a_sentence_is_not_a_mark() {
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let said = check(
        "自评.docx",
        &docx_of(&(paragraph("机密★5年") + &paragraph("支出100万元"))),
    );
    assert_eq!(said.code, 2);
    said.says("密级标志“机密★5年”");
    assert!(!said.text.contains("100"));
    let quiet = paragraph("本项目不涉及国家秘密，机密文件未列入。");
    assert_ne!(check("平常.docx", &docx_of(&quiet)).code, 2);
}

#[cfg(unix)]
#[test]
fn the_operators_recogniser_reads_pictures_and_is_stopped_when_it_takes_too_long() {
    use std::os::unix::fs::PermissionsExt;
    let folder = std::env::temp_dir().join(format!("jiheng-ocr-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let script = |name: &str, body: &str| {
        let path = folder.join(name);
        std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("written");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&path, mode).expect("allowed");
        path.display().to_string()
    };
    let reads = script("reads", "cat >/dev/null; echo 一、概况; echo 支出100万元");
    let said = check_with("识别.png", PICTURE, &["--ocr", &reads]);
    assert_eq!(said.code, 0);
    said.says("识别程序从图片上读出");
    let sleeps = script("sleeps", "exec sleep 60");
    let said = check_with(
        "慢.png",
        PICTURE,
        &["--ocr", &sleeps, "--ocr-limits", "1,512"],
    );
    assert_eq!(said.code, 2);
    said.says("识别程序用时太久");
    let fails = script("fails", "exit 3");
    check_with("坏.png", PICTURE, &["--ocr", &fails]).says("没有做完就停了");
    check_with("缺.png", PICTURE, &["--ocr", "/nowhere/ocr"]).says("没有启动");
    // A name is never part of a command.
    check_with("$(touch x);.png", PICTURE, &["--ocr", &reads]);
    let _ = std::fs::remove_dir_all(&folder);
}
