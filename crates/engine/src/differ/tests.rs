//! Two versions and two years of made-up packages come in; what they are said to differ in is held against what was changed.

use super::*;
use crate::read::{Package, SourceFile};
use crate::rulebook::Shelf;
use jiheng_model::difference::{Change, State};

fn evaluation(html: &str) -> Evaluation {
    let package = Package {
        files: vec![SourceFile {
            name: "a.html".into(),
            bytes: html.as_bytes().to_vec(),
        }],
    };
    crate::evaluate(&package, Shelf::embedded(), Some("cn/mof/2020")).expect("a rulebook")
}

fn project(year: u16, rows: &[[&str; 5]]) -> String {
    let mut out = format!(
        "<p>附件3</p><p>{year}年度项目支出绩效自评表</p><table><tr><td>项目支出名称</td><td colspan=7>河道疏浚</td></tr><tr><td>主管部门</td><td colspan=3>甲市水利局</td><td>实施单位</td><td colspan=3>甲市水利局</td></tr><tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>年度指标值</td><td>实际完成值</td><td>分值</td><td>得分</td><td>偏差原因分析及改进措施</td></tr>"
    );
    for [name, target, actual, points, score] in rows {
        out.push_str(&format!("<tr><td>产出指标</td><td>数量指标</td><td>{name}</td><td>{target}</td><td>{actual}</td><td>{points}</td><td>{score}</td><td></td></tr>"));
    }
    out + "</table>"
}

#[test]
fn rows_are_told_as_changed_renamed_added_and_removed() {
    let old = project(
        2023,
        &[
            ["疏浚河道长度", "12公里", "12公里", "30", "30"],
            ["参训学员满意率", "≥90%", "95%", "20", "20"],
            ["清淤方量", "3万立方米", "3万立方米", "20", "20"],
        ],
    );
    let new = project(
        2023,
        &[
            ["疏浚河道长度", "12公里", "10公里", "30", "25"],
            ["参训学员满意度", "≥90%", "95%", "20", "20"],
            ["新建护岸长度", "2公里", "2公里", "20", "20"],
        ],
    );
    let told = differ(&evaluation(&old), &evaluation(&new));
    assert!(!told.two_years);
    assert_eq!(told.forms.len(), 1);
    let changes = &told.forms[0].changes;
    let cell = |label: &str, before: &str, after: &str| Change::Cell {
        label: label.into(),
        before: before.into(),
        after: after.into(),
    };
    assert!(
        changes.contains(&cell("疏浚河道长度 · 实际完成值", "12公里", "10公里")),
        "{changes:?}"
    );
    assert!(changes.contains(&cell("疏浚河道长度 · 得分", "30", "25")));
    let has = |f: &dyn Fn(&Change) -> bool| changes.iter().any(f);
    assert!(has(
        &|c| matches!(c, Change::RowRenamed { before, .. } if before == "参训学员满意率")
    ));
    assert!(has(
        &|c| matches!(c, Change::RowAdded { name, .. } if name == "新建护岸长度")
    ));
    assert!(has(
        &|c| matches!(c, Change::RowRemoved { name, .. } if name == "清淤方量")
    ));
}

#[test]
fn a_package_does_not_differ_from_itself() {
    let one = project(2023, &[["疏浚河道长度", "12公里", "12公里", "30", "30"]]);
    assert!(differ(&evaluation(&one), &evaluation(&one)).is_empty());
}

#[test]
fn a_form_that_is_not_there_any_more_is_told_and_two_years_are_known() {
    let one = project(2023, &[["疏浚河道长度", "12公里", "12公里", "30", "30"]]);
    let next = project(2024, &[["疏浚河道长度", "12公里", "12公里", "30", "30"]]);
    let two = differ(&evaluation(&one), &evaluation(&next));
    assert!(two.two_years);
    let other = one.replace("河道疏浚", "农村饮水安全巩固提升");
    let told = differ(&evaluation(&one), &evaluation(&other));
    let states: Vec<State> = told.forms.iter().map(|f| f.state).collect();
    assert_eq!(states, [State::Added, State::Removed]);
}
