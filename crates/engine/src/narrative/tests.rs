//! The report of the sample and of the consistent packages, read as paragraphs.

use super::*;
use crate::rulebook::{Parameter, ParameterValue};
use jiheng_model::document::{Block, Paragraph};
use jiheng_model::{Decimal, Format};
use std::path::PathBuf;

/// A rulebook with nothing but the lexicons of the report.
pub fn lexicons() -> Rulebook {
    let mut rulebook = Rulebook::default();
    for text in [
        include_str!("../../../../rulebooks/cn/mof/2020/parameters/items.toml"),
        include_str!("../../../../rulebooks/cn/mof/2020/parameters/classification.toml"),
        include_str!("../../../../rulebooks/cn/mof/2020/parameters/outline.toml"),
    ] {
        let table: toml::Table = text.parse().expect("the file is TOML");
        for (name, parameter) in table["parameter"]
            .as_table()
            .expect("parameters are a table")
        {
            let words = |v: &toml::Value| {
                v.as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|w| w.as_str())
                    .map(String::from)
                    .collect::<Vec<_>>()
            };
            let value = match &parameter["value"] {
                toml::Value::Table(t) => ParameterValue::Dictionary(
                    t.iter().map(|(k, v)| (k.clone(), words(v))).collect(),
                ),
                list => ParameterValue::Words(words(list)),
            };
            rulebook.parameters.insert(
                name.clone(),
                Parameter {
                    value,
                    basis: Vec::new(),
                    from: "test".into(),
                },
            );
        }
    }
    rulebook
}

/// A document of paragraphs.
pub fn document(lines: &[&str]) -> Document {
    let mut document = Document::empty("报告.docx", Format::Docx);
    for (i, line) in lines.iter().enumerate() {
        let start = document.text.len() as u32;
        document.text.push_str(line);
        let end = document.text.len() as u32;
        document.paragraphs.push(Paragraph {
            text: start..end,
            numbering: 0,
            level: None,
            bytes: 0..0,
        });
        document.blocks.push(Block::Paragraph(i as u32 + 1));
    }
    document
}

fn shared(path: &str) -> Option<String> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(path);
    let text = std::fs::read_to_string(&path);
    if text.is_err() {
        eprintln!("skipped: {} is absent", path.display());
    }
    text.ok()
}

/// The report of a text dump: everything after the last table row before its title.
fn report(path: &str) -> Option<Narrative> {
    let text = shared(path)?;
    let lines: Vec<&str> = text.lines().collect();
    let title = lines
        .iter()
        .position(|l| l.ends_with("整体支出绩效自评报告") && !l.contains('《'))?;
    Some(narrative(
        &[document(&lines[title - 1..])],
        &[],
        &lexicons(),
    ))
}

fn facts<'a>(n: &'a Narrative, item: &'a str) -> Vec<&'a str> {
    n.facts_of(item).map(|(_, f)| f.text.as_str()).collect()
}

#[test]
fn the_sample_report_becomes_sections_and_facts() {
    let Some(n) = report("corpus/seed/package.txt") else {
        return;
    };
    if std::env::var_os("SHOW_FACTS").is_some() {
        show(&n);
    }
    assert_eq!(n.year, Some(2023));
    assert_eq!(
        n.unit_name.as_ref().map(|u| u.text.as_str()),
        Some("岳阳市自然资源和规划局")
    );
    assert_eq!(facts(&n, "authorized_posts"), ["65人"]);
    assert_eq!(facts(&n, "authorized_posts.admin"), ["61人"]);
    assert_eq!(facts(&n, "staff_in_post"), ["61人"]);
    assert_eq!(facts(&n, "basic"), ["2727.38万元"]);
    assert_eq!(facts(&n, "personnel.share"), ["57.63%"]);
    assert_eq!(facts(&n, "econ.302"), ["1117.90万元"]);
    assert_eq!(facts(&n, "econ.303"), ["444.60万元"]);
    assert_eq!(facts(&n, "func.212"), ["2,279.05万元"]);
    let (project, _) = n
        .facts_of("project")
        .next()
        .expect("the sample states its project spending");
    assert_eq!(n.facts.iter().filter(|f| f.of == Some(project)).count(), 7);
    assert_eq!(n.facts_of("grade").count(), 1);
    let key = |k: &str| n.section(k).map(|s| (s.level, s.mark.clone()));
    assert_eq!(key("project"), Some((2, "（2）".into())));
    assert_eq!(key("government_fund"), Some((1, "3、".into())));
    assert_eq!(key("measures"), Some((1, "8、".into())));
    assert_eq!(n.annexes.len(), 3);
}

#[test]
fn full_width_digits_are_digits_and_stay_in_the_words() {
    let document = document(&[
        "2023年度青渚市水利局整体支出绩效自评报告",
        "二、一般公共预算支出情况",
        "2023年度基本支出１２３４．５０万元，其中：人员经费支出1000.50万元。",
    ]);
    let read = narrative(&[document], &[], &lexicons());
    let fact = read.facts_of("basic").next().map(|(_, f)| f);
    let fact = fact.expect("the number is read");
    assert_eq!(fact.value, Decimal::new(123_450, 2));
    assert_eq!(fact.text, "１２３４．５０万元");
    let At::Text { chars, .. } = fact.origin.at else {
        panic!("it stands in a paragraph");
    };
    assert_eq!(chars, (10, 19));
}

#[test]
fn places_are_characters_of_the_paragraph() {
    let doc = document(&[
        "2023年度某局整体支出绩效自评报告",
        "一、部门基本情况",
        "2023年度我局基本支出2,727.38万元，其中：人员经费1571.88万元。",
    ]);
    let n = narrative(&[doc], &[], &lexicons());
    let fact = n.facts.first().expect("a fact");
    assert_eq!(fact.item.as_deref(), Some("basic"));
    assert_eq!(fact.origin, jiheng_model::Origin::text(0, 3, 12, 22));
    assert_eq!(n.facts[1].of, Some(0));
}

#[test]
fn facts_of_a_consistent_report_are_those_of_its_truth() {
    for number in 201..=206 {
        let Some(n) = report(&format!("corpus/consistent/000{number}.txt")) else {
            return;
        };
        let Some(truth) = shared(&format!("corpus/consistent/000{number}.truth.json")) else {
            return;
        };
        if std::env::var_os("SHOW_FACTS").is_some() {
            show(&n);
        }
        let truth: serde_json::Value = serde_json::from_str(&truth).expect("truth is JSON");
        for (key, item) in TRUTH {
            let Some(expected) = truth["facts"][key].as_str() else {
                continue;
            };
            let expected = expected.trim_end_matches('%').replace(',', "");
            let found = n
                .facts_of(item)
                .map(|(_, f)| f.value.to_string())
                .collect::<Vec<_>>();
            assert!(
                found.contains(&expected),
                "{number} {key} {item}: {expected} not in {found:?}"
            );
        }
    }
}

/// Keys of the truth files and the items they are.
const TRUTH: &[(&str, &str)] = &[
    ("staff.bianzhi", "authorized_posts"),
    ("staff.admin", "authorized_posts.admin"),
    ("staff.inst", "authorized_posts.institution"),
    ("staff.zaizhi", "staff_in_post"),
    ("staff.rate", "staff.control_rate"),
    ("out.total", "total_expenditure"),
    ("out.gen", "general_public"),
    ("out.gen.share", "general_public.share"),
    ("out.fund", "government_fund"),
    ("out.other", "other_funds"),
    ("bud.init", "original_budget"),
    ("bud.full", "final_budget"),
    ("bud.adj", "change.adjustment"),
    ("bud.adj.rate", "adjustment_rate"),
    ("bud.exec", "outturn"),
    ("bud.rate", "execution_rate"),
    ("basic", "basic"),
    ("basic.person", "personnel"),
    ("basic.person.share", "personnel.share"),
    ("basic.public", "operating_all"),
    ("basic.public.share", "operating_all.share"),
    ("econ.301", "econ.301"),
    ("econ.302", "econ.302"),
    ("econ.303", "econ.303"),
    ("econ.310", "econ.310"),
    ("basic.init", "basic.original_budget"),
    ("basic.adj", "basic.change.adjustment"),
    ("sg.bud", "three_publics.budget"),
    ("sg.act", "three_publics"),
    ("sg.save", "three_publics.change.budget"),
    ("sg.rate", "three_publics.control_rate"),
    ("sg.chg.diff", "three_publics.change.prior"),
    ("sg.chg.rate", "three_publics.change.prior"),
    ("sg.buy", "three_publics.vehicles.purchase"),
    ("sg.run", "three_publics.vehicles.operation"),
    (
        "sg.run.chg.diff",
        "three_publics.vehicles.operation.change.prior",
    ),
    ("sg.abroad", "three_publics.abroad"),
    ("sg.recep", "three_publics.reception"),
    ("sg.recep.chg.rate", "three_publics.reception.change.prior"),
    ("proc.bud", "procurement.budget"),
    ("proc.act", "procurement"),
    ("proc.rate", "procurement.execution_rate"),
    ("proc.chg.diff", "procurement.change.prior"),
    ("proj", "project"),
    ("proj.gen", "project.general_public"),
    ("proj.fund", "project.government_fund"),
    ("proj.other", "project.other_funds"),
    ("proj.chg.diff", "project.change.prior"),
    ("proj.chg.rate", "project.change.prior"),
    ("fund.act", "government_fund"),
    ("func.212", "func.212"),
    ("func.213", "func.213"),
    ("func.221", "func.221"),
    ("score.total", "score.total"),
    ("score.exec", "score.execution"),
    ("score.out", "score.output"),
    ("score.ben", "score.outcome"),
    ("score.sat", "score.satisfaction"),
    ("score.money", "outturn"),
    ("ind.count", "indicators.count"),
    ("ind.met", "indicators.met"),
    ("ind.under", "indicators.unmet"),
    ("proj.count", "projects.count"),
    ("proj.avg", "projects.average"),
    ("survey.sent", "survey.sent"),
    ("survey.valid", "survey.valid"),
    ("survey.rate", "survey.response_rate"),
    ("survey.ok", "survey.satisfied"),
];

fn show(n: &Narrative) {
    for s in &n.sections {
        eprintln!(
            "{:>3} {} {:?} {} [{}] {:?}..{}",
            s.paragraph, s.level, s.style, s.mark, s.title, s.key, s.last
        );
    }
    for (i, f) in n.facts.iter().enumerate() {
        eprintln!(
            "{i:>3} {:<28} {:<14} {:?} of {:?} {:?} | {}",
            f.item.as_deref().unwrap_or("-"),
            f.text,
            f.role,
            f.of,
            f.period,
            f.label
        );
    }
    eprintln!(
        "{:?} {:?} {:?}",
        n.title.as_ref().map(|t| &t.text),
        n.unit_name.as_ref().map(|t| &t.text),
        n.dated
    );
    eprintln!(
        "{:?}",
        n.annexes
            .iter()
            .map(|a| (a.ordinal, &a.title))
            .collect::<Vec<_>>()
    );
}
