//! Results come in; the score sheet (填报得分 beside 复算得分) goes out.

use super::paint::{Ink, Style};
use crate::place::{one_line, shorten};
use crate::results::Results;
use crate::width::{pad, pad_left, width};
use jiheng_model::scorecard::{Computed, FormScore, IndicatorScore};
use jiheng_model::{Decimal, Form, Severity};
use std::fmt::Write as _;

/// One row of the sheet: name, 分值, 填报, 复算, remark.
struct Line {
    name: String,
    points: String,
    stated: String,
    computed: String,
    remark: String,
    differs: bool,
}

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
        sheet(&mut out, &lines(form, score), style);
        let rating = score.rating.as_deref().unwrap_or("不能评定");
        let _ = writeln!(out, "  等次（按复算总分）  {rating}\n");
    }
    if results.scorecard.forms.is_empty() {
        out.push_str("没有读到带得分的表，没有可复算的得分。\n");
    }
    out
}

fn lines(form: &Form, score: &FormScore) -> Vec<Line> {
    let text = |path: &str| form.text(path).map(one_line).unwrap_or_default();
    let mut lines = vec![
        Line {
            name: "预算执行率".into(),
            points: String::new(),
            stated: text("funds.total.execution_rate"),
            computed: shown(&score.execution_rate),
            remark: String::new(),
            differs: differs(
                form.number("funds.total.execution_rate"),
                &score.execution_rate,
            ),
        },
        Line {
            name: "预算执行率得分".into(),
            points: text("funds.total.points"),
            stated: text("funds.total.score"),
            computed: shown(&score.execution_points),
            remark: String::new(),
            differs: differs(form.number("funds.total.score"), &score.execution_points),
        },
    ];
    lines.extend(score.indicators.iter().filter_map(|i| indicator(form, i)));
    lines.push(Line {
        name: "总分".into(),
        points: text("total_points"),
        stated: text("total_score"),
        computed: shown(&score.total),
        remark: String::new(),
        differs: differs(form.number("total_score"), &score.total),
    });
    lines
}

fn indicator(form: &Form, score: &IndicatorScore) -> Option<Line> {
    let row = form.rows("indicators").get(score.row)?;
    let cell = |column: &str| {
        form.cell("indicators", row, column)
            .filter(|s| s.value.is_present())
    };
    let text = |column: &str| cell(column).map(|s| one_line(&s.text)).unwrap_or_default();
    let computed = match (score.band, score.score.value) {
        (Some((low, high)), None) => format!("{}–{}", low.normalize(), high.normalize()),
        _ => shown(&score.score),
    };
    if text("points").is_empty() && text("score").is_empty() {
        return None;
    }
    Some(Line {
        name: shorten(&text("name"), 20),
        points: text("points"),
        stated: text("score"),
        remark: if computed.is_empty() {
            format!("未核：{}", one_line(&score.why))
        } else {
            String::new()
        },
        differs: differs(cell("score").and_then(|s| s.number()), &score.score),
        computed,
    })
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

fn differs(stated: Option<Decimal>, computed: &Computed) -> bool {
    match (stated, computed.shown()) {
        (Some(stated), Some(computed)) => stated != computed,
        _ => false,
    }
}

/// The number as shown with its percent sign; empty when it cannot be computed.
pub fn shown(computed: &Computed) -> String {
    let Some(value) = computed.shown() else {
        return String::new();
    };
    match computed.unit.as_ref().map(|u| &*u.symbol) {
        Some("%") => format!("{value}%"),
        _ => value.to_string(),
    }
}
