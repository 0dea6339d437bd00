//! The report's problems and measures come in; proposed bands for 反映问题情况 and 建议情况, each with its reasons, go out.

use super::sheets::band;
use super::standard::Measured;
use super::{Desk, Measurement};
use crate::check::remedies::{Item, Items, remedies, unpaired};
use crate::check::report::Case;
use jiheng_model::Decimal;
use jiheng_model::assessment::Verdict;
use jiheng_model::finding::Place;

/// Problems over the aspects that the standard names.
pub(super) fn problems(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let case = &desk.case;
    let Some(items) = remedies(case).problems else {
        return absent(case, measured, "problems", "报告没有写存在的问题");
    };
    if items.items.is_empty() {
        return absent(case, measured, "problems", "报告没有列出问题");
    }
    let places = places(case, &items, "问题");
    let money = case.rulebook.words("lack_of_money");
    if only_money(&items, money) {
        let reason = format!("{} 个问题都只说资金不足", items.items.len());
        return proposed(measured, "money_only", reason, places);
    }
    let covered = aspects(case, measured, &items);
    let reason = format!(
        "{}问题，{}",
        number_of(&items, "个"),
        told(measured, &covered)
    );
    let level = level(measured, covered.len(), &items);
    proposed(measured, level, reason, places)
}

/// Measures over the aspects, and how many problems they answer.
pub(super) fn suggestions(desk: &Desk<'_>, measured: &Measured<'_>) -> Measurement {
    let case = &desk.case;
    let found = remedies(case);
    let Some(items) = found.measures else {
        return absent(case, measured, "measures", "报告没有写改进措施");
    };
    if items.items.is_empty() {
        return absent(case, measured, "measures", "报告没有列出措施");
    }
    let places = places(case, &items, "措施");
    if only_money(&items, case.rulebook.words("assessment_money_measures")) {
        let reason = format!("{} 条建议都只说加大资金投入", items.items.len());
        return proposed(measured, "money_only", reason, places);
    }
    let covered = aspects(case, measured, &items);
    let mut level = level(measured, covered.len(), &items);
    let mut reason = format!(
        "{}措施，{}",
        number_of(&items, "条"),
        told(measured, &covered)
    );
    let problems = found.problems.filter(|p| !p.items.is_empty());
    match problems {
        Some(problems) => {
            let least = case
                .rulebook
                .number("remedies_alike")
                .unwrap_or(Decimal::ONE);
            let (lone, _) = unpaired(&problems, &items, least);
            let all = problems.items.len();
            let answered = all - lone.len().min(all);
            reason.push_str(&format!("；{all} 个问题，{answered} 个有对应的措施"));
            // Measures that leave a problem open, or stand beside one, do not correspond fully.
            if level == "full" && (answered < all || all != items.items.len()) {
                level = "fair";
            }
            if level == "fair" && answered * 2 < all {
                level = "partial";
            }
        }
        None => {
            reason.push_str("；报告没有列出问题，看不出对应");
            if level == "full" {
                level = "fair";
            }
        }
    }
    proposed(measured, level, reason, places)
}

/// The section says nothing; how many points that is worth, a person says.
fn absent(case: &Case<'_>, measured: &Measured<'_>, key: &str, why: &str) -> Measurement {
    let after = case.filing.narrative.section(key).map(|s| s.paragraph);
    let place = match (after, case.filing.narrative.span) {
        (Some(line), _) | (None, Some((_, line))) => case.absent_in_report(line, why),
        (None, None) => case.absent_in_package(why),
    };
    let most = measured.band("simple").map_or(Decimal::ZERO, |b| b.0);
    let why = format!("{why}，建议 {}", band(Decimal::ZERO, most));
    (Verdict::Proposed(Decimal::ZERO, most), why, vec![place])
}

fn proposed(
    measured: &Measured<'_>,
    level: &str,
    reason: String,
    places: Vec<Place>,
) -> Measurement {
    let (low, high) = measured
        .band(level)
        .unwrap_or((Decimal::ZERO, measured.points()));
    let name = match level {
        "full" => "全面",
        "fair" => "较全面",
        "partial" => "不全面",
        "money_only" => "只提资金",
        _ => "过于简单",
    };
    let why = format!("{reason}；按“{name}”建议 {}", band(low, high));
    (Verdict::Proposed(low, high), why, places)
}

/// The level by the number of aspects; a single item that covers one is too simple.
fn level(measured: &Measured<'_>, covered: usize, items: &Items) -> &'static str {
    let covered = Decimal::from(covered as u64);
    let from = |name: &str| {
        let least = measured.number(name);
        least > Decimal::ZERO && covered >= least
    };
    if from("full_from") {
        "full"
    } else if from("fair_from") {
        "fair"
    } else if items.items.len() > 1 {
        "partial"
    } else {
        "simple"
    }
}

/// The aspects that the items speak of, in the order of the standard, each with the first word that says so.
fn aspects<'a>(case: &Case<'a>, measured: &Measured<'a>, items: &Items) -> Vec<(&'a str, &'a str)> {
    let Some(lexicon) = case.rulebook.dictionary("assessment_aspects") else {
        return Vec::new();
    };
    let mut covered = Vec::new();
    for aspect in measured.texts("in_order") {
        let words = lexicon.get(aspect).into_iter().flatten();
        let mut said =
            words.filter(|word| items.items.iter().any(|i| i.text.contains(word.as_str())));
        if let Some(word) = said.next() {
            covered.push((aspect.as_str(), word.as_str()));
        }
    }
    covered
}

/// "涉及 2 个方面：…（“预算编制”）…；没有涉及…".
fn told(measured: &Measured<'_>, covered: &[(&str, &str)]) -> String {
    let all = measured.texts("in_order");
    let named: Vec<String> = covered
        .iter()
        .map(|(aspect, word)| format!("{aspect}（“{word}”）"))
        .collect();
    let open: Vec<&str> = all
        .iter()
        .map(String::as_str)
        .filter(|aspect| !covered.iter().any(|c| c.0 == *aspect))
        .collect();
    let mut out = match named.is_empty() {
        true => format!("{} 个方面都没有说到", all.len()),
        false => format!(
            "{} 个方面说到 {} 个：{}",
            all.len(),
            named.len(),
            named.join("、")
        ),
    };
    if !open.is_empty() && !named.is_empty() {
        out.push_str(&format!("；没有说到{}", open.join("、")));
    }
    out
}

fn only_money(items: &Items, words: &[String]) -> bool {
    let says = |item: &Item| words.iter().any(|w| item.title.contains(w.as_str()));
    !items.items.is_empty() && items.items.iter().all(says)
}

fn number_of(items: &Items, word: &str) -> String {
    match items.count() {
        Some(n) => format!("{n} {word}"),
        None => format!("没有编号的 {} 段", items.items.len()),
    }
}

fn places(case: &Case<'_>, items: &Items, label: &str) -> Vec<Place> {
    let file = case.filing.narrative.file;
    let items = items.items.iter();
    items
        .map(|i| case.text_place(file, i.paragraph, i.chars, label))
        .collect()
}
