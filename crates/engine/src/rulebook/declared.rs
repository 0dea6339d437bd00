//! A `[[rule]]` block comes in; its text with places, not yet bound to forms, goes out.

use super::layer::Item;
use super::problem::Problem;
use super::table::{Placed, Table};
use jiheng_model::{RuleInfo, Severity, Status};

/// A declared rule as written.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// What the rule's page says.
    pub info: RuleInfo,
    /// "baseline", "baseline.projects", "package"; one or several.
    pub on: Vec<Placed>,
    /// Columns it runs over; `{col}` in texts and expressions.
    pub each: Vec<Placed>,
    /// Guard expression.
    pub when: Option<Placed>,
    /// The requirement.
    pub require: Placed,
    /// Message template.
    pub say: Placed,
}

const KEYS: &[&str] = &[
    "code",
    "slug",
    "title",
    "on",
    "each",
    "when",
    "require",
    "severity",
    "covers",
    "basis",
    "what",
    "why",
    "advise",
    "say",
    "since",
    "status",
    "overrides",
    "about",
];

/// Reads one block.
pub fn read(table: &Table<'_>, rulebook: &str, problems: &mut Vec<Problem>) -> Item<RuleText> {
    table.only(KEYS, problems);
    let mut need = |key: &str| table.required(key, problems);
    let code = need("code");
    let (slug, title, require) = (need("slug"), need("title"), need("require"));
    let (what, why, advise, say) = (need("what"), need("why"), need("advise"), need("say"));
    let severity = match need("severity") {
        s if s.text == "error" => Severity::Error,
        s if s.text == "warning" => Severity::Warning,
        s if s.text == "hint" => Severity::Hint,
        s => {
            table.problem(
                "K102",
                "severity 应是 error、warning 或 hint",
                &s.at.span,
                problems,
            );
            Severity::Hint
        }
    };
    if !well_formed(&code.text) {
        table.problem(
            "K102",
            "code 应是一个字母加三位数字，例如 A103",
            &code.at.span,
            problems,
        );
    }
    let status = match table.string("status", problems).map(|s| s.text).as_deref() {
        Some("preview") => Status::Preview,
        Some("deprecated") => Status::Deprecated,
        _ => Status::Stable,
    };
    let on = table.strings("on", problems).unwrap_or_default();
    if on.is_empty() {
        table.problem("K102", "缺少 on", &table.span, problems);
    }
    let basis = table.strings("basis", problems).unwrap_or_default();
    let texts = |list: &[Placed]| list.iter().map(|p| p.text.clone()).collect::<Vec<_>>();
    let info = RuleInfo {
        code: code.text.clone(),
        slug: slug.text,
        title: title.text,
        severity,
        status,
        since: table
            .string("since", problems)
            .map_or_else(|| "0.1.0".into(), |s| s.text),
        covers: texts(&table.strings("covers", problems).unwrap_or_default()),
        basis: texts(&basis),
        what: what.text,
        why: why.text,
        advice: advise.text,
        rulebook: rulebook.into(),
    };
    let value = RuleText {
        info,
        on,
        each: table.strings("each", problems).unwrap_or_default(),
        when: table.string("when", problems),
        require,
        say,
    };
    Item {
        label: code.text,
        value,
        at: code.at,
        overrides: table.string("overrides", problems),
        basis,
    }
}

/// A letter of a family and three digits.
fn well_formed(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() == 4
        && b"RFAXINEPK".contains(&bytes[0])
        && bytes[1..].iter().all(u8::is_ascii_digit)
}
