//! The half-filled forms of a new year come in; the bytes of the workbook in which the clerk goes on writing go out.
//!
//! One sheet for each form in the rulebook's order, cells to fill coloured and unlocked, sums and
//! rates as locked formulas with their results stored, notes on cells, checks on what is typed, the
//! library's indicators to choose from, and a first sheet that says how it is used.

pub mod formula;
mod library;
mod sheet;
mod styles;

use jiheng_model::Filing;
use jiheng_model::form::Slot;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::collections::BTreeMap;

/// What the workbook is made of.
#[derive(Clone, Debug, Default)]
pub struct Beginning<'a> {
    /// The forms.
    pub filing: Option<&'a Filing>,
    /// Notes on their cells.
    pub notes: Vec<Remark>,
    /// The blocks of each form's sheet, in order: "单行 unit_name", "并排 a b", "方格", "清单 indicators", "表尾 a b".
    pub blocks: BTreeMap<String, Vec<String>>,
    /// The computed cells of each form: "path = formula" with other cells as {path} or {list.*.column}.
    pub formulas: BTreeMap<String, Vec<String>>,
    /// What the library offers.
    pub offers: Vec<Offer>,
    /// The lines of the first sheet.
    pub guide: Vec<String>,
    /// The lines of the report's sheet.
    pub report: Vec<Line>,
}

/// A line of the report's sheet.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// A heading, or what is known of the text below it.
    pub text: String,
    /// The clerk writes here.
    pub open: bool,
    /// A note for the clerk.
    pub note: Option<String>,
}

/// A note on a cell.
#[derive(Clone, Debug)]
pub struct Remark {
    /// Index of the form.
    pub form: usize,
    /// The field, for a cell outside lists.
    pub field: Option<Slot>,
    /// List, row and column, for a cell of a list.
    pub cell: Option<(usize, usize, Slot)>,
    /// The words.
    pub text: String,
}

/// An indicator of the library.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// The kind of project.
    pub kind: String,
    /// The projects it is offered for.
    pub projects: Vec<String>,
    /// 一级指标, 二级指标, 三级指标, 指标值 as it is written, 取数办法, 佐证材料.
    pub cells: [String; 6],
}

/// The name of the sheet of the library.
pub const LIBRARY: &str = "指标库";
/// The name of the report's sheet.
pub const REPORT: &str = "自评报告";
/// The name of the first sheet.
pub const GUIDE: &str = "填报说明";

/// The workbook.
///
/// # Errors
/// When the writer refuses a name or a value.
pub fn workbook(beginning: &Beginning<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same forms give the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let styles = styles::Styles::new();
    library::guide(book.add_worksheet(), &beginning.guide, &styles)?;
    let forms = beginning.filing.map_or(&[][..], |f| f.forms.as_slice());
    let mut names = Vec::new();
    let ranges = library::ranges(&beginning.offers);
    for (number, form) in forms.iter().enumerate() {
        let name = sheet::name(form, &names);
        names.push(name.clone());
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        sheet::write(sheet, beginning, number, form, &ranges, &styles)?;
    }
    if !beginning.report.is_empty() {
        library::report(book.add_worksheet(), &beginning.report, &styles)?;
    }
    if !beginning.offers.is_empty() {
        library::write(book.add_worksheet(), &beginning.offers, &styles)?;
    }
    book.save_to_buffer()
}
