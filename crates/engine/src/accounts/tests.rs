//! Final accounts as they are published come in; their figures by item, and what is no final account, are held against what is printed.

use super::accounts;
use crate::read::markdown;
use crate::rulebook::Shelf;
use jiheng_model::{Accounts, Unit};
use jiheng_office::Budget;

fn read(text: &str) -> Option<Accounts> {
    let document = markdown::read("部门决算.docx", text, &Budget::default());
    let shelf = Shelf::embedded();
    accounts(&[document], &shelf.rulebooks["cn/municipal/2023"])
        .into_iter()
        .next()
}

/// Items with their amounts in 万元 (or as printed, where they are no money).
fn figures(text: &str) -> Vec<(String, String)> {
    let accounts = read(text).expect("final accounts");
    let shown = accounts.figures.iter().map(|f| {
        let wan = f
            .unit
            .as_ref()
            .and_then(|u| u.convert(f.value, &Unit::wan_yuan()));
        (
            f.item.clone(),
            wan.unwrap_or(f.value).normalize().to_string(),
        )
    });
    shown.filter(|(item, _)| !item.starts_with('-')).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = all.iter().map(|(a, b)| (a.to_string(), b.to_string()));
    owned.collect()
}

const TITLE: &str = "2023年度青渚市水务局部门决算\n\n";

#[test]
fn the_statement_of_a_department_is_read_sentence_by_sentence() {
    let text = TITLE.to_string()
        + "一、收入支出决算总体情况说明\n\n2023年度收、支总计9859.38万元。与2022年度相比，收、支总计增加1062.85万元，增长12.08%。主要原因：项目支出增加1133.95万元。\n\n\
           二、收入决算情况说明\n\n本年收入合计9746.50万元，其中：财政拨款收入9746.50万元，占100.00%。\n\n\
           三、支出决算情况说明\n\n本年支出合计 9759.38 万元，其中：基本支出5377.64万元，占55.10%；项目支出4381.74万元，占44.90%。\n\n\
           五、一般公共预算财政拨款支出决算情况说明\n\n一般公共预算财政拨款支出年初预算为10210.34万元，支出决算为9746.50万元，完成年初预算的95.45%。其中：项目支出2000.00万元。\n\n\
           六、一般公共预算财政拨款基本支出决算情况说明\n\n一般公共预算财政拨款基本支出5377.64万元。其中：人员经费4896.98万元，主要包括：基本工资；公用经费480.66万元，主要包括：办公费。\n\n\
           七、“三公”经费\n\n“三公”经费财政拨款支出年初预算为2.85万元，支出决算为0.39万元，完成预算的13.68%，其中：因公出国（境）费决算为0.00万元；公务接待费支出决算为0.39万元，完成预算的13.68%。2023年度“三公”经费财政拨款支出决算数比2022年度减少0.15万元，下降27.78%。\n\n\
           （二）政府采购支出总额2319.21万元，其中：政府采购货物支出122.43万元。机关运行经费支出1428000元，比2022年度减少13.52万元。\n";
    assert_eq!(
        figures(&text),
        pairs(&[
            ("total_expenditure", "9759.38"),
            ("basic", "5377.64"),
            ("project", "4381.74"),
            ("general_public.budget", "10210.34"),
            ("general_public", "9746.5"),
            ("grant_basic", "5377.64"),
            ("personnel", "4896.98"),
            ("operating_all", "480.66"),
            ("three_publics.budget", "2.85"),
            ("three_publics", "0.39"),
            ("three_publics.abroad", "0"),
            ("three_publics.reception", "0.39"),
            ("procurement", "2319.21"),
            ("agency_operation", "142.8"),
        ])
    );
    let accounts = read(&text).unwrap();
    assert_eq!(accounts.year, Some(2023));
    assert_eq!(accounts.unit.as_deref(), Some("青渚市水务局"));
}

#[test]
fn a_sentence_broken_into_lines_is_one_sentence() {
    let text = TITLE.to_string()
        + "本年支出合计9759.38\n\n万元，其中：基本支出 5377.64 万元，\n\n占55.10%；项目支出4381.74万元。\n";
    assert_eq!(
        figures(&text),
        pairs(&[
            ("total_expenditure", "9759.38"),
            ("basic", "5377.64"),
            ("project", "4381.74"),
        ])
    );
}

#[test]
fn tables_are_read_by_the_labels_around_a_cell_whichever_way_they_lie() {
    let text = "收入支出决算总表\n\n部门：青渚市水务局　2023年度　金额单位：元\n\n\
        | 收入 | < | < | 支出 | < | < |\n|---|---|---|---|---|---|\n| 项目 | 行次 | 决算数 | 项目 | 行次 | 决算数 |\n| 一、一般公共预算财政拨款收入 | 1 | 97465000.00 | 一、一般公共服务支出 | 31 |  |\n| 本年收入合计 | 27 | 97465000.00 | 本年支出合计 | 57 | 97593800.00 |\n\n\
        支出决算表\n\n单位：万元\n\n| 项目 | < | 本年支出合计 | 基本支出 | 项目支出 |\n|---|---|---|---|---|\n| 科目编码 | 科目名称 | ^ | ^ | ^ |\n| 栏次 | < | 1 | 2 | 3 |\n| 合计 | < | 9759.38 | 5377.64 | 4381.74 |\n| 208 | 社会保障和就业支出 | 754.75 | 754.75 |  |\n\n\
        财政拨款“三公”经费支出决算表\n\n单位：万元\n\n| 预算数 | < | < | < | < | < | 决算数 | < | < | < | < | < |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n| 合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | < | < | 公务接待费 | 合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | < | < | 公务接待费 |\n| ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行维护费 | ^ | ^ | ^ | 小计 | 公务用车购置费 | 公务用车运行维护费 | ^ |\n| 9.00 | 0.00 | 5.00 | 0.00 | 5.00 | 4.00 | 7.50 | 0.00 | 4.50 | 0.00 | 4.50 | 3.00 |\n";
    assert_eq!(
        figures(text),
        pairs(&[
            ("total_expenditure", "9759.38"),
            ("total_expenditure", "9759.38"),
            ("basic", "5377.64"),
            ("project", "4381.74"),
            ("functional.basic.208", "754.75"),
            ("three_publics.budget", "9"),
            ("three_publics", "7.5"),
            ("three_publics.abroad", "0"),
            ("three_publics.vehicles", "4.5"),
            ("three_publics.vehicles.purchase", "0"),
            ("three_publics.vehicles.operation", "4.5"),
            ("three_publics.reception", "3"),
        ])
    );
    let accounts = read(text).unwrap();
    assert_eq!(accounts.tables, [1, 2, 3]);
    assert_eq!(accounts.unit.as_deref(), Some("青渚市水务局"));
}

#[test]
fn a_self_evaluation_that_speaks_of_final_accounts_is_none() {
    assert!(read("2023年度青渚市水务局整体支出绩效自评报告\n\n一、部门基本情况\n\n数据来自部门决算报表。\n").is_none());
}
