//! What holds for every document, whatever the bytes were.

use super::*;
use jiheng_model::document::{Block, NO_CELL};

/// Every range lies in the text, every index in its list, and cells and grid agree.
pub(super) fn check(d: &Document) {
    let ok = |r: &std::ops::Range<u32>| assert!(d.text.get(r.start as usize..r.end as usize).is_some(), "range {r:?} of {}", d.text.len());
    d.paragraphs.iter().for_each(|p| {
        ok(&p.text);
        assert!(p.numbering <= p.text.end - p.text.start);
    });
    for (i, t) in d.tables.iter().enumerate() {
        assert_eq!(t.number as usize, i + 1);
        assert_eq!(t.grid.len(), t.rows as usize * t.cols as usize);
        for (place, &index) in t.grid.iter().enumerate() {
            if index == NO_CELL {
                continue;
            }
            let c = &t.cells[index as usize];
            let (row, col) = ((place / t.cols as usize) as u32 + 1, (place % t.cols as usize) as u32 + 1);
            assert!((c.row..c.row + c.row_span).contains(&row) && (c.col..c.col + c.col_span).contains(&col));
        }
        for c in &t.cells {
            ok(&c.text);
            assert!(c.bytes.start <= c.bytes.end);
            assert!(c.row >= 1 && c.col >= 1 && c.row_span >= 1 && c.col_span >= 1);
            assert!(c.row + c.row_span - 1 <= t.rows && c.col + c.col_span - 1 <= t.cols, "{c:?} in {}x{}", t.rows, t.cols);
        }
        assert!(t.cells.is_sorted_by_key(|c| (c.row, c.col)));
        if let Some((parent, cell)) = t.parent {
            assert!(parent < t.number && d.table(parent).is_some_and(|p| p.cells.is_empty() || (cell as usize) < p.cells.len()));
        }
    }
    for block in &d.blocks {
        match *block {
            Block::Paragraph(n) => assert!(n >= 1 && n as usize <= d.paragraphs.len()),
            Block::Table(n) => assert!(d.table(n).is_some_and(|t| t.parent.is_none())),
        }
    }
}
