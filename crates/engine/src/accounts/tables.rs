//! The tables of a document come in; those that are tables of final accounts, and their figures, go out.
//!
//! A figure is known by the words around its cell: the nearest words to its left and all words above
//! it. That way a table may lie on its side, or hold two lists beside each other.

use crate::narrative::terms::comparable;
use crate::recognize::{money_unit, year_in};
use crate::rulebook::Rulebook;
use jiheng_model::document::Block;
use jiheng_model::form::FieldType;
use jiheng_model::label::{is_blank, trim};
use jiheng_model::parse::parse_as;
use jiheng_model::{AccountFigure, Accounts, Document, Origin, Table, Unit};
use std::collections::BTreeMap;

/// So many lines above a table may hold its title.
const REACH: usize = 6;
/// So many rows at its top may.
const HEAD_ROWS: u32 = 4;
/// Longer lines (in characters) are no titles.
const LENGTH: usize = 60;

/// What stands above a table.
#[derive(Default)]
struct Head {
    key: Option<String>,
    title: String,
    unit: Option<Unit>,
    year: Option<i16>,
    owner: Option<String>,
}

/// Reads the tables of final accounts of a document.
pub(super) fn read(document: &Document, rulebook: &Rulebook, accounts: &mut Accounts) {
    let (Some(titles), Some(cells)) = (
        rulebook.dictionary("accounts_tables"),
        rulebook.dictionary("accounts_cells"),
    ) else {
        return;
    };
    let mut since: Vec<&str> = Vec::new();
    for block in &document.blocks {
        match *block {
            Block::Paragraph(number) => {
                let text = document.paragraph_text(number);
                if !trim(text).is_empty() {
                    since.push(text);
                }
            }
            Block::Table(number) => {
                let above = std::mem::take(&mut since);
                let Some(table) = document.table(number) else {
                    continue;
                };
                let head = head(document, table, &above, titles, rulebook);
                let Some(key) = &head.key else { continue };
                accounts.tables.push(number);
                accounts.year = accounts.year.or(head.year);
                if accounts.unit.is_none() {
                    accounts.unit.clone_from(&head.owner);
                }
                figures(document, table, (key, &head), cells, accounts);
                classes(document, table, (key, &head), rulebook, accounts);
            }
        }
    }
}

fn head(
    document: &Document,
    table: &Table,
    above: &[&str],
    titles: &BTreeMap<String, Vec<String>>,
    rulebook: &Rulebook,
) -> Head {
    let mut head = Head::default();
    let rows = (1..=HEAD_ROWS.min(table.rows)).flat_map(|row| {
        let own = table.cells.iter().filter(move |c| c.row == row);
        own.map(|c| document.cell_text(c))
    });
    // The title of a sheet stands in its first rows, nearest lines above come first otherwise.
    let lines = rows.chain(above.iter().rev().take(REACH).copied());
    for line in lines {
        if line.chars().count() > LENGTH {
            continue;
        }
        head.unit = head.unit.take().or_else(|| money_unit(line));
        let words = comparable(line);
        head.year = head.year.or_else(|| year_in(&words));
        if head.owner.is_none() {
            head.owner = owner(line, rulebook);
        }
        if head.key.is_none() {
            let mut best: Option<(usize, &String)> = None;
            for (key, names) in titles {
                for name in names.iter().filter(|n| words.ends_with(n.as_str())) {
                    if best.is_none_or(|(length, _)| name.len() > length) {
                        best = Some((name.len(), key));
                    }
                }
            }
            if let Some((_, key)) = best {
                head.key = Some(key.clone());
                head.title = trim(line).to_string();
            }
        }
    }
    head
}

/// The unit in "部门：青渚市水务局　单位：万元".
fn owner(line: &str, rulebook: &Rulebook) -> Option<String> {
    let (label, rest) = trim(line).split_once([':', '：'])?;
    let label = comparable(label);
    let known = rulebook.words("accounts_unit_labels");
    let name = trim(rest).split(is_blank).next()?;
    (known.contains(&label) && !name.is_empty() && !name.contains('元')).then(|| name.to_string())
}

fn figures(
    document: &Document,
    table: &Table,
    (key, head): (&str, &Head),
    cells: &BTreeMap<String, Vec<String>>,
    accounts: &mut Accounts,
) {
    // The lines of the dictionary that speak of this table: item and labels.
    let mut wanted: Vec<(&str, Vec<&str>)> = Vec::new();
    for (item, lines) in cells {
        for line in lines {
            let mut parts = line.split('|').map(str::trim);
            if parts.next() == Some(key) {
                wanted.push((item, parts.collect()));
            }
        }
    }
    for cell in &table.cells {
        let text = document.cell_text(cell);
        let value = parse_as(text, FieldType::Money, head.unit.as_ref());
        let Some(number) = value.number() else {
            continue;
        };
        let mut labels = vec![left(document, table, cell.row, cell.col)];
        labels.extend(over(document, table, cell.row, cell.col));
        let has = |label: &&str| labels.iter().any(|l| l == label);
        let Some((item, parts)) = wanted.iter().find(|(_, parts)| parts.iter().all(&has)) else {
            continue;
        };
        let unit = value.unit_printed.then_some(value.unit).flatten();
        accounts.figures.push(AccountFigure {
            item: item.to_string(),
            label: format!("{} · {}", head.title, parts.join(" · ")),
            value: number,
            unit: unit.or_else(|| head.unit.clone()),
            text: trim(text).to_string(),
            origin: Origin::cell(accounts.file, table.number, cell.row, cell.col),
        });
    }
}

/// The lines of the classes of functions (类, three digits), under the columns that the rulebook names: "functional.project.212".
fn classes(
    document: &Document,
    table: &Table,
    (key, head): (&str, &Head),
    rulebook: &Rulebook,
    accounts: &mut Accounts,
) {
    let (Some(columns), Some(known)) = (
        rulebook.dictionary("accounts_classes"),
        rulebook.dictionary("functional_classes"),
    ) else {
        return;
    };
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    for (family, lines) in columns {
        let of_table = lines.iter().filter_map(|line| line.split_once('|'));
        let own = of_table.filter(|(table, _)| table.trim() == key);
        wanted.extend(own.map(|(_, column)| (family.as_str(), column.trim())));
    }
    if wanted.is_empty() {
        return;
    }
    let mut code: Option<(u32, String)> = None;
    for cell in &table.cells {
        let text = trim(document.cell_text(cell));
        if text.len() == 3 && known.contains_key(text) {
            code = Some((cell.row, text.to_string()));
            continue;
        }
        let Some((_, code)) = code.as_ref().filter(|(row, _)| *row == cell.row) else {
            continue;
        };
        let value = parse_as(text, FieldType::Money, head.unit.as_ref());
        let Some(number) = value.number() else {
            continue;
        };
        let over = over(document, table, cell.row, cell.col);
        let column = wanted
            .iter()
            .find(|(_, column)| over.iter().any(|w| w == column));
        let Some((family, column)) = column else {
            continue;
        };
        let unit = value.unit_printed.then_some(value.unit).flatten();
        accounts.figures.push(AccountFigure {
            item: format!("{family}.{code}"),
            label: format!("{} · {code} · {column}", head.title),
            value: number,
            unit: unit.or_else(|| head.unit.clone()),
            text: text.to_string(),
            origin: Origin::cell(accounts.file, table.number, cell.row, cell.col),
        });
    }
}

/// The nearest words to the left of a cell in its row, without the number of a list before them.
fn left(document: &Document, table: &Table, row: u32, col: u32) -> String {
    let mut at = col;
    while let Some(before) = at.checked_sub(1).filter(|c| *c > 0) {
        at = before;
        if let Some(cell) = table.at(row, at) {
            let text = document.cell_text(cell);
            if is_words(text) {
                return label(text);
            }
        }
    }
    String::new()
}

/// The words above a cell in its column.
fn over(document: &Document, table: &Table, row: u32, col: u32) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for above in (1..row).rev() {
        if let Some(cell) = table.at(above, col) {
            let text = document.cell_text(cell);
            if is_words(text) {
                let label = label(text);
                if words.last() != Some(&label) {
                    words.push(label);
                }
            }
        }
    }
    words
}

fn is_words(text: &str) -> bool {
    text.chars().any(|c| c.is_alphabetic())
}

/// A label in comparable form: "（一）基本支出" and "其中：基本支出" are "基本支出".
pub(super) fn label(text: &str) -> String {
    let words = comparable(text);
    let mut rest = words.as_str();
    if let Some((mark, after)) = rest.split_once('、')
        && mark.chars().count() <= 3
    {
        rest = after;
    }
    if rest.starts_with('(')
        && let Some((mark, after)) = rest.split_once(')')
        && mark.chars().count() <= 3
        && !after.is_empty()
    {
        rest = after;
    }
    rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    for lead in ["其中:", "加:", "减:"] {
        rest = rest.strip_prefix(lead).unwrap_or(rest);
    }
    rest.trim_end_matches(':').to_string()
}
