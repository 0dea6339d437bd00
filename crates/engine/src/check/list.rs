//! All built-in rules on one screen, by code.

use super::rule::Rule;

/// Every built-in rule.
pub static RULES: &[&Rule] = &[];
