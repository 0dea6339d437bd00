//! Files come in; the texts that python-docx and openpyxl find in them, and which of these we read too, go out.

use super::Text;
use crate::bench::peers;
use crate::root;
use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_model::Document;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a peer found in a file.
pub struct Texts {
    pub file: PathBuf,
    /// `None`: it does not open the file.
    pub found: Option<Found>,
}

/// Texts, and the places of numbers, dates and truth values.
pub struct Found {
    texts: Vec<String>,
    filled: Vec<(String, u32, u32)>,
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
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| Texts {
            file: PathBuf::from(line["file"].as_str().unwrap_or_default()),
            found: line.get("error").is_none().then(|| Found {
                texts: strings(&line["texts"]),
                filled: line["filled"]
                    .as_array()
                    .map_or(Vec::new(), |a| a.iter().filter_map(place).collect()),
            }),
        })
        .collect())
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().map_or(Vec::new(), |a| {
        a.iter()
            .filter_map(Value::as_str)
            .map(str::to_string)
            .collect()
    })
}

fn place(value: &Value) -> Option<(String, u32, u32)> {
    Some((
        value.get(0)?.as_str()?.to_string(),
        value.get(1)?.as_u64()?.try_into().ok()?,
        value.get(2)?.as_u64()?.try_into().ok()?,
    ))
}

/// Reads the file and looks for every piece that the peer found.
pub fn compare(texts: &Texts) -> Result<Text, String> {
    let Some(found) = &texts.found else {
        return Ok(Text::NotOpened);
    };
    let documents = documents(&texts.file)?;
    let ours: String = documents.iter().map(|d| bare(&d.text)).collect();
    let mut missing = Vec::new();
    for text in &found.texts {
        let wanted = bare(text);
        if !wanted.is_empty() && !ours.contains(&wanted) {
            missing.push(format!("“{}”", text.chars().take(40).collect::<String>()));
        }
    }
    let (on_sheets, as_lines): (Vec<_>, Vec<_>) =
        (found.filled.iter()).partition(|f| has_table(&documents, &f.0));
    // A sheet of one column is read as lines; each figure must be one of them.
    let figures = documents.iter().map(figures).sum::<usize>();
    for (sheet, row, col) in as_lines.iter().skip(figures) {
        missing.push(format!("{sheet} R{row}C{col}"));
    }
    for (sheet, row, col) in on_sheets {
        if !documents.iter().any(|d| is_filled(d, sheet, *row, *col)) {
            missing.push(format!("{sheet} R{row}C{col}"));
        }
    }
    let of = found.texts.len() + found.filled.len();
    Ok(match missing.first() {
        None => Text::Whole,
        Some(first) => Text::Missing(missing.len(), of, first.clone()),
    })
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

fn has_table(documents: &[Document], sheet: &str) -> bool {
    let mut tables = documents.iter().flat_map(|d| &d.tables);
    tables.any(|t| t.sheet.as_deref() == Some(sheet))
}

/// Lines that are a number, a date, a truth value or an error.
fn figures(document: &Document) -> usize {
    let lines = document.paragraphs.iter().map(|p| document.slice(&p.text));
    lines
        .filter(|line| {
            line.contains(|c: char| c.is_ascii_digit() || c == '#')
                || matches!(line.trim(), "TRUE" | "FALSE")
        })
        .count()
}

fn is_filled(document: &Document, sheet: &str, row: u32, col: u32) -> bool {
    document
        .tables
        .iter()
        .filter(|t| t.sheet.as_deref() == Some(sheet))
        .filter_map(|t| t.at(row, col))
        .any(|cell| !document.cell_text(cell).trim().is_empty())
}
