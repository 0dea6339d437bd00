//! The half-filled forms of a new year come in; the bytes of the workbook in which the clerk goes on writing go out.
//!
//! The sheets of the forms and of the report are those of the official package, to be filled in
//! ([`official::to_fill_in`]); before them stands a sheet that says how the workbook is used, behind
//! them the library's indicators to choose from.

mod library;
mod styles;

use crate::official::{self, ByHand, Filling, Note, PartKind, ReportText};
use jiheng_model::Filing;
use jiheng_model::form::Slot;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// What the workbook is made of.
#[derive(Clone, Debug, Default)]
pub struct Beginning<'a> {
    /// The forms.
    pub filing: Option<&'a Filing>,
    /// Notes on their cells.
    pub notes: Vec<Remark>,
    /// Cells whose formula of the layout does not hold under the rules of this place.
    pub by_hand: ByHand,
    /// What the library offers.
    pub offers: Vec<Offer>,
    /// The lines of the first sheet.
    pub guide: Vec<String>,
    /// The report: its headings, and under each a paragraph to write.
    pub report: Option<ReportText>,
    /// Notes on the report's paragraphs, in their order.
    pub report_notes: Vec<String>,
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
/// The name of the first sheet.
pub const GUIDE: &str = "填报说明";
/// The cells for which the library offers names.
const NAMED: &str = "indicators.name";

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
    if let Some(filing) = beginning.filing {
        let report = beginning.report.as_ref();
        let official = official::to_fill_in(filing, report, &beginning.by_hand);
        let filling = filling(beginning, filing, &official);
        official::sheets(&mut book, &official, Some(&filling))?;
    }
    if !beginning.offers.is_empty() {
        library::write(book.add_worksheet(), &beginning.offers, &styles)?;
    }
    book.save_to_buffer()
}

/// Notes and offers at the parts and paths of the package.
fn filling(beginning: &Beginning<'_>, filing: &Filing, official: &official::Official) -> Filling {
    let mut filling = Filling::default();
    let ranges = library::ranges(&beginning.offers);
    for (part, printed) in official.parts.iter().enumerate() {
        let form = match printed.kind {
            PartKind::Form(_, index) => index,
            PartKind::Report => {
                let notes = beginning.report_notes.iter().enumerate();
                filling.notes.extend(notes.map(|(row, text)| Note {
                    part,
                    path: String::new(),
                    row: Some(row),
                    text: text.clone(),
                }));
                continue;
            }
            PartKind::Cover => continue,
        };
        let Some(of_form) = filing.forms.get(form) else {
            continue;
        };
        let remarks = beginning.notes.iter().filter(|n| n.form == form);
        filling.notes.extend(remarks.filter_map(|remark| {
            let (path, row) = match (remark.field, remark.cell) {
                (Some(slot), _) => (of_form.def.fields.get(slot as usize)?.path.clone(), None),
                (_, Some((list, row, slot))) => {
                    let list = of_form.def.lists.get(list)?;
                    let column = list.columns.get(slot as usize)?;
                    (format!("{}.{}", list.key, column.path), Some(row))
                }
                _ => return None,
            };
            let text = remark.text.clone();
            Some(Note {
                part,
                path,
                row,
                text,
            })
        }));
        if let Some(range) = of_form.project_name().and_then(|p| ranges.get(&p.text)) {
            let at = (part, NAMED.to_string());
            filling.offers.insert(at, range.clone());
        }
    }
    filling
}
