//! A zip of files comes in; the documents of its entries go out. Nothing is ever written to a path.

use super::{Package, detect, read_file, sentence, unread};
use jiheng_model::Document;
use jiheng_office::zip::Entry;
use jiheng_office::{Budget, Inflater, Zip};
use std::borrow::Cow;

/// How many levels of zips inside a zip are opened.
pub(super) const NESTED: u32 = 1;

/// Reads the entries of a zip in the order of their names' natural order in the zip.
pub(super) fn read(
    name: &str,
    zip: &Zip<'_>,
    budget: &Budget,
    levels: u32,
    documents: &mut Vec<Document>,
) {
    let mut inflater = Inflater::new(budget);
    let before = documents.len();
    for entry in zip.entries() {
        if entry.is_folder() || is_clutter(&entry.name) {
            continue;
        }
        let inner = format!("{name}/{}", entry.name.replace('\\', "/"));
        match zip.inflate(entry, &mut inflater) {
            Ok(bytes)
                if levels == 0
                    && matches!(detect::detect(&bytes, budget), detect::Kind::Bundle(_)) =>
            {
                documents.push(unread(
                    &inner,
                    "是压缩包里的压缩包，没有再展开。请解开以后放进来。",
                ));
            }
            // Scans and photographs lie among the evidence; that they are not read as tables goes without saying.
            Ok(bytes) if detect::picture(&bytes).is_some() => {}
            Ok(bytes) => {
                // What the bundle has left bounds what its files may unfold to.
                let rest = Budget {
                    total_bytes: budget.total_bytes.min(inflater.left().max(1 << 20)),
                    ..*budget
                };
                read_file(&inner, &bytes, &rest, levels.saturating_sub(1), documents);
            }
            Err(error) => documents.push(unread(&inner, sentence("", error).trim_start())),
        }
    }
    if documents.len() == before {
        documents.push(unread(name, "里没有 Word、Excel、网页或文本文件。"));
    }
}

/// The bytes of the file that a document was read from, by the document's name: a file of the package, or an entry of its zips.
pub fn original<'p>(package: &'p Package, name: &str) -> Option<Cow<'p, [u8]>> {
    if let Some(file) = package.files.iter().find(|f| f.name == name) {
        return Some(Cow::Borrowed(&file.bytes));
    }
    package.files.iter().find_map(|file| {
        let inner = name.strip_prefix(&file.name)?.strip_prefix('/')?;
        entry(&file.bytes, inner, NESTED).map(Cow::Owned)
    })
}

/// The bytes of an entry, or of an entry of a zip in the zip.
fn entry(bytes: &[u8], name: &str, levels: u32) -> Option<Vec<u8>> {
    let budget = Budget::default();
    let zip = Zip::open(bytes, &budget).ok()?;
    let mut inflater = Inflater::new(&budget);
    let shown = |e: &Entry<'_>| e.name.replace('\\', "/");
    if let Some(found) = zip.entries().iter().find(|e| shown(e) == name) {
        return zip.inflate(found, &mut inflater).ok().map(Cow::into_owned);
    }
    let levels = levels.checked_sub(1)?;
    zip.entries().iter().find_map(|e| {
        let inner = name.strip_prefix(&shown(e))?.strip_prefix('/')?;
        entry(&zip.inflate(e, &mut inflater).ok()?, inner, levels)
    })
}

/// What operating systems and editors leave in archives.
fn is_clutter(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX/")
        || file.starts_with("~$")
        || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}
