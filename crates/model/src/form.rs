//! A form (表): its definition, made once from a rulebook, and a filled copy of it.
//!
//! Every field has a path ("funds.total.outturn") and a slot number, so that rules are bound to
//! numbers once per form and then only index.

use crate::layout::Layout;
use crate::origin::Origin;
use crate::unit::Unit;
use crate::value::{Date, Stated};
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, OnceLock};

/// The number of a field in its form or of a column in its list.
pub type Slot = u16;

/// Slots by path or column key.
pub type SlotIndex = HashMap<String, Slot, BuildHasherDefault<LabelHasher>>;

/// What a field holds. Units are part of the type: an identity of 万元 and 分 does not load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Free text.
    Text,
    /// Money; the form's unit unless the cell says another.
    Money,
    /// A ratio printed with a percent sign.
    Rate,
    /// 分值 or 得分.
    Points,
    /// A count of persons.
    Persons,
    /// An area.
    Area,
    /// A date.
    Date,
    /// A signature or seal: anything or nothing.
    Signature,
    /// A telephone number.
    Phone,
    /// Any value: targets and actual values of indicators.
    Any,
}

/// A field of a form or a column of a list.
#[derive(Clone, Debug)]
pub struct FieldDef {
    /// "funds.total.outturn"; inside a list: the column's key ("target").
    pub path: String,
    /// The term in the field's official form ("全年执行数"); for grid cells "row label · column label".
    pub label: String,
    /// What it holds.
    pub ty: FieldType,
    /// Must be filled in.
    pub required: bool,
}

/// A list of rows in a form (indicators, project lines).
#[derive(Clone, Debug)]
pub struct ListDef {
    /// "indicators", "projects".
    pub key: String,
    /// "绩效指标".
    pub label: String,
    /// Columns by slot.
    pub columns: Vec<FieldDef>,
    /// Slot by column key.
    pub index: SlotIndex,
}

/// A form as the rulebook defines it; made by the loader, never by hand.
#[derive(Clone, Debug)]
pub struct FormDef {
    /// "baseline", "department", "project", "assessment" …
    pub id: String,
    /// Official title without the year ("项目支出绩效自评表").
    pub title: String,
    /// The annex it is printed under ("附件3"), if the rulebook names one.
    pub annex: Option<String>,
    /// How many copies a package needs: one, or one for each executed first-level project.
    pub copies: Copies,
    /// Fields by slot.
    pub fields: Vec<FieldDef>,
    /// Slot by path.
    pub index: SlotIndex,
    /// Lists.
    pub lists: Vec<ListDef>,
    /// Where the form is printed: rulebook id and basis key.
    pub basis: Option<String>,
    /// How the form is found in a file.
    pub recognition: Recognition,
    /// How the form is printed; `None` when the rulebook draws no picture of it.
    pub layout: Option<Layout>,
    /// Where the columns of the list of indicators are, looked up at first use.
    pub indicator_columns: IndicatorColumns,
}

/// The list of indicators in a form and the slots of its usual columns.
#[derive(Clone, Debug, Default)]
pub struct IndicatorColumns(OnceLock<Option<(usize, [Option<Slot>; INDICATOR_COLUMNS.len()])>>);

/// The usual columns of the list of indicators, in the order of the output contract; [`Indicator`] has a view of each.
pub const INDICATOR_COLUMNS: [&str; 8] = [
    "dimension",
    "criterion",
    "name",
    "target",
    "actual",
    "points",
    "score",
    "reason",
];

/// How a form is found in a file whatever its layout: labels in comparable form, compiled by the loader.
#[derive(Clone, Debug, Default)]
pub struct Recognition {
    /// The definition as one TOML text with everything it inherits.
    pub source: String,
    /// Titles in comparable form, without year.
    pub titles: Vec<String>,
    /// Comparable labels that tell this form from others.
    pub near: Vec<String>,
    /// Grids (rows × columns of fields).
    pub grids: Vec<GridDef>,
    /// One for each list of the form.
    pub lists: Vec<ListLayout>,
    /// What a comparable label may mean, the most likely first.
    pub labels: HashMap<String, Vec<Sense>, BuildHasherDefault<LabelHasher>>,
    /// The first characters of all labels.
    pub initials: Initials,
    /// Labels of the foot as printed, without colon, and of the note; each begins a value in running text.
    pub inline: Vec<(String, Slot)>,
    /// Labels printed in running text between title and table ("单位名称：… 评价年度：…").
    pub above: Vec<(String, Slot)>,
    /// Columns of the first list without whose heads a table without title is another form's.
    pub needs: Vec<Slot>,
    /// Columns of the first list whose heads make a table without title another form's.
    pub lacks: Vec<Slot>,
    /// The field that opens the form: when its label comes again, another copy begins.
    pub opens: Option<Slot>,
}

impl Recognition {
    /// What a comparable label may mean, the most likely first.
    #[inline]
    pub fn senses(&self, label: &str) -> Option<&Vec<Sense>> {
        // Most cells hold values: their first character tells.
        let first = label.chars().next()?;
        match self.initials.may_have(first) {
            true => self.labels.get(label),
            false => None,
        }
    }
}

/// A set of characters that may take a character for a member that is none, never the other way round.
#[derive(Clone, Copy, Debug, Default)]
pub struct Initials([u64; 8]);

impl Initials {
    /// The first characters of texts.
    pub fn of<'t>(texts: impl Iterator<Item = &'t String>) -> Initials {
        let mut bits = [0; 8];
        for first in texts.filter_map(|text| text.chars().next()) {
            let (word, bit) = Self::bit(first);
            bits[word] |= bit;
        }
        Initials(bits)
    }

    /// False only when the character is no member.
    #[inline]
    pub fn may_have(&self, c: char) -> bool {
        let (word, bit) = Self::bit(c);
        self.0[word] & bit != 0
    }

    #[inline]
    fn bit(c: char) -> (usize, u64) {
        let spread = (c as u32).wrapping_mul(0x9e37_79b1) >> 23;
        ((spread >> 6) as usize, 1 << (spread & 63))
    }
}

/// A quick hash for labels. Only the rulebook's labels are ever stored under it, so that no document
/// can fill one bucket.
#[derive(Clone, Copy, Debug, Default)]
pub struct LabelHasher(u64);

impl Hasher for LabelHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word))
                .wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        // The table takes its bucket from the low bits and its tag from the high ones.
        self.0 ^ (self.0 >> 32)
    }
}

/// A grid of fields: each row label with each column label is one field.
#[derive(Clone, Debug)]
pub struct GridDef {
    /// "funds"; empty when the rows' keys are paths themselves.
    pub key: String,
    /// "项目资金".
    pub label: String,
    /// Row keys and labels.
    pub rows: Vec<(String, String)>,
    /// Column keys and labels.
    pub cols: Vec<(String, String)>,
    /// Slots by row × columns + column.
    pub slots: Vec<Slot>,
    /// For each row whose amount is printed in the label cell: the row it is part of.
    pub part_of: Vec<Option<u16>>,
    /// The column of an amount that stands beside its row label without any head.
    pub bare: Option<u16>,
}

/// Where a list stands in its form.
#[derive(Clone, Debug, Default)]
pub struct ListLayout {
    /// The grid and row after which its rows stand, for open-ended rows inside a grid.
    pub under: Option<(u16, u16)>,
    /// Columns whose cells reach over several rows (一级指标, 二级指标) with the column for the points in their brackets.
    pub levels: Vec<(Slot, Option<Slot>)>,
    /// The field for the total of a column (分值 → total_points).
    pub totals: Vec<(Slot, Slot)>,
    /// The field for words that stand in the row of totals (the grade).
    pub total_words: Option<Slot>,
    /// Columns that may hold the value of another in brackets (三级指标 → 分值), when that has no column of its own.
    pub held: Vec<(Slot, Slot)>,
    /// Columns that together make another: operator, value, unit → target.
    pub joined: Option<Joined>,
}

/// A column printed as several.
#[derive(Clone, Copy, Debug)]
pub struct Joined {
    /// The column that is made.
    pub whole: Slot,
    /// 指标性质.
    pub operator: Slot,
    /// 指标值 by itself.
    pub value: Slot,
    /// 度量单位.
    pub unit: Slot,
}

/// One meaning of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sense {
    /// What it labels.
    pub role: Role,
    /// The label is the form's own, not a synonym.
    pub own: bool,
}

/// What a label labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A field; its value stands below the label or to its right.
    Field {
        /// The field.
        slot: Slot,
        /// The value stands below.
        below: bool,
    },
    /// A row of a grid.
    Row {
        /// Number of the grid.
        grid: u16,
        /// Number of the row in it.
        row: u16,
    },
    /// A column of a grid.
    Col {
        /// Number of the grid.
        grid: u16,
        /// Number of the column in it.
        col: u16,
    },
    /// A column of a list.
    Head {
        /// Number of the list.
        list: u16,
        /// The column.
        slot: Slot,
    },
    /// The row of totals under a list.
    Total {
        /// Number of the list.
        list: u16,
    },
    /// A row inside a list that sums up a part of it ("小计").
    Subtotal {
        /// Number of the list.
        list: u16,
    },
    /// A side head that holds no value ("绩效指标").
    Block,
}

/// How many copies of a form belong in a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Copies {
    /// Exactly one.
    One,
    /// One for each first-level project with spending (一个一级项目支出一张表).
    PerProject,
    /// May be absent (the bureau's own sheets).
    Optional,
}

/// A filled form.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its definition.
    pub def: Arc<FormDef>,
    /// The layout by which it was read (the rulebook's own id), if known.
    pub layout: Option<String>,
    /// Title as printed.
    pub title: Option<Stated>,
    /// The annex label as printed ("附件3-1").
    pub annex: Option<Stated>,
    /// The fiscal year its title or head names.
    pub year: Option<i16>,
    /// The unit of its money columns.
    pub money_unit: Option<Unit>,
    /// Values by slot. `None`: the form has no such cell; a blank cell is `Some` with a blank value.
    pub values: Vec<Option<Stated>>,
    /// Rows of each list, in the order of `def.lists`.
    pub lists: Vec<Vec<Row>>,
    /// Printed column heads by column key ("outturn" → "2023年决算数").
    pub heads: Vec<(String, Stated)>,
    /// File of the package (from 0) and tables (from 1) it was read from.
    pub file: u16,
    /// Numbers of the tables, from 1; more than one when the form continues.
    pub tables: Vec<u32>,
    /// Number among the forms of the same kind in the package, from 1.
    pub ordinal: u16,
}

/// A row of a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Values by column slot.
    pub values: Vec<Option<Stated>>,
    /// Where the row begins.
    pub origin: Origin,
}

impl FormDef {
    /// The slot of a path.
    pub fn slot(&self, path: &str) -> Option<Slot> {
        self.index.get(path).copied()
    }

    /// The number and definition of a list.
    pub fn list(&self, key: &str) -> Option<(usize, &ListDef)> {
        self.lists.iter().enumerate().find(|(_, l)| l.key == key)
    }

    /// The number of the list of indicators and the slots of its usual columns.
    fn indicator_columns(&self) -> Option<&(usize, [Option<Slot>; INDICATOR_COLUMNS.len()])> {
        let find = || {
            let (number, list) = self.list("indicators")?;
            Some((number, INDICATOR_COLUMNS.map(|column| list.slot(column))))
        };
        self.indicator_columns.0.get_or_init(find).as_ref()
    }

    /// The label of a path; the path itself when the form has no such field.
    pub fn label<'a>(&'a self, path: &'a str) -> &'a str {
        self.slot(path)
            .map_or(path, |s| &self.fields[s as usize].label)
    }
}

impl ListDef {
    /// The slot of a column.
    pub fn slot(&self, column: &str) -> Option<Slot> {
        // A list has about ten columns: looking through them is faster than hashing.
        let place = self.columns.iter().position(|c| c.path == column);
        place.map(|place| place as Slot)
    }
}

impl Form {
    /// An unfilled copy of a definition, in a file of the package.
    pub fn empty(def: Arc<FormDef>, file: u16) -> Form {
        let values = vec![None; def.fields.len()];
        let lists = vec![Vec::new(); def.lists.len()];
        Form {
            def,
            layout: None,
            title: None,
            annex: None,
            year: None,
            money_unit: None,
            values,
            lists,
            heads: Vec::new(),
            file,
            tables: Vec::new(),
            ordinal: 1,
        }
    }

    /// "baseline", "department", "project" …
    pub fn kind(&self) -> &str {
        &self.def.id
    }

    /// The cell of a path: `None` when the form has no such cell; blank cells are `Some`.
    pub fn get(&self, path: &str) -> Option<&Stated> {
        self.at(self.def.slot(path)?)
    }

    /// The cell of a slot.
    pub fn at(&self, slot: Slot) -> Option<&Stated> {
        self.values.get(slot as usize)?.as_ref()
    }

    /// The number printed in a cell, as printed (a rate of 98.56% gives 98.56).
    pub fn number(&self, path: &str) -> Option<Decimal> {
        self.get(path)?.number()
    }

    /// The amount in 万元.
    pub fn amount(&self, path: &str) -> Option<Decimal> {
        self.get(path)?.number_in(&Unit::wan_yuan())
    }

    /// The text of a cell that is neither blank nor 不适用.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path)
            .filter(|s| s.value.is_present())
            .map(|s| s.text.as_str())
    }

    /// The rows of a list; empty when the form has no such list.
    pub fn rows(&self, list: &str) -> &[Row] {
        self.def
            .list(list)
            .map_or(&[], |(i, _)| self.lists[i].as_slice())
    }

    /// A value of a row.
    pub fn cell<'a>(&self, list: &str, row: &'a Row, column: &str) -> Option<&'a Stated> {
        let (_, def) = self.def.list(list)?;
        row.values.get(def.slot(column)? as usize)?.as_ref()
    }

    /// The indicators, each as a view with named columns.
    pub fn indicators(&self) -> impl Iterator<Item = Indicator<'_>> {
        self.rows("indicators")
            .iter()
            .enumerate()
            .map(move |(number, row)| Indicator {
                form: self,
                row,
                number,
            })
    }

    /// The project's name, for project forms.
    pub fn project_name(&self) -> Option<&Stated> {
        self.get("project_name").filter(|s| s.value.is_present())
    }

    /// The date at the foot of the form.
    pub fn filled_on(&self) -> Option<Date> {
        match self.get("filled_on")?.value.kind {
            crate::value::ValueKind::Date(d) => Some(d),
            _ => None,
        }
    }
}

/// A row of the list of indicators (绩效指标) with its columns by name.
#[derive(Clone, Copy, Debug)]
pub struct Indicator<'a> {
    /// The form it stands in.
    pub form: &'a Form,
    /// Its row.
    pub row: &'a Row,
    /// Its number in the form, from 0.
    pub number: usize,
}

impl<'a> Indicator<'a> {
    /// The cell of a column of [`INDICATOR_COLUMNS`].
    #[inline]
    fn get(&self, column: usize) -> Option<&'a Stated> {
        let (_, slots) = self.form.def.indicator_columns()?;
        let slot = (*slots.get(column)?)?;
        self.row.values.get(slot as usize)?.as_ref()
    }

    /// 一级指标.
    pub fn dimension(&self) -> Option<&'a Stated> {
        self.get(0)
    }

    /// 二级指标.
    pub fn criterion(&self) -> Option<&'a Stated> {
        self.get(1)
    }

    /// 三级指标.
    pub fn name(&self) -> Option<&'a Stated> {
        self.get(2)
    }

    /// 年度指标值.
    pub fn target(&self) -> Option<&'a Stated> {
        self.get(3)
    }

    /// 实际完成值.
    pub fn actual(&self) -> Option<&'a Stated> {
        self.get(4)
    }

    /// 分值.
    pub fn points(&self) -> Option<&'a Stated> {
        self.get(5)
    }

    /// 得分.
    pub fn score(&self) -> Option<&'a Stated> {
        self.get(6)
    }

    /// 偏差原因分析及改进措施.
    pub fn reason(&self) -> Option<&'a Stated> {
        self.get(7)
    }

    /// The row stands for no indicator: its name is blank, "无", "—", "……" or an empty "指标1：",
    /// or several of these one after the other ("指标1：\n指标2：\n……").
    pub fn is_filler(&self) -> bool {
        let Some(s) = self.name() else { return true };
        !s.value.is_present() || s.text == "无" || is_left_as_printed(&s.text)
    }
}

impl Indicator<'_> {
    /// The name is only what the blank form prints: dots, or "指标2：" with nothing behind it.
    pub fn is_left_as_printed(&self) -> bool {
        self.name()
            .is_some_and(|s| s.value.is_present() && is_left_as_printed(&s.text))
    }
}

/// Is a text only dots and numbered labels with nothing behind them ("指标1：", "指标2：……")?
fn is_left_as_printed(text: &str) -> bool {
    let mut rest = text;
    loop {
        // Nearly all names begin with a Chinese character.
        if matches!(rest.as_bytes().first(), Some(0xe5..=0xe9)) && !rest.starts_with("指标") {
            return false;
        }
        rest = rest.trim_start_matches(|c: char| {
            crate::label::is_blank(c) || matches!(c, '…' | '.' | '．' | '·' | '⋯' | ':' | '：')
        });
        if rest.is_empty() {
            return true;
        }
        let Some(number) = rest.strip_prefix("指标") else {
            return false;
        };
        let after = number.trim_start_matches(|c: char| {
            crate::label::half_width(c).is_ascii_digit() || "一二三四五六七八九十".contains(c)
        });
        if after.len() == number.len() {
            return false;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_placeholders_are_told_from_names() {
        for text in [
            "……",
            "指标1：",
            "指标1:\n指标2:\n......",
            "指标一",
            "指标2：……",
            ".",
        ] {
            assert!(is_left_as_printed(text), "{text}");
        }
        for text in ["指标1：采购册数", "指标覆盖率", "培训12期", "指标"] {
            assert!(!is_left_as_printed(text), "{text}");
        }
    }
}
