//! An `Official` comes in; `package.html` goes out: one page with its own style, to be read and to be printed.

use super::{Align, Block, Cell, Official, Table};
use jiheng_office::xml::escape_into;
use std::fmt::Write as _;

/// A4 and the type of GB/T 9704-2012; no script, nothing is loaded.
const STYLE: &str = "@page{size:A4;margin:37mm 26mm 35mm 28mm}@page side{size:A4 landscape;margin:28mm 35mm 26mm 37mm}\
body{margin:0 auto;max-width:156mm;font:16pt/28pt 仿宋_GB2312,FangSong,STFangsong,serif;color:#000;background:#fff}\
section{break-after:page;padding:12mm 0}section:last-child{break-after:auto}section.side{page:side;max-width:none}\
h1{font:22pt/32pt 方正小标宋简体,FZXiaoBiaoSong-B05S,SimSun,serif;text-align:center;margin:0 0 14pt}\
h1.form{font-size:16pt;line-height:26pt;margin:0 0 6pt}\
h2,h3,p{margin:0;font-size:16pt;font-weight:normal;text-indent:2em;white-space:pre-wrap}h2{font-family:黑体,SimHei,sans-serif}\
h3{font-family:楷体_GB2312,KaiTi,serif}p.line,p.annex{text-indent:0}p.annex{font-family:黑体,SimHei,sans-serif}\
p.foot{text-indent:0;font:9pt/16pt 宋体,SimSun,serif;margin-top:3pt}.c{text-align:center}.r{text-align:right}\
table{border-collapse:collapse;width:100%;table-layout:fixed;font:9pt/13pt 宋体,SimSun,serif}\
td,th{border:1px solid #000;padding:2pt;font-weight:normal;vertical-align:middle;white-space:pre-wrap;overflow-wrap:anywhere}\
tr{break-inside:avoid}tr.long{break-inside:auto}@media print{section{padding:0}}";

/// The page.
pub fn html(official: &Official) -> String {
    let mut out = String::with_capacity(128 * 1024);
    out.push_str("<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
    escape_into(&official.title, &mut out);
    let _ = writeln!(out, "</title><style>{STYLE}</style></head><body>");
    for part in &official.parts {
        out.push_str(match part.landscape {
            true => "<section class=\"side\">\n",
            false => "<section>\n",
        });
        for block in &part.blocks {
            write_block(block, &mut out);
        }
        out.push_str("</section>\n");
    }
    out.push_str("</body></html>\n");
    out
}

fn write_block(block: &Block, out: &mut String) {
    match block {
        Block::Annex(text) => element("p", "annex", text, out),
        Block::Title { lines, form } => {
            for line in lines {
                element("h1", if *form { "form" } else { "" }, line, out);
            }
        }
        Block::Heading { level, text } => {
            let tag = match level {
                1 => "h2",
                2 => "h3",
                _ => "p",
            };
            element(tag, "", text, out);
        }
        Block::Paragraph(text) => element("p", "", text, out),
        Block::Line { text, align, small } => {
            let class = match (small, align) {
                (true, Align::Right) => "foot r",
                (true, _) => "foot",
                (false, Align::Center) => "line c",
                (false, Align::Right) => "line r",
                (false, Align::Left) => "line",
            };
            element("p", class, text, out);
        }
        Block::Space(lines) => {
            let _ = writeln!(
                out,
                "<div style=\"height:{}pt\"></div>",
                u32::from(*lines) * 28
            );
        }
        Block::Table(table) => write_table(table, out),
    }
}

fn element(tag: &str, class: &str, text: &str, out: &mut String) {
    let _ = write!(out, "<{tag}");
    if !class.is_empty() {
        let _ = write!(out, " class=\"{class}\"");
    }
    out.push('>');
    lines(text, out);
    let _ = writeln!(out, "</{tag}>");
}

fn lines(text: &str, out: &mut String) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push_str("<br>");
        }
        escape_into(line, out);
    }
}

fn write_table(table: &Table, out: &mut String) {
    let whole = table.widths.iter().sum::<u32>().max(1);
    out.push_str("<table><colgroup>");
    for width in &table.widths {
        // Hundredths of a percent, as whole numbers.
        let part = u64::from(*width) * 10_000 / u64::from(whole);
        let _ = write!(
            out,
            "<col style=\"width:{}.{:02}%\">",
            part / 100,
            part % 100
        );
    }
    out.push_str("</colgroup>\n");
    let repeated = table.heads.iter().any(|h| h.row == 1);
    for row in 1..=table.rows {
        match (repeated, row) {
            (true, 1) => out.push_str("<thead>"),
            (true, 2) => out.push_str("<tbody>"),
            _ => {}
        }
        let cells = table.cells.iter().filter(|c| c.row == row);
        let cells: Vec<&Cell> = cells.collect();
        let long = cells.iter().any(|c| c.text.chars().count() > 400);
        out.push_str(if long { "<tr class=\"long\">" } else { "<tr>" });
        for cell in cells {
            let tag = if cell.head { "th" } else { "td" };
            let _ = write!(out, "<{tag}");
            if cell.row_span > 1 {
                let _ = write!(out, " rowspan=\"{}\"", cell.row_span);
            }
            if cell.col_span > 1 {
                let _ = write!(out, " colspan=\"{}\"", cell.col_span);
            }
            match cell.align {
                Align::Left => {}
                Align::Center => out.push_str(" class=\"c\""),
                Align::Right => out.push_str(" class=\"r\""),
            }
            out.push('>');
            lines(&cell.text, out);
            let _ = write!(out, "</{tag}>");
        }
        out.push_str("</tr>");
        if repeated && row == 1 {
            out.push_str("</thead>");
        }
        out.push('\n');
    }
    if repeated && table.rows > 1 {
        out.push_str("</tbody>");
    }
    out.push_str("</table>\n");
}
