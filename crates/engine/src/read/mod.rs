//! Bytes of a package come in; one `Document` per readable file goes out, with notices for the rest.

mod bundle;
mod detect;
mod doc;
mod docx;
pub mod foreign;
mod grid;
mod html;
mod json;
mod margin;
pub mod markdown;
mod mime;
mod numbering;
mod odf;
mod pdf;
pub mod recogniser;
mod secrecy;
mod symbol;
pub(crate) mod text;
mod xls;
mod xlsx;

pub use bundle::original;
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
    read_within(package, &Budget::default())
}

/// Like [`read`], with other limits than the usual ones.
pub fn read_within(package: &Package, budget: &Budget) -> Vec<Document> {
    let mut documents = Vec::with_capacity(package.files.len());
    for file in &package.files {
        read_file(
            &file.name,
            &file.bytes,
            budget,
            bundle::NESTED,
            &mut documents,
        );
    }
    for document in &mut documents {
        if document.text.len() > budget.text_bytes() {
            let why = format!(
                "里的文字太多（{} MB），没有读。拆成几个文件，再核对。",
                document.text.len() >> 20
            );
            *document = unread(&document.name, why);
        }
        if let Some(mark) = secrecy::mark(document) {
            let why = format!("{MARKED}“{mark}”，没有读入。{}", secrecy::where_to(mark));
            *document = unread(&document.name, why);
        }
    }
    documents
}

/// Whether something of the package was read: at least one document that is not only a notice.
pub fn is_readable(documents: &[Document]) -> bool {
    documents.iter().any(|d| !not_read(d))
}

/// Why nothing could be read, a plain sentence each ("… 设了打开密码。…"); empty when something was read.
///
/// A package without any file gives no sentence either: the caller knows what it was named.
pub fn why_unreadable(documents: &[Document]) -> Vec<&str> {
    if is_readable(documents) {
        return Vec::new();
    }
    documents
        .iter()
        .flat_map(|d| &d.notices)
        .filter(|n| n.kind == NoticeKind::NotRead)
        .map(|n| n.message.as_str())
        .collect()
}

/// The document stands for a file that was not read at all.
pub fn not_read(document: &Document) -> bool {
    document.blocks.is_empty()
        && document
            .notices
            .iter()
            .any(|n| n.kind == NoticeKind::NotRead)
}

/// Why a file with a secrecy mark was not read, if one bears such a mark.
///
/// Whoever takes in files of others gives up the whole package then, before anything further is done with it.
pub fn secrecy_mark(documents: &[Document]) -> Option<&str> {
    documents.iter().find_map(|document| {
        let notices = document.notices.iter();
        let sentences = notices.filter(|n| n.kind == NoticeKind::NotRead);
        sentences.map(|n| n.message.as_str()).find(|sentence| {
            let why = sentence.strip_prefix(document.name.as_str());
            why.is_some_and(|why| why.trim_start().starts_with(MARKED))
        })
    })
}

fn read_file(
    name: &str,
    bytes: &[u8],
    budget: &Budget,
    levels: u32,
    documents: &mut Vec<Document>,
) {
    documents.push(match detect::detect(bytes, budget) {
        Kind::Word(parts) => docx::read(name, *parts, budget),
        Kind::OldWorkbook(ole) => xls::read(name, &ole, budget),
        Kind::OldWord(ole) => doc::read(name, &ole, budget),
        Kind::Pdf => {
            let document = foreign::read(foreign::Kind::Pdf, name, bytes, budget);
            match pdf::is_scan(&document) {
                true => recogniser::read(name, bytes, budget).unwrap_or(document),
                false => document,
            }
        }
        Kind::Picture(format) => recogniser::read(name, bytes, budget).unwrap_or_else(|| {
            unread(
                name,
                format!(
                    "是图片（{format}），里面的字读不到。请放入 Word、Excel 原件或带文字的 PDF，再核对。"
                ),
            )
        }),
        Kind::Workbook(parts) => xlsx::read(name, *parts, budget),
        Kind::BinaryWorkbook(parts) => xlsx::binary::read(name, *parts, budget),
        Kind::OpenDocument(zip, format) => odf::read(name, &zip, format, budget),
        Kind::Html(text) => html::read(name, &text, budget),
        Kind::Markdown(text) => markdown::read(name, &text, budget),
        Kind::Text(text) if json::is_filing(&text) => {
            json::read(name, &text, budget).unwrap_or_else(|| text::read(name, &text, budget))
        }
        Kind::Text(text) => text::read(name, &text, budget),
        Kind::Unread(why) => unread(name, why),
        Kind::Bundle(zip) => return bundle::read(name, &zip, budget, levels, documents),
    });
}

/// Why a file with a secrecy mark is not read; the mark follows.
const MARKED: &str = "印有密级标志";
/// Why an encrypted file is not read; follows the file's name.
const ENCRYPTED: &str = "设了打开密码。在 Word 或 WPS 中另存一份不加密的，再核对。";
/// Why a file whose bytes make no sense is not read; follows the file's name.
const DAMAGED: &str = "的内容已损坏。在 Word 或 WPS 中打开另存一份，再核对。";

/// Characters of a hidden passage that are shown.
const SHOWN: usize = 20;

/// The notice that this stands in a file as hidden text.
fn hidden_text(text: &str, table: Option<u32>) -> Notice {
    Notice {
        kind: NoticeKind::Hidden,
        message: format!("有隐藏的文字，也读了：“{text}”。"),
        table,
    }
}

/// A document that only says why its file was not read.
fn unread(name: &str, why: impl AsRef<str>) -> Document {
    let mut document = Document::empty(name, Format::Text);
    document.notices.push(Notice {
        kind: NoticeKind::NotRead,
        message: format!("{name} {}", why.as_ref()),
        table: None,
    });
    document
}

/// The sentence for a part that a zip does not give out.
fn sentence(name: &str, error: ZipError) -> String {
    match error {
        ZipError::Encrypted => format!("{name} 设了密码。去掉密码，再核对。"),
        ZipError::OverBudget => format!("{name} 展开后太大，没有读。拆成几个文件，再核对。"),
        _ => format!("{name} 的内容已损坏。在 Word 或 WPS 中打开另存一份，再核对。"),
    }
}

#[cfg(test)]
mod tests;
