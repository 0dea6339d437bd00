//! The bytes of a story come in; what stands in it as hidden text goes out, with the tables it stands in.
//!
//! Few files have any: the properties of their runs say so, and only they are walked again.

use super::super::SHOWN;
use jiheng_office::xml::{Token, Tokens};
use std::collections::BTreeMap;

/// The beginning of the hidden text in each table, by its number; `None` is the text outside tables.
pub(super) fn texts(bytes: &[u8]) -> BTreeMap<Option<u32>, String> {
    let mut found = BTreeMap::new();
    let (mut count, mut open) = (0_u32, Vec::new());
    let (mut in_run, mut hidden, mut in_text) = (false, false, false);
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(tag) => match tag.local() {
                b"tbl" if !tag.empty => {
                    count += 1;
                    open.push(count);
                }
                b"r" => (in_run, hidden) = (!tag.empty, false),
                b"vanish" if in_run => {
                    let value = tag.attribute_local(b"val");
                    hidden = !matches!(value, Some(b"0" | b"false" | b"off"));
                }
                b"t" => in_text = !tag.empty,
                // Deleted text is no text, nor is what a fallback says again.
                b"del" | b"moveFrom" | b"Fallback" => tokens.leave(&tag),
                _ => {}
            },
            Token::Text(raw) if in_text && hidden => {
                let text = jiheng_office::xml::decode(raw);
                let said: &mut String = found.entry(open.last().copied()).or_default();
                let room = SHOWN.saturating_sub(said.chars().count());
                said.extend(text.chars().take(room));
            }
            Token::Close(name) => match jiheng_office::xml::local(name) {
                b"tbl" => {
                    open.pop();
                }
                b"r" => (in_run, hidden) = (false, false),
                b"t" => in_text = false,
                _ => {}
            },
            _ => {}
        }
    }
    found.retain(|_, text| !text.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use crate::read::{Package, SourceFile, read};
    use jiheng_model::{Document, NoticeKind};

    fn document(body: &str) -> Document {
        let bytes = jiheng_office::write::docx_of(body);
        let name = "自评.docx".into();
        let files = vec![SourceFile { name, bytes }];
        read(&Package { files }).remove(0)
    }

    fn said(body: &str) -> Vec<(Option<u32>, String)> {
        let notices = document(body).notices.into_iter();
        let hidden = notices.filter(|n| n.kind == NoticeKind::Hidden);
        hidden.map(|n| (n.table, n.message)).collect()
    }

    fn run(properties: &str, text: &str) -> String {
        format!("<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn hidden_text_is_read_and_said_with_its_table() {
        let body = format!(
            "{}<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
            run("<w:b/>", "自评报告"),
            run("<w:vanish/>", "旧稿 108.9"),
            run("", "109.0"),
        );
        let hidden = (Some(1), "有隐藏的文字，也读了：“旧稿 108.9”。".to_string());
        assert_eq!(said(&body), [hidden]);
        let document = document(&body);
        let cell = document.table(1).and_then(|t| t.at(1, 1));
        assert_eq!(cell.map(|c| document.cell_text(c)), Some("旧稿 108.9"));
    }

    #[test]
    fn what_is_shown_marked_or_empty_is_not_hidden() {
        // Switched off, of the paragraph's mark alone, and without text.
        let body = format!(
            "{}<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>{}{}",
            run(r#"<w:vanish w:val="0"/>"#, "甲"),
            run("<w:vanish/>", ""),
            run("<w:webHidden/>", "丙"),
        );
        assert_eq!(said(&body), []);
    }
}
