//! Notices, lists and other files that were handed in come in; what they are, and the points they are worth (自评通知, 工作小组, 单位自查), go out.
//!
//! A file is known by the words of its text, not by its name.

use super::standard::{Measured, Standard};
use super::{Desk, Measurement, deducted, no_material};
use jiheng_model::assessment::Verdict;
use jiheng_model::{Document, label};

/// The notice was issued.
pub(super) fn issued(
    desk: &Desk<'_>,
    measured: &Measured<'_>,
    standard: &Standard<'_>,
) -> Measurement {
    found(desk, measured, standard, "notice", "自评通知")
}

/// A working group was set up.
pub(super) fn set_up(
    desk: &Desk<'_>,
    measured: &Measured<'_>,
    standard: &Standard<'_>,
) -> Measurement {
    found(desk, measured, standard, "team", "工作小组文件")
}

fn found(
    desk: &Desk<'_>,
    measured: &Measured<'_>,
    standard: &Standard<'_>,
    kind: &str,
    name: &str,
) -> Measurement {
    let Some((document, _)) = first(desk, kind) else {
        return no_material(&format!("没有{name}"), standard.texts("hand_in"));
    };
    let points = measured.points();
    let why = format!(
        "有{name}（{}），得 {} 分",
        document.name,
        points.normalize()
    );
    (Verdict::Computed(points), why, Vec::new())
}

/// What the notice has to say.
pub(super) fn contents(
    desk: &Desk<'_>,
    measured: &Measured<'_>,
    standard: &Standard<'_>,
) -> Measurement {
    let Some((_, text)) = first(desk, "notice") else {
        // What to hand in is said once.
        let _ = standard;
        return no_material("通知的内容无从核对", &[]);
    };
    let ways = desk.case.rulebook.dictionary("assessment_notice_matters");
    let matters = measured.texts("matters");
    let says = |matter: &String| {
        let ways = ways.and_then(|w| w.get(matter));
        match ways {
            Some(ways) => ways.iter().any(|way| text.contains(way.as_str())),
            None => text.contains(matter.as_str()),
        }
    };
    let missing: Vec<&str> = matters
        .iter()
        .filter(|matter| !says(matter))
        .map(String::as_str)
        .collect();
    let (left, sum) = deducted(measured.points(), missing.len(), measured.number("each"));
    let why = match missing.is_empty() {
        true => format!("通知的 {} 项内容齐全，{sum}", matters.len()),
        false => format!(
            "通知的 {} 项内容缺 {} 项（{}），{sum}",
            matters.len(),
            missing.len(),
            missing.join("、")
        ),
    };
    (Verdict::Computed(left), why, Vec::new())
}

/// Units that had to evaluate themselves and of which nothing says that they did.
pub(super) fn units(
    desk: &Desk<'_>,
    measured: &Measured<'_>,
    standard: &Standard<'_>,
) -> Measurement {
    let Some(units) = desk.beside.units.as_ref().filter(|u| !u.is_empty()) else {
        return no_material(
            "没有应开展自查的单位名单（--units）",
            standard.texts("hand_in"),
        );
    };
    let filed = filed(desk);
    let told: Vec<String> = desk
        .beside
        .evidence
        .iter()
        .map(|document| label::normalise(&document.text))
        .filter(|text| is_kind(desk, text, "units"))
        .collect();
    let missing: Vec<&str> = units
        .iter()
        .filter(|unit| {
            let unit = label::normalise(unit);
            !filed.iter().any(|f| same_unit(f, &unit)) && !told.iter().any(|t| t.contains(&unit))
        })
        .map(String::as_str)
        .collect();
    let (left, sum) = deducted(measured.points(), missing.len(), measured.number("each"));
    let why = match missing.is_empty() {
        true => format!("名单上 {} 个单位都有自评材料，{sum}", units.len()),
        false => format!(
            "名单上 {} 个单位，{} 个没有自评材料（{}），{sum}",
            units.len(),
            missing.len(),
            missing.join("、")
        ),
    };
    (Verdict::Computed(left), why, Vec::new())
}

/// The units of which the package holds forms or a report, in comparable form.
fn filed(desk: &Desk<'_>) -> Vec<String> {
    let filing = desk.whole;
    let forms = filing
        .forms
        .iter()
        .flat_map(|form| ["unit_name", "implementing_unit"].map(|path| form.text(path)))
        .flatten();
    let sets = filing.materials.iter().filter_map(|m| m.unit.as_deref());
    let report = filing.narrative.unit_name.as_ref().map(|u| u.text.as_str());
    let mut names: Vec<String> = forms
        .chain(sets)
        .chain(report)
        .map(label::normalise)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Shorter names are only compared as a whole.
const SHORTEST: usize = 4;

/// The same unit: with and without the place before it, or "本级" after it.
fn same_unit(filed: &str, listed: &str) -> bool {
    fn own(name: &str) -> &str {
        name.strip_suffix("(本级)")
            .or_else(|| name.strip_suffix("本级"))
            .unwrap_or(name)
    }
    let (a, b) = (own(filed), own(listed));
    let long = |n: &str| n.chars().count() >= SHORTEST;
    a == b || long(a) && long(b) && (a.ends_with(b) || b.ends_with(a))
}

/// The first file of a kind with its comparable text.
fn first<'a>(desk: &Desk<'a>, kind: &str) -> Option<(&'a Document, String)> {
    let documents = desk.case.documents.iter().enumerate();
    let own = documents.filter(|(file, _)| desk.whole.beside.contains(&(*file as u16)));
    let all = desk.beside.evidence.iter().chain(own.map(|(_, d)| d));
    all.map(|document| (document, label::normalise(&document.text)))
        .find(|(_, text)| is_kind(desk, text, kind))
}

/// Whether a text is of a kind: all of some words, and one of others.
fn is_kind(desk: &Desk<'_>, text: &str, kind: &str) -> bool {
    let name = format!("assessment_evidence_{kind}");
    let Some(words) = desk.case.rulebook.dictionary(&name) else {
        return false;
    };
    let of = |key: &str| words.get(key).map_or(&[] as &[String], Vec::as_slice);
    let says = |word: &String| text.contains(word.as_str());
    let head: String = text.chars().take(HEAD).collect();
    let title = of("title");
    of("all").iter().all(says)
        && of("any").iter().any(says)
        && (title.is_empty() || title.iter().any(|w| head.contains(w.as_str())))
}

/// The title of a file stands within so many characters.
const HEAD: usize = 120;
