//! One cell of an indicator, or one value wherever it stands, is changed.

use super::{Kind, kind};
use crate::draft::{Draft, plus};
use jiheng_model::Severity::{Error, Warning};
use jiheng_model::form::Indicator;
use jiheng_model::value::ValueKind;
use jiheng_model::{Form, Stated};

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("D03-total-score-off-department", &["D03", "I-13"], "附件2 总分少 1.5 分", &["A208", "X309"], Error, "department", total_score),
    kind("D03-total-score-off-project", &["D03", "I-13"], "附件3 总分少 1.5 分", &["A208"], Error, "project", total_score),
    kind("D04-score-above-points", &["D04", "I-13"], "一个指标的得分大于分值", &["A204"], Error, "", above_points),
    kind("D04-score-negative", &["D04", "I-13"], "一个指标的得分小于零", &["A204"], Error, "", negative),
    kind("D05-full-score-below-target", &["D05"], "没有达到指标值而得满分", &["A203"], Error, "", full_below_target),
    kind("D05-score-too-low", &["D05", "D06"], "达到指标值而少得 1 分", &["A203", "I201", "A208"], Error, "", point_less),
    kind("D06-reason-removed", &["D06"], "扣了分而没有写原因", &["I201"], Error, "", no_reason),
    kind("D07-reason-hollow", &["D07"], "原因只写“客观原因”", &["I202"], Warning, "客观原因", reason),
    kind("D08-far-above-target", &["D08"], "完成值为指标值的三倍，没有说明", &["I203"], Warning, "", triple),
    kind("D10-target-equals-actual", &["D10"], "实测数量的指标值与完成值连小数都相同", &["I110"], Warning, "", target_as_actual),
    kind("D10-rate-equals-actual", &["D10"], "比率的指标值与完成值连小数都相同", &["I110"], Warning, "", rate_as_actual),
    kind("D11-vague-target", &["D11"], "指标值写成“明显提升”", &["I105"], Warning, "明显提升", target),
    kind("D12-hollow-percentage", &["D12"], "“社会效益明显”配一个百分比", &["I106"], Warning, "", hollow_percentage),
    kind("D13-unit-mismatch", &["D13"], "数量的完成值写成 100%", &["I101"], Error, "", percent_actual),
    kind("D14-unit-missing", &["D14"], "指标值和完成值都没有单位", &["I102"], Warning, "", no_unit),
    kind("D15-rate-above-100", &["D15"], "合格率写成 108%", &["I103"], Warning, "", above_hundred),
    kind("D16-cost-at-least", &["D16"], "成本指标写成不少于", &["I104"], Error, "≥", cost_sign),
    kind("D16-cost-not-less", &["D16"], "成本指标写成“不少于”", &["I104"], Error, "不少于", cost_sign),
    kind("D17-cost-above-target", &["D17"], "成本超过指标值而得满分", &["A203"], Error, "", cost_above),
    kind("D18-payment-as-quantity", &["D18"], "数量指标是付款金额", &["I107"], Warning, "", payment),
    kind("D19-name-is-date", &["D19"], "三级指标的名称是一个日期", &["I108"], Warning, "", date_name),
    kind("D20-name-twice", &["D20", "D74"], "同一张表内两个指标同名", &["I109"], Warning, "", same_name),
    kind("D23-works-without-quality", &["D23"], "工程或购置类项目没有质量指标", &["I302"], Warning, "质量指标", nothing_of),
    kind("D23-works-without-cost", &["D23"], "工程或购置类项目没有成本指标", &["I302"], Warning, "成本指标", nothing_of),
    kind("D23-no-outcome", &["D23"], "附件3 没有效益指标", &["I302"], Error, "效益", no_level),
    kind("D23-no-satisfaction", &["D23"], "不是工程或购置的项目没有满意度指标", &["I302"], Warning, "满意度", no_level),
    kind("D23-works-without-satisfaction", &["D23"], "工程或购置类项目没有满意度指标", &["I302"], Warning, "工程满意度", no_level),
    kind("D24-points-off", &["D24", "I-12"], "一个指标的分值多 1 分", &["A206", "A207", "A203", "I201"], Error, "", more_points),
    kind("D24-total-points-off", &["D24", "I-12"], "分值合计写成 99", &["A207", "A206"], Error, "", total_points),
    kind("D24-level-points-off", &["D24", "I-12"], "一级指标的分值写成 40 分", &["A206", "A207", "A209"], Error, "", level_points),
    kind("D75-points-zero", &["D75"], "一个指标的分值和得分为 0，分值给了同级的另一个", &["A205"], Error, "", zero_points),
    kind("D75-points-negative", &["D75"], "一个指标的分值为负数", &["A205", "A206", "A207"], Error, "", negative_points),
    kind("D72-date-outside-year", &["D72", "I-21"], "完成时限在两年之后", &["I111", "I301"], Error, "", later),
    kind("I23-target-differs", &["I-23"], "附件2 与附件3 同一指标的指标值不同", &["I301"], Error, "target", shared),
    kind("I23-actual-differs", &["I-23", "I-24"], "附件2 与附件3 同一指标的完成值不同", &["I301", "X307", "A203"], Error, "actual", shared),
    kind("I24-goal-text-off", &["I-24", "D30"], "实际完成情况中的数与指标表不同", &["X307"], Error, "", goal_text),
    kind("D59-cumulative", &["D59"], "完成情况写“自项目实施以来”", &["I305"], Warning, "", cumulative),
    kind("D60-plans", &["D60"], "完成情况写的是打算", &["I306"], Warning, "", plans),
    kind("D52-target-blank", &["D52"], "指标值空着", &["F104"], Error, "target", blank),
    kind("D52-actual-blank", &["D52"], "完成值空着", &["F104"], Error, "actual", blank),
    kind("D52-score-blank", &["D52", "D03"], "得分空着", &["F104", "A208"], Error, "score", blank),
    kind("D26-placeholder-in-cell", &["D26"], "完成值写成“XX”", &["N111"], Error, "XX", actual),
    kind("D26-placeholder-in-reason", &["D26"], "原因写成“待填写”", &["N111"], Error, "待填写", reason),
];

/// An indicator of a department's or project's form that fits.
fn row<'a>(draft: &mut Draft<'a>, fits: impl Fn(&Indicator<'a>) -> bool) -> Option<Indicator<'a>> {
    row_of(draft, &["department", "project"], fits)
}

fn row_of<'a>(
    draft: &mut Draft<'a>,
    kinds: &[&str],
    fits: impl Fn(&Indicator<'a>) -> bool,
) -> Option<Indicator<'a>> {
    let forms = draft.subject.filing.forms.iter();
    let forms = forms.filter(|f| kinds.contains(&f.kind()));
    let rows: Vec<Indicator<'a>> = forms
        .flat_map(Form::indicators)
        .filter(|i| !i.is_filler() && fits(i))
        .collect();
    (!rows.is_empty()).then(|| *draft.dice.pick(&rows))
}

fn within(stated: Option<&Stated>, words: &str) -> bool {
    stated.is_some_and(|s| s.text.replace('\n', "").contains(words))
}

fn is_cost(i: &Indicator<'_>) -> bool {
    within(i.criterion(), "成本")
}

/// A counted quantity with a unit that is to be reached.
fn counted(i: &Indicator<'_>) -> bool {
    let number = |s: Option<&Stated>| {
        s.is_some_and(|s| matches!(s.value.kind, ValueKind::Number(_)) && s.value.unit_printed)
    };
    !is_cost(i) && number(i.target()) && number(i.actual())
}

fn is_rate(i: &Indicator<'_>) -> bool {
    i.actual()
        .is_some_and(|s| matches!(s.value.kind, ValueKind::Percent(_)))
}

fn full(i: &Indicator<'_>) -> bool {
    i.score().and_then(Stated::number) == i.points().and_then(Stated::number)
}

/// Only this form has an indicator of this name.
fn alone(draft: &Draft<'_>, i: &Indicator<'_>) -> bool {
    let name = i.name().map(|s| s.text.as_str());
    let forms = draft.subject.filing.forms.iter().flat_map(Form::indicators);
    forms
        .filter(|o| o.name().map(|s| s.text.as_str()) == name)
        .count()
        == 1
}

fn row_alone<'a>(
    draft: &mut Draft<'a>,
    fits: impl Fn(&Indicator<'a>) -> bool,
) -> Option<Indicator<'a>> {
    let names: Vec<String> = draft
        .subject
        .filing
        .forms
        .iter()
        .flat_map(Form::indicators)
        .filter(|i| alone(draft, i))
        .filter_map(|i| i.name().map(|s| s.text.clone()))
        .collect();
    row(draft, |i| {
        fits(i) && i.name().is_some_and(|s| names.contains(&s.text))
    })
}

/// Changes the actual value in its cell and in the words of the same form.
fn reach(draft: &mut Draft<'_>, i: &Indicator<'_>, new: &str) -> Option<()> {
    let (name, old) = (i.name()?, i.actual()?);
    draft.put(old, new)?;
    if let Some(goal) = i.form.get("goal_actual") {
        let said = |value: &str| format!("{}{value}", name.text);
        let _ = draft.replace_in(goal, &said(&old.text), &said(new));
    }
    Some(())
}

fn total_score(draft: &mut Draft<'_>, kind: &str) -> Option<()> {
    let stated = draft.form(kind)?.get("total_score")?;
    draft.add(stated, -150)
}

fn above_points(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row(draft, full)?;
    let more = plus(&row.points()?.text, 500)?;
    draft.put(row.score()?, &more)
}

fn negative(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row(draft, full)?;
    draft.put(row.score()?, "-1")
}

fn full_below_target(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row(draft, |i| !full(i))?;
    let points = row.points()?.text.clone();
    draft.put(row.score()?, &points)
}

fn point_less(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row(draft, |i| {
        full(i) && i.points().and_then(Stated::number) > Some(2.into())
    })?;
    draft.add(row.score()?, -100)
}

fn no_reason(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    reason(draft, "")
}

fn reason(draft: &mut Draft<'_>, text: &str) -> Option<()> {
    let row = row(draft, |i| !full(i))?;
    draft.put(row.reason()?, text)?;
    // The place of what is absent may be the score that needs it.
    draft.spots.extend(row.score().map(|s| s.origin));
    Some(())
}

fn triple(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    let target = (row.target()?.number()? * rust_decimal::Decimal::from(200)).trunc();
    let target: i64 = target.try_into().ok()?;
    let new = plus(&row.actual()?.text, target)?;
    reach(draft, &row, &new)
}

/// A measured quantity of a project: its target was written from what was measured.
fn target_as_actual(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    const MEASURED: &[&str] = &[
        "公里",
        "米",
        "亩",
        "公顷",
        "平方米",
        "吨",
        "立方米",
        "平方公里",
    ];
    let row = project_row(draft, |i| {
        counted(i)
            && full(i)
            && i.target().is_some_and(|s| {
                let unit = s.value.unit.as_ref().map_or("", |u| &u.symbol);
                MEASURED.iter().any(|m| unit.ends_with(m))
            })
    })?;
    let old = row.target()?;
    let digits = |text: &str| -> String {
        text.trim_start_matches(|c: char| !c.is_ascii_digit())
            .to_string()
    };
    let number = digits(&old.text);
    let unit = number.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let whole = number.trim_end_matches(unit).split('.').next()?;
    same_to_the_last(draft, &row, &number, &format!("{whole}.37{unit}"))
}

/// A rate of a project whose target was written from what was reached.
fn rate_as_actual(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = project_row(draft, |i| {
        let fraction = i
            .actual()
            .and_then(Stated::number)
            .is_some_and(|n| n.scale() == 2);
        is_rate(i) && full(i) && fraction && !is_cost(i)
    })?;
    let number = row
        .target()?
        .text
        .trim_start_matches(|c: char| !c.is_ascii_digit());
    same_to_the_last(draft, &row, number, &row.actual()?.text)
}

/// Target and actual value become this text, in the cells and in the goals of the form.
fn same_to_the_last(
    draft: &mut Draft<'_>,
    row: &Indicator<'_>,
    number: &str,
    text: &str,
) -> Option<()> {
    let name = &row.name()?.text;
    if let Some(goal) = row.form.get("goal_expected") {
        for word in ["不低于", "不少于", "达到", ""] {
            let old = format!("{name}{word}{number}");
            let _ = draft.replace_in(goal, &old, &format!("{name}{word}{text}"));
        }
    }
    reach(draft, row, text)?;
    let sign = row.target()?.text.split(number).next()?.to_string();
    draft.put(row.target()?, &format!("{sign}{text}"))
}

/// An indicator of a project's form whose name stands nowhere else.
fn project_row<'a>(
    draft: &mut Draft<'a>,
    fits: impl Fn(&Indicator<'a>) -> bool,
) -> Option<Indicator<'a>> {
    row_alone(draft, |i| i.form.kind() == "project" && fits(i))
}

fn target(draft: &mut Draft<'_>, text: &str) -> Option<()> {
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    draft.put(row.target()?, text)
}

fn actual(draft: &mut Draft<'_>, text: &str) -> Option<()> {
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    draft.put(row.actual()?, text)
}

fn hollow_percentage(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| within(i.criterion(), "社会") && full(i))?;
    draft.put(row.name()?, "社会效益明显")?;
    draft.put(row.target()?, "≥95%")?;
    draft.put(row.actual()?, "96%")
}

fn percent_actual(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    reach(draft, &row, "100%")
}

fn no_unit(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    let bare = |s: &Stated| {
        let end = s.text.rfind(|c: char| c.is_ascii_digit())? + 1;
        s.text.get(..end).map(str::to_string)
    };
    let (target, actual) = (bare(row.target()?)?, bare(row.actual()?)?);
    draft.put(row.target()?, &target)?;
    draft.put(row.actual()?, &actual)
}

fn above_hundred(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| {
        is_rate(i) && full(i) && within(i.name(), "合格率")
    })?;
    reach(draft, &row, "108%")
}

fn cost_sign(draft: &mut Draft<'_>, sign: &str) -> Option<()> {
    // Below the bound with full points: the row itself reads it as a limit.
    let row = row(draft, |i| {
        let number = |s: Option<&Stated>| s.and_then(Stated::number);
        is_cost(i)
            && full(i)
            && i.target().is_some_and(|s| s.value.operator.is_some())
            && number(i.actual()) < number(i.target())
    })?;
    let text = &row.target()?.text;
    let number = text.find(|c: char| c.is_ascii_digit())?;
    let new = format!("{sign}{}", &text[number..]);
    draft.put(row.target()?, &new)
}

fn cost_above(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| is_cost(i) && full(i))?;
    let more: i64 = (row.actual()?.number()? * rust_decimal::Decimal::from(60))
        .trunc()
        .try_into()
        .ok()?;
    let new = plus(&row.actual()?.text, more)?;
    draft.put(row.actual()?, &new)
}

fn payment(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| within(i.criterion(), "数量") && full(i))?;
    draft.put(row.name()?, "补助资金支付金额")?;
    draft.put(row.target()?, "≥20万元")?;
    draft.put(row.actual()?, "20万元")
}

fn date_name(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let year = draft.subject.filing.year?;
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    draft.put(row.name()?, &format!("{year}年12月底前"))
}

fn same_name(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_alone(draft, |i| within(i.criterion(), "数量") && full(i))?;
    let mut others = row.form.indicators();
    let other = others.find(|o| o.number != row.number && within(o.criterion(), "数量"))?;
    let name = other.name()?;
    draft.put(row.name()?, &name.text)?;
    draft.spots.push(name.origin);
    Some(())
}

/// The only indicator of a kind in the form of works or purchases becomes one of another kind.
fn nothing_of(draft: &mut Draft<'_>, criterion: &str) -> Option<()> {
    let row = row_of(draft, &["project"], |i| {
        let same = |o: &Indicator<'_>| within(o.criterion(), criterion);
        is_works(i.form) && same(i) && full(i) && i.form.indicators().filter(same).count() == 1
    })?;
    draft.put(row.criterion()?, "数量指标")?;
    draft.put(row.name()?, "整理工作台账份数")?;
    draft.put(row.target()?, "≥20份")?;
    draft.put(row.actual()?, "22份")?;
    anywhere(draft, row.form);
    Some(())
}

/// By its name the project is one of works or purchases.
fn is_works(form: &Form) -> bool {
    const WORKS: &[&str] = &["工程", "修缮", "建设项目", "改造项目", "购置"];
    let name = form.project_name();
    name.is_some_and(|n| WORKS.iter().any(|w| n.text.contains(w)))
}

/// What is missing stands where it should be: somewhere in the form.
fn anywhere(draft: &mut Draft<'_>, form: &Form) {
    let values = form.values.iter().flatten().map(|s| s.origin);
    let rows = form.rows("indicators").iter();
    let cells = rows.flat_map(|row| {
        ["dimension", "criterion", "name", "score"]
            .into_iter()
            .filter_map(|c| Some(form.cell("indicators", row, c)?.origin))
    });
    draft.spots.extend(values.chain(cells));
}

/// A first level of a project's form is called output as well.
fn no_level(draft: &mut Draft<'_>, level: &str) -> Option<()> {
    let (works, level) = match level.strip_prefix("工程") {
        Some(level) => (Some(true), level),
        None if level == "满意度" => (Some(false), level),
        None => (None, level),
    };
    let forms = draft.forms("project").into_iter();
    let forms: Vec<&Form> = forms
        .filter(|f| works.is_none_or(|w| w == is_works(f)))
        .collect();
    let form = *(!forms.is_empty()).then(|| draft.dice.pick(&forms))?;
    let mut cells: Vec<&Stated> = Vec::new();
    for row in form.indicators().filter(|r| within(r.dimension(), level)) {
        let cell = row.dimension()?;
        if cells.iter().all(|c| c.origin != cell.origin) {
            cells.push(cell);
        }
        if level == "满意度" {
            draft.put(row.criterion()?, "社会效益指标")?;
        }
    }
    let (other, printed) = match level {
        "满意度" => ("效益", "满意度"),
        _ => ("产出", "效益"),
    };
    for cell in &cells {
        draft.put(cell, &cell.text.replacen(printed, other, 1))?;
    }
    anywhere(draft, form);
    (!cells.is_empty()).then_some(())
}

fn more_points(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row(draft, full)?;
    draft.add(row.points()?, 100)
}

fn total_points(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let kind = *draft.dice.pick(&["department", "project"]);
    let stated = draft.form(kind)?.get("total_points")?;
    draft.put(stated, "99")
}

fn level_points(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let kind = *draft.dice.pick(&["department", "project"]);
    let form = draft.form(kind)?;
    let first = form.rows("indicators").first()?;
    let stated = form.cell("indicators", first, "dimension_points")?;
    draft.add(stated, -1000)?;
    // The cell of the level holds the points.
    draft.spots.extend(
        form.cell("indicators", first, "dimension")
            .map(|s| s.origin),
    );
    Some(())
}

/// Points and score go over to a neighbour of the same level: every sum still comes out.
fn zero_points(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let level = |i: &Indicator<'_>| i.dimension().map(|s| s.origin);
    let criterion = |i: &Indicator<'_>| i.criterion().map(|s| s.text.clone());
    let near = |i: &Indicator<'_>, o: &Indicator<'_>| {
        o.number != i.number && full(o) && level(o) == level(i) && criterion(o) == criterion(i)
    };
    let row = row(draft, |i| {
        full(i) && i.form.indicators().any(|o| near(i, &o))
    })?;
    let other = row.form.indicators().find(|o| near(&row, o))?;
    let by: i64 = (row.points()?.number()? * rust_decimal::Decimal::from(100))
        .try_into()
        .ok()?;
    for stated in [other.points()?, other.score()?] {
        let more = plus(&stated.text, by)?;
        draft.write(stated.origin, &more)?;
    }
    draft.put(row.points()?, "0")?;
    draft.put(row.score()?, "0")
}

fn negative_points(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row(draft, full)?;
    let text = format!("-{}", row.points()?.text);
    draft.put(row.points()?, &text)
}

fn later(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let year = draft.subject.filing.year?;
    let row = row_alone(draft, |i| {
        i.target()
            .is_some_and(|s| matches!(s.value.kind, ValueKind::Date(_)))
    })?;
    let text = row
        .target()?
        .text
        .replacen(&year.to_string(), &(year + 2).to_string(), 1);
    draft.put(row.target()?, &text)
}

/// A value of an indicator that stands in both forms is changed in one.
fn shared(draft: &mut Draft<'_>, column: &str) -> Option<()> {
    let projects = draft.subject.filing.of("project");
    let names: Vec<&str> = projects
        .flat_map(Form::indicators)
        .filter_map(|i| i.name().map(|s| s.text.as_str()))
        .collect();
    // Far from the threshold above which reaching more would have to be explained.
    let near = |i: &Indicator<'_>| {
        let number = |s: Option<&Stated>| s.and_then(Stated::number);
        number(i.actual())
            .zip(number(i.target()))
            .is_some_and(|(a, t)| t > 8.into() && a < t * rust_decimal::Decimal::new(125, 2))
    };
    let row = row_of(draft, &["department"], |i| {
        counted(i)
            && full(i)
            && (column != "target" || near(i))
            && i.name().is_some_and(|s| names.contains(&s.text.as_str()))
    })?;
    let stated = row.form.cell("indicators", row.row, column)?;
    let by = if column == "target" { -100 } else { 200 };
    draft.add(stated, by)
}

fn goal_text(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let row = row_of(draft, &["project"], |i| counted(i) && full(i))?;
    let goal = row.form.get("goal_actual")?;
    let said = format!("{}{}", row.name()?.text, row.actual()?.text);
    let new = plus(&row.actual()?.text, 300)?;
    draft.replace_in(goal, &said, &format!("{}{new}", row.name()?.text))?;
    draft.spots.push(goal.origin);
    Some(())
}

fn cumulative(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let stated = draft.form("project")?.get("goal_actual")?;
    let text = format!("自项目实施以来，{}", stated.text);
    draft.put(stated, &text)
}

fn plans(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let stated = draft.form("project")?.get("goal_actual")?;
    let last = stated.text.lines().last()?;
    let text = format!(
        "加快推进平台建设，持续加强日常监管，强化队伍建设，进一步推进制度建设，继续做好后续管护。\n{last}"
    );
    draft.put(stated, &text)
}

fn blank(draft: &mut Draft<'_>, column: &str) -> Option<()> {
    let row = row_alone(draft, |i| counted(i) && full(i))?;
    let stated = row.form.cell("indicators", row.row, column)?;
    draft.put(stated, "")
}
