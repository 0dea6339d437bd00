//! Hand-built packages come in; what the assessment says of them is held against the printed standard.

use super::*;
use crate::read::{Package, SourceFile, read};
use crate::rulebook::Shelf;
use jiheng_model::assessment::DecidedBy;

fn evaluation(text: &str) -> Evaluation {
    let package = Package {
        files: vec![SourceFile {
            name: "材料.txt".into(),
            bytes: text.as_bytes().to_vec(),
        }],
    };
    crate::evaluate(&package, Shelf::embedded(), Some("cn/hunan/yueyang/2023")).expect("a rulebook")
}

fn file(name: &str, text: &str) -> Document {
    let package = Package {
        files: vec![SourceFile {
            name: name.into(),
            bytes: text.as_bytes().to_vec(),
        }],
    };
    read(&package).remove(0)
}

fn date(year: i16, month: u8, day: u8) -> Option<Date> {
    Some(Date {
        year,
        month: Some(month),
        day: Some(day),
    })
}

fn item(text: &str, key: &str, beside: &Beside) -> Item {
    let sheet = assess(&evaluation(text), beside).expect("a sheet");
    let mut items = sheet.items.into_iter();
    items.find(|i| i.key == key).expect("the item")
}

const REPORT: &str = "2023年度甲市水利局整体支出绩效自评报告\n一、部门基本情况\n编制40人。\n七、存在的问题及原因分析\n1、预算编制不够细。编制时没有逐项测算。\n2、固定资产台账更新不及时。\n3、部分采购开标偏晚。\n八、下一步改进措施\n1、把预算编制做细。\n2、更新固定资产台账。\n";

#[test]
fn the_sheet_has_eight_items_and_a_hundred_points() {
    let sheet = assess(&evaluation(REPORT), &Beside::default()).expect("a sheet");
    let names: Vec<&str> = sheet.items.iter().map(|i| i.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "自评通知",
            "工作小组",
            "单位自查",
            "提交报告",
            "完整性",
            "绩效自评表",
            "反映问题情况",
            "建议情况"
        ]
    );
    assert_eq!(sheet.total().max, Decimal::ONE_HUNDRED);
    assert!(sheet.total().score.is_none());
}

#[test]
fn a_rulebook_without_a_sheet_says_so() {
    let package = Package {
        files: vec![SourceFile {
            name: "材料.txt".into(),
            bytes: REPORT.as_bytes().to_vec(),
        }],
    };
    let national =
        crate::evaluate(&package, Shelf::embedded(), Some("cn/mof/2020")).expect("a rulebook");
    assert!(assess(&national, &Beside::default()).is_err());
}

#[test]
fn each_working_day_late_costs_a_point_and_an_unknown_year_is_not_guessed() {
    let late = |due, submitted| {
        let beside = Beside {
            due,
            submitted,
            ..Beside::default()
        };
        item(REPORT, "submission", &beside)
    };
    let score = |due, submitted| late(due, submitted).score();
    assert_eq!(
        score(date(2024, 4, 30), date(2024, 5, 8)),
        Some(Decimal::from(7))
    );
    assert_eq!(
        score(date(2024, 4, 30), date(2024, 4, 30)),
        Some(Decimal::TEN)
    );
    assert_eq!(
        score(date(2024, 4, 30), date(2024, 5, 5)),
        Some(Decimal::TEN)
    );
    assert_eq!(
        score(date(2024, 1, 31), date(2024, 5, 8)),
        Some(Decimal::ZERO)
    );
    let unknown = late(date(2031, 4, 30), date(2031, 5, 8));
    assert_eq!(unknown.decided_by(), DecidedBy::NoMaterial);
    assert!(unknown.derivation().contains("2031 年"));
    assert_eq!(late(date(2024, 4, 30), None).score(), None);
}

#[test]
fn a_notice_is_known_by_its_words_and_what_it_lacks_is_named() {
    let none = item(REPORT, "notice", &Beside::default());
    assert_eq!(none.decided_by(), DecidedBy::NoMaterial);
    assert!(none.derivation().contains("盖章的电子版"));
    let notice = "关于开展2023年度绩效自评工作的通知\n各单位：\n一、自评范围\n全部项目。\n二、自评主要依据\n预算批复。\n三、自评内容\n产出和效益。\n四、工作要求\n按时报送。\n附件：自评表\n";
    let beside = Beside {
        evidence: vec![file("a.txt", notice)],
        ..Beside::default()
    };
    let issued = item(REPORT, "notice", &beside);
    assert_eq!(issued.score(), Some(Decimal::from(7)));
    assert!(issued.derivation().contains("自评程序和步骤"));
    let team = item(REPORT, "team", &beside);
    assert_eq!(team.decided_by(), DecidedBy::NoMaterial);
}

#[test]
fn a_listed_unit_without_material_costs_a_point() {
    let text = format!("{REPORT}单位名称：甲市水利局\n");
    let beside = Beside {
        units: Some(vec!["甲市水利局河道站".into(), "甲市水利局水库处".into()]),
        evidence: vec![file(
            "b.txt",
            "甲市水利局河道站2023年度转移支付单位自评情况\n",
        )],
        ..Beside::default()
    };
    let units = item(&text, "self_check", &beside);
    assert_eq!(units.score(), Some(Decimal::from(9)));
    assert!(units.derivation().contains("水库处"));
}

#[test]
fn problems_and_suggestions_get_a_band_with_the_words_that_led_to_it() {
    let problems = item(REPORT, "problems", &Beside::default());
    assert_eq!(
        problems.band(),
        Some((Decimal::from(16), Decimal::from(18)))
    );
    assert!(problems.derivation().contains("“台账”") || problems.derivation().contains("“资产”"));
    assert_eq!(problems.places().count(), 3);
    let answers = item(REPORT, "suggestions", &Beside::default());
    assert_eq!(answers.band(), Some((Decimal::from(9), Decimal::from(11))));
    let money = REPORT
        .replace("1、预算编制不够细。编制时没有逐项测算。\n2、固定资产台账更新不及时。\n3、部分采购开标偏晚。", "1、经费不足。\n2、资金缺口较大。");
    let poor = item(&money, "problems", &Beside::default());
    assert_eq!(poor.band(), Some((Decimal::ZERO, Decimal::ZERO)));
}

#[test]
fn missing_sections_and_annexes_are_counted() {
    let whole = item(REPORT, "completeness", &Beside::default());
    assert_eq!(whole.score(), Some(Decimal::ONE));
    assert!(whole.derivation().contains("政府性基金"));
}
