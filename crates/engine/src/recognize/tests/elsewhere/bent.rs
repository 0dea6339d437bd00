//! Drawings bent in ways that no template foresees: grouped heads, forms over several tables, several projects in one table, side-by-side heading cells.

use super::{at, drawn, expect, national};
use crate::recognize::forms;
use jiheng_model::form::Form;
use jiheng_model::label::normalise;

/// Like `expect`, for drawings that hold several forms: form number (from 1), path, text.
fn expect_all(kinds: &[&str], markdown: &str, wanted: &[(usize, &str, &str)]) {
    let mut wrong = Vec::new();
    for (format, documents) in drawn(markdown) {
        let filing = forms(&documents, &national());
        let read: Vec<&str> = filing.forms.iter().map(Form::kind).collect();
        if read != kinds {
            wrong.push(format!("{format}: forms {read:?}"));
        }
        for unread in &filing.unrecognised {
            wrong.push(format!("{format}: {}", unread.why));
        }
        for (number, path, text) in wanted {
            let Some(form) = filing.forms.get(number - 1) else {
                continue;
            };
            let read = at(form, path);
            if normalise(&read) != normalise(text) {
                wrong.push(format!(
                    "{format} {number} {path}: {text:?} read as {read:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn several_projects_in_one_table_of_the_system() {
    expect_all(
        &["objective", "objective"],
        "附表12
部门预算项目支出绩效目标表
（2023年度）                                              金额单位：元

| 单位名称 | 项目名称 | 预算数 | 年度目标 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 权重 |
|---|---|---|---|---|---|---|---|---|---|---|
| 某县司法局 | 法律援助 | 120000 | 办理案件 | 产出指标 | 数量指标 | 援助案件 | ≥ | 150 | 件 | 40 |
| ^ | ^ | ^ | ^ | 产出指标 | 质量指标 | 案件合格率 | ＝ | 100 | % | 20 |
| ^ | ^ | ^ | ^ | 效益指标 | 社会效益指标 | 受援人数 | ≥ | 160 | 人 | 30 |
| 某县司法局 | 普法宣传 | 80000 | 开展宣传 | 产出指标 | 数量指标 | 宣传活动 | ≥ | 12 | 次 | 50 |
| ^ | ^ | ^ | ^ | 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥ | 90 | % | 10 |
",
        &[
            (1, "project_name", "法律援助"),
            (1, "money_unit", "元"),
            (1, "funds.total.original_budget", "120000"),
            (2, "funds.total.original_budget", "80000"),
            (1, "goal_expected", "办理案件"),
            (1, "indicators[1].target", "≥150件"),
            (1, "indicators[3].name", "受援人数"),
            (1, "indicators[3].points", "30"),
            (2, "project_name", "普法宣传"),
            (2, "indicators[1].name", "宣传活动"),
            (2, "indicators[2].target", "≥90%"),
        ],
    );
}

#[test]
fn a_form_over_three_tables_with_its_head_again() {
    // Only documents with pages: a workbook has no next page.
    let markdown = "2023年度项目支出绩效自评表

| 项目名称 | < | 水质监测 | < | 主管部门 | 某市生态环境局 | < | < |
|---|---|---|---|---|---|---|---|
| 项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| ^ | 年度资金总额 | 60 | 60 | 60 | 10 | 100% | 10 |

| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |
|---|---|---|---|---|---|---|---|
| 产出指标 | 数量指标 | 监测断面 | 42个 | 42个 | 30 | 30 | |
| ^ | 质量指标 | 数据有效率 | ≥95% | 98% | 20 | 20 | |

| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |
|---|---|---|---|---|---|---|---|
| 产出指标 | 时效指标 | 报告及时率 | 100% | 100% | 10 | 10 | |
| 效益指标 | 生态效益指标 | 优良水体比例 | ≥90% | 92% | 20 | 20 | |
| 满意度指标 | 服务对象满意度指标 | 公众满意度 | ≥85% | 90% | 10 | 10 | |
| 总分 | < | < | < | < | 100 | 100 | |
";
    for (format, documents) in drawn(markdown) {
        if format == "xlsx" {
            continue;
        }
        let filing = forms(&documents, &national());
        let kinds: Vec<&str> = filing.forms.iter().map(Form::kind).collect();
        assert_eq!(kinds, ["project"], "{format}: {:?}", filing.unrecognised);
        for (path, text) in [
            ("indicators[1].name", "监测断面"),
            ("indicators[3].name", "报告及时率"),
            ("indicators[5].actual", "90%"),
            ("total_score", "100"),
        ] {
            assert_eq!(at(&filing.forms[0], path), text, "{format} {path}");
        }
        assert_eq!(filing.forms[0].rows("indicators").len(), 5, "{format}");
    }
}

#[test]
fn year_and_unit_side_by_side_and_grouped_heads() {
    expect(
        "project",
        "| 项目支出绩效自评表 | < | < | < | < | < | < | < |
|---|---|---|---|---|---|---|---|
| （2023年度） | < | < | < | < | 金额单位：元 | < | < |
| 项目名称 | 校舍维修 | < | < | 主管部门 | 某县教育局 | < | < |
| 项目资金 | 来源 | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 | 备注 |
| ^ | 年度资金总额 | 4000000 | 3900000 | 97.5% | 10 | 9.75 | |
| ^ | 县级资金 | 4000000 | 3900000 | 97.5% | | | |
| 绩效指标 | < | < | 年度目标 | < | 自评情况 | < | 偏差原因 |
| 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值 | 完成值 | 得分 | ^ |
| 产出指标 | 数量指标 | 维修校舍面积 | 5200平方米 | 50 | 5200平方米 | 50 | |
| 效益指标 | 社会效益指标 | 受益学生 | ≥1300人 | 30 | 1286人 | 29.7 | 生源减少 |
| 满意度指标 | 服务对象满意度指标 | 师生满意度 | ≥90% | 10 | 94% | 10 | |
| 合计 | < | < | | 100 | | 99.45 | |
| 注：其他资金是指与财政资金共同投入的自有资金等。 | < | < | < | < | < | < | < |
",
        &[
            ("year", "2023"),
            ("money_unit", "元"),
            ("project_name", "校舍维修"),
            ("funds.total.final_budget", "4000000"),
            ("funds.total.score", "9.75"),
            ("funds.local.outturn", "3900000"),
            ("indicators[1].target", "5200平方米"),
            ("indicators[1].points", "50"),
            ("indicators[1].actual", "5200平方米"),
            ("indicators[2].score", "29.7"),
            ("indicators[2].reason", "生源减少"),
            ("total_points", "100"),
            ("total_score", "99.45"),
        ],
    );
}

#[test]
fn two_forms_under_each_other_in_one_sheet() {
    expect_all(
        &["project", "project"],
        "项目支出绩效自评表
（2022年度）

| 项目名称 | 甲桥加固 | < | 主管部门 | 某县公路局 | < | < |
|---|---|---|---|---|---|---|
| 项目资金（万元） | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 | 原因 |
| 年度资金总额 | 30 | 30 | 100% | 10 | 10 | |
| 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 | 加固桥梁 | 1座 | 1座 | 90 | 90 |
| 总分 | < | < | < | < | 100 | 100 |

项目支出绩效自评表
（2022年度）

| 项目名称 | 乙路养护 | < | 主管部门 | 某县公路局 | < | < |
|---|---|---|---|---|---|---|
| 项目资金（万元） | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 | 原因 |
| 年度资金总额 | 50 | 45 | 90% | 10 | 9 | 招标节约 |
| 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 | 养护里程 | 80公里 | 80公里 | 90 | 90 |
| 总分 | < | < | < | < | 100 | 99 |
",
        &[
            (1, "project_name", "甲桥加固"),
            (1, "total_score", "100"),
            (2, "project_name", "乙路养护"),
            (2, "funds.total.reason", "招标节约"),
            (2, "indicators[1].name", "养护里程"),
            (2, "total_score", "99"),
        ],
    );
}

#[test]
fn an_objective_of_a_department_with_tasks() {
    expect(
        "objective",
        "部门（单位）整体支出绩效目标申报表
（2024年度）

| 部门（单位）名称 | < | 某区卫健局 | < | < | < |
|---|---|---|---|---|---|
| 年度预算申请（万元） | 资金总额： | 5600 | < | < | < |
| ^ | 按收入性质分： | < | 按支出性质分： | < | < |
| ^ | 其中：一般公共预算 | 5600 | 其中：基本支出 | 3200 | < |
| ^ | 政府性基金 | 0 | 项目支出 | 2400 | < |
| 整体绩效目标 | 提升基层服务能力 | < | < | < | < |
| 部门整体支出年度绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 备注 |
| ^ | 产出指标 | 数量指标 | 家庭医生签约人数 | ≥8万人 | |
| ^ | 效益指标 | 社会效益指标 | 基层首诊率 | ≥65% | |
",
        &[
            ("unit_name", "某区卫健局"),
            ("year", "2024"),
            ("goal_expected", "提升基层服务能力"),
            ("indicators[1].name", "家庭医生签约人数"),
            ("indicators[2].target", "≥65%"),
        ],
    );
}

#[test]
fn monitoring_with_grouped_causes_and_chances() {
    expect(
        "monitoring",
        "项目支出绩效目标执行监控表
（2024年度 1-7月）

| 项目名称 | < | 公益林管护 | < | < | < | < | < | < | < | < | < | < | < |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| 主管部门 | < | 某县林业局 | < | < | < | 实施单位 | < | 某林场 | < | < | < | < | < |
| 项目资金（万元） | | | 年初预算数 | 1-7月执行数 | 1-7月执行率 | 全年预计执行数 | < | < | < | < | < | < | < |
| ^ | 年度资金总额： | < | 90 | 60 | 66.67% | 90 | < | < | < | < | < | < | < |
| 年度总体目标 | 管护公益林12万亩 | < | < | < | < | < | < | < | < | < | < | < | < |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 1-7月执行情况 | 全年预计完成情况 | 偏差原因分析 | < | < | < | < | 完成目标可能性 | < | < |
| ^ | ^ | ^ | ^ | ^ | ^ | 经费保障 | 制度保障 | 人员保障 | 硬件条件保障 | 其他 | 确定能 | 有可能 | 完全不可能 |
| 产出指标 | 数量指标 | 管护面积 | 12万亩 | 12万亩 | 12万亩 | | | | | | ☑ | □ | □ |
| 效益指标 | 生态效益指标 | 森林覆盖率 | ≥61% | 60.8% | 61% | | | √ | | | □ | ☑ | □ |
",
        &[
            ("funds.total.original_budget", "90"),
            ("funds.total.outturn", "60"),
            ("funds.total.expected_outturn", "90"),
            ("goal_expected", "管护公益林12万亩"),
            ("indicators[1].actual", "12万亩"),
            ("indicators[1].certain", "☑"),
            ("indicators[2].cause_staff", "√"),
            ("indicators[2].possible", "☑"),
        ],
    );
}

#[test]
fn totals_above_the_rows_and_scores_in_two_halves() {
    expect(
        "department",
        "2023年度整体支出绩效自评表

| 预算单位名称 | 某市统计局 | < | < | 自评总分 | 96.5 | < |
|---|---|---|---|---|---|---|
| 年度预算申请（万元） | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| 年度资金总额 | 900 | 950 | 912 | 10 | 96% | 9.6 |
| 年度总体目标 | 预期目标 | < | < | 实际完成情况 | < | < |
| ^ | 完成经济普查 | < | < | 完成经济普查 | < | < |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
| 产出指标（50分） | 数量指标 | 普查对象 | ≥2万个 | 2.1万个 | 50 | 50 |
| 效益指标（30分） | 社会效益指标 | 数据发布 | 及时 | 及时 | 30 | 28.9 |
| 满意度指标（10分） | 服务对象满意度指标 | 用户满意度 | ≥90% | 88% | 10 | 8 |
",
        &[
            ("unit_name", "某市统计局"),
            ("total_score", "96.5"),
            ("funds.total.final_budget", "950"),
            ("goal_actual", "完成经济普查"),
            ("indicators[2].dimension", "效益指标"),
            ("indicators[2].score", "28.9"),
        ],
    );
}

#[test]
fn the_grid_of_money_has_a_row_of_levels_of_government() {
    expect(
        "project",
        "市级财政专项资金绩效自评表
（2021年度）

| 专项资金名称 | < | 文物保护 | < | < | < | < |
|---|---|---|---|---|---|---|
| 市级主管部门 | < | 某市文物局 | < | 具体实施单位 | 某博物馆 | < |
| 预算执行情况 | 资金来源 | 预算数(万元) | 到位数(万元) | 执行数(万元) | 预算执行率 | 偏差原因 |
| ^ | 合计 | 210 | 210 | 205.8 | 98% | 结余 |
| ^ | 其中：中央补助 | 100 | 100 | 98 | 98% | |
| ^ | 省级补助 | 60 | 60 | 58.8 | 98% | |
| ^ | 市县配套 | 50 | 50 | 49 | 98% | |
| 指标类别 | 指标类型 | 指标名称 | 预期值 | 实际完成值 | 得分 | 未完成原因 |
| 产出 | 数量 | 修缮文物 | 6处 | 6处 | 45 | |
| 效果 | 社会效益 | 参观人次 | ≥5万人次 | 5.6万人次 | 45 | |
",
        &[
            ("project_name", "文物保护"),
            ("line_department", "某市文物局"),
            ("implementing_unit", "某博物馆"),
            ("money_unit", "万元"),
            ("funds.total.final_budget", "210"),
            ("funds.total.arrived", "210"),
            ("funds.total.outturn", "205.8"),
            ("funds.total.reason", "结余"),
            ("funds.province.outturn", "58.8"),
            ("funds.local.final_budget", "50"),
            ("indicators[1].dimension", "产出"),
            ("indicators[1].criterion", "数量"),
            ("indicators[2].target", "≥5万人次"),
            ("indicators[2].score", "45"),
        ],
    );
}

#[test]
fn sources_as_a_second_row_of_heads() {
    expect(
        "transfer",
        "2022年度转移支付项目绩效自评表

| 专项名称 | < | 高标准农田 | < | < | < | < | < |
|---|---|---|---|---|---|---|---|
| 市级主管部门 | < | 某市农业农村局 | < | 具体实施单位 | 某县农业农村局 | < | < |
| 资金情况（万元） | 预算数（A） | < | < | 执行数（B） | < | < | 执行率（B/A） |
| ^ | 小计 | 其中：市补助资金 | 县区资金 | 小计 | 其中：市补助资金 | 县区资金 | ^ |
| ^ | 100 | 60 | 40 | 90 | 55 | 35 | 90% |
| 一级指标 | 二级指标 | 三级指标 | 预期指标值 | 实际完成指标值 | 未完成原因 | < | < |
| 产出指标 | 数量指标 | 建设面积 | 1万亩 | 0.9万亩 | 征地延期 | < | < |
",
        &[
            ("funds.total.final_budget", "100"),
            ("funds.local.final_budget", "60"),
            ("funds.other.outturn", "35"),
            ("funds.total.execution_rate", "90%"),
            ("indicators[1].actual", "0.9万亩"),
        ],
    );
}

#[test]
fn score_and_grade_behind_their_own_labels() {
    expect(
        "project",
        "2023年度项目支出绩效自评表

| 项目名称 | 图书采购 | < | 主管部门 | 某市图书馆 | < | < |
|---|---|---|---|---|---|---|
| 项目资金（万元） | 全年预算数 | 全年执行数 | 执行率（%） | 分值 | 得分（满分10分） | 备注 |
| 1.年度资金总额 | 40 | 39 | 97.5 | 10 | 9.75 | |
| （1）财政拨款 | 40 | 39 | 97.5 | | | |
| （2）其他资金 | | | | | | |
| 一级指标 | 二级指标 | 绩效指标 | 目标值 | 完成值 | 分值 | 得分 |
| 产出指标（50分） | 数量指标（20分） | 采购图书 | ≥8000册 | 8100册 | 20 | 20 |
| ^ | 质量指标（30分） | 入藏合格率 | 100% | 100% | 30 | 30 |
| 效益指标（30分） | 社会效益指标（30分） | 借阅人次 | ≥5万人次 | 4.5万人次 | 30 | 27 |
| 满意度指标（10分） | 服务对象满意度指标（10分） | 读者满意度 | ≥90% | 96% | 10 | 10 |
| 自评得分 | < | 96.75 | < | 自评等级 | 优 | < |
| 填表人（签字）：张某 | < | 审核人：李某 | < | 单位负责人：王某 | < | < |
",
        &[
            ("funds.total.execution_rate", "97.5"),
            ("indicators[1].name", "采购图书"),
            ("indicators[1].criterion_points", "20分"),
            ("total_score", "96.75"),
            ("grade", "优"),
            ("filler", "张某"),
            ("signatory", "王某"),
        ],
    );
}

#[test]
fn amounts_beside_their_labels_and_no_first_level() {
    expect(
        "project",
        "项目支出绩效自评情况表
2024 年度

| 项目名称 | 防汛物资储备 | < | < | < |
|---|---|---|---|---|
| 预算单位 | 某县应急局 | < | 资金性质 | 一般公共预算 |
| 预算数（万元） | 35 | 执行数（万元） | 35 | 执行率 100% |
| 指标类型 | 指标名称 | 年度指标值 | 全年完成值 | 得分 |
| 数量指标 | 储备冲锋舟 | 6艘 | 6艘 | 20 |
| 质量指标 | 物资合格率 | 100% | 100% | 30 |
| 社会效益指标 | 转移群众 | ≥300人 | 320人 | 30 |
| 满意度指标 | 群众满意度 | ≥90% | 95% | 10 |
| 总分 | < | < | < | 100 |
",
        &[
            ("category", "一般公共预算"),
            ("funds.total.final_budget", "35"),
            ("funds.total.outturn", "35"),
            ("funds.total.execution_rate", "100%"),
            ("indicators[1].criterion", "数量指标"),
            ("total_score", "100"),
        ],
    );
}

#[test]
fn the_score_behind_a_colon() {
    expect(
        "project",
        "财政支出项目绩效自评结果表

| 基本情况 | 项目名称 | 体育场馆开放 | 主管部门 | 某市体育局 | 项目负责人及电话 | 张某 0000-1234567 |
|---|---|---|---|---|---|---|
| ^ | 项目起止时间 | 2023.1-2023.12 | 项目属性 | □新增 ☑延续 | 实施单位 | 某市体育中心 |
| 资金（元） | 计划安排 | 实际到位 | 实际支出 | 结余 | 支出率 | 得分 |
| 总额 | 2600000 | 2600000 | 2548000 | 52000 | 98% | 9.8 |
| 其中：财政资金 | 2600000 | 2600000 | 2548000 | 52000 | 98% | |
| 年度目标 | 免费开放300天 | < | < | 完成情况 | 免费开放306天 | < |
| 一级指标 | 二级指标 | 三级指标及分值 | 指标值 | 实际完成 | 完成率 | 自评得分 |
| 产出 | 数量 | 开放天数（45分） | 300天 | 306天 | 102% | 45 |
| 效益 | 社会效益 | 健身人次（45分） | ≥20万人次 | 22万人次 | 110% | 45 |
| 自评总分：99.8分 | < | < | < | < | < | < |
",
        &[
            ("leader", "张某 0000-1234567"),
            ("funds.total.final_budget", "2600000"),
            ("funds.total.arrived", "2600000"),
            ("funds.fiscal.balance", "52000"),
            ("indicators[1].name", "开放天数"),
            ("indicators[1].points", "45"),
            ("total_points", "∅"),
            ("total_score", "99.8分"),
        ],
    );
}

#[test]
fn a_department_that_says_outturn_for_final_accounts() {
    expect(
        "department",
        "部门整体支出绩效自评表
（2023年度）                单位：万元

| 部门名称 | 某县档案馆 | < | < | < | < |
|---|---|---|---|---|---|
| 预算情况 | 项目 | 年初预算数 | 调整预算数 | 决算数 | 执行率 |
| ^ | 基本支出 | 120 | 130 | 130 | 100% |
| ^ | 项目支出 | 80 | 90 | 85.5 | 95% |
| ^ | 合计 | 200 | 220 | 215.5 | 97.95% |
| 职能概述 | 保管档案 | < | < | < | < |
| 年度目标 | 完成接收档案 | < | 完成情况 | 接收档案2万卷 | < |
| 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 得分 |
| 产出指标 | 数量指标 | 接收档案 | 2万卷 | 2万卷 | 50 |
| 效益指标 | 社会效益指标 | 利用人次 | ≥500人次 | 480人次 | 29 |
| 满意度指标 | 满意度 | 利用者满意度 | ≥95% | 98% | 10 |
| 得分 | < | < | < | < | 98.8 |
",
        &[
            ("funds.total.outturn", "215.5"),
            ("funds.project.outturn", "85.5"),
            ("goal_actual", "接收档案2万卷"),
            ("indicators[3].score", "10"),
            ("indicators[4].score", "∅"),
            ("total_score", "98.8"),
        ],
    );
}

#[test]
fn numbered_parts_of_a_form() {
    expect(
        "project",
        "附件5
2022年度市级财政专项资金绩效自评表（项目）

| 一、项目基本情况 | < | < | < | < | < |
|---|---|---|---|---|---|
| 项目名称 | 城市绿道 | 项目编号 | XM2022-08 | 项目单位 | 某区园林局 |
| 二、资金使用情况（单位：万元） | < | < | < | < | < |
| 资金类别 | 预算金额 | 到位金额 | 支出金额 | 结转结余 | 预算执行率 |
| 财政资金 | 300.00 | 300.00 | 270.00 | 30.00 | 90.00% |
| 自筹资金 | 50.00 | 50.00 | 50.00 | 0.00 | 100.00% |
| 合计 | 350.00 | 350.00 | 320.00 | 30.00 | 91.43% |
| 三、绩效目标完成情况 | < | < | < | < | < |
| 一级指标 | 二级指标 | 指标名称 | 目标值 | 完成值 | 得分 |
| 产出 | 数量 | 新建绿道 | 12公里 | 12公里 | 50 |
| 效果 | 生态效益 | 新增绿地 | 8公顷 | 8公顷 | 40 |
| 四、自评结论 | < | < | < | < | < |
| 自评总分 | 99.1 | 自评等级 | 优 | 存在问题 | 无 |
",
        &[
            ("project_code", "XM2022-08"),
            ("funds.total.arrived", "350.00"),
            ("funds.unit_funds.outturn", "50.00"),
            ("conclusion", ""),
            ("problems", "无"),
            ("total_score", "99.1"),
            ("grade", "优"),
        ],
    );
}
