//! A zip of files comes in; the documents of its entries go out. Nothing is ever written to a path.

use super::{detect, read_file, sentence, unread};
use jiheng_model::Document;
use jiheng_office::{Budget, Inflater, Zip};

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

/// What operating systems and editors leave in archives.
fn is_clutter(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX/")
        || file.starts_with("~$")
        || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}
