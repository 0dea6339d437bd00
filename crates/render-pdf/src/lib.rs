//! An official package (`Official`) comes in; the pages of a PDF in the manner of GB/T 9704-2012 go out.
//!
//! typst sets the pages: the text enters as data, never as markup, and nothing but the template can be read.

mod data;
mod fonts;
mod world;

pub use fonts::{Fonts, Role};

use jiheng_render::official::Official;
use std::sync::atomic::{AtomicUsize, Ordering};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// How many documents are set before what typst remembers of them is dropped: memory stays flat.
const REMEMBERED: usize = 10;

/// Prints packages with the faces at hand.
#[derive(Debug)]
pub struct Press {
    fonts: Fonts,
    printed: AtomicUsize,
}

/// A printed package.
#[derive(Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its number of pages.
    pub pages: usize,
    /// Characters that no face has: "〓" stands in their places.
    pub missing: Vec<char>,
}

impl Press {
    /// A press with these faces.
    pub fn new(fonts: Fonts) -> Press {
        Press {
            fonts,
            printed: AtomicUsize::new(0),
        }
    }

    /// Its faces.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// Sets a package; the same package and faces give the same bytes.
    ///
    /// # Errors
    /// A Chinese sentence when the pages cannot be set; no package of this program is known to cause it.
    pub fn print(&self, official: &Official) -> Result<Pdf, String> {
        let pdf = self.compose(official)?.set();
        if self.printed.fetch_add(1, Ordering::Relaxed) % REMEMBERED == REMEMBERED - 1 {
            forget();
        }
        pdf
    }

    /// Makes a package ready for typst, which has all the rest to do.
    ///
    /// # Errors
    /// As [`Press::print`].
    pub fn compose(&self, official: &Official) -> Result<Composition, String> {
        let (data, missing) = data::of(official, &self.fonts);
        let world = world::Closed::new(self.fonts.clone(), include_str!("official.typ"), data)
            .ok_or("排版的样式没有装入")?;
        Ok(Composition { world, missing })
    }
}

/// What typst is given to set.
pub struct Composition {
    world: world::Closed,
    missing: Vec<char>,
}

impl Composition {
    /// Sets the pages: typst's own work.
    ///
    /// # Errors
    /// As [`Press::print`].
    pub fn set(self) -> Result<Pdf, String> {
        let said = |errors: &[typst::diag::SourceDiagnostic]| {
            let first = errors.first().map_or("", |e| e.message.as_str());
            format!("PDF 没有排出来：{first}。请改用 --to docx，并把材料寄给我们")
        };
        let document: PagedDocument = typst::compile(&self.world).output.map_err(|e| said(&e))?;
        let options = PdfOptions {
            ident: Smart::Custom("jiheng".into()),
            creator: Smart::Custom(Some(concat!("绩衡 ", env!("CARGO_PKG_VERSION")).into())),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|e| said(&e))?;
        Ok(Pdf {
            bytes,
            pages: document.pages().len(),
            missing: self.missing,
        })
    }
}

impl std::fmt::Debug for Composition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Composition");
        debug
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

/// Drops what typst remembers of earlier documents.
pub fn forget() {
    typst::comemo::evict(0);
}
