//! A rulebook comes in; what is known of every rule that can speak under it, by code, goes out.

use super::list::RULES;
use crate::rulebook::{self, Rulebook};
use jiheng_model::RuleInfo;

/// Built-in rules, the rulebook's declared rules and the rules of the rulebook itself (family K).
pub fn rules(rulebook: &Rulebook) -> Vec<RuleInfo> {
    let built_in = RULES.iter().map(|rule| rule.info());
    let declared = rulebook.rules.iter().map(|rule| rule.info.clone());
    let mut rules: Vec<RuleInfo> = built_in.chain(declared).chain(rulebook::infos()).collect();
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
        for rulebook in Shelf::embedded().rulebooks.values() {
            for rule in rules(rulebook) {
                let bases: Vec<_> = rule
                    .basis
                    .iter()
                    .filter_map(|k| rulebook.basis(k))
                    .collect();
                let practice_only = !bases.is_empty() && bases.iter().all(|b| !b.binds());
                let arithmetic = rule.code.starts_with('A') || rule.code.starts_with('X');
                assert!(
                    rule.severity != Severity::Error || arithmetic || !practice_only,
                    "{} rests on practice alone",
                    rule.code
                );
            }
        }
    }
}
