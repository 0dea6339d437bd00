//! The corpus beside the repository comes in; how well its forms are read and checked goes out.
//!
//! Three questions: do consistent packages raise alarms, is what stands in the forms of other
//! places read as their truth files say, and does every budget document yield its forms.

mod budget;
mod consistent;
mod defects;
mod layouts;
mod mutations;
mod robustness;
mod truth;

use crate::generate::number;
use crate::shared;
use jiheng_specimen::material::Setting;

/// Runs all parts; fails when a promise is broken.
///
/// `--robustness` runs the program on odd and broken files and measures it;
/// `--mutations` breaks sound packages and counts what is found;
/// `--examples N` lists so many findings of each rule, `--cells` every cell that was not read right,
/// `--generated N` checks only made-up packages, from `--seed S` on (with `--bundles`, each with the files that may lie beside it, with a unit's material, and in a layout of folded scores); `--only TEXT` keeps to files whose name contains the text, `--write` writes docs/accuracy.md.
pub fn corpus(args: &[&str]) -> Result<(), String> {
    let value_of = |flag: &str| args.iter().skip_while(|a| **a != flag).nth(1).copied();
    let examples = value_of("--examples").and_then(|n| n.parse().ok());
    let examples = examples.unwrap_or(2);
    if args.contains(&"--mutations") {
        return mutations::mutations(args);
    }
    if args.contains(&"--robustness") {
        return robustness::robustness(args);
    }
    let count = number(args, "--generated", 0)?;
    if count > 0 {
        let seed = number(args, "--seed", 1)?;
        let settings: &[Setting] = match args.contains(&"--bundles") {
            true => &[Setting::Beside, Setting::Units, Setting::Folded],
            false => &[Setting::Whole],
        };
        for setting in settings {
            let packages = consistent::generated(seed, count, *setting);
            consistent::quiet(&packages, examples)?;
        }
        return Ok(());
    }
    let Some(shared) = shared() else {
        return Ok(());
    };
    let only = value_of("--only");
    let reports = layouts::compare_all(&shared, only)?;
    layouts::print(&reports, args.contains(&"--cells"));
    if args.contains(&"--write") {
        layouts::write(&page(&reports)?)?;
    }
    if only.is_some() {
        return Ok(());
    }
    budget::yields(&shared)?;
    consistent::quiet(&consistent::consistent(&shared)?, examples)
}

/// The page docs/accuracy.md as it should be, when the corpus is here.
pub fn accuracy() -> Result<Option<String>, String> {
    let Some(shared) = shared() else {
        return Ok(None);
    };
    page(&layouts::compare_all(&shared, None)?).map(Some)
}

fn page(reports: &[layouts::Report]) -> Result<String, String> {
    Ok(layouts::page(reports) + &crate::words::page()?)
}
