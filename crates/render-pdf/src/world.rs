//! The template, the data and the faces come in; what typst asks for while it sets pages goes out, and nothing else: no file, no package, no clock.

use crate::fonts::Fonts;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The only files there are.
pub struct Closed {
    library: LazyHash<Library>,
    fonts: Fonts,
    main: Source,
    data: FileId,
    bytes: Bytes,
}

impl Closed {
    /// A template that reads `data.json`.
    pub fn new(fonts: Fonts, template: &str, data: Vec<u8>) -> Option<Closed> {
        let file = |name: &str| {
            let path = VirtualPath::new(name).ok()?;
            Some(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
        };
        Some(Closed {
            library: LazyHash::new(Library::default()),
            fonts,
            main: Source::new(file("official.typ")?, template.to_string()),
            data: file("data.json")?,
            bytes: Bytes::new(data),
        })
    }
}

impl World for Closed {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data {
            return Ok(self.bytes.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.face(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
