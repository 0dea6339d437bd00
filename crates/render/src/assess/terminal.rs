//! The assessment comes in; text for a terminal goes out, item by item with its reasons and places.

use super::{decided, given, points};
use crate::place::one_line;
use crate::results::Results;
use crate::terminal::{Ink, Style};
use crate::width::{pad, pad_left, wrap};
use jiheng_model::Assessment;
use std::fmt::Write as _;

/// Places listed under an item.
const PLACES: usize = 3;

/// The sheet.
pub fn terminal(assessment: &Assessment, results: &Results<'_>, style: &Style) -> String {
    let mut out = String::new();
    let mut title = assessment.title.clone();
    if let Some(year) = assessment.year {
        title = format!("{year}年度{title}");
    }
    let _ = writeln!(out, "{}", style.paint(Ink::Bold, &title));
    if let Some(unit) = &assessment.unit {
        let _ = writeln!(out, "  {}", one_line(unit));
    }
    out.push('\n');
    let columns = style.columns.saturating_sub(4).max(30);
    for item in &assessment.items {
        let _ = writeln!(
            out,
            "  {}  {} / {}  {}",
            style.paint(Ink::Bold, &pad(&item.name, 14)),
            pad_left(&given(item), 14),
            pad_left(&points(item.max), 3),
            style.paint(Ink::Dim, decided(item))
        );
        for part in &item.parts {
            for line in wrap(&one_line(&part.why), columns) {
                let _ = writeln!(out, "    {line}");
            }
        }
        let places: Vec<_> = item.places().collect();
        for place in places.iter().take(PLACES) {
            let line = format!(
                "· {}  ({})",
                results.place_name(place),
                results.position(&place.origin)
            );
            let _ = writeln!(out, "    {}", style.paint(Ink::Dim, &line));
        }
        if places.len() > PLACES {
            let more = format!("· 还有 {} 处", places.len() - PLACES);
            let _ = writeln!(out, "    {}", style.paint(Ink::Dim, &more));
        }
    }
    let total = assessment.total();
    let _ = writeln!(
        out,
        "\n  合计满分 {}，程序已算 {}，{}",
        points(total.max),
        points(total.decided),
        match total.score {
            Some(score) => format!("得分 {}", points(score)),
            None => format!(
                "其余由考核人评定或补材料，总分在 {}–{} 之间",
                points(total.range.0),
                points(total.range.1)
            ),
        }
    );
    out
}
