//! A seed comes in; a 统一社会信用代码 whose check digit is right goes out (GB 32100-2015).

use crate::dice::Dice;

/// Digits and letters of a code; I, O, S, V and Z are not used.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Keeps the choices of codes apart from those of plans.
const APART: u64 = 0x6372_6564_6974;

/// The code of a package; about every other package prints none.
pub fn drawn(seed: u64) -> Option<String> {
    let mut dice = Dice::new(seed ^ APART);
    dice.chance(55).then(|| sound(&mut dice))
}

/// A code of an organ or institution with its check digit.
pub fn sound(dice: &mut Dice) -> String {
    let mut code = format!("1{}", dice.between(1, 2));
    for _ in 0..6 {
        code.push_str(&dice.between(1, 6).to_string());
    }
    for _ in 0..9 {
        code.push(*dice.pick(ALPHABET) as char);
    }
    code.push(check_digit(&code));
    code
}

/// The last place of a code: 31 less the sum of the values times 3ⁿ, modulo 31.
fn check_digit(code: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for c in code.bytes() {
        let value = ALPHABET.iter().position(|a| *a == c).unwrap_or_default();
        sum += value * weight;
        weight = weight * 3 % ALPHABET.len();
    }
    ALPHABET[(ALPHABET.len() - sum % ALPHABET.len()) % ALPHABET.len()] as char
}

/// The code with one of its places changed to another digit or letter.
pub fn mistyped(code: &str, dice: &mut Dice) -> Option<String> {
    let at = dice.between(0, code.len() as i64 - 1) as usize;
    let old = code.get(at..=at)?;
    let others: Vec<char> = ALPHABET.iter().map(|a| *a as char).collect();
    let others: Vec<char> = others.into_iter().filter(|c| !old.contains(*c)).collect();
    Some(format!(
        "{}{}{}",
        code.get(..at)?,
        dice.pick(&others),
        code.get(at + 1..)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_that_of_a_published_code() {
        // A published example.
        assert_eq!(check_digit("91350100M000100Y4"), '3');
        let mut dice = Dice::new(5);
        let code = sound(&mut dice);
        let wrong = mistyped(&code, &mut dice).expect("a slip");
        assert_eq!((code.len(), wrong.len()), (18, 18));
        assert_ne!(code, wrong);
    }
}
