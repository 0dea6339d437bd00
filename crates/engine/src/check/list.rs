//! All built-in rules on one screen, by code.

use super::rule::Rule;
use super::rules::{f201, f301, f303, n111, n112, n113, p101};

/// Every built-in rule.
pub static RULES: &[&Rule] = &[
    &f201::RULE,
    &f301::RULE,
    &f303::RULE,
    &n111::RULE,
    &n112::RULE,
    &n113::RULE,
    &p101::RULE,
];
