//! An `Official` comes in; the bytes of `package.docx` go out, in the manner of GB/T 9704-2012.
//!
//! A4, 版心 156 mm × 225 mm, 28 pt lines, page numbers "— 1 —" outside; forms in small type. No clock: the same package
//! gives the same bytes.

use super::table::Piece;
use super::{Align, Block, Official, Part, PartKind, Table};
use jiheng_office::merged::{self, Span, Step};
use jiheng_office::write::docx_parts;
use jiheng_office::xml::escape_into;
use std::fmt::Write as _;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// Width of the text on an upright page: 156 mm in twentieths of a point.
const UPRIGHT: u32 = 8845;
/// Width of the text on a page on its side: 225 mm.
const SIDEWAYS: u32 = 12757;
/// Style, font, size in half points, and properties of paragraphs; GB/T 9704-2012 5.2.2, 7.3.1, 7.3.3.
const STYLES: [(&str, &str, &str, u8, &str); 9] = [
    (
        "Title",
        "标题",
        "方正小标宋简体",
        44,
        "<w:keepNext/><w:spacing w:line=\"640\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/>",
    ),
    (
        "FormTitle",
        "表题",
        "方正小标宋简体",
        32,
        "<w:keepNext/><w:spacing w:line=\"520\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/>",
    ),
    (
        "Annex",
        "附件",
        "黑体",
        32,
        "<w:keepNext/><w:spacing w:line=\"560\" w:lineRule=\"exact\"/>",
    ),
    (
        "Heading1",
        "一级标题",
        "黑体",
        32,
        "<w:keepNext/><w:spacing w:line=\"560\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"0\"/>",
    ),
    (
        "Heading2",
        "二级标题",
        "楷体_GB2312",
        32,
        "<w:keepNext/><w:spacing w:line=\"560\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:outlineLvl w:val=\"1\"/>",
    ),
    (
        "Body",
        "正文段",
        "仿宋_GB2312",
        32,
        "<w:spacing w:line=\"560\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/><w:jc w:val=\"both\"/>",
    ),
    (
        "Line",
        "单行",
        "仿宋_GB2312",
        32,
        "<w:spacing w:line=\"560\" w:lineRule=\"exact\"/>",
    ),
    ("Foot", "表尾", "宋体", 18, "<w:spacing w:before=\"60\"/>"),
    ("Cell", "表格", "宋体", 18, ""),
];

/// The file as bytes.
pub fn docx(official: &Official) -> Vec<u8> {
    let mut body = String::with_capacity(256 * 1024);
    let last = official.parts.len().saturating_sub(1);
    for (at, part) in official.parts.iter().enumerate() {
        for block in &part.blocks {
            write_block(block, part, &mut body);
        }
        // The end of the section hangs on a paragraph of no height.
        if at < last {
            body.push_str("<w:p><w:pPr><w:spacing w:line=\"20\" w:lineRule=\"exact\"/>");
            section(part, &mut body);
            body.push_str("</w:pPr></w:p>");
        } else {
            if matches!(part.blocks.last(), Some(Block::Table(_))) {
                body.push_str(
                    "<w:p><w:pPr><w:spacing w:line=\"20\" w:lineRule=\"exact\"/></w:pPr></w:p>",
                );
            }
            section(part, &mut body);
        }
    }
    let document = format!(
        "{XML}<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\"><w:body>{body}</w:body></w:document>"
    );
    let settings = format!(
        "{XML}<w:settings xmlns:w=\"{WORD}\"><w:evenAndOddHeaders/><w:defaultTabStop w:val=\"420\"/><w:characterSpacingControl w:val=\"compressPunctuation\"/></w:settings>"
    );
    docx_parts(
        &document,
        &[
            ("footer", "footer1.xml", &footer("right")),
            ("footer", "footer2.xml", &footer("left")),
            ("styles", "styles.xml", &styles()),
            ("settings", "settings.xml", &settings),
        ],
    )
}

fn fonts(name: &str) -> String {
    format!(
        "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"{name}\" w:cs=\"Times New Roman\"/>"
    )
}

fn styles() -> String {
    let mut out = format!(
        "{XML}<w:styles xmlns:w=\"{WORD}\"><w:docDefaults><w:rPrDefault><w:rPr>{}<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>",
        fonts("仿宋_GB2312")
    );
    for (id, name, font, size, properties) in STYLES {
        // Word knows the built-in styles by these names.
        let name = match id {
            "Heading1" => "heading 1",
            "Heading2" => "heading 2",
            "Title" => "Title",
            _ => name,
        };
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>{properties}</w:pPr><w:rPr>{}<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr></w:style>",
            fonts(font)
        );
    }
    out.push_str("</w:styles>");
    out
}

/// "— 1 —" in 4号宋体, one character from the outer edge (GB/T 9704-2012 7.5).
fn footer(side: &str) -> String {
    let run = format!("<w:r><w:rPr>{}<w:sz w:val=\"28\"/></w:rPr>", fonts("宋体"));
    let indent = match side {
        "right" => "w:right=\"280\"",
        _ => "w:left=\"280\"",
    };
    format!(
        "{XML}<w:ftr xmlns:w=\"{WORD}\"><w:p><w:pPr><w:ind {indent}/><w:jc w:val=\"{side}\"/></w:pPr>{run}<w:t xml:space=\"preserve\">— </w:t></w:r>{run}<w:fldChar w:fldCharType=\"begin\"/></w:r>{run}<w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>{run}<w:fldChar w:fldCharType=\"separate\"/></w:r>{run}<w:t>1</w:t></w:r>{run}<w:fldChar w:fldCharType=\"end\"/></w:r>{run}<w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"
    )
}

/// Page and margins of a part: 天头 37 mm, 订口 28 mm.
fn section(part: &Part, out: &mut String) {
    out.push_str("<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId1\"/><w:footerReference w:type=\"even\" r:id=\"rId2\"/><w:type w:val=\"nextPage\"/>");
    out.push_str(match part.landscape {
        false => "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1587\" w:header=\"851\" w:footer=\"1300\" w:gutter=\"0\"/>",
        true => "<w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/><w:pgMar w:top=\"1587\" w:right=\"1984\" w:bottom=\"1474\" w:left=\"2098\" w:header=\"851\" w:footer=\"850\" w:gutter=\"0\"/>",
    });
    if part.kind == PartKind::Cover {
        out.push_str("<w:titlePg/>");
    }
    out.push_str("</w:sectPr>");
}

fn write_block(block: &Block, part: &Part, out: &mut String) {
    match block {
        Block::Annex(text) => paragraph("Annex", Align::Left, text, out),
        Block::Title { lines, form } => {
            let style = if *form { "FormTitle" } else { "Title" };
            for line in lines {
                paragraph(style, Align::Center, line, out);
            }
        }
        Block::Heading { level, text } => {
            let style = match level {
                1 => "Heading1",
                2 => "Heading2",
                _ => "Body",
            };
            paragraph(style, Align::Left, text, out);
        }
        Block::Paragraph(text) => paragraph("Body", Align::Left, text, out),
        Block::Line { text, align, small } => {
            paragraph(if *small { "Foot" } else { "Line" }, *align, text, out);
        }
        Block::Space(lines) => {
            for _ in 0..*lines {
                out.push_str("<w:p><w:pPr><w:pStyle w:val=\"Line\"/></w:pPr></w:p>");
            }
        }
        Block::Table(table) => write_table(table, part.landscape, out),
    }
}

fn paragraph(style: &str, align: Align, text: &str, out: &mut String) {
    let _ = write!(out, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>");
    match align {
        Align::Left => {}
        Align::Center => out.push_str("<w:jc w:val=\"center\"/>"),
        Align::Right => out.push_str("<w:jc w:val=\"right\"/>"),
    }
    out.push_str("</w:pPr>");
    run(text, out);
    out.push_str("</w:p>");
}

fn run(text: &str, out: &mut String) {
    if text.is_empty() {
        return;
    }
    for (at, line) in text.split('\n').enumerate() {
        out.push_str(if at > 0 { "<w:r><w:br/>" } else { "<w:r>" });
        for (at, piece) in line.split('\t').enumerate() {
            if at > 0 {
                out.push_str("<w:tab/>");
            }
            out.push_str("<w:t xml:space=\"preserve\">");
            escape_into(piece, out);
            out.push_str("</w:t>");
        }
        out.push_str("</w:r>");
    }
}

/// Widths of the columns that together fill the page.
fn widths(table: &Table, landscape: bool) -> Vec<u32> {
    let page = if landscape { SIDEWAYS } else { UPRIGHT };
    let whole = table.widths.iter().sum::<u32>().max(1);
    let part = |w: &u32| (u64::from(*w) * u64::from(page) / u64::from(whole)) as u32;
    table.widths.iter().map(|w| part(w).max(1)).collect()
}

fn write_table(table: &Table, landscape: bool, out: &mut String) {
    for (number, piece) in table.pieces().iter().enumerate() {
        // Word would make one table of two that touch.
        if number > 0 {
            out.push_str("<w:p><w:pPr><w:keepNext/><w:spacing w:line=\"20\" w:lineRule=\"exact\"/><w:rPr><w:sz w:val=\"2\"/></w:rPr></w:pPr></w:p>");
        }
        write_piece(piece, landscape, out);
    }
}

fn write_piece(piece: &Piece, landscape: bool, out: &mut String) {
    let table = &piece.table;
    let widths = widths(table, landscape);
    let _ = write!(
        out,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>",
        widths.iter().sum::<u32>()
    );
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(
            out,
            "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>"
        );
    }
    out.push_str("</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"40\" w:type=\"dxa\"/><w:right w:w=\"40\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>");
    for width in &widths {
        let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
    }
    out.push_str("</w:tblGrid>");
    let spans = table.cells.iter().map(|c| Span {
        row: c.row,
        col: c.col,
        row_span: c.row_span,
        col_span: c.col_span,
    });
    let steps = merged::rows(table.rows, widths.len() as u32, spans);
    for (row, steps) in (1..).zip(&steps) {
        out.push_str("<w:tr><w:trPr>");
        let head = table.heads.iter().any(|h| h.row == row);
        if head {
            out.push_str("<w:cantSplit/>");
        }
        out.push_str("<w:trHeight w:val=\"280\" w:hRule=\"atLeast\"/>");
        // Word repeats rows from the first one on only.
        if head && row == 1 {
            out.push_str("<w:tblHeader/>");
        }
        out.push_str("</w:trPr>");
        for step in steps {
            let width = widths.iter().skip(step.col).take(step.span).sum();
            let cut = row <= 2 && piece.cut.contains(&(step.col as u32 + 1));
            write_cell(table, step, width, cut.then_some(row == 1), out);
        }
        out.push_str("</w:tr>");
    }
    out.push_str("</w:tbl>");
}

/// `cut`: the cell has no line to the one below it (true) or above it (false).
fn write_cell(table: &Table, step: &Step, width: u32, cut: Option<bool>, out: &mut String) {
    let _ = write!(out, "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>");
    step.write(out);
    if let Some(below) = cut {
        let side = if below { "bottom" } else { "top" };
        let _ = write!(out, "<w:tcBorders><w:{side} w:val=\"nil\"/></w:tcBorders>");
    }
    out.push_str("<w:vAlign w:val=\"center\"/></w:tcPr>");
    let cell = step.cell.and_then(|i| table.cells.get(i));
    let text = cell.filter(|_| step.begins).map_or("", |c| c.text.as_str());
    let align = cell.map_or(Align::Left, |c| c.align);
    for line in text.split('\n') {
        paragraph("Cell", align, line, out);
    }
    out.push_str("</w:tc>");
}
