//! The printed name of an indicator comes in; the words that name the measure, and whether they name one, go out.

use super::vocabulary::Vocabulary;
use jiheng_model::{ValueKind, parse};
use std::sync::Arc;

/// What a word says of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// At the beginning: it is a task.
    Task,
    /// At the end: it is a measure all the same.
    Measure,
}

/// What is printed as a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// The name of something that can be measured, as far as words tell.
    #[default]
    Measure,
    /// A date.
    Date,
    /// A whole sentence.
    Sentence,
    /// A task; the verb that says so.
    Task(Arc<str>),
}

/// What sort of name is printed; `name` is on one line.
pub fn naming(vocabulary: &Vocabulary, name: &str) -> Naming {
    if matches!(parse::parse(name).kind, ValueKind::Date(_)) {
        return Naming::Date;
    }
    let long = |most| name.chars().count() > most;
    if name.contains(['。', '；']) || vocabulary.longest_name.is_some_and(long) {
        return Naming::Sentence;
    }
    let names = &vocabulary.names;
    let task = names
        .opening(name)
        .filter(|f| f.senses.contains(&Says::Task));
    let Some(task) = task else {
        return Naming::Measure;
    };
    match names
        .endings(name)
        .any(|f| f.senses.contains(&Says::Measure))
    {
        true => Naming::Measure,
        false => Naming::Task(task.word.clone()),
    }
}

/// The name without marks (★, "其中：", "指标1："), numbers and what stands in brackets at its end.
pub fn bare(name: &str) -> &str {
    let mut name = name;
    loop {
        let before = name;
        name = name.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '★' | '☆' | '▲' | '●' | '·' | '.' | '、' | '-')
        });
        if let Some((first, rest)) = name.split_once([':', '：']) {
            let short = first.chars().count() <= SHORT_MARK;
            if short && !rest.is_empty() {
                name = rest;
            }
        }
        let bracket = name.rfind(['(', '（']).filter(|open| *open > 0);
        if let Some(open) = bracket.filter(|_| name.ends_with([')', '）'])) {
            name = &name[..open];
        }
        name = name.trim_end_matches(['。', '；', ';', '，', ',']);
        if name == before {
            return name;
        }
    }
}

/// "指标1", "其中", "其一": a mark before a colon is no longer than this.
const SHORT_MARK: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_units_are_no_part_of_a_name() {
        assert_eq!(bare("★新建渠道长度(≥公里)"), "新建渠道长度");
        assert_eq!(bare("其中:旱改水面积（≥亩）"), "旱改水面积");
        assert_eq!(bare("指标1:造林面积"), "造林面积");
        assert_eq!(bare("2.急救病历合格率(10分)"), "急救病历合格率");
        assert_eq!(bare("(一)"), "(一)");
        assert_eq!(bare(""), "");
    }

    #[test]
    fn a_date_a_sentence_and_a_task_are_told_from_a_measure() {
        let vocabulary = crate::rulebook::Shelf::embedded().rulebooks["cn/mof/2020"].vocabulary();
        let judged = |name| naming(vocabulary, name);
        assert_eq!(judged("2023年底"), Naming::Date);
        assert_eq!(judged("持续优化营商环境。"), Naming::Sentence);
        assert_eq!(judged("全面落实田长制"), Naming::Task("全面落实".into()));
        assert_eq!(judged("完成造林面积"), Naming::Measure);
        assert_eq!(judged("工程验收合格率"), Naming::Measure);
    }
}
