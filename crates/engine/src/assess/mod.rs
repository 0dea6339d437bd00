//! A checked package and what was handed in beside it come in; the assessment of the self-evaluation work (附件5 考核) goes out.
//!
//! Items, points, standards and deductions are parameters of the rulebook (`assessment_…`); here is
//! only how each part is measured. What a count decides gets points, what a person decides gets a
//! proposed band with its reasons, and what nothing was handed in for gets neither.

mod evidence;
mod remedies;
mod report;
mod sheets;
pub mod standard;
mod submission;

use crate::Evaluation;
use crate::check::report::{Case, cites};
use crate::check::{materials, with_case};
use crate::rulebook::Rulebook;
use jiheng_model::assessment::{Assessment, Item, Part, Verdict};
use jiheng_model::finding::Place;
use jiheng_model::{Date, Decimal, Document, Filing, Finding};
use standard::{Measured, Standard};

/// What the bureau knows beside the package.
#[derive(Debug, Default)]
pub struct Beside {
    /// The day by which the report was due (规定的报送日期).
    pub due: Option<Date>,
    /// The day on which it was handed in.
    pub submitted: Option<Date>,
    /// The units that had to evaluate themselves.
    pub units: Option<Vec<String>>,
    /// Notices, lists and other material, as read.
    pub evidence: Vec<Document>,
}

/// The rulebook prints no sheet for the assessment.
#[derive(Debug)]
pub struct NoSheet;

/// What the measures look at.
struct Desk<'a> {
    /// The set of material that is assessed.
    case: Case<'a>,
    /// The whole bundle.
    whole: &'a Filing,
    findings: &'a [Finding],
    beside: &'a Beside,
}

/// Assesses the self-evaluation work of a package.
///
/// # Errors
/// When the rulebook in force has no sheet for it.
pub fn assess(evaluation: &Evaluation, beside: &Beside) -> Result<Assessment, NoSheet> {
    let rulebook = &evaluation.rulebook;
    if rulebook.words(standard::ITEMS).is_empty() {
        return Err(NoSheet);
    }
    let standards = standard::all(rulebook);
    let whole = &evaluation.filing;
    let look = |case: &Case<'_>| -> Vec<Item> {
        let desk = Desk {
            case: *case,
            whole,
            findings: &evaluation.checked.findings,
            beside,
        };
        standards.iter().map(|s| item(&desk, s, rulebook)).collect()
    };
    let documents = &evaluation.documents;
    let items = match (whole.material(0), whole.materials.first()) {
        // Of several sets of material the one in question is assessed.
        (Some(own), Some(material)) => {
            let files = materials::files_of(documents, whole, 0);
            let scores = crate::score::score(&own, rulebook);
            let mut items = with_case(&files, &own, &scores, rulebook, look);
            let places = items.iter_mut().flat_map(|i| &mut i.parts);
            for place in places.flat_map(|p| &mut p.places) {
                let here = place.form_index.and_then(|i| material.forms.get(i));
                place.form_index = here.copied();
            }
            items
        }
        _ => with_case(documents, whole, &evaluation.scorecard, rulebook, look),
    };
    let form = rulebook.form("assessment");
    Ok(Assessment {
        title: form.map_or_else(String::new, |f| f.title.clone()),
        unit: unit(evaluation),
        year: whole.year,
        items,
    })
}

fn item(desk: &Desk<'_>, standard: &Standard<'_>, rulebook: &Rulebook) -> Item {
    let texts = |name: &str| standard.texts(name).to_vec();
    let mut parts = Vec::new();
    for measured in standard.parts() {
        parts.push(part(desk, &measured, standard));
    }
    let basis = rulebook.parameters.get(&standard.parameter());
    Item {
        key: standard.key.to_string(),
        dimension: standard.text("dimension").to_string(),
        name: standard.text("name").to_string(),
        standard: texts("standard"),
        hand_in: texts("hand_in"),
        max: standard.max(),
        parts,
        basis: basis.map_or_else(String::new, |p| cites(rulebook, &p.basis)),
    }
}

fn part(desk: &Desk<'_>, measured: &Measured<'_>, standard: &Standard<'_>) -> Part {
    let max = measured.points();
    let (verdict, why, places) = match measured.measure {
        "issued" => evidence::issued(desk, measured, standard),
        "contents" => evidence::contents(desk, measured, standard),
        "set_up" => evidence::set_up(desk, measured, standard),
        "units" => evidence::units(desk, measured, standard),
        "days_late" => submission::days_late(desk, measured),
        "sections" => report::sections(desk, measured),
        "annexes" => report::annexes(desk, measured),
        "weights" => sheets::weights(desk, measured),
        "level_three" => sheets::level_three(desk, measured),
        "measurable" => sheets::measurable(desk, measured),
        "concise" | "relevant" => sheets::by_findings(desk, measured),
        "aspects" => remedies::problems(desk, measured),
        "answers" => remedies::suggestions(desk, measured),
        // The lint refuses a rulebook that names another.
        other => (
            Verdict::NoMaterial,
            format!("没有“{other}”这种量法"),
            Vec::new(),
        ),
    };
    Part {
        max,
        verdict,
        why,
        places,
    }
}

/// What a measure comes to.
type Measurement = (Verdict, String, Vec<Place>);

/// Nothing to decide it by, and what to hand in.
fn no_material(why: &str, hand_in: &[String]) -> Measurement {
    let why = match hand_in {
        [] => why.to_string(),
        _ => format!("{why}。请交：{}", hand_in.join("；")),
    };
    (Verdict::NoMaterial, why, Vec::new())
}

/// Points left after so many deductions, and the sum as it is written: "10 − 3×1 = 7".
fn deducted(max: Decimal, times: usize, each: Decimal) -> (Decimal, String) {
    let (max, each) = (max.normalize(), each.normalize());
    let taken = Decimal::from(times as u64)
        .checked_mul(each)
        .unwrap_or(max)
        .min(max);
    let left = max.checked_sub(taken).unwrap_or_default();
    let capped = taken != Decimal::from(times as u64).saturating_mul(each);
    let text = match (times, capped) {
        (0, _) => format!("得 {left} 分"),
        (_, true) => format!("每处扣 {each} 分，扣满 {max} 分，得 {left} 分"),
        (_, false) => format!("{max} − {times}×{each} = {left} 分"),
    };
    (left, text)
}

/// The unit whose work is assessed, as its material prints it.
fn unit(evaluation: &Evaluation) -> Option<String> {
    let filing = &evaluation.filing;
    let printed = filing
        .one("department")
        .and_then(|form| form.text("unit_name"))
        .or_else(|| filing.narrative.unit_name.as_ref().map(|u| u.text.as_str()));
    printed.map(jiheng_model::label::normalise)
}

#[cfg(test)]
mod tests;
