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

impl Default for Budget {
    fn default() -> Self {
        Budget {
            part_bytes: 96 << 20,
            total_bytes: 160 << 20,
            parts: 20_000,
            depth: 16,
            places: 4 << 20,
        }
    }
}
