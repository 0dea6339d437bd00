//! Final accounts (部门决算) that lie beside a package: their figures, each with its place.

use crate::origin::Origin;
use crate::unit::Unit;
use rust_decimal::Decimal;

/// The final accounts in one file, tables and text.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// File of the bundle, from 0.
    pub file: u16,
    /// The unit their title names, as printed.
    pub unit: Option<String>,
    /// Their fiscal year.
    pub year: Option<i16>,
    /// Tables of the file that belong to them, from 1.
    pub tables: Vec<u32>,
    /// Figures in the order of the file, those of tables first.
    pub figures: Vec<AccountFigure>,
}

/// A figure of the final accounts.
#[derive(Clone, Debug)]
pub struct AccountFigure {
    /// The item of the rulebook it is of ("three_publics.reception").
    pub item: String,
    /// What is printed beside it: the table's title and its labels, or the words before it.
    pub label: String,
    /// The number as printed.
    pub value: Decimal,
    /// Its unit; `None` when neither cell nor table names one.
    pub unit: Option<Unit>,
    /// The printed words.
    pub text: String,
    /// Where they stand.
    pub origin: Origin,
}

impl Accounts {
    /// The figures of an item.
    pub fn of<'a>(&'a self, item: &'a str) -> impl Iterator<Item = &'a AccountFigure> {
        self.figures.iter().filter(move |f| f.item == item)
    }
}
