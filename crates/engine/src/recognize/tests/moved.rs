//! The sample with its parts moved about: what is read must stay the same.

use super::*;
use jiheng_model::document::{Cell, NO_CELL, Paragraph};

#[derive(Clone)]
enum Item {
    Text(String),
    Grid(Grid),
}

#[derive(Clone)]
struct Grid {
    rows: u32,
    cols: u32,
    cells: Vec<Piece>,
}

#[derive(Clone)]
struct Piece {
    row: u32,
    col: u32,
    down: u32,
    across: u32,
    text: String,
}

fn items(doc: &Document) -> Vec<Item> {
    doc.blocks
        .iter()
        .filter_map(|b| match *b {
            Block::Paragraph(n) => Some(Item::Text(doc.paragraph_text(n).to_string())),
            Block::Table(n) => doc.table(n).map(|t| {
                let cells = t.cells.iter().map(|c| Piece {
                    row: c.row,
                    col: c.col,
                    down: c.row_span,
                    across: c.col_span,
                    text: doc.cell_text(c).to_string(),
                });
                Item::Grid(Grid {
                    rows: t.rows,
                    cols: t.cols,
                    cells: cells.collect(),
                })
            }),
        })
        .collect()
}

fn document(items: &[Item]) -> Document {
    let mut doc = Document::empty("moved.docx", Format::Docx);
    let put = |doc: &mut Document, text: &str| {
        let from = doc.text.len() as u32;
        doc.text.push_str(text);
        from..doc.text.len() as u32
    };
    for item in items {
        match item {
            Item::Text(text) => {
                let text = put(&mut doc, text);
                doc.paragraphs.push(Paragraph {
                    text,
                    numbering: 0,
                    level: None,
                    bytes: 0..0,
                });
                doc.blocks
                    .push(Block::Paragraph(doc.paragraphs.len() as u32));
            }
            Item::Grid(grid) => {
                let mut pieces: Vec<&Piece> = grid.cells.iter().collect();
                pieces.sort_by_key(|p| (p.row, p.col));
                let mut table = Table {
                    number: doc.tables.len() as u32 + 1,
                    sheet: None,
                    rows: grid.rows,
                    cols: grid.cols,
                    cells: Vec::new(),
                    grid: vec![NO_CELL; (grid.rows * grid.cols) as usize],
                    parent: None,
                    hidden: false,
                };
                for p in pieces {
                    let text = put(&mut doc, &p.text);
                    for r in p.row..p.row + p.down {
                        for c in p.col..p.col + p.across {
                            table.grid[((r - 1) * grid.cols + c - 1) as usize] =
                                table.cells.len() as u32;
                        }
                    }
                    table.cells.push(Cell {
                        row: p.row,
                        col: p.col,
                        row_span: p.down,
                        col_span: p.across,
                        text,
                        bytes: 0..0,
                    });
                }
                doc.blocks.push(Block::Table(table.number));
                doc.tables.push(table);
            }
        }
    }
    doc
}

impl Grid {
    /// Rows `[from, to)` as a grid of their own; a cell cut in two goes on blank.
    fn rows(&self, from: u32, to: u32) -> Grid {
        let mut cells = Vec::new();
        for p in &self.cells {
            let (top, bottom) = (p.row.max(from), (p.row + p.down).min(to));
            if top < bottom {
                let text = if p.row >= from {
                    p.text.clone()
                } else {
                    String::new()
                };
                cells.push(Piece {
                    row: top - from + 1,
                    down: bottom - top,
                    text,
                    ..p.clone()
                });
            }
        }
        Grid {
            rows: to - from,
            cols: self.cols,
            cells,
        }
    }

    /// Another grid below this one; the last cell of each row of the narrower reaches over the rest.
    fn below(&self, other: &Grid) -> Grid {
        let cols = self.cols.max(other.cols);
        let mut cells: Vec<Piece> = Vec::new();
        for (grid, shift) in [(self, 0), (other, self.rows)] {
            for p in &grid.cells {
                let across = if p.col + p.across - 1 == grid.cols {
                    cols - p.col + 1
                } else {
                    p.across
                };
                cells.push(Piece {
                    row: p.row + shift,
                    across,
                    ..p.clone()
                });
            }
        }
        Grid {
            rows: self.rows + other.rows,
            cols,
            cells,
        }
    }

    /// A row of one cell.
    fn line(text: &str, cols: u32) -> Grid {
        Grid {
            rows: 1,
            cols,
            cells: vec![Piece {
                row: 1,
                col: 1,
                down: 1,
                across: cols,
                text: text.into(),
            }],
        }
    }

    /// A row of blank cells.
    fn blank(cols: u32) -> Grid {
        let cells = (1..=cols).map(|col| Piece {
            row: 1,
            col,
            down: 1,
            across: 1,
            text: String::new(),
        });
        Grid {
            rows: 1,
            cols,
            cells: cells.collect(),
        }
    }
}

fn sample() -> Option<Vec<Item>> {
    let path = shared("corpus/seed/package.docx")?;
    let bytes = std::fs::read(path).expect("the sample");
    let documents = read(&Package {
        files: vec![SourceFile {
            name: "package.docx".into(),
            bytes,
        }],
    });
    Some(items(documents.first()?))
}

/// Position of a table among the items, and the table.
fn table(items: &[Item], number: usize) -> (usize, Grid) {
    let mut grids = items.iter().enumerate().filter_map(|(i, item)| {
        if let Item::Grid(g) = item {
            Some((i, g.clone()))
        } else {
            None
        }
    });
    grids.nth(number - 1).expect("a table of the sample")
}

fn read_items(items: &[Item]) -> Filing {
    forms(&[document(items)], &yueyang())
}

/// Values only: titles, annex labels and years are asked for where they matter.
fn values(filing: &Filing) -> Vec<String> {
    lines(filing)
        .into_iter()
        .filter(|l| !l.starts_with('#'))
        .collect()
}

fn same(before: &Filing, after: &Filing) {
    let kinds = |f: &Filing| {
        f.forms
            .iter()
            .map(|f| f.kind().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(before), kinds(after));
    let (left, right) = (values(before), values(after));
    let lost: Vec<_> = left.iter().filter(|l| !right.contains(l)).collect();
    let made: Vec<_> = right.iter().filter(|r| !left.contains(r)).collect();
    assert_eq!((lost, made), (vec![], vec![]));
    assert_eq!(left.len(), right.len());
}

#[test]
fn a_form_goes_on_over_the_next_table() {
    let Some(items) = sample() else { return };
    let before = read_items(&items);
    // Inside the project lines of 附件1, inside the indicators of 附件3, and between funds and goals of 附件2.
    for (number, row) in [(1, 15), (3, 14), (2, 9), (4, 18), (2, 20), (1, 33)] {
        for repeat in [false, true] {
            let mut moved = items.clone();
            let (at, grid) = table(&moved, number);
            let head = match (number, row) {
                (1, _) => 3,
                (2, 20) => 11,
                (3 | 4, _) => 10,
                _ => 0,
            };
            if repeat && (head == 0 || (number, row) == (1, 33)) {
                continue;
            }
            let mut rest = grid.rows(row, grid.rows + 1);
            if repeat {
                rest = grid.rows(head, head + 1).below(&rest);
            }
            moved.splice(at..=at, [Item::Grid(grid.rows(1, row)), Item::Grid(rest)]);
            eprintln!("table {number} cut before row {row}, heads repeated: {repeat}");
            let after = read_items(&moved);
            same(&before, &after);
            assert!(after.forms.iter().any(|f| f.tables.len() == 2));
            assert!(after.unrecognised.is_empty(), "{:?}", after.unrecognised);
        }
    }
}

#[test]
fn titles_notes_and_feet_may_be_rows_of_the_table() {
    let Some(items) = sample() else { return };
    let before = read_items(&items);
    let mut moved: Vec<Item> = Vec::new();
    let mut pending: Vec<String> = Vec::new();
    for item in &items {
        match item {
            Item::Text(t) if trim(t).is_empty() => {}
            Item::Text(t) if t.contains("填表人") || t.starts_with("说明") => {
                let Some(Item::Grid(g)) = moved.last() else {
                    panic!("a foot without its table")
                };
                let g = g.below(&Grid::line(t, g.cols));
                *moved.last_mut().expect("a table") = Item::Grid(g);
            }
            Item::Text(t)
                if t.len() < 90
                    && (place::is_annex(t) || place::title(&yueyang(), t).is_some()) =>
            {
                pending.push(t.clone())
            }
            Item::Text(t) => moved.extend(pending.drain(..).chain([t.clone()]).map(Item::Text)),
            Item::Grid(g) => {
                let mut whole = g.clone();
                for line in pending.drain(..).rev() {
                    whole = Grid::line(&line, g.cols).below(&whole);
                }
                moved.push(Item::Grid(whole));
            }
        }
    }
    let after = read_items(&moved);
    same(&before, &after);
    for (a, b) in before.forms.iter().zip(&after.forms) {
        assert_eq!(
            (
                a.year,
                a.title.as_ref().map(|t| &t.text),
                a.annex.as_ref().map(|t| &t.text)
            ),
            (
                b.year,
                b.title.as_ref().map(|t| &t.text),
                b.annex.as_ref().map(|t| &t.text)
            )
        );
    }

    // All forms in one sheet.
    let mut sheet: Option<Grid> = None;
    for item in &moved {
        if let Item::Grid(g) = item {
            sheet = Some(match sheet {
                Some(s) => s.below(&Grid::blank(s.cols)).below(g),
                None => g.clone(),
            });
        }
    }
    let after = read_items(&[Item::Grid(sheet.expect("tables"))]);
    same(&before, &after);
}

#[test]
fn forms_are_found_without_titles() {
    let Some(items) = sample() else { return };
    let before = read_items(&items);
    let defs = yueyang();
    let untitled: Vec<Item> = items.iter().filter(|i| !matches!(i, Item::Text(t) if place::is_annex(t) || place::title(&defs, t).is_some())).cloned().collect();
    let kept = |f: &Filing| -> Vec<String> {
        f.forms
            .iter()
            .filter(|f| f.kind() != "assessment")
            .map(|f| f.kind().to_string())
            .collect()
    };
    let after = read_items(&untitled);
    assert_eq!(kept(&before), kept(&after));

    // Two project tables that have grown together.
    let mut grown = items.clone();
    let (first, a) = table(&grown, 3);
    let (second, b) = table(&grown, 4);
    grown.splice(first..=second, [Item::Grid(a.below(&b))]);
    let after = read_items(&grown);
    assert_eq!(after.of("project").count(), 2);
    let names: Vec<_> = after
        .of("project")
        .filter_map(|f| f.project_name())
        .map(|n| n.text.clone())
        .collect();
    assert_eq!(
        names,
        before
            .of("project")
            .filter_map(|f| f.project_name())
            .map(|n| n.text.clone())
            .collect::<Vec<_>>()
    );
    assert_eq!(
        after
            .of("project")
            .map(|f| f.rows("indicators").len())
            .collect::<Vec<_>>(),
        before
            .of("project")
            .map(|f| f.rows("indicators").len())
            .collect::<Vec<_>>()
    );
}

#[test]
fn blank_rows_broken_labels_and_unmerged_cells_change_nothing() {
    let Some(items) = sample() else { return };
    let before = read_items(&items);

    let mut moved = items.clone();
    for item in &mut moved {
        if let Item::Grid(g) = item {
            let mut out = Grid {
                rows: 0,
                cols: g.cols,
                cells: Vec::new(),
            };
            for row in 1..=g.rows {
                // A blank row where no merged cell crosses.
                let crossed = g.cells.iter().any(|p| p.row < row && p.row + p.down > row);
                if !crossed && row > 1 {
                    out = out.below(&Grid::blank(g.cols));
                }
                let shift = out.rows + 1 - row;
                for p in g.cells.iter().filter(|p| p.row == row) {
                    out.cells.push(Piece {
                        row: p.row + shift,
                        ..p.clone()
                    });
                }
                out.rows += 1;
            }
            *g = out;
        }
    }
    same(&before, &read_items(&moved));

    let mut broken = items.clone();
    for item in &mut broken {
        if let Item::Grid(g) = item {
            for p in &mut g.cells {
                let key = normalise(&p.text);
                if yueyang()
                    .iter()
                    .any(|d| keys::find(d, &key).is_some_and(|f| f.whole))
                {
                    p.text = p
                        .text
                        .chars()
                        .map(String::from)
                        .collect::<Vec<_>>()
                        .join("\n");
                }
            }
        }
    }
    same(&before, &read_items(&broken));

    let mut unmerged = items.clone();
    for item in &mut unmerged {
        if let Item::Grid(g) = item {
            let tall: Vec<Piece> = g.cells.iter().filter(|p| p.down > 1).cloned().collect();
            for p in &mut g.cells {
                p.down = 1;
            }
            for p in tall {
                g.cells.extend((p.row + 1..p.row + p.down).map(|row| Piece {
                    row,
                    down: 1,
                    text: String::new(),
                    ..p.clone()
                }));
            }
        }
    }
    same(&before, &read_items(&unmerged));
}

#[test]
fn columns_may_stand_in_another_order() {
    let Some(items) = sample() else { return };
    let before = read_items(&items);
    let mut moved = items.clone();
    for number in 2..=4 {
        let (at, mut grid) = table(&moved, number);
        // Mirror the columns from the third on: heads and values together.
        let last = grid.cols;
        for p in &mut grid.cells {
            let right = p.col + p.across - 1;
            if p.col >= 4 {
                p.col = 4 + last - right;
            }
        }
        // Rows whose cells reach over the mirrored part and more stay as they are.
        moved[at] = Item::Grid(grid);
    }
    let after = read_items(&moved);
    for (a, b) in before.forms.iter().zip(&after.forms) {
        assert_eq!(a.rows("indicators").len(), b.rows("indicators").len());
        for (left, right) in a.indicators().zip(b.indicators()) {
            for (x, y) in [
                (left.target(), right.target()),
                (left.actual(), right.actual()),
                (left.points(), right.points()),
                (left.score(), right.score()),
                (left.name(), right.name()),
            ] {
                assert_eq!(x.map(|s| &s.text), y.map(|s| &s.text));
            }
        }
        for col in [
            "original_budget",
            "final_budget",
            "outturn",
            "points",
            "execution_rate",
            "score",
        ] {
            let path = format!("funds.total.{col}");
            assert_eq!(
                a.get(&path).map(|s| &s.text),
                b.get(&path).map(|s| &s.text),
                "{path}"
            );
        }
    }
}

#[test]
fn an_unknown_table_is_named_and_ends_nothing() {
    let Some(mut items) = sample() else { return };
    let before = read_items(&items);
    let (at, _) = table(&items, 5);
    let unknown = Grid {
        rows: 2,
        cols: 3,
        cells: ["序号", "设备名称", "数量", "1", "电脑", "3"]
            .iter()
            .enumerate()
            .map(|(i, t)| Piece {
                row: i as u32 / 3 + 1,
                col: i as u32 % 3 + 1,
                down: 1,
                across: 1,
                text: (*t).into(),
            })
            .collect(),
    };
    items.insert(at + 1, Item::Grid(unknown));
    items.insert(at + 1, Item::Text("固定资产清单".into()));
    let after = read_items(&items);
    same(&before, &after);
    assert_eq!(after.unrecognised.len(), 1);
    assert!(
        after.unrecognised[0].why.contains("2 行 3 列"),
        "{}",
        after.unrecognised[0].why
    );
}
