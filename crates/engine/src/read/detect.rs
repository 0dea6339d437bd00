//! Bytes of a file come in; what they are, by content and never by name, goes out.

use jiheng_model::Format;
use jiheng_office::parts::{self, Parts};
use jiheng_office::{Budget, Ole, Zip, ZipError, ole};
use std::borrow::Cow;

/// What a file is.
pub(super) enum Kind<'a> {
    /// docx
    Word(Box<Parts<'a>>),
    /// xlsx
    Workbook(Box<Parts<'a>>),
    /// xlsb
    BinaryWorkbook(Box<Parts<'a>>),
    /// odt or ods
    OpenDocument(Zip<'a>, Format),
    /// .doc, or a .wps that is one by its content.
    OldWord(Box<Ole<'a>>),
    /// .xls, or an .et that is one by its content.
    OldWorkbook(Box<Ole<'a>>),
    /// PDF.
    Pdf,
    /// A picture, and what it is called.
    Picture(&'static str),
    /// A zip of files.
    Bundle(Zip<'a>),
    /// HTML.
    Html(Cow<'a, str>),
    /// Markdown with tables.
    Markdown(Cow<'a, str>),
    /// Plain text, a dump of tables perhaps.
    Text(Cow<'a, str>),
    /// Not readable; the rest of the sentence that begins with the file's name.
    Unread(String),
}

/// Finds out what a file is.
pub(super) fn detect<'a>(bytes: &'a [u8], budget: &Budget) -> Kind<'a> {
    if bytes.is_empty() {
        return Kind::Unread("是空文件。请放入有内容的文件再核对。".into());
    }
    match Zip::open(bytes, budget) {
        Ok(zip) => return office(zip, budget),
        Err(ZipError::NotZip) => {}
        Err(ZipError::Truncated { files }) => return Kind::Unread(cut_off(bytes, files)),
        Err(_) => return Kind::Unread("里的文件太多，没有读。请分几次核对。".into()),
    }
    if ole::is_ole(bytes) {
        return old_office(bytes, budget);
    }
    if memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"%PDF-").is_some() {
        return Kind::Pdf;
    }
    if bytes.starts_with(b"{\\rtf") {
        return Kind::Unread(
            "是 RTF，这一版还读不了。在 Word 或 WPS 中另存为 .docx，再核对。".into(),
        );
    }
    if let Some(format) = picture(bytes) {
        return Kind::Picture(format);
    }
    if bytes.len() > budget.text_bytes() {
        return Kind::Unread(format!(
            "太大（{} MB），没有读。请拆成几个文件，再核对。",
            bytes.len() >> 20
        ));
    }
    if let Some(html) = super::html::decode(bytes) {
        return Kind::Html(html);
    }
    if let Some(page) = super::mime::page(bytes) {
        return Kind::Html(page.into());
    }
    match super::text::decode(bytes) {
        Some(text) if super::markdown::is_markdown(&text) => Kind::Markdown(text),
        Some(text) => Kind::Text(text),
        None => {
            Kind::Unread("不是 Word、Excel、网页或文本文件，没有读。请放入 .docx 或 .xlsx。".into())
        }
    }
}

/// What a picture is called, when the bytes are one.
pub(super) fn picture(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"GIF8", "GIF"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"\0\0\x01\0", "ICO"),
    ];
    let known = starts.iter().find(|(start, _)| bytes.starts_with(start));
    let by_place = |start: &[u8], at: usize, word: &[u8]| {
        bytes.starts_with(start) && bytes.get(at..).is_some_and(|b| b.starts_with(word))
    };
    match known {
        Some((_, name)) => Some(name),
        None if by_place(b"BM", 6, &[0; 4]) => Some("BMP"),
        None if by_place(b"RIFF", 8, b"WEBP") => Some("WebP"),
        None if by_place(b"\0\0\0", 4, b"ftyphei") => Some("HEIC"),
        None => None,
    }
}

fn office<'a>(zip: Zip<'a>, budget: &Budget) -> Kind<'a> {
    let what = match Parts::open(zip, budget) {
        Ok(parts) => match parts.kind() {
            parts::Kind::Word => return Kind::Word(Box::new(parts)),
            parts::Kind::Sheet => return Kind::Workbook(Box::new(parts)),
            parts::Kind::BinarySheet => return Kind::BinaryWorkbook(Box::new(parts)),
            parts::Kind::Slides => "是演示文稿，没有读。请放入 Word 或 Excel 文件。",
        },
        Err(zip) => match zip.entries().first().map(|e| e.name.as_ref()) {
            Some("mimetype") => match super::odf::media_type(&zip, budget) {
                Some(format) => return Kind::OpenDocument(zip, format),
                None => "不是文档或表格，没有读。请放入 Word、Excel 或 OpenDocument 文件。",
            },
            // Parts of an office file, but not the main one: its folder is not a bundle of files.
            _ if zip.find("[Content_Types].xml").is_some() => {
                "缺少正文，打不开。请在 Word 或 WPS 中另存一份，再核对。"
            }
            _ => return Kind::Bundle(zip),
        },
    };
    Kind::Unread(what.into())
}

/// A zip without its end: an office file that was copied halfway, or a bundle.
fn cut_off(bytes: &[u8], files: usize) -> String {
    let head = &bytes[..bytes.len().min(4096)];
    let is_office = [
        &b"[Content_Types].xml"[..],
        b"_rels/.rels",
        b"word/",
        b"xl/",
    ]
    .iter()
    .any(|n| memchr::memmem::find(head, n).is_some());
    if is_office {
        "不完整，文件尾缺了一段。请重新复制或下载，再核对。".into()
    } else {
        format!("不完整，读到第 {} 个文件时断了。请重新压缩。", files + 1)
    }
}

/// What an OLE2 file is by its streams, whatever its name.
fn old_office<'a>(bytes: &'a [u8], budget: &Budget) -> Kind<'a> {
    let Some(ole) = Ole::open(bytes, budget) else {
        return Kind::Unread(super::DAMAGED.into());
    };
    let what = if ole.has("EncryptedPackage") || ole.has("\u{9}DRMContent") {
        super::ENCRYPTED
    } else if ole.has("WordDocument") {
        return Kind::OldWord(Box::new(ole));
    } else if super::xls::STREAMS.iter().any(|s| ole.has(s)) {
        return Kind::OldWorkbook(Box::new(ole));
    } else if ole.has("CONTENTS") || ole.has("MatOST") || ole.has("MM") {
        "是 Microsoft Works 的文件，读不了。在 Word 或 WPS 中另存为 .docx，再核对。"
    } else if ole.has("PowerPoint Document") {
        "是演示文稿，没有读。请放入 Word 或 Excel 文件。"
    } else if ole.is_damaged() {
        super::DAMAGED
    } else {
        "不是 Word 或 Excel 文件，没有读。另存为 .docx 或 .xlsx，再核对。"
    };
    Kind::Unread(what.into())
}
