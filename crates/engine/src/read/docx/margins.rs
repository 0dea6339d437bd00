//! The header and footer parts of a docx come in; their lines go out, apart from the text of the document.

use super::super::numbering::Numbering;
use super::body::Story;
use jiheng_model::{Document, Format};
use jiheng_office::Budget;
use jiheng_office::parts::Parts;
use std::cell::RefCell;

/// Parts that are read; a section has at most six.
const MOST: usize = 60;

/// Reads page headers and footers into the document's margins.
pub(super) fn read(
    parts: &RefCell<Parts<'_>>,
    main: &str,
    document: &mut Document,
    numbering: &mut Numbering<'_>,
    budget: &Budget,
) {
    let relations = parts.borrow_mut().relations(main);
    let named = relations
        .iter()
        .filter(|r| matches!(r.1.as_str(), "header" | "footer"));
    for (_, _, part) in named.take(MOST) {
        let Ok(bytes) = parts.borrow_mut().part(part) else {
            continue;
        };
        let (bytes, _) = super::super::text::utf8(bytes);
        let mut margin = Document::empty("", Format::Docx);
        Story::new(&bytes, &mut margin, numbering, budget, false).read(0..bytes.len());
        jiheng_office::zip::done_with(bytes);
        if !super::super::margin::add(document, &margin) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read::{Package, SourceFile, not_read, read};
    use jiheng_model::Document;

    fn document(header: &str, footer: &str) -> Document {
        let space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
        let main = format!(
            "<w:document {space}><w:body><w:p><w:r><w:t>自评报告</w:t></w:r></w:p></w:body></w:document>"
        );
        let header = format!("<w:hdr {space}><w:p><w:r><w:t>{header}</w:t></w:r></w:p></w:hdr>");
        let footer = format!(
            "<w:ftr {space}><w:tbl><w:tr><w:tc><w:p><w:r><w:t>{footer}</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:ftr>"
        );
        let parts = [
            ("header", "header1.xml", header.as_str()),
            ("footer", "footer1.xml", footer.as_str()),
        ];
        let bytes = jiheng_office::write::docx_parts(&main, &parts);
        let name = "自评.docx".into();
        let files = vec![SourceFile { name, bytes }];
        read(&Package { files }).remove(0)
    }

    #[test]
    fn headers_and_footers_are_lines_of_their_own() {
        let document = document("青禾市水利局", "第 1 页");
        assert_eq!(document.margins, ["青禾市水利局", "第 1 页"]);
        assert_eq!(document.text, "自评报告");
        assert!(document.tables.is_empty());
    }

    #[test]
    fn a_secrecy_mark_in_a_header_is_seen() {
        let marked = document("机密★5年", "第 1 页");
        assert!(not_read(&marked), "{:?}", marked.notices);
        let footed = document("青禾市水利局", "密级：秘密");
        assert!(not_read(&footed), "{:?}", footed.notices);
        assert!(!not_read(&document("保守国家秘密", "机密文件管理")));
    }
}
