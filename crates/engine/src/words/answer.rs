//! A problem and a measure come in; the words by which the measure answers the problem go out.

use super::vocabulary::Vocabulary;
use std::sync::Arc;

/// The matters that a text speaks of, each with the first word that says so.
#[derive(Clone, Debug, Default)]
pub struct Matters {
    of: Vec<(Arc<str>, Arc<str>)>,
}

impl Matters {
    /// No word tells what the text is about.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The words that say what it is about, in quotation marks.
    pub fn because(&self) -> String {
        let words: Vec<String> = self.of.iter().map(|(_, w)| format!("“{w}”")).collect();
        words.join("")
    }

    /// The word of a problem and the word of this text that speak of the same matter.
    pub fn answers(&self, problem: &Matters) -> Option<(Arc<str>, Arc<str>)> {
        problem.of.iter().find_map(|(matter, word)| {
            let own = self.of.iter().find(|(own, _)| own == matter)?;
            Some((word.clone(), own.1.clone()))
        })
    }
}

/// What a text is about.
pub fn matters(vocabulary: &Vocabulary, text: &str) -> Matters {
    let mut matters = Matters::default();
    for found in vocabulary.matters.words(text) {
        for matter in found.senses {
            if !matters.of.iter().any(|(known, _)| known == matter) {
                matters.of.push((matter.clone(), found.word.clone()));
            }
        }
    }
    matters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;

    #[test]
    fn a_measure_answers_a_problem_by_a_matter_both_speak_of() {
        let vocabulary = Shelf::embedded().rulebooks["cn/mof/2020"].vocabulary();
        let problem = matters(vocabulary, "部分项目资金支付进度偏慢");
        let told = matters(vocabulary, "按月通报预算执行情况").answers(&problem);
        let told = told.map(|(a, b)| (a.to_string(), b.to_string()));
        assert_eq!(told, Some(("资金支付".into(), "预算执行".into())));
        let other = matters(vocabulary, "完善固定资产台账，定期盘点");
        assert!(!other.is_empty() && other.answers(&problem).is_none());
        assert!(matters(vocabulary, "甲乙丙丁").is_empty());
    }
}
