//! I107 `wrong-level`, I108 `name-is-no-indicator`: names and levels come in; what stands under the wrong level or is no name of a measure goes out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use crate::words::{Kind, KindOf, Naming};
use jiheng_model::form::Indicator;
use jiheng_model::{Dimension, Severity, ValueKind, label};

/// 三级 under a 二级 it does not fit.
pub static LEVEL: Rule = Rule {
    code: "I107",
    slug: "wrong-level",
    title: "三级指标放错了二级指标",
    severity: Severity::Warning,
    covers: &["D18"],
    basis: &["indicators-wrong-level"],
    what: "数量指标下是金额、日期或“及时”，质量指标下是及时率，时效指标下是金额等。",
    why: "二级指标说明考核什么；放错了，该考核的一类就没有指标。",
    advice: "移到相符的二级指标下",
    fix: None,
    run: level,
};

/// A name that names no measure.
pub static NAME: Rule = Rule {
    code: "I108",
    slug: "name-is-no-indicator",
    title: "三级指标的名称不是指标",
    severity: Severity::Warning,
    covers: &["D19"],
    basis: &["mof-2020-10-art14-measurable", "indicators-name"],
    what: "三级指标的名称是日期、整句话或一项任务，没有说出衡量什么。",
    why: "指标内涵应当明确、具体、可衡量。",
    advice: "改为衡量的对象，如“规划编制完成时间”“宣传活动场次”；任务写在绩效目标里",
    fix: None,
    run: name,
};

fn level(case: &Case<'_>, report: &mut Report<'_>) {
    let misplaced = case.rulebook.dictionary("misplaced");
    for scored in scored::forms(case) {
        let mut places = Vec::new();
        let mut reasons = Vec::new();
        for (row, judged) in scored.judged() {
            let Some(level) = row.criterion() else {
                continue;
            };
            let Some(criterion) = judged.criterion.as_deref() else {
                continue;
            };
            report.checked();
            let unfit = misplaced
                .and_then(|m| m.get(criterion))
                .map_or(&[][..], Vec::as_slice);
            let why = foreign(criterion, unfit, &judged.kind).or_else(|| misfit(criterion, &row));
            if let Some(why) = why {
                places.push(case.indicator_place(scored.index, &row, "name"));
                let under = label::normalise(&level.text);
                reasons.push(format!("“{}”在{under}下，{why}", judged.name));
            }
        }
        let message = match reasons.as_slice() {
            [one] => format!("三级指标放错了二级指标：{one}"),
            more => format!(
                "{} 个三级指标放错了二级指标：{}",
                more.len(),
                more.join("；")
            ),
        };
        report.together(Severity::Warning, message, places);
    }
}

/// What the name says, when that is surely a kind that does not belong under the level and no word of it speaks for the level.
fn foreign(criterion: &str, unfit: &[String], judged: &KindOf) -> Option<String> {
    let kind = judged.kind.filter(|_| judged.sure)?;
    if !unfit.iter().any(|key| key == kind.key()) {
        return None;
    }
    let own = Kind::of_criterion(criterion)?;
    judged.hint(own).is_none().then(|| {
        let word = judged.because();
        format!("{word}说的是{}", kind.chinese())
    })
}

/// What a target is that its level cannot have.
fn misfit(criterion: &str, row: &Indicator<'_>) -> Option<String> {
    let target = row.target()?;
    let dimension = target.value.unit.as_ref().map(|u| u.dimension);
    let what = match (criterion, &target.value.kind) {
        ("quantity" | "quality" | "cost" | "satisfaction", ValueKind::Date(_)) => "日期",
        ("quantity" | "quality", _) if dimension == Some(Dimension::Money) => "金额",
        ("timeliness", _) if dimension == Some(Dimension::Money) => "金额，不是时间",
        ("timeliness", _) if dimension == Some(Dimension::Area) => "面积，不是时间",
        _ => return None,
    };
    Some(format!("指标值“{}”是{what}", target.text))
}

fn name(case: &Case<'_>, report: &mut Report<'_>) {
    let times = case.rulebook.words("time_words");
    for scored in scored::forms(case) {
        let mut sentences = Vec::new();
        let mut tasks = Vec::new();
        for (row, judged) in scored.judged() {
            report.checked();
            let name = judged.name.as_str();
            let place = || case.indicator_place(scored.index, &row, "name");
            match &judged.naming {
                _ if only_time(times, name) => {
                    report.find(format!("三级指标的名称是日期：{name}"), place());
                }
                Naming::Measure => {}
                Naming::Date => {
                    report.find(format!("三级指标的名称是日期：{name}"), place());
                }
                Naming::Sentence => sentences.push((name, place())),
                Naming::Task(_) => tasks.push((name, place())),
            }
        }
        let say = |what: &str, found: &[(&str, jiheng_model::Place)]| {
            let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
            format!(
                "{} 个三级指标的名称是{what}：{}",
                found.len(),
                names.join("；")
            )
        };
        let message = say("整句话", &sentences);
        report.together(
            Severity::Warning,
            message,
            sentences.into_iter().map(|(_, p)| p).collect(),
        );
        let message = say("任务", &tasks);
        report.together(
            Severity::Hint,
            message,
            tasks.into_iter().map(|(_, p)| p).collect(),
        );
    }
}

/// Nothing but digits and words of time: "12月底前完成", "第四季度".
fn only_time(words: &[String], name: &str) -> bool {
    // What stands first can only go with a word that begins with it.
    if let Some(first) = name.chars().find(|c| !c.is_ascii_digit())
        && !words.iter().any(|word| word.starts_with(first))
    {
        return false;
    }
    let mut rest: String = name.chars().filter(|c| !c.is_ascii_digit()).collect();
    for word in words {
        rest = rest.replace(word.as_str(), "");
    }
    !words.is_empty() && !name.is_empty() && rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::changed;

    #[test]
    fn money_and_dates_are_no_quantities_and_punctuality_is_no_quality() {
        let said = changed(&[("1.target", "≥500万元")]).run(&LEVEL);
        assert_eq!(
            said.messages(),
            ["三级指标放错了二级指标：“改造农村危房户数”在数量指标下，指标值“≥500万元”是金额"]
        );
        let said = changed(&[
            ("1.criterion", "质量指标"),
            ("1.name", "信访及时办结率"),
            ("1.target", "100%"),
        ])
        .run(&LEVEL);
        assert_eq!(
            said.messages(),
            ["三级指标放错了二级指标：“信访及时办结率”在质量指标下，“及时”说的是时效"]
        );
        assert!(changed(&[]).run(&LEVEL).findings.is_empty());
    }

    #[test]
    fn a_date_a_sentence_and_a_task_are_no_names() {
        let said = changed(&[("1.name", "2023年底")]).run(&NAME);
        assert_eq!(said.messages(), ["三级指标的名称是日期：2023年底"]);
        let said = changed(&[("1.name", "持续优化营商环境。")]).run(&NAME);
        assert_eq!(
            said.messages(),
            ["1 个三级指标的名称是整句话：持续优化营商环境。"]
        );
        let said = changed(&[("1.name", "全面落实田长制")]).run(&NAME);
        assert_eq!(said.findings[0].severity, Severity::Hint);
        assert!(
            changed(&[("1.name", "完成造林面积")])
                .run(&NAME)
                .findings
                .is_empty()
        );
    }
}
