//! An `Official` comes in; the bytes of `package.xlsx` go out: one sheet per form, cover and report on sheets of one column.
//!
//! What a document says is text whatever it begins with; plain numbers are numbers of the printed
//! form. Cells to be filled in are open, labels and formulas are protected (no password). In a
//! package that is to be filled in ([`Filling`]), colours tell open, known and computed cells apart.

use super::entry::{Computation, Kind, agreeing, number};
use super::{Align, Block, Cell, Official, Part, PartKind, Table};
use jiheng_model::FieldType;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, ProtectionOptions, Workbook,
    Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// Excel's limit for the text of a cell, in UTF-16 units; a little less.
const CELL_LIMIT: usize = 32_000;
/// Width of all columns of an upright sheet together, in characters.
const UPRIGHT: u32 = 92;
/// Width of the one column of running text: a single column is not made smaller to fit the page.
const PROSE: u32 = 80;
/// Width of all columns of a sheet on its side.
const SIDEWAYS: u32 = 136;
/// Height of a line in points.
const LINE: f64 = 13.0;
/// Excel's greatest height of a row in points.
const TALLEST: f64 = 409.0;

/// A label of a package that is to be filled in.
const LABEL_FILL: u32 = 0x00ec_ebe6;
/// Open: the clerk writes here.
const OPEN_FILL: u32 = 0x00ff_f6d6;
/// Computed: locked.
const COMPUTED_FILL: u32 = 0x00e4_eaf0;
/// Height of a blank cell for running text, in points.
const TO_WRITE: f64 = 72.0;
/// So many characters of a column's width are room for running text.
const ROOM: u32 = 36;
/// Characters on a line of a note.
const NOTE_WIDTH: u32 = 26;

/// A note on a cell that is to be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Index of the part in the package.
    pub part: usize,
    /// Path of the value ("funds.total.outturn", "indicators.target"); empty for a paragraph.
    pub path: String,
    /// Row of the list, or number of the paragraph in its part, from 0.
    pub row: Option<usize>,
    /// The words.
    pub text: String,
}

/// What a package that is to be filled in has beside its cells.
#[derive(Clone, Debug, Default)]
pub struct Filling {
    /// Notes on cells.
    pub notes: Vec<Note>,
    /// The range of cells from which blanks are chosen, by part and path.
    pub offers: BTreeMap<(usize, String), String>,
}

/// What the sheet of a part needs to know of the filling.
#[derive(Clone, Copy)]
struct Desk<'a> {
    filling: &'a Filling,
    part: usize,
}

impl Desk<'_> {
    fn note(&self, path: &str, row: Option<usize>) -> Option<String> {
        let notes = self.filling.notes.iter();
        let here = notes.filter(|n| n.part == self.part && n.path == path && n.row == row);
        let words: Vec<&str> = here.map(|n| n.text.as_str()).collect();
        (!words.is_empty()).then(|| words.join("\n"))
    }
}

/// The workbook of a package as bytes.
///
/// # Errors
/// When the workbook cannot be put together; nothing in the package can cause it.
pub fn workbook(official: &Official) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed date: the same package gives the same bytes.
    let properties = DocProperties::new()
        .set_title(clean(&official.title).chars().take(200).collect::<String>())
        .set_author("绩衡")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2020, 1, 1)?);
    book.set_properties(&properties);
    sheets(&mut book, official, None)?;
    book.save_to_buffer()
}

/// Writes the sheets of a package into a workbook; with `filling`, as sheets that are to be filled in.
///
/// # Errors
/// When the writer refuses a name or a value.
pub fn sheets(
    book: &mut Workbook,
    official: &Official,
    filling: Option<&Filling>,
) -> Result<(), XlsxError> {
    for (index, part) in official.parts.iter().enumerate() {
        let desk = filling.map(|filling| Desk {
            filling,
            part: index,
        });
        match &part.kind {
            PartKind::Form(..) => form(book.add_worksheet(), part, desk)?,
            PartKind::Cover | PartKind::Report => {
                prose(book.add_worksheet(), part, desk)?;
                // Tables stand on sheets of their own: running text has one column.
                let tables = part.blocks.iter().filter(|b| matches!(b, Block::Table(_)));
                for (number, table) in tables.enumerate() {
                    let alone = Part {
                        name: format!("{}表{}", part.name, number + 1),
                        blocks: vec![table.clone()],
                        ..part.clone()
                    };
                    form(book.add_worksheet(), &alone, None)?;
                }
            }
        }
    }
    Ok(())
}

/// Text without characters that XML has no place for, cut to Excel's limit.
fn clean(text: &str) -> String {
    let kept = text
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control());
    kept.take(CELL_LIMIT / 2).collect()
}

fn base(size: f64) -> Format {
    Format::new()
        .set_font_name("宋体")
        .set_font_size(size)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn set_up(sheet: &mut Worksheet, part: &Part) -> Result<(), XlsxError> {
    sheet.set_name(&part.name)?;
    sheet.set_paper_size(9);
    if part.landscape {
        sheet.set_landscape();
    }
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.8, 0.8, 1.0, 0.9, 0.3, 0.5);
    sheet.set_footer("&C— &P —");
    Ok(())
}

/// Cover or report: a line a row, one column.
fn prose(sheet: &mut Worksheet, part: &Part, desk: Option<Desk<'_>>) -> Result<(), XlsxError> {
    set_up(sheet, part)?;
    sheet.set_column_width(0, f64::from(PROSE))?;
    let mut row = 0;
    let mut paragraphs = 0;
    for block in &part.blocks {
        let (lines, format): (Vec<&str>, Format) = match block {
            Block::Title { lines, .. } => (
                lines.iter().map(String::as_str).collect(),
                base(22.0).set_align(FormatAlign::Center),
            ),
            Block::Heading { level: 1, text } => (vec![text.as_str()], base(16.0).set_bold()),
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Annex(text) => {
                (vec![text.as_str()], base(16.0))
            }
            Block::Line { text, align, .. } => (vec![text.as_str()], aligned(base(16.0), *align)),
            Block::Space(_) | Block::Table(_) => continue,
        };
        for line in lines {
            let format = format.clone().set_num_format("@");
            let format = match desk {
                Some(_) => format,
                None => format.set_unlocked(),
            };
            sheet.write_string_with_format(row, 0, clean(line), &format)?;
            let height = lines_of(line, PROSE / 2) * 24.0;
            sheet.set_row_height(row, height.clamp(24.0, TALLEST))?;
            row += 1;
        }
        if let (Some(desk), Block::Paragraph(text)) = (desk, block) {
            to_write(sheet, row - 1, text, desk.note("", Some(paragraphs)))?;
            paragraphs += 1;
        }
    }
    if desk.is_some() {
        protect(sheet);
    }
    Ok(())
}

/// A paragraph that the clerk writes, or may change.
fn to_write(
    sheet: &mut Worksheet,
    row: u32,
    text: &str,
    note: Option<String>,
) -> Result<(), XlsxError> {
    let format = base(12.0).set_border(FormatBorder::Thin).set_unlocked();
    let format = match text.is_empty() {
        true => format.set_background_color(Color::RGB(OPEN_FILL)),
        false => format,
    };
    sheet.write_string_with_format(row, 0, clean(text), &format.set_num_format("@"))?;
    sheet.set_row_height(row, TO_WRITE)?;
    if let Some(words) = note {
        sheet.insert_note(row, 0, &noted(&words))?;
    }
    Ok(())
}

/// Labels and formulas are kept; rows may be put in, taken out and sized.
fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        insert_rows: true,
        delete_rows: true,
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
}

fn aligned(format: Format, align: Align) -> Format {
    format.set_align(match align {
        Align::Left => FormatAlign::Left,
        Align::Center => FormatAlign::Center,
        Align::Right => FormatAlign::Right,
    })
}

/// How many lines a text takes in a column of so many characters.
fn lines_of(text: &str, width: u32) -> f64 {
    let width = width.max(2) as usize;
    let lines = text.split('\n').map(|l| {
        let units: usize = l.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        units.div_ceil(width).max(1)
    });
    f64::from(lines.sum::<usize>().min(400) as u32)
}

/// A form: annex label, title, table, note and foot.
fn form(sheet: &mut Worksheet, part: &Part, desk: Option<Desk<'_>>) -> Result<(), XlsxError> {
    set_up(sheet, part)?;
    if desk.is_some() {
        // A blank result is stored as a blank word: without a result a reader could not tell it from a forgotten one.
        sheet.set_formula_result_default(" ");
    }
    let columns = part.blocks.iter().find_map(|b| match b {
        Block::Table(t) => Some(t.widths.clone()),
        _ => None,
    });
    let columns = columns.unwrap_or_else(|| vec![1]);
    let page = if part.landscape { SIDEWAYS } else { UPRIGHT };
    let whole = columns.iter().sum::<u32>().max(1);
    let widths: Vec<u32> = columns
        .iter()
        .map(|w| ((u64::from(*w) * u64::from(page) / u64::from(whole)) as u32).max(5))
        .collect();
    for (col, width) in widths.iter().enumerate() {
        sheet.set_column_width(col as u16, f64::from(*width))?;
    }
    let last = widths.len() as u16 - 1;
    let mut row = 0;
    for block in &part.blocks {
        let (lines, format): (Vec<&str>, Format) = match block {
            Block::Table(table) => {
                write_table(sheet, row, table, &widths, desk)?;
                row += table.rows;
                continue;
            }
            Block::Title { lines, .. } => (
                lines.iter().map(String::as_str).collect(),
                base(16.0).set_align(FormatAlign::Center),
            ),
            Block::Annex(text) => (vec![text.as_str()], base(14.0).set_font_name("黑体")),
            Block::Line { text, align, .. } => (
                vec![text.as_str()],
                aligned(base(9.0), *align).set_unlocked(),
            ),
            Block::Heading { text, .. } | Block::Paragraph(text) => {
                (vec![text.as_str()], base(10.0))
            }
            Block::Space(lines) => {
                row += u32::from(*lines);
                continue;
            }
        };
        for line in lines {
            let format = format.clone().set_num_format("@");
            if last > 0 {
                sheet.merge_range(row, 0, row, last, "", &format)?;
            }
            sheet.write_string_with_format(row, 0, clean(line), &format)?;
            let height = lines_of(line, page) * LINE * 1.6;
            sheet.set_row_height(row, height.clamp(20.0, TALLEST))?;
            row += 1;
        }
    }
    match desk {
        Some(_) => protect(sheet),
        None => {
            sheet.protect();
        }
    }
    Ok(())
}

fn write_table(
    sheet: &mut Worksheet,
    top: u32,
    table: &Table,
    widths: &[u32],
    desk: Option<Desk<'_>>,
) -> Result<(), XlsxError> {
    let mut heights = vec![LINE * 1.3; table.rows as usize];
    for cell in &table.cells {
        let (row, col) = (top + cell.row - 1, cell.col as u16 - 1);
        // On a printed form a blank that follows from blanks stays a cell to be filled in.
        let computation = agreeing(table, cell).filter(|c| desk.is_some() || !c.text.is_empty());
        let computation = computation.map(|c| match desk {
            Some(_) => c.with_room(cell),
            None => c,
        });
        let plain = plain(cell);
        let format = format(cell, computation.as_ref(), plain, desk.is_some());
        let last = (row + cell.row_span - 1, col + cell.col_span as u16 - 1);
        if last != (row, col) {
            sheet.merge_range(row, col, last.0, last.1, "", &format)?;
        }
        let computed = computation.is_some();
        match (computation, plain) {
            (Some(c), _) => {
                let formula = Formula::new(words(&c, top)).set_result(result(&c));
                sheet.write_formula_with_format(row, col, formula, &format)?;
            }
            (None, Some(text)) => match float(text) {
                Some(n) => {
                    sheet.write_number_with_format(row, col, n, &format)?;
                }
                None => {
                    sheet.write_string_with_format(row, col, clean(text), &format)?;
                }
            },
            (None, None) if cell.text.is_empty() => {
                sheet.write_blank(row, col, &format)?;
            }
            (None, None) => {
                sheet.write_string_with_format(row, col, clean(&cell.text), &format)?;
            }
        }
        if !computed {
            let offer = desk.and_then(|d| offered(cell, d));
            if let Some(rule) = validation(cell, (row, col), offer)? {
                sheet.add_data_validation(row, col, row, col, &rule)?;
            }
            if let (Some(entry), Some(desk)) = (&cell.entry, desk)
                && let Some(note) = desk.note(&entry.path, entry.row)
            {
                sheet.insert_note(row, col, &noted(&note))?;
            }
        }
        if cell.row_span == 1 {
            let from = cell.col as usize - 1;
            let span = widths.get(from..from + cell.col_span as usize);
            let width = span.map_or(10, |w| w.iter().sum());
            let least = match desk.is_some() && width >= ROOM && is_open_text(cell) {
                true => TO_WRITE,
                false => 0.0,
            };
            let need = (lines_of(&cell.text, width) * LINE + 4.0).max(least);
            if let Some(height) = heights.get_mut(cell.row as usize - 1) {
                *height = height.max(need);
            }
        }
    }
    for (at, height) in heights.iter().enumerate() {
        sheet.set_row_height(top + at as u32, height.min(TALLEST))?;
    }
    if let Some(head) = table.heads.first() {
        let row = top + head.row - 1;
        sheet.set_repeat_rows(row, row)?;
    }
    Ok(())
}

/// How a cell looks and whether it may be written in.
fn format(
    cell: &Cell,
    computed: Option<&Computation<'_>>,
    plain: Option<&str>,
    open: bool,
) -> Format {
    let format = aligned(base(9.0), cell.align).set_border(FormatBorder::Thin);
    let fill = |format: Format, color| format.set_background_color(Color::RGB(color));
    let points = cell
        .entry
        .as_ref()
        .is_some_and(|e| e.ty == FieldType::Points);
    let format = match (&cell.entry, computed) {
        (Some(_), None) if open && cell.text.is_empty() => fill(format, OPEN_FILL).set_unlocked(),
        (Some(_), None) => format.set_unlocked(),
        (_, Some(_)) if open => fill(format, COMPUTED_FILL),
        (None, None) if open => fill(format, LABEL_FILL),
        _ => format,
    };
    format.set_num_format(match (plain, computed) {
        // Points that are still to come are shown as they come.
        (_, Some(_)) if open && points => "General".to_string(),
        (_, Some(c)) => number_format(c.scale, c.kind == Kind::Ratio),
        (Some(text), None) => {
            let scale = number(text).map_or(0, |n| n.scale());
            number_format(scale, text.ends_with('%'))
        }
        _ if open => to_come(cell),
        _ => "@".to_string(),
    })
}

/// The format of a number that is still to come: a text cell would keep it as words.
fn to_come(cell: &Cell) -> String {
    let ty = cell
        .entry
        .as_ref()
        .filter(|e| e.before.is_empty())
        .map(|e| e.ty);
    let format = match ty {
        Some(FieldType::Money) => "0.00####",
        Some(FieldType::Rate) => "0.00%",
        Some(FieldType::Points | FieldType::Persons | FieldType::Area) => "General",
        _ => "@",
    };
    format.to_string()
}

/// A blank for running text.
fn is_open_text(cell: &Cell) -> bool {
    let entry = cell.entry.as_ref().filter(|e| e.row.is_none());
    cell.text.is_empty() && entry.is_some_and(|e| e.ty == FieldType::Text)
}

fn noted(words: &str) -> rust_xlsxwriter::Note {
    let words = clean(words);
    let height = 20.0 + 18.0 * lines_of(&words, NOTE_WIDTH);
    rust_xlsxwriter::Note::new(words)
        .set_author("绩衡")
        .add_author_prefix(false)
        .set_width(220)
        .set_height(height.min(400.0) as u32)
}

/// Where the words of a blank cell are chosen from.
fn offered<'d>(cell: &Cell, desk: Desk<'d>) -> Option<&'d str> {
    let entry = cell.entry.as_ref().filter(|_| cell.text.is_empty())?;
    let offer = desk.filling.offers.get(&(desk.part, entry.path.clone()))?;
    Some(offer)
}

/// The text of a cell that is stored as a number: of a kind that is one, and printed plainly.
fn plain(cell: &Cell) -> Option<&str> {
    let entry = cell.entry.as_ref()?;
    let numeric = matches!(
        entry.ty,
        FieldType::Money
            | FieldType::Rate
            | FieldType::Points
            | FieldType::Persons
            | FieldType::Area
    );
    (numeric && entry.before.is_empty() && number(&cell.text).is_some()).then_some(&cell.text)
}

/// "0.00", "0%".
fn number_format(scale: u32, percent: bool) -> String {
    let mut format = String::from("0");
    if scale > 0 {
        format.push('.');
        (0..scale).for_each(|_| format.push('0'));
    }
    if percent {
        format.push('%');
    }
    format
}

/// The number a workbook stores: through the decimal, so that 97.14% is 0.9714.
fn float(text: &str) -> Option<f64> {
    let mut value = number(text)?;
    if text.ends_with('%') {
        value = value.checked_div(jiheng_model::Decimal::ONE_HUNDRED)?;
    }
    value.to_string().parse().ok()
}

/// What a formula gave when the workbook was written.
fn result(computation: &Computation<'_>) -> String {
    float(&computation.text).map_or(String::new(), |n| n.to_string())
}

/// A formula in the words of a workbook, with the printed rounding; blank while an operand is missing.
fn words(computation: &Computation<'_>, top: u32) -> String {
    let place = |cell: &Cell| format!("{}{}", letters(cell.col), top + cell.row);
    let places: Vec<String> = computation.operands.iter().map(|c| place(c)).collect();
    let scale = computation.scale;
    match (computation.kind, places.as_slice()) {
        (Kind::Ratio, [part, whole]) => format!(
            "IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF({whole}=0,\"\",ROUND({part}/{whole},{})),\"\")",
            scale + 2
        ),
        (Kind::Share, [points, part, whole]) => format!(
            "IF(AND(ISNUMBER({points}),ISNUMBER({part}),ISNUMBER({whole})),IF({whole}=0,\"\",ROUND(MIN({part}/{whole},1)*{points},{scale})),\"\")"
        ),
        _ => {
            // A run of rows in one column is written as a range: Excel takes 255 arguments.
            let all = ranges(&computation.operands, top).join(",");
            format!("IF(COUNT({all})=0,\"\",ROUND(SUM({all}),{scale}))")
        }
    }
}

/// Cells as ranges down a column, in order.
fn ranges(cells: &[&Cell], top: u32) -> Vec<String> {
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for cell in cells {
        match runs.last_mut() {
            Some((col, _, last)) if *col == cell.col && *last + 1 == cell.row => *last = cell.row,
            _ => runs.push((cell.col, cell.row, cell.row)),
        }
    }
    runs.iter()
        .map(|(col, first, last)| {
            let col = letters(*col);
            match first == last {
                true => format!("{col}{}", top + first),
                false => format!("{col}{}:{col}{}", top + first, top + last),
            }
        })
        .collect()
}

/// 1 A, 27 AA.
fn letters(mut col: u32) -> String {
    let mut out = Vec::new();
    while col > 0 {
        out.push(b'A' + ((col - 1) % 26) as u8);
        col = (col - 1) / 26;
    }
    out.iter().rev().map(|b| char::from(*b)).collect()
}

/// What may be written into a cell: a warning, never a wall, since "—" says 不适用.
fn validation(
    cell: &Cell,
    at: (u32, u16),
    offer: Option<&str>,
) -> Result<Option<DataValidation>, XlsxError> {
    let Some(entry) = cell.entry.as_ref().filter(|e| e.before.is_empty()) else {
        return Ok(None);
    };
    let rule = DataValidation::new().ignore_blank(true);
    if let Some(range) = offer {
        let range = Formula::new(range);
        return Ok(Some(
            rule.allow_list_formula(range).show_error_message(false),
        ));
    }
    let here = format!("{}{}", letters(u32::from(at.1) + 1), at.0 + 1);
    let number = |within: &str| Formula::new(format!("=OR({within},{here}=\"—\",{here}=\"——\")"));
    let points = format!("AND(ISNUMBER({here}),{here}>=0,{here}<=100)");
    let (rule, said) = match entry.ty {
        _ if !entry.choices.is_empty() => (
            rule.allow_list_strings(&entry.choices)?,
            "这一格一般从下拉的几项里选；都不合适的，可以照实写。",
        ),
        FieldType::Money => (
            rule.allow_custom(number(&format!("ISNUMBER({here})"))),
            "这一格填数，以表上写的金额单位计；不适用的写“—”。",
        ),
        FieldType::Area | FieldType::Rate => (
            rule.allow_custom(number(&format!("ISNUMBER({here})"))),
            "这一格一般填数；不适用的写“—”。",
        ),
        FieldType::Points => (
            rule.allow_custom(number(&points)),
            "这一格填 0 到 100 的分数；不适用的写“—”。",
        ),
        FieldType::Persons => (
            rule.allow_whole_number(DataValidationRule::Between(0, 9_999_999)),
            "这一格填人数，是整数。",
        ),
        FieldType::Date => (
            rule.set_input_title("日期")?
                .set_input_message("写年、月、日，如 2024年5月8日")?,
            "",
        ),
        _ => return Ok(None),
    };
    if said.is_empty() {
        return Ok(Some(rule));
    }
    let rule = rule
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("请再看一下")?
        .set_error_message(said)?;
    Ok(Some(rule))
}
