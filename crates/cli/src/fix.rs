//! `jiheng fix`: a docx comes in; a copy goes out in which what follows by the form's own formula or plain writing is set right as tracked changes (修订).
//!
//! The result is checked again before it is written: what would bring a new finding stays a comment.

use crate::annotate::refuse_input;
use crate::args::{FixArgs, Plain};
use crate::{Refusal, Verdict, output, view};
use jiheng_engine::check::fixes;
use jiheng_engine::read::{Package, SourceFile};
use jiheng_model::finding::Replacement;
use jiheng_model::origin::At;
use jiheng_model::{Document, Fix, Format, Origin};
use jiheng_render::Results;
use jiheng_render::place::one_line;
use jiheng_render::writeback::{self, Edit, Remark, docx};
use serde_json::json;
use std::collections::HashMap;

/// Rounds of writing, checking and leaving out what does not settle.
const ROUNDS: usize = 6;

/// Writes the copy with tracked changes and lists them.
pub fn run(args: &FixArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let results = view.results();
    refuse_input(&args.material.paths, &args.out)?;
    let ([file], [document]) = (view.package.files.as_slice(), results.documents) else {
        return Err(Refusal("fix 一次改一个 Word 文件（.docx）。".into()));
    };
    if document.format != Format::Docx || file.name != document.name {
        return Err(Refusal(
            "fix 只改 Word 文件（.docx）。其他格式用 jiheng annotate 看在哪里改。".into(),
        ));
    }
    let (documents, rules) = (results.documents, results.rules);
    let mut chosen = fixes::replacements(results.findings, results.filing, documents, rules);
    if let Some(code) = &args.only {
        if fixes::fix(rules, code).is_none() {
            let fixable = rules.iter().filter(|r| r.fix.is_some());
            let known: Vec<&str> = fixable.map(|r| r.code.as_str()).collect();
            return Err(Refusal(format!(
                "--only 不能是“{code}”。能直接改的有：{}。",
                known.join("、")
            )));
        }
        chosen.retain(|r| results.findings[r.finding].code == *code);
    }
    for _ in 0..ROUNDS {
        let bytes = written(&file.bytes, document, &results, &mut chosen)?;
        let new = news(args, &file.name, &bytes, &results, &chosen)?;
        let Some(new) = new else {
            output::write(&args.out, &bytes)?;
            output::print(&match args.format {
                Plain::Json => json_list(&results, &chosen),
                Plain::Terminal => list(&results, &chosen),
            });
            if !args.quiet {
                let text = format!(
                    "改了 {} 处，都是修订，可以逐条接受或拒绝  {}",
                    chosen.len(),
                    args.out.display()
                );
                output::message(&text);
            }
            return Ok(view.exit());
        };
        // What shares a table or a paragraph with what is new does not settle it; else only writing is left.
        let before = chosen.len();
        let near = |r: &Replacement| {
            let origin = results.findings[r.finding].places[r.place].origin;
            new.iter().any(|n| same_home(*n, origin))
        };
        let stays: Vec<bool> = chosen.iter().map(near).collect();
        leave_out(&results, &mut chosen, &stays);
        if chosen.len() == before {
            chosen.clear();
        }
    }
    Err(Refusal(
        "改后再核仍有新的发现，没有写出。请用 jiheng annotate。".into(),
    ))
}

/// The file with the replacements as tracked changes; those that cannot be made are left out, and their findings stay comments.
fn written(
    bytes: &[u8],
    document: &Document,
    results: &Results<'_>,
    chosen: &mut Vec<Replacement>,
) -> Result<Vec<u8>, Refusal> {
    loop {
        let edits: Vec<Edit> = chosen
            .iter()
            .map(|r| Edit {
                at: results.findings[r.finding].places[r.place].origin.at,
                before: r.before.clone(),
                after: r.after.clone(),
            })
            .collect();
        let remarks = remarks(results, chosen);
        let (out, made) = docx::write(bytes, document, &remarks, &edits)
            .map_err(|e| Refusal(format!("没有写出：{e}。")))?;
        if made.iter().all(|m| *m) {
            return Ok(out);
        }
        let failed: Vec<bool> = made.iter().map(|made| !made).collect();
        leave_out(results, chosen, &failed);
    }
}

/// Leaves out replacements, and with them those that hold only together with them.
fn leave_out(results: &Results<'_>, chosen: &mut Vec<Replacement>, out: &[bool]) {
    let touched: Vec<usize> = (chosen.iter().zip(out))
        .filter(|(_, out)| **out)
        .map(|(r, _)| r.finding)
        .collect();
    let mut out = out.iter();
    chosen.retain_mut(|r| {
        let out = out.next().is_some_and(|out| *out);
        if !touched.contains(&r.finding) {
            return true;
        }
        r.settles = false;
        let fix = fixes::fix(results.rules, &results.findings[r.finding].code);
        !out && fix.is_some_and(Fix::holds_place_by_place)
    });
}

/// In the same table, or in the same paragraph.
fn same_home(a: Origin, b: Origin) -> bool {
    let paragraph = |o: Origin| match o.at {
        At::Text { paragraph, .. } => Some(paragraph),
        At::Cell { .. } => None,
    };
    a.file == b.file && (a.table(), paragraph(a)) == (b.table(), paragraph(b))
}

/// Comments of the findings that stay, and one for each change with its derivation.
fn remarks(results: &Results<'_>, chosen: &[Replacement]) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = writeback::first_causes(results)
        .filter(|i| chosen.iter().all(|r| r.finding != *i || !r.settles))
        .filter_map(|i| {
            let place = results.findings[i].places.first()?;
            Some(Remark {
                at: Some(place.origin.at),
                lines: writeback::lines(results, i),
            })
        })
        .collect();
    remarks.extend(chosen.iter().map(|r| {
        let finding = &results.findings[r.finding];
        Remark {
            at: Some(finding.places[r.place].origin.at),
            lines: vec![
                format!(
                    "已改（修订）　{} → {}　{}",
                    one_line(&r.before),
                    one_line(&r.after),
                    finding.code
                ),
                match r.derivation.contains('=') {
                    true => format!("算式：{}", one_line(&r.derivation)),
                    false => format!("说明：{}", one_line(&r.derivation)),
                },
                format!("为什么：{}", one_line(&finding.why)),
                "怎么办：核对后接受修订；不同意的，拒绝修订。".into(),
            ],
        }
    }));
    remarks
}

/// Places of what the changed file has and the original had not: new findings, and values that are read
/// otherwise without being meant; `None` when there is nothing new.
fn news(
    args: &FixArgs,
    name: &str,
    bytes: &[u8],
    results: &Results<'_>,
    chosen: &[Replacement],
) -> Result<Option<Vec<Origin>>, Refusal> {
    let file = SourceFile {
        name: name.to_string(),
        bytes: bytes.to_vec(),
    };
    let package = Package { files: vec![file] };
    let books = view::books(args.material.rulebook.as_deref())?;
    let after = jiheng_engine::evaluate(&package, books.shelf(), books.id())
        .map_err(|_| Refusal("改后的文件没有读成。".into()))?;
    let mut had: HashMap<&str, usize> = HashMap::new();
    for finding in results.findings {
        *had.entry(&finding.code).or_default() += 1;
    }
    let mut new = Vec::new();
    for finding in &after.checked.findings {
        // The reader says of every tracked change that there is one.
        if finding.code.starts_with('R') {
            continue;
        }
        match had.get_mut(finding.code.as_str()) {
            Some(left) if *left > 0 => *left -= 1,
            _ => new.extend(finding.places.first().map(|p| p.origin)),
        }
    }
    let formula = |r: &&Replacement| {
        let code = &results.findings[r.finding].code;
        matches!(fixes::fix(results.rules, code), Some(Fix::Formula(_)))
    };
    let origin = |r: &Replacement| results.findings[r.finding].places[r.place].origin;
    let meant: Vec<Origin> = chosen.iter().filter(formula).map(origin).collect();
    new.extend(fixes::drifted(results.filing, &after.filing, &meant));
    Ok((!new.is_empty()).then_some(new))
}

fn list(results: &Results<'_>, chosen: &[Replacement]) -> String {
    let mut out = String::new();
    for r in chosen {
        let finding = &results.findings[r.finding];
        let place = &finding.places[r.place];
        out.push_str(&format!(
            "{}　{} → {}　{}（{}）　{}\n",
            finding.code,
            one_line(&r.before),
            one_line(&r.after),
            results.place_name(place),
            results.position(&place.origin),
            one_line(&r.derivation)
        ));
    }
    out
}

fn json_list(results: &Results<'_>, chosen: &[Replacement]) -> String {
    let changes: Vec<serde_json::Value> = chosen
        .iter()
        .map(|r| {
            let finding = &results.findings[r.finding];
            let place = &finding.places[r.place];
            json!({
                "code": finding.code,
                "before": r.before,
                "after": r.after,
                "place": results.place_name(place),
                "position": results.position(&place.origin),
                "derivation": r.derivation,
            })
        })
        .collect();
    let all = json!({ "schema": 1, "changes": changes });
    format!(
        "{}\n",
        serde_json::to_string_pretty(&all).unwrap_or_default()
    )
}
