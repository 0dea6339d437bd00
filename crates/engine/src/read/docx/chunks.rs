//! The parts that a docx takes in whole (`w:altChunk`: web pages, other Word files) come in; what they say is added behind the text.
//!
//! Programs that make a Word file out of a web page leave the page in it as such a part, and the body blank.

use super::super::{detect, html, text};
use jiheng_model::document::Block;
use jiheng_model::{Document, Notice, NoticeKind};
use jiheng_office::Budget;
use jiheng_office::parts::Parts;
use std::cell::RefCell;

/// Parts that are taken in.
const MOST: usize = 16;

/// Reads the parts with these relationship ids, in their order.
pub(super) fn read(
    ids: &[String],
    parts: &RefCell<Parts<'_>>,
    document: &mut Document,
    budget: &Budget,
) {
    let main = parts.borrow().main().to_string();
    let relations = parts.borrow_mut().relations(&main);
    for id in ids.iter().take(MOST) {
        let part = relations.iter().find(|r| r.0 == *id).map(|r| r.2.as_str());
        let bytes = part.and_then(|part| parts.borrow_mut().part(part).ok());
        let chunk = bytes.and_then(|bytes| chunk(&bytes, budget));
        match chunk {
            Some(chunk) if document.text.len() + chunk.text.len() <= budget.text_bytes() => {
                append(document, chunk);
            }
            _ => document.notices.push(Notice {
                kind: NoticeKind::Broken,
                message: "文件里嵌着另一份文件，读不出来。在 Word 或 WPS 中打开另存一份，再核对。"
                    .into(),
                table: None,
            }),
        }
    }
}

/// A part as the document it is; `None` when it is of a kind that is not read here.
fn chunk(bytes: &[u8], budget: &Budget) -> Option<Document> {
    Some(match detect::detect(bytes, budget) {
        // A Word file in a Word file may hold the next one: only its own text is read.
        detect::Kind::Word(parts) => super::own(*parts, budget),
        detect::Kind::Html(page) => html::read("", &page, budget),
        detect::Kind::Text(plain) | detect::Kind::Markdown(plain) => text::read("", &plain, budget),
        _ => return None,
    })
}

/// Adds a document behind another: its numbers and ranges go on where the other's end.
fn append(document: &mut Document, chunk: Document) {
    let text = document.text.len() as u32;
    let (paragraphs, tables) = (
        document.paragraphs.len() as u32,
        document.tables.len() as u32,
    );
    document.text.push_str(&chunk.text);
    let moved = |range: &std::ops::Range<u32>| range.start + text..range.end + text;
    for mut paragraph in chunk.paragraphs {
        // The bytes are those of another part, which is not written back.
        (paragraph.text, paragraph.bytes) = (moved(&paragraph.text), 0..0);
        document.paragraphs.push(paragraph);
    }
    for mut table in chunk.tables {
        table.number += tables;
        table.parent = table.parent.map(|(parent, cell)| (parent + tables, cell));
        for cell in &mut table.cells {
            (cell.text, cell.bytes) = (moved(&cell.text), 0..0);
        }
        document.tables.push(table);
    }
    document
        .blocks
        .extend(chunk.blocks.iter().map(|block| match block {
            Block::Paragraph(number) => Block::Paragraph(number + paragraphs),
            Block::Table(number) => Block::Table(number + tables),
        }));
    document
        .notices
        .extend(chunk.notices.into_iter().map(|notice| Notice {
            table: notice.table.map(|number| number + tables),
            ..notice
        }));
    document.margins.extend(chunk.margins);
}

#[cfg(test)]
mod tests {
    use crate::read::{Package, SourceFile, read};
    use jiheng_model::{Document, NoticeKind};

    fn document(part: &str, bytes: &[u8]) -> Document {
        let main = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>自评报告</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:altChunk r:id="c1"/></w:body></w:document>"#;
        let relations = format!(
            r#"<Relationships><Relationship Id="c1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" Target="{part}"/></Relationships>"#
        );
        let name = format!("word/{part}");
        let bytes = jiheng_office::write::zip(&[
            ("word/document.xml", main.as_bytes()),
            ("word/_rels/document.xml.rels", relations.as_bytes()),
            (&name, bytes),
        ]);
        let name = "自评.docx".into();
        let files = vec![SourceFile { name, bytes }];
        let document = read(&Package { files }).remove(0);
        assert!(document.is_sound());
        document
    }

    #[test]
    fn a_page_a_web_archive_and_a_word_file_are_read_behind_the_text() {
        let page =
            "<html><body><p>附表</p><table><tr><td>项目</td><td>5</td></tr></table></body></html>";
        let archive =
            format!("MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{page}");
        let word = jiheng_office::write::docx_of(
            "<w:p><w:r><w:t>附表</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>项目</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>5</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        );
        for (part, bytes) in [
            ("a.html", page.as_bytes()),
            ("a.mht", archive.as_bytes()),
            ("a.docx", &word),
        ] {
            let document = document(part, bytes);
            assert_eq!(document.paragraph_text(2), "附表", "{part}");
            let table = document.table(2).expect("the table of the part");
            let said: Vec<&str> = table.cells.iter().map(|c| document.cell_text(c)).collect();
            assert_eq!(said, ["项目", "5"], "{part}");
            assert_eq!(document.blocks.len(), 4);
        }
    }

    #[test]
    fn a_part_that_is_not_read_is_said() {
        let said = document("a.rtf", b"{\\rtf1 x}");
        let kinds: Vec<NoticeKind> = said.notices.iter().map(|n| n.kind).collect();
        assert_eq!(kinds, [NoticeKind::Broken]);
    }
}
