//! `jiheng rule`: a code comes in; the page of the rule, or the list of all rules, goes out.

use crate::args::{Plain, RuleArgs};
use crate::{CLEAN, Refusal, Verdict, output, view};
use jiheng_engine::rulebook::{Shelf, infos};
use jiheng_model::{Basis, RuleInfo};
use jiheng_render::json::{self, RuleExtras};
use jiheng_render::rule_page;
use std::collections::BTreeMap;

/// Prints a rule's page or the list.
pub fn run(args: &RuleArgs) -> Verdict {
    let (mut rules, bases) = all(args.rulebook.as_deref())?;
    if let Some(code) = &args.code {
        rules.retain(|r| r.code.eq_ignore_ascii_case(code) || r.slug == *code);
        if rules.is_empty() {
            return Err(Refusal(format!(
                "没有编码为 {code} 的规则。写 jiheng rule 看全部规则。"
            )));
        }
    }
    let style = output::style(&args.look);
    let text = match (args.format, &args.code) {
        (Plain::Json, _) => json::rules(&rules, &bases, &BTreeMap::new()),
        (Plain::Terminal, None) => rule_page::list(&rules, &style),
        (Plain::Terminal, Some(_)) => rules
            .iter()
            .map(|r| rule_page::page(r, &bases, &RuleExtras::default(), &style))
            .collect(),
    };
    output::print(&text);
    Ok(CLEAN)
}

/// Rules of one rulebook or of all, each code once, with the bases they rest on.
fn all(id: Option<&str>) -> Result<(Vec<RuleInfo>, BTreeMap<String, Basis>), Refusal> {
    let shelf = Shelf::embedded();
    let books: Vec<_> = shelf
        .rulebooks
        .values()
        .filter(|b| id.is_none_or(|id| b.id == id))
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
