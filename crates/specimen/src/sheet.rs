//! Rows of a form are written one after another; cells at exact places, each with the key of its value, go out.

/// One element of a package, in reading order.
#[derive(Clone, Debug)]
pub enum Piece {
    /// A paragraph.
    Line(Line),
    /// A table.
    Grid(Grid),
}

/// A paragraph.
#[derive(Clone, Debug)]
pub struct Line {
    /// Key of what it says ("report/basic").
    pub key: String,
    /// Its text.
    pub text: String,
    /// Heading level from 1.
    pub level: Option<u8>,
}

/// A table of keyed cells.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Key of its form ("project#2").
    pub form: String,
    /// Columns.
    pub cols: u32,
    /// Rows written so far.
    pub rows: u32,
    /// Cells in reading order.
    pub cells: Vec<Slip>,
    col: u32,
    taken: Vec<u32>,
}

/// A cell; rows and columns count from 1.
#[derive(Clone, Debug)]
pub struct Slip {
    /// Row of its top-left corner.
    pub row: u32,
    /// Column of its top-left corner.
    pub col: u32,
    /// Rows it covers.
    pub row_span: u32,
    /// Columns it covers.
    pub col_span: u32,
    /// Path of its value in the form; empty for labels.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Grid {
    /// A table of so many columns.
    pub fn new(form: impl Into<String>, cols: u32) -> Self {
        Grid {
            form: form.into(),
            cols,
            rows: 0,
            cells: Vec::new(),
            col: cols + 1,
            taken: vec![0; cols as usize + 2],
        }
    }

    /// Begins the next row.
    pub fn row(&mut self) -> &mut Self {
        self.rows += 1;
        self.col = 1;
        self
    }

    /// A label over so many columns.
    pub fn label(&mut self, text: impl Into<String>, col_span: u32) -> &mut Self {
        self.cell("", text, col_span, 1)
    }

    /// A value over so many columns.
    pub fn value(&mut self, path: &str, text: impl Into<String>, col_span: u32) -> &mut Self {
        self.cell(path, text, col_span, 1)
    }

    /// A cell at the next free place of the row.
    pub fn cell(
        &mut self,
        path: &str,
        text: impl Into<String>,
        col_span: u32,
        row_span: u32,
    ) -> &mut Self {
        while self.taken[self.col as usize] >= self.rows && self.col <= self.cols {
            self.col += 1;
        }
        for col in self.col..self.col + col_span {
            self.taken[col as usize] = self.rows + row_span - 1;
        }
        self.cells.push(Slip {
            row: self.rows,
            col: self.col,
            row_span,
            col_span,
            path: path.to_string(),
            text: text.into(),
        });
        self.col += col_span;
        self
    }
}

/// A paragraph with its key.
pub fn line(key: impl Into<String>, text: impl Into<String>) -> Piece {
    Piece::Line(Line {
        key: key.into(),
        text: text.into(),
        level: None,
    })
}

/// A heading with its key.
pub fn heading(key: impl Into<String>, text: impl Into<String>, level: u8) -> Piece {
    Piece::Line(Line {
        key: key.into(),
        text: text.into(),
        level: Some(level),
    })
}
