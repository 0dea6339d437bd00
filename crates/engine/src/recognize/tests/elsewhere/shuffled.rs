//! A project's self-evaluation drawn two hundred times, with columns in other orders and heads in other words, comes in; the same values must be read every time.

use super::{Form, at, drawn, forms, national};
use jiheng_model::label::normalise;

/// A column of a drawing: its path and the words that may stand above it.
type Column = (&'static str, &'static [&'static str]);

const MONEY: &[Column] = &[
    (
        "original_budget",
        &["年初预算数", "年初预算", "年初预算\n（万元）", "年初批复数"],
    ),
    (
        "final_budget",
        &[
            "全年预算数",
            "全年预算数（A）",
            "全年预算\n数(A)",
            "调整后预算数",
            "预算数（A）",
            "全年(调整)预算数",
        ],
    ),
    (
        "outturn",
        &[
            "全年执行数",
            "全年执行数（B）",
            "全年执行\n数(B)",
            "预算执行数",
            "执行数(B)",
            "实际支出数",
        ],
    ),
    ("points", &["分值", "权重", "分值\n（10分）"]),
    (
        "execution_rate",
        &[
            "执行率",
            "执行率（B/A）",
            "执行率\n(B/A)",
            "预算执行率(%)",
            "执行率B/A",
        ],
    ),
    ("score", &["得分", "自评得分", "执行率得分"]),
];

const LINES: &[(&str, &[&str])] = &[
    (
        "total",
        &["年度资金总额", "资金总额", "总额", "年度资金总额：", "合计"],
    ),
    (
        "appropriation",
        &[
            "其中：当年财政拨款",
            "其中:本年财政拨款",
            "当年财政拨款",
            "其中：本年财政资金",
        ],
    ),
    (
        "carry_over",
        &["上年结转资金", "上年结转", "      上年结转资金"],
    ),
    ("other", &["其他资金", "其它资金", "其他"]),
];

const LEVELS: &[Column] = &[
    ("dimension", &["一级指标", "一级"]),
    ("criterion", &["二级指标", "二级"]),
    ("name", &["三级指标", "三级", "指标名称", "三级\n指标"]),
];

const REST: &[Column] = &[
    (
        "target",
        &[
            "年度指标值",
            "年度指标值（A）",
            "年初指标值",
            "预期指标值",
            "指标值",
            "年初目标值(A)",
            "目标值",
            "年度\n指标值",
        ],
    ),
    (
        "actual",
        &[
            "实际完成值",
            "实际完成值（B）",
            "全年实际值",
            "完成值",
            "全年实际完成值",
            "年终完成值",
            "实际完\n成值",
        ],
    ),
    (
        "points",
        &["分值", "权重", "指标分值", "标准分值", "分值（100分）"],
    ),
    (
        "score",
        &["得分", "自评得分", "自评分", "实际得分", "单项指标得分"],
    ),
    ("review_score", &["复核得分", "财政审核评分", "复核分"]),
    ("standard", &["评分标准", "评价标准", "得分计算方法"]),
    (
        "reason",
        &[
            "偏差原因分析及改进措施",
            "未完成原因分析",
            "偏差原因及改进措施",
            "未完成原因及拟采取的改进措施",
            "扣分原因",
        ],
    ),
];

const INDICATORS: &[[&str; 10]] = &[
    [
        "产出指标",
        "数量指标",
        "修复河堤",
        "≥12.5公里",
        "12.6公里",
        "20",
        "20",
        "20",
        "按比例计分",
        "",
    ],
    [
        "产出指标",
        "数量指标",
        "清理垃圾",
        "=300吨",
        "300吨",
        "15",
        "15",
        "14",
        "按比例计分",
        "",
    ],
    [
        "产出指标",
        "质量指标",
        "验收合格率",
        ">=98%",
        "98.5%",
        "15",
        "15",
        "15",
        "达标得满分",
        "",
    ],
    [
        "效益指标",
        "社会效益指标",
        "保护人口",
        "≥3.2万人",
        "3万人",
        "30",
        "28.13",
        "28",
        "按比例计分",
        "人口外迁",
    ],
    [
        "满意度指标",
        "服务对象满意度指标",
        "居民满意度",
        "≧90％",
        "93%",
        "10",
        "10",
        "9",
        "按比例计分",
        "",
    ],
];

const AMOUNTS: &[(&str, [&str; 6])] = &[
    ("total", ["300.00", "280.00", "252.00", "10", "90%", "9"]),
    (
        "appropriation",
        ["250.00", "230.00", "202.00", "—", "", "—"],
    ),
    ("carry_over", ["50.00", "50.00", "50.00", "—", "", "—"]),
    ("other", ["0.00", "0.00", "0.00", "—", "", "—"]),
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn shuffled<T: Copy>(&mut self, of: &[T]) -> Vec<T> {
        let mut out = of.to_vec();
        for i in (1..out.len()).rev() {
            out.swap(i, self.below(i + 1));
        }
        out
    }
}

/// The drawing and what must be read from it.
struct Drawing {
    markdown: String,
    wanted: Vec<(String, String)>,
}

fn drawing(seed: u64) -> Drawing {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..4 {
        dice.below(2);
    }
    let mut wanted: Vec<(String, String)> = Vec::new();
    let with = |dice: &mut Dice, columns: &'static [Column], keep: &[&str]| -> Vec<Column> {
        let kept: Vec<Column> = columns
            .iter()
            .filter(|c| keep.contains(&c.0) || dice.below(3) > 0)
            .copied()
            .collect();
        kept
    };
    let rest = with(&mut dice, REST, &["target", "actual", "points", "score"]);
    let rest = dice.shuffled(&rest);
    let money = with(&mut dice, MONEY, &["final_budget", "outturn"]);
    let money = dice.shuffled(&money);
    let split = dice.below(3) == 0;
    let serial = dice.below(4) == 0;
    let side = dice.below(2) == 0;
    let bracket = dice.below(2) == 0;
    let merged = dice.below(3);
    // Columns of the list, one for each head or two more when the target stands in three.
    let lead = usize::from(side) + usize::from(serial);
    let width = lead + LEVELS.len() + rest.len() + if split { 2 } else { 0 };
    let width = width.max(2 + money.len());
    let blank = |n: usize| -> Vec<String> { vec![String::new(); n] };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let pad = |mut row: Vec<String>| -> Vec<String> {
        while row.len() < width {
            row.push("<".into());
        }
        row
    };
    let words = |list: &[&str]| -> Vec<String> { list.iter().map(|s| s.to_string()).collect() };
    rows.push(pad(words(&[
        dice.one(&["项目名称", "项目支出名称", "项目名称："]),
        "东河堤防维修",
    ])));
    rows.push(pad(words(&[
        dice.one(&["主管部门", "预算主管部门", "主管部门（公章）"]),
        "某县水利局",
        "<",
        dice.one(&["实施单位", "项目实施单位", "项目单位"]),
        "某县堤防所",
    ])));
    wanted.push(("project_name".into(), "东河堤防维修".into()));
    wanted.push(("line_department".into(), "某县水利局".into()));
    wanted.push(("implementing_unit".into(), "某县堤防所".into()));
    // Money.
    let unit = dice.one(&["（万元）", "\n(万元)", ""]);
    let block = format!(
        "{}{unit}",
        dice.one(&["项目资金", "预算执行情况", "资金情况", "年度资金"])
    );
    let mut head = vec![block, String::new()];
    head.extend(money.iter().map(|c| dice.one(c.1).to_string()));
    rows.push(pad(head));
    for (line, amounts) in AMOUNTS {
        if *line != "total" && dice.below(4) == 0 {
            continue;
        }
        let labels = LINES.iter().find(|l| l.0 == *line).map_or(&[][..], |l| l.1);
        let mut row = vec!["^".to_string(), dice.one(labels).to_string()];
        for column in &money {
            let at = MONEY.iter().position(|m| m.0 == column.0).unwrap_or(0);
            row.push(amounts[at].to_string());
            wanted.push((
                format!("funds.{line}.{}", column.0),
                amounts[at].to_string(),
            ));
        }
        rows.push(pad(row));
    }
    // Goals.
    let goals = [
        (["年度总体目标", "预期目标", "实际完成情况"], true),
        (
            ["年度\n总体\n目标", "年初设定目标", "全年实际完成情况"],
            true,
        ),
        (["总体目标", "年度设定目标", "实际完成情况"], true),
        (["年度目标", "年初目标", "目标完成情况"], true),
        (["年度目标", "年度目标完成情况", ""], false),
    ];
    let (goal, beside) = goals[dice.below(goals.len())];
    if beside {
        rows.push(pad(words(&[goal[0], goal[1], "<", goal[2]])));
        rows.push(pad(words(&["^", "完成堤防维修", "<", "已完成堤防维修"])));
    } else {
        rows.push(pad(words(&[goal[0], "完成堤防维修"])));
        rows.push(pad(words(&[goal[1], "已完成堤防维修"])));
    }
    wanted.push(("goal_expected".into(), "完成堤防维修".into()));
    wanted.push(("goal_actual".into(), "已完成堤防维修".into()));
    // Indicators.
    let mut head = Vec::new();
    let mut under = Vec::new();
    if side {
        head.push(
            dice.one(&["绩效指标", "绩\n效\n指\n标", "年度绩效指标完成情况"])
                .to_string(),
        );
    }
    if serial {
        head.push("序号".into());
    }
    under.extend(vec!["^".to_string(); lead]);
    for level in LEVELS {
        head.push(dice.one(level.1).to_string());
        under.push("^".into());
    }
    let two_rows = split && dice.below(2) == 0;
    for column in &rest {
        let text = dice.one(column.1).to_string();
        if column.0 == "target" && split {
            if two_rows {
                head.extend([text, "<".into(), "<".into()]);
                under.extend(words(&["指标性质", "指标值", "度量单位"]));
            } else {
                head.extend(words(&["指标性质", "指标值", "度量单位"]));
            }
            continue;
        }
        head.push(text);
        under.push("^".into());
    }
    let fill = |mut row: Vec<String>| {
        while row.len() < width {
            row.push(String::new());
        }
        row
    };
    rows.push(pad(head));
    if two_rows {
        rows.push(pad(under));
    }
    let mut number = 0;
    for (at, indicator) in INDICATORS.iter().enumerate() {
        number += 1;
        let before = at.checked_sub(1).map(|b| &INDICATORS[b]);
        let mut row = Vec::new();
        if side {
            row.push("^".to_string());
        }
        if serial {
            row.push(number.to_string());
        }
        let same = |i: usize| before.is_some_and(|b| (0..=i).all(|k| b[k] == indicator[k]));
        for (i, level) in LEVELS.iter().enumerate() {
            let text = if i == 0 && bracket {
                format!(
                    "{}（{}分）",
                    indicator[0],
                    ["50", "30", "10"][match at {
                        0..=2 => 0,
                        3 => 1,
                        _ => 2,
                    }]
                )
            } else {
                indicator[i].to_string()
            };
            let again = i < 2 && same(i);
            row.push(match (again, merged) {
                (true, 0) => "^".into(),
                (true, 1) => String::new(),
                _ => text,
            });
            wanted.push((
                format!("indicators[{}].{}", at + 1, level.0),
                indicator[i].to_string(),
            ));
        }
        for column in &rest {
            let k = REST.iter().position(|c| c.0 == column.0).unwrap_or(0) + LEVELS.len();
            let text = indicator[k];
            if column.0 == "target" && split {
                let digits = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
                let end = text
                    .rfind(|c: char| c.is_ascii_digit())
                    .map_or(0, |e| e + 1);
                row.extend(words(&[&text[..digits], &text[digits..end], &text[end..]]));
            } else {
                row.push(text.to_string());
            }
            wanted.push((
                format!("indicators[{}].{}", at + 1, column.0),
                text.to_string(),
            ));
        }
        rows.push(fill(row));
    }
    let mut total = vec![
        dice.one(&["总分", "合计", "总  分", "总计", "合计得分"])
            .to_string(),
    ];
    total.extend(vec!["<".to_string(); lead + LEVELS.len() - 1]);
    for column in &rest {
        let text = match column.0 {
            "points" => "100",
            "score" => "97.13",
            "review_score" => "95",
            _ => "",
        };
        total.push(text.into());
        if column.0 == "target" && split {
            total.extend(blank(2));
        }
        match column.0 {
            "points" => wanted.push(("total_points".into(), "100".into())),
            "score" => wanted.push(("total_score".into(), "97.13".into())),
            "review_score" => wanted.push(("review_score".into(), "95".into())),
            _ => {}
        }
    }
    rows.push(fill(total));
    let mut markdown = format!(
        "{}\n（2022年度）\n\n",
        dice.one(&[
            "2022年度项目支出绩效自评表",
            "项目绩效目标自评表",
            "附件3 部门预算项目支出绩效自评表"
        ])
    );
    if unit.is_empty() {
        markdown.push_str("金额单位：万元\n\n");
    }
    for (i, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|c| c.replace('\n', "<br>")).collect();
        markdown.push_str(&format!("| {} |\n", cells.join(" | ")));
        if i == 0 {
            markdown.push_str(&format!("|{}\n", "---|".repeat(width)));
        }
    }
    wanted.push(("money_unit".into(), "万元".into()));
    wanted.push(("year".into(), "2022".into()));
    Drawing { markdown, wanted }
}

#[test]
fn the_same_values_are_read_whatever_the_order_and_the_words() {
    let mut wrong = Vec::new();
    let mut cells = 0;
    for seed in 0..200 {
        let drawing = drawing(seed);
        let all = drawn(&drawing.markdown);
        let (format, documents) = &all[seed as usize % all.len()];
        let filing = forms(documents, &national());
        let mut here = Vec::new();
        let kinds: Vec<&str> = filing.forms.iter().map(Form::kind).collect();
        if kinds != ["project"] {
            here.push(format!("forms {kinds:?}"));
        }
        here.extend(filing.unrecognised.iter().map(|u| u.why.clone()));
        if let Some(form) = filing.forms.first() {
            for (path, text) in &drawing.wanted {
                cells += 1;
                let read = at(form, path);
                if normalise(&read) != normalise(text) {
                    here.push(format!("{path}: {text:?} read as {read:?}"));
                }
            }
        }
        if !here.is_empty() {
            let few: Vec<String> = here.iter().take(6).cloned().collect();
            wrong.push(format!(
                "seed {seed} ({format}), {} wrong:\n  {}\n{}",
                here.len(),
                few.join("\n  "),
                if wrong.len() < 2 {
                    drawing.markdown.as_str()
                } else {
                    ""
                }
            ));
        }
    }
    assert!(cells > 10_000);
    assert!(
        wrong.is_empty(),
        "{} drawings: {}",
        wrong.len(),
        wrong.join("\n")
    );
}
