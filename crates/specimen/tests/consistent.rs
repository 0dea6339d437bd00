//! Generated packages are read back value by value and checked; they must be what their truth says, without an error.

use jiheng_engine::check::listing;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_model::{Form, RuleInfo, Severity};
use jiheng_specimen::kinds::kinds;
use jiheng_specimen::print::{Format, print};
use jiheng_specimen::sheet::Piece;
use jiheng_specimen::{invent, pieces};

fn evaluated(pieces: &[Piece], format: Format) -> Evaluation {
    let bytes = print(pieces, format);
    let name = format!("package.{}", format.ending());
    let files = vec![SourceFile { name, bytes }];
    evaluate(&Package { files }, Shelf::embedded(), None).expect("the shelf has a rulebook")
}

/// The text a form holds at "funds.total.outturn" or "indicators[3].score".
fn stated<'a>(form: &'a Form, path: &str) -> Option<&'a str> {
    let stated = match path.split_once('[') {
        None => form.get(path),
        Some((list, rest)) => {
            let (row, column) = rest.split_once("].")?;
            let row = form.rows(list).get(row.parse::<usize>().ok()?)?;
            form.cell(list, row, column)
        }
    };
    stated.map(|s| s.text.as_str())
}

#[test]
fn every_value_of_a_generated_package_is_read_where_it_was_printed() {
    for seed in 1..=24 {
        let format = Format::ALL[(seed % 4) as usize];
        let pieces = pieces(&invent::plan(seed));
        let evaluation = evaluated(&pieces, format);
        for piece in &pieces {
            let Piece::Grid(grid) = piece else { continue };
            let (kind, number) = grid.form.split_once('#').unwrap_or((&grid.form, "1"));
            let mut forms = evaluation.filing.forms.iter().filter(|f| f.kind() == kind);
            let number: usize = number.parse().expect("a number");
            let form = forms.nth(number - 1).expect("the form was recognised");
            for cell in grid.cells.iter().filter(|c| !c.path.is_empty()) {
                let read = stated(form, &cell.path).unwrap_or("(nothing)");
                let printed = cell.text.replace(['\n', ' '], "");
                let read = read.replace(['\n', ' '], "");
                // An amount after its label, the points behind a level: the value is a part of the cell.
                let level = cell.path.ends_with("dimension") && printed.starts_with(&read);
                let amount = printed.ends_with(&read)
                    && (cell.path.starts_with("funds") || cell.path.starts_with("projects["));
                let blank = read.is_empty() && printed.ends_with('：');
                let part = blank || !read.is_empty() && (level || amount);
                assert!(
                    read == printed || part,
                    "seed {seed} as {}: {}/{} printed {printed:?}, read {read:?}",
                    format.ending(),
                    grid.form,
                    cell.path
                );
            }
        }
    }
}

#[test]
fn generated_packages_have_no_error_and_hardly_a_warning() {
    let (mut warnings, mut hints) = (0, 0);
    const PACKAGES: u64 = 40;
    for seed in 100..100 + PACKAGES {
        let format = Format::ALL[(seed % 4) as usize];
        let evaluation = evaluated(&pieces(&invent::plan(seed)), format);
        for finding in &evaluation.checked.findings {
            let words = format!("{} {}", finding.code, finding.message);
            assert_ne!(finding.severity, Severity::Error, "seed {seed}: {words}");
            warnings += u64::from(finding.severity == Severity::Warning);
            hints += u64::from(finding.severity == Severity::Hint);
        }
    }
    assert!(warnings * 10 <= PACKAGES * 3, "{warnings} warnings");
    assert!(hints <= PACKAGES * 3, "{hints} hints");
}

/// Rules of level error that no injected defect can wake, and why.
const ASLEEP: &[(&str, &str)] = &[(
    "X407",
    "says that nobody has looked at the evidence; files of evidence are not read",
)];

/// Rows of the catalogue that rules cover and no injected defect is of, and why.
const NOT_INJECTED: &[(&str, &str)] = &[
    ("D01", "full scores everywhere: every form, not one change"),
    ("D09", "needs last year's project forms beside the package"),
    ("D22", "needs a whole line of work without indicators"),
    ("D25", "the weights of a whole form"),
    ("D39", "an adjustment moves every amount of a project"),
    ("D40", "an adjustment moves every amount of a project"),
    (
        "D41",
        "low execution moves every amount and score of a form",
    ),
    (
        "D42",
        "high execution moves every amount and score of a form",
    ),
    (
        "D43",
        "low execution moves every amount and score of a form",
    ),
    (
        "D44",
        "low execution moves every amount and score of a form",
    ),
    ("D46", "needs evidence, which is not read"),
    ("D47", "needs evidence, which is not read"),
    ("D48", "needs evidence, which is not read"),
    ("D50", "needs evidence, which is not read"),
    (
        "D69",
        "needs last year's list of corrections, which is not read",
    ),
    ("D73", "the specimens print no 项目属性"),
];

/// The rules of every rulebook, each once.
fn rules() -> Vec<RuleInfo> {
    let mut rules: Vec<RuleInfo> = Vec::new();
    for book in Shelf::embedded().rulebooks.values() {
        for rule in listing::rules(book) {
            if rules.iter().all(|r| r.code != rule.code) {
                rules.push(rule);
            }
        }
    }
    rules
}

#[test]
fn every_rule_of_level_error_is_woken_by_an_injected_defect() {
    let woken = jiheng_engine::casebook::mutations();
    assert!(!woken.is_empty(), "the data file is broken");
    // Family K speaks of rulebooks, which no package holds.
    let errors = rules()
        .into_iter()
        .filter(|r| r.severity == Severity::Error && !r.code.starts_with('K'));
    let (mut missing, mut needless) = (Vec::new(), Vec::new());
    for rule in errors {
        let asleep = ASLEEP.iter().any(|(code, _)| *code == rule.code);
        match woken.contains_key(&rule.code) {
            false if !asleep => missing.push(rule.code),
            true if asleep => needless.push(rule.code),
            _ => {}
        }
    }
    assert!(missing.is_empty(), "no injected defect wakes {missing:?}");
    assert!(needless.is_empty(), "{needless:?} can be woken after all");
    let names: Vec<&str> = kinds().iter().map(|k| k.name).collect();
    let gone: Vec<&String> = woken
        .values()
        .flatten()
        .filter(|name| !names.contains(&name.as_str()))
        .collect();
    assert!(
        gone.is_empty(),
        "kinds in the data file that are none: {gone:?}"
    );
}

#[test]
fn every_row_of_the_catalogue_that_rules_cover_is_injected() {
    let kinds = kinds();
    let injected = |id: &str| kinds.iter().any(|k| k.covers.contains(&id));
    let mut covered: Vec<String> = rules().iter().flat_map(|r| r.covers.to_vec()).collect();
    covered.sort();
    covered.dedup();
    let excused = |id: &str| NOT_INJECTED.iter().any(|(row, _)| *row == id);
    let missing: Vec<&String> = covered
        .iter()
        .filter(|id| !injected(id) && !excused(id))
        .collect();
    assert!(missing.is_empty(), "no kind of defect is of {missing:?}");
    let needless: Vec<&str> = NOT_INJECTED
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| injected(id))
        .collect();
    assert!(needless.is_empty(), "{needless:?} are injected after all");
}
