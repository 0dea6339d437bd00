//! One number of the baseline or of the money of a form is changed.

use super::{Kind, kind};
use crate::draft::Draft;
use jiheng_model::Severity::Error;
use jiheng_model::Unit;

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("I04-posts-off", &["I-04", "D30"], "附件1 编制数改 2 人", &["A102", "X101", "X302"], Error, "staff.authorized_posts", persons),
    kind("I04-in-post-off", &["I-04", "D30"], "附件1 在职人数改 2 人", &["A102", "X101", "X302"], Error, "staff.in_post", persons),
    kind("I04-control-rate-off", &["I-04"], "附件1 控制率改 1 个百分点", &["A102", "X302", "X313"], Error, "staff.control_rate", rate),
    kind("I01-three-publics-outturn-off", &["I-01", "D28"], "附件1 三公经费决算合计多 3 万元", &["A103", "X302", "X301"], Error, "three_publics.outturn", baseline),
    kind("I01-three-publics-budget-off", &["I-01", "D28"], "附件1 三公经费预算合计多 3 万元", &["A103", "X302"], Error, "three_publics.budget", baseline),
    kind("I01-three-publics-prior-off", &["I-01", "D28"], "附件1 三公经费上年合计多 3 万元", &["A103"], Error, "three_publics.prior_outturn", baseline),
    kind("I01-vehicles-outturn-off", &["I-01", "D28"], "附件1 公务用车决算多 3 万元", &["A113", "A103"], Error, "three_publics.vehicles.outturn", baseline),
    kind("I01-vehicles-budget-off", &["I-01", "D28"], "附件1 公务用车预算多 3 万元", &["A113", "A103"], Error, "three_publics.vehicles.budget", baseline),
    kind("I01-operation-outturn-off", &["I-01", "D28"], "附件1 车辆运行决算多 3 万元", &["A113", "X302"], Error, "three_publics.vehicles.operation.outturn", baseline),
    kind("I01-operation-budget-off", &["I-01", "D28"], "附件1 车辆运行预算多 3 万元", &["A113"], Error, "three_publics.vehicles.operation.budget", baseline),
    kind("I01-reception-outturn-off", &["I-01", "D28"], "附件1 公务接待决算多 3 万元", &["A103", "X302"], Error, "three_publics.reception.outturn", baseline),
    kind("I01-reception-prior-off", &["I-01", "D28"], "附件1 公务接待上年决算多 3 万元", &["A103"], Error, "three_publics.reception.prior_outturn", baseline),
    kind("I02-projects-outturn-off", &["I-02", "D28"], "附件1 项目支出决算合计多 3 万元", &["A105", "X202", "X302"], Error, "projects.outturn", baseline),
    kind("I02-projects-budget-off", &["I-02", "D28"], "附件1 项目支出预算合计多 3 万元", &["A105"], Error, "projects.budget", baseline),
    kind("I02-projects-prior-less", &["I-02", "D28"], "附件1 项目支出上年合计少 3 万元", &["A115"], Error, "projects.prior_outturn", baseline_less),
    kind("I02-projects-prior-more", &["I-02", "D28"], "附件1 项目支出上年合计多 3 万元", &["X314"], Error, "projects.prior_outturn", prior_said),
    kind("I09-row-outturn-off", &["I-09", "I-02", "I-17"], "附件1 一个项目的决算多 3 万元", &["A105", "X205", "X303"], Error, "outturn", project_row),
    kind("I09-row-budget-off", &["I-09", "I-02"], "附件1 一个项目的预算多 3 万元", &["A105", "X205"], Error, "budget", project_row),
    kind("I03-office-above-operating", &["I-03", "D28"], "附件1 办公经费决算大于公用经费", &["A104"], Error, "operating.office.outturn", above_operating),
    kind("I03-utilities-above-operating", &["I-03", "D28"], "附件1 水电差旅预算大于公用经费", &["A104"], Error, "operating.utilities.budget", above_operating),
    kind("I16-operating-outturn-off", &["I-16", "D30"], "附件1 公用经费决算多 3 万元", &["X301"], Error, "operating.outturn", baseline),
    kind("I05-basic-adjustment-off", &["I-05"], "附件1 基本支出预算调整多 3 万元", &["X201", "X302"], Error, "basic_adjustment.budget", baseline),
    kind("I08-operating-above-basic", &["I-08"], "附件1 公用经费预算大于年初基本支出", &["X204"], Error, "operating.budget", far_more),
    kind("D30-procurement-off", &["D30"], "附件1 政府采购决算多 3 万元", &["X302", "X313"], Error, "procurement.outturn", baseline),
    kind("D66-procurement-above-budget", &["D66"], "附件1 采购预算远小于采购决算", &["A410", "X302"], Error, "procurement.budget", tenth),
    kind("D28-area-rate-off", &["D28"], "附件1 规模控制率改 1 个百分点", &["A106", "X302"], Error, "buildings.area_rate", rate),
    kind("D28-investment-rate-off", &["D28"], "附件1 投资概算控制率改 1 个百分点", &["A114", "X302"], Error, "buildings.investment_rate", rate),
    kind("I06-by-source-off", &["I-06", "D28"], "附件2 按收入性质分多 3 万元", &["A107", "A110"], Error, "funds.by_source.outturn", department),
    kind("I06-by-nature-off", &["I-06", "D28"], "附件2 按支出性质分多 3 万元", &["A108", "A111"], Error, "funds.by_nature.outturn", department),
    kind("I06-general-public-off", &["I-06", "I-18", "D28"], "附件2 一般公共预算多 3 万元", &["A107", "A116", "X305", "X302"], Error, "funds.general_public.outturn", department),
    kind("D29-basic-off", &["I-06", "I-14", "D29"], "附件2 基本支出多 3 万元", &["A108", "A117", "X302", "X201"], Error, "funds.basic.outturn", department),
    kind("I07-project-off", &["I-06", "I-07", "D29"], "附件2 项目支出多 3 万元", &["A108", "A117", "X202", "X302"], Error, "funds.project.outturn", department),
    kind("I20-government-fund-unsaid", &["I-20", "I-06"], "附件2 政府性基金多 30 万元", &["X306", "A107", "A116"], Error, "funds.government_fund.outturn", department_far),
    kind("I06-sources-off-without-sum", &["I-06", "D28"], "附件2 没有填“按收入性质分”，专户非税收入多 30 万元", &["A116"], Error, "funds.by_source|funds.special_account", without_sum),
    kind("D29-natures-off-without-sum", &["I-06", "D29"], "附件2 没有填“按支出性质分”，基本支出多 3 万元", &["A117", "X302", "X201"], Error, "funds.by_nature|funds.basic", without_sum),
    kind("D30-original-budget-off", &["D30", "I-08"], "附件2 年初预算数多 3 万元", &["X302", "X201"], Error, "funds.total.original_budget", department),
    kind("D30-final-budget-off", &["D30", "I-11"], "附件2 全年预算数多 300 万元", &["X302", "A201"], Error, "funds.total.final_budget", department_far),
    kind("I06-outturn-off", &["I-06", "D28"], "附件2 全年执行数多 3 万元", &["A110", "A111", "A201", "X302"], Error, "funds.total.outturn", department),
    kind("I11-rate-off-department", &["I-11", "D02"], "附件2 执行率改 1 个百分点", &["A201", "X302"], Error, "funds.total.execution_rate", department_rate),
    kind("I11-rate-off-project", &["I-11", "D02"], "附件3 执行率改 1 个百分点", &["A201", "X302"], Error, "funds.total.execution_rate", project_rate),
    kind("D02-rate-score-off-department", &["I-11", "D02"], "附件2 执行率得分少 1 分", &["A202", "X309"], Error, "funds.total.score", department_point),
    kind("D02-rate-score-off-project", &["I-11", "D02"], "附件3 执行率得分少 1 分", &["A202"], Error, "funds.total.score", project_point),
    kind("I09-total-outturn-off", &["I-09", "I-07"], "附件3 全年执行数多 3 万元", &["A109", "X205", "X203", "A201"], Error, "funds.total.outturn", project),
    kind("I09-total-initial-off", &["I-09"], "附件3 年初预算数多 3 万元", &["A109", "X205"], Error, "funds.total.original_budget", project),
    kind("I09-total-final-off", &["I-09"], "附件3 全年预算数多 3 万元", &["A109", "A201"], Error, "funds.total.final_budget", project),
    kind("I09-appropriation-outturn-off", &["I-09", "D28"], "附件3 当年财政拨款执行数多 3 万元", &["A109"], Error, "funds.appropriation.outturn", project),
    kind("I09-appropriation-initial-off", &["I-09", "D28"], "附件3 当年财政拨款年初数多 3 万元", &["A109"], Error, "funds.appropriation.original_budget", project),
    kind("I09-carry-over-off", &["I-09", "D28"], "附件3 上年结转资金全年预算数多 3 万元", &["A109"], Error, "funds.carry_over.final_budget", project),
];

fn change(draft: &mut Draft<'_>, kind: &str, path: &str, by: i64) -> Option<()> {
    let form = draft.form(kind)?;
    let stated = form.get(path)?;
    // Money in 元 is ten thousand times as much.
    let yuan = form.money_unit == Some(Unit::of("元"));
    let money = path.contains("outturn") || path.contains("budget");
    draft.add(stated, if yuan && money { by * 10_000 } else { by })
}

fn baseline(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "baseline", path, 300)
}

/// The prior total, where the report compares with it.
fn prior_said(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    let prose = draft.prose();
    let said = prose.iter().any(|l| l.text.contains("项目支出比上年"));
    said.then_some(())?;
    change(draft, "baseline", path, 300)
}

fn baseline_less(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "baseline", path, -300)
}

fn far_more(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "baseline", path, 10_000_000)
}

fn tenth(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    let stated = draft.form("baseline")?.get(path)?;
    draft.put(stated, "1.50")
}

fn persons(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "baseline", path, 200)
}

fn rate(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "baseline", path, -100)
}

fn department(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "department", path, 300)
}

fn department_far(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "department", path, 30_000)
}

/// The sum is left blank, and one of its rows is changed.
fn without_sum(draft: &mut Draft<'_>, rows: &str) -> Option<()> {
    let form = draft.form("department")?;
    let cell = |row: &str| form.get(&format!("{row}.outturn"));
    let (sum, row) = rows.split_once('|')?;
    draft.write(cell(sum)?.origin, "")?;
    let stated = cell(row)?;
    match stated.number().filter(|n| !n.is_zero()) {
        Some(_) => draft.add(stated, 300),
        None => draft.put(stated, "30.00"),
    }
}

fn department_rate(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "department", path, -100)
}

fn project_rate(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "project", path, -100)
}

fn department_point(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "department", path, -100)
}

fn project_point(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "project", path, -100)
}

fn project(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    change(draft, "project", path, 300)
}

fn above_operating(draft: &mut Draft<'_>, path: &str) -> Option<()> {
    let form = draft.form("baseline")?;
    let column = path.rsplit_once('.')?.1;
    let whole = form.get(&format!("operating.{column}"))?;
    let more = crate::draft::plus(&whole.text, 1000)?;
    draft.put(form.get(path)?, &more)
}

/// The outturn or budget of a project that has one.
fn project_row(draft: &mut Draft<'_>, column: &str) -> Option<()> {
    let form = draft.form("baseline")?;
    let rows: Vec<_> = form
        .rows("projects")
        .iter()
        .filter_map(|row| form.cell("projects", row, column))
        .filter(|s| s.number().is_some_and(|n| !n.is_zero()))
        .collect();
    let stated = *(!rows.is_empty()).then(|| draft.dice.pick(&rows))?;
    draft.add(stated, 300)
}
