//! Files for readers that are not ours come in; their documents go out, read where the program has chosen.
//!
//! Such a reader may loop, overflow the stack or eat the memory. A program therefore sets a place
//! where it runs, once, before the first file: worker processes, or this process for those who
//! choose so. Without a choice such files are named and not read.

use super::unread;
use jiheng_model::{Document, Format};
use jiheng_office::Budget;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Formats whose reader is not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// PDF.
    Pdf,
}

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No place for such readers was chosen, or none can be started.
    NoReader,
    /// The file made no sense to the reader.
    Broken,
    /// Memory or processor time ran out.
    Died,
    /// It took too long by the clock.
    TooLong,
}

/// A place where readers run that are not ours.
pub trait ForeignReader: Send + Sync {
    /// Reads one file; may be called from several threads.
    ///
    /// # Errors
    /// When the file was not read, and why.
    fn read(
        &self,
        kind: Kind,
        name: &str,
        bytes: &[u8],
        budget: &Budget,
    ) -> Result<Document, Failure>;
}

static PLACE: OnceLock<Box<dyn ForeignReader>> = OnceLock::new();

/// Chooses the place, once; later choices change nothing and give `false`.
pub fn choose(place: Box<dyn ForeignReader>) -> bool {
    PLACE.set(place).is_ok()
}

/// Reads in this process, without limits: for tests, and for programs that are bounded from outside.
#[derive(Clone, Copy, Debug)]
pub struct InProcess;

impl ForeignReader for InProcess {
    fn read(
        &self,
        kind: Kind,
        name: &str,
        bytes: &[u8],
        budget: &Budget,
    ) -> Result<Document, Failure> {
        Ok(read_here(kind, name, bytes, budget))
    }
}

/// Reads a file in this process; what a worker does.
pub fn read_here(kind: Kind, name: &str, bytes: &[u8], budget: &Budget) -> Document {
    match kind {
        Kind::Pdf => super::pdf::read(name, bytes, budget),
    }
}

/// Reads a file in the chosen place; what comes from there is checked before it is believed.
pub(super) fn read(kind: Kind, name: &str, bytes: &[u8], budget: &Budget) -> Document {
    let read = match PLACE.get() {
        Some(place) => place.read(kind, name, bytes, budget),
        // Tests of this crate read where they are.
        None if cfg!(test) => InProcess.read(kind, name, bytes, budget),
        None => Err(Failure::NoReader),
    };
    let failure = match read {
        Ok(document) if document.is_sound() => return document,
        Ok(_) => Failure::Broken,
        Err(failure) => failure,
    };
    let mut document = unread(
        name,
        match failure {
            Failure::NoReader => {
                "是 PDF，读它的程序没有启动，没有读。请放入 Word 或 Excel 原件，再核对。"
            }
            Failure::Broken => "的内容已损坏。打开另存一份，或放入 Word、Excel 原件，再核对。",
            Failure::Died => "展开后太大，没有读。拆成几个文件，或放入 Word、Excel 原件，再核对。",
            Failure::TooLong => "读得太久，停下了。拆成几个文件，或放入 Word、Excel 原件，再核对。",
        },
    );
    document.format = match kind {
        Kind::Pdf => Format::Pdf,
    };
    document
}
