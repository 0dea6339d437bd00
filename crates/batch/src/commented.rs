//! A file of a package and what was found in it come in; its copy with comments (批注) goes out, proven to read the same.

use jiheng_engine::read::{self, Package, SourceFile};
use jiheng_model::{Document, Format};
use jiheng_render::{Results, writeback};
use std::path::PathBuf;

/// The annotated bytes, once read again with the same text and tables, and the number of comments; else why not.
///
/// `strangers` are files whose findings stand at the beginning of this one.
///
/// # Errors
/// Why the file bears no comments; follows its name.
pub fn annotated(
    bytes: &[u8],
    results: &Results<'_>,
    index: usize,
    strangers: &[usize],
) -> Result<(Vec<u8>, usize), String> {
    let document = &results.documents[index];
    let why = |e: writeback::Unwritable| e.to_string();
    let remarks = writeback::remarks(results, index, strangers);
    // Comments of an earlier run give way to those of this one.
    let earlier = writeback::bare(bytes, document.format).map_err(why)?;
    let read = earlier.map(|bytes| again(document, bytes)).transpose()?;
    let (bytes, document) = match &read {
        Some((bytes, document)) => (bytes.as_slice(), document),
        None => (bytes, document),
    };
    let out = match document.format {
        Format::Docx => writeback::docx::annotate(bytes, document, &remarks),
        Format::Xlsx => {
            let lines = writeback::listing(results, index, strangers);
            writeback::xlsx::annotate(bytes, document, &remarks, &lines)
        }
        _ => return Err(format!("{}文件不能加批注", kind(document.format))),
    };
    let (out, _) = again(document, out.map_err(why)?)?;
    Ok((out, remarks.len()))
}

/// Bytes that read as the document does, with the document they are read as now.
fn again(document: &Document, bytes: Vec<u8>) -> Result<(Vec<u8>, Document), String> {
    let name = document.name.clone();
    let file = SourceFile { name, bytes };
    let mut package = Package { files: vec![file] };
    let read = read::read(&package).into_iter().next();
    let read = read.filter(|again| same(document, again));
    match (read, package.files.pop()) {
        (Some(read), Some(file)) => Ok((file.bytes, read)),
        _ => Err("加了批注再读，文字与原来不同".into()),
    }
}

/// The same text on the same grid.
fn same(a: &Document, b: &Document) -> bool {
    a.text == b.text
        && a.blocks == b.blocks
        && a.paragraphs.len() == b.paragraphs.len()
        && a.tables.len() == b.tables.len()
        && (a.tables.iter().zip(&b.tables)).all(|(a, b)| a.grid == b.grid)
}

/// Whether the file can bear comments.
pub fn takes_comments(document: &Document) -> bool {
    matches!(document.format, Format::Docx | Format::Xlsx) && !read::not_read(document)
}

/// What the format is called.
pub fn kind(format: Format) -> &'static str {
    match format {
        Format::Docx | Format::Doc => "旧版 Word ",
        Format::Xlsx => "Excel ",
        Format::Xls => "旧版 Excel ",
        Format::Ods | Format::Odt => "OpenDocument ",
        Format::Pdf => "PDF ",
        Format::Html => "网页",
        Format::Text | Format::Markdown => "文本",
    }
}

/// A name of a bundle as a path below the folder of results; it never leads out of it.
pub fn safe(name: &str) -> PathBuf {
    let step = |s: &str| -> String {
        let bad = |c: char| c.is_control() || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|');
        s.chars().map(|c| if bad(c) { '_' } else { c }).collect()
    };
    let steps = name.split(['/', '\\']).map(str::trim);
    let kept = steps.filter(|s| !s.is_empty() && !s.chars().all(|c| c == '.'));
    kept.map(step).collect()
}
