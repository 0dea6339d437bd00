//! Rows of cells come in; CSV as spreadsheets open it goes out: UTF-8 with a byte order mark, CRLF, quoted where needed.
//!
//! Spreadsheets run cells that begin with `=`, `+`, `-` or `@` as formulas. Words of documents are no
//! formulas: such a cell gets an apostrophe before it, unless it is a plain number.

use crate::{Cell, Column};
use std::io::{self, Write};

/// A CSV file being written.
pub struct Csv<W: Write> {
    out: W,
    line: String,
}

impl<W: Write> Csv<W> {
    /// Begins with the byte order mark and the names of the columns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn new(mut out: W, columns: &[Column]) -> io::Result<Csv<W>> {
        let names: Vec<&str> = columns.iter().map(|c| c.name).collect();
        write!(out, "\u{feff}{}\r\n", names.join(","))?;
        Ok(Csv {
            out,
            line: String::new(),
        })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.line.clear();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.line.push(',');
            }
            match cell {
                Cell::Missing => {}
                Cell::Text(text) => words(text, &mut self.line),
                Cell::Count(number) => self.line.push_str(&number.to_string()),
                Cell::Decimal(number) => self.line.push_str(&number.to_string()),
            }
        }
        self.line.push_str("\r\n");
        self.out.write_all(self.line.as_bytes())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Appends words, quoted where the format needs it, never as a formula.
fn words(text: &str, line: &mut String) {
    let guard = is_formula(text);
    let quoted =
        text.contains([',', '"', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ');
    if quoted {
        line.push('"');
    }
    if guard {
        line.push('\'');
    }
    for c in text.chars() {
        match c {
            '"' => line.push_str("\"\""),
            // No spreadsheet shows it, and some stop reading there.
            '\0' => {}
            c => line.push(c),
        }
    }
    if quoted {
        line.push('"');
    }
}

/// A spreadsheet would run this cell; a plain number it only reads. Signs of full width count as well.
fn is_formula(text: &str) -> bool {
    let begun =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let number = |t: &str| {
        let digits = t.strip_prefix(['+', '-']).unwrap_or(t);
        !digits.is_empty()
            && digits
                .chars()
                .all(|c| c.is_ascii_digit() || c == '.' || c == '%')
    };
    begun.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && !number(text)
        || text.starts_with(['\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn one(cell: &str) -> String {
        let columns = [Column {
            name: "a",
            kind: Kind::Text,
        }];
        let mut out = Vec::new();
        let mut csv = Csv::new(&mut out, &columns).expect("memory");
        csv.row(&[Cell::Text(cell)]).expect("memory");
        csv.finish().expect("memory");
        let text = String::from_utf8(out).expect("UTF-8");
        let row = text.strip_prefix("\u{feff}a\r\n").expect("head");
        row.strip_suffix("\r\n").expect("row").to_string()
    }

    #[test]
    fn formulas_become_text_and_numbers_stay() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\n=1", "\"'\n=1\""),
            ("-12.50", "-12.50"),
            ("+3%", "+3%"),
            ("-", "'-"),
            ("岳阳市=湖南", "岳阳市=湖南"),
        ] {
            assert_eq!(one(cell), written);
        }
    }

    #[test]
    fn commas_quotes_and_line_breaks_are_quoted() {
        assert_eq!(one("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        assert_eq!(one(" a"), "\" a\"");
        assert_eq!(one("a b"), "a b");
    }
}
