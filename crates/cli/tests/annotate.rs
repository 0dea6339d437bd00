//! A user's own files come in; annotated and fixed copies are held against them: parts, text, findings, counts.

mod desk;

use desk::{folder, part, parts, run, seen, text};
use jiheng_office::Budget;
use jiheng_office::rewrite::rewrite;
use jiheng_office::write::{docx_of, docx_parts, zip};
use serde_json::Value;
use std::path::Path;

const SEED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../samples/yueyang-2023/package.docx"
);

fn check(path: &Path) -> Value {
    let output = run(&["check", text(path), "--format", "json"]);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Code, message and first place without the file's name.
fn said(json: &Value) -> Vec<String> {
    let list = json["findings"].as_array().expect("findings");
    list.iter()
        .filter(|f| f["code"] != "R104")
        .map(|f| {
            let mut place = f["places"][0].clone();
            place["file"] = Value::Null;
            format!("{} {} {place}", f["code"], f["message"])
        })
        .collect()
}

fn first_causes(json: &Value) -> usize {
    let list = json["findings"].as_array().expect("findings");
    let first = |f: &&Value| f["caused_by"].is_null() && f["suppressed"].is_null();
    list.iter().filter(first).count()
}

/// Takes out whatever stands between two words, the words included.
fn without(mut text: String, from: &str, to: &str) -> String {
    while let Some(start) = text.find(from) {
        let length = text[start..].find(to).expect("an end") + to.len();
        text.replace_range(start..start + length, "");
    }
    text
}

fn reject(xml: &str) -> String {
    let xml = without(xml.into(), "<w:ins w:id=", "</w:ins>");
    xml.replace("w:delText", "w:t")
}

#[test]
fn the_seed_gets_a_comment_for_each_first_cause_and_nothing_else_changes() {
    let out = folder("seed").join("annotated.docx");
    let output = run(&["annotate", SEED, "--out", text(&out)]);
    assert_eq!(output.status.code(), Some(1));
    let before = std::fs::read(SEED).expect("the sample");
    let after = std::fs::read(&out).expect("written");
    let (old, new) = (parts(&before), parts(&after));
    let changed = [
        "[Content_Types].xml",
        "word/_rels/document.xml.rels",
        "word/comments.xml",
        "word/document.xml",
    ];
    for (name, bytes) in &new {
        let same = old.get(name) == Some(bytes);
        assert_eq!(same, !changed.contains(&name.as_str()), "{name}");
    }
    assert_eq!(new.len(), old.len() + 1);
    let json = check(Path::new(SEED));
    let count = first_causes(&json);
    let document = part(&after, "word/document.xml");
    for mark in [
        "<w:commentRangeStart ",
        "<w:commentRangeEnd ",
        "<w:commentReference ",
    ] {
        assert_eq!(document.matches(mark).count(), count, "{mark}");
    }
    let comments = part(&after, "word/comments.xml");
    assert_eq!(comments.matches("<w:comment ").count(), count);
    assert_eq!(comments.matches("w:author=\"绩衡\"").count(), count);
    assert_eq!(comments.matches("怎么办：").count(), count);
    assert!(!comments.contains("w:date"));
    assert_eq!(seen(&document), seen(&part(&before, "word/document.xml")));
    assert_eq!(said(&check(&out)), said(&json));
    // No clock: the same again.
    let again = out.with_file_name("again.docx");
    run(&["annotate", SEED, "--out", text(&again)]);
    assert!(std::fs::read(&again).expect("written") == after);
    // Comments of the first run give way to those of the second: the same file.
    let twice = out.with_file_name("twice.docx");
    run(&["annotate", text(&out), "--out", text(&twice)]);
    assert!(std::fs::read(&twice).expect("written") == after);
}

#[test]
fn words_in_the_middle_of_a_run_are_anchored_exactly_and_keep_their_properties() {
    let path = folder("words").join("自评.docx");
    let body = "<w:p><w:r><w:t>绩效自评报告</w:t></w:r></w:p>\
        <w:p><w:r><w:t>一、部门基本情况</w:t></w:r></w:p>\
        <w:p w:x=\"1\"><w:r w:y=\"2\"><w:rPr><w:b/></w:rPr><w:t>支出&amp;经费，其中：其中：人员经费 </w:t></w:r></w:p><w:p/>";
    std::fs::write(&path, docx_of(body)).expect("written");
    let out = path.with_file_name("批注.docx");
    run(&["annotate", text(&path), "--out", text(&out)]);
    let document = part(&std::fs::read(&out).expect("written"), "word/document.xml");
    let (_, rest) = document
        .split_once("支出&amp;经费，</w:t></w:r>")
        .expect("cut");
    let open =
        "<w:r w:y=\"2\"><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">其中：其中：</w:t></w:r>";
    assert!(rest.starts_with("<w:commentRangeStart "), "{rest}");
    assert!(rest.contains(open), "{rest}");
    assert!(seen(&document).contains("支出&amp;经费，其中：其中：人员经费 "));
    let twice = path.with_file_name("再批注.docx");
    run(&["annotate", text(&out), "--out", text(&twice)]);
    assert!(std::fs::read(&twice).expect("written") == std::fs::read(&out).expect("written"));
}

#[test]
fn comments_of_others_stay_and_ids_go_on() {
    let path = folder("others").join("自评.docx");
    let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let document = format!(
        "<x:document xmlns:x=\"{space}\"><x:body><x:p><x:r><x:t>绩效自评报告</x:t></x:r></x:p>\
         <x:p><x:commentRangeStart x:id=\"7\"/><x:r><x:t>其中：其中：人员经费</x:t></x:r>\
         <x:commentRangeEnd x:id=\"7\"/><x:r><x:commentReference x:id=\"7\"/></x:r></x:p></x:body></x:document>"
    );
    let theirs = "<w:comment w:id=\"7\" w:author=\"张三\"><w:p/></w:comment>";
    let comments = format!("<w:comments xmlns:w=\"{space}\">{theirs}</w:comments>");
    let bytes = docx_parts(&document, &[("comments", "comments.xml", &comments)]);
    std::fs::write(&path, &bytes).expect("written");
    let out = path.with_file_name("批注.docx");
    run(&["annotate", text(&path), "--out", text(&out)]);
    let after = std::fs::read(&out).expect("written");
    let comments = part(&after, "word/comments.xml");
    assert!(
        comments.contains(theirs) && comments.contains("<w:comment w:id=\"8\""),
        "{comments}"
    );
    let text = part(&after, "word/document.xml");
    assert!(text.contains("<x:commentReference x:id=\"8\"/>"), "{text}");
    let twice = path.with_file_name("再批注.docx");
    run(&["annotate", self::text(&out), "--out", self::text(&twice)]);
    assert!(std::fs::read(&twice).expect("written") == after);
    let (old, new) = (parts(&bytes), parts(&after));
    assert_eq!(old["[Content_Types].xml"], new["[Content_Types].xml"]);
}

#[test]
fn other_formats_get_a_page_and_the_original_is_never_written_over() {
    let dir = folder("page");
    let doc = SEED.replace(".docx", ".doc");
    let output = run(&["annotate", &doc, "--out", text(&dir.join("a.doc"))]);
    let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        sentence.contains("不能加批注") && sentence.contains("a.html"),
        "{sentence}"
    );
    // The forms are drawn again, and every cell that a finding names is marked in them.
    for ending in ["doc", "pdf", "txt"] {
        let path = SEED.replace(".docx", &format!(".{ending}"));
        let out = dir.join(format!("{ending}.html"));
        run(&["annotate", &path, "--out", text(&out)]);
        let page = std::fs::read_to_string(&out).expect("written");
        let json = check(Path::new(&path));
        let list = json["findings"].as_array().expect("findings");
        let mut cells = 0;
        for place in list.iter().filter_map(|f| f["places"].get(0)) {
            if place["kind"] != "cell" {
                continue;
            }
            let id = format!(
                "id=\"c0.{}.{}.{}\"",
                place["table"], place["row"], place["col"]
            );
            let (_, rest) = page.split_once(&id).expect("the cell is drawn");
            let cell = rest.split("</td>").next().unwrap_or_default();
            // Words in a cell are marked by themselves.
            let marked = match place["chars"].is_null() {
                true => cell.split('>').next().unwrap_or_default().contains(" hit "),
                false => cell.contains("<mark"),
            };
            assert!(marked, "{ending}: {place} is not marked: {cell}");
            cells += 1;
        }
        assert!(cells > 20, "{ending}: {cells} cells");
        assert!(
            page.matches("<table class=\"form\"").count() >= 4,
            "{ending}"
        );
    }
    let own = dir.join("own.docx");
    let bytes = std::fs::read(SEED).expect("the sample");
    std::fs::write(&own, &bytes).expect("written");
    for verb in ["annotate", "fix"] {
        let output = run(&[verb, text(&own), "--out", text(&own)]);
        assert_eq!(output.status.code(), Some(2), "{verb}");
    }
    assert!(std::fs::read(&own).expect("there") == bytes);
}

#[test]
fn a_bundle_is_annotated_file_by_file_and_no_first_cause_is_lost() {
    let dir = folder("bundle");
    let bytes = std::fs::read(SEED).expect("the sample");
    let note = "自评说明。其中：其中：人员经费支出100万元。".as_bytes();
    let path = dir.join("材料.zip");
    std::fs::write(&path, zip(&[("甲/自评.docx", &bytes), ("说明.txt", note)])).expect("written");
    let out = dir.join("结果");
    run(&["annotate", text(&path), "--out", text(&out)]);
    let copy = out.join("材料.zip/甲/自评.docx");
    let after = std::fs::read(&copy).expect("written");
    let comments = part(&after, "word/comments.xml");
    assert_eq!(
        comments.matches("<w:comment ").count(),
        first_causes(&check(&path))
    );
    assert!(out.join("findings.html").is_file());
}

#[test]
fn every_docx_and_workbook_of_a_bundle_gets_its_own_copy_and_the_rest_a_sentence() {
    let dir = folder("kinds");
    let books = dir.join("表");
    run(&["render", SEED, "--to", "xlsx", "--out", text(&books)]);
    let material = dir.join("材料");
    std::fs::create_dir_all(material.join("报告")).expect("made");
    std::fs::copy(SEED, material.join("报告/自评.docx")).expect("copied");
    let book = std::fs::read(books.join("package.xlsx")).expect("rendered");
    let bundle = zip(&[("自评表.xlsx", &book)]);
    std::fs::write(material.join("表.zip"), bundle).expect("written");
    std::fs::write(
        material.join("说明.txt"),
        "自评说明。其中：其中：人员经费。",
    )
    .expect("written");
    let out = dir.join("结果");
    let done = run(&["annotate", text(&material), "--out", text(&out)]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        said.contains("说明.txt 没有加批注：文本文件不能加批注。"),
        "{said}"
    );
    let json = check(&material);
    let docx = std::fs::read(out.join("报告/自评.docx")).expect("written");
    let xlsx = std::fs::read(out.join("表.zip/自评表.xlsx")).expect("written");
    let words = part(&docx, "word/comments.xml")
        .matches("<w:comment ")
        .count();
    let cells = parts(&xlsx)
        .into_iter()
        .filter(|p| p.0.starts_with("xl/comments"));
    let heading = |line: &&str| {
        ["错误　", "警告　", "提示　"]
            .iter()
            .any(|s| line.starts_with(s))
    };
    let cells = cells.map(|p| {
        let text = String::from_utf8(p.1).expect("UTF-8");
        text.lines().filter(heading).count()
    });
    assert_eq!(words + cells.sum::<usize>(), first_causes(&json));
    // `fix` changes the Word files of a bundle, each in its own copy, and says so of the rest.
    let fixed = dir.join("已改");
    let done = run(&[
        "fix",
        text(&material),
        "--out",
        text(&fixed),
        "--format",
        "json",
    ]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        said.contains("说明.txt 不是 Word 文件") && said.contains("自评表.xlsx 不是"),
        "{said}"
    );
    let json: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let changes = json["changes"].as_array().expect("changes");
    assert!(
        changes.len() >= 4 && changes.iter().all(|c| c["file"] == "报告/自评.docx"),
        "{json}"
    );
    let after = std::fs::read(fixed.join("报告/自评.docx")).expect("written");
    let document = part(&after, "word/document.xml");
    assert_eq!(document.matches("<w:del w:id=").count(), changes.len());
    assert!(!fixed.join("说明.txt").exists());
}

#[test]
fn fix_changes_numbers_of_headings_and_doubled_words_as_tracked_changes() {
    let out = folder("fix").join("fixed.docx");
    let output = run(&["fix", SEED, "--out", text(&out), "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let changes = json["changes"].as_array().expect("changes");
    let codes: Vec<&str> = changes.iter().filter_map(|c| c["code"].as_str()).collect();
    assert_eq!(codes, ["N102", "N101", "N101", "N101"]);
    let before = std::fs::read(SEED).expect("the sample");
    let after = std::fs::read(&out).expect("written");
    let document = part(&after, "word/document.xml");
    assert_eq!(document.matches("<w:del w:id=").count(), 4);
    assert_eq!(document.matches("<w:ins w:id=").count(), 4);
    let original = seen(&part(&before, "word/document.xml"));
    assert_eq!(seen(&reject(&document)), original);
    // Accepted: as the changes say, nothing else.
    let mut fixed = original;
    for (from, to) in [
        ("其中：其中：", "其中："),
        ("（2）项目支出情况", "（二）项目支出情况"),
        ("3、政府性基金", "三、政府性基金"),
        ("8、下一步", "八、下一步"),
    ] {
        let blank = |s: &str| s.replace(' ', "");
        assert_eq!(blank(&fixed).matches(from).count(), 1, "{from}");
        fixed = blank(&fixed).replacen(from, to, 1);
    }
    assert_eq!(seen(&document).replace(' ', ""), fixed);
    let (old, new) = (said(&check(Path::new(SEED))), said(&check(&out)));
    let settled = |f: &&String| f.contains("\"N101\"") || f.contains("\"N102\"");
    assert_eq!(new.iter().filter(settled).count(), 0);
    assert_eq!(new.len() + old.iter().filter(settled).count(), old.len());
    let only = out.with_file_name("only.docx");
    let output = run(&["fix", SEED, "--out", text(&only), "--only", "N102"]);
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let output = run(&["fix", SEED, "--out", text(&only), "--only", "X301"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_rate_and_its_score_follow_by_the_forms_own_formula() {
    let path = folder("rate").join("附件2.docx");
    let row = |cells: &[&str]| {
        let cells: String = cells
            .iter()
            .map(|c| format!("<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>"))
            .collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let rows = [
        row(&[
            "项目名称",
            "河道清淤",
            "主管部门",
            "水利局",
            "实施单位",
            "水利局",
            "",
            "",
        ]),
        row(&[
            "",
            "",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ]),
        row(&[
            "项目资金（万元）",
            "年度资金总额",
            "200.00",
            "200.00",
            "180.00",
            "10",
            "95%",
            "9.5",
        ]),
    ];
    let body = format!(
        "<w:p><w:r><w:t>2023年度项目支出绩效自评表</w:t></w:r></w:p><w:tbl>{}</w:tbl><w:p/>",
        rows.concat()
    );
    std::fs::write(&path, docx_of(&body)).expect("written");
    let codes =
        |json: &Value| -> Vec<String> { said(json).iter().map(|f| f[1..5].into()).collect() };
    assert!(codes(&check(&path)).contains(&"A201".to_string()));
    let out = path.with_file_name("fixed.docx");
    let output = run(&["fix", text(&path), "--out", text(&out)]);
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(listed.contains("95% → 90%"), "{listed}");
    assert!(listed.contains("9.5 → 9　"), "{listed}");
    let after = codes(&check(&out));
    assert!(
        !after.iter().any(|c| c == "A201" || c == "A202"),
        "{after:?}"
    );
    let document = part(&std::fs::read(&out).expect("written"), "word/document.xml");
    assert_eq!(seen(&reject(&document)), seen(&body));
}

#[test]
fn a_copy_without_changes_is_read_alike() {
    let bytes = std::fs::read(SEED).expect("the sample");
    let copy = rewrite(&bytes, &Budget::default(), &[]).expect("written");
    assert_eq!(parts(&copy), parts(&bytes));
}
