//! The tree of values of a package: what was chosen comes in, what follows from it goes out.
//!
//! Chosen values are fields; what is a sum, a rate or a score of others is a method, so that a plan
//! cannot contradict itself.

use crate::hundredths::{fixed, share, trimmed};

/// How a package is written.
#[derive(Clone, Debug)]
pub struct Style {
    /// What stands for an amount of nothing: "0.00", "0" or nothing.
    pub zero: &'static str,
    /// Separators in amounts of thousands.
    pub thousands: bool,
    /// The sign before "not less than".
    pub at_least: &'static str,
    /// The sign before "not more than".
    pub at_most: &'static str,
    /// Whether "=" is printed before an exact target.
    pub equals: bool,
    /// Project forms in the national layout, with (A), (B) and the money in 元.
    pub national: bool,
    /// Brackets of the points in a level cell.
    pub level_points: usize,
    /// Which words the report chooses among synonyms.
    pub wording: usize,
    /// Grades 优秀/良好/合格/不合格 with 90, 80, 70; otherwise 优/良/中/差 with 90, 80, 60.
    pub city_grades: bool,
    /// Dates as 2024年5月6日 or 2024-05-06 in cells of indicators.
    pub dashed_dates: bool,
}

/// Amounts of one row of the baseline: 上年决算, 本年预算, 本年决算.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    /// 上年决算数.
    pub prior: i64,
    /// 本年预算数.
    pub budget: i64,
    /// 本年决算数.
    pub outturn: i64,
}

/// Amounts of one source of a project: 年初预算, 全年预算, 全年执行.
#[derive(Clone, Copy, Debug, Default)]
pub struct Funds {
    /// 年初预算数.
    pub initial: i64,
    /// 全年预算数.
    pub full: i64,
    /// 全年执行数.
    pub outturn: i64,
}

/// A questionnaire: sent out, returned valid, satisfied.
#[derive(Clone, Copy, Debug, Default)]
pub struct Survey {
    /// 发放.
    pub sent: i64,
    /// 有效.
    pub valid: i64,
    /// 满意.
    pub content: i64,
}

/// A project with its form.
#[derive(Clone, Debug)]
pub struct Project {
    /// 项目名称.
    pub name: String,
    /// What it does.
    pub task: String,
    /// Code of the function class.
    pub class: String,
    /// 上年决算数.
    pub prior: i64,
    /// 当年财政拨款.
    pub appropriation: Funds,
    /// 上年结转资金.
    pub carry_over: Funds,
    /// 其他资金.
    pub other: Funds,
    /// Paid from a government fund.
    pub government_fund: bool,
    /// Its questionnaire.
    pub survey: Survey,
    /// Why the budget was changed in the year.
    pub adjusted_for: &'static str,
    /// Why not all was spent.
    pub unspent_for: &'static str,
    /// Its indicators.
    pub indicators: Vec<Indicator>,
}

/// A value of an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Hundredths of a unit.
    Number(i64, String),
    /// Hundredths of a per cent.
    Rate(i64),
    /// A day.
    Day(Day),
    /// A state that is reached or not.
    Words(String),
}

/// How the actual value is held against the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// ≥
    AtLeast,
    /// ≤
    AtMost,
    /// =
    Exactly,
    /// Not after a day.
    Before,
}

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year.
    pub year: i64,
    /// Month.
    pub month: i64,
    /// Day of the month.
    pub day: i64,
}

/// An indicator.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// 一级指标: 0 output, 1 outcome, 2 satisfaction.
    pub dimension: usize,
    /// 二级指标.
    pub criterion: &'static str,
    /// 三级指标.
    pub name: String,
    /// Its relation.
    pub relation: Relation,
    /// 年度指标值.
    pub target: Amount,
    /// 实际完成值.
    pub actual: Amount,
    /// 分值 in hundredths.
    pub points: i64,
    /// 偏差原因分析及改进措施.
    pub reason: String,
}

/// A building finished in the year: areas in ㎡, investment in hundredths of 万元.
#[derive(Clone, Debug)]
pub struct Building {
    /// Its name.
    pub name: String,
    /// 批复规模, 实际规模.
    pub area: (i64, i64),
    /// 预算投资, 实际投资.
    pub investment: (i64, i64),
}

/// The tree.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed it was made from.
    pub seed: u64,
    /// How it is written.
    pub style: Style,
    /// Fiscal year.
    pub year: i64,
    /// City.
    pub city: String,
    /// Name of the unit.
    pub unit: String,
    /// 主管部门 on its project forms: itself, or the department it belongs to.
    pub superior: String,
    /// 统一社会信用代码, where the report prints it.
    pub credit_code: Option<String>,
    /// Its short name.
    pub short: String,
    /// Whether it is a department of the government.
    pub bureau: bool,
    /// Sections.
    pub offices: Vec<String>,
    /// How many sections there are.
    pub office_count: i64,
    /// Subordinate units.
    pub subordinates: Vec<String>,
    /// Duties.
    pub functions: Vec<String>,
    /// 行政编制, 事业编制.
    pub posts: (i64, i64),
    /// 在职人数.
    pub in_post: i64,
    /// Who filled the forms in.
    pub filler: String,
    /// Who signs.
    pub leader: String,
    /// 联系电话.
    pub phone: String,
    /// 填报日期.
    pub filled_on: Day,
    /// Date of the report.
    pub reported_on: Day,
    /// 工资福利, 对个人和家庭, 资本性 (301, 303, 310); 302 is the outturn of `operating`.
    pub economic: [i64; 3],
    /// Basic expenditure in the initial budget.
    pub basic_initial: i64,
    /// Why it was changed.
    pub basic_reason: &'static str,
    /// 公车购置.
    pub purchase: Line,
    /// 公车运行维护.
    pub operation: Line,
    /// 出国.
    pub abroad: Line,
    /// 公务接待.
    pub reception: Line,
    /// 公用经费.
    pub operating: Line,
    /// 办公经费; 水电差旅; 会议培训.
    pub of_operating: [Line; 3],
    /// 政府采购金额.
    pub procurement: Line,
    /// Projects with spending.
    pub projects: Vec<Project>,
    /// A project that ended in the prior year: its name and outturn then.
    pub ended: Option<(String, i64)>,
    /// A building finished in the year.
    pub building: Option<Building>,
    /// The questionnaire of the whole unit.
    pub survey: Survey,
    /// 厉行节约保障措施.
    pub thrift: &'static str,
    /// Equipment without a matching card.
    pub misplaced: i64,
    /// Procurements that were late.
    pub late_procurements: i64,
    /// Indicators of the department's form.
    pub indicators: Vec<Indicator>,
}

impl Funds {
    fn plus(self, other: Funds) -> Funds {
        Funds {
            initial: self.initial + other.initial,
            full: self.full + other.full,
            outturn: self.outturn + other.outturn,
        }
    }

    /// 执行率 in hundredths of a per cent.
    pub fn rate(&self) -> i64 {
        share(self.outturn, self.full, 10_000)
    }

    /// 执行率得分 of ten points.
    pub fn score(&self) -> i64 {
        share(self.outturn, self.full, 1000).min(1000)
    }
}

impl Line {
    /// Sum of two rows.
    pub fn plus(self, other: Line) -> Line {
        Line {
            prior: self.prior + other.prior,
            budget: self.budget + other.budget,
            outturn: self.outturn + other.outturn,
        }
    }
}

impl Project {
    /// 年度资金总额.
    pub fn total(&self) -> Funds {
        self.appropriation.plus(self.carry_over).plus(self.other)
    }

    /// 总分.
    pub fn score(&self) -> i64 {
        self.total().score() + self.indicators.iter().map(Indicator::score).sum::<i64>()
    }
}

impl Survey {
    /// 满意度 in hundredths of a per cent.
    pub fn satisfaction(&self) -> i64 {
        share(self.content, self.valid, 10_000)
    }
}

impl Day {
    /// "2024年5月6日".
    pub fn chinese(&self) -> String {
        format!("{}年{}月{}日", self.year, self.month, self.day)
    }

    fn printed(&self, style: &Style) -> String {
        if style.dashed_dates {
            format!("{}-{:02}-{:02}", self.year, self.month, self.day)
        } else {
            self.chinese()
        }
    }
}

impl Amount {
    fn measure(&self) -> i64 {
        match self {
            Amount::Number(n, _) | Amount::Rate(n) => *n,
            _ => 0,
        }
    }

    /// As printed in a cell or sentence.
    pub fn printed(&self, style: &Style) -> String {
        match self {
            Amount::Number(n, unit) if unit.starts_with("万元") || unit.starts_with("元") => {
                if n % 100 == 0 && unit == "万元" {
                    format!("{}{unit}", trimmed(*n))
                } else {
                    format!("{}{unit}", fixed(*n, false))
                }
            }
            Amount::Number(n, unit) => format!("{}{unit}", trimmed(*n)),
            Amount::Rate(n) => format!("{}%", trimmed(*n)),
            Amount::Day(day) => day.printed(style),
            Amount::Words(words) => words.clone(),
        }
    }
}

impl Indicator {
    /// Whether the target was reached.
    pub fn met(&self) -> bool {
        let (target, actual) = (self.target.measure(), self.actual.measure());
        match (&self.target, &self.actual, self.relation) {
            (Amount::Day(last), Amount::Day(done), _) => done <= last,
            (Amount::Words(_), ..) => true,
            (_, _, Relation::AtMost) => actual <= target,
            (_, _, Relation::Exactly) => actual == target,
            _ => actual >= target,
        }
    }

    /// 得分.
    pub fn score(&self) -> i64 {
        if self.met() {
            self.points
        } else {
            share(self.actual.measure(), self.target.measure(), self.points)
        }
    }

    /// The target as printed.
    pub fn target_printed(&self, style: &Style) -> String {
        let value = self.target.printed(style);
        match (&self.target, self.relation) {
            (Amount::Words(_), _) => value,
            (_, Relation::Before) => format!("{value}前"),
            (_, Relation::AtLeast) => format!("{}{value}", style.at_least),
            (_, Relation::AtMost) => format!("{}{value}", style.at_most),
            (_, Relation::Exactly) if style.equals => format!("={value}"),
            _ => value,
        }
    }

    /// The target in words: "…不少于150个".
    pub fn target_said(&self, style: &Style) -> String {
        let value = self.target.printed(style);
        let relation = match (&self.target, self.relation) {
            (Amount::Words(_), _) => "",
            (Amount::Rate(_), Relation::AtLeast) => "不低于",
            (_, Relation::AtLeast) => "不少于",
            (_, Relation::AtMost) => "不超过",
            (_, Relation::Exactly) => "达到",
            (_, Relation::Before) => "不晚于",
        };
        match self.target {
            Amount::Words(_) => value,
            _ => format!("{}{relation}{value}", self.name),
        }
    }

    /// What was reached in words: "…167个".
    pub fn actual_said(&self, style: &Style) -> String {
        let value = self.actual.printed(style);
        match self.actual {
            Amount::Words(_) => value,
            _ => format!("{}{value}", self.name),
        }
    }
}

impl Plan {
    /// 三公经费.
    pub fn three_publics(&self) -> Line {
        self.vehicles().plus(self.abroad).plus(self.reception)
    }

    /// 公务用车购置和维护经费.
    pub fn vehicles(&self) -> Line {
        self.purchase.plus(self.operation)
    }

    /// A project's row in the baseline.
    pub fn row(project: &Project) -> Line {
        let total = project.total();
        Line {
            prior: project.prior,
            budget: total.initial,
            outturn: total.outturn,
        }
    }

    /// 项目支出 in the baseline.
    pub fn project_line(&self) -> Line {
        let ended = Line {
            prior: self.ended.as_ref().map_or(0, |e| e.1),
            ..Line::default()
        };
        let rows = self.projects.iter().map(Plan::row);
        rows.fold(ended, Line::plus)
    }

    /// All project funds.
    pub fn project_funds(&self) -> Funds {
        let totals = self.projects.iter().map(Project::total);
        totals.fold(Funds::default(), Funds::plus)
    }

    /// 人员经费.
    pub fn personnel(&self) -> i64 {
        self.economic[0] + self.economic[1]
    }

    /// 公用经费 of the report: 302 and 310.
    pub fn running(&self) -> i64 {
        self.operating.outturn + self.economic[2]
    }

    /// 基本支出.
    pub fn basic(&self) -> i64 {
        self.personnel() + self.running()
    }

    /// 部门基本支出预算调整.
    pub fn basic_adjustment(&self) -> i64 {
        self.basic() - self.basic_initial
    }

    /// 年度资金总额 of the department.
    pub fn total(&self) -> Funds {
        self.project_funds().plus(Funds {
            initial: self.basic_initial,
            full: self.basic(),
            outturn: self.basic(),
        })
    }

    /// 政府性基金.
    pub fn government_fund(&self) -> i64 {
        let paid = self.projects.iter().filter(|p| p.government_fund);
        paid.map(|p| p.appropriation.outturn + p.carry_over.outturn)
            .sum()
    }

    /// 其他资金.
    pub fn other(&self) -> i64 {
        self.projects.iter().map(|p| p.other.outturn).sum()
    }

    /// 一般公共预算.
    pub fn general(&self) -> i64 {
        self.total().outturn - self.government_fund() - self.other()
    }

    /// Points of a dimension in the department's form.
    pub fn dimension_score(&self, dimension: usize) -> i64 {
        let rows = self.indicators.iter().filter(|i| i.dimension == dimension);
        rows.map(Indicator::score).sum()
    }

    /// 总分.
    pub fn score(&self) -> i64 {
        self.total().score() + self.indicators.iter().map(Indicator::score).sum::<i64>()
    }

    /// 评价等级 by the total.
    pub fn grade(&self) -> &'static str {
        let (names, third) = self.grades();
        match self.score() {
            9000.. => names[0],
            8000..9000 => names[1],
            s if s >= third => names[2],
            _ => names[3],
        }
    }

    /// Names of the grades and the least score of the third.
    pub fn grades(&self) -> ([&'static str; 4], i64) {
        if self.style.city_grades {
            (["优秀", "良好", "合格", "不合格"], 7000)
        } else {
            (["优", "良", "中", "差"], 6000)
        }
    }

    /// An amount in a cell of 万元.
    pub fn cell(&self, value: i64) -> String {
        if value == 0 {
            self.style.zero.to_string()
        } else {
            fixed(value, self.style.thousands)
        }
    }

    /// An amount in a sentence.
    pub fn said(&self, value: i64) -> String {
        format!("{}万元", fixed(value, self.style.thousands))
    }
}
