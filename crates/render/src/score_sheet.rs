//! The computed scores of a form come in; the rows of its score sheet go out: 分值, 填报, 复算.

use crate::place::one_line;
use jiheng_model::scorecard::{Computed, FormScore, IndicatorScore};
use jiheng_model::{Decimal, Form};

/// One row of the sheet: name, 分值, 填报, 复算, remark.
pub struct Line {
    /// What is scored.
    pub name: String,
    /// 分值 as printed.
    pub points: String,
    /// 填报 as printed.
    pub stated: String,
    /// 复算; empty when it cannot be computed.
    pub computed: String,
    /// Why it cannot be computed.
    pub remark: String,
    /// 填报 and 复算 are both numbers and differ.
    pub differs: bool,
}

/// 执行率 and its score, every indicator with points, the total.
pub fn lines(form: &Form, score: &FormScore) -> Vec<Line> {
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
        name: text("name"),
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
