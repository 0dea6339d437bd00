//! Parts `styles.xml` and `numbering.xml`, or the lists of an old file, come in; the automatic number of each paragraph ("一、", "（二）", "1.") goes out, as Word computes it.

use jiheng_office::xml::{Token, Tokens};
use memchr::memmem;
use std::borrow::Cow;
use std::collections::HashMap;

/// Gives the bytes of a part by the end of its relationship type ("styles").
pub(super) type Source<'n> = Box<dyn FnMut(&str) -> Option<Cow<'n, [u8]>> + 'n>;

/// Numbering of one story; its parts are read when the first paragraph asks.
pub(super) struct Numbering<'n> {
    source: Source<'n>,
    loaded: Option<Loaded>,
}

#[derive(Debug, Default)]
struct Loaded {
    styles: HashMap<String, Style>,
    /// Levels of each abstract definition.
    abstracts: HashMap<u32, Vec<Level>>,
    /// `w:num`: its abstract definition and its own levels and starts.
    numbers: HashMap<u32, Number>,
    /// Counters of each abstract definition; `None` before the first paragraph of a level.
    counters: HashMap<u32, [Option<u32>; 9]>,
    /// Numbers whose start override was used.
    started: HashMap<u32, u16>,
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    number: Option<u32>,
    level: Option<u8>,
    outline: Option<u8>,
}

/// A use of a definition, with what it changes.
#[derive(Debug, Default)]
pub(super) struct Number {
    /// Key of the definition.
    pub definition: u32,
    /// Levels that start anew with this use, and at what.
    pub starts: Vec<(u8, u32)>,
    /// Levels that look otherwise in this use.
    pub levels: Vec<Level>,
}

/// One level of a definition.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// From 0.
    pub level: u8,
    /// First number.
    pub start: u32,
    /// Number format by its name in WordprocessingML ("chineseCounting").
    pub format: String,
    /// What is printed, with `%1` for the number of the first level.
    pub text: String,
    /// What stands between number and text.
    pub suffix: Suffix,
    /// Paragraph style that is bound to the level.
    pub style: Option<String>,
    /// Numbers of the levels above are printed in digits.
    pub legal: bool,
    /// A level up to which counting starts again; `Some(0)`: never.
    pub restart: Option<u8>,
}

/// What stands between an automatic number and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suffix {
    Tab,
    Space,
    Nothing,
}

impl<'n> Numbering<'n> {
    pub fn new(source: Source<'n>) -> Numbering<'n> {
        Numbering {
            source,
            loaded: None,
        }
    }

    /// Numbering whose definitions and uses are known: levels by key of the definition, uses by number.
    pub fn of(abstracts: HashMap<u32, Vec<Level>>, numbers: HashMap<u32, Number>) -> Self {
        Numbering {
            source: Box::new(|_| None),
            loaded: Some(Loaded {
                abstracts,
                numbers,
                ..Loaded::default()
            }),
        }
    }

    /// The outline level (from 0) of a style, inherited from its parents.
    pub fn outline(&mut self, style: &str) -> Option<u8> {
        self.load().inherited(style, |s| s.outline)
    }

    /// Appends the automatic number of the next paragraph, if it has one, and counts it.
    pub fn number_into(
        &mut self,
        style: Option<&str>,
        number: Option<u32>,
        level: Option<u8>,
        out: &mut String,
    ) {
        let loaded = self.load();
        let number = number.or_else(|| loaded.inherited(style?, |s| s.number));
        let Some(number) = number.filter(|n| *n != 0) else {
            return;
        };
        let level = level
            .or_else(|| loaded.level_of_style(number, style?))
            .or_else(|| loaded.inherited(style?, |s| s.level));
        loaded.count(number, level.unwrap_or(0).min(8), out);
    }

    fn load(&mut self) -> &mut Loaded {
        if self.loaded.is_none() {
            let mut loaded = Loaded::default();
            if let Some(bytes) = (self.source)("styles") {
                loaded.read_styles(&bytes);
            }
            if let Some(bytes) = (self.source)("numbering") {
                loaded.read_numbering(&bytes);
            }
            self.loaded = Some(loaded);
        }
        self.loaded.get_or_insert_default()
    }
}

impl Loaded {
    fn inherited<T>(&self, style: &str, get: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut name = style;
        // A cycle of parents ends by the count.
        for _ in 0..16 {
            let style = self.styles.get(name)?;
            if let Some(found) = get(style) {
                return Some(found);
            }
            name = style.parent.as_deref()?;
        }
        None
    }

    /// The level of a numbering that is bound to a paragraph style.
    fn level_of_style(&self, number: u32, style: &str) -> Option<u8> {
        let number = self.numbers.get(&number)?;
        let levels = number
            .levels
            .iter()
            .chain(self.abstracts.get(&number.definition)?);
        levels
            .filter(|l| l.style.as_deref() == Some(style))
            .map(|l| l.level)
            .next()
    }

    fn level<'l>(&'l self, number: &'l Number, level: u8) -> Option<&'l Level> {
        let own = number.levels.iter().find(|l| l.level == level);
        own.or_else(|| {
            self.abstracts
                .get(&number.definition)?
                .iter()
                .find(|l| l.level == level)
        })
    }

    fn count(&mut self, id: u32, at: u8, out: &mut String) {
        let Some(number) = self.numbers.get(&id) else {
            return;
        };
        let Some(level) = self.level(number, at) else {
            return;
        };
        let mut counters = self
            .counters
            .get(&number.definition)
            .copied()
            .unwrap_or_default();
        let used = self.started.get(&id).copied().unwrap_or(0);
        let bit = 1_u16 << at;
        let override_start = number
            .starts
            .iter()
            .find(|s| s.0 == at)
            .map(|s| s.1)
            .filter(|_| used & bit == 0);
        let place = at as usize;
        counters[place] = Some(match (override_start, counters[place]) {
            (Some(start), _) => start,
            (None, Some(last)) => last.saturating_add(1),
            (None, None) => level.start,
        });
        // Levels above that were never shown count from their start.
        for above in 0..at {
            if counters[above as usize].is_none() {
                counters[above as usize] = Some(self.level(number, above).map_or(1, |l| l.start));
            }
        }
        for below in at + 1..9 {
            let restart = self.level(number, below).and_then(|l| l.restart);
            if restart.is_none_or(|r| r != 0 && at < r) {
                counters[below as usize] = None;
            }
        }
        self.write(number, level, &counters, out);
        let definition = number.definition;
        self.counters.insert(definition, counters);
        *self.started.entry(id).or_default() |= bit;
    }

    fn write(&self, number: &Number, level: &Level, counters: &[Option<u32>; 9], out: &mut String) {
        if level.format == "bullet"
            || level.format == "none" && !level.text.contains('%') && level.text.is_empty()
        {
            // A bullet is decoration; it says nothing that a form could mean.
            return;
        }
        let before = out.len();
        let mut chars = level.text.chars().peekable();
        while let Some(c) = chars.next() {
            let Some(which) = chars
                .peek()
                .and_then(|d| d.to_digit(10))
                .filter(|d| c == '%' && (1..=9).contains(d))
            else {
                out.push(c);
                continue;
            };
            chars.next();
            let which = which as u8 - 1;
            let value = counters[which as usize].unwrap_or(1);
            let format = match self.level(number, which) {
                Some(l) if !(level.legal && which < level.level) => l.format.as_str(),
                _ => "decimal",
            };
            write_number(value, format, out);
        }
        if out.len() == before {
            return;
        }
        let spaced = match level.suffix {
            Suffix::Nothing => false,
            Suffix::Space => true,
            // After "、" or "）" a tab is only a gap; after "1." it keeps number and text apart.
            Suffix::Tab => out.ends_with(|c: char| c.is_ascii()),
        };
        if spaced {
            out.push(' ');
        }
    }

    /// Only paragraph styles matter; the others (templates hold hundreds of table styles) are jumped over.
    fn read_styles(&mut self, bytes: &[u8]) {
        let starts: Vec<usize> = memmem::find_iter(bytes, b"style ").collect();
        for (i, &start) in starts.iter().enumerate() {
            // The tag begins at the `<` before the (prefixed) name.
            let Some(open) = memchr::memrchr(b'<', &bytes[..start]).filter(|o| start - o <= 8)
            else {
                continue;
            };
            let end = starts.get(i + 1).copied().unwrap_or(bytes.len());
            let mut tokens = Tokens::new(&bytes[open..end]);
            let Some(Token::Open(tag)) = tokens.next() else {
                continue;
            };
            if tag.local() != b"style"
                || tag
                    .attribute_local(b"type")
                    .is_some_and(|t| t != b"paragraph")
            {
                continue;
            }
            let Some(id) = tag.value(b"styleId") else {
                continue;
            };
            let mut style = Style::default();
            while let Some(token) = tokens.next() {
                match token {
                    Token::Open(t) => match t.local() {
                        b"basedOn" => style.parent = t.value(b"val").map(Cow::into_owned),
                        b"numId" => style.number = t.number(b"val"),
                        b"ilvl" => style.level = t.number(b"val"),
                        b"outlineLvl" => style.outline = t.number(b"val"),
                        b"rPr" => tokens.leave(&t),
                        _ => {}
                    },
                    Token::Close(name) if name == tag.name => break,
                    _ => {}
                }
            }
            self.styles.insert(id.into_owned(), style);
        }
    }

    fn read_numbering(&mut self, bytes: &[u8]) {
        let mut tokens = Tokens::new(bytes);
        // Definitions that only point to a numbering style.
        let mut links: Vec<(u32, String)> = Vec::new();
        let mut owners: HashMap<String, u32> = HashMap::new();
        let mut definition: Option<u32> = None;
        let mut number: Option<u32> = None;
        while let Some(token) = tokens.next() {
            let Token::Open(tag) = token else { continue };
            match tag.local() {
                b"abstractNum" => {
                    definition = tag.number(b"abstractNumId");
                    number = None;
                }
                b"numStyleLink" => {
                    links.extend(definition.zip(tag.value(b"val").map(Cow::into_owned)))
                }
                b"styleLink" => {
                    if let (Some(d), Some(name)) = (definition, tag.value(b"val")) {
                        owners.insert(name.into_owned(), d);
                    }
                }
                b"num" => {
                    number = tag.number(b"numId");
                    if let Some(id) = number {
                        self.numbers.insert(id, Number::default());
                    }
                }
                b"abstractNumId" => {
                    if let (Some(id), Some(d)) = (number, tag.number(b"val")) {
                        self.numbers.entry(id).or_default().definition = d;
                    }
                }
                b"lvlOverride" => {
                    let level = tag.number(b"ilvl").unwrap_or(0);
                    self.read_override(&mut tokens, &tag, number, level);
                }
                b"lvl" => {
                    let level = read_level(&mut tokens, &tag);
                    if let Some(d) = definition.filter(|_| number.is_none()) {
                        self.abstracts.entry(d).or_default().push(level);
                    }
                }
                _ => {}
            }
        }
        for (from, style) in links {
            if let Some(levels) = owners
                .get(&style)
                .and_then(|to| self.abstracts.get(to))
                .cloned()
            {
                self.abstracts.insert(from, levels);
            }
        }
    }

    fn read_override(
        &mut self,
        tokens: &mut Tokens<'_>,
        tag: &jiheng_office::xml::Tag<'_>,
        number: Option<u32>,
        level: u8,
    ) {
        if tag.empty {
            return;
        }
        while let Some(token) = tokens.next() {
            match token {
                Token::Open(t) if t.local() == b"startOverride" => {
                    if let (Some(id), Some(start)) = (number, t.number(b"val")) {
                        self.numbers
                            .entry(id)
                            .or_default()
                            .starts
                            .push((level, start));
                    }
                }
                Token::Open(t) if t.local() == b"lvl" => {
                    let own = read_level(tokens, &t);
                    if let Some(id) = number {
                        self.numbers.entry(id).or_default().levels.push(own);
                    }
                }
                Token::Close(name) if name == tag.name => return,
                _ => {}
            }
        }
    }
}

fn read_level(tokens: &mut Tokens<'_>, tag: &jiheng_office::xml::Tag<'_>) -> Level {
    let mut level = Level {
        level: tag.number(b"ilvl").unwrap_or(0),
        start: 0,
        format: "decimal".into(),
        text: String::new(),
        suffix: Suffix::Tab,
        style: None,
        legal: false,
        restart: None,
    };
    if tag.empty {
        return level;
    }
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(t) => match t.local() {
                b"start" => level.start = t.number(b"val").unwrap_or(0),
                // An AlternateContent may give a custom format first; the plain one after it wins.
                b"numFmt" => {
                    level.format = t.value(b"val").map(Cow::into_owned).unwrap_or_default()
                }
                b"lvlText" => level.text = t.value(b"val").map(Cow::into_owned).unwrap_or_default(),
                b"suff" => {
                    level.suffix = match t.attribute_local(b"val") {
                        Some(b"nothing") => Suffix::Nothing,
                        Some(b"space") => Suffix::Space,
                        _ => Suffix::Tab,
                    }
                }
                b"pStyle" => level.style = t.value(b"val").map(Cow::into_owned),
                b"isLgl" => {
                    level.legal =
                        !matches!(t.attribute_local(b"val"), Some(b"0" | b"false" | b"off"))
                }
                b"lvlRestart" => level.restart = t.number(b"val"),
                b"rPr" | b"pPr" => tokens.leave(&t),
                _ => {}
            },
            Token::Close(name) if name == tag.name => break,
            _ => {}
        }
    }
    level
}

/// Writes a counter in a number format of WordprocessingML; unknown formats count in digits.
fn write_number(n: u32, format: &str, out: &mut String) {
    match format {
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting" => {
            chinese(n, "〇一二三四五六七八九", ["十", "百", "千"], true, out);
        }
        "chineseLegalSimplified" => {
            chinese(n, "零壹贰叁肆伍陆柒捌玖", ["拾", "佰", "仟"], false, out)
        }
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            out.extend(n.to_string().chars().map(|d| {
                "〇一二三四五六七八九"
                    .chars()
                    .nth(d.to_digit(10).unwrap_or(0) as usize)
                    .unwrap_or(d)
            }));
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => match enclosed(n) {
            Some(c) => out.push(c),
            None => out.push_str(&n.to_string()),
        },
        "decimalFullWidth" | "decimalFullWidth2" => {
            out.extend(
                n.to_string()
                    .chars()
                    .map(|d| char::from_u32(d as u32 + 0xfee0).unwrap_or(d)),
            );
        }
        "decimalEnclosedParen" => {
            match char::from_u32(0x2473 + n).filter(|_| (1..=20).contains(&n)) {
                Some(c) => out.push(c),
                None => out.push_str(&format!("({n})")),
            }
        }
        "decimalEnclosedFullstop" => {
            match char::from_u32(0x2487 + n).filter(|_| (1..=20).contains(&n)) {
                Some(c) => out.push(c),
                None => out.push_str(&format!("{n}.")),
            }
        }
        "ideographTraditional" => cycle(n, "甲乙丙丁戊己庚辛壬癸", out),
        "ideographZodiac" => cycle(n, "子丑寅卯辰巳午未申酉戌亥", out),
        "upperLetter" | "lowerLetter" => {
            // 1 a, 26 z, 27 aa, 53 aaa.
            if let Some(zero) = n.checked_sub(1) {
                let letter = char::from(b'a' + (zero % 26) as u8);
                let letter = if format == "upperLetter" {
                    letter.to_ascii_uppercase()
                } else {
                    letter
                };
                out.extend(std::iter::repeat_n(
                    letter,
                    (zero / 26 + 1).min(16) as usize,
                ));
            }
        }
        "upperRoman" => out.push_str(&roman(n)),
        "lowerRoman" => out.push_str(&roman(n).to_ascii_lowercase()),
        "decimalZero" => out.push_str(&format!("{n:02}")),
        "none" => {}
        _ => out.push_str(&n.to_string()),
    }
}

fn cycle(n: u32, symbols: &str, out: &mut String) {
    let count = symbols.chars().count() as u32;
    match n
        .checked_sub(1)
        .and_then(|zero| symbols.chars().nth((zero % count) as usize))
    {
        Some(c) => out.push(c),
        None => out.push_str(&n.to_string()),
    }
}

fn enclosed(n: u32) -> Option<char> {
    match n {
        1..=20 => char::from_u32(0x2460 + n - 1),
        21..=35 => char::from_u32(0x3251 + n - 21),
        36..=50 => char::from_u32(0x32b1 + n - 36),
        _ => None,
    }
}

/// 1 一, 10 十, 12 十二, 105 一百〇五 (as Word prints it), 1024 一千〇二十四.
fn chinese(n: u32, digits: &str, units: [&str; 3], short_ten: bool, out: &mut String) {
    let digit = |d: u32| digits.chars().nth(d as usize).unwrap_or('?');
    if n >= 10_000 {
        out.push_str(&n.to_string());
        return;
    }
    if n == 0 {
        out.push(digit(0));
        return;
    }
    if short_ten && (10..20).contains(&n) {
        out.push_str(units[0]);
        if n > 10 {
            out.push(digit(n - 10));
        }
        return;
    }
    let mut gap = false;
    let mut begun = false;
    for (power, unit) in [(1000, units[2]), (100, units[1]), (10, units[0]), (1, "")] {
        let d = n / power % 10;
        if d == 0 {
            gap = begun;
            continue;
        }
        if gap {
            out.push(digit(0));
            gap = false;
        }
        out.push(digit(d));
        out.push_str(unit);
        begun = true;
    }
}

fn roman(mut n: u32) -> String {
    if n == 0 || n > 3999 {
        return n.to_string();
    }
    let mut out = String::new();
    for (value, sign) in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while n >= value {
            out.push_str(sign);
            n -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(n: u32, format: &str) -> String {
        let mut out = String::new();
        write_number(n, format, &mut out);
        out
    }

    #[test]
    fn counters_print_as_word_prints_them() {
        let chinese: Vec<_> = [1, 10, 11, 20, 21, 100, 105, 110]
            .map(|n| shown(n, "chineseCountingThousand"))
            .into();
        assert_eq!(
            chinese,
            [
                "一",
                "十",
                "十一",
                "二十",
                "二十一",
                "一百",
                "一百〇五",
                "一百一十"
            ]
        );
        assert_eq!(shown(3, "decimalEnclosedCircle"), "③");
        assert_eq!(shown(12, "chineseLegalSimplified"), "壹拾贰");
        assert_eq!(shown(28, "lowerLetter"), "bb");
        assert_eq!(shown(14, "upperRoman"), "XIV");
        assert_eq!(shown(2, "ideographTraditional"), "乙");
    }
}
