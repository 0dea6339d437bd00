//! What was done comes in; rows of a hash chain that anyone can check go out.
//!
//! A row names people by pseudonym only. Its hash covers the row before it and every field of its own, so that a row
//! cannot be changed, taken out or put in without breaking all that follow.

mod chain;
mod root;
mod verify;

pub(crate) use chain::{Head, Trace};
pub use chain::{Row, canonical, row_hash};
pub use root::{DayRoot, Signer};
pub use verify::{Broken, Report, verify};

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The hash before the first row.
pub const ZERO: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 of bytes as 64 hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as small hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of an even number of hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok())
        .collect()
}
