//! Topics and amounts come in; indicators with targets, actual values, points and reasons go out.

use crate::dice::Dice;
use crate::hundredths::share;
use crate::plan::{Amount, Day, Indicator, Plan, Project, Relation, Style};
use crate::stock::{Measure, Topic};

const QUANTITY: &str = "数量指标";
const QUALITY: &str = "质量指标";
const TIMELINESS: &str = "时效指标";
const COST: &str = "成本指标";
const ECONOMIC: &str = "经济效益指标";
const SOCIAL: &str = "社会效益指标";
const ECOLOGICAL: &str = "生态效益指标";
const LASTING: &str = "可持续影响指标";
const SATISFACTION: &str = "服务对象满意度指标";

/// The indicators of a project form.
pub fn of_project(
    topic: &Topic,
    project: &Project,
    year: i64,
    style: &Style,
    dice: &mut Dice,
) -> Vec<Indicator> {
    let total = project.total();
    let mut rows = Vec::new();
    for output in &topic.outputs {
        rows.push(counted(0, QUANTITY, output, true, year, style, dice));
    }
    rows.push(rate(0, QUALITY, &topic.quality, dice));
    let timely = dice.between(0, 2);
    if timely != 1 {
        rows.push(deadline(&format!("{}任务完成时间", topic.task), year, dice));
    }
    if timely != 0 {
        rows.push(rate(
            0,
            TIMELINESS,
            &(format!("{}任务按期完成率", topic.task), 95),
            dice,
        ));
    }
    rows.push(cost(
        format!("{}项目总成本", topic.task),
        total.full,
        total.outturn,
    ));
    rows.push(counted(
        1,
        ECONOMIC,
        &topic.economic,
        false,
        year,
        style,
        dice,
    ));
    rows.push(measured(1, SOCIAL, &topic.social, year, style, dice));
    rows.push(rate(1, ECOLOGICAL, &topic.ecological, dice));
    rows.push(measured(1, LASTING, &topic.lasting, year, style, dice));
    rows.push(satisfaction(
        &topic.satisfaction,
        project.survey.satisfaction(),
    ));
    weigh(&mut rows, dice);
    rows
}

/// The indicators of the department's form: some of its projects' and its own.
pub fn of_department(plan: &Plan, dice: &mut Dice) -> Vec<Indicator> {
    let mut rows: Vec<Indicator> = Vec::new();
    let of = |criterion: &str, most: usize, rows: &mut Vec<Indicator>| {
        let projects = plan.projects.iter();
        let found = projects.filter_map(|p| p.indicators.iter().find(|i| i.criterion == criterion));
        rows.extend(found.take(most).cloned());
    };
    of(QUANTITY, 5, &mut rows);
    of(QUALITY, 3, &mut rows);
    let dated = plan.projects.iter().flat_map(|p| &p.indicators);
    let mut dated = dated.filter(|i| i.relation == Relation::Before).cloned();
    rows.extend(dated.next());
    rows.push(rate(
        0,
        TIMELINESS,
        &("信访事项按期办结率".into(), 95),
        dice,
    ));
    let publics = plan.three_publics();
    rows.push(cost(
        "“三公”经费支出总额".into(),
        publics.budget,
        publics.outturn,
    ));
    rows.push(cost(
        "公用经费支出总额".into(),
        plan.operating.budget,
        plan.operating.outturn,
    ));
    of(ECONOMIC, 1, &mut rows);
    of(SOCIAL, 2, &mut rows);
    of(ECOLOGICAL, 1, &mut rows);
    of(LASTING, 1, &mut rows);
    rows.push(satisfaction("社会公众满意度", plan.survey.satisfaction()));
    of(SATISFACTION, 1, &mut rows);
    weigh(&mut rows, dice);
    rows
}

fn row(
    dimension: usize,
    criterion: &'static str,
    name: &str,
    target: Amount,
    actual: Amount,
) -> Indicator {
    Indicator {
        dimension,
        criterion,
        name: name.to_string(),
        relation: Relation::AtLeast,
        target,
        actual,
        points: 0,
        reason: String::new(),
    }
}

/// A counted quantity; now and then it stays below its target, with the reason.
fn counted(
    dimension: usize,
    criterion: &'static str,
    measure: &Measure,
    may_fail: bool,
    year: i64,
    style: &Style,
    dice: &mut Dice,
) -> Indicator {
    let target = round(dice.between(measure.range.0, measure.range.1));
    let decimals = measure.unit.starts_with('万') && measure.unit != "万元" && target < 100;
    let step = if decimals { 10 } else { 100 };
    let target = target * 100;
    let number = |n: i64| Amount::Number(n, measure.unit.clone());
    if may_fail && target >= 2000 && dice.chance(12) {
        let actual = (target * dice.between(820, 970) / 1000 / step * step).min(target - step);
        let mut row = row(
            dimension,
            criterion,
            &measure.name,
            number(target),
            number(actual),
        );
        row.reason = short_of(&number(target - actual).printed(style), year, dice);
        return row;
    }
    let above = target * dice.between(0, 110) / 1000 / step * step;
    row(
        dimension,
        criterion,
        &measure.name,
        number(target),
        number(target + above),
    )
}

fn short_of(gap: &str, year: i64, dice: &mut Dice) -> String {
    let days = dice.between(11, 35);
    let next = year + 1;
    match dice.between(0, 3) {
        0 => format!(
            "比指标值少{gap}，原因：采购合同签订比计划晚{days}天。改进措施：{next}年3月底前完成剩余部分，采购需求提前到上年11月论证。"
        ),
        1 => format!(
            "比指标值少{gap}，原因：汛期道路中断{days}天，部分任务顺延。改进措施：{next}年2月底前补齐剩余任务量。"
        ),
        2 => format!(
            "比指标值少{gap}，原因：承接单位进场比合同约定晚{days}天。改进措施：按周核对进度，{next}年2月底前完成剩余部分。"
        ),
        _ => format!(
            "比指标值少{gap}，原因：实施方案在8月作了变更，前期工作停顿{days}天。改进措施：{next}年一季度按变更方案完成剩余部分。"
        ),
    }
}

/// A quantity or, when the unit is "%", a rate.
fn measured(
    dimension: usize,
    criterion: &'static str,
    measure: &Measure,
    year: i64,
    style: &Style,
    dice: &mut Dice,
) -> Indicator {
    if measure.unit == "%" {
        let least = dice.between(measure.range.0, measure.range.1);
        rate(dimension, criterion, &(measure.name.clone(), least), dice)
    } else {
        counted(dimension, criterion, measure, false, year, style, dice)
    }
}

fn rate(
    dimension: usize,
    criterion: &'static str,
    of: &(String, i64),
    dice: &mut Dice,
) -> Indicator {
    let target = of.1 * 100;
    // Never so far above the target that it would have to be explained.
    let above = (10_000 - target).min(target / 5);
    let actual = target + above * dice.between(0, 100) / 100;
    let mut row = row(
        dimension,
        criterion,
        &of.0,
        Amount::Rate(target),
        Amount::Rate(actual),
    );
    if of.1 == 100 {
        row.relation = Relation::Exactly;
    }
    row
}

fn deadline(name: &str, year: i64, dice: &mut Dice) -> Indicator {
    let (month, day) = *dice.pick(&[(10, 30), (11, 30), (12, 10), (12, 20), (12, 25)]);
    let last = Day { year, month, day };
    let done = Day {
        year,
        month: month - 1,
        day: dice.between(3, 28),
    };
    let mut row = row(0, TIMELINESS, name, Amount::Day(last), Amount::Day(done));
    row.relation = Relation::Before;
    row
}

fn cost(name: String, most: i64, actual: i64) -> Indicator {
    let money = |n| Amount::Number(n, "万元".into());
    let mut row = row(0, COST, &name, money(most), money(actual));
    row.relation = Relation::AtMost;
    row
}

fn satisfaction(name: &str, actual: i64) -> Indicator {
    row(
        2,
        SATISFACTION,
        name,
        Amount::Rate(9000),
        Amount::Rate(actual),
    )
}

/// Points of 50, 30 and 10 for the three dimensions, whole numbers spread over their rows.
fn weigh(rows: &mut [Indicator], dice: &mut Dice) {
    for (dimension, total) in [(0, 50), (1, 30), (2, 10)] {
        let mut of: Vec<&mut Indicator> = rows
            .iter_mut()
            .filter(|r| r.dimension == dimension)
            .collect();
        let n = of.len() as i64;
        if n == 0 {
            continue;
        }
        let mut left = total;
        for (i, row) in of.iter_mut().enumerate() {
            let rest = n - i as i64;
            let even = left / rest;
            let points = if rest == 1 {
                left
            } else {
                (even + dice.between(-1, 1)).clamp(1, left - (rest - 1))
            };
            row.points = points * 100;
            left -= points;
        }
    }
}

/// Two or three leading digits, as people set targets.
fn round(n: i64) -> i64 {
    let step = match n {
        ..=30 => 1,
        31..=300 => 5,
        301..=3000 => 50,
        3001..=30_000 => 500,
        _ => 1000,
    };
    (n / step * step).max(1)
}

/// How many indicators reached their target.
pub fn met(rows: &[Indicator]) -> usize {
    rows.iter().filter(|i| i.met()).count()
}

/// Mean of scores in hundredths, rounded half up.
pub fn mean(scores: &[i64]) -> i64 {
    share(scores.iter().sum(), scores.len() as i64, 1)
}
