//! The forms of other places with their truth files come in; a table of what was read right, wrong and not at all goes out.

use super::defects::{self, Defects};
use super::truth::{self, Reading, TruthCell};
use crate::root;
use jiheng_engine::Evaluation;
use jiheng_engine::read::{Package, SourceFile, is_readable};
use jiheng_engine::rulebook::Shelf;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What one document gave.
pub struct Report {
    name: String,
    /// Why the file could not be read at all.
    skipped: Option<String>,
    forms: (usize, usize),
    cells: Vec<TruthCell>,
    defects: Defects,
    /// Rulebook in force.
    rulebook: String,
    unrecognised: usize,
}

impl Report {
    fn count(&self, reading: Reading) -> usize {
        self.cells.iter().filter(|c| c.reading == reading).count()
    }
}

/// Compares every document that has a truth file.
pub fn compare_all(shared: &Path, only: Option<&str>) -> Result<Vec<Report>, String> {
    let folder = shared.join("corpus/layouts");
    let shelf = Shelf::embedded();
    let mut truths: Vec<_> = fs::read_dir(&folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.to_string_lossy().ends_with(".truth.json"))
        .collect();
    truths.sort();
    let mut reports = Vec::new();
    for path in truths {
        let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let truth: Value =
            serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        let name = truth["file"].as_str().unwrap_or("").to_string();
        if only.is_some_and(|o| !name.contains(o)) {
            continue;
        }
        let bytes = fs::read(folder.join(&name)).map_err(|e| format!("{name}: {e}"))?;
        let package = Package {
            files: vec![SourceFile {
                name: name.clone(),
                bytes,
            }],
        };
        let evaluation = jiheng_engine::evaluate(&package, shelf, None).map_err(|u| u.id)?;
        reports.push(compare(name, &truth, &evaluation));
    }
    Ok(reports)
}

fn compare(name: String, truth: &Value, evaluation: &Evaluation) -> Report {
    let skipped = (!is_readable(&evaluation.documents)).then(|| {
        let messages = evaluation.documents.iter().flat_map(|d| &d.notices);
        messages.map(|n| n.message.clone()).collect::<String>()
    });
    let mut report = Report {
        name,
        skipped,
        forms: (0, 0),
        cells: Vec::new(),
        defects: Defects::default(),
        rulebook: evaluation.rulebook.id.clone(),
        unrecognised: evaluation.filing.unrecognised.len(),
    };
    if report.skipped.is_some() {
        return report;
    }
    let kind = truth["form"].as_str().unwrap_or("");
    let more = truth["more_forms"].as_array().into_iter().flatten();
    for (number, part) in std::iter::once(truth).chain(more).enumerate() {
        let form = evaluation.filing.of(kind).nth(number);
        report.forms.0 += usize::from(form.is_some());
        report.forms.1 += 1;
        report
            .cells
            .extend(truth::compare(part, form, &evaluation.documents));
    }
    report.defects = defects::compare(truth, evaluation);
    report
}

/// Prints the table; with `cells` every cell that was not read right, every defect not found and every error not borne out.
pub fn print(reports: &[Report], cells: bool) {
    for report in reports {
        if let Some(why) = &report.skipped {
            println!("{}: skipped: {why}", report.name);
            continue;
        }
        println!("{}", line(report));
        if !cells {
            continue;
        }
        for cell in report.cells.iter().filter(|c| c.reading != Reading::Right) {
            println!(
                "    {:?} {}: printed {:?}, read {:?}",
                cell.reading, cell.path, cell.printed, cell.read
            );
        }
        for defect in &report.defects.unfound {
            println!("    not found: {defect}");
        }
        for error in &report.defects.unborne {
            println!("    not borne out: {error}");
        }
    }
    let sum = Sum::of(reports);
    println!(
        "layouts: {} documents, {} skipped; forms {}/{}; truth cells {}, right {} ({}), wrong {}, missed {}; known defects {}/{} (soft {}/{}); errors not borne out {}",
        reports.len() - sum.skipped,
        sum.skipped,
        sum.forms.0,
        sum.forms.1,
        sum.cells(),
        sum.right,
        percent(sum.right, sum.cells()),
        sum.wrong,
        sum.missed,
        sum.found,
        sum.known,
        sum.soft.1,
        sum.soft.0,
        sum.unborne
    );
}

fn line(report: &Report) -> String {
    let right = report.count(Reading::Right);
    format!(
        "{}: forms {}/{}; right {right} of {} ({}), wrong {}, missed {}; defects {}/{} (soft {}/{}); not borne out {}; {} ({} unrecognised)",
        report.name,
        report.forms.0,
        report.forms.1,
        report.cells.len(),
        percent(right, report.cells.len()),
        report.count(Reading::Wrong),
        report.count(Reading::Missed),
        report.defects.found,
        report.defects.known,
        report.defects.soft.1,
        report.defects.soft.0,
        report.defects.unborne.len(),
        report.rulebook,
        report.unrecognised,
    )
}

/// The numbers of all documents.
#[derive(Default)]
struct Sum {
    skipped: usize,
    forms: (usize, usize),
    right: usize,
    wrong: usize,
    missed: usize,
    known: usize,
    found: usize,
    soft: (usize, usize),
    unborne: usize,
}

impl Sum {
    fn of(reports: &[Report]) -> Sum {
        let mut sum = Sum::default();
        for r in reports {
            sum.skipped += usize::from(r.skipped.is_some());
            sum.forms.0 += r.forms.0;
            sum.forms.1 += r.forms.1;
            sum.right += r.count(Reading::Right);
            sum.wrong += r.count(Reading::Wrong);
            sum.missed += r.count(Reading::Missed);
            sum.known += r.defects.known;
            sum.found += r.defects.found;
            sum.soft.0 += r.defects.soft.0;
            sum.soft.1 += r.defects.soft.1;
            sum.unborne += r.defects.unborne.len();
        }
        sum
    }

    fn cells(&self) -> usize {
        self.right + self.wrong + self.missed
    }
}

/// A share with two places, cut off and not rounded, so that 100% means all.
fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "—".into();
    }
    let hundredths = part * 10_000 / whole;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The page docs/accuracy.md.
pub fn page(reports: &[Report]) -> String {
    let mut out = String::from(
        "# 读得准不准\n\n各地表样的真值和读出的值逐格比对。由 `cargo xtask corpus --write` 生成。\n\n\
         真值一格不漏地记下纸面上印的内容；空白格读出了内容算读错。缺陷只数能机械核对的，要在它所在的行报出才算找到；\
         “不成立的错误”是真值不支持的错误级发现。\n\n\
         | 文件 | 表 | 真值格 | 读对 | 读错 | 漏读 | 读对率 | 缺陷 | 不成立的错误 |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for r in reports.iter().filter(|r| r.skipped.is_none()) {
        let right = r.count(Reading::Right);
        let _ = writeln!(
            out,
            "| {} | {}/{} | {} | {right} | {} | {} | {} | {}/{} | {} |",
            r.name,
            r.forms.0,
            r.forms.1,
            r.cells.len(),
            r.count(Reading::Wrong),
            r.count(Reading::Missed),
            percent(right, r.cells.len()),
            r.defects.found,
            r.defects.known,
            r.defects.unborne.len()
        );
    }
    let sum = Sum::of(reports);
    let _ = writeln!(
        out,
        "| 合计 | {}/{} | {} | {} | {} | {} | {} | {}/{} | {} |",
        sum.forms.0,
        sum.forms.1,
        sum.cells(),
        sum.right,
        sum.wrong,
        sum.missed,
        percent(sum.right, sum.cells()),
        sum.found,
        sum.known,
        sum.unborne
    );
    let skipped: Vec<&str> = reports
        .iter()
        .filter(|r| r.skipped.is_some())
        .map(|r| r.name.as_str())
        .collect();
    if !skipped.is_empty() {
        let _ = writeln!(out, "\n没有读的文件：{}。", skipped.join("、"));
    }
    out
}

/// Writes the page.
pub fn write(page: &str) -> Result<(), String> {
    fs::write(root().join("docs/accuracy.md"), page).map_err(|e| format!("docs/accuracy.md: {e}"))
}
