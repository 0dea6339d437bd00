//! A character of a symbol font comes in; the character of Unicode that looks like it goes out.

/// Boxes and ticks are what forms use; what is not known is a box.
pub(super) fn shown(wingdings: bool, code: u32) -> char {
    match (wingdings, code & 0xff) {
        (true, 0xfc) => '✓',
        (true, 0xfb) => '✗',
        (true, 0xfe | 0x52) => '☑',
        (true, 0xfd) => '☒',
        (true, 0xa8 | 0x6f | 0x71 | 0x72 | 0xa3 | 0x30..=0x39) => '□',
        (true, 0x6c) => '●',
        (true, 0x6e) => '■',
        (false, 0xb3) if code >= 0xf000 => '≥',
        (false, 0xa3) if code >= 0xf000 => '≤',
        (false, 0xb1) if code >= 0xf000 => '±',
        (false, 0xb4) if code >= 0xf000 => '×',
        _ => match char::from_u32(code) {
            Some(c) if !(0xe000..=0xf8ff).contains(&code) => c,
            _ => '□',
        },
    }
}
