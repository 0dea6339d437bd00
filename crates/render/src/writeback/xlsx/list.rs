//! Lines of findings come in; the bytes of the sheet 检查结果 go out.
//!
//! Every cell is a text cell, and none begins as a formula would: it stays text when somebody edits it.

use super::{Spot, text_into};
use crate::width::width;
use crate::writeback::draft::{XML, office};
use jiheng_model::origin::At;
use jiheng_office::workbook::{OWN_HEADING, letters, reference};
use jiheng_office::xml::escape_into;

/// Heads of the columns with their widths.
const HEADS: [(&str, u32); 8] = [
    ("序号", 6),
    ("级别", 6),
    ("编码", 7),
    ("问题", 48),
    ("位置", 40),
    ("两处与算式", 60),
    ("为什么", 48),
    ("怎么办", 48),
];
/// The column whose cells lead to the place.
const PLACE: usize = 4;
/// Points of a line of text.
const LINE: usize = 15;
/// Lines of a row; Excel takes 409 points at most.
const MOST_LINES: usize = 27;
/// Characters of a cell; Excel takes 32 767 at most.
const LONGEST: usize = 16_000;

/// One finding in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 级别, 编码, 问题, 位置, 两处与算式, 为什么, 怎么办.
    pub cells: [String; 7],
    /// The place its link leads to.
    pub at: Option<At>,
}

/// The sheet, in the strict or the transitional form; `style` is one of the workbook's own for its cells,
/// `target` says on which sheet and in which cell a place lies.
pub fn sheet(
    lines: &[Line],
    style: Option<usize>,
    target: impl Fn(Option<At>) -> Option<(String, Spot)>,
) -> impl Fn(bool) -> String {
    move |strict| {
        let space = match strict {
            true => "http://purl.oclc.org/ooxml/spreadsheetml/main",
            false => "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        };
        let mut out = format!(
            "{XML}<worksheet xmlns=\"{space}\" xmlns:r=\"{}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"2\" topLeftCell=\"A3\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>",
            office(strict)
        );
        for (number, (_, width)) in (1..).zip(HEADS) {
            out.push_str(&format!(
                "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
            ));
        }
        out.push_str("</cols><sheetData>");
        let count = match lines.len() {
            0 => "没有发现问题。".to_string(),
            n => format!(
                "共 {n} 条，按位置排列；点“位置”一格跳到原处。原来的各表没有改动，批注在各格上。"
            ),
        };
        row(&mut out, 1, None, &[OWN_HEADING, "", "", &count]);
        row(&mut out, 2, style, &HEADS.map(|h| h.0));
        for (number, line) in (1..).zip(lines) {
            let serial = number.to_string();
            let mut cells = vec![serial.as_str()];
            cells.extend(line.cells.iter().map(String::as_str));
            row(&mut out, number + 2, style, &cells);
        }
        out.push_str("</sheetData>");
        let links: Vec<String> = (3..)
            .zip(lines)
            .filter_map(|(row, line)| {
                let (sheet, (to_row, to_col)) = target(line.at)?;
                let place = format!(
                    "'{}'!{}",
                    sheet.replace('\'', "''"),
                    reference(to_row, to_col)
                );
                let mut link = format!(
                    "<hyperlink ref=\"{}\" location=\"",
                    reference(row, PLACE as u32 + 1)
                );
                escape_into(&place, &mut link);
                link.push_str("\"/>");
                Some(link)
            })
            .collect();
        if !links.is_empty() {
            out.push_str(&format!("<hyperlinks>{}</hyperlinks>", links.concat()));
        }
        out.push_str("<pageSetup paperSize=\"9\" orientation=\"landscape\"/></worksheet>");
        out
    }
}

fn row(out: &mut String, number: u32, style: Option<usize>, cells: &[&str]) {
    // Not every program makes a row as tall as its wrapped words.
    let tall = style.map_or(String::new(), |_| {
        let lines = HEADS.iter().zip(cells).map(|((_, wide), text)| {
            let room = (*wide as usize).saturating_sub(2).max(1);
            width(text).div_ceil(room)
        });
        let height = LINE * lines.max().unwrap_or(1).clamp(1, MOST_LINES);
        format!(" ht=\"{height}\" customHeight=\"1\"")
    });
    let style = style.map_or(String::new(), |s| format!(" s=\"{s}\""));
    out.push_str(&format!("<row r=\"{number}\"{tall}>"));
    for (col, text) in (1..).zip(cells).filter(|(_, t)| !t.is_empty()) {
        out.push_str(&format!(
            "<c r=\"{}{number}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">",
            letters(col)
        ));
        text_into(&as_text(text), out);
        out.push_str("</t></is></c>");
    }
    out.push_str("</row>");
}

/// Words that begin like a formula stand in quotes.
fn as_text(text: &str) -> String {
    let text: String = text.chars().take(LONGEST).collect();
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("“{text}”"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text_whatever_they_begin_with_and_places_are_links() {
        let mut cells = [(); 7].map(|()| String::new());
        cells[2] = "=HYPERLINK(\"x\")".into();
        cells[6] = "@改".into();
        let at = At::Text {
            paragraph: 1,
            chars: (0, 0),
        };
        let line = Line {
            cells,
            at: Some(at),
        };
        let text = sheet(&[line], Some(3), |_| Some(("it's".into(), (4, 2))))(false);
        assert!(text.contains(">“=HYPERLINK(&quot;x&quot;)”</t>"), "{text}");
        assert!(text.contains(">“@改”</t>"), "{text}");
        assert!(
            text.contains("<hyperlink ref=\"E3\" location=\"'it''s'!B4\"/>"),
            "{text}"
        );
        assert!(
            text.contains("<row r=\"3\" ht=\"15\" customHeight=\"1\">"),
            "{text}"
        );
        assert!(text.contains("<c r=\"D3\" s=\"3\" t=\"inlineStr\">") && !text.contains("<f>"));
    }
}
