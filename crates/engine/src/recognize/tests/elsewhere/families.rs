//! One drawing for each family described in the field notes that no file of the corpus shows.

use super::expect;

#[test]
fn special_funds_of_hunan_without_points() {
    expect(
        "project",
        "附件3
2022年度省级专项资金绩效目标自评表
（2022年度）

| 专项（项目）名称 | < | 粮食生产发展专项 | < | < | < | < |
|---|---|---|---|---|---|---|
| 主管部门 | < | 某省农业农村厅 | < | 实施单位 | 某县农业农村局 | < |
| 资金情况<br>（万元） | < | | 全年预算数（A） | 全年执行数（B） | 执行率（B/A） | < |
| ^ | < | 年度资金总额 | 500.00 | 489.50 | 97.90% | < |
| ^ | < | 其中：中央补助 | | | | < |
| ^ | < | 地方资金 | 500.00 | 489.50 | 97.90% | < |
| ^ | < | 其他资金 | | | | < |
| 总体<br>目标 | 年初设定目标 | < | < | 全年实际完成情况 | < | < |
| ^ | 稳定粮食播种面积 | < | < | 播种面积稳定 | < | < |
| 绩效<br>指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 全年实际完成值 | 未完成原因和改进措施 |
| ^ | 产出指标 | 数量指标 | 播种面积 | ≥62万亩 | 61.8万亩 | 秋旱，2023年补种 |
| ^ | ^ | 质量指标 | 良种覆盖率 | ≥96% | 97% | |
| ^ | 效益指标 | 社会效益指标 | 培训种粮大户 | ≥300人次 | 320人次 | |
| ^ | 满意度指标 | 服务对象满意度指标 | 种粮农户满意度 | ≥90% | 94% | |
| 说明 | 无 | < | < | < | < | < |
",
        &[
            ("project_name", "粮食生产发展专项"),
            ("line_department", "某省农业农村厅"),
            ("implementing_unit", "某县农业农村局"),
            ("money_unit", "万元"),
            ("year", "2022"),
            ("funds.total.final_budget", "500.00"),
            ("funds.total.outturn", "489.50"),
            ("funds.total.execution_rate", "97.90%"),
            ("funds.local.outturn", "489.50"),
            ("funds.central.outturn", ""),
            ("goal_expected", "稳定粮食播种面积"),
            ("goal_actual", "播种面积稳定"),
            ("indicators[1].dimension", "产出指标"),
            ("indicators[1].criterion", "数量指标"),
            ("indicators[1].name", "播种面积"),
            ("indicators[1].target", "≥62万亩"),
            ("indicators[1].actual", "61.8万亩"),
            ("indicators[1].reason", "秋旱，2023年补种"),
            ("indicators[1].points", "∅"),
            ("indicators[4].name", "种粮农户满意度"),
            ("indicators[4].actual", "94%"),
            ("note", "无"),
        ],
    );
}

#[test]
fn hubei_with_twenty_points_for_the_rate() {
    expect(
        "project",
        "附件2
2021年度义务教育营养改善项目自评表

单位名称：某市教育局    填报日期：2022年3月15日

| 项目名称 | < | 义务教育营养改善 | < | < | < |
|---|---|---|---|---|---|
| 主管部门 | < | 某市教育局 | 项目实施单位 | 某市教育局 | < |
| 项目类别 | < | 1、部门预算项目 ☑  2、市直专项 □  3、省对下转移支付项目 □ | < | < | < |
| 项目属性 | < | 1、持续性项目 ☑  2、新增性项目 □ | < | < | < |
| 项目类型 | < | 1、常年性项目 ☑  2、延续性项目 □  3、一次性项目 □ | < | < | < |
| 预算执行情况<br>（万元）<br>（20分） | | 预算数（A） | 执行数（B） | 执行率（B/A） | 得分<br>（20分*执行率） |
| ^ | 年度财政资金总额 | 1260.00 | 1197.00 | 95% | 19 |
| 一级指标 | 二级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） | 得分 |
| 产出指标<br>（40分） | 数量指标 | 受益学生人数（20分） | ≥8600人 | 8712人 | 20 |
| ^ | 质量指标 | 食品抽检合格率（20分） | 100% | 99% | 19 |
| 效益指标<br>（30分） | 社会效益指标 | 学生体质达标率（30分） | ≥92% | 93.5% | 30 |
| 满意度指标<br>（10分） | 服务对象满意度指标 | 家长满意度（10分） | ≥90% | 96% | 10 |
| 总分 | < | < | < | < | 98 |
| 偏差大或目标未完成原因分析 | < | 个别供货商抽检不合格 | < | < | < |
| 改进措施及结果应用方案 | < | 更换供货商，结果用于下年预算 | < | < | < |
",
        &[
            ("project_name", "义务教育营养改善"),
            ("implementing_unit", "某市教育局"),
            ("year", "2021"),
            ("money_unit", "万元"),
            ("filled_on", "2022年3月15日"),
            ("attribute", "1、持续性项目 ☑ 2、新增性项目 □"),
            ("funds.total.final_budget", "1260.00"),
            ("funds.total.outturn", "1197.00"),
            ("funds.total.execution_rate", "95%"),
            ("funds.total.score", "19"),
            ("funds.total.points", "20"),
            ("indicators[1].dimension", "产出指标"),
            ("indicators[1].dimension_points", "40分"),
            ("indicators[1].name", "受益学生人数"),
            ("indicators[1].points", "20"),
            ("indicators[1].target", "≥8600人"),
            ("indicators[1].actual", "8712人"),
            ("indicators[1].score", "20"),
            ("indicators[4].score", "10"),
            ("total_score", "98"),
            ("problems", "个别供货商抽检不合格"),
            ("measures", "更换供货商，结果用于下年预算"),
        ],
    );
}

#[test]
fn suizhou_with_sources_as_columns_and_a_rule_in_each_row() {
    expect(
        "project",
        "附件2
2022年度市财政预算支出项目绩效目标自评表
单位：万元

| 项目名称 | 校园安防经费 | < | < | < | < | < | < |
|---|---|---|---|---|---|---|---|
| 主管部门 | 某市公安局 | < | < | 实施单位 | 某市公安局治安支队 | < | < |
| 项目资金<br>（万元） | 中央 | 省、地 | 本级 | 其他 | 合计 | 执行数 | 执行率 |
| ^ | | 20.00 | 60.00 | | 80.00 | 76.00 | 95% |
| 年度目标 | 年初设定目标 | < | < | 年终完成情况 | < | < | < |
| ^ | 校园安防全覆盖 | < | < | 已全部覆盖 | < | < | < |
| 一级 | 二级 | 三级 | 年初指标值 | 年终完成值 | 自评分 | 复核分 | 评价标准 |
| 项目决策(2分) | 项目立项 | 立项依据充分性（2分） | 充分 | 充分 | 2 | 2 | 依据充分得2分 |
| 项目产出(58分) | 数量指标 | 安防校园数（58分） | 40所 | 38所 | 55 | 55.1 | 按比例计分 |
| 项目效益(40分) | 满意度指标 | 家长满意度（40分） | ≥90% | 92% | 40 | 38 | 未附问卷扣2分 |
| 合计（100分） | < | < | < | < | 97 | 95.1 | |
填表人：李某    填报日期：2023年2月10日    联系电话：0722-8000000
",
        &[
            ("project_name", "校园安防经费"),
            ("line_department", "某市公安局"),
            ("implementing_unit", "某市公安局治安支队"),
            ("money_unit", "万元"),
            ("funds.province.final_budget", "20.00"),
            ("funds.own.final_budget", "60.00"),
            ("funds.total.final_budget", "80.00"),
            ("funds.total.outturn", "76.00"),
            ("funds.total.execution_rate", "95%"),
            ("funds.other.final_budget", ""),
            ("goal_expected", "校园安防全覆盖"),
            ("goal_actual", "已全部覆盖"),
            ("indicators[2].dimension", "项目产出"),
            ("indicators[2].dimension_points", "58分"),
            ("indicators[2].name", "安防校园数"),
            ("indicators[2].points", "58"),
            ("indicators[2].target", "40所"),
            ("indicators[2].actual", "38所"),
            ("indicators[2].score", "55"),
            ("indicators[2].review_score", "55.1"),
            ("indicators[2].standard", "按比例计分"),
            ("total_points", "100"),
            ("total_score", "97"),
            ("review_score", "95.1"),
            ("filler", "李某"),
        ],
    );
}

#[test]
fn chongqing_with_adjusted_targets_core_flags_and_no_levels() {
    expect(
        "department",
        "附件2
2022年度部门整体绩效自评表
（2022年度）

| 部门（单位）名称 | 某区林业局 | < | < | 财政处室 | 农业科 | 自评总分 | 97.93 | < | < |
|---|---|---|---|---|---|---|---|---|---|
| 部门预算<br>（万元） | | 年初预算数 | 全年(调整)预算数 | 全年执行数 | < | 执行率(%) | 执行率权重 | 执行率得分 | < |
| ^ | 总额 | 5210.40 | 5210.40 | 4130.28 | < | 79.27 | 10 | 7.93 | < |
| ^ | 其中：财政拨款 | 5210.40 | 5210.40 | 4130.28 | < | | | | < |
| 当年绩效目标 | 年初绩效目标 | < | < | 全年(调整)绩效目标 | < | < | 全年完成情况 | < | < |
| ^ | 推进国土绿化 | < | < | 推进国土绿化，防控松材线虫病 | < | < | 任务全面完成 | < | < |
| 绩效指标 | 指标名称 | 计量单位 | 指标性质 | 年初指标值 | 调整指标值 | 全年完成值 | 得分系数(%) | 指标权重(分) | 指标得分(分) |
| ^ | 营造林面积 | 万亩 | ≥ | 3.5 | 3.6 | 3.62 | 100 | 15 | 15 |
| ^ | 森林火灾受害率 | ‰ | ≤ | 0.9 | 0.9 | 0 | 100 | 75 | 75 |
| 合计. | < | < | < | < | < | < | < | 100 | 97.93 |
",
        &[
            ("unit_name", "某区林业局"),
            ("bureau_office", "农业科"),
            ("funds.total.original_budget", "5210.40"),
            ("funds.total.final_budget", "5210.40"),
            ("funds.total.outturn", "4130.28"),
            ("funds.total.execution_rate", "79.27"),
            ("funds.total.points", "10"),
            ("funds.total.score", "7.93"),
            ("funds.appropriation.outturn", "4130.28"),
            ("goal_expected", "推进国土绿化"),
            ("goal_adjusted", "推进国土绿化，防控松材线虫病"),
            ("goal_actual", "任务全面完成"),
            ("indicators[1].name", "营造林面积"),
            ("indicators[1].target", "≥3.5万亩"),
            ("indicators[1].target_adjusted", "3.6"),
            ("indicators[1].actual", "3.62"),
            ("indicators[1].score_coefficient", "100"),
            ("indicators[1].points", "15"),
            ("indicators[1].score", "15"),
            ("indicators[1].dimension", "∅"),
            ("indicators[2].target", "≤0.9‰"),
            ("total_points", "100"),
            ("total_score", "97.93"),
        ],
    );
}

#[test]
fn beijing_with_methods_of_scoring_between_values_and_scores() {
    expect(
        "project",
        "项目支出绩效自评表
（2016年度）

| 项目名称 | < | 社区养老驿站建设 | < | < | < | < | < |
|---|---|---|---|---|---|---|---|
| 主管部门及代码 | < | 016-某区民政局 | < | 实施单位 | 某区社区服务中心 | < | < |
| 项目资金<br>（万元） | < | | 全年预算数（A） | 全年执行数（B） | 分值（10分） | 执行率（B/A） | 得分 |
| ^ | < | 年度资金总额 | 320 | 272 | 10 | 85% | 8.5 |
| ^ | < | 其中：本年财政拨款 | 320 | 272 | — | | — |
| ^ | < | 其他资金 | | | — | | — |
| 年度总体目标 | 预期目标 | < | < | 目标实际完成情况 | < | < | < |
| ^ | 建成驿站12个 | < | < | 建成驿站11个 | < | < | < |
| 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值（A） | 全年实际值（B） | 得分计算方法 | 得分 |
| ^ | 产出指标（60） | 数量指标（30） | 建成驿站 | 12个 | 11个 | 完成值达到指标值，记满分；未达到指标值，按B/A或A/B×该指标分值记分。 | 27.5 |
| ^ | ^ | 质量指标（30） | 验收合格率 | 100% | 100% | 同上 | 30 |
| ^ | 效益指标（30） | 社会效益指标（30） | 服务老人 | ≥2400人 | 2510人 | 同上 | 30 |
| 总分 | < | < | < | < | < | < | 96 |
",
        &[
            ("project_name", "社区养老驿站建设"),
            ("line_department", "016-某区民政局"),
            ("funds.total.points", "10"),
            ("funds.total.execution_rate", "85%"),
            ("funds.total.score", "8.5"),
            ("funds.appropriation.final_budget", "320"),
            ("goal_actual", "建成驿站11个"),
            ("indicators[1].target", "12个"),
            ("indicators[1].actual", "11个"),
            ("indicators[1].standard", "完成值达到指标值，记满分；未达到指标值，按B/A或A/B×该指标分值记分。"),
            ("indicators[1].score", "27.5"),
            ("indicators[3].name", "服务老人"),
            ("total_score", "96"),
        ],
    );
}

#[test]
fn shanghai_in_yuan_with_signs_of_the_keyboard() {
    expect(
        "project",
        "2022年度项目绩效自评表
金额单位：元

| 项目名称 | 社区综合管理 | < | < | < | < | < |
|---|---|---|---|---|---|---|
| 主管部门 | 某区某街道办事处 | < | < | 实施单位 | 某区某街道办事处 | < |
| 项目资金（元） | | 年初预算数 | 全年预算数（A） | 全年执行数（B） | 执行率（B/A） | 得分 |
| ^ | 年度资金总额 | 1,250,000.00 | 1,180,000.00 | 1,017,042.00 | 86.19% | 8.62 |
| ^ | 其中：当年财政拨款 | 1,250,000.00 | 1,180,000.00 | 1,017,042.00 | 86.19% | |
| ^ | 上年结转资金 | | | | | |
| ^ | 其他资金 | | | | | |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 | 巡查次数 | >=365次 | 372次 | 20 | 20 |
| | 质量指标 | 问题处置率 | >=90% | 95.6% | 30 | 30 |
| | 时效指标 | 处置及时率 | ＞＝90％ | 91% | 20 | 20 |
| 满意度指标 | 满意度指标 | 居民满意度 | >=85% | 88% | 20 | 20 |
| 总分 | < | < | < | < | 100 | 98.62 |
",
        &[
            ("money_unit", "元"),
            ("funds.total.original_budget", "1,250,000.00"),
            ("funds.total.outturn", "1,017,042.00"),
            ("funds.total.score", "8.62"),
            ("indicators[1].target", ">=365次"),
            ("indicators[2].dimension", "产出指标"),
            ("indicators[3].dimension", "产出指标"),
            ("indicators[3].target", "＞＝90％"),
            ("indicators[4].dimension", "满意度指标"),
            ("total_points", "100"),
            ("total_score", "98.62"),
        ],
    );
}

#[test]
fn yinchuan_with_score_and_review_side_by_side() {
    expect(
        "project",
        "2021年度项目支出绩效自评表

| 项目名称 | < | 老旧小区改造 | < | < | < | < | < |
|---|---|---|---|---|---|---|---|
| 主管部门 | < | 某市住建局 | < | < | 实施单位 | 某市住建局 | < |
| 项目资金（万元） | < | | 全年预算数（A） | 全年执行数（B） | 执行率（B/A） | < | < |
| ^ | < | 年度资金总额 | 3000 | 2880 | 96% | < | < |
| 一级指标 | 二级指标 | 三级指标 | 分值 | 年度指标值 | 实际完成值 | 自评<br>得分 | 财政审核<br>评分 |
| 决策（10分） | 项目立项 | 立项程序规范性 | 10 | 规范 | 规范 | 10 | 9 |
| 管理（25分） | 资金管理 | 预算执行率 | 25 | 100% | 96% | 24 | 24 |
| 产出（30分） | 数量指标 | 改造小区 | 30 | 12个 | 12个 | 30 | 30 |
| 效益（35分） | 满意度 | 居民满意度 | 35 | ≥90% | 91% | 35 | 33 |
| 合计 | < | < | 100 | | | 99 | 96 |
",
        &[
            ("funds.total.execution_rate", "96%"),
            ("indicators[1].dimension", "决策"),
            ("indicators[1].dimension_points", "10分"),
            ("indicators[1].points", "10"),
            ("indicators[1].score", "10"),
            ("indicators[1].review_score", "9"),
            ("indicators[4].actual", "91%"),
            ("total_points", "100"),
            ("total_score", "99"),
            ("review_score", "96"),
        ],
    );
}

#[test]
fn heads_in_two_rows_for_money_and_for_indicators() {
    expect(
        "project",
        "项目支出绩效自评表
（2023年度）    单位：万元

| 项目名称 | < | 森林防火 | < | < | < | < | < | < |
|---|---|---|---|---|---|---|---|---|
| 主管部门 | < | 某县林业局 | < | < | 实施单位 | 某县林业局 | < | < |
| 项目<br>资金 | < | | 金额 | < | < | 分值 | 执行率 | 得分 |
| ^ | < | ^ | 年初预算 | 全年预算 | 全年执行 | ^ | ^ | ^ |
| ^ | < | 资金总额 | 100 | 90 | 81 | 10 | 90% | 9 |
| ^ | < | 其中：财政拨款 | 100 | 90 | 81 | | | |
| 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 | < | 评分 | < | 偏差原因及改进措施 |
| ^ | ^ | ^ | ^ | 年初目标值 | 实际完成值 | 分值 | 得分 | ^ |
| ^ | 产出指标 | 数量指标 | 巡护里程 | ≥900公里 | 870公里 | 50 | 48 | 雨季停巡 |
| ^ | 效益指标 | 生态效益指标 | 火灾受害率 | ≤0.9‰ | 0.2‰ | 40 | 40 | |
| 总分 | < | < | < | < | < | 100 | 97 | |
",
        &[
            ("year", "2023"),
            ("money_unit", "万元"),
            ("funds.total.original_budget", "100"),
            ("funds.total.final_budget", "90"),
            ("funds.total.outturn", "81"),
            ("funds.total.points", "10"),
            ("funds.total.execution_rate", "90%"),
            ("funds.total.score", "9"),
            ("funds.fiscal.outturn", "81"),
            ("indicators[1].target", "≥900公里"),
            ("indicators[1].actual", "870公里"),
            ("indicators[1].points", "50"),
            ("indicators[1].score", "48"),
            ("indicators[1].reason", "雨季停巡"),
            ("indicators[2].dimension", "效益指标"),
            ("total_points", "100"),
            ("total_score", "97"),
        ],
    );
}

#[test]
fn the_total_in_the_middle_and_rows_after_it() {
    expect(
        "project",
        "项目支出绩效自评表
（2023年度）

| 项目名称 | < | 河道清淤 | < | < | < | < |
|---|---|---|---|---|---|---|
| 主管部门 | < | 某县水利局 | < | 实施单位 | 某县水利局 | < |
| 项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | 得分 |
| ^ | 年度资金总额 | 60 | 60 | 60 | 100% | 10 |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 | 清淤长度 | 12公里 | 12公里 | 50 | 50 |
| 总分 | < | < | < | < | 100 | 100 |
| 效益指标 | 社会效益指标 | 受益人口 | ≥3000人 | 3200人 | 30 | 30 |
| 满意度指标 | 服务对象满意度 | 村民满意度 | ≥90% | 95% | 10 | 10 |
",
        &[
            ("total_points", "100"),
            ("total_score", "100"),
            ("indicators[1].name", "清淤长度"),
            ("indicators[2].name", "受益人口"),
            ("indicators[2].actual", "3200人"),
            ("indicators[3].dimension", "满意度指标"),
            ("indicators[3].score", "10"),
        ],
    );
}

#[test]
fn marks_and_letters_on_the_heads() {
    expect(
        "project",
        "项目支出绩效自评表
（2023年度）

| ★项目名称 | < | 河道清淤 | < | < | < | < |
|---|---|---|---|---|---|---|
| *主管部门 | < | 某县水利局 | < | 实施单位（公章） | 某县水利局 | < |
| 项目资金（万元） | | 年初预算数 | 全年预算数A | 全年执行数B | 执行率B/A×100% | 得分 |
| ^ | ①年度资金总额 | 60 | 60 | 60 | 100% | 10 |
| ^ | 其中：财政拨款资金 | 60 | 60 | 60 | 100% | |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值/目标值 | 实际完成值 | 分值（权重） | 得分（自评） |
| 产出指标 | 数量指标 | ★清淤长度 | 12公里 | 12公里 | 90 | 90 |
| 总  分： | < | < | < | < | 100 | 100 |
",
        &[
            ("project_name", "河道清淤"),
            ("line_department", "某县水利局"),
            ("implementing_unit", "某县水利局"),
            ("funds.total.final_budget", "60"),
            ("funds.total.outturn", "60"),
            ("funds.total.execution_rate", "100%"),
            ("funds.fiscal.outturn", "60"),
            ("indicators[1].name", "★清淤长度"),
            ("indicators[1].target", "12公里"),
            ("indicators[1].points", "90"),
            ("indicators[1].score", "90"),
            ("total_score", "100"),
        ],
    );
}

#[test]
fn a_form_without_a_title_is_known_by_its_labels() {
    expect(
        "project",
        "| 项目名称 | < | 河道清淤 | < | < | < | < |
|---|---|---|---|---|---|---|
| 主管部门 | < | 某县水利局 | < | 实施单位 | 某县水利局 | < |
| 项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | 得分 |
| ^ | 年度资金总额 | 60 | 60 | 60 | 100% | 10 |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 | 清淤长度 | 12公里 | 12公里 | 90 | 90 |
| 总分 | < | < | < | < | 100 | 100 |
",
        &[
            ("project_name", "河道清淤"),
            ("funds.total.outturn", "60"),
            ("indicators[1].name", "清淤长度"),
            ("total_score", "100"),
        ],
    );
}

#[test]
fn departments_with_sources_and_spending_as_rows() {
    expect(
        "department",
        "部门整体支出绩效自评表
（2022年度）
填报单位：某县审计局    金额单位：元

| 年度预算执行情况 | | 年初预算数 | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 |
|---|---|---|---|---|---|---|---|
| 资金来源 | 合计 | 8000000 | 8200000 | 8118000 | 99% | 10 | 9.9 |
| ^ | 财政拨款 | 8000000 | 8200000 | 8118000 | | | |
| ^ | 其他资金 | 0 | 0 | 0 | | | |
| 支出结构 | 基本支出 | 6000000 | 6100000 | 6100000 | | | |
| ^ | 项目支出 | 2000000 | 2100000 | 2018000 | | | |
| 年度目标 | 年初目标 | < | < | 完成情况 | < | < | < |
| ^ | 完成审计项目20个 | < | < | 完成审计项目22个 | < | < | < |
| 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 | 偏差原因分析 |
| 产出指标 | 数量指标 | 审计项目 | ≥20个 | 22个 | 90 | 90 | |
| 合计 | < | < | < | < | 100 | 99.9 | |
填报人：王某   联系电话：0731-8000000
",
        &[
            ("unit_name", "某县审计局"),
            ("money_unit", "元"),
            ("funds.total.outturn", "8118000"),
            ("funds.total.points", "10"),
            ("funds.total.score", "9.9"),
            ("funds.appropriation.final_budget", "8200000"),
            ("funds.basic.outturn", "6100000"),
            ("funds.project.outturn", "2018000"),
            ("goal_expected", "完成审计项目20个"),
            ("goal_actual", "完成审计项目22个"),
            ("indicators[1].target", "≥20个"),
            ("indicators[1].actual", "22个"),
            ("total_points", "100"),
            ("total_score", "99.9"),
            ("filler", "王某"),
        ],
    );
}
