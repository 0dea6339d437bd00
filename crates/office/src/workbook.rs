//! A workbook part and its relationships come in; its worksheets, in the order of their tabs, go out.

use crate::xml::{self, Token, Tokens};

/// The defined name by which the sheet that this program added to a workbook is known.
pub const OWN_NAME: &str = "_jiheng_findings";
/// What the first cell of that sheet says.
pub const OWN_HEADING: &str = "绩衡检查结果";

/// A sheet as the workbook lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name on its tab.
    pub name: String,
    /// The part it lies in; empty where sheets are no parts.
    pub part: String,
    /// It is hidden.
    pub hidden: bool,
    /// [`OWN_NAME`] points to it; ours only when its first cell says so too.
    pub own: bool,
}

/// The worksheets; chart sheets and sheets without a part are left out.
pub fn sheets(workbook: &[u8], relations: &[(String, String, String)]) -> Vec<Listed> {
    let mut listed = Vec::new();
    let mut own = None;
    let mut tokens = Tokens::new(workbook);
    while let Some(token) = tokens.next() {
        let Token::Open(tag) = token else { continue };
        match tag.local() {
            b"sheet" => {
                let id = xml::attributes(tag.attributes)
                    .find(|a| a.0 != b"id" && xml::local(a.0) == b"id")
                    .map(|a| xml::decode(a.1));
                let target = id
                    .and_then(|id| relations.iter().find(|r| r.0 == id))
                    .filter(|r| r.1 == "worksheet");
                if let Some((_, _, part)) = target {
                    listed.push(Listed {
                        name: tag.value(b"name").unwrap_or_default().into_owned(),
                        part: part.clone(),
                        hidden: matches!(
                            tag.attribute_local(b"state"),
                            Some(b"hidden" | b"veryHidden")
                        ),
                        own: false,
                    });
                }
            }
            b"definedName" if tag.value(b"name").as_deref() == Some(OWN_NAME) => {
                own = sheet_of(&tokens.text_of(&tag));
            }
            _ => {}
        }
    }
    for sheet in &mut listed {
        sheet.own = own.as_deref() == Some(sheet.name.as_str());
    }
    listed
}

/// The sheet's name in a reference: "'检查结果'!$A$1".
fn sheet_of(reference: &str) -> Option<String> {
    let (name, _) = reference.trim().rsplit_once('!')?;
    let quoted = name.strip_prefix('\'').and_then(|n| n.strip_suffix('\''));
    Some(quoted.map_or_else(|| name.to_string(), |n| n.replace("''", "'")))
}

/// "B12" as row 12, column 2.
pub fn place(reference: &[u8]) -> Option<(u32, u32)> {
    let letters = reference
        .iter()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let col = reference[..letters].iter().fold(0, |n, b| {
        n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1
    });
    let row: u32 = std::str::from_utf8(&reference[letters..])
        .ok()?
        .parse()
        .ok()?;
    (1..=1 << 20).contains(&row).then_some((row, col))
}

/// Row 12, column 2 as "B12".
pub fn reference(row: u32, col: u32) -> String {
    format!("{}{row}", letters(col))
}

/// Column 28 as "AB".
pub fn letters(mut col: u32) -> String {
    let mut out = Vec::new();
    while col > 0 {
        out.push(b'A' + ((col - 1) % 26) as u8);
        col = (col - 1) / 26;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_sheet_is_known_by_its_defined_name_whatever_it_is_called() {
        let book = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"a\"/>\
            <sheet name=\"it's\" sheetId=\"2\" r:id=\"b\" state=\"hidden\"/></sheets><definedNames>\
            <definedName name=\"_jiheng_findings\" hidden=\"1\">'it''s'!$A$1</definedName></definedNames></workbook>";
        let relation = |id: &str| (id.into(), "worksheet".into(), format!("xl/{id}.xml"));
        let found = sheets(book.as_bytes(), &[relation("a"), relation("b")]);
        let flags: Vec<_> = found.iter().map(|s| (s.hidden, s.own)).collect();
        assert_eq!(flags, [(false, false), (true, true)]);
    }

    #[test]
    fn references_go_both_ways() {
        for (row, col, text) in [
            (12, 2, "B12"),
            (1, 26, "Z1"),
            (3, 28, "AB3"),
            (9, 703, "AAA9"),
        ] {
            assert_eq!(reference(row, col), text);
            assert_eq!(place(text.as_bytes()), Some((row, col)));
        }
    }
}
