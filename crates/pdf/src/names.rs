//! The name of a glyph or a byte of a simple encoding comes in; its character goes out.

/// Characters of WinAnsiEncoding from 0x80 to 0x9f.
const WIN: [char; 32] = [
    '€', '•', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '•', 'Ž', '•', '•', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '•', 'ž', 'Ÿ',
];
/// Characters of MacRomanEncoding from 0x80 on.
const MAC: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»… ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// A simple font's encoding where its dictionary lists no other names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    Win,
    Mac,
    /// The font's own; Latin letters and digits are where everyone has them.
    Own,
}

/// The character of a code in a base encoding.
pub(crate) fn base(base: Base, code: u8) -> Option<char> {
    match (base, code) {
        (_, 0x20..=0x7e) => Some(code as char),
        (Base::Win | Base::Own, 0x80..=0x9f) => WIN.get(code as usize - 0x80).copied(),
        (Base::Win | Base::Own, 0xa0..) => Some(code as char),
        (Base::Mac, 0x80..) => MAC.chars().nth(code as usize - 0x80),
        _ => None,
    }
}

/// Names that are not the character itself, `uniXXXX` or `uXXXXX`.
const NAMES: [(&str, char); 92] = [
    ("space", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("dollar", '$'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("quotesingle", '\''),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("minus", '−'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("bracketleft", '['),
    ("backslash", '\\'),
    ("bracketright", ']'),
    ("asciicircum", '^'),
    ("underscore", '_'),
    ("grave", '`'),
    ("braceleft", '{'),
    ("bar", '|'),
    ("braceright", '}'),
    ("asciitilde", '~'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quotesinglbase", '‚'),
    ("quotedblbase", '„'),
    ("endash", '–'),
    ("emdash", '—'),
    ("ellipsis", '…'),
    ("bullet", '•'),
    ("periodcentered", '·'),
    ("middot", '·'),
    ("multiply", '×'),
    ("divide", '÷'),
    ("plusminus", '±'),
    ("degree", '°'),
    ("section", '§'),
    ("paragraph", '¶'),
    ("copyright", '©'),
    ("registered", '®'),
    ("trademark", '™'),
    ("yen", '¥'),
    ("sterling", '£'),
    ("Euro", '€'),
    ("cent", '¢'),
    ("lessequal", '≤'),
    ("greaterequal", '≥'),
    ("notequal", '≠'),
    ("approxequal", '≈'),
    ("infinity", '∞'),
    ("radical", '√'),
    ("summation", '∑'),
    ("perthousand", '‰'),
    ("guillemotleft", '«'),
    ("guillemotright", '»'),
    ("mu", 'µ'),
    ("onesuperior", '¹'),
    ("twosuperior", '²'),
    ("threesuperior", '³'),
    ("onehalf", '½'),
    ("onequarter", '¼'),
    ("fi", 'ﬁ'),
    ("fl", 'ﬂ'),
    ("nbspace", ' '),
    ("nonbreakingspace", ' '),
    ("sfthyphen", '-'),
    ("dagger", '†'),
    ("fraction", '⁄'),
];

/// The character a glyph's name stands for.
pub(crate) fn named(name: &str) -> Option<char> {
    let name = name.split('.').next().filter(|n| !n.is_empty())?;
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(c);
    }
    if let Some((_, c)) = NAMES.iter().find(|(n, _)| *n == name) {
        return Some(*c);
    }
    let hex = name
        .strip_prefix("uni")
        .and_then(|h| h.get(..4))
        .or_else(|| name.strip_prefix('u').filter(|h| h.len() >= 4))?;
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_become_characters() {
        assert_eq!(named("A"), Some('A'));
        assert_eq!(named("five.tf"), Some('5'));
        assert_eq!(named("uni4E2D"), Some('中'));
        assert_eq!(named("u20BB7"), Some('𠮷'));
        assert_eq!(named("g123"), None);
        assert_eq!(base(Base::Win, 0x93), Some('“'));
        assert_eq!(base(Base::Mac, 0xd2), Some('“'));
        assert_eq!(base(Base::Mac, 0xff), Some('ˇ'));
    }
}
