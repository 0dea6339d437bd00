//! A message with expressions in braces comes in; the message with their values goes out.

use super::Trouble;
use super::bind::{Bound, Scope, bind};
use super::eval::{Context, value};
use super::parse::parse;
use std::collections::BTreeMap;

/// A message template, read once.
#[derive(Clone, Debug)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Words(String),
    /// Given by the caller: left, right, gap, col.label …
    Given(String),
    Value(Box<Bound>),
}

/// A filled message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// Values could not all be filled in.
    pub incomplete: bool,
}

impl Template {
    /// Reads a template; names in `given` are filled in by the caller, everything else is an expression.
    ///
    /// # Errors
    /// K113 with the bytes of the braces that mean nothing.
    pub fn read(text: &str, given: &[&str], scope: &Scope<'_>) -> Result<Template, Trouble> {
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find('{').map(|i| at + i) {
            pieces.push(Piece::Words(text[at..open].to_string()));
            let Some(close) = closing(text, open) else {
                return Err(Trouble::new("K113", "花括号没有配对", open..text.len()));
            };
            let inside = &text[open + 1..close];
            let trouble = |t: Trouble| {
                let message = format!("{{{inside}}} 填不上：{}", t.message);
                Trouble::new("K113", message, open..close + 1)
            };
            if given.contains(&inside) {
                pieces.push(Piece::Given(inside.to_string()));
            } else {
                let expr = parse(inside).map_err(trouble)?;
                pieces.push(Piece::Value(Box::new(
                    bind(&expr, scope).map_err(trouble)?.0,
                )));
            }
            at = close + 1;
        }
        pieces.push(Piece::Words(text[at..].to_string()));
        Ok(Template { pieces })
    }

    /// Fills it in. What has no value is left as "（未填）".
    pub fn fill(&self, given: &BTreeMap<String, String>, context: Context<'_>) -> Filled {
        let mut filled = Filled {
            text: String::new(),
            incomplete: false,
        };
        for piece in &self.pieces {
            let found = match piece {
                Piece::Words(words) => Some(words.clone()),
                Piece::Given(name) => given.get(name).cloned(),
                Piece::Value(bound) => value(bound, context).shown(),
            };
            filled.incomplete |= found.is_none();
            filled.text.push_str(found.as_deref().unwrap_or("（未填）"));
        }
        filled
    }
}

/// The brace that closes the one at `open`; braces nest, as in `{three_publics.{col}}`.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0;
    for (i, c) in text[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(open + i),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
