//! What a form says was achieved comes in; its clauses, and which of them tell plans, go out.

use super::vocabulary::Vocabulary;
use std::sync::Arc;

/// The clauses of a text.
#[derive(Clone, Debug, Default)]
pub struct Told<'t> {
    /// How many clauses there are.
    pub clauses: usize,
    /// Those that tell a plan and no number, each with the word it begins with.
    pub plans: Vec<(&'t str, Arc<str>)>,
}

/// A clause is longer than this, in characters.
const SHORTEST: usize = 3;

/// Cuts a text into clauses and finds the plans among them.
pub fn told<'t>(vocabulary: &Vocabulary, text: &'t str) -> Told<'t> {
    let mut told = Told::default();
    for clause in text.split(['。', '；', '，', '\n']) {
        let clause = clause.trim_start_matches(|c: char| {
            c.is_ascii_digit() || matches!(c, '.' | '、' | ' ' | '　')
        });
        if clause.chars().count() <= SHORTEST {
            continue;
        }
        told.clauses += 1;
        let numbers = clause.chars().any(|c| c.is_ascii_digit());
        if let Some(found) = vocabulary.plans.opening(clause).filter(|_| !numbers) {
            told.plans.push((clause, found.word.clone()));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    #[test]
    fn clauses_that_begin_with_a_plan_and_have_no_number_are_plans() {
        let vocabulary = Shelf::embedded().rulebooks["cn/mof/2020"].vocabulary();
        let told = told(
            vocabulary,
            "1、加快推进生态修复，已修复90公顷；强化监管12次。下一步完善台账",
        );
        let plans: Vec<(&str, &str)> = told.plans.iter().map(|(c, w)| (*c, &**w)).collect();
        assert_eq!(told.clauses, 4);
        assert_eq!(
            plans,
            [
                ("加快推进生态修复", "加快推进"),
                ("下一步完善台账", "下一步")
            ]
        );
    }
}
