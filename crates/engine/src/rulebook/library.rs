//! The `[[indicator]]` tables of a rulebook come in; the library of measurable indicators, by kind of project, goes out.
//!
//! An entry is offered to people who begin a year: what is measured, in which unit, how, and what
//! proves it. The kinds of project and the words by which a project is known are the parameter
//! `project_kinds`; entries that fit every project name the kind [`ANY`].

use super::Rulebook;
use super::layer::Item;
use super::problem::Problem;
use super::table::Table;
use crate::words::kind::{Kind, Target, kind};
use crate::words::measure::measure;
use crate::words::name::{Naming, bare, naming};
use jiheng_model::{label, parse};
use std::sync::Arc;

/// The kind of project of entries that fit every project.
pub const ANY: &str = "通用";

/// An indicator of the library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its label in the rulebook ("works.acceptance").
    pub code: String,
    /// Kinds of project it fits ("农田水利").
    pub kinds: Vec<String>,
    /// 一级指标 as printed in forms ("产出指标").
    pub dimension: String,
    /// 二级指标 as printed in forms ("数量指标").
    pub criterion: String,
    /// 三级指标.
    pub name: String,
    /// 指标性质: ≥, ≤, =.
    pub operator: String,
    /// 计量单位.
    pub unit: String,
    /// The usual value, when a source names one; else empty, and the unit sets it.
    pub value: String,
    /// How it is measured.
    pub measure: String,
    /// What proves it.
    pub evidence: String,
    /// Keys of its bases.
    pub basis: Vec<String>,
}

impl Entry {
    /// The target as it is printed in a form; without a usual value a gap stands for it ("≥＿公顷").
    pub fn target(&self) -> String {
        let value = if self.value.is_empty() {
            "＿"
        } else {
            &self.value
        };
        format!("{}{value}{}", self.operator, self.unit)
    }
}

/// Reads the indicators of a file.
pub fn read(root: &Table<'_>, problems: &mut Vec<Problem>) -> Vec<Item<Arc<Entry>>> {
    let mut items = Vec::new();
    for table in root.array("indicator", problems) {
        table.only(
            &[
                "code",
                "kinds",
                "dimension",
                "criterion",
                "name",
                "operator",
                "unit",
                "value",
                "measure",
                "evidence",
                "basis",
                "overrides",
                "about",
            ],
            problems,
        );
        let code = table.required("code", problems);
        let basis = table.strings("basis", problems).unwrap_or_default();
        let kinds = table.strings("kinds", problems).unwrap_or_default();
        let mut need = |key: &str| table.required(key, problems).text;
        let value = Entry {
            code: code.text.clone(),
            kinds: kinds.into_iter().map(|k| k.text).collect(),
            dimension: need("dimension"),
            criterion: need("criterion"),
            name: need("name"),
            operator: need("operator"),
            unit: need("unit"),
            measure: need("measure"),
            evidence: need("evidence"),
            value: table
                .strings("value", problems)
                .map_or_else(String::new, |v| {
                    v.into_iter().map(|p| p.text).collect::<String>()
                }),
            basis: basis.iter().map(|b| b.text.clone()).collect(),
        };
        items.push(Item {
            label: code.text,
            value: Arc::new(value),
            at: code.at,
            overrides: table.string("overrides", problems),
            basis,
            parts: Vec::new(),
        });
    }
    items
}

/// What is wrong with an entry, as the rest of a sentence; nothing when it can be offered.
pub(super) fn fault(entry: &Entry, rulebook: &Rulebook) -> Option<String> {
    let kinds = rulebook.dictionary("project_kinds");
    let known = |k: &String| k == ANY || kinds.is_some_and(|d| d.contains_key(k));
    if entry.kinds.is_empty() {
        return Some("没有写 kinds（项目类型）".into());
    }
    if let Some(unknown) = entry.kinds.iter().find(|k| !known(k)) {
        return Some(format!("的项目类型“{unknown}”不在 project_kinds 里"));
    }
    let vocabulary = rulebook.vocabulary();
    let name = label::normalise(&entry.name);
    if naming(vocabulary, &name) != Naming::Measure {
        return Some(format!("的名称“{}”不是衡量的名称", entry.name));
    }
    // A number stands for the value that the unit will set.
    let text = match entry.value.is_empty() {
        true => format!("{}1{}", entry.operator, entry.unit),
        false => entry.target(),
    };
    let parsed = parse::parse(&text);
    let target = Target {
        text: &text,
        value: &parsed,
    };
    if parsed.number().is_none() || measure(vocabulary, &name, &target).measurable() != Some(true) {
        return Some(format!("的指标值“{text}”不能衡量"));
    }
    let criterion = rulebook
        .key_in("criteria", &entry.criterion)
        .and_then(Kind::of_criterion);
    let Some(criterion) = criterion else {
        return Some(format!("的二级指标“{}”不在 criteria 里", entry.criterion));
    };
    let judged = kind(vocabulary, bare(&name), Some(&target));
    let other = judged.kind.filter(|own| *own != criterion && judged.sure);
    other.map(|own| {
        format!(
            "写在{}指标下，{}说的是{}",
            criterion.chinese(),
            judged.because(),
            own.chinese()
        )
    })
}

impl Rulebook {
    /// The kinds of project that a name's words speak of, the most words first.
    pub fn project_kinds(&self, name: &str) -> Vec<&str> {
        let name = label::normalise(name);
        let mut kinds: Vec<(usize, &str)> = Vec::new();
        for (kind, words) in self.dictionary("project_kinds").into_iter().flatten() {
            let said = words.iter().filter(|w| name.contains(w.as_str()));
            let weight: usize = said.map(|w| w.chars().count()).sum();
            if weight > 0 {
                kinds.push((weight, kind));
            }
        }
        kinds.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        kinds.into_iter().map(|(_, kind)| kind).collect()
    }

    /// The entries of the library for a kind of project; those for every project are not among them.
    pub fn indicators_for<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Entry> {
        let library = self.library.iter();
        library
            .map(|e| &**e)
            .filter(move |e| e.kinds.iter().any(|k| k == kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    #[test]
    fn a_project_is_known_by_its_words_and_offered_what_its_kind_is_measured_by() {
        let rulebook = &Shelf::embedded().rulebooks["cn/hunan/yueyang/2023"];
        assert_eq!(rulebook.project_kinds("高标准农田建设")[0], "农田水利");
        assert_eq!(rulebook.project_kinds("业务培训")[0], "会议培训");
        assert!(rulebook.project_kinds("甲乙丙").is_empty());
        let names: Vec<&str> = rulebook
            .indicators_for("会议培训")
            .map(|e| e.name.as_str())
            .collect();
        assert!(names.contains(&"培训人数") && !names.contains(&"修复面积"));
    }

    #[test]
    fn every_kind_of_project_has_outputs_effects_or_both_and_all_of_them_are_offered() {
        let rulebook = &Shelf::embedded().rulebooks["cn/mof/2020"];
        for kind in rulebook.dictionary("project_kinds").unwrap().keys() {
            let entries = rulebook.indicators_for(kind);
            let criteria: Vec<&str> = entries.map(|e| e.criterion.as_str()).collect();
            assert!(criteria.contains(&"数量指标"), "{kind}");
            assert!(criteria.len() >= 5, "{kind}: {criteria:?}");
        }
    }

    #[test]
    fn what_cannot_be_measured_or_is_of_another_kind_is_not_offered() {
        let rulebook = &Shelf::embedded().rulebooks["cn/mof/2020"];
        let entry = |criterion: &str, name: &str, unit: &str| Entry {
            kinds: vec![ANY.into()],
            criterion: criterion.into(),
            name: name.into(),
            operator: "≥".into(),
            unit: unit.into(),
            ..Entry::default()
        };
        let fault = |e: &Entry| super::fault(e, rulebook);
        assert_eq!(fault(&entry("数量指标", "修复面积", "公顷")), None);
        let wrong = fault(&entry("质量指标", "修复面积", "公顷"));
        assert!(wrong.is_some_and(|w| w.contains("数量")));
        let hollow = fault(&entry("质量指标", "全面落实田长制", "%"));
        assert!(hollow.is_some());
        let unknown = Entry {
            kinds: vec!["没有的类".into()],
            ..entry("数量指标", "修复面积", "公顷")
        };
        assert!(fault(&unknown).is_some_and(|w| w.contains("没有的类")));
    }
}
