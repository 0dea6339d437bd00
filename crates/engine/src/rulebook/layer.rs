//! The files of one rulebook folder come in; what that folder itself defines goes out, each definition with its place.

use super::problem::Problem;
use super::source::{At, Folder, Source};
use super::table::{self, Placed, Table};
use super::{Band, Choose, Parameter, ParameterValue};
use crate::rulebook::declared::RuleText;
use crate::rulebook::library::{self, Entry};
use crate::rulebook::policies::{self, PolicyText};
use jiheng_model::{Basis, Decimal};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// What one folder defines, before anything is inherited.
#[derive(Debug, Default)]
pub struct Layer {
    /// The id its file states; the folder's path when it states none.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// Version of the data.
    pub version: String,
    /// Ids it extends, in order.
    pub extends: Vec<Placed>,
    /// First and last fiscal year it is in force.
    pub in_force: (Option<i16>, Option<i16>),
    /// What in a document points to it.
    pub choose: Choose,
    /// Parameters.
    pub parameters: Vec<Item<Parameter>>,
    /// Bases.
    pub bases: Vec<Item<Basis>>,
    /// Declared rules.
    pub rules: Vec<Item<RuleText>>,
    /// Scoring policies.
    pub policies: Vec<Item<PolicyText>>,
    /// Indicators of the library.
    pub library: Vec<Item<Arc<Entry>>>,
}

/// A definition with its label and place.
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// The label by which it is inherited and overridden.
    pub label: String,
    /// What is defined.
    pub value: T,
    /// Where.
    pub at: At,
    /// "cn/mof/2020:rating", when it says that it changes an inherited definition.
    pub overrides: Option<Placed>,
    /// Keys of its bases with their places.
    pub basis: Vec<Placed>,
    /// The entries of a list, the bands of a scale or the keys of a dictionary, with their places.
    pub parts: Vec<Placed>,
}

/// Reads the files of a folder, `forms/` excepted.
pub fn read(folder: &Folder, problems: &mut Vec<Problem>) -> Layer {
    let mut layer = Layer {
        id: folder.id.clone(),
        ..Layer::default()
    };
    for source in folder.other_sources() {
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        problems.extend(syntax(source, &errors));
        let root = Table {
            source,
            entries: root.get_ref(),
            span: 0..0,
        };
        if source
            .path
            .trim_start_matches(folder.id.as_str())
            .trim_start_matches('/')
            == "rulebook.toml"
        {
            head(&root, &mut layer, problems);
        } else {
            root.only(
                &["parameter", "basis", "rule", "policy", "indicator", "about"],
                problems,
            );
        }
        layer
            .parameters
            .extend(parameters(&root, &folder.id, problems));
        layer.bases.extend(bases(&root, problems));
        layer
            .policies
            .extend(policies::read(&root, &folder.id, problems));
        layer.library.extend(library::read(&root, problems));
        layer.rules.extend(
            root.array("rule", problems)
                .iter()
                .map(|t| super::declared::read(t, &folder.id, problems)),
        );
    }
    layer
}

/// What the TOML reader says of a file; of a name that stands twice, both places.
pub fn syntax(source: &Source, errors: &[toml::de::Error]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let spot = source.spot(&span);
        if !error.message().contains("duplicate key") {
            let message = format!("这个文件读不成：{}", error.message());
            problems.push(Problem::new("K101", message, spot));
            continue;
        }
        let name = source.text.get(span.clone()).unwrap_or_default().trim();
        let message = format!("{name} 在同一个文件里写了两次，不知道以哪处为准");
        match earlier(source, &span) {
            Some(first) => {
                let problem = Problem::new("K201", message, spot);
                problems.push(problem.and(source.spot(&first)));
            }
            // The keys of a table that stands twice are not reported one by one.
            None if problems.iter().any(|p| p.code == "K201") => {}
            None => problems.push(Problem::new("K201", message, spot)),
        }
    }
    problems
}

/// The earlier line that defines the same table, or the same key of the same table.
fn earlier(source: &Source, span: &std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let bare = |line: &str| {
        line.split('#')
            .next()
            .unwrap_or_default()
            .trim()
            .to_string()
    };
    let key = |line: &str| {
        bare(line)
            .split('=')
            .next()
            .unwrap_or_default()
            .trim()
            .to_string()
    };
    let mut lines = Vec::new();
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        if start + line.len() > span.start {
            let own = bare(line);
            let header = own.starts_with('[');
            // A key belongs to the table whose head stands above it.
            let same_table = |l: &&(usize, &str)| !bare(l.1).starts_with('[');
            let found = match header {
                true => lines
                    .iter()
                    .rev()
                    .find(|l: &&(usize, &str)| bare(l.1) == own),
                false => {
                    (lines.iter().rev().take_while(same_table)).find(|l| key(l.1) == key(line))
                }
            };
            return found.map(|(at, line)| {
                let name = source.text.get(span.clone()).unwrap_or_default();
                let start = at + line.find(name).unwrap_or(0);
                start..start + name.len()
            });
        }
        lines.push((start, line));
        start += line.len();
    }
    None
}

/// The head of `rulebook.toml`.
fn head(root: &Table<'_>, layer: &mut Layer, problems: &mut Vec<Problem>) {
    let known = [
        "id",
        "title",
        "version",
        "extends",
        "in_force",
        "choose",
        "about",
        "parameter",
        "basis",
        "rule",
        "policy",
    ];
    root.only(&known, problems);
    let id = root.required("id", problems);
    if !layer.id.is_empty() && id.text != layer.id {
        let message = format!("id 写作 {}，文件夹是 {}，两者应相同", id.text, layer.id);
        root.problem("K102", message, &id.at.span, problems);
    }
    if layer.id.is_empty() {
        layer.id = id.text;
    }
    layer.title = root.required("title", problems).text;
    layer.version = root.required("version", problems).text;
    layer.extends = root.strings("extends", problems).unwrap_or_default();
    if let Some(force) = root.table("in_force", problems) {
        force.only(&["from", "to"], problems);
        let mut year = |key: &str| {
            let value = force.get(key)?;
            let year = table::decimal(value.get_ref()).and_then(|d| i16::try_from(d).ok());
            if year.is_none() {
                force.problem(
                    "K102",
                    format!("{key} 应是一个年度，例如 2023"),
                    &value.span(),
                    problems,
                );
            }
            year
        };
        layer.in_force = (year("from"), year("to"));
    }
    if let Some(choose) = root.table("choose", problems) {
        choose.only(
            &[
                "places",
                "words",
                "unless",
                "forms",
                "forms_enough",
                "fallback",
            ],
            problems,
        );
        let forms_enough = choose.get("forms_enough").map(|v| {
            (
                v,
                table::decimal(v.get_ref()).and_then(|d| usize::try_from(d).ok()),
            )
        });
        if let Some((value, None)) = &forms_enough {
            choose.problem("K102", "forms_enough 应是整数", &value.span(), problems);
        }
        let mut texts = |key| {
            choose
                .strings(key, problems)
                .unwrap_or_default()
                .into_iter()
                .map(|p| p.text)
                .collect()
        };
        layer.choose = Choose {
            places: texts("places"),
            words: texts("words"),
            unless: texts("unless"),
            forms: texts("forms"),
            forms_enough: forms_enough.and_then(|(_, n)| n).unwrap_or(1),
            fallback: matches!(
                choose.get("fallback").map(|v| v.get_ref()),
                Some(DeValue::Boolean(true))
            ),
        };
    }
}

fn parameters(root: &Table<'_>, from: &str, problems: &mut Vec<Problem>) -> Vec<Item<Parameter>> {
    let mut items = Vec::new();
    for (name, table) in root.named("parameter", problems) {
        table.only(&["value", "basis", "overrides", "about"], problems);
        let basis = table.strings("basis", problems).unwrap_or_default();
        let Some(raw) = table.get("value") else {
            table.problem(
                "K102",
                format!("参数 {} 缺少 value", name.text),
                &name.at.span,
                problems,
            );
            continue;
        };
        let Some(value) = parameter_value(&table, raw.get_ref(), problems) else {
            let message = format!(
                "参数 {} 的值应是整数、文字、一组文字、分档或词典；小数写成带引号的文字，例如 \"0.5\"",
                name.text
            );
            table.problem("K102", message, &raw.span(), problems);
            continue;
        };
        let value = Parameter {
            value,
            basis: basis.iter().map(|b| b.text.clone()).collect(),
            from: from.to_string(),
        };
        items.push(Item {
            label: name.text,
            value,
            at: name.at,
            overrides: table.string("overrides", problems),
            basis,
            parts: parts(&table, raw.get_ref()),
        });
    }
    items
}

/// The places of what a value is made of, in the order in which they are written.
fn parts(table: &Table<'_>, value: &DeValue<'_>) -> Vec<Placed> {
    let placed = |text: String, span| Placed {
        text,
        at: table.place(&span),
    };
    match value {
        DeValue::Array(items) => items
            .iter()
            .map(|i| placed(table::word(i.get_ref()).unwrap_or_default(), i.span()))
            .collect(),
        DeValue::Table(entries) => entries
            .iter()
            .map(|(key, _)| placed(key.get_ref().to_string(), key.span()))
            .collect(),
        _ => Vec::new(),
    }
}

fn parameter_value(
    table: &Table<'_>,
    value: &DeValue<'_>,
    problems: &mut Vec<Problem>,
) -> Option<ParameterValue> {
    if let Some(number) = table::decimal(value) {
        return Some(ParameterValue::Number(number));
    }
    match value {
        DeValue::String(text) => Some(ParameterValue::Text(text.to_string())),
        DeValue::Boolean(truth) => Some(ParameterValue::Text(truth.to_string())),
        DeValue::Array(items)
            if items
                .iter()
                .all(|i| matches!(i.get_ref(), DeValue::Table(_)))
                && !items.is_empty() =>
        {
            items
                .iter()
                .map(|i| band(&table::as_table(table.source, i)?, problems))
                .collect::<Option<_>>()
                .map(ParameterValue::Bands)
        }
        DeValue::Array(items) => items
            .iter()
            .map(|i| table::word(i.get_ref()))
            .collect::<Option<_>>()
            .map(ParameterValue::Words),
        DeValue::Table(entries) => {
            let inner = Table {
                source: table.source,
                entries,
                span: table.span.clone(),
            };
            Some(ParameterValue::Dictionary(table::dictionary(
                &inner, problems,
            )))
        }
        _ => None,
    }
}

/// A band of a scale: `{ min = 90, is = "优" }`.
pub fn band(table: &Table<'_>, problems: &mut Vec<Problem>) -> Option<Band> {
    table.only(&["min", "below", "is"], problems);
    let min: Decimal = table::decimal(table.get("min")?.get_ref())?;
    let below = match table.get("below") {
        Some(value) => Some(table::decimal(value.get_ref())?),
        None => None,
    };
    let is = table::word(table.get("is")?.get_ref())?;
    Some(Band { min, below, is })
}

fn bases(root: &Table<'_>, problems: &mut Vec<Problem>) -> Vec<Item<Basis>> {
    let mut items = Vec::new();
    for (name, table) in root.named("basis", problems) {
        let kind = table.required("kind", problems);
        let mut need = |key: &str| table.required(key, problems).text;
        let (value, known) = match kind.text.as_str() {
            "clause" => (
                Basis::Clause {
                    document: need("document"),
                    article: need("article"),
                    sentence: need("sentence"),
                },
                [
                    "kind",
                    "overrides",
                    "about",
                    "document",
                    "article",
                    "sentence",
                ]
                .as_slice(),
            ),
            "form" => (
                Basis::Form {
                    source: need("source"),
                    place: need("place"),
                    sentence: need("sentence"),
                },
                ["kind", "overrides", "about", "source", "place", "sentence"].as_slice(),
            ),
            "practice" => (
                practice(&table, problems),
                [
                    "kind",
                    "overrides",
                    "about",
                    "source",
                    "section",
                    "sentence",
                ]
                .as_slice(),
            ),
            _ => {
                let message = "kind 应是 clause（条款）、form（印出的表样）或 practice（通行做法）";
                table.problem("K102", message, &kind.at.span, problems);
                continue;
            }
        };
        table.only(known, problems);
        let overrides = table.string("overrides", problems);
        items.push(Item {
            label: name.text,
            value,
            at: name.at,
            overrides,
            basis: Vec::new(),
            parts: Vec::new(),
        });
    }
    items
}

/// A practice names its source and, where the source has them, the section.
fn practice(table: &Table<'_>, problems: &mut Vec<Problem>) -> Basis {
    let mut source = table.required("source", problems).text;
    if let Some(section) = table.string("section", problems) {
        source.push(' ');
        source.push_str(&section.text);
    }
    Basis::Practice {
        source,
        sentence: table.required("sentence", problems).text,
    }
}

/// The file of a place, for spots.
pub fn source_of<'a>(folders: &'a [Folder], at: &At) -> Option<&'a Source> {
    folders
        .iter()
        .flat_map(|f| &f.sources)
        .find(|s| s.path == at.path)
}
