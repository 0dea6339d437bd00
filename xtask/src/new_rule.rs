//! A code and a slug come in; a new built-in rule's file, its line in the list and its case go out.

use crate::root;
use std::fs;

const RULE: &str = r#"//! A filing comes in; TITLE goes out as findings of CODE.

use crate::check::report::{Case, Report};
use crate::check::rule::Rule;
use jiheng_model::Severity;

/// CODE.
pub static RULE: Rule = Rule {
    code: "CODE",
    slug: "SLUG",
    title: "",
    severity: Severity::Warning,
    covers: &[],
    basis: &[],
    what: "",
    why: "",
    advice: "",
    fix: None,
    run,
};

fn run(case: &Case<'_>, report: &mut Report<'_>) {
    for (form, _) in case.forms("project") {
        report.checked();
        report.find("", case.place(form, "funds.total.outturn"));
    }
}
"#;

const CASES: &str = "# CODE \n\n## 会发现\n```form project\n\n```\n```expect\nCODE warning \n```\n\n## 不会发现\n```form project\n\n```\n```expect\nCODE pass\n```\n\n## 边界\n```form project\n\n```\n```expect\nCODE pass\n```\n";

/// Writes the three places of a rule in Rust.
pub fn new_rule(args: &[&str]) -> Result<(), String> {
    let [code, slug] = args else {
        return Err("cargo xtask new-rule CODE SLUG".into());
    };
    let shape = code.len() == 4
        && code.starts_with(|c: char| "RFAXINEPK".contains(c))
        && code[1..].bytes().all(|b| b.is_ascii_digit());
    if !shape {
        return Err(format!(
            "{code}: a code is a family letter and three digits"
        ));
    }
    let root = root();
    let module = code.to_lowercase();
    let file = root.join(format!("crates/engine/src/check/rules/{module}.rs"));
    if file.exists() {
        return Err(format!("{} exists", file.display()));
    }
    let fill = |text: &str| {
        text.replace("CODE", code)
            .replace("SLUG", slug)
            .replace("TITLE", slug)
    };
    let write = |path: std::path::PathBuf, text: String| {
        fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
    };
    write(file, fill(RULE))?;
    write(
        root.join(format!("rulebooks/cn/mof/2020/cases/{module}.md")),
        fill(CASES),
    )?;
    let modules = root.join("crates/engine/src/check/rules/mod.rs");
    let text = fs::read_to_string(&modules).map_err(|e| e.to_string())?;
    write(modules, text + &format!("pub mod {module};\n"))?;
    let list = root.join("crates/engine/src/check/list.rs");
    let text = fs::read_to_string(&list).map_err(|e| e.to_string())?;
    let end = text.rfind("];").ok_or("check/list.rs has no list")?;
    write(
        list,
        format!("{}    &{module}::RULE,\n{}", &text[..end], &text[end..]),
    )?;
    eprintln!("{code}: write the rule, its basis and its cases; then cargo xtask docs");
    Ok(())
}
