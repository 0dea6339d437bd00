//! Bytes of a package come in; one `Document` per readable file goes out, with notices for the rest.

mod detect;
mod docx;
mod grid;
mod text;
mod xlsx;

use detect::Kind;
use jiheng_model::{Document, Format, Notice, NoticeKind};
use jiheng_office::{Budget, ZipError};

/// The files of a package in memory, with the names the user knows them by.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Files in the order in which they are read.
    pub files: Vec<SourceFile>,
}

/// One file of a package.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Name as shown to the user.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads every file of a package. Never fails: what cannot be read is a notice in its document.
pub fn read(package: &Package) -> Vec<Document> {
    let budget = Budget::default();
    package.files.iter().flat_map(|f| read_file(&f.name, &f.bytes, &budget)).collect()
}

/// Whether something of the package was read: at least one document that is not only a notice.
pub fn is_readable(documents: &[Document]) -> bool {
    documents.iter().any(|d| !not_read(d))
}

/// Why nothing could be read, one plain sentence per file ("… 设了打开密码。…"); empty when something was read.
pub fn why_unreadable(documents: &[Document]) -> Vec<&str> {
    if is_readable(documents) {
        return Vec::new();
    }
    documents.iter().flat_map(|d| &d.notices).filter(|n| n.kind == NoticeKind::NotRead).map(|n| n.message.as_str()).collect()
}

fn not_read(document: &Document) -> bool {
    document.blocks.is_empty() && document.notices.iter().any(|n| n.kind == NoticeKind::NotRead)
}

fn read_file(name: &str, bytes: &[u8], budget: &Budget) -> Vec<Document> {
    match detect::detect(bytes, budget) {
        Kind::Word(parts) => vec![docx::read(name, *parts, budget)],
        Kind::Workbook(parts) => vec![xlsx::read(name, *parts, budget)],
        Kind::Text(text) => vec![text::read(name, &text, budget)],
        Kind::Unread(why) => vec![unread(name, why)],
    }
}

/// A document that only says why its file was not read.
fn unread(name: &str, why: impl AsRef<str>) -> Document {
    let mut document = Document::empty(name, Format::Text);
    document.notices.push(Notice { kind: NoticeKind::NotRead, message: format!("{name} {}", why.as_ref()), table: None });
    document
}

/// The sentence for a part that a zip does not give out.
fn sentence(name: &str, error: ZipError) -> String {
    match error {
        ZipError::Encrypted => format!("{name} 设了密码。请去掉密码再核对。"),
        ZipError::OverBudget => format!("{name} 展开后太大，没有读。请拆成几个文件再核对。"),
        _ => format!("{name} 的内容已损坏。请在 Word 或 WPS 中打开另存一份，再核对。"),
    }
}
