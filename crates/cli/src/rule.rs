//! `jiheng rule`: a code comes in; the page of the rule, or the list of all rules, goes out.

use crate::args::{Plain, RuleArgs};
use crate::{CLEAN, Refusal, Verdict, output, view};
use jiheng_engine::casebook;
use jiheng_engine::rulebook::infos;
use jiheng_model::{Basis, RuleInfo};
use jiheng_render::json::{self, RuleExtras};
use jiheng_render::rule_page;
use std::collections::BTreeMap;

/// Prints a rule's page or the list.
pub fn run(args: &RuleArgs) -> Verdict {
    let (mut rules, bases) = all(args.rulebook.as_deref())?;
    if let Some(code) = &args.code {
        rules.retain(|r| r.code.eq_ignore_ascii_case(code) || *r.slug == **code);
        if rules.is_empty() {
            return Err(Refusal(format!(
                "没有编码为 {code} 的规则。写 jiheng rule 看全部规则。"
            )));
        }
    }
    let style = output::style(&args.look);
    let extras = extras();
    let text = match (args.format, &args.code) {
        (Plain::Json, _) => json::rules(&rules, &bases, &extras),
        (Plain::Terminal, None) => rule_page::list(&rules, &style),
        (Plain::Terminal, Some(_)) => rules
            .iter()
            .map(|r| {
                let nothing = RuleExtras::default();
                let extra = extras.get(&r.code).unwrap_or(&nothing);
                rule_page::page(r, &bases, extra, &style)
            })
            .collect(),
    };
    output::print(&text);
    Ok(CLEAN)
}

/// The names of the cases in which each rule fires or is silent.
fn extras() -> BTreeMap<String, RuleExtras> {
    let mut extras: BTreeMap<String, RuleExtras> = BTreeMap::new();
    for (_, file) in casebook::embedded() {
        let extra = extras.entry(file.code.clone()).or_default();
        for case in file.cases {
            match case.kind {
                casebook::Kind::Firing => extra.cases_firing.push(case.title),
                casebook::Kind::Quiet => extra.cases_quiet.push(case.title),
            }
        }
    }
    for (code, names) in casebook::mutations() {
        extras.entry(code).or_default().mutations = names;
    }
    extras
}

/// Rules of one rulebook or of all, each code once, with the bases they rest on.
fn all(id: Option<&str>) -> Result<(Vec<RuleInfo>, BTreeMap<String, Basis>), Refusal> {
    let named = view::books(id)?;
    let shelf = named.shelf();
    let books: Vec<_> = shelf
        .rulebooks
        .values()
        .filter(|b| named.id().is_none_or(|id| b.id == id))
        .collect();
    if let (Some(id), true) = (id, books.is_empty()) {
        let known: Vec<&str> = shelf.rulebooks.keys().map(String::as_str).collect();
        return Err(Refusal(format!(
            "没有规程包 {id}。有：{}。",
            known.join("、")
        )));
    }
    let mut rules: BTreeMap<String, RuleInfo> =
        infos().into_iter().map(|r| (r.code.clone(), r)).collect();
    let mut bases = BTreeMap::new();
    for book in books {
        for rule in view::rules(book) {
            rules.entry(rule.code.clone()).or_insert(rule);
        }
        bases.extend(book.bases.iter().map(|(k, v)| (k.clone(), v.clone())));
    }
    Ok((rules.into_values().collect(), bases))
}
