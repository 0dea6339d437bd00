//! Rules come in; the JSON of `jiheng rule --format json` goes out.

use super::print;
use jiheng_model::rule::{Basis, Family, Fix, RuleInfo, Severity, Status};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is known of a rule beyond its own page: the cases that exercise it.
#[derive(Clone, Debug, Default)]
pub struct RuleExtras {
    /// Names of cases in which it fires.
    pub cases_firing: Vec<String>,
    /// Names of cases in which it is silent.
    pub cases_quiet: Vec<String>,
    /// Names of the injected kinds of defect that make it fire.
    pub mutations: Vec<String>,
}

#[derive(Serialize)]
struct RuleOut<'a> {
    code: &'a str,
    slug: &'a str,
    title: &'a str,
    severity: Severity,
    status: Status,
    since: &'a str,
    family: Family,
    covers: &'a [String],
    rulebook: &'a str,
    fix: Option<&'static str>,
    basis: Vec<BasisOut<'a>>,
    cases_firing: &'a [String],
    cases_quiet: &'a [String],
    mutations: &'a [String],
}

#[derive(Serialize)]
struct BasisOut<'a> {
    key: &'a str,
    cite: Option<String>,
    #[serde(flatten)]
    basis: Option<&'a Basis>,
}

/// The JSON of `rule`: one object per rule, sorted by code.
pub fn rules(
    rules: &[RuleInfo],
    bases: &BTreeMap<String, Basis>,
    extras: &BTreeMap<String, RuleExtras>,
) -> String {
    let nothing = RuleExtras::default();
    let mut out: Vec<RuleOut<'_>> = rules
        .iter()
        .map(|rule| {
            let extra = extras.get(&rule.code).unwrap_or(&nothing);
            RuleOut {
                code: &rule.code,
                slug: &rule.slug,
                title: &rule.title,
                severity: rule.severity,
                status: rule.status,
                since: &rule.since,
                family: rule.family(),
                covers: &rule.covers,
                rulebook: &rule.rulebook,
                fix: rule.fix.as_ref().map(Fix::chinese),
                basis: rule
                    .basis
                    .iter()
                    .map(|key| BasisOut {
                        key,
                        cite: bases.get(key).map(Basis::cite),
                        basis: bases.get(key),
                    })
                    .collect(),
                cases_firing: &extra.cases_firing,
                cases_quiet: &extra.cases_quiet,
                mutations: &extra.mutations,
            }
        })
        .collect();
    out.sort_by_key(|r| r.code);
    print(&out)
}
