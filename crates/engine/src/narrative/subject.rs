//! The words before a number come in; the item, project or indicator they name, and which of its numbers, go out.

use super::terms::{Kind, Terms, comparable};
use jiheng_model::Form;

/// Names of the package that words can name: projects, indicators, the unit itself.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Projects of the baseline form and the project forms.
    pub projects: Vec<String>,
    /// Indicators of the department's form.
    pub indicators: Vec<String>,
    /// The unit and its short names, longest first.
    pub units: Vec<String>,
}

/// What words name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// An item of the dictionary.
    Item(String),
    /// A project.
    Project(String),
    /// An indicator of the department's form.
    Indicator(String),
}

/// Of what the sentence speaks at a moment.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Nothing was named yet.
    None,
    /// The department's whole budget.
    Total,
    /// Something that is not in the dictionary.
    Unknown,
    /// Something known.
    Named {
        /// What.
        named: Named,
        /// The words.
        words: String,
        /// The fact with its own number.
        fact: Option<usize>,
    },
}

/// What the words before a number were understood as.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The thing with the words that name it; `None` when the words only qualify the last thing named.
    pub named: Option<(Named, String)>,
    /// Which of its numbers.
    pub qualifier: Option<String>,
}

impl Names {
    /// The names of a package.
    pub fn of(forms: &[Form], units: Vec<String>) -> Names {
        let mut names = Names {
            units,
            ..Names::default()
        };
        for form in forms {
            for row in form.rows("projects") {
                if let Some(name) = form.cell("projects", row, "name") {
                    names.projects.push(project_name(&name.text));
                }
            }
            if let Some(name) = form.project_name() {
                names.projects.push(project_name(&name.text));
            }
            if form.kind() == "department" {
                names.indicators.extend(
                    form.indicators()
                        .filter(|i| !i.is_filler())
                        .filter_map(|i| i.name())
                        .map(|n| comparable(&n.text)),
                );
            }
        }
        for list in [&mut names.projects, &mut names.indicators] {
            list.retain(|n| n.chars().count() >= 2);
            list.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
            list.dedup();
        }
        names
    }

    /// Only indicators, for the texts inside a form.
    pub fn with_indicators(mut indicators: Vec<String>) -> Names {
        indicators.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        indicators.dedup();
        Names {
            indicators,
            ..Names::default()
        }
    }

    /// The indicator whose name ends `words`.
    pub fn indicator_at_end(&self, words: &str) -> Option<&str> {
        self.indicators
            .iter()
            .find(|n| words.ends_with(n.as_str()))
            .map(String::as_str)
    }
}

/// A project's name in comparable form, without the number of its line: "3、 山水项目" → "山水项目".
pub fn project_name(text: &str) -> String {
    let rest = super::sections::mark(text).map_or(text, |m| &text[m.length..]);
    comparable(rest)
}

impl Named {
    /// The key of its own number.
    pub fn item(&self) -> String {
        match self {
            Named::Item(item) => item.clone(),
            Named::Project(_) => "project_line".into(),
            Named::Indicator(_) => "indicator".into(),
        }
    }
}

impl Subject {
    /// What `words` name beside a number of a kind: a named thing and a qualifier. A qualifier alone leaves the thing open.
    pub fn resolve(words: &str, kind: Kind, terms: &Terms, names: &Names) -> Option<Resolved> {
        if words.is_empty() {
            return None;
        }
        if let Some(named) = named(words, kind, terms, names) {
            return Some(Resolved {
                named: Some(named),
                qualifier: None,
            });
        }
        for (rest, (_, key)) in terms.qualifiers.all(words) {
            let rest = rest.strip_suffix('的').unwrap_or(rest);
            if Subject::accepts(rest, terms, names) {
                return Some(Resolved {
                    named: None,
                    qualifier: Some(key.clone()),
                });
            }
            if let Some(named) = named(rest, Kind::Money, terms, names) {
                return Some(Resolved {
                    named: Some(named),
                    qualifier: Some(key.clone()),
                });
            }
        }
        None
    }

    /// `words` say nothing but "of us", "in this year", "among them".
    pub fn accepts(words: &str, terms: &Terms, names: &Names) -> bool {
        let mut rest = words;
        loop {
            if rest.is_empty() {
                return true;
            }
            if super::lines::year_at(rest).is_some() {
                rest = &rest[4 + '年'.len_utf8()..];
                rest = rest.strip_prefix('度').unwrap_or(rest);
                rest = rest.trim_start_matches(['底', '末', ',', ':', '、']);
                continue;
            }
            if let Some(lead) = terms
                .leads
                .iter()
                .chain(&names.units)
                .find(|l| rest.starts_with(l.as_str()))
            {
                rest = &rest[lead.len()..];
                continue;
            }
            return false;
        }
    }

    /// Both name the same.
    pub fn same(&self, other: &Subject) -> bool {
        matches!((self, other), (Subject::Named { named: a, .. }, Subject::Named { named: b, .. }) if a == b)
    }

    /// The fact with the subject's own number.
    pub fn fact(&self) -> Option<usize> {
        match self {
            Subject::Named { fact, .. } => *fact,
            _ => None,
        }
    }

    /// The key of another number of the subject ("three_publics.change.prior").
    pub fn item_with(&self, key: &str) -> Option<String> {
        match self {
            Subject::Named { named, .. } => Some(format!("{}.{key}", named.item())),
            Subject::Total | Subject::None => Some(key.to_string()),
            Subject::Unknown => None,
        }
    }

    /// The label of a number whose words leave the subject out.
    pub fn label(&self, words: &str) -> String {
        match self {
            Subject::Named { words: own, .. } => {
                if words.contains(own.as_str()) {
                    bare(words).to_string()
                } else {
                    format!("{own}{}", bare(words))
                }
            }
            _ => bare(words).to_string(),
        }
    }

    /// The key of a number of this subject, `None` when kind and qualifier do not go together.
    pub fn key(
        &self,
        qualifier: Option<&str>,
        kind: Kind,
        whole: bool,
        words: &str,
        sentence: &str,
        terms: &Terms,
    ) -> Option<String> {
        let rate = matches!(
            qualifier,
            Some("execution_rate" | "control_rate" | "adjustment_rate")
        );
        let of_indicator = matches!(qualifier, Some("target" | "actual" | "score"));
        match self {
            Subject::Named {
                named: Named::Item(item),
                ..
            } => match qualifier {
                None => Some(item.clone()),
                Some(_) if of_indicator && kind != Kind::Money => None,
                Some("outturn" | "actual") => (kind == Kind::Money).then(|| item.clone()),
                Some(q) if rate == (kind == Kind::Ratio) && (rate || kind == Kind::Money) => {
                    Some(format!("{item}.{q}"))
                }
                Some(_) => None,
            },
            Subject::Named {
                named: Named::Project(_),
                ..
            } => match (qualifier, kind) {
                (None | Some("outturn" | "actual"), Kind::Money) => Some("project_line".into()),
                (None, Kind::Ratio) if sentence.contains("执行率") => {
                    Some("project_line.execution_rate".into())
                }
                (Some(q), Kind::Ratio) if rate => Some(format!("project_line.{q}")),
                (Some(q), Kind::Money) if !rate => Some(format!("project_line.{q}")),
                (Some("score"), Kind::Points) => Some("project_line.score".into()),
                _ => None,
            },
            Subject::Named {
                named: Named::Indicator(_),
                ..
            } => match qualifier {
                None | Some("actual") => Some("indicator".into()),
                Some("target") => Some("indicator.target".into()),
                Some("score") if kind == Kind::Points => Some("indicator.score".into()),
                _ => None,
            },
            Subject::None | Subject::Total
                if whole && (rate == (kind == Kind::Ratio)) && (rate || kind == Kind::Money) =>
            {
                let word = terms
                    .total
                    .keys()
                    .filter(|w| words.ends_with(w.as_str()))
                    .max_by_key(|w| w.len())?;
                let key = terms.total.get(word)?;
                (qualifier == Some(key.as_str())).then(|| key.clone())
            }
            _ => None,
        }
    }
}

/// Words without what only joins them to the words before.
pub fn bare(words: &str) -> &str {
    let mut rest = words.trim_start_matches(['、', ':', ',']);
    while let Some(after) = rest.strip_prefix("其中") {
        rest = after.trim_start_matches(['、', ':', ',']);
    }
    rest
}

/// The item, project or indicator that ends `words`, when nothing but acceptable words stand before it.
fn named(words: &str, kind: Kind, terms: &Terms, names: &Names) -> Option<(Named, String)> {
    // Longest first: "商品和服务支出" before "支出".
    for (at, _) in words.char_indices() {
        if let Some(item) = terms.item(&words[at..], kind)
            && Subject::accepts(&words[..at], terms, names)
        {
            return Some((Named::Item(item.to_string()), words[at..].to_string()));
        }
    }
    let ends = |list: &[String]| {
        list.iter()
            .find(|n| {
                words
                    .strip_suffix(n.as_str())
                    .is_some_and(|b| Subject::accepts(b, terms, names))
            })
            .cloned()
    };
    if let Some(name) = ends(&names.indicators) {
        return Some((Named::Indicator(name.clone()), name));
    }
    ends(&names.projects).map(|name| (Named::Project(name.clone()), name))
}
