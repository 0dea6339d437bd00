//! Bytes of an xlsx come in; a `Document` goes out: each sheet one table, a sheet of one column paragraphs.

pub(super) mod binary;
pub(super) mod format;
pub(super) mod sheet;
pub(super) mod styles;

use jiheng_model::document::{Block, SheetLines};
use jiheng_model::{Document, Format, Notice, NoticeKind, Paragraph};
use jiheng_office::Budget;
use jiheng_office::parts::Parts;
use jiheng_office::workbook::{self, Listed};
use jiheng_office::xml::{self, Tag, Token, Tokens};
use sheet::Sheet;
use std::ops::Range;
use styles::Styles;

/// What cells of all sheets refer to.
struct Shared {
    /// Shared strings, one buffer.
    pub text: String,
    /// Each shared string in `text`.
    pub strings: Vec<Range<usize>>,
    /// Cell styles with their number formats.
    pub styles: Styles,
    /// Bytes of text after which a workbook is not read further: one string may stand in every cell.
    pub text_bytes: usize,
}

impl Shared {
    /// Nothing yet, of a workbook whose days are counted from 1904 or not.
    pub fn new(date1904: bool, budget: &Budget) -> Shared {
        Shared {
            text: String::new(),
            strings: Vec::new(),
            styles: Styles::new(date1904),
            text_bytes: budget.text_bytes(),
        }
    }
}

/// Reads a workbook; the caller has found out that the zip is one.
pub(super) fn read(name: &str, mut parts: Parts<'_>, budget: &Budget) -> Document {
    let mut document = Document::empty(name, Format::Xlsx);
    let main = parts.main().to_string();
    let workbook = match parts.part(&main) {
        Ok(bytes) => super::text::utf8(bytes).0.into_owned(),
        Err(error) => {
            document.notices.push(Notice {
                kind: NoticeKind::NotRead,
                message: super::sentence(name, error),
                table: None,
            });
            return document;
        }
    };
    let relations = parts.relations(&main);
    let listed = workbook::sheets(&workbook, &relations);
    let mut shared = Shared::new(from_1904(&workbook), budget);
    if let Some(bytes) = parts.related(&main, "sharedStrings") {
        read_strings(&super::text::utf8(bytes).0, &mut shared);
    }
    if let Some(bytes) = parts.related(&main, "styles") {
        read_styles(&super::text::utf8(bytes).0, &mut shared.styles);
    }
    let mut places = budget.places;
    for sheet in listed {
        match parts.part(&sheet.part) {
            Ok(bytes) => {
                let (bytes, in_place) = super::text::utf8(bytes);
                let before = document.text.len();
                let read = sheet::read(&bytes, &shared, &mut document.text, in_place);
                // What this program wrote about the workbook is no part of the material.
                if sheet.own && begins_as_own(&read, &document.text) {
                    document.text.truncate(before);
                    continue;
                }
                add(&mut document, &sheet, read, &mut places);
            }
            Err(error) => document.notices.push(Notice {
                kind: NoticeKind::Broken,
                message: super::sentence(&format!("工作表“{}”", sheet.name), error),
                table: None,
            }),
        }
    }
    document
}

fn begins_as_own(sheet: &Sheet, text: &str) -> bool {
    let first = sheet.cells.first().filter(|c| (c.row, c.col) == (1, 1));
    first.is_some_and(|c| {
        text.get(c.text.start as usize..c.text.end as usize) == Some(workbook::OWN_HEADING)
    })
}

/// Adds a sheet: one table on the sheet's own rows and columns, or paragraphs when only one column is used.
pub(super) fn add(document: &mut Document, listed: &Listed, sheet: Sheet, places: &mut usize) {
    let Sheet {
        cells,
        rows,
        cols,
        one_column,
        cut,
        unknown_formats,
        broken,
        hidden_lines,
        without_result,
    } = sheet;
    let mut notice = |kind, message: String, table| {
        document.notices.push(Notice {
            kind,
            message,
            table,
        })
    };
    let name = &listed.name;
    let table = (!one_column && rows > 0).then_some(document.tables.len() as u32 + 1);
    if cut {
        notice(
            NoticeKind::OverBudget,
            format!("工作表“{name}”太大，只读了前面的行。"),
            table,
        );
    }
    if broken {
        notice(
            NoticeKind::Broken,
            format!("工作表“{name}”没有结尾，断处以前的都读了。"),
            table,
        );
    }
    if listed.hidden && rows > 0 {
        notice(
            NoticeKind::Hidden,
            format!("工作表“{name}”是隐藏的，也读了。"),
            table,
        );
    } else if hidden_lines {
        notice(
            NoticeKind::Hidden,
            format!("工作表“{name}”有隐藏的行或列，也读了。"),
            table,
        );
    }
    if without_result > 0 {
        let message = format!(
            "工作表“{name}”有 {without_result} 个公式没有存结果，按空白读。在 Excel 或 WPS 中打开保存一次，再核对。"
        );
        notice(NoticeKind::NumberFormat, message, table);
    }
    for code in unknown_formats {
        notice(
            NoticeKind::NumberFormat,
            format!("工作表“{name}”的数字格式“{code}”没有认出，按数本身写出。"),
            table,
        );
    }
    let Some(number) = table else {
        let mut next = 1;
        let mut lines = SheetLines {
            sheet: name.clone(),
            col: cells.first().map_or(1, |c| c.col),
            first: document.paragraphs.len() as u32 + 1,
            rows: Vec::new(),
        };
        for cell in cells {
            // Blank rows stay as blank paragraphs.
            let missing = cell.row.saturating_sub(next).min(200);
            lines.rows.extend(cell.row - missing..=cell.row);
            let at = cell.text.start;
            for text in std::iter::repeat_n(at..at, missing as usize).chain([cell.text]) {
                document.paragraphs.push(Paragraph {
                    text,
                    numbering: 0,
                    level: None,
                    bytes: 0..0,
                });
                document
                    .blocks
                    .push(Block::Paragraph(document.paragraphs.len() as u32));
            }
            next = cell.row.saturating_add(1);
        }
        if !lines.rows.is_empty() {
            document.lines.push(lines);
        }
        return;
    };
    match super::grid::table_in_place(number, cells, rows, cols, *places) {
        Some(table) => {
            *places -= table.grid.len();
            document.tables.push(jiheng_model::Table {
                sheet: Some(name.clone()),
                hidden: listed.hidden,
                ..table
            });
            document.blocks.push(Block::Table(number));
        }
        None => notice(
            NoticeKind::OverBudget,
            format!("工作表“{name}”太大，没有读。"),
            None,
        ),
    }
}

/// Whether days are counted from 1904.
fn from_1904(workbook: &[u8]) -> bool {
    Tokens::new(workbook).any(|token| {
        matches!(token, Token::Open(tag) if tag.local() == b"workbookPr"
            && matches!(tag.attribute_local(b"date1904"), Some(b"1" | b"true")))
    })
}

fn read_strings(bytes: &[u8], shared: &mut Shared) {
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        if let Token::Open(tag) = token
            && tag.local() == b"si"
        {
            let start = shared.text.len();
            string_into(&mut tokens, &tag, &mut shared.text);
            shared.strings.push(start..shared.text.len());
        }
    }
}

/// Appends the text of a string item: its runs, without phonetic guides.
fn string_into(tokens: &mut Tokens<'_>, item: &Tag<'_>, out: &mut String) {
    if item.empty {
        return;
    }
    let mut inside = false;
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) if tag.local() == b"t" => inside = !tag.empty,
            Token::Open(tag) if matches!(tag.local(), b"rPh" | b"rPr") => tokens.leave(&tag),
            Token::Text(t) if inside => text_into(t, out),
            Token::Cdata(t) if inside => out.push_str(&String::from_utf8_lossy(t)),
            Token::Close(name) if xml::local(name) == b"t" => inside = false,
            Token::Close(name) if name == item.name => return,
            _ => {}
        }
    }
}

/// Text with entities and Excel's own escapes (`_x000D_`); line ends become `\n`.
fn text_into(raw: &[u8], out: &mut String) {
    let from = out.len();
    xml::decode_into(raw, out);
    let added = &out[from..];
    if added.contains("_x") || added.contains('\r') {
        let cleaned = unescaped(added).replace("\r\n", "\n").replace('\r', "\n");
        out.truncate(from);
        out.push_str(&cleaned);
    }
}

/// `_xHHHH_` is the character with that number; `_x005F_` keeps an underscore from beginning such a sign.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, sign) = rest.split_at(at);
        out.push_str(before);
        let digits = sign
            .get(2..6)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let character = digits
            .filter(|_| sign.as_bytes().get(6) == Some(&b'_'))
            .and_then(|d| char::from_u32(u32::from_str_radix(d, 16).ok()?));
        let len = if let Some(character) = character {
            // A carriage return ends no line by itself here: the line feed that follows it does.
            if character != '\r' {
                out.push(character);
            }
            7
        } else {
            out.push_str("_x");
            2
        };
        rest = &sign[len..];
    }
    out.push_str(rest);
    out
}

fn read_styles(bytes: &[u8], styles: &mut Styles) {
    let mut in_cells = false;
    for token in Tokens::new(bytes) {
        match token {
            Token::Open(tag) => match tag.local() {
                b"numFmt" => {
                    if let (Some(id), Some(code)) =
                        (tag.number(b"numFmtId"), tag.value(b"formatCode"))
                    {
                        styles.define(id, code.into_owned());
                    }
                }
                b"cellXfs" => in_cells = !tag.empty,
                b"xf" if in_cells => {
                    styles.push(tag.number(b"numFmtId").unwrap_or(0));
                }
                _ => {}
            },
            Token::Close(name) if xml::local(name) == b"cellXfs" => in_cells = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn escapes_are_characters() {
        for (written, meant) in [
            ("甲_x000D_\n乙", "甲\n乙"),
            ("甲_x000a_乙", "甲\n乙"),
            ("a_x005F_x0041_", "a_x0041_"),
            ("_x", "_x"),
            ("_x00G1_ _x0041", "_x00G1_ _x0041"),
            ("_x项目年度_", "_x项目年度_"),
            ("_xD800_", "_xD800_"),
        ] {
            assert_eq!(unescaped(written), meant, "{written}");
        }
    }
}
