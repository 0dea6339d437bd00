//! The lexicons of a rulebook come in; their words, in the form in which labels are compared and sorted for searching, go out.

use crate::rulebook::Rulebook;
use foldhash::HashMap;
use jiheng_model::label;
use jiheng_model::unit::{Dimension, Unit};
use memchr::memmem::Finder;

/// What kind of number a unit makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 元, 万元, 亿元.
    Money,
    /// 人.
    Person,
    /// %, 个百分点.
    Ratio,
    /// 分.
    Points,
    /// 个, 户, 份 and the like.
    Count,
    /// Anything else, and no unit.
    Other,
}

impl Kind {
    /// The kind of a unit.
    pub fn of(unit: Option<&Unit>) -> Kind {
        match unit.map(|u| u.dimension) {
            Some(Dimension::Money) => Kind::Money,
            Some(Dimension::Person) => Kind::Person,
            Some(Dimension::Ratio) => Kind::Ratio,
            Some(Dimension::Points) => Kind::Points,
            Some(Dimension::Count) => Kind::Count,
            _ => Kind::Other,
        }
    }

    fn named(name: &str) -> Kind {
        match name {
            "person" => Kind::Person,
            "ratio" => Kind::Ratio,
            "points" => Kind::Points,
            "count" => Kind::Count,
            _ => Kind::Money,
        }
    }
}

/// A word and the key it stands for.
pub type Keyed = (String, String);

/// Words with what they stand for, looked for at the ends of texts.
#[derive(Debug)]
pub struct Endings<T>(HashMap<char, Vec<(String, T)>>);

impl<T> Default for Endings<T> {
    fn default() -> Self {
        Endings(HashMap::default())
    }
}

impl<T> Endings<T> {
    /// Of words that end a text alike the earlier one counts.
    fn of(words: impl IntoIterator<Item = (String, T)>) -> Endings<T> {
        let mut by_last: HashMap<char, Vec<(String, T)>> = HashMap::default();
        for (word, stands_for) in words {
            if let Some(last) = word.chars().next_back() {
                by_last.entry(last).or_default().push((word, stands_for));
            }
        }
        Endings(by_last)
    }

    /// What stands before the words that end a text, and what they stand for; the first of the list first.
    pub fn all<'t>(&self, text: &'t str) -> impl Iterator<Item = (&'t str, &(String, T))> {
        let last = text.chars().next_back();
        let words = last.and_then(|last| self.0.get(&last));
        let words = words.map_or(&[][..], Vec::as_slice).iter();
        words.filter_map(|word| Some((text.strip_suffix(word.0.as_str())?, word)))
    }

    /// The first of the list that ends a text.
    pub fn first<'t>(&self, text: &'t str) -> Option<(&'t str, &(String, T))> {
        self.all(text).next()
    }
}

/// The lexicons of a rulebook, made ready once.
#[derive(Debug, Default)]
pub struct Terms {
    /// Item by comparable words; several when the words mean different things beside different units.
    pub items: HashMap<String, Vec<(Kind, String)>>,
    /// Qualifiers, longest first.
    pub qualifiers: Endings<String>,
    /// Qualifiers that alone speak of the department's whole budget.
    pub total: HashMap<String, String>,
    /// Words that may stand before an item's name, longest first.
    pub leads: Vec<String>,
    /// Words between name and number, longest first.
    pub verbs: Endings<()>,
    /// Words that make a number a bound.
    pub bounds: Endings<()>,
    /// Words of change, longest first, with true for growth.
    pub directions: Endings<bool>,
    /// What a change is against, longest first.
    pub bases: Vec<Keyed>,
    /// Words that begin a share, longest first.
    pub shares: Vec<String>,
    /// Words before a grade.
    pub grade_words: Vec<Finder<'static>>,
    /// Grades and their rank, longest first.
    pub grades: Vec<(String, u8)>,
    /// Whole → alternatives of parts.
    pub partitions: HashMap<String, Vec<Vec<String>>>,
    /// Beginnings of sentences that list all parts of an item.
    pub list_heads: Vec<Keyed>,
    /// Statements without a number.
    pub nils: Vec<(Finder<'static>, String)>,
    /// Titles of the outline, in comparable form.
    pub outline: HashMap<String, String>,
    /// Level by outline key.
    pub levels: HashMap<String, u8>,
    /// Outline keys whose numbers state nothing.
    pub without_facts: Vec<String>,
    /// Outline keys of sections about plans.
    pub plans: Vec<String>,
    /// Ends of report titles.
    pub report_titles: Vec<String>,
    /// Labels of the unit's name on the cover.
    pub unit_labels: Vec<String>,
}

impl Terms {
    /// Reads the lexicons of a rulebook.
    pub fn of(rulebook: &Rulebook) -> Terms {
        let mut kinds = HashMap::default();
        for (kind, items) in rulebook.dictionary("item_kinds").into_iter().flatten() {
            for item in items {
                kinds.insert(item.as_str(), Kind::named(kind));
            }
        }
        let mut items: HashMap<String, Vec<(Kind, String)>> = HashMap::default();
        for (item, words) in rulebook.dictionary("items").into_iter().flatten() {
            let kind = kinds.get(item.as_str()).copied().unwrap_or(Kind::Money);
            for word in words {
                items
                    .entry(comparable(word))
                    .or_default()
                    .push((kind, item.clone()));
            }
        }
        // Names of items (项) repeat from class to class: only classes and sections (类、款) stand for amounts.
        let classes = rulebook.class_names("functional_classes");
        for class in classes.filter(|c| c.code.len() <= 5 && c.in_use(None)) {
            let entry = items.entry(comparable(class.text)).or_default();
            if entry.is_empty() {
                entry.push((Kind::Money, format!("func.{}", class.code)));
            }
        }
        let endings = |name| Endings::of(words(rulebook, name).into_iter().map(|word| (word, ())));
        let directions = keyed(rulebook, "change_directions")
            .into_iter()
            .map(|(w, k)| (w, k == "up"));
        let grades = keyed(rulebook, "grade_names")
            .into_iter()
            .filter_map(|(w, k)| Some((w, k.parse().ok()?)))
            .collect();
        let partitions = rulebook
            .dictionary("item_partitions")
            .into_iter()
            .flatten()
            .map(|(whole, lists)| {
                (
                    whole.clone(),
                    lists
                        .iter()
                        .map(|l| l.split('+').map(|p| p.trim().to_string()).collect())
                        .collect(),
                )
            })
            .collect();
        let mut levels = HashMap::default();
        for (level, keys) in rulebook.dictionary("outline_levels").into_iter().flatten() {
            for key in keys {
                levels.insert(key.clone(), level.parse().unwrap_or(1));
            }
        }
        Terms {
            items,
            qualifiers: Endings::of(keyed(rulebook, "item_qualifiers")),
            total: keyed(rulebook, "total_qualifiers").into_iter().collect(),
            leads: words(rulebook, "item_lead_words"),
            verbs: endings("item_verbs"),
            bounds: endings("bound_words"),
            directions: Endings::of(directions),
            bases: keyed(rulebook, "change_bases"),
            shares: words(rulebook, "share_words"),
            grade_words: rulebook
                .words("grade_words")
                .iter()
                .map(|w| Finder::new(w).into_owned())
                .collect(),
            grades,
            partitions,
            list_heads: keyed(rulebook, "list_heads"),
            nils: keyed(rulebook, "nil_statements")
                .into_iter()
                .map(|(w, k)| (Finder::new(&w).into_owned(), k))
                .collect(),
            outline: keyed(rulebook, "outline").into_iter().collect(),
            levels,
            without_facts: rulebook.words("outline_without_facts").to_vec(),
            plans: rulebook.words("outline_of_plans").to_vec(),
            report_titles: words(rulebook, "report_titles"),
            unit_labels: words(rulebook, "unit_labels"),
        }
    }

    /// The item that exactly these words name beside a number of this kind.
    pub fn item(&self, words: &str, kind: Kind) -> Option<&str> {
        self.items
            .get(words)?
            .iter()
            .find(|(k, _)| *k == kind)
            .map(|(_, item)| item.as_str())
    }

    /// The rank of a grade (1 is the best), when the text begins with one; and the grade.
    pub fn grade_at<'t>(&self, text: &'t str) -> Option<(&'t str, u8)> {
        self.grades
            .iter()
            .find(|(g, _)| text.starts_with(g.as_str()))
            .map(|(g, rank)| (&text[..g.len()], *rank))
    }

    /// The way a label of change points: growth or decrease.
    pub fn direction(&self, label: &str) -> Option<bool> {
        self.directions.first(label).map(|(_, (_, up))| *up)
    }
}

/// A label without white space and quotation marks, half-width.
pub fn comparable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if label::is_blank(c) || is_quote(c) {
            continue;
        }
        out.push(label::half_width(c));
    }
    out
}

/// Quotation marks of any kind.
pub fn is_quote(c: char) -> bool {
    matches!(
        c,
        '“' | '”' | '"' | '＂' | '‘' | '’' | '\'' | '「' | '」' | '『' | '』'
    )
}

fn words(rulebook: &Rulebook, name: &str) -> Vec<String> {
    let mut list: Vec<String> = rulebook.words(name).iter().map(|w| comparable(w)).collect();
    list.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    list
}

fn keyed(rulebook: &Rulebook, name: &str) -> Vec<Keyed> {
    let mut list: Vec<Keyed> = rulebook
        .dictionary(name)
        .into_iter()
        .flatten()
        .flat_map(|(key, words)| words.iter().map(move |w| (comparable(w), key.clone())))
        .collect();
    list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.cmp(b)));
    list
}
