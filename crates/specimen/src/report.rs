//! A plan comes in; the report of ten sections, every amount of it in sentences, goes out.

use crate::goals;
use crate::hundredths::{fixed, percent, share, trimmed};
use crate::indicators::{mean, met};
use crate::plan::{Funds, Line, Plan, Project};
use crate::sheet::{Piece, heading, line};
use crate::stock::stock;
use std::collections::BTreeMap;

/// Cover, ten sections, list of annexes and signature.
pub fn report(plan: &Plan, out: &mut Vec<Piece>) {
    let mut report = Report { plan, out };
    report.cover();
    report.profile();
    report.general_public();
    report.other_budgets();
    report.performance();
    report.problems();
    report.application();
    report.annexes();
}

struct Report<'a> {
    plan: &'a Plan,
    out: &'a mut Vec<Piece>,
}

impl Report<'_> {
    fn say(&mut self, key: &str, text: impl Into<String>) {
        self.out.push(line(format!("report/{key}"), text));
    }

    fn head(&mut self, key: &str, text: &str, level: u8) {
        self.out.push(heading(format!("report/{key}"), text, level));
    }

    /// One of the wordings, by the package's style.
    fn choose<'w>(&self, words: &[&'w str]) -> &'w str {
        words[self.plan.style.wording % words.len()]
    }

    fn cover(&mut self) {
        let plan = self.plan;
        self.say("cover/title", format!("{}年度{}", plan.year, plan.unit));
        self.say("cover/title2", "整体支出绩效自评报告");
        self.say("cover/gap", "");
        self.say(
            "cover/unit",
            format!("部门（单位）名称：{}（盖章）", plan.unit),
        );
        self.say("cover/date", plan.reported_on.chinese());
        self.say("title", format!("{}年度{}", plan.year, plan.unit));
        self.say("title2", "整体支出绩效自评报告");
    }

    fn profile(&mut self) {
        let plan = self.plan;
        let year = plan.year;
        self.head("profile", "一、部门基本情况", 1);
        self.head("profile/units", "（一）基本情况", 2);
        let subordinates: Vec<String> = plan
            .subordinates
            .iter()
            .map(|s| format!("{}{s}", plan.city))
            .collect();
        let units = subordinates.len() + 1;
        let kind = if plan.bureau {
            format!("{}人民政府工作部门", plan.city)
        } else {
            format!("{}所属公益一类事业单位", plan.city)
        };
        let head = if plan.bureau {
            "局机关"
        } else {
            "单位本级"
        };
        let code = match &plan.credit_code {
            Some(code) => format!("统一社会信用代码{code}，"),
            None => String::new(),
        };
        self.say(
            "profile/what",
            format!(
                "{}（以下简称“{}”）是{kind}，{code}内设{}等{}个科室。纳入部门预算编报范围的单位共{units}个，包括{head}和{}。",
                plan.unit,
                plan.short,
                plan.offices.join("、"),
                plan.office_count,
                subordinates.join("、"),
            ),
        );
        let posts = plan.posts.0 + plan.posts.1;
        self.say(
            "profile/staff",
            format!(
                "经机构编制部门核定，{}编制数{posts}人，其中行政编制{}人、事业编制{}人；{year}年实际在职人数{}人，财政供养人员控制率{}。",
                plan.short,
                plan.posts.0,
                plan.posts.1,
                plan.in_post,
                percent(plan.in_post, posts),
            ),
        );
        self.say(
            "profile/scope",
            format!("本次自评范围为上述{units}个单位，所属单位已分别完成自评并由{}汇总，各项数据与{year}年度部门决算口径一致。", plan.short),
        );
        self.head("profile/duties", "（二）主要职能职责", 2);
        for (i, duty) in plan.functions.iter().enumerate() {
            self.say("profile/duty", format!("{}.{duty}", i + 1));
        }
        self.head("profile/tasks", "（三）年度重点工作", 2);
        for (i, task) in goals::tasks(plan).iter().enumerate() {
            self.say("profile/task", format!("{}.{task}。", i + 1));
        }
    }

    fn general_public(&mut self) {
        let plan = self.plan;
        let year = plan.year;
        let said = |v: i64| plan.said(v);
        let total = plan.total();
        self.head("general_public", "二、一般公共预算支出情况", 1);
        let (general, fund, other) = (plan.general(), plan.government_fund(), plan.other());
        let mut text = format!("{year}年度部门支出合计{}，", said(total.outturn));
        if fund == 0 && other == 0 {
            text += &format!(
                "全部为一般公共预算安排，一般公共预算支出{}。",
                said(general)
            );
        } else {
            text += &format!(
                "其中一般公共预算支出{}，占{}",
                said(general),
                percent(general, total.outturn)
            );
            if fund > 0 {
                text += &format!("；政府性基金预算支出{}", said(fund));
            }
            if other > 0 {
                text += &format!("；其他资金安排支出{}", said(other));
            }
            text += "。";
        }
        self.say("general_public/total", text);
        let change = total.full - total.initial;
        let way = if change >= 0 { "增加" } else { "减少" };
        self.say(
            "general_public/budget",
            format!(
                "年初预算数{}，全年预算数{}，年中调整净{way}{}，预算调整率{}；全年执行数{}，预算执行率{}。",
                said(total.initial),
                said(total.full),
                said(change.abs()),
                percent(change.abs(), total.initial),
                said(total.outturn),
                percent(total.outturn, total.full),
            ),
        );
        self.basic();
        self.projects();
    }

    fn basic(&mut self) {
        let plan = self.plan;
        let year = plan.year;
        let said = |v: i64| plan.said(v);
        self.head("basic", "（一）基本支出情况", 2);
        let (basic, people, running) = (plan.basic(), plan.personnel(), plan.running());
        self.say(
            "basic/total",
            format!(
                "{year}年度基本支出{}，其中：人员经费支出{}，占基本支出{}；公用经费支出{}，占基本支出{}。",
                said(basic),
                said(people),
                percent(people, basic),
                said(running),
                percent(running, basic),
            ),
        );
        self.say(
            "basic/classes",
            self.choose(&["按照经济分类，支出情况如下：", "按经济分类，具体支出如下："]),
        );
        let marks = match plan.style.wording % 3 {
            0 => ["①", "②", "③", "④"],
            1 => ["1.", "2.", "3.", "4."],
            _ => ["（1）", "（2）", "（3）", "（4）"],
        };
        let classes = [
            (
                "econ.301",
                "工资福利支出",
                plan.economic[0],
                "主要用于支付职工工资、津贴补贴、绩效工资和社会保障缴费",
            ),
            (
                "econ.303",
                "对个人和家庭的补助支出",
                plan.economic[1],
                "主要用于支付退休费、抚恤金和其他对个人和家庭的补助",
            ),
            (
                "econ.302",
                "商品和服务支出",
                plan.operating.outturn,
                "主要用于支付办公费、水电费、差旅费、会议费、培训费、公务接待费和公务用车运行维护费等",
            ),
            (
                "econ.310",
                "资本性支出",
                plan.economic[2],
                "主要用于购置办公设备",
            ),
        ];
        for (mark, (key, name, value, purpose)) in marks.iter().zip(classes) {
            self.say(
                &format!("basic/{key}"),
                format!("{mark}{name}{}，{purpose}。", said(value)),
            );
        }
        let change = plan.basic_adjustment();
        let way = if change >= 0 { "增加" } else { "减少" };
        self.say(
            "basic/adjusted",
            format!(
                "基本支出年初预算{}，年中{way}{}，主要原因是{}。",
                said(plan.basic_initial),
                said(change.abs()),
                plan.basic_reason,
            ),
        );
        let publics = plan.three_publics();
        let saved = publics.budget - publics.outturn;
        self.say(
            "basic/three_publics",
            format!(
                "“三公”经费预算{}，决算{}，比预算减少{}，“三公”经费控制率{}，{}，主要原因是{}。",
                said(publics.budget),
                said(publics.outturn),
                said(saved),
                percent(publics.outturn, publics.budget),
                against_prior(plan, publics),
                if publics.outturn < publics.prior {
                    "严格执行公务接待标准，合并同类考察接待"
                } else {
                    "上级部门来访检查批次比上年增加"
                },
            ),
        );
        let part = |name: &str, line: Line| {
            let text = plan.said(line.outturn);
            if line.prior == 0 {
                format!("{name}{text}，上年无此项支出")
            } else {
                format!("{name}{text}，{}", against_prior(plan, line))
            }
        };
        self.say(
            "basic/of_three_publics",
            format!(
                "其中：{}；{}；{}；{}。",
                part("公务用车购置费", plan.purchase),
                part("公务用车运行维护费", plan.operation),
                part("因公出国（境）费", plan.abroad),
                part("公务接待费", plan.reception),
            ),
        );
        let bought = plan.procurement;
        self.say(
            "basic/procurement",
            format!(
                "政府采购预算{}，实际采购金额{}，政府采购执行率{}，{}，主要原因是{}。",
                said(bought.budget),
                said(bought.outturn),
                percent(bought.outturn, bought.budget),
                against_prior(plan, bought),
                if bought.outturn >= bought.prior {
                    "达到采购限额标准的项目比上年增多"
                } else {
                    "部分服务类项目的采购合同在上年度已签订"
                },
            ),
        );
    }

    fn projects(&mut self) {
        let plan = self.plan;
        let year = plan.year;
        let said = |v: i64| plan.said(v);
        self.head("project", "（二）项目支出情况", 2);
        let line_ = plan.project_line();
        let (fund, other) = (plan.government_fund(), plan.other());
        let mut text = format!("{year}年度项目支出{}", said(line_.outturn));
        if fund > 0 || other > 0 {
            text += &format!(
                "，其中一般公共预算支出{}",
                said(line_.outturn - fund - other)
            );
        }
        if fund > 0 {
            text += &format!("，政府性基金预算支出{}", said(fund));
        }
        if other > 0 {
            text += &format!("，其他资金安排支出{}", said(other));
        }
        if line_.prior > 0 {
            text += &format!(
                "。项目支出{}，主要原因是{}",
                against_prior(plan, line_),
                if line_.outturn >= line_.prior {
                    "年度工作任务量增加"
                } else {
                    "部分项目在上年度已完成主要投入"
                },
            );
        }
        self.say("project/total", text + "。");
        let mut classes: BTreeMap<&str, i64> = BTreeMap::new();
        for project in &plan.projects {
            *classes.entry(&project.class).or_default() += project.total().outturn;
        }
        let names = &stock().classes;
        let classes: Vec<String> = classes
            .iter()
            .map(|(code, value)| {
                format!(
                    "{}{}",
                    names.get(*code).map_or("", String::as_str),
                    said(*value)
                )
            })
            .collect();
        self.say(
            "project/classes",
            format!("按支出功能分类：{}。", classes.join("，")),
        );
        let each = |word: &dyn Fn(&Project) -> Option<String>| -> Vec<String> {
            plan.projects.iter().filter_map(word).collect()
        };
        let list = each(&|p| Some(format!("{}{}", p.name, said(p.total().outturn))));
        self.say("project/list", format!("按项目分：{}。", list.join("；")));
        let adjusted = each(&|p| {
            let total = p.total();
            let change = total.full - total.initial;
            let way = if change > 0 { "调增" } else { "调减" };
            (change != 0).then(|| {
                format!(
                    "{}年初预算{}，{way}{}，原因是{}",
                    p.name,
                    said(total.initial),
                    said(change.abs()),
                    p.adjusted_for
                )
            })
        });
        if !adjusted.is_empty() {
            self.say(
                "project/adjusted",
                format!(
                    "项目预算年中调整{}个：{}。上述调整均按程序报批，并同步调整了绩效目标。",
                    adjusted.len(),
                    adjusted.join("；")
                ),
            );
        }
        let slow = each(&|p| {
            let total = p.total();
            (total.outturn < total.full).then(|| {
                format!(
                    "{}{}%，原因是{}",
                    p.name,
                    fixed(total.rate(), false),
                    p.unspent_for
                )
            })
        });
        if !slow.is_empty() {
            self.say(
                "project/slow",
                format!("预算执行率低于100%的项目：{}。", slow.join("；")),
            );
        }
        if let Some((name, _)) = &plan.ended {
            self.say(
                "project/ended",
                format!(
                    "{name}已于{}年完成，{year}年未安排预算，也未发生支出。",
                    year - 1
                ),
            );
        }
    }

    fn other_budgets(&mut self) {
        let plan = self.plan;
        let (year, short) = (plan.year, &plan.short);
        self.head("government_fund", "三、政府性基金预算支出情况", 1);
        let fund = plan.projects.iter().find(|p| p.government_fund);
        match fund {
            Some(project) => self.say(
                "government_fund/what",
                format!(
                    "{year}年度政府性基金预算支出{}，全部用于{}。",
                    plan.said(plan.government_fund()),
                    project.name
                ),
            ),
            None => self.say(
                "government_fund/what",
                format!("{year}年度{short}没有使用政府性基金预算安排的支出。"),
            ),
        }
        self.head("state_capital", "四、国有资本经营预算支出情况", 1);
        self.say(
            "state_capital/what",
            format!("{year}年度{short}没有使用国有资本经营预算安排的支出。"),
        );
        self.head("social_insurance", "五、社会保险基金预算支出情况", 1);
        self.say(
            "social_insurance/what",
            format!("{year}年度{short}没有使用社会保险基金预算安排的支出。"),
        );
    }

    fn performance(&mut self) {
        let plan = self.plan;
        let (year, next) = (plan.year, plan.year + 1);
        self.head("performance", "六、部门整体支出绩效情况", 1);
        self.head("performance/purpose", "（一）绩效评价工作的目的", 2);
        self.say("performance/why", format!("核实{year}年度预算执行和绩效目标完成情况，查找预算编制、资金使用和项目管理中的问题，为以后年度预算安排提供依据。"));
        self.head("performance/basis", "（二）绩效自评的主要依据", 2);
        let basis = [
            "1.《中华人民共和国预算法》及其实施条例。".to_string(),
            "2.《项目支出绩效评价管理办法》（财预〔2020〕10号）。".to_string(),
            format!(
                "3.{}财政局关于开展{year}年度部门预算绩效自评工作的通知。",
                plan.city
            ),
            format!(
                "4.{}“三定”规定、{year}年度部门预算批复、{year}年度部门决算和{year}年度工作总结。",
                plan.short
            ),
        ];
        for item in basis {
            self.say("performance/basis/item", item);
        }
        self.head(
            "performance/method",
            "（三）部门整体支出评价原则、指标评价体系、评价方法",
            2,
        );
        self.say(
            "performance/principle",
            "1.评价原则。遵循科学规范、客观公正、权责统一、公开透明的原则。",
        );
        self.say("performance/weights", "2.指标体系。采用预算批复的绩效指标（含年中批准的调整），一级指标权重为预算执行率10分、产出指标50分、效益指标30分、满意度指标10分。");
        let (names, third) = plan.grades();
        let third = third / 100;
        self.say(
            "performance/grades",
            format!(
                "3.评分和等级标准。完成年度指标值的得满分，未完成的按完成比例计分；评价等级按得分分为“{}”（90分及以上）、“{}”（80分及以上、90分以下）、“{}”（{third}分及以上、80分以下）、“{}”（{third}分以下）四个等级。",
                names[0], names[1], names[2], names[3]
            ),
        );
        self.say("performance/how", "4.评价方法。采用比较法、因素分析法和公众评判法，以财务账簿、验收资料、业务台账和调查问卷作为佐证材料。");
        self.head("performance/process", "（四）绩效评价工作过程", 2);
        self.say(
            "performance/prepared",
            format!(
                "1.前期准备。{next}年1月成立绩效自评工作小组，制定工作方案并布置各科室和所属单位。"
            ),
        );
        self.say(
            "performance/carried_out",
            format!(
                "2.组织实施。{next}年{}月核对预算批复、决算报表和业务台账，填报基础数据表、整体支出绩效自评表和{}张项目支出绩效自评表。",
                plan.filled_on.month,
                plan.projects.len()
            ),
        );
        self.say("performance/written", format!("3.撰写报告。汇总分析数据，形成《{year}年度{}整体支出绩效自评报告》，经集体审议后报送。", plan.unit));
        self.results();
    }

    fn results(&mut self) {
        let plan = self.plan;
        let year = plan.year;
        let total = plan.total();
        self.head("performance/results", "（五）绩效目标完成情况", 2);
        self.say(
            "performance/score",
            format!(
                "1.自评得分。部门整体支出绩效自评得分{}分，其中预算执行率{}分、产出指标{}分、效益指标{}分、满意度指标{}分。全年预算执行率{}，全年执行数{}。",
                trimmed(plan.score()),
                trimmed(total.score()),
                trimmed(plan.dimension_score(0)),
                trimmed(plan.dimension_score(1)),
                trimmed(plan.dimension_score(2)),
                percent(total.outturn, total.full),
                plan.said(total.outturn),
            ),
        );
        let rows = &plan.indicators;
        let reached = met(rows);
        let mut text = format!(
            "2.指标完成。共设置三级指标{}个，达到年度指标值{reached}个",
            rows.len()
        );
        if reached < rows.len() {
            let missed: Vec<String> = rows
                .iter()
                .filter(|i| !i.met())
                .map(|i| {
                    format!(
                        "{}（指标值{}，实际{}，得{}分）",
                        i.name,
                        i.target_printed(&plan.style),
                        i.actual.printed(&plan.style),
                        trimmed(i.score())
                    )
                })
                .collect();
            text += &format!(
                "，未达到{}个。未达到年度指标值的是：{}",
                rows.len() - reached,
                missed.join("；")
            );
        }
        self.say("performance/indicators", text + "。");
        let scores: Vec<i64> = plan.projects.iter().map(Project::score).collect();
        self.say(
            "performance/projects",
            format!(
                "3.项目自评。{year}年度有支出的一级项目{}个，均已开展绩效自评，自评覆盖率100.00%，项目自评平均得分{}分。",
                scores.len(),
                trimmed(mean(&scores)),
            ),
        );
        let s = &plan.survey;
        self.say(
            "performance/survey",
            format!(
                "4.满意度调查。采用线上问卷与现场随机访问相结合的方式调查社会公众满意度，发放问卷{}份，回收有效问卷{}份，有效回收率{}，其中表示满意的{}份，社会公众满意度{}%。各项目服务对象满意度的调查方式和样本数见附件3。",
                s.sent,
                s.valid,
                percent(s.valid, s.sent),
                s.content,
                trimmed(s.satisfaction()),
            ),
        );
    }

    /// Problems and, for each, its measure.
    fn problems(&mut self) {
        let plan = self.plan;
        let (said, next) = (|v: i64| plan.said(v), plan.year + 1);
        let total = plan.total();
        let change = total.full - total.initial;
        let mut pairs: Vec<(String, &str, &str, String)> = Vec::new();
        let adjusted = plan
            .projects
            .iter()
            .filter(|p| p.total().full != p.total().initial)
            .count();
        if adjusted > 0 {
            pairs.push((
                format!(
                    "年初预算{}，年中调整净{}{}，调整率{}，涉及{adjusted}个项目。原因是编制预算时对上级专项任务和人员变动掌握不全。",
                    said(total.initial),
                    if change >= 0 { "增加" } else { "减少" },
                    said(change.abs()),
                    percent(change.abs(), total.initial),
                ),
                "预算编制与年中实际需求存在差距",
                "提高预算编制准确度",
                format!("{next}年9月底前与上级主管部门对接下年度专项任务，把已明确的任务列入年初预算，财务科每季度核对人员变动"),
            ));
        }
        let forms = plan.projects.iter().flat_map(|p| &p.indicators);
        let mut missed: Vec<&str> = Vec::new();
        for row in plan.indicators.iter().chain(forms).filter(|i| !i.met()) {
            if !missed.contains(&row.name.as_str()) {
                missed.push(&row.name);
            }
        }
        if !missed.is_empty() {
            let named: Vec<&str> = missed.iter().take(4).copied().collect();
            let more = if missed.len() > named.len() {
                "等"
            } else {
                ""
            };
            pairs.push((
                format!("整体和项目自评表中有{}项指标未达标，包括{}{more}，扣分和原因已在自评表中逐项列明。原因是工期安排和外部条件变化估计不足。", missed.len(), named.join("、")),
                "部分履职指标未达到年度指标值",
                "逐项补齐未达标指标",
                format!("对{}项未达标指标建立台账，明确责任科室和完成时限，{next}年6月底前由工作小组复核一次", missed.len()),
            ));
        }
        let worst = plan.projects.iter().min_by_key(|p| p.total().rate());
        if let Some(project) = worst {
            let Funds { full, outturn, .. } = project.total();
            pairs.push((
                format!("{}全年预算{}，执行{}，执行率{}，为各项目最低。原因是{}。", project.name, said(full), said(outturn), percent(outturn, full), project.unspent_for),
                "个别项目资金支付进度偏慢",
                "加快资金支付进度",
                "对执行率低于序时进度5个百分点的项目按月通报，合同签订时明确付款节点，验收合格后15个工作日内办理支付".into(),
            ));
        }
        let bought = plan.procurement;
        pairs.push((
            format!("政府采购预算{}，实际采购{}，执行率{}。原因是{}个采购项目的需求论证在下半年才完成。", said(bought.budget), said(bought.outturn), percent(bought.outturn, bought.budget), plan.late_procurements),
            "政府采购计划执行不够及时",
            "提前开展政府采购需求论证",
            format!("{next}年3月底前完成全部采购项目的需求论证和意向公开，每月核对一次采购进度"),
        ));
        if plan.style.wording.is_multiple_of(2) {
            pairs.push((
                format!("年末盘点时有{}件设备的存放地点与卡片记录不一致。原因是科室搬迁后未在当月办理变更登记。", plan.misplaced),
                "固定资产卡片信息更新不及时",
                "规范固定资产管理",
                format!("{next}年7月底前完成{}件设备的卡片变更，每半年盘点一次并公示结果", plan.misplaced),
            ));
        } else {
            pairs.push((
                "部分效益指标只有近两年的业务数据，指标值测算缺少三年以上的对比。原因是业务台账没有按绩效指标口径设置。".into(),
                "绩效指标测算依据积累不足",
                "完善绩效指标数据台账",
                format!("{next}年起按绩效指标口径登记业务数据，每季度汇总一次，编制下年度绩效目标时使用"),
            ));
        }
        self.head("problems", "七、存在的问题及原因分析", 1);
        for (i, (what, name, ..)) in pairs.iter().enumerate() {
            self.say("problem", format!("{}.{name}。{what}", i + 1));
        }
        self.head("measures", "八、下一步改进措施", 1);
        for (i, (_, name, title, measure)) in pairs.iter().enumerate() {
            self.say(
                "measure",
                format!("{}.{title}。针对“{name}”的问题，{measure}。", i + 1),
            );
        }
    }

    fn application(&mut self) {
        let plan = self.plan;
        let year = plan.year;
        self.head(
            "application",
            "九、部门整体支出绩效自评结果拟应用和公开情况",
            1,
        );
        self.say(
            "application/grade",
            format!(
                "{year}年度部门整体支出绩效自评得分{}分，评价等级为“{}”。",
                trimmed(plan.score()),
                plan.grade()
            ),
        );
        self.say("application/use", format!("自评结果作为编制{}年部门预算、调整支出结构和完善项目管理制度的依据，自评发现的问题列入整改台账。", year + 2));
        self.say(
            "application/open",
            format!(
                "自评报告和自评表随{year}年度部门决算在{}门户网站公开。",
                plan.unit
            ),
        );
        self.head("other", "十、其他需要说明的情况", 1);
        match &plan.building {
            Some(b) => self.say(
                "other/building",
                format!(
                    "{year}年完工的{}，批复规模{}平方米，实际规模{}平方米，规模控制率{}，投资概算控制率{}。",
                    b.name,
                    b.area.0,
                    b.area.1,
                    percent(b.area.1, b.area.0),
                    percent(b.investment.1, b.investment.0),
                ),
            ),
            None => self.say("other/none", format!("{year}年没有新建、改建、扩建楼堂馆所，没有其他需要说明的情况。")),
        }
    }

    fn annexes(&mut self) {
        let plan = self.plan;
        let year = plan.year;
        let n = plan.projects.len();
        self.say(
            "annex",
            format!("附件：1.{year}年度部门整体支出绩效评价基础数据表"),
        );
        self.say("annex", format!("2.{year}年度部门整体支出绩效自评表"));
        let span = if n == 1 {
            "（共1张）".to_string()
        } else {
            format!("（共{n}张，附件3-1至附件3-{n}）")
        };
        self.say("annex", format!("3.{year}年度项目支出绩效自评表{span}"));
        self.say("signed", plan.unit.clone());
        self.say("dated", plan.reported_on.chinese());
    }
}

/// "比上年增加1.23万元，增长4.56%".
fn against_prior(plan: &Plan, line: Line) -> String {
    let change = line.outturn - line.prior;
    let (way, rate) = match change {
        0 => return "与上年持平".into(),
        1.. => ("增加", "增长"),
        _ => ("减少", "下降"),
    };
    let percent = fixed(share(change.abs(), line.prior, 10_000), false);
    format!("比上年{way}{}，{rate}{percent}%", plan.said(change.abs()))
}
