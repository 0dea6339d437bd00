//! All built-in rules on one screen, by code.

use super::rule::Rule;
use super::rules::*;

/// Every built-in rule.
pub static RULES: &[&Rule] = &[
    &a109::RULE,
    &a201::RATE,
    &a201::SCORE,
    &a203::BEYOND,
    &a203::SCORE,
    &a205::LEVELS,
    &a205::POSITIVE,
    &a205::TOTAL,
    &a205::WEIGHTS,
    &a208::RULE,
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
    &x205::NAMES,
    &x205::RULE,
    &x401::EVIDENCE,
    &x401::OTHER_UNITS,
    &x401::RECTIFICATION,
    &x401::RULE,
    &x401::SUBMISSION,
    &x402::RULE,
    &x402::TARGET,
    &x405::RULE,
];
