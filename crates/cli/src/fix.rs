//! `jiheng fix`: material comes in; a copy of each docx goes out in which what follows by the form's own formula or plain writing is set right as tracked changes (修订).
//!
//! The result is checked again before it is written: what would bring a new finding stays a comment.

use crate::annotate::{is_single, refuse_input};
use crate::args::{FixArgs, Plain};
use crate::{Refusal, Verdict, output, view};
use jiheng_batch::commented::safe;
use jiheng_engine::check::fixes;
use jiheng_engine::read::{self, Package, SourceFile, original};
use jiheng_model::finding::Replacement;
use jiheng_model::origin::At;
use jiheng_model::{Fix, Format, Origin};
use jiheng_render::Results;
use jiheng_render::place::one_line;
use jiheng_render::writeback::{self, Edit, Remark, docx};
use serde_json::json;
use std::collections::HashMap;

/// Rounds of writing, checking and leaving out what does not settle.
const ROUNDS: usize = 6;

/// A file that was fixed: its document, its new bytes, what was changed.
struct Fixed {
    document: usize,
    bytes: Vec<u8>,
    changes: Vec<Replacement>,
}

/// Writes the copy with tracked changes, or the copies of a bundle into a folder, and lists the changes.
pub fn run(args: &FixArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let results = view.results();
    refuse_input(&args.material.paths, &args.out)?;
    if let Some(code) = &args.only
        && fixes::fix(results.rules, code).is_none()
    {
        let fixable = results.rules.iter().filter(|r| r.fix.is_some());
        let known: Vec<&str> = fixable.map(|r| r.code.as_str()).collect();
        return Err(Refusal(format!(
            "--only 不能是“{code}”。能直接改的有：{}。",
            known.join("、")
        )));
    }
    let say = |text: String| {
        if !args.quiet {
            output::message(&text);
        }
    };
    let able = |i: &usize| {
        let document = &results.documents[*i];
        document.format == Format::Docx && !read::not_read(document)
    };
    let words: Vec<usize> = (0..results.documents.len()).filter(able).collect();
    if words.is_empty() {
        return Err(Refusal(
            "fix 只改 Word 文件（.docx）。其他格式用 jiheng annotate 看在哪里改。".into(),
        ));
    }
    let single = is_single(&view.package, &results, &args.material.paths);
    let mut all = Vec::new();
    for index in words {
        let document = &results.documents[index];
        let path = match single {
            true => args.out.clone(),
            false => args.out.join(safe(&document.name)),
        };
        let fixed = match fixed(args, &view.package, &results, index) {
            Ok(fixed) => fixed,
            Err(why) if single => return Err(why),
            Err(why) => {
                say(format!("{} {}", document.name, why.0));
                continue;
            }
        };
        if let Some(folder) = path.parent().filter(|_| !single) {
            output::folder(folder)?;
        }
        output::write(&path, &fixed.bytes)?;
        say(format!(
            "改了 {} 处，都是修订，可以逐条接受或拒绝  {}",
            fixed.changes.len(),
            path.display()
        ));
        all.push(fixed);
    }
    for index in (0..results.documents.len()).filter(|i| !able(i)) {
        let name = &results.documents[index].name;
        say(format!(
            "{name} 不是 Word 文件（.docx），没有改；在哪里改，用 jiheng annotate 看。"
        ));
    }
    output::print(&match args.format {
        Plain::Json => json_list(&results, &all),
        Plain::Terminal => list(&results, &all),
    });
    Ok(view.exit())
}

/// One file with what settles as tracked changes, the rest as comments.
fn fixed(
    args: &FixArgs,
    package: &Package,
    results: &Results<'_>,
    index: usize,
) -> Result<Fixed, Refusal> {
    let document = &results.documents[index];
    let bytes = original(package, &document.name)
        .ok_or_else(|| Refusal("找不到原文件，没有写出。".into()))?;
    let mut chosen = fixes::replacements(
        results.findings,
        results.filing,
        results.documents,
        results.rules,
    );
    chosen.retain(|r| {
        let finding = &results.findings[r.finding];
        let asked = args.only.as_ref().is_none_or(|code| finding.code == *code);
        asked && finding.places[r.place].origin.file as usize == index
    });
    for _ in 0..ROUNDS {
        let out = written(&bytes, index, results, &mut chosen)?;
        let Some(new) = news(args, package, results, index, &out, &chosen)? else {
            return Ok(Fixed {
                document: index,
                bytes: out,
                changes: chosen,
            });
        };
        // What shares a table or a paragraph with what is new does not settle it; else only writing is left.
        let before = chosen.len();
        let near = |r: &Replacement| {
            let origin = results.findings[r.finding].places[r.place].origin;
            new.iter().any(|n| same_home(*n, origin))
        };
        let stays: Vec<bool> = chosen.iter().map(near).collect();
        leave_out(results, &mut chosen, &stays);
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
    index: usize,
    results: &Results<'_>,
    chosen: &mut Vec<Replacement>,
) -> Result<Vec<u8>, Refusal> {
    let document = &results.documents[index];
    loop {
        let edits: Vec<Edit> = chosen
            .iter()
            .map(|r| Edit {
                at: results.findings[r.finding].places[r.place].origin.at,
                before: r.before.clone(),
                after: r.after.clone(),
            })
            .collect();
        let remarks = remarks(results, index, chosen);
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
fn remarks(results: &Results<'_>, index: usize, chosen: &[Replacement]) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = writeback::first_causes(results)
        .filter(|i| chosen.iter().all(|r| r.finding != *i || !r.settles))
        .filter_map(|i| {
            let place = results.findings[i].places.first()?;
            let here = place.origin.file as usize == index;
            here.then(|| Remark {
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
    package: &Package,
    results: &Results<'_>,
    index: usize,
    bytes: &[u8],
    chosen: &[Replacement],
) -> Result<Option<Vec<Origin>>, Refusal> {
    // The files one by one, out of their zips, with this one in the place of the original.
    let files = results.documents.iter().enumerate().map(|(i, document)| {
        let name = document.name.clone();
        let bytes = match i == index {
            true => Some(bytes.to_vec()),
            false => original(package, &name).map(|b| b.into_owned()),
        };
        let bytes = bytes.unwrap_or_default();
        SourceFile { name, bytes }
    });
    let package = Package {
        files: files.collect(),
    };
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

fn list(results: &Results<'_>, all: &[Fixed]) -> String {
    let mut out = String::new();
    for r in all.iter().flat_map(|f| &f.changes) {
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

fn json_list(results: &Results<'_>, all: &[Fixed]) -> String {
    let of_file = |fixed: &Fixed| {
        let file = results.documents[fixed.document].name.clone();
        let changes = fixed.changes.iter();
        let changes = changes.map(move |r| {
            let finding = &results.findings[r.finding];
            let place = &finding.places[r.place];
            json!({
                "code": finding.code,
                "before": r.before,
                "after": r.after,
                "file": file,
                "place": results.place_name(place),
                "position": results.position(&place.origin),
                "derivation": r.derivation,
            })
        });
        changes.collect::<Vec<serde_json::Value>>()
    };
    let changes: Vec<serde_json::Value> = all.iter().flat_map(of_file).collect();
    let all = json!({ "schema": 1, "changes": changes });
    format!(
        "{}\n",
        serde_json::to_string_pretty(&all).unwrap_or_default()
    )
}
