//! Files come in; the texts that python-docx and openpyxl find in them, and which of these we read too, go out.

use super::Text;
use super::values::Value;
use crate::bench::peers;
use crate::root;
use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_model::{Document, Table};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Bytes that a peer may leave out between two pieces of a paragraph.
const LEFT_OUT: usize = 2000;

/// What a peer found in a file.
pub struct Texts {
    pub file: PathBuf,
    /// `None`: it does not open the file.
    pub found: Option<Found>,
}

/// Texts of a document, and the cells of a workbook.
pub struct Found {
    /// Paragraphs, each in pieces that follow each other.
    texts: Vec<Vec<String>>,
    cells: Vec<Stored>,
}

/// A cell of a workbook with what is stored in it.
struct Stored {
    sheet: String,
    row: u32,
    col: u32,
    value: Value,
    /// As the peer prints it.
    text: String,
}

/// Asks the peers for the texts of the files that they can be asked for.
pub fn texts(files: &[PathBuf]) -> Result<Vec<Texts>, String> {
    let python = peers(&["python-docx", "openpyxl"])?;
    let wanted = files.iter().filter(|f| {
        let extension = f.extension().map(|e| e.to_string_lossy().to_lowercase());
        matches!(
            extension.as_deref(),
            Some("docx" | "docm" | "xlsx" | "xlsm")
        )
    });
    let mut child = Command::new(python)
        .arg("-W")
        .arg("ignore")
        .arg(root().join("xtask/peers/texts.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("python: {e}"))?;
    let list: String = wanted.map(|f| format!("{}\n", f.display())).collect();
    if let Some(mut input) = child.stdin.take() {
        input
            .write_all(list.as_bytes())
            .map_err(|e| e.to_string())?;
    }
    let out = child.wait_with_output().map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&out.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Json>(line).ok())
        .map(|line| Texts {
            file: PathBuf::from(line["file"].as_str().unwrap_or_default()),
            found: line.get("error").is_none().then(|| Found {
                texts: pieces(&line["texts"]),
                cells: line["cells"]
                    .as_array()
                    .map_or(Vec::new(), |a| a.iter().filter_map(stored).collect()),
            }),
        })
        .collect())
}

fn pieces(value: &Json) -> Vec<Vec<String>> {
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let strings = |value: &Json| {
        let pieces = list(value).into_iter();
        pieces
            .filter_map(|p| p.as_str().map(bare))
            .filter(|p| !p.is_empty())
            .collect()
    };
    list(value).iter().map(strings).collect()
}

fn stored(cell: &Json) -> Option<Stored> {
    let text = cell.get(4)?.as_str()?;
    Some(Stored {
        sheet: cell.get(0)?.as_str()?.to_string(),
        row: cell.get(1)?.as_u64()?.try_into().ok()?,
        col: cell.get(2)?.as_u64()?.try_into().ok()?,
        value: Value::new(cell.get(3)?.as_str()?, text),
        text: text.to_string(),
    })
}

/// Reads the file and looks for every piece that the peer found.
pub fn compare(texts: &Texts) -> Result<Text, String> {
    let Some(found) = &texts.found else {
        return Ok(Text::NotOpened);
    };
    let documents = documents(&texts.file)?;
    let mut missing = missing_texts(&documents, &found.texts);
    missing.extend(missing_cells(&documents, &found.cells));
    let of = found.texts.len() + found.cells.len();
    Ok(match missing.first() {
        None => Text::Whole,
        Some(first) => Text::Missing(missing.len(), of, first.clone()),
    })
}

/// Paragraphs of a Word file that stand nowhere in what we read of it.
fn missing_texts(documents: &[Document], texts: &[Vec<String>]) -> Vec<String> {
    let ours: String = documents.iter().map(|d| bare(&d.text)).collect();
    let lost = texts.iter().filter(|pieces| !stands(&ours, pieces));
    lost.map(|pieces| {
        let text: String = pieces.concat().chars().take(40).collect();
        format!("“{text}”")
    })
    .collect()
}

/// The pieces stand in the text one after the other, no further apart than what a peer may have left out.
fn stands(text: &str, pieces: &[String]) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return true;
    };
    text.match_indices(first.as_str()).any(|(at, _)| {
        let mut end = at + first.len();
        rest.iter().all(|piece| {
            let found = text[end..]
                .find(piece.as_str())
                .filter(|gap| *gap <= LEFT_OUT);
            end += found.unwrap_or(0) + piece.len();
            found.is_some()
        })
    })
}

/// Cells of a workbook whose place, as we read it, shows something else than what is stored.
fn missing_cells(documents: &[Document], cells: &[Stored]) -> Vec<String> {
    let tables: HashMap<&str, (&Document, &Table)> = (documents.iter())
        .flat_map(|d| d.tables.iter().map(move |t| (d, t)))
        .filter_map(|(d, t)| Some((t.sheet.as_deref()?, (d, t))))
        .collect();
    // A sheet of one column is read as lines, each with its row.
    let lines: HashMap<(&str, u32, u32), &str> = (documents.iter())
        .flat_map(|d| d.lines.iter().map(move |l| (d, l)))
        .flat_map(|(d, l)| {
            let numbered = (l.first..).zip(&l.rows);
            numbered.map(move |(n, row)| ((l.sheet.as_str(), *row, l.col), d.paragraph_text(n)))
        })
        .collect();
    let is_missing = |cell: &&Stored| {
        let sheet = cell.sheet.as_str();
        let shown = match tables.get(sheet) {
            Some((document, table)) => {
                (table.at(cell.row, cell.col)).map(|c| document.cell_text(c))
            }
            None => lines.get(&(sheet, cell.row, cell.col)).copied(),
        };
        !shown.is_some_and(|shown| cell.value.is_shown_by(shown))
    };
    (cells.iter().filter(is_missing))
        .map(|cell| {
            let value: String = cell.text.chars().take(40).collect();
            format!("{} R{}C{} “{value}”", cell.sheet, cell.row, cell.col)
        })
        .collect()
}

fn documents(file: &Path) -> Result<Vec<Document>, String> {
    let bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    Ok(read(&Package {
        files: vec![SourceFile {
            name: name.into_owned(),
            bytes,
        }],
    }))
}

/// Without white space and what only a printer sees: readers differ in how they print breaks.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(
                    c,
                    '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2011}' | '-'
                )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Stored, missing_cells, missing_texts};
    use crate::corpus::robustness::values::Value;
    use jiheng_engine::read::{Package, SourceFile, read};
    use jiheng_model::Document;

    fn page(html: &str) -> Vec<Document> {
        let (name, bytes) = ("a.html".into(), html.as_bytes().to_vec());
        read(&Package {
            files: vec![SourceFile { name, bytes }],
        })
    }

    fn cells(numbers: &[&str]) -> Vec<Stored> {
        let stored = |(row, text): (u32, &&str)| Stored {
            sheet: "a".into(),
            row,
            col: 1,
            value: Value::new("number", text),
            text: (*text).to_string(),
        };
        (1..).zip(numbers).map(stored).collect()
    }

    #[test]
    fn a_lost_paragraph_and_a_lost_piece_are_missed() {
        let ours = page("<html><p>本年预算二十八万元</p><p>已支出</p></html>");
        let pieces = |text: &[&str]| vec![text.iter().map(|t| t.to_string()).collect::<Vec<_>>()];
        assert!(missing_texts(&ours, &pieces(&["本年", "万元"])).is_empty());
        assert_eq!(missing_texts(&ours, &pieces(&["万元", "本年"])).len(), 1);
        assert_eq!(missing_texts(&ours, &pieces(&["未支出"])).len(), 1);
    }

    #[test]
    fn each_cell_shows_its_own_value_in_its_own_row() {
        let sheet = b"<worksheet><sheetData><row><c><v>5</v></c></row><row><c><v>6</v></c></row></sheetData></worksheet>";
        let bytes = jiheng_office::write::zip(&[
            ("xl/workbook.xml", b"<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>"),
            (
                "xl/_rels/workbook.xml.rels",
                b"<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s.xml\"/></Relationships>",
            ),
            ("xl/s.xml", sheet),
        ]);
        let name = "a.xlsx".into();
        let ours = read(&Package {
            files: vec![SourceFile { name, bytes }],
        });
        assert!(missing_cells(&ours, &cells(&["5", "6"])).is_empty());
        assert_eq!(missing_cells(&ours, &cells(&["5", "5"])).len(), 1);
        assert_eq!(missing_cells(&ours, &cells(&["6", "5"])).len(), 2);
        assert_eq!(missing_cells(&ours, &cells(&["5", "6", "7"])).len(), 1);
    }
}
