//! Documents come in; the final accounts (部门决算) among them, as figures with their places, go out.
//!
//! Tables are known by their titles and read by the labels of each cell; sentences by the words
//! before each amount. Which titles, labels and words is data of the rulebook.

mod prose;
mod tables;

use crate::narrative::terms::comparable;
use crate::rulebook::Rulebook;
use jiheng_model::document::Block;
use jiheng_model::label::{is_blank, trim};
use jiheng_model::{Accounts, Document};

/// So many lines at the start of a file may hold the title of final accounts.
const TITLE_LINES: usize = 12;
/// Longer lines (in characters) are no titles.
const TITLE_LENGTH: usize = 45;

/// The label of a line of accounts in comparable form: "（一）基本支出" and "其中：基本支出" are "基本支出".
pub fn line_label(text: &str) -> String {
    tables::label(text)
}

/// The final accounts of a bundle, file by file.
pub fn accounts(documents: &[Document], rulebook: &Rulebook) -> Vec<Accounts> {
    let marks = rulebook.words("accounts_marks");
    let mut found = Vec::new();
    for (file, document) in documents.iter().enumerate() {
        // Nearly no file is final accounts: one search of its text says so.
        let bytes = document.text.as_bytes();
        let marked = |w: &String| memchr::memmem::find(bytes, w.as_bytes()).is_some();
        if marks.iter().any(marked)
            && let Some(accounts) = of(document, file as u16, rulebook)
        {
            found.push(accounts);
        }
    }
    found
}

fn of(document: &Document, file: u16, rulebook: &Rulebook) -> Option<Accounts> {
    let mut accounts = Accounts {
        file,
        ..Accounts::default()
    };
    tables::read(document, rulebook, &mut accounts);
    let titled = title(document, rulebook, &mut accounts);
    if titled {
        prose::read(document, rulebook, &mut accounts);
    }
    (titled || !accounts.tables.is_empty()).then_some(accounts)
}

/// Looks for "2023年度青渚市水务局部门决算", on one line or two; takes unit and year from it.
fn title(document: &Document, rulebook: &Rulebook, accounts: &mut Accounts) -> bool {
    let ends = rulebook.words("accounts_titles");
    let lines: Vec<&str> = first_lines(document);
    let is_title = |line: &&str| {
        let words = comparable(line);
        line.chars().count() <= TITLE_LENGTH
            && !line.contains(['《', '。', '，', '：', ':'])
            && ends.iter().any(|e| words.ends_with(e.as_str()))
    };
    let Some(at) = lines.iter().position(is_title) else {
        return false;
    };
    let words = comparable(lines[at]);
    let end = ends.iter().filter(|e| words.ends_with(e.as_str()));
    let rest = end
        .map(|e| &words[..words.len() - e.len()])
        .min_by_key(|r| r.len());
    let mut name = rest.unwrap_or_default().to_string();
    if without_year(&name).is_empty()
        && let Some(before) = at.checked_sub(1)
    {
        name = comparable(lines[before]) + &name;
    }
    accounts.year = crate::recognize::year_in(&name).or(accounts.year);
    let unit = without_year(&name);
    if !unit.is_empty() {
        accounts.unit = Some(unit);
    }
    true
}

/// A title's words without "2023年度" wherever it stands.
fn without_year(words: &str) -> String {
    let Some(at) = words.find('年') else {
        return words.to_string();
    };
    let digits = words[..at].trim_end_matches(|c: char| c.is_ascii_digit());
    let after = words[at + '年'.len_utf8()..].trim_start_matches('度');
    let rest = format!("{digits}{after}");
    rest.chars().filter(|c| !is_blank(*c)).collect()
}

/// The first lines of a document that are not empty, cells of its first sheet included.
fn first_lines(document: &Document) -> Vec<&str> {
    let mut lines = Vec::new();
    for block in &document.blocks {
        match *block {
            Block::Paragraph(number) => {
                let text = document.paragraph_text(number);
                lines.extend(text.split('\n').map(trim).filter(|l| !l.is_empty()));
            }
            Block::Table(number) => {
                let Some(table) = document.table(number) else {
                    continue;
                };
                let cells = table.cells.iter().take(TITLE_LINES);
                let texts = cells.map(|c| trim(document.cell_text(c)));
                lines.extend(texts.filter(|l| !l.is_empty() && table.sheet.is_some()));
            }
        }
        if lines.len() >= TITLE_LINES {
            break;
        }
    }
    lines.truncate(TITLE_LINES);
    lines
}

#[cfg(test)]
mod tests;
