//! Rows of cells come in; the same table as CSV and, with the feature `parquet`, as Parquet goes out.
//!
//! Knows tables, not budgets or findings. Rows are written as they come: memory does not grow with them.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;

pub use csv::Csv;

use rust_decimal::Decimal;
use std::io;
use std::path::Path;

/// A column: its name in both formats and what its cells hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// English name in lower case.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// Whole numbers.
    Count,
    /// Exact decimals; in Parquet with six places.
    Decimal,
}

/// A cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Missing,
    /// Words.
    Text(&'a str),
    /// A whole number.
    Count(u64),
    /// An exact decimal.
    Decimal(Decimal),
}

impl<'a> Cell<'a> {
    /// Words, or nothing where there are none.
    pub fn text(text: Option<&'a str>) -> Cell<'a> {
        text.filter(|t| !t.is_empty())
            .map_or(Cell::Missing, Cell::Text)
    }

    /// A decimal, or nothing.
    pub fn decimal(number: Option<Decimal>) -> Cell<'a> {
        number.map_or(Cell::Missing, Cell::Decimal)
    }

    /// A whole number, or nothing.
    pub fn count(number: Option<impl Into<u64>>) -> Cell<'a> {
        number.map_or(Cell::Missing, |n| Cell::Count(n.into()))
    }
}

/// A table being written as CSV and, with the feature `parquet`, as Parquet beside it.
pub struct Table {
    csv: Csv<io::BufWriter<std::fs::File>>,
    #[cfg(feature = "parquet")]
    parquet: parquet::Parquet,
}

impl Table {
    /// Begins a table in files of this name with `.csv` and `.parquet` in a folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn create(folder: &Path, name: &str, columns: &'static [Column]) -> io::Result<Table> {
        let file = |ending: &str| std::fs::File::create(folder.join(format!("{name}.{ending}")));
        Ok(Table {
            csv: Csv::new(io::BufWriter::new(file("csv")?), columns)?,
            #[cfg(feature = "parquet")]
            parquet: parquet::Parquet::new(file("parquet")?, columns)?,
        })
    }

    /// Endings of the files that are written.
    pub fn endings() -> &'static [&'static str] {
        if cfg!(feature = "parquet") {
            &["csv", "parquet"]
        } else {
            &["csv"]
        }
    }

    /// Writes a row: a cell for each column.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.csv.row(cells)?;
        #[cfg(feature = "parquet")]
        self.parquet.row(cells)?;
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> io::Result<()> {
        self.csv.finish()?;
        #[cfg(feature = "parquet")]
        self.parquet.finish()?;
        Ok(())
    }
}
