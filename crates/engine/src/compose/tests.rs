//! Packages whose numbers agree come in; their composed reports, read back beside the forms, must not contradict them.

use super::*;
use crate::read::{Package, SourceFile};
use crate::rulebook::Shelf;
use jiheng_model::Filing;
use jiheng_model::origin::At;
use std::path::Path;

fn evaluation(name: &str, bytes: Vec<u8>, rulebook: Option<&str>) -> Evaluation {
    let package = Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes,
        }],
    };
    crate::evaluate(&package, Shelf::embedded(), rulebook).expect("a rulebook")
}

/// The report as a text file: title, text, closing.
fn text(composed: &Composed) -> String {
    let lines = composed.lines.iter().map(|l| l.text.as_str());
    let closing = composed.closing.iter().map(String::as_str);
    let all: Vec<&str> = std::iter::once(composed.title.as_str())
        .chain(lines)
        .chain(closing)
        .collect();
    all.join("\n") + "\n"
}

/// Reads the composed report as a file of its own beside the forms: what it says is what the forms say.
fn read_back(name: &str, own: &Evaluation, composed: &Composed) -> Filing {
    let generated: Vec<&str> = composed
        .lines
        .iter()
        .filter(|l| l.kind == LineKind::Generated)
        .map(|l| l.text.as_str())
        .collect();
    assert!(generated.len() >= 3, "{name}: {generated:?}");
    let report = text(composed).into_bytes();
    let read = evaluation("报告.txt", report, Some(&own.rulebook.id));
    let narrative = &read.filing.narrative;
    for said in &composed.said {
        let Some(number) = said.number else { continue };
        let is = |f: &jiheng_model::Fact| {
            f.amount().unwrap_or(f.value) == number && f.item.as_ref() == Some(&said.item)
        };
        let printed = own.rulebook.dictionary("item_fields");
        if printed.is_some_and(|p| p.contains_key(&said.item)) && said.item != "outturn" {
            assert!(
                narrative.facts.iter().any(is),
                "{name}: {said:?} is not read back from {generated:?}"
            );
        }
    }
    let mut documents = own.documents.clone();
    let mut filing = own.filing.clone();
    filing.narrative = narrative.clone();
    filing.narrative.file = documents.len() as u16;
    for fact in &mut filing.narrative.facts {
        fact.origin.file = documents.len() as u16;
    }
    documents.extend(read.documents.iter().cloned());
    let scores = crate::score::score(&filing, &own.rulebook);
    let checked = crate::check::check(&documents, &filing, &scores, &own.rulebook);
    let between = checked.findings.iter().filter(|f| f.code.starts_with('X'));
    // That printed cents do not add up to the last one is a hint on the forms, no disagreement.
    for finding in between.filter(|f| f.severity != jiheng_model::Severity::Hint) {
        // What the author's own sentences contradict is the author's to settle.
        let lines: Vec<&str> = finding
            .places
            .iter()
            .filter(|place| place.form == "narrative")
            .filter_map(|place| match place.origin.at {
                At::Text { paragraph, .. } => Some(documents.last()?.paragraph_text(paragraph)),
                At::Cell { .. } => None,
            })
            .collect();
        assert!(
            lines.is_empty() || lines.iter().any(|line| !generated.contains(line)),
            "{name}: {} {} on {lines:?}",
            finding.code,
            finding.message
        );
    }
    read.filing
}

/// The least number of packages of the corpus that are read back, where the corpus is there.
const LEAST: usize = 12;

#[test]
fn generated_sentences_agree_with_the_forms_of_consistent_packages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/consistent");
    if !root.is_dir() {
        eprintln!("skipped: {} is absent", root.display());
        return;
    }
    let mut seen = 0;
    for name in (1..=12).map(|n| format!("{n:06}.docx")) {
        let Ok(bytes) = std::fs::read(root.join(&name)) else {
            continue;
        };
        let own = evaluation(&name, bytes, None);
        let composed = compose(&own).expect("a rulebook with sentences");
        read_back(&name, &own, &composed);
        seen += 1;
    }
    assert!(seen >= LEAST, "{seen} packages");
}

/// Every name in what is open is Chinese: no key of the data reaches a reader.
fn assert_plain(open: &[String]) {
    for line in open {
        let dotted = line.split(|c: char| !c.is_ascii_alphanumeric() && !"._*".contains(c));
        for word in dotted {
            assert!(!word.contains(|c: char| c.is_ascii_lowercase()), "{line}");
        }
    }
}

#[test]
fn the_samples_sentences_say_what_its_forms_say_and_what_is_missing_is_listed() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023/package.docx");
    let own = evaluation("a.docx", std::fs::read(path).expect("the sample"), None);
    let composed = compose(&own).expect("sentences");
    let all = text(&composed);
    assert!(
        all.contains("基本支出2727.38万元，占全年执行数的40.16%"),
        "{all}"
    );
    assert!(all.contains("编制数61人"));
    assert!(
        composed
            .open
            .iter()
            .any(|o| o.contains("编报绩效目标的项目数") && o.contains("绩效目标申报表"))
    );
    assert_plain(&composed.open);
    assert!(all.contains("预算执行率10分、产出指标50分、效益指标30分、满意度指标10分"));
    assert!(all.contains("增加5292.50万元，预算调整率353.30%"), "{all}");
    assert!(all.contains("信访办结回复满意率98%、群众满意度98%"));
    // The author's annex list and text stay; his cover's date is open.
    assert!(all.contains("3.项目支出绩效自评表（一个一级项目支出一张表）"));
    assert!(all.contains("（二）项目支出情况"), "{all}");
    read_back("the sample", &own, &composed);
    assert!(
        composed
            .open
            .iter()
            .any(|o| o.contains("65人") && o.contains("61 不同"))
    );
    assert!(composed.publication[0].contains("项目2个"));
    assert!(composed.publication[0].contains("“优秀”2个、“良好”0个"));
}

/// The sample with final accounts beside it.
fn with_accounts(rows: &str, pay: &str, goods: &str) -> Evaluation {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023");
    let sample = std::fs::read(root.join("package.docx")).expect("the sample");
    let accounts = format!(
        "<p>2023年度岳阳市自然资源和规划局本级部门决算</p><p>支出决算表</p><p>单位：万元</p><table>\
         <tr><td>科目编码</td><td>科目名称</td><td>本年支出合计</td><td>基本支出</td><td>项目支出</td></tr>\
         <tr><td></td><td>合计</td><td>6790.53</td><td>2727.38</td><td>4063.14</td></tr>{rows}</table>\
         <p>一般公共预算财政拨款基本支出决算表</p><p>单位：万元</p><table>\
         <tr><td>科目名称</td><td>决算数</td></tr>\
         <tr><td>工资福利支出</td><td>{pay}</td></tr><tr><td>对个人和家庭的补助</td><td>444.60</td></tr>\
         <tr><td>商品和服务支出</td><td>{goods}</td></tr><tr><td>资本性支出</td><td>37.61</td></tr></table>"
    );
    let file = |name: &str, bytes| SourceFile {
        name: name.into(),
        bytes,
    };
    let package = Package {
        files: vec![
            file("自评.docx", sample),
            file("决算.html", accounts.into_bytes()),
        ],
    };
    crate::evaluate(&package, Shelf::embedded(), None).expect("a rulebook")
}

#[test]
fn classes_of_the_accounts_are_written_only_when_they_make_the_whole_and_the_forms_agree() {
    let row = |code: &str, name: &str, project: &str| {
        format!("<tr><td>{code}</td><td>{name}</td><td></td><td></td><td>{project}</td></tr>")
    };
    let rows = row("206", "科学技术支出", "77.86")
        + &row("212", "城乡社区支出", "2829.41")
        + &row("21203", "城乡社区公共设施", "2829.41")
        + &row("220", "自然资源海洋气象等支出", "1155.87");
    let own = with_accounts(&rows, "1127.27", "1117.90");
    assert_eq!(own.filing.accounts.len(), 1);
    let composed = compose(&own).expect("sentences");
    let all = text(&composed);
    assert!(
        all.contains("按支出功能分类，科学技术支出77.86万元、城乡社区支出2829.41万元、自然资源海洋气象等支出1155.87万元。"),
        "{all}\n{:?}",
        composed.open
    );
    // 附件1 says 999.14 for the same: nobody but the author can tell which is right.
    let question = "商品和服务支出：附件是 999.14 万元，决算是 1117.90 万元";
    assert!(
        composed.open.iter().any(|o| o.contains(question)),
        "{:?}",
        composed.open
    );
    read_back("with accounts", &own, &composed);

    let short = row("212", "城乡社区支出", "2829.41");
    let composed = compose(&with_accounts(&short, "1246.03", "999.14")).expect("sentences");
    assert!(!text(&composed).contains("按支出功能分类，城乡"));
    assert!(
        composed
            .open
            .iter()
            .any(|o| o.contains("各项相加 2829.41万元"))
    );
    let classes = "按经济分类，工资福利支出1246.03万元、商品和服务支出999.14万元、对个人和家庭的补助支出444.60万元、资本性支出37.61万元。";
    assert!(text(&composed).contains(classes), "{:?}", composed.open);
    assert_plain(&composed.open);
}

#[test]
fn measures_follow_the_problems_and_name_them() {
    let report = "2023年度青禾市水利局整体支出绩效自评报告\n一、部门基本情况\n本单位负责水利。\n七、存在的问题及原因分析\n1.预算编制不够精细。\n2.项目进度滞后。\n八、下一步改进措施\n1.加快项目进度。倒排工期。\n2.提高预算编制精细程度。\n";
    let own = evaluation(
        "报告.txt",
        report.as_bytes().to_vec(),
        Some("cn/municipal/2023"),
    );
    let all = text(&compose(&own).expect("sentences"));
    let first = all.find("1.针对“预算编制不够精细”，提高预算编制精细程度。");
    let second = all.find("2.针对“项目进度滞后”，加快项目进度。倒排工期。");
    assert!(first.is_some() && first < second, "{all}");
}

#[test]
fn a_date_on_the_authors_cover_is_not_asked_for_again() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/yueyang-2023/package.txt");
    let seed = std::fs::read_to_string(path).expect("the sample");
    let is_room = |line: &&str| line.split_whitespace().collect::<String>() == "年月日";
    let room = seed
        .lines()
        .find(is_room)
        .expect("room for a date on the cover");
    let asked = |text: &str| {
        let evaluation = evaluation("package.txt", text.as_bytes().to_vec(), None);
        let composed = compose(&evaluation).expect("sentences");
        let asked = composed.open.iter().any(|o| o.contains("日期没有填"));
        (asked, composed.closing.join("\n"))
    };
    assert!(asked(&seed).0);
    for date in ["2024年5月", "二〇二四年五月八日", "2024 年 5 月 8 日"] {
        let (asked, closing) = asked(&seed.replacen(room, date, 1));
        assert!(!asked, "{date}");
        let compact: String = closing.split_whitespace().collect();
        assert!(
            compact.contains("年5月") || compact.contains("年五月"),
            "{date}: {closing}"
        );
    }
}
