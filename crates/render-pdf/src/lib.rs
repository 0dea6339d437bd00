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
        let (data, missing) = data::of(official, &self.fonts);
        let world = world::Closed::new(self.fonts.clone(), include_str!("official.typ"), data)
            .ok_or("排版的样式没有装入")?;
        let said = |errors: &[typst::diag::SourceDiagnostic]| {
            let first = errors.first().map_or("", |e| e.message.as_str());
            format!("PDF 没有排出来：{first}。请改用 --to docx，并把材料寄给我们")
        };
        let document: PagedDocument = typst::compile(&world).output.map_err(|e| said(&e))?;
        let options = PdfOptions {
            ident: Smart::Custom("jiheng".into()),
            creator: Smart::Custom(Some(concat!("绩衡 ", env!("CARGO_PKG_VERSION")).into())),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|e| said(&e))?;
        if self.printed.fetch_add(1, Ordering::Relaxed) % REMEMBERED == REMEMBERED - 1 {
            typst::comemo::evict(0);
        }
        Ok(Pdf {
            bytes,
            pages: document.pages().len(),
            missing,
        })
    }
}
