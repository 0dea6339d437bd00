//! A project's indicators are overwritten with those of another project, or of another unit's.

use super::units::of_set;
use super::{Kind, kind};
use crate::draft::Draft;
use jiheng_model::Severity::Warning;
use jiheng_model::form::Indicator;
use jiheng_model::{Form, Stated};

#[rustfmt::skip]
pub(super) const WITHIN: &[Kind] = &[
    kind("D21-copied-from-project", &["D21"], "一个项目的指标照抄另一个项目的", &["X404"], Warning, "", within),
];

#[rustfmt::skip]
pub(super) const BETWEEN: &[Kind] = &[
    kind("D21-copied-from-department", &["D21"], "所属单位项目的指标照抄部门项目的", &["X404"], Warning, "", between),
];

/// So many tenths of a list must be copied.
const TENTHS: usize = 8;

fn within(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let forms = draft.forms("project");
    copy(draft, &forms, &forms)
}

fn between(draft: &mut Draft<'_>, _: &str) -> Option<()> {
    let unit = of_set(draft, 1)?;
    let own: Vec<&Form> = unit.into_iter().filter(|f| f.kind() == "project").collect();
    let others = draft.forms("project").into_iter();
    let others: Vec<&Form> = others
        .filter(|f| own.iter().all(|o| !std::ptr::eq(*o, *f)))
        .collect();
    copy(draft, &others, &own)
}

/// Overwrites the indicators of one of `to` with those of one of `from`, where enough of them can be.
fn copy(draft: &mut Draft<'_>, from: &[&Form], to: &[&Form]) -> Option<()> {
    let mut found = Vec::new();
    for target in to {
        for source in from.iter().filter(|s| !std::ptr::eq(**s, *target)) {
            let pairs = pairs(source, target);
            let least = source.indicators().count().min(target.indicators().count());
            if pairs.len() * 10 >= least * TENTHS {
                found.push((*target, pairs));
            }
        }
    }
    let (target, pairs) = (!found.is_empty()).then(|| draft.dice.pick(&found).clone())?;
    for (theirs, own) in &pairs {
        overwrite(draft, target, theirs, own)?;
    }
    // Nothing says which of the two was first: either may be pointed at.
    let theirs = pairs.iter().filter_map(|(theirs, _)| theirs.name());
    draft.spots.extend(theirs.map(|n| n.origin));
    Some(())
}

/// Indicators of two forms that may change places: both fully scored, under the same second level.
fn pairs<'a>(source: &'a Form, target: &'a Form) -> Vec<(Indicator<'a>, Indicator<'a>)> {
    let text = |s: Option<&Stated>| s.map(|s| s.text.replace('\n', "")).unwrap_or_default();
    let full = |i: &Indicator<'_>| {
        i.score().and_then(Stated::number) == i.points().and_then(Stated::number)
    };
    // What it cost and whom it was asked of are the project's own.
    let kept = |i: &Indicator<'_>| {
        let criterion = text(i.criterion());
        ["成本", "满意"].iter().any(|w| criterion.contains(w))
    };
    let fits = |i: &Indicator<'_>| !i.is_filler() && full(i) && !kept(i);
    let mut left: Vec<Indicator<'a>> = source.indicators().filter(fits).collect();
    let mut pairs = Vec::new();
    for own in target.indicators().filter(fits) {
        let same = |o: &Indicator<'_>| text(o.criterion()) == text(own.criterion());
        if let Some(at) = left.iter().position(same) {
            pairs.push((left.remove(at), own));
        }
    }
    pairs
}

/// Name, target and actual value, in the row and in the goals of the form.
fn overwrite(
    draft: &mut Draft<'_>,
    form: &Form,
    theirs: &Indicator<'_>,
    own: &Indicator<'_>,
) -> Option<()> {
    let (name, new) = (&own.name()?.text, &theirs.name()?.text);
    for (goal, column) in [("goal_expected", "target"), ("goal_actual", "actual")] {
        let bare = |s: &Stated| {
            let text = s.text.trim_start_matches(|c: char| !c.is_alphanumeric());
            text.to_string()
        };
        let (Some(goal), Some(old)) = (form.get(goal), cell(own, column).map(bare)) else {
            continue;
        };
        let value = bare(cell(theirs, column)?);
        for word in ["不低于", "不少于", "不超过", "达到", ""] {
            let said = format!("{name}{word}{old}");
            let _ = draft.replace_in(goal, &said, &format!("{new}{word}{value}"));
        }
    }
    draft.put(own.name()?, new)?;
    for column in ["target", "actual"] {
        let (stated, text) = (cell(own, column)?, cell(theirs, column)?);
        draft.write(stated.origin, &text.text)?;
    }
    Some(())
}

fn cell<'a>(row: &Indicator<'a>, column: &str) -> Option<&'a Stated> {
    row.form.cell("indicators", row.row, column)
}
