//! Results come in; the sheets 填报 beside 复算 go out.

use crate::results::Results;
use crate::score_sheet::{Line, lines};

/// A score sheet.
pub struct ScoreSheet {
    pub title: String,
    pub rows: Vec<Line>,
}

/// One sheet per form that carries scores.
pub fn scores(results: &Results<'_>) -> Vec<ScoreSheet> {
    results
        .scorecard
        .forms
        .iter()
        .filter_map(|score| {
            let form = results.filing.forms.get(score.form)?;
            Some(ScoreSheet {
                title: results.form_title(score.form),
                rows: lines(form, score),
            })
        })
        .collect()
}
