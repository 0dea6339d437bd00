//! The corridor over whole packages: what the rules on complete forms, text, surveys and publication say.
//!
//! The material lies beside the repository; without it the tests say so and pass.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_model::Finding;
use std::path::{Path, PathBuf};

/// Families whose rules these tests are about.
const FAMILIES: [char; 4] = ['F', 'N', 'E', 'P'];

fn corpus() -> Option<PathBuf> {
    let path = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/corpus"
    ));
    if !path.is_dir() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path.to_path_buf())
}

fn walk(name: &str, bytes: Vec<u8>) -> Evaluation {
    let files = vec![SourceFile {
        name: name.into(),
        bytes,
    }];
    evaluate(&Package { files }, Shelf::embedded(), None).expect("a rulebook")
}

fn said(evaluation: &Evaluation) -> Vec<&Finding> {
    let findings = evaluation.checked.findings.iter();
    findings
        .filter(|f| FAMILIES.iter().any(|family| f.code.starts_with(*family)))
        .collect()
}

fn show(findings: &[&Finding]) -> String {
    let mut out = String::new();
    for f in findings {
        out.push_str(&format!("{} {:?} {}\n", f.code, f.severity, f.message));
        for p in &f.places {
            let place = format!("{} {:?} {} {:?}", p.form, p.kind, p.label, p.origin.at);
            out.push_str(&format!("    {place} 「{}」\n", p.text));
        }
    }
    out
}

#[test]
fn consistent_packages_are_silent() {
    let Some(corpus) = corpus() else { return };
    let mut loud = String::new();
    let mut seen = 0;
    let entries = std::fs::read_dir(corpus.join("consistent")).expect("a folder");
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.sort();
    for file in files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.ends_with(".json") {
            continue;
        }
        let evaluation = walk(&name, std::fs::read(&file).expect("a file"));
        let findings = said(&evaluation);
        seen += 1;
        if !findings.is_empty() {
            loud.push_str(&format!("== {name}\n{}", show(&findings)));
        }
    }
    assert!(seen > 0);
    assert!(loud.is_empty(), "{loud}");
}

/// Codes of the sample's findings and how many places each has.
const SAMPLE: [(&str, usize); 10] = [
    ("F302", 2),
    ("N101", 3),
    ("N102", 1),
    ("N103", 1),
    ("N112", 2),
    ("N113", 3),
    ("N201", 4),
    ("N203", 1),
    ("N204", 4),
    ("P101", 3),
];

#[test]
fn the_sample_has_its_known_defects() {
    let Some(corpus) = corpus() else { return };
    let file = corpus.join("seed/package.docx");
    let evaluation = walk("package.docx", std::fs::read(file).expect("a file"));
    let findings = said(&evaluation);
    for (code, places) in SAMPLE {
        let found: Vec<usize> = findings
            .iter()
            .filter(|f| f.code == code)
            .map(|f| f.places.len())
            .collect();
        assert_eq!(found, [places], "{code}\n{}", show(&findings));
    }
}

/// A faultless package as a text dump, changed in one place.
fn changed(corpus: &Path, change: impl Fn(&str) -> String) -> Evaluation {
    let text = std::fs::read_to_string(corpus.join("consistent/000201.txt")).expect("a file");
    let altered = change(&text);
    assert_ne!(altered, text, "the change does not apply");
    walk("000201.txt", altered.into_bytes())
}

/// A package with the `n`th occurrence (from 0) of a text replaced.
fn replaced(text: &str, n: usize, from: &str, to: &str) -> String {
    let at = text
        .match_indices(from)
        .nth(n)
        .expect("the words to change")
        .0;
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}

/// Text from the first `from` up to the next `to`, taken out.
fn without(text: &str, from: &str, to: &str) -> String {
    let start = text.find(from).expect("the beginning");
    let end = start + from.len() + text[start + from.len()..].find(to).expect("the end");
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn one_defect_is_one_finding() {
    let Some(corpus) = corpus() else { return };
    type Change = fn(&str) -> String;
    let defects: [(&str, &str, Change); 24] = [
        ("a signature", "F301", |t| {
            replaced(t, 1, "单位负责人签字：祝书白", "单位负责人签字：")
        }),
        ("a date", "F301", |t| {
            replaced(t, 0, "填报日期：2025年4月16日", "填报日期：")
        }),
        ("a foot", "F303", |t| {
            replaced(
                t,
                1,
                "填表人：容临风  填报日期：2025年4月16日  联系电话：局办公室  单位负责人签字：祝书白",
                "",
            )
        }),
        ("a project form", "F201", |t| {
            without(t, " 附件3-2", " 附件3-3")
        }),
        ("the department form", "F101", |t| {
            without(t, " 附件2\n", " 附件3-1")
        }),
        ("the report", "F101", |t| {
            t[..t
                .find(" 2024年度青渚市住房和城乡建设局\n")
                .expect("a cover")]
                .to_string()
        }),
        ("a section", "N301", |t| {
            without(t, "三、政府性基金", "四、国有资本")
        }),
        ("text of a section", "N303", |t| {
            replaced(
                t,
                0,
                "2024年度市住房和城乡建设局没有使用政府性基金预算安排的支出。\n",
                "",
            )
        }),
        ("a measure", "N201", |t| {
            without(t, "3.加快资金支付进度", "4.提前开展")
        }),
        ("a problem", "N201", |t| {
            without(t, "2.部分履职指标未达到", "3.个别项目")
        }),
        ("a heading number", "N101", |t| {
            replaced(t, 0, "（二）项目支出情况", "（三）项目支出情况")
        }),
        ("a word twice", "N102", |t| {
            replaced(
                t,
                0,
                "2024年度基本支出3564.55万元，其中：",
                "2024年度基本支出3564.55万元，其中：其中：",
            )
        }),
        ("a bracket", "N103", |t| {
            replaced(
                t,
                0,
                "（以下简称“市住房和城乡建设局”）",
                "（以下简称“市住房和城乡建设局”",
            )
        }),
        ("a placeholder", "N111", |t| {
            replaced(t, 0, "内设办公室", "内设XX科、办公室")
        }),
        ("a placeholder in a form", "N111", |t| {
            replaced(t, 0, "合同审查环节多用了33天", "合同审查环节多用了××天")
        }),
        ("words of the template", "N112", |t| {
            replaced(t, 0, "2025年5月26日\n", "2025年5月26日\n（此页为封面）\n")
        }),
        ("an old term", "N113", |t| {
            replaced(t, 0, "指导村镇建设", "推进国土资源工作，指导村镇建设")
        }),
        ("a telephone", "P101", |t| {
            replaced(t, 0, "联系电话：局办公室", "联系电话：07300000000")
        }),
        ("a mobile", "P101", |t| {
            replaced(
                t,
                0,
                "没有其他需要说明的情况。",
                "没有其他需要说明的情况。联系人甲，13900000000。",
            )
        }),
        ("the survey", "E101", |t| {
            replaced(
                t,
                0,
                "发放问卷806份，回收有效问卷776份，有效回收率96.28%，其中表示满意的723份，",
                "",
            )
        }),
        ("the rate of a survey", "E102", |t| {
            replaced(t, 0, "满意384份", "满意348份")
        }),
        ("an annex number", "N302", |t| {
            replaced(t, 0, " 附件3-2\n", " 附件3-1\n")
        }),
        ("the number of annexes", "N302", |t| {
            replaced(t, 0, "共3张", "共5张")
        }),
        ("a date on the cover", "F302", |t| {
            replaced(t, 0, "（盖章）\n2025年5月26日", "（盖章）\n年  月  日")
        }),
    ];
    let mut wrong = String::new();
    for (name, code, change) in defects {
        let evaluation = changed(&corpus, change);
        let findings: Vec<&Finding> = evaluation.checked.findings.iter().collect();
        let roots: Vec<&str> = findings
            .iter()
            .filter(|f| f.caused_by.is_none())
            .map(|f| f.code.as_str())
            .collect();
        if roots != [code] {
            wrong.push_str(&format!(
                "== {name}: wanted {code}, got {roots:?}\n{}",
                show(&findings)
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
