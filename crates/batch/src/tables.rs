//! Records in their order come in; `packages`, `findings` and `scores` go out as tables.

use crate::record::{Record, Status};
use jiheng_export::{Cell, Column, Kind, Table};
use jiheng_model::{Decimal, Severity};
use std::io;
use std::path::{Path, PathBuf};

/// The tables' names.
pub const NAMES: [&str; 3] = ["packages", "findings", "scores"];

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// One row a package (output contract).
const PACKAGES: &[Column] = &[
    column("path", Kind::Text),
    column("rulebook", Kind::Text),
    column("forms", Kind::Count),
    column("cells", Kind::Count),
    column("errors", Kind::Count),
    column("warnings", Kind::Count),
    column("hints", Kind::Count),
    column("total_score", Kind::Decimal),
    column("rating", Kind::Text),
    column("seconds", Kind::Decimal),
    column("status", Kind::Text),
];

/// One row a finding.
const FINDINGS: &[Column] = &[
    column("path", Kind::Text),
    column("number", Kind::Count),
    column("code", Kind::Text),
    column("severity", Kind::Text),
    column("message", Kind::Text),
    column("stated", Kind::Text),
    column("computed", Kind::Text),
    column("derivation", Kind::Text),
    column("form", Kind::Text),
    column("place", Kind::Text),
    column("file", Kind::Text),
    column("position", Kind::Text),
    column("table", Kind::Count),
    column("row", Kind::Count),
    column("col", Kind::Count),
    column("paragraph", Kind::Count),
    column("basis", Kind::Text),
    column("advice", Kind::Text),
    column("caused_by", Kind::Count),
    column("explained", Kind::Count),
];

/// One row a form that carries scores; stated (填报) and computed (复算) stand apart.
const SCORES: &[Column] = &[
    column("path", Kind::Text),
    column("form", Kind::Text),
    column("annex", Kind::Text),
    column("unit_name", Kind::Text),
    column("project_name", Kind::Text),
    column("execution_rate_stated", Kind::Decimal),
    column("execution_rate_computed", Kind::Decimal),
    column("execution_points", Kind::Decimal),
    column("execution_score_stated", Kind::Decimal),
    column("execution_score_computed", Kind::Decimal),
    column("indicators", Kind::Count),
    column("indicators_computed", Kind::Count),
    column("total_points", Kind::Decimal),
    column("total_score_stated", Kind::Decimal),
    column("total_score_computed", Kind::Decimal),
    column("rating_stated", Kind::Text),
    column("rating_computed", Kind::Text),
];

/// The three tables being written beside their final names.
pub struct Tables {
    packages: Table,
    findings: Table,
    scores: Table,
    beside: PathBuf,
}

impl Tables {
    /// Begins the tables in a folder of their own inside the folder of results.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn create(out: &Path) -> io::Result<Tables> {
        let beside = out.join(".tables.part");
        std::fs::create_dir_all(&beside)?;
        Ok(Tables {
            packages: Table::create(&beside, NAMES[0], PACKAGES)?,
            findings: Table::create(&beside, NAMES[1], FINDINGS)?,
            scores: Table::create(&beside, NAMES[2], SCORES)?,
            beside,
        })
    }

    /// Writes the rows of a package.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        let path = Cell::Text(&record.path);
        // What was not read has no counts: nothing is not zero.
        let checked = record.status == Status::Checked;
        let count = |n: u64| Cell::count(checked.then_some(n));
        let main = record.main_score();
        self.packages.row(&[
            path.clone(),
            Cell::text(Some(&record.rulebook)),
            count(record.forms),
            count(record.cells),
            count(record.errors),
            count(record.warnings),
            count(record.hints),
            Cell::decimal(main.and_then(|s| s.total.stated)),
            Cell::text(main.and_then(|s| s.rating_of_stated.as_deref())),
            Cell::Decimal(Decimal::new(record.micros.div_ceil(100) as i64, 4)),
            Cell::Text(record.status.word()),
        ])?;
        for (number, f) in record.findings.iter().enumerate() {
            let at = |place: usize| Cell::count(f.cell.map(|c| c[place]));
            self.findings.row(&[
                path.clone(),
                Cell::Count(number as u64 + 1),
                Cell::Text(&f.code),
                Cell::Text(word(f.severity)),
                Cell::Text(&f.message),
                Cell::text(f.stated.as_deref()),
                Cell::text(f.computed.as_deref()),
                Cell::text(f.derivation.as_deref()),
                Cell::Text(&f.form),
                Cell::text(Some(&f.place)),
                Cell::text(Some(&f.file)),
                Cell::text(Some(&f.position)),
                at(0),
                at(1),
                at(2),
                Cell::count(f.paragraph),
                Cell::text(Some(&f.basis)),
                Cell::text(Some(&f.advice)),
                Cell::count(f.caused_by),
                Cell::Count(u64::from(f.explained)),
            ])?;
        }
        for s in &record.scores {
            self.scores.row(&[
                path.clone(),
                Cell::Text(&s.form),
                Cell::text(s.annex.as_deref()),
                Cell::text(s.unit_name.as_deref()),
                Cell::text(s.project_name.as_deref()),
                Cell::decimal(s.execution_rate.stated),
                Cell::decimal(s.execution_rate.computed),
                Cell::decimal(s.execution_points),
                Cell::decimal(s.execution_score.stated),
                Cell::decimal(s.execution_score.computed),
                Cell::Count(s.indicators),
                Cell::Count(s.indicators_computed),
                Cell::decimal(s.total_points),
                Cell::decimal(s.total.stated),
                Cell::decimal(s.total.computed),
                Cell::text(s.rating_stated.as_deref()),
                Cell::text(s.rating_computed.as_deref()),
            ])?;
        }
        Ok(())
    }

    /// Ends the tables and gives them their names.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self, out: &Path) -> io::Result<()> {
        self.packages.finish()?;
        self.findings.finish()?;
        self.scores.finish()?;
        for name in NAMES {
            for ending in Table::endings() {
                let file = format!("{name}.{ending}");
                std::fs::rename(self.beside.join(&file), out.join(&file))?;
            }
        }
        std::fs::remove_dir_all(&self.beside)
    }
}

/// The word of the output contract.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
