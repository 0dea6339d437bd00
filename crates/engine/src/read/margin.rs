//! What a reader made of a page header or footer comes in; its lines are added to the margins of the file's document.

use jiheng_model::Document;

/// Bytes of lines that are kept.
const LONGEST: usize = 64 << 10;

/// Adds the lines of a header or footer, cells after paragraphs; `false` when there is no room for more.
pub(super) fn add(document: &mut Document, margin: &Document) -> bool {
    let mut kept: usize = document.margins.iter().map(String::len).sum();
    let paragraphs = margin.paragraphs.iter().map(|p| &p.text);
    let cells = margin.tables.iter().flat_map(|t| &t.cells).map(|c| &c.text);
    for range in paragraphs.chain(cells) {
        let line = margin.slice(range).trim();
        kept += line.len();
        if kept > LONGEST {
            return false;
        }
        if !line.is_empty() {
            document.margins.push(line.to_string());
        }
    }
    true
}
