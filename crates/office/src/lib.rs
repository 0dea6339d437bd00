//! Office files come in as bytes under budgets; parts, tokens with byte offsets and rewritten packages go out.
//!
//! Knows nothing of money or of forms.

pub mod budget;
pub mod le;
pub mod merged;
pub mod ole;
pub mod parts;
pub mod rewrite;
pub mod splice;
pub mod workbook;
pub mod write;
pub mod xml;
pub mod zip;
mod zip_file;

pub use budget::Budget;
pub use ole::Ole;
pub use zip::{Inflater, Zip, ZipError};
pub use zip_file::ZipFile;
