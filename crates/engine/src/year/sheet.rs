//! A file exported from another system comes in; its tables as rows of words, with the lines above them, go out.
//!
//! Workbooks and documents are read by the readers of the corridor; a text whose lines hold
//! separators is a table too, whichever encoding it is in.

use crate::read::{self, Package, SourceFile};
use jiheng_model::document::Block;
use jiheng_model::label::trim;
use jiheng_model::{Document, Table};

/// A table of a file as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The file as the user knows it.
    pub file: String,
    /// The sheet's name, for workbooks.
    pub name: Option<String>,
    /// Lines that stand above the table.
    pub above: Vec<String>,
    /// Rows of cells; a merged cell stands at each of its places.
    pub rows: Vec<Vec<String>>,
}

/// So many lines above a table may say what it is.
const ABOVE: usize = 6;
/// Longer files of rows are no list of projects.
const ROWS: usize = 20_000;

/// The tables of a file, hidden sheets left out.
///
/// # Errors
/// One Chinese sentence when the file cannot be read or holds no table.
pub fn sheets(file: &SourceFile) -> Result<(Vec<Sheet>, Vec<Document>), String> {
    let package = Package {
        files: vec![file.clone()],
    };
    let documents = read::read(&package);
    if let Some(why) = read::why_unreadable(&documents).first() {
        return Err(format!("读不了  {why}"));
    }
    let mut sheets = Vec::new();
    for document in &documents {
        tables(document, &mut sheets);
    }
    if sheets.is_empty()
        && let Some(text) = read::text::decode(&file.bytes)
    {
        let rows = separated(&text);
        if rows.iter().any(|row| row.len() > 1) {
            sheets.push(Sheet {
                file: file.name.clone(),
                rows,
                ..Sheet::default()
            });
        }
    }
    if sheets.is_empty() {
        return Err(format!(
            "{} 里没有表格。请从系统导出为 xlsx 或 csv，再试一次。",
            file.name
        ));
    }
    Ok((sheets, documents))
}

fn tables(document: &Document, sheets: &mut Vec<Sheet>) {
    let mut above: Vec<String> = Vec::new();
    for block in &document.blocks {
        match *block {
            Block::Paragraph(number) => {
                let text = trim(document.paragraph_text(number));
                if !text.is_empty() {
                    above.push(text.to_string());
                }
            }
            Block::Table(number) => {
                let lines = std::mem::take(&mut above);
                let from = lines.len().saturating_sub(ABOVE);
                let table = document.table(number).filter(|t| !t.hidden);
                if let Some(table) = table.filter(|t| t.rows > 0) {
                    sheets.push(Sheet {
                        file: document.name.clone(),
                        name: table.sheet.clone(),
                        above: lines[from..].to_vec(),
                        rows: rows(document, table),
                    });
                }
            }
        }
    }
}

fn rows(document: &Document, table: &Table) -> Vec<Vec<String>> {
    let cell = |row, col| {
        let cell = table.at(row, col);
        cell.map_or_else(String::new, |c| trim(document.cell_text(c)).to_string())
    };
    (1..=table.rows.min(ROWS as u32))
        .map(|row| (1..=table.cols).map(|col| cell(row, col)).collect())
        .collect()
}

/// The rows of a text with separators; what stands in quotation marks is one cell, line breaks included.
pub fn separated(text: &str) -> Vec<Vec<String>> {
    let separator = separator(text);
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if trim(&cell).is_empty() => {
                cell.clear();
                quoted = true;
            }
            c if c == separator && !quoted => row.push(done(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(done(&mut cell));
                rows.push(std::mem::take(&mut row));
                if rows.len() >= ROWS {
                    return rows;
                }
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(done(&mut cell));
        rows.push(row);
    }
    rows
}

/// A finished cell; systems that write ="001" to keep a number as text mean 001.
fn done(cell: &mut String) -> String {
    let text = std::mem::take(cell);
    let text = trim(&text);
    let kept = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"'));
    kept.unwrap_or(text).to_string()
}

/// The separator that the first lines have most of.
fn separator(text: &str) -> char {
    let first: Vec<&str> = text.lines().take(20).collect();
    let count = |c: &char| first.iter().map(|l| l.matches(*c).count()).sum::<usize>();
    let known = [',', '\t', ';', '，', '|'];
    // Of equally frequent ones the first.
    let best = known.into_iter().rev().max_by_key(count);
    best.unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> SourceFile {
        SourceFile {
            name: name.into(),
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn a_separated_text_is_a_table_in_any_encoding() {
        let text =
            "项目名称,预算数(元)\r\n\"渠道,清淤\",\"1,200.50\"\r\n=\"001\",\"他说\"\"好\"\"\"\r\n";
        let (gbk, ..) = encoding_rs::GB18030.encode(text);
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &gbk, &marked] {
            let (sheets, _) = sheets(&file("清单.csv", bytes)).unwrap();
            assert_eq!(sheets.len(), 1);
            assert_eq!(sheets[0].rows[0], ["项目名称", "预算数(元)"]);
            assert_eq!(sheets[0].rows[1], ["渠道,清淤", "1,200.50"]);
            assert_eq!(sheets[0].rows[2], ["001", "他说\"好\""]);
        }
        assert_eq!(separated("a\tb\nc\td")[1], ["c", "d"]);
    }

    #[test]
    fn a_file_without_a_table_says_what_to_do() {
        let said = sheets(&file("说明.txt", "只有一句话".as_bytes())).unwrap_err();
        assert!(said.contains("没有表格") && said.contains("xlsx"), "{said}");
        assert!(sheets(&file("空.csv", b"")).is_err());
    }
}
