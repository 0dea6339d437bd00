//! A rule and its bases come in; its page (查什么, 为什么, 怎么办, 依据, 案例) and the list of rules go out.

use crate::explain::quote;
use crate::json::RuleExtras;
use crate::place::one_line;
use crate::terminal::{Ink, Style};
use crate::width::{pad, width, wrap};
use jiheng_model::rule::{Basis, RuleInfo, Status};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The page of a rule.
pub fn page(
    rule: &RuleInfo,
    bases: &BTreeMap<String, Basis>,
    extras: &RuleExtras,
    style: &Style,
) -> String {
    let mut out = String::new();
    let head = format!("{} {}", rule.code, rule.title);
    let _ = writeln!(out, "{}", style.paint(Ink::Bold, &head));
    let level = style.paint(Ink::Level(rule.severity), rule.severity.chinese());
    let covers = if rule.covers.is_empty() {
        String::new()
    } else {
        format!("  目录 {}", rule.covers.join("、"))
    };
    let _ = writeln!(
        out,
        "{level}  {}  {}  自 {} 版{covers}\n",
        rule.slug,
        status(rule.status),
        rule.since
    );
    let mut section = |word: &str, text: &str| {
        if !text.is_empty() {
            let lines = wrap(&one_line(text), style.columns.saturating_sub(8));
            for (i, line) in lines.iter().enumerate() {
                let head = if i == 0 {
                    style.paint(Ink::Dim, word)
                } else {
                    " ".repeat(width(word))
                };
                let _ = writeln!(out, "{head}  {line}");
            }
        }
    };
    section("查什么", &rule.what);
    section("为什么", &rule.why);
    section("怎么办", &rule.advice);
    if let Some(fix) = &rule.fix {
        section("直接改", &format!("jiheng fix：{}（修订）", fix.chinese()));
    }
    for key in &rule.basis {
        match bases.get(key) {
            Some(basis) => section("依　据", &quote(basis)),
            None => section("依　据", key),
        }
    }
    section(
        "定义在",
        if rule.rulebook == "built-in" {
            "程序内"
        } else {
            &rule.rulebook
        },
    );
    section("会报的", &extras.cases_firing.join("、"));
    section("不报的", &extras.cases_quiet.join("、"));
    out
}

/// One line a rule, by code.
pub fn list(rules: &[RuleInfo], style: &Style) -> String {
    let mut out = String::new();
    let widest = rules
        .iter()
        .map(|r| width(&r.title))
        .max()
        .unwrap_or(0)
        .min(56);
    for rule in rules {
        let level = style.paint(Ink::Level(rule.severity), rule.severity.chinese());
        let _ = writeln!(
            out,
            "{}  {level}  {}  {}",
            rule.code,
            pad(&rule.title, widest),
            style.paint(Ink::Dim, &rule.covers.join(" "))
        );
    }
    out
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Preview => "试行",
        Status::Stable => "定稿",
        Status::Deprecated => "停用",
    }
}
