//! Limits come in as plain numbers; every reader of this crate stops at them and says so.
//!
//! A budget bounds memory and time on hostile files. It counts bytes, not ratios: a form full of
//! spaces compresses a thousandfold and is still a form.

/// How much of a file may be unfolded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of one inflated part.
    pub part_bytes: usize,
    /// Bytes of all inflated parts of one package together.
    pub total_bytes: usize,
    /// Entries of a zip.
    pub parts: usize,
    /// Depth of tables in tables, of text boxes in text boxes.
    pub depth: usize,
    /// Places of all grids of one file together.
    pub places: usize,
}

impl Budget {
    /// Bytes of text of one file: what is found in a text takes many times its size.
    pub fn text_bytes(&self) -> usize {
        self.part_bytes / 6
    }
}

impl Default for Budget {
    fn default() -> Self {
        Budget {
            // Fifty thousand rows of a sheet are 20 MB; with the document made of it, twice this fits into 256 MB.
            part_bytes: 48 << 20,
            total_bytes: 96 << 20,
            parts: 20_000,
            depth: 16,
            // Checking takes about five microseconds a place: two seconds at most.
            places: 320_000,
        }
    }
}
