//! Generated packages are read back value by value and checked; they must be what their truth says, without an error.

use jiheng_engine::read::{Package, SourceFile};
use jiheng_engine::rulebook::Shelf;
use jiheng_engine::{Evaluation, evaluate};
use jiheng_model::{Form, Severity};
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

/// Rules that one file with one change cannot wake: what they need is another file or another kind of package.
const ASLEEP: &[(&str, &str)] = &[
    ("A116", "the block totals of the city's form speak first"),
    ("A117", "the block totals of the city's form speak first"),
    (
        "A426",
        "needs a form whose scores are folded; the specimens have none",
    ),
    ("X351", "the specimens print no credit code"),
    ("X407", "needs evidence files"),
];

#[test]
fn every_rule_of_level_error_is_killed_by_a_mutation() {
    let killed = jiheng_engine::casebook::mutations();
    assert!(!killed.is_empty(), "the data file is broken");
    let shelf = Shelf::embedded();
    let book = shelf
        .rulebooks
        .values()
        .find(|b| b.id.contains("municipal"));
    let rules = jiheng_engine::check::listing::rules(book.expect("the city's rulebook"));
    // Family K speaks of rulebooks, which no package holds.
    let missing: Vec<&str> = rules
        .iter()
        .filter(|r| r.severity == Severity::Error && !r.code.starts_with('K'))
        .map(|r| r.code.as_str())
        .filter(|c| !killed.contains_key(*c) && ASLEEP.iter().all(|(a, _)| a != c))
        .collect();
    assert!(missing.is_empty(), "no mutation wakes {missing:?}");
}
