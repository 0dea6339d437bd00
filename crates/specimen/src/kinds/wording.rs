//! The same defect in other words: each kind draws one of several ways in which people write it.

use super::{Kind, kind};
use crate::draft::{Draft, Prose};
use jiheng_model::Severity::{Error, Hint, Warning};
use jiheng_model::form::Indicator;
use jiheng_model::origin::At;
use jiheng_model::{Form, Origin, Stated, ValueKind};

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("D26-words-in-report", &["D26"], "报告：留有各种占位符", &["N111"], Error, "XX|XXX|××|×××|***|待填写|待补充|TODO|{单位名称}|____|【单位名称】", in_report),
    kind("D26-words-in-cell", &["D26"], "表中一格留有各种占位符", &["N111"], Error, "XX|XXX|××|×××|***|待填写|待补充|TODO|{项目名称}", in_cell),
    kind("D27-words-in-report", &["D27"], "报告：留有各种模板用语", &["N112"], Warning, "增加（减少）|减少（增加）|增长（下降）|下降（增长）|（此页为封面）|报告需要以下附件", in_report),
    kind("D07-words", &["D07"], "原因用各种空话", &["I202"], Warning, "客观原因|工作原因|受疫情影响|其他原因，下一步改进。|人员不足|加强管理，继续努力。|政策原因|时间紧，任务重。", reason),
    kind("D11-words", &["D11"], "指标值写各种不能衡量的话", &["I105"], Warning, "明显|有效|显著提升|进一步加强|逐步提高|持续改善|良好|较高|不断提升|有所提高", vague),
    kind("D15-words", &["D15"], "各种有上限的率超过 100%", &["I103"], Warning, "100.5%|105%|112.3%|118%|103.00%", above),
    kind("D19-words", &["D19"], "名称写成各种日期或任务", &["I108"], Warning, "12月31日前|12月底前完成|全年|第四季度", name),
    kind("D59-words", &["D59"], "完成情况写各种多年累计", &["I305"], Warning, "自2019年以来，累计|截至目前，累计|近三年来，累计|历年累计|“十四五”以来，累计", before_goal),
    kind("D60-words", &["D60"], "完成情况写各种打算", &["I306"], Warning, "将继续推进各项工作，加快推进项目建设，持续完善管理制度，进一步加强日常监管。|要加快推进平台建设，持续加强监管，强化队伍建设，进一步推进制度建设，继续做好管护。|下一步加强统筹，力争早日见效，大力推进服务提升，持续优化流程。", plan),
    kind("D65-words", &["D65"], "报告：留有各种个人信息", &["P101"], Warning, "联系人李明亮，电话13912345678。|联系人：王建国 138-1234-5678。|经办人李明亮（15012345678）。|经办人李明亮，身份证号430602198501011234。", sentence),
    kind("D71-words", &["D71"], "报告：用各种往年的提法", &["N113"], Hint, "国土资源|脱贫攻坚|新农合", in_report),
    kind("D34-words", &["D34"], "报告：一个比率缺百分号", &["X316"], Warning, "占|增长|下降", percent),
    kind("D70-published-late", &["D70"], "批复后 40 天才公开", &["P102"], Warning, "部门决算于{y}年8月1日经市财政局批复，自评结果已于{y}年9月10日在政府门户网站公开。", dated_sentence),
];

fn one_of<'w>(draft: &mut Draft<'_>, words: &'w str) -> &'w str {
    let all: Vec<&str> = words.split('|').collect();
    let word: &&str = draft.dice.pick(&all);
    word
}

/// The words stand inside a sentence of the report.
fn in_report(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words = one_of(draft, words);
    let prose = draft.prose();
    let lines: Vec<&Prose> = prose
        .iter()
        .filter(|l| l.text.contains('，') && l.text.chars().count() > 30)
        .filter(|l| l.text.ends_with('。'))
        .collect();
    let line = *(!lines.is_empty()).then(|| draft.dice.pick(&lines))?;
    let commas: Vec<usize> = line.text.match_indices('，').map(|(at, _)| at).collect();
    // Behind a comma, before words: no number is torn from its name.
    let at = commas.last()? + '，'.len_utf8();
    draft.rewrite(line, at..at, words)
}

/// A sentence of its own at the end of a line of the report.
fn sentence(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words = one_of(draft, words);
    append(draft, words)
}

fn append(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let prose = draft.prose();
    let line = prose.iter().find(|l| l.text.contains("自评结果作为"))?;
    draft.rewrite(line, line.text.len()..line.text.len(), words)
}

fn dated_sentence(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let next = draft.subject.filing.year? + 1;
    let words = words.replace("{y}", &next.to_string());
    append(draft, &words)?;
    whole_line(draft)
}

/// The line of the last change may be pointed at as a whole.
fn whole_line(draft: &mut Draft<'_>) -> Option<()> {
    let last = draft.spots.last().copied()?;
    draft.spots.push(match last.at {
        At::Text { paragraph, .. } => Origin::text(last.file, paragraph, 0, 0),
        At::Cell {
            table, row, col, ..
        } => Origin::cell(last.file, table, row, col),
    });
    Some(())
}

/// A row of the forms with scores that fits.
fn row<'a>(draft: &mut Draft<'a>, fits: impl Fn(&Indicator<'a>) -> bool) -> Option<Indicator<'a>> {
    let forms = draft.subject.filing.forms.iter();
    let rows: Vec<Indicator<'a>> = forms
        .filter(|f| matches!(f.kind(), "department" | "project"))
        .flat_map(Form::indicators)
        .filter(|i| !i.is_filler() && fits(i))
        .collect();
    (!rows.is_empty()).then(|| *draft.dice.pick(&rows))
}

/// The name stands in no other form.
fn alone(i: &Indicator<'_>, draft: &Draft<'_>) -> bool {
    let name = i.name().map(|s| &s.text);
    let forms = draft.subject.filing.forms.iter();
    let same = forms
        .flat_map(Form::indicators)
        .filter(|o| o.name().map(|s| &s.text) == name);
    same.count() == 1
}

fn row_alone<'a>(
    draft: &mut Draft<'a>,
    fits: impl Fn(&Indicator<'a>) -> bool,
) -> Option<Indicator<'a>> {
    let forms = draft.subject.filing.forms.iter();
    let rows: Vec<Indicator<'a>> = forms
        .filter(|f| matches!(f.kind(), "department" | "project"))
        .flat_map(Form::indicators)
        .filter(|i| !i.is_filler() && alone(i, draft) && fits(i))
        .collect();
    (!rows.is_empty()).then(|| *draft.dice.pick(&rows))
}

fn full(i: &Indicator<'_>) -> bool {
    i.score().and_then(Stated::number) == i.points().and_then(Stated::number)
}

fn counted(i: &Indicator<'_>) -> bool {
    let number = |s: Option<&Stated>| {
        s.is_some_and(|s| matches!(s.value.kind, ValueKind::Number(_)) && s.value.unit_printed)
    };
    let cost = i.criterion().is_some_and(|s| s.text.contains("成本"));
    !cost && number(i.target()) && number(i.actual())
}

fn in_cell(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words = one_of(draft, words);
    let column = *draft.dice.pick(&["target", "actual", "name"]);
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    let cell = row.form.cell("indicators", row.row, column)?;
    let text = match column {
        "name" => format!("{words}{}", cell.text),
        _ => words.to_string(),
    };
    draft.put(cell, &text)
}

fn reason(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words = one_of(draft, words);
    let row = row(draft, |i| !full(i))?;
    draft.put(row.reason()?, words)?;
    draft.spots.extend(row.score().map(|s| s.origin));
    Some(())
}

fn vague(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words = one_of(draft, words);
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    draft.put(row.target()?, words)?;
    let target = row.target()?.origin;
    draft.put(row.actual()?, words)?;
    draft.spots.push(target);
    Some(())
}

/// A rate that cannot exceed 100 % does, in its cell and in the words of its form.
fn above(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    const BOUNDED: &[&str] = &["合格率", "覆盖率", "满意度", "及时率", "完成率", "知晓率"];
    let words = one_of(draft, words);
    let row = row_alone(draft, |i| {
        let name = i.name().map_or("", |s| s.text.as_str());
        let rate = i
            .actual()
            .is_some_and(|s| matches!(s.value.kind, ValueKind::Percent(_)));
        rate && full(i) && BOUNDED.iter().any(|b| name.ends_with(b)) && !name.contains("满意")
    })?;
    let (name, old) = (&row.name()?.text, &row.actual()?.text);
    if let Some(goal) = row.form.get("goal_actual") {
        let _ = draft.replace_in(goal, &format!("{name}{old}"), &format!("{name}{words}"));
    }
    draft.put(row.actual()?, words)
}

fn name(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words = one_of(draft, words);
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    draft.put(row.name()?, words)
}

fn before_goal(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words = one_of(draft, words);
    let form = draft.form("project")?;
    let goal = form.get("goal_actual")?;
    let name = form.indicators().next()?.name()?.text.clone();
    let old = format!("1.{name}");
    draft.replace_in(goal, &old, &format!("1.{words}{name}"))?;
    draft.spots.push(goal.origin);
    Some(())
}

fn plan(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    // All of it, in an order of its own, before the last line, which tells of the survey.
    let mut all: Vec<&str> = words.split('|').collect();
    draft.dice.shuffle(&mut all);
    let goal = draft.form("project")?.get("goal_actual")?;
    let last = goal.text.lines().last()?;
    draft.put(goal, &format!("{}\n{last}", all.concat()))
}

/// A rate loses its sign.
fn percent(draft: &mut Draft<'_>, words: &str) -> Option<()> {
    let words: Vec<&str> = words.split('|').collect();
    let mut found = Vec::new();
    for line in draft.prose() {
        for word in &words {
            for (at, _) in line.text.match_indices(word) {
                let rest = &line.text[at + word.len()..];
                let skip = rest
                    .find(|c: char| c.is_ascii_digit())
                    .unwrap_or(usize::MAX);
                if skip > "基本支出".len() {
                    continue;
                }
                let from = at + word.len() + skip;
                let digits = line.text[from..]
                    .bytes()
                    .take_while(|b| b.is_ascii_digit() || *b == b'.')
                    .count();
                let end = from + digits;
                if line.text[end..].starts_with('%') && digits > 0 {
                    found.push((line.clone(), from..end + 1));
                }
            }
        }
    }
    let (line, bytes) = (!found.is_empty()).then(|| draft.dice.pick(&found).clone())?;
    let number = line.text.get(bytes.start..bytes.end - 1)?.to_string();
    draft.rewrite(&line, bytes, &number)
}
