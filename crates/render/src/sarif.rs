//! Results come in; a SARIF 2.1.0 log goes out, for code hosts and editors that show findings.
//!
//! Office files have no lines; a place is a logical location ("表1 行28 列6") in an artifact.

use crate::place::one_line;
use crate::results::Results;
use jiheng_model::finding::{Finding, Place};
use jiheng_model::{RuleInfo, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    artifacts: Vec<Artifact>,
    results: Vec<Item<'a>>,
    column_kind: &'static str,
    language: &'static str,
    properties: RunProperties<'a>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    full_name: &'static str,
    version: &'static str,
    language: &'static str,
    rules: Vec<Descriptor<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'a> {
    id: &'a str,
    name: &'a str,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: Configuration,
    properties: DescriptorProperties<'a>,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct DescriptorProperties<'a> {
    tags: &'a [String],
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Artifact {
    location: ArtifactLocation,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Accepted>,
    properties: ItemProperties<'a>,
}

#[derive(Serialize)]
struct Accepted {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    logical_locations: [LogicalLocation; 1],
    message: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemProperties<'a> {
    stated: Option<&'a str>,
    computed: Option<&'a str>,
    derivation: Option<&'a str>,
    why: &'a str,
    basis: &'a str,
    advice: &'a str,
    covers: &'a [String],
    args: &'a BTreeMap<String, String>,
    caused_by: Option<usize>,
}

#[derive(Serialize)]
struct RunProperties<'a> {
    rulebook: String,
    unchecked: Vec<Unchecked<'a>>,
}

#[derive(Serialize)]
struct Unchecked<'a> {
    code: &'a str,
    why: &'a str,
}

/// The SARIF log of a package.
pub fn sarif(results: &Results<'_>) -> String {
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "jiheng",
                    full_name: "绩衡",
                    version: env!("CARGO_PKG_VERSION"),
                    language: "zh-CN",
                    rules: results.rules.iter().map(descriptor).collect(),
                },
            },
            artifacts: results
                .documents
                .iter()
                .map(|d| Artifact {
                    location: ArtifactLocation {
                        uri: uri(&d.name),
                        index: None,
                    },
                })
                .collect(),
            results: results.findings.iter().map(|f| item(f, results)).collect(),
            column_kind: "unicodeCodePoints",
            language: "zh-CN",
            properties: RunProperties {
                rulebook: results.rulebook_label(),
                unchecked: results
                    .unchecked()
                    .map(|o| Unchecked {
                        code: &o.code,
                        why: &o.note,
                    })
                    .collect(),
            },
        }],
    };
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_else(|_| "{}".into());
    text.push('\n');
    text
}

fn descriptor(rule: &RuleInfo) -> Descriptor<'_> {
    Descriptor {
        id: &rule.code,
        name: &rule.slug,
        short_description: Text {
            text: rule.title.clone(),
        },
        full_description: Text {
            text: rule.what.clone(),
        },
        help: Text {
            text: format!("为什么：{}\n怎么办：{}", rule.why, rule.advice),
        },
        default_configuration: Configuration {
            level: level(rule.severity),
        },
        properties: DescriptorProperties { tags: &rule.covers },
    }
}

fn item<'a>(finding: &'a Finding, results: &Results<'a>) -> Item<'a> {
    let mut places = finding.places.iter();
    Item {
        rule_id: &finding.code,
        rule_index: results.rules.iter().position(|r| r.code == finding.code),
        level: level(finding.severity),
        message: Text {
            text: finding.message.clone(),
        },
        locations: places
            .next()
            .map(|p| location(p, None, results))
            .into_iter()
            .collect(),
        related_locations: places
            .enumerate()
            .map(|(i, p)| location(p, Some(i + 1), results))
            .collect(),
        suppressions: (finding.suppressed.iter())
            .map(|s| Accepted {
                kind: "external",
                status: "accepted",
                justification: s.sentence(),
            })
            .collect(),
        properties: ItemProperties {
            stated: finding.stated.as_deref(),
            computed: finding.computed.as_deref(),
            derivation: finding.derivation.as_deref(),
            why: &finding.why,
            basis: &finding.basis,
            advice: &finding.advice,
            covers: &finding.covers,
            args: &finding.args,
            caused_by: finding.caused_by,
        },
    }
}

fn location(place: &Place, id: Option<usize>, results: &Results<'_>) -> Location {
    let file = place.origin.file as usize;
    let name = results.documents.get(file).map_or("", |d| d.name.as_str());
    Location {
        id,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri(name),
                index: Some(file),
            },
        },
        logical_locations: [LogicalLocation {
            name: results.place_name(place),
            fully_qualified_name: results.position(&place.origin),
            kind: "element",
        }],
        message: Text {
            text: one_line(&place.text),
        },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

/// A relative URI: everything but unreserved characters and "/" percent-encoded.
fn uri(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
