//! A sentence of the rulebook's report comes in; its words and slots go out.
//!
//! "{item}" is a number, "{part%whole}" a share, "{now-before}" a change ("{change-}" one that is itself stated), "{whole:part+part}" the
//! parts of a whole, written only when together they make it. The loader and the writer of the
//! report read sentences by this one grammar.

use super::Rulebook;

/// The parameter with the sentences: part of the outline = sentences.
pub const SENTENCES: &str = "report_sentences";

/// Entries of [`SENTENCES`] that are no part of the outline.
pub const RESERVED: [&str; 4] = ["title", "cover", "closing", "publication"];

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words as they are.
    Words(&'t str),
    /// To be filled in.
    Slot(Slot<'t>),
    /// A brace that is never closed.
    Unclosed(&'t str),
}

/// What a slot asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot<'t> {
    /// The value of an item.
    Item(&'t str),
    /// What per cent a part is of a whole.
    Share(&'t str, &'t str),
    /// By how much an item lies above or below another: "增加5.20万元"; without the other it is a change itself.
    Change(&'t str, &'t str),
    /// The parts of a whole with their values.
    Parts(&'t str, Vec<&'t str>),
}

impl<'t> Slot<'t> {
    /// Reads what stands between the braces.
    pub fn of(text: &'t str) -> Slot<'t> {
        if let Some((whole, parts)) = text.split_once(':') {
            return Slot::Parts(whole, parts.split('+').collect());
        }
        match (text.split_once('%'), text.split_once('-')) {
            (Some((part, whole)), _) => Slot::Share(part, whole),
            (None, Some((now, before))) => Slot::Change(now, before),
            (None, None) => Slot::Item(text),
        }
    }

    /// The items it names.
    pub fn items(&self) -> Vec<&'t str> {
        match self {
            Slot::Item(item) | Slot::Change(item, "") => vec![item],
            Slot::Share(a, b) | Slot::Change(a, b) => vec![a, b],
            Slot::Parts(whole, parts) => std::iter::once(*whole).chain(parts.clone()).collect(),
        }
    }
}

/// The pieces of a sentence in order.
pub fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        pieces.push(Piece::Words(before));
        let Some((slot, behind)) = after.split_once('}') else {
            pieces.push(Piece::Unclosed(after));
            return pieces;
        };
        pieces.push(Piece::Slot(Slot::of(slot)));
        rest = behind;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// Which values the report's writer knows beside the cells of forms and accounts.
pub const KNOWN: [&str; 8] = [
    "year",
    "unit",
    "date",
    "filler",
    "grade",
    "problems.count",
    "indicators.count",
    "satisfaction",
];

/// What is told of all forms of a kind (`report_kinds`): "projects.count".
pub const OF_KIND: [&str; 4] = ["count", "amount", "average", "grades"];

impl Rulebook {
    /// The name of a slot's item for people: its own (`report_slots`), or the item's with what qualifies it.
    pub fn slot_name(&self, item: &str) -> Option<String> {
        let first = |dictionary: &str, key: &str| {
            let words = self.dictionary(dictionary)?.get(key)?;
            words.first().cloned()
        };
        let own = first("report_slots", item).or_else(|| first("items", item));
        own.or_else(|| {
            let (base, qualifier) = item.rsplit_once('.')?;
            let base = first("items", base)?;
            Some(format!("{base}{}", first("item_qualifiers", qualifier)?))
        })
        .or_else(|| first("item_qualifiers", item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_a_number_a_share_a_change_or_the_parts_of_a_whole() {
        let all = pieces("支出{a.b}，占{a.b%c}，比预算{a-b}：{a:b+c.*}。");
        let slots: Vec<Slot<'_>> = all
            .into_iter()
            .filter_map(|p| match p {
                Piece::Slot(slot) => Some(slot),
                _ => None,
            })
            .collect();
        assert_eq!(
            slots,
            [
                Slot::Item("a.b"),
                Slot::Share("a.b", "c"),
                Slot::Change("a", "b"),
                Slot::Parts("a", vec!["b", "c.*"]),
            ]
        );
        assert_eq!(pieces("开{了").last(), Some(&Piece::Unclosed("了")));
    }
}
