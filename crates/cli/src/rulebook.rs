//! `jiheng rulebook`: the shelf, a folder or a notice on holidays comes in; the list of rulebooks, what is wrong with them, or a calendar goes out.

use crate::args::{RulebookArgs, RulebookVerb};
use crate::output::reason;
use crate::{CLEAN, ERRORS_FOUND, Refusal, Verdict, output};
use jiheng_batch::disk;
use jiheng_engine::rulebook::{Shelf, notice};
use std::fmt::Write as _;
use std::path::Path;

/// Lists or lints rulebooks.
pub fn run(args: &RulebookArgs) -> Verdict {
    match &args.verb {
        RulebookVerb::List => list(),
        RulebookVerb::Lint { dir } => lint(dir),
        RulebookVerb::Calendar { notice } => calendar(notice),
    }
}

fn list() -> Verdict {
    let mut text = String::new();
    for book in Shelf::embedded().rulebooks.values() {
        let years = match book.in_force {
            (Some(from), Some(to)) => format!("  {from}–{to} 年度"),
            (Some(from), None) => format!("  {from} 年度起"),
            (None, Some(to)) => format!("  至 {to} 年度"),
            (None, None) => String::new(),
        };
        let _ = writeln!(text, "{}@{}  {}{years}", book.id, book.version, book.title);
    }
    output::print(&text);
    Ok(CLEAN)
}

/// The calendar of a notice on public holidays, as a file for the folder of a rulebook.
fn calendar(path: &Path) -> Verdict {
    let package = disk::read(&[path.to_path_buf()]).map_err(Refusal)?;
    let documents = jiheng_engine::read::read(&package);
    let mut text = String::new();
    for document in &documents {
        for number in 1..=document.paragraphs.len() as u32 {
            text.push_str(document.paragraph_text(number));
            text.push('\n');
        }
    }
    let notice = notice::read(&text)
        .map_err(|why| Refusal(format!("没有写出日历  {}：{why}。", path.display())))?;
    output::print(&notice.toml());
    Ok(CLEAN)
}

fn lint(dir: &Path) -> Verdict {
    let about = std::fs::metadata(dir)
        .map_err(|e| Refusal(format!("读不了  {}：{}。", dir.display(), reason(&e))))?;
    if !about.is_dir() {
        return Err(Refusal(format!("{} 不是文件夹。", dir.display())));
    }
    let shelf = Shelf::from_folder(dir);
    let mut text = String::new();
    for problem in &shelf.problems {
        let _ = writeln!(text, "{problem}\n");
    }
    let _ = match shelf.problems.len() {
        0 => writeln!(text, "没有发现问题。"),
        n => writeln!(text, "共 {n} 处问题。"),
    };
    output::print(&text);
    Ok(if shelf.problems.is_empty() {
        CLEAN
    } else {
        ERRORS_FOUND
    })
}
