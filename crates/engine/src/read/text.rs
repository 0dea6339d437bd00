//! Bytes of a text file come in; a `Document` with the tables of a text dump placed on a grid goes out.
//!
//! A dump writes a table as lines: a tab begins a cell, a blank line ends a row, other lines go on
//! with the cell. Spans are lost in it: a cell merged across is one cell of a shorter row, a cell
//! merged downwards is followed by lone tabs. `place` restores what can be restored.

use super::grid;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use jiheng_model::document::Block;
use jiheng_model::{Cell, Document, Format, Notice, NoticeKind, Paragraph, Table};
use jiheng_office::Budget;
use std::borrow::Cow;
use std::ops::Range;

/// Bytes as UTF-8, and whether offsets still count in the original bytes.
pub(super) fn utf8(bytes: Cow<'_, [u8]>) -> (Cow<'_, [u8]>, bool) {
    let encoding = match bytes.get(..2) {
        Some([0xff, 0xfe]) => UTF_16LE,
        Some([0xfe, 0xff]) => UTF_16BE,
        Some([b'<', 0]) => UTF_16LE,
        Some([0, b'<']) => UTF_16BE,
        _ => return (bytes, true),
    };
    let text = encoding.decode(&bytes).0.into_owned();
    (Cow::Owned(text.into_bytes()), false)
}

/// The text of bytes in UTF-8, UTF-16 or GB18030; `None` when they are no text.
pub(crate) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Some(String::from_utf8_lossy(rest));
    }
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => return Some(UTF_16LE.decode(bytes).0),
        Some([0xfe, 0xff]) => return Some(UTF_16BE.decode(bytes).0),
        _ => {}
    }
    if bytes
        .iter()
        .any(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1a))
    {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let (text, _, bad) = GB18030.decode(bytes);
    let replaced = if bad {
        text.chars().filter(|c| *c == '\u{fffd}').count()
    } else {
        0
    };
    (replaced * 50 <= text.chars().count()).then_some(text)
}

/// All high bytes form pairs of GB 2312, and there is a Chinese character among them.
pub(super) fn is_gb2312(bytes: &[u8]) -> bool {
    let mut at = 0;
    let mut characters = false;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            at += 1;
            continue;
        }
        let second = bytes.get(at + 1).copied().unwrap_or(0);
        if !(0xa1..=0xf7).contains(&byte) || !(0xa1..=0xfe).contains(&second) {
            return false;
        }
        characters |= byte >= 0xb0;
        at += 2;
    }
    characters
}

/// A row of a dump: its cells as ranges of the document's text.
#[derive(Debug, Default)]
struct Line {
    cells: Vec<Range<u32>>,
}

/// Reads a text file.
pub(super) fn read(name: &str, text: &str, budget: &Budget) -> Document {
    let mut document = Document::empty(name, Format::Text);
    let text = without_artefacts(text);
    let lines: Vec<&str> = text
        .split('\n')
        .map(|l| l.strip_suffix('\r').unwrap_or(l))
        .collect();
    let mut places = budget.places;
    let mut at = 0;
    while at < lines.len() {
        if lines[at].trim_start_matches('\u{c}').starts_with('\t') {
            let (rows, next) = rows(&lines, at, &mut document.text);
            let number = document.tables.len() as u32 + 1;
            match place(number, rows, &document.text, places) {
                Some(table) => {
                    places -= table.grid.len();
                    document.tables.push(table);
                    document.blocks.push(Block::Table(number));
                }
                None => document.notices.push(Notice {
                    kind: NoticeKind::OverBudget,
                    message: format!("{name} 第 {} 行起的表太大，没有读。", at + 1),
                    table: None,
                }),
            }
            at = next;
        } else {
            let from = document.text.len() as u32;
            document
                .text
                .push_str(lines[at].trim_start_matches('\u{c}'));
            if at + 1 < lines.len() || !lines[at].is_empty() {
                let text = from..document.text.len() as u32;
                document.paragraphs.push(Paragraph {
                    text,
                    numbering: 0,
                    level: None,
                    bytes: 0..0,
                });
                document
                    .blocks
                    .push(Block::Paragraph(document.paragraphs.len() as u32));
            }
            at += 1;
        }
    }
    document
}

/// What converters print for invisible things: `[bookmark: _GoBack]`.
fn without_artefacts(text: &str) -> Cow<'_, str> {
    const MARK: &str = "[bookmark: ";
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.contains(MARK) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(MARK) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let line = from.find('\n').unwrap_or(from.len());
        match from[..line].find(']') {
            Some(end) => rest = &from[end + 1..],
            None => {
                out.push_str(MARK);
                rest = &from[MARK.len()..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The rows of the table that begins at line `at`, and the line behind it.
fn rows(lines: &[&str], mut at: usize, out: &mut String) -> (Vec<Line>, usize) {
    let mut rows = vec![Line::default()];
    let mut begun = false;
    while at < lines.len() {
        let line = lines[at];
        if begun && line.starts_with('\u{c}') {
            break;
        }
        if let Some(cell) = line.trim_start_matches('\u{c}').strip_prefix('\t') {
            // Further tabs in the line begin further cells (a dump of one row a line).
            for cell in cell.split('\t') {
                let from = out.len() as u32;
                out.push_str(cell);
                if let Some(row) = rows.last_mut() {
                    row.cells.push(from..out.len() as u32);
                }
            }
            begun = true;
            at += 1;
        } else if line.starts_with(' ') && !line.trim().is_empty() && !goes_on(lines, at, &rows) {
            // Converters print a page break as a blank at the start of the line: the table ends without a blank line.
            break;
        } else if !line.trim_end_matches([' ', '\r']).is_empty() {
            continue_cell(&mut rows, "\n", line, out);
            at += 1;
        } else {
            let next = lines[at..]
                .iter()
                .position(|l| !l.is_empty())
                .map_or(lines.len(), |i| at + i);
            if lines.get(next).is_some_and(|l| l.starts_with('\t')) {
                rows.push(Line::default());
                at = next;
            } else if next == at + 1 && goes_on(lines, next, &rows) {
                continue_cell(&mut rows, "\n\n", lines[next], out);
                at = next + 1;
            } else {
                // The blank line that ends the last row belongs to the table.
                at += 1;
                break;
            }
        }
    }
    rows.retain(|r| !r.cells.is_empty());
    (join_split_rows(rows, out), at)
}

fn continue_cell(rows: &mut [Line], gap: &str, line: &str, out: &mut String) {
    if let Some(cell) = rows.last_mut().and_then(|r| r.cells.last_mut())
        && cell.end as usize == out.len()
    {
        out.push_str(gap);
        out.push_str(line);
        cell.end = out.len() as u32;
    }
}

/// Whether the text behind a blank line still belongs to the open cell: the row it would make is as long as its neighbours.
fn goes_on(lines: &[&str], at: usize, rows: &[Line]) -> bool {
    let (Some(open), Some(before)) = (rows.last(), rows.len().checked_sub(2)) else {
        return false;
    };
    // The text must be followed by a cell of the same row.
    let Some(text) = lines[at..]
        .iter()
        .position(|l| l.starts_with('\t') || l.is_empty() || l.starts_with('\u{c}'))
    else {
        return false;
    };
    if text > 4
        || !lines[at + text].starts_with('\t')
        || lines[at..at + text]
            .iter()
            .map(|l| l.chars().count())
            .sum::<usize>()
            > 60
    {
        return false;
    }
    let more = lines[at + text..]
        .iter()
        .take_while(|l| !l.is_empty())
        .filter(|l| l.starts_with('\t'))
        .count();
    let joined = open.cells.len() + more;
    let like = |count: usize| count == joined;
    like(rows[before].cells.len()) || like(next_row(lines, at + text))
}

/// The number of cells in the row after the one that goes on at line `at`.
fn next_row(lines: &[&str], at: usize) -> usize {
    let Some(end) = lines[at..].iter().position(|l| l.is_empty()) else {
        return 0;
    };
    let rest = &lines[at + end..];
    let Some(start) = rest.iter().position(|l| !l.is_empty()) else {
        return 0;
    };
    rest[start..]
        .iter()
        .take_while(|l| !l.is_empty())
        .filter(|l| l.starts_with('\t'))
        .count()
}

/// A blank line at the end of a cell looks like the end of a row: a row of one cell is joined to the
/// next when the row after that one continues it (begins blank and is one cell longer).
fn join_split_rows(rows: Vec<Line>, text: &str) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(rows.len());
    let counts: Vec<usize> = rows.iter().map(|r| r.cells.len()).collect();
    let first_blank = |i: usize| rows.get(i).is_some_and(|r: &Line| r.cells[0].is_empty());
    let mut joins = vec![false; rows.len()];
    for i in 0..rows.len() {
        let next = counts.get(i + 1).copied().unwrap_or(0);
        let after = counts.get(i + 2).copied().unwrap_or(0);
        let text = &text[rows[i].cells[0].start as usize..rows[i].cells[0].end as usize];
        joins[i] = counts[i] == 1
            && next > 1
            && after == next + 1
            && first_blank(i + 2)
            && !first_blank(i + 1)
            && !text.is_empty();
    }
    for (i, row) in rows.into_iter().enumerate() {
        match out.last_mut() {
            Some(last) if i > 0 && joins[i - 1] => last.cells.extend(row.cells),
            _ => out.push(row),
        }
    }
    out
}

/// Places the rows of a dump on a grid as wide as its longest row.
///
/// Rows of the same length that follow each other have the same columns. A row as long as the grid
/// is wide is certain; of a shorter one the label stays narrow and the rest is shared out evenly,
/// and a single row of figures below full rows stands under the columns of figures.
fn place(number: u32, rows: Vec<Line>, text: &str, budget: usize) -> Option<Table> {
    let width = rows.iter().map(|r| r.cells.len()).max().unwrap_or(0) as u32;
    (rows.len().checked_mul(width as usize)? <= budget).then_some(())?;
    let slice = |r: &Range<u32>| &text[r.start as usize..r.end as usize];
    let mut cells: Vec<Cell> = Vec::new();
    // For each column the cell that may go on below: (index, col, span).
    let mut above: Vec<(usize, u32, u32)> = Vec::new();
    let mut full: Option<usize> = None;
    let mut group: Vec<u32> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let k = row.cells.len() as u32;
        let same_as_before = i > 0 && rows[i - 1].cells.len() as u32 == k;
        if !same_as_before {
            let single = rows.get(i + 1).is_none_or(|r| r.cells.len() as u32 != k);
            let figures = row.cells[1..].iter().all(|c| is_figure(slice(c)))
                && !row.cells[1..].iter().all(|c| slice(c).trim().is_empty());
            group = full
                .filter(|_| single && figures && k > 2 && k < width)
                .and_then(|f| under_figures(&rows[f], width, &row.cells, slice))
                .or_else(|| {
                    full.filter(|_| k + 1 == width && k > 1)
                        .map(|f| one_short(&rows[f], row, slice))
                })
                .unwrap_or_else(|| shares(width, k));
        }
        if k == width {
            full = Some(i);
        }
        let leading = row.cells.iter().take_while(|c| c.is_empty()).count();
        let leading = if leading == row.cells.len() {
            leading.min(1)
        } else {
            leading
        };
        let mut now = Vec::with_capacity(k as usize);
        let mut col = 1;
        for (j, range) in row.cells.iter().enumerate() {
            let span = group.get(j).copied().unwrap_or(1);
            let up = above
                .iter()
                .find(|a| a.1 == col && a.2 == span)
                .filter(|_| j < leading);
            match up {
                Some(&(index, ..)) => {
                    cells[index].row_span += 1;
                    now.push((index, col, span));
                }
                None => {
                    now.push((cells.len(), col, span));
                    cells.push(Cell {
                        text: range.clone(),
                        ..grid::cell(i as u32 + 1, col, 1, span)
                    });
                }
            }
            col += span;
        }
        above = now;
    }
    grid::table(number, cells, rows.len() as u32, width, budget)
}

/// Widths of `k` cells in a row that is `width` columns wide.
fn shares(width: u32, k: u32) -> Vec<u32> {
    if k == 0 || k >= width {
        return vec![1; k as usize];
    }
    if k == 1 {
        return vec![width];
    }
    if (width - 1).is_multiple_of(k - 1) {
        let mut spans = vec![(width - 1) / (k - 1); k as usize];
        spans[0] = 1;
        return spans;
    }
    if width - k < k - 1 {
        // A few columns short: the label beside the first one is the wide cell.
        let mut spans = vec![1; k as usize];
        spans[1] += width - k;
        return spans;
    }
    let mut spans = vec![width / k; k as usize];
    if let Some(last) = spans.last_mut() {
        *last += width % k;
    }
    spans
}

/// Widths of a row of figures ("总分 100 98"): its label reaches to the columns of figures of the full row above.
fn under_figures<'t>(
    full: &Line,
    width: u32,
    cells: &[Range<u32>],
    slice: impl Fn(&Range<u32>) -> &'t str,
) -> Option<Vec<u32>> {
    let printed = |c: &Range<u32>| !slice(c).trim().is_empty();
    let figures: Vec<bool> = full
        .cells
        .iter()
        .map(|c| is_figure(slice(c)) && printed(c))
        .collect();
    let need = cells[1..].iter().rposition(printed)? + 1;
    let blanks = cells.len() - 1 - need;
    // The last columns of figures that leave room for the blank cells behind them.
    let last = figures
        .iter()
        .rposition(|f| *f)
        .filter(|l| *l >= need && l + blanks < full.cells.len())?;
    let start = last + 1 - need;
    if figures[start..=last].iter().any(|f| !*f) {
        return None;
    }
    let mut spans = vec![1; cells.len()];
    spans[0] = start as u32;
    let used: u32 = spans.iter().sum();
    if let Some(end) = spans.last_mut() {
        *end += width.checked_sub(used)?;
    }
    Some(spans)
}

/// Widths of a row one cell short: its cells stand where the lengths of their texts fit those of the full row above.
fn one_short<'t>(full: &Line, row: &Line, slice: impl Fn(&Range<u32>) -> &'t str) -> Vec<u32> {
    // Lengths are compared by their order of magnitude.
    let size = |c: &Range<u32>| (slice(c).chars().count() as u32 + 1).ilog2();
    let cost = |wide: usize| -> u32 {
        let column = |j: usize| if j > wide { j + 1 } else { j };
        let gap =
            |j: usize, c: &Range<u32>| full.cells.get(j).map_or(0, |f| size(f).abs_diff(size(c)));
        let second = row.cells.get(wide).map_or(0, |c| gap(wide + 1, c));
        row.cells
            .iter()
            .enumerate()
            .map(|(j, c)| gap(column(j), c))
            .sum::<u32>()
            + second
    };
    let wide = (1..row.cells.len()).min_by_key(|w| cost(*w)).unwrap_or(0);
    let mut spans = vec![1; row.cells.len()];
    spans[wide] = 2;
    spans
}

/// Blank, or a number with at most a percent sign or 分.
fn is_figure(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace());
    let digits = text.trim_end_matches(['%', '％', '分']);
    text.is_empty()
        || digits.chars().any(|c| c.is_ascii_digit())
            && digits
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(d: &Document, t: u32) -> Vec<(u32, u32, u32, u32, String)> {
        let table = d.table(t).expect("a table");
        table
            .cells
            .iter()
            .map(|c| {
                (
                    c.row,
                    c.col,
                    c.row_span,
                    c.col_span,
                    d.cell_text(c).to_string(),
                )
            })
            .collect()
    }

    #[test]
    fn a_dump_becomes_a_grid() {
        let dump = "附件2\n\t单位\n\t局\n\n\t绩\n效\n\n\t一级\n\t名称\n\t分值\n\t得分\n\n\t\n\t产出\n\n(50分)\n\t路\n\t4\n\t4\n\n\t\n\t\n\t桥\n\t6\n\t5\n\n\t总分\n\t10\n\t9\n\n\n说明：无\n";
        let d = read("a", dump, &Budget::default());
        assert_eq!(d.paragraph_text(1), "附件2");
        assert_eq!(
            (d.tables.len(), d.tables[0].rows, d.tables[0].cols),
            (1, 5, 5)
        );
        assert_eq!(
            d.paragraphs
                .iter()
                .filter(|p| d.slice(&p.text) == "说明：无")
                .count(),
            1
        );
        let cells = texts(&d, 1);
        assert_eq!(cells[1], (1, 2, 1, 4, "局".into()));
        assert_eq!(cells[2], (2, 1, 3, 1, "绩\n效".into()));
        assert!(cells.contains(&(3, 2, 2, 1, "产出\n\n(50分)".into())));
        assert!(cells.contains(&(5, 1, 1, 3, "总分".into())));
        assert!(cells.contains(&(5, 4, 1, 1, "10".into())));
        assert!(cells.contains(&(5, 5, 1, 1, "9".into())));
    }

    #[test]
    fn artefacts_go_and_encodings_are_found_by_content() {
        assert_eq!(
            without_artefacts("a[bookmark: _GoBack]b[bookmark: x"),
            "ab[bookmark: x"
        );
        assert_eq!(
            decode(&GB18030.encode("岳阳市").0).as_deref(),
            Some("岳阳市")
        );
        assert_eq!(decode(b"\xff\xfe\x00\x4e").as_deref(), Some("一"));
        assert_eq!(decode(b"\x00\x01binary"), None);
    }
}
