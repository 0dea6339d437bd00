//! Results come in; a summary of what was read and recognised goes out.

use super::paint::{Ink, Style};
use crate::place::one_line;
use crate::results::Results;
use std::fmt::Write as _;

/// One line per form, then the report, then what was not recognised, file by file.
pub fn extract(results: &Results<'_>, style: &Style) -> String {
    let mut out = String::new();
    for (index, document) in results.documents.iter().enumerate() {
        let _ = writeln!(
            out,
            "{}  {} 张表格、{} 段、{} 格",
            style.paint(Ink::Bold, &one_line(&document.name)),
            document.tables.len(),
            document.paragraphs.len(),
            document.cell_count()
        );
        for (number, form) in results
            .filing
            .forms
            .iter()
            .enumerate()
            .filter(|(_, f)| f.file as usize == index)
        {
            let values = form
                .values
                .iter()
                .flatten()
                .filter(|s| s.value.is_present())
                .count();
            let rows: usize = form.lists.iter().map(Vec::len).sum();
            let tables: Vec<String> = form.tables.iter().map(|t| format!("表{t}")).collect();
            let _ = writeln!(
                out,
                "  {}  {}  {values} 个值、{rows} 行",
                results.form_title(number),
                style.paint(Ink::Dim, &tables.join("、"))
            );
        }
        let narrative = &results.filing.narrative;
        if let Some((first, last)) = narrative.span.filter(|_| narrative.file as usize == index) {
            let _ = writeln!(
                out,
                "  自评报告  段{first}–{last}  {} 个标题、{} 个数字",
                narrative.sections.len(),
                narrative.facts.len()
            );
        }
        for unknown in results
            .filing
            .unrecognised
            .iter()
            .filter(|u| u.origin.file as usize == index)
        {
            let _ = writeln!(
                out,
                "  没有认出  {}  {}",
                results.position(&unknown.origin),
                one_line(&unknown.why)
            );
        }
        for notice in &document.notices {
            let _ = writeln!(out, "  读入说明  {}", one_line(&notice.message));
        }
    }
    out
}
