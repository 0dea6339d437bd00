//! Bytes of a PDF come in; a `Document` with its tables by their ruling lines and the pages of everything goes out.

use jiheng_model::Document;
use jiheng_office::Budget;

/// Reads a PDF with a text layer; what has none is named.
#[cfg(feature = "pdf")]
pub(super) fn read(name: &str, bytes: &[u8], budget: &Budget) -> Document {
    layer::read(name, bytes, budget)
}

/// Names a PDF: this program was built without its reader.
#[cfg(not(feature = "pdf"))]
pub(super) fn read(name: &str, _: &[u8], _: &Budget) -> Document {
    super::unread(
        name,
        "是 PDF，这个程序没有带读 PDF 的部分。请放入 Word 或 Excel 原件，再核对。",
    )
}

/// How the sentence about a PDF without text begins, behind the file's name.
const SCAN: &str = "是扫描件";

/// The document says that its pages are pictures.
pub(super) fn is_scan(document: &Document) -> bool {
    super::not_read(document)
        && document.notices.iter().any(|n| {
            let why = n.message.strip_prefix(document.name.as_str());
            why.is_some_and(|w| w.trim_start().starts_with(SCAN))
        })
}

#[cfg(feature = "pdf")]
mod layer {
    use super::super::{grid, unread};
    use super::{Budget, Document, SCAN};
    use jiheng_model::document::{Block, Paragraph};
    use jiheng_model::{Format, Notice, NoticeKind};
    use jiheng_pdf::{Content, Element, Grid, Limits, Refusal};
    use std::panic::{AssertUnwindSafe, catch_unwind};

    pub(super) fn read(name: &str, bytes: &[u8], budget: &Budget) -> Document {
        let usual = Limits::default();
        let limits = Limits {
            stream_bytes: usual.stream_bytes.min(budget.part_bytes),
            total_bytes: usual.total_bytes.min(budget.total_bytes),
            places: usual.places.min(budget.places),
            ..usual
        };
        // The parser below is not ours; should it stumble, the file is damaged and the others are read.
        let read = catch_unwind(AssertUnwindSafe(|| {
            jiheng_pdf::read(bytes.to_vec(), &limits)
        }));
        match read.unwrap_or(Err(Refusal::Broken)) {
            Ok(content) => document(name, content, budget),
            Err(why) => unread(name, sentence(why)),
        }
    }

    fn sentence(why: Refusal) -> String {
        match why {
            Refusal::Encrypted => {
                "设了打开密码。请放入不加密的 PDF，或 Word、Excel 原件，再核对。".into()
            }
            Refusal::Broken => "是 PDF，但已损坏，打不开。请重新导出或下载，再核对。".into(),
            Refusal::NoText { pages } => format!(
                "{SCAN}，{pages} 页都是图片，没有文字可读。请放入 Word、Excel 原件或带文字的 PDF，再核对。"
            ),
        }
    }

    fn document(name: &str, content: Content, budget: &Budget) -> Document {
        let mut document = Document::empty(name, Format::Pdf);
        let mut places = budget.places;
        say(&mut document, &content);
        for element in content.elements {
            match element {
                Element::Paragraph { page, text } => {
                    let from = document.text.len() as u32;
                    document.text.push_str(&text);
                    let text = from..document.text.len() as u32;
                    document.paragraphs.push(Paragraph {
                        text,
                        numbering: 0,
                        level: None,
                        bytes: 0..0,
                    });
                    document.pages.paragraphs.push(page);
                    let number = document.paragraphs.len() as u32;
                    document.blocks.push(Block::Paragraph(number));
                }
                Element::Table(grid) => table(&mut document, grid, &mut places),
            }
        }
        document
    }

    fn table(document: &mut Document, grid: Grid, places: &mut usize) {
        let number = document.tables.len() as u32 + 1;
        let mut cells = Vec::with_capacity(grid.cells.len());
        for cell in &grid.cells {
            let from = document.text.len() as u32;
            document.text.push_str(&cell.text);
            cells.push(jiheng_model::Cell {
                text: from..document.text.len() as u32,
                ..grid::cell(cell.row, cell.col, cell.row_span, cell.col_span)
            });
        }
        match grid::table(number, cells, grid.rows, grid.cols, *places) {
            Some(table) => {
                *places -= table.grid.len();
                document.tables.push(table);
                document.pages.tables.push(grid.page);
                document.blocks.push(Block::Table(number));
            }
            None => document.notices.push(Notice {
                kind: NoticeKind::OverBudget,
                message: format!("第 {} 页的表太大，没有读。", grid.page),
                table: None,
            }),
        }
    }

    /// What the text layer lacks, in sentences.
    fn say(document: &mut Document, content: &Content) {
        let mut tell = |kind, message| {
            document.notices.push(Notice {
                kind,
                message,
                table: None,
            });
        };
        tell(
            NoticeKind::TextLayer,
            "PDF 里没有表格和段落的标记，表格按框线、段落按行的位置读出。".into(),
        );
        if content.over_limit {
            tell(
                NoticeKind::OverBudget,
                format!("PDF 有 {} 页，内容太多，后面的没有读。", content.pages),
            );
        }
        if content.unknown > 0 {
            tell(
                NoticeKind::Broken,
                format!(
                    "第 {} 页起有 {} 个字，文件里没有写是什么字，没有读到。请用 Word 原件核对。",
                    content.unknown_page, content.unknown
                ),
            );
        }
        if !content.pictures.is_empty() {
            tell(
                NoticeKind::Broken,
                format!(
                    "{}是图片，没有文字可读。请放入这几页的原件。",
                    pages(&content.pictures)
                ),
            );
        }
        if !content.invisible.is_empty() {
            tell(
                NoticeKind::Hidden,
                format!(
                    "{}是扫描的图片，文字是识别软件加上的，可能有错字。",
                    pages(&content.invisible)
                ),
            );
        }
    }

    /// "第 2、5 页", "第 2、5、7、8、9 等 12 页".
    fn pages(numbers: &[u32]) -> String {
        let shown: Vec<String> = numbers.iter().take(5).map(u32::to_string).collect();
        match numbers.len() > shown.len() {
            true => format!("第 {} 等 {} 页", shown.join("、"), numbers.len()),
            false => format!("第 {} 页", shown.join("、")),
        }
    }
}
