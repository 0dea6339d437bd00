//! Documents and a rulebook come in; a `Filing` of stated values, each with its origin, goes out.
//!
//! Forms are found by their titles and labels, in paragraphs before a table or in rows of it, several
//! in one table or one over several tables. What no form of the rulebook explains is listed with its reason.

mod blocks;
mod fill;
mod keys;
mod materials;
mod place;

use crate::rulebook::Rulebook;
use fill::{Filler, Step};
use jiheng_model::document::Block;
use jiheng_model::form::{FormDef, Role, Slot};
use jiheng_model::label::{normalise, trim};
use jiheng_model::origin::At;
use jiheng_model::{
    Accounts, Document, Filing, Format, Origin, Recognised, Stated, Table, Unit, Unrecognised,
    Value, ValueKind,
};
use keys::Sheet;
use std::ops::Range;
use std::sync::Arc;

/// So many paragraphs before a table may stand between it and its title.
const REACH: usize = 8;
/// Longer paragraphs (in bytes) are prose.
const PROSE: usize = 300;
/// So many labels that tell a form from others say which form a table without title is.
const NEAR_ENOUGH: usize = 3;

/// Recognises the forms and the report of a package.
pub fn recognize(documents: &[Document], rulebook: &Rulebook) -> Filing {
    let accounts = crate::accounts::accounts(documents, rulebook);
    let mut filing = forms_without(documents, &rulebook.forms, &accounts);
    let beside = rulebook.words("sheets_beside");
    filing.unrecognised.retain(|u| {
        let document = documents.get(usize::from(u.origin.file));
        let table = document.and_then(|d| d.table(u.origin.table()?));
        let sheet = table.and_then(|t| t.sheet.as_ref());
        !sheet.is_some_and(|name| beside.contains(name))
    });
    filing.narrative = match accounts.is_empty() {
        true => crate::narrative::narrative(documents, &filing.forms, rulebook),
        false => {
            // A report stands in final accounts only when it stands nowhere else.
            let mut files: Vec<u16> = (0..documents.len() as u16).collect();
            files.sort_by_key(|f| accounts.iter().any(|a| a.file == *f));
            let forms = &filing.forms;
            crate::narrative::narrative_in(documents, &files, forms, forms, rulebook)
        }
    };
    filing.beside = accounts
        .iter()
        .map(|a| a.file)
        .filter(|file| {
            let report = filing.narrative.exists() && filing.narrative.file == *file;
            !report && filing.forms.iter().all(|f| f.file != *file)
        })
        .collect();
    filing.accounts = accounts;
    materials::separate(documents, &mut filing, rulebook);
    filing
}

/// The first year of the form "2023年" in a text.
pub fn year_in(text: &str) -> Option<i16> {
    place::year(&normalise(text))
}

/// The unit of money a head names: "金额单位：元", "（万元）".
pub fn money_unit(text: &str) -> Option<Unit> {
    place::money_unit(text)
}

/// The name of an indicator in comparable form, without what places print about it: "★", "指标1：", numbering, a
/// sign and a unit in brackets.
pub fn indicator_name(text: &str) -> String {
    let key = normalise(text);
    let mut name = key.as_str();
    loop {
        let marks = ['★', '☆', '*', '※', '▲', '△', '●', '◆', '■'];
        let mut rest = name.trim_start_matches(marks);
        if let Some(numbered) = rest.strip_prefix("指标") {
            let after = numbered.trim_start_matches(|c: char| c.is_ascii_digit());
            rest = match after.strip_prefix([':', '、', '.']) {
                Some(bare) => bare,
                None => rest,
            };
        }
        rest = &rest[keys::numbering(rest)..];
        if rest == name || rest.is_empty() {
            break;
        }
        name = rest;
    }
    match fill::named::sign_and_unit(name).and(name.rfind('(')) {
        Some(open) if open > 0 => name[..open].to_string(),
        _ => name.to_string(),
    }
}

/// Recognises the forms of a package.
pub fn forms(documents: &[Document], defs: &[Arc<FormDef>]) -> Filing {
    forms_without(documents, defs, &[])
}

fn forms_without(documents: &[Document], defs: &[Arc<FormDef>], accounts: &[Accounts]) -> Filing {
    let mut filing = Filing::default();
    for (file, doc) in documents.iter().enumerate() {
        let mut of_file = accounts.iter().filter(|a| a.file as usize == file);
        let mut walk = Walk {
            doc,
            file: file as u16,
            defs,
            filing: &mut filing,
            open: None,
            head: Heading::default(),
            skip: of_file.next().map_or(&[], |a| &a.tables),
        };
        walk.document();
    }
    for index in 0..filing.forms.len() {
        let kind = filing.forms[index].kind().to_string();
        let before = filing.forms[..index]
            .iter()
            .filter(|f| f.kind() == kind)
            .count();
        filing.forms[index].ordinal = before as u16 + 1;
    }
    filing.year = majority(filing.forms.iter().filter_map(|f| f.year));
    filing
}

fn majority(years: impl Iterator<Item = i16>) -> Option<i16> {
    let mut counts: Vec<(i16, u32)> = Vec::new();
    for year in years {
        match counts.iter_mut().find(|(y, _)| *y == year) {
            Some((_, n)) => *n += 1,
            None => counts.push((year, 1)),
        }
    }
    counts
        .into_iter()
        .max_by_key(|(year, n)| (*n, *year))
        .map(|(year, _)| year)
}

/// What stands above a form.
#[derive(Clone, Default)]
struct Heading<'a> {
    def: Option<Arc<FormDef>>,
    title: Option<Stated>,
    annex: Option<Stated>,
    year: Option<i16>,
    unit: Option<Unit>,
    /// The texts that name a fiscal year.
    years: Vec<Stated>,
    /// Something is printed between the last table and this one.
    apart: bool,
    /// Running texts between title and table, with their places.
    above: Vec<(&'a str, At)>,
}

impl Heading<'_> {
    fn says_nothing(&self) -> bool {
        self.def.is_none() && self.annex.is_none() && self.year.is_none() && self.unit.is_none()
    }
}

/// The place of the text of a cell.
fn whole(sheet: &Sheet<'_>, index: u32) -> At {
    let cell = sheet.cell(index);
    At::Cell {
        table: sheet.table.number,
        row: cell.row,
        col: cell.col,
        chars: Some((0, 0)),
    }
}

/// A walk over one document.
struct Walk<'a> {
    doc: &'a Document,
    file: u16,
    defs: &'a [Arc<FormDef>],
    filing: &'a mut Filing,
    /// The form that may go on.
    open: Option<Filler>,
    head: Heading<'a>,
    /// Tables that are no form.
    skip: &'a [u32],
}

impl<'a> Walk<'a> {
    fn document(&mut self) {
        let mut since: Vec<u32> = Vec::new();
        for block in &self.doc.blocks {
            match *block {
                Block::Paragraph(number) => {
                    if !trim(self.doc.paragraph_text(number)).is_empty() {
                        since.push(number);
                    }
                }
                Block::Table(number) => {
                    let foot = self.foot(&since);
                    let head = self.heading(&since[foot..]);
                    since.clear();
                    if self.skip.contains(&number) {
                        self.close();
                    } else if let Some(table) = self.doc.table(number) {
                        self.table(table, head);
                    }
                }
            }
        }
        self.foot(&since);
        self.close();
    }

    fn close(&mut self) {
        if let Some(filler) = self.open.take() {
            let (mut forms, mut unrecognised) = filler.finish();
            self.filing.unrecognised.append(&mut unrecognised);
            self.filing.forms.append(&mut forms);
        }
    }

    /// Reads notes and feet that follow a form; hands back how many paragraphs they are.
    fn foot(&mut self, paragraphs: &[u32]) -> usize {
        let Some(open) = &mut self.open else { return 0 };
        let mut read = 0;
        for (at, number) in paragraphs.iter().enumerate().take(REACH) {
            let raw = self.doc.paragraph_text(*number);
            if place::is_annex(raw) || place::title(self.defs, raw).is_some() {
                break;
            }
            if raw.contains([':', '：']) && open.foot(raw, |r| text_at(*number, raw, r), self.file)
            {
                read = at + 1;
            }
        }
        read
    }

    /// Looks for title, annex label, year and unit in the paragraphs before a table.
    fn heading(&self, paragraphs: &[u32]) -> Heading<'a> {
        let mut head = Heading {
            apart: !paragraphs.is_empty(),
            ..Heading::default()
        };
        let doc: &'a Document = self.doc;
        for number in paragraphs.iter().rev().take(REACH) {
            let raw = doc.paragraph_text(*number);
            if raw.len() > PROSE {
                break;
            }
            let at = |range: &Range<usize>| Origin {
                file: self.file,
                at: text_at(*number, raw, range),
            };
            let titled = head.def.is_some();
            if !read_heading(&mut head, self.defs, raw, at) {
                break;
            }
            if !titled {
                head.above.push((raw, text_at(*number, raw, &(0..0))));
            }
        }
        head
    }

    fn table(&mut self, table: &'a Table, head: Heading<'a>) {
        let sheet = Sheet::new(self.doc, self.file, table);
        if (0..table.cells.len() as u32).all(|i| sheet.is_blank(i)) {
            return;
        }
        let nested = table.parent.is_some();
        self.head = head;
        let mut row = 1;
        let mut known = false;
        while row <= table.rows {
            // Rows of their own above a form: annex label, title, year, unit.
            let begin = row;
            row = self.heading_rows(&sheet, row);
            let end = self.segment_end(&sheet, row);
            known |= self.segment(&sheet, row..end);
            row = end.max(begin + 1);
        }
        if !known && !nested {
            let name = self
                .head
                .title
                .as_ref()
                .map(|t| format!("（{}）", t.text))
                .unwrap_or_default();
            let columns = table.cols;
            self.filing.unrecognised.push(Unrecognised {
                origin: Origin::cell(self.file, table.number, 1, 1),
                why: format!("第 {} 个表格{name}共 {} 行 {columns} 列，标题和表头都不是规程包里的表，没有读入", table.number, table.rows),
            });
        }
    }

    /// Reads the heading rows that begin at `row`; hands back the row after them.
    fn heading_rows(&mut self, sheet: &Sheet<'a>, row: u32) -> u32 {
        let mut after = row;
        for r in row..=sheet.table.rows.min(row + 6) {
            let filled: Vec<u32> = sheet.own(r).filter(|i| !sheet.is_blank(*i)).collect();
            let [only] = filled.as_slice() else {
                // "（2023年度）" and "单位：万元" side by side.
                if (2..=3).contains(&filled.len()) && self.heading_cells(sheet, &filled) {
                    after = r + 1;
                    continue;
                }
                if filled.is_empty() {
                    continue;
                }
                break;
            };
            let raw = sheet.raw(sheet.cell(*only));
            if raw.len() > PROSE || self.is_label(sheet, *only) {
                break;
            }
            let Some(here) = self.heading_cell(sheet, *only) else {
                break;
            };
            if here.says_nothing() {
                // "单位名称：… 填报日期：…" between title and table.
                let labelled = self.head.def.as_ref().is_some_and(|def| {
                    raw.contains([':', '：']) && place::foot(&def.recognition.above, raw).len() >= 2
                });
                if labelled {
                    self.head.above.push((raw, whole(sheet, *only)));
                    after = r + 1;
                    continue;
                }
                // A row of words before any title is passed over, between rows of a form it is not.
                if r != row || self.head.def.is_some() {
                    break;
                }
                continue;
            }
            if here.def.is_some()
                && self.head.def.is_some()
                && self.head.title.is_some()
                && after == row
            {
                self.head = Heading::default();
            }
            self.take(here, raw, whole(sheet, *only));
            after = r + 1;
        }
        after
    }

    /// Takes the cells of a row that are parts of a heading, each by itself; false when one of them is something else.
    fn heading_cells(&mut self, sheet: &Sheet<'a>, cells: &[u32]) -> bool {
        let mut parts = Vec::new();
        for index in cells {
            let raw = sheet.raw(sheet.cell(*index));
            let part = match raw.len() <= PROSE && !self.is_label(sheet, *index) {
                true => self.heading_cell(sheet, *index),
                false => None,
            };
            match part.filter(|p| p.def.is_none() && !p.says_nothing()) {
                Some(part) => parts.push((part, raw, whole(sheet, *index))),
                None => return false,
            }
        }
        for (part, raw, at) in parts {
            self.take(part, raw, at);
        }
        true
    }

    /// What a cell says as part of a heading; `None` when it belongs to something else.
    fn heading_cell(&self, sheet: &Sheet<'a>, index: u32) -> Option<Heading<'a>> {
        let cell = sheet.cell(index);
        let raw = sheet.raw(cell);
        let mut here = Heading::default();
        let at = |range: &Range<usize>| Origin {
            file: self.file,
            at: whole(sheet, index).words(keys::chars(raw, range)),
        };
        read_heading(&mut here, self.defs, raw, at).then_some(here)
    }

    /// Adds to the heading what a text above a form says.
    fn take(&mut self, mut here: Heading<'a>, raw: &'a str, at: At) {
        let head = &mut self.head;
        head.def = here.def.or(head.def.take());
        head.title = here.title.or(head.title.take());
        head.annex = here.annex.or(head.annex.take());
        head.year = here.year.or(head.year);
        head.years.append(&mut here.years);
        head.unit = here.unit.or(head.unit.take());
        head.apart = true;
        head.above.push((raw, at));
    }

    fn is_label(&self, sheet: &Sheet<'_>, index: u32) -> bool {
        self.defs
            .iter()
            .any(|d| sheet.find(d, index).is_some_and(|f| f.whole))
    }

    /// The first row after `row` that begins another form: a title, or the annex label above it.
    fn segment_end(&self, sheet: &Sheet<'_>, row: u32) -> u32 {
        for r in row..=sheet.table.rows {
            let mut filled = sheet.own(r).filter(|i| !sheet.is_blank(*i));
            let (Some(only), None) = (filled.next(), filled.next()) else {
                continue;
            };
            let raw = sheet.raw(sheet.cell(only));
            if raw.len() > PROSE {
                continue;
            }
            if place::is_annex(raw) || place::title(self.defs, raw).is_some() {
                return r;
            }
        }
        sheet.table.rows + 1
    }

    /// Reads rows as one form, or as the rest of the open one; false when no form explains them.
    fn segment(&mut self, sheet: &Sheet<'_>, rows: Range<u32>) -> bool {
        if rows
            .clone()
            .all(|r| sheet.own(r).all(|i| sheet.is_blank(i)))
        {
            return false;
        }
        let same_table = self
            .open
            .as_ref()
            .is_some_and(|f| f.form.tables.last() == Some(&sheet.table.number));
        let titled = self
            .head
            .def
            .clone()
            .filter(|d| evidence(sheet, d, rows.clone(), 2) >= 2);
        let def = titled.or_else(|| {
            untitled(sheet, self.defs, rows.clone())
                .filter(|d| {
                    opens_here(sheet, d, rows.clone()) || self.open.is_none() || self.head.apart
                })
                .cloned()
        });
        let def = match def {
            Some(def) => {
                // A repeated title over the rest of a form that goes on does not make another form.
                let rest = self.open.as_ref().is_some_and(|f| {
                    let goes_on = match f.form.def.recognition.opens {
                        Some(_) => !opens_here(sheet, &def, rows.clone()),
                        // Nothing opens such a form but its title.
                        None => !self.head.apart && !same_table,
                    };
                    f.is_open() && f.form.kind() == def.id && goes_on
                });
                if rest { None } else { Some(def) }
            }
            None => None,
        };
        let mut filler = match def {
            Some(def) => {
                self.close();
                self.begin(&def, sheet)
            }
            None => match self.open.take() {
                Some(mut filler)
                    if same_table || goes_on(&filler, sheet, rows.clone(), self.doc.format) =>
                {
                    if !same_table {
                        filler.continue_on(sheet);
                    }
                    filler
                }
                other => {
                    self.open = other;
                    self.close();
                    return false;
                }
            },
        };
        filler.look_for_unit(sheet, rows.clone());
        for row in rows {
            if let Step::Another = filler.row(sheet, row) {
                let def = filler.form.def.clone();
                self.open = Some(filler);
                self.close();
                filler = self.begin(&def, sheet);
                filler.form.year = self.filing.forms.last().and_then(|f| f.year);
                filler.form.money_unit =
                    self.filing.forms.last().and_then(|f| f.money_unit.clone());
                filler.row(sheet, row);
            }
        }
        if filler.form.year.is_none() {
            filler.form.year = filler
                .form
                .heads
                .iter()
                .filter_map(|(_, s)| place::year(&normalise(&s.text)))
                .max();
        }
        self.open = Some(filler);
        true
    }

    fn begin(&mut self, def: &Arc<FormDef>, sheet: &Sheet<'_>) -> Filler {
        let head = std::mem::take(&mut self.head);
        let mut filler = Filler::new(def, self.file);
        filler.form.tables = vec![sheet.table.number];
        filler.form.title = head.title;
        filler.form.annex = head.annex;
        filler.form.year = head.year;
        filler.form.money_unit = head.unit;
        let years = head.years.into_iter();
        filler.form.heads = years.map(|y| ("fiscal_year".to_string(), y)).collect();
        for (raw, place) in head.above {
            let within = |range: &Range<usize>| place.words(keys::chars(raw, range));
            filler.above(raw, within, self.file);
        }
        filler
    }
}

/// Takes what a text above a form says into the heading; false when it belongs to something else.
fn read_heading(
    head: &mut Heading<'_>,
    defs: &[Arc<FormDef>],
    raw: &str,
    at: impl Fn(&Range<usize>) -> Origin,
) -> bool {
    let stated = |range: Range<usize>| {
        let text = raw.get(range.clone()).unwrap_or("").to_string();
        Stated {
            text,
            value: Value::bare(ValueKind::Text),
            origin: at(&range),
            how: Recognised::Exact,
        }
    };
    if let Some(title) = place::title(defs, raw) {
        if head.def.is_some() {
            return false;
        }
        head.def = Some(title.def.clone());
        head.year = title.year.or(head.year);
        if title.year.is_some() {
            head.years.push(stated(title.range.clone()));
        }
        head.unit = head.unit.take().or_else(|| place::money_unit(raw));
        if let Some(annex) = title.annex {
            head.annex = Some(stated(annex));
        }
        head.title = Some(stated(title.range));
        return true;
    }
    if place::is_annex(raw) {
        if head.annex.is_some() {
            return false;
        }
        head.annex = place::annex(raw).map(stated);
        return true;
    }
    if head.def.is_some() {
        // Only the annex label stands above the title.
        return true;
    }
    head.unit = head.unit.take().or_else(|| place::money_unit(raw));
    if raw.len() <= 60 || raw.contains("年度") && raw.len() <= 200 {
        // "填报日期：2022年3月15日" names no fiscal year.
        let key = normalise(raw);
        if !key.contains(':') || key.contains("年度") {
            let year = place::year(&key);
            if year.is_some() {
                head.years.push(stated(keys::trimmed(raw, 0..raw.len())));
            }
            head.year = head.year.or(year);
        }
    }
    true
}

fn text_at(paragraph: u32, raw: &str, range: &Range<usize>) -> At {
    At::Text {
        paragraph,
        chars: keys::chars(raw, range),
    }
}

/// How many different labels of a form stand in the rows, at most `enough`.
fn evidence(sheet: &Sheet<'_>, def: &FormDef, rows: Range<u32>, enough: usize) -> usize {
    let mut seen: Vec<Role> = Vec::new();
    for row in rows {
        for index in sheet.own(row) {
            if let Some(role) = sheet
                .find(def, index)
                .and_then(|f| f.senses.first())
                .map(|s| s.role)
                && role != Role::Block
                && !seen.contains(&role)
            {
                seen.push(role);
                if seen.len() >= enough {
                    return seen.len();
                }
            }
        }
    }
    seen.len()
}

/// The form that the labels of a table without title point to: by labels that tell it from others,
/// or by many labels of one form whose columns fit.
fn untitled<'d>(
    sheet: &Sheet<'_>,
    defs: &'d [Arc<FormDef>],
    rows: Range<u32>,
) -> Option<&'d Arc<FormDef>> {
    let signs = defs.iter().map(|d| (signs(sheet, d, rows.clone()), d));
    let fitting: Vec<_> = signs.filter(|(s, _)| s.fits != Some(false)).collect();
    let near = fitting
        .iter()
        .map(|(signs, d)| (signs.near, *d))
        .max_by_key(|(n, _)| *n)
        .filter(|(n, _)| *n >= NEAR_ENOUGH);
    near.or_else(|| {
        fitting
            .iter()
            .filter(|(signs, _)| signs.fits == Some(true))
            .map(|(_, d)| (evidence(sheet, d, rows.clone(), 12), *d))
            .max_by_key(|(n, _)| *n)
            .filter(|(n, d)| *n >= 6 || heads_a_list(sheet, d, rows.clone()))
    })
    .map(|(_, d)| d)
}

/// Is the first row of several cells nothing but heads of the first list, at least four of them with a level and the name?
fn heads_a_list(sheet: &Sheet<'_>, def: &FormDef, mut rows: Range<u32>) -> bool {
    let several = |row: &u32| sheet.own(*row).filter(|i| !sheet.is_blank(*i)).count() > 1;
    let Some(first) = rows.find(several) else {
        return false;
    };
    let mut slots: Vec<Slot> = Vec::new();
    for index in sheet.own(first).filter(|i| !sheet.is_blank(*i)) {
        let slot = sheet.find(def, index).and_then(|f| {
            f.senses.iter().find_map(|s| match s.role {
                Role::Head { list: 0, slot } => Some(slot),
                _ => None,
            })
        });
        let Some(slot) = slot else { return false };
        if !slots.contains(&slot) {
            slots.push(slot);
        }
    }
    let name = def.lists.first().and_then(|l| l.slot("name"));
    let levels = def.recognition.lists.first().map_or(&[][..], |l| &l.levels);
    slots.len() >= 4
        && name.is_some_and(|n| slots.contains(&n))
        && levels.iter().any(|(l, _)| slots.contains(l))
}

/// What the labels of a table without title say for and against a form.
struct Signs {
    /// The heads of the first list have the columns the form needs, and none of those it lacks.
    /// `None`: there are no heads, or the form asks for none.
    fits: Option<bool>,
    /// How many labels that tell a form from others stand in the rows.
    near: usize,
}

fn signs(sheet: &Sheet<'_>, def: &FormDef, rows: Range<u32>) -> Signs {
    let known = &def.recognition;
    let asks = !(known.needs.is_empty() && known.lacks.is_empty());
    let tells = known.near.len() >= NEAR_ENOUGH;
    let mut slots: Vec<Slot> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for row in rows.filter(|_| asks || tells) {
        let (before, mut heads) = (slots.len(), 0);
        for index in sheet.own(row) {
            let Some(found) = sheet.find(def, index).filter(|f| !f.senses.is_empty()) else {
                continue;
            };
            let own = slots.len();
            slots.extend(found.senses.iter().filter_map(|s| match s.role {
                Role::Head { list: 0, slot } => Some(slot),
                _ => None,
            }));
            heads += usize::from(slots.len() > own);
            if tells {
                let key = sheet.key(index);
                let mut near = known.near.iter();
                let near = near.find(|n| key.contains(n.as_str()));
                seen.extend(near.map(String::as_str).filter(|n| !seen.contains(n)));
            }
        }
        // A word alone in its row is no head.
        if heads < 2 {
            slots.truncate(before);
        }
    }
    let fits = || {
        let has = |slot: &Slot| slots.contains(slot);
        known.needs.iter().all(has) && !known.lacks.iter().any(has)
    };
    Signs {
        fits: (asks && !slots.is_empty()).then(fits),
        near: seen.len(),
    }
}

fn opens_here(sheet: &Sheet<'_>, def: &FormDef, rows: Range<u32>) -> bool {
    let Some(opens) = def.recognition.opens else {
        return true;
    };
    rows.take(6).any(|row| {
        sheet.own(row).any(|i| {
            sheet.find(def, i).is_some_and(|f| {
                keys::any(
                    f.senses,
                    |r| matches!(r, Role::Field { slot, .. } if slot == opens),
                )
            })
        })
    })
}

/// Do the rows of a table without title go on with the form before it?
fn goes_on(filler: &Filler, sheet: &Sheet<'_>, rows: Range<u32>, format: Format) -> bool {
    if matches!(format, Format::Xlsx | Format::Xls | Format::Ods) {
        return false;
    }
    let labels = evidence(sheet, &filler.form.def, rows, 3);
    labels >= 3 || filler.is_open() && (labels >= 1 || filler.fits(sheet))
}

#[cfg(test)]
mod tests;
