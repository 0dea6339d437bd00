//! The number formats of a workbook's cell styles come in; numbers as their cells show them go out.
//!
//! The three kinds of workbook (BIFF, XML, binary) store styles differently and mean the same by them.

use super::format::{self, NumberFormat};
use jiheng_model::Decimal;
use std::collections::{BTreeSet, HashMap};

/// The number formats of a workbook and which cell style has which.
#[derive(Debug, Default)]
pub(in crate::read) struct Styles {
    /// Days are counted from 1904.
    pub date1904: bool,
    /// The codes that the workbook defines itself.
    own: HashMap<u32, String>,
    /// Where in `formats` the format of an id is.
    known: HashMap<u32, usize>,
    formats: Vec<(String, NumberFormat)>,
    /// Index in `formats` of each cell style.
    of_cells: Vec<usize>,
}

impl Styles {
    /// None yet, of a workbook whose days are counted from 1904 or not.
    pub fn new(date1904: bool) -> Styles {
        Styles {
            date1904,
            ..Styles::default()
        }
    }

    /// The workbook's own format of an id; the first definition counts.
    pub fn define(&mut self, id: u32, code: String) {
        self.own.entry(id).or_insert(code);
    }

    /// The next cell style has the format of an id. Formats are defined before.
    pub fn push(&mut self, id: u32) {
        let (own, formats) = (&self.own, &mut self.formats);
        let index = *self.known.entry(id).or_insert_with(|| {
            let code = own.get(&id).map(String::as_str);
            let code = code.or_else(|| format::built_in(id)).unwrap_or("General");
            formats.push((code.to_string(), NumberFormat::new(code)));
            formats.len() - 1
        });
        self.of_cells.push(index);
    }

    /// Prints a number through the format of a style; a code that is not known goes to `unknown`.
    pub fn print(
        &self,
        number: Decimal,
        style: usize,
        unknown: &mut BTreeSet<String>,
        out: &mut String,
    ) {
        let format = self.of_cells.get(style).and_then(|i| self.formats.get(*i));
        let Some((code, format)) = format else {
            return out.push_str(&number.to_string());
        };
        let printed = format.print(number, self.date1904);
        if printed.plain {
            unknown.insert(code.clone());
        }
        out.push_str(&printed.text);
    }
}
