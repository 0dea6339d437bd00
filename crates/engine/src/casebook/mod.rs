//! Markdown cases beside the rulebooks come in; packages to check and the findings they expect go out.
//!
//! A case is readable by the person who knows whether it is right: its tables *are* forms. One file
//! belongs to one rule (its first heading begins with the code); every `## ` section of it is a case:
//!
//! ````markdown
//! # A103 三公经费明细之和不等于合计
//! ## 会发现：合计多出 1.00
//! ```form baseline
//! | 经费控制情况（万元） | 2022年决算数 | 2023年预算数 | 2023年决算数 |
//! |---|---|---|---|
//! | 三公经费 | 60.02 | 23.00 | 8.56 |
//! ```
//! ```report
//! 一、部门基本情况
//! ```
//! ```expect
//! A103 error 三公经费 … @ 三公经费 · 2023年决算数
//! ```
//! ````
//!
//! A fence may name the file it stands in (` ```form baseline 2022 in 上年/附件1.md `); without a name
//! all stand in one. ` ```text ` is other material, as it is printed.
//!
//! Only the codes that a case names are compared, so a case may hold part of a form.

use crate::read::markdown;
use crate::rulebook::Rulebook;
use crate::{check, recognize, score};
use jiheng_model::Document;
use jiheng_model::finding::OutcomeKind;
use jiheng_office::Budget;
use std::fmt::Write as _;
use std::sync::Arc;

/// The cases of one rule.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The rule's code, from the first heading.
    pub code: String,
    /// The first heading without the code.
    pub title: String,
    /// Sections in order.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its heading.
    pub title: String,
    /// What it shows.
    pub kind: Kind,
    /// Forms and report in the order of the text.
    pub parts: Vec<Part>,
    /// Expected lines.
    pub expect: Vec<String>,
    /// Lines of the `expect` block in the file, from 0: [first, end).
    pub expect_at: (usize, usize),
}

/// What a case shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The rule reports something.
    Firing,
    /// The rule reports nothing.
    Quiet,
}

/// A fenced block of a case.
#[derive(Clone, Debug)]
pub enum Part {
    /// A form: its id, the year of its title, its Markdown.
    Form {
        /// Form id of the rulebook.
        id: String,
        /// Year in the title.
        year: String,
        /// Tables and the lines below them.
        text: String,
        /// The file it stands in; empty for the case's own.
        file: String,
    },
    /// Paragraphs of the report, or of other material, as they are.
    Report {
        /// The paragraphs.
        text: String,
        /// The file they stand in; empty for the case's own.
        file: String,
    },
}

/// A case file that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Line from 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// Year that titles get when the fence names none.
const DEFAULT_YEAR: &str = "2023";

/// Names of the injected kinds of defect that make each rule speak, by code.
///
/// Written by `cargo xtask corpus --mutations --write`; empty when the file is broken, which a test prevents.
pub fn mutations() -> std::collections::BTreeMap<String, Vec<String>> {
    serde_json::from_str(include_str!("mutations.json")).unwrap_or_default()
}

/// The case files that are part of the program, each with the id of its rulebook.
pub fn embedded() -> Vec<(String, CaseFile)> {
    let files = crate::rulebook::embedded_files(".md");
    let parsed = files.iter().filter_map(|source| {
        let (rulebook, _) = source.path.split_once("/cases/")?;
        Some((rulebook.to_string(), parse(&source.text).ok()?))
    });
    parsed.collect()
}

/// Parses a case file.
///
/// # Errors
/// When the first heading has no code, a fence is not closed or is of an unknown kind, or a case expects nothing.
pub fn parse(text: &str) -> Result<CaseFile, Malformed> {
    let lines: Vec<&str> = text.lines().collect();
    let heading = lines.iter().position(|l| l.starts_with("# "));
    let Some(first) = heading else {
        return Err(Malformed {
            line: 1,
            why: "no `# CODE title` heading".into(),
        });
    };
    let (code, title) = lines[first][2..]
        .trim()
        .split_once(' ')
        .unwrap_or((lines[first][2..].trim(), ""));
    let mut file = CaseFile {
        code: code.into(),
        title: title.trim().into(),
        cases: Vec::new(),
    };
    let mut at = first + 1;
    while at < lines.len() {
        let line = lines[at];
        if let Some(title) = line.strip_prefix("## ") {
            file.cases.push(Case {
                title: title.trim().into(),
                kind: Kind::Quiet,
                parts: Vec::new(),
                expect: Vec::new(),
                expect_at: (0, 0),
            });
        } else if let Some(fence) = line.strip_prefix("```") {
            let close = (at + 1..lines.len()).find(|&i| lines[i].starts_with("```"));
            let Some(close) = close else {
                return Err(Malformed {
                    line: at + 1,
                    why: "fence is not closed".into(),
                });
            };
            let Some(case) = file.cases.last_mut() else {
                return Err(Malformed {
                    line: at + 1,
                    why: "fence before the first `## ` case".into(),
                });
            };
            let body = &lines[at + 1..close];
            let (fence, file) = fence.split_once(" in ").unwrap_or((fence, ""));
            let file = file.trim().to_string();
            let mut words = fence.split_whitespace();
            match words.next() {
                Some("form") => case.parts.push(Part::Form {
                    id: words.next().unwrap_or_default().into(),
                    year: words.next().unwrap_or(DEFAULT_YEAR).into(),
                    text: body.join("\n"),
                    file,
                }),
                Some("report" | "text") => case.parts.push(Part::Report {
                    text: body.join("\n"),
                    file,
                }),
                Some("expect") => {
                    case.expect = body
                        .iter()
                        .map(|l| l.trim().to_string())
                        .filter(|l| !l.is_empty())
                        .collect();
                    case.expect_at = (at + 1, close);
                    case.kind = if case.expect.iter().any(|l| is_finding(l)) {
                        Kind::Firing
                    } else {
                        Kind::Quiet
                    };
                }
                other => {
                    return Err(Malformed {
                        line: at + 1,
                        why: format!("unknown fence {other:?}"),
                    });
                }
            }
            at = close;
        }
        at += 1;
    }
    match file.cases.iter().find(|c| c.expect_at == (0, 0)) {
        Some(case) => Err(Malformed {
            line: 1,
            why: format!("case «{}» has no expect block", case.title),
        }),
        None => Ok(file),
    }
}

/// Runs a case through the corridor and returns the lines it should expect, for the codes it names.
pub fn run(file: &CaseFile, case: &Case, rulebook: &Arc<Rulebook>) -> Vec<String> {
    let name = format!("{}.md", file.code.to_lowercase());
    let documents: Vec<Document> = compose(case, rulebook)
        .into_iter()
        .map(|(own, text)| {
            let name = if own.is_empty() { &name } else { &own };
            markdown::read(name, &text, &Budget::default())
        })
        .collect();
    let filing = recognize::recognize(&documents, rulebook);
    let scorecard = score::score(&filing, rulebook);
    let checked = check::check(&documents, &filing, &scorecard, rulebook);
    let mut codes: Vec<&str> = case
        .expect
        .iter()
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    codes.push(&file.code);
    codes.sort_unstable();
    codes.dedup();
    let mut lines = Vec::new();
    for code in codes {
        let mut found = false;
        for finding in checked.findings.iter().filter(|f| f.code == code) {
            found = true;
            let severity = match finding.severity {
                jiheng_model::Severity::Error => "error",
                jiheng_model::Severity::Warning => "warning",
                jiheng_model::Severity::Hint => "hint",
            };
            let place = finding
                .places
                .first()
                .map(|p| p.label.as_str())
                .unwrap_or_default();
            lines.push(one_line(&format!(
                "{code} {severity} {} @ {place}",
                finding.message
            )));
        }
        if !found {
            let outcome = match checked
                .outcomes
                .iter()
                .find(|o| o.code == code)
                .map(|o| o.outcome)
            {
                Some(OutcomeKind::Pass) => "pass",
                Some(OutcomeKind::NotApplicable) => "not_applicable",
                Some(OutcomeKind::NotEnoughData) => "not_enough_data",
                Some(OutcomeKind::Fail) => "fail",
                None => "asleep",
            };
            lines.push(format!("{code} {outcome}"));
        }
    }
    lines
}

/// The text of the file with the `expect` blocks replaced by `actual`, one list of lines per case.
pub fn rewrite(text: &str, file: &CaseFile, actual: &[Vec<String>]) -> String {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    for (case, expect) in file.cases.iter().zip(actual).rev() {
        lines.splice(case.expect_at.0..case.expect_at.1, expect.iter().cloned());
    }
    lines.join("\n") + "\n"
}

/// The files of a case as Markdown texts by name: titles from the rulebook's forms, then the tables.
fn compose(case: &Case, rulebook: &Rulebook) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for part in &case.parts {
        let (Part::Form { file, .. } | Part::Report { file, .. }) = part;
        let at = match files.iter().position(|(name, _)| name == file) {
            Some(at) => at,
            None => {
                files.push((file.clone(), String::new()));
                files.len() - 1
            }
        };
        let text = &mut files[at].1;
        match part {
            Part::Form {
                id,
                year,
                text: body,
                ..
            } => {
                let form = rulebook.form(id);
                if let Some(annex) = form.and_then(|f| f.annex.as_deref()) {
                    let _ = writeln!(text, "{annex}\n");
                }
                let title = form.map_or(id.as_str(), |f| f.title.as_str());
                let _ = writeln!(text, "{year}年度{title}\n\n{body}\n");
            }
            Part::Report { text: body, .. } => {
                let _ = writeln!(text, "{body}\n");
            }
        }
    }
    files
}

fn is_finding(line: &str) -> bool {
    matches!(
        line.split_whitespace().nth(1),
        Some("error" | "warning" | "hint")
    )
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# A103 三公\n\n说明\n\n## 会发现\n```form baseline\n|a|b|\n|---|---|\n|1|2|\n填表人：李某某\n```\n```expect\nA103 error x @ y\n```\n\n## 不会发现\n```report\n一、部门基本情况\n```\n```expect\nA103 pass\n```\n";

    #[test]
    fn a_file_has_a_code_and_cases_of_two_kinds() {
        let file = parse(TEXT).unwrap();
        assert_eq!((file.code.as_str(), file.title.as_str()), ("A103", "三公"));
        assert_eq!(
            file.cases.iter().map(|c| c.kind).collect::<Vec<_>>(),
            [Kind::Firing, Kind::Quiet]
        );
        assert!(
            matches!(&file.cases[0].parts[0], Part::Form { id, year, .. } if id == "baseline" && year == "2023")
        );
    }

    #[test]
    fn rewriting_changes_only_the_expect_blocks() {
        let file = parse(TEXT).unwrap();
        let same: Vec<Vec<String>> = file.cases.iter().map(|c| c.expect.clone()).collect();
        assert_eq!(rewrite(TEXT, &file, &same), TEXT);
        let other = rewrite(
            TEXT,
            &file,
            &[vec!["A103 pass".into(), "A104 pass".into()], vec![]],
        );
        assert!(other.contains("```expect\nA103 pass\nA104 pass\n```"));
    }

    #[test]
    fn an_open_fence_and_a_missing_expectation_are_named() {
        assert_eq!(parse("# A1 x\n## y\n```form a\n").unwrap_err().line, 3);
        assert!(parse("# A1 x\n## y\n").unwrap_err().why.contains("«y»"));
    }
}
