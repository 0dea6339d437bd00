//! Any value of a form, and any number of the report, is mistyped in one of the ways in which people mistype.
//!
//! Where and how is drawn: another cell, another sentence, another digit in each package.

use super::{Kind, kind};
use crate::draft::Draft;
use crate::slips::slip;
use jiheng_model::Severity::Error;
use jiheng_model::narrative::Fact;
use jiheng_model::origin::At;
use jiheng_model::{FactRole, Form, Origin, Stated};

/// Any rule may find it, as long as it does so there and as an error.
const ANY: &[&str] = &[];

#[rustfmt::skip]
pub(super) const KINDS: &[Kind] = &[
    kind("I01-any-mistyped", &["I-01", "D28"], "附件1 三公经费任一格错一个数字", ANY, Error, "three_publics", baseline_cells),
    kind("I02-any-mistyped", &["I-02", "I-09", "D28"], "附件1 项目支出任一格错一个数字", ANY, Error, "", project_rows),
    kind("I04-any-mistyped", &["I-04"], "附件1 人员任一格错一个数字", ANY, Error, "staff", baseline_cells),
    kind("I06-any-mistyped", &["I-06", "D28", "D29"], "附件2 资金任一格错一个数字", ANY, Error, "department", funds),
    kind("I09-any-mistyped", &["I-09", "D28"], "附件3 资金任一格错一个数字", ANY, Error, "project", funds),
    kind("D03-any-score-mistyped", &["D03", "D05", "I-13"], "任一指标的得分错一个数字", ANY, Error, "score", column),
    kind("I12-any-points-mistyped", &["I-12", "D24"], "任一指标的分值错一个数字", ANY, Error, "points", column),
    kind("D03-any-total-mistyped", &["D03"], "任一张表的总分错一个数字", ANY, Error, "", totals),
    kind("D30-any-amount-mistyped", &["D30", "D31", "I-14"], "报告：任一个金额错一个数字", ANY, Error, "amount", said),
    kind("D33-any-rate-mistyped", &["D33", "I-14"], "报告：任一个比率错一个数字", ANY, Error, "rate", said),
    kind("D35-any-change-mistyped", &["D35", "D33"], "报告：任一个增减数错一个数字", ANY, Error, "change", said),
    kind("D51-any-count-mistyped", &["D51", "D30"], "报告：任一个个数错一个数字", ANY, Error, "count", said),
    kind("I13-any-score-mistyped", &["I-13", "D30"], "报告：任一个得分错一个数字", ANY, Error, "score", said),
    kind("I24-any-goal-mistyped", &["I-24", "D30"], "任一张表的目标文字中一个指标的数错一个数字", ANY, Error, "", goal),
];

/// Mistypes one of these values.
fn one_of(draft: &mut Draft<'_>, mut cells: Vec<&Stated>) -> Option<()> {
    cells.retain(|s| s.number().is_some_and(|n| !n.is_zero()));
    let stated = *(!cells.is_empty()).then(|| draft.dice.pick(&cells))?;
    let text = slip(&stated.text, &mut draft.dice)?;
    draft.put(stated, &text)
}

fn baseline_cells(draft: &mut Draft<'_>, about: &str) -> Option<()> {
    let form = draft.form("baseline")?;
    let paths: &[&str] = match about {
        "staff" => &[
            "staff.authorized_posts",
            "staff.in_post",
            "staff.control_rate",
        ],
        _ => &[
            "three_publics",
            "three_publics.vehicles",
            "three_publics.vehicles.purchase",
            "three_publics.vehicles.operation",
            "three_publics.abroad",
            "three_publics.reception",
        ],
    };
    let columns: &[&str] = match about {
        "staff" => &[""],
        _ => &[".prior_outturn", ".budget", ".outturn"],
    };
    let cells = paths.iter().flat_map(|p| {
        columns
            .iter()
            .filter_map(move |c| form.get(&format!("{p}{c}")))
    });
    one_of(draft, cells.collect())
}

/// Rows and totals of this year: rows of the prior year may leave out what has ended.
fn project_rows(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let form = draft.form("baseline")?;
    let rows = form.rows("projects").iter();
    let cells = rows.flat_map(|row| {
        ["budget", "outturn"]
            .into_iter()
            .filter_map(|c| form.cell("projects", row, c))
    });
    let totals = ["projects.budget", "projects.outturn"];
    let cells = cells.chain(totals.into_iter().filter_map(|p| form.get(p)));
    one_of(draft, cells.collect())
}

fn funds(draft: &mut Draft<'_>, kind: &str) -> Option<()> {
    let form = draft.form(kind)?;
    let rows: &[&str] = match kind {
        "department" => &[
            "total",
            "by_source",
            "general_public",
            "government_fund",
            "special_account",
            "other",
            "by_nature",
            "basic",
            "project",
        ],
        _ => &["total", "appropriation", "carry_over", "other"],
    };
    let cells = rows.iter().flat_map(|row| {
        [
            "original_budget",
            "final_budget",
            "outturn",
            "execution_rate",
            "score",
        ]
        .into_iter()
        .filter_map(move |c| form.get(&format!("funds.{row}.{c}")))
    });
    one_of(draft, cells.collect())
}

fn scored<'a>(draft: &mut Draft<'a>) -> Option<&'a Form> {
    let kind = *draft.dice.pick(&["department", "project"]);
    draft.form(kind)
}

fn column(draft: &mut Draft<'_>, column: &str) -> Option<()> {
    let form = scored(draft)?;
    let rows = form.rows("indicators").iter();
    let cells = rows.filter_map(|row| form.cell("indicators", row, column));
    one_of(draft, cells.collect())
}

fn totals(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let form = scored(draft)?;
    let cells = ["total_score", "total_points"].into_iter();
    one_of(draft, cells.filter_map(|p| form.get(p)).collect())
}

/// A number of the report whose subject is known.
fn said(draft: &mut Draft<'_>, about: &str) -> Option<()> {
    let narrative = &draft.subject.filing.narrative;
    let facts: Vec<&Fact> = narrative
        .facts
        .iter()
        .filter(|f| f.item.is_some() || f.of.is_some())
        .filter(|f| f.period.is_none() || f.period == narrative.year)
        .filter(|f| !f.value.is_zero() && f.text.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|f| match about {
            "amount" => f.role == FactRole::Amount,
            "rate" => matches!(f.role, FactRole::Rate | FactRole::Share),
            "change" => f.role == FactRole::Change,
            "count" => f.role == FactRole::Count,
            _ => f.role == FactRole::Score,
        })
        .collect();
    let fact = *(!facts.is_empty()).then(|| draft.dice.pick(&facts))?;
    let text = slip(&fact.text, &mut draft.dice)?;
    draft.write(fact.origin, &text)?;
    let length = text.chars().count() as u32;
    let at = match fact.origin.at {
        At::Text { paragraph, chars } => At::Text {
            paragraph,
            chars: (chars.0, chars.0 + length),
        },
        At::Cell {
            table,
            row,
            col,
            chars,
        } => At::Cell {
            table,
            row,
            col,
            chars: chars.map(|c| (c.0, c.0 + length)),
        },
    };
    draft.spots.push(Origin {
        file: fact.origin.file,
        at,
    });
    Some(())
}

/// The number of an indicator in the words of a goal.
fn goal(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let form = scored(draft)?;
    let (path, column) = *draft
        .dice
        .pick(&[("goal_expected", "target"), ("goal_actual", "actual")]);
    let goal = form.get(path)?;
    let mut said: Vec<(String, String)> = Vec::new();
    for row in form.indicators().filter(|i| !i.is_filler()) {
        let stated = form.cell("indicators", row.row, column)?;
        let number = stated
            .text
            .trim_start_matches(|c: char| !c.is_ascii_digit());
        if stated.number().is_none() {
            continue;
        }
        for word in ["不低于", "不少于", "不超过", "达到", ""] {
            let old = format!("{}{word}{number}", row.name()?.text);
            if goal.text.contains(&old) {
                let text = slip(number, &mut draft.dice)?;
                said.push((old, format!("{}{word}{text}", row.name()?.text)));
            }
        }
    }
    let (old, new) = (!said.is_empty()).then(|| draft.dice.pick(&said).clone())?;
    draft.replace_in(goal, &old, &new)?;
    draft.spots.push(goal.origin);
    Some(())
}
