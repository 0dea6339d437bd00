//! Forms that carry scores come in; their indicators, each with what was computed for it, go out for the rules that judge them.

use super::report::Case;
use crate::words::Judged;
use jiheng_model::form::{Form, Indicator};
use jiheng_model::scorecard::IndicatorScore;
use jiheng_model::{Decimal, FormScore, Stated, ValueKind, label};

/// A form with scores.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a> {
    /// Its index in the filing.
    pub index: usize,
    /// What was stated.
    pub form: &'a Form,
    /// What was computed.
    pub scores: &'a FormScore,
    /// What the words of its indicators say, by their number in the form.
    pub judged: &'a [Judged],
}

/// How a stated score agrees with the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Equal, or within the rounding of the printed numbers.
    Equal,
    /// Equal after rounding to fewer digits than scores have.
    Rounded,
    /// More than the policy gives.
    More,
    /// Less than the policy gives.
    Less,
    /// Not computable, or no score is printed.
    Unknown,
}

/// Every form of the filing that carries scores.
pub fn forms<'a>(case: &Case<'a>) -> Vec<Scored<'a>> {
    case.scorecard
        .forms
        .iter()
        .filter_map(|scores| {
            let form = case.filing.forms.get(scores.form)?;
            Some(Scored {
                index: scores.form,
                form,
                scores,
                judged: case.words.form(scores.form, form, case.rulebook),
            })
        })
        .collect()
}

impl<'a> Scored<'a> {
    /// The rows that stand for indicators, with what was computed for them.
    pub fn rows(&self) -> impl Iterator<Item = (Indicator<'a>, &'a IndicatorScore)> + use<'a> {
        self.form
            .indicators()
            .zip(&self.scores.indicators)
            .filter(|(row, _)| !row.is_filler())
    }

    /// The same rows with what their words say.
    pub fn judged(&self) -> impl Iterator<Item = (Indicator<'a>, &'a Judged)> + use<'a> {
        self.form
            .indicators()
            .zip(self.judged)
            .filter(|(row, _)| !row.is_filler())
    }
}

/// The text of a cell that says something: not blank, "—" or "无".
pub fn said(stated: Option<&Stated>) -> Option<&Stated> {
    stated.filter(|s| s.value.is_present() && s.text != "无")
}

/// The name of an indicator on one line; empty when none is printed.
pub fn name(indicator: &Indicator<'_>) -> String {
    indicator
        .name()
        .map(|n| label::normalise(&n.text))
        .unwrap_or_default()
}

/// A printed number that is not whole.
pub fn is_fraction(stated: &Stated) -> bool {
    stated.number().is_some_and(|n| !n.fract().is_zero())
}

/// A target or actual value that is a number or a percentage.
pub fn is_quantity(stated: &Stated) -> bool {
    matches!(
        stated.value.kind,
        ValueKind::Number(_) | ValueKind::Percent(_)
    )
}

/// The first word of a lexicon that occurs in a text.
pub fn found<'w>(words: &'w [String], text: &str) -> Option<&'w str> {
    words.iter().map(String::as_str).find(|w| text.contains(w))
}

/// How the stated score of a row agrees with the computed one.
pub fn agreement(indicator: &Indicator<'_>, score: &IndicatorScore) -> Agreement {
    let Some(stated) = indicator.score().and_then(Stated::number) else {
        return Agreement::Unknown;
    };
    let Some(points) = indicator.points().and_then(Stated::number) else {
        return Agreement::Unknown;
    };
    match (score.score.value, score.band) {
        (Some(computed), band) => {
            let slack = slack(indicator, points);
            let places = score.score.places;
            match compare(stated, computed, points, slack, places) {
                // Exceeded by far: a person may take points back, down to the least the policy leaves.
                Agreement::Less if band.is_some_and(|(least, _)| stated >= least) => {
                    Agreement::Equal
                }
                agreement => agreement,
            }
        }
        (None, Some((low, high))) => {
            // Late work: anything below full points may be right.
            let full = score.policy == "date" && stated >= points && !points.is_zero();
            if full || stated > high {
                Agreement::More
            } else if stated < low {
                Agreement::Less
            } else {
                Agreement::Equal
            }
        }
        (None, None) => Agreement::Unknown,
    }
}

/// How a stated score agrees with a computed one: `slack` is what the rounding of printed inputs may move it.
pub fn compare(
    stated: Decimal,
    computed: Decimal,
    points: Decimal,
    slack: Decimal,
    places: u32,
) -> Agreement {
    let half = |scale: u32| Decimal::new(5, scale.min(26) + 1);
    let gap = match stated.checked_sub(computed) {
        Some(gap) => gap,
        None => return Agreement::Unknown,
    };
    let tolerance = half(places).checked_add(slack).unwrap_or_default();
    // Full points for less than the target are never a matter of rounding, however few digits are printed.
    let full = stated == points
        && computed < points
        && gap > slack
        && gap.round_dp(places) > Decimal::ZERO;
    if gap.abs() <= tolerance && !full {
        Agreement::Equal
    } else if !full
        && stated.scale() < places
        && gap.abs() <= half(stated.scale())
        && !stated.fract().is_zero()
    {
        Agreement::Rounded
    } else if gap > Decimal::ZERO {
        Agreement::More
    } else {
        Agreement::Less
    }
}

/// How far half a unit of the actual value's last printed place moves the score; counts are exact.
fn slack(indicator: &Indicator<'_>, points: Decimal) -> Decimal {
    let (Some(target), Some(actual)) = (indicator.target(), indicator.actual()) else {
        return Decimal::ZERO;
    };
    if !is_fraction(actual) || target.value.unit != actual.value.unit {
        return Decimal::ZERO;
    }
    let moved = || {
        points
            .checked_mul(actual.half_unit()?)?
            .checked_div(target.number()?)
    };
    moved().map_or(Decimal::ZERO, |m| m.abs())
}

/// Hand-made scored forms, for the tests of the rules that judge them.
#[cfg(test)]
pub(crate) mod sheet {
    use crate::check::specimen::Specimen;
    use crate::check::{Checked, check};
    use jiheng_model::finding::Finding;

    /// Columns of the list of indicators.
    pub const COLUMNS: [&str; 10] = [
        "dimension",
        "dimension_points",
        "criterion",
        "name",
        "target",
        "actual",
        "points",
        "score",
        "reason",
        "criterion_points",
    ];

    /// A row: 一级指标, its points, 二级指标, 三级指标, 指标值, 完成值, 分值, 得分, 原因.
    pub type Row<'a> = [&'a str; 9];

    /// Four rows of a faultless form with its funds and totals.
    pub const FAULTLESS: [Row<'static>; 4] = [
        [
            "产出指标",
            "50",
            "数量指标",
            "改造农村危房户数",
            "≥500户",
            "460户",
            "30",
            "27.6",
            "少40户，原因：进场晚18天。2月底前补齐。",
        ],
        [
            "产出指标",
            "50",
            "成本指标",
            "项目总成本",
            "≤160万元",
            "150.5万元",
            "20",
            "20",
            "",
        ],
        [
            "效益指标",
            "30",
            "社会效益指标",
            "住房安全保障率",
            "100%",
            "100%",
            "30",
            "30",
            "",
        ],
        [
            "满意度指标",
            "10",
            "服务对象满意度指标",
            "农户满意度",
            "≥90%",
            "93.71%",
            "10",
            "10",
            "",
        ],
    ];

    /// The funds and totals that go with [`FAULTLESS`].
    pub const FUNDS: [(&str, &str); 10] = [
        ("project_name", "危房改造"),
        ("funds.total.original_budget", "75.40"),
        ("funds.total.final_budget", "95.20"),
        ("funds.total.outturn", "91.19"),
        ("funds.total.points", "10"),
        ("funds.total.execution_rate", "95.79%"),
        ("funds.total.score", "9.58"),
        ("goal_expected", "改造农村危房500户"),
        ("total_points", "100"),
        ("total_score", "97.18"),
    ];

    /// A project form of these funds and rows under the national rulebook, scored.
    pub fn project(funds: &[(&str, &str)], rows: &[Row<'_>]) -> Specimen {
        let specimen = Specimen {
            rulebook: crate::score::tests::rulebook(&["2020"]),
            ..Specimen::default()
        };
        form(specimen, "project", funds, rows)
    }

    /// Adds a scored form.
    pub fn form(
        specimen: Specimen,
        kind: &str,
        funds: &[(&str, &str)],
        rows: &[Row<'_>],
    ) -> Specimen {
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|r| r.iter().copied().chain([""]).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let mut specimen = specimen.form(kind, funds, &[("indicators", &COLUMNS, &rows)]);
        specimen.scorecard = crate::score::score(&specimen.filing, &specimen.rulebook);
        specimen
    }

    /// The faultless form with some cells replaced: ("total_score", "99") or ("2.score", "19"), rows from 1.
    pub fn changed(changes: &[(&str, &str)]) -> Specimen {
        let mut funds = FUNDS;
        let mut rows = FAULTLESS;
        for (at, text) in changes {
            match at.split_once('.') {
                Some((row, column)) if row.parse::<usize>().is_ok() => {
                    let column = COLUMNS.iter().position(|c| *c == column).expect("a column");
                    rows[row.parse::<usize>().expect("a row") - 1][column] = text;
                }
                _ => {
                    funds
                        .iter_mut()
                        .find(|(path, _)| path == at)
                        .expect("a path")
                        .1 = text
                }
            }
        }
        project(&funds, &rows)
    }

    /// Findings of all rules that follow from no other, as (code, field).
    pub fn causes(specimen: &Specimen) -> Vec<(String, String)> {
        let checked: Checked =
            specimen.with(|case| check(case.documents, case.filing, case.scorecard, case.rulebook));
        let field = |f: &Finding| f.places[0].field.clone().unwrap_or_default();
        let scoring = |f: &&Finding| f.code.starts_with("A2") || f.code.starts_with('I');
        checked
            .findings
            .iter()
            .filter(scoring)
            .filter(|f| f.caused_by.is_none())
            .map(|f| (f.code.clone(), field(f)))
            .collect()
    }
}
