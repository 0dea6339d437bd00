//! One defect is injected into a sound package: it must be a new first cause at its place, and the only one.

use jiheng_specimen::draft::Subject;
use jiheng_specimen::kinds::{kinds, setting};
use jiheng_specimen::material::{Setting, material};
use jiheng_specimen::trial::attempt;

/// Kinds that may leave a second first cause, and why both are right.
const TWO: &[(&str, &str)] = &[
    (
        "D03-any-total-mistyped",
        "another total may deserve another grade",
    ),
    (
        "I12-any-points-mistyped",
        "points of 0 are wrong in themselves",
    ),
    (
        "D27-words-in-report",
        "the words may stand before a name of the classification",
    ),
    (
        "D71-words",
        "the words may stand before a name of the classification",
    ),
    (
        "D23-no-satisfaction",
        "an indicator of satisfaction is left under another level",
    ),
    (
        "D23-works-without-satisfaction",
        "an indicator of satisfaction is left under another level",
    ),
    (
        "I02-projects-prior-more",
        "the rows add up to less than the total as well",
    ),
];

/// What went wrong with the kinds of one package, in words.
fn failures(seed: u64, of: Setting) -> (usize, Vec<String>) {
    let subject = Subject::read(&material(seed, of)).expect("forms are recognised");
    let mut failures = Vec::new();
    let mut tried = 0;
    for (number, kind) in kinds().iter().enumerate() {
        if setting(kind) != of {
            continue;
        }
        let Some(verdict) = attempt(&subject, kind, seed * 1000 + number as u64) else {
            continue;
        };
        tried += 1;
        let two = TWO.iter().any(|(name, _)| *name == kind.name);
        let words = |what: &str, said: &[String]| {
            format!(
                "{} in {}: {:?} {what} {said:?}",
                kind.name, subject.name, verdict.edits
            )
        };
        if !verdict.found {
            failures.push(words("was missed; said", &verdict.said));
        } else if !verdict.extra.is_empty() && !two {
            failures.push(words("also gave", &verdict.extra));
        }
    }
    (tried, failures)
}

/// Docx, xlsx, HTML and text, and packages with other files and of other layouts.
#[test]
fn one_defect_is_one_new_first_cause_at_its_place() {
    let runs = [
        (1, Setting::Whole),
        (2, Setting::Whole),
        (3, Setting::Whole),
        (4, Setting::Whole),
        (4, Setting::Beside),
        (1, Setting::Units),
        (2, Setting::Folded),
    ];
    let results: Vec<(usize, Vec<String>)> = std::thread::scope(|scope| {
        let handles = runs.map(|(seed, of)| scope.spawn(move || failures(seed, of)));
        handles
            .into_iter()
            .map(|h| h.join().expect("no trial panics"))
            .collect()
    });
    let tried: usize = results.iter().map(|r| r.0).sum();
    let failures: Vec<&String> = results.iter().flat_map(|r| &r.1).collect();
    assert!(tried > 500, "only {tried} defects could be injected");
    assert!(failures.is_empty(), "{failures:#?}");
}
