//! I305 `cumulative-as-annual`, I306 `plans-as-results`, I307 `attribute`: what forms say was achieved comes in; sums of several years and plans go out.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use crate::check::scored;
use crate::words::plan::told;
use jiheng_model::finding::PlaceKind;
use jiheng_model::origin::{At, Origin};
use jiheng_model::{Decimal, Place, Severity};
use std::sync::Arc;

/// 自项目实施以来 …
pub static CUMULATIVE: Rule = Rule {
    code: "I305",
    slug: "cumulative-as-annual",
    title: "把多年累计数当作本年完成数",
    severity: Severity::Warning,
    covers: &["D59"],
    basis: &["indicators-cumulative"],
    what: "实际完成情况和完成值中，是否有“自…以来”“累计”一类多年合计的说法。",
    why: "年度自评考核本年度；累计数含以前年度的完成数，不能与年度指标值相比。",
    advice: "写本年度完成的数量；累计数另加说明",
    fix: None,
    run: cumulative,
};

/// 将, 加快推进 …
pub static PLANS: Rule = Rule {
    code: "I306",
    slug: "plans-as-results",
    title: "实际完成情况写的是打算",
    severity: Severity::Warning,
    covers: &["D60"],
    basis: &["indicators-plans"],
    what: "实际完成情况里，没有数字而只说加快推进、持续加强、将要做什么的句子是否占了多半。",
    why: "实际完成情况应写本年度做到了什么，打算写在改进措施里。",
    advice: "对照预期目标逐条写出完成的数量、时间和结果",
    fix: None,
    run: plans,
};

/// Needs the project's attribute.
pub static ATTRIBUTE: Rule = Rule {
    code: "I307",
    slug: "attribute-and-indicators",
    title: "项目属性与指标是否相称",
    severity: Severity::Hint,
    covers: &["D73"],
    basis: &["indicators-attributes"],
    what: "一次性项目是否设了长期的指标，延续性项目是否只有一次性的指标。",
    why: "指标应与项目的期限相称。",
    advice: "按项目属性调整指标",
    fix: None,
    run: attribute,
};

/// Indicators of lasting effect in a project that its form calls one-off.
fn attribute(case: &Case<'_>, report: &mut Report<'_>) {
    let (once, lasting) = (
        case.rulebook.words("once_words"),
        case.rulebook.words("lasting_words"),
    );
    let has = |words: &[String], text: &str| words.iter().any(|w| text.contains(w.as_str()));
    for (index, form) in case.forms("project") {
        let Some(attribute) = form.text("attribute") else {
            report.lacks("项目自评表中没有项目属性");
            continue;
        };
        report.checked();
        if !has(once, attribute) {
            continue;
        }
        let long = form.indicators().filter(|i| !i.is_filler()).find(|i| {
            let name = i.name().is_some_and(|n| has(lasting, &n.text));
            name || i.target().is_some_and(|t| has(lasting, &t.text))
        });
        if let Some(indicator) = long {
            report
                .find(
                    format!("项目属性是{attribute}，指标说的是长期"),
                    case.indicator_place(index, &indicator, "name"),
                )
                .against(case.place(index, "attribute"));
        }
    }
}

fn cumulative(case: &Case<'_>, report: &mut Report<'_>) {
    for scored in scored::forms(case) {
        // The package's year stands before the form's own.
        let year = case.filing.year.or(scored.form.year);
        let goal = scored.form.get("goal_actual");
        if let Some(goal) = goal.filter(|g| g.value.is_present()) {
            report.checked();
            if let Some((start, words)) = sum_of_years(case, year, &goal.text) {
                let mut place = case.place(scored.index, "goal_actual");
                point(&mut place, &goal.text, start, words);
                report.find(message(words), place);
            }
        }
        let mut first = None;
        let mut places = Vec::new();
        for (row, _) in scored.rows() {
            let Some(actual) = row.actual().filter(|a| a.value.is_present()) else {
                continue;
            };
            report.checked();
            if let Some((start, words)) = sum_of_years(case, year, &actual.text) {
                // Where the target is such a sum too, the two compare.
                let target = row.target().map_or("", |t| t.text.as_str());
                if sum_of_years(case, year, target).is_some() {
                    continue;
                }
                let mut place = case.indicator_place(scored.index, &row, "actual");
                point(&mut place, &actual.text, start, words);
                places.push(place);
                first = first.or(Some(words));
            }
        }
        let message = match (places.len(), first) {
            (1, Some(words)) => message(words),
            (n, _) => format!("{n} 个完成值是多年累计，不是本年完成数"),
        };
        report.together(Severity::Warning, message, places);
    }
}

fn message(words: &str) -> String {
    format!("“{}”是多年累计，不是本年完成数", words.trim())
}

/// The first words of a text that tell of several years, with the byte at which their clause begins.
fn sum_of_years<'t>(case: &Case<'_>, year: Option<i16>, text: &'t str) -> Option<(usize, &'t str)> {
    if !case.rulebook.has_word_of("cumulative_words", text) {
        return None;
    }
    let this_year = case.rulebook.words("this_year_words");
    let of_this_year = |at: usize| {
        let before = &text[clause(text, at)..at];
        this_year.iter().any(|w| before.ends_with(w.as_str()))
            || year.is_some_and(|y| before.trim() == format!("{y}年"))
    };
    let words = case.rulebook.words("cumulative_words").iter();
    // The earliest and longest word tells most.
    let (at, _, end) = words
        .flat_map(|w| text.match_indices(w.as_str()))
        .filter(|(at, _)| !of_this_year(*at))
        .map(|(at, w)| (at, std::cmp::Reverse(w.len()), at + w.len()))
        .min()?;
    let start = clause(text, at);
    Some((start, &text[start..end]))
}

/// Where the clause that holds a place of a text begins.
fn clause(text: &str, at: usize) -> usize {
    let stop = text[..at].rfind(['，', '。', '；', '\n']);
    stop.map_or(0, |i| {
        i + text[i..].chars().next().map_or(0, char::len_utf8)
    })
}

/// Narrows a place to some words of its cell.
fn point(place: &mut Place, text: &str, start: usize, words: &str) {
    let from = text[..start].chars().count() as u32;
    let to = from + words.chars().count() as u32;
    if let (
        PlaceKind::Cell,
        At::Cell {
            table, row, col, ..
        },
    ) = (place.kind, place.origin.at)
    {
        place.origin = Origin {
            file: place.origin.file,
            at: At::Cell {
                table,
                row,
                col,
                chars: Some((from, to)),
            },
        };
        place.text = words.trim().to_string();
    }
}

fn plans(case: &Case<'_>, report: &mut Report<'_>) {
    let Some(share) = case.rulebook.number("plan_share") else {
        return report.lacks("规程没有规定界限");
    };
    for scored in scored::forms(case) {
        let Some(goal) = scored
            .form
            .get("goal_actual")
            .filter(|g| g.value.is_present())
        else {
            continue;
        };
        report.checked();
        let told = told(case.rulebook.vocabulary(), &goal.text);
        let plans = &told.plans;
        let all = Decimal::from(told.clauses as u64);
        let Some(limit) = all.checked_mul(share) else {
            continue;
        };
        if plans.len() < 3 || Decimal::from(plans.len() as u64) < limit {
            continue;
        }
        let example = plans
            .iter()
            .take(2)
            .map(|(clause, _)| format!("“{clause}”"))
            .collect::<Vec<_>>()
            .join("");
        report
            .find(
                format!(
                    "实际完成情况 {} 句中 {} 句是打算，如{example}",
                    told.clauses,
                    plans.len()
                ),
                case.place(scored.index, "goal_actual"),
            )
            .derivation(format!("{} ÷ {}", plans.len(), told.clauses))
            .arg("words", words(plans));
    }
}

/// The words with which the plans begin, each once.
fn words(plans: &[(&str, Arc<str>)]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for (_, word) in plans {
        if !words.contains(&&**word) {
            words.push(word);
        }
    }
    words.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::scored::sheet::{FAULTLESS, FUNDS, project};

    fn achieved(text: &str) -> crate::check::specimen::Specimen {
        let mut funds = FUNDS.to_vec();
        funds.push(("goal_actual", text));
        project(&funds, &FAULTLESS)
    }

    #[test]
    fn a_sum_since_the_beginning_is_no_result_of_the_year() {
        let said = achieved("自项目实施以来，共修复矿山91.22公顷。").run(&CUMULATIVE);
        assert_eq!(
            said.messages(),
            ["“自项目实施以来”是多年累计，不是本年完成数"]
        );
        assert_eq!(said.findings[0].places[0].text, "自项目实施以来");
        assert!(
            achieved("修复矿山91.22公顷。")
                .run(&CUMULATIVE)
                .findings
                .is_empty()
        );
    }

    #[test]
    fn a_sum_of_this_year_is_a_result_and_hides_no_other() {
        let of_the_year = "今年以来修复矿山9公顷，全年累计巡查24次。";
        assert!(achieved(of_the_year).run(&CUMULATIVE).findings.is_empty());
        let said = achieved("全年累计巡查24次，三年累计巡查70次。").run(&CUMULATIVE);
        assert_eq!(said.messages(), ["“三年累计”是多年累计，不是本年完成数"]);
    }

    #[test]
    fn plans_are_no_results_and_numbers_are() {
        let said =
            achieved("1、加快推进生态经济区建设，持续加强监管；强化绿色矿山监管。").run(&PLANS);
        assert_eq!(said.findings.len(), 1);
        assert!(
            said.messages()[0].starts_with("实际完成情况 3 句中"),
            "{:?}",
            said.messages()
        );
        let done = "1.监督在建工程167个，鉴定房屋638栋。2.强化质量监督，合格率100%。";
        assert!(achieved(done).run(&PLANS).findings.is_empty());
    }

    #[test]
    fn the_attribute_is_not_in_the_form() {
        assert_eq!(
            achieved("完成").run(&ATTRIBUTE).lacking,
            ["项目自评表中没有项目属性"]
        );
    }
}
