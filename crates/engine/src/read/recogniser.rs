//! Pictures and scanned pages come in; the text that an outside recogniser finds in them goes out as a document.
//!
//! The operator chooses the recogniser for the whole program, once, before the first file; no file
//! names it, and its output is material like any other text. Without a choice such files are named
//! and not read.

use super::{text, unread};
use jiheng_model::{Document, Notice, NoticeKind};
use jiheng_office::Budget;
use std::sync::OnceLock;

/// Most bytes of text that are taken of one file.
pub const MAX_TEXT: usize = 4 << 20;

/// Why a recogniser gave no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It does not start.
    NotStarted,
    /// It ended without success, or ran out of memory or processor time.
    Ended,
    /// It took too long by the clock.
    TooLong,
}

/// A program that turns pictures into text.
pub trait TextRecogniser: Send + Sync {
    /// The text in a picture or a PDF of pictures, at most [`MAX_TEXT`] bytes.
    ///
    /// # Errors
    /// When there is no text, and why.
    fn recognise(&self, bytes: &[u8]) -> Result<Vec<u8>, Failure>;
}

static RECOGNISER: OnceLock<Box<dyn TextRecogniser>> = OnceLock::new();

/// Chooses the recogniser, once; later choices change nothing and give `false`.
pub fn choose(recogniser: Box<dyn TextRecogniser>) -> bool {
    RECOGNISER.set(recogniser).is_ok()
}

/// The document of what the recogniser says; `None` when none was chosen.
pub(super) fn read(name: &str, bytes: &[u8], budget: &Budget) -> Option<Document> {
    let recogniser = RECOGNISER.get()?;
    Some(document(name, recogniser.recognise(bytes), budget))
}

fn document(name: &str, found: Result<Vec<u8>, Failure>, budget: &Budget) -> Document {
    let why = match found {
        Ok(found) => match text::decode(&found) {
            Some(text) if !text.trim().is_empty() => {
                let mut document = text::read(name, &text, budget);
                document.notices.push(Notice {
                    kind: NoticeKind::TextLayer,
                    message: format!(
                        "{name} 的字由外部的识别程序从图片上读出，可能认错。数字请对照原件。"
                    ),
                    table: None,
                });
                return document;
            }
            _ => "是图片，识别程序没有读出字。请放入 Word、Excel 原件，再核对。",
        },
        Err(Failure::NotStarted) => {
            "是图片，--ocr 指的识别程序没有启动，没有读。请检查它的路径和权限。"
        }
        Err(Failure::Ended) => {
            "是图片，识别程序没有做完就停了，没有读。请单独试一试它，或放宽 --ocr-limits。"
        }
        Err(Failure::TooLong) => {
            "是图片，识别程序用时太久，停下了，没有读。请放宽 --ocr-limits，或放入 Word、Excel 原件。"
        }
    };
    unread(name, why)
}

#[cfg(test)]
mod tests {
    use super::{Failure, document};
    use crate::read::{not_read, why_unreadable};
    use jiheng_model::NoticeKind;
    use jiheng_office::Budget;

    #[test]
    fn what_a_recogniser_says_is_text_with_a_warning_and_its_failures_are_sentences() {
        let budget = Budget::default();
        let read = document("扫描.jpg", Ok("一、概况\n支出100万元".into()), &budget);
        assert!(read.text.contains("支出100万元"));
        assert!(read.notices.iter().any(|n| n.kind == NoticeKind::TextLayer));
        for failure in [
            Ok(b" \n".to_vec()),
            Ok(vec![0xff, 0, 0xfe, 0, 1, 2]),
            Err(Failure::NotStarted),
            Err(Failure::Ended),
            Err(Failure::TooLong),
        ] {
            let unread = document("扫描.jpg", failure, &budget);
            assert!(not_read(&unread));
            assert_eq!(why_unreadable(&[unread]).len(), 1);
        }
    }
}
