//! Bytes and an offset come in; the little-endian number that stands there goes out, if one does.

/// The byte at an offset.
pub fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// The unsigned number of two bytes at an offset.
pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(
        bytes.get(at..at.checked_add(2)?)?.try_into().ok()?,
    ))
}

/// The signed number of two bytes at an offset.
pub fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    u16_at(bytes, at).map(|n| n as i16)
}

/// The unsigned number of four bytes at an offset.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(
        bytes.get(at..at.checked_add(4)?)?.try_into().ok()?,
    ))
}

/// The UTF-16 text of `units` units at an offset.
pub fn utf16_at(bytes: &[u8], at: usize, units: usize) -> Option<String> {
    let end = at.checked_add(units.checked_mul(2)?)?;
    let units: Vec<u16> = bytes
        .get(at..end)?
        .chunks_exact(2)
        .map(|c| u16::from_le_bytes([c[0], c[1]]))
        .collect();
    Some(String::from_utf16_lossy(&units))
}
