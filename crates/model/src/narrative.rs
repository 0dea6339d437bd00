//! The report (报告正文): its sections and the facts in its sentences, each with its place.
//!
//! Prose is data: amounts, counts, rates and shares are checked like cells.

use crate::document::Document;
use crate::origin::Origin;
use crate::unit::Unit;
use crate::value::{Date, Stated};
use rust_decimal::Decimal;
use serde::Serialize;

/// The report of a package.
#[derive(Clone, Debug, Default)]
pub struct Narrative {
    /// File of the package it stands in, from 0.
    pub file: u16,
    /// The table of the sheet it stands in, when the file is a workbook; "paragraph" then means a row of this sheet.
    pub sheet: Option<u32>,
    /// Title lines ("2023年度…整体支出绩效自评报告").
    pub title: Option<Stated>,
    /// The unit the cover names, if any.
    pub unit_name: Option<Stated>,
    /// The date on the cover or at the end.
    pub dated: Option<(Date, Origin)>,
    /// Fiscal year of the title.
    pub year: Option<i16>,
    /// Sections in order, all levels.
    pub sections: Vec<Section>,
    /// Facts in order of appearance.
    pub facts: Vec<Fact>,
    /// The items of the annex list at the end.
    pub annexes: Vec<Annex>,
    /// Paragraph numbers [first, last] that belong to the report; `None` when the package has no report.
    pub span: Option<(u32, u32)>,
}

/// A section or numbered heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// The printed number with its punctuation ("二、", "（2）", "3、"); empty when there is none.
    pub mark: String,
    /// The number it stands for.
    pub ordinal: Option<u32>,
    /// The kind of number: chinese "一、", chinese in brackets "（一）", arabic "1、", arabic in brackets "（1）", circled "①".
    pub style: MarkStyle,
    /// The title without number and final punctuation.
    pub title: String,
    /// 1 for "一、", 2 for "（一）", 3 for "1." … after repairing wrong numbers.
    pub level: u8,
    /// Its paragraph, from 1.
    pub paragraph: u32,
    /// The key of the rulebook's outline it answers ("problems", "measures"), if any.
    pub key: Option<String>,
    /// Last paragraph that belongs to it, subsections included.
    pub last: u32,
}

/// How a heading is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkStyle {
    /// 一、
    Chinese,
    /// （一）
    ChineseBracketed,
    /// 1、 or 1.
    Arabic,
    /// （1）
    ArabicBracketed,
    /// ①
    Circled,
    /// No number.
    None,
}

/// A number in a sentence and what it is said of.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The words it is said of, as printed ("商品和服务支出").
    pub label: String,
    /// The item those words name in the rulebook's dictionary of terms ("econ.302"), if known.
    pub item: Option<String>,
    /// The number, as printed and in the printed unit.
    pub value: Decimal,
    /// Its unit.
    pub unit: Option<Unit>,
    /// The fiscal year it is of, when the sentence or section says so.
    pub period: Option<i16>,
    /// The printed words of number and unit ("1117.90万元").
    pub text: String,
    /// Where exactly these words stand (paragraph and characters).
    pub origin: Origin,
    /// What the number says.
    pub role: FactRole,
    /// Index of the fact it is a part of ("其中：…", a list after a total) or a share of.
    pub of: Option<usize>,
    /// Index in `sections` of the innermost section it stands in.
    pub section: Option<usize>,
    /// Number of its sentence within the report; facts of one sentence share it.
    pub sentence: u32,
}

/// What a number in prose says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactRole {
    /// An amount of money.
    Amount,
    /// A count of persons or things, or another quantity.
    Count,
    /// A share of another fact ("占基本支出57.63%").
    Share,
    /// A rate (执行率, 控制率, 满意度).
    Rate,
    /// A growth or decrease against an earlier value ("比上年减少1.41万元，下降3.05%").
    Change,
    /// A score in 分.
    Score,
    /// A grade (优秀); its value is 0 and its text the grade.
    Grade,
}

/// An item of the annex list.
#[derive(Clone, Debug)]
pub struct Annex {
    /// Its number in the list.
    pub ordinal: Option<u32>,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub origin: Origin,
}

impl Narrative {
    /// The text of a line of the report: a paragraph, or in a workbook a row of the report's sheet.
    pub fn line<'d>(&self, documents: &'d [Document], number: u32) -> &'d str {
        let Some(document) = documents.get(self.file as usize) else {
            return "";
        };
        match self.sheet {
            Some(table) => document
                .table(table)
                .and_then(|t| t.at(number, 1))
                .map_or("", |cell| document.cell_text(cell)),
            None => document.paragraph_text(number),
        }
    }

    /// The section that answers a key of the outline.
    pub fn section(&self, key: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.key.as_deref() == Some(key))
    }

    /// Facts of an item of the dictionary, in order.
    pub fn facts_of<'a>(&'a self, item: &'a str) -> impl Iterator<Item = (usize, &'a Fact)> {
        self.facts
            .iter()
            .enumerate()
            .filter(move |(_, f)| f.item.as_deref() == Some(item))
    }

    /// The package has a report.
    pub fn exists(&self) -> bool {
        self.span.is_some()
    }
}

impl Fact {
    /// The amount in 万元.
    pub fn amount(&self) -> Option<Decimal> {
        match &self.unit {
            Some(unit) => unit.convert(self.value, &Unit::wan_yuan()),
            None => None,
        }
    }
}
