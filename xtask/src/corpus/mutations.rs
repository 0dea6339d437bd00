//! Sound packages and kinds of defects come in; found, missed and extra per kind and rule go out.

use super::consistent;
use crate::generate::{number, text};
use crate::{root, shared};
use jiheng_engine::read::Package;
use jiheng_specimen::draft::Subject;
use jiheng_specimen::kinds::{Kind, kinds, setting};
use jiheng_specimen::material::Setting;
use jiheng_specimen::trial::{Verdict, attempt};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What became of one kind over all packages.
#[derive(Debug, Default)]
pub struct Tally {
    /// Packages that could be broken so.
    pub tried: usize,
    /// Found at the right place with the right severity.
    pub found: usize,
    /// Of these, marked at the place of the change first.
    pub marked: usize,
    /// Trials with another new first cause.
    pub extra: usize,
    /// Rules that said something new, with how often.
    pub fired: BTreeMap<String, usize>,
    /// Rules that found it, with how often.
    pub by: BTreeMap<String, usize>,
    /// What was said when it was missed, and what was said too much.
    pub examples: Vec<String>,
}

/// Everything that was tried.
#[derive(Debug)]
pub struct Mutations {
    /// By kind.
    pub tallies: Vec<(Kind, Tally)>,
    /// How many sound packages were broken.
    pub packages: usize,
}

/// `corpus --mutations`: generated packages and the consistent ones of ../shared.
pub fn mutations(args: &[&str]) -> Result<(), String> {
    let only = text(args, "--only");
    let examples = number(args, "--examples", 1)? as usize;
    let seed = number(args, "--seed", 1)?;
    let count = number(args, "--packages", 20)?;
    let source = text(args, "--source");
    let mut halves: Vec<(&str, Vec<(Setting, Package)>)> = Vec::new();
    if source != Some("consistent") {
        let packages = Setting::ALL.into_iter().flat_map(|setting| {
            let packages = consistent::generated(seed, count, setting).into_iter();
            packages.map(move |p| (setting, p))
        });
        halves.push(("generated", packages.collect()));
    }
    if source != Some("generated")
        && let Some(shared) = shared()
    {
        let packages = consistent::consistent(&shared)?.into_iter();
        halves.push((
            "consistent",
            packages.map(|p| (Setting::Whole, p)).collect(),
        ));
    }
    for (name, packages) in halves {
        println!("== {name}");
        let run = run(&packages, only);
        print(&run, examples);
        if args.contains(&"--write") && name == "generated" {
            write(&run)?;
        }
    }
    Ok(())
}

/// Breaks every package in every way.
pub fn run(packages: &[(Setting, Package)], only: Option<&str>) -> Mutations {
    let kinds: Vec<Kind> = kinds()
        .into_iter()
        .filter(|k| only.is_none_or(|o| k.name.contains(o)))
        .collect();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, usize, String, Verdict)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((of, package)) = packages.get(at) else {
                        break;
                    };
                    let Some(subject) = Subject::read(package) else {
                        continue;
                    };
                    let mut mine = Vec::new();
                    for (i, kind) in kinds.iter().enumerate() {
                        if setting(kind) != *of {
                            continue;
                        }
                        if let Some(verdict) = attempt(&subject, kind, at as u64 * 1000 + i as u64)
                        {
                            mine.push((i, at, subject.name.clone(), verdict));
                        }
                    }
                    results.lock().expect("no thread panics").append(&mut mine);
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no thread panics");
    results.sort_by_key(|r| (r.0, r.1));
    let mut tallies: Vec<(Kind, Tally)> =
        kinds.into_iter().map(|k| (k, Tally::default())).collect();
    for (i, _, name, verdict) in results {
        let tally = &mut tallies[i].1;
        tally.tried += 1;
        tally.found += usize::from(verdict.found);
        tally.marked += usize::from(verdict.marked);
        tally.extra += usize::from(verdict.found && !verdict.extra.is_empty());
        for code in verdict.fired {
            *tally.fired.entry(code).or_default() += 1;
        }
        if let Some(code) = verdict.code {
            *tally.by.entry(code).or_default() += 1;
        }
        if !verdict.found {
            tally.examples.push(format!(
                "{name} MISSED {:?}; said {:?}",
                verdict.edits, verdict.said
            ));
        } else if !verdict.extra.is_empty() {
            tally.examples.push(format!(
                "{name} {:?} EXTRA {:?}",
                verdict.edits, verdict.extra
            ));
        }
    }
    Mutations {
        tallies,
        packages: packages
            .iter()
            .filter(|(of, _)| *of == Setting::Whole)
            .count(),
    }
}

fn print(run: &Mutations, examples: usize) {
    let (mut tried, mut found, mut marked, mut extra) = (0, 0, 0, 0);
    for (kind, tally) in &run.tallies {
        tried += tally.tried;
        found += tally.found;
        marked += tally.marked;
        extra += tally.extra;
        let clean = tally.found == tally.tried && tally.extra == 0 && tally.tried > 0;
        if clean && examples < 2 {
            continue;
        }
        println!(
            "{}: {}/{} found, {} marked first, {} extra; by {:?}",
            kind.name, tally.found, tally.tried, tally.marked, tally.extra, tally.by
        );
        for line in tally.examples.iter().take(examples) {
            println!("    {line}");
        }
    }
    println!(
        "{} kinds over {} packages: {found} of {tried} found ({:.2} %), {marked} marked first, {extra} with another first cause",
        run.tallies.len(),
        run.packages,
        found as f64 * 100.0 / tried.max(1) as f64
    );
}

/// Kinds by the rules they make speak, for `rule --format json`, and the page docs/mutations.md.
fn write(run: &Mutations) -> Result<(), String> {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut page = String::from(
        "# 注入的缺陷\n\n往各项都对得上的材料里每次只改一处，看是否在该处以应有的轻重报出。由 `cargo xtask corpus --mutations --source generated --write` 生成。\n\n\
         | 缺陷 | 目录 | 改了什么 | 试 | 报出 | 首先标在该处 | 另有首因 | 由哪条规则 |\n|---|---|---|---|---|---|---|---|\n",
    );
    let (mut tried, mut found) = (0, 0);
    for (kind, tally) in &run.tallies {
        for code in tally.fired.keys() {
            kinds.entry(code).or_default().push(kind.name);
        }
        tried += tally.tried;
        found += tally.found;
        let by: Vec<&str> = tally.by.keys().map(String::as_str).collect();
        page += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
            kind.name,
            kind.covers.join(" "),
            kind.what,
            tally.tried,
            tally.found,
            tally.marked,
            tally.extra,
            by.join(" ")
        );
    }
    page += &format!(
        "\n{} 套材料，{tried} 次注入，报出 {found} 次。\n",
        run.packages
    );
    let json = serde_json::to_string_pretty(&kinds).map_err(|e| e.to_string())? + "\n";
    for (path, text) in [
        ("crates/engine/src/casebook/mutations.json", json),
        ("docs/mutations.md", page),
    ] {
        std::fs::write(root().join(path), text).map_err(|e| format!("{path}: {e}"))?;
    }
    Ok(())
}
