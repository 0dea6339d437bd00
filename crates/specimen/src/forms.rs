//! A plan comes in; its baseline, department and project forms as keyed cells go out.

use crate::hundredths::{fixed, percent, trimmed};
use crate::plan::{Funds, Indicator, Line, Plan, Project};
use crate::sheet::{Grid, Piece, line};

const DIMENSIONS: [(&str, i64); 3] = [("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)];

/// The rows of 三公经费 in 附件1: label, path and amounts.
pub fn three_publics(plan: &Plan) -> [(&'static str, &'static str, Line); 6] {
    [
        ("三公经费", "three_publics", plan.three_publics()),
        (
            "   1、公务用车购置和维护经费",
            "three_publics.vehicles",
            plan.vehicles(),
        ),
        (
            "       其中：公车购置",
            "three_publics.vehicles.purchase",
            plan.purchase,
        ),
        (
            "             公车运行维护",
            "three_publics.vehicles.operation",
            plan.operation,
        ),
        ("   2、出国经费", "three_publics.abroad", plan.abroad),
        ("   3、公务接待", "three_publics.reception", plan.reception),
    ]
}

/// 附件1.
pub fn baseline(plan: &Plan, out: &mut Vec<Piece>) {
    let year = plan.year;
    out.push(line("baseline/annex", "附件1"));
    out.push(line(
        "baseline/title",
        format!("{year}年度部门整体支出绩效评价基础数据表"),
    ));
    let mut t = Grid::new("baseline", 7);
    t.row()
        .cell("", "财政供养人员情况（人）", 1, 2)
        .label("编制数", 2)
        .label(format!("{year}年实际在职人数"), 2)
        .label("控制率", 2);
    let posts = plan.posts.0 + plan.posts.1;
    t.row()
        .value("staff.authorized_posts", posts.to_string(), 2)
        .value("staff.in_post", plan.in_post.to_string(), 2)
        .value("staff.control_rate", percent(plan.in_post, posts), 2);
    t.row()
        .label("经费控制情况（万元）", 1)
        .label(format!("{}年决算数", year - 1), 2)
        .label(format!("{year}年预算数"), 2)
        .label(format!("{year}年决算数"), 2);
    let mut amounts = |label: &str, path: &str, line: Line| {
        t.row().label(label, 1);
        let columns = [
            ("prior_outturn", line.prior),
            ("budget", line.budget),
            ("outturn", line.outturn),
        ];
        for (column, value) in columns {
            t.value(&format!("{path}.{column}"), plan.cell(value), 2);
        }
    };
    for (label, path, line) in three_publics(plan) {
        amounts(label, path, line);
    }
    amounts("项目支出：", "projects", plan.project_line());
    let mut rows: Vec<(String, Line)> = plan
        .projects
        .iter()
        .map(|p| (p.name.clone(), Plan::row(p)))
        .collect();
    rows.extend(plan.ended.iter().map(|(name, prior)| {
        let line = Line {
            prior: *prior,
            ..Line::default()
        };
        (name.clone(), line)
    }));
    for (i, (name, line)) in rows.iter().enumerate() {
        t.row().value(
            &format!("projects[{i}].name"),
            format!("{}、{name}", i + 1),
            1,
        );
        let columns = [
            ("prior_outturn", line.prior),
            ("budget", line.budget),
            ("outturn", line.outturn),
        ];
        for (column, value) in columns {
            t.value(&format!("projects[{i}].{column}"), plan.cell(value), 2);
        }
    }
    let mut amounts = |label: &str, path: &str, line: Line| {
        t.row().label(label, 1);
        let columns = [
            ("prior_outturn", line.prior),
            ("budget", line.budget),
            ("outturn", line.outturn),
        ];
        for (column, value) in columns {
            t.value(&format!("{path}.{column}"), plan.cell(value), 2);
        }
    };
    amounts("公用经费", "operating", plan.operating);
    let [office, utilities, meetings] = plan.of_operating;
    amounts("    其中：办公经费", "operating.office", office);
    amounts(
        "          水费、电费、差旅费",
        "operating.utilities",
        utilities,
    );
    amounts("          会议费、培训费", "operating.meetings", meetings);
    amounts("政府采购金额", "procurement", plan.procurement);
    t.row()
        .label("部门基本支出预算调整", 1)
        .value("", "——", 2)
        .value(
            "basic_adjustment.budget",
            fixed(plan.basic_adjustment(), plan.style.thousands),
            2,
        )
        .value("", "——", 2);
    t.row()
        .cell("", format!("楼堂馆所控制情况\n（{year}年完工项目）"), 1, 2);
    for head in [
        "批复规模\n（㎡）",
        "实际规模\n（㎡）",
        "规模控制率",
        "预算投资（万元）",
        "实际投资（万元）",
        "投资概算控制率",
    ] {
        t.label(head, 1);
    }
    t.row();
    let (area, money) = match &plan.building {
        Some(b) => (
            [
                b.area.0.to_string(),
                b.area.1.to_string(),
                percent(b.area.1, b.area.0),
            ],
            [
                plan.cell(b.investment.0),
                plan.cell(b.investment.1),
                percent(b.investment.1, b.investment.0),
            ],
        ),
        None => {
            let none = || ["0".to_string(), "0".to_string(), "——".to_string()];
            (none(), none())
        }
    };
    let paths = [
        "approved_area",
        "actual_area",
        "area_rate",
        "budget_investment",
        "actual_investment",
        "investment_rate",
    ];
    for (path, text) in paths.iter().zip(area.into_iter().chain(money)) {
        t.value(&format!("buildings.{path}"), text, 1);
    }
    t.row()
        .label("厉行节约保障措施", 1)
        .value("thrift", plan.thrift, 6);
    out.push(Piece::Grid(t));
    out.push(line("baseline/note", "说明：“项目支出”填报基本支出以外的所有项目支出情况，“公用经费”填报基本支出中的一般商品和服务支出。"));
    out.push(line("baseline/foot", foot(plan)));
}

/// 附件2.
pub fn department(plan: &Plan, out: &mut Vec<Piece>) {
    let year = plan.year;
    out.push(line("department/annex", "附件2"));
    out.push(line(
        "department/title",
        format!("{year}年度部门整体支出绩效自评表"),
    ));
    let mut t = Grid::new("department", 9);
    t.row()
        .label("市级预算部门名称", 2)
        .value("unit_name", &plan.unit, 7);
    t.row()
        .cell("", "年度预\n算申请\n（万元）", 1, 7)
        .label("", 2);
    for head in [
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
    ] {
        t.label(head, 1);
    }
    let total = plan.total();
    t.row().label("年度资金总额", 2);
    funds_cells(&mut t, "funds.total", &total, |v| plan.cell(v));
    rate_cells(&mut t, &total);
    let said = |value: i64| fixed(value, plan.style.thousands);
    let cell = |value: i64| plan.cell(value);
    let spent = said(total.outturn);
    t.row()
        .value(
            "funds.by_source.outturn",
            format!("按收入性质分：{spent}"),
            4,
        )
        .value(
            "funds.by_nature.outturn",
            format!("按支出性质分：{spent}"),
            4,
        );
    t.row()
        .value(
            "funds.general_public.outturn",
            format!("  其中：  一般公共预算：{}", said(plan.general())),
            4,
        )
        .value(
            "funds.basic.outturn",
            format!("其中：基本支出：{}", said(plan.basic())),
            4,
        );
    t.row()
        .value(
            "funds.government_fund.outturn",
            format!("政府性基金拨款：{}", cell(plan.government_fund())),
            4,
        )
        .value(
            "funds.project.outturn",
            format!("项目支出：{}", said(plan.project_funds().outturn)),
            4,
        );
    t.row()
        .value(
            "funds.special_account.outturn",
            format!("纳入专户管理的非税收入拨款：{}", cell(0)),
            4,
        )
        .label("", 4);
    t.row()
        .value(
            "funds.other.outturn",
            format!("其他资金：{}", cell(plan.other())),
            4,
        )
        .label("", 4);
    let (expected, actual) = crate::goals::of_department(plan);
    goals(&mut t, 4, 4, expected, actual);
    indicators(&mut t, plan, &plan.indicators, ("年度指标值", "实际完成值"));
    let score = trimmed(plan.score());
    t.row()
        .label("总分", 6)
        .value("total_points", "100", 1)
        .value("total_score", score, 2);
    out.push(Piece::Grid(t));
    out.push(line("department/foot", foot(plan)));
}

/// One 附件3.
pub fn project(plan: &Plan, number: usize, project: &Project, out: &mut Vec<Piece>) {
    let form = format!("project#{}", number + 1);
    let annex = if plan.projects.len() == 1 {
        "附件3".to_string()
    } else {
        format!("附件3-{}", number + 1)
    };
    out.push(line(format!("{form}/annex"), annex));
    let national = plan.style.national;
    if national {
        out.push(line(format!("{form}/title"), "项目支出绩效自评表"));
        out.push(line(
            format!("{form}/year"),
            format!("（{}年度）", plan.year),
        ));
    } else {
        out.push(line(
            format!("{form}/title"),
            format!("{}年度项目支出绩效自评表", plan.year),
        ));
    }
    let mut t = Grid::new(form.clone(), 9);
    t.row()
        .label(
            if national {
                "项目名称"
            } else {
                "项目支\n出名称"
            },
            2,
        )
        .value("project_name", &project.name, 7);
    t.row()
        .label("主管部门", 2)
        .value("line_department", &plan.superior, 2)
        .label("实施单位", 2)
        .value("implementing_unit", &plan.unit, 3);
    let unit = if national {
        "项目资金\n（元）"
    } else {
        "项目资金\n（万元）"
    };
    t.row().cell("", unit, 1, 5).label("", 2);
    let heads = if national {
        [
            "年初预算数",
            "全年预算数（A）",
            "全年执行数（B）",
            "分值",
            "执行率（B/A）",
            "得分",
        ]
    } else {
        [
            "年初\n预算数",
            "全年\n预算数",
            "全年\n执行数",
            "分值",
            "执行率",
            "得分",
        ]
    };
    for head in heads {
        t.label(head, 1);
    }
    let money = |value: i64| {
        if national && value != 0 {
            fixed(value * 10_000, plan.style.thousands)
        } else {
            plan.cell(value)
        }
    };
    let total = project.total();
    t.row().label("年度资金总额", 2);
    funds_cells(&mut t, "funds.total", &total, money);
    rate_cells(&mut t, &total);
    let sources = [
        (
            "其中：当年财政拨款",
            "funds.appropriation",
            &project.appropriation,
        ),
        ("上年结转资金", "funds.carry_over", &project.carry_over),
        ("其他资金", "funds.other", &project.other),
    ];
    for (label, path, funds) in sources {
        t.row().label(label, 2);
        funds_cells(&mut t, path, funds, money);
        t.label("—", 1).label("—", 1).label("—", 1);
    }
    let (expected, actual) = crate::goals::of_project(plan, project);
    goals(&mut t, 3, 5, expected, actual);
    let heads = if national {
        ("年度指标值", "实际完成值")
    } else {
        ("年度\n指标值", "实际\n完成值")
    };
    indicators(&mut t, plan, &project.indicators, heads);
    t.row()
        .label("总分", 6)
        .value("total_points", "100", 1)
        .value("total_score", trimmed(project.score()), 1)
        .label(if national { "" } else { "—" }, 1);
    out.push(Piece::Grid(t));
    out.push(line(format!("{form}/foot"), foot(plan)));
}

fn funds_cells(t: &mut Grid, path: &str, funds: &Funds, money: impl Fn(i64) -> String) {
    let columns = [
        ("original_budget", funds.initial),
        ("final_budget", funds.full),
        ("outturn", funds.outturn),
    ];
    for (column, value) in columns {
        t.value(&format!("{path}.{column}"), money(value), 1);
    }
}

fn rate_cells(t: &mut Grid, funds: &Funds) {
    t.value("funds.total.points", "10", 1)
        .value(
            "funds.total.execution_rate",
            format!("{}%", fixed(funds.rate(), false)),
            1,
        )
        .value("funds.total.score", trimmed(funds.score()), 1);
}

fn goals(t: &mut Grid, left: u32, right: u32, expected: String, actual: String) {
    t.row()
        .cell("", "年度总体目标", 1, 2)
        .label("预期目标", left)
        .label("实际完成情况", right);
    t.row()
        .value("goal_expected", expected, left)
        .value("goal_actual", actual, right);
}

fn indicators(t: &mut Grid, plan: &Plan, rows: &[Indicator], heads: (&str, &str)) {
    let style = &plan.style;
    t.row().cell("", "绩\n效\n指\n标", 1, rows.len() as u32 + 1);
    let heads = [
        "一级指标",
        "二级指标",
        "三级指标",
        heads.0,
        heads.1,
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ];
    for head in heads {
        t.label(head, 1);
    }
    for (i, row) in rows.iter().enumerate() {
        t.row();
        let run = |same: &dyn Fn(&Indicator) -> bool| {
            let first = i == 0 || !same(&rows[i - 1]);
            first.then(|| rows[i..].iter().take_while(|r| same(r)).count() as u32)
        };
        if let Some(n) = run(&|r| r.dimension == row.dimension) {
            let (name, points) = DIMENSIONS[row.dimension];
            let text = match style.level_points {
                0 => format!("{name}\n\n（{points}分）"),
                1 => format!("{name}\n({points}分)"),
                2 => format!("{name}（{points}分）"),
                _ => name.to_string(),
            };
            t.cell(&format!("indicators[{i}].dimension"), text, 1, n);
        }
        if let Some(n) = run(&|r| r.criterion == row.criterion) {
            t.cell(&format!("indicators[{i}].criterion"), row.criterion, 1, n);
        }
        t.value(&format!("indicators[{i}].name"), &row.name, 1)
            .value(
                &format!("indicators[{i}].target"),
                row.target_printed(style),
                1,
            )
            .value(
                &format!("indicators[{i}].actual"),
                row.actual.printed(style),
                1,
            )
            .value(&format!("indicators[{i}].points"), trimmed(row.points), 1)
            .value(&format!("indicators[{i}].score"), trimmed(row.score()), 1)
            .value(&format!("indicators[{i}].reason"), &row.reason, 1);
    }
}

fn foot(plan: &Plan) -> String {
    format!(
        "填表人：{}  填报日期：{}  联系电话：{}  单位负责人签字：{}",
        plan.filler,
        plan.filled_on.chinese(),
        plan.phone,
        plan.leader
    )
}
