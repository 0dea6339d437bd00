//! One digit of the report is changed at a time; the rules must say so at that place.

use jiheng_engine::read::{Package, SourceFile, read};
use jiheng_engine::rulebook::{Rulebook, Shelf};
use jiheng_engine::{check, recognize, score};
use jiheng_model::origin::At;
use jiheng_model::{Document, Fact, FactRole, Finding, Origin, Severity};
use std::path::{Path, PathBuf};

fn shared(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")).join(path)
}

fn documents(path: &Path) -> Option<Vec<Document>> {
    let bytes = std::fs::read(path).ok()?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    let files = vec![SourceFile { name, bytes }];
    Some(read(&Package { files }))
}

fn findings(documents: &[Document], rulebook: &Rulebook) -> (Vec<Fact>, Vec<Finding>) {
    let filing = recognize::recognize(documents, rulebook);
    let scorecard = score::score(&filing, rulebook);
    let checked = check::check(documents, &filing, &scorecard, rulebook);
    (filing.narrative.facts, checked.findings)
}

/// Changes one digit of a fact in the documents; `None` when it has none.
fn change(documents: &[Document], fact: &Fact) -> Option<(Vec<Document>, String)> {
    let mut changed = documents.to_vec();
    let document = changed.get_mut(fact.origin.file as usize)?;
    let (range, chars) = match fact.origin.at {
        At::Text { paragraph, chars } => (
            document
                .paragraphs
                .get(paragraph as usize - 1)?
                .text
                .clone(),
            chars,
        ),
        At::Cell {
            table,
            row,
            col,
            chars,
        } => (document.table(table)?.at(row, col)?.text.clone(), chars?),
    };
    let text = document.slice(&range);
    let from = text.char_indices().nth(chars.0 as usize)?.0;
    let digits: Vec<usize> = text[from..]
        .bytes()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
        .enumerate()
        .filter(|(_, b)| b.is_ascii_digit())
        .map(|(i, _)| from + i)
        .collect();
    // A statement without a number ("上年无此项支出") has no digit to change.
    let last = digits.len().checked_sub(1)?;
    // The last digit of a whole number, a middle one otherwise: neither a rounding nor a different order.
    let at = range.start as usize + *digits.get(if last >= 3 { last - 2 } else { last })?;
    let old = document.text.as_bytes()[at];
    let new = b'0' + (old - b'0' + 3) % 10;
    document
        .text
        .replace_range(at..=at, &char::from(new).to_string());
    Some((
        changed,
        format!("{} → {}", char::from(old), char::from(new)),
    ))
}

fn marks(finding: &Finding, origin: Origin) -> bool {
    finding.places.iter().any(|p| overlap(p.origin, origin))
}

fn overlap(a: Origin, b: Origin) -> bool {
    let at = |o: Origin| match o.at {
        At::Text { paragraph, chars } => ((0, paragraph, 0), chars),
        At::Cell {
            table,
            row,
            col,
            chars,
        } => ((table, row, col), chars.unwrap_or((0, u32::MAX))),
    };
    let ((pa, ca), (pb, cb)) = (at(a), at(b));
    a.file == b.file && pa == pb && ca.0 < cb.1 && cb.0 < ca.1
}

#[test]
#[ignore = "measures; minutes in a debug build"]
fn a_changed_digit_is_found_where_it_stands() {
    let shelf = Shelf::embedded();
    let only = std::env::var("ONLY").ok();
    let Ok(files) = std::fs::read_dir(shared("corpus/consistent")) else {
        eprintln!("skipped: the consistent packages are absent");
        return;
    };
    let mut files: Vec<PathBuf> = files
        .flatten()
        .map(|f| f.path())
        .filter(|p| p.extension().is_some_and(|e| e != "json"))
        .collect();
    files.sort();
    files.retain(|f| {
        only.as_ref()
            .is_none_or(|o| o.split(',').any(|n| f.to_string_lossy().contains(n)))
    });
    let (mut all, mut found, mut first, mut elsewhere) = (0, 0, 0, 0);
    for path in files {
        let Some(documents) = documents(&path) else {
            continue;
        };
        let Ok((rulebook, _)) = shelf.choose(&documents, None) else {
            continue;
        };
        let (facts, before) = findings(&documents, &rulebook);
        for fact in facts
            .iter()
            .filter(|f| f.item.is_some() && f.role != FactRole::Grade)
        {
            let Some((changed, how)) = change(&documents, fact) else {
                continue;
            };
            let (_, after) = findings(&changed, &rulebook);
            let new: Vec<&Finding> = after
                .iter()
                .filter(|f| {
                    !before
                        .iter()
                        .any(|b| b.message == f.message && b.code == f.code)
                })
                .collect();
            let errors: Vec<_> = new
                .iter()
                .filter(|f| f.severity == Severity::Error)
                .collect();
            let at = errors.iter().any(|f| marks(f, fact.origin));
            let leads = errors
                .iter()
                .any(|f| overlap(f.places[0].origin, fact.origin));
            let strays: Vec<_> = new
                .iter()
                .filter(|f| {
                    f.severity != Severity::Hint
                        && f.caused_by.is_none()
                        && !overlap(f.places[0].origin, fact.origin)
                })
                .collect();
            all += 1;
            found += usize::from(at);
            first += usize::from(leads);
            elsewhere += strays.len();
            let name = path.file_name().unwrap_or_default().display();
            if !at || !leads {
                eprintln!(
                    "MISS {name} {:?} {} {} ({how}) found {at} first {leads}: {:?}",
                    fact.item,
                    fact.label,
                    fact.text,
                    new.iter()
                        .map(|f| format!("{:?} {} {}", f.severity, f.code, f.message))
                        .collect::<Vec<_>>()
                );
            }
            for s in strays {
                eprintln!(
                    "STRAY {name} {:?} {} ({how}): {:?} {} {} at {:?}",
                    fact.item, fact.text, s.severity, s.code, s.message, s.places[0].label
                );
            }
        }
    }
    eprintln!("{all} changes, {found} found, {first} marked first, {elsewhere} findings elsewhere");
    assert!(found * 100 >= all * 95, "{found} of {all} found");
}
