//! Interpreted pages come in; their paragraphs and tables in reading order go out.

use crate::geometry::{Glyph, Sheet};
use crate::lattice::{self, Lattice};
use crate::lines::{Line, cell_breaks, cell_text, lines};
use crate::prose::{Measure, Open, is_page_number};
use crate::{Content, Element, Grid, GridCell, Limits, align};
use std::collections::HashMap;

/// Header and footer lie within this part of the page's height.
const MARGIN: f64 = 0.1;
/// A line on this many pages at the same height is a header or footer.
const REPEATED: usize = 3;
/// The widest distance of a cell's text from its lines, in points.
const PAD: f64 = 5.5;

/// A page after its tables were found.
struct Laid {
    page: u32,
    /// Tables from top to bottom.
    tables: Vec<Ruled>,
    lines: Vec<Line>,
    width: f64,
}

/// A table with what its rows at the edges of the page need to be continued.
pub(crate) struct Ruled {
    pub top: f64,
    pub bottom: f64,
    pub grid: Grid,
    /// Cells of the first row, and cells that end with the last one.
    pub first: Vec<Edge>,
    pub last: Vec<Edge>,
}

/// A cell at the upper or lower end of a table.
pub(crate) struct Edge {
    /// Its index in the grid.
    pub index: usize,
    pub left: f64,
    pub right: f64,
    pub pad: f64,
    pub lines: Vec<Line>,
}

/// Puts the pages together.
pub(crate) fn assemble(sheets: &[Sheet], limits: &Limits) -> Content {
    let mut content = Content::default();
    let mut places = limits.places;
    let mut laid = Vec::new();
    for sheet in sheets {
        if sheet.glyphs.is_empty() {
            if sheet.pictures > 0 {
                content.pictures.push(sheet.page);
            }
            continue;
        }
        if sheet.invisible {
            content.invisible.push(sheet.page);
        }
        let (page, over) = lay(sheet, &mut places);
        content.over_limit |= over;
        laid.push((sheet.height, page));
    }
    without_headers(&mut laid);
    for pair in 1..laid.len() {
        if let Some([(_, above), (_, below)]) = laid.get_mut(pair - 1..=pair) {
            across_pages(above, below);
        }
    }
    let mut measures: HashMap<i64, Measure> = HashMap::new();
    for (_, page) in &laid {
        let width = page.width.round() as i64;
        let same = |p: &&(f64, Laid)| p.1.width.round() as i64 == width;
        measures.entry(width).or_insert_with(|| {
            Measure::of(laid.iter().filter(same).flat_map(|(_, p)| p.lines.iter()))
        });
    }
    let mut open: Option<Open> = None;
    for (_, page) in laid {
        let measure = measures
            .get(&(page.width.round() as i64))
            .copied()
            .unwrap_or(Measure {
                left: 0.0,
                right: page.width,
            });
        flow(page, &measure, &mut open, &mut content.elements);
    }
    close(open, &mut content.elements);
    content
}

/// Appends a page's paragraphs and tables from top to bottom.
fn flow(page: Laid, measure: &Measure, open: &mut Option<Open>, elements: &mut Vec<Element>) {
    let aligned = align::tables(&page.lines);
    let mut ruled = page.tables.into_iter().peekable();
    let mut at = 0;
    while let Some(line) = page.lines.get(at) {
        while let Some(table) = ruled.next_if(|table| table.top < line.y) {
            close(open.take(), elements);
            elements.push(Element::Table(table.grid));
        }
        if let Some(table) = aligned.iter().find(|a| a.lines.start == at) {
            close(open.take(), elements);
            let rows = page.lines.get(table.lines.clone()).unwrap_or_default();
            elements.push(Element::Table(by_alignment(
                page.page,
                rows,
                &table.columns,
            )));
            at = table.lines.end;
            continue;
        }
        at += 1;
        if let Some(paragraph) = open
            && paragraph.take(page.page, line, measure)
        {
            continue;
        }
        close(open.replace(Open::new(page.page, line)), elements);
    }
    for table in ruled {
        close(open.take(), elements);
        elements.push(Element::Table(table.grid));
    }
}

fn close(open: Option<Open>, elements: &mut Vec<Element>) {
    if let Some(paragraph) = open {
        let (page, text) = paragraph.into_text();
        elements.push(Element::Paragraph { page, text });
    }
}

/// Finds a page's tables and gives every character to its cell or to the running text.
fn lay(sheet: &Sheet, places: &mut usize) -> (Laid, bool) {
    let (lattices, over) = lattice::tables(&sheet.horizontal, &sheet.vertical, places);
    let mut held: Vec<Vec<Vec<&Glyph>>> = lattices
        .iter()
        .map(|l| vec![Vec::new(); l.cells.len()])
        .collect();
    // A table inside a cell of another is the smaller one.
    let mut order: Vec<usize> = (0..lattices.len()).collect();
    let size = |l: &Lattice| {
        let a = l.area();
        (a.x1 - a.x0) * (a.y1 - a.y0)
    };
    order.sort_by(|a, b| size(&lattices[*a]).total_cmp(&size(&lattices[*b])));
    let mut free = Vec::new();
    for glyph in &sheet.glyphs {
        let (x, y) = glyph.anchor;
        let at = order
            .iter()
            .find_map(|i| lattices.get(*i)?.cell_at(x, y).map(|c| (*i, c)));
        match at.and_then(|(i, c)| held.get_mut(i)?.get_mut(c)) {
            Some(cell) => cell.push(glyph),
            None => free.push(glyph),
        }
    }
    let mut tables = Vec::new();
    for (lattice, cells) in lattices.iter().zip(held) {
        let filled = cells.iter().filter(|c| !c.is_empty()).count();
        if filled < 2 {
            // Lines around a heading or of a drawing: its text is running text.
            free.extend(cells.into_iter().flatten());
            continue;
        }
        tables.push(ruled(sheet.page, lattice, cells));
    }
    let page = Laid {
        page: sheet.page,
        tables,
        lines: lines(free),
        width: sheet.width,
    };
    (page, over)
}

fn ruled(page: u32, lattice: &Lattice, held: Vec<Vec<&Glyph>>) -> Ruled {
    let texts: Vec<Vec<Line>> = held.into_iter().map(lines).collect();
    let mut pad = PAD;
    for (cell, text) in lattice.cells.iter().zip(&texts) {
        let area = lattice.cell_area(cell);
        for line in text {
            pad = pad.min(line.x0 - area.x0).min(area.x1 - line.x1);
        }
    }
    let pad = pad.max(0.0);
    let cells = lattice
        .cells
        .iter()
        .zip(&texts)
        .map(|(cell, text)| {
            let area = lattice.cell_area(cell);
            GridCell {
                row: cell.row as u32 + 1,
                col: cell.col as u32 + 1,
                row_span: cell.row_span as u32,
                col_span: cell.col_span as u32,
                text: cell_text(text, area.x0, area.x1, pad),
            }
        })
        .collect();
    let rows = lattice.ys.len() - 1;
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for (index, (cell, lines)) in lattice.cells.iter().zip(texts).enumerate() {
        let area = lattice.cell_area(cell);
        let edge = Edge {
            index,
            left: area.x0,
            right: area.x1,
            pad,
            lines,
        };
        if cell.row + cell.row_span == rows {
            last.push(edge);
        } else if cell.row == 0 {
            first.push(edge);
        }
    }
    Ruled {
        top: lattice.area().y0,
        bottom: lattice.area().y1,
        grid: Grid {
            page,
            rows: rows as u32,
            cols: lattice.xs.len() as u32 - 1,
            cells,
        },
        first,
        last,
    }
}

/// Gives the text of a row that a page break cut back to the row it began in.
///
/// The lower part stays as a blank row, so that rows are still those that a person counts on the page.
fn across_pages(above: &mut Laid, below: &mut Laid) {
    let (Some(upper), Some(lower)) = (above.tables.last_mut(), below.tables.first_mut()) else {
        return;
    };
    let between = above.lines.iter().any(|line| line.y > upper.bottom)
        || below.lines.iter().any(|line| line.y < lower.top);
    if between {
        return;
    }
    for (from, to) in continued(&upper.last, &lower.first).unwrap_or_default() {
        let (Some(from), Some(to)) = (lower.first.get(from), upper.last.get(to)) else {
            continue;
        };
        let lines: Vec<Line> = to.lines.iter().chain(&from.lines).cloned().collect();
        if let Some(cell) = upper.grid.cells.get_mut(to.index) {
            cell.text = cell_text(&lines, to.left, to.right, to.pad.max(from.pad));
        }
        if let Some(cell) = lower.grid.cells.get_mut(from.index) {
            cell.text.clear();
        }
    }
}

/// The cells of a table's first row that continue cells above; `None` when it is a row of its own.
///
/// It continues when every cell with text lies under one with text of the same width, a cell in
/// front of it (the row's label) is not printed again, and each line above is broken because the word
/// below did not fit: points and dates of a new row stand under lines that ended by themselves.
fn continued(above: &[Edge], below: &[Edge]) -> Option<Vec<(usize, usize)>> {
    let mut pairs = Vec::new();
    for (at, edge) in below.iter().enumerate() {
        let Some(first) = edge.lines.first() else {
            continue;
        };
        let near = |a: f64, b: f64| (a - b).abs() < 2.0;
        let same = |e: &Edge| near(e.left, edge.left) && near(e.right, edge.right);
        let to = above.iter().position(|e| same(e) && !e.lines.is_empty())?;
        let upper = above.get(to)?;
        let last = upper.lines.last()?;
        if !cell_breaks(last, first, upper.left, upper.right, upper.pad) {
            return None;
        }
        pairs.push((at, to));
    }
    let leftmost = |edges: &[Edge]| {
        let filled = edges.iter().filter(|e| !e.lines.is_empty());
        filled.map(|e| e.left).min_by(f64::total_cmp)
    };
    let unlabelled = leftmost(above)? + 2.0 < leftmost(below)?;
    unlabelled.then_some(pairs)
}

fn by_alignment(page: u32, rows: &[Line], columns: &[(f64, f64)]) -> Grid {
    let mut cells = Vec::new();
    for (row, line) in rows.iter().enumerate() {
        for (from, _, text) in &line.stretches {
            if let Some(col) = align::column(columns, *from) {
                cells.push(GridCell {
                    row: row as u32 + 1,
                    col: col as u32 + 1,
                    row_span: 1,
                    col_span: 1,
                    text: text.clone(),
                });
            }
        }
    }
    Grid {
        page,
        rows: rows.len() as u32,
        cols: columns.len() as u32,
        cells,
    }
}

/// Drops page numbers, and lines that stand at the same height of several pages' margins.
fn without_headers(laid: &mut [(f64, Laid)]) {
    let edge = |height: f64, y: f64| y < MARGIN * height || y > (1.0 - MARGIN) * height;
    let key = |line: &Line| (line.text.clone(), (line.y / 2.0).round() as i64);
    let mut seen: HashMap<(String, i64), usize> = HashMap::new();
    for (height, page) in laid.iter() {
        for line in page.lines.iter().filter(|l| edge(*height, l.y)) {
            *seen.entry(key(line)).or_default() += 1;
        }
    }
    for (height, page) in laid.iter_mut() {
        let height = *height;
        page.lines.retain(|line| {
            !edge(height, line.y)
                || !(is_page_number(&line.text)
                    || seen.get(&key(line)).is_some_and(|n| *n >= REPEATED))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x0: f64, x1: f64) -> Line {
        Line {
            text: text.into(),
            x0,
            x1,
            y: 0.0,
            size: 10.0,
            first_word: 10.0,
            stretches: Vec::new(),
        }
    }

    fn edges(cells: &[(f64, f64, &str, f64)]) -> Vec<Edge> {
        let edge = |(index, (left, right, text, end)): (usize, &(f64, f64, &str, f64))| Edge {
            index,
            left: *left,
            right: *right,
            pad: 2.0,
            lines: match text.is_empty() {
                true => Vec::new(),
                false => vec![line(text, left + 2.0, *end)],
            },
        };
        cells.iter().enumerate().map(edge).collect()
    }

    #[test]
    fn a_row_without_label_under_a_broken_line_is_continued() {
        let above = edges(&[
            (0.0, 50.0, "完成情况", 42.0),
            (50.0, 200.0, "推进各项", 195.0),
        ]);
        let below = edges(&[(0.0, 50.0, "", 0.0), (50.0, 200.0, "整改。", 80.0)]);
        assert_eq!(continued(&above, &below), Some(vec![(1, 1)]));
    }

    #[test]
    fn a_row_of_its_own_is_left_alone() {
        let above = edges(&[(0.0, 50.0, "产出", 30.0), (50.0, 200.0, "完成数量", 195.0)]);
        // It has its own label.
        let labelled = edges(&[(0.0, 50.0, "效益", 30.0), (50.0, 200.0, "满意度", 80.0)]);
        assert_eq!(continued(&above, &labelled), None);
        // The last line above ended by itself.
        let ended = edges(&[(0.0, 50.0, "产出", 30.0), (50.0, 200.0, "数量", 80.0)]);
        let next = edges(&[(0.0, 50.0, "", 0.0), (50.0, 200.0, "质量", 80.0)]);
        assert_eq!(continued(&ended, &next), None);
        // Its cells are others.
        let moved = edges(&[(0.0, 60.0, "", 0.0), (60.0, 200.0, "质量", 80.0)]);
        assert_eq!(continued(&above, &moved), None);
    }
}
