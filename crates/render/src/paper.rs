//! Headings, paragraphs and tables come in; a docx on official paper (A4, margins, 小标宋, 黑体, 仿宋, page numbers) goes out.
//!
//! The measures are those of GB/T 9704-2012. The same content gives the same bytes.

use jiheng_office::write::{Cell, Table, docx_parts};
use jiheng_office::xml::escape_into;
use std::fmt::Write as _;

/// One element of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// The title, centred.
    Title(String),
    /// A heading of a level from 1.
    Heading(u8, String),
    /// A paragraph, its first line indented by two characters.
    Text(String),
    /// A line without indent: to whom it goes, a note above a table.
    Line(String),
    /// A line at the right: who signs, the date.
    Right(String),
    /// A table with the widths of its columns in per cent; its first rows are repeated on each page.
    Table {
        /// Cells.
        table: Table,
        /// Widths of the columns, in per cent of the text.
        widths: Vec<u32>,
        /// Rows of the head.
        head: u32,
    },
}

/// How the paper lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// Upright.
    Portrait,
    /// On its side, for wide tables.
    Landscape,
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// The font of a kind of text and its size in half points.
struct Face(&'static str, u32);

const TITLE: Face = Face("方正小标宋简体", 44);
const HEADING_1: Face = Face("黑体", 32);
const HEADING_2: Face = Face("楷体_GB2312", 32);
const BODY: Face = Face("仿宋_GB2312", 32);
const CELL: Face = Face("仿宋_GB2312", 21);
const HEAD: Face = Face("黑体", 21);
const FOOT: Face = Face("宋体", 28);

/// Width of A4 and its margins in twentieths of a point: top, right, bottom, left.
const A4: (u32, u32) = (11906, 16838);
const MARGINS: [u32; 4] = [2098, 1474, 1984, 1588];

/// The docx.
pub fn docx(elements: &[Element], lies: Lies) -> Vec<u8> {
    let (width, height) = match lies {
        Lies::Portrait => A4,
        Lies::Landscape => (A4.1, A4.0),
    };
    let text_width = width - MARGINS[1] - MARGINS[3];
    let mut body = String::new();
    for element in elements {
        match element {
            Element::Title(text) => {
                paragraph(&mut body, text, &TITLE, "<w:jc w:val=\"center\"/>", Some(1))
            }
            Element::Heading(1, text) => paragraph(&mut body, text, &HEADING_1, INDENT, Some(2)),
            Element::Heading(level, text) => {
                let level = level.saturating_add(1).clamp(3, 9);
                paragraph(&mut body, text, &HEADING_2, INDENT, Some(level));
            }
            Element::Text(text) => paragraph(&mut body, text, &BODY, INDENT, None),
            Element::Line(text) => paragraph(&mut body, text, &BODY, "", None),
            Element::Right(text) => {
                let right = "<w:ind w:right=\"640\"/><w:jc w:val=\"right\"/>";
                paragraph(&mut body, text, &BODY, right, None);
            }
            Element::Table {
                table,
                widths,
                head,
            } => lay(&mut body, table, widths, *head, text_width),
        }
    }
    let turned = match lies {
        Lies::Portrait => "",
        Lies::Landscape => " w:orient=\"landscape\"",
    };
    let [top, right, bottom, left] = MARGINS;
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\"><w:body>{body}<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId1\"/><w:pgSz w:w=\"{width}\" w:h=\"{height}\"{turned}/><w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" w:left=\"{left}\" w:header=\"851\" w:footer=\"1418\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    );
    docx_parts(&document, &[("footer", "footer1.xml", &footer())])
}

/// The first line begins two characters in.
const INDENT: &str = "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/>";

fn paragraph(out: &mut String, text: &str, face: &Face, layout: &str, level: Option<u8>) {
    out.push_str("<w:p><w:pPr><w:spacing w:line=\"560\" w:lineRule=\"exact\"/>");
    out.push_str(layout);
    if let Some(level) = level {
        let _ = write!(out, "<w:outlineLvl w:val=\"{}\"/>", level.saturating_sub(1));
    }
    out.push_str("</w:pPr>");
    runs(out, text, face);
    out.push_str("</w:p>");
}

fn runs(out: &mut String, text: &str, Face(font, size): &Face) {
    for (number, line) in text.split('\n').enumerate() {
        let _ = write!(
            out,
            "<w:r><w:rPr><w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:eastAsia=\"{font}\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr>"
        );
        if number > 0 {
            out.push_str("<w:br/>");
        }
        out.push_str("<w:t xml:space=\"preserve\">");
        escape_into(line, out);
        out.push_str("</w:t></w:r>");
    }
}

fn lay(out: &mut String, table: &Table, widths: &[u32], head: u32, text_width: u32) {
    let all: u32 = widths.iter().sum::<u32>().max(1);
    let width = |col: u32| {
        let own = widths.get(col as usize - 1).copied().unwrap_or(10);
        text_width * own / all
    };
    out.push_str("<w:tbl><w:tblPr>");
    let _ = write!(out, "<w:tblW w:w=\"{text_width}\" w:type=\"dxa\"/>");
    out.push_str("<w:jc w:val=\"center\"/><w:tblBorders>");
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(out, "<w:{side} w:val=\"single\" w:sz=\"4\"/>");
    }
    out.push_str("</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
    for col in 1..=table.cols {
        let _ = write!(out, "<w:gridCol w:w=\"{}\"/>", width(col));
    }
    out.push_str("</w:tblGrid>");
    for row in 1..=table.rows {
        out.push_str("<w:tr><w:trPr>");
        if row <= head {
            out.push_str("<w:tblHeader/>");
        }
        out.push_str("</w:trPr>");
        let mut col = 1;
        while col <= table.cols {
            let cell = covering(table, row, col);
            let span = cell.map_or(1, |c| c.col_span.max(1));
            let own: u32 = (col..col + span).map(width).sum();
            let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{own}\" w:type=\"dxa\"/>");
            if span > 1 {
                let _ = write!(out, "<w:gridSpan w:val=\"{span}\"/>");
            }
            let begins = cell.is_none_or(|c| c.row == row);
            if cell.is_some_and(|c| c.row_span > 1) {
                out.push_str(match begins {
                    true => "<w:vMerge w:val=\"restart\"/>",
                    false => "<w:vMerge/>",
                });
            }
            out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
            let text = cell.filter(|_| begins).map_or("", |c| c.text.as_str());
            let short = text.chars().count() <= 8 || row <= head;
            let face = if row <= head { &HEAD } else { &CELL };
            for line in text.split('\n') {
                out.push_str("<w:p><w:pPr><w:spacing w:line=\"300\" w:lineRule=\"exact\"/>");
                if short {
                    out.push_str("<w:jc w:val=\"center\"/>");
                }
                out.push_str("</w:pPr>");
                if !line.is_empty() {
                    runs(out, line, face);
                }
                out.push_str("</w:p>");
            }
            out.push_str("</w:tc>");
            col += span;
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
}

fn covering(table: &Table, row: u32, col: u32) -> Option<&Cell> {
    let within = |at: u32, from: u32, span: u32| at >= from && at - from < span.max(1);
    let mut cells = table.cells.iter();
    cells.find(|c| within(row, c.row, c.row_span) && within(col, c.col, c.col_span))
}

/// "— 1 —" in the middle of the foot.
fn footer() -> String {
    let Face(font, size) = FOOT;
    let run = format!(
        "<w:rPr><w:rFonts w:ascii=\"{font}\" w:hAnsi=\"{font}\" w:eastAsia=\"{font}\"/><w:sz w:val=\"{size}\"/></w:rPr>"
    );
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:ftr xmlns:w=\"{WORD}\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr><w:r>{run}<w:t xml:space=\"preserve\">— </w:t></w:r><w:fldSimple w:instr=\" PAGE \"><w:r>{run}<w:t>1</w:t></w:r></w:fldSimple><w:r>{run}<w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"
    )
}

/// Rows of texts as a table without merged cells.
pub fn grid(rows: &[Vec<String>]) -> Table {
    let cols = rows.iter().map(Vec::len).max().unwrap_or(0) as u32;
    let mut table = Table {
        rows: rows.len() as u32,
        cols,
        cells: Vec::new(),
    };
    for (row, texts) in rows.iter().enumerate() {
        for (col, text) in texts.iter().enumerate() {
            table.cells.push(Cell {
                row: row as u32 + 1,
                col: col as u32 + 1,
                row_span: 1,
                col_span: 1,
                text: text.clone(),
            });
        }
    }
    table
}

/// Joins cells of a column that say the same, one below the other.
pub fn join_down(table: &mut Table, col: u32, from: u32) {
    let mut joined: Vec<Cell> = Vec::new();
    for cell in std::mem::take(&mut table.cells) {
        let above = joined
            .iter_mut()
            .rev()
            .find(|c| c.col == col && c.row + c.row_span == cell.row);
        match above {
            Some(above) if cell.col == col && cell.row > from && above.text == cell.text => {
                above.row_span += 1;
            }
            _ => joined.push(cell),
        }
    }
    table.cells = joined;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cells_below_each_other_become_one() {
        let row = |a: &str, b: &str| vec![a.to_string(), b.to_string()];
        let mut table = grid(&[
            row("头", "值"),
            row("甲", "1"),
            row("甲", "2"),
            row("乙", "3"),
        ]);
        join_down(&mut table, 1, 2);
        let first: Vec<_> = table
            .cells
            .iter()
            .filter(|c| c.col == 1)
            .map(|c| (c.row, c.row_span, c.text.as_str()))
            .collect();
        assert_eq!(first, [(1, 1, "头"), (2, 2, "甲"), (4, 1, "乙")]);
        let bytes = docx(
            &[Element::Table {
                table,
                widths: vec![1, 1],
                head: 1,
            }],
            Lies::Landscape,
        );
        assert!(bytes.starts_with(b"PK"));
    }
}
