//! One half-filled form comes in; its sheet, in the rulebook's order of blocks, goes out.

use super::formula::{self, Outcome};
use super::styles::{Shown, Styles};
use super::{Beginning, Remark};
use jiheng_model::form::{FieldType, Form, INDICATOR_COLUMNS, Role, Slot};
use jiheng_model::{Decimal, Stated, Unit, ValueKind, label};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Formula, Note,
    ProtectionOptions, Worksheet, XlsxError,
};
use std::collections::{BTreeMap, HashMap};

/// Columns of a sheet.
const COLS: u16 = 8;
/// Columns of a sheet that hold the labels of rows.
const LABELS: u16 = 2;
/// Widths of the columns.
const WIDTHS: [f64; COLS as usize] = [13.0, 17.0, 22.0, 16.0, 16.0, 9.0, 9.0, 24.0];
/// Rows grow with their text up to so many points.
const TALLEST: f64 = 380.0;
/// A name of a sheet is no longer than this, in characters.
const NAME_LENGTH: usize = 28;

/// The name of a form's sheet: its annex and project.
pub(super) fn name(form: &Form, taken: &[String]) -> String {
    let annex = form.annex.as_ref().map_or("", |a| a.text.as_str());
    let what = form
        .project_name()
        .map_or(form.def.title.as_str(), |p| p.text.as_str());
    let clean: String = format!("{annex} {what}")
        .chars()
        .filter(|c| !c.is_control() && !"[]:*?/\\'：".contains(*c))
        .take(NAME_LENGTH)
        .collect();
    let clean = clean.trim().to_string();
    if !clean.is_empty() && !taken.contains(&clean) {
        return clean;
    }
    format!("表{}", taken.len() + 1)
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    beginning: &Beginning<'_>,
    number: usize,
    form: &Form,
    ranges: &BTreeMap<String, String>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    // A blank result is stored as a blank word: without a result a reader could not tell it from a forgotten one.
    sheet.set_formula_result_default(" ");
    for (col, width) in WIDTHS.iter().enumerate() {
        sheet.set_column_width(col as u16, *width)?;
    }
    let blocks = beginning.blocks.get(&form.def.id);
    let formulas = beginning.formulas.get(&form.def.id);
    let mut writer = Writer {
        sheet,
        form,
        styles,
        row: 0,
        fields: HashMap::new(),
        cells: HashMap::new(),
        held: HashMap::new(),
        computed: formulas
            .into_iter()
            .flatten()
            .filter_map(|f| f.split_once(" = "))
            .collect(),
        names: form.project_name().and_then(|p| ranges.get(&p.text)),
    };
    writer.head()?;
    for block in blocks.into_iter().flatten() {
        let mut words = block.split_whitespace();
        let kind = words.next().unwrap_or_default();
        let slots: Vec<Slot> = words.clone().filter_map(|p| form.def.slot(p)).collect();
        match kind {
            "单行" => writer.beside(&slots)?,
            "并排" => writer.across(&slots)?,
            "方格" => writer.grids()?,
            "清单" => writer.list(words.next().unwrap_or_default())?,
            "表尾" => writer.foot(&slots)?,
            _ => {}
        }
    }
    writer.formulas()?;
    let notes = beginning.notes.iter().filter(|n| n.form == number);
    writer.notes(notes)?;
    let sheet = writer.sheet;
    sheet.protect_with_options(&ProtectionOptions {
        insert_rows: true,
        delete_rows: true,
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
    sheet.set_freeze_panes(2, 0)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页，共 &N 页");
    Ok(())
}

struct Writer<'a> {
    sheet: &'a mut Worksheet,
    form: &'a Form,
    styles: &'a Styles,
    row: u32,
    /// Where fields stand.
    fields: HashMap<Slot, (u32, u16)>,
    /// Where cells of lists stand: list, row, column.
    cells: HashMap<(usize, usize, Slot), (u32, u16)>,
    /// The numbers in cells.
    held: HashMap<(u32, u16), Decimal>,
    /// Formulas by path.
    computed: BTreeMap<&'a str, &'a str>,
    /// The range of names that the library offers.
    names: Option<&'a String>,
}

impl<'a> Writer<'a> {
    fn head(&mut self) -> Result<(), XlsxError> {
        let text = |s: &Option<Stated>| s.as_ref().map_or(String::new(), |s| s.text.clone());
        let (annex, title) = (text(&self.form.annex), text(&self.form.title));
        self.sheet
            .write_string_with_format(0, 0, annex, &self.styles.plain)?;
        self.merge(1, 0, 1, COLS - 1, &title, &self.styles.title.clone())?;
        self.sheet.set_row_height(1, 28)?;
        self.sheet
            .write_string_with_format(2, 0, "金额单位：万元", &self.styles.plain)?;
        self.row = 3;
        Ok(())
    }

    /// Text over several cells, or one.
    fn merge(
        &mut self,
        row: u32,
        col: u16,
        last_row: u32,
        last_col: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if (row, col) == (last_row, last_col) {
            self.sheet
                .write_string_with_format(row, col, text, format)?;
        } else {
            self.sheet
                .merge_range(row, col, last_row, last_col, text, format)?;
        }
        Ok(())
    }

    fn label(&mut self, row: u32, col: u16, last: u16, text: &str) -> Result<(), XlsxError> {
        let format = self.styles.label.clone();
        self.merge(row, col, row, last, text, &format)
    }

    /// A value over some columns of a row.
    fn value(
        &mut self,
        (row, col, last): (u32, u16, u16),
        stated: Option<&Stated>,
        ty: FieldType,
        computed: bool,
    ) -> Result<(), XlsxError> {
        let blank = stated.is_none_or(|s| s.value.is_blank());
        let style = match (computed, blank) {
            (true, _) => &self.styles.computed,
            (_, true) => &self.styles.open,
            (_, false) => &self.styles.known,
        };
        let number = stated.and_then(number);
        let format = shown(ty, number.map(|n| n.scale())).on(style);
        match number.filter(|_| ty != FieldType::Any) {
            Some(n) => {
                let cell = match ty {
                    FieldType::Rate => n.checked_div(Decimal::ONE_HUNDRED).unwrap_or(n),
                    _ => n,
                };
                self.merge(row, col, row, last, "", &format)?;
                self.held.insert((row, col), cell);
                let float: f64 = cell.to_string().parse().unwrap_or_default();
                self.sheet
                    .write_number_with_format(row, col, float, &format)?;
            }
            None => {
                let text = stated.map_or("", |s| s.text.as_str());
                self.merge(row, col, row, last, text, &format)?;
            }
        }
        if !computed {
            self.check((row, col), ty)?;
        }
        Ok(())
    }

    /// What may be typed into a cell.
    fn check(&mut self, (row, col): (u32, u16), ty: FieldType) -> Result<(), XlsxError> {
        let at = address(row, col);
        let (rule, what) = match ty {
            FieldType::Money | FieldType::Area => (
                format!("=OR(ISNUMBER({at}),{at}=\"—\",{at}=\"——\")"),
                "这里填数（金额以万元计）；不适用的填 —。",
            ),
            FieldType::Points => (
                format!("=AND(ISNUMBER({at}),{at}>=0,{at}<=100)"),
                "这里填 0 到 100 的分数。",
            ),
            FieldType::Persons => {
                let rule = DataValidationRule::GreaterThanOrEqualTo(0);
                let check = said(
                    DataValidation::new().allow_whole_number(rule),
                    "这里填人数，是整数。",
                )?;
                self.sheet.add_data_validation(row, col, row, col, &check)?;
                return Ok(());
            }
            _ => return Ok(()),
        };
        let check = DataValidation::new().allow_custom(Formula::new(rule));
        self.sheet
            .add_data_validation(row, col, row, col, &said(check, what)?)?;
        Ok(())
    }

    fn field(&mut self, slot: Slot, row: u32, col: u16, last: u16) -> Result<(), XlsxError> {
        let Some(def) = self.form.def.fields.get(slot as usize) else {
            return Ok(());
        };
        let stated = self.form.values.get(slot as usize).and_then(Option::as_ref);
        let computed = self.computed.contains_key(def.path.as_str());
        self.value((row, col, last), stated, def.ty, computed)?;
        self.fields.insert(slot, (row, col));
        Ok(())
    }

    fn is_printed(&self, slot: Slot) -> bool {
        self.form
            .values
            .get(slot as usize)
            .is_some_and(Option::is_some)
    }

    /// Name on the left, value on the right.
    fn beside(&mut self, slots: &[Slot]) -> Result<(), XlsxError> {
        for &slot in slots
            .iter()
            .filter(|s| self.is_printed(**s))
            .collect::<Vec<_>>()
        {
            let row = self.row;
            self.label(row, 0, LABELS - 1, &self.field_label(slot))?;
            self.field(slot, row, LABELS, COLS - 1)?;
            self.row += 1;
        }
        Ok(())
    }

    fn field_label(&self, slot: Slot) -> String {
        let field = self.form.def.fields.get(slot as usize);
        field.map_or(String::new(), |f| f.label.clone())
    }

    /// Names beside each other, values below.
    fn across(&mut self, slots: &[Slot]) -> Result<(), XlsxError> {
        let slots: Vec<Slot> = slots
            .iter()
            .copied()
            .filter(|s| self.is_printed(*s))
            .collect();
        let spans = spans(0, COLS, slots.len() as u16);
        let row = self.row;
        for (&slot, &(from, to)) in slots.iter().zip(&spans) {
            self.label(row, from, to, &self.field_label(slot))?;
            self.field(slot, row + 1, from, to)?;
        }
        let longest = slots.iter().zip(&spans).map(|(slot, (from, to))| {
            let text = self
                .form
                .values
                .get(*slot as usize)
                .and_then(Option::as_ref);
            let width: f64 = WIDTHS[*from as usize..=*to as usize].iter().sum();
            text.map_or(1.0, |s| lines(&s.text, width))
        });
        let lines = longest.fold(1.0, f64::max);
        let least = match slots.iter().any(|s| self.is_text(*s)) {
            true => 90.0,
            false => 20.0,
        };
        self.sheet
            .set_row_height(row + 1, (lines * 15.0 + 4.0).clamp(least, TALLEST))?;
        self.row += 2;
        Ok(())
    }

    fn is_text(&self, slot: Slot) -> bool {
        let field = self.form.def.fields.get(slot as usize);
        field.is_some_and(|f| f.ty == FieldType::Text)
    }

    /// The grids with the rows and columns that are printed; a list under a row follows it.
    fn grids(&mut self) -> Result<(), XlsxError> {
        let def = self.form.def.clone();
        for (number, grid) in def.recognition.grids.iter().enumerate() {
            let slot =
                |row: usize, col: usize| grid.slots.get(row * grid.cols.len() + col).copied();
            let printed =
                |row: usize, col: usize| slot(row, col).is_some_and(|s| self.is_printed(s));
            let cols: Vec<usize> = (0..grid.cols.len())
                .filter(|c| (0..grid.rows.len()).any(|r| printed(r, *c)))
                .collect();
            let rows: Vec<usize> = (0..grid.rows.len())
                .filter(|r| cols.iter().any(|c| printed(*r, *c)))
                .collect();
            let spans = spans(LABELS, COLS, cols.len() as u16);
            let head = self.row;
            self.label(head, 0, LABELS - 1, &grid.label)?;
            for (&col, &(from, to)) in cols.iter().zip(&spans) {
                self.label(head, from, to, &grid.cols[col].1)?;
            }
            self.row += 1;
            for &row in &rows {
                let at = self.row;
                self.label(at, 0, LABELS - 1, &grid.rows[row].1)?;
                for (&col, &(from, to)) in cols.iter().zip(&spans) {
                    match slot(row, col).filter(|s| self.is_printed(*s)) {
                        Some(slot) => self.field(slot, at, from, to)?,
                        None => self.label(at, from, to, "—")?,
                    }
                }
                self.row += 1;
                let place = (number as u16, row as u16);
                let lists = def.recognition.lists.iter().enumerate();
                for (list, _) in lists.filter(|(_, l)| l.under == Some(place)) {
                    let keys: Vec<&str> = cols.iter().map(|c| grid.cols[*c].0.as_str()).collect();
                    self.rows_under(list, &keys, &spans)?;
                }
            }
        }
        Ok(())
    }

    fn rows_under(
        &mut self,
        list: usize,
        keys: &[&str],
        spans: &[(u16, u16)],
    ) -> Result<(), XlsxError> {
        let def = self.form.def.clone();
        let (Some(list_def), Some(rows)) = (def.lists.get(list), self.form.lists.get(list)) else {
            return Ok(());
        };
        for (number, row) in rows.iter().enumerate() {
            let at = self.row;
            let cell = |slot: Slot| row.values.get(slot as usize).and_then(Option::as_ref);
            if let Some(name) = list_def.slot("name") {
                let text = cell(name).map_or("", |s| s.text.as_str());
                let format = Shown::Text.on(&self.styles.known);
                let text = format!("{}、{text}", number + 1);
                self.merge(at, 0, at, LABELS - 1, &text, &format)?;
                self.cells.insert((list, number, name), (at, 0));
            }
            for (key, &(from, to)) in keys.iter().zip(spans) {
                let Some(slot) = list_def.slot(key) else {
                    continue;
                };
                let ty = list_def.columns[slot as usize].ty;
                self.value((at, from, to), cell(slot), ty, false)?;
                self.cells.insert((list, number, slot), (at, from));
            }
            self.row += 1;
        }
        Ok(())
    }

    /// The list of indicators with merged levels and its row of totals.
    fn list(&mut self, key: &str) -> Result<(), XlsxError> {
        let def = self.form.def.clone();
        let Some((list, list_def)) = def.list(key) else {
            return Ok(());
        };
        let rows = self.form.lists.get(list).map_or(&[][..], Vec::as_slice);
        let slots = INDICATOR_COLUMNS.map(|column| list_def.slot(column));
        let head = self.row;
        for (col, slot) in slots.iter().enumerate() {
            let column = slot.and_then(|s| list_def.columns.get(s as usize));
            self.label(
                head,
                col as u16,
                col as u16,
                column.map_or("", |c| &c.label),
            )?;
        }
        let first = head + 1;
        let text = |row: usize, slot: Option<Slot>| {
            let cell = slot.and_then(|s| rows.get(row)?.values.get(s as usize)?.as_ref());
            cell.map_or(String::new(), |s| label::normalise(&s.text))
        };
        let level = |row: usize, deep: usize| -> Vec<String> {
            slots[..=deep].iter().map(|s| text(row, *s)).collect()
        };
        for deep in 0..2 {
            let mut row = 0;
            while row < rows.len() {
                let same = (row..rows.len()).take_while(|r| level(*r, deep) == level(row, deep));
                let count = same.count().max(1);
                let mut words = text(row, slots[deep]);
                let points = ["dimension_points", "criterion_points"][deep];
                let points = text(row, list_def.slot(points));
                let points = points.trim_end_matches('分').to_string();
                if !points.is_empty() && !words.contains('分') {
                    words = format!("{words}\n（{points}分）");
                }
                let (from, to) = (first + row as u32, first + (row + count) as u32 - 1);
                let format = self.styles.label.clone();
                self.merge(from, deep as u16, to, deep as u16, &words, &format)?;
                row += count;
            }
        }
        for (number, row) in rows.iter().enumerate() {
            let at = first + number as u32;
            for (col, slot) in slots.iter().enumerate().skip(2) {
                let Some(slot) = *slot else { continue };
                let stated = row.values.get(slot as usize).and_then(Option::as_ref);
                let ty = list_def.columns[slot as usize].ty;
                self.value((at, col as u16, col as u16), stated, ty, false)?;
                self.cells.insert((list, number, slot), (at, col as u16));
            }
            let blank = text(number, slots[2]).is_empty();
            if let Some(range) = self.names.filter(|_| blank) {
                let check = DataValidation::new()
                    .allow_list_formula(Formula::new(range.as_str()))
                    .show_error_message(false);
                self.sheet.add_data_validation(at, 2, at, 2, &check)?;
            }
            let longest = (2..COLS as usize)
                .filter_map(|c| Some(lines(&text(number, *slots.get(c)?), WIDTHS[c])));
            let height = longest.fold(1.0, f64::max) * 15.0 + 5.0;
            self.sheet.set_row_height(at, height.clamp(20.0, TALLEST))?;
        }
        self.row = first + rows.len() as u32;
        self.totals(list, &slots)
    }

    fn totals(&mut self, list: usize, slots: &[Option<Slot>]) -> Result<(), XlsxError> {
        let def = self.form.def.clone();
        let totals = def.recognition.lists.get(list).map(|l| l.totals.as_slice());
        let number = list as u16;
        let own = def.recognition.labels.iter().find(|(_, senses)| {
            let total = |s: &&jiheng_model::form::Sense| s.role == Role::Total { list: number };
            senses.iter().find(total).is_some_and(|s| s.own)
        });
        let Some((words, _)) = own else { return Ok(()) };
        let at = self.row;
        let columns: Vec<(u16, Slot)> = slots
            .iter()
            .enumerate()
            .filter_map(|(col, slot)| {
                let total = totals?.iter().find(|(column, _)| Some(*column) == *slot)?;
                Some((col as u16, total.1))
            })
            .filter(|(_, slot)| self.is_printed(*slot))
            .collect();
        let before = columns.first().map_or(COLS, |(col, _)| *col);
        self.label(at, 0, before.saturating_sub(1), words)?;
        for (col, slot) in columns {
            self.field(slot, at, col, col)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Names and values in turn on one row.
    fn foot(&mut self, slots: &[Slot]) -> Result<(), XlsxError> {
        let row = self.row + 1;
        let spans = spans(0, COLS, slots.len() as u16);
        for (&slot, &(from, to)) in slots.iter().zip(&spans) {
            if to > from && self.is_printed(slot) {
                self.label(row, from, from, &self.field_label(slot))?;
                self.field(slot, row, from + 1, to)?;
            }
        }
        self.row = row + 1;
        Ok(())
    }

    /// Writes the computed cells, with the results they have now.
    fn formulas(&mut self) -> Result<(), XlsxError> {
        let mut ready: Vec<(u32, u16, FieldType, String)> = Vec::new();
        for (path, template) in &self.computed {
            let Some(slot) = self.form.def.slot(path) else {
                continue;
            };
            let Some(&(row, col)) = self.fields.get(&slot) else {
                continue;
            };
            let ty = self.form.def.fields[slot as usize].ty;
            if let Some(formula) = self.formula(template, ty) {
                ready.push((row, col, ty, formula));
            }
        }
        let known = self.held.clone();
        for (row, col, ..) in &ready {
            self.held.remove(&(*row, *col));
        }
        // A cell may wait for another: as many rounds as there are cells are enough.
        for _ in 0..ready.len() {
            for (row, col, _, formula) in &ready {
                let at = (*row, *col);
                let held = |row, col| self.held.get(&(row, col)).copied();
                let result = match formula::evaluate(formula, &held) {
                    Outcome::Number(n) => Some(n),
                    // A total that is known while its parts are not stays until they are.
                    _ => known.get(&at).copied(),
                };
                match result {
                    Some(n) => self.held.insert(at, n),
                    None => self.held.remove(&at),
                };
            }
        }
        for (row, col, ty, formula) in ready {
            let held = |row, col| self.held.get(&(row, col)).copied();
            let open = !matches!(formula::evaluate(&formula, &held), Outcome::Number(_));
            if let Some(known) = known.get(&(row, col)).filter(|_| open) {
                let format = shown(ty, Some(known.scale())).on(&self.styles.known);
                let float: f64 = known.to_string().parse().unwrap_or_default();
                self.sheet
                    .write_number_with_format(row, col, float, &format)?;
                continue;
            }
            let result = self.held.get(&(row, col)).map(|n| n.normalize());
            let format = shown(ty, None).on(&self.styles.computed);
            let formula = Formula::new(format!("={formula}"))
                .set_result(result.map_or(String::new(), |n| n.to_string()));
            self.sheet
                .write_formula_with_format(row, col, formula, &format)?;
        }
        Ok(())
    }

    /// The formula of a template; `None` when a cell it names is not on the sheet.
    fn formula(&self, template: &str, ty: FieldType) -> Option<String> {
        let (mut formula, mut used) = (String::new(), Vec::new());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (path, after) = after.split_once('}')?;
            formula.push_str(before);
            let cell = match path.split_once(".*.") {
                Some((list, column)) => {
                    let (number, def) = self.form.def.list(list)?;
                    let slot = def.slot(column)?;
                    let rows = self.form.lists.get(number)?.len();
                    let first = self.cells.get(&(number, 0, slot))?;
                    let last = self.cells.get(&(number, rows.checked_sub(1)?, slot))?;
                    format!("{}:{}", address(first.0, first.1), address(last.0, last.1))
                }
                None => {
                    let &(row, col) = self.fields.get(&self.form.def.slot(path)?)?;
                    address(row, col)
                }
            };
            formula.push_str(&cell);
            used.push(cell);
            rest = after;
        }
        formula.push_str(rest);
        let places = if ty == FieldType::Rate { 4 } else { 2 };
        Some(format!(
            "IF(COUNT({})=0,\"\",IFERROR(ROUND({formula},{places}),\"\"))",
            used.join(",")
        ))
    }

    fn notes<'n>(&mut self, notes: impl Iterator<Item = &'n Remark>) -> Result<(), XlsxError> {
        for note in notes {
            let place = match (note.field, note.cell) {
                (Some(slot), _) => self.fields.get(&slot),
                (_, Some(cell)) => self.cells.get(&cell),
                _ => None,
            };
            let Some(&(row, col)) = place else { continue };
            let computed = self.held.contains_key(&(row, col)) && self.is_computed(note.field);
            if computed {
                continue;
            }
            let height = 20.0 + 18.0 * lines(&note.text, 26.0);
            let note = Note::new(&note.text)
                .add_author_prefix(false)
                .set_width(220)
                .set_height(height.min(400.0) as u32);
            self.sheet.insert_note(row, col, &note)?;
        }
        Ok(())
    }

    fn is_computed(&self, field: Option<Slot>) -> bool {
        let def = field.and_then(|s| self.form.def.fields.get(s as usize));
        def.is_some_and(|f| self.computed.contains_key(f.path.as_str()))
    }
}

/// The words with which a wrong entry is refused.
fn said(check: DataValidation, what: &str) -> Result<DataValidation, XlsxError> {
    check
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_title("填的不对")?
        .set_error_message(what)
}

/// How a value of a type is shown; with so many places when it is known.
fn shown(ty: FieldType, scale: Option<u32>) -> Shown {
    match ty {
        FieldType::Money => Shown::Number(scale.unwrap_or(2).max(2)),
        FieldType::Rate => Shown::Rate,
        FieldType::Points | FieldType::Persons | FieldType::Area => Shown::Free,
        _ => Shown::Text,
    }
}

/// The number of a cell that is only a number in its column's own unit.
fn number(stated: &Stated) -> Option<Decimal> {
    if stated.value.operator.is_some()
        || stated.value.unit_printed && stated.value.unit != Some(Unit::percent())
    {
        return None;
    }
    match stated.value.kind {
        ValueKind::Number(n) | ValueKind::Percent(n) => Some(n),
        _ => None,
    }
}

/// So many columns shared among so many; first and last column of each.
fn spans(from: u16, to: u16, among: u16) -> Vec<(u16, u16)> {
    let width = to - from;
    (0..among)
        .map(|n| {
            (
                from + width * n / among,
                (from + width * (n + 1) / among).max(from + width * n / among + 1) - 1,
            )
        })
        .collect()
}

/// Lines that a text takes in a column of a width.
pub(super) fn lines(text: &str, width: f64) -> f64 {
    let line = |l: &str| {
        (l.chars().count() as f64 * 2.0 / width.max(1.0))
            .ceil()
            .max(1.0)
    };
    text.split('\n').map(line).sum()
}

/// "B7" for row 6 and column 1.
fn address(row: u32, col: u16) -> String {
    let letter = char::from(b'A' + (col % 26) as u8);
    format!("{letter}{}", row + 1)
}
