//! All built-in rules on one screen, by code.

use super::rule::Rule;
use super::rules::*;

/// Every built-in rule.
pub static RULES: &[&Rule] = &[
    &a201::RATE,
    &a201::SCORE,
    &a203::SCORE,
    &a203::BEYOND,
    &a205::POSITIVE,
    &a205::LEVELS,
    &a205::TOTAL,
    &a208::RULE,
    &a205::WEIGHTS,
    &a401::RULE,
    &a401::SET_TO_OUTTURN,
    &a403::RULE,
    &a405::RULE,
    &a405::SCORE,
    &a407::RULE,
    &a411::RULE,
    &f201::RULE,
    &f301::RULE,
    &f303::RULE,
    &n111::RULE,
    &n112::RULE,
    &n113::RULE,
    &p101::RULE,
    &x203::RULE,
    &x205::RULE,
    &x205::NAMES,
    &x401::RULE,
    &x402::RULE,
    &x402::TARGET,
    &x401::OTHER_UNITS,
    &x405::RULE,
    &x401::SUBMISSION,
    &x401::EVIDENCE,
    &x401::RECTIFICATION,
];
