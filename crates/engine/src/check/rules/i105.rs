//! I105 `vague-target`, I106 `hollow-percentage`: targets come in; those that cannot be measured go out, one finding a form.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use crate::words::Measure;
use jiheng_model::{Severity, ValueKind, label};

/// 明显, 有效, or the name again.
pub static VAGUE: Rule = Rule {
    code: "I105",
    slug: "vague-target",
    title: "指标值不能衡量",
    severity: Severity::Warning,
    covers: &["D11"],
    basis: &["mof-2020-10-art14-measurable", "indicators-vague"],
    what: "年度指标值只有“明显”“有效”“进一步加强”一类的词，或者照抄指标名称或名称中的率，没有数量、标准或等级。",
    why: "指标内涵应当明确、具体、可衡量；这样的指标值无法判断完成了没有。",
    advice: "改为数量、比率或时间；确难量化的，写出好、一般、差的评判标准",
    fix: None,
    run: vague,
};

/// A percentage on something that is no ratio.
pub static HOLLOW: Rule = Rule {
    code: "I106",
    slug: "hollow-percentage",
    title: "百分比没有对应的率",
    severity: Severity::Warning,
    covers: &["D12"],
    basis: &["mof-2020-10-art14-measurable", "indicators-hollow"],
    what: "指标名称不是率、比例或程度，指标值却写百分比，看不出是什么占什么。",
    why: "没有分子和分母的百分比不能复核，完成 100% 也说明不了什么。",
    advice: "写明是哪两个数之比，如“整改完成率”；是任务的，改用数量或时间",
    fix: None,
    run: hollow,
};

fn vague(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let mut places = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        let mut shown: Vec<String> = Vec::new();
        for (row, judged) in scored.judged() {
            let Some(target) = row.target().filter(|_| judged.target != Measure::Blank) else {
                continue;
            };
            report.checked();
            if !matches!(judged.target, Measure::Vague(_) | Measure::Echo) {
                continue;
            }
            places.push(case.indicator_place(scored.index, &row, "target"));
            let because = judged.target.because();
            if !shown.contains(&because) {
                shown.push(because);
            }
            let text = label::normalise(&target.text);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let why = format!("{}{}。", report.rule.why, shown.join("；"));
        let message = match places.len() {
            1 => format!("指标值“{}”不能衡量", texts.join("")),
            n => format!("{n} 个指标值不能衡量：{}", texts.join("、")),
        };
        if let Some(draft) = report.together(Severity::Warning, message, places) {
            draft.why(why);
        }
    }
}

fn hollow(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        let mut places = Vec::new();
        let mut names = Vec::new();
        let mut named = Vec::new();
        for (row, judged) in scored.judged() {
            let hollow = judged.target == Measure::Hollow;
            let Some(target) = row
                .target()
                .filter(|t| hollow || matches!(t.value.kind, ValueKind::Percent(_)))
            else {
                continue;
            };
            report.checked();
            if hollow {
                places.push(case.indicator_place(scored.index, &row, "target"));
                names.push(format!("{} {}", judged.name, target.text));
                named.push(row.name().map(|n| n.origin));
            }
        }
        let message = match names.as_slice() {
            [one] => format!("百分比没有对应的率：{one}"),
            more => format!("{} 个百分比没有对应的率：{}", more.len(), more.join("、")),
        };
        let draft = report.together(Severity::Warning, message, places);
        if let (Some(draft), [Some(only)]) = (draft, &named[..]) {
            // A name that is wrong may hide the ratio.
            draft.input(*only);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{causes, changed};

    #[test]
    fn vague_words_and_a_repeated_name_are_one_warning_with_all_places() {
        let specimen = changed(&[
            ("3.target", "明显"),
            ("3.actual", "明显"),
            ("1.target", "改造农村危房户数"),
        ]);
        let said = specimen.run(&VAGUE);
        assert_eq!(
            said.messages(),
            ["2 个指标值不能衡量：改造农村危房户数、明显"]
        );
        assert_eq!(said.findings[0].places.len(), 2);
    }

    #[test]
    fn a_target_replaced_by_a_vague_word_is_the_only_cause() {
        let specimen = changed(&[("3.target", "明显")]);
        assert_eq!(
            causes(&specimen),
            [("I105".to_string(), "indicators[3].target".to_string())]
        );
    }

    #[test]
    fn grades_and_words_with_numbers_are_measurable() {
        for target in ["合格", "一级", "提高5个名次", "提升至Ⅲ类", "及时"] {
            assert!(
                changed(&[("3.target", target)])
                    .run(&VAGUE)
                    .findings
                    .is_empty(),
                "{target}"
            );
        }
    }

    #[test]
    fn a_percentage_needs_a_ratio_in_its_name() {
        let said = changed(&[("3.name", "建设项目适应未来需求")]).run(&HOLLOW);
        assert_eq!(
            said.messages(),
            ["百分比没有对应的率：建设项目适应未来需求 100%"]
        );
        assert!(changed(&[]).run(&HOLLOW).findings.is_empty());
    }
}
