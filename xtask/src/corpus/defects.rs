//! Known defects of a truth file and the findings of its document come in; which were found, and which errors nothing bears out, go out.

use jiheng_engine::Evaluation;
use jiheng_model::label::normalise;
use jiheng_model::origin::At;
use jiheng_model::{Finding, Severity};
use serde_json::Value;

/// Catalogue ids under which the defects without one are reported.
const KINDS: &[(&str, &[&str])] = &[
    ("unit_in_money_cell", &["D14"]),
    ("original_budget_blank", &["D26", "D39", "D31"]),
    ("blank_but_scored", &["D26", "D25", "D24", "D52"]),
    ("same_text_three_times", &["D22", "D29", "D30"]),
    ("unit_as_word", &["D14"]),
];

/// What became of the known defects of a document.
#[derive(Default)]
pub struct Defects {
    /// Defects that can be found mechanically.
    pub known: usize,
    /// Found at their row.
    pub found: usize,
    /// Soft ones (a matter of judgement), and how many of them were found.
    pub soft: (usize, usize),
    /// Not found, a line each.
    pub unfound: Vec<String>,
    /// Errors that nothing in the truth bears out, a line each.
    pub unborne: Vec<String>,
}

/// Compares findings with the known defects.
pub fn compare(truth: &Value, evaluation: &Evaluation) -> Defects {
    let mut out = Defects::default();
    let findings = &evaluation.checked.findings;
    let known: Vec<&Value> = ["known_defects", "quirks"]
        .iter()
        .flat_map(|k| truth[*k].as_array().into_iter().flatten())
        .collect();
    let rows: Vec<Vec<String>> = findings.iter().map(|f| rows(evaluation, f)).collect();
    for defect in truth["known_defects"].as_array().into_iter().flatten() {
        let at_row = findings
            .iter()
            .zip(&rows)
            .any(|(f, rows)| of_kind(defect, f) && stands_at(defect, rows));
        if defect["soft"].as_bool() == Some(true) {
            out.soft.0 += 1;
            out.soft.1 += usize::from(at_row);
            continue;
        }
        out.known += 1;
        if at_row {
            out.found += 1;
            continue;
        }
        let elsewhere: Vec<&str> = findings
            .iter()
            .zip(&rows)
            .filter(|(f, rows)| of_kind(defect, f) || stands_at(defect, rows))
            .map(|(f, _)| f.code.as_str())
            .collect();
        out.unfound.push(format!(
            "{} {} @ {}: {} [near: {}]",
            defect["catalogue"].as_str().unwrap_or("—"),
            defect["kind"].as_str().unwrap_or(""),
            defect["where"].as_str().unwrap_or(""),
            defect["why"].as_str().unwrap_or(""),
            elsewhere.join(" ")
        ));
    }
    for (finding, rows) in findings.iter().zip(&rows) {
        if finding.severity != Severity::Error || finding.caused_by.is_some() {
            continue;
        }
        let borne = known
            .iter()
            .any(|d| stands_at(d, rows) || of_kind(d, finding) && d["catalogue"].is_string());
        if !borne {
            let place = finding.places.first();
            out.unborne.push(format!(
                "{} {} @ {}",
                finding.code,
                finding.message,
                place.map_or("", |p| p.label.as_str())
            ));
        }
    }
    out
}

fn of_kind(defect: &Value, finding: &Finding) -> bool {
    let covers = |id: &str| finding.covers.iter().any(|c| c == id);
    match defect["catalogue"].as_str() {
        Some(id) => covers(id),
        None => {
            let kind = defect["kind"].as_str().unwrap_or("");
            KINDS
                .iter()
                .find(|(k, _)| *k == kind)
                .is_some_and(|(_, ids)| ids.iter().any(|id| covers(id)))
        }
    }
}

/// Comparable texts of the cells in the rows that a finding points at, and the labels of its places.
fn rows(evaluation: &Evaluation, finding: &Finding) -> Vec<String> {
    let mut out = Vec::new();
    for place in &finding.places {
        out.push(normalise(&place.label));
        let At::Cell { table, row, .. } = place.origin.at else {
            continue;
        };
        let Some(document) = evaluation.documents.get(place.origin.file as usize) else {
            continue;
        };
        let Some(table) = document.table(table) else {
            continue;
        };
        for cell in &table.cells {
            if cell.row <= row && row < cell.row + cell.row_span {
                out.push(normalise(document.cell_text(cell)));
            }
        }
    }
    out
}

fn stands_at(defect: &Value, rows: &[String]) -> bool {
    let at = normalise(defect["where"].as_str().unwrap_or(""));
    // "年度资金总额 / original_budget", "数量指标 / ……": the first part names the row, unless it is only a level.
    let parts: Vec<&str> = at.split('/').filter(|p| !p.is_empty()).collect();
    let all = at.contains("……") || at.contains("指标2");
    let has = |part: &&str| {
        let bare = part.rsplit("其中:").next().unwrap_or(part);
        rows.iter().any(|r| r.contains(bare))
    };
    if all {
        parts.iter().all(has)
    } else {
        parts.iter().any(has)
    }
}
