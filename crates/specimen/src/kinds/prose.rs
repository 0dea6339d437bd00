//! One number or a few words of the report are changed.

use super::{Kind, kind};
use crate::codes;
use crate::draft::{Draft, Prose};
use jiheng_model::Origin;
use jiheng_model::Severity::{Error, Hint, Warning};
use jiheng_model::origin::At;

const AMOUNT: &[&str] = &[
    "X301", "X302", "X303", "X305", "X311", "X312", "X313", "X314", "X315",
];
const COUNT: &[&str] = &["X101", "X302", "X309", "X311", "X313", "F201"];

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("D30-said-basic", &["D30", "I-14"], "报告：基本支出多 3 万元", AMOUNT, Error, "年度基本支出", amount),
    kind("D30-said-personnel", &["D30", "I-14"], "报告：人员经费多 3 万元", AMOUNT, Error, "人员经费支出", amount),
    kind("D30-said-running", &["D30", "I-14"], "报告：公用经费多 3 万元", AMOUNT, Error, "公用经费支出", amount),
    kind("D30-said-301", &["D30", "I-14"], "报告：工资福利支出多 3 万元", AMOUNT, Error, "工资福利支出", amount),
    kind("D30-said-303", &["D30", "I-14"], "报告：对个人和家庭的补助多 3 万元", AMOUNT, Error, "对个人和家庭的补助支出", amount),
    kind("D30-said-302", &["D30", "I-14", "I-16"], "报告：商品和服务支出多 3 万元", AMOUNT, Error, "商品和服务支出", amount),
    kind("D30-said-310", &["D30", "I-14"], "报告：资本性支出多 3 万元", AMOUNT, Error, "资本性支出", amount),
    kind("D30-said-total", &["D30"], "报告：部门支出合计多 3 万元", AMOUNT, Error, "年度部门支出合计", amount),
    kind("I18-said-general", &["I-18", "D30"], "报告：一般公共预算支出多 3 万元", AMOUNT, Error, "一般公共预算支出", amount),
    kind("D30-said-initial", &["D30"], "报告：年初预算数多 3 万元", AMOUNT, Error, "年初预算数", amount),
    kind("D30-said-full", &["D30"], "报告：全年预算数多 3 万元", AMOUNT, Error, "全年预算数", amount),
    kind("D30-said-outturn", &["D30", "D31"], "报告：全年执行数多 3 万元", AMOUNT, Error, "全年执行数", amount),
    kind("D35-said-adjusted", &["D35"], "报告：年中调整净额多 3 万元", AMOUNT, Error, "年中调整净增加", amount),
    kind("I15-said-project", &["I-15", "D30"], "报告：项目支出多 3 万元", AMOUNT, Error, "年度项目支出", amount),
    kind("I15-said-class", &["I-15", "D28"], "报告：一个功能分类的金额多 3 万元", AMOUNT, Error, "按支出功能分类：", listed),
    kind("I17-said-project-line", &["I-17", "D30"], "报告：一个项目的金额多 3 万元", AMOUNT, Error, "按项目分：", listed),
    kind("D30-said-three-publics-budget", &["D30"], "报告：三公经费预算多 3 万元", AMOUNT, Error, "“三公”经费预算", amount),
    kind("D30-said-three-publics", &["D30"], "报告：三公经费决算多 3 万元", AMOUNT, Error, "万元，决算", amount),
    kind("D30-said-operation", &["D30"], "报告：公务用车运行维护费多 3 万元", AMOUNT, Error, "公务用车运行维护费", amount),
    kind("D30-said-reception", &["D30"], "报告：公务接待费多 3 万元", AMOUNT, Error, "公务接待费", amount),
    kind("D30-said-procurement-budget", &["D30"], "报告：政府采购预算多 3 万元", AMOUNT, Error, "政府采购预算", amount),
    kind("D30-said-procurement", &["D30"], "报告：实际采购金额多 3 万元", AMOUNT, Error, "实际采购金额", amount),
    kind("D30-said-basic-initial", &["D30"], "报告：基本支出年初预算多 3 万元", AMOUNT, Error, "基本支出年初预算", amount),
    kind("D30-said-basic-adjusted", &["D30", "I-05"], "报告：基本支出年中调整多 3 万元", AMOUNT, Error, "万元，年中增加", amount),
    kind("D33-share-off", &["D33", "I-14"], "报告：占基本支出的比例多 3 个百分点", AMOUNT, Error, "占基本支出", amount),
    kind("D33-control-rate-off", &["D33"], "报告：三公经费控制率多 3 个百分点", AMOUNT, Error, "经费控制率", amount),
    kind("D33-adjustment-rate-off", &["D33"], "报告：预算调整率多 3 个百分点", AMOUNT, Error, "预算调整率", amount),
    kind("D33-execution-rate-off", &["D33"], "报告：预算执行率多 3 个百分点", AMOUNT, Error, "预算执行率", amount),
    kind("D33-procurement-rate-off", &["D33"], "报告：政府采购执行率多 3 个百分点", AMOUNT, Error, "政府采购执行率", amount),
    kind("D33-staff-rate-off", &["D33", "I-04"], "报告：财政供养人员控制率多 3 个百分点", &["X101", "X313"], Error, "财政供养人员控制率", amount),
    kind("D33-decrease-off", &["D33", "D35"], "报告：下降的比率多 3 个百分点", AMOUNT, Error, "万元，下降", amount),
    kind("D33-growth-off", &["D33", "D35"], "报告：增长的比率多 3 个百分点", AMOUNT, Error, "万元，增长", amount),
    kind("D35-change-off", &["D35"], "报告：比预算减少的金额多 3 万元", AMOUNT, Error, "比预算减少", amount),
    kind("D35-less-off", &["D35"], "报告：比上年减少的金额多 3 万元", AMOUNT, Error, "比上年减少", amount),
    kind("D35-more-off", &["D35"], "报告：比上年增加的金额多 3 万元", AMOUNT, Error, "比上年增加", amount),
    kind("D35-way-turned", &["D35"], "报告：比上年减少写成增加", &["X314"], Error, "比上年减少|比上年增加", words),
    kind("D35-way-turned-back", &["D35"], "报告：比上年增加写成减少", &["X314"], Error, "比上年增加|比上年减少", words),
    kind("D33-growth-from-nothing", &["D33"], "报告：上年为 0 而写增长 100%", &["X314"], Error, "0.00万元，上年无此项支出|0.00万元，比上年增加0.00万元，增长100%", words),
    kind("D51-project-count-off", &["D51", "I-10"], "报告：有支出的项目个数多 3", COUNT, Error, "有支出的一级项目", count),
    kind("D51-indicator-count-off", &["D51"], "报告：三级指标个数多 3", COUNT, Error, "共设置三级指标", count),
    kind("D51-reached-count-off", &["D51"], "报告：达到指标值的个数多 3", COUNT, Error, "达到年度指标值", count),
    kind("I04-said-posts-off", &["I-04", "D30"], "报告：编制数多 3 人", COUNT, Error, "编制数", count),
    kind("I04-said-staff-off", &["I-04", "D30"], "报告：在职人数多 3 人", COUNT, Error, "实际在职人数", count),
    kind("I04-said-admin-off", &["I-04", "D28"], "报告：行政编制多 3 人", COUNT, Error, "其中行政编制", count),
    kind("I13-said-score-off", &["I-13", "D30"], "报告：自评得分多 3 分", &["X302", "X309", "X308", "X315"], Error, "部门整体支出绩效自评得分", amount),
    kind("I13-said-dimension-off", &["I-13", "D30"], "报告：产出指标得分多 3 分", &["X309", "X311"], Error, "产出指标", score_said),
    kind("I13-said-average-off", &["I-13", "D30"], "报告：项目平均得分多 3 分", &["X309"], Error, "项目自评平均得分", amount),
    kind("I13-grade-wrong", &["I-13"], "报告：评价等级与总分不符", &["X308"], Error, "评价等级为“优", grade),
    kind("D49-sent-off", &["D49"], "问卷发放份数少于回收", &["E102", "X313"], Error, "发放问卷", sent),
    kind("D49-content-off", &["D49"], "表示满意的份数多 90", &["E102", "X313"], Error, "表示满意的", many),
    kind("D49-return-rate-off", &["D49", "D33"], "报告：有效回收率多 3 个百分点", &["E102", "X313"], Error, "有效回收率", amount),
    kind("D49-satisfaction-off", &["D49", "D30"], "报告：社会公众满意度少 3 个百分点", &["E102", "X307", "X302", "X313"], Error, "份，社会公众满意度", less),
    kind("I20-fund-said", &["I-20"], "报告：说用了政府性基金而表中没有", &["X306", "X302"], Error, "没有使用政府性基金预算安排的支出|政府性基金预算支出500.00万元", words),
    kind("I20-fund-denied", &["I-20"], "报告：说没有用政府性基金而表中有", &["X306"], Error, "", fund_denied),
    kind("D34-percent-missing", &["D34"], "报告：占比后缺百分号", &["X316"], Warning, "占基本支出", no_percent),
    kind("D34-percent-missing-after-growth", &["D34"], "报告：下降后缺百分号", &["X316"], Warning, "万元，下降", no_percent),
    kind("D36-class-name-wrong", &["D36"], "报告：功能分类科目写错", &["X317"], Warning, "按支出功能分类：", class_name),
    kind("D32-part-above-three-publics", &["D32"], "报告：基本支出中的公务接待费大于三公经费", &["X318", "X302", "X315"], Error, "", reception_within),
    kind("D37-credit-code-mistyped", &["D37"], "报告：统一社会信用代码错一位", &["X351"], Error, "统一社会信用代码", credit_code),
    kind("I19-procurement-above-all", &["I-19", "D66"], "附件1 和报告：政府采购金额大于全部支出，没有说明", &["A407"], Warning, "", above_spending),
    kind("I19-procurement-above-purchasable", &["I-19", "D66"], "附件1 和报告：政府采购金额大于可采购的支出，没有说明", &["A407"], Warning, "商品和服务支出|资本性支出", above_spending),
    kind("D26-placeholder-in-report", &["D26"], "报告：留有 XX", &["N111"], Error, "自评结果作为|XX年自评结果作为", words),
    kind("D26-template-unit", &["D26"], "报告：留有 ×××", &["N111"], Error, "经机构编制部门核定|经×××核定", words),
    kind("D27-template-residue", &["D27"], "报告：留有“增加（减少）”", &["N112"], Warning, "比上年减少|比上年增加（减少）", words),
    kind("D71-outdated", &["D71"], "报告：用了往年的提法", &["N113"], Hint, "核实|围绕脱贫攻坚工作，核实", words),
    kind("D64-bracket-open", &["D64"], "报告：少一个括号", &["N103"], Hint, "（以下简称|以下简称", words),
    kind("D64-words-twice", &["D64"], "报告：词语重复", &["N102"], Hint, "主要原因是|主要原因是主要原因是", words),
    kind("D64-heading-number", &["D64"], "报告：标题编号重复", &["N101"], Hint, "八、下一步|七、下一步", words),
    kind("D56-survey-without-data", &["D56", "D49"], "报告：提到的支付进度率没有数据", &["N204"], Warning, "1.评价原则。|1.评价原则。重点评价了支付进度率。", words),
    kind("D55-measure-missing", &["D55", "I-27"], "报告：少一条改进措施", &["N201"], Warning, "", no_measure),
    kind("D54-one-problem", &["D54", "D55"], "报告：只有一个问题", &["N203", "N201"], Warning, "", one_problem),
    kind("I27-measure-astray", &["I-27"], "报告：一条措施没有点到问题", &["N202"], Warning, "", astray),
    kind("D63-section-missing", &["D63"], "报告：缺第九部分", &["N301"], Error, "九、", no_section),
    kind("D63-section-empty", &["D63", "D38"], "报告：第十部分只有标题", &["N303"], Warning, "", empty_section),
    kind("I28-annex-number", &["I-28", "D63"], "附件目录编号跳号", &["N302"], Warning, "", annex_number),
    kind("D51-annex-count", &["I-28", "D51"], "附件目录写的项目表张数不对", &["N302", "F201", "X309"], Warning, "（共", annex_count),
    kind("D65-personal-phone", &["D65"], "报告：留有姓名和手机号", &["P101"], Warning, "自评结果作为|联系人李明亮，电话13912345678。自评结果作为", words),
];

/// The chapter on government funds says that there were none.
fn fund_denied(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let lines = section(draft, "三、");
    let line = lines.get(1).filter(|l| l.text.contains("万元"))?;
    draft.rewrite(
        line,
        0..line.text.len(),
        "本年度没有使用政府性基金预算安排的支出。",
    )
}

fn amount(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    draft.add_after(words, 300)
}

fn less(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    draft.add_after(words, -300)
}

fn count(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    draft.add_after(words, 300)
}

fn many(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    draft.add_after(words, 9_000)
}

/// One of the numbers of a list in a line that begins so.
fn listed(draft: &mut Draft<'_>, begins: &str) -> Option<()> {
    let prose = draft.prose();
    let line = prose.iter().find(|l| l.text.contains(begins))?;
    let mut numbers = Vec::new();
    let mut from = line.text.find(begins)? + begins.len();
    while let Some(at) = line.text[from..].find("万元") {
        let end = from + at;
        let digits = line.text[..end]
            .bytes()
            .rev()
            .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            .count();
        numbers.push(end - digits..end);
        from = end + "万元".len();
    }
    let range = (!numbers.is_empty()).then(|| draft.dice.pick(&numbers).clone())?;
    let new = crate::draft::plus(line.text.get(range.clone())?, 300)?;
    draft.rewrite(line, range, &new)
}

/// "old|new".
fn words(draft: &mut Draft<'_>, pair: &str) -> Option<()> {
    let (old, new) = pair.split_once('|')?;
    draft.reword(old, new)?;
    // A rule marks the number or the pair that the words belong to: the line is the place.
    let line = draft.spots.last().copied()?;
    draft.spots.push(match line.at {
        At::Text { paragraph, .. } => Origin::text(line.file, paragraph, 0, 0),
        At::Cell {
            table, row, col, ..
        } => Origin::cell(line.file, table, row, col),
    });
    Some(())
}

/// The points of a dimension in the sentence that gives the score.
fn score_said(draft: &mut Draft<'_>, dimension: &str) -> Option<()> {
    let prose = draft.prose();
    let line = prose.iter().find(|l| l.text.contains("1.自评得分"))?;
    let at = line.text.find(dimension)? + dimension.len();
    let digits = line.text[at..]
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.')
        .count();
    let new = crate::draft::plus(line.text.get(at..at + digits)?, 300)?;
    draft.rewrite(line, at..at + digits, &new)
}

fn grade(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    draft
        .reword("评价等级为“优秀”", "评价等级为“良好”")
        .or_else(|| draft.reword("评价等级为“优”", "评价等级为“良”"))
}

fn sent(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let (line, range) = draft.number_after(words)?;
    draft.rewrite(&line, range, "50")
}

fn no_percent(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let (line, range) = draft.number_after(words)?;
    let number = line.text.get(range.clone())?.to_string();
    let end = range.end + 1;
    (line.text.get(range.end..end)? == "%").then_some(())?;
    draft.rewrite(&line, range.start..end, &number)
}

fn class_name(draft: &mut Draft<'_>, begins: &str) -> Option<()> {
    let prose = draft.prose();
    let line = prose.iter().find(|l| l.text.contains(begins))?;
    let from = line.text.find(begins)? + begins.len();
    let end = from + line.text[from..].find("支出")? + "支出".len();
    draft.rewrite(line, from..end, "医疗卫生与计划生育支出")
}

/// "商品和服务支出…，其中公务接待费" with more than the baseline has.
fn reception_within(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let reception = draft
        .form("baseline")?
        .get("three_publics.reception.outturn")?;
    let more = crate::draft::plus(&reception.text, 500)?;
    let (line, range) = draft.number_after("商品和服务支出")?;
    let at = range.end + "万元".len();
    draft.rewrite(&line, at..at, &format!("，其中：公务接待费{more}万元"))
}

/// The code that is printed, or one of its own where none is, with one place changed.
fn credit_code(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let prose = draft.prose();
    if let Some(line) = prose.iter().find(|l| l.text.contains(words)) {
        let from = line.text.find(words)? + words.len();
        let length = line.text[from..]
            .bytes()
            .take_while(u8::is_ascii_alphanumeric)
            .count();
        let code = line.text.get(from..from + length)?;
        let wrong = codes::mistyped(code, &mut draft.dice)?;
        return draft.rewrite(line, from..from + length, &wrong);
    }
    let line = prose.iter().find(|l| l.text.contains("，内设"))?;
    let at = line.text.find("内设")?;
    let code = codes::sound(&mut draft.dice);
    let wrong = codes::mistyped(&code, &mut draft.dice)?;
    draft.rewrite(line, at..at, &format!("{words}{wrong}，"))
}

/// 政府采购金额 in the baseline and wherever the report says it, more than what was spent: on everything, or on what can be bought.
fn above_spending(draft: &mut Draft<'_>, parts: &str) -> Option<()> {
    let hundredths = |n: rust_decimal::Decimal| -> Option<i64> {
        (n * rust_decimal::Decimal::ONE_HUNDRED).try_into().ok()
    };
    let department = draft.form("department")?;
    let all = |path: &str| department.number(path).and_then(hundredths);
    let spent = all("funds.total.outturn")?.max(all("funds.total.final_budget")?);
    let limit = match parts.is_empty() {
        true => spent,
        false => {
            let mut sum = all("funds.project.outturn")?;
            for part in parts.split('|') {
                let (line, bytes) = draft.number_after(part)?;
                let amount = line.text.get(bytes)?.replace([',', '.'], "");
                sum += amount.parse::<i64>().ok()?;
            }
            (sum + 5_000 < all("funds.total.outturn")?).then_some(sum)?
        }
    };
    let more = crate::hundredths::fixed(limit + 5_000, false);
    let baseline = draft.form("baseline")?;
    draft.put(baseline.get("procurement.budget")?, &more)?;
    draft.put(baseline.get("procurement.outturn")?, &more)?;
    let amounts = |bought: &str, rate: &str| {
        format!("政府采购预算{more}万元，{bought}{more}万元，{rate}100.00%")
    };
    let prose = draft.prose();
    let said = prose.iter().filter(|l| l.text.contains("政府采购预算"));
    for line in said {
        let from = line.text.find("政府采购预算")?;
        let rate = from + line.text[from..].find('%')? + 1;
        let new = match line.text.contains("实际采购金额") {
            true => amounts("实际采购金额", "政府采购执行率"),
            false => amounts("实际采购", "执行率"),
        };
        // What the sentence goes on to say of the year before is no longer so.
        let reason = line.text[rate..].find("，主要原因是");
        let end = reason.map_or(rate, |at| rate + at);
        draft.rewrite(line, from..end, &new)?;
    }
    Some(())
}

fn numbered(line: &Prose, number: usize) -> bool {
    line.text.trim_start().starts_with(&format!("{number}."))
}

/// The lines of a section, its heading first.
fn section(draft: &Draft<'_>, mark: &str) -> Vec<Prose> {
    let prose = draft.prose();
    let begins = |l: &Prose| l.text.starts_with(mark);
    let heading = |l: &&Prose| {
        let mut chars = l.text.chars();
        let first = chars
            .next()
            .is_some_and(|c| "一二三四五六七八九十".contains(c));
        first && chars.next() == Some('、')
    };
    let Some(at) = prose.iter().position(begins) else {
        return Vec::new();
    };
    let length = prose[at + 1..].iter().take_while(|l| !heading(l)).count();
    prose[at..=at + length].to_vec()
}

fn erase(draft: &mut Draft<'_>, line: &Prose) -> Option<()> {
    draft.rewrite(line, 0..line.text.len(), "")
}

/// The whole of both sections may be pointed at.
fn note_sections(draft: &mut Draft<'_>) {
    let lines: Vec<Prose> = ["七、", "八、"]
        .iter()
        .flat_map(|m| section(draft, m))
        .collect();
    draft.spots.extend(lines.iter().map(|l| l.origin));
}

fn no_measure(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let measures = section(draft, "八、");
    let last = measures
        .iter()
        .rev()
        .find(|l| numbered(l, measures.len() - 1))?;
    erase(draft, last)?;
    note_sections(draft);
    Some(())
}

fn one_problem(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let problems = section(draft, "七、");
    (problems.len() > 2).then_some(())?;
    for line in &problems[2..] {
        erase(draft, line)?;
    }
    note_sections(draft);
    Some(())
}

fn astray(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let measures = section(draft, "八、");
    let line = measures.iter().find(|l| l.text.contains("针对“政府采购"))?;
    let number = line.text.split('.').next()?;
    let new = format!("{number}.加强学习培训。组织全体干部学习上级文件，每月集中一次。");
    draft.rewrite(line, 0..line.text.len(), &new)?;
    note_sections(draft);
    Some(())
}

fn no_section(draft: &mut Draft<'_>, mark: &str) -> Option<()> {
    draft.cut_prose(|t| t.starts_with(mark), |t| t.starts_with("十、"))?;
    // What is absent stands nowhere.
    draft.spots.clear();
    Some(())
}

fn empty_section(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let lines = section(draft, "十、");
    let line = lines.get(1)?;
    erase(draft, line)?;
    draft.spots.push(lines[0].origin);
    Some(())
}

fn annex_number(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let year = draft.subject.filing.year?;
    draft.reword(
        &format!("3.{year}年度项目支出绩效自评表"),
        &format!("5.{year}年度项目支出绩效自评表"),
    )
}

fn annex_count(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    draft.add_after(words, 400)
}
