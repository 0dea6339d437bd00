//! Paragraphs and tables come in; the bytes of a small docx, xlsx or HTML file go out.
//!
//! Enough for forms and reports: merged cells, several lines in a cell, headings. The same input
//! gives the same bytes.

use crate::merged::{self, Span};
use crate::workbook::letters;
use crate::xml::escape_into;
use libdeflater::{CompressionLvl, Compressor, crc32};
use std::fmt::Write as _;

/// One element of the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph; the level is that of a heading, from 1.
    Paragraph {
        /// Its text; `\n` breaks the line.
        text: String,
        /// Heading level.
        level: Option<u8>,
    },
    /// A table.
    Table(Table),
}

/// A table of cells at places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub cols: u32,
    /// Cells in reading order; they do not overlap. Places without one become blank cells.
    pub cells: Vec<Cell>,
}

/// A cell; rows and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Row of its top-left corner.
    pub row: u32,
    /// Column of its top-left corner.
    pub col: u32,
    /// Rows it covers.
    pub row_span: u32,
    /// Columns it covers.
    pub col_span: u32,
    /// Its text, lines separated by `\n`.
    pub text: String,
}

/// A zip of the given entries, in their order.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut deflate = Compressor::new(CompressionLvl::default());
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes) in entries {
        let mut packed = vec![0; deflate.deflate_compress_bound(bytes.len())];
        let packed = match deflate.deflate_compress(bytes, &mut packed) {
            Ok(n) if n < bytes.len() => {
                packed.truncate(n);
                Some(packed)
            }
            _ => None,
        };
        let data = packed.as_deref().unwrap_or(bytes);
        let mut header = Vec::with_capacity(26);
        // Version 2.0; names in UTF-8; deflated or stored; 1 January 1980.
        for n in [20_u16, 0x800, if packed.is_some() { 8 } else { 0 }, 0, 0x21] {
            header.extend(n.to_le_bytes());
        }
        for n in [crc32(bytes), data.len() as u32, bytes.len() as u32] {
            header.extend(n.to_le_bytes());
        }
        header.extend((name.len() as u16).to_le_bytes());
        header.extend(0_u16.to_le_bytes());
        let offset = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&header);
        out.extend(name.as_bytes());
        out.extend(data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend((entries.len() as u16).to_le_bytes());
    }
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A docx with these blocks.
pub fn docx(blocks: &[Block]) -> Vec<u8> {
    let mut body = String::new();
    for block in blocks {
        match block {
            Block::Paragraph { text, level } => {
                body.push_str("<w:p>");
                if let Some(level) = level {
                    let _ = write!(
                        body,
                        "<w:pPr><w:outlineLvl w:val=\"{}\"/></w:pPr>",
                        level.saturating_sub(1)
                    );
                }
                run(text, &mut body);
                body.push_str("</w:p>");
            }
            Block::Table(table) => word_table(table, &mut body),
        }
    }
    docx_of(&format!("{body}<w:sectPr/>"))
}

/// A docx around the inside of a `w:body`.
pub fn docx_of(body: &str) -> Vec<u8> {
    let document = format!(
        "{XML}<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\"><w:body>{body}</w:body></w:document>"
    );
    docx_parts(&document, &[])
}

/// A docx of a whole main part and further parts: (relationship type's last word, file name, bytes).
pub fn docx_parts(document: &str, parts: &[(&str, &str, &str)]) -> Vec<u8> {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut types = content_types(&[("/word/document.xml", &format!("{word}.document.main+xml"))]);
    let mut relations = format!("{XML}<Relationships xmlns=\"{RELATIONS}\">");
    for (i, (kind, name, _)) in parts.iter().enumerate() {
        let insert = format!(
            "<Override PartName=\"/word/{name}\" ContentType=\"{word}.{kind}+xml\"/></Types>"
        );
        types = types.replace("</Types>", &insert);
        let _ = write!(
            relations,
            "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/{kind}\" Target=\"{name}\"/>",
            i + 1
        );
    }
    relations.push_str("</Relationships>");
    let root = root_relation("word/document.xml");
    let names: Vec<String> = parts.iter().map(|p| format!("word/{}", p.1)).collect();
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
    ];
    entries.extend(
        names
            .iter()
            .zip(parts)
            .map(|(name, part)| (name.as_str(), part.2.as_bytes())),
    );
    zip(&entries)
}

fn run(text: &str, out: &mut String) {
    for (i, line) in text.split('\n').enumerate() {
        out.push_str(if i > 0 { "<w:r><w:br/>" } else { "<w:r>" });
        out.push_str("<w:t xml:space=\"preserve\">");
        escape_into(line, out);
        out.push_str("</w:t></w:r>");
    }
}

fn word_table(table: &Table, out: &mut String) {
    out.push_str("<w:tbl><w:tblPr><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(out, "<w:{side} w:val=\"single\" w:sz=\"4\"/>");
    }
    out.push_str("</w:tblBorders></w:tblPr><w:tblGrid>");
    (0..table.cols).for_each(|_| out.push_str("<w:gridCol/>"));
    out.push_str("</w:tblGrid>");
    let spans = table.cells.iter().map(|c| Span {
        row: c.row,
        col: c.col,
        row_span: c.row_span,
        col_span: c.col_span,
    });
    for steps in merged::rows(table.rows, table.cols, spans) {
        out.push_str("<w:tr>");
        for step in steps {
            out.push_str("<w:tc><w:tcPr>");
            step.write(out);
            out.push_str("</w:tcPr>");
            let cell = step.cell.and_then(|i| table.cells.get(i));
            let text = cell.filter(|_| step.begins).map_or("", |c| c.text.as_str());
            for line in text.split('\n') {
                out.push_str("<w:p>");
                if !line.is_empty() {
                    run(line, out);
                }
                out.push_str("</w:p>");
            }
            out.push_str("</w:tc>");
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
}

/// An xlsx with these sheets: name and table. All cells are text.
pub fn xlsx(sheets: &[(&str, &Table)]) -> Vec<u8> {
    let sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut workbook = format!("{XML}<workbook xmlns=\"{SHEET}\" xmlns:r=\"{OFFICE}\"><sheets>");
    let mut relations = format!("{XML}<Relationships xmlns=\"{RELATIONS}\">");
    let mut parts: Vec<(String, String)> = Vec::new();
    for (i, (name, table)) in sheets.iter().enumerate() {
        let id = i + 1;
        workbook.push_str("<sheet name=\"");
        escape_into(name, &mut workbook);
        let _ = write!(workbook, "\" sheetId=\"{id}\" r:id=\"rId{id}\"/>");
        let _ = write!(
            relations,
            "<Relationship Id=\"rId{id}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), worksheet(table)));
    }
    workbook.push_str("</sheets></workbook>");
    relations.push_str("</Relationships>");
    let mut overrides = vec![(
        "/xl/workbook.xml".to_string(),
        format!("{sheet_type}.sheet.main+xml"),
    )];
    overrides.extend(
        parts
            .iter()
            .map(|p| (format!("/{}", p.0), format!("{sheet_type}.worksheet+xml"))),
    );
    let overrides: Vec<(&str, &str)> = overrides
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let types = content_types(&overrides);
    let root = root_relation("xl/workbook.xml");
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
    ];
    entries.extend(
        parts
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_bytes())),
    );
    zip(&entries)
}

fn worksheet(table: &Table) -> String {
    let mut out = format!("{XML}<worksheet xmlns=\"{SHEET}\"><sheetData>");
    let mut merged = String::new();
    for row in 1..=table.rows {
        let _ = write!(out, "<row r=\"{row}\">");
        for cell in table.cells.iter().filter(|c| c.row == row) {
            let _ = write!(
                out,
                "<c r=\"{}{row}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                letters(cell.col)
            );
            escape_into(&cell.text, &mut out);
            out.push_str("</t></is></c>");
            if cell.row_span > 1 || cell.col_span > 1 {
                let (bottom, right) = (
                    row + cell.row_span.max(1) - 1,
                    letters(cell.col + cell.col_span.max(1) - 1),
                );
                let _ = write!(
                    merged,
                    "<mergeCell ref=\"{}{row}:{right}{bottom}\"/>",
                    letters(cell.col)
                );
            }
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData>");
    if !merged.is_empty() {
        let _ = write!(out, "<mergeCells>{merged}</mergeCells>");
    }
    out.push_str("</worksheet>");
    out
}

/// An HTML page with these blocks.
pub fn html(title: &str, blocks: &[Block]) -> String {
    let mut out =
        String::from("<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>");
    escape_into(title, &mut out);
    out.push_str("</title></head><body>\n");
    let lines = |text: &str, out: &mut String| {
        for (i, line) in text.split('\n').enumerate() {
            out.push_str(if i > 0 { "<br>" } else { "" });
            escape_into(line, out);
        }
    };
    for block in blocks {
        match block {
            Block::Paragraph { text, level } => {
                let tag = level.map_or("p".to_string(), |l| format!("h{}", l.clamp(1, 6)));
                let _ = write!(out, "<{tag}>");
                lines(text, &mut out);
                let _ = writeln!(out, "</{tag}>");
            }
            Block::Table(table) => {
                out.push_str("<table border=\"1\">\n");
                for row in 1..=table.rows {
                    out.push_str("<tr>");
                    for col in 1..=table.cols {
                        match table.covering(row, col) {
                            Some(c) if (c.row, c.col) == (row, col) => {
                                let _ = write!(
                                    out,
                                    "<td rowspan=\"{}\" colspan=\"{}\">",
                                    c.row_span.max(1),
                                    c.col_span.max(1)
                                );
                                lines(&c.text, &mut out);
                                out.push_str("</td>");
                            }
                            Some(_) => {}
                            None => out.push_str("<td></td>"),
                        }
                    }
                    out.push_str("</tr>\n");
                }
                out.push_str("</table>\n");
            }
        }
    }
    out.push_str("</body></html>\n");
    out
}

impl Table {
    /// The cell that covers a place.
    fn covering(&self, row: u32, col: u32) -> Option<&Cell> {
        let within = |at: u32, from: u32, span: u32| at >= from && at - from < span.max(1);
        self.cells
            .iter()
            .take_while(|c| c.row <= row)
            .find(|c| within(row, c.row, c.row_span) && within(col, c.col, c.col_span))
    }
}

fn content_types(overrides: &[(&str, &str)]) -> String {
    let mut out = format!(
        "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    );
    out.push_str("<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>");
    out.push_str("<Default Extension=\"xml\" ContentType=\"application/xml\"/>");
    for (part, kind) in overrides {
        let _ = write!(
            out,
            "<Override PartName=\"{part}\" ContentType=\"{kind}\"/>"
        );
    }
    out.push_str("</Types>");
    out
}

fn root_relation(main: &str) -> String {
    format!(
        "{XML}<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"{main}\"/></Relationships>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, Inflater, Zip, ZipError};

    #[test]
    fn what_is_zipped_is_inflated_again_and_a_cut_is_noticed() {
        let bytes = zip(&[
            ("甲.txt", b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
            ("b", b"b"),
        ]);
        let budget = Budget::default();
        let opened = Zip::open(&bytes, &budget).expect("a zip");
        let mut inflater = Inflater::new(&budget);
        let entry = opened.find("甲.txt").expect("the entry");
        assert_eq!(
            opened
                .inflate(entry, &mut inflater)
                .expect("its bytes")
                .len(),
            44
        );
        assert_eq!(
            Zip::open(&bytes[..bytes.len() - 30], &budget).err(),
            Some(ZipError::Truncated { files: 2 })
        );
        let small = Budget {
            part_bytes: 10,
            ..budget
        };
        let opened = Zip::open(&bytes, &small).expect("a zip");
        assert_eq!(
            opened.inflate(entry, &mut inflater).err(),
            Some(ZipError::OverBudget)
        );
        assert_eq!(letters(703), "AAA");
    }
}
