//! P102 `published-late`: the dates of approval and of publication that the material names come in; publication later than it is due goes out.

use crate::check::dates::{self, Day};
use crate::check::passages::{Passage, passages};
use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::origin::Origin;
use jiheng_model::{Decimal, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    code: "P102",
    slug: "published-late",
    title: "公开晚于批复后规定的天数",
    severity: Severity::Warning,
    covers: &["D70"],
    basis: &[
        "budget-regulation-art6-publication",
        "publication-within-days",
    ],
    what: "材料写明部门决算批复日期和公开日期的，公开是否在批复后二十日内。",
    why: "经批复的部门决算和随同的绩效自评结果，批复后二十日内由部门向社会公开。",
    advice: "核对批复日期和公开日期；尚未公开的，按期公开",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(most) = case.rulebook.number("publication_days") else {
        return;
    };
    let find = |name: &str| {
        let words = case.rulebook.words(name);
        let mark = case.rulebook.mark(name);
        passages(case)
            .iter()
            .filter(|p| p.marks & mark != 0)
            .find_map(|p| near(p, words).map(|d| (p, d)))
    };
    let (approved, published) = (find("approval_words"), find("published_words"));
    let (Some((of, from)), Some((at, to))) = (approved, published) else {
        if !case.filing.forms.is_empty() || case.filing.narrative.exists() {
            report.lacks("没有写明部门决算的批复日期和公开日期，是否按期公开没有核");
        }
        return;
    };
    report.checked();
    let Some(days) = dates::between(from.date, to.date) else {
        return;
    };
    if Decimal::from(days) <= most {
        return;
    }
    let message = format!("批复后 {days} 天公开，规定 {most} 天内");
    report
        .find(message, place(at, &to, "公开日期"))
        .against(place(of, &from, "批复日期"))
        .derivation(format!(
            "{} − {} = {days} 天",
            dates::shown(to.date),
            dates::shown(from.date)
        ));
}

/// The day that stands right before one of some words in a passage.
fn near(passage: &Passage<'_>, words: &[String]) -> Option<Day> {
    if !words.iter().any(|w| passage.text.contains(w.as_str())) {
        return None;
    }
    dates::days(passage.text).into_iter().find(|day| {
        let after = passage.text.chars().skip(day.chars.1 as usize).take(24);
        let after: String = after.take_while(|c| !"，。；,;".contains(*c)).collect();
        words.iter().any(|w| after.contains(w.as_str()))
    })
}

fn place(passage: &Passage<'_>, day: &Day, label: &str) -> Place {
    let at = passage.origin.at.words(day.chars);
    let (from, to) = (day.chars.0 as usize, day.chars.1 as usize);
    Place {
        kind: PlaceKind::Text,
        form: if passage.in_report {
            "narrative"
        } else {
            "package"
        }
        .into(),
        form_index: None,
        field: None,
        label: label.into(),
        origin: Origin {
            file: passage.origin.file,
            at,
        },
        text: passage
            .text
            .chars()
            .skip(from)
            .take(to.saturating_sub(from))
            .collect(),
    }
}
