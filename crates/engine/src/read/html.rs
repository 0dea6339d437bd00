//! HTML as it stands in the wild comes in; a `Document` with its tables on their exact grid goes out.
//!
//! Tags may be left open, attributes unquoted, names in capitals; scripts and styles are passed over.

use super::grid;
use encoding_rs::Encoding;
use jiheng_model::document::Block;
use jiheng_model::{Cell, Document, Format, Notice, NoticeKind, Paragraph, Table};
use jiheng_office::Budget;
use memchr::{memchr, memmem};
use std::borrow::Cow;

/// Widest and tallest spans, as browsers take them.
const MAX_COL_SPAN: u32 = 1000;
const MAX_ROW_SPAN: u32 = 65_534;

/// The text of bytes that are HTML, by the byte order mark, else the charset they name; `None` when they are none.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let plain = super::text::decode(bytes)?;
    let head = plain.trim_start();
    let mut end = head.len().min(4096);
    while !head.is_char_boundary(end) {
        end -= 1;
    }
    let head = head[..end].to_ascii_lowercase();
    let marks = [
        "<!doctype html",
        "<html",
        "<table",
        "<head",
        "<body",
        "<meta ",
        "<title",
        "<div",
        "<p>",
        "<p ",
        "<h1",
        "<h2",
        "<h3",
    ];
    if !head.starts_with('<') || !marks.iter().any(|m| head.contains(m)) {
        return None;
    }
    if bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || bytes.starts_with(b"\xef\xbb\xbf")
    {
        return Some(plain);
    }
    let named = head.split("charset=").nth(1).map(|rest| {
        let rest = rest.trim_start_matches(['"', '\'', ' ']);
        rest.split(['"', '\'', ' ', ';', '>', '/'])
            .next()
            .unwrap_or_default()
            .to_string()
    });
    match named.and_then(|n| Encoding::for_label(n.as_bytes())) {
        // A page that names one charset and is valid UTF-8 all the same was converted on its way.
        Some(encoding) if std::str::from_utf8(bytes).is_err() => Some(encoding.decode(bytes).0),
        _ => Some(plain),
    }
}

/// Reads HTML.
pub(super) fn read(name: &str, html: &str, budget: &Budget) -> Document {
    let mut page = Page {
        document: Document::empty(name, Format::Html),
        tables: Vec::new(),
        start: 0,
        level: None,
        gap: Gap::None,
        places_left: budget.places,
        budget,
        preformatted: 0,
    };
    page.walk(html);
    page.end_paragraph();
    while !page.tables.is_empty() {
        page.end_table();
    }
    page.document
}

/// White space that is due before the next character.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    /// A line end of the source: nothing between Chinese characters.
    Wrap,
    Space,
    Line,
}

struct Page<'b> {
    document: Document,
    tables: Vec<Open>,
    /// Where the open paragraph's text begins.
    start: usize,
    level: Option<u8>,
    gap: Gap,
    places_left: usize,
    budget: &'b Budget,
    preformatted: u32,
}

struct Open {
    index: usize,
    cells: Vec<Cell>,
    row: u32,
    cols: u32,
    /// For each column, the rows from here on that a cell above still covers.
    covered: Vec<u32>,
    next_col: u32,
    in_row: bool,
    /// The open cell: index in `cells`, where its text begins, what stood before a nested table.
    cell: Option<(usize, usize, String)>,
}

impl Page<'_> {
    fn walk(&mut self, html: &str) {
        let bytes = html.as_bytes();
        let mut at = 0;
        while at < bytes.len() && self.document.text.len() <= self.budget.part_bytes {
            let rest = &bytes[at..];
            let next = markup(rest).unwrap_or(rest.len());
            if next > 0 {
                self.text(&html[at..at + next]);
                at += next;
                continue;
            }
            if rest.starts_with(b"<!--") {
                at += memmem::find(&rest[4..], b"-->").map_or(rest.len(), |i| i + 7);
            } else if matches!(rest.get(1), Some(b'!' | b'?')) {
                at += memchr(b'>', rest).map_or(rest.len(), |i| i + 1);
            } else {
                let (tag, len) = tag(&html[at..]);
                at += len;
                if let Some(raw) = tag.raw_text() {
                    at += raw_len(&bytes[at..], raw);
                } else if tag.close {
                    self.close(&tag.name);
                } else {
                    self.open(&tag);
                }
            }
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name.as_str() {
            "table" => self.begin_table(),
            "tr" => self.begin_row(),
            "td" | "th" => self.begin_cell(tag),
            "br" => self.line(),
            "input"
                if !matches!(
                    tag.value("type").as_deref(),
                    Some("hidden" | "checkbox" | "radio" | "submit" | "button")
                ) =>
            {
                if let Some(value) = tag.value("value") {
                    self.push_text(&value);
                }
            }
            "hr" => self.block(),
            "pre" | "textarea" => {
                self.block();
                self.preformatted += 1;
            }
            name => {
                if is_block(name) {
                    self.block();
                    if let Some(level) = name.strip_prefix('h').and_then(|n| n.parse().ok()) {
                        self.level = Some(level);
                    }
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => self.end_table(),
            "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "pre" | "textarea" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.block();
            }
            _ if is_block(name) => self.block(),
            _ => {}
        }
    }

    // Text

    fn text(&mut self, raw: &str) {
        let text = if raw.contains('&') {
            Cow::Owned(entities(raw))
        } else {
            Cow::Borrowed(raw)
        };
        self.push_text(&text);
    }

    fn push_text(&mut self, text: &str) {
        // Text between rows is shown before the table; only captions matter there.
        for c in text.chars() {
            match c {
                '\n' if self.preformatted > 0 => self.line(),
                '\n' | '\r' => self.gap = self.gap.max(Gap::Wrap),
                ' ' | '\t' | '\u{c}' if self.preformatted == 0 => {
                    self.gap = self.gap.max(Gap::Space)
                }
                _ => {
                    self.fill_gap(c);
                    // No-break spaces are what pages indent with.
                    self.document.text.push(if c == '\u{a0}' { ' ' } else { c });
                }
            }
        }
    }

    fn fill_gap(&mut self, next: char) {
        let start = self.text_start();
        let before = self.document.text[start..].chars().next_back();
        match (self.gap, before) {
            (Gap::None, _) | (_, None) => {}
            (Gap::Wrap, Some(b)) if is_wide(b) && is_wide(next) => {}
            (Gap::Wrap | Gap::Space, Some(b)) => {
                if b != '\n' {
                    self.document.text.push(' ');
                }
            }
            (Gap::Line, Some(_)) => self.document.text.push('\n'),
        }
        self.gap = Gap::None;
    }

    fn text_start(&self) -> usize {
        match self.tables.last().and_then(|t| t.cell.as_ref()) {
            Some((_, start, _)) => *start,
            None => self.start,
        }
    }

    /// A `<br>`.
    fn line(&mut self) {
        if self.gap == Gap::Line && self.document.text.len() > self.text_start() {
            self.document.text.push('\n');
        }
        self.gap = Gap::Line;
    }

    /// Begin or end of a block: a paragraph outside cells, a line inside.
    fn block(&mut self) {
        if self.tables.last().is_some_and(|t| t.cell.is_some()) {
            self.gap = Gap::Line;
        } else {
            self.end_paragraph();
        }
    }

    fn end_paragraph(&mut self) {
        let text = self.start as u32..self.document.text.len() as u32;
        self.gap = Gap::None;
        let level = self.level.take();
        if !text.is_empty() {
            self.document.paragraphs.push(Paragraph {
                text,
                numbering: 0,
                level,
                bytes: 0..0,
            });
            self.document
                .blocks
                .push(Block::Paragraph(self.document.paragraphs.len() as u32));
        }
        self.start = self.document.text.len();
    }

    // Tables

    fn begin_table(&mut self) {
        if self.tables.last().is_some_and(|t| t.cell.is_none()) {
            // A table straight inside a table: the first one was not closed.
            self.end_table();
        }
        if self.tables.len() >= self.budget.depth {
            return;
        }
        let index = self.document.tables.len();
        let number = index as u32 + 1;
        let mut parent = None;
        match self.tables.last_mut() {
            Some(open) => {
                if let Some((cell, start, before)) = open.cell.as_mut() {
                    parent = Some((open.index as u32 + 1, *cell as u32));
                    *before = self.document.text[*start..].to_string();
                }
            }
            None => self.end_paragraph(),
        }
        self.document.tables.push(Table {
            number,
            parent,
            ..Table::default()
        });
        self.tables.push(Open {
            index,
            cells: Vec::new(),
            row: 0,
            cols: 0,
            covered: Vec::new(),
            next_col: 1,
            in_row: false,
            cell: None,
        });
    }

    fn begin_row(&mut self) {
        self.end_row();
        if let Some(open) = self.tables.last_mut() {
            open.row += 1;
            open.next_col = 1;
            open.in_row = true;
        }
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) {
        self.end_cell();
        if self.tables.is_empty() {
            return self.block();
        }
        if self.tables.last().is_some_and(|t| !t.in_row) {
            self.begin_row();
        }
        // A caption's text is a paragraph of its own.
        if self.tables.len() == 1 {
            self.end_paragraph();
        }
        let span = |name: &str, most: u32| {
            tag.value(name)
                .and_then(|v| v.trim().parse::<u32>().ok())
                .map(|n| n.min(most))
        };
        let col_span = span("colspan", MAX_COL_SPAN).unwrap_or(1).max(1);
        let row_span = match span("rowspan", MAX_ROW_SPAN) {
            Some(0) => MAX_ROW_SPAN,
            other => other.unwrap_or(1),
        };
        let start = self.document.text.len();
        self.gap = Gap::None;
        let Some(open) = self.tables.last_mut() else {
            return;
        };
        let mut col = open.next_col;
        while open
            .covered
            .get(col as usize - 1)
            .is_some_and(|rows| *rows > 0)
        {
            col += 1;
        }
        if col >= grid::MAX_COLS {
            // Beyond the widest row: what it says goes to the cell before it.
            let last = open.cells.len().checked_sub(1);
            open.cell = last.map(|i| (i, open.cells[i].text.start as usize, String::new()));
            return;
        }
        let end = col.saturating_add(col_span).min(grid::MAX_COLS);
        if open.covered.len() < end as usize - 1 {
            open.covered.resize(end as usize - 1, 0);
        }
        for rows in &mut open.covered[col as usize - 1..end as usize - 1] {
            *rows = (*rows).max(row_span);
        }
        open.next_col = end;
        open.cols = open.cols.max(end - 1);
        open.cell = Some((open.cells.len(), start, String::new()));
        open.cells
            .push(grid::cell(open.row, col, row_span, col_span));
    }

    fn end_cell(&mut self) {
        let end = self.document.text.len();
        if let Some(open) = self.tables.last_mut()
            && let Some((index, start, _)) = open.cell.take()
            && let Some(cell) = open.cells.get_mut(index)
        {
            cell.text = start as u32..end as u32;
            self.gap = Gap::None;
            self.start = end;
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(open) = self.tables.last_mut().filter(|t| t.in_row) {
            open.in_row = false;
            for rows in &mut open.covered {
                *rows = rows.saturating_sub(1);
            }
        }
    }

    fn end_table(&mut self) {
        self.end_row();
        let Some(open) = self.tables.pop() else {
            return;
        };
        if self.tables.is_empty() {
            self.end_paragraph();
        }
        let number = open.index as u32 + 1;
        let parent = self.document.tables.get(open.index).and_then(|t| t.parent);
        match grid::table(number, open.cells, open.row, open.cols, self.places_left) {
            Some(table) => {
                self.places_left -= table.grid.len();
                if let Some(slot) = self.document.tables.get_mut(open.index) {
                    *slot = Table { parent, ..table };
                }
            }
            None => self.document.notices.push(Notice {
                kind: NoticeKind::OverBudget,
                message: format!("表{number} 太大，没有读。"),
                table: Some(number),
            }),
        }
        if parent.is_none() {
            self.document.blocks.push(Block::Table(number));
        }
        // The outer cell's text goes on in one piece.
        if let Some((_, start, before)) = self.tables.last_mut().and_then(|t| t.cell.as_mut()) {
            *start = self.document.text.len();
            self.document.text.push_str(&std::mem::take(before));
            self.gap = Gap::Line;
        } else {
            self.start = self.document.text.len();
        }
    }
}

/// A tag with its name in small letters.
struct Tag<'a> {
    name: String,
    attributes: &'a str,
    close: bool,
}

impl Tag<'_> {
    /// The value of an attribute, quoted or not, entities resolved.
    fn value(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes.trim_start();
        while !rest.is_empty() {
            let end = rest
                .find(|c: char| c == '=' || c == '/' || c.is_whitespace())
                .unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            let after = after.trim_start();
            let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
                rest = after.trim_start_matches(['/', ' ']);
                if key.is_empty() && rest == after {
                    return None;
                }
                continue;
            };
            let (value, next) = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let inner = &value[1..];
                    let end = inner.find(quote).unwrap_or(inner.len());
                    (&inner[..end], inner.get(end + 1..).unwrap_or_default())
                }
                _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(entities(value));
            }
            rest = next.trim_start();
        }
        None
    }

    /// Elements whose content is no text of the page.
    fn raw_text(&self) -> Option<&'static str> {
        let names = ["script", "style", "title", "noscript", "template"];
        names.into_iter().find(|n| !self.close && self.name == *n)
    }
}

/// The offset of the next `<` that begins markup; "<5%" is text.
fn markup(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', bytes)
        .find(|i| matches!(bytes.get(i + 1), Some(b) if b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?')))
}

fn tag(html: &str) -> (Tag<'_>, usize) {
    let bytes = html.as_bytes();
    let close = bytes.get(1) == Some(&b'/');
    let from = 1 + usize::from(close);
    let name_len = bytes[from..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_'))
        .count();
    let mut quote = 0_u8;
    let mut end = bytes.len();
    let mut before = b' ';
    for (i, &b) in bytes.iter().enumerate().skip(from + name_len) {
        match b {
            // A quote counts only where a value begins.
            b'"' | b'\'' if quote == 0 && before == b'=' => quote = b,
            _ if quote != 0 && b == quote => quote = 0,
            b'>' if quote == 0 => {
                end = i;
                break;
            }
            _ => {}
        }
        if !b.is_ascii_whitespace() {
            before = b;
        }
    }
    if quote != 0 && end == bytes.len() {
        // The quote was never closed: the tag ends at its first `>`.
        end = memchr(b'>', bytes).unwrap_or(bytes.len());
    }
    let attributes = html
        .get((from + name_len).min(end)..end)
        .unwrap_or_default();
    let name = html
        .get(from..from + name_len)
        .unwrap_or_default()
        .to_ascii_lowercase();
    (
        Tag {
            name,
            attributes,
            close,
        },
        (end + 1).min(bytes.len()),
    )
}

/// The length of raw text up to behind its end tag.
fn raw_len(bytes: &[u8], name: &str) -> usize {
    let mut at = 0;
    while let Some(i) = memmem::find(&bytes[at..], b"</") {
        let tag = &bytes[at + i + 2..];
        if tag
            .get(..name.len())
            .is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
        {
            return at + i + memchr(b'>', &bytes[at + i..]).map_or(bytes.len() - at - i, |e| e + 1);
        }
        at += i + 2;
    }
    bytes.len()
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "blockquote"
            | "figure"
            | "figcaption"
            | "form"
            | "fieldset"
            | "legend"
            | "caption"
            | "center"
            | "body"
            | "html"
            | "address"
            | "details"
            | "summary"
            | "option"
            | "select"
    )
}

/// Chinese characters and punctuation, between which a line end of the source is no space.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '‘' | '’')
}

/// Text with its entities resolved; unknown ones stay.
fn entities(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(i) = rest.find('&') {
        out.push_str(&rest[..i]);
        rest = &rest[i..];
        match entity(rest) {
            Some((c, len)) => {
                out.push(c);
                rest = &rest[len..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(text: &str) -> Option<(char, usize)> {
    let body = text.get(1..)?;
    if let Some(digits) = body.strip_prefix('#') {
        let (digits, radix, lead) = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (digits, 10, 2),
        };
        let len = digits
            .bytes()
            .take(8)
            .take_while(|b| (*b as char).is_digit(radix))
            .count();
        let c = char::from_u32(u32::from_str_radix(&digits[..len], radix).ok()?)?;
        let semicolon = usize::from(digits[len..].starts_with(';'));
        return Some((c, lead + len + semicolon));
    }
    let len = body
        .bytes()
        .take(10)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let semicolon = usize::from(body[len..].starts_with(';'));
    let (_, c) = NAMED.iter().find(|n| n.0 == &body[..len])?;
    (semicolon == 1 || matches!(&body[..len], "nbsp" | "lt" | "gt" | "amp" | "quot"))
        .then_some((*c, 1 + len + semicolon))
}

const NAMED: &[(&str, char)] = &[
    ("nbsp", '\u{a0}'),
    ("lt", '<'),
    ("gt", '>'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("hellip", '…'),
    ("middot", '·'),
    ("bull", '•'),
    ("times", '×'),
    ("divide", '÷'),
    ("plusmn", '±'),
    ("minus", '−'),
    ("ge", '≥'),
    ("le", '≤'),
    ("ne", '≠'),
    ("asymp", '≈'),
    ("yen", '¥'),
    ("deg", '°'),
    ("permil", '‰'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("frac12", '½'),
    ("sect", '§'),
    ("copy", '©'),
    ("reg", '®'),
    ("rarr", '→'),
    ("larr", '←'),
    ("radic", '√'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("shy", '\u{ad}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(d: &Document, table: u32, row: u32, col: u32) -> (&str, u32, u32) {
        let c = d.table(table).and_then(|t| t.at(row, col)).expect("a cell");
        (d.cell_text(c), c.row_span, c.col_span)
    }

    #[test]
    fn spans_nesting_and_sloppy_tags() {
        let html = "<html><style>td{a>b}</style><P>附件2<h3>完成&nbsp;表</h3><TABLE border=1><caption>题</caption>\
            <tr><td rowspan=2>甲<td colspan='2'>乙 &lt;5%<br>丙\n<tr><td><p>一</p><p>二</p></td><td>x<table><tr><td>内</table>y</td></tr>\
            <tr><td>丁\n戊<td>a\nb<td><input value=\"12\"></table>后<script>if(a<b){'</td>'}</script>";
        let d = read("a", html, &Budget::default());
        let paragraphs: Vec<_> = d
            .paragraphs
            .iter()
            .map(|p| (d.slice(&p.text), p.level))
            .collect();
        assert_eq!(
            paragraphs,
            [
                ("附件2", None),
                ("完成 表", Some(3)),
                ("题", None),
                ("后", None)
            ]
        );
        assert_eq!(
            (d.tables.len(), d.tables[0].rows, d.tables[0].cols),
            (2, 3, 3)
        );
        assert_eq!(cell(&d, 1, 2, 1), ("甲", 2, 1));
        assert_eq!(cell(&d, 1, 1, 3), ("乙 <5%\n丙", 1, 2));
        assert_eq!(cell(&d, 1, 2, 2), ("一\n二", 1, 1));
        assert_eq!(cell(&d, 1, 2, 3), ("x\ny", 1, 1));
        assert_eq!(cell(&d, 2, 1, 1), ("内", 1, 1));
        assert_eq!(d.tables[1].parent, Some((1, 3)));
        assert_eq!(
            (
                cell(&d, 1, 3, 1).0,
                cell(&d, 1, 3, 2).0,
                cell(&d, 1, 3, 3).0
            ),
            ("丁戊", "a b", "12")
        );
        assert_eq!(d.blocks.last(), Some(&Block::Paragraph(4)));
    }

    #[test]
    fn the_charset_is_taken_from_the_page() {
        let page = encoding_rs::GBK
            .encode("<html><meta charset=\"gb2312\"><p>岳阳市</p>")
            .0
            .into_owned();
        assert!(decode(&page).is_some_and(|t| t.contains("岳阳市")));
        assert!(decode("<5% 不是网页".as_bytes()).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_tags_are_read_without_panic(html in "(<(table|tr|td|td colspan=2|td rowspan=3|p|/table|/tr|/td|br|div a='|!--|script)>|[甲&;#x\n a<]){0,40}") {
            let d = read("a", &html, &Budget::default());
            super::super::tests::check(&d);
        }
    }
}
