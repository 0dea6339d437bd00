//! Bytes of a file come in; what they are, by content and never by name, goes out.

use jiheng_office::parts::{self, Parts};
use jiheng_office::{Budget, Zip, ZipError, ole};
use std::borrow::Cow;

/// What a file is.
pub(super) enum Kind<'a> {
    /// docx
    Word(Box<Parts<'a>>),
    /// xlsx
    Workbook(Box<Parts<'a>>),
    /// Plain text, a dump of tables perhaps.
    Text(Cow<'a, str>),
    /// Not readable; the rest of the sentence that begins with the file's name.
    Unread(String),
}

/// Finds out what a file is.
pub(super) fn detect<'a>(bytes: &'a [u8], budget: &Budget) -> Kind<'a> {
    if bytes.is_empty() {
        return Kind::Unread("是空文件。".into());
    }
    match Zip::open(bytes, budget) {
        Ok(zip) => return office(zip, budget),
        Err(ZipError::NotZip) => {}
        Err(ZipError::Truncated { files }) => {
            return Kind::Unread(format!("不完整，读到第 {} 个文件时断了。请重新压缩。", files + 1));
        }
        Err(_) => return Kind::Unread("里的文件太多，没有读。请分几次核对。".into()),
    }
    if ole::is_ole(bytes) {
        return Kind::Unread(old_office(bytes));
    }
    if bytes.starts_with(b"%PDF-") {
        return Kind::Unread("这一版还读不了 PDF。请放入 Word 或 Excel 原件。".into());
    }
    match super::text::decode(bytes) {
        Some(text) => Kind::Text(text),
        None => Kind::Unread("不是 Word、Excel、网页或文本文件，没有读。".into()),
    }
}

fn office<'a>(zip: Zip<'a>, budget: &Budget) -> Kind<'a> {
    match Parts::open(zip, budget) {
        Ok(parts) => match parts.kind() {
            parts::Kind::Word => Kind::Word(Box::new(parts)),
            parts::Kind::Sheet => Kind::Workbook(Box::new(parts)),
            _ => Kind::Unread("这一版还读不了。".into()),
        },
        Err(_) => Kind::Unread("这一版还读不了。".into()),
    }
}

/// What an OLE2 file is by its streams: encrypted, or of Office 97—2003.
fn old_office(bytes: &[u8]) -> String {
    let names = ole::names(bytes);
    let has = |name: &str| names.iter().any(|n| n == name);
    if has("EncryptedPackage") {
        "设了打开密码。在 Word 或 WPS 中另存一份不加密的，再核对。".into()
    } else if has("WordDocument") {
        "是 .doc（Word 97—2003），这一版还读不了。在 Word 或 WPS 中另存为 .docx，再核对。".into()
    } else if has("Workbook") || has("Book") {
        "是 .xls（Excel 97—2003），这一版还读不了。在 Excel 或 WPS 中另存为 .xlsx，再核对。".into()
    } else {
        "是 Office 97—2003 的旧格式，这一版还读不了。请另存为 .docx 或 .xlsx，再核对。".into()
    }
}
