//! The files of a package come in; all their texts, each as a person reads it and with its place, go out.
//!
//! Rules that look for words (placeholders, outdated terms, telephone numbers) walk over passages,
//! so that a word in a cell and a word in a sentence are found the same way.

use super::report::Case;
use crate::rulebook::lexicons::Marks;
use foldhash::HashMap;
use jiheng_model::finding::{Place, PlaceKind};
use jiheng_model::form::Form;
use jiheng_model::label;
use jiheng_model::origin::{At, Origin};

/// The longest word that is looked for twice in a row, in characters.
pub const REPEATED: usize = 12;

/// A paragraph or a cell of the package.
#[derive(Clone, Copy, Debug)]
pub struct Passage<'a> {
    /// Its text.
    pub text: &'a str,
    /// Where it stands.
    pub origin: Origin,
    /// It belongs to the report.
    pub in_report: bool,
    /// Which lexicons and signs it has words of; see [`crate::rulebook::lexicons`].
    pub marks: Marks,
    /// It has seven digits or more in a row, dashes between them counted.
    pub long_number: bool,
    /// Two to [`REPEATED`] characters of it stand twice in a row.
    pub repeats: bool,
}

/// All texts of a package, gathered and marked once for all rules.
#[derive(Clone, Debug, Default)]
pub struct Texts<'a> {
    all: Vec<Passage<'a>>,
    report: Vec<Passage<'a>>,
}

impl<'a> Texts<'a> {
    /// The texts of a case that has none yet.
    pub fn of(case: &Case<'a>) -> Texts<'a> {
        let mut signs = Signs {
            seen: HashMap::with_capacity_and_hasher(SHORT_TEXTS, Default::default()),
            repetition: Repetition::default(),
        };
        let all = gather(case, &mut signs);
        let report = gather_report(case, &all, &mut signs);
        Texts { all, report }
    }
}

/// Every paragraph and every cell of the package, file by file, in the order of paragraphs and then of tables.
pub fn passages<'a>(case: &Case<'a>) -> &'a [Passage<'a>] {
    &case.texts.all
}

/// The lines of the report that are not empty.
pub fn report_passages<'a>(case: &Case<'a>) -> &'a [Passage<'a>] {
    &case.texts.report
}

fn gather<'a>(case: &Case<'a>, signs: &mut Signs<'a>) -> Vec<Passage<'a>> {
    let narrative = &case.filing.narrative;
    let texts = case.documents.iter();
    let count = texts.map(|d| d.paragraphs.len() + d.cell_count()).sum();
    let mut all = Vec::with_capacity(count);
    for (file, document) in case.documents.iter().enumerate() {
        let file = file as u16;
        let here = narrative.file == file;
        for (index, paragraph) in document.paragraphs.iter().enumerate() {
            let number = index as u32 + 1;
            let text = document.slice(&paragraph.text);
            let in_report = here && narrative.sheet.is_none() && in_span(case, number);
            let origin = Origin::text(file, number, 0, 0);
            all.push(passage(case, text, origin, in_report, signs));
        }
        for table in &document.tables {
            let sheet = here && narrative.sheet == Some(table.number);
            all.extend(table.cells.iter().map(|cell| {
                let text = document.slice(&cell.text);
                let origin = Origin::cell(file, table.number, cell.row, cell.col);
                passage(case, text, origin, sheet && in_span(case, cell.row), signs)
            }));
        }
    }
    all
}

fn gather_report<'a>(
    case: &Case<'a>,
    all: &[Passage<'a>],
    signs: &mut Signs<'a>,
) -> Vec<Passage<'a>> {
    let narrative = &case.filing.narrative;
    let Some((first, last)) = narrative.span else {
        return Vec::new();
    };
    if narrative.sheet.is_none() {
        let report = all.iter().filter(|p| p.in_report && is_said(p.text));
        return report.copied().collect();
    }
    (first..=last)
        .map(|number| (number, case.report_line(number)))
        .filter(|(_, text)| is_said(text))
        .map(|(number, text)| {
            let origin = case.report_origin(number, (0, 0));
            passage(case, text, origin, true, signs)
        })
        .collect()
}

fn is_said(text: &str) -> bool {
    !label::trim(text).is_empty()
}

fn passage<'a>(
    case: &Case<'_>,
    text: &'a str,
    origin: Origin,
    in_report: bool,
    signs: &mut Signs<'a>,
) -> Passage<'a> {
    let Signed {
        marks,
        long_number,
        repeats,
    } = signs.of(case, text);
    Passage {
        text,
        origin,
        in_report,
        marks,
        long_number,
        repeats,
    }
}

/// What one look at a text shows.
#[derive(Clone, Copy)]
struct Signed {
    marks: Marks,
    long_number: bool,
    repeats: bool,
}

/// A package has about so many different short texts.
const SHORT_TEXTS: usize = 512;

/// Looks at texts; cells say the same words again and again, so that a short text is looked at once.
struct Signs<'a> {
    seen: HashMap<&'a str, Signed>,
    repetition: Repetition,
}

impl<'a> Signs<'a> {
    /// Longer texts (in bytes) are rarely the same.
    const SHORT: usize = 96;

    fn of(&mut self, case: &Case<'_>, text: &'a str) -> Signed {
        if text.len() > Self::SHORT {
            return self.look(case, text);
        }
        match self.seen.get(text) {
            Some(signed) => *signed,
            None => {
                let signed = self.look(case, text);
                self.seen.insert(text, signed);
                signed
            }
        }
    }

    fn look(&mut self, case: &Case<'_>, text: &str) -> Signed {
        Signed {
            marks: case.rulebook.marks(text),
            long_number: has_long_number(text),
            repeats: self.repetition.is_in(text),
        }
    }
}

/// Seven digits or more in a row; dashes, and bytes that dashes are made of, may stand between them.
fn has_long_number(text: &str) -> bool {
    const SHORTEST: u32 = 7;
    if text.len() < SHORTEST as usize {
        return false;
    }
    // Most texts have fewer digits in all.
    let all: usize = text.bytes().map(|b| usize::from(b.is_ascii_digit())).sum();
    if all < SHORTEST as usize {
        return false;
    }
    let (mut digits, mut most) = (0u32, 0);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'-' | 0xe2 | 0x80 | 0x94 | 0xef | 0xbc | 0x8d => {}
            _ => digits = 0,
        }
        most = most.max(digits);
    }
    most >= SHORTEST
}

/// Looks for words that stand twice in a row; keeps its memory from text to text.
struct Repetition {
    /// Each character with the one after it, behind some that are none.
    pairs: Vec<u32>,
    /// Where a pair stands that is among those right before it.
    again: Vec<usize>,
    /// When a pair that falls into a slot was seen last.
    last: Vec<u32>,
    /// Pairs seen so far, over all texts.
    clock: u32,
}

impl Default for Repetition {
    fn default() -> Self {
        Repetition {
            pairs: Vec::new(),
            again: Vec::new(),
            last: vec![0; 1 << Self::SLOT_BITS],
            clock: 0,
        }
    }
}

impl Repetition {
    /// As many pairs before a text as one look takes in.
    const LOOK: usize = 16;
    const SLOT_BITS: u32 = 10;

    /// Whether two to [`REPEATED`] characters of a text, white space left out, are followed by
    /// themselves, the first of them being a Chinese one.
    fn is_in(&mut self, text: &str) -> bool {
        // Two Chinese characters twice are twelve bytes; most cells are shorter.
        if text.len() < 12 {
            return false;
        }
        self.again.clear();
        self.pairs.clear();
        self.pairs.reserve(Self::LOOK + text.len() / 2);
        self.pairs.resize(Self::LOOK, 0);
        // What was seen in the text before is too long ago.
        self.clock = self.clock.wrapping_add(Self::LOOK as u32 + 1);
        let mut last = 0;
        for c in text.chars() {
            // Nearly all characters are Chinese.
            let shown = matches!(c, '\u{4e00}'..='\u{9fff}' | '\n') || !label::is_blank(c);
            if shown {
                let c = u32::from(c) & 0xffff;
                let pair = last << 16 | c;
                let han = (0x4e00..=0x9fff).contains(&last);
                let maybe = self.was_seen(pair);
                let at = self.pairs.len();
                self.pairs.push(pair);
                last = c;
                if maybe && han && self.pairs[at - Self::LOOK..at].contains(&pair) {
                    self.again.push(at);
                }
            }
        }
        // What follows a pair that comes again is known only now.
        self.again.iter().any(|at| repeats(&self.pairs, *at))
    }

    /// Whether this pair, or another of the same slot, was among the last ones.
    fn was_seen(&mut self, pair: u32) -> bool {
        let slot = pair.wrapping_mul(0x9e37_79b1) >> (32 - Self::SLOT_BITS);
        let seen = &mut self.last[slot as usize];
        let ago = self.clock.wrapping_sub(*seen);
        *seen = self.clock;
        self.clock = self.clock.wrapping_add(1);
        ago <= Self::LOOK as u32
    }
}

/// The pair at `at` belongs to a word that is followed by itself.
fn repeats(pairs: &[u32], at: usize) -> bool {
    let same = |at: usize, apart: usize| pairs[at] == pairs[at - apart];
    (2..=REPEATED).any(|apart| {
        // A word of n characters has n − 1 pairs inside.
        let longest = (at..pairs.len()).take_while(|at| same(*at, apart)).count();
        longest >= apart - 1
    })
}

fn in_span(case: &Case<'_>, line: u32) -> bool {
    let span = case.filing.narrative.span;
    span.is_some_and(|(first, last)| (first..=last).contains(&line))
}

impl Passage<'_> {
    /// The place of the bytes `[from, to)` of the passage's text.
    pub fn place(&self, case: &Case<'_>, bytes: (usize, usize), label: &str) -> Place {
        let chars = chars(self.text, bytes);
        let text = self.text.get(bytes.0..bytes.1).unwrap_or_default();
        let mut place = Place {
            kind: PlaceKind::Text,
            form: if self.in_report {
                "narrative".into()
            } else {
                "package".into()
            },
            form_index: None,
            field: None,
            label: label.into(),
            origin: Origin {
                file: self.origin.file,
                at: self.origin.at.words(chars),
            },
            text: text.into(),
        };
        if let Some((index, form)) = self.form(case) {
            place.form = form.kind().into();
            place.form_index = Some(index);
            if let At::Cell { .. } = self.origin.at {
                place.kind = PlaceKind::Cell;
                if let Some((field, name)) = field(form, place.origin) {
                    place.field = Some(field);
                    place.label = name;
                }
            }
        }
        place
    }

    /// The form the passage's table belongs to.
    pub fn form<'f>(&self, case: &Case<'f>) -> Option<(usize, &'f Form)> {
        let table = self.origin.table()?;
        let forms = case.filing.forms.iter().enumerate();
        forms
            .into_iter()
            .find(|(_, f)| f.file == self.origin.file && f.tables.contains(&table))
    }
}

/// Bytes `[from, to)` of a text as characters.
pub fn chars(text: &str, (from, to): (usize, usize)) -> (u32, u32) {
    let before = text.get(..from).map_or(0, |t| t.chars().count());
    let within = text.get(from..to).map_or(0, |t| t.chars().count());
    (before as u32, (before + within) as u32)
}

/// The words of `outer` include those of `inner`; both are known to stand in one cell.
fn surrounds(outer: Origin, inner: Origin) -> bool {
    let chars = |origin: Origin| match origin.at {
        At::Cell { chars, .. } => chars,
        At::Text { chars, .. } => Some(chars),
    };
    match (chars(outer), chars(inner)) {
        (Some((from, to)), Some((start, end))) => from <= start && end <= to,
        _ => false,
    }
}

/// Path and label of the value that stands at words of a cell: of several in one cell (a foot
/// printed on one line) the one whose own words they are, else the first.
fn field(form: &Form, origin: Origin) -> Option<(String, String)> {
    let mut here = form
        .values
        .iter()
        .zip(&form.def.fields)
        .filter_map(|(v, def)| v.as_ref().map(|v| (v.origin, def)))
        .filter(|(at, _)| same_cell(*at, origin));
    let first = here.clone().next();
    let value = here.find(|(at, _)| surrounds(*at, origin)).or(first);
    if let Some((_, def)) = value {
        return Some((def.path.clone(), def.label.clone()));
    }
    for (list, rows) in form.def.lists.iter().zip(&form.lists) {
        for (number, row) in rows.iter().enumerate() {
            let cells = row.values.iter().zip(&list.columns);
            for (value, column) in cells {
                if value.as_ref().is_some_and(|v| same_cell(v.origin, origin)) {
                    let path = format!("{}[{}].{}", list.key, number + 1, column.path);
                    return Some((path, column.label.clone()));
                }
            }
        }
    }
    None
}

fn same_cell(a: Origin, b: Origin) -> bool {
    match (a.at, b.at) {
        (
            At::Cell {
                table, row, col, ..
            },
            At::Cell {
                table: t,
                row: r,
                col: c,
                ..
            },
        ) => (a.file, table, row, col) == (b.file, t, r, c),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_stands_twice_in_a_row_is_seen_whatever_stands_between_its_characters() {
        let seen = |text: &str| Repetition::default().is_in(text);
        assert!(seen("其中：其中：基本支出"));
        assert!(seen("本年本 年度预算"));
        assert!(seen("资金甲资金乙资金甲资金乙"));
        assert!(seen("按规定程序办理按规定程序办理完毕"));
        assert!(!seen("其中：基本支出100.00万元，项目支出100.00万元"));
        assert!(!seen("收入10001000万元，支出10001000万元"));
    }
    use crate::check::specimen::Specimen;

    #[test]
    fn a_passage_is_placed_by_characters_and_not_by_bytes() {
        let specimen = Specimen::default().prose(&["标题", "支出XX万元"]);
        specimen.with(|case| {
            let all = passages(case);
            assert_eq!(all.len(), 2);
            let from = all[1].text.find("XX").unwrap();
            let place = all[1].place(case, (from, from + 2), "占位符");
            assert_eq!(place.origin, Origin::text(0, 2, 2, 4));
            assert_eq!(
                (place.text.as_str(), place.form.as_str()),
                ("XX", "narrative")
            );
        });
    }

    #[test]
    fn a_report_is_only_its_own_paragraphs() {
        let mut specimen = Specimen::default().prose(&["附件1", "", "报告", "正文"]);
        specimen.filing.narrative.span = Some((2, 4));
        specimen.with(|case| {
            let texts: Vec<_> = report_passages(case).iter().map(|p| p.text).collect();
            assert_eq!(texts, ["报告", "正文"]);
            assert!(!passages(case)[0].in_report);
        });
    }
}
