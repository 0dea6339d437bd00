//! A workbook and the sheet 检查结果 come in; the workbook lists the sheet and knows it again by a defined name.

use super::{STRICT, TYPE};
use crate::writeback::Unwritable;
use crate::writeback::draft::{Draft, append_to, folder, office, prefix_of};
use jiheng_model::Document;
use jiheng_office::splice::{Splice, splice};
use jiheng_office::workbook::{Listed, OWN_NAME};
use jiheng_office::xml::{self, Token, Tokens, escape_into};

/// The name on the tab of the sheet.
const NAME: &str = "检查结果";

/// Puts the sheet in: over the one of an earlier run, else behind all others.
pub fn put(
    draft: &mut Draft<'_>,
    document: &Document,
    sheets: &[Listed],
    sheet: &dyn Fn(bool) -> String,
) -> Result<(), Unwritable> {
    let main = draft.main();
    let workbook = draft.part(&main)?;
    let (_, root) = xml::root(&workbook).ok_or(Unwritable::Form)?;
    let strict = xml::attributes(root.attributes).any(|a| a.1 == STRICT);
    let bytes = sheet(strict).into_bytes();
    if let Some(own) = sheets.iter().find(|s| s.own) {
        // Read as material: it bears the name, but it is not ours.
        let read = document
            .tables
            .iter()
            .any(|t| t.sheet.as_ref() == Some(&own.name))
            || document.lines.iter().any(|l| l.sheet == own.name);
        if read {
            return Err(Unwritable::Form);
        }
        draft.put(&own.part, bytes);
        return Ok(());
    }
    let part = draft.free_name(&format!("{}/worksheets", folder(&main)), "jiheng", "xml");
    draft.add(&part, bytes, &format!("{TYPE}.spreadsheetml.worksheet+xml"))?;
    let id = draft.relate(&main, "worksheet", &part, strict)?;
    let listed = listed(&workbook, &id, strict).ok_or(Unwritable::Form)?;
    draft.put(&main, listed);
    Ok(())
}

/// The workbook with one more sheet and its defined name.
fn listed(workbook: &[u8], id: &str, strict: bool) -> Option<Vec<u8>> {
    let mut taken: Vec<String> = Vec::new();
    let mut highest = 0;
    let mut pieces = Vec::new();
    // Behind these the standard wants the defined names.
    let mut names_at = None;
    let mut sheets = None;
    let mut names = None;
    let mut tokens = Tokens::new(workbook);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) => match tag.local() {
                b"sheets" => sheets = Some((tag, tokens.clone())),
                b"sheet" => {
                    taken.push(tag.value(b"name").unwrap_or_default().to_lowercase());
                    highest = highest.max(tag.number::<u32>(b"sheetId").unwrap_or(0));
                }
                b"functionGroups" | b"externalReferences" => {
                    tokens.leave(&tag);
                    names_at = Some(tokens.offset());
                }
                b"definedNames" => names = Some((tag, tokens.clone())),
                _ => {}
            },
            Token::Close(name) if xml::local(name) == b"sheets" => names_at = Some(tokens.offset()),
            _ => {}
        }
    }
    let name = std::iter::once(NAME.to_string())
        .chain((2..).map(|n| format!("{NAME}{n}")))
        .find(|n| !taken.contains(n))?;
    let (tag, mut at) = sheets?;
    let prefix = prefix_of(tag.name);
    let mut line = format!("<{prefix}sheet xmlns:r=\"{}\" name=\"", office(strict));
    escape_into(&name, &mut line);
    line.push_str(&format!(
        "\" sheetId=\"{}\" r:id=\"{id}\"/>",
        highest.checked_add(1)?
    ));
    pieces.push(append_to(workbook, &mut at, &tag, &line)?);
    let defined = format!(
        "<{prefix}definedName name=\"{OWN_NAME}\" hidden=\"1\">'{name}'!$A$1</{prefix}definedName>"
    );
    pieces.push(match names {
        Some((tag, mut at)) => append_to(workbook, &mut at, &tag, &defined)?,
        None => Splice::at(
            names_at?,
            format!("<{prefix}definedNames>{defined}</{prefix}definedNames>"),
        ),
    });
    splice(workbook, pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_listed_last_under_a_free_name_and_defined_names_stand_in_their_place() {
        let book = "<x:workbook><x:sheets><x:sheet name=\"检查结果\" sheetId=\"7\"/></x:sheets>\
            <x:externalReferences><x:externalReference/></x:externalReferences><x:calcPr/></x:workbook>";
        let new = listed(book.as_bytes(), "rId9", false).expect("written");
        let new = String::from_utf8(new).expect("UTF-8");
        assert!(
            new.contains("name=\"检查结果2\" sheetId=\"8\" r:id=\"rId9\"/></x:sheets>"),
            "{new}"
        );
        assert!(
            new.contains("</x:externalReferences><x:definedNames><x:definedName name=\"_jiheng_findings\" hidden=\"1\">'检查结果2'!$A$1"),
            "{new}"
        );
        assert_eq!(listed(b"<workbook/>", "rId9", false), None);
    }
}
