//! A workbook, what was read of it, remarks and a list come in; the workbook with comments at the cells and a sheet 检查结果 goes out.
//!
//! Sheets gain at most the element that names their drawing of comments. What the user wrote, in cells
//! or comments, stays.

mod book;
mod list;
mod notes;
mod shapes;
mod style;

pub use list::Line;

use super::draft::{Draft, folder, office, prefix_of};
use super::{Remark, Unwritable};
use jiheng_model::origin::{At, Origin};
use jiheng_model::{Document, Format};
use jiheng_office::parts::Kind;
use jiheng_office::splice::{Splice, splice};
use jiheng_office::workbook::{Listed, sheets};
use jiheng_office::xml::{self, Token, Tokens, escape_into};
use std::collections::BTreeMap;

const STRICT: &[u8] = b"http://purl.oclc.org/ooxml/spreadsheetml/main";
const TYPE: &str = "application/vnd.openxmlformats-officedocument";

/// Row and column, from 1.
type Spot = (u32, u32);

/// Writes a comment for each remark and the sheet with the list into a copy of the workbook.
///
/// # Errors
/// When the file is no workbook whose parts can be added to.
pub fn annotate(
    bytes: &[u8],
    document: &Document,
    remarks: &[Remark],
    lines: &[Line],
) -> Result<Vec<u8>, Unwritable> {
    if document.format != Format::Xlsx {
        return Err(Unwritable::Form);
    }
    let mut draft = Draft::open(bytes, Kind::Sheet)?;
    let sheets = listed(&mut draft)?;
    let mut cells: BTreeMap<usize, BTreeMap<Spot, Vec<&Remark>>> = BTreeMap::new();
    for remark in remarks {
        let (sheet, spot) = place(document, &sheets, remark.at).ok_or(Unwritable::Form)?;
        let of_sheet = cells.entry(sheet).or_default();
        of_sheet.entry(spot).or_default().push(remark);
    }
    for (sheet, cells) in &cells {
        comment(&mut draft, &sheets[*sheet].part, cells)?;
    }
    let target = |at: Option<At>| {
        let (sheet, spot) = place(document, &sheets, Some(at?))?;
        Some((sheets[sheet].name.clone(), spot))
    };
    let main = draft.main();
    let styles = draft.related(&main, "styles");
    let styles = styles.map(|name| draft.part(&name)).transpose()?;
    let style = styles.and_then(|part| style::of_words(&part));
    let list = list::sheet(lines, style, target);
    book::put(&mut draft, document, &sheets, &list)?;
    draft.finish()
}

/// The workbook without comments of ours; nothing when it has none.
///
/// # Errors
/// When the file is no workbook whose parts can be written again.
pub fn bare(bytes: &[u8]) -> Result<Option<Vec<u8>>, Unwritable> {
    let mut draft = Draft::open(bytes, Kind::Sheet)?;
    let mut changed = false;
    for sheet in listed(&mut draft)? {
        let Some(name) = draft.related(&sheet.part, "comments") else {
            continue;
        };
        let part = draft.part(&name)?;
        let Some((part, gone)) = notes::without_ours(&part) else {
            continue;
        };
        changed = true;
        draft.put(&name, part);
        if let Some(name) = draft.related(&sheet.part, "vmlDrawing") {
            let drawing = draft.part(&name)?;
            let drawing = shapes::without(&drawing, &gone).ok_or(Unwritable::Form)?;
            draft.put(&name, drawing);
        }
    }
    match changed {
        true => draft.finish().map(Some),
        false => Ok(None),
    }
}

fn listed(draft: &mut Draft<'_>) -> Result<Vec<Listed>, Unwritable> {
    let main = draft.main();
    let workbook = draft.part(&main)?;
    let relations = draft.relations(&main);
    Ok(sheets(&workbook, &relations))
}

/// Sheet and cell of a place; what has none stands in the first cell of the first sheet to be seen.
fn place(document: &Document, sheets: &[Listed], at: Option<At>) -> Option<(usize, Spot)> {
    let named = |name: &str| sheets.iter().position(|s| !s.own && s.name == name);
    let found = match at {
        Some(at @ At::Cell { table, .. }) => {
            let sheet = document.table(table)?.sheet.as_deref()?;
            let cell = document.cell_at(&Origin { file: 0, at });
            cell.and_then(|c| Some((named(sheet)?, (c.row, c.col))))
        }
        Some(At::Text { paragraph, .. }) => document
            .sheet_line(paragraph)
            .and_then(|(sheet, row, col)| Some((named(sheet)?, (row, col)))),
        None => None,
    };
    found.or_else(|| {
        let seen = sheets.iter().position(|s| !s.own && !s.hidden);
        let first = seen.or_else(|| sheets.iter().position(|s| !s.own))?;
        Some((first, (1, 1)))
    })
}

/// Comments and their shapes for the cells of one sheet.
fn comment(
    draft: &mut Draft<'_>,
    sheet: &str,
    cells: &BTreeMap<Spot, Vec<&Remark>>,
) -> Result<(), Unwritable> {
    let part = draft.part(sheet)?;
    let (_, root) = xml::root(&part).ok_or(Unwritable::Form)?;
    let strict = xml::attributes(root.attributes).any(|a| a.1 == STRICT);
    let main = draft.main();
    match draft.related(sheet, "comments") {
        Some(name) => {
            let old = draft.part(&name)?;
            let new = notes::add(&old, cells).ok_or(Unwritable::Form)?;
            draft.put(&name, new);
        }
        None => {
            let name = draft.free_name(folder(&main), "comments", "xml");
            let new = notes::add(&notes::empty(strict), cells).ok_or(Unwritable::Form)?;
            draft.add(&name, new, &format!("{TYPE}.spreadsheetml.comments+xml"))?;
            draft.relate(sheet, "comments", &name, strict)?;
        }
    }
    let spots: Vec<(Spot, usize)> = cells
        .iter()
        .map(|(spot, remarks)| (*spot, remarks.iter().map(|r| r.lines.len() + 1).sum()))
        .collect();
    // The drawing that the sheet names, not any other.
    let named = drawing_of(&part);
    let relations = draft.relations(sheet);
    let drawing = named.and_then(|id| relations.into_iter().find(|r| r.0 == id));
    if let Some((_, _, name)) = drawing {
        let old = draft.part(&name)?;
        draft.put(&name, shapes::add(&old, &spots).ok_or(Unwritable::Form)?);
        return Ok(());
    }
    let name = draft.free_name(&format!("{}/drawings", folder(&main)), "vmlDrawing", "vml");
    let new = shapes::add(shapes::EMPTY.as_bytes(), &spots).ok_or(Unwritable::Form)?;
    draft.add(&name, new, &format!("{TYPE}.vmlDrawing"))?;
    let id = draft.relate(sheet, "vmlDrawing", &name, strict)?;
    let text = format!(
        "<{}legacyDrawing xmlns:r=\"{}\" r:id=\"{id}\"/>",
        prefix_of(root.name),
        office(strict)
    );
    let at = drawing_place(&part).ok_or(Unwritable::Form)?;
    let part = splice(&part, vec![Splice::at(at, text)]).ok_or(Unwritable::Form)?;
    draft.put(sheet, part);
    Ok(())
}

/// The id of the relationship by which a sheet names its drawing of comments.
fn drawing_of(sheet: &[u8]) -> Option<String> {
    Tokens::new(sheet).find_map(|token| match token {
        Token::Open(tag) if tag.local() == b"legacyDrawing" => Some(tag.value(b"id")?.into_owned()),
        _ => None,
    })
}

/// Where the standard's order of elements lets a sheet name its drawing.
fn drawing_place(sheet: &[u8]) -> Option<usize> {
    const BEHIND: [&[u8]; 8] = [
        b"legacyDrawingHF",
        b"drawingHF",
        b"picture",
        b"oleObjects",
        b"controls",
        b"webPublishItems",
        b"tableParts",
        b"extLst",
    ];
    let (start, root) = xml::root(sheet)?;
    let mut tokens = Tokens::from(sheet, start);
    tokens.next()?;
    if root.empty {
        return None;
    }
    let mut body = false;
    while let Some(token) = tokens.next() {
        let at = tokens.range().start;
        match token {
            Token::Open(tag) => {
                let name = tag.local();
                if BEHIND.contains(&name) || body && name == b"AlternateContent" {
                    return Some(at);
                }
                body |= name == b"sheetData";
                tokens.leave(&tag);
            }
            Token::Close(name) if name == root.name => return Some(at),
            _ => {}
        }
    }
    None
}

/// Text for an element, Excel's own escapes (`_x000D_`) made harmless.
fn text_into(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    let escape = |at: usize| {
        bytes.get(at..at + 7).is_some_and(|b| {
            b.starts_with(b"_x") && b[6] == b'_' && b[2..6].iter().all(u8::is_ascii_hexdigit)
        })
    };
    let mut from = 0;
    for at in 0..bytes.len() {
        if escape(at) {
            escape_into(&text[from..at], out);
            out.push_str("_x005F");
            from = at;
        }
    }
    escape_into(&text[from..], out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_named_where_the_standard_wants_it() {
        let at = |text: &str| drawing_place(text.as_bytes()).map(|at| text[at..].to_string());
        assert_eq!(
            at("<worksheet><sheetData><row/></sheetData><pageSetup/><tableParts/><extLst/></worksheet>")
                .as_deref(),
            Some("<tableParts/><extLst/></worksheet>")
        );
        assert_eq!(
            at("<worksheet><sheetData/></worksheet>").as_deref(),
            Some("</worksheet>")
        );
        assert_eq!(at("<worksheet/>"), None);
    }

    #[test]
    fn what_looks_like_an_escape_of_excel_stays_as_written() {
        let mut out = String::new();
        text_into("a_x0041_b<_x", &mut out);
        assert_eq!(out, "a_x005F_x0041_b&lt;_x");
    }
}
