//! Results come in; the score sheet (填报得分 beside 复算得分) goes out.

use super::paint::{Ink, Style};
use crate::place::shorten;
use crate::results::Results;
use crate::score_sheet::{Line, lines};
use crate::width::{pad, pad_left, width};
use jiheng_model::Severity;
use std::fmt::Write as _;

/// Characters of a name on the sheet; the forms show all of it.
const NAME: usize = 20;

/// The score sheet of every form that carries scores.
pub fn score(results: &Results<'_>, style: &Style) -> String {
    let mut out = String::new();
    for score in &results.scorecard.forms {
        let Some(form) = results.filing.forms.get(score.form) else {
            continue;
        };
        let _ = writeln!(
            out,
            "{}",
            style.paint(Ink::Bold, &results.form_title(score.form))
        );
        let mut lines = lines(form, score);
        lines
            .iter_mut()
            .for_each(|l| l.name = shorten(&l.name, NAME));
        sheet(&mut out, &lines, style);
        let rating = score.rating.as_deref().unwrap_or("不能评定");
        let _ = writeln!(out, "  等次（按复算总分）  {rating}\n");
    }
    if results.scorecard.forms.is_empty() {
        out.push_str("没有读到带得分的表，没有可复算的得分。\n");
    }
    out
}

fn sheet(out: &mut String, lines: &[Line], style: &Style) {
    let widest = |f: fn(&Line) -> &str, head: &str| {
        lines
            .iter()
            .map(|l| width(f(l)))
            .chain([width(head)])
            .max()
            .unwrap_or(0)
    };
    let name = widest(|l| &l.name, "项目");
    let points = widest(|l| &l.points, "分值");
    let stated = widest(|l| &l.stated, "填报");
    let computed = widest(|l| &l.computed, "复算");
    let row = |a: &str, b: &str, c: &str, d: &str| {
        format!(
            "  {}  {}  {}  {}",
            pad(a, name),
            pad_left(b, points),
            pad_left(c, stated),
            pad_left(d, computed)
        )
    };
    let _ = writeln!(
        out,
        "{}",
        style.paint(Ink::Dim, &row("项目", "分值", "填报", "复算"))
    );
    for line in lines {
        let text = row(&line.name, &line.points, &line.stated, &line.computed);
        let text = if line.differs {
            style.paint(Ink::Mark(Severity::Error), &format!("{text}  ≠"))
        } else {
            text
        };
        match line.remark.is_empty() {
            true => {
                let _ = writeln!(out, "{}", text.trim_end());
            }
            false => {
                let _ = writeln!(out, "{text}  {}", style.paint(Ink::Dim, &line.remark));
            }
        }
    }
}
