//! Text comes in; tokens with their bytes go out.

use super::Trouble;
use jiheng_model::Decimal;
use std::ops::Range;

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// `12.50`
    Number(Decimal),
    /// `95%`
    Percent(Decimal),
    /// `"…"`
    Text(String),
    /// `funds.total.{col}`, `and`, `sum`
    Name(String),
    /// `( ) , + - * / == != < <= > >=`
    Sign(&'static str),
}

/// Longer signs stand before their beginnings.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "<", ">", "(", ")", ",", "+", "-", "*", "/",
];

/// Splits a text.
pub fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Trouble> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (token, length) = if c.is_ascii_digit() {
            number(rest, at)?
        } else if c == '"' {
            quoted(rest, at)?
        } else if begins_name(c) {
            let length = name_length(rest);
            (Token::Name(rest[..length].to_string()), length)
        } else if let Some(sign) = SIGNS.iter().find(|s| rest.starts_with(**s)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(Trouble::new(
                "K111",
                format!("算式里不认识“{c}”"),
                at..at + c.len_utf8(),
            ));
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    Ok(tokens)
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Trouble> {
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(0);
    if rest[length..].starts_with('.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    let Ok(value) = Decimal::from_str_exact(&rest[..length]) else {
        return Err(Trouble::new("K111", "这个数太长", at..at + length));
    };
    if rest[length..].starts_with('%') {
        return Ok((Token::Percent(value), length + 1));
    }
    Ok((Token::Number(value), length))
}

fn quoted(rest: &str, at: usize) -> Result<(Token, usize), Trouble> {
    let mut text = String::new();
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match (escaped, c) {
            (true, _) => {
                text.push(c);
                escaped = false;
            }
            (false, '\\') => escaped = true,
            (false, '"') => return Ok((Token::Text(text), i + 1)),
            (false, _) => text.push(c),
        }
    }
    Err(Trouble::new("K111", "引号没有配对", at..at + rest.len()))
}

fn begins_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == '{'
}

/// The length of a dotted name; a part may be `{col}`.
fn name_length(rest: &str) -> usize {
    let mut at = 0;
    loop {
        let part = &rest[at..];
        let length = match part.strip_prefix('{') {
            Some(inner) => inner.find('}').map_or(part.len(), |end| end + 2),
            None => part
                .bytes()
                .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
                .count(),
        };
        at += length;
        let more = rest[at..].strip_prefix('.').and_then(|r| r.chars().next());
        if !more.is_some_and(|c| begins_name(c) || c.is_ascii_digit()) {
            return at;
        }
        at += 1;
    }
}
