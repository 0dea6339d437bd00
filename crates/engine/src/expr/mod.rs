//! Text of a rule's condition comes in; a typed expression bound to slots, and its value with derivation, goes out.
//!
//! The language is small and total: exact decimals, static types with units, no loops but sums over
//! the rows of a form, and every evaluation ends in a value or in a reason why there is none.

mod ast;
mod bind;
mod compare;
mod eval;
mod parse;
mod quantity;
mod template;
mod token;
mod types;

#[cfg(test)]
mod tests;

pub use ast::{Call, Expr, Kind, Operator};
pub use bind::{Bound, On, Scope, bind, resolve};
pub use compare::{Comparison, Verdict};
pub use eval::{Context, Judgement, Missing, Value, judge, spots, truth, value};
pub use parse::parse;
pub use quantity::{Operand, Quantity, Spot, shown};
pub use template::{Filled, Template};
pub use types::{Measure, Type};

use std::ops::Range;

/// Why a text is no expression, or none that has a meaning here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// K110 measures differ, K111 malformed, K112 unknown name.
    pub code: &'static str,
    /// Plain Chinese.
    pub message: String,
    /// Bytes of the expression's text.
    pub span: Range<usize>,
    /// The other operand, where two do not go together.
    pub also: Option<Range<usize>>,
}

impl Trouble {
    /// A trouble at one place.
    pub fn new(code: &'static str, message: impl Into<String>, span: Range<usize>) -> Trouble {
        Trouble {
            code,
            message: message.into(),
            span,
            also: None,
        }
    }

    /// Two operands that do not go together.
    fn between(message: impl Into<String>, left: &Expr, right: &Expr) -> Trouble {
        Trouble {
            also: Some(right.span.clone()),
            ..Trouble::new("K110", message, left.span.clone())
        }
    }
}
