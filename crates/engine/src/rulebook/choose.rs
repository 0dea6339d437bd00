//! The documents of a package come in; the rulebook that they point to, and why, goes out.

use super::{Choice, Rulebook, Shelf, Unknown};
use foldhash::{HashMap, HashSet};
use jiheng_model::{Document, label};
use memchr::memmem;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The words of all rulebooks of a shelf by which documents point to them, with their numbers.
#[derive(Debug, Default)]
pub struct Pointers(OnceLock<Search>);

/// Longer texts (in bytes) are rarely the same.
const SHORT: usize = 96;

/// Each word's number, and the words with their numbers by their first characters.
type Search = (HashMap<String, usize>, ByFirst);

/// Words by their first characters, and what tells most other characters at once.
#[derive(Debug)]
struct ByFirst {
    /// The first two bytes of the words, a bit each.
    beginnings: Box<[u64; 1024]>,
    words: HashMap<char, Vec<(String, usize)>>,
}

impl ByFirst {
    /// Words of less than two bytes say nothing and are left out.
    fn of<'w>(words: impl Iterator<Item = (&'w String, &'w usize)>) -> ByFirst {
        let mut by_first = ByFirst {
            beginnings: Box::new([0; 1024]),
            words: HashMap::default(),
        };
        for (word, number) in words {
            if let (Some(first), [one, two, ..]) = (word.chars().next(), word.as_bytes()) {
                let (place, bit) = Self::bit(*one, *two);
                by_first.beginnings[place] |= bit;
                let same = by_first.words.entry(first).or_default();
                same.push((word.clone(), *number));
            }
        }
        by_first
    }

    #[inline]
    fn bit(one: u8, two: u8) -> (usize, u64) {
        let both = usize::from(one) << 8 | usize::from(two);
        (both / 64, 1 << (both % 64))
    }

    /// Calls `each` with the number of every word in a text.
    fn sift(&self, text: &str, mut each: impl FnMut(usize)) {
        let bytes = text.as_bytes();
        let mut next = 0;
        while let Some([one, two]) = bytes.get(next..next + 2) {
            let at = next;
            // From character to character.
            next += match one {
                0..0x80 => 1,
                0x80..0xe0 => 2,
                0xe0..0xf0 => 3,
                _ => 4,
            };
            let (place, bit) = Self::bit(*one, *two);
            if self.beginnings[place] & bit == 0 {
                continue;
            }
            let rest = text.get(at..).unwrap_or_default();
            let first = rest.chars().next();
            for (word, number) in first.and_then(|c| self.words.get(&c)).into_iter().flatten() {
                if rest.starts_with(word.as_str()) {
                    each(*number);
                }
            }
        }
    }
}

impl Shelf {
    /// The rulebook for these documents, or the one asked for by id.
    ///
    /// # Errors
    /// When `id` names no rulebook of the shelf, or the shelf is empty.
    pub fn choose(
        &self,
        documents: &[Document],
        id: Option<&str>,
    ) -> Result<(Arc<Rulebook>, Choice), Unknown> {
        let unknown = |id: &str| Unknown {
            id: id.to_string(),
            known: self.rulebooks.keys().cloned().collect(),
        };
        if let Some(id) = id {
            let rulebook = self.rulebooks.get(id).ok_or_else(|| unknown(id))?;
            return Ok((
                rulebook.clone(),
                Choice {
                    why: "按指定的规程包核对".into(),
                    fallback: false,
                },
            ));
        }
        let year = fiscal_year(documents);
        let named = self.named(documents);
        let pointed = self
            .rulebooks
            .values()
            .filter_map(|rulebook| Some((points(rulebook, documents, &named)?, rulebook)));
        let best = pointed.max_by(|(a, x), (b, y)| {
            let rank = |p: &Pointer, r: &Rulebook| {
                (p.strength, in_force(r, year), r.chain.len(), r.in_force.0)
            };
            rank(a, x).cmp(&rank(b, y)).then_with(|| y.id.cmp(&x.id))
        });
        if let Some((pointer, rulebook)) = best {
            let mut why = pointer.why;
            if let Some(year) = year.filter(|_| !in_force(rulebook, year)) {
                why.push_str(&format!(
                    "；没有 {year} 年度的规程包，按《{}》核对",
                    rulebook.title
                ));
            }
            return Ok((
                rulebook.clone(),
                Choice {
                    why,
                    fallback: false,
                },
            ));
        }
        let fallback = self
            .rulebooks
            .values()
            .find(|r| r.choose.fallback)
            .ok_or_else(|| unknown(""))?;
        let why = format!(
            "材料没有写明所在地和所依据的规程，按《{}》核对；有本地规程的，请用 --rulebook 指定",
            fallback.title
        );
        Ok((
            fallback.clone(),
            Choice {
                why,
                fallback: true,
            },
        ))
    }
}

impl Shelf {
    /// Answers which of the words that point to rulebooks the documents have; each text is read once.
    fn named(&self, documents: &[Document]) -> impl Fn(&str) -> bool {
        let (numbers, search) = self.pointers.0.get_or_init(|| {
            let mut numbers: HashMap<String, usize> = HashMap::default();
            let chooses = self.rulebooks.values().map(|rulebook| &rulebook.choose);
            for word in chooses
                .flat_map(|c| [&c.unless, &c.words, &c.forms, &c.places])
                .flatten()
            {
                let number = numbers.len();
                numbers.entry(word.clone()).or_insert(number);
            }
            let search = ByFirst::of(numbers.iter());
            (numbers, search)
        });
        let mut found = vec![false; numbers.len()];
        // The forms of a package say the same words again and again.
        let mut seen: HashSet<&str> = HashSet::default();
        for document in documents {
            let paragraphs = document.paragraphs.iter().map(|p| &p.text);
            let cells = document.tables.iter().flat_map(|t| &t.cells);
            for range in paragraphs.chain(cells.map(|c| &c.text)) {
                let text = document.slice(range);
                if text.len() > SHORT || seen.insert(text) {
                    search.sift(text, |word| found[word] = true);
                }
            }
        }
        move |word| numbers.get(word).is_some_and(|number| found[*number])
    }
}

/// How strongly and by what a document points to a rulebook.
struct Pointer {
    strength: u32,
    why: String,
}

fn points(
    rulebook: &Rulebook,
    documents: &[Document],
    has: &impl Fn(&str) -> bool,
) -> Option<Pointer> {
    let choose = &rulebook.choose;
    let named = |words: &[String]| words.iter().find(|word| has(word)).cloned();
    if named(&choose.unless).is_some() {
        return None;
    }
    let word = named(&choose.words);
    let place = choose
        .places
        .iter()
        .find(|p| has(p) && documents.iter().any(|d| begins_with(d, p)));
    let forms = choose
        .forms
        .iter()
        .filter(|f| named(std::slice::from_ref(f)).is_some())
        .count();
    let by_forms = !choose.forms.is_empty() && forms >= choose.forms_enough;
    // A place outweighs forms, and forms a regulation: a city's report names national ones among its grounds too.
    let strength =
        u32::from(place.is_some()) * 4 + u32::from(by_forms) * 2 + u32::from(word.is_some());
    let mut reasons = Vec::new();
    if let Some(place) = place {
        reasons.push(format!("单位名称或标题以“{place}”开头"));
    }
    if let Some(word) = word {
        reasons.push(format!("材料写明依据“{word}”"));
    }
    if by_forms {
        reasons.push(format!("材料用的是{}", rulebook.title));
    }
    (strength > 0).then(|| Pointer {
        strength,
        why: reasons.join("，"),
    })
}

/// A cell or a title of the document begins with the name of the place.
///
/// A place that is only mentioned in a sentence does not count.
fn begins_with(document: &Document, place: &str) -> bool {
    let starts = |text: &str| {
        // A text that begins with a Chinese character has nothing to trim there; most begin with another one.
        let letter = |of: &str, at: usize| of.as_bytes().get(at).copied();
        let told = matches!(letter(text, 0), Some(0xe5..=0xe9));
        let alike = (0..2).all(|at| letter(text, at) == letter(place, at));
        text.len() >= place.len()
            && (alike || !told)
            && label::trim(text).starts_with(place)
            && text.chars().count() <= 60
    };
    document
        .paragraphs
        .iter()
        .any(|p| starts(document.slice(&p.text)))
        || document
            .tables
            .iter()
            .flat_map(|t| &t.cells)
            .any(|c| starts(document.cell_text(c)))
}

/// The year that most often stands before "年度"; the earlier one of two that are equally frequent.
fn fiscal_year(documents: &[Document]) -> Option<i16> {
    let mut counts: BTreeMap<i16, u32> = BTreeMap::new();
    for document in documents {
        for at in memmem::find_iter(document.text.as_bytes(), "年度") {
            let before = document.text.get(at.saturating_sub(4)..at);
            if let Some(year) = before
                .and_then(|y| y.parse::<i16>().ok())
                .filter(|y| (1990..2100).contains(y))
            {
                *counts.entry(year).or_default() += 1;
            }
        }
    }
    counts
        .into_iter()
        .max_by_key(|(year, count)| (*count, -*year))
        .map(|(year, _)| year)
}

/// The rulebook is in force in this year; a document without a year speaks against none.
fn in_force(rulebook: &Rulebook, year: Option<i16>) -> bool {
    let Some(year) = year else { return true };
    rulebook.in_force.0.is_none_or(|from| from <= year)
        && rulebook.in_force.1.is_none_or(|to| year <= to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Choose;
    use jiheng_model::{Format, document::Paragraph};

    fn document(paragraphs: &[&str]) -> Document {
        let mut document = Document::empty("x", Format::Text);
        for text in paragraphs {
            let start = document.text.len() as u32;
            document.text.push_str(text);
            let range = start..document.text.len() as u32;
            document.paragraphs.push(Paragraph {
                text: range,
                numbering: 0,
                level: None,
                bytes: 0..0,
            });
        }
        document
    }

    fn shelf() -> Shelf {
        let book = |id: &str, choose: Choose, from: i16| {
            let book = Rulebook {
                id: id.into(),
                title: id.into(),
                choose,
                in_force: (Some(from), None),
                ..Rulebook::default()
            };
            (id.to_string(), Arc::new(book))
        };
        let words = |list: &[&str]| list.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        Shelf {
            rulebooks: [
                book(
                    "base",
                    Choose {
                        fallback: true,
                        words: words(&["甲号文"]),
                        ..Choose::default()
                    },
                    2020,
                ),
                book(
                    "place",
                    Choose {
                        places: words(&["丙市"]),
                        words: words(&["丙市规程"]),
                        ..Choose::default()
                    },
                    2023,
                ),
                book(
                    "other",
                    Choose {
                        words: words(&["乙号文"]),
                        unless: words(&["甲号文"]),
                        ..Choose::default()
                    },
                    2021,
                ),
            ]
            .into(),
            ..Shelf::default()
        }
    }

    #[test]
    fn a_place_counts_only_where_a_name_or_title_begins_with_it() {
        let shelf = shelf();
        let chosen = |texts: &[&str]| shelf.choose(&[document(texts)], None).unwrap();
        assert_eq!(chosen(&["丙市水利局2023年度自评报告"]).0.id, "place");
        let (book, choice) = chosen(&["丁市水利局2023年度自评报告", "公路丙市段改扩建"]);
        assert_eq!((book.id.as_str(), choice.fallback), ("base", true));
    }

    #[test]
    fn a_place_is_stronger_than_a_regulation_and_unless_speaks_against() {
        let shelf = shelf();
        let chosen = |texts: &[&str]| shelf.choose(&[document(texts)], None).unwrap().0.id.clone();
        assert_eq!(chosen(&["丁市水利局", "依据丙市规程"]), "place");
        assert_eq!(chosen(&["丙市水利局", "依据甲号文"]), "place");
        assert_eq!(chosen(&["依据乙号文"]), "other");
        assert_eq!(chosen(&["依据甲号文和乙号文"]), "base");
    }

    #[test]
    fn a_year_before_the_rulebook_is_said() {
        let (_, choice) = shelf()
            .choose(&[document(&["丙市水利局2021年度自评报告"])], None)
            .unwrap();
        assert!(
            choice.why.contains("没有 2021 年度的规程包"),
            "{}",
            choice.why
        );
    }

    #[test]
    fn an_unknown_id_names_the_known_ones() {
        let error = shelf().choose(&[], Some("nowhere")).unwrap_err();
        assert_eq!(error.known, ["base", "other", "place"]);
    }
}
