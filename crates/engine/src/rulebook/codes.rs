//! The code parameters of a rulebook come in; whether a 统一社会信用代码 is sound, and what a division code (行政区划代码) is called, go out.

use super::Rulebook;

/// What can be said of a 统一社会信用代码.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditCode {
    /// Length, characters and check digit are right.
    Sound,
    /// So many characters instead of the full number.
    Length {
        /// Characters printed.
        printed: usize,
        /// Characters of a whole code.
        full: usize,
    },
    /// A character that no code has.
    Character(char),
    /// The last character does not follow from those before it.
    Digit {
        /// As printed.
        printed: char,
        /// As it follows.
        computed: char,
    },
}

impl Rulebook {
    /// Checks a code in capital letters; `None` when the rulebook does not say how.
    pub fn credit_code(&self, code: &str) -> Option<CreditCode> {
        let said = self.dictionary("credit_code")?;
        let alphabet: Vec<char> = said.get("alphabet")?.first()?.chars().collect();
        let weights = said.get("weights")?.iter().map(|w| w.parse::<usize>());
        let weights: Vec<usize> = weights.collect::<Result<_, _>>().ok()?;
        let (printed, full) = (code.chars().count(), weights.len() + 1);
        if printed != full {
            return Some(CreditCode::Length { printed, full });
        }
        let mut numbers = Vec::with_capacity(full);
        for c in code.chars() {
            match alphabet.iter().position(|a| *a == c) {
                Some(number) => numbers.push(number),
                None => return Some(CreditCode::Character(c)),
            }
        }
        let sum = numbers
            .iter()
            .zip(&weights)
            .map(|(n, w)| n * (w % alphabet.len()));
        let rest = sum.sum::<usize>().checked_rem(alphabet.len())?;
        let computed = *alphabet.get((alphabet.len() - rest) % alphabet.len())?;
        let printed = code.chars().last()?;
        Some(match printed == computed {
            true => CreditCode::Sound,
            false => CreditCode::Digit { printed, computed },
        })
    }

    /// The name of a division code of 2, 4 or 6 digits, where it is listed.
    pub fn division(&self, code: &str) -> Option<&str> {
        self.divisions().find(|(c, _)| *c == code).map(|(_, n)| n)
    }

    /// Division codes with their names, provinces before their cities.
    pub fn divisions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words("divisions")
            .iter()
            .filter_map(|entry| entry.split_once(' '))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::Shelf;
    use proptest::prelude::*;

    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    fn check(code: &str) -> CreditCode {
        let book = &Shelf::embedded().rulebooks["cn/mof/2020"];
        book.credit_code(code).unwrap()
    }

    #[test]
    fn the_test_vector_of_the_standard_is_sound_and_others_say_why_not() {
        assert_eq!(check("91350100M000100Y43"), CreditCode::Sound);
        let digit = |printed, computed| CreditCode::Digit { printed, computed };
        assert_eq!(check("91350100M000100Y44"), digit('4', '3'));
        assert_eq!(check("91350100M00010OY43"), CreditCode::Character('O'));
        let length = |printed| CreditCode::Length { printed, full: 18 };
        assert_eq!(check("91350100M000100Y4"), length(17));
        assert_eq!(check(""), length(0));
    }

    #[test]
    fn divisions_have_the_names_of_their_codes() {
        let book = &Shelf::embedded().rulebooks["cn/mof/2020"];
        assert_eq!(book.division("43"), Some("湖南省"));
        assert_eq!(book.division("4306"), Some("岳阳市"));
        assert_eq!(book.division("430621"), Some("岳阳县"));
        assert_eq!(book.division("99"), None);
        assert!(book.divisions().count() > 370);
    }

    proptest! {
        #[test]
        fn every_code_has_one_check_digit_and_a_changed_character_is_seen(
            body in proptest::collection::vec(0usize..31, 17), at in 0usize..17, other in 0usize..31,
        ) {
            let letters: Vec<char> = ALPHABET.chars().collect();
            let text = |numbers: &[usize]| numbers.iter().map(|n| letters[*n]).collect::<String>();
            let sound: Vec<char> = letters
                .iter()
                .copied()
                .filter(|c| check(&format!("{}{c}", text(&body))) == CreditCode::Sound)
                .collect();
            prop_assert_eq!(sound.len(), 1);
            let mut changed = body.clone();
            changed[at] = other;
            let code = format!("{}{}", text(&changed), sound[0]);
            prop_assert_eq!(check(&code) == CreditCode::Sound, changed == body);
        }

        #[test]
        fn no_text_makes_the_check_panic(text in "\\PC{0,24}") {
            let _ = check(&text);
        }
    }
}
