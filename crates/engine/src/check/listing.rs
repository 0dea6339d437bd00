//! A rulebook comes in; what is known of every rule that can speak under it, by code, goes out.

use super::list::RULES;
use crate::rulebook::{self, Rulebook};
use jiheng_model::RuleInfo;
use std::sync::OnceLock;

/// What is known of the built-in rules, in the order of their list.
pub fn built_in() -> &'static [RuleInfo] {
    static INFOS: OnceLock<Vec<RuleInfo>> = OnceLock::new();
    INFOS.get_or_init(|| RULES.iter().map(|rule| rule.info()).collect())
}

/// Built-in rules, the rulebook's declared rules and the rules of the rulebook itself (family K).
pub fn rules(rulebook: &Rulebook) -> Vec<RuleInfo> {
    let awake = RULES
        .iter()
        .zip(built_in())
        .filter(|(r, _)| r.awake(rulebook));
    let built_in = awake.map(|(_, info)| info.clone());
    let declared = rulebook.rules.iter().map(|rule| rule.info.clone());
    let mut rules: Vec<RuleInfo> = built_in
        .chain(declared)
        .chain(rulebook::infos())
        .chain(super::suppress::infos())
        .collect();
    rules.sort_by(|a, b| a.code.cmp(&b.code));
    rules
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;
    use jiheng_model::Severity;

    #[test]
    fn every_code_and_slug_has_one_owner() {
        for rulebook in Shelf::embedded().rulebooks.values() {
            let rules = rules(rulebook);
            for pair in rules.windows(2) {
                assert_ne!(
                    pair[0].code, pair[1].code,
                    "{} and {}",
                    pair[0].slug, pair[1].slug
                );
            }
            let mut slugs: Vec<_> = rules.iter().map(|r| &r.slug).collect();
            slugs.sort_unstable();
            for pair in slugs.windows(2) {
                assert_ne!(pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn every_basis_of_a_built_in_rule_is_in_the_national_rulebook_or_below() {
        let shelf = Shelf::embedded();
        for rule in RULES.iter().map(|r| r.info()) {
            for key in &rule.basis {
                let known = shelf.rulebooks.values().any(|r| r.basis(key).is_some());
                assert!(known, "{}: no basis {key}", rule.code);
            }
        }
    }

    #[test]
    fn an_error_rests_on_arithmetic_a_clause_or_a_form() {
        let shelf = Shelf::embedded();
        for rule in shelf.rulebooks.values().flat_map(|r| rules(r)) {
            let binds = |key: &String| {
                let mut bases = shelf.rulebooks.values().filter_map(|r| r.basis(key));
                bases.any(|b| b.binds())
            };
            let arithmetic = rule.code.starts_with('A') || rule.code.starts_with('X');
            let judged = rule.severity == Severity::Error && !rule.basis.is_empty();
            assert!(
                !judged || arithmetic || rule.basis.iter().any(binds),
                "{} rests on practice alone",
                rule.code
            );
        }
    }
}
