//! A font's dictionary comes in; what its codes mean and how wide they are goes out. No glyph is looked at.

use crate::names::{self, Base};
use crate::streams::{number, unpack};
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use std::collections::HashMap;
use std::rc::Rc;

/// A font's own table from codes to characters is not larger than this.
const TABLE_LIMIT: usize = 4 << 20;
/// Widths listed beyond this many are left out.
const WIDTHS_LIMIT: usize = 70_000;

/// Predefined tables that were looked up, each parsed once however many fonts name it.
#[derive(Default)]
pub(crate) struct Tables(HashMap<Vec<u8>, Option<Rc<CMap>>>);

impl Tables {
    fn get(&mut self, name: &CMapName<'_>) -> Option<Rc<CMap>> {
        let key = name.to_bytes().to_vec();
        let parse = || load_embedded(*name).and_then(|d| CMap::parse(d, load_embedded));
        self.0
            .entry(key)
            .or_insert_with(|| parse().map(Rc::new))
            .clone()
    }
}

/// What is known of a font.
pub(crate) struct Font {
    kind: Kind,
    to_unicode: Option<CMap>,
    /// Text runs from top to bottom.
    pub vertical: bool,
    /// From the units of widths to those of text: 1/1000, but for fonts drawn by procedures.
    scale: f64,
}

enum Kind {
    Simple {
        characters: Box<[Option<char>; 256]>,
        widths: Box<[f64; 256]>,
    },
    Composite {
        encoding: Rc<CMap>,
        /// The code itself is Unicode (UCS-2 or UTF-16).
        unicode: bool,
        /// From CIDs of the font's character collection to Unicode.
        collection: Option<Rc<CMap>>,
        widths: HashMap<u32, f64>,
        default: f64,
    },
}

/// A code of a string that is shown.
pub(crate) struct Shown {
    /// What it stands for; `None` when the file does not say.
    pub text: Option<Box<str>>,
    /// Its width in text space, for a type of size 1.
    pub width: f64,
    /// Bytes it takes.
    pub bytes: usize,
    /// A single byte 32, on which word spacing works.
    pub is_space: bool,
}

impl Font {
    /// Reads a font's dictionary.
    pub(crate) fn new(dict: &Dict<'_>, tables: &mut Tables) -> Font {
        let to_unicode = dict
            .get::<Stream<'_>>("ToUnicode")
            .and_then(|s| unpack(&s, TABLE_LIMIT))
            .and_then(|data| CMap::parse(&data, load_embedded));
        let subtype = dict.get::<Name<'_>>("Subtype");
        let subtype = subtype.as_deref().unwrap_or_default();
        let mut font = match subtype {
            b"Type0" => composite(dict, tables),
            _ => simple(dict),
        };
        font.to_unicode = to_unicode;
        if subtype == b"Type3" {
            font.scale = dict
                .get::<[f64; 6]>("FontMatrix")
                .map_or(0.001, |m| m[0].abs());
        }
        font
    }

    /// The next code of a string, which is not empty.
    pub(crate) fn next(&self, bytes: &[u8]) -> Shown {
        let first = bytes.first().copied().unwrap_or_default();
        match &self.kind {
            Kind::Simple { characters, widths } => {
                let mapped = self.mapped(u32::from(first));
                Shown {
                    text: mapped.or_else(|| {
                        characters[first as usize].map(|c| c.to_string().into_boxed_str())
                    }),
                    width: widths[first as usize] * self.scale,
                    bytes: 1,
                    is_space: first == 32,
                }
            }
            Kind::Composite {
                encoding,
                unicode,
                collection,
                widths,
                default,
            } => {
                let (code, len, cid) = read_code(encoding, bytes);
                let text = self
                    .mapped(code)
                    .or_else(|| unicode.then(|| utf16(code)).flatten())
                    .or_else(|| text_of(collection.as_ref()?.lookup_bf_string(cid?)?));
                let width = cid.and_then(|c| widths.get(&c)).unwrap_or(default);
                Shown {
                    text,
                    width: width * self.scale,
                    bytes: len,
                    is_space: len == 1 && first == 32,
                }
            }
        }
    }

    fn mapped(&self, code: u32) -> Option<Box<str>> {
        text_of(self.to_unicode.as_ref()?.lookup_bf_string(code)?)
    }
}

/// A mapping's text; a mapping to nothing is none.
fn text_of(mapped: BfString) -> Option<Box<str>> {
    let text = match mapped {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    };
    let empty = text
        .chars()
        .all(|c| matches!(c, '\0' | '\u{fffd}' | '\u{feff}'));
    (!empty).then(|| text.into_boxed_str())
}

/// The shortest code that the encoding knows: its value, its bytes and its CID.
fn read_code(encoding: &CMap, bytes: &[u8]) -> (u32, usize, Option<u32>) {
    let mut code = 0_u32;
    for (n, byte) in bytes.iter().take(4).enumerate() {
        code = (code << 8) | u32::from(*byte);
        if let Some(cid) = encoding.lookup_cid_code(code, n as u8 + 1) {
            return (code, n + 1, Some(cid));
        }
    }
    // Unknown: two bytes, as all but the Latin codes of the usual encodings have.
    match bytes {
        [high, low, ..] if *high >= 0x80 || *high == 0 => {
            (u32::from(*high) << 8 | u32::from(*low), 2, None)
        }
        [first, ..] => (u32::from(*first), 1, None),
        [] => (0, 1, None),
    }
}

/// The character of a UCS-2 code, or of a pair of UTF-16 units.
fn utf16(code: u32) -> Option<Box<str>> {
    let units = [(code >> 16) as u16, code as u16];
    let units = if units[0] == 0 {
        &units[1..]
    } else {
        &units[..]
    };
    text_of(BfString::String(String::from_utf16(units).ok()?))
}

fn composite(dict: &Dict<'_>, tables: &mut Tables) -> Font {
    let named = dict.get::<Name<'_>>("Encoding");
    let name = named.as_deref().unwrap_or_default();
    let encoding = match name {
        b"" => dict
            .get::<Stream<'_>>("Encoding")
            .and_then(|s| unpack(&s, TABLE_LIMIT))
            .and_then(|data| CMap::parse(&data, load_embedded))
            .map(Rc::new),
        b"Identity-H" | b"Identity-V" => None,
        name => tables.get(&CMapName::from_bytes(name)),
    };
    let encoding = encoding.unwrap_or_else(|| Rc::new(CMap::identity_h()));
    let has = |part: &[u8]| name.windows(part.len()).any(|w| w == part);
    let unicode = name.starts_with(b"Uni") && (has(b"UCS2") || has(b"UTF16"));
    let inner = dict
        .get::<Array<'_>>("DescendantFonts")
        .and_then(|a| a.iter::<Dict<'_>>().next())
        .unwrap_or_default();
    let family = inner
        .get::<Dict<'_>>("CIDSystemInfo")
        .and_then(|info| {
            let registry = info.get::<hayro_syntax::object::String<'_>>("Registry")?;
            let ordering = info.get::<hayro_syntax::object::String<'_>>("Ordering")?;
            Some(CidFamily::from_registry_ordering(&registry, &ordering))
        })
        .filter(|f| f.ucs2_cmap().is_some())
        .or_else(|| {
            let of = encoding.metadata().character_collection.as_ref();
            of.map(|c| c.family.clone())
        });
    let collection = family
        .and_then(|f| f.ucs2_cmap())
        .and_then(|name| tables.get(&name));
    Font {
        kind: Kind::Composite {
            encoding,
            unicode,
            collection,
            widths: widths(&inner),
            default: number(&inner, "DW").unwrap_or(1000.0),
        },
        to_unicode: None,
        vertical: name.ends_with(b"-V"),
        scale: 0.001,
    }
}

/// The widths of CIDs: `c [w …]` and `first last w`.
fn widths(inner: &Dict<'_>) -> HashMap<u32, f64> {
    let mut widths = HashMap::new();
    let Some(list) = inner.get::<Array<'_>>("W") else {
        return widths;
    };
    let mut items = list.iter::<Object<'_>>();
    while let Some(first) = items.next().and_then(Object::into_number) {
        let first = first.as_i64().clamp(0, 0xffff) as u32;
        match items.next() {
            Some(Object::Array(each)) => {
                for (n, width) in each.iter::<f64>().take(WIDTHS_LIMIT).enumerate() {
                    widths.insert(first + n as u32, width);
                }
            }
            Some(Object::Number(last)) => {
                let Some(width) = items.next().and_then(Object::into_number) else {
                    break;
                };
                let last = last.as_i64().clamp(0, 0xffff) as u32;
                for cid in first..=last {
                    widths.insert(cid, width.as_f64());
                }
            }
            _ => break,
        }
        if widths.len() > WIDTHS_LIMIT {
            break;
        }
    }
    widths
}

fn simple(dict: &Dict<'_>) -> Font {
    let named = dict.get::<Name<'_>>("Encoding");
    let described = dict.get::<Dict<'_>>("Encoding");
    let inner = described
        .as_ref()
        .and_then(|d| d.get::<Name<'_>>("BaseEncoding"));
    let base = match named.as_deref().or(inner.as_deref()) {
        Some(b"WinAnsiEncoding") => Base::Win,
        Some(b"MacRomanEncoding") => Base::Mac,
        _ => Base::Own,
    };
    let mut characters = Box::new([None; 256]);
    for (code, character) in characters.iter_mut().enumerate() {
        *character = names::base(base, code as u8);
    }
    if let Some(differences) = described.and_then(|d| d.get::<Array<'_>>("Differences")) {
        let mut code = 0_usize;
        for item in differences.iter::<Object<'_>>() {
            match item {
                Object::Number(n) => code = n.as_i64().clamp(0, 256) as usize,
                Object::Name(name) => {
                    if let Some(character) = characters.get_mut(code) {
                        *character = names::named(name.as_str());
                    }
                    code += 1;
                }
                _ => {}
            }
        }
    }
    let missing = dict
        .get::<Dict<'_>>("FontDescriptor")
        .and_then(|d| number(&d, "MissingWidth"))
        .unwrap_or(500.0);
    let mut widths = Box::new([missing; 256]);
    let first = number(dict, "FirstChar").unwrap_or(0.0).clamp(0.0, 255.0) as usize;
    if let Some(list) = dict.get::<Array<'_>>("Widths") {
        for (width, slot) in list.iter::<f64>().zip(widths.iter_mut().skip(first)) {
            *slot = width;
        }
    }
    Font {
        kind: Kind::Simple { characters, widths },
        to_unicode: None,
        vertical: false,
        scale: 0.001,
    }
}
