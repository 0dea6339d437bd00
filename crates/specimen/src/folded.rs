//! A plan comes in; the form of its first project in a layout that folds each score by a weight goes out.
//!
//! Each indicator is scored out of a hundred; its share of the whole stands beside it in per cent.

use crate::hundredths::{fixed, share};
use crate::plan::{Amount, Indicator, Plan, Relation};
use crate::sheet::{Grid, Piece, line};

const COLS: u32 = 10;

/// 预算项目绩效自评表.
pub fn project(plan: &Plan) -> Vec<Piece> {
    let Some(project) = plan.projects.first() else {
        return Vec::new();
    };
    let mut t = Grid::new("project", COLS);
    t.row()
        .label("项目名称", 2)
        .value("project_name", &project.name, 8);
    t.row()
        .label("主管部门", 2)
        .value("line_department", &plan.unit, 3)
        .label("实施单位", 2)
        .value("implementing_unit", &plan.unit, 3);
    let total = project.total();
    let (full, spent) = (fixed(total.full, false), fixed(total.outturn, false));
    t.row()
        .cell("", "预算执行情况（万元）", 2, 3)
        .label("预算安排(调整后)", 2)
        .label("资金到位", 2)
        .label("资金执行", 2)
        .label("预算执行进度(%)", 2);
    t.row()
        .label("预算数：", 1)
        .value("funds.total.final_budget", &full, 1)
        .label("到位数：", 1)
        .label(&full, 1)
        .label("执行数：", 1)
        .value("funds.total.outturn", &spent, 1)
        .cell(
            "funds.total.execution_rate",
            fixed(total.rate(), false),
            2,
            2,
        );
    t.row();
    for amount in [&full, &full, &spent] {
        t.label("其中:财政资金", 1).label(amount, 1);
    }
    let (expected, actual) = crate::goals::of_project(plan, project);
    t.row()
        .cell("", "总体目标", 2, 2)
        .label("年度设定目标", 4)
        .label("实际完成情况", 4);
    t.row()
        .value("goal_expected", expected, 4)
        .value("goal_actual", actual, 4);
    t.row();
    for head in [
        "一级指标",
        "二级指标",
        "三级指标",
        "符号",
        "值",
        "单位",
        "实际完成值",
        "单项指标得分",
        "权重占比(%)",
        "折算得分",
    ] {
        t.label(head, 1);
    }
    let mut sum = 0;
    for (number, row) in project.indicators.iter().enumerate() {
        sum += indicator(&mut t, plan, number, row);
    }
    let number = project.indicators.len();
    let rate = fixed(total.rate(), false);
    t.row();
    for text in ["预算执行率", "预算执行率", "预算执行率", "=", "100", "%"] {
        t.label(text, 1);
    }
    let folded = share(total.rate(), 10, 1);
    t.value(
        &format!("indicators[{number}].actual"),
        format!("{rate}%"),
        1,
    )
    .value(&format!("indicators[{number}].score"), &rate, 1)
    .label("10", 1)
    .label(fixed(folded, false), 1);
    t.row()
        .label("总分", 3)
        .label("", 4)
        .label("", 1)
        .label("100", 1)
        .value("folded_total", fixed(sum + folded, false), 1);
    vec![
        line(
            "project/title",
            format!("{}年度预算项目绩效自评表", plan.year),
        ),
        line("project/unit", "金额单位：万元"),
        Piece::Grid(t),
        line(
            "project/foot",
            format!(
                "填表人：{}    填报日期：{}    联系电话：{}",
                plan.filler,
                plan.filled_on.chinese(),
                plan.phone
            ),
        ),
    ]
}

/// A row; its folded score in hundredths.
fn indicator(t: &mut Grid, plan: &Plan, number: usize, row: &Indicator) -> i64 {
    let style = &plan.style;
    let sign = match row.relation {
        Relation::AtLeast => "≥",
        Relation::AtMost => "≤",
        Relation::Exactly => "=",
        Relation::Before => "",
    };
    let target = row.target.printed(style);
    // The unit has a column of its own.
    let (value, unit) = match &row.target {
        Amount::Number(..) | Amount::Rate(_) => {
            let end = target
                .rfind(|c: char| c.is_ascii_digit())
                .map_or(0, |at| at + 1);
            target.split_at(end)
        }
        Amount::Day(_) | Amount::Words(_) => (target.as_str(), ""),
    };
    let single = share(row.score(), row.points, 10_000);
    let folded = share(single, 10_000, row.points);
    let dimension = ["产出指标", "效益指标", "满意度指标"][row.dimension];
    let at = |column: &str| format!("indicators[{number}].{column}");
    t.row()
        .value(&at("dimension"), dimension, 1)
        .value(&at("criterion"), row.criterion, 1)
        .value(&at("name"), &row.name, 1)
        .value(&at("target_operator"), sign, 1)
        .value(&at("target"), value, 1)
        .value(&at("target_unit"), unit, 1)
        .value(&at("actual"), row.actual.printed(style), 1)
        .value(&at("score"), fixed(single, false), 1)
        .value(
            &at("weight_share"),
            crate::hundredths::trimmed(row.points),
            1,
        )
        .value(&at("folded_score"), fixed(folded, false), 1);
    folded
}
