//! X102 `control-rate-follows`: the printed control rate and the report's staff figures come in; where the two forms of the figure differ, the rate that would follow goes out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::statements::{Figure, facts};
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "X102",
    slug: "control-rate-follows",
    title: "按报告的人数，控制率不同",
    severity: Severity::Warning,
    covers: &["I-04"],
    basis: &["mof-2013-53-staff-rate", "mof-2020-10-art25-true"],
    what: "附件1 与报告的编制数或在职人数不同时，按报告的人数复算控制率，与附件1 填的比。",
    why: "控制率等于在职人数除以编制数；人数更正后，控制率要跟着改。",
    advice: "先以机构编制部门核定数更正人数，再按更正后的人数重算控制率",
    fix: None,
    run,
};

const POSTS: &str = "staff.authorized_posts";
const STAFF: &str = "staff.in_post";
const RATE: &str = "staff.control_rate";

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some((form, _)) = case.one("baseline") else {
        return;
    };
    let cell = |path| Figure::cell(case, form, path);
    let (Some(rate), Some(posts), Some(staff)) = (cell(RATE), cell(POSTS), cell(STAFF)) else {
        return report.lacks("附件1 没有填全人数和控制率");
    };
    let said = |item, whole: &Figure| {
        let first = facts(case, item).find_map(|(_, fact)| Figure::fact(case, fact));
        first.filter(|figure| figure.value != whole.value)
    };
    let (other_posts, other_staff) = (
        said("authorized_posts", &posts),
        said("staff_in_post", &staff),
    );
    report.checked();
    if other_posts.is_none() && other_staff.is_none() {
        return;
    }
    let inputs = [posts.place.origin, staff.place.origin];
    let others: Vec<Figure> = [&other_posts, &other_staff]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let (posts, staff) = (other_posts.unwrap_or(posts), other_staff.unwrap_or(staff));
    let fraction = staff.value.checked_div(posts.value);
    let Some(computed) = fraction.and_then(|f| f.checked_mul(Decimal::ONE_HUNDRED)) else {
        return;
    };
    if (computed - rate.value).abs() <= rate.half {
        return;
    }
    let shown = round(computed, 2);
    let message = format!(
        "控制率填 {}%，按报告的 {} 人编制、{} 人在职复算为 {shown}%",
        rate.value, posts.value, staff.value
    );
    let draft = report.find(message, rate.place.clone());
    for other in others {
        draft.input(other.place.origin).against(other.place);
    }
    for origin in inputs {
        draft.input(origin);
    }
    draft
        .computed(format!("{shown}%"))
        .derivation(format!("{} ÷ {} = {shown}%", staff.value, posts.value));
}
