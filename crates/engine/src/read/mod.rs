//! Bytes of a package come in; one `Document` per readable file goes out, with notices for the rest.

use jiheng_model::Document;

/// The files of a package in memory, with the names the user knows them by.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Files in the order in which they are read.
    pub files: Vec<SourceFile>,
}

/// One file of a package.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Name as shown to the user.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reads every file of a package. Never fails: what cannot be read is a notice in its document.
pub fn read(_package: &Package) -> Vec<Document> {
    Vec::new()
}
