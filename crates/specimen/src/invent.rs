//! A seed comes in; a plan in which everything adds up goes out.

use crate::codes;
use crate::dice::Dice;
use crate::indicators;
use crate::plan::{Building, Day, Funds, Line, Plan, Project, Style, Survey};
use crate::stock::{Department, Topic, stock};

const BASIC_UP: &[&str] = &[
    "年中新录用人员到岗和基础绩效奖清算",
    "年中人员晋级晋档和社会保险缴费基数调整",
    "年中落实工资标准调整政策",
];
const BASIC_DOWN: &[&str] = &["年中调出和退休人员多于预计", "三名职工年中调往其他单位"];
const ADDED: &[&str] = &[
    "年中上级下达专项资金并列入本项目",
    "市政府年中确定的应急任务，年初未列入预算",
    "省级主管部门追加了年度任务量并配套资金",
];
const CUT: &[&str] = &[
    "公开招标中标价低于预算控制价",
    "两个标段合并实施，减少了重复投入",
    "部分任务由上级部门统一组织，本级相应调减",
];
const UNSPENT: &[&str] = &[
    "质保金按合同约定在验收满一年后支付",
    "第四季度完工结算尚在审核，尾款按合同约定结转支付",
    "部分采购实际成交价低于预算",
];
const THRIFT: &[&str] = &[
    "公务接待实行公函和清单管理，公务用车集中调度，会议培训实行年度计划管理，办公用品集中采购",
    "严格执行公务接待标准，推行无纸化办公，水电用量按月公示，会议尽量以视频形式召开",
];

/// Makes up a package.
pub fn plan(seed: u64) -> Plan {
    let mut dice = Dice::new(seed);
    let dice = &mut dice;
    let stock = stock();
    let city = dice.pick(&stock.cities).clone();
    let department = dice.pick(&stock.departments);
    let style = style(dice);
    let year = dice.between(2021, 2025);
    let unit = format!("{city}{}", department.name);
    let chosen = topics(department, dice);
    let filled_on = Day {
        year: year + 1,
        month: dice.between(1, 4),
        day: dice.between(4, 27),
    };
    let reported_on = Day {
        year: year + 1,
        month: 5,
        day: dice.between(8, 28),
    };
    let mut person = || format!("{}{}", dice.pick(&stock.surnames), dice.pick(&stock.given));
    let (filler, leader) = (person(), person());
    let admin = dice.between(18, 90);
    let institution = dice.between(12, 160);
    let in_post = (admin + institution) * dice.between(930, 1000) / 1000;
    let operating = line(in_post * dice.between(300, 700), dice);
    let purchase = if dice.chance(25) {
        let budget = dice.between(1500, 2400);
        Line {
            prior: 0,
            budget,
            outturn: budget * dice.between(930, 998) / 1000,
        }
    } else {
        Line::default()
    };
    let operation = below_budget(dice.between(400, 2800), dice);
    let abroad = if dice.chance(20) {
        below_budget(dice.between(300, 1500), dice)
    } else {
        Line::default()
    };
    let reception = below_budget(dice.between(200, 2600), dice);
    let mut share = |from: i64, to: i64| {
        let part = dice.between(from, to);
        Line {
            prior: operating.prior * part / 1000,
            budget: operating.budget * (part + dice.between(-8, 8)) / 1000,
            outturn: operating.outturn * (part + dice.between(-8, 8)) / 1000,
        }
    };
    let of_operating = [share(250, 450), share(100, 190), share(40, 90)];
    let wages = in_post * dice.between(1_150, 1_900) + dice.between(1, 99);
    let pensions = wages * dice.between(80, 240) / 1000 + dice.between(1, 99);
    let capital = operating.outturn * dice.between(8, 60) / 1000 + 7;
    let basic = wages + pensions + capital + operating.outturn;
    let up = dice.chance(80);
    let change = basic * dice.between(12, 60) / 1000 + dice.between(1, 99);
    let projects = projects(&chosen, department.bureau, year, &style, dice);
    let spent: i64 = projects.iter().map(|p| p.total().outturn).sum();
    let procurement = {
        let outturn = (operating.outturn + spent) * dice.between(220, 420) / 1000;
        Line {
            prior: outturn * dice.between(880, 1120) / 1000 + 13,
            budget: outturn * dice.between(1030, 1110) / 1000,
            outturn,
        }
    };
    let ended = dice.chance(30).then(|| {
        let name = format!("{}业务用房修缮工程", department.field);
        (name, dice.between(8_000, 90_000))
    });
    let building = dice.chance(20).then(|| {
        let area = dice.between(900, 5200);
        let money = area * dice.between(22, 38) + dice.between(1, 99);
        Building {
            name: format!("{}业务用房", department.field),
            area: (area, area - dice.between(0, area / 60)),
            investment: (money, money - dice.between(1, money / 25)),
        }
    });
    let mut plan = Plan {
        seed,
        year,
        short: format!("市{}", department.name),
        bureau: department.bureau,
        offices: department.offices.clone(),
        office_count: dice.between(8, 20),
        subordinates: department.subordinates.clone(),
        functions: department.functions.clone(),
        posts: (admin, institution),
        in_post,
        filler,
        leader,
        // A section, not a person: the package is to be published.
        phone: dice.word(&["财务科", "办公室", "计划财务科"]).to_string(),
        filled_on,
        reported_on,
        economic: [wages, pensions, capital],
        basic_initial: if up { basic - change } else { basic + change },
        basic_reason: dice.word(if up { BASIC_UP } else { BASIC_DOWN }),
        purchase,
        operation,
        abroad,
        reception,
        operating,
        of_operating,
        procurement,
        projects,
        ended,
        building,
        survey: survey(dice, 600, 1500),
        thrift: dice.word(THRIFT),
        misplaced: dice.between(6, 40),
        late_procurements: dice.between(2, 6),
        indicators: Vec::new(),
        style,
        city,
        superior: unit.clone(),
        // Drawn apart, so that a code more or less changes no other choice.
        credit_code: codes::drawn(seed),
        unit,
    };
    plan.indicators = indicators::of_department(&plan, dice);
    plan
}

fn style(dice: &mut Dice) -> Style {
    Style {
        zero: dice.word(&["0.00", "0.00", "", "0", "0.00"]),
        thousands: dice.chance(15),
        at_least: dice.word(&["≥", "≥", "≥", ">=", "≧"]),
        at_most: dice.word(&["≤", "≤", "≤", "<=", "≦"]),
        equals: dice.chance(40),
        national: dice.chance(25),
        level_points: dice.between(0, 3) as usize,
        wording: dice.between(0, 7) as usize,
        city_grades: dice.chance(50),
        dashed_dates: dice.chance(15),
    }
}

/// One to twelve topics, most of them the department's own.
fn topics(department: &Department, dice: &mut Dice) -> Vec<Topic> {
    let (mut own, mut generic) = stock().topics(department);
    dice.shuffle(&mut own);
    dice.shuffle(&mut generic);
    let wanted = match dice.between(0, 9) {
        0 => dice.between(1, 2),
        1..=6 => dice.between(3, 6),
        _ => dice.between(7, 12),
    } as usize;
    own.append(&mut generic);
    own.truncate(wanted);
    own
}

/// Three amounts around one, the outturn below the budget.
fn line(around: i64, dice: &mut Dice) -> Line {
    let budget = around + dice.between(1, 99);
    Line {
        prior: budget * dice.between(900, 1080) / 1000 + dice.between(1, 99),
        budget,
        outturn: budget * dice.between(940, 995) / 1000,
    }
}

fn below_budget(around: i64, dice: &mut Dice) -> Line {
    let outturn = around + dice.between(1, 99);
    Line {
        prior: outturn * dice.between(880, 1120) / 1000 + 3,
        budget: outturn * dice.between(1010, 1150) / 1000 + 2,
        outturn,
    }
}

/// A questionnaire with a satisfaction of 91–97 %.
pub fn survey(dice: &mut Dice, from: i64, to: i64) -> Survey {
    let sent = dice.between(from, to);
    let valid = sent * dice.between(920, 980) / 1000;
    Survey {
        sent,
        valid,
        content: valid * dice.between(915, 970) / 1000 + 1,
    }
}

fn projects(
    chosen: &[Topic],
    bureau: bool,
    year: i64,
    style: &Style,
    dice: &mut Dice,
) -> Vec<Project> {
    // At most one project is paid from a government fund.
    let fund = (bureau && dice.chance(15)).then_some(0);
    let mut out = Vec::new();
    for (number, topic) in chosen.iter().enumerate() {
        let government_fund = fund == Some(number);
        let large = dice.chance(40);
        let initial = if large {
            dice.between(20_000, 95_000)
        } else {
            dice.between(1_800, 19_000)
        };
        let kind = if government_fund {
            0
        } else {
            dice.between(0, 9)
        };
        let (full, adjusted_for) = match kind {
            0..=5 => (initial, ""),
            6 | 7 => (
                initial + initial * dice.between(40, 240) / 1000,
                dice.word(ADDED),
            ),
            _ => (
                initial - initial * dice.between(40, 150) / 1000,
                dice.word(CUT),
            ),
        };
        let outturn = full * dice.between(905, 992) / 1000;
        let mut appropriation = Funds {
            initial,
            full,
            outturn,
        };
        let mut part = |percent: i64| {
            let part = Funds {
                initial: appropriation.initial * percent / 100,
                full: appropriation.full * percent / 100,
                outturn: appropriation.outturn * percent / 100,
            };
            appropriation.initial -= part.initial;
            appropriation.full -= part.full;
            appropriation.outturn -= part.outturn;
            part
        };
        let mixed = dice.between(0, 9);
        let carry_over = if mixed == 0 && kind <= 5 {
            part(dice.between(8, 30))
        } else {
            Funds::default()
        };
        let other = if mixed == 1 && !government_fund {
            part(dice.between(5, 25))
        } else {
            Funds::default()
        };
        let mut project = Project {
            name: topic.name.clone(),
            task: topic.task.clone(),
            class: if government_fund {
                "212".into()
            } else {
                topic.class.clone()
            },
            prior: if dice.chance(70) {
                initial * dice.between(820, 1180) / 1000 + 5
            } else {
                0
            },
            appropriation,
            carry_over,
            other,
            government_fund,
            survey: survey(dice, 240, 760),
            adjusted_for,
            unspent_for: dice.word(UNSPENT),
            indicators: Vec::new(),
        };
        project.indicators = indicators::of_project(topic, &project, year, style, dice);
        out.push(project);
    }
    out
}
