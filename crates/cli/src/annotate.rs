//! `jiheng annotate`: material comes in; a copy of the user's own file with comments (批注) at the places goes out.
//!
//! What cannot bear comments gets the findings page instead, and a sentence says so.

use crate::args::AnnotateArgs;
use crate::output;
use crate::{Refusal, Verdict, view};
use jiheng_batch::commented::{annotated, kind, safe, takes_comments};
use jiheng_engine::read::{self, Package, original};
use jiheng_render::writeback;
use jiheng_render::{Results, html};
use std::path::{Path, PathBuf};

/// Writes the annotated copy, or the copies of a bundle into a folder.
pub fn run(args: &AnnotateArgs) -> Verdict {
    let view = view::evaluate(&args.material)?;
    let results = view.results();
    refuse_input(&args.material.paths, &args.out)?;
    let say = |text: String| {
        if !args.quiet {
            output::message(&text);
        }
    };
    let single = is_single(&view.package, &results, &args.material.paths);
    let able: Vec<usize> = (0..results.documents.len())
        .filter(|i| takes_comments(&results.documents[*i]))
        .collect();
    if single {
        one(&view.package, &results, &args.out, &say)?;
    } else {
        bundle(&view.package, &results, &able, &args.out, &say)?;
    }
    Ok(view.exit())
}

/// The material is one file, and neither a folder nor a zip of files.
pub fn is_single(package: &Package, results: &Results<'_>, paths: &[PathBuf]) -> bool {
    match (package.files.as_slice(), results.documents) {
        ([file], [document]) => file.name == document.name && !paths.iter().any(|p| p.is_dir()),
        _ => false,
    }
}

/// A single file beside its original, or its findings page.
fn one(
    package: &Package,
    results: &Results<'_>,
    out: &Path,
    say: &dyn Fn(String),
) -> Result<(), Refusal> {
    let (Some(document), Some(file)) = (results.documents.first(), package.files.first()) else {
        return Err(Refusal("没有可以加批注的文件。".into()));
    };
    let why = if takes_comments(document) {
        match annotated(&file.bytes, results, 0, &[]) {
            Ok((bytes, count)) => {
                output::write(out, &bytes)?;
                say(format!("写了 {count} 条批注  {}", out.display()));
                return Ok(());
            }
            Err(why) => why,
        }
    } else {
        format!("{}文件不能加批注", kind(document.format))
    };
    let page = out.with_extension("html");
    output::write(&page, html::findings(results).as_bytes())?;
    say(format!(
        "{} {why}，改写成结果页，表照原样画出  {}",
        document.name,
        page.display()
    ));
    Ok(())
}

/// The files of a bundle under their own names into a folder.
fn bundle(
    package: &Package,
    results: &Results<'_>,
    able: &[usize],
    out: &Path,
    say: &dyn Fn(String),
) -> Result<(), Refusal> {
    output::folder(out)?;
    let others: Vec<usize> = (0..results.documents.len())
        .filter(|i| !able.contains(i))
        .collect();
    let elsewhere = writeback::first_causes(results)
        .filter_map(|i| results.findings.get(i)?.places.first())
        .filter(|p| others.contains(&(p.origin.file as usize)))
        .count();
    let mut needs_page = able.is_empty();
    for (number, &index) in able.iter().enumerate() {
        let document = &results.documents[index];
        // What lies in files that take no comments stands at the beginning of the first one that does.
        let strangers: &[usize] = if number == 0 { &others } else { &[] };
        let path = out.join(safe(&document.name));
        let bytes = original(package, &document.name);
        let done = bytes.ok_or_else(|| "找不到原文件".to_string());
        match done.and_then(|bytes| annotated(&bytes, results, index, strangers)) {
            Ok((bytes, count)) => {
                path.parent().map_or(Ok(()), output::folder)?;
                output::write(&path, &bytes)?;
                say(format!("写了 {count} 条批注  {}", path.display()));
            }
            Err(why) => {
                needs_page = true;
                say(format!("{} {why}，没有加批注。", document.name));
            }
        }
    }
    for &index in &others {
        let document = &results.documents[index];
        say(match read::not_read(document) {
            true => format!("{} 没有读成，没有加批注。", document.name),
            false => format!(
                "{} 没有加批注：{}文件不能加批注。",
                document.name,
                kind(document.format)
            ),
        });
    }
    if elsewhere > 0 && !able.is_empty() {
        say(format!(
            "{elsewhere} 条发现的位置在不能加批注的文件里，批注写在 {} 的开头。",
            results.documents[able[0]].name
        ));
    }
    if needs_page || !others.is_empty() {
        let page = out.join("findings.html");
        output::write(&page, html::findings(results).as_bytes())?;
        say(format!(
            "有的文件不能加批注，另写了结果页，表照原样画出  {}",
            page.display()
        ));
    }
    Ok(())
}

/// The original is never written over.
pub fn refuse_input(inputs: &[PathBuf], out: &Path) -> Result<(), Refusal> {
    let Ok(target) = out.canonicalize() else {
        return Ok(());
    };
    let same = |path: &PathBuf| path.canonicalize().is_ok_and(|p| p == target);
    match inputs.iter().any(same) {
        true => Err(Refusal(format!(
            "--out 就是原来的{}。换一个名字，原来的不改动。",
            if target.is_dir() {
                "文件夹"
            } else {
                "文件"
            }
        ))),
        false => Ok(()),
    }
}
