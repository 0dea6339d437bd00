//! A plan comes in; files that may lie beside its package (the notice, final accounts, the approved goals, last year's form) go out, as pieces.
//!
//! Everything in them agrees with the package.

use crate::forms::three_publics;
use crate::hundredths::fixed;
use crate::plan::{Line, Plan};
use crate::sheet::{Grid, Piece, heading, line};

/// Files beside a package: their names without ending, and what is in them.
pub fn companions(plan: &Plan) -> Vec<(&'static str, Vec<Piece>)> {
    vec![
        ("通知", notice(plan)),
        ("部门决算", accounts(plan)),
        ("绩效目标申报表", goals(plan)),
        ("上年基础数据表", last_year(plan)),
    ]
}

/// Until when the material is due: the end of the half-year after the fiscal year.
fn notice(plan: &Plan) -> Vec<Piece> {
    let (year, next) = (plan.year, plan.year + 1);
    vec![
        heading(
            "notice/title",
            format!("关于开展{year}年度市级预算部门绩效自评工作的通知"),
            1,
        ),
        line(
            "notice/due",
            format!(
                "请各部门于{next}年12月20日前将自评报告和自评表报送{}财政局。",
                plan.city
            ),
        ),
    ]
}

fn accounts(plan: &Plan) -> Vec<Piece> {
    let said = |v: i64| format!("{}万元", fixed(v, false));
    let publics = plan.three_publics();
    let text = [
        format!("{}年度{}部门决算", plan.year, plan.unit),
        "三、支出决算情况说明".into(),
        format!(
            "本年支出合计{}，其中：基本支出{}；项目支出{}。",
            said(plan.total().outturn),
            said(plan.basic()),
            said(plan.project_line().outturn)
        ),
        "七、“三公”经费支出决算情况说明".into(),
        format!(
            "“三公”经费财政拨款支出预算为{}，支出决算为{}，其中：公务接待费支出预算为{}，支出决算为{}。",
            said(publics.budget),
            said(publics.outturn),
            said(plan.reception.budget),
            said(plan.reception.outturn)
        ),
        "十一、政府采购支出情况说明".into(),
        format!("政府采购支出总额{}。", said(plan.procurement.outturn)),
    ];
    text.into_iter().map(|t| line("accounts", t)).collect()
}

/// The goal form of the first project as it was approved.
fn goals(plan: &Plan) -> Vec<Piece> {
    let Some(project) = plan.projects.first() else {
        return Vec::new();
    };
    let mut t = Grid::new("objective", 5);
    t.row()
        .label("项目名称", 1)
        .value("project_name", &project.name, 4);
    t.row()
        .label("主管部门", 1)
        .value("line_department", &plan.unit, 1)
        .label("实施单位", 1)
        .value("implementing_unit", &plan.unit, 2);
    t.row()
        .cell("", "绩效指标", 1, project.indicators.len() as u32 + 1)
        .label("一级指标", 1)
        .label("二级指标", 1)
        .label("三级指标", 1)
        .label("指标值", 1);
    for (i, row) in project.indicators.iter().enumerate() {
        let dimension = ["产出指标", "效益指标", "满意度指标"][row.dimension];
        t.row()
            .value(&format!("indicators[{i}].dimension"), dimension, 1)
            .value(&format!("indicators[{i}].criterion"), row.criterion, 1)
            .value(&format!("indicators[{i}].name"), &row.name, 1)
            .value(
                &format!("indicators[{i}].target"),
                row.target_printed(&plan.style),
                1,
            );
    }
    vec![
        heading(
            "objective/title",
            format!("{}年度项目支出绩效目标申报表", plan.year),
            1,
        ),
        Piece::Grid(t),
        line("objective/foot", foot(plan)),
    ]
}

fn foot(plan: &Plan) -> String {
    format!(
        "填表人：{}　填报日期：{}　联系电话：{}　单位负责人签字：{}",
        plan.filler,
        plan.filled_on.chinese(),
        plan.phone,
        plan.leader
    )
}

/// The baseline form of the year before: its outturns are the package's prior ones.
fn last_year(plan: &Plan) -> Vec<Piece> {
    let year = plan.year - 1;
    let mut t = Grid::new("baseline", 4);
    t.row()
        .label("经费控制情况（万元）", 1)
        .label(format!("{}年决算数", year - 1), 1)
        .label(format!("{year}年预算数"), 1)
        .label(format!("{year}年决算数"), 1);
    let mut amounts = |label: &str, path: &str, this: Line| {
        let amount = |v: i64| fixed(v, false);
        // Nothing of the years before is compared with anything.
        let more = this.prior + this.prior / 20;
        t.row()
            .label(label, 1)
            .value(&format!("{path}.prior_outturn"), amount(more), 1)
            .value(&format!("{path}.budget"), amount(more), 1)
            .value(&format!("{path}.outturn"), amount(this.prior), 1);
    };
    for (label, path, line) in three_publics(plan) {
        amounts(label, path, line);
    }
    amounts("政府采购金额", "procurement", plan.procurement);
    vec![
        line("baseline/annex", "附件1"),
        line(
            "baseline/title",
            format!("{year}年度部门整体支出绩效评价基础数据表"),
        ),
        Piece::Grid(t),
    ]
}
