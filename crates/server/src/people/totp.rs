//! A shared secret and a time come in; the six digits of RFC 6238, or the step that given digits belong to, go out.

use crate::store::id::{base32, fill, from_base32};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// How long one code holds, in seconds.
const STEP: i64 = 30;

/// The secret that the server and an authenticator share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totp(Vec<u8>);

impl Totp {
    /// A new secret of 160 bits, as RFC 4226 recommends.
    pub fn random() -> Totp {
        let mut secret = vec![0u8; 20];
        fill(&mut secret);
        Totp(secret)
    }

    /// Reads the letters that [`Totp::letters`] gives.
    pub fn from_letters(letters: &str) -> Option<Totp> {
        from_base32(letters).filter(|s| !s.is_empty()).map(Totp)
    }

    /// The secret as base32 letters, to be typed into an authenticator.
    pub fn letters(&self) -> String {
        base32(&self.0).to_uppercase()
    }

    /// The address behind the picture that an authenticator scans.
    pub fn address(&self, issuer: &str, account: &str) -> String {
        let (issuer, account) = (percent(issuer), percent(account));
        format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP}",
            self.letters()
        )
    }

    /// The six digits at a time in milliseconds.
    pub fn code(&self, now: i64) -> String {
        format!(
            "{:06}",
            self.number(now.div_euclid(1000 * STEP)) % 1_000_000
        )
    }

    /// The step that this code belongs to: the present one or a neighbour, and later than the last one accepted.
    pub fn accepts(&self, code: &str, now: i64, last_step: i64) -> Option<i64> {
        let given: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = now.div_euclid(1000 * STEP);
        (step - 1..=step + 1).find(|&step| {
            step > last_step && {
                let right = format!("{:06}", self.number(step) % 1_000_000);
                same(right.as_bytes(), given.as_bytes())
            }
        })
    }

    /// The truncated hash of RFC 4226, 31 bits.
    fn number(&self, step: i64) -> u32 {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            return 0; // unreachable: HMAC takes keys of any length
        };
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let at = usize::from(hash[19] & 15);
        u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]) & 0x7fff_ffff
    }
}

/// Compares without telling by its time where two texts differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                (b as char).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix D of RFC 4226.
    #[test]
    fn numbers_are_those_of_rfc_4226() {
        let totp = Totp(b"12345678901234567890".to_vec());
        let published = [
            755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489,
        ];
        for (step, code) in published.iter().enumerate() {
            assert_eq!(totp.number(step as i64) % 1_000_000, *code);
        }
    }

    /// Appendix B of RFC 6238, the rows of SHA-1, eight digits.
    #[test]
    fn codes_are_those_of_rfc_6238() {
        let totp = Totp(b"12345678901234567890".to_vec());
        for (seconds, code) in [
            (59, 94287082),
            (1111111109, 7081804),
            (1111111111, 14050471),
            (1234567890, 89005924),
            (2000000000, 69279037),
            (20000000000i64, 65353130),
        ] {
            assert_eq!(totp.number(seconds / STEP) % 100_000_000, code);
            assert_eq!(
                totp.code(seconds * 1000),
                format!("{:06}", code % 1_000_000)
            );
        }
    }

    #[test]
    fn a_code_is_accepted_once_and_near_its_time() {
        let totp = Totp::random();
        let now = 1_700_000_000_000;
        let code = totp.code(now);
        let step = totp.accepts(&code, now, -1).expect("the present code");
        assert_eq!(totp.accepts(&code, now, step), None, "again");
        assert_eq!(
            totp.accepts(&code, now + 30_000, -1),
            Some(step),
            "one step late"
        );
        assert_eq!(totp.accepts(&code, now + 120_000, -1), None, "too late");
        assert_eq!(totp.accepts("", now, -1), None);
        assert_eq!(Totp::from_letters(&totp.letters()), Some(totp));
    }
}
