//! What the template draws: plain data, every string still unescaped.

use super::cards::Card;
use super::scores::ScoreSheet;
use super::sections::Section;
use super::summary::{Checks, Fix};
use super::{scores, sections, summary};
use crate::place::one_line;
use crate::results::Results;
use jiheng_model::Severity;

/// The whole page.
pub struct Page {
    pub tokens: &'static str,
    pub css: &'static str,
    pub script: &'static str,
    pub title: String,
    pub files: String,
    pub rulebook: String,
    pub rulebook_title: String,
    pub why: String,
    pub read: String,
    pub levels: Vec<Level>,
    pub first: Vec<Fix>,
    pub passed: Checks,
    pub unchecked: Checks,
    pub sections: Vec<Section>,
    pub scores: Vec<ScoreSheet>,
}

/// A level with its count.
pub struct Level {
    pub class: &'static str,
    pub word: &'static str,
    pub count: usize,
}

impl Page {
    /// Everything the template needs.
    pub fn of(results: &Results<'_>) -> Page {
        let counts = results.summary();
        let sections = sections::sections(results);
        let cards: Vec<&Card> = sections.iter().flat_map(|s| &s.cards).collect();
        let report = if results.filing.narrative.exists() {
            "、报告 1 篇"
        } else {
            ""
        };
        let files: Vec<String> = results
            .documents
            .iter()
            .map(|d| one_line(&d.name))
            .collect();
        let levels = [
            (Severity::Error, counts.errors),
            (Severity::Warning, counts.warnings),
            (Severity::Hint, counts.hints),
        ];
        Page {
            tokens: super::TOKENS,
            css: super::STYLE,
            script: super::SCRIPT,
            title: title(results),
            files: files.join("、"),
            rulebook: results.rulebook_label(),
            rulebook_title: results.rulebook.title.to_string(),
            why: one_line(results.rulebook.why),
            read: format!("{} 张表{report}、{} 格", counts.forms, counts.cells),
            levels: levels
                .into_iter()
                .map(|(severity, count)| Level {
                    class: class(severity),
                    word: severity.chinese(),
                    count,
                })
                .collect(),
            first: summary::first(results, &cards),
            passed: summary::passed(results),
            unchecked: summary::unchecked(results),
            scores: scores::scores(results),
            sections,
        }
    }
}

/// E, W or H: the class of a level in the style sheet.
pub fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "E",
        Severity::Warning => "W",
        Severity::Hint => "H",
    }
}

/// "岳阳市自然资源和规划局 2023年度绩效自评材料".
fn title(results: &Results<'_>) -> String {
    let filing = results.filing;
    let unit = filing
        .one("department")
        .and_then(|f| f.text("unit_name"))
        .or_else(|| filing.narrative.unit_name.as_ref().map(|s| s.text.as_str()))
        .or_else(|| {
            filing
                .forms
                .iter()
                .find_map(|f| f.text("unit_name").or_else(|| f.text("implementing_unit")))
        });
    let year = filing.year.map(|y| format!("{y}年度")).unwrap_or_default();
    match unit {
        Some(unit) => format!("{} {year}绩效自评材料", one_line(unit)),
        None if year.is_empty() => "绩效自评材料".into(),
        None => format!("{year}绩效自评材料"),
    }
}
