//! Nothing comes in; identifiers that cannot be guessed go out, for everything that stands in an address.

use serde::{Deserialize, Serialize};
use std::fmt;

/// 128 random bits as 26 small letters and digits.
pub fn random() -> String {
    let mut bytes = [0u8; 16];
    fill(&mut bytes);
    base32(&bytes)
}

/// A secret of 256 random bits, as 52 small letters and digits.
pub fn secret() -> String {
    let mut bytes = [0u8; 32];
    fill(&mut bytes);
    base32(&bytes)
}

/// Fills bytes from the system's generator.
pub(crate) fn fill(bytes: &mut [u8]) {
    // A server without random numbers must not hand out identifiers or sessions at all.
    getrandom::fill(bytes).expect("the system gives random numbers");
}

/// RFC 4648 letters in lower case, without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(LETTERS[(held >> bits) as usize & 31] as char);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(LETTERS[(held << (5 - bits)) as usize & 31] as char);
    }
    text
}

/// The bytes of a text in RFC 4648 letters of either case; `None` where another character stands.
pub(crate) fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for c in text.bytes().filter(|c| !matches!(c, b'=' | b' ')) {
        let value = match c.to_ascii_lowercase() {
            c @ b'a'..=b'z' => c - b'a',
            c @ b'2'..=b'7' => c - b'2' + 26,
            _ => return None,
        };
        held = (held << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        ///
        /// Any text may be read as one: what was never given out opens nothing, like what lies outside one's scope.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new one.
            pub fn random() -> $name {
                $name(random())
            }

            /// Its letters.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                $name(text.to_string())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&$name> for super::sql::Value {
            fn from(id: &$name) -> super::sql::Value {
                super::sql::Value::from(id.as_str())
            }
        }
    )*};
}

ids! {
    /// A place in the organisation (单位).
    UnitId,
    /// A person (人员).
    PersonId,
    /// A year's task (年度自评布置).
    CampaignId,
    /// A unit's material for one campaign (填报材料).
    FilingId,
    /// One form of a filing (表).
    SheetId,
    /// A remark on a cell (批注).
    RemarkId,
    /// A supporting file (佐证).
    EvidenceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "my"),
            ("fo", "mzxq"),
            ("foo", "mzxw6"),
            ("foob", "mzxw6yq"),
            ("fooba", "mzxw6ytb"),
            ("foobar", "mzxw6ytboi"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
            assert_eq!(
                from_base32(&text.to_uppercase()),
                Some(bytes.as_bytes().to_vec())
            );
        }
        assert_eq!(from_base32("0"), None);
        assert_eq!(random().len(), 26);
        assert_eq!(secret().len(), 52);
        assert_ne!(random(), random());
    }
}
