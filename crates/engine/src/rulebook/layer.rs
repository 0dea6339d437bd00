//! The files of one rulebook folder come in; what that folder itself defines goes out, each definition with its place.

use super::problem::Problem;
use super::source::{At, Folder, Source};
use super::table::{self, Placed, Table};
use super::{Band, Choose, Parameter, ParameterValue};
use crate::rulebook::declared::RuleText;
use jiheng_model::{Basis, Decimal};
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
}

/// Reads the files of a folder, `forms/` excepted.
pub fn read(folder: &Folder, problems: &mut Vec<Problem>) -> Layer {
    let mut layer = Layer {
        id: folder.id.clone(),
        ..Layer::default()
    };
    for source in folder.other_sources() {
        let (root, errors) = DeTable::parse_recoverable(&source.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            problems.push(Problem::new(
                "K101",
                format!("这个文件读不成：{}", error.message()),
                source.spot(&span),
            ));
        }
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
            root.only(&["parameter", "basis", "rule", "about"], problems);
        }
        layer
            .parameters
            .extend(parameters(&root, &folder.id, problems));
        layer.bases.extend(bases(&root, problems));
        layer.rules.extend(
            root.array("rule", problems)
                .iter()
                .map(|t| super::declared::read(t, &folder.id, problems)),
        );
    }
    layer
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
        });
    }
    items
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

fn band(table: &Table<'_>, problems: &mut Vec<Problem>) -> Option<Band> {
    table.only(&["min", "is"], problems);
    let min: Decimal = table::decimal(table.get("min")?.get_ref())?;
    let is = table::word(table.get("is")?.get_ref())?;
    Some(Band { min, is })
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
